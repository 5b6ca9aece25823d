"""Rows put in a growing table are told from those that it shipped with."""

from __future__ import annotations

from typing import Any

import pytest

from accountsheet.mapping import align
from accountsheet.pieces import Label, Rows, Sheet, Style


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


def with_texts(*texts: tuple[int, str]) -> Sheet:
    """Lay out a title and a note above two rows with ids, and a name of one of them, without an id, below."""
    ids = {4: "years#head", 5: "years/1", 6: "years/2"}
    pieces = tuple(Label(row, 1, text, Style("label")) for row, text in texts)
    return Sheet("years", "Years", pieces, row_ids=ids, heights=dict.fromkeys(range(10)), last_column=2)


TEXTS = ((1, "Title"), (2, "A note"), (4, "year"), (5, "2027"), (6, "2028"), (9, "2027"))


def grid_of(*texts: tuple[int, str], put_in: int = 0) -> list[list[Any]]:
    """Give the tab with these texts, and with an empty row put in before one."""
    own, ids = dict(texts), {0: "accountsheet|stamp", **with_texts().row_ids}
    grid = [[ids.get(row, ""), own.get(row, ""), ""] for row in range(10)]
    return [*grid[:put_in], ["", "", ""], *grid[put_in:]] if put_in else grid


@pytest.mark.parametrize("put_in", [1, 2, 3, 4])
def test_a_title_and_a_note_are_known_by_their_texts_wherever_a_row_was_put_in(put_in: int) -> None:
    alignment = align(grid_of(*TEXTS, put_in=put_in), with_texts(*TEXTS))
    assert {there: row for row, there in alignment.rows.items() if there in (0, 1, 2, 4)} == {
        there: there + (there >= put_in) for there in (0, 1, 2, 4)
    }


@pytest.mark.parametrize("label", ["2027", "next year", ""])
def test_a_name_that_was_put_behind_a_chart_too_does_not_take_the_row_from_its_id(label: str) -> None:
    texts = tuple((row, label if row == 5 else text) for row, text in TEXTS)
    alignment = align(grid_of(*texts, put_in=3), with_texts(*TEXTS))
    assert (alignment.rows[6], alignment.rows[7], alignment.repeated) == (5, 6, [])


def test_a_name_is_still_followed_where_the_ids_are_gone() -> None:
    grid = [["", *line[1:]] for line in grid_of(*TEXTS, put_in=3)]
    alignment = align(grid, with_texts(*TEXTS))
    assert (alignment.rows[6], alignment.rows[7], alignment.repeated) == (5, 6, [])
