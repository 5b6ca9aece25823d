"""A tab as it was put, laid over the cells that came back: what is read through its holes, and whether all else is as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from accountsheet.grid import Grid, is_mark
from accountsheet.pieces import Formula, Slot

Known = Mapping[tuple[int, int], Slot | Formula | str]


class Stencil:
    """A tab of a layout, row after row in one list: a whole tab is compared at once."""

    def __init__(self, known: Known, facts: Sequence[tuple[int, int]]) -> None:
        """Cut holes for answers, calculations and facts; only what is in holes for answers may lie beyond all else."""
        shown = [place for place, what in known.items() if not isinstance(what, Slot)] + [*facts, (0, 0)]
        self.height, self.width = 1 + max(row for row, _ in shown), 1 + max(column for _, column in shown)
        self.blank: list[Any] = [""] * (self.height * self.width)
        holes = [*facts, *(place for place, what in known.items() if not isinstance(what, str)), (0, 0)]
        for (row, column), what in known.items():
            if isinstance(what, str):
                self.blank[row * self.width + column] = what
        self.holes = [row * self.width + column for row, column in holes if row < self.height and column < self.width]
        for hole in self.holes:
            self.blank[hole] = ""

    def fits(self, grid: Grid) -> bool:
        """Whether a tab, but for what is in the holes, is as it was put."""
        if len(grid) != self.height or {*map(len, grid)} != {self.width}:
            return False
        cells = list(chain.from_iterable(grid))
        if cells[0] != "" and not is_mark(cells[0]):
            return False
        for hole in self.holes:
            cells[hole] = ""
        return cells == self.blank
