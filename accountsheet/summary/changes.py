"""What changed since an earlier collection, figure by figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from accountsheet.formula import Ref, Scalar, Spot
from accountsheet.pieces import LEFT, Rule, Style
from accountsheet.summary.book import Book, rounded
from accountsheet.summary.page import Page
from accountsheet.summary.periods import spans_of
from accountsheet.summary.sums import Purse, Sums, rows_of

MOST = 500
WIDTHS = (30.0, 46.0, 22.0, 22.0, 22.0)


@dataclass(frozen=True)
class Change:
    """One figure of one account, then and now."""

    account: str
    plan_id: str
    figure: str
    was: Scalar
    now: Scalar
    kind: str
    """money, state, news, count or share."""
    telling: bool = True
    """Whether it says by itself what happened: a weighted amount falls when a deal is won, too."""

    @property
    def size(self) -> float:
        """How much it moved."""
        return abs(number(self.now) - number(self.was))


@dataclass(frozen=True)
class Watched:
    """An amount that is compared: a column of a table, over some of its rows."""

    name: str
    block: str
    column: str
    where: Mapping[str, Any]
    telling: bool = True


def number(value: Scalar) -> float:
    """Take a figure; a text is none."""
    return float(value) if isinstance(value, (int, float)) else 0.0


def watched(book: Book) -> tuple[Watched, ...]:
    """Say which amounts are compared, in the order of their weight."""
    spans = spans_of(book)
    now, following = spans.now, spans.following
    return (
        Watched(book.word("expected_of", year=following.begin), "forecast", "revenue", following.where),
        Watched(book.word("contracted_of", year=following.begin), "forecast", "contracted", following.where),
        Watched(book.word("target_of", year=now.begin), "forecast", "revenue", now.wished),
        Watched(book.word("expected_of", year=now.begin), "forecast", "revenue", now.where),
        Watched(book.word("weighted_open"), "opportunities", "weighted_amount", {"is_open": 1}, telling=False),
        Watched(book.word("won_opportunities"), "opportunities", "amount", {"phase": "won"}),
    )


def changes_of(book: Book) -> list[Change]:
    """Give what differs from the earlier collection: money first, the largest first."""
    if book.before is None:
        return []
    before = Sums(book.before)
    names = ("account_id", "account_no", "account", "completeness", "status", "plan_id", "currency")
    then = {row[0]: row for row in rows_of(book.before["accounts"], names[:5])}
    found: list[Change] = []
    for identity, no, account, completeness, status, plan_id, currency in rows_of(book.accounts, names):
        earlier, make = then.pop(identity, None), partial(Change, str(account), str(plan_id))
        if earlier is None:
            found.append(make(book.word("new_plan"), "", "", "news"))
            continue
        _, was_no, _, was_filled, was_status = earlier
        purse = book.purse_of.get(currency or "", book.main)
        for each in watched(book):
            was = before.amount(each.block, each.column, purse, {"account_no": was_no, **each.where})
            now = book.sums.amount(each.block, each.column, purse, {"account_no": no, **each.where})
            if abs(now - was) > 0.005:
                found.append(make(each.name, was, now, "money", each.telling))
        if (status or "") != (was_status or ""):
            found.append(make(book.word("state"), book.state(was_status), book.state(status), "state"))
        late = {"is_overdue": 1}
        was_late = before.count("action_plan", {"account_no": was_no, **late})
        now_late = book.sums.count("action_plan", {"account_no": no, **late})
        if was_late != now_late:
            found.append(make(book.word("overdue_actions"), was_late, now_late, "count"))
        if round((completeness or 0) * 100) != round((was_filled or 0) * 100):
            found.append(make(book.word("filled"), was_filled or 0, completeness or 0, "share"))
    found += [Change(str(row[2]), "", book.word("gone_plan"), "", "", "news") for row in then.values()]
    order = ("money", "state", "news", "count", "share")
    return sorted(found, key=lambda change: (order.index(change.kind), -change.size, change.account.casefold()))


def one_each(found: Sequence[Change]) -> list[Change]:
    """Give one change of each account: the largest, of those on what will be earned if there is any."""
    first: dict[str, Change] = {}
    for change in sorted(found, key=lambda change: not change.telling):
        first.setdefault(change.account, change)
    return [change for change in found if first[change.account] is change]


def earlier(book: Book, block: str, column: str, where: Mapping[str, Any], purse: Purse | None = None) -> float:
    """Give an amount of all accounts as it was, in the main currency or another."""
    return rounded(Sums(book.before).amount(block, column, purse or book.main, where)) if book.before is not None else 0.0


def number_of(book: Book, kind: str) -> str:
    """Give the number format of a kind of figure."""
    return {"money": book.money, "share": "0%_w", "count": "0_w"}.get(kind, "@_w")


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
    target = book.origins.workbook(change.plan_id)
    page.put(account, change.account, Style("row_link"), spans[0], target)
    page.put(figure, change.figure, Style("row_soft"), spans[1])
    cells = [
        page.put(
            place,
            rounded(value) if isinstance(value, (int, float)) else value,
            Style("row", number_of(book, change.kind), "right"),
        )
        for place, value in ((was_at, change.was), (now_at, change.now))
    ]
    if change.kind in ("state", "news"):
        page.label(change_at, "", "row")
    else:
        page.calculated(change_at, Ref(cells[1]) - Ref(cells[0]), Style("row_bold", change_format(book, change.kind), "right"))


def draw_together(page: Page) -> None:
    """Draw how each amount of all accounts moved, a line for each currency."""
    book = page.book
    page.heading(book.word("by_figure"))
    page.headers([book.word(name) for name in ("figure", "currency", "was", "now_is", "change")], right=(2, 3, 4))
    first = page.row
    for each in watched(book):
        for purse in book.purses:
            page.put(LEFT, each.name, Style("row"))
            page.put(LEFT + 1, purse.code, Style("row_soft"))
            was = page.put(LEFT + 2, earlier(book, each.block, each.column, each.where, purse), Style("row", book.money, "right"))
            figure = book.amount(each.block, each.column, purse, **each.where)
            now = page.figure(LEFT + 3, figure, Style("row_bold", book.money, "right"))
            page.calculated(LEFT + 4, Ref(now) - Ref(was), Style("row_bold", change_format(book, "money"), "right"))
            page.next(20)
    change_rules(page, first, page.row - 1, LEFT + 4)
    count, before = len(book.accounts), 0 if book.before is None else len(book.before["accounts"])
    page.note(book.word("collections_compared", was=before, now=count))
    page.next(14)


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
    draw_together(page)
    page.heading(book.word("account_by_account"))
    head = page.row
    page.headers([book.word(name) for name in ("account_name", "figure", "was", "now_is", "change")], right=(2, 3, 4))
    first = page.row
    found = changes_of(book)
    for change in found[:MOST]:
        draw_change(page, change, (LEFT, LEFT + 1, LEFT + 2, LEFT + 3, LEFT + 4))
        page.next(20)
    if page.row > first:
        page.filter, page.repeat = (head, LEFT, page.row - 1, LEFT + 4), (head, head)
        change_rules(page, first, page.row - 1, LEFT + 4)
    else:
        page.note(book.word("nothing_changed"))
    if len(found) > MOST:
        page.note(book.word("list_stops_plain", shown=MOST, all=len(found)))
    page.finish()
