"""The worksheet functions that Excel 2019, LibreOffice 7 and Google Sheets share, as they give their results."""

from __future__ import annotations

import datetime
import math
import operator
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from accountsheet.calculation import (
    COUNTABLE,
    EPOCH,
    NA,
    NUMBER,
    NUMBERS,
    OPERATORS,
    REFERENCE,
    VALUE,
    ZERO_DIVISION,
    Area,
    Fault,
    Value,
    area,
    as_area,
    as_number,
    as_text,
    as_truth,
    each,
    fault_in,
    first,
    flat,
    is_number,
    numbers_in,
)
from accountsheet.formula import Scalar


def over_numbers(function: Callable[[list[float]], Scalar]) -> Callable[..., Scalar]:
    """Make a function over all numbers among its arguments; texts and blanks are passed over, an error is the result."""

    def run(*values: Value) -> Scalar:
        cells = flat(values)
        fault = fault_in(cells)
        try:
            return fault if fault is not None else function(numbers_in(cells))
        except OverflowError:
            return NUMBER

    return run


@lru_cache(maxsize=1_024)
def criterion(kind: str, wanted: Scalar) -> Callable[[Scalar], bool]:
    """Make the test of COUNTIF and its kin: an operator before the value, and * and ? in a text.

    `kind` is the type of what is wanted: to the cache, 1 and TRUE are the same.
    """
    sign, rest = "=", wanted
    if isinstance(wanted, str) and (found := re.match(r"(<>|<=|>=|<|>|=)(.*)", wanted, re.DOTALL)):
        sign, rest = found[1], as_figure(found[2])
    if rest == "" and wanted != "":  # "=" is met by what is truly blank, "<>" by all else: a formula's "" too
        return lambda cell: (cell is None) is (sign == "=")
    if isinstance(rest, str) and sign in ("=", "<>"):
        matches = text_test(rest)
        return matches if sign == "=" else lambda cell: not matches(cell)
    compare = OPERATORS[sign]
    return lambda cell: type_fits(cell, rest) and compare(cell, rest) is True


def as_figure(text: str) -> Scalar:
    """Take the text after a criterion's operator as a number, if it is one."""
    try:
        return float(text)
    except ValueError:
        return text


def text_test(wanted: str) -> Callable[[Scalar], bool]:
    """Make the test whether a cell is a text that a pattern fits; an empty one fits what is empty."""
    if wanted == "":
        return lambda cell: cell is None or cell == ""
    pattern = wildcard(wanted)
    return lambda cell: isinstance(cell, str) and type(cell) is not Fault and pattern.fullmatch(cell) is not None


def type_fits(cell: Scalar, wanted: Scalar) -> bool:
    """A criterion of a number passes over texts and blanks, one of a text over numbers."""
    return is_number(cell) if is_number(wanted) else isinstance(cell, type(wanted)) and type(cell) is not Fault


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
    outcomes = [[*map(test_of(first(wanted)), flat([cells]))] for cells, wanted in zip(pairs[::2], pairs[1::2], strict=True)]
    return outcomes[0] if len(outcomes) == 1 else [*map(all, zip(*outcomes, strict=False))]


def test_of(wanted: Scalar) -> Callable[[Scalar], bool]:
    """Give the test for what is wanted; an error is met by nothing."""
    return criterion(type(wanted).__name__, wanted)


def sum_ifs(sums: Value, *pairs: Value) -> Scalar:
    """SUMIFS."""
    chosen = [value for value, fits in zip(flat([sums]), matching(pairs), strict=False) if fits]
    fault = fault_in(chosen)
    return fault if fault is not None else math.fsum(numbers_in(chosen))


def sum_product(*values: Value) -> Scalar:
    """SUMPRODUCT: texts count as 0."""
    fault = fault_in(flat(values))
    if fault is not None:
        return fault
    columns = [flat([value]) for value in values]
    if len(columns) == 1:
        return math.fsum(numbers_in(columns[0]))
    if len({len(column) for column in columns}) > 1:
        return VALUE
    rows = zip(*([value if type(value) in NUMBERS else 0 for value in column] for column in columns), strict=True)
    return math.fsum(map(math.prod, rows))


