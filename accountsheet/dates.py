"""Days and months as people write them: '31 dec 2026', 'Q3', 'week 12', 'medio maart'."""

from __future__ import annotations

import calendar
import datetime
import functools
import re
from typing import NamedTuple

from accountsheet.values import UNREADABLE, How, Reading, cleaned, closest, either, words

UNITS = dict.fromkeys(words("q k kw qtr quarter kwartaal"), 3) | dict.fromkeys(words("h halfjaar"), 6)
UNITS |= dict.fromkeys(words("w wk week weeknr weeknummer"), 0)
PARTS = dict.fromkeys(words("begin start early"), 0) | dict.fromkeys(words("medio mid half midden"), 1)
PARTS |= dict.fromkeys(words("eind einde end ultimo"), 2)
FILLERS = words("- / . , e de ste st nd rd th the of van per op on in by uiterlijk")
TIME = re.compile(r"[t ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)? ?(?:[ap]m|z)?$")


class _Period(NamedTuple):
    """The days that a text may mean: one, or a week, month, quarter or year of them."""

    first: datetime.date
    last: datetime.date
    how: How = How.MEANT


def read_date(text: str, language: str, year: int, *, month_first: bool = False) -> Reading[datetime.date]:
    """Read a day; of a week its Friday, of a month or quarter its last day; `year` serves where the text has none.

    English is written with the day first and, mostly in America, with the `month_first`: which of the two is likelier.
    """
    periods = _periods(text, language, year, month_first)
    return either(periods[0].last, periods[-1].last, periods[0].how) if periods else UNREADABLE


def read_month(text: str, language: str, year: int, *, month_first: bool = False) -> Reading[datetime.date]:
    """Read a month, as its first day; `year` serves where the text has none."""
    number = cleaned(text)
    alone = re.fullmatch("[0-9]{1,2}", number)
    periods = _span(year, number, number) if alone else _periods(text, language, year, month_first)
    periods.sort(key=lambda period: period.first == period.last)  # 'dec 26' is rather a month than a day here
    months = [period for period in periods if period.first.replace(day=1) == period.last.replace(day=1)]
    return either(months[0].first.replace(day=1), months[-1].first.replace(day=1), months[0].how) if months else UNREADABLE


def _periods(text: str, language: str, year: int, month_first: bool) -> list[_Period]:
    """Give what a text may mean, likeliest first, two at most; nothing where a word or figure has no place in a date."""
    names, ignored = _calendar(language)
    written = TIME.sub("", cleaned(text).casefold().lstrip("'"))
    written = re.sub("^([0-9]{4})([0-9]{2})([0-9]{2})$", r"\1-\2-\3", written)
    written = re.sub("'([0-9]{2})(?![0-9])", lambda found: f" {_year(found[1], year)}", written)
    shape, figures, month, unit, parts = "", [], (0, How.MEANT), 0, []
    for word in re.findall(r"[^\W\d_]+|[0-9]+|\S", written):
        if word.isdecimal():
            figures.append(word)
            shape += {1: "n", 2: "n", 4: "y"}.get(len(word), "?")
        elif word in UNITS:
            unit, shape = UNITS[word], shape + "u"
        elif word in PARTS:
            parts.append(PARTS[word])
        elif word not in ignored:
            known = ((number, spelt[word]) for number, spelt in names.items() if word in spelt)
            month = next(known, None) or (closest(word, names) or 0, How.REPAIRED)
            shape += "m" if month[0] else "?"
    dotted = re.fullmatch("[0-9]{1,2}[.][0-9]{1,2}[.](?:[0-9]{2}|[0-9]{4})?", written)  # so nobody writes the month first
    order = ("dm",) if language == "nl" or dotted else ("md", "dm") if month_first else ("dm", "md")
    found = _of_unit(shape, figures, unit, year) if "u" in shape else _of_shape(shape, figures, month, year, order)
    if parts and shape == "y":
        found = _span(int(figures[0]), 1, 12)
    return found if not parts else [_part(period, parts[0]) for period in found] if len(parts) == 1 else []


