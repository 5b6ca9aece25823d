"""The next period's workbooks: what carries over, moves up, is asked anew or has no place; and nothing is lost on the way."""

from __future__ import annotations

import dataclasses
import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

import accountsheet
from accountsheet.accounts import Account
from accountsheet.address import Key, cell_name
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.cli import main
from accountsheet.figures import Figures
from accountsheet.finding import UsageProblem
from accountsheet.generating import Made
from accountsheet.pieces import Label
from accountsheet.plan import Plan
from accountsheet.previous import HOMELESS, PREVIOUS
from accountsheet.progress import plan_share
from accountsheet.reader import read_workbook
from accountsheet.renewal import renewed
from accountsheet.source import read_blueprint
from accountsheet.writer import write_plan
from office import Office, ooxml_errors
from plans import TODAY, blueprint, full_plan, plans
from small import changed, saved_at

NAMES = ("overview-sheet", "key-account-notes", "twelve-bases", "account-plan", "account-selection")
SOURCE = """
blueprint: loop
version: "1"
title: Loop
languages: [en, nl]
lists:
  mood: {good: {en: good, nl: goed}, bad: {en: bad, nl: slecht}}
  step: {open: Open, done: Done}
sections:
  facts:
    title: {en: Facts, nl: Feiten}
    blocks:
      facts:
        kind: form
        fields:
          town: {label: {en: Town, nl: Plaats}}
          boss: {label: Boss, from: owner}
          view: {label: {en: View, nl: Kijk}, type: long_text, renew: ask}
          mood: {label: Mood, type: choice, list: mood, renew: ask}
          rumour: {label: Rumour, renew: drop}
  people:
    title: People
    blocks:
      people:
        kind: table
        min_rows: "2"
        fields: {name: {label: name, required: "true"}, liking: {label: liking, type: rating, required: "true", renew: ask}}
  todo:
    title: To do
    blocks:
      todo:
        kind: table
        closed: step == "done"
        fields: {task: {label: task}, step: {label: step, type: choice, list: step}}
  ideas:
    title: Ideas
    blocks:
      ideas:
        kind: table
        fields: {idea: {label: idea, renew: ask}, worth: {label: worth, type: money, renew: ask}}
  figures:
    title: Years
    blocks:
      past:
        kind: table
        years: [-2, -1, 0]
        fields: {year: {label: year, type: year}, sales: {label: sales, type: money, renew: shift}}
      forecast:
        kind: forecast
        periods:
          target: {label: "{year} target", from: 0, to: 0}
          hoped: {label: "{year} expected", from: 0, to: 0, renew: ask}
          year_1: {label: "{year}", from: 1, to: 1}
          year_2: {label: "{year}", from: 2, to: 2}
          later: {label: "{from}-{to}", from: 3, to: 5}
        fields:
          revenue: {label: revenue, type: money, required: "true", renew: shift}
          contracted: {label: signed, type: money, renew: shift}
"""


def loop(source: str = SOURCE) -> Blueprint:
    found, findings = read_blueprint(source, "loop.yaml", kinds())
    assert found is not None and findings == []
    return found


def at(block: str, field: str, row: int | str = "", column: str = "") -> Key:
    return Key(block, row, column, field)


ANSWERS: dict[Key, Any] = {
    at("facts", "town"): "Hull", at("facts", "boss"): "Robin", at("facts", "view"): "We are liked.",
    at("facts", "mood"): "good", at("facts", "rumour"): "A merger",
    at("people", "name", 1): "Ann", at("people", "liking", 1): 4, at("people", "name", 2): "Bob",
    at("todo", "task", 1): "Call", at("todo", "step", 1): "done", at("todo", "task", 2): "Visit", at("todo", "step", 2): "open",
    at("ideas", "idea", 1): "A shop", at("ideas", "worth", 1): 5000.0,
    at("past", "sales", 1): 80.0, at("past", "sales", 2): 90.0, at("past", "sales", 3): 95.0,
    at("forecast", "revenue", "target"): 99.0, at("forecast", "revenue", "hoped"): 96.0,
    at("forecast", "revenue", "year_1"): 110.0, at("forecast", "revenue", "year_2"): 120.0,
    at("forecast", "revenue", "later"): 400.0,
}  # fmt: skip


def plan_of(answers: dict[Key, Any] = ANSWERS, which: Blueprint | None = None) -> Plan:
    return Plan(which or loop(), Account("A-1", "Acme", owner="Sam"), "en", 2026, answers)


def next_plan(year: int = 2027, **options: Any) -> Plan:
    return renewed(plan_of(), year, today=TODAY, **options)[0]


def told(plan: Plan, sort: str) -> dict[Key | None, str]:
    return {each.key: each.text for each in plan.earlier if each.sort == sort}


# --------------------------------------------------------------------------------------------- one plan


