"""A row an account, with its key figures and the cells that they came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accountsheet.address import Key
from accountsheet.calculation import EPOCH, calculate
from accountsheet.formula import Constant, Node, Ref, Spot, call
from accountsheet.pieces import LEFT, Rule, Sparkline, Style, Target
from accountsheet.summary.book import Book, Figure, Page, number_or_blank, range_of, share
from accountsheet.summary.look import bad_when, band_rules
from accountsheet.summary.periods import Span, Spans, spans_of
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
    health: float


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


def accounts_in(book: Book) -> list[Account]:
    """Give the accounts as their rows need them."""
    def text(value: Any) -> str:
        return str(value) if value == value and value is not None and str(value) != "<NA>" else ""

    rows = book.accounts.astype(object).where(book.accounts.notna(), None)
    return [
        Account(
            int(row.account_no), text(row.account) or text(row.account_id), text(row.owner), text(row.segment), text(row.currency), text(row.status),
            text(row.plan_id), row.completeness or 0.0, row.health if row.health is not None else -1.0,
        )
        for row in rows.itertuples()
    ]  # fmt: skip


def draw(book: Book) -> None:
    """Draw the tab."""
    spans = spans_of(book)
    columns = columns_of(book, spans)
    widths = [26.0, 18.0, 14.0, *([9.0] if book.several else []), *(column.width for column in columns)]
    page = Page(book, "accounts", widths)
    page.top(book.word("accounts"), book.who(), book.word("accounts_intro", amounts=book.amounts_in()))
    fixed = [book.word("account_name"), book.word("owner_name"), book.word("segment_name"), *([book.word("currency")] if book.several else [])]
    draw_groups(page, len(fixed), columns)
    head = page.row
    numbers = {place for place, column in enumerate(columns, len(fixed)) if column.style.align == "right"}
    centre = {place for place, column in enumerate(columns, len(fixed)) if column.style.align == "center"}
    page.headers([*fixed, *(column.header for column in columns)], right=numbers, centre=centre, height=34)
    first = page.row
    cells: dict[str, list[Key]] = {}
    for account in accounts_in(book):
        draw_account(page, account, columns, fixed, cells)
    last = max(page.row - 1, first)
    if page.row > first:
        page.filter = (head, LEFT, last, page.last)
        draw_rules(page, columns, len(fixed), first, last)
        draw_totals(page, columns, len(fixed), cells)
    else:
        page.note(book.word("no_plans"))
    page.repeat = (head, head)
    page.finish(freeze=(head + 1, LEFT + 1))


def draw_groups(page: Page, fixed: int, columns: list[Column]) -> None:
    """Draw what groups of columns are about."""
    for place in range(fixed):
        page.label(LEFT + place, "", "header")
    place = fixed
    while place < fixed + len(columns):
        group = columns[place - fixed].group
        span = next((step for step in range(place - fixed, len(columns)) if columns[step].group != group), len(columns)) - (place - fixed)
        page.label(LEFT + place, group, "header_group", span)
        place += span
    page.next(20)


def draw_account(page: Page, account: Account, columns: list[Column], fixed: list[str], cells: dict[str, list[Key]]) -> None:
    """Draw one account."""
    book = page.book
    page.put(LEFT, account.name, Style("row_link"), target=book.origins.workbook(account.plan_id, account.no))
    page.put(LEFT + 1, account.owner or "–", Style("row_soft"))
    page.put(LEFT + 2, book.names.choice("account", "segment", account.segment) if account.segment else "–", Style("row_soft"))
    if book.several:
        page.put(LEFT + 3, account.currency, Style("row_soft"))
    here: dict[str, Key] = {}
    for place, column in enumerate(columns, LEFT + len(fixed)):
        figure, target = column.row(account, here)
        if figure is None:
            if column.name == "trend":
                page.label(place, "", "row")
                ends = [key for name, key in here.items() if name.startswith("year_")]
                if any(isinstance(book.value(key), float) for key in ends):
                    page.draw(Sparkline(page.row, place, (ends[0], ends[-1])))
            continue
        here[column.name] = page.figure(place, figure, column.style, target=target)
        cells.setdefault(column.name, []).append(here[column.name])
    page.next(20)


def draw_rules(page: Page, columns: list[Column], fixed: int, first: int, last: int) -> None:
    """Mark what wants attention."""
    for place, column in enumerate(columns, LEFT + fixed):
        cell = Spot(first, place)
        if column.name in ("coach", "decision_maker"):
            page.draw(bad_when((first, place), (last, place), cell.equals(0) * call("ISNUMBER", cell)))
        elif column.name == "is_overdue":
            page.draw(bad_when((first, place), (last, place), call("ISNUMBER", cell) * (cell > 0)))
        elif column.name == "health":
            page.draw(Rule((first, place), (last, place), call("ISNUMBER", cell) * (cell < 0.6), "warn"))
        elif column.name == "completeness":
            page.draw(*band_rules((first, place), (last, place)))


def draw_totals(page: Page, columns: list[Column], fixed: int, cells: dict[str, list[Key]]) -> None:
    """Draw the totals, a line for each currency, and how many accounts are behind them."""
    book = page.book
    page.closing(len(page.columns))
    for purse in book.purses:
        name = book.word("total") if not book.several and not purse.mixed else book.word("total_in", currency=purse.code)
        page.label(LEFT, name, "sum", fixed)
        here: dict[str, Key] = {}
        for place, column in enumerate(columns, LEFT + fixed):
            figure = column.total(purse, here) if column.total and (purse is book.main or column.money) else None
            if figure is None:
                page.label(place, "", "sum")
            else:
                here[column.name] = page.figure(place, figure, Style("sum", column.style.number, column.style.align))
        page.next(22)
    page.label(LEFT, book.word("accounts_behind"), "note", fixed)
    for place, column in enumerate(columns, LEFT + fixed):
        if column.counted and cells.get(column.name):
            keys = cells[column.name]
            many = call("COUNTIF", range_of(keys[0], keys[-1]), column.counted) & book.word("of") & len(keys)
            page.calculated(place, many, Style("behind"))
    page.next(18)


def columns_of(book: Book, spans: Spans) -> list[Column]:
    """Say which columns there are: those of blocks that any plan has."""
    columns = [*forecast_columns(book, spans)]
    view = book.view
    to_win, people, quality = book.word("to_win_group"), book.word("people_group"), book.word("quality")
    if len(view["opportunities"]):
        columns.append(weighted_column(book, to_win))
        columns.append(counted_column(book, "open", to_win, book.word("open_opportunities_short"), 9.0, "opportunities", is_open=1))
    if len(view["history"]):
        columns.append(wallet_column(book, to_win))
    if book.products:
        columns.append(white_column(book, to_win))
    if len(view["contacts"]):
        columns.append(counted_column(book, "coach", people, book.word("coach"), 8.0, "contacts", buying_role="coach"))
        columns.append(counted_column(book, "decision_maker", people, book.word("decision_maker"), 10.0, "contacts", buying_role="decision_maker"))
    columns.append(counted_column(book, "is_overdue", quality, book.word("overdue_actions"), 9.0, "action_plan", is_overdue=1))
    if len(view["reviews"]):
        columns.append(review_column(book, quality))
    columns.append(
        Column(
            "completeness", quality, book.word("filled"), 9.5, Style("map_share", "0%;-0%;○", "center"),
            lambda account, here: (Figure(None, account.completeness), book.origins.workbook(account.plan_id, account.no)),
            lambda purse, here: mean_of_plans(book, "completeness"),
        )  # fmt: skip
    )
    columns.append(
        Column(
            "health", quality, book.word("checks_that_hold"), 10.0, Style("row", SHARE, "right"),
            lambda account, here: (Figure(None, account.health if account.health >= 0 else ""), None),
            lambda purse, here: mean_of_plans(book, "health"),
        )  # fmt: skip
    )
    columns.append(
        Column("status", quality, book.word("state"), 12.0, Style("row_soft"),
               lambda account, here: (Figure(None, book.names.choice("plan", "status", account.status) if account.status else "–"), None))  # fmt: skip
    )
    return columns


def mean_of_plans(book: Book, column: str) -> Figure:
    """Give the mean over all plans."""
    known = book.view["plans"][column].dropna()
    mean = float(f"{known.mean():.15g}") if len(known) else ""
    return Figure(call("IFERROR", call("AVERAGE", book.tabs["plans"].column(column)), ""), mean)


def forecast_columns(book: Book, spans: Spans) -> list[Column]:
    """Give target, expectations, growth and how much of it is sure."""
    group = book.word("forecast_group")
    columns = [period_column(book, "target", group, book.word("target_of", year=spans.now.begin), spans.now, is_goal=True)]
    for number, span in enumerate(spans.every):
        name = f"year_{number}" if span.years == 1 else f"bucket_{number}"
        columns.append(period_column(book, name, group, book.word("expected_of", year=span.name(book)), span))
    columns.append(Column("trend", group, book.word("trend"), 12.0, Style("row"), lambda account, here: (None, None)))
    columns.append(
        Column(
            "growth", group, book.word("growth_of", year=spans.following.begin), 10.0, Style("row", GROWTH, "right"),
            lambda account, here: (derived(book, ratio_less_one(here["year_1"], here["year_0"])), None),
            lambda purse, here: derived(book, ratio_less_one(here["year_1"], here["year_0"])), money=True,
        )  # fmt: skip
    )
    columns.append(period_column(book, "contracted", group, book.word("contracted_of", year=spans.following.begin), spans.following, column="contracted"))
    columns.append(
        Column(
            "sure", group, book.word("sure"), 9.0, Style("row", SHARE, "right"),
            lambda account, here: (derived(book, ratio(here["contracted"], here["year_1"])), None),
            lambda purse, here: derived(book, ratio(here["contracted"], here["year_1"])), money=True,
        )  # fmt: skip
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


def period_column(book: Book, name: str, group: str, header: str, span: Span, *, is_goal: bool = False, column: str = "revenue") -> Column:
    """Give what is expected of a period, or wanted, with the cell of the plan's own forecast."""
    where = span.wished if is_goal else span.where
    def row(account: Account, here: dict[str, Key]) -> Shown:
        figure = book.own_amount("forecast", column, account.currency, account_no=account.no, **where)
        present = book.count("forecast", column, account_no=account.no, **where)
        shown = figure.value if present.value else ""
        formula = number_or_blank(figure.node, present.node) if figure.node and present.node else None
        period = book.periods.get((account.no, *where.values()), "")
        return Figure(formula, shown), book.origins.cell(account.no, "forecast", column, period) if present.value else None

    return Column(
        name, group, header, 11.5, Style("row_bold" if name == "year_1" else "row", book.money, "right"), row,
        lambda purse, here: book.amount("forecast", column, purse, **where), counted=">=0", money=True,
    )  # fmt: skip


