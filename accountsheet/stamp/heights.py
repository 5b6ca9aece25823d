"""Rows as high as their answers need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from accountsheet.address import Key, Place
from accountsheet.formula import Scalar
from accountsheet.layout import Layout
from accountsheet.pieces import Slot
from accountsheet.sheet_painter import height_filled
from accountsheet.stamp.cells import with_height
from accountsheet.stamp.sheets import Sheets


@dataclass
class Row:
    """A row that grows: its least height in points, and the answers in it with the widths they have."""

    part: str
    piece: int
    tag: str
    least: float
    answers: list[tuple[Key, float]]
    before: float = 0
    """The height that it has in the master."""

    def height(self, value: Callable[[Key], Scalar]) -> float:
        """Give the height that its answers need."""
        texts = ((value(key), width) for key, width in self.answers)
        return max([self.least, *(height_filled(text, width) for text, width in texts if isinstance(text, str))])


class Heights:
    """The rows that grow."""

    def __init__(self, layout: Layout, sheets: Sheets, values: Mapping[Key, Scalar]) -> None:
        self._rows: dict[Key, Row] = {}
        for number, sheet in enumerate(layout.sheets):
            rows: dict[int, Row] = {}
            for piece in sheet.pieces:
                if isinstance(piece, Slot) and piece.style.wrap and sheet.heights[piece.row].grows and not sheet.hidden:
                    if piece.row not in rows:
                        part, place, tag = sheets.row(Place(number, piece.row, 0))
                        rows[piece.row] = Row(part, place, tag.decode(), sheet.heights[piece.row].points, [])
                    rows[piece.row].answers.append((piece.key, sheet.widths[piece.column]))
                    self._rows[piece.key] = rows[piece.row]
            for row in rows.values():
                row.before = row.height(values.__getitem__)

    def changed(self, keys: Iterable[Key], now: Callable[[Key], Scalar]) -> Iterator[tuple[str, int, bytes]]:
        """Give part, piece and tag of the rows that some answers make higher or lower than they were."""
        for row in {id(row): row for key in keys if (row := self._rows.get(key))}.values():
            height = row.height(now)
            if height != row.before:
                yield row.part, row.piece, with_height(row.tag, height)
