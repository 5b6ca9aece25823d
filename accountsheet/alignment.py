"""How a tab as it came back lines up with its layout."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Alignment:
    """How one tab as it came back lines up with its layout."""

    rows: dict[int, int]
    """Actual row to the layout's."""
    columns: dict[int, int]
    """Actual column to the layout's."""
    apart: dict[int, dict[int, int]] = field(default_factory=dict)
    """The same for the rows of the layout whose own headers say otherwise."""
    added: dict[str, list[int]] = field(default_factory=dict)
    """Actual rows, in order, of each growing block: those it shipped with and those put in and filled."""
    spare: list[int] = field(default_factory=list)
    """Actual rows put in a growing block and left empty."""
    put_in: list[int] = field(default_factory=list)
    """Actual rows put in between others of a growing block."""
    moved: bool = False
    """Whether anything stands elsewhere than it was put."""
    repeated: list[tuple[int, int]] = field(default_factory=list)
    """Actual rows that stand a second time in a block that cannot grow, with the row that they repeat."""
    lost: list[int] = field(default_factory=list)
    """Rows of the layout that are gone."""
    lost_columns: list[int] = field(default_factory=list)
    """Columns of the layout that are gone."""
    overruled: list[int] = field(default_factory=list)
    """Actual rows whose label names another row than their id does."""
    unmarked: list[int] = field(default_factory=list)
    """Actual rows found without their id."""
    unnamed: list[int] = field(default_factory=list)
    """Actual rows found by their id, whose label is gone."""
    straight: bool = False
    """Whether every cell stands where it was put."""
    untouched: bool = False
    """Whether every cell, but for answers, calculations and facts, also reads as it was written."""

    def finder(self) -> Callable[[int, int], tuple[int, int] | None]:
        """Give what finds the actual cell of a cell of the layout."""
        rows = {there: row for row, there in self.rows.items()}
        columns = {there: column for column, there in self.columns.items()}
        apart = {row: {there: column for column, there in own.items()} for row, own in self.apart.items()}

        def find(row: int, column: int) -> tuple[int, int] | None:
            here, across = rows.get(row), apart.get(row, columns).get(column)
            return None if here is None or across is None else (here, across)

        return find


@dataclass
class Ids:
    """The hidden ids as they stand on a tab."""

    row: int
    """The actual row of the columns' ids, or -1."""
    column: int
    """The actual column of the rows' ids, or -1."""
    rows: dict[int, str]
    """The id of each actual row that has one."""
    columns: dict[int, int]
    """Actual column to the layout's."""
