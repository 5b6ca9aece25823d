"""The types of answer: how each is shown in a cell, and read back from one."""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from accountsheet import choices, dates, values
from accountsheet.blueprint import Blueprint, Field
from accountsheet.calculation import EPOCH
from accountsheet.display import YES_NO, as_seen, plain, rounded, show_date, show_number, some_of
from accountsheet.formula import Scalar
from accountsheet.text import LANGUAGES
from accountsheet.values import How
from accountsheet.wording import word

FIRST_DATE = datetime.date(1900, 3, 1)
"""Before this day the spreadsheet programs disagree about serial numbers."""

DAYS_BEFORE_1904 = datetime.timedelta(days=1462)
"""How much later a day's number means in a workbook that counts from 1904 (ECMA-376 part 1, 18.17.4.1)."""

LIKELY_YEARS = 1990, 2100
"""A number between these in a cell for a date is a year rather than a day."""

LAST_YEAR_OF_NUMBERS = 1950
"""Up to this year a day in a cell for a number is the number, in a date's format: 500 shows as 14 May 1901."""

LONGEST_TEXT = 32_767
"""Characters (UTF-16 units) that a cell holds (ECMA-376 part 1, 18.18.93; Excel's specifications)."""


@dataclass(frozen=True)
class Asked:
    """A field in one language: what reading and showing its answers needs."""

    field: Field
    language: str
    year: int
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Each key's label in this language."""
    known: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    """Each key's labels in every language, this one's first."""
    currency: str = ""
    """What amounts of money are in."""
    month_first: bool = False
    """Whether 3/4 is rather 4 March, where a language writes it in both orders."""

    @cached_property
    def type(self) -> AnswerType:
        """The type of its answers."""
        return type_of(self.field)

    @cached_property
    def exactly(self) -> Mapping[Any, Outcome]:
        """What each label in this language is read as; of labels alike, it is the first."""
        yes_no = self.field.kind == "yes_no"
        return {label: Outcome(key == "yes" if yes_no else key) for key, label in reversed([*self.labels.items()])}


class Outcome(NamedTuple):
    """What a cell was read as; a code names the remark to make, facts fill its wording."""

    value: Any
    code: str = ""
    facts: Mapping[str, str] = {}


NOTHING = Outcome(None)


@dataclass(frozen=True)
class AnswerType:
    """One type of answer. The base class is text."""

    width: float = 24
    align: str = "left"
    number_format: str = ""
    dtype: str = "string"
    grows: bool = False

    def cell(self, value: Any, asked: Asked) -> Scalar:
        """Give what a cell holds for a value; dates are serial numbers."""
        return str(value)

    def read(self, cell: Any, asked: Asked) -> Outcome:
        """Read a non-empty cell, given as text, number, truth value or date."""
        if isinstance(cell, str):
            return Outcome(cell) if cell.strip() else NOTHING
        shown = as_seen(cell, asked.language)
        return Outcome(shown) if isinstance(cell, float) else Outcome(shown, "value-meant", {"shown": shown})

    def since_1904(self, cell: Any) -> Any:
        """Put right what a workbook that counts its days from 1904 makes of a cell that shows something else."""
        return cell

    def from_result(self, result: Scalar, asked: Asked) -> Any:
        """Take a formula's result as a value of this type; an empty text is nothing."""
        return None if result is None or result == "" else self.read(result, asked).value

    def problem(self, value: Any) -> str:
        """Name the code of what keeps a value from being written, or nothing."""
        text = str(value)
        return "text-too-long" if 2 * len(text) > LONGEST_TEXT and len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT else ""


def sorted_out(
    reading: values.Reading[Any], raw: str, unreadable: str, asked: Asked, shown: str = "", other: str = ""
) -> Outcome:
    """Turn a reading of a text into an outcome with its remark."""
    facts = {"raw": raw, "shown": shown or str(reading.value), "other": other or str(reading.other), "near": reading.near}
    match reading.how:
        case How.PLAIN:
            return Outcome(reading.value)
        case How.MEANT:
            return Outcome(reading.value, "value-meant", facts)
        case How.REPAIRED:
            return Outcome(reading.value, "value-repaired", facts)
        case How.AMBIGUOUS:
            return Outcome(reading.value, "value-ambiguous", facts)
    return Outcome(None, unreadable, facts | {"wanted": reading.near or some_of(asked.labels.values())})


