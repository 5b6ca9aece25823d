"""The years that the plans forecast, and which of them the summary is about."""

from __future__ import annotations

from dataclasses import dataclass

from accountsheet.summary.book import Book


@dataclass(frozen=True)
class Span:
    """A year, or several that are forecast together."""

    begin: int
    end: int

    @property
    def years(self) -> int:
        """How many years it is."""
        return self.end - self.begin + 1

    @property
    def where(self) -> dict[str, int]:
        """The forecast's rows that expect something of it."""
        return {"from_year": self.begin, "to_year": self.end, "is_goal": 0}

    @property
    def wished(self) -> dict[str, int]:
        """The forecast's rows that set a target for it."""
        return {"from_year": self.begin, "to_year": self.end, "is_goal": 1}

    def name(self, book: Book, *, mean: bool = False) -> str:
        """Write it: 2027, 2030–32 together, or 2030–32 a year."""
        if self.years == 1:
            return str(self.begin)
        return f"{self.begin}–{self.end % 100:02}{book.word('a_year') if mean else ''}"


@dataclass(frozen=True)
class Spans:
    """The plan's own year, the next one, and all that are forecast."""

    now: Span
    following: Span
    every: tuple[Span, ...]


def spans_of(book: Book) -> Spans:
    """Find the years in the forecasts."""
    rows = book.view["forecast"]
    pairs = rows.loc[rows["is_goal"] == 0, ["from_year", "to_year"]].dropna().drop_duplicates()
    now, following = Span(book.year, book.year), Span(book.year + 1, book.year + 1)
    found = {Span(int(begin), int(end)) for begin, end in pairs.itertuples(index=False)}
    later = sorted(
        (span for span in found | {now, following} if span.begin >= book.year), key=lambda span: (span.begin, span.end)
    )
    return Spans(now, following, tuple(later))
