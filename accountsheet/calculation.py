"""Formulas calculated here by Excel's own rules, so that a workbook is written with the values it will show.

The functions are those that Excel 2019, LibreOffice 7 and Google Sheets share.
"""

from __future__ import annotations

import contextlib
import datetime
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeAlias

from accountsheet.address import Key, Place
from accountsheet.formula import Call, Constant, Node, Operation, Range, Ref, Scalar

EPOCH = datetime.date(1899, 12, 30)
"""Day 0 of the 1900 date system, for dates from 1 March 1900 on (ECMA-376 part 1, 18.17.4.1)."""


class Fault(str):
    """An error value of a cell, such as #VALUE!."""


VALUE, NA, ZERO_DIVISION, NUMBER = Fault("#VALUE!"), Fault("#N/A"), Fault("#DIV/0!"), Fault("#NUM!")

Array: TypeAlias = list[list[Scalar]]
Value: TypeAlias = Scalar | Array


class Cells(Protocol):
    """What a calculation needs to know of the cells."""

    today: datetime.date

    def value(self, key: Key) -> Scalar:
        """Give what a cell holds, calculated if need be; empty is None."""

    def rectangle(self, first: Key, last: Key) -> Sequence[Sequence[Key | None]]:
        """Give the keys of all cells between two."""

    def place(self, key: Key) -> Place:
        """Say where a cell stands."""


def calculate(formula: Node, cells: Cells) -> Scalar:
    """Calculate a formula as a cell shows it: an empty result is 0, as in Excel; an array shows its first cell."""
    result = first(evaluate(formula, cells))
    if result is None:
        return 0
    return float(f"{result:.15g}") if isinstance(result, float) else result


def evaluate(formula: Node, cells: Cells) -> Value:
    """Calculate a part of a formula."""
    match formula:
        case Constant(value):
            return value
        case Ref(key):
            return cells.value(key)
        case Range(begin, end):
            return [[None if key is None else cells.value(key) for key in row] for row in cells.rectangle(begin, end)]
        case Operation(operator, left, right):
            return each(OPERATORS[operator], evaluate(left, cells), evaluate(right, cells))
        case Call("IF", (test, *branches)):
            return choose(evaluate(test, cells), branches, cells)
        case Call("ROW" | "COLUMN" as name, (Ref(key),)):
            return cells.place(key)[1 if name == "ROW" else 2] + 1
        case Call("ROW" | "COLUMN" as name, (Range(begin, end),)):
            return numbers_of(name, cells.place(begin), cells.place(end))
        case Call("TODAY"):
            return (cells.today - EPOCH).days
        case Call(name, arguments):
            return FUNCTIONS[name](*(evaluate(argument, cells) for argument in arguments))
    raise TypeError(f"not a formula: {formula!r}")


def choose(test: Value, branches: Sequence[Node], cells: Cells) -> Value:
    """IF: only the branch that is needed is calculated, cell by cell where the test is an array."""
    if not isinstance(test, list):
        truth = as_truth(test)
        if isinstance(truth, Fault):
            return truth
        return evaluate(branches[0], cells) if truth else evaluate(branches[1], cells) if len(branches) > 1 else False
    yes = evaluate(branches[0], cells)
    no = evaluate(branches[1], cells) if len(branches) > 1 else False

    def pick(asked: Scalar, then: Scalar, otherwise: Scalar) -> Scalar:
        truth = as_truth(asked)
        return truth if isinstance(truth, Fault) else then if truth else otherwise

    return each(pick, test, yes, no)


def numbers_of(name: str, begin: Place, end: Place) -> Array:
    """ROW and COLUMN of a range."""
    if name == "ROW":
        return [[row + 1] for row in range(begin.row, end.row + 1)]
    return [[column + 1 for column in range(begin.column, end.column + 1)]]


def each(function: Callable[..., Scalar], *values: Value) -> Value:
    """Apply a function cell by cell; a single row, column or value is repeated to fit."""
    if not any(isinstance(value, list) for value in values):
        return function(*values)
    arrays = [value if isinstance(value, list) else [[value]] for value in values]
    height, width = max(len(array) for array in arrays), max(len(array[0]) for array in arrays)
    return [[function(*(at(array, row, column) for array in arrays)) for column in range(width)] for row in range(height)]


def at(array: Array, row: int, column: int) -> Scalar:
    """Give a cell of an array that may be one row high or one column wide."""
    line = array[0] if len(array) == 1 else array[row] if row < len(array) else None
    if line is None:
        return NA
    return line[0] if len(line) == 1 else line[column] if column < len(line) else NA


