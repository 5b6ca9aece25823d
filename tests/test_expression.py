"""The language of calculations and checks: what it allows, and what comes out."""

from __future__ import annotations

import datetime
import os
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accountsheet.accounts import Account
from accountsheet.address import Key, cell_name
from accountsheet.blocks import kinds
from accountsheet.blueprint import Block, Blueprint, Check, Choices, Field, Section
from accountsheet.expression import LONGEST, ExpressionProblem, condition, names_in
from accountsheet.figures import Figures
from accountsheet.formula import Notation
from accountsheet.kind import Context
from accountsheet.layout import Layout
from accountsheet.plan import Plan, layout_for
from accountsheet.progress import check_key, plan_scope
from accountsheet.text import Text, text
from accountsheet.writer import write_plan
from office import Office

TODAY = datetime.date(2026, 11, 22)
PHASES = Choices(
    "phases", {"open": text("Open", "Open zaak"), "won": text("Won", "Gewonnen"), "lost": text("Lost", "Verloren")}
)
FACTS = {"a": "number", "b": "number", "c": "number", "name": "text", "sure": "yes_no", "phase": "choice", "due": "date"}
DEALS = {"name": "text", "amount": "money", "phase": "choice", "closes": "date", "sure": "yes_no"}
RESULT = Key("facts", "", "", "result")


def fields(types: Mapping[str, str], **calculated: tuple[str, str]) -> dict[str, Field]:
    """Make fields of types, and calculated ones of (expression, type)."""
    lists = {"choice": "phases"}
    inputs = {name: Field(name, kind, Text({"": name}), list=lists.get(kind, "")) for name, kind in types.items()}
    return inputs | {
        name: Field(name, "calc", Text({"": name}), value=value, result=kind, list=lists.get(kind, ""))
        for name, (value, kind) in calculated.items()
    }


def blueprint(expression: str, kind: str = "number", row: str = "amount", before: str = "revenue") -> Blueprint:
    """Make a blueprint that calculates an expression in a form, one on each row of a table, and one on each year."""
    blocks = (
        Block("facts", "form", Text(), fields(FACTS, result=(expression, kind))),
        Block("deals", "table", Text(), fields(DEALS, worth=(row, "number")), options={"rows": "4"}),
        Block("tasks", "table", Text(), fields({"what": "text", "deal": "text"}), options={"rows": "4"}),
        Block("notes", "table", Text(), fields({"note": "text"}), options={"rows": "4"}),
        Block("past", "table", Text(), fields({"revenue": "money"}, growth=(before, "number")), options={"years": [-2, -1, 0]}),
        Block(
            "forecast", "forecast", Text(), fields({"revenue": "money"}, each=("revenue / years", "number")),
            options={"periods": {"year_1": {"label": Text({"": "1"}), "from": "1", "to": "1"},
                                 "later": {"label": Text({"": "2-5"}), "from": "2", "to": "5"}}},
        ),
    )  # fmt: skip
    sections = tuple(Section(block.id, Text({"": block.id}), (block,)) for block in blocks)
    key = repr((expression, kind, row, before))
    return Blueprint("test", "1", Text({"": "Test"}), sections, lists={"phases": PHASES}, source=key)


def key(name: str) -> Key:
    """Read the key of an answer: `a`, `deals.1.amount`."""
    block, _, rest = name.rpartition("/")
    row, _, field = rest.rpartition(".")
    return Key(block or "facts", int(row) if row.isdigit() else row, "", field)


def layout_of(which: Blueprint, language: str = "en") -> Layout:
    return layout_for(which, language, 2026, (), frozenset())


def figures(which: Blueprint, answers: Mapping[str, Any], language: str = "en") -> Figures:
    return Figures(layout_of(which, language), {key(name): value for name, value in answers.items()}, TODAY)


def result(expression: str, answers: Mapping[str, Any] | None = None, kind: str = "number", language: str = "en") -> Any:
    """Calculate an expression in the form."""
    return figures(blueprint(expression, kind), answers or {}, language).answer(RESULT)


def formula(expression: str) -> str:
    """Write an expression as Excel's formula, each cell by the name of its field."""
    layout = layout_of(blueprint(expression))
    written = Notation(layout.places[RESULT].sheet, layout.places, layout.titles)(layout.formulas[RESULT].node)
    for place, found in sorted(layout.at.items(), key=lambda item: -item[0].row):
        if found.block == "facts" and found.row == "":
            written = written.replace(Notation(place.sheet, layout.places, layout.titles).cell(found, ""), found.field)
    return written