@dataclass(frozen=True)
class Number(AnswerType):
    """A number; `whole` ones are integers, `least` and `most` bound every field of the type."""

    width: float = 14
    align: str = "right"
    number_format: str = "#,##0_w"
    dtype: str = "float64"
    whole: bool = False
    percent: bool = False
    least: float | None = None
    most: float | None = None
    example: str = "12"
    """What could be typed."""

    @property
    def unreadable(self) -> str:
        """The code of what is no such number."""
        return "not-a-percentage" if self.percent else "not-a-number"

    def shown(self, value: float | None, language: str) -> str:
        """Write a number of this type for people: a year has no thousands."""
        bare = value is not None and self.number_format == "0"
        return as_seen(float(value or 0), language) if bare else show_number(value, language, self.percent)

    def cell(self, value: Any, asked: Asked) -> Scalar:
        if self.percent and values.read_percent_number(value).value != value:  # 1.76 would be read as 1.76 %
            return f"{as_seen(float(f'{value * 100:.13g}'), asked.language)} %"
        return int(value) if self.whole else rounded(float(value))

    def read(self, cell: Any, asked: Asked) -> Outcome:
        if isinstance(cell, str):
            if not cell.strip():
                return NOTHING
            if values.is_absent(cell):
                return Outcome(None, "value-absent", {"raw": cell})
            outcome = self.from_text(cell, asked)
        elif isinstance(cell, datetime.date):
            outcome = self.from_date(cell, asked)
        elif isinstance(cell, bool) or not isinstance(cell, (int, float)):
            return Outcome(None, self.unreadable, {"raw": plain(cell), "example": self.example})
        elif self.percent:
            number = values.read_percent_number(float(cell))
            if number.how is How.PLAIN:
                return self.bounded(number.value, "", {}, cell, asked)
            outcome = self.told(number, plain(cell), asked)
        else:
            return self.bounded(float(cell), "", {}, cell, asked)
        return self.bounded(*outcome, cell, asked)

    def since_1904(self, cell: Any) -> Any:
        return cell - DAYS_BEFORE_1904 if isinstance(cell, datetime.date) and cell.year >= 1904 else cell

    def from_text(self, text: str, asked: Asked) -> Outcome:
        """Read a number typed as text; an amount in another currency is none of the plan's."""
        named = values.currency_named(text, asked.currency) if asked.currency else ""
        if named not in ("", asked.currency):
            return Outcome(None, "other-currency", {"raw": text, "named": named, "own": asked.currency})
        reading = values.read_number(text, asked.language, percent=self.percent, money=bool(asked.currency))
        figures = values.figures_in(text) if reading.value is None else ()
        if figures and not (self.percent and figures == (text.strip(),)):
            code = "several-numbers" if len(figures) > 1 else "number-with-words"
            return Outcome(None, code, {"raw": text, "near": figures[0]})
        return self.told(reading, text, asked)

    def told(self, reading: values.Reading[float], raw: str, asked: Asked) -> Outcome:
        """Turn a reading into an outcome with its remark."""
        shown, other = (self.shown(each, asked.language) for each in (reading.value, reading.other))
        outcome = sorted_out(reading, raw, self.unreadable, asked, shown, other)
        return outcome._replace(facts={**outcome.facts, "example": self.example})

    def from_date(self, day: datetime.date, asked: Asked) -> Outcome:
        """Read what a cell with a date's format shows: of long ago it is a small number, else a number taken for a date."""
        timed = isinstance(day, datetime.datetime) and day.time() != datetime.time()
        if day.year > LAST_YEAR_OF_NUMBERS or timed or self.percent:
            return Outcome(None, "date-for-number", {"raw": as_seen(day, asked.language)})
        number = (datetime.date(day.year, day.month, day.day) - EPOCH).days
        number -= number < (FIRST_DATE - EPOCH).days  # spreadsheets have a 29 February 1900, which the parser gives as the 28th
        facts = {"shown": self.shown(number, asked.language), "other": "60"}
        return Outcome(float(number), "value-ambiguous" if number == 59 else "value-repaired", facts)

    def bounded(self, number: float | None, code: str, facts: Mapping[str, str], cell: Any, asked: Asked) -> Outcome:
        """Hold a number against its bounds, and make whole ones integers."""
        if number is None:
            return Outcome(None, code, facts)
        if not math.isfinite(number):
            return Outcome(None, self.unreadable, {"raw": plain(cell), "example": self.example})
        if self.whole and number != int(number):
            return Outcome(None, "not-a-whole-number", {"raw": plain(cell), "example": self.example})
        least = self.least if asked.field.minimum is None else asked.field.minimum
        most = self.most if asked.field.maximum is None else asked.field.maximum
        value = int(number) if self.whole else rounded(number)
        within = (least is None or value >= least) and (most is None or value <= most)
        if not within and code in ("", "value-meant", "value-repaired"):
            shown, bounds = self.shown(value, asked.language), self.bounds(least, most, asked.language)
            return Outcome(value, "out-of-range", {"raw": plain(cell), "shown": shown, "bounds": bounds})
        return Outcome(value, code, facts)

    def bounds(self, least: float | None, most: float | None, language: str) -> str:
        """Write between what bounds a number is to be."""
        name = "bounds" if least is not None and most is not None else "bound_below" if most is None else "bound_above"
        return word(name, language, least=self.shown(least, language), most=self.shown(most, language))

    def problem(self, value: Any) -> str:
        return "" if isinstance(value, (int, float)) and math.isfinite(value) else "not-a-number"


