"""Figures of a plan that differs little from another: only what looks at a difference is calculated."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from typing import Any

from accountsheet.address import Key
from accountsheet.calculation import Area
from accountsheet.figures import program_of
from accountsheet.formula import Scalar
from accountsheet.layout import Layout
from accountsheet.program import DAY, PENDING, serial
from accountsheet.stamp.part import Unusual

REMEMBERED = 8_000_000
"""Bytes in which a base remembers what depends on which cell."""
AS_BYTES = bytes.maketrans(b"01", b"\0\1")


class Base:
    """The cells of the plan that others are told apart from, and what each of them looked at to be calculated.

    A cell is the same as long as all that it looked at is: what stands in a branch that was not taken does not count.
    """

    def __init__(self, layout: Layout, inputs: Mapping[Key, Scalar], today: datetime.date) -> None:
        self._program = program_of(layout)
        self.numbers = {key: self._program.number(key) for key in layout.places}
        cells = self._program.blank.copy()
        cells[DAY] = serial(today)
        for key, value in inputs.items():
            cells[self.numbers[key]] = value
        traced = Traced(cells)
        self.values = {key: self._program.settle(number, traced) for key, number in self.numbers.items()}
        self._cells = list(traced)
        self._keys = {number: key for key, number in self.numbers.items()}
        self._order = list(traced.looked_at)
        """The cells that were calculated, each behind all that it looked at."""
        self._seen_by: list[list[int]] = [[] for _ in self._cells]
        for number, looked_at in traced.looked_at.items():
            for seen in looked_at:
                self._seen_by[seen].append(number)
        self._places = {number: 1 << place for place, number in enumerate(reversed(self._order))}
        self._leads_to = lru_cache(REMEMBERED * 8 // (len(self._order) + 1))(self._all_that_look_at)

    def changed(self, inputs: Mapping[Key, Scalar], others: Mapping[Key, Scalar]) -> Changed:
        """Give the cells of a plan with other inputs, and the results of `others`: formulas that are not the layout's own."""
        before, cells, settle, seen_by = self._cells, self._cells.copy(), self._program.settle, self._seen_by
        results = {key: value for key, value in others.items() if differs(value, self.values[key])}
        given = {self.numbers[key]: value for values in (inputs, others) for key, value in values.items()}
        for number, value in given.items():
            cells[number] = value
        due = {number for one in given for number in seen_by[one]}
        waiting = [number for number in self._behind(given) if number not in given]
        for number in waiting:
            cells[number] = PENDING  # so that nothing looks at what it was
        for number in waiting:
            if cells[number] is PENDING and number not in due:
                cells[number] = before[number]
            elif differs(value := settle(number, cells), before[number]):
                due.update(seen_by[number])
                if number in self._keys:
                    results[self._keys[number]] = value
        return Changed(self.values, inputs, results)

    def _behind(self, numbers: Mapping[int, Any]) -> list[int]:
        """Give the cells that look at some cells, directly or not, in the order in which they are calculated."""
        places = 0
        for number in numbers:
            places |= self._leads_to(number)
        bits = format(places, f"0{len(self._order)}b").encode().translate(AS_BYTES)
        return list(compress(self._order, bits))

    def _all_that_look_at(self, number: int) -> int:
        """Give the cells that look at one, directly or not: a bit for each place in the order, the highest first."""
        found, ahead, places = {number}, [number], 0
        while ahead:
            for other in self._seen_by[ahead.pop()]:
                if other not in found:
                    found.add(other)
                    ahead.append(other)
                    places |= self._places[other]
        return places


class Traced(list[Any]):
    """Cells that know which others each looked at: `Program.settle` marks a cell before it is calculated, and then fills it."""

    def __init__(self, cells: Sequence[Any]) -> None:
        super().__init__(cells)
        self.looked_at: dict[int, set[int]] = {}
        """What each looked at, in the order in which they were done."""
        self._begun: dict[int, set[int]] = {}

    def __getitem__(self, number: Any) -> Any:
        if number in self._begun:
            raise Unusual  # a circle: what it gives depends on where one begins
        if self._begun:
            self._begun[next(reversed(self._begun))].add(number)
        return super().__getitem__(number)

    def __setitem__(self, number: Any, held: Any) -> None:
        if number in self._begun:
            self.looked_at[number] = self._begun.pop(number)
        else:
            self._begun[number] = set()
        super().__setitem__(number, held)


@dataclass(frozen=True)
class Changed:
    """The cells of a plan, by those of another: other inputs, and the formulas that have other results for it."""

    before: Mapping[Key, Scalar]
    inputs: Mapping[Key, Scalar]
    results: Mapping[Key, Scalar]

    def value(self, key: Key) -> Scalar:
        """Give what a cell holds; empty is None."""
        if key in self.inputs:
            return self.inputs[key]
        return self.results[key] if key in self.results else self.before[key]


def differs(one: Any, other: Any) -> bool:
    """Tell values apart that a file writes differently: 1 and TRUE are equal to Python."""
    if one != other or type(one) is not type(other):
        return True
    return type(one) is Area and (one.width != other.width or list(map(type, one)) != list(map(type, other)))