ABC = {"a": 2, "b": 3, "c": 4}


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("a + b * c", 14),
        ("(a + b) * c", 20),
        ("a - b - c", -5),
        ("a - (b - c)", 3),
        ("c / a / a", 1),
        ("c / (a / b)", 6),
        ("a * (b / c)", 1.5),
        ("a / 0", None),
        ("-a + b", 1),
        ("-(a + b)", -5),
        ("a - -b", 5),
        ("2 * -a", -4),
        ("1.5 + .5", 2),
        ("a if b > c else c", 4),
        ("a + (b if b > c else c)", 6),
        ("a if b > c else b if b > 9 else c", 4),
        ("min(a, b, c) + max(a, b)", 5),
        ("abs(a - c) * 2", 4),
        ("round(c / b)", 1),
        ("round(c / b, 2)", 1.33),
        ("round(0 - 2.5)", -3),
        ("plan_year + 1", 2027),
        ("(a > 1) + (b > 1) + (c > 9)", 2),
    ],
)
def test_arithmetic_is_that_of_python(expression: str, wanted: float | None) -> None:
    assert result(expression, ABC) == wanted


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("a + b * c", "a+b*c"),
        ("a - (b - c)", "a-(b-c)"),
        ("a - b - c", "a-b-c"),
        ("a / (b * c)", 'IFERROR(a/(b*c),"")'),
        ("(a + b) * c", "(a+b)*c"),
    ],
)
def test_a_formula_has_the_brackets_it_needs_and_a_guard_on_each_cell(expression: str, wanted: str) -> None:
    assert formula(expression) == f'IF(ISNUMBER(a)*ISNUMBER(b)*ISNUMBER(c),{wanted},"")'


@pytest.mark.parametrize(
    "answers",
    [{"b": 3}, {"a": 2}, {}, {"a": 2, "b": 0}],
    ids=["the first is blank", "the second is blank", "both are blank", "a division by nothing"],
)
def test_what_cannot_be_calculated_is_empty(answers: Mapping[str, Any]) -> None:
    assert result("a / b", answers) is None


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("a if b > 1 else c", 4),
        ("a / b if filled(b) else 0 - 1", -1),
        ("c if blank(a) else a", 4),
        ("(a if filled(a) else 0) + c", 4),
        ("a + (b if filled(b) else 0)", None),
        ("max(a, c)", None),
        ("1 if a > 0 or c > 0 else 0", 1),
    ],
)
def test_a_branch_that_is_not_taken_needs_no_figures(expression: str, wanted: float | None) -> None:
    assert result(expression, {"c": 4}) == wanted


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("a == 2", True),
        ("a != 2", False),
        ("a < b", True),
        ("b <= 3 and c >= 4", True),
        ("a > b or c > b", True),
        ("not a > b", True),
        ("not (a < b and b < c)", False),
        ("1 < a < c", True),
        ("1 < a < b < c", True),
        ("1 < a < b < 3", False),
        ("a + b == 5", True),
        ("(name == 'Acme') == (c > 1)", True),
        ("(name == 'Beta') == (c > 1)", False),
        ("(name == 'Acme') + (a > 1) == 2", True),
        ("name == 'Acme'", True),
        ("name == 'ACME'", True),
        ("name != 'Beta'", True),
        ("'Acme' == name", True),
        ("phase == 'won'", True),
        ("phase != 'won'", False),
        ("phase in ('won', 'lost')", True),
        ("phase not in ('open', 'lost')", True),
        ("filled(name) and not blank(a)", True),
        ("sure", True),
        ("sure == 'yes'", True),
        ("sure != 'no'", True),
        ("due < as_of", True),
        ("year_of(due) == 2026 and quarter_of(due) == 4", True),
        ("True", True),
    ],
)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_conditions_hold_the_same_in_every_language(expression: str, holds: bool, language: str) -> None:
    answers = {**ABC, "name": "Acme", "phase": "won", "sure": True, "due": datetime.date(2026, 10, 1)}
    assert result(f"1 if {expression} else 0", answers, language=language) == int(holds)


