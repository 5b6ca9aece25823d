"""The rates by which amounts of several currencies were made one."""

from __future__ import annotations

from accountsheet.address import Place
from accountsheet.pieces import LEFT, Style
from accountsheet.summary.book import Book
from accountsheet.summary.page import Page

WIDTHS = (26.0, 20.0, 20.0, 76.0)


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "rates", WIDTHS)
    page.top(book.word("rates_title"), book.main.code, book.word("rates_intro", currency=book.main.code))
    page.headers([book.word("currency"), book.word("rate_in", currency=book.main.code), book.word("plans_behind")], right=(1, 2))
    for code, rate in book.main.rates.items():
        page.label(LEFT, code, "row")
        key = page.put(LEFT + 1, rate, Style("row", "0.0000_w", "right"))
        page.mark(book.rate_key(code), LEFT + 1)
        book.keep(book.rate_key(code), Place(page.number, page.row, LEFT + 1), book.value(key))
        page.figure(LEFT + 2, book.count("plans", currency=code), Style("row", "0_w", "right"))
        page.next(20)
    for purse in book.purses[1:]:
        page.note(book.word("rate_unknown", currency=purse.code))
    page.finish()
