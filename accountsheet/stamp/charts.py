"""The figures that charts keep of the cells they draw, written anew as xlsxwriter writes them."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_cell_to_rowcol

from accountsheet.address import Key, Place
from accountsheet.formula import Scalar
from accountsheet.layout import Layout
from accountsheet.sheet_painter import written
from accountsheet.stamp.part import Unusual

SERIES = re.compile(rb"<c:(cat|val|tx)><c:(?:num|str)Ref><c:f>(.*?)</c:f>.*?</c:\1>", re.DOTALL)
POINT = re.compile(r'<c:pt idx="(\d+)"><c:v>(.*?)</c:v></c:pt>', re.DOTALL)
COUNT = re.compile(r'<c:ptCount val="(\d+)"/>')


@dataclass(frozen=True)
class Kept:
    """A row of values that a chart keeps."""

    part: str
    piece: int
    role: str
    area: str
    """The cells, as the chart names them."""
    keys: Sequence[Key | None]
    fixed: Mapping[int, str]
    """What stands in cells that have no key."""
    numbers: bool

    def xml(self, value: Callable[[Key], Scalar], is_slot: Callable[[Key], bool]) -> bytes:
        """Write the values as they are now."""
        data = [self.fixed.get(at) if key is None else token(value(key), is_slot(key)) for at, key in enumerate(self.keys)]
        chart = Chart()
        chart.fh = io.StringIO()
        kind = chart._get_data_type(data)
        if self.role == "cat" and (kind == "num") is not self.numbers:
            raise Unusual  # the axis is written otherwise
        if self.role == "val":
            chart._write_num_ref(self.area, data, "num")
        elif self.role == "tx" or kind == "str":
            chart._write_str_ref(self.area, data, "str")
        else:
            chart._write_num_ref(self.area, data, kind)
        return f"<c:{self.role}>{chart.fh.getvalue()}</c:{self.role}>".encode()


def token(value: Scalar, is_slot: bool) -> object:
    """Give a cell's value as a chart keeps it."""
    if is_slot and isinstance(value, (int, float)):
        return f"{value:.16g}"
    return written(value)


def cut_chart(name: str, xml: bytes, layout: Layout) -> tuple[list[bytes], list[Kept]]:
    """Cut a chart's XML at the values it keeps."""
    pieces: list[bytes] = []
    kept: list[Kept] = []
    end = 0
    for match in SERIES.finditer(xml):
        pieces += [xml[end : match.start()], match[0]]
        end = match.end()
        area, text = unescape(match[2].decode()), match[0].decode()
        keys = [layout.at.get(place) for place in places_in(area, layout)]
        points = {int(at): unescape(value) for at, value in POINT.findall(text)}
        fixed = {at: points[at] for at, key in enumerate(keys) if key is None and at in points}
        kept.append(Kept(name, len(pieces) - 1, match[1].decode(), area, keys, fixed, "<c:numCache>" in text))
    return [*pieces, xml[end:]], kept


def places_in(area: str, layout: Layout) -> list[Place]:
    """Give the cells of an area, row by row."""
    title, _, cells = area.rpartition("!")
    sheet = layout.titles.index(title.removeprefix("'").removesuffix("'").replace("''", "'"))
    ends = [xl_cell_to_rowcol(cell) for cell in cells.replace("$", "").split(":")]
    (top, left), (bottom, right) = ends[0], ends[-1]
    return [Place(sheet, row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
