"""Rows put in a growing table are told from those that it shipped with."""

from __future__ import annotations

from typing import Any

import pytest

from accountsheet.mapping import align
from accountsheet.pieces import Rows, Sheet


def laid_out(size: int) -> Sheet:
    """Lay a tab out with a table of some rows, and a note two rows below its end."""
    ids = ["work#head", *(f"work/{row}" for row in range(1, size + 1)), "work#end"]
    return Sheet(
        "work",
        "Work",
        row_ids={**dict(enumerate(ids, 1)), size + 4: "notes/a"},
        column_ids={1: ("work.what",)},
        heights=dict.fromkeys(range(size + 5)),
        rows={"work": Rows(1, 2, size + 1, size + 2, growing=True)},
        last_column=1,
    )


def tab(*put_in: tuple[int, str]) -> list[list[Any]]:
    """Give the tab as it shipped, with two rows, and with others put in before some of its rows."""
    grid = [
        ["accountsheet|stamp", "work.what"],
        ["work#head", "what"],
        ["work/1", "a"],
        ["work/2", "b"],
        ["work#end", ""],
        ["", ""],
    ]
    grid.append(["notes/a", "c"])
    for row, text in sorted(put_in, reverse=True):
        grid.insert(row, ["", text])
    return grid


@pytest.mark.parametrize(
    ("put_in", "rows", "moved"),
    [
        ([], [2, 3], False),
        ([(4, "at the end, as the tab says")], [2, 3, 4], False),
        ([(4, "")], [2, 3], False),
        ([(3, "in between")], [2, 3, 4], True),
        ([(3, "")], [2, 4], True),
        ([(3, ""), (4, "at the end")], [2, 4, 5], True),
    ],
)
def test_a_row_put_in_counts_if_it_is_filled_and_moves_those_below(
    put_in: list[tuple[int, str]], rows: list[int], moved: bool
) -> None:
    alignment = align(tab(*put_in), laid_out(len(rows)))
    assert alignment.added["work"] == rows
    assert [alignment.rows[row] for row in rows] == list(range(2, 2 + len(rows)))
    assert alignment.rows[6 + len(put_in)] == len(rows) + 4
    assert alignment.moved == moved


def test_a_row_put_in_outside_a_table_moves_those_below() -> None:
    assert align(tab((6, "")), laid_out(2)).moved
