"""Values as people of a language see them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from accountsheet.text import Text, text

MOST_NAMED = 8
"""Entries of a list that a remark names."""
YES_NO: Mapping[str, Text] = {"yes": text("yes", "ja"), "no": text("no", "nee")}


def plain(cell: Any) -> str:
    """Write a cell's value as text, without losing or adding anything."""
    if type(cell) is str:
        return cell
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case float() if 1e-9 < abs(cell) < 1e21:
            return f"{Decimal(f'{cell:.15g}'):f}"  # a long number keeps its digits: no 1.2e+19
        case float():
            return f"{cell:.15g}"
        case datetime.datetime() if cell.time() == datetime.time():
            return cell.date().isoformat()
        case datetime.datetime():
            return cell.isoformat(" ")
        case datetime.date() | datetime.time():
            return cell.isoformat()
    return str(cell)


def as_seen(cell: Any, language: str) -> str:
    """Write a cell that is no text as people of a language see it; a day with its month's name, which nobody misreads."""
    match cell:
        case bool():
            return YES_NO["yes" if cell else "no"](language)
        case float():
            return plain(cell).replace(".", "," if language == "nl" else ".")
        case datetime.datetime() if cell.time() != datetime.time():
            return f"{show_date(cell.date(), language)} {cell:%H:%M}"
        case datetime.date():
            return show_date(cell, language)
        case datetime.time():
            return f"{cell:%H:%M}"
    return plain(cell)


def show_date(day: datetime.date | None, language: str, month: bool = False) -> str:
    """Write a day or month for people: '3 Apr 2026', 'April 2026'."""
    from babel.dates import format_date

    return "" if day is None else format_date(day, "MMMM y" if month else "d MMM y", locale=language)


def some_of(labels: Iterable[str]) -> str:
    """Name the entries of a list, or the first of a long one."""
    every = list(labels)
    return ", ".join(every if len(every) <= MOST_NAMED else [*every[:MOST_NAMED], "…"])


def rounded(number: float) -> float:
    """Round a number to the 15 digits that programs keep."""
    return number if number.is_integer() and abs(number) < 1e15 else float(f"{number:.15g}")


def show_number(value: float | None, language: str, percent: bool = False) -> str:
    """Write a number for people."""
    if value is None:
        return ""
    shown = f"{value * 100:,.10g} %" if percent else f"{value:,.15g}"
    return shown.translate(str.maketrans(",.", ".,")) if language == "nl" else shown
