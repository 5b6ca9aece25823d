"""Where an answer stands: its key in a plan, and its cell on a sheet."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple


class Key(NamedTuple):
    """The address of one value in a plan: block, row and column within it, and field; what does not apply is empty."""

    block: str
    row: int | str
    column: str
    field: str


class Place(NamedTuple):
    """A cell: index of the sheet, and zero-based row and column."""

    sheet: int
    row: int
    column: int


@lru_cache(maxsize=16_384)
def column_name(column: int) -> str:
    """Give the letters of a zero-based column."""
    name = ""
    column += 1
    while column > 0:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def column_number(name: str) -> int:
    """Give the zero-based column of its letters."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int, *, fixed: bool = False) -> str:
    """Give a cell's name from its zero-based row and column."""
    dollar = "$" if fixed else ""
    return f"{dollar}{column_name(column)}{dollar}{row + 1}"


def cell_place(name: str) -> tuple[int, int]:
    """Give the zero-based row and column of a cell's name."""
    letters = name.rstrip("0123456789")
    return int(name[len(letters) :] or 1) - 1, column_number(letters)


def quoted(sheet: str) -> str:
    """Give a sheet's name as formulas and links want it."""
    return "'" + sheet.replace("'", "''") + "'"
