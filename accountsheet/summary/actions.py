"""What is to be done: overdue first, by account manager and one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsheet.address import Key
from accountsheet.calculation import as_text
from accountsheet.formula import Ref, Spot, call
from accountsheet.pieces import LEFT, Rule, Style, Target
from accountsheet.summary.book import Book, Figure
from accountsheet.summary.look import bad_when
from accountsheet.summary.page import Page
from accountsheet.summary.sums import rows_of

MOST, MOST_OWNERS = 300, 40
WIDTHS = (26.0, 13.0, 14.0, 15.0, 20.0, 50.0, 38.0)
COUNT = "0_w;-0_w;–_w"


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "actions", WIDTHS)
    page.top(book.who(), book.word("actions_intro"))
    draw_owners(page)
    if len(book.view["reviews"]) or len(book.view["visit_figures"]):
        page.next(14)
        draw_reviews(page)
    page.next(14)
    draw_list(page)
    page.finish()


def draw_owners(page: Page) -> None:
    """Draw how many are overdue, open and done, by account manager."""
    book = page.book
    page.heading(book.word("by_owner"))
    names = ["owner_name", "overdue", "open_actions", "finished"]
    page.headers([book.word(name) for name in names], right=range(1, 4))
    owners = book.sums.values("action_plan", "owner")
    ranked = sorted(
        owners, key=lambda owner: (-book.sums.count("action_plan", {"owner": owner, "is_overdue": 1}), owner is None, str(owner))
    )
    first = page.row
    for owner in ranked[:MOST_OWNERS]:
        cell = Ref(Key(page.id, page.row, "", str(LEFT)), "column")
        page.put(LEFT, "–" if owner is None else owner, Style("row"))
        draw_counts(page, "row", {"owner": None if owner is None else (owner, cell)})
    if page.row > first:
        overdue = Spot(first, LEFT + 1)
        page.draw(bad_when((first, LEFT + 1), (page.row - 1, LEFT + 1), overdue > 0))
    page.closing(4)
    name = book.word("total") if len(ranked) <= MOST_OWNERS else book.word("total_of_all", count=len(ranked))
    page.label(LEFT, name, "sum")
    draw_counts(page, "sum", {})
    some, every = len([no for no in book.sums.values("action_plan", "account_no") if no is not None]), len(book.accounts)
    page.note(book.word("actions_behind", some=some, all=every))


def draw_counts(page: Page, role: str, where: dict[str, Any]) -> None:
    """Draw the counts of some actions."""
    for place, chosen in enumerate(({"is_overdue": 1}, {"is_open": 1}, {"is_open": 0}), LEFT + 1):
        page.figure(place, page.book.count("action_plan", **where, **chosen), Style(role, COUNT, "right"))
    page.next(20 if role == "row" else 22)


def draw_reviews(page: Page) -> None:
    """Draw what was missed and what is to come of reviews, and the visits planned against their goal."""
    book = page.book
    page.heading(book.word("reviews_and_visits"), book.word("reviews_defined"))
    names = ["account_name", "next_review", "missed_reviews", "reviews_planned", "visits_planned"]
    page.headers([book.word(name) for name in names], right=range(1, 5))
    waiting = book.view["reviews"][book.view["reviews"]["is_to_come"] == 1].groupby("account_no")["planned_date"].min()
    rows = list(rows_of(book.accounts, ("account_no", "account")))
    rows.sort(
        key=lambda row: (-book.sums.count("reviews", {"account_no": row[0], "is_missed": 1}), row[0] in waiting.index, row[0])
    )
    first = page.row
    for no, account in rows[:MOST_OWNERS]:
        page.put(LEFT, account, Style("row_link"), target=book.origins.block(no, "reviews"))
        day = waiting.get(no)
        page.put(LEFT + 1, None if day is None else day.date(), Style("row", "date", "right"))
        for place, where in ((LEFT + 2, {"is_missed": 1}), (LEFT + 3, {})):
            page.figure(place, book.count("reviews", "planned_date", account_no=no, **where), Style("row", COUNT, "right"))
        page.figure(LEFT + 4, visits(book, account_no=no), Style("row", align="right"))
        page.next(20)
    if page.row > first:
        missed, few = Spot(first, LEFT + 2), Spot(first, LEFT + 3)
        page.draw(
            bad_when((first, LEFT + 2), (page.row - 1, LEFT + 2), missed > 0),
            Rule((first, LEFT + 3), (page.row - 1, LEFT + 3), few < 2, "warn"),
        )
    page.closing(5)
    page.label(LEFT, book.word("total"), "sum")
    page.label(LEFT + 1, "", "sum")
    for place, where in ((LEFT + 2, {"is_missed": 1}), (LEFT + 3, {})):
        page.figure(place, book.count("reviews", "planned_date", **where), Style("sum", COUNT, "right"))
    page.figure(LEFT + 4, visits(book), Style("sum", align="right"))
    page.next(22)
    if len(rows) > MOST_OWNERS:
        page.note(book.word("list_stops_plain", shown=MOST_OWNERS, all=len(rows)))


def visits(book: Book, **where: Any) -> Figure:
    """Say how many visits are planned, of how many that are aimed at."""
    planned, goal = (book.number("visit_figures", name, **where) for name in ("planned", "goal"))
    of, first = book.word("of"), as_text(planned.value)
    value = f"{first}{of}{as_text(goal.value)}" if goal.value else first if planned.value else "–"
    if planned.node is None or goal.node is None:
        return Figure(None, value)
    alone = call("IF", planned.node.equals(0), "–", planned.node & "")
    return Figure(call("IF", goal.node.equals(0), alone, planned.node & of & goal.node), value)


def draw_list(page: Page) -> None:
    """Draw the open actions, the longest overdue first."""
    book = page.book
    page.heading(book.word("one_by_one"))
    names = ["account_name", "when", "state", "priority", "who", "action_name", "for_what"]
    head = page.row
    page.headers([book.word(name) for name in names], right=[1])
    rows = book.view["action_plan"]
    order = rows[rows["is_open"] == 1].sort_values(
        ["is_overdue", "when"], ascending=[False, True], kind="stable", na_position="last"
    )
    columns = ("account_no", "account", "when", "is_overdue", "status", "priority", "who", "action", "for_what", "plan_id", "row")
    first = page.row
    for record in rows_of(order.head(MOST), columns):
        draw_action(page, dict(zip(columns, record, strict=True)))
    if page.row > first:
        page.filter, page.repeat = (head, LEFT, page.row - 1, page.last), (head, head)
        late = Spot(first, LEFT + 2, "column").equals(book.word("overdue_mark"))
        page.draw(bad_when((first, LEFT + 2), (page.row - 1, LEFT + 2), late))
    else:
        page.note(book.word("nothing_here"))
    if len(order) > MOST:
        page.note(book.word("list_stops", shown=MOST, all=len(order), tab=dict(book.order).get("data_action_plan", "")))


def action_cell(book: Book, record: Mapping[str, Any]) -> Target | None:
    """Say where an action stands in its plan."""
    exact = book.origins.cell(record["plan_id"], "action_plan", "action", record["row"])
    return exact or book.origins.block(record["account_no"], "action_plan")


def draw_action(page: Page, record: dict[str, Any]) -> None:
    """Draw one action."""
    book = page.book
    state = (
        book.word("overdue_mark")
        if record["is_overdue"]
        else book.names.choice("action_plan", "status", record["status"] or "open")
    )
    page.put(LEFT, record["account"], Style("row_link"), target=action_cell(book, record))
    page.put(LEFT + 1, record["when"].date() if record["when"] is not None else None, Style("row", "date", "right"))
    page.put(LEFT + 2, state, Style("row_soft"))
    page.put(
        LEFT + 3,
        book.names.choice("action_plan", "priority", record["priority"]) if record["priority"] else "",
        Style("row_soft"),
    )
    page.put(LEFT + 4, record["who"], Style("row_soft"))
    page.put(LEFT + 5, record["action"], Style("row"))
    page.put(LEFT + 6, record["for_what"], Style("row_soft"))
    page.next(20)
