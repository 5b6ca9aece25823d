"""What reps type in the cells of a real workbook, in either language: the answer that counts, and what is told of it."""

from __future__ import annotations

import datetime
import io
import re
import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from accountsheet.accounts import Account
from accountsheet.address import Key, cell_name
from accountsheet.blocks import kinds
from accountsheet.fields import type_of
from accountsheet.finding import Finding
from accountsheet.plan import Plan
from accountsheet.reader import read_workbook
from accountsheet.source import read_blueprint
from accountsheet.writer import write_plan
from small import TODAY, changed

BLUEPRINT = """
blueprint: typed
version: "1"
title: Typed
languages: [en, nl]
lists:
  status:
    sold: {en: Sold, nl: Verkocht}
    opportunity: {en: Opportunity, nl: Kans}
    no_fit: {en: No fit, nl: Past niet}
    competitor: {en: Competitor, nl: Concurrent}
sections:
  typed:
    title: {en: Typed, nl: Getypt}
    blocks:
      typed:
        kind: table
        rows: "70"
        fields:
          text: {label: {en: Text, nl: Tekst}}
          number: {label: {en: Number, nl: Getal}, type: number}
          integer: {label: {en: Count, nl: Aantal}, type: integer}
          money: {label: {en: Amount, nl: Bedrag}, type: money}
          percent: {label: {en: Share, nl: Aandeel}, type: percent}
          rating: {label: {en: Rating, nl: Cijfer}, type: rating}
          date: {label: {en: Day, nl: Dag}, type: date}
          month: {label: {en: Month, nl: Maand}, type: month}
          yes_no: {label: {en: Known, nl: Bekend}, type: yes_no}
          choice: {label: {en: Status, nl: Status}, type: choice, list: status}
          open: {label: {en: Own, nl: Eigen}, type: choice, list: status, open: "true"}
"""
MEANT, REPAIRED, AMBIGUOUS, ABSENT = "value-meant", "value-repaired", "value-ambiguous", "value-absent"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


SAME: dict[str, list[tuple[Any, Any, str]]] = {
    "money": [
        (1200.5, 1200.5, ""),
        ("€ 1.200.000,-", 1_200_000, "*"),
        ("1200k", 1_200_000, MEANT),
        ("(500)", -500, MEANT),
        ("１２００", 1200, MEANT),
        ("1\u00a0200\u2009000", 1_200_000, MEANT),
        ("1\u202f200", 1200, MEANT),
        ("'1200", 1200, MEANT),
        ("1'200’000", 1_200_000, MEANT),
        ("ca. 100", 100, MEANT),
        ("€ 500", 500, MEANT),
        ("EUR 500", 500, MEANT),
        ("$ 500", None, "other-currency"),
        ("500 GBP", None, "other-currency"),
        ("kr 500", None, "other-currency"),
        ("10-15", None, "several-numbers"),
        ("100 tot 200", None, "several-numbers"),
        ("12 FTE", None, "number-with-words"),
        ("3 visits", None, "number-with-words"),
        ("veel", None, "not-a-number"),
        ("n.v.t.", None, ABSENT),
        ("NA", None, ABSENT),
        ("-", None, ABSENT),
        ("?", None, ABSENT),
        ("TBD", None, ABSENT),
        ("\u00a0 \u2009", None, "only-blanks"),
        (True, None, "not-a-number"),
    ],
    "percent": [
        (0.12, 0.12, ""),
        (12, 0.12, REPAIRED),
        ("12 %", 0.12, MEANT),
        ("12%", 0.12, MEANT),
        ("0,12", 0.12, "*"),
        (1.2, 0.012, AMBIGUOUS),
        ("$ 12", None, "number-with-words"),
    ],
    "integer": [("12 FTE", None, "number-with-words"), (2.5, None, "not-a-whole-number"), ("3", 3, MEANT)],
    "rating": [(3, 3, ""), (9, 9, "out-of-range"), ("9", 9, "out-of-range"), ("3", 3, MEANT)],
    "date": [
        (day("2026-12-31"), day("2026-12-31"), ""),
        (datetime.datetime(2026, 12, 31, 14, 30), day("2026-12-31"), MEANT),
        ("2026-12-31", day("2026-12-31"), MEANT),
        ("31 dec 2026", day("2026-12-31"), MEANT),
        ("31 december", day("2026-12-31"), MEANT),
        ("31-12-2026", day("2026-12-31"), "*"),
        ("12/31/2026", day("2026-12-31"), "*"),
        ("Q3 2026", day("2026-09-30"), MEANT),
        ("week 12", day("2026-03-20"), MEANT),
        ("wk 12", day("2026-03-20"), MEANT),
        ("medio september", day("2026-09-15"), MEANT),
        ("medio maart", day("2026-03-15"), "*"),
        ("morgen", None, "not-a-date"),
        ("tbd", None, ABSENT),
    ],
    "month": [
        (day("2026-12-01"), day("2026-12-01"), ""),
        ("dec 2026", day("2026-12-01"), MEANT),
        ("Q3 2026", None, "not-a-month"),
    ],
    "yes_no": [
        ("ja", True, "*"),
        ("yes", True, "*"),
        ("x", True, MEANT),
        ("✓", True, MEANT),
        (True, True, ""),
        (1, True, MEANT),
        ("nee", False, "*"),
        ("✗", False, AMBIGUOUS),
        ("misschien", None, "not-yes-or-no"),
    ],
    "choice": [
        ("sold", "sold", REPAIRED),
        ("no_fit", "no_fit", REPAIRED),
        ("Vrekocht", "sold", REPAIRED),
        ("Oportunity", "opportunity", REPAIRED),
        ("Verkocht, Kans", None, "several-choices"),
        ("sold / competitor", None, "several-choices"),
        ("iets anders", None, "not-a-choice"),
        ("n.v.t.", None, ABSENT),
    ],
    "open": [
        ("iets anders", "iets anders", ""),
        ("VERKOCHT", "sold", REPAIRED),
        ("Vrekocht", "Vrekocht", "choice-like"),
        ("NA", "NA", ""),
    ],
    "text": [
        ("NA", "NA", ""),
        ("n.v.t.", "n.v.t.", ""),
        ("-", "-", ""),
        ("?", "?", ""),
        ("0123", "0123", ""),
        ("1e5", "1e5", ""),
        (123, "123", ""),
        (1234567890123456, "1234567890123460", ""),
        (12345678901234567890, "12345678901234600000", ""),
        ("\u00a0\u00a0", None, "only-blanks"),
    ],
}
"""By field: what is typed, the answer, and the code of what is told (* may be either), in both languages."""

