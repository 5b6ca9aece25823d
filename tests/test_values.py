"""What people type as text is read as they meant it, or it is said that it cannot be."""

import datetime
import string
import subprocess
import sys
import time

import pytest
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent
from hypothesis import example, given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from accountsheet import choices, dates, values
from accountsheet.values import How, Reading

PLAIN, MEANT, REPAIRED, AMBIGUOUS, UNREADABLE = How
LANGUAGES = ("nl", "en")
YEAR = 2026
date = datetime.date

languages = st.sampled_from(LANGUAGES)
days = st.dates(date(1950, 1, 1), date(2045, 12, 31))
forms = st.sampled_from(["short", "medium", "long", "full"])
typed = st.text(max_size=220) | st.text(alphabet="0123456789.,'- /()€%kmtonQweek\u00a0−²½٣ \n", max_size=60)
"""Any text, and texts that look more like what reps type."""


def outcome(reading):
    return reading.value, reading.how, reading.other


def on(day):
    return None if day is None else date.fromisoformat(day)


# Numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", 1200),
        ("0", 0),
        ("-0", 0),
        ("1,2", 1.2),
        ("0,12", 0.12),
        (",5", 0.5),
        ("1.200", 1200),
        ("1.200.000", 1_200_000),
        ("1.200,50", 1200.5),
        ("1.200,000", 1200),
        ("1 200 000", 1_200_000),
        ("1\u00a0200,5", 1200.5),
        ("1\u202f200", 1200),
        ("1'200", 1200),
        ("1’200’000,25", 1_200_000.25),
        ("１２００", 1200),
        ("１．２００，５", 1200.5),
        ("\u200b1200\ufeff", 1200),
        ("'1200", 1200),
        ("500.", 500),
        ("€ 1.200.000,-", 1_200_000),
        ("€ 500,--", 500),
        ("€ 500,–", 500),
        ("500,=", 500),
        ("EUR 500", 500),
        ("500 euro", 500),
        ("500 Euro's", 500),
        ("CHF 1'200", 1200),
        ("€ 1,2 mln", 1_200_000),
        ("€ 1,2 mln.", 1_200_000),
        ("1,2 miljoen", 1_200_000),
        ("1,2M", 1_200_000),
        ("1,2M€", 1_200_000),
        ("1200k", 1_200_000),
        ("k€ 12", 12_000),
        ("12 kEUR", 12_000),
        ("2 mld", 2e9),
        ("2 ton", 200_000),
        ("1,5 ton", 150_000),
        ("1e6", 1_000_000),
        ("1,2E+3", 1200),
        ("5e-3", 0.005),
        ("ca. 500", 500),
        ("ca.500", 500),
        ("circa € 500", 500),
        ("± 500", 500),
        ("+/- 500", 500),
        ("~500", 500),
        ("+500", 500),
        ("-500", -500),
        ("- 500", -500),
        ("\u2212500", -500),
        ("–500", -500),
        ("€ -500", -500),
        ("-€ 500,-", -500),
        ("(500)", -500),
        ("(€ 1.500)", -1500),
    ],
)
def test_a_dutch_plan_reads_numbers_as_plainly_meant(text, value):
    assert outcome(values.read_number(text, "nl")) == (value, MEANT, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1200", 1200),
        ("1.2", 1.2),
        ("1,200", 1200),
        ("1,200,000.50", 1_200_000.5),
        ("1.2m", 1_200_000),
        ("$ 1.2 million", 1_200_000),
        ("€ 500,-", 500),
        (".5", 0.5),
        ("approx. 1,500", 1500),
        ("(1,500.25)", -1500.25),
    ],
)
def test_an_english_plan_reads_numbers_as_plainly_meant(text, value):
    assert outcome(values.read_number(text, "en")) == (value, MEANT, None)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("1,200,000", "nl", 1_200_000),
        ("1.200.000", "en", 1_200_000),
        ("1,200.50", "nl", 1200.5),
        ("1.200,50", "en", 1200.5),
        ("0.12", "nl", 0.12),
        ("0.125", "nl", 0.125),  # nobody groups behind a zero
        ("1234.567", "nl", 1234.567),  # nor behind four digits
        ("0,12", "en", 0.12),
        ("€ 1,2 mln", "en", 1_200_000),
        ("€ 1.2 mln", "nl", 1_200_000),
        ("€ 1.200.000,-", "en", 1_200_000),
        ("€ 1.200,-", "en", 1200),
        ("CHF 1,200.-", "nl", 1200),
        ("1’200.50", "nl", 1200.5),
    ],
)
def test_what_only_the_other_language_can_mean_is_repaired(text, language, value):
    assert outcome(values.read_number(text, language)) == (value, REPAIRED, None)


