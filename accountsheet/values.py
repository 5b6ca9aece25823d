"""What people type as text, read as numbers, dates, truth values and choices, with how sure each reading is."""

from __future__ import annotations

import calendar
import datetime
import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")
LONGEST = 200  # characters of a text that is still looked at


class How(StrEnum):
    """How sure a reading is, surest first."""

    PLAIN = "plain"
    MEANT = "meant"
    REPAIRED = "repaired"
    AMBIGUOUS = "ambiguous"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A value as read; `other` is set exactly where it is ambiguous, `near` names choices that resemble an unreadable one."""

    value: T | None
    how: How
    other: T | None = None
    near: str = ""


UNREADABLE: Reading[Any] = Reading(None, How.UNREADABLE)


def _either(value: T | None, other: T | None, how: How = How.MEANT) -> Reading[T]:
    """Read what may mean two things, or twice the same."""
    return Reading(value, how) if value == other else Reading(value, How.AMBIGUOUS, other)


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


TWINS: dict[int, str | None] = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)}  # full-width; 500² must not become 5002
TWINS |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63), "-")
TWINS |= dict.fromkeys((0x2018, 0x2019, 0x2032, 0x02BC, 0x00B4), "'")
TWINS |= dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFE0E, 0xFE0F, 0xFEFF))


def _cleaned(text: str) -> str:
    """Give a text with plain digits, blanks, dashes and apostrophes; nothing where it is too long to look at."""
    return " ".join(text.translate(TWINS).split()) if len(text) <= LONGEST else ""


ABSENT = _words(
    "na nvt nb nnb ntb tbd tba tbc pm nan null none geen leeg blank empty volgt onbekend unknown notknown nietbekend nogonbekend "
    "nognietbekend weetniet weetikniet geenidee noidea nadertebepalen tobedetermined nietvantoepassing notapplicable"
)


def is_absent(text: str) -> bool:
    """Whether a text says that there is nothing to read: 'n.v.t.', '-', '?', 'tbd'."""
    written = _cleaned(text).casefold()
    return re.sub(r"[\W_]+", "", written) in ABSENT or (len(text) <= LONGEST and not written.strip(" -?./_*#…"))


CODES = {code.casefold(): code for code in _words("EUR USD GBP JPY CHF SEK NOK DKK PLN CZK CAD AUD")}
CODES |= {"€": "EUR", "euro": "EUR", "euros": "EUR", "euro's": "EUR", "$": "USD", "dollar": "USD", "£": "GBP", "¥": "JPY"}
SCALES = dict.fromkeys(_words("k dzd duizend thousand mille"), 3) | dict.fromkeys(_words("m mln mio mn miljoen million"), 6)
SCALES |= dict.fromkeys(_words("b bn mld mrd miljard billion"), 9) | {"ton": 5}
MARKS = {name: ("currency", 0) for name in CODES} | {f"after {name}": ("scale", power) for name, power in SCALES.items()}
MARKS |= {f"{scale}{name}": ("scale", SCALES[scale]) for scale in "km" for name in CODES}  # 'k€', 'MEUR'
MARKS |= {f"after {name}": ("percent", -2) for name in ("%", "procent", "percent", "pct")}
MARKS |= {f"before {name}": ("about", 0) for name in _words("ca circa ongeveer plm rond approx approximately about around ± ~ ≈")}
MARKS |= {sign: (sign, 0) for sign in ("before -", "before +", "before (", "after -", "after )")}
MARK = re.compile(r"[km]?[€$£]|[^\W\d_]+(?:'[^\W\d_]+)?\.?|\S", re.IGNORECASE)
NUMBER = re.compile(r"([^0-9]*?)((?:(?<!\w)[.,])?[0-9][0-9.,' ]*?)(?:[eE]([+-]?[0-9]{1,2}))?([^0-9]*)")
GROUPED = re.compile(r"[1-9][0-9]{0,2}([.,' ])[0-9]{3}(?:\1[0-9]{3})*")


def read_number(text: str, language: str, *, percent: bool = False) -> Reading[float]:
    """Read a number as people of a language write it; a percent is given as 0..1."""
    from babel.numbers import get_decimal_symbol

    found = NUMBER.fullmatch(_cleaned(text).lstrip("'").replace("+/-", "±"))
    marks = _marks(found[1], re.sub(r"^[.,](?:-{1,2}|=)", "", found[4]).removesuffix(".")) if found else None
    if found is None or marks is None or (percent and marks.keys() & {"currency", "scale"}):
        return UNREADABLE
    power = sum(marks.values()) + int(found[3] or 0)
    figure = _figure(found[2], get_decimal_symbol(language), percent or power != 0)
    if figure is None:
        return UNREADABLE
    sign = "-" if marks.keys() & {"before -", "before (", "after -"} else ""
    value, other = (float(f"{sign}{digits}e{power}") + 0.0 for digits in figure[:2])
    reading = _either(value, other, figure[2])
    if value == other and "after -" in marks:  # an accountant's minus, or '500,-' without its comma
        reading = _either(value, -value)
    elif value == other and marks.get("scale") == SCALES["ton"] and language != "nl":  # money talk in Dutch; elsewhere a weight
        reading = _either(value, value / 1e5)
    if "percent" in marks:  # as an amount, '12 %' is 0.12 to a spreadsheet, but 12 may be meant
        return reading if percent else _either(value, float(f"{value * 100:.15g}"))
    return _share(reading) if percent else reading


def read_percent_number(value: float) -> Reading[float]:
    """Read a number typed into a percent cell, where 12 and 0.12 both stand for 12 %."""
    size, hundredth = abs(value), float(f"{value / 100:.15g}")
    if size <= 1:
        return Reading(value, How.PLAIN)
    if 2 <= size <= 100 and value == int(value):
        return Reading(hundredth, How.REPAIRED)  # nobody means 1200 %
    return Reading(hundredth, How.AMBIGUOUS, value) if size <= 1000 else UNREADABLE  # 1.2 may be 120 %; 5000 is an amount


def currency_named(text: str) -> str:
    """Give the code of the currency that a text names, or nothing: '$ 500' in a plan in euros is the caller's to remark."""
    words = [word.rstrip(".").casefold() for word in MARK.findall(_cleaned(text))]
    return next((CODES.get(word) or CODES[word[1:]] for word in words if word in MARKS), "")


