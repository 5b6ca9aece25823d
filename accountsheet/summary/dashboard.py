"""The first tab: how much, from whom, how sure, what is missing, what changed, and what to do now."""

from __future__ import annotations

from typing import Any

from accountsheet.address import Key
from accountsheet.formula import Ref, call
from accountsheet.pieces import LEFT, Bars, Style
from accountsheet.summary.actions import action_cell
from accountsheet.summary.book import Book, Figure, divided, range_of, share
from accountsheet.summary.changes import change_format, change_rules, changes_of, draw_change, earlier, one_each, since
from accountsheet.summary.checks import failing, some_names
from accountsheet.summary.forecast import behind, can_be_stacked, group_chart, ranked, years_chart
from accountsheet.summary.headlines import coded
from accountsheet.summary.key_figures import SHARE
from accountsheet.summary.page import Page, cut
from accountsheet.summary.periods import Spans, spans_of
from accountsheet.summary.submissions import missing
from accountsheet.summary.sums import rows_of
from accountsheet.summary.tiles import draw_tiles

WIDTHS = (27.0, 15.0, 13.0, 17.0, 11.0, 11.0, 3.0, 27.0, 17.0, 13.0, 13.0, 13.0)
RIGHT = LEFT + 7
TOP, CHANGES, MISSING, TO_DO, REVIEWS = 10, 8, 6, 5, 4
CHART_ROWS = 8
SURE = 3
"""Columns below the chart that says how sure the forecast is; the one by account manager has those beside it."""


def draw(book: Book) -> None:
    """Draw the tab."""
    spans = spans_of(book)
    page = Page(book, "dashboard", WIDTHS)
    pages = dict(book.order)
    links = [
        (LEFT, 1, "accounts"),
        (LEFT + 1, 2, "forecast"),
        (LEFT + 3, 1, "white_space"),
        (LEFT + 4, 2, "opportunities"),
        (RIGHT, 1, "completeness"),
        (RIGHT + 1, 1, "checks"),
    ]
    page.top(
        book.who(),
        book.word("dashboard_intro", amounts=book.amounts_in()),
        [(column, span, f"{pages[name]} →", name) for column, span, name in links if name in book.shown],
        title=book.word("dashboard_title", year=book.year + 1),
    )
    draw_tiles(page, spans, book.contents["dashboard"])
    page.next(8)
    draw_middle(page, spans, book.forecast_by)
    page.next(6)
    draw_bottom(page, spans)
    page.finish(one_page=True)


# --- the middle: the forecast, and what changed or who brings it


def draw_middle(page: Page, spans: Spans, group: str) -> None:
    """Draw how sure the forecast is and who it comes from; right of it what changed, else tables of who it comes from."""
    book = page.book
    draw_forecast_heading(page, spans, group)
    if book.before is not None:
        page.label(RIGHT, book.word("changes_title", day=since(book)), "heading", 5)
    else:
        page.label(RIGHT, coded(book, book.word("by_owner")), "heading", 5)
    page.next(26)
    top = page.row
    draw_forecast(page, spans, group)
    if book.before is not None:
        draw_changes(page, spans)
    else:
        draw_sources(page, "owner", spans, CHART_ROWS - 1)
        room = top + CHART_ROWS + 1 - page.row - 2
        segments = [segment for segment in book.sums.values("forecast", "segment") if segment is not None]
        if 1 < len(segments) <= room:
            step(page, 10)
            draw_sources(page, "segment", spans, room)
    while page.row < top + CHART_ROWS + 1:
        page.next(20)


def draw_forecast_heading(page: Page, spans: Spans, group: str) -> None:
    """Say what the charts show."""
    book = page.book
    if can_be_stacked(book, group, spans):
        page.label(LEFT, coded(book, book.word("forecast_sure")), "heading", SURE)
        page.label(LEFT + SURE, coded(book, book.word(f"by_{group}")), "heading", 6 - SURE)
    else:
        page.label(LEFT, coded(book, book.word("forecast_title")), "heading", 6)


def draw_forecast(page: Page, spans: Spans, group: str) -> None:
    """Draw the charts side by side; one that cannot be stacked leaves its room to the other."""
    book, stacked = page.book, can_be_stacked(page.book, group, spans)
    height = int((CHART_ROWS + 1) * 20 * 4 / 3) - 4
    if not len(book.view["forecast"]):
        page.label(LEFT, book.word("nothing_here"), "note", 6)
        return
    wide = SURE if stacked else 6
    size = int(page.width(LEFT, wide) * 7.1), height
    page.draw(years_chart(book, spans, page.row, LEFT, size, "{part}" if stacked else "{part}_long"))
    if stacked:
        size = int(page.width(LEFT + SURE, 6 - SURE) * 7.1), height
        page.draw(group_chart(book, group, spans, page.row, LEFT + SURE, size))


