"""All that can stand on a sheet, and the canvas that kinds of block draw on."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from accountsheet.address import Key, Place
from accountsheet.fields import Asked
from accountsheet.formula import Node, Scalar

BAND, LINKS, AIR, INTRO = 38.0, 21.0, 6.0, 26.0
"""Points of the rows at the top of every tab: the title, the links, a strip of air and what the tab is about."""
LEFT = 1
"""The first visible column (B): A holds the row ids."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell looks: a role of the theme, and what differs from it."""

    role: str
    number: str = ""
    align: str = ""
    wrap: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A fixed text; `tail` continues it in other roles, `span` merges columns."""

    row: int
    column: int
    text: str
    style: Style
    span: int = 1
    tail: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A text that differs per account: `wording` with the plan's facts in braces."""

    row: int
    column: int
    wording: str
    style: Style
    span: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell that a rep fills in."""

    row: int
    column: int
    key: Key
    asked: Asked
    style: Style
    counted: bool = False
    """Whether completeness expects it."""
    options: tuple[Key, Key] | None = None
    """The cells to choose from, where they are other answers."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: a cell of a tab, of this workbook or of a file by its path from here (or its URL)."""

    sheet: str
    cell: str = "A1"
    file: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A figure, day or text that stands as it is: a text is never taken for a formula or link."""

    row: int
    column: int
    value: Scalar | datetime.date
    style: Style
    span: int = 1
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculated cell; `asked` where it is a field of the block, `target` where it links to what it shows."""

    row: int
    column: int
    key: Key
    node: Node
    style: Style
    span: int = 1
    array: bool = False
    asked: Asked | None = None
    target: Target | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another cell of the workbook."""

    row: int
    column: int
    text: str
    section: str
    style: Style
    span: int = 1
    target: Key | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A conditional format: where, when, and the role that it takes on. `when` is put as the first cell sees it."""

    first: tuple[int, int]
    last: tuple[int, int]
    when: Node
    role: str
    more: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()