def test_facts_and_lists_carry_over_and_judgements_are_blank_with_what_was_said_beside_them() -> None:
    plan = next_plan()
    assert plan.answers[at("facts", "town")] == "Hull"
    assert plan.answers[at("people", "name", 2)] == "Bob"
    assert at("facts", "view") not in plan.answers and at("facts", "mood") not in plan.answers
    asked = told(plan, "asked")
    assert (asked[at("facts", "view")], asked[at("facts", "mood")]) == ("We are liked.", "good")
    assert asked[at("people", "liking", 1)] == "4"


def test_what_is_dropped_is_told_nowhere() -> None:
    assert "A merger" not in {*next_plan().answers.values(), *(each.text for each in next_plan().earlier)}


def test_done_actions_stay_behind_and_open_ones_close_up() -> None:
    rows = {key.row: value for key, value in next_plan().answers.items() if key.block == "todo" and key.field == "task"}
    assert rows == {1: "Visit"}


def test_a_row_that_is_all_judgement_is_told_at_once_at_its_first_cell() -> None:
    ideas = {each.key: each.text for each in next_plan().earlier if each.key and each.key.block == "ideas"}
    assert ideas == {at("ideas", "idea", 1): "A shop · worth: 5,000"}


def test_year_1_becomes_the_proposed_target_and_the_years_after_it_move_up() -> None:
    plan = next_plan()
    figures = {key.row: value for key, value in plan.answers.items() if key.block == "forecast"}
    assert figures == {"target": 110.0, "year_1": 120.0}
    assert told(plan, "proposed") == {at("forecast", "revenue", "target"): "110"}
    assert told(plan, "moved") == {at("forecast", "revenue", "year_1"): "120"}
    assert told(plan, "asked")[at("forecast", "revenue", "hoped")] == "110"


def test_years_that_stood_together_are_told_and_never_split() -> None:
    assert told(next_plan(), "together") == {
        at("forecast", "revenue", "year_2"): "400", at("forecast", "revenue", "later"): "400",
    }  # fmt: skip


def test_history_gains_the_closed_year_and_loses_the_oldest() -> None:
    plan = next_plan()
    assert {key.row: value for key, value in plan.answers.items() if key.block == "past"} == {1: 90.0, 2: 95.0}
    assert list(told(plan, "closing")) == [at("past", "sales", 2)]


def test_years_may_be_skipped() -> None:
    plan = next_plan(2028)
    assert plan.answers[at("forecast", "revenue", "target")] == 120.0
    assert {key.row: value for key, value in plan.answers.items() if key.block == "past"} == {1: 95.0}
    assert at("forecast", "revenue", "year_1") in told(plan, "together")
    assert not any(key.block in ("past", "forecast") for key in next_plan(2040).answers)


def test_an_earlier_year_is_refused() -> None:
    with pytest.raises(ValueError, match="2025"):
        renewed(plan_of(), 2025)


def test_the_account_is_what_the_plan_says_of_it_now() -> None:
    assert next_plan().account == Account("A-1", "Acme", owner="Robin")


def test_the_next_plan_begins_at_nothing_done_and_asks_no_fact_again() -> None:
    plan = next_plan()
    layout = plan.layout()
    assert Figures(layout, plan.answers, TODAY).share(plan_share()) == 0.0
    rest = {key: 1 for key in layout.slots if key not in plan.prefilled and key.block != "plan"}
    assert Figures(layout, {**plan.answers, **rest}, TODAY).share(plan_share()) == 1.0


def test_a_section_with_nothing_left_to_answer_says_so() -> None:
    page = {piece.text for piece in next_plan().layout().sheets[0].pieces if isinstance(piece, Label)}
    assert "already filled in" in page


# ------------------------------------------------------------------------------------ another blueprint

MOVED = (
    SOURCE.replace("mood: {good: {en: good, nl: goed}, bad: {en: bad, nl: slecht}}", "mood: {fine: {en: Good, nl: Prima}}")
    .replace("          town: {label: {en: Town, nl: Plaats}}\n", "")
    .replace("rumour: {label: Rumour, renew: drop}", "rumour: {label: Rumour, type: money}")
)


def test_in_its_own_year_a_plan_moves_to_another_blueprint_with_everything_it_says() -> None:
    same, findings = renewed(plan_of(), 2026, blueprint=loop())
    assert (same.answers, findings, same.earlier, same.prefilled) == (ANSWERS, [], (), frozenset())


def test_choices_are_found_by_key_or_label_and_what_has_no_place_is_listed_and_kept() -> None:
    plan, findings = renewed(plan_of(), 2026, blueprint=loop(MOVED))
    assert plan.answers[at("facts", "mood")] == "fine"
    lost = [each for each in plan.earlier if each.sort == HOMELESS]
    assert [(each.section, each.label, each.text) for each in lost] == [
        ("Facts", "Town", "Hull"), ("Facts", "Rumour", "A merger"),
    ]  # fmt: skip
    assert [(each.code, each.raw) for each in findings] == [("renewal-no-place", "Hull"), ("renewal-no-place", "A merger")]


