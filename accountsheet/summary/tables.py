"""The data tabs: every table whole, so that anyone can filter, pivot and check the figures."""

from __future__ import annotations

import re
from functools import partial

from accountsheet.address import Key
from accountsheet.pieces import LEFT, Table, TableColumn
from accountsheet.summary.book import Book
from accountsheet.summary.data import FIRST, LAST, DataTab, cells_of, style_of, width_of
from accountsheet.summary.page import Page
from accountsheet.summary.tabs import NOT_IN_TITLES, default_tab

LONGEST_NAME = 31
"""Characters of a tab's name (Excel)."""


def titles(book: Book) -> list[tuple[str, str]]:
    """Name the tabs: as the tables are called, shortened where need be, each once."""
    taken = {tab.title(book.language).casefold() for tab in book.contents.values()}
    name = (book.contents.get("data") or default_tab("data")).title(book.language)
    found = []
    for block, tab in book.tabs.items():
        if not tab.live:
            continue
        base = NOT_IN_TITLES.sub("-", f"{name} {block}")
        title, number = base[:LONGEST_NAME], 1
        while title.casefold() in taken:
            number += 1
            title = f"{base[: LONGEST_NAME - 1 - len(str(number))]}~{number}"
        taken.add(title.casefold())
        found.append((f"data_{block}", title))
    return found


def draw(book: Book) -> None:
    """Draw a tab for each table."""
    for block, tab in book.tabs.items():
        if tab.live:
            draw_table(book, block, tab)


def draw_table(book: Book, block: str, tab: DataTab) -> None:
    """Draw one table."""
    frame = tab.frame
    widths = [width_of(frame, name) for name in frame.columns]
    page = Page(book, f"data_{block}", [max(widths[0], 12.0), *widths[1:]])
    page.label(LEFT, dict(book.order)[page.id], "title", min(6, len(widths)))
    for column in range(LEFT + min(6, len(widths)), page.last + 1):
        page.label(column, "", "title")
    page.next(30)
    home = next(each for each in book.order if each[0] in book.shown)
    page.link_home(home, min(6, len(widths)))
    page.note(book.word("data_note", rows=len(frame)))
    head = page.row
    columns = tuple(TableColumn(name, style_of(frame, name), partial(cells_of, frame, name)) for name in frame.columns)
    page.draw(Table(head, LEFT, "data_" + re.sub(r"\W", "_", block), columns, len(frame)))
    last = head + max(1, len(frame))
    for place, name in enumerate(frame.columns, LEFT):
        page.marks[Key("#data", FIRST, block, name)] = (head + 1, place)
        page.marks[Key("#data", LAST, block, name)] = (last, place)
    page.heights[head] = page.height(20)
    page.row = last + 1
    page.heights[last] = page.height(15)
    page.finish(freeze=(head + 1, 0), colour="none")