def draw_changes(page: Page, spans: Spans) -> None:
    """Draw how the whole moved, and the largest changes."""
    book = page.book
    found = changes_of(book)
    telling = one_each(found)[: CHANGES - 2]
    for place, name in enumerate(("account_name", "figure", "was", "now_is", "change")):
        page.label(RIGHT + place, book.word(name), "header", align="right" if place > 1 else "")
    page.next(20)
    first = page.row
    draw_change_of_all(page, spans)
    for change in telling:
        draw_change(page, change, (RIGHT, RIGHT + 1, RIGHT + 2, RIGHT + 3, RIGHT + 4))
        page.next(20)
    change_rules(page, first, page.row - 1, RIGHT + 4)
    more = len(found) - len(telling)
    if more > 0:
        page.more(RIGHT, book.word("more_changes", count=more), "changes")
        page.next(20)
    elif not found:
        page.label(RIGHT, book.word("nothing_changed"), "note", 5)
        page.next(20)


def draw_change_of_all(page: Page, spans: Spans) -> None:
    """Draw how the expectation of the next year moved, in the main currency."""
    book, where = page.book, spans.following.where
    page.put(RIGHT, coded(book, book.word("all_together")), Style("row_bold"))
    page.put(RIGHT + 1, book.word("expected_of", year=spans.following.begin), Style("row_soft"))
    was = page.put(RIGHT + 2, earlier(book, "forecast", "revenue", where), Style("row", book.money, "right"))
    now = page.figure(RIGHT + 3, book.amount("forecast", "revenue", book.main, **where), Style("row_bold", book.money, "right"))
    page.calculated(RIGHT + 4, Ref(now) - Ref(was), Style("row_bold", change_format(book, "money"), "right"))
    page.next(20)


def draw_sources(page: Page, group: str, spans: Spans, most: int) -> None:
    """Draw who or what the expectation comes from, in the main currency."""
    book, main = page.book, page.book.main
    names = [f"{group}_name", "plans_behind", "expected", "sure", "filled"]
    for place, name in enumerate(names):
        page.label(RIGHT + place, book.word(name), "header", align="right" if place else "")
    page.next(20)
    found = ranked(book, group, main, spans.following)
    for value in found[:most]:
        draw_source(page, group, value, spans)
    if len(found) > most:
        page.more(RIGHT, book.word("more_owners", count=len(found) - most), "forecast")
        page.next(20)


def draw_source(page: Page, group: str, value: Any, spans: Spans) -> None:
    """Draw one of those that the expectation comes from."""
    book, main = page.book, page.book.main
    label = "–" if value is None else book.names.choice("account", group, value)
    cell = Ref(Key(page.id, page.row, "", str(RIGHT)), "column")
    where = {group: (value, cell) if label == value else value}
    page.put(RIGHT, label, Style("row"))
    page.figure(RIGHT + 1, behind(book, main, {**spans.following.where, **where}), Style("row_soft", "0_w", "right"))
    whole = book.amount("forecast", "revenue", main, **spans.following.where, **where)
    page.figure(RIGHT + 2, whole, Style("row_bold", book.money, "right"))
    page.figure(RIGHT + 3, book.sure(main, **spans.following.where, **where), Style("row", SHARE, "right"))
    filled, plans = book.number("plans", "completeness", **where), book.count("plans", "completeness", **where)
    page.figure(RIGHT + 4, divided(filled, plans), Style("row", SHARE, "right"))
    page.next(20)


# --- the bottom: from whom, what is missing, and what to do


def draw_bottom(page: Page, spans: Spans) -> None:
    """Draw the largest accounts and the next reviews left; what is missing and what to do first right."""
    start = page.row
    draw_top(page, spans)
    if len(page.book.view["reviews"]) and len(page.book.accounts):
        draw_next_reviews(page)
    end = page.row
    page.row = start
    draw_missing(page)
    draw_to_do(page, max(end - 1, page.row + 2 + TO_DO))
    page.row = max(end, page.row)


