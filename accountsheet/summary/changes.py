"""What changed since an earlier collection, figure by figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accountsheet.formula import Ref, Spot
from accountsheet.pieces import LEFT, Rule, Style
from accountsheet.summary.book import Book, rounded
from accountsheet.summary.page import Page
from accountsheet.summary.periods import spans_of
from accountsheet.summary.sums import Sums, rows_of

MOST = 500
WIDTHS = (30.0, 46.0, 22.0, 22.0, 22.0)


@dataclass(frozen=True)
class Change:
    """One figure of one account, then and now."""

    account: str
    plan_id: str
    no: int
    figure: str
    was: float
    now: float
    kind: str
    """money, share, count or news."""

    @property
    def size(self) -> float:
        """How much it moved."""
        return abs(self.now - self.was)


def changes_of(book: Book) -> list[Change]:
    """Give what differs from the earlier collection: money first, the largest first."""
    if book.before is None:
        return []
    spans, before = spans_of(book), Sums(book.before)
    earlier_columns = ("account_id", "account_no", "account", "completeness")
    then = {row[0]: row for row in rows_of(book.before["accounts"], earlier_columns)}
    found: list[Change] = []
    columns = ("account_id", "account_no", "account", "completeness", "plan_id", "currency")
    following = spans.following
    amounts = (
        (book.word("expected_of", year=following.begin), "forecast", "revenue", following.where),
        (book.word("contracted_of", year=following.begin), "forecast", "contracted", following.where),
        (book.word("expected_of", year=spans.now.begin), "forecast", "revenue", spans.now.where),
        (book.word("weighted_open"), "opportunities", "weighted_amount", {"is_open": 1}),
    )
    for identity, no, account, completeness, plan_id, currency in rows_of(book.accounts, columns):
        earlier = then.pop(identity, None)
        if earlier is None:
            found.append(Change(str(account), str(plan_id), int(no), book.word("new_plan"), 0, 0, "news"))
            continue
        purse = book.purse_of.get(currency or "", book.main)
        for name, block, column, where in amounts:
            was = before.amount(block, column, purse, {"account_no": earlier[1], **where})
            now = book.sums.amount(block, column, purse, {"account_no": no, **where})
            if abs(now - was) > 0.005:
                found.append(Change(str(account), str(plan_id), int(no), name, was, now, "money"))
        counts = ((book.word("overdue_actions"), "action_plan", {"is_overdue": 1}),)
        for name, block, where in counts:
            was_count, now_count = (
                before.count(block, {"account_no": earlier[1], **where}),
                book.sums.count(block, {"account_no": no, **where}),
            )
            if was_count != now_count:
                found.append(Change(str(account), str(plan_id), int(no), name, was_count, now_count, "count"))
        if abs((completeness or 0) - (earlier[3] or 0)) >= 0.005:
            found.append(
                Change(str(account), str(plan_id), int(no), book.word("filled"), earlier[3] or 0, completeness or 0, "share")
            )
    found += [Change(str(row[2]), "", 0, book.word("gone_plan"), 0, 0, "news") for row in then.values()]
    order = ("money", "news", "count", "share")
    return sorted(found, key=lambda change: (order.index(change.kind), -change.size, change.account.casefold()))


def earlier(book: Book, block: str, column: str, where: Mapping[str, Any]) -> float:
    """Give an amount of all accounts as it was, in the main currency."""
    return rounded(Sums(book.before).amount(block, column, book.main, where)) if book.before is not None else 0.0


def number_of(book: Book, kind: str) -> str:
    """Give the number format of a kind of figure."""
    return {"money": book.money, "share": "0%_w", "count": "0_w", "news": "@_w"}[kind]


def change_format(book: Book, kind: str) -> str:
    """Give the number format of a change, with an arrow."""
    number = {"money": "#,##0," if book.in_thousands else "#,##0", "share": "0%"}.get(kind, "0")
    return f'"↑ "{number}_w;"↓ "{number}_w;–_w'


def since(book: Book) -> str:
    """Say when the earlier collection was saved last."""
    days = [] if book.previous is None else book.previous["plans"]["modified"].dropna().tolist()
    return book.day(max(days).date()) if days else "–"


def draw_change(page: Page, change: Change, columns: tuple[int, int, int, int, int], spans: tuple[int, int] = (1, 1)) -> None:
    """Draw one change on the current row."""
    book = page.book
    account, figure, was_at, now_at, change_at = columns
    target = book.origins.workbook(change.plan_id) if change.plan_id else None
    page.put(account, change.account, Style("row_link"), spans[0], target)
    page.put(figure, change.figure, Style("row_soft"), spans[1])
    if change.kind == "news":
        for place in (was_at, now_at, change_at):
            page.label(place, "", "row")
        return
    number = number_of(book, change.kind)
    was = page.put(was_at, float(f"{change.was:.15g}"), Style("row", number, "right"))
    now = page.put(now_at, float(f"{change.now:.15g}"), Style("row", number, "right"))
    page.calculated(change_at, Ref(now) - Ref(was), Style("row_bold", change_format(book, change.kind), "right"))


def change_rules(page: Page, first: int, last: int, column: int) -> None:
    """Colour what went up and what went down."""
    cell = Spot(first, column)
    page.draw(
        Rule((first, column), (last, column), cell < 0, "bad_text"), Rule((first, column), (last, column), cell > 0, "good_text")
    )


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "changes", WIDTHS)
    page.top(
        book.who(),
        book.word("changes_intro", amounts=book.amounts_in()),
        title=book.word("changes_title", day=since(book)),
    )
    head = page.row
    page.headers([book.word(name) for name in ("account_name", "figure", "was", "now_is", "change")], right=(2, 3, 4))
    first = page.row
    found = changes_of(book)
    for change in found[:MOST]:
        draw_change(page, change, (LEFT, LEFT + 1, LEFT + 2, LEFT + 3, LEFT + 4))
        page.next(20)
    if page.row > first:
        page.filter = (head, LEFT, page.row - 1, LEFT + 4)
        change_rules(page, first, page.row - 1, LEFT + 4)
    else:
        page.note(book.word("nothing_changed"))
    if len(found) > MOST:
        page.note(book.word("list_stops_plain", shown=MOST, all=len(found)))
    page.finish()
