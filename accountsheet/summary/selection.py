"""Which accounts deserve a plan: the candidates of all account managers in one ranking."""

from __future__ import annotations

from typing import Any

from accountsheet.address import Key
from accountsheet.formula import Ref, Spot
from accountsheet.pieces import LEFT, Rule, Style
from accountsheet.summary.book import Book
from accountsheet.summary.page import Page
from accountsheet.summary.sums import rows_of
from accountsheet.view import with_columns

MOST, MOST_OWNERS, USUAL = 300, 40, (5, 25)
COLUMNS = {
    "account": "string",
    "segment": "string",
    "weighted_total": "float64",
    "rank": "Int64",
    "chosen": "boolean",
    "row": "Int64",
    "why": "string",
}
COUNT = "0_w;-0_w;–_w"


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "selection", [30.0, 20.0, 14.0, 12.0, 10.0, 12.0, 50.0])
    page.top(book.who(), book.word("selection_intro"))
    draw_owners(page)
    page.next(14)
    draw_ranking(page)
    page.finish()


def draw_owners(page: Page) -> None:
    """Draw how many candidates each account manager has, and how many were chosen."""
    book = page.book
    page.heading(book.word("by_owner"), book.word("chosen_usual", least=USUAL[0], most=USUAL[1]))
    page.headers([book.word(name) for name in ("owner_name", "candidates", "chosen")], right=(1, 2))
    first = page.row
    for owner in book.sums.values("candidates", "owner")[:MOST_OWNERS]:
        cell = Ref(Key(page.id, page.row, "", str(LEFT)), "column")
        where: dict[str, Any] = {"owner": None if owner is None else (owner, cell)}
        page.put(LEFT, "–" if owner is None else owner, Style("row"))
        page.figure(LEFT + 1, book.count("candidates", **where), Style("row", COUNT, "right"))
        page.figure(LEFT + 2, book.count("candidates", **where, is_chosen=1), Style("row_bold", COUNT, "right"))
        page.next(20)
    chosen = Spot(first, LEFT + 2)
    if page.row > first:
        page.draw(Rule((first, LEFT + 2), (page.row - 1, LEFT + 2), chosen > USUAL[1], "warn"))
    page.closing(3)
    page.label(LEFT, book.word("total"), "sum")
    page.figure(LEFT + 1, book.count("candidates"), Style("sum", COUNT, "right"))
    page.figure(LEFT + 2, book.count("candidates", is_chosen=1), Style("sum", COUNT, "right"))
    page.next(22)


def draw_ranking(page: Page) -> None:
    """Draw all candidates by their weighted scores, whoever scored them."""
    book = page.book
    page.heading(book.word("ranking"), book.word("ranking_defined"))
    names = ("account_name", "owner_name", "segment_name", "weighted_score", "place", "chosen", "why")
    head = page.row
    page.headers([book.word(name) for name in names], right=(3, 4), centre=(5,))
    table = with_columns(book.view["candidates"], COLUMNS).sort_values(
        "weighted_total", ascending=False, kind="stable", na_position="last"
    )
    fields = ("account", "account_id", "owner", "segment", "weighted_total", "chosen", "why", "plan_id", "row")
    first = page.row
    for place, (name, identity, owner, segment, score, chosen, why, plan, row) in enumerate(rows_of(table.head(MOST), fields), 1):
        page.put(LEFT, name or identity or "–", Style("row_link"), target=book.origins.cell(plan, "candidates", "account", row))
        page.put(LEFT + 1, owner or "–", Style("row_soft"))
        page.put(LEFT + 2, book.names.choice("candidates", "segment", segment) if segment else "", Style("row_soft"))
        page.put(LEFT + 3, score, Style("row", "0.0_w", "right"))
        page.put(LEFT + 4, place if score is not None else None, Style("row", "0_w", "right"))
        page.put(LEFT + 5, "●" if chosen else "○" if chosen is False else "", Style("row", align="center"))
        page.put(LEFT + 6, why, Style("row_soft"))
        page.next(20)
    if page.row > first:
        page.filter, page.repeat = (head, LEFT, page.row - 1, page.last), (head, head)
    if len(table) > MOST:
        page.note(book.word("list_stops_plain", shown=MOST, all=len(table)))