@pytest.mark.parametrize(
    ("text", "language", "value", "other"),
    [("1.200", "en", 1200, 1.2), ("€ 1,200", "nl", 1200, 1.2), ("1.200k", "en", 1200, 1_200_000), ("0.500", "en", 0.5, None)],
)
def test_an_amount_of_money_has_thousands_rather_than_thousandths(text, language, value, other):
    reading = values.read_number(text, language, money=True)
    assert (reading.value, reading.other) == (value, other)


@pytest.mark.parametrize(
    ("text", "language", "value", "other"),
    [
        ("1.200", "en", 1.2, 1200),
        ("1,200", "nl", 1.2, 1200),
        ("-1,200", "nl", -1.2, -1200),
        ("1.250 mln", "nl", 1_250_000_000, 1_250_000),
        ("1,250k", "en", 1_250_000, 1250),
        ("2 ton", "en", 200_000, 2),
        ("500-", "nl", -500, 500),
        ("12 %", "nl", 0.12, 12),
        ("12,5 procent", "nl", 0.125, 12.5),
    ],
)
def test_what_may_mean_two_numbers_gives_both(text, language, value, other):
    assert outcome(values.read_number(text, language)) == (value, AMBIGUOUS, other)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    ["", " ", "abc", "1.20.00", "1.200.00", "1..2", "1.,2", "12 34", "020 123 456", "01.200", "1,2,3", "10-12", "31-12-2026",
     "12:30",
     "5%5", "500 stuks", "500 per maand", "500?", "> 500", "2 x 500", "(500", "500)", "-(500)", "(-500)", "- -500",
     "€ 500 USD", "12 % k",
     "1e400", "e6", "²", "10²", "½", "2½", "1200k mln", "1_000", "0x10", "nan", "inf", "1" * 201, "n.v.t.", "k 500", "b 12",
     "1 . 5"],
)  # fmt: skip
def test_nonsense_and_other_things_are_no_number(text, language):
    assert values.read_number(text, language) == Reading(None, UNREADABLE)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("12 %", "nl", (0.12, MEANT, None)),
        ("12,5%", "nl", (0.125, MEANT, None)),
        ("12.5%", "nl", (0.125, REPAIRED, None)),
        ("１２％", "nl", (0.12, MEANT, None)),
        ("-12 pct.", "nl", (-0.12, MEANT, None)),
        ("1200 %", "nl", (12, MEANT, None)),
        ("0,5 %", "nl", (0.005, MEANT, None)),
        ("12.345 %", "nl", (123.45, AMBIGUOUS, 0.12345)),
        ("0", "nl", (0, MEANT, None)),
        ("0,12", "nl", (0.12, MEANT, None)),
        ("0.12", "nl", (0.12, REPAIRED, None)),
        ("12", "nl", (0.12, MEANT, None)),
        ("12,5", "nl", (0.125, MEANT, None)),
        ("100", "nl", (1, MEANT, None)),
        ("1", "nl", (1, AMBIGUOUS, 0.01)),
        ("1,2", "nl", (0.012, AMBIGUOUS, 1.2)),
        ("150", "nl", (1.5, AMBIGUOUS, 150)),
        ("12.500", "nl", (0.125, REPAIRED, None)),
        ("12.500", "en", (0.125, REPAIRED, None)),
        ("12-", "nl", (-0.12, AMBIGUOUS, 0.12)),
        ("1200", "nl", (None, UNREADABLE, None)),
        ("€ 12", "nl", (None, UNREADABLE, None)),
        ("12k", "nl", (None, UNREADABLE, None)),
        ("€ 12 %", "nl", (None, UNREADABLE, None)),
    ],
)
def test_a_text_in_a_percent_cell_is_a_share(text, language, expected):
    assert outcome(values.read_number(text, language, percent=True)) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0.12, (0.12, PLAIN, None)),
        (-1.0, (-1.0, PLAIN, None)),
        (1.0, (1.0, PLAIN, None)),
        (1.2, (0.012, AMBIGUOUS, 1.2)),
        (2.0, (0.02, REPAIRED, None)),
        (12.0, (0.12, REPAIRED, None)),
        (-100.0, (-1.0, REPAIRED, None)),
        (12.3, (0.123, AMBIGUOUS, 12.3)),
        (150.0, (1.5, AMBIGUOUS, 150.0)),
        (1000.0, (10.0, AMBIGUOUS, 1000.0)),
        (1000.5, (None, UNREADABLE, None)),
        (float("inf"), (None, UNREADABLE, None)),
        (float("nan"), (None, UNREADABLE, None)),
    ],
)
def test_a_number_in_a_percent_cell_is_a_share_or_a_hundredfold(number, expected):
    assert outcome(values.read_percent_number(number)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [("$ 500", "USD"), ("500 euro", "EUR"), ("k€ 12", "EUR"), ("12 kEUR", "EUR"), ("GBP 1,2 mln.", "GBP"), ("12 %", "")],
)
def test_the_currency_that_a_text_names_is_given(text, code):
    assert values.currency_named(text) == code


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=3), languages)
def test_every_number_written_by_babel_reads_back_in_its_language(number, language):
    written = format_decimal(number, locale=language)
    reading = values.read_number(written, language)
    assert reading.value == float(number)
    assert reading.how is MEANT or (reading.how is AMBIGUOUS and reading.other == float(number * 1000))