def _share(number: Reading[float]) -> Reading[float]:
    """Read a text without a percent sign as a share: '12' and '12,5' as plainly as '0,12'; '1' may be 1 % or all."""
    shares: list[Reading[float]] = []
    for value in [value for value in (number.value, number.other) if value is not None]:
        share = read_percent_number(value) if abs(value) != 1 else Reading(value, How.AMBIGUOUS, value / 100)
        shares.append(Reading(share.value, number.how) if abs(value) < 1 or 2 <= abs(value) <= 100 else share)
    first, *second = [share for share in shares if share.value is not None] or [UNREADABLE]
    if second:
        return _either(first.value, second[0].value, first.how)
    if number.other is None or first.value is None or first.other is not None:
        return first
    return Reading(first.value, How.REPAIRED)  # '12.500' can only be 12.5 %


def _marks(before: str, after: str) -> dict[str, int] | None:
    """Read sign, currency, scale and percent, each once at most, with their powers of ten; another word makes it no number."""
    marks: dict[str, int] = {}
    for place, word in [("before", word) for word in MARK.findall(before)] + [("after", word) for word in MARK.findall(after)]:
        name = word.casefold().rstrip(".")
        kind, power = MARKS.get(name) or MARKS.get(f"{place} {name}") or ("", 0)
        if not kind or kind in marks:
            return None
        marks[kind] = power
    signs, amounts = marks.keys() & {"before -", "before +", "before (", "after -"}, marks.keys() & {"scale", "currency"}
    return None if len(signs) > 1 or ("before (" in marks) != ("after )" in marks) or ("percent" in marks and amounts) else marks