def draw_top(page: Page, spans: Spans) -> None:
    """Draw the largest accounts of the main currency."""
    book, main = page.book, page.book.main
    where = spans.following.where
    mine = book.accounts[book.accounts["currency"].fillna("").isin(list(main.rates))]
    rows = list(rows_of(mine, ("account_no", "account", "owner", "plan_id", "currency", "completeness")))
    rows.sort(key=lambda row: (-book.sums.amount("forecast", "revenue", main, {"account_no": row[0], **where}), row[0]))
    shown = rows[:TOP]
    page.label(LEFT, book.word("top_accounts" if len(rows) > TOP else "all_accounts"), "heading", 6)
    page.next(26)
    names = ("account_name", "owner_name", "expected", "", "sure", "filled")
    for place, name in enumerate(names):
        page.label(LEFT + place, book.word(name) if name else "", "header", align="right" if place in (2, 4, 5) else "")
    page.next(20)
    first = page.row
    for no, account, owner, plan_id, currency, completeness in shown:
        page.put(LEFT, account, Style("row_link"), target=book.origins.workbook(plan_id))
        page.put(LEFT + 1, owner or "–", Style("row_soft"))
        figure = book.own_amount("forecast", "revenue", currency or "", account_no=no, **where)
        origin = book.forecast_cell(no, "revenue", where)
        money = page.figure(LEFT + 2, figure, Style("row_bold", book.money, "right"), target=origin)
        page.calculated(LEFT + 3, Ref(money), Style("row_bar", book.money, "right"))
        signed = book.own_amount("forecast", "contracted", currency or "", account_no=no, **where)
        page.figure(LEFT + 4, divided(signed, figure), Style("row", SHARE, "right"))
        page.figure(LEFT + 5, Figure(None, completeness or 0.0), Style("row", SHARE, "right"))
        page.next(20)
    if not shown:
        page.label(LEFT, book.word("no_plans"), "note", 6)
        page.next(20)
        return
    page.draw(Bars((first, LEFT + 3), (page.row - 1, LEFT + 3)))
    draw_top_total(page, (first, page.row - 1), len(shown), len(rows), spans)


def draw_top_total(page: Page, rows: tuple[int, int], shown: int, every: int, spans: Spans) -> None:
    """Draw what the largest accounts make together, and which part of the whole that is."""
    book, main = page.book, page.book.main

    def cells(column: int) -> Any:
        return range_of(Key(page.id, rows[0], "", str(LEFT + column)), Key(page.id, rows[1], "", str(LEFT + column)))

    words = book.word("top_of", shown=shown, all=every)
    page.label(LEFT, words, "sum", 2)
    money = page.calculated(LEFT + 2, call("SUM", cells(2)), Style("sum", book.money, "right"))
    whole = book.amount("forecast", "revenue", main, **spans.following.where)
    part = float(f"{float(book.value(money) or 0) / float(whole.value or 0):.15g}") if whole.value else ""
    number = f'0%"{book.word("of_the_total")}"'
    page.figure(LEFT + 3, Figure(share(Ref(money), whole.node) if whole.node else None, part), Style("sum_note", number, "left"))
    if shown == every:
        page.figure(LEFT + 4, book.sure(main, **spans.following.where), Style("sum", SHARE, "right"))
    else:
        page.label(LEFT + 4, "", "sum")
    page.calculated(LEFT + 5, call("AVERAGE", cells(5)), Style("sum", SHARE, "right"))
    page.next(22)
    apart = len(book.accounts) - every
    if apart:
        page.label(LEFT, book.word("other_currencies_apart", count=apart), "note", 6)
        page.next(18)


def draw_next_reviews(page: Page) -> None:
    """Draw whose plan is looked at next, and how many accounts have no day for it."""
    book = page.book
    rows = book.view["reviews"]
    coming = rows[rows["is_to_come"] == 1].sort_values("planned_date", kind="stable").drop_duplicates("account_no")
    coming = coming[coming["account_no"].notna()]
    page.label(LEFT, book.word("next_reviews"), "heading", 6)
    page.next(26)
    for place, (name, span) in enumerate((("account_name", 1), ("owner_name", 1), ("planned_for", 1), ("missed_before", 3))):
        page.label(LEFT + place, book.word(name), "header", span, align="right" if place > 1 else "")
    page.next(20)
    for no, account, owner, plan, row, day in rows_of(
        coming.head(REVIEWS), ("account_no", "account", "owner", "plan_id", "row", "planned_date")
    ):
        page.put(LEFT, account, Style("row_link"), target=book.origins.cell(plan, "reviews", "planned_date", row))
        page.put(LEFT + 1, owner or "–", Style("row_soft"))
        page.put(LEFT + 2, day.date(), Style("row_bold", book.day_format.replace("_w", " yyyy_w"), "right"))
        missed = book.count("reviews", account_no=no, is_missed=1)
        page.figure(LEFT + 3, missed, Style("row_bad" if missed.value else "row_soft", "0_w;-0_w;–_w", "right"), 3)
        page.next(20)
    without = len(book.accounts) - len(coming)
    if without:
        page.more(LEFT, book.word("without_review", some=without, all=len(book.accounts)), "actions")
        page.next(18)


