"""The figures of a plan: every formula of its layout, calculated from its answers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from accountsheet.address import Key, Place
from accountsheet.calculation import Fault, calculate
from accountsheet.fields import type_of
from accountsheet.formula import Scalar
from accountsheet.layout import Layout


class Figures:
    """What each cell of a layout holds for one plan; formulas are calculated when asked for, once."""

    def __init__(self, layout: Layout, answers: Mapping[Key, Any], today: datetime.date) -> None:
        self.layout = layout
        self.today = today
        self._cells: dict[Key, Scalar] = dict(layout.fixed)
        slots = layout.slots
        for key, value in answers.items():
            if key in slots:
                self._cells[key] = type_of(slots[key].asked.field).cell(value, slots[key].asked)
        self._running: set[Key] = set()

    def value(self, key: Key) -> Scalar:
        """Give what a cell holds; empty is None."""
        if key in self._cells:
            return self._cells[key]
        formula = self.layout.formulas.get(key)
        if formula is None:
            return None
        if key in self._running:
            return Fault("#REF!")  # A circle: inspection refuses it within a block, this holds it between blocks.
        self._running.add(key)
        result = calculate(formula.node, self)
        self._running.discard(key)
        self._cells[key] = result
        return result

    def answer(self, key: Key) -> Any:
        """Give a calculated field as a value of its type; what cannot be calculated is None."""
        piece = self.layout.formulas[key]
        result = self.value(key)
        if piece.asked is None or isinstance(result, Fault):
            return None
        return type_of(piece.asked.field).from_result(result, piece.asked)

    def share(self, key: Key) -> float:
        """Give a figure that is a number."""
        result = self.value(key)
        return float(result) if isinstance(result, (int, float)) else 0.0

    def rectangle(self, first: Key, last: Key) -> Sequence[Sequence[Key | None]]:
        """Give the keys of all cells between two."""
        return self.layout.rectangle(first, last)

    def place(self, key: Key) -> Place:
        """Say where a cell stands."""
        return self.layout.places[key]
