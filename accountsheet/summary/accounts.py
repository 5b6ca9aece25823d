"""A row an account, with its key figures and the cells that they came from."""

from __future__ import annotations

from accountsheet.address import Key
from accountsheet.formula import Spot, call
from accountsheet.pieces import LEFT, Rule, Sparkline, Style
from accountsheet.summary.book import Book, range_of
from accountsheet.summary.key_figures import Account, Column, columns_of
from accountsheet.summary.look import bad_when, band_rules
from accountsheet.summary.page import Page
from accountsheet.summary.periods import spans_of
from accountsheet.summary.sums import rows_of

LINKS = 65_000
"""Links that a tab takes; Excel’s own limit is a little higher."""
COLUMNS = ("account_no", "account", "account_id", "owner", "segment", "currency", "status", "plan_id", "completeness", "health")


def accounts_in(book: Book) -> list[Account]:
    """Give the accounts as their rows need them."""
    found = []
    for no, name, identity, owner, segment, currency, status, plan, completeness, health in rows_of(book.accounts, COLUMNS):
        texts = [str(text or "") for text in (name or identity, owner, segment, currency, status, plan)]
        found.append(Account(int(no), texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], completeness or 0.0, health))
    return found


def draw(book: Book) -> None:
    """Draw the tab."""
    spans = spans_of(book)
    columns = columns_of(book, spans)
    widths = [24.0, 16.0, 12.5, *([8.0] if book.several else []), *(column.width for column in columns)]
    page = Page(book, "accounts", widths)
    page.top(book.who(), book.word("accounts_intro", amounts=book.amounts_in()))
    page.note(definitions(book, {column.name for column in columns}))
    fixed = [
        book.word("account_name"),
        book.word("owner_name"),
        book.word("segment_name"),
        *([book.word("currency")] if book.several else []),
    ]
    draw_groups(page, len(fixed), columns)
    head = page.row
    numbers = {place for place, column in enumerate(columns, len(fixed)) if column.style.align == "right"}
    centre = {place for place, column in enumerate(columns, len(fixed)) if column.style.align == "center"}
    page.headers([*fixed, *(column.header for column in columns)], right=numbers, centre=centre, height=34)
    first = page.row
    cells: dict[str, list[Key]] = {}
    every = accounts_in(book)
    linked = max(0, LINKS - len(every)) // len(columns)
    if len(every) > linked:
        book.remark("summary-links-left-out", count=len(every) - linked, most=LINKS)
    for place, account in enumerate(every):
        draw_account(page, account, columns, fixed, cells, linked=place < linked)
    last = max(page.row - 1, first)
    if page.row > first:
        page.filter = (head, LEFT, last, page.last)
        draw_rules(page, columns, len(fixed), first, last)
        draw_totals(page, columns, len(fixed), cells)
    else:
        page.note(book.word("no_plans"))
    page.repeat = (head, head)
    page.finish(freeze=(head + 1, LEFT + 1))


def definitions(book: Book, names: set[str]) -> str:
    """Say what the figures of the columns mean."""
    words = {
        "growth": "sure_defined",
        "weighted": "weighted_defined",
        "wallet": "wallet_defined",
        "white": "white_defined",
        "invested": "invest_defined",
        "health": "health_defined",
    }
    return " ".join(book.word(word) for word in (*(words[name] for name in words if name in names), "blank_defined"))


def draw_groups(page: Page, fixed: int, columns: list[Column]) -> None:
    """Draw what groups of columns are about."""
    for place in range(fixed):
        page.label(LEFT + place, "", "header")
    place = fixed
    while place < fixed + len(columns):
        group = columns[place - fixed].group
        span = next((step for step in range(place - fixed, len(columns)) if columns[step].group != group), len(columns)) - (
            place - fixed
        )
        page.label(LEFT + place, group, "header_group", span)
        place += span
    page.next(20)


def draw_account(
    page: Page, account: Account, columns: list[Column], fixed: list[str], cells: dict[str, list[Key]], *, linked: bool
) -> None:
    """Draw one account; `linked` lets its figures lead to their cells, as its name always does."""
    book = page.book
    page.put(LEFT, account.name, Style("row_link"), target=book.origins.workbook(account.plan_id))
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
        here[column.name] = page.figure(place, figure, column.style, target=target if linked else None)
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
