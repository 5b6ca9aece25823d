"""xlsxwriter's worksheet, with rows that programs may make higher and tables of a hundred thousand rows."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from accountsheet.excel_text import write_text
from accountsheet.formula import Scalar

EMPTY = -1
"""What stands for no text among the numbers of texts."""
AT_ONCE = 1_000
"""Rows that are made at a time."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A column of cells in little memory: numbers, or the numbers of texts in the workbook's list of them."""

    column: int
    look: Format
    kind: str
    """How a file says what the cells hold: s texts, b truth values, n numbers."""
    values: array[Any]

    def cells(self, first: int, last: int, above: int) -> list[str]:
        """Write some cells, of which the first stands below row number `above`."""
        name, kind = xl_col_to_name(self.column), "" if self.kind == "n" else f' t="{self.kind}"'
        rest = f'" s="{self.look._get_xf_index()}"{kind}><v>'
        numbered = enumerate(self.values[first:last], above + 1)
        if self.kind == "n":
            return [f'<c r="{name}{row}{rest}{value:.16G}</v></c>' if value == value else "" for row, value in numbered]
        return [f'<c r="{name}{row}{rest}{value}</v></c>' if value != EMPTY else "" for row, value in numbered]


class GrowingWorksheet(Worksheet):  # type: ignore[misc]  # xlsxwriter's classes have no types
    """A worksheet that leaves the height of some rows to the program: xlsxwriter marks every given height as fixed.

    Its last part may be a table as long as Excel takes: xlsxwriter keeps an object for every cell, this a few bytes.
    """

    dim_rowmax: int | None
    """The last row, as xlsxwriter keeps it."""

    def __init__(self) -> None:
        super().__init__()
        self.growing: set[int] = set()
        self.packed: list[Packed] = []
        self.below = 0
        """The number of the row that the packed cells stand below."""

    def add_long_table(self, row: int, column: int, length: int, options: dict[str, Any]) -> None:
        """Add a table of `length` rows with its headers in `row`; nothing may stand below it."""
        right = column + len(options["columns"]) - 1
        self.add_table(row, column, row + 1, right, options)
        table, cells = self.tables[-1], xl_range(row, column, row + length, right)
        table["range"] = table["a_range"] = table["autofilter"] = cells
        self._check_dimensions(row + length, right)
        self.below = row + 1

    def fill(self, column: int, look: Format, values: Sequence[Scalar]) -> None:
        """Fill a column of the table; None leaves a cell empty."""
        kinds = {type(value) for value in values}
        if str in kinds:
            known: dict[str, int] = {}
            numbers = array("l", (EMPTY if value is None else self.number_of(str(value), look, known) for value in values))
            self.packed.append(Packed(column, look, "s", numbers))
        elif bool in kinds:
            self.packed.append(Packed(column, look, "b", array("b", (EMPTY if each is None else int(each) for each in values))))
        elif kinds - {type(None)}:
            floats = array("d", (float("nan") if value is None else float(value) for value in values))
            self.packed.append(Packed(column, look, "n", floats))

    def number_of(self, text: str, look: Format, known: dict[str, int]) -> int:
        """Give a text's number in the workbook's list of texts."""
        if text in known:
            self.str_table.count += 1
        else:
            write_text(self, self.below, 0, text, look)
            known[text] = self.table[self.below].pop(0).string
        return known[text]

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.strip("{}")[1:]  # ours name newer functions as files do; xlsxwriter looks through each for thirty of them

    def _write_rows(self) -> None:
        if self.packed:
            last, self.dim_rowmax = self.dim_rowmax, self.below - 1
            super()._write_rows()
            self.dim_rowmax = last
        else:
            super()._write_rows()
        for rows in self.packed_rows():
            self.fh.write(rows)

    def packed_rows(self) -> Iterator[str]:
        """Give the rows of the table, many at a time."""
        length = max((len(each.values) for each in self.packed), default=0)
        for first in range(0, length, AT_ONCE):
            above = self.below + first
            columns = [each.cells(first, first + AT_ONCE, above) for each in self.packed]
            yield "".join(rows_of(columns, above))

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        if tag == "row" and dict(attributes).get("r", 0) - 1 in self.growing:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes or [])


def rows_of(columns: Iterable[list[str]], above: int) -> Iterator[str]:
    """Put columns of cells side by side."""
    for row, cells in enumerate(zip(*columns, strict=True), above + 1):
        yield f'<row r="{row}">{"".join(cells)}</row>'
