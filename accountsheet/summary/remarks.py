"""What was remarked on the workbooks: errors first."""

from __future__ import annotations

from typing import Any

from accountsheet.formula import Spot
from accountsheet.pieces import LEFT, Rule, Style, lines_needed
from accountsheet.summary.book import Book
from accountsheet.summary.page import Page
from accountsheet.summary.sums import rows_of

MOST = 500
SEVERITIES = ("error", "warning", "repair", "info")
WIDTHS = (24.0, 12.0, 18.0, 9.0, 58.0, 50.0, 24.0)


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "findings", WIDTHS)
    rows = book.tabs["findings"].frame
    page.top(book.who(), book.word("findings_intro"))
    page.headers([book.word("severity"), book.word("number_of")], right=(1,))
    for severity in SEVERITIES:
        page.label(LEFT, book.word(f"severity_{severity}"), "row")
        page.figure(LEFT + 1, book.count("findings", severity=severity), Style("row", "0_w;-0_w;–_w", "right"))
        page.next(20)
    page.next(14)
    names = ["account_name", "severity", "sheet", "cell", "message", "what_to_do", "as_typed"]
    head = page.row
    page.headers([book.word(name) for name in names])
    rank = rows["severity"].map({name: place for place, name in enumerate(SEVERITIES)})
    judged = rows["code"].str.startswith("check-").fillna(False)  # these stand on a tab of their own too
    order = rows.assign(rank=rank, judged=judged).sort_values(["rank", "judged"], kind="stable").head(MOST)
    accounts = dict(rows_of(book.accounts, ("account_id", "account")))
    columns = ("account_id", "file", "severity", "sheet", "cell", "message", "hint", "raw")
    first = page.row
    for record in rows_of(order, columns):
        draw_row(page, dict(zip(columns, record, strict=True)), accounts)
    if page.row > first:
        page.filter, page.repeat = (head, LEFT, page.row - 1, page.last), (head, head)
        cell = Spot(first, LEFT + 1, "column")
        for name, role in (("error", "bad"), ("warning", "warn")):
            page.draw(Rule((first, LEFT + 1), (page.row - 1, LEFT + 1), cell.equals(book.word(f"severity_{name}")), role))
    else:
        page.note(book.word("nothing_here"))
    if len(rows) > MOST:
        page.note(book.word("list_stops", shown=MOST, all=len(rows), tab=dict(book.order).get("data_findings", "")))
    page.finish()


def draw_row(page: Page, record: dict[str, Any], accounts: dict[Any, Any]) -> None:
    """Draw one remark."""
    book = page.book
    file = str(record["file"] or "")
    name = accounts.get(record["account_id"]) or file.replace("\\", "/").rpartition("/")[2]
    message, hint, raw = (str(record[name] or "") for name in ("message", "hint", "raw"))
    page.put(LEFT, name, Style("row_link"), target=book.origins.at(file, str(record["sheet"] or ""), str(record["cell"] or "")))
    page.put(LEFT + 1, book.word(f"severity_{record['severity']}"), Style("row"))
    page.put(LEFT + 2, record["sheet"], Style("row_soft"))
    page.put(LEFT + 3, record["cell"], Style("row_soft"))
    page.put(LEFT + 4, message, Style("row", wrap=True))
    page.put(LEFT + 5, hint, Style("row_soft", wrap=True))
    page.put(LEFT + 6, raw[:200], Style("row_soft"))
    page.next(max(20.0, 14.0 * max(lines_needed(message, 58), lines_needed(hint, 50 * 1.1)) + 6))
