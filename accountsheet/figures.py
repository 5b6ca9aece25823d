"""The figures of a plan: every formula of its layout, calculated from its answers."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from accountsheet.address import Key
from accountsheet.calculation import Fault
from accountsheet.fields import Asked, type_of
from accountsheet.formula import Node, Scalar
from accountsheet.layout import Layout
from accountsheet.program import DAY, PENDING, Program, Run, serial, shown


@lru_cache(maxsize=64)
def program_of(layout: Layout) -> Program:
    """Give the program that calculates a layout's formulas, whoever's plan it is."""
    return Program(layout, layout.slots, {key: piece.node for key, piece in layout.formulas.items()}, layout.fixed)


@lru_cache(maxsize=64)
def entries_of(layout: Layout) -> Mapping[Key, tuple[int, Callable[[Any, Asked], Scalar], Asked]]:
    """Say for each cell that is filled in its number, and how an answer becomes what it holds."""
    numbers = program_of(layout).numbers
    return {key: (numbers[key], type_of(slot.asked.field).cell, slot.asked) for key, slot in layout.slots.items()}


class Figures:
    """What each cell of a layout holds for one plan; formulas are calculated when asked for, once.

    `typed` is what stands in cells although it is no answer.
    """

    def __init__(
        self, layout: Layout, answers: Mapping[Key, Any], today: datetime.date, typed: Mapping[Key, Scalar] | None = None
    ) -> None:
        self._formulas, self._program, self._typed = layout.formulas, program_of(layout), typed or {}
        self._cells = self._program.blank.copy()
        self._cells[DAY] = serial(today)
        entries = entries_of(layout)
        for key, value in answers.items():
            if key in entries:
                number, cell, asked = entries[key]
                self._cells[number] = cell(value, asked)
        for key, held in self._typed.items():
            self._cells[self._numbered(key)] = held

    def value(self, key: Key) -> Scalar:
        """Give what a cell holds; empty is None."""
        number = self._numbered(key)
        held: Scalar = self._cells[number]
        return self._program.settle(number, self._cells) if held is PENDING else held

    def _numbered(self, key: Key) -> int:
        """Give a cell's number, and have a place for all that its formula looks at."""
        number = self._program.number(key)
        self._fill()
        return number

    def _fill(self) -> None:
        """Have a place for all cells that are known by now."""
        blank = self._program.blank
        if len(self._cells) < len(blank):
            self._cells += blank[len(self._cells) :]

    def outcome(self, formula: Node) -> Scalar:
        """Calculate a formula that stands in no cell."""
        return self._shown(self._program.ready(formula))

    def holds(self, condition: Run) -> bool:
        """Say whether a condition made ready came out true; an error did not."""
        result = self._shown(condition)
        return not isinstance(result, Fault) and bool(result)

    def _shown(self, run: Run) -> Scalar:
        self._fill()
        return shown(run(self._cells))

    def answer(self, key: Key) -> Any:
        """Give a calculated field as a value of its type; what cannot be calculated is None."""
        piece = self._formulas[key]
        result = self.value(key)
        if piece.asked is None or isinstance(result, Fault):
            return None
        return type_of(piece.asked.field).from_result(result, piece.asked)

    def share(self, key: Key) -> float:
        """Give a figure that is a number."""
        result = self.value(key)
        return float(result) if isinstance(result, (int, float)) else 0.0