def first(value: Value) -> Scalar:
    """Give the first cell."""
    return value[0][0] if isinstance(value, list) else value


def flat(values: Sequence[Value]) -> Iterator[Scalar]:
    """Go through all cells of all arguments."""
    for value in values:
        if isinstance(value, list):
            for row in value:
                yield from row
        else:
            yield value


def as_number(value: Scalar) -> float | int | Fault:
    """Take a value as a number; text is no number here, as formulas are guarded with ISNUMBER."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, Fault):
        return value
    return 0 if value is None else VALUE


def as_truth(value: Scalar) -> bool | Fault:
    """Take a value as true or false."""
    number = as_number(value)
    return number if isinstance(number, Fault) else number != 0


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

    def operator(left: Scalar, right: Scalar) -> Scalar:
        one, two = as_number(left), as_number(right)
        if isinstance(one, Fault):
            return one
        if isinstance(two, Fault):
            return two
        try:
            result: float = function(one, two)
        except ZeroDivisionError:
            return ZERO_DIVISION
        except (OverflowError, ValueError):
            return NUMBER
        return NUMBER if isinstance(result, complex) or not math.isfinite(result) else result

    return operator


def order(left: Scalar, right: Scalar) -> int | Fault:
    """Compare as Excel does: numbers before texts before truth values, texts without regard to case."""
    if isinstance(left, Fault):
        return left
    if isinstance(right, Fault):
        return right
    if left is None:
        left = "" if isinstance(right, str) else False if isinstance(right, bool) else 0
    if right is None:
        right = "" if isinstance(left, str) else False if isinstance(left, bool) else 0
    one, two = rank(left), rank(right)
    return (one > two) - (one < two)


def rank(value: Scalar) -> tuple[int, Any]:
    """Give what sorts a value among others."""
    if isinstance(value, bool):
        return 2, value
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, float(f"{value:.15g}") if isinstance(value, float) else value


def comparison(holds: Callable[[int], bool]) -> Callable[[Scalar, Scalar], Scalar]:
    """Make an operator that compares."""

    def operator(left: Scalar, right: Scalar) -> Scalar:
        outcome = order(left, right)
        return outcome if isinstance(outcome, Fault) else holds(outcome)

    return operator


def join(left: Scalar, right: Scalar) -> Scalar:
    """Put two texts together."""
    return left if isinstance(left, Fault) else right if isinstance(right, Fault) else as_text(left) + as_text(right)


OPERATORS: dict[str, Callable[[Scalar, Scalar], Scalar]] = {
    "+": arithmetic(lambda a, b: a + b),
    "-": arithmetic(lambda a, b: a - b),
    "*": arithmetic(lambda a, b: a * b),
    "/": arithmetic(lambda a, b: a / b),
    "^": arithmetic(lambda a, b: a**b),
    "&": join,
    "=": comparison(lambda sign: sign == 0),
    "<>": comparison(lambda sign: sign != 0),
    "<": comparison(lambda sign: sign < 0),
    "<=": comparison(lambda sign: sign <= 0),
    ">": comparison(lambda sign: sign > 0),
    ">=": comparison(lambda sign: sign >= 0),
}


def is_number(value: Scalar) -> bool:
    """ISNUMBER of one cell."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def fault_in(values: Sequence[Value]) -> Fault | None:
    """Give the first error among the cells."""
    return next((value for value in flat(values) if isinstance(value, Fault)), None)


def over_numbers(function: Callable[[list[float]], Scalar]) -> Callable[..., Scalar]:
    """Make a function over all numbers among its arguments; texts and blanks are passed over, an error is the result."""

    def run(*values: Value) -> Scalar:
        fault = fault_in(values)
        return fault if fault is not None else function([value for value in flat(values) if is_number(value)])  # type: ignore[misc]

    return run


def criterion(wanted: Scalar) -> Callable[[Scalar], bool]:
    """Make the test of COUNTIF and its kin: an operator before the value, and * and ? in a text."""
    operator, rest = "=", wanted
    if isinstance(wanted, str) and (found := re.match(r"(<>|<=|>=|<|>|=)(.*)", wanted, re.DOTALL)):
        operator, rest = found[1], found[2]
        with contextlib.suppress(ValueError):
            rest = float(rest)
    if rest == "" and wanted != "":  # "=" is met by what is truly blank, "<>" by all else: a formula's "" too
        return lambda cell: (cell is None) is (operator == "=")
    if isinstance(rest, str) and operator in ("=", "<>"):
        pattern = wildcard(rest)
        matches = (
            (lambda cell: cell is None or cell == "")
            if rest == ""
            else (lambda cell: isinstance(cell, str) and not isinstance(cell, Fault) and pattern.fullmatch(cell) is not None)
        )
        return matches if operator == "=" else lambda cell: not matches(cell)
    compare = OPERATORS[operator]
    return lambda cell: type_fits(cell, rest) and compare(cell, rest) is True


