"""Who decides at each account, and how they look at us: counts, and names only where they were asked for."""

from __future__ import annotations

from typing import Any

from accountsheet.address import Key
from accountsheet.formula import Constant, Node, Ref, Spot, call
from accountsheet.pieces import LEFT, Rule, Style
from accountsheet.summary.book import Book, Figure, range_of
from accountsheet.summary.look import bad_when
from accountsheet.summary.page import Page
from accountsheet.summary.sums import rows_of

MOST, MOST_PEOPLE = 200, 300
WIDTHS = (26.0, 12.0, *[12.5] * 6, 19.0, 39.5)
COUNT = "0_w;-0_w;–_w"
LEVELS = (5, 4, 3, 2, 1)


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "people", WIDTHS)
    page.top(book.who(), book.word("people_intro"))
    draw_coverage(page)
    page.next(14)
    draw_matrix(page)
    if book.with_names:
        page.next(14)
        draw_names(page)
    page.finish()


def draw_coverage(page: Page) -> None:
    """Draw how many of each buying role every account knows, and what is missing."""
    book = page.book
    roles = book.names.choices("contacts", "buying_role") or [
        role for role in book.sums.values("contacts", "buying_role") if role
    ]
    roles = roles[:5]
    page.heading(book.word("coverage_title"), book.word("coverage_defined"))
    labels = [book.names.choice("contacts", "buying_role", role) for role in roles]
    names = [
        book.word("account_name"),
        book.word("contacts"),
        *labels,
        book.word("allies"),
        book.word("opponents"),
        book.word("missing"),
    ]
    page.headers(names, right=range(1, len(roles) + 4), height=34)
    first = page.row
    chosen: list[dict[str, Any]] = [{}, *({"buying_role": role} for role in roles), {"is_ally": 1}, {"is_opponent": 1}]
    for no, name, plan_id in gaps_first(book, roles)[:MOST]:
        page.put(LEFT, name, Style("row_link"), target=book.origins.block(no, "contacts") or book.origins.workbook(plan_id))
        keys = [
            page.figure(place, book.count("contacts", account_no=int(no), **where), Style("row", COUNT, "right"))
            for place, where in enumerate(chosen, LEFT + 1)
        ]
        page.calculated(LEFT + len(keys) + 1, missing_text(book, keys, roles), Style("row_soft"))
        page.next(20)
    last = page.row - 1
    if last < first:
        page.note(book.word("no_plans"))
        return
    for place, role in enumerate(roles, LEFT + 2):
        if role in ("coach", "decision_maker"):
            page.draw(bad_when((first, place), (last, place), Spot(first, place).equals(0)))
    page.draw(Rule((first, LEFT + 1), (last, LEFT + 1), Spot(first, LEFT + 1) <= 1, "warn"))
    page.closing(len(names))
    page.label(LEFT, book.word("people_total"), "sum")
    for place, where in enumerate(chosen, LEFT + 1):
        page.figure(place, book.count("contacts", **where), Style("sum", COUNT, "right"))
    page.label(LEFT + len(chosen) + 1, "", "sum")
    page.next(22)
    page.label(LEFT, book.word("accounts_with_any"), "row")
    for place in range(LEFT + 1, LEFT + len(chosen) + 1):
        cells = range_of(Key(page.id, first, "", str(place)), Key(page.id, last, "", str(place)))
        have = [no for no in book.sums.values("contacts", "account_no", chosen[place - LEFT - 1]) if no is not None]
        shown = call("COUNTIF", cells, ">0") if len(book.accounts) <= MOST else None
        page.figure(place, Figure(shown, len(have)), Style("row", COUNT, "right"))
    page.label(LEFT + len(chosen) + 1, book.word("of_accounts", all=len(book.accounts)), "row_soft")
    page.next(20)
    if len(book.accounts) > MOST:
        page.note(book.word("map_stops", shown=MOST, all=len(book.accounts)))


def gaps_first(book: Book, roles: list[str]) -> list[tuple[Any, ...]]:
    """Give number, name and plan of each account, those first where the most is missing."""

    def gaps(no: int) -> int:
        where = {"account_no": no}
        unknown = sum(
            not book.sums.count("contacts", {**where, "buying_role": role})
            for role in ("coach", "decision_maker")
            if role in roles
        )
        return unknown + (book.sums.count("contacts", where) <= 1)

    rows = rows_of(book.accounts, ("account_no", "account", "plan_id"))
    return sorted(rows, key=lambda row: -gaps(row[0]))


