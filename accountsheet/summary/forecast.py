"""What is expected, by year and by who or what it comes from."""

from __future__ import annotations

from accountsheet.address import Key
from accountsheet.formula import Ref, call
from accountsheet.pieces import LEFT, Style
from accountsheet.summary.accounts import GROWTH, SHARE, ratio
from accountsheet.summary.book import Book, Figure, Page, joined
from accountsheet.summary.periods import Span, Spans, spans_of
from accountsheet.summary.sums import Purse

MOST_ROWS, MOST_SERIES, CHART_ROWS = 20, 6, 13
WIDTHS = (27.0, 9.0, 9.0, *[11.6] * 11)
PARTS = (("contracted", "contracted", "accent"), ("likely", "likely", "mid"), ("uncertain", "uncertain", "soft"))
"""What an expectation consists of: column, word and look in the chart."""


def chart_key(purse: Purse, span: Span | None, part: str) -> Key:
    """Name a figure that a chart shows."""
    return Key("#chart", purse.code, str(span.begin) if span else "", part)


def draw(book: Book) -> None:
    """Draw the tab."""
    spans = spans_of(book)
    page = Page(book, "forecast", WIDTHS)
    page.top(book.word("forecast_title"), book.who(), book.word("forecast_intro", amounts=book.amounts_in()))
    for purse in book.purses:
        draw_years(page, purse, spans)
        if purse is book.main:
            draw_chart(page, purse, spans)
    for group in ("owner", "segment", "region", "industry"):
        draw_group(page, group, spans)
    page.finish()


def draw_years(page: Page, purse: Purse, spans: Spans) -> None:
    """Draw what is expected of each year in one currency, and how sure that is."""
    book = page.book
    title = book.word("forecast_by_year")
    page.heading(f"{title}, {purse.code}" if purse.code else title, book.word("forecast_defined"))
    names = ["period_name", "currency", "plans_behind", "contracted", "likely", "uncertain", "expected", "growth_a_year", "sure", "optimistic",
             "pessimistic"]  # fmt: skip
    helpers = [book.word("chart_figure", part=book.word(word)) for _, word, _ in PARTS]
    page.headers([*(book.word(name) for name in names), *helpers], right=range(2, 14), height=34)
    page.label(LEFT, book.word("target_of", year=spans.now.begin), "row")
    page.label(LEFT + 1, purse.code, "row_soft")
    page.figure(LEFT + 2, behind(book, purse, "revenue", spans.now.wished), Style("row_soft", "0_w", "right"))
    for place in (3, 4, 5, 7, 8, 9, 10):
        page.label(LEFT + place, "", "row")
    page.figure(LEFT + 6, book.amount("forecast", "revenue", purse, **spans.now.wished), Style("row", book.money, "right"))
    page.next(20)
    before: tuple[Key, Span] | None = None
    for span in spans.every:
        before = draw_year(page, purse, span, before)
    page.note(book.word("forecast_behind", all=len(book.accounts)))


def behind(book: Book, purse: Purse, column: str, where: dict[str, int]) -> Figure:
    """Count the plans that give a figure, of one currency."""
    figures = [book.count("forecast", column, **where, currency=code) for code in purse.rates]
    nodes = [figure.node for figure in figures if figure.node is not None]
    value = sum(int(figure.value or 0) for figure in figures)
    return Figure(joined(nodes) if len(nodes) == len(figures) and nodes else None, value)


def draw_year(page: Page, purse: Purse, span: Span, before: tuple[Key, Span] | None) -> tuple[Key, Span]:
    """Draw one year, with the figures of the chart at its right; gives the cell of what is expected."""
    book = page.book
    bold = "row_bold" if span.begin == book.year + 1 else "row"
    money = Style(bold, book.money, "right")
    page.label(LEFT, span.name(book) if span.years == 1 else book.word("together", years=span.name(book)), bold)
    page.label(LEFT + 1, purse.code, "row_soft")
    page.figure(LEFT + 2, behind(book, purse, "revenue", span.where), Style("row_soft", "0_w", "right"))
    for place, (column, _, _) in enumerate(PARTS, LEFT + 3):
        key = page.figure(place, book.amount("forecast", column, purse, **span.where), money)
        mean = page.calculated(place + 8, Ref(key) / span.years, Style("note_figure", book.money, "right"))
        page.marks[chart_key(purse, span, column)] = page.marks.get(mean, (page.row, place + 8))
    expected = page.figure(LEFT + 6, book.amount("forecast", "revenue", purse, **span.where), money)
    if before:
        key, earlier = before
        grown = (Ref(expected) / span.years) / (Ref(key) / earlier.years) - 1
        page.calculated(LEFT + 7, call("IF", Ref(key).equals(0), "", grown), Style(bold, GROWTH, "right"))
    else:
        page.label(LEFT + 7, "", bold)
    page.calculated(LEFT + 8, ratio(Key("forecast", page.row, "", str(LEFT + 3)), expected), Style(bold, SHARE, "right"))
    for place, column in ((9, "optimistic"), (10, "pessimistic")):
        page.figure(LEFT + place, book.amount("forecast", column, purse, **span.where), money)
    page.marks[chart_key(purse, span, "category")] = (page.row, LEFT + 2 + 12)
    page.next(20)
    return expected, span


def draw_chart(page: Page, purse: Purse, spans: Spans) -> None:
    """Draw the years as columns: what is contracted, likely and uncertain, with the range."""


def draw_group(page: Page, group: str, spans: Spans) -> None:
    """Draw the years by a column of the accounts."""