def type_fits(cell: Scalar, wanted: Scalar) -> bool:
    """A criterion of a number passes over texts and blanks, one of a text over numbers."""
    return is_number(cell) if is_number(wanted) else isinstance(cell, type(wanted)) and not isinstance(cell, Fault)


def wildcard(text: str) -> re.Pattern[str]:
    """Read * and ? as Excel does; a tilde takes the next one literally."""
    parts, position = [], 0
    while position < len(text):
        letter = text[position]
        if letter == "~" and position + 1 < len(text) and text[position + 1] in "*?~":
            position += 1
            parts.append(re.escape(text[position]))
        else:
            parts.append({"*": ".*", "?": "."}.get(letter) or re.escape(letter))
        position += 1
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def matching(pairs: Sequence[Value]) -> list[bool]:
    """Say for each cell whether all ranges meet their criteria."""
    tests = [(list(flat([pairs[i]])), criterion(first(pairs[i + 1]))) for i in range(0, len(pairs), 2)]
    return [all(test(cells[i]) for cells, test in tests) for i in range(len(tests[0][0]))]


def sum_ifs(sums: Value, *pairs: Value) -> Scalar:
    """SUMIFS."""
    chosen = [value for value, fits in zip(flat([sums]), matching(pairs), strict=False) if fits]
    fault = fault_in(chosen)
    return fault if fault is not None else math.fsum(value for value in chosen if is_number(value))  # type: ignore[misc]


def sum_product(*arrays: Value) -> Scalar:
    """SUMPRODUCT: texts count as 0."""
    fault = fault_in(arrays)
    if fault is not None:
        return fault
    columns = [list(flat([array])) for array in arrays]
    return math.fsum(math.prod(value if is_number(value) else 0 for value in row) for row in zip(*columns, strict=True))


def index(array: Value, row: Scalar, column: Scalar = 1) -> Scalar:
    """INDEX; a single row counts along itself."""
    grid = array if isinstance(array, list) else [[array]]
    if isinstance(row, Fault) or not is_number(row):
        return row if isinstance(row, Fault) else VALUE
    down, across = int(row or 1), int(column or 1)
    if len(grid) == 1 and len(grid[0]) > 1 and across == 1:
        down, across = 1, down
    if not (1 <= down <= len(grid) and 1 <= across <= len(grid[0])):
        return Fault("#REF!")
    return grid[down - 1][across - 1]


def match_position(wanted: Scalar, array: Value, kind: Scalar = 0) -> Scalar:
    """MATCH, exact only."""
    if isinstance(wanted, Fault):
        return wanted
    test = criterion(wanted) if isinstance(wanted, str) else (lambda cell: type_fits(cell, wanted) and cell == wanted)
    return next((position for position, cell in enumerate(flat([array]), 1) if test(cell)), NA)


def nth(values: Value, n: Scalar, *, largest: bool) -> Scalar:
    """LARGE and SMALL."""
    fault = fault_in([values])
    if fault is not None or not is_number(n):
        return fault if fault is not None else VALUE
    numbers = sorted((value for value in flat([values]) if is_number(value)), reverse=largest)  # type: ignore[type-var]
    return numbers[int(n) - 1] if 1 <= int(n) <= len(numbers) else NUMBER  # type: ignore[arg-type]


def text_join(between: Scalar, skip_empty: Scalar, *values: Value) -> Scalar:
    """TEXTJOIN."""
    fault = fault_in(values)
    texts = [as_text(value) for value in flat(values)]
    return fault if fault is not None else as_text(between).join(each for each in texts if each or not as_truth(skip_empty))


def matrix_product(left: Value, right: Value) -> Value:
    """MMULT; a text or blank is an error, as in Excel."""
    one, two = (value if isinstance(value, list) else [[value]] for value in (left, right))
    fault = fault_in([one, two])
    if fault is not None:
        return fault
    if len(one[0]) != len(two) or not all(is_number(value) or isinstance(value, bool) for value in flat([one, two])):
        return VALUE
    return [[math.fsum(a * b for a, b in zip(row, column, strict=True)) for column in zip(*two, strict=True)] for row in one]


def transpose(value: Value) -> Value:
    """TRANSPOSE."""
    return [list(row) for row in zip(*value, strict=True)] if isinstance(value, list) else value


def if_error(value: Value, instead: Value) -> Value:
    """IFERROR."""
    return each(lambda cell, other: other if isinstance(cell, Fault) else cell, value, instead)