APART: dict[str, list[tuple[str, Any, Any, str]]] = {
    "nl": [
        ("money", "1.200.000", 1_200_000, MEANT),
        ("money", "1,200,000", 1_200_000, REPAIRED),
        ("money", "€ 1,2 mln", 1_200_000, MEANT),
        ("money", "1.200", 1200, MEANT),
        ("money", "1,200", 1200, AMBIGUOUS),
        ("date", "03-04-2026", day("2026-04-03"), MEANT),
        ("date", "12/31/2026", day("2026-12-31"), REPAIRED),
        ("yes_no", "ja", True, ""),
        ("yes_no", "yes", True, ""),
        ("choice", "Verkocht", "sold", ""),
        ("choice", "Sold", "sold", REPAIRED),
        ("text", 1.5, "1,5", ""),
        ("text", True, "ja", MEANT),
    ],
    "en": [
        ("money", "1,200,000", 1_200_000, MEANT),
        ("money", "1.200.000", 1_200_000, REPAIRED),
        ("money", "€ 1,2 mln", 1_200_000, REPAIRED),
        ("money", "1,200", 1200, MEANT),
        ("money", "1.200", 1200, AMBIGUOUS),
        ("money", "€ 1.200,-", 1200, REPAIRED),
        ("date", "03/04/2026", day("2026-04-03"), AMBIGUOUS),
        ("date", "31-12-2026", day("2026-12-31"), MEANT),
        ("choice", "●  Sold", "sold", REPAIRED),
        ("yes_no", "yes", True, ""),
        ("choice", "Sold", "sold", ""),
        ("choice", "Verkocht", "sold", REPAIRED),
        ("text", 1.5, "1.5", ""),
        ("text", 0.000025, "0.000025", ""),
        ("text", day("2026-04-03"), "3 Apr 2026", MEANT),
        ("text", True, "yes", MEANT),
    ],
}


@dataclass(frozen=True)
class Told:
    """What became of a cell: its answer, and the findings on it."""

    value: Any
    findings: tuple[Finding, ...]

    @property
    def code(self) -> str:
        return "|".join(finding.code for finding in self.findings)


@cache
def blank(language: str, currency: str) -> tuple[Plan, bytes]:
    """Write a workbook that asks for every type."""
    blueprint, findings = read_blueprint(BLUEPRINT, "typed.yaml", kinds())
    assert blueprint is not None and findings == []
    plan = Plan(blueprint, Account("A-1", "Acme", currency=currency), language, 2026)
    with tempfile.TemporaryDirectory() as folder:
        assert write_plan(plan, Path(folder) / "plan.xlsx", today=TODAY) == []
        return plan, (Path(folder) / "plan.xlsx").read_bytes()


