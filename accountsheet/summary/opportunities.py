"""What can be won: by phase, by the quarter of signing, and one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsheet.address import Key
from accountsheet.formula import Spot
from accountsheet.pieces import LEFT, Chart, Rule, Series, Style, Target
from accountsheet.rollups import CLOSED_PHASES
from accountsheet.summary.book import Book, Figure, joined
from accountsheet.summary.key_figures import SHARE, ratio
from accountsheet.summary.page import Page
from accountsheet.summary.sums import Purse, rows_of

MOST, MOST_QUARTERS = 200, 12
WIDTHS = (26.0, 16.0, 12.5, 9.0, 12.5, 13.0, 11.0, 10.0, 14.0, 44.0)
COUNT = "0_w;-0_w;–_w"


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "opportunities", WIDTHS)
    page.top(book.who(), book.word("opportunities_intro", amounts=book.amounts_in()))
    draw_phases(page)
    page.next(14)
    draw_quarters(page)
    page.next(14)
    draw_list(page)
    page.finish()


def counted(book: Book, purse: Purse, **where: Any) -> Figure:
    """Count opportunities of one currency."""
    figures = [
        book.count("opportunities", **where, **({"currency": code or None} if book.several else {}))
        for code in (purse.rates if book.several else ("",))
    ]
    nodes = [figure.node for figure in figures if figure.node is not None]
    return Figure(joined(nodes) if len(nodes) == len(figures) else None, sum(int(figure.value or 0) for figure in figures))


def draw_sums(page: Page, label: str, purse: Purse, role: str, **where: Any) -> Key:
    """Draw number, amount, chance and weighted amount of some opportunities; gives the cell of the last."""
    book = page.book
    page.label(LEFT, label, role)
    page.figure(LEFT + 1, counted(book, purse, **where), Style(role, COUNT, "right"))
    amount = page.figure(LEFT + 2, book.amount("opportunities", "amount", purse, **where), Style(role, book.money, "right"))
    weighted = Key(page.id, page.row, "", str(LEFT + 4))
    page.figure(LEFT + 4, book.amount("opportunities", "weighted_amount", purse, **where), Style(role, book.money, "right"))
    page.calculated(LEFT + 3, ratio(weighted, amount), Style(role, SHARE, "right"))
    page.label(LEFT + 5, purse.code if purse.code else "", "row_soft" if role == "row" else "sum_note")
    page.next(20 if role == "row" else 22)
    return weighted


def heads(page: Page, name: str) -> None:
    """Draw the headers of a table of sums."""
    book = page.book
    names = [book.word(name), *(book.word(each) for each in ("number_of", "amount", "mean_chance", "weighted", "currency"))]
    page.headers(names, right=range(1, 5))


def draw_phases(page: Page) -> None:
    """Draw the phases, open ones together."""
    book = page.book
    page.heading(book.word("by_phase"), book.word("weighted_defined"))
    top = page.row
    heads(page, "phase_name")
    shown: list[tuple[Key, Key]] = []
    seen = [phase for phase in book.sums.values("opportunities", "phase") if phase is not None]
    phases = [
        *book.names.choices("opportunities", "phase"),
        *(phase for phase in seen if phase not in book.names.choices("opportunities", "phase")),
    ]
    for purse in book.purses:
        for phase in phases:
            if phase not in CLOSED_PHASES and (purse is book.main or counted(book, purse, phase=phase).value):
                name = Key("#chart", "phase", phase, purse.code)
                page.mark(name, LEFT)
                weighted = draw_sums(page, book.names.choice("opportunities", "phase", phase), purse, "row", phase=phase)
                if purse is book.main:
                    shown.append((name, weighted))
        if counted(book, purse, phase=None).value:
            draw_sums(page, book.word("no_phase"), purse, "row", phase=None)
    page.closing(6)
    for purse in book.purses:
        draw_sums(page, book.word("open_together"), purse, "sum", is_open=1)
    for purse in book.purses:
        for phase in CLOSED_PHASES:
            if phase in seen and counted(book, purse, phase=phase).value:
                draw_sums(page, book.names.choice("opportunities", "phase", phase), purse, "row", phase=phase)
    draw_chart(page, top, shown, "by_phase")


def draw_quarters(page: Page) -> None:
    """Draw the open ones by the quarter in which they are to be signed, with a chart of the main currency."""
    book = page.book
    page.heading(book.word("by_quarter"), book.word("late_defined"))
    top = page.row
    heads(page, "quarter_name")
    quarters = [
        quarter
        for quarter in book.sums.values("opportunities", "signing_quarter", {"is_open": 1, "is_late": 0})
        if quarter is not None
    ]
    shown: list[tuple[Key, Key]] = []
    for purse in book.purses:
        if counted(book, purse, is_open=1, is_late=1).value:
            draw_sums(page, book.word("late_row"), purse, "row", is_open=1, is_late=1)
        for quarter in quarters[:MOST_QUARTERS]:
            if counted(book, purse, is_open=1, is_late=0, signing_quarter=quarter).value:
                name = Key("#chart", "signing_quarter", quarter, purse.code)
                page.mark(name, LEFT)
                weighted = draw_sums(page, quarter, purse, "row", is_open=1, is_late=0, signing_quarter=quarter)
                if purse is book.main:
                    shown.append((name, weighted))
        if counted(book, purse, is_open=1, is_late=0, signing_quarter=None).value:
            draw_sums(page, book.word("no_date"), purse, "row", is_open=1, is_late=0, signing_quarter=None)
    page.closing(6)
    for purse in book.purses:
        draw_sums(page, book.word("open_together"), purse, "sum", is_open=1)
    if len(quarters) > MOST_QUARTERS:
        page.note(book.word("quarters_stop", count=len(quarters) - MOST_QUARTERS))
    draw_chart(page, top, shown, "by_quarter")


def draw_chart(page: Page, top: int, shown: list[tuple[Key, Key]], title: str) -> None:
    """Draw the weighted amounts of the main currency beside their table."""
    book = page.book
    if len(shown) < 2:
        return
    while page.row < top + 9:
        page.next(20)
    series = Series(book.word("weighted"), (shown[0][1], shown[-1][1]), "accent")
    highest = max(float(book.value(weighted) or 0) for _, weighted in shown)
    number, hidden = book.chart_money(highest), max(1, round(highest * 0.08))
    size = (int(page.width(LEFT + 6, 4) * 7.0), int(min(page.row - top, 12) * 20 * 4 / 3))
    heading = f"{book.word(title)}, {book.word('weighted')}"
    page.draw(Chart(top, LEFT + 6, heading, (shown[0][0], shown[-1][0]), (series,), size, number=number, hide=hidden))


def draw_list(page: Page) -> None:
    """Draw the opportunities, open ones first, by their weighted amounts."""
    book = page.book
    page.heading(book.word("one_by_one"))
    names = [
        "account_name",
        "phase_name",
        "amount",
        "chance",
        "weighted",
        "signing_date",
        "currency",
        "has_action",
        "product",
        "opportunity_name",
    ]
    head = page.row
    page.headers([book.word(name) for name in names], right=range(2, 6), centre=[7])
    rows = book.view["opportunities"]
    order = rows.sort_values(["is_open", "weighted_amount", "amount"], ascending=[False, False, False], kind="stable").head(MOST)
    columns = (
        "account_no",
        "account",
        "phase",
        "amount",
        "probability",
        "weighted_amount",
        "signing_date",
        "currency",
        "has_action",
        "product",
        "description",
        "is_open",
        "is_late",
        "plan_id",
        "row",
    )
    first = page.row
    for record in rows_of(order, columns):
        draw_opportunity(page, dict(zip(columns, record, strict=True)))
    if page.row > first:
        page.filter, page.repeat = (head, LEFT, page.row - 1, page.last), (head, head)
        missing = Spot(first, LEFT + 7)
        page.draw(Rule((first, LEFT + 7), (page.row - 1, LEFT + 7), missing.equals("!"), "bad_text"))
    else:
        page.note(book.word("nothing_here"))
    if len(rows) > MOST:
        page.note(book.word("list_stops", shown=MOST, all=len(rows), tab=dict(book.order).get("data_opportunities", "")))


def opportunity_cell(book: Book, record: Mapping[str, Any]) -> Target | None:
    """Say where an opportunity stands in its plan."""
    exact = book.origins.cell(record["plan_id"], "opportunities", "description", record["row"])
    return exact or book.origins.block(record["account_no"], "opportunities")


def draw_opportunity(page: Page, record: dict[str, Any]) -> None:
    """Draw one opportunity."""
    book = page.book
    scale = book.purse_of.get(record["currency"] or "", book.main).rates.get(record["currency"] or "", 1.0)
    money = Style("row", book.money, "right")
    page.put(LEFT, record["account"], Style("row_link"), target=opportunity_cell(book, record))
    page.put(
        LEFT + 1, book.names.choice("opportunities", "phase", record["phase"]) if record["phase"] else "–", Style("row_soft")
    )
    page.put(LEFT + 2, times(record["amount"], scale), money)
    page.put(LEFT + 3, record["probability"], Style("row", SHARE, "right"))
    page.put(
        LEFT + 4, times(record["weighted_amount"], scale), Style("row_bold" if record["is_open"] else "row", book.money, "right")
    )
    day = record["signing_date"]
    page.put(LEFT + 5, day.date() if day is not None else None, Style("row_bad" if record["is_late"] else "row", "date", "right"))
    page.put(LEFT + 6, book.purse_of.get(record["currency"] or "", book.main).code, Style("row_soft"))
    page.put(LEFT + 7, "" if not record["is_open"] else "●" if record["has_action"] else "!", Style("row", align="center"))
    page.put(
        LEFT + 8, book.names.choice("opportunities", "product", record["product"]) if record["product"] else "", Style("row_soft")
    )
    page.put(LEFT + 9, record["description"], Style("row"))
    page.next(20)


def times(amount: float | None, rate: float) -> float | None:
    """Convert an amount."""
    return None if amount is None else float(f"{amount * rate:.15g}")