def index(values: Value, row: Scalar, column: Scalar = 1) -> Scalar:
    """INDEX; a single row counts along itself."""
    cells = as_area(values)
    if type(row) not in NUMBERS or type(column) not in NUMBERS:
        return next((each for each in (row, column) if type(each) is Fault), VALUE)
    down, across = int(row or 1), int(column or 1)
    if len(cells) == cells.width > 1 and across == 1:
        down, across = 1, down
    if not (1 <= down <= len(cells) // cells.width and 1 <= across <= cells.width):
        return REFERENCE
    return cells[(down - 1) * cells.width + across - 1]


def match_position(wanted: Scalar, values: Value) -> Scalar:
    """MATCH, exact only."""
    if type(wanted) is Fault:
        return wanted
    test = test_of(wanted) if isinstance(wanted, str) else (lambda cell: type_fits(cell, wanted) and cell == wanted)
    return next((position for position, cell in enumerate(flat([values]), 1) if test(cell)), NA)


def nth(values: Value, n: Scalar, *, largest: bool) -> Scalar:
    """LARGE and SMALL."""
    cells = flat([values])
    fault = fault_in([*cells, n])
    if fault is not None or type(n) not in NUMBERS:
        return fault if fault is not None else VALUE
    numbers = sorted(numbers_in(cells), reverse=largest)
    return numbers[int(n) - 1] if 1 <= int(n) <= len(numbers) else NUMBER  # type: ignore[arg-type]


def text_join(between: Scalar, skip_empty: Scalar, *values: Value) -> Scalar:
    """TEXTJOIN."""
    cells = flat(values)
    fault = fault_in(cells)
    texts = map(as_text, cells)
    return fault if fault is not None else as_text(between).join(text for text in texts if text or not as_truth(skip_empty))


def matrix_product(left: Value, right: Value) -> Value:
    """MMULT; a text or blank is an error, as in Excel."""
    one, two = as_area(left), as_area(right)
    cells = [*one, *two]
    fault = fault_in(cells)
    if fault is not None:
        return fault
    if one.width * two.width != len(two) or not COUNTABLE.issuperset(map(type, cells)):
        return VALUE
    columns = [two[start :: two.width] for start in range(two.width)]
    products = (math.fsum(map(operator.mul, row, column)) for row in one.rows() for column in columns)
    return area(products, two.width)


def transpose(value: Value) -> Value:
    """TRANSPOSE."""
    if type(value) is not Area:
        return value
    return area((cell for start in range(value.width) for cell in value[start :: value.width]), len(value) // value.width)


def if_error(value: Value, instead: Value) -> Value:
    """IFERROR."""
    return each(lambda cell, other: other if type(cell) is Fault else cell, value, instead)


def are_numbers(value: Value) -> Value:
    """ISNUMBER."""
    if type(value) is Area:
        return area(map(NUMBERS.__contains__, map(type, value)), value.width)
    return type(value) in NUMBERS


def all_true(*values: Value) -> Scalar:
    """AND."""
    cells = flat(values)
    return fault_in(cells) or all(as_truth(value) for value in cells if not isinstance(value, str))


def any_true(*values: Value) -> Scalar:
    """OR."""
    cells = flat(values)
    return fault_in(cells) or any(as_truth(value) for value in cells if not isinstance(value, str))


def on_text(function: Callable[[str], Scalar]) -> Callable[[Value], Value]:
    """Make a function of one text, cell by cell."""
    return lambda value: each(lambda cell: cell if type(cell) is Fault else function(as_text(cell)), value)


def on_text_and_number(function: Callable[[str, int], str]) -> Callable[[Value, Value], Value]:
    """Make a function of a text and a whole number, cell by cell."""

    def run(text: Scalar, number: Scalar) -> Scalar:
        count = as_number(number)
        if type(text) is Fault:
            return text
        if isinstance(count, Fault):
            return count
        return function(as_text(text), int(count)) if count >= 0 else VALUE

    return lambda text, number: each(run, text, number)


def on_numbers(function: Callable[..., float | int]) -> Callable[..., Value]:
    """Make a function of one or two numbers, cell by cell."""

    def run(*cells: Scalar) -> Scalar:
        numbers = [as_number(cell) for cell in cells]
        fault = fault_in(numbers)
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
    "AND": all_true,
    "AVERAGE": over_numbers(lambda numbers: math.fsum(numbers) / len(numbers) if numbers else ZERO_DIVISION),
    "COUNT": lambda *values: len(numbers_in(flat(values))),
    "COUNTA": lambda *values: sum(value is not None for value in flat(values)),
    "COUNTIF": lambda *pair: sum(matching(pair)),
    "COUNTIFS": lambda *pairs: sum(matching(pairs)),
    "IFERROR": if_error,
    "INDEX": lambda values, row, column=1: index(values, first(row), first(column)),
    "INT": on_numbers(math.floor),
    "ISNUMBER": are_numbers,
    "LARGE": lambda values, n: nth(values, first(n), largest=True),
    "LEN": on_text(len),
    "MATCH": lambda wanted, values, kind=0: each(lambda cell: match_position(cell, values), wanted),
    "MAX": over_numbers(lambda numbers: max(numbers, default=0)),
    "MIN": over_numbers(lambda numbers: min(numbers, default=0)),
    "MMULT": matrix_product,
    "MOD": on_numbers(lambda value, divisor: value - divisor * math.floor(value / divisor)),
    "MONTH": on_numbers(calendar("month")),
    "NOT": lambda value: each(lambda cell: truth if type(truth := as_truth(cell)) is Fault else not truth, value),
    "OR": any_true,
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
