"""An OpenDocument spreadsheet (.ods): its cells, formulas, errors and notes, read in one go from its content.

Format: OpenDocument 1.3 part 3, 9.1 (tables), 19.387 (types of value) and 6.1.2 (white space).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any
from xml.parsers import expat

from accountsheet.address import cell_name
from accountsheet.extent import MOST_CELLS
from accountsheet.grid import Grid
from accountsheet.package import Note, Package, TooLarge, local

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
MOST_FILLED = 500_000
"""Cells of a sheet that may hold something: a plan fills a few thousand."""

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_ERROR_TYPE = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d*)?S)?")
_ERROR = re.compile(r"#[A-Z/0]+[!?]?|#N/A|Err:\d+")
_BLANK, _BREAK = "\0", "\1"
"""Stand for what was meant until the file's own lines and blanks are gone: no text in XML holds them."""


class OpenDocument:
    """The zip of an OpenDocument spreadsheet, as it was read; raises TooLarge, expat.ExpatError."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._sheets = read(package.inflated("content.xml"))
        self.broken: Collection[str] = package.broken

    @cached_property
    def grids(self) -> Mapping[str, Grid]:
        """Each sheet's cells."""
        return {name: sheet.grid() for name, sheet in self._sheets.items()}

    def formulas(self, sheet: str) -> Collection[str]:
        """Give the cells of a sheet that hold a formula."""
        return self._sheets[sheet].formulas.keys()

    def formula(self, sheet: str, cell: str) -> str:
        """Give a cell's formula."""
        return self._sheets[sheet].formulas.get(cell, "")

    def errors(self, sheet: str) -> Mapping[str, str]:
        """Give the cells of a sheet that show an error, with it."""
        return self._sheets[sheet].errors

    def notes(self, sheet: str) -> list[Note]:
        """Give the notes on a sheet's cells."""
        return self._sheets[sheet].notes

    @cached_property
    def locked(self) -> bool:
        """Whether the content cannot be read without a password."""
        return b"encryption-data" in self.package.part("META-INF/manifest.xml")

    def _told(self, name: str) -> str:
        tree = self.package.tree("meta.xml")
        return next((each.text or "" for each in (tree.iter() if tree is not None else ()) if local(each.tag) == name), "")

    @cached_property
    def saved_by(self) -> str:
        """The program that saved the file last, as it calls itself."""
        return self._told("generator").partition("$")[0].replace("/", " ")[:120]

    @cached_property
    def modified(self) -> datetime.datetime | None:
        """When the file says it was saved last."""
        with suppress(ValueError):
            return datetime.datetime.fromisoformat(self._told("date").strip().replace("Z", "+00:00")).replace(tzinfo=None)
        return None


def is_locked(package: Package) -> bool:
    """Whether the content cannot be read without a password."""
    return b"encryption-data" in package.part("META-INF/manifest.xml")


