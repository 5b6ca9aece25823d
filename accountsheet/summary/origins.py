"""Where each figure came from: the workbook, tab and cell of the answer behind it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from accountsheet.pieces import Target
from accountsheet.portfolio import Portfolio
from accountsheet.view import joined

if TYPE_CHECKING:
    import pandas

LINKED: Mapping[str, tuple[str, ...]] = {
    "plan": ("status",),
    "forecast": ("revenue", "contracted"),
    "history": ("category_spend",),
    "opportunities": ("description", "amount"),
    "investments": ("amount",),
    "activities": ("cost",),
    "contacts": ("name", "buying_role"),
    "cross_sell": ("status",),
    "cross_sell_notes": ("competitor",),
    "action_plan": ("action", "when"),
    "reviews": ("planned_date",),
    "bases": ("status", "go_no_go"),
    "candidates": ("account",),
}
"""Answers that single figures and rows of lists lead to; of other blocks the first answer will do."""
PLANS_AT_HAND = 200


class Spot(NamedTuple):
    """One answer of a plan, with what it says and where it stands."""

    block: str
    field: str
    row: str
    column: str
    value: str
    sheet: str
    cell: str


class Origins:
    """Targets of links, from the folder that the summary stands in."""

    def __init__(self, view: Portfolio, folder: str) -> None:
        self.folder = folder
        plans = view["plans"].sort_values("modified", kind="stable", na_position="first")
        self._files = dict(zip(plans["plan_id"], plans["file"].fillna("").astype(object), strict=True))
        self._age = {plan: place for place, plan in enumerate(self._files)}
        self._first: dict[tuple[Any, str], tuple[str, str, str]] = {}
        self._tab: dict[str, str] = {}
        linked = [self._noted(answers[answers["cell"].fillna("") != ""]) for answers in view.pieces("answers")]
        answers = joined(linked).sort_values("plan_id", kind="stable").fillna("")
        self._answers = [answers[name] for name in Spot._fields]
        self._rows = ranges(answers["plan_id"].astype(object).tolist())
        self.path = cache(self._path)
        self._spots = lru_cache(PLANS_AT_HAND)(self._spots_of)

    def _noted(self, placed: pandas.DataFrame) -> pandas.DataFrame:
        """Note the first answer of each plan's blocks, of two plans of an account the newer one's; give those to link to."""
        first = placed.drop_duplicates(["plan_id", "block"])
        columns = (first[name].astype(object) for name in ("account_no", "block", "plan_id", "sheet", "cell"))
        for no, block, plan, sheet, cell in zip(*columns, strict=True):
            self._tab.setdefault(plan, sheet)
            held = self._first.get((no, block))
            if held is None or self._age.get(plan, -1) > self._age.get(held[0], -1):
                self._first[no, block] = plan, sheet, cell
        wanted = placed["block"].isin(list(LINKED)) & placed["field"].isin({name for names in LINKED.values() for name in names})
        return placed.loc[wanted, ["plan_id", *Spot._fields]]

    def _spots_of(self, plan: str) -> dict[tuple[str, str], list[Spot]]:
        """Give the answers of a plan that are linked to, by block and field."""
        begin, end = self._rows.get(plan, (0, 0))
        found: dict[tuple[str, str], list[Spot]] = {}
        for spot in map(Spot._make, zip(*(column.iloc[begin:end].tolist() for column in self._answers), strict=True)):
            found.setdefault((spot.block, spot.field), []).append(spot)
        return found

    def cell(self, plan: Any, block: str, field: str, row: Any = "", column: str = "", value: str = "") -> Target | None:
        """Give the cell of one answer of a plan: in a row or column, or the first that has a value."""
        wanted = str(row), column, value
        for spot in self._spots(str(plan)).get((block, field), ()):
            if all(not each or each == given for each, given in zip(wanted, (spot.row, spot.column, spot.value), strict=True)):
                return self._target(str(plan), spot.sheet, spot.cell)
        return None

    def block(self, no: Any, block: str) -> Target | None:
        """Give the first answer of a block."""
        found = self._first.get((no, block))
        return self._target(*found) if found else None

    def workbook(self, plan: Any) -> Target | None:
        """Give a plan's workbook, at its first tab that holds an answer."""
        return self._target(str(plan), self._tab.get(str(plan), ""), "B2")

    def file(self, file: str) -> Target | None:
        """Give a workbook by its name."""
        path = self.path(file)
        return Target("", "", path) if path else None

    def at(self, file: str, sheet: str, cell: str) -> Target | None:
        """Give a cell of a workbook."""
        path = self.path(file)
        return Target(sheet, cell, path) if path and sheet and cell else self.file(file)

    def _target(self, plan: str, sheet: str, cell: str) -> Target | None:
        """Make a link of plan, sheet and cell."""
        path = self.path(self._files.get(plan, ""))
        return Target(sheet, cell, path) if path else None

    def _path(self, file: str) -> str:
        """Give a file's path from the summary's folder, or its address; nothing where there is no such file to open."""
        if file.startswith(("http://", "https://")):
            return file
        if not file or not os.path.isfile(file):
            return ""
        full = os.path.abspath(file)
        try:
            return os.path.relpath(full, self.folder).replace(os.sep, "/")
        except ValueError:  # another drive
            return "file:///" + full.replace(os.sep, "/")


def ranges(sorted_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Say where the run of each id begins and ends."""
    found: dict[str, tuple[int, int]] = {}
    for place, each in enumerate(sorted_ids):
        found[each] = found.get(each, (place, place))[0], place + 1
    return found