Typed = Mapping[tuple[str, int], Any]
"""What is typed, by field and row of the table."""


def told_of(
    typed: Typed, language: str, currency: str = "EUR", *, mac: bool = False, look: str = ""
) -> dict[tuple[str, int], Told]:
    """Type values in cells, with a number format of the rep's own where one is given, and read the workbook."""
    plan, data = blank(language, currency)
    layout, book = plan.layout(), openpyxl.load_workbook(io.BytesIO(data))
    if mac:
        book.epoch = CALENDAR_MAC_1904
    cells = {}
    for (field, row), value in typed.items():
        place = layout.places[Key("typed", row, "", field)]
        cells[field, row] = cell_name(place.row, place.column)
        cell = book[layout.titles[place.sheet]][cells[field, row]]
        own = cell.number_format
        cell.value = value
        if look or field != "text":
            cell.number_format = look or own
    out = io.BytesIO()
    book.save(out)
    reading = read_workbook(out.getvalue(), "plan.xlsx")
    assert reading.plan is not None
    found: dict[str, list[Finding]] = {}
    for finding in reading.findings:
        found.setdefault(finding.cell, []).append(finding)
    answers = reading.plan.answers
    return {key: Told(answers.get(Key("typed", key[1], "", key[0])), tuple(found.get(cells[key], ()))) for key in typed}


def told(field: str, value: Any, language: str = "en", **how: Any) -> Told:
    """Type one value."""
    return told_of({(field, 1): value}, language, **how)[field, 1]


def cases(language: str) -> list[tuple[str, Any, Any, str]]:
    """Give all cases of a language: field, what is typed, answer, code."""
    both = [(field, typed, answer, code) for field, rows in SAME.items() for typed, answer, code in rows]
    return both + APART[language]


@cache
def outcomes(language: str) -> list[Told]:
    """Type every case in a workbook, and read it once."""
    rows: Counter[str] = Counter()
    typed: dict[tuple[str, int], Any] = {}
    for field, value, _, _ in cases(language):
        rows[field] += 1
        typed[field, rows[field]] = value
    return list(told_of(typed, language).values())


@pytest.mark.parametrize(
    ("language", "number"),
    [
        pytest.param(language, number, id=f"{language}-{field}-{typed}")
        for language in APART
        for number, (field, typed, _, _) in enumerate(cases(language))
    ],
)
def test_what_is_typed_in_a_cell_is_read_as_meant_or_told(language: str, number: int) -> None:
    _, typed, answer, code = cases(language)[number]
    became = outcomes(language)[number]
    assert became.value == answer
    assert type(became.value) is type(answer) or isinstance(answer, int)
    assert became.code in (code, *(("", MEANT, REPAIRED) if code == "*" else ()))
    for finding in became.findings:
        assert finding.raw and (not isinstance(typed, str) or finding.raw == typed)


def test_all_of_a_text_that_is_not_read_stays_in_its_finding() -> None:
    [finding] = told("choice", "Verkocht, Kans en nog veel meer", "nl").findings
    assert finding.severity == "error" and finding.raw == "Verkocht, Kans en nog veel meer"


@pytest.mark.parametrize(("currency", "text"), [("USD", "$ 500"), ("CAD", "$ 500"), ("GBP", "£500"), ("SEK", "500 kr")])
def test_a_sign_that_is_the_plans_own_currency_is_read(currency: str, text: str) -> None:
    assert told("money", text, currency=currency).value == 500


def test_another_currency_is_named_beside_the_plans_own() -> None:
    [finding] = told("money", "€ 500", "nl", currency="GBP").findings
    assert (finding.severity, finding.code) == ("error", "other-currency")
    assert "EUR" in finding.message and "GBP" in finding.message and "GBP" in finding.hint


def test_a_range_and_a_unit_are_named_with_the_number_that_could_be_typed() -> None:
    assert "10" in told("money", "10-15").findings[0].hint
    assert "12" in told("integer", "12 FTE", "nl").findings[0].hint


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("share", [0.12, 1.0, 1.2, 1.765, 3.0, -1.76, 12.5])
def test_a_percentage_is_written_so_that_it_is_read_as_the_same(share: float, language: str) -> None:
    asked = blank(language, "EUR")[0].layout().slots[Key("typed", 1, "", "percent")].asked
    kind = type_of(asked.field)
    assert kind.read(kind.cell(share, asked), asked).value == share


def test_in_a_plan_in_dollars_the_month_comes_first() -> None:
    assert told("date", "03/04/2026", currency="USD").value == day("2026-03-04")
    assert told("date", "03/04/2026", "nl", currency="USD").value == day("2026-04-03")


