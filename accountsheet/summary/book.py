"""The summary in the making: what its pages share, and the canvas that they draw on."""

from __future__ import annotations

import datetime
import math
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from accountsheet.accounts import Account
from accountsheet.address import Key, Place
from accountsheet.finding import Finding
from accountsheet.formula import Constant, Node, Range, Ref, Scalar, call
from accountsheet.phrases import remark
from accountsheet.pieces import Sheet, Target
from accountsheet.portfolio import Portfolio
from accountsheet.rates import Rates
from accountsheet.summary import data
from accountsheet.summary.data import DataTab, held, plain_value, shown_frame
from accountsheet.summary.names import Names
from accountsheet.summary.origins import Origins
from accountsheet.summary.sums import Purse, Sums, purses_of, rows_of
from accountsheet.summary.tabs import Tab
from accountsheet.theme import DAYS
from accountsheet.wording import word

LIVE_ACCOUNTS = 1_000
"""Accounts up to which each one's figures are formulas; beyond that workbooks take minutes to recalculate."""
THOUSANDS = 100_000
"""Amounts from which all are shown in thousands."""


MILLIONS = 50_000_000
"""Amounts from which a chart shows millions."""


class Figure(NamedTuple):
    """A figure as a formula, with the value it will show; without a formula only the value."""

    node: Node | None
    value: Scalar


