"""The key figures of an account: a column each, with the cells that they came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accountsheet.address import Key
from accountsheet.calculation import EPOCH
from accountsheet.formula import Node, Ref, call
from accountsheet.pieces import Style, Target
from accountsheet.program import calculate
from accountsheet.summary.book import Book, Figure, divided, joined, number_or_blank, rounded, share
from accountsheet.summary.periods import Span, Spans
from accountsheet.summary.sums import Purse

GROWTH = '"↑ "0%_w;"↓ "0%_w;0%_w'
SHARE, COUNT = "0%_w", "0_w;-0_w;–_w"


@dataclass(frozen=True)
class Account:
    """One account, as its row needs it."""

    no: int
    name: str
    owner: str
    segment: str
    currency: str
    status: str
    plan_id: str
    completeness: float
    health: float | None


Shown = tuple[Figure | None, Target | None]


@dataclass(frozen=True)
class Column:
    """A column of the table: its header, and what it shows of an account and of all."""

    name: str
    group: str
    header: str
    width: float
    style: Style
    row: Callable[[Account, dict[str, Key]], Shown]
    total: Callable[[Purse, dict[str, Key]], Figure | None] | None = None
    counted: str = ""
    """How the accounts that have it are counted below: as a criterion, if at all."""
    money: bool = False
    """Whether it is told for each currency."""


def columns_of(book: Book, spans: Spans) -> list[Column]:
    """Say which columns there are: those of blocks that any plan has."""
    columns = [*forecast_columns(book, spans)]
    view = book.view
    to_win, people, quality = book.word("to_win_group"), book.word("people_group"), book.word("quality")
    if len(view["opportunities"]):
        columns.append(weighted_column(book, to_win))
        columns.append(
            counted_column(
                book, "open", to_win, book.word("open_opportunities_short"), 7.0, "opportunities", "description", is_open=1
            )
        )
    if len(view["history"]):
        columns.append(wallet_column(book, to_win))
    if book.products:
        columns.append(white_column(book, to_win))
    if invested(book).value:
        columns += investment_columns(book, to_win)
    if len(view["contacts"]):
        for role, width in (("coach", 7.5), ("decision_maker", 9.0)):
            columns.append(
                counted_column(book, role, people, book.word(role), width, "contacts", "buying_role", buying_role=role)
            )
    columns.append(
        counted_column(
            book, "is_overdue", quality, book.word("overdue_actions"), 9.0, "action_plan", "when", by="when", is_overdue=1
        )
    )
    if len(view["reviews"]):
        columns.append(review_column(book, quality))
    columns.append(
        Column(
            "completeness",
            quality,
            book.word("filled"),
            8.5,
            Style("map_share", "0%;-0%;○", "center"),
            lambda account, here: (Figure(None, account.completeness), book.origins.workbook(account.plan_id)),
            lambda purse, here: mean_of_plans(book, "completeness"),
        )
    )
    columns.append(
        Column(
            "health",
            quality,
            book.word("checks_that_hold"),
            8.5,
            Style("row", SHARE, "right"),
            lambda account, here: (
                Figure(None, "" if account.health is None else account.health),
                book.origins.workbook(account.plan_id),
            ),
            lambda purse, here: mean_of_plans(book, "health"),
        )
    )
    columns.append(
        Column(
            "status",
            quality,
            book.word("state"),
            10.5,
            Style("row_soft"),
            lambda account, here: (
                Figure(None, book.state(account.status)),
                book.origins.cell(account.plan_id, "plan", "status"),
            ),
        )
    )
    return columns


def mean_of_plans(book: Book, column: str) -> Figure:
    """Give the mean over all plans."""
    known = book.view["plans"][column].dropna()
    mean = float(f"{known.mean():.15g}") if len(known) else ""
    tab = book.tabs["plans"]
    return Figure(call("IFERROR", call("AVERAGE", tab.column(column)), "") if tab.live else None, mean)


def forecast_columns(book: Book, spans: Spans) -> list[Column]:
    """Give target, expectations, growth and how much of it is sure."""
    group = book.word("forecast_group")
    columns = [period_column(book, "target", group, book.word("target_of", year=spans.now.begin), spans.now, is_goal=True)]
    for number, span in enumerate(spans.every):
        name = f"year_{number}" if span.years == 1 else f"bucket_{number}"
        columns.append(period_column(book, name, group, book.word("expected_of", year=span.name(book)), span))
    columns.append(Column("trend", group, book.word("trend"), 9.0, Style("row"), lambda account, here: (None, None)))
    columns.append(
        Column(
            "growth",
            group,
            book.word("growth_of", year=spans.following.begin),
            9.0,
            Style("row", GROWTH, "right"),
            lambda account, here: (
                derived(book, ratio_less_one(here["year_1"], here["year_0"])),
                book.forecast_cell(account.no, "revenue", spans.following.where),
            ),
            lambda purse, here: book.growth(purse, **spans.following.where),
            money=True,
        )
    )
    columns.append(
        period_column(
            book,
            "contracted",
            group,
            book.word("contracted_of", year=spans.following.begin),
            spans.following,
            column="contracted",
        )
    )
    columns.append(
        Column(
            "sure",
            group,
            book.word("sure"),
            7.0,
            Style("row", SHARE, "right"),
            lambda account, here: (
                derived(book, ratio(here["contracted"], here["year_1"])),
                book.forecast_cell(account.no, "contracted", spans.following.where),
            ),
            lambda purse, here: book.sure(purse, **spans.following.where),
            money=True,
        )
    )
    return columns


def derived(book: Book, formula: Node) -> Figure:
    """Calculate over cells that are there already."""
    return Figure(formula, calculate(formula, book))


def ratio(part: Key, whole: Key) -> Node:
    """Divide two cells, where both are numbers."""
    both = call("ISNUMBER", Ref(part)) * call("ISNUMBER", Ref(whole))
    return call("IF", both.equals(1), share(Ref(part), Ref(whole)), "")


def ratio_less_one(now: Key, before: Key) -> Node:
    """Give the growth from one cell to another."""
    both = call("ISNUMBER", Ref(now)) * call("ISNUMBER", Ref(before))
    return call("IF", both.equals(1), call("IF", Ref(before).equals(0), "", Ref(now) / Ref(before) - 1), "")


def period_column(
    book: Book, name: str, group: str, header: str, span: Span, *, is_goal: bool = False, column: str = "revenue"
) -> Column:
    """Give what is expected of a period, or wanted, with the cell of the plan's own forecast."""
    where = span.wished if is_goal else span.where

    def row(account: Account, here: dict[str, Key]) -> Shown:
        figure = book.own_amount("forecast", column, account.currency, account_no=account.no, **where)
        present = book.count("forecast", column, account_no=account.no, **where)
        shown = figure.value if present.value else ""
        formula = number_or_blank(figure.node, present.node) if figure.node and present.node else None
        return Figure(formula, shown), book.forecast_cell(account.no, column, where)

    return Column(
        name,
        group,
        header,
        9.5,
        Style("row_bold" if name == "year_1" else "row", book.money, "right"),
        row,
        lambda purse, here: book.amount("forecast", column, purse, **where),
        counted=">=0",
        money=True,
    )