class SheetRead:
    """One sheet, filled row by row."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[list[Any]] = []
        self.formulas: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.notes: list[Note] = []
        self.row, self.width, self.filled = 0, 0, 0
        self.line: list[Any] = []

    def put(self, column: int, value: Any, times: int) -> None:
        """Put a value in the row at hand, in one or more cells; raises TooLarge."""
        self.check(self.row, column + times - 1, times)
        self.line += [""] * (column - len(self.line)) + [value] * times

    def end_row(self, times: int) -> None:
        """Take the row at hand, once or repeated; empty ones count only where a filled one follows."""
        if self.line:
            self.check(self.row + times - 1, len(self.line) - 1, sum(value != "" for value in self.line) * (times - 1))
            self.rows += [[]] * (self.row - len(self.rows)) + [self.line] * times
            self.width = max(self.width, len(self.line))
            self.line = []
        self.row += times

    def check(self, row: int, column: int, filled: int) -> None:
        """Hold the sheet against what a plan may be."""
        self.filled += filled
        if (row + 1) * (column + 1) > MOST_CELLS or self.filled > MOST_FILLED:
            raise TooLarge(f"“{self.name}”, {cell_name(row, column)}")

    def grid(self) -> Grid:
        """Give the cells as a rectangle; raises TooLarge."""
        if len(self.rows) * self.width > MOST_CELLS:
            raise TooLarge(f"“{self.name}”, {cell_name(len(self.rows) - 1, self.width - 1)}")
        return [row + [""] * (self.width - len(row)) for row in self.rows]


class _Content:
    """What is at hand while the content is gone through."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetRead] = {}
        self.sheet: SheetRead | None = None
        self.column = self.row_times = 0
        self.cell: dict[str, str] | None = None
        self.lines: list[str] = []
        self.note_lines: list[str] = []
        self.text: list[str] | None = None
        self.aside: list[str] = []
        """The elements, from the outermost, within a cell that are not its text: a note, a drawing."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if self.sheet is None:
            if tag == "table" and name.startswith(_TABLE):
                title = attributes.get(_TABLE + "name", "")
                if title in self.sheets:
                    raise expat.ExpatError(f"{title} × 2")  # one would be read, and the other lost
                self.sheet = self.sheets[title] = SheetRead(title)
        elif self.cell is None:
            if tag == "table-row":
                self.row_times, self.column = times(attributes, "rows"), 0
            elif tag in ("table-cell", "covered-table-cell"):
                self.cell, self.lines, self.note_lines = attributes, [], []
        elif self.aside or tag == "annotation" or not (name.startswith(_TEXT) or self.text is not None):
            self.aside.append(tag)
            if tag == "p" and self.aside[0] == "annotation":
                self.text = []
        elif tag == "p":
            self.text = []
        elif self.text is not None and tag in ("s", "tab", "line-break"):
            count = attributes.get(_TEXT + "c", "1") if tag == "s" else "1"
            self.text.append(_BREAK if tag == "line-break" else _BLANK * min(int(count) if count.isdigit() else 1, 1_000))

    def data(self, text: str) -> None:
        if self.text is not None and (not self.aside or self.aside[0] == "annotation"):
            self.text.append(text)

    def end(self, name: str) -> None:
        tag = local(name)
        if self.aside:
            self.aside.pop()
            if tag == "p" and self.text is not None:
                self.note_lines.append(written(self.text))
                self.text = None
        elif tag == "p" and self.text is not None:
            self.lines.append(written(self.text))
            self.text = None
        elif tag in ("table-cell", "covered-table-cell") and self.cell is not None:
            self.end_cell(self.cell)
            self.cell = None
        elif tag == "table-row" and self.sheet is not None and self.cell is None:
            self.sheet.end_row(self.row_times)
        elif tag == "table" and self.cell is None:
            self.sheet = None

    def end_cell(self, attributes: dict[str, str]) -> None:
        assert self.sheet is not None
        sheet, count, text = self.sheet, times(attributes, "columns"), "\n".join(self.lines)
        name = cell_name(sheet.row, self.column)
        formula = attributes.get(_TABLE + "formula", "").partition(":=")[2]
        if formula:
            sheet.formulas[name] = f"={formula}"
        if note := "\n".join(self.note_lines).strip():
            sheet.notes.append(Note(name, note))
        if attributes.get(_ERROR_TYPE) == "error" or (formula and _ERROR.fullmatch(text)):
            sheet.errors[name] = text
        elif (value := value_of(attributes, text)) != "":
            sheet.put(self.column, value, count)
        self.column += count


def read(content: bytes) -> dict[str, SheetRead]:
    """Read every sheet of a content; raises TooLarge, expat.ExpatError."""
    handler, parser = _Content(), expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.CharacterDataHandler = handler.data
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(content, True)
    return handler.sheets


def refuse(*_: object) -> None:
    """Refuse a content that defines entities."""
    raise expat.ExpatError("document type")


def times(attributes: Mapping[str, str], what: str) -> int:
    """Give how many rows or columns an element stands for."""
    number = attributes.get(f"{_TABLE}number-{what}-repeated", "1")
    return int(number) if number.isdigit() and 0 < len(number) < 9 and int(number) else 1


def written(pieces: list[str]) -> str:
    """Give a paragraph's text: what the file's own lines put in is one blank, all others are meant."""
    return re.sub(r"[ \t\r]*\n[ \t\r\n]*", " ", "".join(pieces)).strip(" ").replace(_BLANK, " ").replace(_BREAK, "\n")


def value_of(attributes: Mapping[str, str], text: str) -> Any:
    """Give what a cell holds; where that is broken, its text."""
    with suppress(ValueError, OverflowError):
        match attributes.get(_OFFICE + "value-type"):
            case "float" | "percentage" | "currency":
                return float(attributes.get(_OFFICE + "value", ""))
            case "boolean":
                return attributes.get(_OFFICE + "boolean-value") == "true"
            case "date":
                moment = datetime.datetime.fromisoformat(attributes.get(_OFFICE + "date-value", ""))
                return moment.date() if moment.time() == datetime.time() else moment.replace(tzinfo=None)
            case "time":
                return duration(attributes.get(_OFFICE + "time-value", ""))
            case "string":
                return attributes.get(_OFFICE + "string-value", text)
    return text


def duration(written: str) -> datetime.time | datetime.timedelta:
    """Read a time of day, or a stretch of a day and more; raises ValueError."""
    found = _DURATION.fullmatch(written)
    if not found:
        raise ValueError(written)
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    length = datetime.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return (datetime.datetime.min + length).time() if length < datetime.timedelta(days=1) else length
