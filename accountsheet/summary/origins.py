"""Where each figure came from: the workbook, tab and cell of the answer behind it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from accountsheet.pieces import Target
from accountsheet.portfolio import Portfolio

if TYPE_CHECKING:
    import pandas

EXACT = {("forecast", "revenue"), ("forecast", "contracted")}
"""Answers that a figure is one of; of other blocks the first answer will do."""


class Origins:
    """Targets of links, from the folder that the summary stands in."""

    def __init__(self, view: Portfolio, folder: str) -> None:
        self.folder = folder
        files = view["plans"][["plan_id", "file"]].dropna()
        self._files = dict(zip(files["plan_id"], files["file"], strict=True))
        self._exact: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._first: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        self._any: dict[Any, Any] = {}
        for answers in view.pieces("answers"):
            self._note(answers[answers["cell"].fillna("") != ""])
        self.path = cache(self._path)

    def _note(self, placed: pandas.DataFrame) -> None:
        """Note the cells of some answers: all of those that a figure is one of, of others the first."""
        chosen = placed[placed["block"].isin([block for block, _ in EXACT]) & placed["field"].isin([field for _, field in EXACT])]
        exact = zip(
            *(chosen[name].astype(object) for name in ("account_no", "block", "field", "row", "plan_id", "sheet", "cell")),
            strict=True,
        )
        self._exact |= {each[:4]: each[4:] for each in exact}
        first = placed.drop_duplicates(["account_no", "block"])
        blocks = zip(*(first[name].astype(object) for name in ("account_no", "block", "plan_id", "sheet", "cell")), strict=True)
        self._first = {each[:2]: each[2:] for each in blocks} | self._first
        newest = placed.drop_duplicates("account_no")
        self._any = dict(zip(newest["account_no"].astype(object), newest["sheet"], strict=True)) | self._any

    def cell(self, no: int, block: str, field: str, row: str) -> Target | None:
        """Give the cell of one answer."""
        return self.target(self._exact.get((no, block, field, row)))

    def block(self, no: int, block: str) -> Target | None:
        """Give the first answer of a block."""
        return self.target(self._first.get((no, block)))

    def workbook(self, plan_id: Any, no: Any) -> Target | None:
        """Give a plan's workbook, at its first tab that holds an answer."""
        path = self.path(str(self._files.get(plan_id, "")))
        return Target(str(self._any.get(no, "")), "B2", path) if path else None

    def file(self, file: str) -> Target | None:
        """Give a workbook by its name."""
        path = self.path(file)
        return Target("", "", path) if path else None

    def at(self, file: str, sheet: str, cell: str) -> Target | None:
        """Give a cell of a workbook."""
        path = self.path(file)
        return Target(sheet, cell, path) if path and sheet and cell else self.file(file)

    def target(self, found: Iterable[Any] | None) -> Target | None:
        """Make a link of plan, sheet and cell."""
        if found is None:
            return None
        plan_id, sheet, cell = found
        path = self.path(str(self._files.get(plan_id, "")))
        return Target(str(sheet), str(cell), path) if path else None

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
