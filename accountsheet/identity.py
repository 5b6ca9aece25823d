"""What a workbook says of itself: by its hidden sheet, else by the stamp that each tab carries."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.display import plain
from accountsheet.embedding import unpacked
from accountsheet.finding import Finding, UsageProblem
from accountsheet.fingerprints import TEXTS, uncarried_texts
from accountsheet.grid import MARK, Grid, cell, stamp_cell
from accountsheet.layout import FORMAT
from accountsheet.library import bundled, open_blueprint
from accountsheet.opening import Unusable
from accountsheet.phrases import remark
from accountsheet.previous import PREVIOUS, Earlier, unpack
from accountsheet.source import read_blueprint
from accountsheet.to_fix import TO_FIX, Remark, uncarried
from accountsheet.visible import account_seen

SUMMARY = "summary"
"""What stands in the stamp of a workbook for management, which is no plan."""
PRINTED = re.compile(
    r"accountsheet (?P<form>\S+) · (?P<blueprint>\S+) (?P<version>.*?) · (?P<language>\w+) · (?P<year>\d{4}) · "
    r"(?P<account_id>.*) · (?P<section>\w+)"
)
"""The small print of a tab."""


@dataclass(frozen=True, slots=True)
class Meta:
    """What a workbook says of itself."""

    blueprint: Blueprint
    account: Account
    language: str
    year: int
    due: datetime.date | None = None
    prefilled: frozenset[Key] = frozenset()
    sizes: Mapping[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    to_fix: tuple[Remark, ...] = ()
    """What a returned workbook says is to be mended."""
    earlier: tuple[Earlier, ...] = ()
    """What a renewed workbook tells of the previous plan."""
    written: Mapping[str, Counter[int]] = field(default_factory=dict)
    """The fixed texts that were written on each tab, by their fingerprints; none where the workbook does not say."""


def identify(grids: Mapping[str, Grid]) -> Meta:
    """Find out what plan a workbook holds; raises Unusable."""
    return from_sheet(grids) or from_stamp(grids)


def from_sheet(grids: Mapping[str, Grid]) -> Meta | None:
    """Read the hidden sheet, where there is one."""
    rows = next((each for each in grids.values() if (cell(each, 0, 0), cell(each, 1, 0)) == ("accountsheet", "blueprint")), None)
    if rows is None:
        return None
    facts = {str(cell(rows, row, 0)): plain(cell(rows, row, 1)) for row in range(len(rows))}
    if facts["accountsheet"] != FORMAT:
        raise another_form(facts["accountsheet"])
    names = ("source", "prefilled", TO_FIX, PREVIOUS)
    source, given, remarks, before = ("".join(plain(line[1]) for line in rows if line and line[0] == name) for name in names)
    blueprint = embedded(source)
    if blueprint is None:
        raise Unusable(remark("meta-broken"))
    try:
        account: dict[str, Any] = {name: as_tuple(value) for name, value in json.loads(facts["account"]).items()}
        due = datetime.date.fromisoformat(facts["due"]) if facts.get("due") else None
        prefilled = frozenset(Key(*key) for key in json.loads(given if given.startswith("[") else unpacked(given)))
        language = facts["language"] if facts["language"] in blueprint.languages else "en"
        sizes = {str(block): min(int(size), 2_000) for block, size in json.loads(facts["sizes"]).items()}
        to_fix = uncarried(remarks) if remarks else ()
        earlier, year = unpack(before) if before else (), int(facts["year"])
        about = blueprint, Account(**account), language, year, due, prefilled, sizes
        written = uncarried_texts(plain(line[1]) for line in rows if line and line[0] == TEXTS)
        return Meta(*about, to_fix=to_fix, earlier=earlier, written=written)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise Unusable(remark("meta-broken", raw=str(problem))) from problem


def another_form(form: str) -> Unusable:
    """Say that a workbook has a form that is not known: a newer one, or one that somebody changed."""
    newer = form.isdecimal() and int(form[:9]) > int(FORMAT)
    return Unusable(remark("workbook-newer", form=form, known=FORMAT) if newer else remark("meta-broken", raw=form))


def as_tuple(value: Any) -> Any:
    """Give JSON's lists back as tuples."""
    return tuple(as_tuple(each) for each in value) if isinstance(value, list) else value


@lru_cache(maxsize=32)
def embedded(packed: str) -> Blueprint | None:
    """Read the blueprint that a workbook carries."""
    source = unpacked(packed)
    if not source:
        return None
    blueprint, _ = read_blueprint(source, "workbook", kinds(), sealed=True)
    return blueprint


class Stamp(NamedTuple):
    """What a tab says of itself."""

    form: str
    blueprint: str
    version: str
    language: str
    year: str
    section: str
    account_id: str


def stamp_of(grid: Grid) -> Stamp | None:
    """Read what a tab says of itself: in its hidden cell, else in the small print that one sees."""
    if (corner := stamp_cell(grid)) is not None:
        parts = str(cell(grid, *corner)).split("|", 7)[1:]
        return Stamp(*parts) if len(parts) == len(Stamp._fields) else None
    texts = (value for line in reversed(grid) for value in line if isinstance(value, str) and value.startswith("accountsheet "))
    found = next(filter(None, map(PRINTED.fullmatch, texts)), None)
    return Stamp(**found.groupdict()) if found else None


def from_stamp(grids: Mapping[str, Grid]) -> Meta:
    """Make do with what each tab says, where the hidden sheet is gone."""
    if any(str(cell(grid, *(stamp_cell(grid) or (0, 0)))).startswith(f"{MARK}{SUMMARY}") for grid in grids.values()):
        raise Unusable(remark("own-summary"))
    stamp = next(filter(None, map(stamp_of, grids.values())), None)
    if stamp is None:
        raise Unusable(remark("not-ours"))
    if stamp.form != FORMAT or not stamp.year.isdigit():
        raise another_form(stamp.form)
    name = stamp.blueprint
    try:
        text, file = open_blueprint(name if name in bundled() else f"{Path(name).name}.yaml")
    except UsageProblem as problem:
        raise Unusable(remark("blueprint-gone", name=name)) from problem
    blueprint, _ = read_blueprint(text, file, kinds())
    if blueprint is None:
        raise Unusable(remark("blueprint-gone", name=name))
    language, year = stamp.language if stamp.language in blueprint.languages else "en", int(stamp.year)
    tabs = {each.section: grid for grid in grids.values() if (each := stamp_of(grid))}
    account, due = account_seen(stamp.account_id, blueprint, language, year, tabs)
    currency = account.currency or blueprint.currency
    facts = {"name": name, "version": stamp.version, "ours": blueprint.version, "currency": currency}
    code = "meta-gone" if blueprint.version == stamp.version else "meta-gone-newer"
    return Meta(blueprint, account, language, year, due, findings=(remark(code, language, **facts),))