@given(st.integers(-(10**12), 10**12), languages)
def test_every_amount_of_money_written_by_babel_reads_back_in_its_language(amount, language):
    written = format_currency(amount, "EUR", locale=language)
    assert outcome(values.read_number(written, language)) == (amount, MEANT, None)


@given(st.integers(-1000, 1000), languages)
def test_every_percent_written_by_babel_reads_back_in_its_language(percent, language):
    written = format_percent(percent / 100, locale=language)
    expected = float(f"{percent}e-2")
    reading = values.read_number(written, language, percent=True)
    assert expected in (reading.value, reading.other)


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=2), languages)
def test_every_amount_with_cents_reads_the_same_in_the_other_language(number, language):
    written = format_decimal(number, "#,##0.00", locale=language)
    assert outcome(values.read_number(written, "en" if language == "nl" else "nl")) == (float(number), REPAIRED, None)


# Dates


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31", "2026-12-31"),
        ("2026/12/31", "2026-12-31"),
        ("20261231", "2026-12-31"),
        ("2026-12-31 00:00:00", "2026-12-31"),
        ("2026-12-31T00:00:00Z", "2026-12-31"),
        ("31 dec 2026", "2026-12-31"),
        ("31 dec. 2026", "2026-12-31"),
        ("31dec2026", "2026-12-31"),
        ("31-dec-26", "2026-12-31"),
        ("31 december", "2026-12-31"),
        ("31 DECEMBER 2027", "2027-12-31"),
        ("December 31st, 2026", "2026-12-31"),
        ("Dec 31, 2026", "2026-12-31"),
        ("31st of December 2026", "2026-12-31"),
        ("de 31e december", "2026-12-31"),
        ("31 dec '26", "2026-12-31"),
        ("'31 dec 2026", "2026-12-31"),
        ("1 sept", "2026-09-01"),
        ("3-3-2026", "2026-03-03"),
        ("03-03-26", "2026-03-03"),
        ("01-01-98", "1998-01-01"),
        ("01-01-46", "2046-01-01"),
        ("12-2026", "2026-12-31"),
        ("2026-12", "2026-12-31"),
        ("Q3 2026", "2026-09-30"),
        ("q3", "2026-09-30"),
        ("3Q26", "2026-09-30"),
        ("Q3 '27", "2027-09-30"),
        ("2027-Q1", "2027-03-31"),
        ("3e kwartaal 2026", "2026-09-30"),
        ("H1 2027", "2027-06-30"),
        ("week 12", "2026-03-20"),
        ("wk12", "2026-03-20"),
        ("wk 12 2026", "2026-03-20"),
        ("2026-W12", "2026-03-20"),
        ("week 53", "2027-01-01"),
        ("december", "2026-12-31"),
        ("december 2027", "2027-12-31"),
        ("dec '27", "2027-12-31"),
        ("eind 2026", "2026-12-31"),
        ("eind Q2", "2026-06-30"),
        ("begin 2027", "2027-01-01"),
        ("medio september", "2026-09-15"),
        ("uiterlijk 31 december", "2026-12-31"),
        ("３１ dec ２０２６", "2026-12-31"),
        ("29 april 2028", "2028-04-29"),
    ],
)
def test_dates_that_both_languages_write_are_read_as_meant(text, day, language):
    assert outcome(dates.read_date(text, language, YEAR)) == (on(day), MEANT, None)


