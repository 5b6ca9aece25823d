"""The switch on the Overview blanks what is internal, and nothing else; the answers stay in their cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from accountsheet.address import Key, cell_name
from accountsheet.library import bundled
from accountsheet.reader import read_workbook
from accountsheet.writer import write_plan
from plans import full_plan

BLANK = ";;;"


def blanked(path: Path) -> set[tuple[str, str]]:
    """Give the cells that a conditional format with the blank number format covers."""
    found = set()
    for sheet in openpyxl.load_workbook(path).worksheets:
        for area in sheet.conditional_formatting:
            formats = [rule.dxf.numFmt.formatCode for rule in area.rules if rule.dxf is not None and rule.dxf.numFmt is not None]
            if BLANK in formats:
                cells = [place for part in area.cells.ranges for place in part.cells]
                found |= {(sheet.title, cell_name(row - 1, column - 1)) for row, column in cells}
    return found


@pytest.mark.parametrize("name", bundled())
def test_every_internal_answer_is_blanked_and_no_other(tmp_path: Path, name: str) -> None:
    plan = full_plan(name, "en", share=0.3)
    write_plan(plan, tmp_path / "plan.xlsx")
    layout = plan.layout()
    blocks = layout.context.blueprint.blocks
    covered = blanked(tmp_path / "plan.xlsx")
    for key, slot in layout.slots.items():
        place = layout.places[key]
        cell = layout.titles[place.sheet], cell_name(place.row, place.column)
        assert (cell in covered) == (slot.asked.field.internal or blocks[key.block].internal), key


def test_a_workbook_left_in_the_customers_edition_reads_whole(tmp_path: Path) -> None:
    plan = full_plan("overview-sheet", "nl", share=0.6)
    edition = replace(plan, answers={**plan.answers, Key("plan", "", "", "customers_edition"): True})
    write_plan(edition, tmp_path / "plan.xlsx")
    assert read_workbook((tmp_path / "plan.xlsx").read_bytes(), "plan.xlsx").plan == edition