@pytest.mark.parametrize(
    ("field", "value", "language", "words"),
    [
        ("percent", 1.2, "nl", "1,2 %; het kan ook 120 % betekenen. Typ 1,2 % als dat klopt en anders 120 %;"),
        ("percent", 5000, "en", "“5000” cannot be a percentage. Type a percentage, such as 12 %;"),
        ("integer", 2.5, "nl", "2,5 is geen geheel getal."),
        ("rating", "many", "en", "Type digits only, such as 3."),
        ("rating", 9, "nl", "9 valt buiten wat hier gevraagd wordt: 1 tot en met 5."),
        ("date", "asap", "en", "Type a day, such as 2027-03-31."),
        ("month", "asap", "nl", "“asap” is geen maand. Typ een maand met het jaar, bijvoorbeeld maart 2027."),
    ],
)
def test_a_remark_speaks_as_the_rep_sees_the_cell_and_says_what_to_type(
    field: str, value: Any, language: str, words: str
) -> None:
    [finding] = told(field, value, language).findings
    assert words in f"{finding.message} {finding.hint}"


def test_a_day_is_told_with_the_name_of_its_month() -> None:
    assert "3 Apr 2026; it could also mean 4 Mar 2026" in told("date", "03/04/2026").findings[0].message
    assert "31 mrt 2027" in told("date", "eind maart 2027", "nl").findings[0].message


@pytest.mark.parametrize(
    ("field", "value", "expected", "code"),
    [
        ("date", 46387, day("2026-12-31"), REPAIRED),
        ("date", 2027, None, "not-a-date"),
        ("month", 46387, day("2026-12-01"), REPAIRED),
        ("money", 46387, 46387, ""),
    ],
)
def test_a_day_typed_as_a_number_is_read_where_a_day_is_asked(field: str, value: int, expected: Any, code: str) -> None:
    became = told(field, value, look="General")
    assert (became.value, became.code) == (expected, code)


@pytest.mark.parametrize(
    ("field", "value", "expected", "code"),
    [
        ("money", 500, 500, REPAIRED),
        ("rating", 4, 4, REPAIRED),
        ("money", 60, 59, AMBIGUOUS),
        ("money", 46115, None, "date-for-number"),
        ("percent", 0.5, None, "not-a-percentage"),
    ],
)
def test_a_number_in_a_cell_that_shows_dates_is_the_number_or_told(field: str, value: float, expected: Any, code: str) -> None:
    became = told(field, value, look="dd-mm-yyyy")
    assert (became.value, became.code) == (expected, code)


@pytest.mark.parametrize(
    ("field", "value", "look", "expected"),
    [
        ("date", day("2026-12-31"), "dd-mm-yyyy", day("2026-12-31")),
        ("date", 46387 - 1462, "General", day("2026-12-31")),
        ("money", 500, "dd-mm-yyyy", 500),
        ("money", 500, "General", 500),
    ],
)
def test_in_a_workbook_that_counts_from_1904_days_are_read_as_they_show(field: str, value: Any, look: str, expected: Any) -> None:
    assert told(field, value, look=look, mac=True).value == expected


def test_a_workbook_that_counts_from_1904_says_so() -> None:
    _, data = blank("nl", "EUR")
    book = openpyxl.load_workbook(io.BytesIO(data))
    book.epoch = CALENDAR_MAC_1904
    out = io.BytesIO()
    book.save(out)
    found = {finding.code: finding for finding in read_workbook(out.getvalue(), "plan.xlsx").findings}
    assert "1904" in found["dates-from-1904"].message


def test_a_formula_that_a_rep_types_counts_by_its_value_and_is_kept() -> None:
    plan, data = blank("en", "EUR")
    layout = plan.layout()
    place = layout.places[Key("typed", 1, "", "money")]
    name = cell_name(place.row, place.column)
    part = "xl/worksheets/sheet2.xml"

    def with_formula(value: str) -> bytes:
        cell = f'<c r="{name}"><f>2*600&amp;""</f>{value}</c>'.encode()
        return changed(data, {part: lambda xml: re.sub(rb'<c r="%s"( s="\d+")?/>' % name.encode(), lambda _: cell, xml)})

    reading = read_workbook(with_formula("<v>1200</v>"), "plan.xlsx")
    assert reading.plan is not None
    key = Key("typed", 1, "", "money")
    assert (reading.plan.answers[key], reading.origins[key].raw) == (1200, '=2*600&""')
    reading = read_workbook(with_formula(""), "plan.xlsx")
    assert [(finding.code, finding.cell, finding.raw) for finding in reading.findings] == [
        ("formula-without-value", name, '=2*600&""')
    ]
