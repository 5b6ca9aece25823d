"""What is written is what is read."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from accountsheet.fields import TYPES
from accountsheet.plan import Plan
from accountsheet.reader import Reading, read_workbook
from accountsheet.writer import write_plan
from plans import TODAY, blueprint, full_plan, layout_of, plans


def back(plan: Plan) -> Reading:
    """Write a plan and read it back."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        assert write_plan(plan, path, today=TODAY) == []
        return read_workbook(path.read_bytes(), path.name)


@settings(max_examples=25)
@given(plans())
def test_any_plan_reads_back_as_it_was_written(plan: Plan) -> None:
    reading = back(plan)
    assert reading.plan == plan
    assert not [finding for finding in reading.findings if finding.code not in ("value-absent", "value-ambiguous")]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_full_plan_reads_back_without_a_remark(language: str) -> None:
    plan = full_plan(language=language)
    reading = back(plan)
    assert reading.plan == plan
    assert reading.findings == ()


def test_the_plans_drawn_meet_every_kind_of_block_and_type_of_field() -> None:
    which = blueprint()
    asked = {slot.asked.field.kind for slot in layout_of(which).slots.values()}
    assert {block.kind for block in which.blocks.values()} == {
        "form",
        "table",
        "matrix",
        "quadrant",
        "forecast",
        "overview",
        "relationship",
    }
    assert asked >= set(TYPES) - {"number", "email"} - {"month"} or asked >= {
        "text",
        "long_text",
        "money",
        "percent",
        "choice",
        "reference",
    }