@pytest.mark.parametrize("target", ["key-account-notes", "account-plan"])
def test_moving_between_bundled_blueprints_keeps_or_lists_every_answer(target: str) -> None:
    plan = full_plan("overview-sheet", seed=5, share=0.2)
    moved, _ = renewed(plan, 2026, blueprint=blueprint(target))
    homeless = [each for each in moved.earlier if each.sort == HOMELESS]
    kept = sum(key in plan.answers for key in moved.answers)
    assert kept > 20
    gone = {key for key in plan.answers if key not in moved.answers}
    listed = " ".join(each.text for each in homeless)
    assert [key for key in gone if key.field == "text" and plan.answers[key] not in listed] == []
    assert bool(gone) == bool(homeless)


# ------------------------------------------------------------------------------------------- workbooks


@pytest.mark.parametrize(("name", "language"), zip(NAMES, ("en", "nl", "nl", "en", "nl"), strict=True))
def test_a_renewed_workbook_reads_back_as_it_was_meant_and_without_a_remark(name: str, language: str, tmp_path: Path) -> None:
    plan, findings = renewed(full_plan(name, language, share=0.2), 2027, today=TODAY)
    assert findings == [] and plan.earlier
    assert write_plan(plan, tmp_path / "next.xlsx", today=TODAY) == []
    reading = read_workbook((tmp_path / "next.xlsx").read_bytes(), "next.xlsx")
    assert reading.plan == plan
    assert [str(each) for each in reading.findings] == []


@given(plans("account-plan"))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), print_blob=False)
def test_any_plan_can_be_renewed_and_moving_it_nowhere_changes_nothing(plan: Plan) -> None:
    following, _ = renewed(plan, plan.year + 1, today=TODAY)
    layout = following.layout()
    assert following.answers.keys() <= layout.slots.keys() and following.prefilled <= following.answers.keys()
    again, findings = renewed(following, following.year, blueprint=following.blueprint)
    assert (dict(again.answers), findings, again.earlier) == (dict(following.answers), [], following.earlier)


