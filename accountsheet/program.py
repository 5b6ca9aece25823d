"""Formulas made ready once, to be calculated for many plans: each becomes a function over a list of cells."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from operator import itemgetter
from threading import Lock
from typing import Any, Protocol, TypeAlias

from accountsheet.address import Key, Place
from accountsheet.calculation import (
    COUNTABLE,
    EPOCH,
    OPERATORS,
    REFERENCE,
    Area,
    Fault,
    Value,
    area,
    as_truth,
    each,
    equality,
    fault_in,
    first,
    flat,
    operation,
)
from accountsheet.formula import PRECEDENCE, Call, Constant, Node, Operation, Range, Ref, Scalar
from accountsheet.functions import FUNCTIONS, index

PENDING = Fault("pending")
"""What a cell holds until it has been calculated."""
DAY, BLANK = 0, 1
"""The numbers of two cells that every list begins with: today, and one that is always empty."""

Cells: TypeAlias = list[Any]
Run: TypeAlias = Callable[[Cells], Any]


class Ground(Protocol):
    """Where cells stand."""

    def place(self, key: Key) -> Place:
        """Say where a cell stands."""

    def rectangle(self, first: Key, last: Key) -> Sequence[Sequence[Key | None]]:
        """Give the keys of all cells between two."""


class Sheets(Ground, Protocol):
    """Cells that hold something already."""

    @property
    def today(self) -> datetime.date:
        """The day to calculate for."""

    def value(self, key: Key) -> Scalar:
        """Give what a cell holds; empty is None."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a formula, made ready."""

    run: Run
    wide: bool = False
    """Whether it looks at a range."""
    constant: bool = False


