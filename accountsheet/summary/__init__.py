"""The summary workbook that management opens in the meeting: a view of a portfolio, every total a formula over its data tabs."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from accountsheet.accounts import Accounts, accounts_from
from accountsheet.files import atomic
from accountsheet.finding import Finding
from accountsheet.painter import Painter, Subject, opened
from accountsheet.portfolio import Portfolio
from accountsheet.rates import Rates
from accountsheet.summary import (
    accounts,
    actions,
    bases,
    changes,
    checks,
    completeness,
    dashboard,
    forecast,
    opportunities,
    people,
    remarks,
    selection,
    submissions,
    tables,
    white_space,
)
from accountsheet.summary import (
    rates as rates_page,
)
from accountsheet.summary.book import Book, Draw
from accountsheet.summary.tabs import Tab, default_tab, read_tabs
from accountsheet.theme import Theme

STAMP = "accountsheet|summary"
"""What the hidden first cell of every tab says, so that nobody takes a summary for a plan."""
PAGES: Mapping[str, Draw] = {
    "dashboard": dashboard.draw,
    "accounts": accounts.draw,
    "forecast": forecast.draw,
    "white_space": white_space.draw,
    "opportunities": opportunities.draw,
    "actions": actions.draw,
    "people": people.draw,
    "completeness": completeness.draw,
    "checks": checks.draw,
    "bases": bases.draw,
    "selection": selection.draw,
    "changes": changes.draw,
    "submissions": submissions.draw,
    "findings": remarks.draw,
    "rates": rates_page.draw,
}
"""What draws each tab; those of the data are drawn by `tables`."""
NEEDS = {"bases": "bases", "selection": "candidates"}
"""Tabs that are there only where plans have a table."""
RESTED_ON = ("forecast", "rates", "data")
"""Tabs that figures elsewhere are made of: where nobody asks for them they are hidden."""


def write_summary(
    portfolio: Portfolio,
    path: str | os.PathLike[str],
    *,
    language: str = "en",
    as_of: datetime.date | None = None,
    expected: Accounts | None = None,
    previous: Portfolio | None = None,
    rates: Mapping[str, float] | None = None,
    currency: str = "",
    names: bool = False,
    tabs: str | os.PathLike[str] | Sequence[Tab] | None = None,
) -> list[Finding]:
    """Write the summary workbook, whole or not at all; gives what had to be left out.

    Overdue is judged on `as_of`, today by default. `expected` are the accounts that a plan is wanted of, `previous` is the
    collection to compare with. Amounts of different currencies stay apart, unless `rates` says what one unit of each is
    worth in `currency`, and since when (`Rates`). People's names stand beside their attitudes only where `names` asks for
    it. `tabs` says which tabs there are, in which order and under which names: a YAML file, or what `read_tabs` gives.
    Raises UsageProblem for a file of tabs or accounts that cannot be read.
    """
    folder = os.path.dirname(os.path.abspath(path))
    wanted, remarks = (None, []) if expected is None else accounts_from(expected)
    book = Book(
        portfolio,
        folder,
        language=language,
        as_of=as_of or datetime.date.today(),
        expected=wanted,
        previous=previous,
        rates=rates if rates is None or isinstance(rates, Rates) else Rates(rates),
        currency=currency,
        names=names,
        contents=read_tabs(tabs) if tabs is None or isinstance(tabs, (str, os.PathLike)) else tabs,
    )
    subject = drawn(book)
    with atomic(path) as temporary:
        workbook = opened(temporary, subject.theme.font, in_memory=False)
        workbook.set_properties({"title": subject.footer})
        Painter(workbook, subject).paint()
        workbook.close()
    return [finding.at(file=os.fspath(path)) for finding in book.findings] + remarks


def drawn(book: Book) -> Subject:
    """Draw every page, and say what the painter needs to know of them."""
    absent = {name for name, block in NEEDS.items() if block not in book.view or book.view[block].empty}
    absent |= {*([] if book.before is not None else ["changes"]), *([] if book.rates else ["rates"])}
    wanted = [name for name in book.contents if name in PAGES and name not in absent]
    hidden = [name for name in RESTED_ON if name in PAGES and name not in absent and name not in wanted]
    every = [book.contents.get(name) or default_tab(name) for name in (*wanted, *hidden)]
    data = tables.titles(book)
    book.order = [*((tab.id, tab.title(book.language)) for tab in every), *data]
    book.shown = {*wanted, *([name for name, _ in data] if "data" in book.contents else [])}
    for tab in every:
        PAGES[tab.id](book)
    tables.draw(book)
    places = {name: place for place, (name, _) in enumerate(book.order)}
    sheets = sorted(book.sheets, key=lambda sheet: places[sheet.id])
    accents = {(blueprint.accent, blueprint.font) for blueprint in book.names.blueprints}
    theme = Theme(*accents.pop(), book.language) if len(accents) == 1 else Theme(language=book.language)
    footer = book.word("summary_footer", year=book.year + 1, count=len(book.view["plans"]), day=book.day(book.today))
    return Subject(
        [replace(sheet) for sheet in sheets], theme, book.value, header=book.who(), footer=footer, stamp=lambda page: STAMP
    )


__all__ = ["write_summary"]
