"""Choosing key accounts: weighted scores, ranks, and what the choice is held to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from accountsheet.address import Key
from accountsheet.blocks import kinds
from accountsheet.blueprint import Choices
from accountsheet.judge import Record, judge
from accountsheet.plan import Plan, new_plan
from accountsheet.source import read_blueprint
from accountsheet.text import Text
from plans import ACCOUNT, TODAY, blueprint
from test_round_trip import back

WEIGHTS = {"repeat_purchases": 0.5, "growth": 0.3, "profitability": 0.2}


def plan(accounts: Mapping[str, Mapping[str, object]], weights: Mapping[str, float] = WEIGHTS) -> Plan:
    """Make an owner's plan: scores and choices by account."""
    answers: dict[Key, object] = {Key("criteria", name, "", "weight"): weight for name, weight in weights.items()}
    for row, (name, given) in enumerate(accounts.items(), 1):
        answers[Key("candidates", row, "", "account")] = name
        answers |= {Key("candidates", row, "", field): value for field, value in given.items()}
    return Plan(blueprint("account-selection"), ACCOUNT, "en", 2026, answers)


def judged(accounts: Mapping[str, Mapping[str, object]], weights: Mapping[str, float] = WEIGHTS) -> dict[str, Record]:
    """Give the imported candidates by their account."""
    return {record["account"]: record for record in judge(back(plan(accounts, weights)), TODAY).tables["candidates"]}


def failing(which: Plan) -> set[str]:
    """Give the checks that do not hold."""
    checks = judge(back(which), TODAY).tables["checks"]
    return {record["check"] for record in checks if not record["holds"] and record["row"] is None}


def test_the_weighted_score_leaves_out_what_is_empty() -> None:
    found = judged({
        "Ash": {"repeat_purchases": 8, "growth": 6, "profitability": 4},
        "Elm": {"repeat_purchases": 8, "profitability": 1},
        "Oak": {},
    })  # fmt: skip
    assert found["Ash"]["weighted_total"] == pytest.approx(8 * 0.5 + 6 * 0.3 + 4 * 0.2)
    assert found["Elm"]["weighted_total"] == pytest.approx((8 * 0.5 + 1 * 0.2) / 0.7)
    assert found["Oak"]["weighted_total"] is None
    assert [found[name]["rank"] for name in ("Ash", "Elm", "Oak")] == [1, 2, None]


def test_a_criterion_without_a_weight_does_not_count_and_equals_share_a_rank() -> None:
    found = judged({"Ash": {"growth": 7, "mutual_respect": 1}, "Elm": {"growth": 7, "mutual_respect": 9}, "Oak": {"growth": 2}})
    assert [found[name]["rank"] for name in ("Ash", "Elm", "Oak")] == [1, 1, 3]


def test_weights_are_to_add_up_to_the_whole() -> None:
    assert "weights_complete" not in failing(plan({}))
    assert "weights_complete" not in failing(plan({}, {"growth": 0.1, "profitability": 0.2, "mutual_respect": 0.7}))
    assert "weights_complete" in failing(plan({}, {"growth": 0.5, "profitability": 0.4}))


@pytest.mark.parametrize(("number", "codes"), [
    (4, {"chosen_enough"}), (5, set()), (25, set()), (26, {"chosen_not_too_many"}),
    (101, {"chosen_not_too_many", "chosen_never_over_hundred"}),
])  # fmt: skip
def test_five_to_twenty_five_accounts_are_chosen(number: int, codes: set[str]) -> None:
    chosen = plan({f"Account {place}": {"chosen": True, "growth": 5} for place in range(number)})
    assert failing(chosen) & {"chosen_enough", "chosen_not_too_many", "chosen_never_over_hundred"} == codes


def test_a_blank_workbook_has_a_row_for_each_of_the_owners_accounts() -> None:
    which = blueprint("account-selection")
    accounts = Choices("accounts", {f"Account {place}": Text({"": f"Account {place}"}) for place in range(20)})
    owned = replace(which, lists={**which.lists, "accounts": accounts})
    blank, findings = new_plan(owned, ACCOUNT, language="nl", year=2026)
    assert findings == []
    assert [blank.answers[Key("candidates", row, "", "account")] for row in range(1, 21)] == list(accounts.labels)


def test_a_company_with_its_own_criteria_gets_its_own_columns() -> None:
    text = """
extends: account-selection
blueprint: ours
version: "1"
title: Ours
lists:
  criteria: {distance: {en: distance, nl: afstand}, fit: {en: fit, nl: past bij ons}}
"""
    own, findings = read_blueprint(text, "ours.yaml", kinds())
    assert findings == [] and own is not None
    assert list(own.blocks["candidates"].fields)[2:4] == ["distance", "fit"]
    assert list(own.blocks["criteria"].options["items"]) == ["distance", "fit"]
    scored = {Key("criteria", "distance", "", "weight"): 1.0, Key("candidates", 1, "", "distance"): 9}
    read = judge(back(Plan(own, ACCOUNT, "en", 2026, scored)), TODAY).tables["candidates"]
    assert [(record["distance"], record["weighted_total"]) for record in read] == [(9, 9.0)]


@pytest.mark.parametrize(("actual", "status"), [(8.5, "met"), (8.2, "close"), (8.19, "behind"), (9, "met"), (None, None)])
def test_a_key_figure_is_judged_by_the_part_of_the_way(actual: float | None, status: str | None) -> None:
    answers = {Key("kpis", 1, "", "today"): 7.0, Key("kpis", 1, "", "target"): 8.5}
    if actual is not None:
        answers[Key("kpis", 1, "", "actual")] = actual
    figures = Plan(blueprint("account-selection"), ACCOUNT, "en", 2026, answers)
    assert judge(back(figures), TODAY).tables["kpis"][0]["status"] == status


def test_objectives_and_actions_say_for_which_account() -> None:
    answers = {Key("objectives", 1, "", "account"): "account_b", Key("objectives", 1, "", "description"): "Grow"}
    which = Plan(blueprint("account-selection"), ACCOUNT, "nl", 2026, answers)
    judgement = judge(back(which), TODAY)
    assert [(record["account"], record["description"]) for record in judgement.tables["objectives"]] == [("account_b", "Grow")]
    assert any(finding.message == "Zonder cijfer of datum: Grow" for finding in judgement.findings)