@pytest.mark.parametrize(
    ("text", "language", "how", "day", "other"),
    [
        ("31-12-2026", "nl", MEANT, "2026-12-31", None),
        ("31.12.26", "nl", MEANT, "2026-12-31", None),
        ("vrijdag 31 juli 2026", "nl", MEANT, "2026-07-31", None),
        ("31-12", "nl", MEANT, "2026-12-31", None),
        ("03-04-2026", "nl", MEANT, "2026-04-03", None),
        ("maart 2027", "nl", MEANT, "2027-03-31", None),
        ("eind juni", "nl", MEANT, "2026-06-30", None),
        ("half juni", "nl", MEANT, "2026-06-15", None),
        ("12/31/2026", "en", MEANT, "2026-12-31", None),
        ("12/31/2026 12:00 AM", "en", MEANT, "2026-12-31", None),
        ("31-12-2026", "en", MEANT, "2026-12-31", None),
        ("12/31/2026", "nl", REPAIRED, "2026-12-31", None),
        ("31 mei 2026", "en", REPAIRED, "2026-05-31", None),
        ("31 May 2026", "nl", REPAIRED, "2026-05-31", None),
        ("31 decmber 2026", "nl", REPAIRED, "2026-12-31", None),
        ("5 febuary 2026", "en", REPAIRED, "2026-02-05", None),
        ("31/12/2026", "en", MEANT, "2026-12-31", None),
        ("03.04.2026", "en", MEANT, "2026-04-03", None),
        ("12.31.2026", "en", REPAIRED, "2026-12-31", None),
        ("03-04-2026", "en", AMBIGUOUS, "2026-04-03", "2026-03-04"),
        ("3/4", "en", AMBIGUOUS, "2026-04-03", "2026-03-04"),
        ("dec 26", "nl", AMBIGUOUS, "2026-12-31", "2026-12-26"),
        ("dec 26", "en", AMBIGUOUS, "2026-12-26", "2026-12-31"),
        ("12-26", "nl", AMBIGUOUS, "2026-12-31", "2026-12-26"),
        ("12/26", "en", AMBIGUOUS, "2026-12-26", "2026-12-31"),
    ],
)
def test_the_language_decides_the_order_of_a_date(text, language, how, day, other):
    assert outcome(dates.read_date(text, language, YEAR)) == (on(day), how, on(other))


def test_where_months_come_first_a_date_of_figures_is_rather_read_so():
    assert outcome(dates.read_date("03/04/2026", "en", YEAR, month_first=True)) == (on("2026-03-04"), AMBIGUOUS, on("2026-04-03"))
    assert outcome(dates.read_date("03/04/2026", "nl", YEAR, month_first=True)) == (on("2026-04-03"), MEANT, None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    ["", "morgen", "z.s.m.", "asap", "45000", "2026", "3", "31-02-2026", "29-02-2026", "2026-13-01", "32 dec", "31-12-0026",
     "1-1-5",
     "31-12-226", "Q5", "Q0", "week 0", "week 54", "week 12-13", "Q1-Q2", "10-12 maart", "maart/april",
     "31 dec 2026 of 1 jan 2027",
     "31-12-2026 - 31-01-2027", "voor 31 december", "1e week juni", "31 foo 2026", "begin eind juni", "²", "dec ²",
     "1" * 201, "12:30"],
)  # fmt: skip
def test_what_names_no_single_day_is_no_date(text, language):
    assert dates.read_date(text, language, YEAR) == Reading(None, UNREADABLE)


def test_a_year_without_week_53_has_no_such_week():
    assert dates.read_date("week 53 2027", "nl", YEAR).how is UNREADABLE