def draw_missing(page: Page) -> None:
    """Draw what good plans have and these have not."""
    book = page.book
    page.label(RIGHT, book.word("missing_title"), "heading", 5)
    step(page, 26)
    for place, (name, span) in enumerate((("good_plan_has", 2), ("fails_at", 1), ("which", 2))):
        page.label((RIGHT, RIGHT + 2, RIGHT + 3)[place], book.word(name), "header", span, align="right" if place == 1 else "")
    step(page, 20)
    absent = missing(book)
    found = failing(book)
    room = MISSING - (1 if absent else 0)
    if absent:
        page.label(RIGHT, book.word("plans_not_received"), "row_bad", 2)
        page.put(RIGHT + 2, len(absent), Style("row_bad", "0_w", "right"))
        page.put(RIGHT + 3, some_names([each.account for each in absent], 1), Style("row_soft"), 2)
        step(page, 20)
    for check, names in found[:room]:
        page.label(RIGHT, book.names.check(check), "row", 2)
        page.figure(RIGHT + 2, book.count("checks", check=check, is_whole=1, is_failed=1), Style("row_bold", "0_w", "right"))
        page.put(RIGHT + 3, some_names([short(name) for name in names], 1), Style("row_soft"), 2)
        step(page, 20)
    if len(found) > room:
        page.more(RIGHT, book.word("more_checks_fail", count=len(found) - room), "checks")
        step(page, 18)
    elif not found and not absent:
        page.label(RIGHT, book.word("nothing_missing"), "note", 5)
        step(page, 18)


def short(name: str) -> str:
    """Cut a name to what fits beside others."""
    return name if len(name) <= 20 else name[:19].rstrip() + "…"


def step(page: Page, height: float) -> None:
    """Go to the next row, which may have its height from the left side already."""
    if page.row in page.heights:
        page.row += 1
    else:
        page.next(height)


def draw_to_do(page: Page, end: int) -> None:
    """Draw the actions that cannot wait: overdue ones first."""
    book = page.book
    page.label(RIGHT, book.word("to_do_first"), "heading", 5)
    step(page, 26)
    for place, (name, span) in enumerate((("account_name", 1), ("action_name", 2), ("who", 1), ("when", 1))):
        page.label(
            (RIGHT, RIGHT + 1, RIGHT + 3, RIGHT + 4)[place], book.word(name), "header", span, align="right" if place == 3 else ""
        )
    step(page, 20)
    rows = book.view["action_plan"]
    order = rows[(rows["is_open"] == 1) & rows["when"].notna()].sort_values(
        ["is_overdue", "when"], ascending=[False, True], kind="stable"
    )
    columns = ("account_no", "account", "action", "who", "when", "is_overdue", "plan_id", "row")
    shown = [dict(zip(columns, record, strict=True)) for record in rows_of(order.head(max(1, end - page.row)), columns)]
    for record in shown:
        action, who, when, late = (record[name] for name in ("action", "who", "when", "is_overdue"))
        page.put(RIGHT, record["account"], Style("row_link"), target=action_cell(book, record))
        page.put(RIGHT + 1, cut(action, 32), Style("row"), 2)
        page.put(RIGHT + 3, cut(initialled(who), 14), Style("row_soft"))
        number = book.day_format.replace("]", ']"!  "') if late else book.day_format
        page.put(RIGHT + 4, when.date(), Style("row_bad" if late else "row", number, "right"))
        step(page, 20)
    if not shown:
        page.label(RIGHT, book.word("nothing_here"), "note", 5)
        step(page, 20)


def initialled(name: str | None) -> str | None:
    """Shorten a first name that leaves no room for the surname."""
    if name is None or len(name) <= 14 or " " not in name:
        return name
    first, _, rest = name.partition(" ")
    return f"{first[:1]}. {rest}"