def _of_shape(shape: str, figures: list[str], month: tuple[int, How], year: int, orders: tuple[str, ...]) -> list[_Period]:
    """Give what n(umbers), a four-digit y(ear) and a named m(onth) mean in their order."""
    (number, how), both_orders = month, len(orders) > 1
    match shape:
        case "ynn":
            return _day(int(figures[0]), figures[1], figures[2])
        case "nny" | "nnn":
            return _in_order(figures, _year(figures[2], year), orders)
        case "yn" | "ny":
            return _span(int(max(figures, key=len)), min(figures, key=len), min(figures, key=len))
        case "nn":
            days = _in_order(figures, year, orders)
            whole = _span(_year(figures[1], year), figures[0], figures[0]) if int(figures[1]) > 12 else []  # '12-26'
            return days + whole if both_orders else whole + days
        case "m" | "my" | "ym":
            return _span(int(figures[0]) if figures else year, number, number, how)
        case "nm" | "nmy" | "mny" | "nmn" | "mnn":  # not 'nnm': '10-12 maart' is a stretch of days
            return _day(_year(figures[1], year) if figures[1:] else year, number, figures[0], how)
        case "mn":  # 'dec 26'
            days, chosen = _day(year, number, figures[0], how), _year(figures[0], year)
            whole = _span(chosen, number, number, how) if abs(chosen - year) <= 10 and (days or not both_orders) else []
            return days + whole if both_orders else whole + days
    return []


def _of_unit(shape: str, figures: list[str], months: int, year: int) -> list[_Period]:
    """Give a numbered quarter, half year or (of no months) week: 'Q3 2026', '3Q26', '2026-W12'."""
    if shape not in ("un", "nu", "uny", "nuy", "ynu", "yun", "unn", "nun"):
        return []
    ordered = figures[::-1] if shape[0] == "y" else figures
    number, chosen = int(ordered[0]), _year(ordered[1], year) if ordered[1:] else year
    if months:
        return _span(chosen, (number - 1) * months + 1, number * months)
    weeks = datetime.date(chosen, 12, 28).isocalendar().week if _span(chosen, 1, 12) else 0
    if not 1 <= number <= weeks or shape.count("n") > 1:  # 'week 12-13' are two weeks
        return []
    return [_Period(datetime.date.fromisocalendar(chosen, number, 1), datetime.date.fromisocalendar(chosen, number, 5))]


def _in_order(figures: list[str], year: int, orders: tuple[str, ...]) -> list[_Period]:
    """Give the day of two figures in the orders that people write, the likeliest first; in another only if none of them fits."""
    days = {"dm": _day(year, figures[1], figures[0]), "md": _day(year, figures[0], figures[1])}
    found = [day for order in orders for day in days[order]]
    return found or [period._replace(how=How.REPAIRED) for day in days.values() for period in day]


def _day(year: int, month: int | str, day: int | str, how: How = How.MEANT) -> list[_Period]:
    """Give a day, if there is such a one."""
    days = [span.first.replace(day=int(day)) for span in _span(year, month, month) if 1 <= int(day) <= span.last.day]
    return [_Period(found, found, how) for found in days]


def _span(year: int, first: int | str, last: int | str, how: How = How.MEANT) -> list[_Period]:
    """Give the days from one month of a year to another, if there are such."""
    if not (1900 <= year <= 2199 and 1 <= int(first) <= int(last) <= 12):
        return []
    ending = calendar.monthrange(year, int(last))[1]
    return [_Period(datetime.date(year, int(first), 1), datetime.date(year, int(last), ending), how)]


def _part(period: _Period, part: int) -> _Period:
    """Give the beginning, middle (the 15th, of a month) or end of a period, as a day."""
    days = (period.last - period.first).days
    day = period.first + datetime.timedelta((0, 14 if 26 < days < 31 else days // 2, days)[part])
    return _Period(day, day, period.how)


def _year(figure: str, year: int) -> int:
    """Give the year of four digits, or of two: from 79 years before the plan's to 20 after; of others none."""
    latest = year + 20
    return int(figure) if len(figure) == 4 else latest - (latest - int(figure)) % 100 if len(figure) == 2 else 0


@functools.cache
def _calendar(language: str) -> tuple[dict[int, dict[str, How]], frozenset[str]]:
    """Give the month names, in the language and behind it the others, and the words to pass over."""
    from babel import Locale

    months: dict[int, dict[str, How]] = {number: {} for number in range(1, 13)}
    months[9]["sept"] = How.MEANT
    weekdays: set[str] = set()
    for locale in map(Locale.parse, (language, "nl", "en")):
        for width in ("wide", "abbreviated"):
            weekdays |= {name.casefold().rstrip(".") for name in locale.days["format"][width].values()}
            for number, name in locale.months["format"][width].items():
                months[number].setdefault(name.casefold().rstrip("."), How.MEANT if str(locale) == language else How.REPAIRED)
    return months, FILLERS | weekdays