@pytest.mark.parametrize(
    "expression",
    ["a == 0", "a < 1", "a > 0 - 1", "a <= b", "a == b", "name == 'x'", "phase in ('won',)", "phase in ('won', 'lost')", "sure"],
)
def test_a_comparison_with_a_blank_does_not_hold(expression: str) -> None:
    assert result(f"1 if {expression} else 0") == 0


def test_a_choice_is_given_by_its_key_and_shown_by_its_label() -> None:
    expression = "'won' if a > 1 else 'lost' if a > 0 else ''"
    assert result(expression, {"a": 2}, "choice", "nl") == "won"
    assert figures(blueprint(expression, "choice"), {"a": 2}, "nl").value(RESULT) == "Gewonnen"
    assert result(expression, {"a": 0}, "choice") is None


def test_a_calculation_gives_a_value_of_its_type() -> None:
    day = datetime.date(2026, 11, 1)
    assert result("due + 14", {"due": day}, "date") == datetime.date(2026, 11, 15)
    assert result("a > 1", {"a": 2}, "yes_no", "nl") is True
    assert result("name", {"name": "Acme"}, "text") == "Acme"
    assert result("a / b", {"a": 1, "b": 8}, "percent") == 0.125
    assert result("a", {"a": 3}, "integer") == 3


# ------------------------------------------------------------------------------------------------------- rows of tables

ROWS = {
    "deals/1.name": "Roof", "deals/1.amount": 100.0, "deals/1.phase": "won", "deals/1.closes": datetime.date(2026, 3, 1),
    "deals/2.name": "Wall", "deals/2.amount": 50.0, "deals/2.phase": "open", "deals/2.sure": True,
    "deals/4.name": "Door", "deals/4.phase": "open",
    "notes/2.note": "Ask", "tasks/1.what": "Call", "tasks/1.deal": "Roof", "tasks/3.what": "Visit", "tasks/3.deal": "Roof",
}  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("count(deals)", 3),
        ("count(deals, phase == 'open')", 2),
        ("count(deals, phase != 'won')", 2),
        ("count(deals, blank(amount))", 1),
        ("count(deals, amount > 60 or phase == 'open')", 3),
        ("count(deals, not filled(closes))", 2),
        ("count(deals, sure)", 1),
        ("count(deals, year_of(closes) == plan_year)", 1),
        ("count(deals, amount < facts.a)", 1),
        ("sum(deals, amount)", 150),
        ("sum(deals, amount, phase == 'won')", 100),
        ("sum(deals, amount, closes < as_of)", 100),
        ("sum(deals, worth)", 300),
        ("sum(deals, amount) / count(deals)", 50),
        ("1 if any(deals, phase == 'lost') else 0", 0),
        ("1 if any(deals, phase == 'won') and any(tasks) else 0", 1),
        ("count(notes)", 1),
        ("forecast.year_1.revenue + forecast.later.revenue", 900),
        ("forecast.later.each", 200),
        ("facts.a + 1", 61),
    ],
)
def test_rows_of_a_table_are_counted_and_added_up(expression: str, wanted: float) -> None:
    answers = {**ROWS, "a": 60, "forecast/year_1.revenue": 100.0, "forecast/later.revenue": 800.0}
    which = blueprint(expression, row="amount * 2")
    assert figures(which, answers).answer(RESULT) == wanted


def test_each_row_counts_the_rows_that_refer_to_it() -> None:
    which = blueprint("a", row="count(tasks, deal == row.name)")
    found = figures(which, ROWS)
    assert [found.answer(Key("deals", row, "", "worth")) for row in (1, 2, 3, 4)] == [2, 0, 0, 0]


def test_a_check_over_rows_looks_for_each_into_another_table() -> None:
    every = Check("ours", "any(tasks, deal == row.name)", Text(), Text(), each="deals", when="phase == 'won'")
    which = replace(blueprint("a"), checks=(every,), source="with a check")
    assert figures(which, ROWS).value(check_key(every)) == 1
    assert figures(which, {**ROWS, "deals/2.phase": "won"}).value(check_key(every)) == 0


def test_the_row_before_is_that_of_fixed_years() -> None:
    which = blueprint("a", before="revenue / previous(revenue) - 1")
    found = figures(which, {"past/1.revenue": 100.0, "past/2.revenue": 150.0})
    assert [found.answer(Key("past", row, "", "growth")) for row in (1, 2, 3)] == [None, 0.5, None]