def weighted_column(book: Book, group: str) -> Column:
    """Give the weighted amount of what is open."""
    return Column(
        "weighted", group, book.word("weighted_open"), 11.5, Style("row", book.money, "right"),
        lambda account, here: (
            book.own_amount("opportunities", "weighted_amount", account.currency, account_no=account.no, is_open=1),
            book.origins.block(account.no, "opportunities"),
        ),
        lambda purse, here: book.amount("opportunities", "weighted_amount", purse, is_open=1), counted=">0", money=True,
    )  # fmt: skip


def counted_column(book: Book, name: str, group: str, header: str, width: float, block: str, **where: Any) -> Column:
    """Give how many rows of a table there are."""
    def row(account: Account, here: dict[str, Key]) -> Shown:
        figure = book.count(block, account_no=account.no, **where)
        return figure if book.live_accounts else Figure(None, figure.value), book.origins.block(account.no, block)

    return Column(
        name, group, header, width, Style("row", COUNT, "right"), row, lambda purse, here: book.count(block, **where), counted=">0",
    )  # fmt: skip


def wallet_column(book: Book, group: str) -> Column:
    """Give our part of what the customer spends in our category."""
    def row(account: Account, here: dict[str, Key]) -> Shown:
        ours = book.number("history", "share_revenue", account_no=account.no)
        theirs = book.number("history", "share_spend", account_no=account.no)
        return divided(ours, theirs, live=book.live_accounts), book.origins.block(account.no, "history")

    def total(purse: Purse, here: dict[str, Key]) -> Figure:
        return divided(book.amount("history", "share_revenue", purse), book.amount("history", "share_spend", purse))

    return Column("wallet", group, book.word("share_of_wallet"), 9.0, Style("row", SHARE, "right"), row, total, counted=">=0", money=True)


