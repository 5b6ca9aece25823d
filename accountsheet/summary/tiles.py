"""The figures at the head of the first tab: six large ones, and six small."""

from __future__ import annotations

from accountsheet.formula import call
from accountsheet.pieces import LEFT, Style
from accountsheet.summary.book import Figure, quoted_format
from accountsheet.summary.headlines import HEADLINES, Headline, Told
from accountsheet.summary.page import Page
from accountsheet.summary.periods import Spans
from accountsheet.summary.sums import Purse
from accountsheet.summary.tabs import Tab

TILES = ((0, 1), (1, 2), (3, 3), (7, 1), (8, 2), (10, 2))
"""First column and width of the six tiles."""
OTHER_CURRENCIES = 3


def draw_tiles(page: Page, spans: Spans, tab: Tab) -> None:
    """Draw the figures that matter most, and those of the second row."""
    large = [HEADLINES[name](page.book, spans) for name in tab.figures]
    if large:
        draw_row(page, large, "kpi_figure", (20.0, 36.0, 18.0, 18.0))
        draw_elsewhere(page, large)
    small = [HEADLINES[name](page.book, spans) for name in tab.more_figures]
    if small:
        page.next(6)
        draw_row(page, small, "kpi_small", (18.0, 22.0, 18.0))


def draw_row(page: Page, tiles: list[Headline], role: str, heights: tuple[float, ...]) -> None:
    """Draw tiles side by side: label, figure and the lines below it."""
    for line, height in enumerate(heights):
        for (start, span), tile in zip(TILES, tiles, strict=False):
            bad = "_bad" if tile.bad else ""
            if line == 0:
                page.label(LEFT + start, tile.label, f"kpi_label{bad}", span)
            elif line == 1:
                page.figure(LEFT + start, dashed(tile.figure), Style(role + bad, tile.number, "left"), span)
            else:
                told = tile.lines[line - 2] if line - 2 < len(tile.lines) else Told()
                draw_told(page, LEFT + start, span, told)
        page.next(height)


def dashed(figure: Figure) -> Figure:
    """Put a dash where a figure says nothing."""
    if figure.value != "":
        return figure
    return Figure(call("IF", figure.node.equals(""), "–", figure.node) if figure.node else None, "–")


def draw_told(page: Page, column: int, span: int, told: Told) -> None:
    """Draw a line below a figure."""
    if isinstance(told.what, str):
        page.put(column, told.what, Style("kpi_note"), span)
    else:
        page.figure(column, told.what, Style("kpi_note", told.number, "left"), span)


def draw_elsewhere(page: Page, tiles: list[Headline]) -> None:
    """Draw the figures of the other currencies below those of the main one: they are never added together."""
    book = page.book
    others = book.purses[1:]
    for purse in others[:OTHER_CURRENCIES]:
        for (start, span), tile in zip(TILES, tiles, strict=False):
            draw_other(page, LEFT + start, span, tile, purse)
        page.next(18)
    if len(others) > OTHER_CURRENCIES:
        page.more(LEFT, book.word("more_currencies", count=len(others) - OTHER_CURRENCIES), "forecast")
        page.next(18)


def draw_other(page: Page, column: int, span: int, tile: Headline, purse: Purse) -> None:
    """Draw one figure of another currency."""
    if tile.elsewhere is None:
        page.put(column, None, Style("kpi_note"), span)
        return
    begin = f"{purse.code}  "
    number = f"{quoted_format(begin)}0%" if tile.number == "0%" else page.book.worded_money(begin, sign=tile.signed)
    page.figure(column, tile.elsewhere(purse), Style("kpi_other", number.replace("_w", ""), "left"), span)