def _figure(written: str, decimal: str, scaled: bool) -> tuple[str, str, How] | None:
    """Read digits with separators, in one or two ways; the language's decimal symbol decides where the digits do not."""
    separators, whole = re.sub("[0-9]", "", written), re.sub("[^0-9]", "", written)
    last, grouped = separators[-1:], not separators or GROUPED.fullmatch(written) is not None
    if last in " '" or separators.count(last) > 1:  # nothing but groups, or one
        return (whole, whole, How.REPAIRED if last == decimal else How.MEANT) if grouped else None
    head, _, tail = written.rpartition(last)
    if not GROUPED.fullmatch(head) and not re.fullmatch("0?|[1-9][0-9]*", head):
        return None
    fraction = f"{re.sub('[^0-9]', '', head)}.{tail}"
    if not grouped:  # '1.200,50' and '1,2': the last separator is the decimal one
        return fraction, fraction, How.MEANT if last == decimal else How.REPAIRED
    if last == decimal:  # '1.200' in an English plan
        return fraction, whole, How.AMBIGUOUS
    return whole, fraction if scaled else whole, How.MEANT  # '1.200' in a Dutch plan; '1.200 mln' and '1.200 %' may well be 1.2


UNITS = dict.fromkeys(_words("q k kw qtr quarter kwartaal"), 3) | dict.fromkeys(_words("h halfjaar"), 6)
UNITS |= dict.fromkeys(_words("w wk week weeknr weeknummer"), 0)
PARTS = dict.fromkeys(_words("begin start early"), 0) | dict.fromkeys(_words("medio mid half midden"), 1)
PARTS |= dict.fromkeys(_words("eind einde end ultimo"), 2)
FILLERS = _words("- / . , e de ste st nd rd th the of van per op on in by uiterlijk")
TIME = re.compile(r"[t ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)? ?(?:[ap]m|z)?$")


class _Period(NamedTuple):
    """The days that a text may mean: one, or a week, month, quarter or year of them."""

    first: datetime.date
    last: datetime.date
    how: How = How.MEANT


def read_date(text: str, language: str, year: int) -> Reading[datetime.date]:
    """Read a day; of a week its Friday, of a month or quarter its last day; `year` serves where the text has none."""
    periods = _periods(text, language, year)
    return _either(periods[0].last, periods[-1].last, periods[0].how) if periods else UNREADABLE


def read_month(text: str, language: str, year: int) -> Reading[datetime.date]:
    """Read a month, as its first day; `year` serves where the text has none."""
    number = _cleaned(text)
    periods = _span(year, number, number) if re.fullmatch("[0-9]{1,2}", number) else _periods(text, language, year)
    periods.sort(key=lambda period: period.first == period.last)  # 'dec 26' is rather a month than a day here
    months = [period for period in periods if period.first.replace(day=1) == period.last.replace(day=1)]
    return _either(months[0].first.replace(day=1), months[-1].first.replace(day=1), months[0].how) if months else UNREADABLE


def _periods(text: str, language: str, year: int) -> list[_Period]:
    """Give what a text may mean, likeliest first, two at most; nothing where a word or figure has no place in a date."""
    names, ignored, month_first = _calendar(language)
    written = TIME.sub("", _cleaned(text).casefold().lstrip("'"))
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
            month = next(known, None) or (_closest(word, names) or 0, How.REPAIRED)
            shape += "m" if month[0] else "?"
    found = _of_unit(shape, figures, unit, year) if "u" in shape else _of_shape(shape, figures, month, year, month_first)
    if parts and shape == "y":
        found = _span(int(figures[0]), 1, 12)
    return found if not parts else [_part(period, parts[0]) for period in found] if len(parts) == 1 else []


