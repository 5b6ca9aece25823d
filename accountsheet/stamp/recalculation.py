"""Figures of a plan that differs little from another: only what depends on the difference is calculated."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from accountsheet.address import Key
from accountsheet.figures import program_of
from accountsheet.formula import Node, Ref, Scalar, references
from accountsheet.layout import Layout
from accountsheet.program import DAY, PENDING, Program, serial, shown


class Base:
    """The cells of the plan that others are told apart from."""

    def __init__(self, layout: Layout, inputs: Mapping[Key, Scalar], today: datetime.date) -> None:
        self._program = program_of(layout)
        self.numbers = {key: self._program.number(key) for key in layout.places}
        self._cells = self._program.blank.copy()
        self._cells[DAY] = serial(today)
        for key, value in inputs.items():
            self._cells[self.numbers[key]] = value
        self.values = {key: self._program.settle(number, self._cells) for key, number in self.numbers.items()}
        self._forget(set(range(len(self._cells))) - set(self.numbers.values()))
        self._dependents = Dependents(layout)

    def _forget(self, numbers: Iterable[int]) -> None:
        """Have what is kept in between calculated anew, since it has no key to tell what it depends on."""
        for number in numbers:
            if self._program.blank[number] is PENDING:
                self._cells[number] = PENDING

    def changed(self, inputs: Mapping[Key, Scalar], formulas: Mapping[Key, Alone]) -> Changed:
        """Give the cells of a plan with other inputs, and a few other formulas, that look at inputs and one another only."""
        due = self._dependents.due([*inputs, *formulas])
        if not due and not formulas:
            return Changed(self.values, inputs, {})
        cells, numbers = self._cells.copy(), self.numbers
        for key, value in inputs.items():
            cells[numbers[key]] = value
        results: dict[Key, Scalar] = {}
        for key, formula in formulas.items():
            results[key] = cells[numbers[key]] = formula.value(lambda looked_at: cells[numbers[looked_at]])
        heapify(due)
        waiting = set(due)
        while due:
            key = self._dependents.formulas[heappop(due)]
            if key in formulas:
                continue
            number = numbers[key]
            cells[number] = PENDING
            value = self._program.settle(number, cells)
            if differs(value, self.values[key]):
                results[key] = value
                for next_one in self._dependents.due([key]):
                    if next_one not in waiting:
                        waiting.add(next_one)
                        heappush(due, next_one)
        return Changed(self.values, inputs, {key: value for key, value in results.items() if differs(value, self.values[key])})


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


class Alone:
    """A formula that is not the layout's own, made ready by itself."""

    def __init__(self, formula: Node, layout: Layout) -> None:
        self._program = Program(layout, (), {}, {})
        self._run = self._program.ready(formula)

    def value(self, looked_at: Callable[[Key], Scalar]) -> Scalar:
        """Calculate it over some cells."""
        cells = self._program.blank.copy()
        for key, number in self._program.numbers.items():
            cells[number] = looked_at(key)
        return shown(self._run(cells))


class Dependents:
    """Which formulas look at which cells, with the formulas in an order in which each comes after all that it looks at."""

    def __init__(self, layout: Layout) -> None:
        looks_at = {key: set(cells_in(piece.node, layout)) for key, piece in layout.formulas.items()}
        self.formulas = in_order(looks_at)
        self._of: dict[Key, list[int]] = {}
        for place, key in enumerate(self.formulas):
            for cell in looks_at[key]:
                self._of.setdefault(cell, []).append(place)

    def due(self, keys: Iterable[Key]) -> list[int]:
        """Give the places of the formulas that look at some cells."""
        return list(set().union(*[self._of.get(key, ()) for key in keys]))


def in_order(looks_at: Mapping[Key, Iterable[Key]]) -> list[Key]:
    """Put formulas behind those that they look at."""
    found: dict[Key, None] = {}
    begun: set[Key] = set()
    for start in looks_at:
        ahead = [start]
        while ahead:
            key = ahead[-1]
            begun.add(key)
            waiting = [each for each in looks_at[key] if each in looks_at and each not in begun]
            if waiting:
                ahead += waiting
            elif ahead.pop() not in found:
                found[key] = None
    return list(found)


def cells_in(node: Node, layout: Layout) -> Iterator[Key]:
    """Give the keys of all cells that a formula looks at."""
    for part in references(node):
        if isinstance(part, Ref):
            yield part.key
        else:
            yield from (key for row in layout.rectangle(part.first, part.last) for key in row if key is not None)


def differs(one: Scalar, other: Scalar) -> bool:
    """Tell values apart that a file writes differently: 1 and TRUE are equal to Python."""
    return one != other or type(one) is not type(other)