@pytest.mark.parametrize(
    ("text", "language", "how", "month", "other"),
    [
        ("maart", "nl", MEANT, "2026-03-01", None),
        ("mrt 2027", "nl", MEANT, "2027-03-01", None),
        ("maart", "en", REPAIRED, "2026-03-01", None),
        ("March", "nl", REPAIRED, "2026-03-01", None),
        ("3", "nl", MEANT, "2026-03-01", None),
        ("03-2027", "en", MEANT, "2027-03-01", None),
        ("31-12-2026", "nl", MEANT, "2026-12-01", None),
        ("2026-12-01 00:00:00", "nl", MEANT, "2026-12-01", None),
        ("dec 26", "nl", MEANT, "2026-12-01", None),
        ("dec 26", "en", MEANT, "2026-12-01", None),
        ("dec 27", "en", AMBIGUOUS, "2027-12-01", "2026-12-01"),
        ("03-04-2026", "en", AMBIGUOUS, "2026-04-01", "2026-03-01"),
        ("eind juni", "nl", MEANT, "2026-06-01", None),
        ("week 12", "nl", MEANT, "2026-03-01", None),
        ("week 14", "nl", UNREADABLE, None, None),  # from March into April
        ("Q3 2026", "nl", UNREADABLE, None, None),
        ("2026", "nl", UNREADABLE, None, None),
        ("13", "nl", UNREADABLE, None, None),
        ("0", "nl", UNREADABLE, None, None),
    ],
)
def test_a_month_is_read_as_its_first_day(text, language, how, month, other):
    assert outcome(dates.read_month(text, language, YEAR)) == (on(month), how, on(other))


@given(days, languages, forms)
def test_every_date_written_by_babel_reads_back_in_its_language(day, language, form):
    reading = dates.read_date(format_date(day, form, locale=language), language, YEAR)
    assert day in (reading.value, reading.other)
    assert reading.how is (AMBIGUOUS if (language, form) == ("en", "short") and day.day <= 12 and day.day != day.month else MEANT)


@given(days, st.permutations(LANGUAGES), forms)
def test_a_date_of_the_other_language_reads_back_unless_its_order_differs(day, pair, form):
    reading = dates.read_date(format_date(day, form, locale=pair[0]), pair[1], YEAR)
    orders = {day} if form != "short" or day.day > 12 else {day, day.replace(month=day.day, day=day.month)}
    assert {reading.value, reading.other} - {None} <= orders
    assert reading.value is not None


@given(days, languages, st.sampled_from(["MMMM y", "MMM y", "MM-y"]))
def test_every_month_written_by_babel_reads_back_in_its_language(day, language, form):
    reading = dates.read_month(format_date(day, form, locale=language), language, YEAR)
    assert outcome(reading) == (day.replace(day=1), MEANT, None)


# Absent, yes and no


@pytest.mark.parametrize(
    "text",
    ["n.v.t.", "N.V.T.", "nvt", "n/a", "N/A", "NA", "#N/A", "-", "–", "—", "--", "?", "???", "...", "…", "onbekend", "Unknown",
     "tbd",
     "n.n.b.", "nog niet bekend", "p.m.", "geen", "none", "", "  ", "\u00a0"],
)  # fmt: skip
def test_texts_that_say_nothing_are_absent(text):
    assert values.is_absent(text)


@pytest.mark.parametrize("text", ["0", "x", "✓", "€", "%", "+", "nee", "n", "500", "n.v.t. 500", "-" * 201, "nihil", "31-12"])
def test_texts_that_say_something_are_not_absent(text):
    assert not values.is_absent(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [(text, (True, PLAIN)) for text in ("ja", "Ja", "JA", "yes", "Yes")]
    + [(text, (False, PLAIN)) for text in ("nee", "Nee", "no", "NO")]
    + [(text, (True, MEANT)) for text in ("j", "Y", "x", "X", "✓", "✔\ufe0f", "☑", "true", "TRUE", "waar", "1", "１", " ja ")]
    + [(text, (False, MEANT)) for text in ("n", "N", "false", "onwaar", "0", "nee!", "❌", "☐")]
    + [(text, (None, UNREADABLE)) for text in ("", "misschien", "ja, mits", "ja?", "2", "-", "y/n", "ja" * 101)],
)
def test_yes_and_no_are_read_in_words_and_signs(text, expected):
    reading = choices.read_yes_no(text)
    assert (reading.value, reading.how) == expected


@pytest.mark.parametrize(("text", "value"), [("☒", True), ("✗", False), ("✘", False)])
def test_a_cross_in_a_box_is_a_yes_and_one_alone_a_no_both_to_look_at(text, value):
    assert outcome(choices.read_yes_no(text)) == (value, AMBIGUOUS, not value)


# Choices