def weighted_column(book: Book, group: str) -> Column:
    """Give the weighted amount of what is open."""
    target = book.weightiest("opportunities", "amount", "weighted_amount", is_open=1)

    def row(account: Account, here: dict[str, Key]) -> Shown:
        if not book.asks(account.no, "opportunities"):
            return Figure(None, ""), None
        figure = book.own_amount("opportunities", "weighted_amount", account.currency, account_no=account.no, is_open=1)
        return figure, target(account.no)

    def total(purse: Purse, here: dict[str, Key]) -> Figure:
        return book.amount("opportunities", "weighted_amount", purse, is_open=1)

    style = Style("row", book.money, "right")
    return Column("weighted", group, book.word("weighted_open"), 12.5, style, row, total, counted=">0", money=True)


def counted_column(
    book: Book, name: str, group: str, header: str, width: float, block: str, field: str, *, by: str = "row", **where: Any
) -> Column:
    """Give how many rows of a table there are, with the first of them; nothing where the plan has no such table."""
    target = book.weightiest(block, field, by, least=True, **where)

    def row(account: Account, here: dict[str, Key]) -> Shown:
        if not book.asks(account.no, block):
            return Figure(None, ""), None
        figure = book.count(block, account_no=account.no, **where)
        return figure if book.live_accounts else Figure(None, figure.value), target(account.no)

    def total(purse: Purse, here: dict[str, Key]) -> Figure:
        return book.count(block, **where)

    return Column(name, group, header, width, Style("row", COUNT, "right"), row, total, counted=">0")


