"""A tab of the summary in the making: figures with their values, and the parts that all tabs have."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from accountsheet.address import Key, Place
from accountsheet.calculation import EPOCH
from accountsheet.formula import Node, Scalar
from accountsheet.pieces import LEFT, Canvas, Formula, Height, Link, Sheet, Style, Target, Value, lines_needed
from accountsheet.program import calculate
from accountsheet.summary.book import Book, Figure, day_text

BAND, LINKS, AIR, ROW, HEADING, TOTAL, CLOSING = 38.0, 21.0, 6.0, 20.0, 28.0, 22.0, 5.0


class Page(Canvas):
    """A tab of the summary in the making."""

    def __init__(self, book: Book, page: str, columns: Sequence[float]) -> None:
        super().__init__(columns, top=1)
        self.book, self.id = book, page
        self.number = [each for each, _ in book.order].index(page)
        self.filter: tuple[int, int, int, int] | None = None
        self.repeat: tuple[int, int] | None = None

    # --- cells

    def put(self, column: int, value: Scalar | datetime.date, style: Style, span: int = 1, target: Target | None = None) -> Key:
        """Put a value on the current row."""
        self.draw(Value(self.row, column, value, style, span, target))
        key = Key(self.id, self.row, "", str(column))
        self.mark(key, column)
        held = (value - EPOCH).days if isinstance(value, datetime.date) else value
        self.book.keep(key, Place(self.number, self.row, column), held)
        return key

    def figure(self, column: int, figure: Figure, style: Style, span: int = 1, target: Target | None = None) -> Key:
        """Put a figure on the current row: a formula with its value, else the value."""
        target = target if figure.value not in ("", None) else None
        if figure.node is None:
            return self.put(column, figure.value, style, span, target)
        key = Key(self.id, self.row, "", str(column))
        self.draw(Formula(self.row, column, key, figure.node, style, span, target=target))
        self.book.keep(key, Place(self.number, self.row, column), figure.value)
        return key

    def calculated(self, column: int, formula: Node, style: Style, span: int = 1, target: Target | None = None) -> Key:
        """Put a formula over cells of the summary's own pages; its value follows from theirs."""
        return self.figure(column, Figure(formula, calculate(formula, self.book)), style, span, target)

    def texts(self, role: str, *texts: str, align: Mapping[int, str] | None = None, wrap: bool = False) -> None:
        """Put texts side by side, from the left."""
        for place, text in enumerate(texts):
            self.label(LEFT + place, text, role, align=(align or {}).get(place, ""), wrap=wrap)

    def headers(
        self,
        names: Sequence[str],
        *,
        right: Iterable[int] = (),
        centre: Iterable[int] = (),
        role: str = "header",
        height: float = 0,
    ) -> None:
        """Put a row of headers, from the left; an empty name leaves the column out."""
        at_right, at_centre = set(right), set(centre)
        lines = 1
        for place, name in enumerate(map(small, names)):
            align = "right" if place in at_right else "center" if place in at_centre else ""
            self.label(LEFT + place, name, role, align=align, wrap=True)
            lines = max(lines, lines_needed(name, self.width(LEFT + place) * 1.1))
        self.next(height or (20.0 if lines == 1 else 14.0 * lines + 6))

    # --- parts that all pages have

    def link_home(self, home: tuple[str, str], span: int) -> None:
        """Draw the bar with the link back."""
        page, title = home
        self.draw(Link(self.row, LEFT, f"← {title}", page, Style("link"), min(2, span)))
        for column in range(LEFT + min(2, span), self.last + 1):
            self.label(column, "", "link")
        self.next(LINKS)

    @staticmethod
    def height(points: float) -> Height:
        """Give a row's height."""
        return Height(points)

    def top(
        self, note: str, intro: str = "", links: Sequence[tuple[int, int, str, str]] | None = None, *, title: str = ""
    ) -> None:
        """Draw the title band, the links and the introduction; the title is the tab's own unless another is given."""
        book, wide = self.book, len(self.columns)
        tail = max(1, self.span_of(34.0))
        self.label(LEFT, title or dict(book.order)[self.id], "title", wide - tail)
        self.label(self.last - tail + 1, note, "title_note", tail)
        self.next(BAND)
        end = self.last - tail
        for column, span, text, page in links if links is not None else self.standard_links(end):
            self.draw(Link(self.row, column, text, page, Style("link"), span))
        taken = {
            column + step
            for piece in self.pieces
            if isinstance(piece, Link)
            for column in [piece.column]
            for step in range(piece.span)
        }
        for column in range(LEFT, end + 1):
            if column not in taken:
                self.label(column, "", "link")
        self.label(self.last - tail + 1, book.word("as_of", day=day_text(book.today, book.language)), "link_note", tail)
        self.next(LINKS)
        self.next(AIR)
        if intro:
            self.label(LEFT, intro, "intro", wide, wrap=True)
            self.next(max(24.0, 15.0 * lines_needed(intro, self.width(LEFT, wide)) + 8))

    def span_of(self, width: float) -> int:
        """Give how many columns from the right make a width."""
        span = 0
        while span < len(self.columns) - 1 and self.width(self.last - span + 1, span) < width:
            span += 1
        return span

    def standard_links(self, end: int) -> list[tuple[int, int, str, str]]:
        """Link back to the first tab, and on to the next."""
        order = [(page, title) for page, title in self.book.order if page in self.book.shown]
        found = [(LEFT, 1 if self.columns[0] >= 20 else 2, f"← {order[0][1]}", order[0][0])] if order[0][0] != self.id else []
        after = order[[page for page, _ in order].index(self.id) + 1 :] if self.id in self.book.shown else []
        if after:
            following, title = after[0]
            start = LEFT + (found[0][1] if found else 0)
            span = 1
            while start + span <= end and self.width(start, span) < 1.1 * len(title) + 6:
                span += 1
            if start <= end:
                found.append((start, min(span, end - start + 1), f"{title} →", following))
        return found

    def heading(self, text: str, note: str = "", span: int = 0) -> None:
        """Draw a heading, with the definition of what stands below it."""
        self.label(LEFT, text, "heading", span or min(3, len(self.columns)))
        self.next(HEADING)
        if note:
            wide = len(self.columns)
            self.label(LEFT, note, "note", wide, wrap=True)
            self.next(max(18.0, 13.5 * lines_needed(note, self.width(LEFT, wide) * 1.1) + 4))

    def more(self, column: int, text: str, tab: str) -> None:
        """Say that there is more, with a link to the tab that has it, if it is there."""
        if tab in self.book.shown:
            self.draw(Link(self.row, column, f"{text} →", tab, Style("note")))
        else:
            self.label(column, text, "note")

    def closing(self, span: int, start: int = LEFT) -> None:
        """Draw the thin line above totals."""
        for column in range(start, start + span):
            self.label(column, "", "closing")
        self.next(CLOSING)

    def note(self, text: str, height: float = 18.0) -> None:
        """Draw a small remark over the whole width."""
        self.label(LEFT, text, "note", len(self.columns), wrap=True)
        self.next(max(height, 13.5 * lines_needed(text, self.width(LEFT, len(self.columns)) * 1.1) + 4))

    def finish(self, *, freeze: tuple[int, int] = (3, 0), one_page: bool = False, colour: str = "accent") -> None:
        """Hand the page over to the book."""
        title = dict(self.book.order)[self.id]
        sheet = self.sheet(Sheet(self.id, title, heading=title, colour=colour, one_page=one_page, freeze=freeze, protected=False))
        hidden = self.id not in self.book.shown
        self.book.sheets.append(replace(sheet, filter=self.filter, repeat=self.repeat, hidden=hidden))


def small(name: str) -> str:
    """Begin a header with a small letter, but for a name in capitals."""
    return name if len(name) > 1 and not name[1].islower() else name[:1].lower() + name[1:]


def cut(text: str | None, length: int) -> str:
    """Cut a text to what fits."""
    return "" if text is None else text if len(text) <= length else text[: length - 1].rstrip() + "…"