def test_what_a_rep_writes_on_the_tab_or_in_a_note_of_the_previous_plan_is_found(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.comments import Comment

    path = tmp_path / "next.xlsx"
    plan = next_plan()
    write_plan(plan, path, today=TODAY)
    book = openpyxl.load_workbook(path)
    place = plan.layout().places[at("facts", "view")]
    cell = book.worksheets[place.sheet].cell(place.row + 1, place.column + 1)
    assert cell.comment is not None and cell.comment.text.endswith("We are liked.")
    cell.comment = Comment(f"{cell.comment.text}\nNot any more", "rep")
    book["Previous plan"]["C40"] = "Ask Ann"
    book.save(path)
    reading = read_workbook(path.read_bytes(), "next.xlsx")
    assert {(each.code, each.raw) for each in reading.findings} >= {("cell-note", "Not any more"), ("unplaced", "Ask Ann")}


def test_renewed_workbooks_are_valid_and_libreoffice_calculates_them_as_we_do(tmp_path: Path, office: Office) -> None:
    for name, language in (("overview-sheet", "nl"), ("account-selection", "en")):
        path = tmp_path / f"{name}.xlsx"
        plan, _ = renewed(full_plan(name, language, share=0.3), 2027, today=TODAY)
        write_plan(plan, path)
        assert ooxml_errors(path) == []
        layout, figures = plan.layout(), Figures(plan.layout(), plan.answers, datetime.date.today())
        cells = office.recalculate(path)
        for key, piece in layout.formulas.items():
            found = cells[layout.titles[layout.places[key].sheet]][cell_name(piece.row, piece.column)]
            ours = figures.value(key)
            assert not found.error, (key, found)
            if isinstance(ours, float):
                assert found.value == pytest.approx(ours, rel=1e-9, abs=1e-9), key


# ------------------------------------------------------------------------------------- many, and the command


def write(path: Path, number: str = "A-1", year: int = 2026, **answers: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    given = {**ANSWERS, **{at("facts", field): value for field, value in answers.items()}}
    write_plan(dataclasses.replace(plan_of(given), account=Account(number, f"Acme {number}", owner="Sam"), year=year), path)
    return path


def run(*arguments: Any, status: int = 0) -> Any:
    result = CliRunner().invoke(main, [*map(str, arguments), "--json"])
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)


def codes(outcome: Any) -> list[str]:
    return sorted(each["code"] for each in outcome["findings"])


def test_only_the_workbook_that_counts_is_renewed_and_of_several_years_the_last(tmp_path: Path) -> None:
    write(tmp_path / "in" / "old.xlsx", town="Old")
    newest = write(tmp_path / "in" / "new.xlsx", town="New")
    newest.write_bytes(changed(newest.read_bytes(), {"docProps/core.xml": lambda part: saved_at(part, "2099-01-01T00:00:00Z")}))
    write(tmp_path / "in" / "before.xlsx", year=2025)
    (tmp_path / "in" / "broken.xlsx").write_bytes(b"PK nothing")
    outcome = run("renew", tmp_path / "in", "--out", tmp_path / "out", "--year", 2027, status=1)
    assert [Path(each).name for each in outcome["workbooks"]] == ["A-1 Acme A-1.xlsx"]
    assert accountsheet.read_plan(outcome["workbooks"][0]).answers[at("facts", "town")] == "New"
    assert {"renewal-older", "workbook-superseded"} <= set(codes(outcome))
    assert any(each["file"].endswith("broken.xlsx") and each["severity"] == "error" for each in outcome["findings"])


def test_an_existing_workbook_is_left_alone_and_one_that_came_in_always(tmp_path: Path) -> None:
    first = write(tmp_path / "in" / "A-1 Acme A-1.xlsx")
    before = first.read_bytes()
    run("renew", tmp_path / "in", "--out", tmp_path / "in", "--year", 2027, "--overwrite", status=2)
    assert first.read_bytes() == before
    run("renew", first, "--out", tmp_path / "out", "--year", 2027)
    made = tmp_path / "out" / "A-1 Acme A-1.xlsx"
    made.write_bytes(b"typed in")
    assert codes(run("renew", first, "--out", tmp_path / "out", "--year", 2027, status=2))[0] == "file-exists"
    assert made.read_bytes() == b"typed in"
    assert run("renew", first, "--out", tmp_path / "out", "--year", 2027, "--overwrite")["ok"]


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_year_that_is_no_later_is_refused(tmp_path: Path, year: int) -> None:
    write(tmp_path / "a.xlsx")
    outcome = run("renew", tmp_path / "a.xlsx", "--out", tmp_path / "out", "--year", year, status=2)
    assert "renewal-not-later" in codes(outcome)


def test_plans_move_to_a_blueprint_in_their_own_year(tmp_path: Path) -> None:
    (tmp_path / "moved.yaml").write_text(MOVED, encoding="utf-8")
    write(tmp_path / "a.xlsx")
    options = ("--blueprint", tmp_path / "moved.yaml", "--due", "2026-12-31", "--language", "nl", "--by", "owner")
    outcome = run("renew", tmp_path / "a.xlsx", "--out", tmp_path / "out", "--year", 2026, *options)
    assert codes(outcome) == ["renewal-no-place"] * 2
    made = accountsheet.read_plan(outcome["workbooks"][0])
    assert Path(outcome["workbooks"][0]).parent.name == "Robin"
    assert (made.language, made.due, made.year) == ("nl", datetime.date(2026, 12, 31), 2026)


def test_several_processes_make_the_same_workbooks_as_one(tmp_path: Path) -> None:
    for number in range(8):
        write(tmp_path / "in" / f"{number}.xlsx", f"A-{number}")
    one = accountsheet.renew(tmp_path / "in", tmp_path / "one", year=2027)
    two = accountsheet.renew(tmp_path / "in", tmp_path / "two", year=2027, jobs=2)

    def content(made: list[Made]) -> list[Plan]:
        return [accountsheet.read_plan(each.path) for each in made]

    assert len(one) == 8 and content(one) == content(two)


def test_tables_of_an_import_cannot_be_renewed(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.xlsx")
    run("import", tmp_path / "in", "--out", tmp_path / "tables")
    outcome = run("renew", tmp_path / "tables", "--out", tmp_path / "out", "--year", 2027, status=2)
    assert "renewal-wants-workbooks" in codes(outcome)


def test_a_language_that_the_blueprint_has_not_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx")
    english = loop(SOURCE.replace("languages: [en, nl]", "languages: [en]"))
    with pytest.raises(UsageProblem):
        accountsheet.renew(tmp_path / "a.xlsx", tmp_path / "out", year=2027, blueprint=english, language="nl")


def test_the_tab_is_there_only_where_there_is_something_to_tell() -> None:
    assert PREVIOUS in [sheet.id for sheet in next_plan().layout().sheets]
    assert PREVIOUS not in [sheet.id for sheet in plan_of().layout().sheets]


def test_a_condition_for_rows_to_stay_behind_that_cannot_be_read_is_a_finding_with_its_line() -> None:
    _, findings = read_blueprint(SOURCE.replace('closed: step == "done"', "closed: stage == 1"), "loop.yaml", kinds())
    assert [(each.code, each.cell) for each in findings] == [("expression", "line 33")]