@dataclass(frozen=True)
class Date(AnswerType):
    """A day; of a month, its first."""

    width: float = 13
    align: str = "right"
    number_format: str = "date"
    dtype: str = "date"
    month: bool = False

    @property
    def unreadable(self) -> str:
        """The code of what is no such date."""
        return "not-a-month" if self.month else "not-a-date"

    def cell(self, value: Any, asked: Asked) -> Scalar:
        return int((value - EPOCH).days)

    def read(self, cell: Any, asked: Asked) -> Outcome:
        match cell:
            case str() if not cell.strip():
                return NOTHING
            case str() if values.is_absent(cell):
                return Outcome(None, "value-absent", {"raw": cell})
            case str():
                read = dates.read_month if self.month else dates.read_date
                reading = read(cell, asked.language, asked.year, month_first=asked.month_first)
                shown, other = (show_date(each, asked.language, self.month) for each in (reading.value, reading.other))
                outcome = sorted_out(reading, cell, self.unreadable, asked, shown, other)
            case datetime.datetime() if cell.time() != datetime.time():
                outcome = Outcome(cell.date(), "value-meant", {"shown": show_date(cell.date(), asked.language, self.month)})
            case datetime.datetime():
                outcome = Outcome(cell.date())
            case datetime.date():
                outcome = Outcome(cell)
            case bool():
                return Outcome(None, self.unreadable, {"raw": plain(cell)})
            case int() | float() if 61 <= cell < 2_958_466:
                outcome = self.from_number(cell, asked)
            case _:
                return Outcome(None, self.unreadable, {"raw": plain(cell)})
        if outcome.value is None:
            return outcome
        day = outcome.value.replace(day=1) if self.month else outcome.value
        if day < FIRST_DATE:
            return Outcome(None, "date-too-early", {"raw": plain(cell)})
        year = (day - EPOCH).days
        if not outcome.code and not isinstance(cell, str) and LIKELY_YEARS[0] <= year <= LIKELY_YEARS[1]:
            # A year typed in a cell that is shown as a date: 2027 becomes 19 July 1905.
            return Outcome(day, "year-for-date", {"shown": show_date(day, asked.language, self.month), "other": str(year)})
        return Outcome(day, outcome.code, outcome.facts)

    def since_1904(self, cell: Any) -> Any:
        year = isinstance(cell, float) and LIKELY_YEARS[0] <= cell <= LIKELY_YEARS[1]
        return cell + DAYS_BEFORE_1904.days if isinstance(cell, float) and not year else cell

    def from_number(self, serial: float, asked: Asked) -> Outcome:
        """Read a serial number, or a year typed alone."""
        raw = plain(serial)
        if LIKELY_YEARS[0] <= serial <= LIKELY_YEARS[1]:
            if not self.month:
                return Outcome(None, self.unreadable, {"raw": raw})
            day, other = datetime.date(int(serial), 1, 1), datetime.date(int(serial), 12, 1)
            facts = {"shown": show_date(day, asked.language, True), "other": show_date(other, asked.language, True)}
            return Outcome(day, "value-ambiguous", {"raw": raw, **facts})
        day = EPOCH + datetime.timedelta(days=int(serial))
        return Outcome(day, "value-repaired", {"raw": raw, "shown": show_date(day, asked.language, self.month)})

    def from_result(self, result: Scalar, asked: Asked) -> Any:
        return (
            EPOCH + datetime.timedelta(days=int(result)) if isinstance(result, (int, float)) and 0 < result < 2_958_466 else None
        )

    def problem(self, value: Any) -> str:
        return "" if isinstance(value, datetime.date) and value >= FIRST_DATE else "date-too-early"


