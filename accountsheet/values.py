"""What people type as text, read as numbers, with how sure each reading is; the same for dates and choices stands above."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

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


def either(value: T | None, other: T | None, how: How = How.MEANT) -> Reading[T]:
    """Read what may mean two things, or twice the same."""
    return Reading(value, how) if value == other else Reading(value, How.AMBIGUOUS, other)


def words(written: str) -> frozenset[str]:
    return frozenset(written.split())


TWINS: dict[int, str | None] = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)}  # full-width; 500² must not become 5002
TWINS |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63), "-")
TWINS |= dict.fromkeys((0x2018, 0x2019, 0x2032, 0x02BC, 0x00B4), "'")
TWINS |= dict.fromkeys((0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFE0E, 0xFE0F, 0xFEFF))


def cleaned(text: str) -> str:
    """Give a text with plain digits, blanks, dashes and apostrophes; nothing where it is too long to look at."""
    return " ".join(text.translate(TWINS).split()) if len(text) <= LONGEST else ""


def closest(written: str, known: Mapping[T, Iterable[str]]) -> T | None:
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


LEGAL_FORMS = words("bv nv vof cv ltd limited plc llc llp inc corp co gmbh ag sa sarl srl spa ab as oy group groep holding de")


def same_name(one: str, two: str) -> bool:
    """Whether two names are one in two spellings: but for a slip, for words that one leaves out, or for 'B.V.'."""
    from rapidfuzz import fuzz

    first, second = (re.findall(r"\w+", re.sub(r"(?<=\b\w)\.", "", cleaned(name).casefold())) for name in (one, two))
    bare = [[word for word in name if word not in LEGAL_FORMS] or name for name in (first, second)]
    if set(bare[0]) <= set(bare[1]) or set(bare[1]) <= set(bare[0]):
        return True
    figures = [[word for word in name if any(map(str.isdecimal, word))] for name in bare]
    return figures[0] == figures[1] and fuzz.ratio(" ".join(bare[0]), " ".join(bare[1])) >= 88


ABSENT = words(
    "na nvt nb nnb ntb tbd tba tbc pm nan null none geen leeg blank empty volgt onbekend unknown notknown nietbekend nogonbekend "
    "nognietbekend weetniet weetikniet geenidee noidea nadertebepalen tobedetermined nietvantoepassing notapplicable"
)


def is_absent(text: str) -> bool:
    """Whether a text says that there is nothing to read: 'n.v.t.', '-', '?', 'tbd'."""
    written = cleaned(text).casefold()
    return re.sub(r"[\W_]+", "", written) in ABSENT or (len(text) <= LONGEST and not written.strip(" -?./_*#…"))


CURRENCIES: dict[str, tuple[str, ...]] = {code.casefold(): (code,) for code in words(
    "EUR USD GBP JPY CHF SEK NOK DKK ISK PLN CZK HUF RON BGN TRY CAD AUD NZD SGD HKD CNY INR KRW THB BRL MXN ZAR ILS AED SAR"
)}  # fmt: skip
DOLLARS, CROWNS = ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"), ("SEK", "NOK", "DKK", "ISK")
CURRENCIES |= {"€": ("EUR",), "euro": ("EUR",), "euros": ("EUR",), "euro's": ("EUR",), "£": ("GBP",), "pond": ("GBP",)}
CURRENCIES |= {"$": DOLLARS, "dollar": DOLLARS, "dollars": DOLLARS, "us$": ("USD",), "a$": ("AUD",), "c$": ("CAD",)}
CURRENCIES |= {"¥": ("JPY", "CNY"), "kr": CROWNS, "zł": ("PLN",), "kč": ("CZK",), "fr": ("CHF",), "₹": ("INR",), "₺": ("TRY",)}
"""What a name or sign stands for; of a sign that several share, the likeliest first."""
SCALES = dict.fromkeys(words("k dzd duizend thousand mille"), 3) | dict.fromkeys(words("m mln mio mn miljoen million"), 6)
SCALES |= dict.fromkeys(words("b bn mld mrd miljard billion"), 9) | {"ton": 5}
MARKS = {name: ("currency", 0) for name in CURRENCIES} | {f"after {name}": ("scale", power) for name, power in SCALES.items()}
MARKS |= {f"{scale}{name}": ("scale", SCALES[scale]) for scale in "km" for name in CURRENCIES}  # 'k€', 'MEUR'
MARKS |= {f"after {name}": ("percent", -2) for name in ("%", "procent", "percent", "pct")}
MARKS |= {f"before {name}": ("about", 0) for name in words("ca circa ongeveer plm rond approx approximately about around ± ~ ≈")}
MARKS |= {sign: (sign, 0) for sign in ("before -", "before +", "before (", "after -", "after )")}
MARK = re.compile(r"(?:[km]|us|a|c)?\$|[km]?[€£]|[^\W\d_]+(?:'[^\W\d_]+)?\.?|\S", re.IGNORECASE)
NUMBER = re.compile(r"([^0-9]*?)((?:(?<!\w)[.,])?[0-9][0-9.,' ]*?)(?:[eE]([+-]?[0-9]{1,2}))?([^0-9]*)")
GROUPED = re.compile(r"[1-9][0-9]{0,2}([.,' ])[0-9]{3}(?:\1[0-9]{3})*")


def read_number(text: str, language: str, *, percent: bool = False, money: bool = False) -> Reading[float]:
    """Read a number as people of a language write it; a percent is given as 0..1. `money` has no thousandths: '1.200' is 1200."""
    from babel.numbers import get_decimal_symbol

    found = NUMBER.fullmatch(cleaned(text).lstrip("'").replace("+/-", "±"))
    whole = ROUND.match(found[4]) if found else None
    marks = _marks(found[1], found[4][whole.end() if whole else 0 :].removesuffix(".")) if found else None
    if found is None or marks is None or (percent and marks.keys() & {"currency", "scale"}):
        return UNREADABLE
    power = sum(marks.values()) + int(found[3] or 0)
    own = get_decimal_symbol(language)
    decimal = whole[1] if whole else own
    figure = _figure(found[2], decimal, percent or power != 0, money)
    if figure is None:
        return UNREADABLE
    if decimal != own and not found[2].isdecimal():
        figure = *figure[:2], max(figure[2], How.REPAIRED, key=list(How).index)
    sign = "-" if marks.keys() & {"before -", "before (", "after -"} else ""
    value, other = (float(f"{sign}{digits}e{power}") + 0.0 for digits in figure[:2])
    reading = either(value, other, figure[2])
    if value == other and "after -" in marks:  # an accountant's minus, or '500,-' without its comma
        reading = either(value, -value)
    elif value == other and marks.get("scale") == SCALES["ton"] and language != "nl":  # money talk in Dutch; elsewhere a weight
        reading = either(value, value / 1e5)
    if "percent" in marks:  # as an amount, '12 %' is 0.12 to a spreadsheet, but 12 may be meant
        return reading if percent else either(value, float(f"{value * 100:.15g}"))
    return _share(reading) if percent else reading


def read_percent_number(value: float) -> Reading[float]:
    """Read a number typed into a percent cell, where 12 and 0.12 both stand for 12 %."""
    size, hundredth = abs(value), float(f"{value / 100:.15g}")
    if size <= 1:
        return Reading(value, How.PLAIN)
    if 2 <= size <= 100 and value == int(value):
        return Reading(hundredth, How.REPAIRED)  # nobody means 1200 %
    return Reading(hundredth, How.AMBIGUOUS, value) if size <= 1000 else UNREADABLE  # 1.2 may be 120 %; 5000 is an amount


def currency_named(text: str, own: str = "") -> str:
    """Give the code of the currency that a text names, or nothing; a sign that several share means `own` where it can."""
    for word in MARK.findall(cleaned(text)):
        name = word.rstrip(".").casefold()
        known = CURRENCIES.get(name) or (CURRENCIES.get(name[1:], ()) if name in MARKS else ())
        if known:
            return own if own in known else known[0]
    return ""


ROUND = re.compile("([.,])(?:-{1,2}|=)")
"""The end of a round amount, '1.200,-': it shows which sign is the decimal one."""
FIGURE = re.compile(r"(?<![^\W\d_])[0-9][0-9.,']*(?![^\W_]*[0-9])")


def figures_in(text: str) -> tuple[str, ...]:
    """Give the figures that stand in a text among other words: '12 FTE', '10-15'."""
    return tuple(figure.rstrip(".,'") for figure in FIGURE.findall(cleaned(text)))


def _share(number: Reading[float]) -> Reading[float]:
    """Read a text without a percent sign as a share: '12' and '12,5' as plainly as '0,12'; '1' may be 1 % or all."""
    shares: list[Reading[float]] = []
    for value in [value for value in (number.value, number.other) if value is not None]:
        share = read_percent_number(value) if abs(value) != 1 else Reading(value, How.AMBIGUOUS, value / 100)
        shares.append(Reading(share.value, number.how) if abs(value) < 1 or 2 <= abs(value) <= 100 else share)
    first, *second = [share for share in shares if share.value is not None] or [UNREADABLE]
    if second:
        return either(first.value, second[0].value, first.how)
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


def _figure(written: str, decimal: str, scaled: bool, money: bool) -> tuple[str, str, How] | None:
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
        return (whole, fraction, How.AMBIGUOUS) if money and not scaled else (fraction, whole, How.AMBIGUOUS)
    return whole, fraction if scaled else whole, How.MEANT  # '1.200' in a Dutch plan; '1.200 mln' and '1.200 %' may well be 1.2
