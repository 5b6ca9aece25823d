"""One sheet of pieces, painted piece by piece."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from xlsxwriter.format import Format
from xlsxwriter.image import Image
from xlsxwriter.utility import xl_range

from accountsheet.address import Key, Place, cell_name, quoted
from accountsheet.blueprint import Field
from accountsheet.calculation import EPOCH
from accountsheet.charts import drawn
from accountsheet.excel_text import escaped, write_text
from accountsheet.formula import Notation, Range, Scalar
from accountsheet.links import url_of
from accountsheet.logo import opened
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
from accountsheet.worksheet import GrowingWorksheet

if TYPE_CHECKING:
    from accountsheet.painter import Painter

PROTECTION = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True,
    "autofilter": True,
}  # fmt: skip
MOST_LINKS = 65_530
"""Links that Excel takes on one sheet."""

NOTE_WIDTH, NOTE_AUTHOR = 280, "accountsheet"
"""Pixels that a note is wide, and who it is by."""

LINE, HIGHEST = 15.0, 409.0
"""Points of a line of text, and of the highest row that Excel knows."""


class SheetPainter:
    """One sheet being painted."""

    def __init__(self, painter: Painter, number: int, sheet: Sheet, onto: GrowingWorksheet) -> None:
        self.painter, self.number, self.sheet, self.onto = painter, number, sheet, onto
        self.subject = painter.subject
        self.notation = Notation(number, self.subject.places, self.subject.titles)

    def paint(self) -> None:
        """Paint the sheet."""
        self.set_up()
        self.paint_ids()
        curves: list[Sparkline] = []
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
                    curves.append(piece)
                case Picture():
                    self.picture(piece)
        self.notes()
        self.sparklines(curves)
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
                    needed[piece.row] = max(needed.get(piece.row, 0), height_filled(text, self.sheet.widths[piece.column]))
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
        note = self.subject.notes.get(Place(self.number, piece.row, piece.column))
        style = replace(piece.style, role=note.role) if note and note.role else piece.style
        return self.painter.format(style, unlocked=piece.row in self.sheet.unlocked_rows)

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
            shown = escaped(value) if isinstance(value, str) else written(value)  # xlsxwriter escapes no formula's value
            self.onto.write_formula(piece.row, piece.column, text, look, shown)

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
        to = self.subject.places[piece.target] if piece.target else self.subject.place(piece.section)
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
        head = self.painter.format(Style("header"))
        columns = [{"header": column.name, "header_format": head} for column in piece.columns]
        options = {"name": piece.name, "columns": columns, "style": None}
        self.onto.add_long_table(piece.row, piece.column, max(1, piece.length), options)
        for place, column in enumerate(piece.columns, piece.column):
            self.onto.fill(place, self.painter.format(column.style), column.values())

    def bars(self, piece: Bars) -> None:
        """Paint bars in cells: plain ones that begin at 0, which all programs draw to scale."""
        colour = self.painter.theme.colours["accent_mid"]
        look = {"bar_color": colour, "bar_solid": True, "bar_no_border": True, "bar_negative_color_same": True}
        options = {"type": "data_bar", "data_bar_2010": True, "bar_only": True, "min_type": "num", "min_value": 0}
        self.onto.conditional_format(*piece.first, *piece.last, options | look)

    def sparklines(self, pieces: list[Sparkline]) -> None:
        """Paint curves in cells, as one group that looks alike."""
        if not pieces:
            return
        colours = self.painter.theme.colours
        look = {"series_color": colours["accent_mid"], "last_color": colours["accent"], "last_point": True, "weight": 1.75}
        cells = [cell_name(piece.row, piece.column) for piece in pieces]
        ranges = [self.area(*piece.values)[1:] for piece in pieces]
        self.onto.add_sparkline(pieces[0].row, pieces[0].column, {"location": cells, "range": ranges, "min": 0, **look})

    def picture(self, piece: Picture) -> None:
        """Paint a picture, scaled to its height."""
        image = Image(opened(piece.picture))
        scale = piece.height / image.height
        room = int(self.sheet.widths[piece.column] * 7 + 5 - image.width * scale)
        options = {"x_scale": scale, "y_scale": scale, "x_offset": max(0, room), "y_offset": 2, "description": piece.described}
        self.onto.insert_image(piece.row, piece.column, image, options)

    def notes(self) -> None:
        """Put notes beside cells, each as high as its text."""
        for place, note in self.subject.notes.items():
            if place.sheet == self.number:
                height = 18 * lines_needed(note.text, NOTE_WIDTH / 7) + 12
                look = {"author": NOTE_AUTHOR, "width": NOTE_WIDTH, "height": height, "font_size": 9}
                self.onto.write_comment(place.row, place.column, note.text, look)

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


def height_filled(text: str, width: float) -> float:
    """Give the height that an answer needs in a column."""
    return min(LINE * lines_needed(text, width) + 5, HIGHEST)


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