@dataclass(frozen=True)
class YesNo(AnswerType):
    """Yes or no."""

    width: float = 10
    dtype: str = "boolean"

    def cell(self, value: Any, asked: Asked) -> Scalar:
        return asked.labels["yes" if value else "no"]

    def read(self, cell: Any, asked: Asked) -> Outcome:
        if isinstance(cell, bool):
            return Outcome(cell)
        written = plain(cell)
        if not written.strip():
            return NOTHING
        if written in asked.exactly:
            return asked.exactly[written]
        if values.is_absent(written):
            return Outcome(None, "value-absent", {"raw": written})
        reading = choices.read_yes_no(written)
        shown, other = asked.labels["yes" if reading.value else "no"], asked.labels["no" if reading.value else "yes"]
        return sorted_out(reading, written, "not-yes-or-no", asked, shown, other)

    def from_result(self, result: Scalar, asked: Asked) -> Any:
        return None if result is None or result == "" else result is True or result == 1 or result == asked.labels["yes"]

    def problem(self, value: Any) -> str:
        return "" if isinstance(value, bool) else "not-yes-or-no"


@dataclass(frozen=True)
class Choice(AnswerType):
    """One of a list, kept by its key; an open list takes other texts as they are."""

    width: float = 14

    def cell(self, value: Any, asked: Asked) -> Scalar:
        return asked.labels.get(value, str(value))

    def read(self, cell: Any, asked: Asked) -> Outcome:
        written = plain(cell)
        if not written.strip():
            return NOTHING
        if written in asked.exactly:
            return asked.exactly[written]
        reading = choices.read_choice(written, asked.known)
        if asked.field.open:
            return self.own(written, reading, asked)
        if reading.value is None and values.is_absent(written):
            return Outcome(None, "value-absent", {"raw": written})
        several = () if reading.value is not None else choices.read_several(written, asked.known).value or ()
        if len(several) > 1:
            return Outcome(None, "several-choices", {"raw": written, "shown": "; ".join(asked.labels[key] for key in several)})
        shown, other = (asked.labels.get(str(key), "") for key in (reading.value, reading.other))
        return sorted_out(reading, written, "not-a-choice", asked, shown, other)

    def own(self, written: str, reading: values.Reading[str], asked: Asked) -> Outcome:
        """Read from an open list: another language or case is repaired, what only resembles an entry stays as it is typed."""
        folded = written.strip().casefold()
        for key, labels in asked.known.items():
            if written == key or written in labels:
                return Outcome(key)
            if folded in (key, *(label.casefold() for label in labels)):
                return Outcome(key, "value-repaired", {"raw": written, "shown": asked.labels[key]})
        if reading.value is None:
            return Outcome(written)
        return Outcome(written, "choice-like", {"raw": written, "near": asked.labels[reading.value]})


TYPES: dict[str, AnswerType] = {
    "text": AnswerType(),
    "long_text": AnswerType(width=38, grows=True),
    "email": AnswerType(width=26),
    "reference": AnswerType(width=19),
    "integer": Number(whole=True, width=12, dtype="Int64"),
    "number": Number(number_format="[>=1000]#,##0_w;[<=-1000]-#,##0_w;General_w", width=12),
    "money": Number(example="1200000"),
    "percent": Number(percent=True, width=10, number_format="0%_w", example="12 %"),
    "score": Number(whole=True, width=10, align="center", number_format="0", dtype="Int64", least=1, most=10, example="7"),
    "rating": Number(whole=True, width=10, align="center", number_format="0", dtype="Int64", least=1, most=5, example="3"),
    "year": Number(whole=True, width=9, align="center", number_format="0", dtype="Int64", least=1900, most=2200, example="2027"),
    "date": Date(),
    "month": Date(month=True, number_format="month", width=18),
    "yes_no": YesNo(),
    "choice": Choice(),
}


def type_of(question: Field) -> AnswerType:
    """Give the type of a field's values."""
    return TYPES[question.kind]


def ask(question: Field, blueprint: Blueprint, language: str, year: int) -> Asked:
    """Put a field's question in a language, with the labels of its list."""
    texts = YES_NO if question.kind == "yes_no" else blueprint.lists[question.list].labels if question.list else {}
    others = [other for other in LANGUAGES if other != language]
    return Asked(
        question,
        language,
        year,
        {key: label(language) for key, label in texts.items()},
        {key: tuple(dict.fromkeys([label(language), *(label(other) for other in others)])) for key, label in texts.items()},
        blueprint.currency if question.kind == "money" else "",
        blueprint.currency == "USD",
    )
