"""One sheet of pieces, painted piece by piece."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING, Any

from xlsxwriter.format import Format
from xlsxwriter.image import Image
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from accountsheet.address import Key, cell_name, quoted
from accountsheet.blueprint import Field
from accountsheet.calculation import EPOCH
from accountsheet.charts import drawn
from accountsheet.excel_text import write_text
from accountsheet.formula import Notation, Range, Scalar
from accountsheet.links import url_of
from accountsheet.pieces import (
    Bars,
    Chart,
    Fact,
    Formula,
    Label,
    Link,
    Picture,
    Rule,
    Sheet,
    Slot,
    Sparkline,
    Style,
    Table,
    Target,
    Value,
    ids_text,
    lines_needed,
)
from accountsheet.validation import guard, validation

if TYPE_CHECKING:
    from accountsheet.painter import Painter

PROTECTION = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True,
    "autofilter": True,
}  # fmt: skip
MOST_LINKS = 65_530
"""Links that Excel takes on one sheet."""


LINE, HIGHEST = 15.0, 409.0
"""Points of a line of text, and of the highest row that Excel knows."""


class GrowingWorksheet(Worksheet):  # type: ignore[misc]  # xlsxwriter's classes have no types
    """A worksheet that leaves the height of some rows to the program: xlsxwriter marks every given height as fixed."""

    def __init__(self) -> None:
        super().__init__()
        self.growing: set[int] = set()

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        if tag == "row" and dict(attributes).get("r", 0) - 1 in self.growing:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes or [])


class SheetPainter:
    """One sheet being painted."""

    def __init__(self, painter: Painter, number: int, sheet: Sheet, onto: GrowingWorksheet) -> None:
        self.painter, self.sheet, self.onto = painter, sheet, onto
        self.subject = painter.subject
        self.notation = Notation(number, self.subject.places, self.subject.titles)

    def paint(self) -> None:
        """Paint the sheet."""
        self.set_up()
        self.paint_ids()
        for piece in self.sheet.pieces:
            match piece:
                case Label():
                    self.label(piece)
                case Fact():
                    self.text(piece.row, piece.column, piece.wording.format(**self.subject.facts), piece.style, piece.span)
                case Slot():
                    self.slot(piece)
                case Formula():
                    self.formula(piece)
                case Link():
                    self.link(piece)
                case Rule():
                    self.rule(piece)
                case Value():
                    self.value(piece)
                case Chart():
                    self.chart(piece)
                case Table():
                    self.table(piece)
                case Bars():
                    self.bars(piece)
                case Sparkline():
                    self.sparkline(piece)
                case Picture():
                    self.picture(piece)
        self.validations()

    def set_up(self) -> None:
        """Set widths, heights, printing, protection and what is seen first."""
        sheet, onto = self.sheet, self.onto
        if sheet.hidden:
            onto.hide()
            return
        onto.hide_gridlines(2)
        onto.set_column(0, 0, 2, None, {"hidden": True})
        onto.set_row(0, 15, None, {"hidden": True})
        for column, width in sheet.widths.items():
            onto.set_column(column, column, width)
        unlocked = self.painter.format(Style("plain"), unlocked=True)
        filled = self.heights_filled()
        for row, height in sheet.heights.items():
            onto.set_row(row, max(height.points, filled.get(row, 0)), unlocked if row in sheet.unlocked_rows else None)
            if height.grows:
                onto.growing.add(row)
        onto.set_tab_color(self.painter.theme.colours[sheet.colour])
        if sheet.freeze[0]:
            across = 1 if sheet.freeze[1] else 0
            onto.freeze_panes(sheet.freeze[0], across, sheet.freeze[0] + 1, across + 1)
        onto.set_top_left_cell(1, 1)
        first = next((piece for piece in sheet.pieces if isinstance(piece, Slot)), None)
        if first is not None:
            onto.set_selection(first.row, first.column, first.row, first.column)
        if sheet.filter:
            onto.autofilter(*sheet.filter)
        if sheet.protected:
            onto.protect("", PROTECTION)
        self.set_up_print()

    def heights_filled(self) -> dict[int, float]:
        """Give the heights that answers need in rows that grow: programs fit a row as one types, not on opening."""
        needed: dict[int, float] = {}
        for piece in self.sheet.pieces:
            if isinstance(piece, Slot) and piece.style.wrap and self.sheet.heights[piece.row].grows:
                text = self.subject.value(piece.key)
                if isinstance(text, str):
                    lines = lines_needed(text, self.sheet.widths[piece.column])
                    needed[piece.row] = max(needed.get(piece.row, 0), min(LINE * lines + 5, HIGHEST))
        return needed

    def set_up_print(self) -> None:
        """Fit to A4, one page wide."""
        sheet, onto = self.sheet, self.onto
        onto.set_paper(9)
        if sheet.portrait:
            onto.set_portrait()
        else:
            onto.set_landscape()
        onto.set_margins(left=0.45, right=0.45, top=0.6, bottom=0.6)
        onto.fit_to_pages(1, 1 if sheet.one_page else 0)
        onto.print_area(1, 1, max(sheet.heights, default=1), sheet.last_column)
        if sheet.repeat:
            onto.repeat_rows(*sheet.repeat)
        if sheet.page_break:
            onto.set_h_pagebreaks([sheet.page_break])
        soft = f"&8&K{self.painter.theme.colours['ink_soft'][1:]}"
        onto.set_header(f"&L{soft}{printed(self.subject.header)}&R{soft}{printed(sheet.heading)}", {"margin": 0.3})
        onto.set_footer(f"&L{soft}{printed(self.subject.footer)}&R{soft}&P / &N", {"margin": 0.3})

    def paint_ids(self) -> None:
        """Write the hidden first row and column: what the reader finds its way by."""
        if self.sheet.hidden:
            return
        write_text(self.onto, 0, 0, self.subject.stamp(self.sheet.id), None)
        for column, ids in self.sheet.column_ids.items():
            self.onto.write_string(0, column, ids_text(ids))
        for row, row_id in self.sheet.row_ids.items():
            self.onto.write_string(row, 0, row_id)

    def format(self, piece: Label | Slot | Formula) -> Format:
        """Give a piece's format; in the rows of a table everything is unlocked, so that rows can be inserted and sorted."""
        return self.painter.format(piece.style, unlocked=piece.row in self.sheet.unlocked_rows)

    def label(self, piece: Label) -> None:
        """Paint a fixed text, with what continues it in other roles."""
        if not piece.tail:
            self.text(piece.row, piece.column, piece.text, piece.style, piece.span, self.format(piece))
            return
        if piece.span > 1:
            self.onto.merge_range(piece.row, piece.column, piece.row, piece.column + piece.span - 1, "", self.format(piece))
        parts: list[Any] = [self.painter.text_format(piece.style.role), piece.text]
        for words, role in piece.tail:
            parts += [self.painter.text_format(role), words]
        self.onto.write_rich_string(piece.row, piece.column, *parts, self.format(piece))

    def text(self, row: int, column: int, text: str, style: Style, span: int = 1, given: Format | None = None) -> None:
        """Paint a text, over several columns if need be; an empty one only fills them."""
        look = given or self.painter.format(style)
        if not text:
            for place in range(column, column + span):
                self.onto.write_blank(row, place, None, look)
            return
        if span > 1:
            self.onto.merge_range(row, column, row, column + span - 1, "", look)
        write_text(self.onto, row, column, text, look)

    def slot(self, piece: Slot) -> None:
        """Paint an input cell with its answer."""
        look = self.format(piece)
        cell = self.subject.value(piece.key)
        if cell is None:
            self.onto.write_blank(piece.row, piece.column, None, look)
        elif isinstance(cell, str):
            write_text(self.onto, piece.row, piece.column, cell, look)
        else:
            self.onto.write_number(piece.row, piece.column, cell, look)

    def formula(self, piece: Formula) -> None:
        """Paint a formula with the value it will show."""
        look, value = self.format(piece), self.subject.value(piece.key)
        if piece.span > 1:
            self.onto.merge_range(piece.row, piece.column, piece.row, piece.column + piece.span - 1, "", look)
        self.lead(piece.row, piece.column, piece.target, look)
        text = f"={self.notation(piece.node)}"
        if piece.array:
            self.onto.write_array_formula(piece.row, piece.column, piece.row, piece.column, f"{{{text}}}", look, written(value))
        else:
            self.onto.write_formula(piece.row, piece.column, text, look, written(value))

    def value(self, piece: Value) -> None:
        """Paint what stands as it is."""
        look = self.painter.format(piece.style)
        if piece.span > 1:
            self.onto.merge_range(piece.row, piece.column, piece.row, piece.column + piece.span - 1, "", look)
        self.lead(piece.row, piece.column, piece.target, look)
        self.put(piece.row, piece.column, piece.value, look)

    def put(self, row: int, column: int, value: Scalar | datetime.date, look: Format) -> None:
        """Write a value into a cell."""
        match value:
            case None | "":
                self.onto.write_blank(row, column, None, look)
            case str():
                write_text(self.onto, row, column, value, look)
            case bool():
                self.onto.write_boolean(row, column, value, look)
            case datetime.date():
                self.onto.write_number(row, column, (value - EPOCH).days, look)
            case _:
                self.onto.write_number(row, column, value, look)

    def lead(self, row: int, column: int, target: Target | None, look: Format) -> None:
        """Make a cell a link, before its value is written over the link's own text."""
        if target and self.onto.hlink_count < MOST_LINKS:
            self.onto.write_url(row, column, url_of(target), look)

    def link(self, piece: Link) -> None:
        """Paint a link to another tab."""
        look = self.painter.format(piece.style)
        if piece.span > 1:
            self.onto.merge_range(piece.row, piece.column, piece.row, piece.column + piece.span - 1, "", look)
        to = self.subject.place(piece.section)
        target = f"internal:{quoted(self.subject.titles[to.sheet])}!{cell_name(to.row, to.column)}"
        self.onto.write_url(piece.row, piece.column, target, look, piece.text)

    def rule(self, piece: Rule) -> None:
        """Paint a conditional format."""
        options: dict[str, Any] = {
            "type": "formula",
            "criteria": f"={self.notation(piece.when)}",
            "format": self.painter.rule_format(piece.role),
        }
        if piece.more:
            areas = [(piece.first, piece.last), *piece.more]
            options["multi_range"] = " ".join(f"{area_name(*first, *last)}" for first, last in areas)
        self.onto.conditional_format(*piece.first, *piece.last, options)

    def chart(self, piece: Chart) -> None:
        """Paint a chart."""
        drawing = drawn(piece, self.painter.workbook, self.painter.theme, self.area)
        place = {"object_position": 2, "description": piece.title, "x_offset": 4, "y_offset": 3}
        self.onto.insert_chart(piece.row, piece.column, drawing, place)

    def area(self, first: Key, last: Key) -> str:
        """Name a range as charts want it."""
        home = self.subject.places[first].sheet
        bare = Notation(home, self.subject.places, self.subject.titles)
        return f"={quoted(self.subject.titles[home])}!{bare(Range(first, last))}"

    def table(self, piece: Table) -> None:
        """Paint an Excel table; one without rows gets an empty one, since Excel wants it."""
        last = piece.row + max(1, len(piece.rows))
        looks = [self.painter.format(style) for _, style in piece.columns]
        head = self.painter.format(Style("header"))
        columns = [{"header": name, "header_format": head} for name, _ in piece.columns]
        options = {"name": piece.name, "columns": columns, "style": None}
        self.onto.add_table(piece.row, piece.column, last, piece.column + len(piece.columns) - 1, options)
        for row, record in enumerate(piece.rows, piece.row + 1):
            for column, (value, look) in enumerate(zip(record, looks, strict=True), piece.column):
                if value is not None:
                    self.put(row, column, value, look)

    def bars(self, piece: Bars) -> None:
        """Paint bars in cells: plain ones that begin at 0, which all programs draw to scale."""
        colour = self.painter.theme.colours["accent_mid"]
        look = {"bar_color": colour, "bar_solid": True, "bar_no_border": True, "bar_negative_color_same": True}
        options = {"type": "data_bar", "data_bar_2010": True, "bar_only": True, "min_type": "num", "min_value": 0}
        self.onto.conditional_format(*piece.first, *piece.last, options | look)

    def sparkline(self, piece: Sparkline) -> None:
        """Paint a curve in a cell."""
        colours = self.painter.theme.colours
        look = {"series_color": colours["accent_mid"], "last_color": colours["accent"], "last_point": True, "weight": 1.75}
        self.onto.add_sparkline(piece.row, piece.column, {"range": self.area(*piece.values)[1:], "min": 0, **look})

    def picture(self, piece: Picture) -> None:
        """Paint a picture, scaled to its height."""
        image = Image(piece.path)
        scale = piece.height / image.height
        room = int(self.sheet.widths[piece.column] * 7 + 5 - image.width * scale)
        options = {"x_scale": scale, "y_scale": scale, "x_offset": max(0, room), "y_offset": 2, "description": piece.described}
        self.onto.insert_image(piece.row, piece.column, piece.path, options)

    def validations(self) -> None:
        """Put a validation on each run of cells that ask the same, and guard what is calculated in unlocked rows."""
        slots = sorted((piece for piece in self.sheet.pieces if isinstance(piece, Slot)), key=slot_order)
        for (column, _), run in groupby(slots, key=lambda piece: slot_order(piece)[:2]):
            for first, last, piece in runs(list(run)):
                choices = self.subject.choices(piece)
                options = validation(piece.asked, f"={self.notation(choices)}" if choices else "")
                self.onto.data_validation(first, column, last, column, options)
        inside = [piece for piece in self.sheet.pieces if isinstance(piece, Formula) and piece.row in self.sheet.unlocked_rows]
        inside.sort(key=lambda piece: (piece.column, piece.row))
        for column, formulas in groupby(inside, key=lambda piece: piece.column):
            for first, last, _ in runs(list(formulas)):
                self.onto.data_validation(first, column, last, column, guard(self.painter.theme.language))


def written(value: Scalar) -> Any:
    """Give a value as xlsxwriter takes it; an empty one is an empty text."""
    return "" if value is None else value


def printed(text: str) -> str:
    """Keep an ampersand from being a code of headers and footers, and a text within what they hold."""
    return text[:80].replace("&", "&&")


def area_name(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """Name a range."""
    return str(xl_range(first_row, first_column, last_row, last_column))


def question_id(question: Field, key: Key) -> tuple[str, str, str]:
    """Tell questions of different blocks apart."""
    return key.block, key.column, question.id


def slot_order(piece: Slot) -> tuple[int, tuple[str, str, str], int]:
    """Sort slots so that a column's runs stand together."""
    return piece.column, question_id(piece.asked.field, piece.key), piece.row


def runs(pieces: list[Any]) -> Iterable[tuple[int, int, Any]]:
    """Give first row, last row and first piece of each run without gaps."""
    start = 0
    for place in range(1, len(pieces) + 1):
        if place == len(pieces) or pieces[place].row != pieces[place - 1].row + 1:
            yield pieces[start].row, pieces[place - 1].row, pieces[start]
            start = place
