"""A formula written once: its parts, and how Excel writes it.

A formula names values by their keys, never by cells, so that the same one serves every layout of a blueprint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from accountsheet.address import Key, Place, column_name, quoted

FUTURE = frozenset({"TEXTJOIN", "IFS", "MAXIFS", "MINIFS"})
"""Functions that a file stores with a prefix (MS-XLSX 2.3.3)."""

PRECEDENCE = {"=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 6}


Scalar: TypeAlias = float | int | str | bool | None


class Node:
    """A part of a formula; Python's operators build larger ones."""

    def __add__(self, other: Any) -> Node:
        return Operation("+", self, node(other))

    def __sub__(self, other: Any) -> Node:
        return Operation("-", self, node(other))

    def __mul__(self, other: Any) -> Node:
        return Operation("*", self, node(other))

    def __truediv__(self, other: Any) -> Node:
        return Operation("/", self, node(other))

    def __and__(self, other: Any) -> Node:
        return Operation("&", self, node(other))

    def __lt__(self, other: Any) -> Node:
        return Operation("<", self, node(other))

    def __le__(self, other: Any) -> Node:
        return Operation("<=", self, node(other))

    def __gt__(self, other: Any) -> Node:
        return Operation(">", self, node(other))

    def __ge__(self, other: Any) -> Node:
        return Operation(">=", self, node(other))

    def equals(self, other: Any) -> Node:
        """Compare as Excel's = does."""
        return Operation("=", self, node(other))

    def differs(self, other: Any) -> Node:
        """Compare as Excel's <> does."""
        return Operation("<>", self, node(other))


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A number, text or truth value."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Ref(Node):
    """One cell; `fixed` writes it with dollar signs: '', 'column', 'row' or 'both'."""

    key: Key
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Range(Node):
    """All cells from one to another."""

    first: Key
    last: Key
    fixed: str = "both"


@dataclass(frozen=True, slots=True)
class Spot(Node):
    """A cell by its place on the same sheet: for conditional formats, which are put as their first cell sees them."""

    row: int
    column: int
    fixed: str = ""


@dataclass(frozen=True, slots=True)
class Operation(Node):
    """Two operands and what is done with them."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A worksheet function."""

    name: str
    arguments: tuple[Node, ...]


def node(value: Any) -> Node:
    """Take a Python value as a part of a formula."""
    return value if isinstance(value, Node) else Constant(value)


def call(name: str, *arguments: Any) -> Call:
    """Call a worksheet function."""
    return Call(name, tuple(node(each) for each in arguments))


def total(parts: Sequence[Node]) -> Node:
    """Add up; nothing is 0."""
    if not parts:
        return Constant(0)
    result = parts[0]
    for part in parts[1:]:
        result = result + part
    return result


def product(parts: Sequence[Node]) -> Node:
    """Multiply; nothing is 1. Conditions are multiplied too: unlike AND, this works cell by cell over ranges."""
    if not parts:
        return Constant(1)
    result = parts[0]
    for part in parts[1:]:
        result = result * part
    return result


def some(conditions: Sequence[Node]) -> Node:
    """Say whether any of some conditions holds. One alone is counted: Excel takes FALSE itself for more than 0."""
    return counted(conditions[0]) if len(conditions) == 1 else total(conditions) > 0


def counted(condition: Node) -> Node:
    """Take a condition as 1 or 0: TRUE is neither 1 nor a number to Excel, until it is calculated with."""
    compares = isinstance(condition, Operation) and PRECEDENCE[condition.operator] == 1
    asks = isinstance(condition, Call) and condition.name == "ISNUMBER"
    return condition * 1 if compares or asks else condition


def references(formula: Node) -> Iterator[Ref | Range]:
    """Go through all cells and ranges that a formula names."""
    match formula:
        case Ref() | Range():
            yield formula
        case Operation():
            yield from references(formula.left)
            yield from references(formula.right)
        case Call():
            for each in formula.arguments:
                yield from references(each)


@dataclass(frozen=True, slots=True)
class Notation:
    """How a formula is written on one sheet: where keys stand, and what the sheets are called."""

    home: int
    places: Mapping[Key, Place]
    titles: Sequence[str]

    def __call__(self, formula: Node, above: int = 0) -> str:
        match formula:
            case Constant(value):
                return constant_text(value)
            case Ref(key, fixed):
                return self.sheet(key) + self.cell(key, fixed)
            case Spot(row, column, fixed):
                return with_dollars(row, column, fixed)
            case Range(first, last, fixed):
                return f"{self.sheet(first)}{self.cell(first, fixed)}:{self.cell(last, fixed)}"
            case Call(name, arguments):
                prefix = "_xlfn." if name in FUTURE else ""
                return f"{prefix}{name}({','.join(self(each) for each in arguments)})"
            case Operation(operator, left, right):
                rank = PRECEDENCE[operator]
                written = f"{self(left, rank)}{operator}{self(right, rank + 1)}"
                return f"({written})" if rank < above else written
        raise TypeError(f"not a formula: {formula!r}")

    def sheet(self, key: Key) -> str:
        """Name the sheet, where it is another one."""
        where = self.places[key].sheet
        return "" if where == self.home else quoted(self.titles[where]) + "!"

    def cell(self, key: Key, fixed: str) -> str:
        """Name the cell."""
        _, row, column = self.places[key]
        return with_dollars(row, column, fixed)


def with_dollars(row: int, column: int, fixed: str) -> str:
    """Name a cell with its row, its column or both held."""
    return f"{'$' if fixed in ('column', 'both') else ''}{column_name(column)}{'$' if fixed in ('row', 'both') else ''}{row + 1}"


def constant_text(value: Scalar) -> str:
    """Write a constant as formulas do."""
    match value:
        case None:
            return '""'
        case bool():
            return "TRUE" if value else "FALSE"
        case str() if "\n" in value:
            return "(" + "&CHAR(10)&".join(constant_text(line) for line in value.split("\n")) + ")"
        case str():
            return '"' + value.replace('"', '""') + '"'
        case float() if value == int(value) and abs(value) < 1e15:
            return str(int(value))
    return repr(value)
