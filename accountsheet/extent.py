"""How much a workbook becomes in memory, measured before it is read: the parser lays sheets out densely, and dies of it.

Formats: ECMA-376 part 1, 18.3.1.4 (cells) and 18.4.9 (shared strings).
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.parsers import expat

from accountsheet.address import cell_name, column_number
from accountsheet.package import Package, TooLarge
from accountsheet.sheet_part import SheetPart

MOST_CELLS = 4_000_000
"""Cells that a sheet may span, empty ones included: a plan spans a few thousand."""
MOST_SHEETS = 250
MOST_TEXT = 256 * 2**20
"""Bytes of text that a workbook may hold once every cell has its own."""
TAGS_OF_A_CELL = 2
"""Tags that a cell that holds something ends at least: its own, and that of its value."""
READ_WHOLE = ("sharedStrings", "styles", "theme", "vbaProject")
"""Parts beside the sheets that the parser reads."""

_PLACE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,20})(\d{1,20})[\"']")
_SHARED = re.compile(rb't\s*=\s*["\']s["\'][^>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})')


class Extent(NamedTuple):
    """How far a sheet reaches: its last cell that holds anything."""

    row: int
    column: int

    @property
    def cells(self) -> int:
        """How many cells lie between A1 and there."""
        return (self.row + 1) * (self.column + 1)

    @property
    def name(self) -> str:
        """The cell's name."""
        return cell_name(self.row, self.column)


def too_far(package: Package) -> tuple[str, str]:
    """Name a sheet that reaches further than any plan, with its last cell, or nothing; raises TooLarge for other excess."""
    if len(package.sheets) > MOST_SHEETS:
        raise TooLarge(f"{len(package.sheets)} sheets")
    sheets = {title: part_of(package, title, part) for title, part in package.sheets.items() if part}
    for title, sheet in sheets.items():
        if not sheet.near and (extent := measured(sheet.data)).cells > MOST_CELLS:
            return title, extent.name
    for _, kind, part in package.related(package.workbook):
        if kind in READ_WHOLE:
            package.part(part)
    check_text(package, [sheet.data for sheet in sheets.values()])
    return "", ""


def part_of(package: Package, title: str, part: str) -> SheetPart:
    """Go through a sheet's part; raises TooLarge with the sheet's title."""
    try:
        return package.sheet_part(part)
    except TooLarge as problem:
        raise TooLarge(f"“{title}”") from problem


def measured(data: bytes) -> Extent:
    """Find a sheet's last row and column that hold anything; empty cells with a colour do not count."""
    row = column = last_row = last_column = -1
    placed = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, last_row, last_column, placed
        tag = name.rpartition(":")[2]
        if tag == "row":
            number = attributes.get("r", "")
            row, column = (int(number) - 1 if number.isdigit() and len(number) < 9 else row + 1), -1
        elif tag == "c":
            where = re.fullmatch(r"([A-Z]{1,20})(\d{1,20})", attributes.get("r", "").upper())
            row, column = (int(where[2]) - 1, column_number(where[1])) if where else (row, column + 1)
            placed = True
        elif placed and tag in ("v", "is"):
            last_row, last_column, placed = max(last_row, row), max(last_column, column), False

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):  # From where a sheet is broken, the parser of values may still go on.
        for letters, number in _PLACE.findall(data, max(parser.CurrentByteIndex, 0)):
            last_row = max(last_row, int(number) - 1)
            last_column = max(last_column, column_number(letters.decode().upper()))
    return Extent(last_row, last_column)


def check_text(package: Package, sheets: list[bytes]) -> None:
    """Refuse a text that stands in so many cells that it fills the memory; raises TooLarge."""
    strings = next((package.part(part) for _, kind, part in package.related(package.workbook) if kind == "sharedStrings"), b"")
    longest = max(map(len, strings.split(b"</si>")))
    if longest * sum(each.count(b"/") for each in sheets) // TAGS_OF_A_CELL <= MOST_TEXT:
        return
    sizes = [len(each) for each in re.split(rb"</(?:\w+:)?si>", strings)]  # in the order that cells refer to them by
    used = (int(found[1]) for sheet in sheets for found in _SHARED.finditer(sheet))
    if sum(sizes[number] for number in used if number < len(sizes)) > MOST_TEXT:
        raise TooLarge("text")