class Book:
    """One summary: the figures, their words, and the pages drawn so far."""

    def __init__(
        self,
        portfolio: Portfolio,
        folder: str | os.PathLike[str],
        *,
        language: str,
        as_of: datetime.date,
        expected: Sequence[Account] | None,
        previous: Portfolio | None,
        rates: Rates | None,
        currency: str,
        names: bool,
        contents: Sequence[Tab],
    ) -> None:
        self.portfolio, self.language, self.today, self.with_names = portfolio, language, as_of, names
        self.rates = rates
        self.expected = expected
        self.findings: list[Finding] = []
        self.year = portfolio.year or as_of.year
        self.view = portfolio.counting(as_of, self.year)
        self.before = previous.counting(as_of) if previous is not None else None
        self.previous = previous
        self.accounts = self.view["accounts"]
        self.purses = purses_of(self.view, rates, currency)
        self.purse_of = {code: purse for purse in self.purses for code in purse.rates}
        self.sums = Sums(self.view)
        self.names = Names(portfolio, language)
        self.origins = Origins(self.view, os.path.abspath(folder))
        self.tabs = self.data_tabs()
        self.remark_on_all()
        self.values: dict[Key, Scalar] = {}
        self.sheets: list[Sheet] = []
        self.contents = {tab.id: tab for tab in contents}
        self.order: list[tuple[str, str]] = []
        """Every tab with its name, in their order."""
        self.shown: set[str] = set()
        """Those that are not hidden."""
        self._at: dict[Place, Key] = {}
        self._places: dict[Key, Place] = {}

    # --- what is known

    @property
    def main(self) -> Purse:
        """The currency, or currencies made one, of most plans."""
        return self.purses[0]

    @property
    def forecast_by(self) -> str:
        """The column of the accounts that the first tab stacks the forecast by."""
        return self.contents["dashboard"].forecast_by if "dashboard" in self.contents else ""

    @property
    def several(self) -> bool:
        """Whether amounts stand apart by currency."""
        return len(self.purses) > 1

    def word(self, name: str, /, **facts: object) -> str:
        """Give one of the tool's own words."""
        return word(name, self.language, **facts)

    def amounts_in(self) -> str:
        """Say what amounts are in."""
        if not self.main.code:
            return ""
        name = "amounts_thousands" if self.in_thousands else "amounts_whole"
        kind = "_apart" if self.several else "_converted" if self.main.mixed else ""
        return self.word(name + kind, currency=self.main.code, days=self.rate_days())

    def rate_days(self) -> str:
        """Say of which days the rates are that amounts were converted at."""
        known = sorted(self.rates.days[code] for code in self.converted if self.rates and code in self.rates.days)
        if not known:
            return self.word("rates_undated")
        if known[0] == known[-1]:
            return self.word("rates_of_day", day=self.day(known[0]))
        return self.word("rates_of_days", first=self.day(known[0]), last=self.day(known[-1]))

    @property
    def converted(self) -> list[str]:
        """The currencies whose amounts were converted."""
        return [code for code in self.main.rates if code != self.main.code] if self.rates else []

    def day(self, day: datetime.date) -> str:
        """Write a day for people."""
        return day_text(day, self.language)

    @property
    def day_format(self) -> str:
        """The number format of a day without its year."""
        return DAYS[self.language]

    def state(self, status: str | None) -> str:
        """Say how far a plan is by its own word."""
        return self.names.choice("plan", "status", status) if status else "–"

    def who(self) -> str:
        """Say how many accounts and account managers there are."""
        return self.word("accounts_owners", accounts=len(self.accounts), owners=self.accounts["owner"].nunique())

    @cached_property
    def periods(self) -> dict[tuple[int, ...], tuple[str, str]]:
        """Which plan and period an account's forecast is of: by account, first and last year, and whether it is a target."""
        table = self.view["forecast"].dropna(subset=["account_no", "from_year", "to_year"])
        columns = [table[name].astype("int64") for name in ("account_no", "from_year", "to_year", "is_goal")]
        told = zip(table["plan_id"].astype(object), table["period"].astype(object), strict=True)
        return dict(zip(zip(*columns, strict=True), told, strict=True))

    def forecast_cell(self, no: int, column: str, where: Mapping[str, int]) -> Target | None:
        """Say where an account's forecast tells something of a period."""
        plan, period = self.periods.get((no, *where.values()), ("", ""))
        return self.origins.cell(plan, "forecast", column, period) if period else None

    def weightiest(self, block: str, field: str, by: str, /, least: bool = False, **where: Any) -> Callable[[int], Target | None]:
        """Say for each account where the row stands that weighs most in a figure; without one its block's first answer."""
        rows = self.view[block]
        for name, value in where.items():
            rows = rows[rows[name].eq(value).fillna(False)]
        rows = rows[rows[by].notna()].sort_values(by, ascending=least, kind="stable").drop_duplicates("account_no")
        places = {no: (plan, row) for no, plan, row in rows_of(rows, ("account_no", "plan_id", "row"))}

        def target(no: int) -> Target | None:
            plan, row = places.get(no, ("", ""))
            return self.origins.cell(plan, block, field, row) or self.origins.block(no, block)

        return target

    @cached_property
    def _asked(self) -> set[tuple[int, str]]:
        """The blocks that each account's plans ask for."""
        rows = self.view["completeness"][["account_no", "block"]].drop_duplicates()
        return {(no, block) for no, block in rows_of(rows, ("account_no", "block"))}

    def asks(self, no: int, block: str) -> bool:
        """Whether any plan of an account asks for a block, or tells of it."""
        return (no, block) in self._asked or self.origins.block(no, block) is not None

    def accounts_in(self, purse: Purse) -> int:
        """Count the accounts whose amounts a sum is made of."""
        return int(self.accounts["currency"].fillna("").isin(list(purse.rates)).sum())

    @cached_property
    def products(self) -> list[str]:
        """The products that accounts are offered, in the order of the blueprint's list, those that only some have last."""
        seen = [product for product in self.sums.values("white_space", "product") if product is not None]
        listed = self.names.listed("products") if seen else []
        return [*(product for product in listed if product in seen), *(product for product in seen if product not in listed)]

    def data_tabs(self) -> dict[str, DataTab]:
        """Make a data tab of each table."""
        tabs = {}
        for block in self.view:
            every = (shown_frame(block, piece, self.with_names, self.names.check) for piece in self.view.pieces(block))
            tab = held(block, every)
            if tab is not None:
                tabs[block] = tab
        return tabs

    def remark_on_all(self) -> None:
        """Note what is left out of the sums, or stands in them as it is."""
        others = self.portfolio.plans["year"]
        count = int((others.notna() & (others != self.year)).sum())
        if count:
            self.remark("summary-other-year", count=count, year=self.year)
        if self.rates:
            for purse in self.purses[1:]:
                self.remark("rate-missing", currency=purse.code, target=self.main.code)
            undated = [code for code in self.converted if code not in self.rates.days]
            if undated:
                self.remark("rate-undated", currencies=", ".join(undated))
        if not self.live_accounts:
            self.remark("summary-figures-fixed", count=len(self.accounts), most=LIVE_ACCOUNTS)
        for block, tab in self.tabs.items():
            if not tab.live:
                self.remark("summary-table-left-out", block=block, rows=tab.rows, most=data.LONGEST)

    def remark(self, code: str, **facts: object) -> None:
        """Note what the summary had to do differently."""
        self.findings.append(remark(code, self.language, **facts))

    # --- figures

    def amount(self, block: str, column: str, purse: Purse, /, **where: Any) -> Figure:
        """Add up a column of money, converted where rates make currencies one."""
        value = rounded(self.sums.amount(block, column, purse, {name: plain_value(wanted) for name, wanted in where.items()}))
        tab = self.tabs[block]
        if not tab.live:
            return Figure(None, value)
        if not self.several and not purse.mixed:
            return Figure(tab.total(column, where), value)
        parts = [
            tab.total(column, {**where, "currency": code}) * Ref(self.rate_key(code), "both")
            if purse.mixed
            else tab.total(column, {**where, "currency": code})
            for code in purse.rates
        ]
        return Figure(joined(parts), value)

    def own_amount(self, block: str, column: str, code: str, /, **where: Any) -> Figure:
        """Add up a column of one account's money, whose currency is known."""
        purse = self.purse_of.get(code, self.main)
        value = rounded(self.sums.amount(block, column, purse, {name: plain_value(wanted) for name, wanted in where.items()}))
        if not self.live_accounts or not self.tabs[block].live:
            return Figure(None, value)
        total = self.tabs[block].total(column, where)
        return Figure(total * Ref(self.rate_key(code), "both") if purse.mixed else total, value)

    def growth(self, purse: Purse, /, **where: Any) -> Figure:
        """Give how much is expected above the period before, a year, by the plans that give both."""
        grown, before = (self.amount("forecast", column, purse, **where) for column in ("grown", "grown_from"))
        return divided(grown, before, less=1)

    def sure(self, purse: Purse, /, **where: Any) -> Figure:
        """Give which part of what is expected is contracted, by the plans that say what they expect."""
        return divided(self.amount("forecast", "signed", purse, **where), self.amount("forecast", "revenue", purse, **where))

    def number(self, block: str, column: str, /, **where: Any) -> Figure:
        """Add up a column that is no money."""
        value = rounded(self.sums.number(block, column, {name: plain_value(wanted) for name, wanted in where.items()}))
        tab = self.tabs[block]
        return Figure(tab.total(column, where) if tab.live else None, value)

    def count(self, block: str, filled: str = "", /, **where: Any) -> Figure:
        """Count rows, or those of them where a column is filled."""
        value = self.sums.count(block, {name: plain_value(wanted) for name, wanted in where.items()}, filled)
        tab = self.tabs[block]
        return Figure(tab.count(where, filled) if tab.live else None, value)

    @property
    def live_accounts(self) -> bool:
        """Whether each account's figures are formulas."""
        return len(self.accounts) <= LIVE_ACCOUNTS

    def rate_key(self, code: str) -> Key:
        """Name the cell of a rate."""
        return Key("#rates", code, "", "rate")

    @cached_property
    def in_thousands(self) -> bool:
        """Whether amounts are large enough to be shown in thousands."""
        revenues = self.view["forecast"]["revenue"].abs()
        return bool(len(revenues)) and bool(revenues.max() >= THOUSANDS)

    @property
    def money(self) -> str:
        """The number format of amounts."""
        scaled = "#,##0," if self.in_thousands else "#,##0"
        return f"{scaled}_w;-{scaled}_w;–_w"

    def chart_money(self, highest: float) -> str:
        """Give the number format of amounts in a chart, that has little room for them."""
        if highest >= MILLIONS:
            return f"#,##0,,{quoted_format(self.word('millions'))}"
        return "#,##0," if self.in_thousands else "#,##0"

    def worded_money(self, before: str = "", after: str = "", sign: bool = False) -> str:
        """Give the number format of an amount with words beside it."""
        scaled = "#,##0," if self.in_thousands else "#,##0"
        begin, end = quoted_format(before), quoted_format(after)
        return f"{begin}{'+' if sign else ''}{scaled}{end}_w;{begin}-{scaled}{end}_w;{begin}0{end}_w"

    # --- cells, as calculations look at them

    def value(self, key: Key) -> Scalar:
        """Give what a cell holds."""
        return self.values.get(key)

    def rectangle(self, first: Key, last: Key) -> Sequence[Sequence[Key | None]]:
        """Give the keys of all cells between two."""
        begin, end = self._places[first], self._places[last]
        columns = range(begin.column, end.column + 1)
        return [[self._at.get(Place(begin.sheet, row, column)) for column in columns] for row in range(begin.row, end.row + 1)]

    def place(self, key: Key) -> Place:
        """Say where a cell stands."""
        return self._places[key]

    def keep(self, key: Key, place: Place, value: Scalar) -> None:
        """Remember a cell."""
        self.values[key] = value
        self._places[key] = place
        self._at[place] = key


