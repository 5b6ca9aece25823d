"""What is expected, by year and by who or what it comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accountsheet.address import Key
from accountsheet.formula import Constant, Node, Ref, call
from accountsheet.pieces import LEFT, Chart, Series, Style
from accountsheet.program import calculate
from accountsheet.summary.book import Book, Figure, joined, range_of
from accountsheet.summary.key_figures import GROWTH, SHARE
from accountsheet.summary.page import Page
from accountsheet.summary.periods import Span, Spans, spans_of
from accountsheet.summary.sums import Purse, plain

MOST_ROWS, MOST_SERIES, MOST_SPANS, CHART_ROWS = 20, 6, 6, 13
WIDTHS = (26.0, 9.0, 9.0, *[10.3] * 13)
PARTS = (("contracted", "accent"), ("likely", "mid"), ("uncertain", "soft"))
"""What an expectation consists of, with its look in charts."""
RANGE = (("optimistic", "at_best"), ("pessimistic", "at_worst"))
"""What it could be, with the columns that say so of every plan."""
GROUPS, CHARTED = ("owner", "segment", "region", "industry"), ("owner", "segment")
"""The columns of the accounts that the forecast is told by, and those that always have a chart."""
HELPERS = 12
"""The column, counted from the first, where the figures of the chart begin."""


def chart_key(span: Span, part: str) -> Key:
    """Name a figure that charts show."""
    return Key("#chart", span.begin, "", part)


def draw(book: Book) -> None:
    """Draw the tab."""
    spans = spans_of(book)
    page = Page(book, "forecast", WIDTHS)
    page.top(book.who(), book.word("forecast_intro", amounts=book.amounts_in()))
    for purse in book.purses:
        draw_years(page, purse, spans)
    for group in GROUPS:
        draw_group(page, group, spans)
    page.finish()


def draw_years(page: Page, purse: Purse, spans: Spans) -> None:
    """Draw what is expected of each year in one currency, and how sure that is."""
    book, main = page.book, purse is page.book.main
    title = book.word("forecast_by_year")
    page.heading(f"{title}, {purse.code}" if purse.code else title, book.word("forecast_defined") if main else "")
    names = (
        "period_name",
        "currency",
        "plans_behind",
        "contracted",
        "likely",
        "uncertain",
        "expected",
        "growth_a_year",
        "sure",
        *(name for name, _ in RANGE),
        "with_range",
    )
    helpers = [book.word("in_the_chart"), *(book.word(part) for part, _ in PARTS)] if main else []
    page.headers([*(book.word(name) for name in names), *helpers], right=[*range(2, 12), *range(13, 16)], height=34)
    draw_target(page, purse, spans.now)
    for span in spans.every:
        draw_year(page, purse, span)
    if main:
        page.note(book.word("forecast_behind", all=len(book.accounts)))
    if main and len(book.view["forecast"]):
        draw_chart(page, spans)


def draw_target(page: Page, purse: Purse, span: Span) -> None:
    """Draw what was wanted of the plan's own year."""
    book = page.book
    page.label(LEFT, book.word("target_of", year=span.begin), "row")
    page.label(LEFT + 1, purse.code, "row_soft")
    page.figure(LEFT + 2, behind(book, purse, span.wished), Style("row_soft", "0_w", "right"))
    for place in (3, 4, 5, 7, 8, 9, 10, 11):
        page.label(LEFT + place, "", "row")
    page.figure(LEFT + 6, book.amount("forecast", "revenue", purse, **span.wished), Style("row", book.money, "right"))
    page.next(20)


def behind(book: Book, purse: Purse, where: Mapping[str, Any], column: str = "revenue") -> Figure:
    """Count the plans that expect something, or tell something else, of one currency."""
    figures = [book.count("forecast", column, **where, currency=code or None) for code in purse.rates]
    nodes = [figure.node for figure in figures if figure.node is not None]
    return Figure(joined(nodes) if len(nodes) == len(figures) else None, sum(int(figure.value or 0) for figure in figures))