def divided(part: Figure, whole: Figure, *, live: bool = True) -> Figure:
    """Divide two figures; by nothing is empty."""
    value = float(f"{part.value / whole.value:.15g}") if whole.value else ""  # type: ignore[operator]
    formula = share(part.node, whole.node) if live and part.node and whole.node else None
    return Figure(formula, value)


def white_column(book: Book, group: str) -> Column:
    """Give how many products nobody looked at."""
    every = len(book.products)

    def row(account: Account, here: dict[str, Key]) -> Shown:
        known = book.count("white_space", account_no=account.no)
        formula = Constant(every) - known.node if known.node and book.live_accounts else None
        return Figure(formula, every - int(known.value or 0)), book.origins.block(account.no, "cross_sell")

    def total(purse: Purse, here: dict[str, Key]) -> Figure:
        known = book.count("white_space")
        cells = every * len(book.accounts)
        return Figure(Constant(cells) - known.node if known.node else None, cells - int(known.value or 0))

    return Column("white", group, book.word("white_spots"), 9.0, Style("row", COUNT, "right"), row, total)


def review_column(book: Book, group: str) -> Column:
    """Give the day of the next review."""
    coming = book.view["reviews"][book.view["reviews"]["is_to_come"] == 1].groupby("account_no")["planned_date"].min()

    def row(account: Account, here: dict[str, Key]) -> Shown:
        day = coming.get(account.no)
        tab = book.tabs["reviews"]
        formula: Node | None = None
        if tab.live and book.live_accounts:
            found = call("MINIFS", tab.column("planned_date"), *tab.criteria({"account_no": account.no, "is_to_come": 1}))
            formula = number_or_blank(found, tab.count({"account_no": account.no, "is_to_come": 1}))
        serial = (day.date() - EPOCH).days if day is not None and day == day else ""
        return Figure(formula, serial), book.origins.block(account.no, "reviews")

    return Column("review", group, book.word("next_review"), 12.0, Style("row", "date", "right"), row, counted=">0")