def _of_shape(shape: str, figures: list[str], month: tuple[int, How], year: int, month_first: bool) -> list[_Period]:
    """Give what n(umbers), a four-digit y(ear) and a named m(onth) mean in their order."""
    number, how = month
    match shape:
        case "ynn":
            return _day(int(figures[0]), figures[1], figures[2])
        case "nny" | "nnn":
            return _in_either_order(figures, _year(figures[2], year), month_first)
        case "yn" | "ny":
            return _span(int(max(figures, key=len)), min(figures, key=len), min(figures, key=len))
        case "nn":
            days = _in_either_order(figures, year, month_first)
            whole = _span(_year(figures[1], year), figures[0], figures[0]) if int(figures[1]) > 12 else []  # '12-26'
            return days + whole if month_first else whole + days
        case "m" | "my" | "ym":
            return _span(int(figures[0]) if figures else year, number, number, how)
        case "nm" | "nmy" | "mny" | "nmn" | "mnn":  # not 'nnm': '10-12 maart' is a stretch of days
            return _day(_year(figures[1], year) if figures[1:] else year, number, figures[0], how)
        case "mn":  # 'dec 26'
            days, chosen = _day(year, number, figures[0], how), _year(figures[0], year)
            whole = _span(chosen, number, number, how) if abs(chosen - year) <= 10 and (days or not month_first) else []
            return days + whole if month_first else whole + days
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


def _in_either_order(figures: list[str], year: int, month_first: bool) -> list[_Period]:
    """Give the day of two figures; Dutch has one order, English is written in both."""
    orders = [_day(year, figures[1], figures[0]), _day(year, figures[0], figures[1])]
    own, other = reversed(orders) if month_first else orders
    return own + other if own and month_first else own or [period._replace(how=How.REPAIRED) for period in other]


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
def _calendar(language: str) -> tuple[dict[int, dict[str, How]], frozenset[str], bool]:
    """Give the month names, in the language and behind it the others; the words to pass over; whether months come first."""
    from babel import Locale

    months: dict[int, dict[str, How]] = {number: {} for number in range(1, 13)}
    months[9]["sept"] = How.MEANT
    weekdays: set[str] = set()
    for locale in map(Locale.parse, (language, "nl", "en")):
        for width in ("wide", "abbreviated"):
            weekdays |= {name.casefold().rstrip(".") for name in locale.days["format"][width].values()}
            for number, name in locale.months["format"][width].items():
                months[number].setdefault(name.casefold().rstrip("."), How.MEANT if str(locale) == language else How.REPAIRED)
    pattern = str(Locale.parse(language).date_formats["short"].pattern)
    return months, FILLERS | weekdays, pattern.index("M") < pattern.index("d")


YES = _words("ja j jawel yes y yep yeah true waar 1 x \N{MULTIPLICATION SIGN} [x] (x) v √ ✓ ✔ ✅ ☑")
NO = _words("nee n neen no nope false onwaar 0 ❌ ☐")
SEPARATOR = re.compile(r"([,;/+&|\n]| (?:en|and) (?=\S))", re.IGNORECASE)


def read_yes_no(text: str) -> Reading[bool]:
    """Read a truth value in Dutch, English or signs; a cross may be crossed in or crossed out."""
    written = _cleaned(text).casefold().rstrip(".!")
    how = How.PLAIN if text.casefold() in ("ja", "nee", "yes", "no") else How.MEANT
    if written in ("☒", "✗", "✘"):
        return _either(True, False)
    return Reading(written in YES, how) if written in YES | NO else UNREADABLE


def read_choice(text: str, labels: Mapping[str, Sequence[str]]) -> Reading[str]:
    """Read one of a list, given each key's labels with the plan language's first, as its key."""
    reading, written = _read_exactly(text, labels), _folded(text)
    if reading or not written:
        return reading or UNREADABLE
    key = _closest(written, {key: _names(key, tuple(texts)) for key, texts in labels.items()})
    if key is not None:
        return Reading(key, How.REPAIRED)
    from rapidfuzz import fuzz, process

    shown = {label: _folded(label) for label in (next(iter(texts), key) for key, texts in labels.items())}
    near = process.extract(written, shown, scorer=fuzz.ratio, score_cutoff=50, limit=3)
    return Reading(None, How.UNREADABLE, near=", ".join(label for _, _, label in near))


