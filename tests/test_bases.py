"""The twelve bases: reached in order, decided one by one, and drawn as a strip and diamonds."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from accountsheet.address import Key
from accountsheet.figures import Figures
from accountsheet.judge import judge
from accountsheet.layout import Layout
from accountsheet.pieces import Link
from accountsheet.plan import Plan
from accountsheet.writer import write_plan
from office import Office
from plans import ACCOUNT, TODAY, blueprint
from test_round_trip import back

BASES = blueprint("twelve-bases").blocks["bases"]
NAMES = list(BASES.options["items"])
Decided = dict[str, object]


def plan(language: str = "en", **bases: Decided) -> Plan:
    """Make a plan with something filled in at some bases."""
    answers = {Key("bases", base, "", field): value for base, fields in bases.items() for field, value in fields.items()}
    return Plan(blueprint("twelve-bases"), ACCOUNT, language, 2026, answers)


def reached(day: int) -> Decided:
    """Fill in a base as reached on a day of January."""
    date = datetime.date(2027, 1, day)
    return {"status": "reached", "date_reached": date, "go_no_go": "go", "date": date}


def shown(plan: Plan, base: str, cell: str) -> object:
    """Give what a tile shows."""
    return Figures(plan.layout(), plan.answers, TODAY).value(Key("bases_strip", base, "", f"#{cell}"))


def failing(plan: Plan) -> set[str]:
    """Give the checks that remark on a base."""
    return {finding.code for finding in judge(back(plan), TODAY).findings if finding.block == "bases"}


def linked_from(layout: Layout, key: Key) -> str:
    """Give the section that the cell of a formula leads to."""
    place = layout.places[key]
    pieces = layout.sheets[place.sheet].pieces
    links = {(piece.row, piece.column): piece.section for piece in pieces if isinstance(piece, Link)}
    return links[place.row, place.column]


def test_a_base_is_imported_with_its_number() -> None:
    records = judge(back(plan(taking_stock=reached(20), analyses=reached(14))), TODAY).tables["bases"]
    days = [(record["base"], record["state"], record["date_reached"].day) for record in records]
    assert days == [(1, "reached", 14), (2, "reached", 20)]


def test_a_base_reached_before_the_one_above_it_does_not_count() -> None:
    skipped = plan(analyses=reached(14), account_plan=reached(20), account_team=reached(21))
    records = judge(back(skipped), TODAY).tables["bases"]
    assert [record["state"] for record in records] == ["reached", "out_of_order", "out_of_order"]
    assert failing(skipped) == {"check-bases-in-order"}
    assert failing(plan(analyses=reached(14), taking_stock=reached(20))) == set()


def test_a_no_go_wants_a_reason_a_day_and_a_follow_up() -> None:
    bare: Decided = {"status": "under_way", "go_no_go": "no_go"}
    told: Decided = {**bare, "reason": "Merger first", "until_when": datetime.date(2027, 9, 1), "keeps_them_informed": "Figures"}
    assert failing(plan(analyses=bare)) == {"check-no-go-has-follow-up"}
    assert failing(plan(analyses=told)) == set()
    assert failing(plan(analyses={**told, "until_when": TODAY - datetime.timedelta(1)})) == {"check-no-go-asked-again"}


def test_the_strip_shows_how_far_each_base_is() -> None:
    waiting: Decided = {"status": "under_way", "go_no_go": "no_go"}
    walked = plan(analyses=reached(14), taking_stock=waiting, account_team={"status": "reached"})
    assert [shown(walked, base, "tile") for base in NAMES[:4]] == ["◆ 1", "◈ 2", "◇ 3", "◇ 4"]
    assert [shown(walked, base, "decision") for base in NAMES[:3]] == ["●  go", "×  no-go", "–"]
    assert [shown(walked, base, "since") for base in NAMES[1:4]] == ["under way", "not yet", "!  too early"]
    assert shown(walked, "", "summary") == "1 of 12 bases reached  ·  now at base 2  Taking stock"
    assert shown(walked, "", "no_go_head") == "No-go at base 2  Taking stock: what now? →"
    assert shown(walked, "analyses", "round") == "Prepare  1 / 4"


def test_a_plan_without_a_no_go_says_so_in_its_own_language() -> None:
    assert shown(plan("nl", analyses=reached(14)), "", "no_go_head") == "Geen enkel honk staat op no-go"


def test_the_overview_repeats_the_strip_a_round_at_a_time() -> None:
    walked = plan(analyses=reached(14))
    strip = Figures(walked.layout(), walked.answers, TODAY).value(Key("#page", 0, "bases_strip", "strip"))
    assert str(strip).split("      ") == ["◆ 1", "◇ 2", "◇ 3", "◇ 4"]


@pytest.mark.parametrize("cell", ["#tile", "#corner"])
def test_every_base_leads_to_its_own_tab(cell: str) -> None:
    layout = plan().layout()
    assert [linked_from(layout, Key("bases_strip", base, "", cell)) for base in NAMES] == NAMES


def test_two_times_yes_ask_for_the_appointment() -> None:
    def advice(*answers: bool | None) -> object:
        asked = zip(("appeals_to_management", "raises_questions", "affects_users"), answers, strict=True)
        filled = {Key("idea_test", "", "", field): answer for field, answer in asked if answer is not None}
        tested = Plan(blueprint("twelve-bases"), ACCOUNT, "en", 2026, filled)
        return judge(back(tested), TODAY).tables["idea_test"][0]["ask_for_appointment"]

    assert advice(True, None, True) == "ask"
    assert advice(True, False, False) == "not_yet"
    assert advice(True, None, None) is None


def test_the_goal_is_tested_on_twenty_letters() -> None:
    letters = ("clear", "ambitious", "result_driven", "directly_applicable")
    answers: dict[Key, object] = {Key("goal_matrix", row, "", "answer"): "x" for row in ("what", "by_when")}
    answers |= {Key("goal_matrix", "what", "", letter): True for letter in letters}
    answers |= {Key("goal_matrix", "by_when", "", letter): True for letter in letters[:3]}
    tables = judge(back(Plan(blueprint("twelve-bases"), ACCOUNT, "en", 2026, answers)), TODAY).tables
    assert {record["item"]: record["hard_score"] for record in tables["goal_matrix"]} == {"what": 4, "by_when": 3}
    assert tables["account_goal"][0]["score"] == 7


def test_libreoffice_walks_the_same_way(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "bases.xlsx"
    walked = plan(analyses=reached(14), taking_stock={"status": "under_way", "go_no_go": "no_go", "reason": "Merger"})
    write_plan(walked, path)
    cells = office.recalculate(path)["Twelve bases"]
    texts = {cell.value for cell in cells.values()}
    assert {"◆ 1", "◈ 2", "◇ 12", "×  no-go", "Merger", "Win  0 / 4"} <= texts
