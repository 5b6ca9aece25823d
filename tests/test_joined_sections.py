"""Sections that share a tab: each keeps its number, its completeness and its link."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from accountsheet.address import Key
from accountsheet.blocks import kinds
from accountsheet.figures import Figures
from accountsheet.progress import share_of
from accountsheet.reader import read_workbook
from accountsheet.source import read_blueprint
from accountsheet.writer import write_plan
from office import Office
from plans import TODAY, blueprint, full_plan, layout_of

PAIR = """
blueprint: pair
version: "1"
title: Pair
languages: [en]
sections:
  first: {number: "1", title: First, blocks: {one: {kind: form, fields: {a: {label: A}}}}}
  second: {number: "2", title: Second, joins: HOME, blocks: {two: {kind: form, fields: {b: {label: B}}}}}
"""


def test_the_seven_parts_of_the_account_plan_stand_on_two_tabs() -> None:
    which = blueprint("account-plan")
    assert [section.number for section in which.sections] == ["", "1", "2", "3", "4", "5", "6", "7"]
    shown = [title for title in layout_of(which, "nl").titles if not title.startswith("_")]
    assert shown == ["Overzicht", "1–3 Klant", "4–7 Plan", "Controles"]


def test_the_overview_leads_to_the_heading_of_a_joined_section(tmp_path: Path) -> None:
    write_plan(full_plan("account-plan"), tmp_path / "plan.xlsx", today=TODAY)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    link = next(cell.hyperlink for row in book["Overview"].iter_rows() for cell in row if cell.value == "6  Timeline")
    tab, _, cell = link.location.rpartition("!")
    assert book[tab.strip("'")][cell].value == "6  Timeline"


def test_each_joined_section_has_its_own_completeness() -> None:
    which = blueprint("account-plan")
    required = {"planned_date": TODAY, "with_whom": "the team"}
    answers = {Key("reviews", row, "", name): value for row in (1, 2) for name, value in required.items()}
    figures = Figures(layout_of(which), answers, TODAY)
    shares = {section.id: figures.share(share_of(section)) for section in which.sections[1:]}
    assert shares == {"customer": 0, "goals_customer": 0, "market": 0, "swot": 0, "objectives": 0, "timeline": 0, "reviews": 1}


def test_a_section_that_opens_a_chapter_is_as_far_as_its_sub_sections() -> None:
    plan = full_plan("key-account-notes", share=0.0)
    answers = {Key("business_analysis", "", "", name): "x" for name in plan.blueprint.blocks["business_analysis"].fields}
    figures = Figures(plan.layout(), answers, TODAY)
    sections = {section.number: section for section in plan.blueprint.sections}
    assert figures.share(share_of(sections["2.1"])) == 1
    assert figures.share(share_of(sections["2"])) == pytest.approx(1 / 3)


def test_answers_of_a_joined_section_come_back(tmp_path: Path) -> None:
    plan = full_plan("account-plan", "nl")
    write_plan(plan, tmp_path / "plan.xlsx", today=TODAY)
    reading = read_workbook((tmp_path / "plan.xlsx").read_bytes(), "plan.xlsx")
    assert reading.plan == plan
    assert reading.findings == ()


@pytest.mark.parametrize("home", ["nowhere", "second"])
def test_joining_what_is_no_tab_is_a_finding(home: str) -> None:
    _, findings = read_blueprint(PAIR.replace("HOME", home), "pair.yaml", kinds())
    assert "one-of" in {finding.code for finding in findings}


def test_a_section_whose_home_is_hidden_has_a_tab_of_its_own() -> None:
    source = PAIR.replace("HOME", "first").replace("title: First,", 'title: First, hide: "true",')
    which, _ = read_blueprint(source, "pair.yaml", kinds())
    assert which is not None
    assert [[section.id for section in tab] for tab in which.tabs] == [["overview"], ["second"]]


@pytest.mark.needs_office
def test_the_account_plan_prints_on_two_pages_beside_overview_and_checks(office: Office, tmp_path: Path) -> None:
    write_plan(full_plan("account-plan", "nl"), tmp_path / "plan.xlsx", today=TODAY)
    assert len(office.pictures(tmp_path / "plan.xlsx", tmp_path / "pages", paper=True)) == 4