def draw_year(page: Page, purse: Purse, span: Span) -> None:
    """Draw one year, and of the main currency the figures of the chart."""
    book = page.book
    role = "row_bold" if span.begin == book.year + 1 else "row"
    money = Style(role, book.money, "right")
    page.label(LEFT, span.name(book) if span.years == 1 else book.word("together", years=span.name(book)), role)
    page.label(LEFT + 1, purse.code, "row_soft")
    page.figure(LEFT + 2, behind(book, purse, span.where), Style("row_soft", "0_w", "right"))
    parts = [
        page.figure(place, book.amount("forecast", part, purse, **span.where), money)
        for place, (part, _) in enumerate(PARTS, LEFT + 3)
    ]
    page.figure(LEFT + 6, book.amount("forecast", "revenue", purse, **span.where), money)
    growth = page.figure(LEFT + 7, book.growth(purse, **span.where), Style(role, GROWTH, "right"))
    page.figure(LEFT + 8, book.sure(purse, **span.where), Style(role, SHARE, "right"))
    for place, (_, column) in enumerate(RANGE, LEFT + 9):
        page.figure(place, book.amount("forecast", column, purse, **span.where), money)
    page.figure(LEFT + 11, behind(book, purse, span.where, "optimistic"), Style("row_soft", "0_w", "right"))
    if purse is book.main:
        page.calculated(LEFT + HELPERS, named_with_growth(span.name(book, mean=True), growth), Style("note_figure"))
        page.mark(chart_key(span, "category"), LEFT + HELPERS)
        signed = mean_of(book.amount("forecast", "signed", purse, **span.where), span)  # so that a column is what is expected
        for place, (part, (name, _)) in enumerate(zip(parts, PARTS, strict=True), LEFT + HELPERS + 1):
            style = Style("note_figure", book.money, "right")
            if name == "contracted":
                page.figure(place, signed, style)
            else:
                page.calculated(place, Ref(part) / span.years, style)
            page.mark(chart_key(span, name), place)
    page.next(20)


def named_with_growth(name: str, growth: Key) -> Node:
    """Name a period, with how much it grows where that is known."""
    arrow = call("IF", Ref(growth) < 0, " ↓\u00a0", " ↑\u00a0")
    percent = call("ROUND", call("ABS", Ref(growth)) * 100, 0)
    return call("IF", call("ISNUMBER", Ref(growth)), Constant(name) & arrow & percent & "%", name)


def years_chart(book: Book, spans: Spans, row: int, column: int, size: tuple[int, int], words: str = "{part}_long") -> Chart:
    """Show the years as columns: what is contracted, likely and uncertain; several years by their mean."""
    first, last = spans.every[0], spans.every[-1]
    series = tuple(
        Series(book.word(words.format(part=part)), (chart_key(first, part), chart_key(last, part)), look) for part, look in PARTS
    )
    highest = max(
        (book.sums.amount("forecast", "revenue", book.main, span.where) / span.years for span in spans.every), default=0
    )
    number = book.chart_money(highest)
    categories = (chart_key(first, "category"), chart_key(last, "category"))
    return Chart(
        row, column, book.word("forecast_title"), categories, series, size, number=number, hide=max(1, round(highest * 0.12))
    )


def draw_chart(page: Page, spans: Spans) -> None:
    """Draw the years as columns."""
    page.next(6)
    width = int(page.width(LEFT, 11) * 7.0)
    page.draw(years_chart(page.book, spans, page.row, LEFT, (width, int(CHART_ROWS * 20 * 4 / 3) - 6)))
    for _ in range(CHART_ROWS):
        page.next(20)


def draw_group(page: Page, group: str, spans: Spans) -> None:
    """Draw the years by a column of the accounts."""
    book = page.book
    known = [value for value in book.sums.values("forecast", group) if value is not None]
    if not known and group != "owner":
        return
    shown = spans.every[:MOST_SPANS]
    page.next(14)
    page.heading(book.word(f"by_{group}"))
    names = [
        book.word(f"{group}_name"),
        book.word("currency"),
        book.word("plans_behind"),
        book.word("target_of", year=spans.now.begin),
        *(span.name(book) for span in shown),
        book.word("growth_of", year=spans.following.begin),
        book.word("contracted_of", year=spans.following.begin),
        book.word("sure"),
        *(book.word(f"{name}_of", year=spans.following.begin) for name, _ in RANGE),
    ]
    for place, span in enumerate(shown, LEFT + 4):
        page.mark(Key("#chart", group, str(span.begin), "head"), place)
    page.headers(names, right=range(2, len(names)), height=34)
    for purse in book.purses:
        first = page.row
        values = ranked(book, group, purse, spans.following)
        for value in values[:MOST_ROWS]:
            draw_group_row(page, group, value, purse, spans)
        if len(values) > MOST_ROWS:
            draw_others(page, len(values) - MOST_ROWS, first, purse, spans)
    page.closing(len(names))
    for purse in book.purses:
        draw_figures(page, book.word("total"), {}, purse, spans, "sum")
    if can_be_stacked(book, group, spans) and group in (*CHARTED, book.forecast_by):
        draw_group_figures(page, group, spans)
        draw_group_chart(page, group, spans)