def wallet_column(book: Book, group: str) -> Column:
    """Give our part of what the customer spends in our category."""
    target = book.weightiest("history", "category_spend", "share_spend")

    def row(account: Account, here: dict[str, Key]) -> Shown:
        ours = book.number("history", "share_revenue", account_no=account.no)
        theirs = book.number("history", "share_spend", account_no=account.no)
        figure = divided(ours, theirs)
        return figure if book.live_accounts else Figure(None, figure.value), target(account.no)

    def total(purse: Purse, here: dict[str, Key]) -> Figure:
        return divided(book.amount("history", "share_revenue", purse), book.amount("history", "share_spend", purse))

    return Column(
        "wallet", group, book.word("share_of_wallet"), 9.0, Style("row", SHARE, "right"), row, total, counted=">=0", money=True
    )


def invested(book: Book, purse: Purse | None = None, account: Account | None = None) -> Figure:
    """Give what we invest: our own investments, and what activities cost."""
    parts: tuple[tuple[str, str, dict[str, Any]], ...]
    parts = (("investments", "amount", {"by": "us"}), ("activity_figures", "total", {}))
    if account is not None:
        figures = [
            book.own_amount(block, column, account.currency, account_no=account.no, **where) for block, column, where in parts
        ]
    else:
        figures = [book.amount(block, column, purse or book.main, **where) for block, column, where in parts]
    nodes = [figure.node for figure in figures if figure.node is not None]
    value = rounded(sum(float(figure.value or 0) for figure in figures))
    return Figure(joined(nodes) if len(nodes) == len(figures) else None, value)


def investment_columns(book: Book, group: str) -> list[Column]:
    """Give what we invest, and how much that is of what is expected of the next year."""
    investment = book.weightiest("investments", "amount", "amount", by="us")

    def target(no: int) -> Target | None:
        return investment(no) or book.origins.block(no, "activities")

    def row(account: Account, here: dict[str, Key]) -> Shown:
        if not any(book.asks(account.no, block) for block in ("investments", "activities")):
            return Figure(None, ""), None
        return invested(book, account=account), target(account.no)

    def total(purse: Purse, here: dict[str, Key]) -> Figure:
        return invested(book, purse)

    money, percent = Style("row", book.money, "right"), Style("row", SHARE, "right")
    return [
        Column("invested", group, book.word("we_invest"), 9.0, money, row, total, counted=">0", money=True),
        Column(
            "invested_share",
            group,
            book.word("of_expected_revenue"),
            9.0,
            percent,
            lambda account, here: (derived(book, ratio(here["invested"], here["year_1"])), target(account.no)),
            lambda purse, here: derived(book, ratio(here["invested"], here["year_1"])),
            money=True,
        ),
    ]


def white_column(book: Book, group: str) -> Column:
    """Give how many products nobody looked at."""

    def row(account: Account, here: dict[str, Key]) -> Shown:
        if not book.sums.count("white_space", {"account_no": account.no}):
            return Figure(None, ""), None  # nobody asked for a matrix
        figure = book.count("white_space", account_no=account.no, is_white=1)
        return figure if book.live_accounts else Figure(None, figure.value), book.origins.block(account.no, "cross_sell")

    def total(purse: Purse, here: dict[str, Key]) -> Figure:
        return book.count("white_space", is_white=1)

    return Column("white", group, book.word("white_spots"), 7.5, Style("row", COUNT, "right"), row, total, counted=">=0")


def review_column(book: Book, group: str) -> Column:
    """Give the day of the next review."""
    coming = book.view["reviews"][book.view["reviews"]["is_to_come"] == 1].groupby("account_no")["planned_date"].min()
    target = book.weightiest("reviews", "planned_date", "planned_date", least=True, is_to_come=1)

    def row(account: Account, here: dict[str, Key]) -> Shown:
        day = coming.get(account.no)
        tab = book.tabs["reviews"]
        formula: Node | None = None
        if tab.live and book.live_accounts:
            found = call("MINIFS", tab.column("planned_date"), *tab.criteria({"account_no": account.no, "is_to_come": 1}))
            formula = number_or_blank(found, tab.count({"account_no": account.no, "is_to_come": 1}))
        serial = (day.date() - EPOCH).days if day is not None and day == day else ""
        return Figure(formula, serial), target(account.no)

    return Column("review", group, book.word("next_review"), 12.0, Style("row", "date", "right"), row, counted=">0")
