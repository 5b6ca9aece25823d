"""What changed between two collections: answer by answer, whatever moved; and forecasts by the calendar."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest
from click.testing import CliRunner

import accountsheet
from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.cli import main
from accountsheet.finding import UsageProblem
from accountsheet.judge import judge
from accountsheet.plan import Plan
from accountsheet.portfolio import Portfolio
from accountsheet.reader import Reading
from accountsheet.renewal import renewed
from accountsheet.writer import write_plan
from plans import TODAY, assemble, blueprint, full_plan
from test_renew import ANSWERS, at, loop, plan_of

WHICH = loop()


def plan(number: str = "A-1", year: int = 2026, **changes: Any) -> Plan:
    return Plan(WHICH, Account(number, f"Acme {number}", owner="Sam"), "en", year, {**ANSWERS, **changes.get("answers", {})})


def portfolio(*plans: Plan) -> Portfolio:
    """Put plans together as if their workbooks had been read."""
    readings = [Reading(f"{number}.xlsx", str(number), each, modified=None) for number, each in enumerate(plans)]
    return assemble([judge(each, TODAY) for each in readings])


def changed(answers: Mapping[Key, Any], gone: tuple[Key, ...] = ()) -> pandas.DataFrame:
    after = {key: value for key, value in {**ANSWERS, **answers}.items() if key not in gone}
    return accountsheet.compare(portfolio(plan_of()), portfolio(plan_of(after)))


def told(frame: pandas.DataFrame) -> list[tuple[Any, ...]]:
    columns = ["block", "name", "field", "change", "old", "new"]
    return list(frame[columns].astype(object).where(frame[columns].notna(), None).itertuples(index=False, name=None))


def test_nothing_changed_is_an_empty_frame_of_the_same_columns() -> None:
    frame = changed({})
    assert frame.empty and list(frame.columns) == list(changed({at("facts", "town"): "York"}).columns)
    assert (frame.dtypes == changed({at("facts", "town"): "York"}).dtypes).all()


def test_an_answer_is_changed_added_or_removed() -> None:
    frame = changed({at("facts", "town"): "York", at("people", "liking", 2): 3}, gone=(at("facts", "view"),))
    assert told(frame) == [
        ("facts", None, "town", "changed", "Hull", "York"),
        ("facts", None, "view", "removed", "We are liked.", None),
        ("people", "Bob", "liking", "added", None, "3"),
    ]


def test_figures_have_their_difference_and_its_share() -> None:
    row = changed({at("forecast", "revenue", "year_1"): 121.0}).iloc[0]
    assert (row["difference"], row["percent"], row["old_shown"], row["new_shown"]) == (11.0, pytest.approx(0.1), "110", "121")
    assert changed({at("forecast", "revenue", "year_1"): 110.0}).empty


def test_a_share_moves_by_points(tmp_path: Path) -> None:
    source = full_plan()
    chance = next(key for key in source.answers if (key.block, key.field) == ("opportunities", "probability"))
    before, after = (dataclasses.replace(source, answers={**source.answers, chance: share}) for share in (0.6, 0.4))
    [row] = accountsheet.compare(portfolio(before), portfolio(after)).to_dict("records")
    assert (row["share"], row["difference"], row["old_shown"], row["new_shown"]) == (True, -0.2, "60 %", "40 %")
    assert row["percent"] != row["percent"]
    for name, plan_then in (("before", before), ("after", after)):
        write_plan(plan_then, tmp_path / f"{name}.xlsx", today=TODAY)
    assert "60 % → 40 % (-20 points)" in run("compare", tmp_path / "before.xlsx", tmp_path / "after.xlsx").stdout


def test_a_row_put_in_between_is_one_row_and_moves_no_other() -> None:
    inserted = {at("people", "name", 1): "New", at("people", "liking", 1): 2, at("people", "name", 2): "Ann"}
    inserted |= {at("people", "liking", 2): 4, at("people", "name", 3): "Bob"}
    frame = changed(inserted)
    assert told(frame) == [("people", "New", "name", "added", None, "New"), ("people", "New", "liking", "added", None, "2")]
    assert frame["whole"].all()


def test_a_name_that_was_reworded_is_the_same_row() -> None:
    frame = changed({at("todo", "task", 2): "Visits"})
    assert told(frame) == [("todo", "Visits", "task", "changed", "Visit", "Visits")]
    assert not frame["whole"].any()


def test_rows_with_one_name_are_matched_in_their_order() -> None:
    twice = {at("todo", "task", 1): "Call", at("todo", "task", 2): "Call"}
    before, after = plan_of({**ANSWERS, **twice}), plan_of({**ANSWERS, **twice, at("todo", "step", 2): "done"})
    frame = accountsheet.compare(portfolio(before), portfolio(after))
    assert told(frame) == [("todo", "Call", "step", "changed", "open", "done")]


def test_a_row_that_sorting_moved_has_not_changed() -> None:
    turned = {at("people", "name", 1): "Bob", at("people", "name", 2): "Ann", at("people", "liking", 2): 4}
    assert changed(turned, gone=(at("people", "liking", 1),)).empty


@pytest.mark.parametrize("name", ["key-account-notes", "account-selection"])
def test_every_kind_of_answer_is_compared_and_named_in_words(name: str) -> None:
    before = full_plan(name, share=0.15)
    nothing, full = portfolio(Plan(before.blueprint, before.account, "en", before.year)), portfolio(before)
    frame = accountsheet.compare(nothing, full, language="nl")
    assert len(frame) == len(before.answers) and (frame["change"] == "added").all()
    assert frame["question"].notna().all() and frame["new_shown"].notna().all()
    assert accountsheet.compare(full, full).empty
    tables = frame[frame["block"].isin(["contacts", "swot", "cross_sell", "bases", "candidates"])]
    assert tables["name"].notna().any()


def test_years_are_compared_by_the_calendar_when_a_plan_was_renewed() -> None:
    following, _ = renewed(plan_of(), 2027, today=TODAY)
    frame = accountsheet.compare(portfolio(plan_of()), portfolio(following))
    dated = frame[frame["block"].isin(["past", "forecast"])]
    assert told(dated) == [("forecast", "2027", "revenue", "removed", "110", None)]
    assert (frame.iloc[0]["old_year"], frame.iloc[0]["new_year"]) == (2026, 2027)


def test_plans_that_came_or_went_are_one_change() -> None:
    frame = accountsheet.compare(portfolio(plan("A-1"), plan("A-2")), portfolio(plan("A-1"), plan("A-3")))
    assert list(frame[["account_id", "change", "question"]].itertuples(index=False, name=None)) == [
        ("A-2", "removed", "The plan for 2027"), ("A-3", "added", "The plan for 2027"),
    ]  # fmt: skip


def test_two_workbooks_are_compared_whatever_they_are_called() -> None:
    one, two = plan("A-1"), plan("A-9", answers={at("facts", "town"): "York"})
    assert told(accountsheet.compare(portfolio(one), portfolio(two))) == [("facts", None, "town", "changed", "Hull", "York")]


def test_what_only_one_blueprint_asks_is_no_change() -> None:
    before = full_plan("overview-sheet", share=0.2)
    after, _ = renewed(before, 2026, blueprint=blueprint("account-plan"))
    frame = accountsheet.compare(portfolio(before), portfolio(after))
    assert set(frame["block"]) <= {"plan"}


def test_forecasts_stand_beside_each_other_and_beside_what_came_of_it() -> None:
    after = plan_of({at("forecast", "revenue", "hoped"): 105.0, at("forecast", "revenue", "year_1"): 130.0})
    following = Plan(after.blueprint, after.account, "en", 2027, after.answers)
    actuals = pandas.DataFrame({"account_id": ["A-1", "A-1"], "year": [2026, 2027], "revenue": [93.0, 101.0]})
    frame = accountsheet.compare_forecasts(portfolio(plan_of()), portfolio(following), actuals=actuals)
    rows = {row["from_year"]: row for row in frame[frame["field"] == "revenue"].to_dict("records")}
    assert (rows[2026]["old"], rows[2026]["actual"], rows[2026]["off"]) == (96.0, 93.0, -3.0)
    assert (rows[2027]["old"], rows[2027]["new"], rows[2027]["difference"]) == (110.0, 105.0, -5.0)
    assert (rows[2027]["off"], rows[2027]["off_percent"]) == (-9.0, pytest.approx(-9 / 110))
    assert (rows[2028]["old"], rows[2028]["new"]) == (120.0, 130.0)


# --------------------------------------------------------------------------------------------- the command


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two collections of one workbook each."""
    home = tmp_path_factory.mktemp("compare")
    changes = {at("facts", "town"): "=York", at("forecast", "revenue", "year_1"): 121.0}
    for name, answers in (("old", ANSWERS), ("new", {**ANSWERS, **changes})):
        (home / name).mkdir()
        write_plan(plan_of(dict(answers)), home / name / "a.xlsx", today=TODAY)
    return home / "old", home / "new"


