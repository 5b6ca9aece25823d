"""What Excel's operators make of values, one by one and cell by cell: a workbook is written with the figures it will show."""

from __future__ import annotations

import datetime
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import chain, repeat
from typing import Any, TypeAlias

from accountsheet.formula import Scalar

EPOCH = datetime.date(1899, 12, 30)
"""Day 0 of the 1900 date system, for dates from 1 March 1900 on (ECMA-376 part 1, 18.17.4.1)."""


class Fault(str):
    """An error value of a cell, such as #VALUE!."""

    __slots__ = ()


VALUE, NA, ZERO_DIVISION, NUMBER, REFERENCE = (
    Fault("#VALUE!"), Fault("#N/A"), Fault("#DIV/0!"), Fault("#NUM!"), Fault("#REF!"),
)  # fmt: skip
NUMBERS = frozenset({int, float})
"""The types of number; a truth value is none."""
COUNTABLE = frozenset({int, float, bool})
"""The types that are calculated with as they are."""
TEXTS = frozenset({str, type(None)})
"""The types of text and blank; an error is no text."""


class Area(list[Scalar]):
    """The values of some cells, row after row, and how many there are in a row."""

    __slots__ = ("width",)
    width: int

    def rows(self) -> Iterator[list[Scalar]]:
        """Go through the rows."""
        return (self[start : start + self.width] for start in range(0, len(self), self.width))


Value: TypeAlias = Scalar | Area


def area(values: Iterable[Scalar], width: int) -> Area:
    """Make an area of its values, row after row."""
    made = Area(values)
    made.width = width
    return made


def each(function: Callable[..., Scalar], *values: Value) -> Value:
    """Apply a function cell by cell; a single row, column or value is repeated to fit."""
    areas = [value for value in values if type(value) is Area]
    if not areas:
        return function(*values)
    return area(map(function, *fitted(values, areas)), max(area.width for area in areas))


