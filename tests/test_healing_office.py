"""What reps do in a real program: rows, columns and tabs moved about in LibreOffice, and what is read of it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from accountsheet.address import cell_name, column_name
from accountsheet.pieces import Sheet, Slot
from accountsheet.plan import Plan
from accountsheet.reader import read_workbook
from mutations import Book, base, held, tabs_of
from office import Office

Step = tuple[Any, ...]


def steps(plan: Plan, chance: random.Random) -> list[Step]:
    """Think up what a rep does, a thing or two on each tab."""
    asking = [sheet for sheet in plan.layout().sheets if sum(isinstance(piece, Slot) for piece in sheet.pieces) > 8]
    found: list[Step] = []
    for sheet in asking:
        found.append(("unprotect", sheet.title))
        for make in chance.sample(KINDS, 2):
            found += make(sheet, chance)
    title = chance.choice(asking).title
    last = [("copy_sheet", title, "Kopie", 2), ("rename_sheet", title, "Anders"), ("move_sheet", title, 1)]
    return [*found, chance.choice(last)]


def rows_of(sheet: Sheet, chance: random.Random) -> tuple[int, int, int]:
    """Choose a table of a tab: its first and last row, and its last column."""
    tables = list(sheet.rows.values())
    if tables:
        rows = chance.choice(tables)
        return rows.first, rows.last, sheet.last_column
    slots = [piece.row for piece in sheet.pieces if isinstance(piece, Slot)]
    return min(slots), min(slots) + 1, sheet.last_column


def sort(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Sort a table by what one sees: the hidden ids stay behind."""
    first, last, column = rows_of(sheet, chance)
    return [("sort", sheet.title, f"{cell_name(first, 1)}:{cell_name(last, column)}", "B", chance.random() < 0.5)]


def sort_all(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Sort a table with its hidden ids."""
    first, last, column = rows_of(sheet, chance)
    return [("sort", sheet.title, f"{cell_name(first, 0)}:{cell_name(last, column)}", "B", chance.random() < 0.5)]


def insert(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Insert rows, and type in one."""
    first, last, _ = rows_of(sheet, chance)
    row = chance.randrange(first, last) + 1
    return [("insert_rows", sheet.title, row, 2), ("type", sheet.title, f"B{row}", f"typed {sheet.id}")]


def insert_column(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Insert a column."""
    return [("insert_columns", sheet.title, column_name(chance.randrange(1, sheet.last_column + 1)), 1)]


def move(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Move a row within its table."""
    first, last, _ = rows_of(sheet, chance)
    return [("move_rows", sheet.title, last + 1, 1, first + 1)]


def clear(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Empty the hidden column, or the hidden row."""
    return [("clear", sheet.title, chance.choice(["A2:A90", "B1:Z1", "A1:A90"]))]


KINDS = [sort, sort_all, insert, insert_column, move, clear]


@pytest.mark.parametrize(("name", "seed"), [*(("mixed", seed) for seed in range(4)), ("account-plan", 1)])
def test_nothing_is_lost_or_mistaken_in_libreoffice(office: Office, tmp_path: Path, name: str, seed: int) -> None:
    given = base(name, seed % 4)
    (tmp_path / "plan.xlsx").write_bytes(given.data)
    done = steps(given.plan, random.Random(seed))
    office.edit(tmp_path / "plan.xlsx", tmp_path / "edited.xlsx", done)
    data = (tmp_path / "edited.xlsx").read_bytes()
    book = Book(given.plan, given.plan.layout(), tabs_of(data), random.Random(seed), given.foreign)
    lost, mistaken, missing = held(given, book, read_workbook(data, "edited.xlsx"), "kept")
    assert (lost, mistaken, missing) == ([], [], []), done
