"""Grids of text from CSV and spreadsheet files as people have them: any separator, encoding and way of quoting."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from accountsheet.files import text_from_csv
from accountsheet.finding import UsageProblem
from accountsheet.phrases import remark

SEPARATORS = (",", ";", "\t", "|")
SPREADSHEETS = {".xlsx", ".xlsm", ".xls", ".ods"}

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_SAMPLE_CHARACTERS, _SAMPLE_ROWS = 65_536, 20  # looked at to tell the separator
_ANNOUNCED = re.compile(r'"?sep=(.)"?\s*$', re.IGNORECASE)  # Excel's own first line
_END = "\x1ethe end\x1e"  # a last line of ours: a quotation mark that is still open swallows it


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid, with the line of the file that it begins on."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of one sheet or CSV file that hold anything; `sheet` is empty for CSV."""

    rows: list[Row]
    sheet: str = ""


def no_name(_: str) -> bool:
    """Know no column at all."""
    return False


def read_grids(path: str | os.PathLike[str], known: Callable[[str], bool] = no_name) -> list[Grid]:
    """Read a file into grids of text: one for CSV, one a sheet for a spreadsheet; raises UsageProblem for what cannot be read.

    `known` tells whether a text is a column's name, which helps to find the separator.
    """
    data = read_bytes(path)
    if Path(path).suffix.lower() == ".xlsb":
        raise unreadable(path, ".xlsb files lose texts when read")
    if Path(path).suffix.lower() in SPREADSHEETS or data.startswith((_ZIP, _OLE)):
        return [
            _grid((Row(line, [cell_text(value) for value in values]) for line, values in enumerate(rows, start=1)), name)
            for name, rows in read_spreadsheet(path, data)
        ]
    return [_grid(rows_of_csv(path, data, known))]


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Read a file, or an fsspec URL, whole; raises UsageProblem where that fails."""
    try:
        if "://" in str(path):
            import fsspec

            with fsspec.open(str(path), "rb") as remote:
                return bytes(remote.read())
        return Path(path).read_bytes()
    except FileNotFoundError as problem:
        raise UsageProblem(remark("file-missing", file=path)) from problem
    except (OSError, ValueError, ImportError) as problem:
        raise unreadable(path, getattr(problem, "strerror", None) or str(problem)) from problem


def read_spreadsheet(path: str | os.PathLike[str], data: bytes) -> list[tuple[str, list[list[Any]]]]:
    """Give each sheet's name and values, from cell A1 on."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [(name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names]
    except python_calamine.PasswordError as problem:
        raise unreadable(path, "it has a password") from problem
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as problem:  # a panic in the library stands outside Exception
        raise unreadable(path, str(problem) or type(problem).__name__) from problem


def cell_text(value: Any) -> str:
    """Write a spreadsheet's value as a person would type it: 123.0 as 123, dates as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.isoformat(" ")
    return "" if value is None else str(value)


def rows_of_csv(path: str | os.PathLike[str], data: bytes, known: Callable[[str], bool] = no_name) -> Iterator[Row]:
    """Give the rows of a CSV file's bytes, wholly empty lines left out; its encoding, separator and quoting are found out."""
    encoding = encoding_of(path, data)
    sample = data[: 4 * _SAMPLE_CHARACTERS].decode(encoding, errors="ignore")[:_SAMPLE_CHARACTERS]
    announced = _ANNOUNCED.match(sample.split("\n", 1)[0])
    separator = announced[1] if announced else sniff_separator(sample, known)
    lines = io.TextIOWrapper(io.BytesIO(data), encoding, errors="replace", newline="")
    rows = _rows(path, lines, separator)
    width = 0
    for row in islice(rows, 1, None) if announced else rows:
        cells = _unwrapped(row.cells, separator) if width != 1 else row.cells
        width = width or len(cells)
        yield Row(row.line, [text_from_csv(cell) for cell in cells])


def encoding_of(path: str | os.PathLike[str], data: bytes) -> str:
    """Tell how text is encoded: by its byte order mark, else UTF-8, else as Windows writes it (cp1252)."""
    by_mark = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if by_mark is not None:
        return by_mark
    try:
        data.decode()
    except UnicodeDecodeError:
        if b"\0" in data:
            raise unreadable(path, "it does not hold text") from None
        return "cp1252"
    return "utf-8"


def sniff_separator(sample: str, known: Callable[[str], bool] = no_name) -> str:
    """Tell the separator: the one that yields the most known names, else the most columns, else the most even rows."""

    def merit(separator: str) -> tuple[int, int, float]:
        records = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
        rows = [_unwrapped(row, separator) for row in islice(filter(any, records), _SAMPLE_ROWS)]
        if not rows:
            return (0, 0, 0.0)
        width = len(rows[0]) if not any(cell.count('"') % 2 for cell in rows[0]) else 0  # cut within quotation marks
        return (max(sum(map(known, row)) for row in rows), width, sum(len(row) == len(rows[0]) for row in rows) / len(rows))

    _allow_long_cells()
    return max(SEPARATORS, key=merit)


def unreadable(path: str | os.PathLike[str], why: str) -> UsageProblem:
    """Say that a file cannot be read, and why."""
    return UsageProblem(remark("file-unreadable", file=path, why=why.rstrip(".")))


def _grid(rows: Iterable[Row], sheet: str = "") -> Grid:
    return Grid([row for row in rows if any(cell.strip() for cell in row.cells)], sheet)


def _rows(path: str | os.PathLike[str], lines: Iterator[str], separator: str) -> Iterator[Row]:
    """Cut lines into rows; a quotation mark that is never closed is told, since it swallows all that comes after."""
    _allow_long_cells()
    reader = csv.reader(chain(lines, ["\r\n", _END]), delimiter=separator)
    line = 1
    try:
        for cells in reader:
            if cells and cells[-1].endswith(_END):
                if cells != [_END]:
                    raise UsageProblem(remark("open-quote", file=path, line=line))
            elif cells:
                yield Row(line, cells)
            line = reader.line_num + 1
    except csv.Error as problem:
        raise unreadable(path, str(problem)) from problem


def _unwrapped(cells: list[str], separator: str) -> list[str]:
    """Cut a line that was quoted as a whole, as Excel saves it when the separator is not its own."""
    if len(cells) != 1 or separator not in cells[0]:
        return cells
    return next(csv.reader(io.StringIO(cells[0], newline=""), delimiter=separator), cells)


def _allow_long_cells() -> None:
    csv.field_size_limit(2**31 - 1)  # what a cell may hold is not ours to limit
