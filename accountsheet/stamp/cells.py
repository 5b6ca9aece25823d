"""A sheet's XML cut at its rows and cells, and cells written anew as xlsxwriter writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from accountsheet.address import column_number
from accountsheet.excel_text import xml_text
from accountsheet.formula import Scalar
from accountsheet.sheet_painter import written

PIECE = re.compile(
    rb'<c r="(?P<column>[A-Z]+)(?P<row>\d+)"(?P<look>(?: s="\d+")?)(?P<kind>[^>]*?)(?:/>|>(?P<holds>.*?)</c>)'
    rb'|<row r="(?P<line>\d+)"[^>]*>|(?P<header><headerFooter><oddHeader>&amp;L&amp;8&amp;K[0-9A-F]{6})0(?=&amp;R)',
    re.DOTALL,
)
HEIGHT = re.compile(r' ht="[^"]*"')
ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


@dataclass(frozen=True)
class Cell:
    """A cell of the master: where its XML is, and what of it stays."""

    part: str
    piece: int
    head: str
    """Its name and style, as `<c r="B2" s="1"`."""
    formula: str = ""
    array: bool = False

    def blank(self) -> bytes:
        """Write it without anything in it."""
        return f"{self.head}/>".encode()

    def text(self, number: int) -> bytes:
        """Write it with a text, by its number in the table of texts."""
        return f'{self.head} t="s"><v>{number}</v></c>'.encode()

    def number(self, value: float) -> bytes:
        """Write it with a number."""
        return f"{self.head}><v>{value:.16G}</v></c>".encode()

    def result(self, value: Scalar, formula: str = "") -> bytes:
        """Write it with its formula, or another one, and what that will show."""
        shown = written(value)
        kind = array_kind(shown) if self.array else formula_kind(shown)
        text = xml_text(shown) if isinstance(shown, str) else int(shown) if kind == ' t="b"' else shown
        return f"{self.head}{kind}>{formula or self.formula}<v>{text}</v></c>".encode()


def formula_kind(value: object) -> str:
    """Say what a formula's value is; an empty text goes without, so that other programs calculate it."""
    if isinstance(value, bool):
        return ' t="b"'
    if isinstance(value, str) and value:
        return ' t="e"' if value in ERRORS else ' t="str"'
    return ""


def array_kind(value: object) -> str:
    """Say what an array formula's value is."""
    try:
        float(value)  # type: ignore[arg-type]
    except ValueError:
        return ' t="str"'
    return ""


@dataclass
class Cut:
    """A sheet's XML in pieces, and which of them are what, by rows and columns from zero."""

    pieces: list[bytes] = field(default_factory=list)
    cells: dict[tuple[int, int], int] = field(default_factory=dict)
    rows: dict[int, int] = field(default_factory=dict)
    texts: dict[tuple[int, int], int] = field(default_factory=dict)
    """The number of the text that a cell holds."""
    header: int | None = None
    """The piece that ends with the account's name, printed above each page."""


def cut(xml: bytes) -> Cut:
    """Cut a sheet's XML."""
    found, end = Cut(), 0
    for match in PIECE.finditer(xml):
        if match.start() > end:
            found.pieces.append(xml[end : match.start()])
        end, number = match.end(), len(found.pieces)
        if match["column"]:
            spot = int(match["row"]) - 1, column_number(match["column"].decode())
            found.cells[spot] = number
            if match["kind"] == b' t="s"':
                found.texts[spot] = int(match["holds"][3:-4])
        elif match["line"]:
            found.rows[int(match["line"]) - 1] = number
        else:
            found.header = number
        found.pieces.append(match[0])
    found.pieces.append(xml[end:])
    return found


def cell_of(part: str, piece: int, xml: bytes) -> Cell:
    """Tell what of a cell stays."""
    match = PIECE.fullmatch(xml)
    assert match is not None
    head = f'<c r="{match["column"].decode()}{match["row"].decode()}"{match["look"].decode()}'
    formula = (match["holds"] or b"").partition(b"<v>")[0].decode()
    return Cell(part, piece, head, formula, formula.startswith("<f t="))


def with_height(row: str, points: float) -> bytes:
    """Give a row's tag another height; it has been rounded to what a screen shows, as xlsxwriter does."""
    height = f' ht="{int(points * 4 / 3 + 0.5) * 0.75:.16g}"'
    return (HEIGHT.sub(height, row) if " ht=" in row else f"{row[:-1]}{height}>").encode()