def ranked(book: Book, group: str, purse: Purse, span: Span) -> list[Any]:
    """Give the values of a column that have amounts in a currency, the largest first."""
    rows = book.view["forecast"]
    values = set(plain(rows[rows["currency"].fillna("").isin(list(purse.rates))][group]))
    return sorted(
        values, key=lambda value: (-book.sums.amount("forecast", "revenue", purse, {**span.where, group: value}), str(value))
    )


def draw_group_row(page: Page, group: str, value: Any, purse: Purse, spans: Spans) -> None:
    """Draw one of those it comes from."""
    book = page.book
    label = label_of(book, group, value)
    cell = Ref(Key(page.id, page.row, "", str(LEFT)), "column")
    draw_figures(page, label, {group: (value, cell) if label == value else value}, purse, spans, "row")


def label_of(book: Book, group: str, value: Any) -> str:
    """Name one of those it comes from."""
    if value is None:
        return "–"
    return book.names.choice("account", group, value) if group in ("segment", "industry") else str(value)


def draw_figures(page: Page, label: str, where: Mapping[str, Any], purse: Purse, spans: Spans, role: str) -> None:
    """Draw a row of figures: of all, or of those that `where` chooses."""
    book, shown = page.book, spans.every[:MOST_SPANS]
    money, soft = Style(role, book.money, "right"), "row_soft" if role == "row" else "sum_note"
    page.put(LEFT, label, Style(role))
    page.label(LEFT + 1, purse.code, soft)
    page.figure(LEFT + 2, behind(book, purse, {**spans.following.where, **where}), Style(soft, "0_w", "right"))
    page.figure(LEFT + 3, book.amount("forecast", "revenue", purse, **spans.now.wished, **where), money)
    for place, span in enumerate(shown, LEFT + 4):
        page.figure(place, book.amount("forecast", "revenue", purse, **span.where, **where), money)
    place = LEFT + 4 + len(shown)
    page.figure(place, book.growth(purse, **spans.following.where, **where), Style(role, GROWTH, "right"))
    page.figure(place + 1, book.amount("forecast", "contracted", purse, **spans.following.where, **where), money)
    page.figure(place + 2, book.sure(purse, **spans.following.where, **where), Style(role, SHARE, "right"))
    for more, (_, column) in enumerate(RANGE, place + 3):
        page.figure(more, book.amount("forecast", column, purse, **spans.following.where, **where), money)
    page.next(20 if role == "row" else 22)


def draw_others(page: Page, count: int, first: int, purse: Purse, spans: Spans) -> None:
    """Draw what the rows above leave of the total."""
    book, shown = page.book, spans.every[:MOST_SPANS]
    page.put(LEFT, book.word("others", count=count), Style("row_soft"))
    page.label(LEFT + 1, purse.code, "row_soft")
    sums: Sequence[tuple[int, str, Mapping[str, Any]]] = [
        (3, "revenue", spans.now.wished),
        *((place, "revenue", span.where) for place, span in enumerate(shown, 4)),
        (5 + len(shown), "contracted", spans.following.where),
        *((place, column, spans.following.where) for place, (_, column) in enumerate(RANGE, 7 + len(shown))),
    ]
    for place in range(2, 9 + len(shown)):
        page.label(LEFT + place, "", "row")
    for place, column, where in sums:
        total = book.amount("forecast", column, purse, **where)
        page.figure(LEFT + place, less(total, above(page, first, LEFT + place), book), Style("row", book.money, "right"))
    page.next(20)


def group_key(group: str, part: int | str, name: str) -> Key:
    """Name a figure that the charts by group show."""
    return Key("#chart", group, str(part), name)