class Program:
    """The formulas of some sheets, each made ready when it is first asked for, with all that it looks at.

    Cells are known by number, those that are filled in first: a list of them begins as `blank`, which grows with every
    formula that is made ready.
    """

    def __init__(self, ground: Ground, inputs: Iterable[Key], formulas: Mapping[Key, Node], fixed: Mapping[Key, Scalar]) -> None:
        self.ground, self.formulas, self.fixed = ground, formulas, fixed
        self.blank: Cells = [None, None]
        self.numbers: dict[Key, int] = {}
        self._runs: list[Run] = [itemgetter(DAY), itemgetter(BLANK)]
        self._claimed: dict[Key, int] = {}
        self._parts: dict[Hashable, Part] = {}
        self._lock = Lock()
        for key in inputs:
            self._claim(key)
        self._publish()

    def number(self, key: Key) -> int:
        """Give the number of a cell, with its formula made ready."""
        if key not in self.numbers:
            with self._lock:
                self._claim(key)
                self._publish()
        return self.numbers[key]

    def settle(self, number: int, cells: Cells) -> Any:
        """Give what a cell holds, calculated if need be; one that needs itself is an error."""
        held = cells[number]
        if held is PENDING:
            cells[number] = REFERENCE  # inspection refuses a circle within a block, this holds it between blocks
            held = cells[number] = self._runs[number](cells)
        return held

    def ready(self, formula: Node) -> Run:
        """Make ready a formula that stands in no cell."""
        with self._lock:
            run = self._part(formula).run
            self._publish()
        return run

    # --- cells

    def _publish(self) -> None:
        """Let others know the cells that have been numbered, now that all is ready: they may be calculating."""
        self.numbers |= self._claimed
        self._claimed.clear()

    def _claim(self, key: Key) -> int:
        """Number a cell; its formula comes after it has a number, since that may lead back to it."""
        number = self.numbers.get(key, self._claimed.get(key))
        if number is None:
            formula = self.formulas.get(key)
            number = self._claimed[key] = self._new(self.fixed.get(key) if formula is None else PENDING)
            if formula is not None:
                run = self._part(formula).run
                self._runs[number] = lambda cells: shown(run(cells))
        return number

    def _new(self, held: Scalar) -> int:
        """Add a cell."""
        number = len(self.blank)
        self._runs.append(itemgetter(BLANK))
        self.blank.append(held)
        return number

    def _cell(self, number: int) -> Part:
        """Look at a cell."""
        if self.blank[number] is not PENDING:
            return Part(itemgetter(number))
        settle = self.settle
        return Part(lambda cells: held if (held := cells[number]) is not PENDING else settle(number, cells))

    # --- parts of formulas

    def _part(self, node: Node) -> Part:
        """Make a part of a formula ready, once however often it occurs."""
        match node:
            case Constant(value):
                return self._parts.setdefault((type(value), value), Part(lambda _: value, constant=True))
            case Ref(key):
                number = self._claim(key)
                return self._once((Ref, number), lambda: self._cell(number))
            case Range(begin, end):
                return self._once((Range, begin, end), lambda: self._range(begin, end))
            case Operation(name, left, right):
                parts = [self._part(left), self._part(right)]
                return self._once((name, *map(id, parts)), lambda: combined(operated(name, *parts), parts))
            case Call("TODAY"):
                return self._once(("TODAY",), lambda: self._cell(DAY))
            case Call("ROW" | "COLUMN" as name, (Ref() | Range() as where,)):
                return self._once((name, where), lambda: self._counted(name, where))
            case Call("INDEX", (Range(begin, end), *rest)) if all(isinstance(each, Constant) for each in rest):
                return self._once(("INDEX", begin, end, *map(repr, rest)), lambda: self._indexed(begin, end, rest))
            case Call("SUMPRODUCT", (Operation("*", condition, Constant(1)),)) if asks(condition):
                truths = self._part(condition)
                return self._once(("count", id(truths)), lambda: combined(counted(truths.run), [truths]))
            case Call(name, arguments):
                parts = [self._part(argument) for argument in arguments]
                return self._once((name, *map(id, parts)), lambda: combined(called(name, parts), parts))
        raise TypeError(f"not a formula: {node!r}")

    def _once(self, name: Hashable, make: Callable[[], Part]) -> Part:
        """Make a part unless there is one that calculates the same; what goes over a range is kept in a cell of its own."""
        if name not in self._parts:
            part = make()
            if part.constant:
                held = part.run([])
                part = replace(part, run=lambda _: held)
            elif part.wide:
                number = self._new(PENDING)
                self._runs[number] = part.run
                part = replace(self._cell(number), wide=True)
            self._parts[name] = part
        return self._parts[name]

    def _range(self, begin: Key, end: Key) -> Part:
        """Look at all cells from one to another."""
        numbers, width = self._numbered(begin, end)
        if len(numbers) == 1:
            return replace(one := self._cell(numbers[0]), run=lambda cells: area([one.run(cells)], 1), wide=True)
        get, settle = itemgetter(*numbers), self.settle
        pending = [number for number in numbers if self.blank[number] is PENDING]
        if not pending:
            return Part(lambda cells: area(get(cells), width), wide=True)

        def run(cells: Cells) -> Area:
            for number in pending:
                settle(number, cells)
            return area(get(cells), width)

        return Part(run, wide=True)

    def _numbered(self, begin: Key, end: Key) -> tuple[list[int], int]:
        """Give the numbers of all cells from one to another, and how many there are in a row."""
        rows = self.ground.rectangle(begin, end)
        return [BLANK if key is None else self._claim(key) for row in rows for key in row], len(rows[0])

    def _indexed(self, begin: Key, end: Key, where: Sequence[Node]) -> Part:
        """Look at one cell of a range, which may hold the very cell that asks."""
        number = index(area(*self._numbered(begin, end)), *(each.value for each in where if isinstance(each, Constant)))
        return self._cell(number) if isinstance(number, int) else Part(lambda _: number, constant=True)

    def _counted(self, name: str, where: Ref | Range) -> Part:
        """Give the numbers of the rows or columns that a cell or range stands on."""
        keys = (where.key, where.key) if isinstance(where, Ref) else (where.first, where.last)
        begin, end = map(self.ground.place, keys)
        numbers = range(begin.row + 1, end.row + 2) if name == "ROW" else range(begin.column + 1, end.column + 2)
        value: Value = numbers[0] if isinstance(where, Ref) else area(numbers, 1 if name == "ROW" else len(numbers))
        return Part(lambda _: value, wide=isinstance(where, Range), constant=True)