def fitted(values: Iterable[Value], areas: Sequence[Area]) -> list[Iterable[Scalar]]:
    """Make values go cell by cell beside the areas among them."""
    height, width = max(len(area) // area.width for area in areas), max(area.width for area in areas)
    size = height * width
    return [
        repeat(value) if not isinstance(value, Area) else value if len(value) == size else stretched(value, height, width)
        for value in values
    ]


def both(function: Callable[[Any, Any], Scalar], left: Value, right: Value) -> Value:
    """Apply a function of two, cell by cell: as `each` does, and quicker."""
    if type(left) is Area:
        if type(right) is not Area:
            return area(map(function, left, repeat(right)), left.width)
        if len(left) == len(right) and left.width == right.width:
            return area(map(function, left, right), left.width)
        if left.width == 1 and len(right) == right.width:  # each of a column with each of a row
            return area([function(one, two) for one in left for two in right], right.width)
        return each(function, left, right)
    return area(map(function, repeat(left), right), right.width) if type(right) is Area else function(left, right)


def stretched(given: Area, height: int, width: int) -> Area:
    """Make an area of a size: one row or column is repeated, and what lies beyond the edge of more is #N/A."""
    rows = list(given.rows())
    wide = [row * width if len(row) == 1 else row + [NA] * (width - len(row)) for row in rows]
    tall = wide * height if len(wide) == 1 else wide + [[NA] * width] * (height - len(wide))
    return area(chain.from_iterable(tall), width)


def as_area(value: Value) -> Area:
    """Take one value as an area of its own."""
    return value if type(value) is Area else area([value], 1)  # type: ignore[list-item]


def first(value: Value) -> Scalar:
    """Give the first cell."""
    return value[0] if type(value) is Area else value  # type: ignore[return-value]


def flat(values: Iterable[Value]) -> list[Scalar]:
    """Give all cells of all arguments."""
    found: list[Scalar] = []
    for value in values:
        if type(value) is Area:
            found += value
        else:
            found.append(value)  # type: ignore[arg-type]
    return found


def as_number(value: Scalar) -> float | int | Fault:
    """Take a value as a number; text is no number here, as formulas are guarded with ISNUMBER."""
    if type(value) in COUNTABLE or type(value) is Fault:
        return value  # type: ignore[return-value]
    return 0 if value is None else VALUE


def as_truth(value: Scalar) -> bool | Fault:
    """Take a value as true or false."""
    number = as_number(value)
    return number if type(number) is Fault else number != 0


def as_text(value: Scalar) -> str:
    """Take a value as text, as & does."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value == int(value) and abs(value) < 1e15:
            return str(int(value))
        case float():
            return f"{value:.15g}"
    return str(value)


def arithmetic(function: Callable[[Any, Any], Any]) -> Callable[[Scalar, Scalar], Scalar]:
    """Make an operator on numbers."""

    def run(left: Scalar, right: Scalar) -> Scalar:
        one = left if type(left) in COUNTABLE else as_number(left)
        two = right if type(right) in COUNTABLE else as_number(right)
        if type(one) is Fault:
            return one
        if type(two) is Fault:
            return two
        try:
            result = function(one, two)
            return result if math.isfinite(result) else NUMBER
        except ZeroDivisionError:
            return ZERO_DIVISION
        except (OverflowError, ValueError, TypeError):  # TypeError: a root of a negative number is complex
            return NUMBER

    return run


def order(left: Scalar, right: Scalar) -> int | Fault:
    """Compare as Excel does: numbers before texts before truth values, texts without regard to case."""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        return order_of_numbers(left, right)  # type: ignore[arg-type]
    if type(left) is Fault:
        return left
    if type(right) is Fault:
        return right
    if left is None:
        left = "" if isinstance(right, str) else False if isinstance(right, bool) else 0
    if right is None:
        right = "" if isinstance(left, str) else False if isinstance(left, bool) else 0
    one, two = rank(left), rank(right)
    return (one > two) - (one < two)


def order_of_numbers(left: float, right: float) -> int:
    """Compare two numbers by the 15 digits that Excel keeps; those further apart need not be written out."""
    if left == right:
        return 0
    if abs(left - right) <= 1e-13 * (abs(left) + abs(right)):
        left, right = float(f"{left:.15g}"), float(f"{right:.15g}")
    return (left > right) - (left < right)


def rank(value: Scalar) -> tuple[int, Any]:
    """Give what sorts a value among others."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, value


def comparison(holds: Callable[[Any, Any], bool]) -> Callable[[Scalar, Scalar], Scalar]:
    """Make an operator that compares; `holds` says so of two numbers."""

    def run(left: Scalar, right: Scalar) -> Scalar:
        outcome = order(left, right)
        return outcome if type(outcome) is Fault else holds(outcome, 0)

    return run


def join(left: Scalar, right: Scalar) -> Scalar:
    """Put two texts together."""
    return left if type(left) is Fault else right if type(right) is Fault else as_text(left) + as_text(right)


def equality(wanted: str, *, holds: bool) -> Callable[[Value], Value]:
    """Make the comparison with a known text: whether it is the same, or (not `holds`) whether it is not."""
    folded = wanted.casefold()

    def one(cell: Scalar) -> Scalar:
        if type(cell) is str:
            return (cell == wanted or cell.casefold() == folded) is holds
        return cell if type(cell) is Fault else (cell is None and not folded) is holds

    def run(value: Value) -> Value:
        if type(value) is not Area:
            return one(value)  # type: ignore[arg-type]
        if folded or Fault in map(type, value):
            return area(map(one, value), value.width)
        return area([(cell is None or cell == "") is holds for cell in value], value.width)

    return run


SIMPLE: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
"""Arithmetic that any two numbers can be put to."""
COMPARING: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

OPERATORS: dict[str, Callable[[Scalar, Scalar], Scalar]] = {
    **{name: arithmetic(function) for name, function in SIMPLE.items()},
    "/": arithmetic(operator.truediv),
    "^": arithmetic(operator.pow),
    "&": join,
    **{name: comparison(holds) for name, holds in COMPARING.items()},
}


def operation(name: str) -> Callable[[Value, Value], Value]:
    """Give an operator that goes cell by cell: over nothing but numbers, or texts, it does so at once."""
    function = OPERATORS[name]
    if name in SIMPLE:
        return at_once(SIMPLE[name], COUNTABLE, function)
    if name in COMPARING:
        return at_once(COMPARING[name], frozenset({int}), function, texts=name in ("=", "<>"))
    return partial(both, function)


def folded(value: Value) -> Value:
    """Fold the case of texts; blank is as good as an empty one."""
    if type(value) is Area:
        return area([cell.casefold() if cell else "" for cell in value], value.width)  # type: ignore[union-attr]
    return value.casefold() if value else ""  # type: ignore[union-attr]


def at_once(
    exact: Callable[[Any, Any], Any], fit: frozenset[type], function: Callable[[Scalar, Scalar], Scalar], *, texts: bool = False
) -> Callable[[Value, Value], Value]:
    """Make an operator that is `exact` where all cells are of a type that fits (or `texts`, once folded), and else `function`."""

    def run(left: Value, right: Value) -> Value:
        if type(left) is not Area and type(right) is not Area:
            return function(left, right)  # type: ignore[arg-type]
        kinds = types_in(left) | types_in(right)
        if kinds <= fit:
            with suppress(OverflowError):
                found = both(exact, left, right)
                if float not in kinds or all(map(math.isfinite, found)):  # type: ignore[arg-type]
                    return found
        elif texts and kinds <= TEXTS:
            return both(exact, folded(left), folded(right))
        return both(function, left, right)

    return run


def types_in(value: Value) -> set[type]:
    """Give the types of all cells."""
    return {*map(type, value)} if type(value) is Area else {type(value)}


def is_number(value: Scalar) -> bool:
    """ISNUMBER of one cell."""
    return type(value) in NUMBERS


def numbers_in(cells: Sequence[Scalar]) -> list[Any]:
    """Give the numbers among cells."""
    return [value for value in cells if type(value) in NUMBERS]


def fault_in(cells: Sequence[Scalar]) -> Fault | None:
    """Give the first error among cells."""
    return next((value for value in cells if type(value) is Fault), None) if Fault in map(type, cells) else None
