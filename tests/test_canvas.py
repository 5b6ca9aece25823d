"""The business model canvas: nine boxes in their well-known places, a thought a line."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from accountsheet.address import Key
from accountsheet.judge import judge
from accountsheet.layout import Layout
from accountsheet.pieces import Label
from accountsheet.plan import Plan
from accountsheet.reader import read_workbook
from accountsheet.writer import write_plan
from plans import ACCOUNT, TODAY, blueprint, layout_of

CANVAS = "business_model_canvas"
UPPER = ("partners", "activities", "resources", "value_proposition", "relationships", "channels", "segments")
LOWER = ("costs", "revenue_streams")


@pytest.fixture(scope="module")
def layout() -> Layout:
    return layout_of(blueprint("key-account-notes"))


def cells(layout: Layout, box: str) -> set[tuple[int, int]]:
    """Give the rows and columns of a box's lines."""
    return {(slot.row, slot.column) for key, slot in layout.slots.items() if key.block == CANVAS and key.column == box}


def rows(layout: Layout, box: str) -> tuple[int, int]:
    found = sorted(row for row, _ in cells(layout, box))
    return found[0], found[-1]


def columns(layout: Layout, box: str) -> set[int]:
    return {column for _, column in cells(layout, box)}


def test_the_boxes_stand_in_their_well_known_places(layout: Layout) -> None:
    from_the_left = ("partners", "activities", "value_proposition", "relationships", "segments")
    for left, right in pairwise(from_the_left):
        assert max(columns(layout, left)) < min(columns(layout, right))
    for upper, lower in (("activities", "resources"), ("relationships", "channels")):
        assert columns(layout, upper) == columns(layout, lower)
        assert rows(layout, upper)[1] < rows(layout, lower)[0]
    full = rows(layout, "activities")[0], rows(layout, "resources")[1]
    assert {rows(layout, box) for box in ("partners", "value_proposition", "segments")} == {full}
    assert rows(layout, "costs") == rows(layout, "revenue_streams")
    assert rows(layout, "costs")[0] > full[1]
    below = [columns(layout, box) for box in LOWER]
    assert set().union(*below) == set().union(*(columns(layout, box) for box in UPPER))
    assert not set.intersection(*below)


def test_every_line_is_a_cell_of_its_own(layout: Layout) -> None:
    sheet = layout.sheets[layout.sheet_of(CANVAS)]
    taken = [cell for box in UPPER + LOWER for cell in cells(layout, box)]
    labels = [piece for piece in sheet.pieces if isinstance(piece, Label)]
    merged = {(piece.row, piece.column + place) for piece in labels for place in range(piece.span)}
    assert len(taken) == len(set(taken))
    assert not merged & set(taken)


def test_lines_come_back_as_box_row_and_text(tmp_path: Path) -> None:
    which = blueprint("key-account-notes")
    answers = {
        Key(CANVAS, 9, "segments", "text"): "Eigenaren",
        Key(CANVAS, 1, "costs", "text"): "Arbeid",
        Key(CANVAS, 5, "revenue_streams", "text"): "NA",
    }
    plan = Plan(which, ACCOUNT, "nl", 2026, answers)
    write_plan(plan, tmp_path / "plan.xlsx", today=TODAY)
    reading = read_workbook((tmp_path / "plan.xlsx").read_bytes(), "plan.xlsx")
    assert reading.plan == plan
    records = judge(reading, TODAY).tables[CANVAS]
    assert {(each["box"], each["row"], each["text"]) for each in records} == {
        ("segments", 9, "Eigenaren"), ("costs", 1, "Arbeid"), ("revenue_streams", 5, "NA"),
    }  # fmt: skip


def test_a_longer_box_makes_the_canvas_higher() -> None:
    plan = Plan(blueprint("key-account-notes"), ACCOUNT, "en", 2026, {Key(CANVAS, 13, "partners", "text"): "the thirteenth"})
    assert set(plan.answers) <= set(plan.layout().slots)


def test_selecting_a_line_asks_the_question_of_its_box(tmp_path: Path) -> None:
    write_plan(Plan(blueprint("key-account-notes"), ACCOUNT, "nl", 2026), tmp_path / "plan.xlsx", today=TODAY)
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["2.2 Business model"]
    prompts = {each.promptTitle: each.prompt for each in sheet.data_validations.dataValidation}
    assert prompts["Kanalen"] == "Hoe bereikt de klant hen?"
    assert len(prompts) == 9