def combined(run: Run, parts: Sequence[Part]) -> Part:
    """Make one part of several."""
    return Part(run, any(part.wide for part in parts), all(part.constant for part in parts))


def asks(node: Node) -> bool:
    """Whether a part of a formula gives nothing but truth values, or errors."""
    match node:
        case Operation(name):
            return PRECEDENCE[name] == 1
        case Call(name):
            return name == "ISNUMBER"
    return False


def counted(truths: Run) -> Run:
    """Count how often a condition holds."""

    def run(cells: Cells) -> Scalar:
        outcomes = flat([truths(cells)])
        fault = fault_in(outcomes)
        return float(outcomes.count(True)) if fault is None else fault

    return run


def operated(name: str, left: Part, right: Part) -> Run:
    """Calculate with two operands."""
    one, two = left.run, right.run
    if name in ("=", "<>") and right.constant and isinstance(text := two([]), str):
        test = equality(text, holds=name == "=")
        return lambda cells: test(one(cells))
    function = operation(name) if left.wide or right.wide else OPERATORS[name]
    return lambda cells: function(one(cells), two(cells))


def called(name: str, parts: Sequence[Part]) -> Run:
    """Call a worksheet function; IF calculates only the branch that it needs."""
    runs = [part.run for part in parts]
    if name == "IF":
        return chosen(runs[0], runs[1], runs[2] if len(runs) > 2 else lambda _: False)
    function = FUNCTIONS[name]
    match runs:
        case (one,):
            return lambda cells: function(one(cells))
        case (one, two):
            return lambda cells: function(one(cells), two(cells))
    return lambda cells: function(*[run(cells) for run in runs])


def chosen(test: Run, yes: Run, no: Run) -> Run:
    """Choose a branch by a test, cell by cell where the test goes over a range."""

    def run(cells: Cells) -> Value:
        asked = test(cells)
        if type(asked) is bool:
            return yes(cells) if asked else no(cells)  # type: ignore[no-any-return]
        if type(asked) is Area:
            return picked(asked, yes(cells), no(cells))
        truth = as_truth(asked)
        branch: Value = truth if type(truth) is Fault else yes(cells) if truth else no(cells)
        return branch

    return run


def picked(asked: Area, then: Value, otherwise: Value) -> Value:
    """Choose cell by cell: at once where all know whether they are true."""
    if COUNTABLE.issuperset(map(type, asked)) and all(
        type(value) is not Area or (len(value) == len(asked) and value.width == asked.width) for value in (then, otherwise)
    ):
        ways = [value if type(value) is Area else repeat(value) for value in (then, otherwise)]
        return area([yes if truth else no for truth, yes, no in zip(asked, *ways, strict=False)], asked.width)
    return each(pick, asked, then, otherwise)


def pick(asked: Scalar, then: Scalar, otherwise: Scalar) -> Scalar:
    """Choose by one cell."""
    truth = as_truth(asked)
    return truth if type(truth) is Fault else then if truth else otherwise


def shown(result: Value) -> Scalar:
    """Give what a cell shows of a result: nothing is 0, as in Excel; of several values it is the first, to 15 digits."""
    value = first(result)
    if value is None:
        return 0
    return float(f"{value:.15g}") if type(value) is float else value


def serial(day: datetime.date) -> int:
    """Give a day's number."""
    return (day - EPOCH).days


def calculate(formula: Node, sheets: Sheets) -> Scalar:
    """Calculate one formula over cells that hold something already."""
    program = Program(sheets, (), {}, {})
    run = program.ready(formula)
    cells = program.blank.copy()
    cells[DAY] = serial(sheets.today)
    for key, number in program.numbers.items():
        cells[number] = sheets.value(key)
    return shown(run(cells))