def run(*arguments: Any, status: int = 0) -> Any:
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == status, result.output
    return result


def test_the_command_tells_changes_by_account_in_words_and_ends_with_0(folders: tuple[Path, Path]) -> None:
    lines = run("compare", *folders).stdout.splitlines()
    assert lines[1] == "Acme (A-1, Robin)"
    assert "    ~ Town: Hull → =York" in lines
    assert "    ~ 2027, revenue: 110 → 121 (+11, +10%)" in lines
    assert lines[-1] == "2 changed"
    assert run("compare", folders[0], folders[0]).stdout.strip() == "nothing changed"


def test_json_holds_changes_and_forecasts(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "actuals.csv").write_text("account_id,year,revenue\nA-1,2027,115\n", encoding="utf-8")
    document = json.loads(run("compare", *folders, "--data", tmp_path, "--json").stdout)
    assert [each["field"] for each in document["changes"]] == ["town", "revenue"]
    assert {each["from_year"]: each["actual"] for each in document["forecasts"]}[2027] == 115
    assert document["ok"]


def test_a_workbook_and_a_csv_file_hold_it_and_no_text_becomes_a_formula(folders: tuple[Path, Path], tmp_path: Path) -> None:
    run("compare", *folders, "--out", tmp_path / "changes.xlsx")
    book = openpyxl.load_workbook(tmp_path / "changes.xlsx")
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == "=York"]
    assert [cell.data_type for cell in cells] == ["s"] and len(book.worksheets) == 2
    run("compare", *folders, "--out", tmp_path / "changes.xlsx")
    run("compare", *folders, "--out", tmp_path / "changes.csv")
    table = pandas.read_csv(tmp_path / "changes.csv")
    assert table["new"].tolist() == ["'=York", "121"]


def test_it_writes_over_no_workbook_of_anyone_else(folders: tuple[Path, Path]) -> None:
    before = (folders[0] / "a.xlsx").read_bytes()
    run("compare", *folders, "--out", folders[0] / "a.xlsx", status=2)
    assert (folders[0] / "a.xlsx").read_bytes() == before


def test_errors_in_files_end_with_1_and_nothing_usable_with_2(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK nothing")
    run("compare", tmp_path, folders[1], status=2)
    (tmp_path / "a.xlsx").write_bytes((folders[0] / "a.xlsx").read_bytes())
    run("compare", tmp_path, folders[1], status=1)


def test_a_folder_without_actual_figures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("account_id,year\nA-1,2027\n", encoding="utf-8")
    with pytest.raises(UsageProblem):
        accountsheet.compare_forecasts(portfolio(plan_of()), portfolio(plan_of()), actuals=tmp_path)
