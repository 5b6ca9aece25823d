"""A whole tab is compared at once: it fits while nothing but answers, calculations and facts differs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from accountsheet.guide import Guide
from accountsheet.opening import open_workbook
from accountsheet.pieces import Slot
from accountsheet.plan import Plan
from accountsheet.reader import read_workbook
from accountsheet.writer import META

SAMPLES = Path(__file__).parent.parent / "samples" / "workbooks"
Tab = list[list[Any]]


@cache
def read() -> tuple[Plan, dict[str, Tab]]:
    """Read a sample that nobody moved anything in."""
    data = (SAMPLES / "NB-0417 Kwartelmeer Zuivel.xlsx").read_bytes()
    plan = read_workbook(data, "sample.xlsx").plan
    assert plan is not None
    return plan, {title: [list(line) for line in grid] for title, grid in open_workbook(data).grids.items()}


def tabs() -> list[tuple[Guide, Tab]]:
    """Give each tab with what is known of it."""
    plan, grids = read()
    layout = plan.layout()
    return [(layout.guides[sheet.id], [list(line) for line in grids[sheet.title]]) for sheet in layout.sheets]


def test_every_tab_of_a_workbook_that_was_only_filled_in_fits() -> None:
    assert all(guide.stencil.fits(grid) for guide, grid in tabs())
    assert {guide.sheet.title for guide, _ in tabs()} == read()[1].keys() - {META}


def test_a_text_anywhere_but_in_an_answer_calculation_or_fact_is_noticed() -> None:
    guide, grid = max(tabs(), key=lambda each: len(each[0].slots))
    holes = {place for place, what in guide.written.items() if not isinstance(what, str)}
    holes |= {(0, 0), *((fact.row, fact.column) for fact in guide.facts)}
    for row, line in enumerate(grid):
        for column, value in enumerate(line):
            line[column] = "typed here"
            assert guide.stencil.fits(grid) is ((row, column) in holes - {(0, 0)})
            line[column] = value
    assert guide.stencil.fits(grid)


@pytest.mark.parametrize("value", [0.0, False, "0", " "])
def test_what_looks_like_nothing_is_noticed_too(value: Any) -> None:
    guide, grid = tabs()[0]
    row, column = next((row, column) for row, line in enumerate(grid) for column in range(len(line))
                       if (row, column) not in guide.written and (row, column) != (0, 0)
                       and not any((row, column) == (fact.row, fact.column) for fact in guide.facts))  # fmt: skip
    grid[row][column] = value
    assert not guide.stencil.fits(grid)


def test_a_row_or_column_more_is_noticed() -> None:
    guide, grid = tabs()[0]
    assert not guide.stencil.fits([*grid, ["" for _ in grid[0]]])
    assert not guide.stencil.fits([[*line, ""] for line in grid])
    assert not guide.stencil.fits(grid[:-1])
    assert all(isinstance(slot, Slot) and slot.row < len(grid) for slot in guide.slots)