def on_text(function: Callable[[str], Scalar]) -> Callable[[Value], Value]:
    """Make a function of one text, cell by cell."""
    return lambda value: each(lambda cell: cell if isinstance(cell, Fault) else function(as_text(cell)), value)


def on_text_and_number(function: Callable[[str, int], str]) -> Callable[[Value, Value], Value]:
    """Make a function of a text and a whole number, cell by cell."""

    def run(text: Scalar, number: Scalar) -> Scalar:
        count = as_number(number)
        if isinstance(text, Fault):
            return text
        if isinstance(count, Fault):
            return count
        return function(as_text(text), int(count)) if count >= 0 else VALUE

    return lambda text, number: each(run, text, number)


def on_numbers(function: Callable[..., float | int]) -> Callable[..., Value]:
    """Make a function of one or two numbers, cell by cell."""

    def run(*cells: Scalar) -> Scalar:
        numbers = [as_number(cell) for cell in cells]
        fault = next((number for number in numbers if isinstance(number, Fault)), None)
        if fault is not None:
            return fault
        try:
            return function(*numbers)
        except (ZeroDivisionError, OverflowError, ValueError):
            return VALUE

    return lambda *values: each(run, *values)


def round_half_away(value: float, digits: float) -> float:
    """ROUND: halves go away from zero, after the 15 digits that Excel keeps."""
    factor = 10 ** int(digits)
    scaled = float(f"{abs(value) * factor:.15g}")
    return math.copysign(math.floor(scaled + 0.5) / factor, value)


def round_up(value: float, digits: float) -> float:
    """ROUNDUP."""
    factor = 10 ** int(digits)
    return math.copysign(math.ceil(float(f"{abs(value) * factor:.15g}")) / factor, value)


def calendar(part: str) -> Callable[[float], int]:
    """Make YEAR or MONTH."""

    def read(serial: float) -> int:
        if serial < 0:
            raise ValueError(serial)
        return int(getattr(EPOCH + datetime.timedelta(days=int(serial)), part))

    return read


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "ABS": on_numbers(abs),
    "AND": lambda *values: fault_in(values) or all(as_truth(value) for value in flat(values) if not isinstance(value, str)),
    "AVERAGE": over_numbers(lambda numbers: math.fsum(numbers) / len(numbers) if numbers else ZERO_DIVISION),
    "COUNT": lambda *values: sum(is_number(value) for value in flat(values)),
    "COUNTA": lambda *values: sum(value is not None for value in flat(values)),
    "COUNTIF": lambda *pair: sum(matching(pair)),
    "COUNTIFS": lambda *pairs: sum(matching(pairs)),
    "IFERROR": if_error,
    "INDEX": lambda array, row, column=1: index(array, first(row), first(column)),
    "INT": on_numbers(math.floor),
    "ISNUMBER": lambda value: each(is_number, value),
    "LARGE": lambda values, n: nth(values, first(n), largest=True),
    "LEN": on_text(len),
    "MATCH": lambda wanted, array, kind=0: each(lambda cell: match_position(cell, array, kind), wanted),
    "MAX": over_numbers(lambda numbers: max(numbers, default=0)),
    "MIN": over_numbers(lambda numbers: min(numbers, default=0)),
    "MMULT": matrix_product,
    "MOD": on_numbers(lambda value, divisor: value - divisor * math.floor(value / divisor)),
    "MONTH": on_numbers(calendar("month")),
    "NOT": lambda value: each(lambda cell: truth if isinstance(truth := as_truth(cell), Fault) else not truth, value),
    "OR": lambda *values: fault_in(values) or any(as_truth(value) for value in flat(values) if not isinstance(value, str)),
    "DAY": on_numbers(calendar("day")),
    "RIGHT": on_text_and_number(lambda text, length: text[len(text) - length :] if length < len(text) else text),
    "REPT": on_text_and_number(lambda text, times: text * times),
    "ROUND": on_numbers(round_half_away),
    "ROUNDUP": on_numbers(round_up),
    "SMALL": lambda values, n: nth(values, first(n), largest=False),
    "SUM": over_numbers(math.fsum),
    "SUMIFS": sum_ifs,
    "SUMIF": lambda area, wanted, sums: sum_ifs(sums, area, wanted),
    "SUMPRODUCT": sum_product,
    "TEXTJOIN": lambda between, skip, *values: text_join(first(between), first(skip), *values),
    "TRANSPOSE": transpose,
    "TRIM": on_text(lambda text: re.sub(" +", " ", text).strip(" ")),
    "YEAR": on_numbers(calendar("year")),
}
