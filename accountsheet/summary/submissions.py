"""Which plans have come in, in what state, and whose are missing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from accountsheet.address import Key
from accountsheet.arrivals import STATES, Submission, by_owner, submissions
from accountsheet.formula import Spot, call
from accountsheet.pieces import LEFT, Rule, Style
from accountsheet.summary.book import Book, range_of
from accountsheet.summary.page import Page, cut

MOST = 1_000
WIDTHS = (26.0, 14.0, 20.0, 20.0, 13.0, 14.0, 11.0, 18.0, 25.0, 44.0)
COUNT = "0_w;-0_w;–_w"
OWNERS = ("missing", "late", "incomplete", "received")
"""What is counted for each owner."""
COLOURS = {"missing": "bad", "rejected": "bad", "late": "warn", "incomplete": "warn", "other_year": "warn", "unexpected": "warn"}


def missing(book: Book) -> list[Any]:
    """Give the expected accounts without a plan."""
    have = set(book.accounts["account_id"].dropna())
    return [account for account in book.expected or () if account.account_id not in have]


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "submissions", WIDTHS)
    page.top(book.who(), book.word("submissions_intro"))
    rows = submissions(book.portfolio, book.expected, as_of=book.today, year=book.year)
    counts = page.row
    page.row += len(STATES) + 3
    head = page.row
    names = ["account_name", "account_id_name", "state", "owner_name", "due", "status", "filled", "saved_on", "saved_by", "file"]
    page.headers([book.word(name) for name in names], right=(4, 6, 7))
    first, folder = page.row, folder_of(rows)
    for row in rows[:MOST]:
        draw_row(page, row, folder)
    last = max(first, page.row - 1)
    if rows:
        page.filter, page.repeat = (head, LEFT, last, page.last), (head, head)
        state = Spot(first, LEFT + 2, "column")
        for name, role in COLOURS.items():
            page.draw(Rule((first, LEFT + 2), (last, LEFT + 2), state.equals(book.word(f"plan_{name}")), role))
    if len(rows) > MOST:
        page.note(book.word("list_stops", shown=MOST, all=len(rows), tab=dict(book.order).get("data_plans", "")))
    end = page.row
    page.row = counts
    draw_counts(
        page,
        rows,
        (Key("submissions", first, "", str(LEFT + 2)), Key("submissions", first + min(len(rows), MOST) - 1, "", str(LEFT + 2))),
    )
    page.row = end
    page.finish()


def draw_counts(page: Page, rows: Sequence[Submission], cells: tuple[Key, Key]) -> None:
    """Draw how many there are of each state, and beside it whose they are."""
    book = page.book
    begin = page.row
    page.headers([book.word("state"), book.word("number_of")], right=(1,))
    for name in STATES:
        page.label(LEFT, book.word(f"plan_{name}"), "row")
        count = sum(row.state == name for row in rows)
        if name == "missing" and book.expected is None:
            page.label(LEFT + 1, book.word("unknown_expected"), "row_soft", align="right")
        elif 0 < len(rows) <= MOST:
            page.calculated(LEFT + 1, call("COUNTIF", range_of(*cells), book.word(f"plan_{name}")), Style("row", COUNT, "right"))
        else:
            page.put(LEFT + 1, count, Style("row", COUNT, "right"))
        page.next(20)
    if book.expected is not None:
        page.note(book.word("received_of", received=len(book.expected) - len(missing(book)), expected=len(book.expected)))
    else:
        page.note(book.word("expected_hint"))
    end, page.row = page.row, begin
    draw_owners(page, rows)
    page.row = end
    page.next(14)


def draw_owners(page: Page, rows: Sequence[Submission]) -> None:
    """Draw the owners with the most to be chased, as many as fit beside the counts."""
    left, counts = LEFT + 3, by_owner(rows)
    ranked = sorted(counts, key=lambda owner: [-counts[owner][name] for name in OWNERS])
    page.label(left, page.book.word("owner_name"), "header")
    for place, name in enumerate(OWNERS, left + 1):
        page.label(place, page.book.word(f"short_{name}"), "header", align="right")
    for owner in ranked[: len(STATES)]:
        page.row += 1
        page.put(left, owner or "–", Style("row"))
        for place, name in enumerate(OWNERS, left + 1):
            page.put(
                place,
                counts[owner][name],
                Style("row_bad" if name == "missing" and counts[owner][name] else "row", COUNT, "right"),
            )


def folder_of(rows: Sequence[Submission]) -> str:
    """Give the folder that all files stand in: it is not repeated for each."""
    files = [row.file for row in rows if row.file]
    common = os.path.commonprefix(files) if len(files) > 1 else ""  # noqa: RUF071  # addresses, not only paths
    return common[: max(common.rfind("/"), common.rfind(os.sep)) + 1]


def draw_row(page: Page, row: Submission, folder: str) -> None:
    """Draw one workbook, or one that has not come."""
    book = page.book
    page.put(LEFT, row.account or "–", Style("row"))
    page.put(LEFT + 1, row.account_id, Style("row_soft"))
    page.put(LEFT + 2, book.word(f"plan_{row.state}"), Style("row"))
    page.put(LEFT + 3, row.owner, Style("row_soft"))
    page.put(LEFT + 4, row.due, Style("row_bad" if row.overdue or row.state == "late" else "row", "date", "right"))
    page.put(LEFT + 5, book.names.choice("plan", "status", row.status) if row.status else "", Style("row_soft"))
    page.put(LEFT + 6, row.completeness, Style("row", "0%_w", "right"))
    page.put(LEFT + 7, None if row.modified is None else row.modified.date(), Style("row", "date", "right"))
    page.put(LEFT + 8, cut(row.saved_by.partition("$")[0], 26) or None, Style("row_soft"))
    page.put(LEFT + 9, row.file.removeprefix(folder), Style("row_link"), target=book.origins.file(row.file))
    page.next(20)