@dataclass(frozen=True, slots=True)
class Series:
    """A row of values in a chart, from the first key's cell to the last's; its name may stand in a cell."""

    name: str | Key
    values: tuple[Key, Key]
    look: str
    line: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """Stacked columns, or lines, over a range of categories; `kind` is `column` or `line`."""

    row: int
    column: int
    title: str
    categories: tuple[Key, Key]
    series: tuple[Series, ...]
    size: tuple[int, int]
    kind: str = "column"
    limits: tuple[float, float] | None = None
    """The lowest and highest value that can be, where that is known."""
    number: str = "#,##0"
    hide: float = 0
    """Parts of columns below this value go without a label: it would not fit in them."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: its header, how its cells look, and what gives their values once they are painted."""

    name: str
    style: Style
    values: Callable[[], Sequence[Scalar]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as Excel knows them, with a name, headers and filters, and nothing below it."""

    row: int
    column: int
    name: str
    columns: tuple[TableColumn, ...]
    length: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars in cells, as long as the cells' values; the values themselves are not shown."""

    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A curve in one cell."""

    row: int
    column: int
    values: tuple[Key, Key]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, such as a company's logo, as high as `height` pixels and with its right edge at the column's."""

    row: int
    column: int
    picture: str
    height: int
    described: str


@dataclass(frozen=True, slots=True)
class Note:
    """What is said beside a cell, and the role that marks the cell; without a role it looks as it always does."""

    text: str
    role: str = ""


Piece: TypeAlias = Picture | Label | Fact | Value | Slot | Formula | Link | Rule | Chart | Table | Bars | Sparkline


@dataclass(frozen=True, slots=True)
class Height:
    """A row's height in points; `grows` leaves it to the program to fit the text."""

    points: float
    grows: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Where a block's rows stand on its sheet; a growing block takes new ones before `end`."""

    head: int
    first: int
    last: int
    end: int
    growing: bool


@dataclass(frozen=True)
class Sheet:
    """One tab, ready to be painted."""

    id: str
    title: str
    pieces: tuple[Piece, ...] = ()
    widths: Mapping[int, float] = field(default_factory=dict)
    heights: Mapping[int, Height] = field(default_factory=dict)
    row_ids: Mapping[int, str] = field(default_factory=dict)
    column_ids: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    unlocked_rows: frozenset[int] = frozenset()
    rows: Mapping[str, Rows] = field(default_factory=dict)
    heading: str = ""
    colour: str = "none"
    portrait: bool = False
    one_page: bool = False
    freeze: tuple[int, int] = (0, 0)
    page_break: int = 0
    marks: Mapping[Key, tuple[int, int]] = field(default_factory=dict)
    hidden: bool = False
    protected: bool = True
    last_column: int = LEFT
    repeat: tuple[int, int] | None = None
    """The rows printed above every page."""
    filter: tuple[int, int, int, int] | None = None
    """The first row and column and the last that filters stand on."""


def places_of(sheets: Iterable[Sheet]) -> Mapping[Key, Place]:
    """Say where each key stands on numbered sheets."""
    places: dict[Key, Place] = {}
    for number, sheet in enumerate(sheets):
        places |= {key: Place(number, row, column) for key, (row, column) in sheet.marks.items()}
        for piece in sheet.pieces:
            if isinstance(piece, (Slot, Formula)):
                places[piece.key] = Place(number, piece.row, piece.column)
    return places


class Canvas:
    """A sheet in the making: kinds of block draw on it from the top down."""

    def __init__(self, columns: Sequence[float], top: int = 0) -> None:
        self.columns = tuple(columns)
        self.row = top
        self.pieces: list[Piece] = []
        self.heights: dict[int, Height] = {}
        self.row_ids: dict[int, str] = {}
        self.column_ids: dict[int, dict[str, None]] = {}
        self.unlocked_rows: set[int] = set()
        self.rows: dict[str, Rows] = {}
        self.marks: dict[Key, tuple[int, int]] = {}

    @property
    def last(self) -> int:
        """The last column in use."""
        return LEFT + len(self.columns) - 1

    def draw(self, *pieces: Piece) -> None:
        """Put pieces on the sheet."""
        self.pieces.extend(pieces)

    def label(self, column: int, text: str, role: str, span: int = 1, *, align: str = "", wrap: bool = False) -> None:
        """Put a fixed text on the current row."""
        self.draw(Label(self.row, column, text, Style(role, align=align, wrap=wrap), span))

    def next(self, height: float, *, row_id: str = "", grows: bool = False) -> None:
        """Finish the current row."""
        self.heights[self.row] = Height(height, grows)
        if row_id:
            self.row_ids[self.row] = row_id
        self.row += 1

    def mark(self, key: Key, column: int) -> None:
        """Name a cell of the current row, so that formulas can refer to it."""
        self.marks[key] = (self.row, column)

    def owns(self, column: int, column_id: str) -> None:
        """Say that a column holds the values of a field."""
        self.column_ids.setdefault(column, {})[column_id] = None

    def width(self, column: int, span: int = 1) -> float:
        """Give the width of some columns together, in characters."""
        start = column - LEFT
        return sum(self.columns[start : start + span])

    def sheet(self, sheet: Sheet) -> Sheet:
        """Finish the sheet."""
        return replace(
            sheet,
            pieces=tuple(self.pieces),
            widths={LEFT + position: width for position, width in enumerate(self.columns)},
            heights=self.heights,
            row_ids=self.row_ids,
            column_ids={column: tuple(ids) for column, ids in self.column_ids.items()},
            unlocked_rows=frozenset(self.unlocked_rows),
            rows=self.rows,
            marks=self.marks,
            last_column=self.last,
        )


def ids_text(ids: Sequence[str]) -> str:
    """Write the ids of a column in its hidden cell; a product's own name, blanks and all, may be part of one."""
    return "\n".join(each.replace("\n", " ") for each in ids)


def lines_needed(text: str, width: float) -> int:
    """Estimate how many lines a text takes in a column, from widths as programs measure them."""
    room = max(width - 3, 4)
    return sum(max(1, -(-len(line) * 100 // int(room * 108))) for line in text.split("\n")) if text else 1