def test_the_row_before_of_the_first_is_empty_and_not_zero() -> None:
    found = figures(blueprint("a", before="1 if previous(revenue) == 0 else 2"), {"past/1.revenue": 1.0})
    assert found.answer(Key("past", 1, "", "growth")) == 2


# ------------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("", "cannot be read"),
        ("a +", "cannot be read"),
        ("a = 1", "cannot be read"),
        ("revenu", "there is no revenu"),
        ("fact.a", "there is no fact.a"),
        ("deals.amount", "has rows"),
        ("deals.9.amount", "cannot be read"),
        ("forecast.year_9.revenue", "no row year_9"),
        ("__import__('os').system('x')", "only these functions"),
        ("open('x')", "only these functions"),
        ("a.__class__", "there is no"),
        ("(lambda: 1)()", "only these functions"),
        ("[a, b]", "may be used"),
        ("{'a': 1}", "may be used"),
        ("f'{a}'", "may be used"),
        ("a ** 2", "may be used"),
        ("a % 2", "may be used"),
        ("a // 2", "may be used"),
        ("None", "may be used"),
        ("1j", "may be used"),
        ("a if b else c", "a condition is wanted"),
        ("a and b", "a condition is wanted"),
        ("1 if phase else 2", "a condition is wanted"),
        ("1 if a is b else 2", "compare"),
        ("name + 1", "name is a text"),
        ("a + 'x'", "'x' is a text"),
        ("phase * 2", "phase is a text"),
        ("max(a, 'x')", "'x' is a text"),
        ("round(name)", "name is a text"),
        ("1 if phase == 'gone' else 0", "not in the list phases"),
        ("1 if phase in ('won', 'gone') else 0", "not in the list phases"),
        ("1 if sure == 'ja' else 0", "not in the list"),
        ("1 if phase in 'won' else 0", "in brackets"),
        ("1 if phase in (1, 2) else 0", "in brackets"),
        ("1 if name > 'a' else 0", "== or !="),
        ("1 if due == '2026-01-01' else 0", "due is never the text"),
        ("1 if a == 'x' else 0", "a is never the text"),
        ("min(a)", "takes 2 to 9"),
        ("abs(a, b)", "takes 1 value"),
        ("round(a, digits=2)", "only these functions"),
        ("count()", "takes a table"),
        ("count(nothing)", "no table nothing"),
        ("count(facts)", "no rows"),
        ("count(deals.name)", "name that first"),
        ("count(deals, 1, 2, 3)", "takes a table"),
        ("count(deals, nam == 'x')", "no nam in deals"),
        ("sum(deals)", "a field"),
        ("sum(deals, amount * 2)", "one field"),
        ("count(deals, count(tasks) > 1 and any(tasks, any(deals)))", "within one another"),
        ("previous(a)", "rows in order"),
        ("1e999", "more than a sheet holds"),
        ("9" * 400, "more than a sheet holds"),
        ("9" * (LONGEST + 1), "longer than"),
        ("-" * 300 + "a", "nested too deeply"),
        ("(" * 300 + "a" + ")" * 300, "cannot be read"),
    ],
)  # fmt: skip
def test_what_the_language_does_not_allow_is_refused_with_the_reason(expression: str, why: str) -> None:
    with pytest.raises(ExpressionProblem) as caught:
        layout_of(blueprint(expression))
    assert why in str(caught.value)


def test_a_key_that_the_list_does_not_have_cannot_be_given() -> None:
    with pytest.raises(ExpressionProblem, match="'wonn' is not in the list"):
        layout_of(blueprint("'wonn' if a > 1 else 'lost'", "choice"))


def test_rows_that_reps_sort_have_none_before_them() -> None:
    with pytest.raises(ExpressionProblem, match="reps sort"):
        layout_of(blueprint("a", row="previous(amount)"))


def test_the_names_in_an_expression_are_those_of_fields_and_tables() -> None:
    found = names_in("a + forecast.year_1.revenue if count(deals, phase == row.name) > 1 else min(b, 2)")
    assert found == {("a",), ("forecast", "year_1", "revenue"), ("deals",), ("phase",), ("row", "name"), ("b",)}


def test_a_condition_gives_one_or_nothing() -> None:
    which = blueprint("a")
    scope = plan_scope(Context(which, "en", 2026, kinds=kinds()))
    with pytest.raises(ExpressionProblem, match="there is no a"):
        condition("a > 1", scope)
    assert condition("facts.a > 1", scope) is not None