def read_several(text: str, labels: Mapping[str, Sequence[str]]) -> Reading[tuple[str, ...]]:
    """Read several of a list in one cell, as their keys; a label may itself hold a comma or an 'and'."""
    readings: list[Reading[str]] = []
    pieces = [text] if len(text) > LONGEST or read_choice(text, labels).value is not None else SEPARATOR.split(text)
    while pieces:  # the longest run of up to five pieces, with the separators between them, that is a label
        runs = ((taken, "".join(pieces[:taken]).strip()) for taken in range(min(len(pieces), 9), 0, -2))
        exact = ((taken, reading) for taken, run in runs if (reading := _read_exactly(run, labels)))
        taken, reading = next(exact, None) or (1, read_choice(pieces[0].strip(), labels))
        readings += [reading] if pieces[0].strip() else []
        pieces = pieces[taken + 1 :]
    unread = [reading for reading in readings if reading.value is None]
    if unread or not readings:
        return Reading(None, How.UNREADABLE, near=", ".join(dict.fromkeys(reading.near for reading in unread if reading.near)))
    keys = tuple(dict.fromkeys(reading.value or "" for reading in readings))
    others = tuple(dict.fromkeys(reading.other or reading.value or "" for reading in readings))
    return _either(keys, others, How.REPAIRED if any(reading.how is How.REPAIRED for reading in readings) else How.PLAIN)


def _read_exactly(text: str, labels: Mapping[str, Sequence[str]]) -> Reading[str] | None:
    """Read a label or key but for case, blanks, accents and a sign before it; the plan language's labels go first."""
    same, how = [key for key, texts in labels.items() if texts and texts[0] == text], How.PLAIN
    if not same and (written := _folded(text)):
        names = {key: _names(key, tuple(texts)) for key, texts in labels.items()}
        ranks = {key: min(called.index(written), 1) for key, called in names.items() if written in called}
        same, how = [key for key, rank in ranks.items() if rank == min(ranks.values())], How.REPAIRED
    return _either(same[0], same[-1], how) if same else None


@functools.lru_cache(maxsize=4096)
def _names(key: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Give all that a choice may be called: its labels, its key, and of 'A - strategic' and 'Coach: helps' the first part."""
    names = (*labels, key, key.replace("_", " "), *(re.split(" [-\N{EN DASH}] |[:(]", label)[0] for label in labels))
    return tuple(map(_folded, names))


def _folded(text: str) -> str:
    """Give a text without case, accents, spare blanks and a glyph before it: '●  Sold' is 'sold'."""
    cleaned = _cleaned(text)
    glyphs = "".join(sign for sign in cleaned if unicodedata.category(sign) == "So" or sign in "•·→▷")
    bare = unicodedata.normalize("NFD", (cleaned.lstrip(glyphs + " ") or cleaned).casefold())
    return "".join(sign for sign in bare if unicodedata.category(sign) != "Mn")


def _closest(written: str, known: Mapping[T, Iterable[str]]) -> T | None:
    """Give whom a text misspells: one slip in 4 letters, two in 8, three in 16, and the next candidate two further away."""
    from rapidfuzz.distance import OSA

    nearest = {key: min((OSA.distance(written, name), name) for name in names) for key, names in known.items()}
    ranked = sorted(nearest, key=lambda key: nearest[key][0])
    if not ranked or (len(ranked) > 1 and nearest[ranked[1]][0] - nearest[ranked[0]][0] < 2):
        return None
    slips, name = nearest[ranked[0]]
    shorter, fixed = min(len(written), len(name)), re.compile(r"^\w|\d+|\b\w\b")  # 'onwijs' is not 'wijs', 'plan 2' not 'plan 1'
    near = shorter >= 4 and slips <= min(1 + shorter // 8, 3)
    return ranked[0] if near and fixed.findall(written) == fixed.findall(name) else None
