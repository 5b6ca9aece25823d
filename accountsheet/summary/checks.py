"""Which checks fail, where, and what to do about them."""

from __future__ import annotations

from typing import Any

from accountsheet.formula import Constant, Spot, call
from accountsheet.pieces import LEFT, Rule, Style, lines_needed
from accountsheet.summary.book import Book, Figure, share
from accountsheet.summary.page import Page
from accountsheet.summary.sums import rows_of

MOST_ACCOUNTS, MOST_NAMED = 300, 6
WIDTHS = (52.0, 11.0, 11.0, 52.0, 50.0)
COUNT = "0_w;-0_w;–_w"


def failing(book: Book) -> list[tuple[str, list[str]]]:
    """Give each check that fails with the accounts where it does, those of the most plans first."""
    rows = book.view["checks"]
    bad = rows[(rows["is_whole"] == 1) & (rows["is_failed"] == 1)]
    found: dict[str, dict[str, None]] = {}
    for check, account in rows_of(bad, ("check", "account")):
        found.setdefault(str(check), {})[str(account or "–")] = None
    plans = {check: book.sums.count("checks", {"check": check, "is_whole": 1, "is_failed": 1}) for check in found}
    return [(check, sorted(found[check], key=str.casefold)) for check in sorted(found, key=lambda check: (-plans[check], check))]


def some_names(names: list[str], most: int) -> str:
    """Name the first few, and say how many more there are."""
    shown = ", ".join(names[:most])
    return f"{shown}, +{len(names) - most}" if len(names) > most else shown


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "checks", WIDTHS)
    page.top(book.who(), book.word("checks_summary_intro"))
    draw_by_check(page)
    page.next(14)
    draw_by_account(page)
    page.finish()


def draw_by_check(page: Page) -> None:
    """Draw the checks, those that fail most first."""
    book = page.book
    page.heading(book.word("by_check"))
    page.headers(
        [book.word(name) for name in ("good_plan_has", "fails_at", "of_plans", "where_it_fails", "what_to_do")], right=(1, 2)
    )
    known = book.names.checks()
    for check, names in failing(book):
        found = known.get(check)
        hint = found.hint(book.language) if found else ""
        where = {"check": check, "is_whole": 1}
        page.label(LEFT, book.names.check(check), "row", wrap=True)
        page.figure(LEFT + 1, book.count("checks", **where, is_failed=1), Style("row_bold", COUNT, "right"))
        page.figure(LEFT + 2, book.count("checks", **where), Style("row_soft", "0_w", "right"))
        text = some_names(names, MOST_NAMED)
        page.put(LEFT + 3, text, Style("row_soft", wrap=True))
        page.label(LEFT + 4, hint, "row_soft", wrap=True)
        lines = max(lines_needed(text, 52 * 1.1), lines_needed(hint, 50 * 1.1), lines_needed(book.names.check(check), 52))
        page.next(max(20.0, 13.0 * lines + 8))
    if not failing(book):
        page.note(book.word("nothing_fails"))


def draw_by_account(page: Page) -> None:
    """Draw the accounts, those where most checks fail first."""
    book = page.book
    page.heading(book.word("by_account"), book.word("health_defined"))
    page.headers([*(book.word(name) for name in ("account_name", "failing", "health", "which_fail")), ""], right=(1, 2))
    rows = book.view["checks"]
    bad = rows[(rows["is_whole"] == 1) & (rows["is_failed"] == 1)]
    named: dict[Any, list[str]] = {}
    for no, check in rows_of(bad, ("account_no", "check")):
        named.setdefault(no, []).append(book.names.check(str(check)))
    order = sorted(
        rows_of(book.accounts, ("account_no", "account", "plan_id")),
        key=lambda row: (-len(named.get(row[0], ())), row[0]),
    )
    first = page.row
    for no, name, plan_id in order[:MOST_ACCOUNTS]:
        where = {"account_no": no, "is_whole": 1}
        page.put(LEFT, name, Style("row_link"), target=book.origins.workbook(plan_id))
        failed, every = book.count("checks", **where, is_failed=1), book.count("checks", **where)
        page.figure(LEFT + 1, failed, Style("row_bold", COUNT, "right"))
        value = float(f"{1 - int(failed.value or 0) / int(every.value):.15g}") if every.value else ""
        formula = (
            call("IF", every.node.equals(0), "", Constant(1) - share_node(failed, every)) if failed.node and every.node else None
        )
        page.figure(LEFT + 2, Figure(formula, value), Style("row", "0%_w", "right"))
        text = "; ".join(named.get(no, ()))
        page.put(LEFT + 3, text, Style("row_soft", wrap=True), 2)
        page.next(max(20.0, 13.0 * lines_needed(text, 102 * 1.1) + 8))
    if page.row > first:
        cell = Spot(first, LEFT + 2)
        page.draw(Rule((first, LEFT + 2), (page.row - 1, LEFT + 2), call("ISNUMBER", cell) * (cell < 0.6), "warn"))
    if len(order) > MOST_ACCOUNTS:
        page.note(book.word("list_stops_plain", shown=MOST_ACCOUNTS, all=len(order)))


def share_node(part: Figure, whole: Figure) -> Any:
    """Divide two figures."""
    assert part.node is not None and whole.node is not None
    return part.node / whole.node


__all__ = ["draw", "failing", "share", "some_names"]
