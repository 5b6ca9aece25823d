"""What reps do in a real program: rows, columns and tabs moved about in LibreOffice, and what is read of it."""

from __future__ import annotations

import io
import random
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from accountsheet.address import cell_name, column_name
from accountsheet.pieces import Sheet, Slot
from accountsheet.plan import Plan
from accountsheet.reader import read_workbook
from edits import Book, tabs_of
from mutations import base, held
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
    copied, renamed = ("copy_sheet", title, "Kopie", 2), ("rename_sheet", title, "Anders")
    return [*found, chance.choice([copied, renamed, ("move_sheet", title, 1), ("delete_sheet", title)])]


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


def delete(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Delete a row of a table, or a column."""
    first, last, column = rows_of(sheet, chance)
    row = ("delete_rows", sheet.title, chance.randrange(first, last) + 1, 1)
    return [chance.choice([row, ("delete_columns", sheet.title, column_name(chance.randrange(1, column + 1)), 1)])]


def copy(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Copy a row, hidden id and all, and insert it above another."""
    first, last, _ = rows_of(sheet, chance)
    return [("copy_rows", sheet.title, last + 1, 1, first + 1)]


def merge(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Merge cells beside the plan, the first of them filled in."""
    row = chance.randrange(4, 20)
    area = f"{cell_name(row, sheet.last_column + 2)}:{cell_name(row + 1, sheet.last_column + 3)}"
    return [("type", sheet.title, area.partition(":")[0], f"merged {sheet.id}"), ("merge", sheet.title, area)]


def note(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Write a note on a cell."""
    return [("note", sheet.title, cell_name(chance.randrange(1, 20), chance.randrange(1, 5)), f"noted {sheet.id}")]


def paste(sheet: Sheet, chance: random.Random) -> list[Step]:
    """Copy a part of a tab over another part of it."""
    first, last, column = rows_of(sheet, chance)
    return [("copy", sheet.title, f"{cell_name(first, 1)}:{cell_name(first + 1, column)}", cell_name(last, 1))]


KINDS = [sort, sort_all, insert, insert_column, move, clear, delete, copy, merge, note, paste]
HARSH = {"delete_rows", "delete_columns", "copy_rows", "copy"}
"""Steps after which an answer that is still there may be no answer any more."""


def notes_in(data: bytes) -> Counter[str]:
    """Count the notes of a workbook, whatever sheet they are on."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [ElementTree.fromstring(archive.read(name)) for name in archive.namelist() if "xl/comments" in name]
    return Counter("".join(note.itertext()).strip() for part in parts for note in part.iter() if note.tag.endswith("}comment"))


@pytest.mark.parametrize(("name", "seed"), [*(("mixed", seed) for seed in range(4)), ("account-plan", 1)])
def test_nothing_is_lost_or_mistaken_in_libreoffice(office: Office, tmp_path: Path, name: str, seed: int) -> None:
    given = base(name, seed % 4)
    (tmp_path / "plan.xlsx").write_bytes(given.data)
    done = steps(given.plan, random.Random(seed))
    office.edit(tmp_path / "plan.xlsx", tmp_path / "edited.xlsx", done)
    data = (tmp_path / "edited.xlsx").read_bytes()
    book = Book(given.plan, given.plan.layout(), tabs_of(data), random.Random(seed), given.foreign)
    reading = read_workbook(data, "edited.xlsx")
    lost, mistaken, missing = held(given, book, reading, "kept")
    assert (lost, mistaken) == ([], []), done
    assert missing == [] or HARSH.intersection(step[0] for step in done), done
    assert Counter(each.raw for each in reading.findings if each.code == "cell-note") == notes_in(data), done