def parts_of(book: Book, group: str, spans: Spans) -> tuple[list[Any], int]:
    """Give the values of a column that have a part of their own in charts, the largest first, and how many are one together."""
    values = ranked(book, group, book.main, spans.following)
    shown = values if len(values) <= MOST_SERIES else values[: MOST_SERIES - 1]
    return shown, len(values) - len(shown)


def can_be_stacked(book: Book, group: str, spans: Spans) -> bool:
    """Whether a column has the several values that a stack is made of."""
    return len(ranked(book, group, book.main, spans.following)) > 1


def draw_group_figures(page: Page, group: str, spans: Spans) -> None:
    """Draw the figures of the chart by group: the largest, and the others together, so that columns are as high as the totals."""
    book, main = page.book, page.book.main
    shown, others = parts_of(book, group, spans)
    page.next(8)
    page.label(LEFT, book.word("in_the_chart"), "note_figure", 4)
    for place, span in enumerate(spans.every[:MOST_SPANS], LEFT + 4):
        page.label(place, span.name(book, mean=True), "note_figure", align="right")
        page.mark(group_key(group, "head", str(span.begin)), place)
    page.next(16)
    first = page.row
    number = Style("note_figure", book.money, "right")
    for part, value in enumerate(shown):
        label = label_of(book, group, value)
        page.put(LEFT, label, Style("note_figure"), 4)
        page.mark(group_key(group, part, "name"), LEFT)
        cell = Ref(Key(page.id, page.row, "", str(LEFT)), "column")
        where = {group: (value, cell) if label == value else value}
        for place, span in enumerate(spans.every[:MOST_SPANS], LEFT + 4):
            page.figure(place, mean_of(book.amount("forecast", "revenue", main, **span.where, **where), span), number)
            page.mark(group_key(group, part, str(span.begin)), place)
        page.next(16)
    if others:
        page.put(LEFT, book.word("others", count=others), Style("note_figure"), 4)
        page.mark(group_key(group, len(shown), "name"), LEFT)
        for place, span in enumerate(spans.every[:MOST_SPANS], LEFT + 4):
            whole = mean_of(book.amount("forecast", "revenue", main, **span.where), span)
            page.figure(place, less(whole, above(page, first, place), book), number)
            page.mark(group_key(group, len(shown), str(span.begin)), place)
        page.next(16)


def mean_of(figure: Figure, span: Span) -> Figure:
    """Give a figure of several years by the mean of them."""
    value = float(f"{float(figure.value or 0) / span.years:.15g}")
    return Figure(figure.node / span.years if figure.node and span.years > 1 else figure.node, value)


def above(page: Page, first: int, place: int) -> Node:
    """Add up the cells above the current row."""
    return call("SUM", range_of(Key(page.id, first, "", str(place)), Key(page.id, page.row - 1, "", str(place))))


def less(whole: Figure, part: Node, book: Book) -> Figure:
    """Give what is left of a figure."""
    rest = float(whole.value or 0) - float(calculate(part, book) or 0)
    return Figure(whole.node - part if whole.node else None, float(f"{rest:.15g}"))


def group_chart(book: Book, group: str, spans: Spans, row: int, column: int, size: tuple[int, int]) -> Chart:
    """Show the years as columns, in parts by who or what they come from; several years by their mean."""
    shown, others = parts_of(book, group, spans)
    every = spans.every[:MOST_SPANS]
    ends = str(every[0].begin), str(every[-1].begin)
    series = tuple(
        Series(
            group_key(group, part, "name"),
            (group_key(group, part, ends[0]), group_key(group, part, ends[1])),
            f"part_{part + 1}",
        )
        for part in range(len(shown) + bool(others))
    )
    categories = (group_key(group, "head", ends[0]), group_key(group, "head", ends[1]))
    highest = max((book.sums.amount("forecast", "revenue", book.main, span.where) / span.years for span in every), default=0)
    number = book.chart_money(highest)
    title = book.word(f"by_{group}")
    return Chart(row, column, title, categories, series, size, number=number, hide=max(1, round(highest * 0.1)))


def draw_group_chart(page: Page, group: str, spans: Spans) -> None:
    """Draw the chart by group below its figures."""
    page.next(6)
    size = (int(page.width(LEFT, 11) * 7.0), int(CHART_ROWS * 20 * 4 / 3) - 6)
    page.draw(group_chart(page.book, group, spans, page.row, LEFT, size))
    for _ in range(CHART_ROWS):
        page.next(20)