def missing_text(book: Book, keys: list[Key], roles: list[str]) -> Node:
    """Say who is missing."""
    parts: list[Node] = [
        call(
            "IF",
            Ref(keys[0]).equals(0),
            book.word("no_contacts"),
            call("IF", Ref(keys[0]).equals(1), book.word("one_contact"), ""),
        )
    ]
    for role, word in (("coach", "no_coach"), ("decision_maker", "no_decision_maker")):
        if role in roles:
            parts.append(
                call(
                    "IF", Ref(keys[0]).equals(0), "", call("IF", Ref(keys[1 + roles.index(role)]).equals(0), book.word(word), "")
                )
            )
    result: Node = Constant("")
    for part in parts:
        result = result & part
    return call("TRIM", result)


def draw_matrix(page: Page) -> None:
    """Draw how many people there are of each attitude and influence."""
    book = page.book
    attitudes = book.names.choices("contacts", "attitude") or [each for each in book.sums.values("contacts", "attitude") if each]
    page.heading(book.word("attitude_by_influence"), book.word("attitude_defined"))
    attitudes = attitudes[:6]
    names = [
        book.word("influence"),
        *(book.names.choice("contacts", "attitude", attitude) for attitude in attitudes),
        book.word("not_said"),
    ]
    page.headers(names, centre=range(1, len(names)))
    first = page.row
    known = [level for level in LEVELS]
    for level in (*known, None):
        page.label(LEFT, book.word("not_said") if level is None else book.word(f"influence_{level}"), "row")
        for place, attitude in enumerate((*attitudes, None), LEFT + 1):
            page.figure(place, book.count("contacts", influence=level, attitude=attitude), Style("map", "0;-0;·"))
        page.next(22)
    cell = Spot(first, LEFT + 1)
    strong = (first + 1, LEFT + len(attitudes))
    against = [place for place, attitude in enumerate(attitudes, LEFT + 1) if attitude in ("against", "sceptical")]
    with_us = [place for place, attitude in enumerate(attitudes, LEFT + 1) if attitude in ("positive", "ambassador")]
    for columns, role in ((against, "bad"), (with_us, "good")):
        if columns:
            page.draw(Rule((first, columns[0]), (strong[0], columns[-1]), Spot(first, columns[0]) > 0, role))
    page.draw(Rule((first, LEFT + 1), (page.row - 1, LEFT + len(attitudes) + 1), cell > 0, "computed_fill"))


def draw_names(page: Page) -> None:
    """Draw everyone by name: only where that was asked for."""
    book = page.book
    page.heading(book.word("by_name"), book.word("by_name_note"))
    names = ["account_name", "name", "", "role_name", "attitude", "influence", "department_name", "", "counterpart", "job_title"]
    page.headers([book.word(name) if name else "" for name in names], centre=[5])
    rows = (
        book.view["contacts"]
        .sort_values(["account_no", "influence"], ascending=[True, False], kind="stable", na_position="last")
        .head(MOST_PEOPLE)
    )
    columns = (
        "account_no",
        "account",
        "name",
        "buying_role",
        "attitude",
        "influence",
        "department",
        "our_counterpart",
        "job_title",
        "plan_id",
        "row",
    )
    for record in rows_of(rows, columns):
        no, account, name, role, attitude, influence, department, counterpart, title, plan, row = record
        target = book.origins.cell(plan, "contacts", "name", row) or book.origins.block(no, "contacts")
        page.put(LEFT, account, Style("row_link"), target=target)
        page.put(LEFT + 1, name, Style("row"), 2)
        page.put(LEFT + 3, book.names.choice("contacts", "buying_role", role) if role else "", Style("row_soft"))
        page.put(LEFT + 4, book.names.choice("contacts", "attitude", attitude) if attitude else "", Style("row_soft"))
        page.figure(LEFT + 5, Figure(None, influence if influence is not None else ""), Style("row", "0", "center"))
        page.put(LEFT + 6, book.names.choice("contacts", "department", department) if department else "", Style("row_soft"), 2)
        page.put(LEFT + 8, counterpart, Style("row_soft"))
        page.put(LEFT + 9, title, Style("row_soft"))
        page.next(20)
    if len(book.view["contacts"]) > MOST_PEOPLE:
        page.note(book.word("list_stops_plain", shown=MOST_PEOPLE, all=len(book.view["contacts"])))