Draw = Callable[[Book], None]


def joined(parts: Sequence[Node]) -> Node:
    """Add up; nothing is 0."""
    result: Node = parts[0] if parts else Constant(0)
    for part in parts[1:]:
        result = result + part
    return result


def rounded(value: float) -> float:
    """Keep the 15 digits that cells keep."""
    return float(f"{value:.15g}") if math.isfinite(value) else 0.0


def divided(part: Figure, whole: Figure, less: int = 0) -> Figure:
    """Divide two figures, and take something off; by nothing is empty."""
    value = rounded(float(part.value or 0) / float(whole.value or 0) - less) if whole.value else ""
    if part.node is None or whole.node is None:
        return Figure(None, value)
    quotient = part.node / whole.node
    return Figure(call("IF", whole.node.equals(0), "", quotient - less if less else quotient), value)


def share(part: Node, whole: Node) -> Node:
    """Divide; by nothing is empty."""
    return call("IF", whole.equals(0), "", part / whole)


def range_of(first: Key, last: Key) -> Range:
    """Give the cells from one to another."""
    return Range(first, last, "")


def number_or_blank(wanted: Node, present: Node) -> Node:
    """Give a figure only where something was filled in."""
    return call("IF", present.equals(0), "", wanted)


def quoted_format(text: str) -> str:
    """Put words in a number format."""
    return '"' + text.replace('"', "”") + '"' if text else ""


def day_text(day: datetime.date, language: str) -> str:
    """Write a day for people."""
    from babel.dates import format_date

    return format_date(day, "d MMMM yyyy", locale=language)