# ------------------------------------------------------------------------------------ random expressions, a real program

SEED = 1 if os.environ.get("CI") == "true" else random.randrange(10_000)


def number(chance: random.Random, depth: int) -> str:
    """Make an expression that gives a number."""
    if depth == 0:
        return chance.choice(["a", "b", "c", "a", "b", "c", "due", "plan_year", "0", "1", "2.5", "as_of"])
    one, two = number(chance, depth - 1), number(chance, depth - 1)
    makers = [
        *[f"({one} {sign} {two})" for sign in "+-*/"],
        f"({one} if {truth(chance, depth - 1)} else {two})",
        f"-{one}",
        f"{chance.choice(['min', 'max'])}({one}, {two})",
        f"abs({one})",
        f"round({one}, {chance.randint(0, 2)})",
        f"{chance.choice(['year_of', 'quarter_of'])}(due)",
        f"({truth(chance, depth - 1)}) + {one}",
        f"count(rows, {truth(chance, 0)})",
        f"sum(rows, {chance.choice('abc')}, {truth(chance, 0)})",
    ]
    return chance.choice(makers)


def truth(chance: random.Random, depth: int) -> str:
    """Make a condition."""
    if depth > 0 and chance.random() < 0.4:
        one, two = truth(chance, depth - 1), truth(chance, depth - 1)
        return chance.choice([f"({one} and {two})", f"({one} or {two})", f"not ({one})"])
    sign = chance.choice(["==", "!=", "<", "<=", ">", ">="])
    left, right = chance.choice("abc"), chance.choice(["a", "0", "3", "plan_year"])
    if depth > 0:
        left, right = number(chance, 0), number(chance, 0)
    makers = [
        f"{left} {sign} {right}",
        f"1 < {left} {sign} {right}",
        f"{chance.choice(['filled', 'blank'])}({chance.choice(['a', 'b', 'name', 'phase', 'due'])})",
        f"phase {chance.choice(['==', '!='])} '{chance.choice(['open', 'won'])}'",
        f"phase {chance.choice(['in', 'not in'])} ('won', 'lost')",
        "phase in ('won',)",
        "name == 'Roof'",
        "sure == 'yes'",
        "due < as_of",
    ]
    return chance.choice(makers)


def test_random_expressions_give_what_libreoffice_gives(office: Office, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    made = {f"x{place}": (number(chance, chance.randint(1, 3)).replace("rows", "ours"), "number") for place in range(60)}
    block = Block("ours", "table", Text(), fields(FACTS, **made), options={"rows": "6"})
    which = Blueprint("random", "1", Text({"": "R"}), (Section("ours", Text({"": "R"}), (block,)),), lists={"phases": PHASES})
    days = [datetime.date(2026, 11, 21), datetime.date(2026, 12, 1)]
    numbers = {"a": [0, 1, 3, -2.5, 100], "b": [0, 2, 7], "c": [1, 4]}
    values = {**numbers, "name": ["Roof", "Wall"], "phase": ["won", "open"], "due": days, "sure": [True, False]}
    keys = [Key("ours", row, "", name) for row in range(1, 7) for name in values]
    answers = {key: chance.choice(values[key.field]) for key in keys if chance.random() < 0.7}
    plan = Plan(which, Account("A-1", "Acme"), chance.choice(["en", "nl"]), 2026, answers)
    today = datetime.date.today()
    assert write_plan(plan, tmp_path / "random.xlsx", today=today) == []
    layout = plan.layout()
    found, recalculated = Figures(layout, answers, today), office.recalculate(tmp_path / "random.xlsx")
    wrong = []
    for row in range(1, 7):
        for name, (expression, _) in made.items():
            ours, place = found.value(Key("ours", row, "", name)), layout.places[Key("ours", row, "", name)]
            theirs = recalculated[layout.titles[place.sheet]][cell_name(place.row, place.column)]
            close = isinstance(ours, (int, float)) and theirs.value == pytest.approx(ours, rel=1e-9, abs=1e-9)
            if theirs.error or not (close or ours == theirs.value):
                wrong.append(f"row {row}: {expression} gives {ours!r}, and {theirs} in LibreOffice")
    assert wrong == [], f"seed {SEED}"