STATUS = {
    "sold": ["Verkocht", "Sold"],
    "opportunity": ["Kans", "Opportunity"],
    "competitor": ["Concurrent", "Competitor"],
    "no_fit": ["Past niet", "No fit"],
    "unknown": ["Onbekend", "Unknown"],
}
SEGMENTS = {
    "a": ["A – strategisch", "A – strategic"],
    "b": ["B – groei", "B – growth"],
    "research": ["R&D", "R&D"],
    "supply": ["Inkoop en logistiek", "Purchasing and logistics"],
    "finance": ["Finance, control", "Finance, control"],
}


@pytest.mark.parametrize(
    ("text", "key", "how"),
    [
        ("Verkocht", "sold", PLAIN),
        ("verkocht", "sold", REPAIRED),
        (" Verkocht ", "sold", REPAIRED),
        ("Past  niet", "no_fit", REPAIRED),
        ("Sold", "sold", REPAIRED),
        ("sold", "sold", REPAIRED),
        ("no_fit", "no_fit", REPAIRED),
        ("NO FIT", "no_fit", REPAIRED),
        ("●  Verkocht", "sold", REPAIRED),
        ("●  sold", "sold", REPAIRED),
        ("• Kans", "opportunity", REPAIRED),
        ("Vérkocht", "sold", REPAIRED),
        ("Ｖｅｒｋｏｃｈｔ", "sold", REPAIRED),
        ("Vrekocht", "sold", REPAIRED),
        ("Verkoch", "sold", REPAIRED),
        ("Concurent", "competitor", REPAIRED),
        ("Competiter", "competitor", REPAIRED),
        ("Oportunity", "opportunity", REPAIRED),
    ],
)
def test_a_choice_is_read_by_its_label_in_any_language_or_spelling(text, key, how):
    assert outcome(choices.read_choice(text, STATUS)) == (key, how, None)


@pytest.mark.parametrize(
    ("text", "near"),
    [("Bekend", "Onbekend"), ("verk", "Verkocht"), ("kns", "Kans"), ("erkocht", "Verkocht"), ("", ""), ("x" * 201, "")],
)
def test_a_choice_that_is_not_there_names_what_is_near(text, near):
    assert choices.read_choice(text, STATUS) == Reading(None, UNREADABLE, near=near)


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("onafhankelijk", {"tied": ["afhankelijk"]}),
        ("external", {"inside": ["internal"]}),
        ("decrease", {"up": ["increase"]}),
        ("phase 2", {"one": ["phase 1"]}),
        ("C – groei", {"b": ["B – groei"]}),
        ("nknown", {"known": ["known"], "unknown": ["unknown"]}),
        ("wam", {"warm": ["warm"]}),
        ("-2", {"plus_two": ["+2"], "two": ["2"]}),
    ],
)
def test_a_neighbour_is_not_a_misspelling(text, labels):
    assert choices.read_choice(text, labels).value is None


def test_the_first_part_of_a_label_stands_for_it():
    assert outcome(choices.read_choice("A", SEGMENTS)) == ("a", REPAIRED, None)
    assert outcome(choices.read_choice("coach", {"kind": ["Coach: helps you"]})) == ("kind", REPAIRED, None)


def test_the_plan_language_goes_before_the_others_and_before_keys():
    labels = {"open": ["Dicht", "Closed"], "closed": ["Open", "Open"]}
    assert choices.read_choice("open", labels).value == "closed"


def test_two_choices_with_one_label_are_ambiguous():
    assert outcome(choices.read_choice("Overig", {"one": ["Overig"], "two": ["Overig"]})) == ("one", AMBIGUOUS, "two")
    assert outcome(choices.read_choice("overig", {"one": ["Overig"], "two": ["OVERIG"]})) == ("one", AMBIGUOUS, "two")


def test_a_label_longer_than_is_looked_at_still_reads_exactly():
    assert choices.read_choice("x" * 250, {"long": ["x" * 250]}).value == "long"


def test_no_choices_read_to_nothing():
    assert choices.read_choice("Verkocht", {}).how is UNREADABLE
    assert choices.read_choice("kans", {"kans": []}).value == "kans"


