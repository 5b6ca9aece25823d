"""Which tabs a summary has, in which order and under which titles: read from YAML, the default one too."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from accountsheet.files import atomic
from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import remark
from accountsheet.source import Builder
from accountsheet.text import LANGUAGES, Text
from accountsheet.tree import Branch, read_tree

TABS = (
    "dashboard", "accounts", "forecast", "white_space", "opportunities", "actions", "people", "completeness", "checks", "bases",
    "selection", "changes", "submissions", "findings", "rates", "data",
)  # fmt: skip
"""Every tab that there can be; `data` stands for one a table."""
FIGURES = (
    "expected", "contracted", "against_target", "target", "weighted", "completeness", "health", "overdue_actions", "white_spots",
    "potential", "share_of_wallet", "coach", "decision_maker", "reviews",
)  # fmt: skip
"""The figures that the dashboard can begin with."""
GROUPS = ("owner", "segment", "region", "industry")
"""The columns of the accounts that a forecast is told by."""
ROOM = 6
"""Figures side by side."""
LONGEST_TITLE = 31
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]|^'|'$")


@dataclass(frozen=True)
class Tab:
    """A tab, and what is chosen for it: on the dashboard its figures, large and small, and who its forecast comes from."""

    id: str
    title: Text
    figures: tuple[str, ...] = ()
    more_figures: tuple[str, ...] = ()
    forecast_by: str = GROUPS[0]


def starter() -> str:
    """Give the YAML of the default tabs."""
    return (files("accountsheet.summary") / "tabs.yaml").read_text(encoding="utf-8")


def write_starter(path: Path, *, overwrite: bool = False) -> None:
    """Write the default tabs to a file to edit; raises UsageProblem where one is in the way."""
    if path.exists() and not overwrite:
        raise UsageProblem(remark("file-exists", file=path))
    with atomic(path) as temporary:
        temporary.write_text(starter(), encoding="utf-8")


def read_tabs(path: str | os.PathLike[str] | None = None) -> tuple[Tab, ...]:
    """Read the tabs from a YAML file, by default our own; raises UsageProblem with every finding and its line."""
    try:
        text = starter() if path is None else Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or str(problem)
        raise UsageProblem(remark("file-unreadable", file=os.fspath(path or ""), why=why)) from problem
    tabs, findings = tabs_of(text, os.fspath(path or "tabs.yaml"))
    if findings:
        raise UsageProblem(*findings)
    return tabs


def tabs_of(text: str, file: str) -> tuple[tuple[Tab, ...], list[Finding]]:
    """Give the tabs that a YAML text describes, and what is wrong with it."""
    tree, findings = read_tree(text, file)
    if not tree:
        return (), findings
    reader = Builder({}, findings)
    reader.known(tree, ["tabs"])
    branch = reader.branch(tree, "tabs")
    reader.known(branch, TABS)
    found = [tab_of(reader, branch, name) for name in branch if name in TABS]
    if not any(tab.id != "data" for tab in found):
        reader.remark(tree, "tabs", "tabs-none")
    for language in LANGUAGES:
        check_titles(reader, branch, found, language)
    return tuple(found), list(dict.fromkeys(reader.findings))


def tab_of(reader: Builder, branch: Branch, name: str) -> Tab:
    """Read one tab; what it does not say is as by default."""
    own = reader.branch(branch, name).copy()
    whole = usual(name)
    reader.known(own, list(whole))
    for key in whole:
        if key not in own:
            own[key] = whole[key]
    title = reader.text(own, "title")
    if name != "dashboard":
        return Tab(name, title)
    large, small = (figures_of(reader, own, key) for key in ("figures", "more_figures"))
    return Tab(name, title, large, small, reader.one_of(own, "forecast_by", GROUPS, GROUPS[0]))


def default_tab(name: str) -> Tab:
    """Give a tab as it is by default."""
    return next(tab for tab in read_tabs() if tab.id == name)


@cache
def usual(name: str) -> Branch:
    """Give what our own file says of a tab."""
    tree, _ = read_tree(starter(), "tabs.yaml")
    found: Branch = tree["tabs"][name]
    return found


def figures_of(reader: Builder, branch: Branch, key: str) -> tuple[str, ...]:
    """Read a list of figures."""
    given = reader.texts(branch, key)
    for value in given:
        if value not in FIGURES:
            reader.remark(branch, key, "one-of", value=value, known=", ".join(FIGURES))
    if len(given) > ROOM:
        reader.remark(branch, key, "figures-too-many", count=len(given), most=ROOM)
    return tuple(value for value in given if value in FIGURES)


def check_titles(reader: Builder, branch: Branch, tabs: Sequence[Tab], language: str) -> None:
    """Note titles that Excel takes for no tab's name, or that two tabs have."""
    seen: dict[str, str] = {}
    for tab in tabs:
        title = tab.title(language)
        if not title or len(title) > LONGEST_TITLE or NOT_IN_TITLES.search(title):
            reader.remark(branch, tab.id, "tab-title", title=title, most=LONGEST_TITLE)
        other = seen.setdefault(title.casefold(), tab.id)
        if other != tab.id:
            reader.remark(branch, tab.id, "tab-title-twice", title=title, other=other)
