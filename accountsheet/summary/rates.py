"""The rates by which amounts of several currencies were made one."""

from __future__ import annotations

from accountsheet.address import Place
from accountsheet.pieces import LEFT, Style
from accountsheet.summary.book import Book
from accountsheet.summary.page import Page

WIDTHS = (26.0, 20.0, 20.0, 14.0, 62.0)


def draw(book: Book) -> None:
    """Draw the tab."""
    page = Page(book, "rates", WIDTHS)
    page.top(book.main.code, book.word("rates_intro", currency=book.main.code))
    days = book.rates.days if book.rates else {}
    worth = book.word("rate_in", currency=book.main.code)
    page.headers([book.word("currency"), worth, book.word("rate_day"), book.word("plans_behind")], right=(1, 2, 3))
    for code, rate in book.main.rates.items():
        page.label(LEFT, code, "row")
        key = page.put(LEFT + 1, rate, Style("row", "0.0000_w", "right"))
        page.mark(book.rate_key(code), LEFT + 1)
        book.keep(book.rate_key(code), Place(page.number, page.row, LEFT + 1), book.value(key))
        own = "" if code == book.main.code else book.word("unknown_day")
        page.put(LEFT + 2, days.get(code, own), Style("row", "date" if code in days else "@_w", "right"))
        page.figure(LEFT + 3, book.count("plans", currency=code), Style("row", "0_w", "right"))
        page.next(20)
    for purse in book.purses[1:]:
        page.note(book.word("rate_unknown", currency=purse.code))
    page.finish()
