"""The cells of a sheet as they came back: rows of values, empty ones as empty texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

Grid: TypeAlias = Sequence[Sequence[Any]]
MARK = "accountsheet|"
"""What the hidden cell begins with that says what a tab is."""


def cell(grid: Grid, row: int, column: int) -> Any:
    """Give a cell; beyond the edges it is empty."""
    return grid[row][column] if 0 <= row < len(grid) and 0 <= column < len(grid[row]) else ""


def filled(grid: Grid) -> Iterator[tuple[int, int, Any]]:
    """Go through all cells that hold anything."""
    for row, line in enumerate(grid):
        for column, value in enumerate(line):
            if value != "" and value is not None:
                yield row, column, value


def stamp_cell(grid: Grid) -> tuple[int, int] | None:
    """Find the cell that says what a tab is, wherever it stands now."""
    for row, line in enumerate(grid[:50]):
        for column, value in enumerate(line[:50]):
            if isinstance(value, str) and value.startswith(MARK):
                return row, column
    return None


def bare(text: str) -> str:
    """Give a text without its blanks: programs differ in those between the parts of a label."""
    return "".join(text.split())


def folded(text: str) -> str:
    """Give a label as people may write it: whatever its case, blanks and mark of what is required."""
    return bare(text).casefold().rstrip("*")


def is_mark(value: Any) -> bool:
    """Whether a cell is the hidden stamp, which is the generator's wherever it stands."""
    return isinstance(value, str) and value.startswith(MARK)