@pytest.mark.parametrize(
    ("text", "keys", "how"),
    [
        ("R&D", ("research",), PLAIN),
        ("Finance, control", ("finance",), PLAIN),
        ("Finance, control, R&D", ("finance", "research"), PLAIN),
        ("R&D, Inkoop en logistiek", ("research", "supply"), PLAIN),
        ("Inkoop en logistiek; B", ("supply", "b"), REPAIRED),
        ("a, b", ("a", "b"), REPAIRED),
        ("A en B", ("a", "b"), REPAIRED),
        ("A and B", ("a", "b"), REPAIRED),
        ("A, en B", ("a", "b"), REPAIRED),
        ("A + B & r&d", ("a", "b", "research"), REPAIRED),
        ("A/B|A", ("a", "b"), REPAIRED),
        ("• A – strategisch\n• B – groei", ("a", "b"), REPAIRED),
        ("A; Inkop en logistiek", None, UNREADABLE),
        ("A, foo", None, UNREADABLE),
        (", ;", None, UNREADABLE),
        ("", None, UNREADABLE),
        ("A," * 101, None, UNREADABLE),
    ],
)
def test_several_choices_in_one_cell_are_told_apart(text, keys, how):
    reading = choices.read_several(text, SEGMENTS)
    assert (reading.value, reading.how) == (keys, how)


def test_several_choices_carry_an_ambiguous_one_on():
    labels = {"one": ["Overig"], "two": ["Overig"], "a": ["A"]}
    assert outcome(choices.read_several("A, Overig", labels)) == (("a", "one"), AMBIGUOUS, ("a", "two"))


words = st.text(alphabet=string.ascii_lowercase, min_size=5, max_size=18)
distinct = st.lists(words, min_size=1, max_size=8, unique=True).filter(
    lambda names: all(OSA.distance(one, two) > 3 for place, one in enumerate(names) for two in names[:place])
)


@given(distinct, st.data())
def test_a_label_with_one_slip_reads_to_its_key_or_not_at_all(names, data):
    labels = {f"key_{place:02}": [name] for place, name in enumerate(names)}
    key, [name] = data.draw(st.sampled_from(sorted(labels.items())))
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    slip = data.draw(
        st.sampled_from(
            [
                name[:place] + letter + name[place + 1 :],
                name[:place] + letter + name[place:],
                name[:place] + name[place + 1 :],
                name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
            ]
        )
    )
    reading = choices.read_choice(slip, labels)
    assert reading.value in (key, None)
    assert reading.how is (PLAIN if slip == name else UNREADABLE if reading.value is None else REPAIRED)
    assert reading.value == key or place == 0 or name in reading.near


@given(st.dictionaries(words, st.lists(st.text(max_size=30), max_size=3), max_size=6), st.text(max_size=40))
def test_only_an_exact_label_of_the_plan_language_is_plain(labels, text):
    reading = choices.read_choice(text, labels)
    if reading.how is PLAIN:
        assert labels[reading.value][0] == text
    assert reading.value is None or reading.value in labels


# All of them


def everything_read(text, language):
    yield values.read_number(text, language)
    yield values.read_number(text, language, percent=True)
    yield dates.read_date(text, language, YEAR)
    yield dates.read_month(text, language, YEAR)
    yield choices.read_yes_no(text)
    yield choices.read_choice(text, SEGMENTS)
    yield choices.read_several(text, SEGMENTS)


@given(typed, languages)
@example("9" * 195 + "e99bn", "en")
@example("week 1 0000", "nl")
@example("week 53 9999", "nl")
@example("'99", "nl")
def test_no_text_raises_and_every_reading_is_whole(text, language):
    for reading in everything_read(text, language):
        assert (reading.value is None) == (reading.how is UNREADABLE)
        assert (reading.other is None) == (reading.how is not AMBIGUOUS)
        assert reading.other is None or reading.other != reading.value
        assert not isinstance(reading.value, float) or abs(reading.value) < float("inf")
    assert values.is_absent(text) in (True, False)
    assert isinstance(values.currency_named(text), str)


@given(st.floats())
def test_no_percent_raises(number):
    reading = values.read_percent_number(number)
    assert (reading.value is None) == (reading.how is UNREADABLE)
    assert (reading.other is None) == (reading.how is not AMBIGUOUS)


@pytest.mark.parametrize("text", ["1 " * 100, "1." * 99 + "x", "e" * 200, "(" * 200, "A," * 100, "maart " * 33, "en " * 66])
def test_the_worst_texts_are_read_in_no_time(text):
    started = time.perf_counter()
    list(everything_read(text, "nl"))
    assert time.perf_counter() - started < 1


def test_importing_the_module_loads_no_other_library():
    program = "import sys, accountsheet.choices, accountsheet.dates\n"
    program += "sys.exit(any(name in sys.modules for name in ('babel', 'rapidfuzz', 'dateutil')))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
