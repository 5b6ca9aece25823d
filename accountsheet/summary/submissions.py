"""Which plans have come in, in what state, and whose are missing."""

from __future__ import annotations

from typing import Any

from accountsheet.address import Key
from accountsheet.formula import Spot, call
from accountsheet.judge import CURRENT, REJECTED
from accountsheet.pieces import LEFT, Rule, Style
from accountsheet.summary.book import Book, range_of
from accountsheet.summary.page import Page
from accountsheet.summary.sums import rows_of

MOST = 1_000
WIDTHS = (26.0, 14.0, 20.0, 20.0, 14.0, 11.0, 18.0, 22.0, 44.0)
NO_PLANS = ("own-summary", "lock-file")
"""What findings say of files that are no plan, and need none to be sent again."""
ORDER = ("missing", "rejected", "other_year", "superseded", "received", "unexpected")


def missing(book: Book) -> list[Any]:
    """Give the expected accounts without a plan."""
    have = set(book.accounts["account_id"].dropna())
    return [account for account in book.expected or () if account.account_id not in have]


def listed(book: Book) -> list[dict[str, Any]]:
    """Give a row for every workbook, and for every plan that has not come."""
    rows: list[dict[str, Any]] = [
        {"state": "missing", "account_id": each.account_id, "account": each.account, "owner": each.owner}
        for each in missing(book)
    ]
    wanted = {account.account_id for account in book.expected or ()}
    plans, findings = book.portfolio["plans"], book.portfolio.findings
    passed_over = set(findings[findings["code"].isin(NO_PLANS)]["file"].dropna())
    columns = ("state", "account_id", "account", "owner", "year", "status", "completeness", "modified", "saved_by", "file")
    for values in rows_of(plans, columns):
        row = dict(zip(columns, values, strict=True))
        if row["state"] == CURRENT:
            row["state"] = (
                "other_year"
                if row["year"] != book.year
                else "unexpected"
                if wanted and row["account_id"] not in wanted
                else "received"
            )
        if row["state"] != REJECTED or row["file"] not in passed_over:
            rows.append(row)
    return sorted(rows, key=lambda row: (ORDER.index(row["state"]), str(row.get("account") or "").casefold()))


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "submissions", WIDTHS)
    page.top(book.word("submissions_title"), book.who(), book.word("submissions_intro"))
    rows = listed(book)
    counts = page.row
    page.row += len(ORDER) + 3
    head = page.row
    names = ["account_name", "account_id_name", "state", "owner_name", "status", "filled", "saved_on", "saved_by", "file"]
    page.headers([book.word(name) for name in names], right=(5, 6))
    first = page.row
    for row in rows[:MOST]:
        draw_row(page, row)
    last = max(first, page.row - 1)
    if rows:
        page.filter = (head, LEFT, last, page.last)
        state = Spot(first, LEFT + 2, "column")
        for name, role in (("missing", "bad"), ("rejected", "bad"), ("other_year", "warn"), ("unexpected", "warn")):
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


def draw_counts(page: Page, rows: list[dict[str, Any]], cells: tuple[Key, Key]) -> None:
    """Draw how many there are of each state."""
    book = page.book
    page.headers([book.word("state"), book.word("number_of")], right=(1,))
    for name in ORDER:
        page.label(LEFT, book.word(f"plan_{name}"), "row")
        count = sum(row["state"] == name for row in rows)
        if name == "missing" and book.expected is None:
            page.label(LEFT + 1, book.word("unknown_expected"), "row_soft", align="right")
        elif 0 < len(rows) <= MOST:
            page.calculated(
                LEFT + 1, call("COUNTIF", range_of(*cells), book.word(f"plan_{name}")), Style("row", "0_w;-0_w;–_w", "right")
            )
        else:
            page.put(LEFT + 1, count, Style("row", "0_w;-0_w;–_w", "right"))
        page.next(20)
    if book.expected is not None:
        page.note(book.word("received_of", received=len(book.expected) - len(missing(book)), expected=len(book.expected)))
    else:
        page.note(book.word("expected_hint"))
    page.next(14)


def draw_row(page: Page, row: dict[str, Any]) -> None:
    """Draw one workbook, or one that has not come."""
    book = page.book
    day = row.get("modified")
    page.put(LEFT, row.get("account") or "–", Style("row"))
    page.put(LEFT + 1, row.get("account_id") or "", Style("row_soft"))
    page.put(LEFT + 2, book.word(f"plan_{row['state']}"), Style("row"))
    page.put(LEFT + 3, row.get("owner") or "", Style("row_soft"))
    page.put(LEFT + 4, book.names.choice("plan", "status", row["status"]) if row.get("status") else "", Style("row_soft"))
    page.put(LEFT + 5, row.get("completeness"), Style("row", "0%_w", "right"))
    page.put(LEFT + 6, None if day is None else day.date(), Style("row", "date", "right"))
    page.put(LEFT + 7, row.get("saved_by"), Style("row_soft"))
    page.put(LEFT + 8, row.get("file"), Style("row_link"), target=book.origins.file(str(row.get("file") or "")))
    page.next(20)
