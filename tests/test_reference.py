"""Levels that explain a choice: nothing to fill in, and a mark at what was chosen."""

from __future__ import annotations

from accountsheet.address import Key
from accountsheet.figures import Figures
from accountsheet.plan import Plan
from plans import ACCOUNT, TODAY, blueprint


def test_a_mark_stands_at_the_level_that_an_answer_names() -> None:
    answers = {
        Key("ambition", "", "", "current_position"): "preferred",
        Key("ambition", "", "", "realistic_position"): "planned_partner",
    }
    plan = Plan(blueprint("key-account-notes"), ACCOUNT, "nl", 2026, answers)
    figures = Figures(plan.layout(), answers, TODAY)
    levels = plan.blueprint.lists["supplier_ladder"].labels
    marks = [figures.value(Key("supplier_ladder", level, "", "#mark")) for level in levels]
    assert marks == ["", "●  Positie nu", "●  Haalbaar in 1 tot 3 jaar", ""]


def test_a_reference_asks_nothing_and_does_not_count() -> None:
    plan = Plan(blueprint("key-account-notes"), ACCOUNT, "en", 2026)
    blocks = {block.id for block in plan.blueprint.blocks.values() if block.kind == "reference"}
    assert blocks == {"business_views", "supplier_ladder", "selling_methods"}
    assert not [key for key in plan.layout().slots if key.block in blocks]
    assert not [key for key in plan.layout().formulas if key.block == "#completeness" and key.row in blocks]
