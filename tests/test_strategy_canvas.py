"""A matrix whose columns a rep names, drawn as value curves; the confrontation is one without curves."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from accountsheet.address import Key
from accountsheet.blocks import kinds
from accountsheet.judge import judge
from accountsheet.kind import Context
from accountsheet.layout import lay_out
from accountsheet.pieces import Chart
from accountsheet.plan import Plan, answers_from
from accountsheet.reader import read_workbook
from accountsheet.source import read_blueprint
from accountsheet.writer import write_plan
from plans import ACCOUNT, TODAY, blueprint

CANVAS = "strategy_canvas"
ANSWERS = {
    Key(CANVAS, "", "competitor_1", "player"): "Heijveld Bouw",
    Key(CANVAS, 1, "", "factor"): "Prijs",
    Key(CANVAS, 2, "", "factor"): "Snelheid",
    Key(CANVAS, 1, "customer", "score"): 0,
    Key(CANVAS, 2, "customer", "score"): 9,
    Key(CANVAS, 1, "competitor_1", "score"): 10,
    Key(CANVAS, 2, "competitor_2", "score"): 3,
}


@pytest.fixture
def plan() -> Plan:
    return Plan(blueprint("key-account-notes"), ACCOUNT, "nl", 2026, ANSWERS)


def test_scores_come_back_by_factor_and_by_the_name_a_rep_typed(plan: Plan, tmp_path: Path) -> None:
    write_plan(plan, tmp_path / "plan.xlsx", today=TODAY)
    reading = read_workbook((tmp_path / "plan.xlsx").read_bytes(), "plan.xlsx")
    assert reading.plan == plan
    assert reading.findings == ()
    records = judge(reading, TODAY).tables[CANVAS]
    assert {(each["factor"], each["player"], each["score"]) for each in records} == {
        ("Prijs", "customer", 0), ("Snelheid", "customer", 9), ("Prijs", "Heijveld Bouw", 10), ("Snelheid", "competitor_2", 3),
    }  # fmt: skip


def test_imported_scores_find_their_places_again(plan: Plan) -> None:
    block = plan.blueprint.blocks[CANVAS]
    records = [
        {"factor": "Prijs", "player": "customer", "score": 0},
        {"factor": "Prijs", "player": "Heijveld Bouw", "score": 10},
        {"factor": "Snelheid", "player": "Heijveld Bouw", "score": 8},
        {"factor": "Snelheid", "player": "Corwell", "score": 3},
    ]
    answers = answers_from(plan.blueprint, block, records, "nl", 2026)
    assert answers[Key(CANVAS, "", "competitor_1", "player")] == "Heijveld Bouw"
    assert answers[Key(CANVAS, 2, "competitor_1", "score")] == 8
    assert answers[Key(CANVAS, "", "competitor_2", "player")] == "Corwell"
    assert Key(CANVAS, "", "customer", "player") not in answers


def test_the_curves_are_lines_from_0_to_10_named_after_the_companies(plan: Plan, tmp_path: Path) -> None:
    layout = plan.layout()
    charts = [piece for sheet in layout.sheets for piece in sheet.pieces if isinstance(piece, Chart)]
    chart = next(piece for piece in charts if piece.kind == "line")
    assert len(chart.series) == 6
    assert chart.limits == (0, 10)
    write_plan(plan, tmp_path / "plan.xlsx", today=TODAY)
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as package:
        charts = [package.read(name).decode() for name in package.namelist() if "charts/chart" in name]
    drawn = next(chart for chart in charts if "lineChart" in chart and "barChart" not in chart)
    assert drawn.count("<c:ser>") == 6
    assert "Heijveld Bouw" in drawn
    assert "concurrent 5" in drawn


def test_the_confrontation_adds_up_what_each_strength_does_against_the_threats() -> None:
    source = """
blueprint: double-swot
version: "1"
title: Double SWOT
languages: [en]
sections:
  confrontation: {title: Confrontation, blocks: {confrontation: }}
checks: {}
"""
    which, findings = read_blueprint(source, "double.yaml", kinds())
    assert which is not None
    assert [finding for finding in findings if finding.code != "language-missing"] == []
    layout = lay_out(Context(which, "en", 2026, kinds=kinds()))
    slot = layout.slots[Key("confrontation", 1, "strength_1", "effect")]
    assert (slot.asked.field.minimum, slot.asked.field.maximum) == (-2, 2)
    assert Key("confrontation", "", "strength_5", "strength") in layout.slots
    assert Key("confrontation", "total", "strength_1", "#sum") in layout.formulas
    assert Key("confrontation", 6, "", "#sum") in layout.formulas
