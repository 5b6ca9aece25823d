"""Where the cells of a layout stand on the sheet that came back: rows and columns found by their hidden ids."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accountsheet.pieces import Rows, Sheet, ids_text

Grid = Sequence[Sequence[Any]]


@dataclass
class Alignment:
    """How one sheet as it came back lines up with its layout."""

    rows: dict[int, int]
    """Actual row to the layout's."""
    columns: dict[int, int]
    """Actual column to the layout's."""
    added: dict[str, list[int]] = field(default_factory=dict)
    """Actual rows, in order, of each growing block: those it shipped with and those put in and filled."""
    spare: list[int] = field(default_factory=list)
    """Actual rows put in a growing block and left empty."""
    moved: bool = False
    """Whether anything stands elsewhere than it was put."""
    repeated: list[int] = field(default_factory=list)
    """Actual rows whose id stands a second time in a block that cannot grow."""
    lost: list[str] = field(default_factory=list)
    """Ids of rows and columns that are gone."""


def cell(grid: Grid, row: int, column: int) -> Any:
    """Give a cell; beyond the edges it is empty."""
    return grid[row][column] if 0 <= row < len(grid) and 0 <= column < len(grid[row]) else ""


def in_place(grid: Grid, sheet: Sheet) -> bool:
    """Whether every hidden id stands where it was put, and no other."""
    ids = sheet.row_ids
    if any(str(line[0]) != ids.get(row, "") for row, line in enumerate(grid) if row and line):
        return False
    if len(grid) <= max(ids, default=0):
        return False
    head = grid[0] if grid else ()
    if len(head) <= max(sheet.column_ids, default=0):
        return False
    return all(str(head[column]) == ids_text(sheet.column_ids.get(column, ())) for column in range(1, len(head)))


def stamp_cell(grid: Grid) -> tuple[int, int] | None:
    """Find the cell that says what a tab is, wherever it stands now."""
    for row, line in enumerate(grid[:50]):
        for column, value in enumerate(line[:50]):
            if isinstance(value, str) and value.startswith("accountsheet|"):
                return row, column
    return None


def align(grid: Grid, sheet: Sheet) -> Alignment:
    """Line a sheet up by its ids: rows and columns may have been put in, taken out, moved or sorted."""
    corner = stamp_cell(grid) or (0, 0)
    by_id = {row_id: row for row, row_id in sheet.row_ids.items()}
    actual = {row: str(cell(grid, row, corner[1])) for row in range(len(grid))}
    alignment = Alignment({}, align_columns(grid, sheet, corner[0]))
    growing = {block: rows for block, rows in sheet.rows.items() if rows.growing}
    taken = growing_rows(grid, actual, growing, alignment)
    seen: set[str] = set()
    for row, row_id in actual.items():
        if row in taken or row_id not in by_id or row == corner[0]:
            continue
        if row_id in seen:
            alignment.repeated.append(row)
            continue
        seen.add(row_id)
        alignment.rows[row] = by_id[row_id]
    growing_ids = {row_id for row_id in by_id if any(row_id.startswith(f"{block}/") for block in growing)}
    alignment.lost += [row_id for row_id in by_id if row_id not in seen and row_id not in growing_ids]
    fill_unnamed(alignment, sheet, len(grid))
    alignment.moved |= any(row - bisect(alignment.spare, row) != there for row, there in alignment.rows.items())
    alignment.moved |= any(column != there for column, there in alignment.columns.items())
    return alignment


def align_columns(grid: Grid, sheet: Sheet, head: int) -> dict[int, int]:
    """Find each column by the ids it carries; between two found ones, those without an id follow."""
    by_id = {each: column for column, ids in sheet.column_ids.items() for each in ids}
    line = grid[head] if head < len(grid) else ()
    columns: dict[int, int] = {}
    for column, value in enumerate(line):
        ids = [each for each in str(value).split("\n") if each in by_id]
        if ids and by_id[ids[0]] not in columns.values():
            columns[column] = by_id[ids[0]]
    unnamed = [column for column in range(sheet.last_column + 1) if column not in sheet.column_ids]
    for column in unnamed:
        shift = next((have - there for have, there in sorted(columns.items()) if there > column), None)
        if shift is None:
            shift = next((have - there for have, there in sorted(columns.items(), reverse=True) if there < column), 0)
        if column + shift >= 0:
            columns.setdefault(column + shift, column)
    return columns


def growing_rows(grid: Grid, actual: Mapping[int, str], growing: Mapping[str, Rows], alignment: Alignment) -> set[int]:
    """Give each growing block its rows, from below its head to above its end, in the order of the sheet.

    One put in and left empty is passed over, so that the others keep their numbers. To add rows at the end is what a tab
    invites to; between others, the rows below have moved.
    """
    taken: set[int] = set()
    for block, rows in growing.items():
        heads = [row for row, row_id in actual.items() if row_id.startswith(f"{block}#head")]
        ends = [row for row, row_id in actual.items() if row_id == f"{block}#end"]
        own = [row for row, row_id in actual.items() if row_id.startswith(f"{block}/")]
        if not own and not heads:
            continue
        first = max(heads) + 1 if heads else min(own)
        last = min((row for row in ends if row >= first), default=max(own, default=first) + 1)
        put_in = [row for row in range(first, last) if actual.get(row, "") == ""]
        empty = [row for row in put_in if all(value == "" or value is None for value in grid[row])]
        alignment.moved |= any(row < max(own, default=0) for row in put_in)
        alignment.added[block] = sorted({*put_in, *own}.difference(empty))
        alignment.spare = sorted({*alignment.spare, *empty})
        taken |= {*alignment.added[block], *empty}
        for number, row in enumerate(alignment.added[block]):
            alignment.rows[row] = rows.first + number
    return taken


def fill_unnamed(alignment: Alignment, sheet: Sheet, height: int) -> None:
    """Line up the rows that carry no id (titles, links, notes) by their neighbours."""
    named = sorted((there, row) for row, there in alignment.rows.items() if there in sheet.row_ids)
    taken = set(alignment.rows.values())
    for there in range(max(sheet.heights, default=0) + 1):
        if there in sheet.row_ids or there in taken:
            continue
        below = next(((place, row) for place, row in named if place > there), None)
        above = next(((place, row) for place, row in reversed(named) if place < there), None)
        near = below or above
        if near is None:
            continue
        if above is not None and below is not None and above[0] + 1 <= there:
            near = above
        row = near[1] + there - near[0]
        if 0 <= row < height and row not in alignment.rows:
            alignment.rows[row] = there
