"""A Layout painted as an Excel workbook, with the values its formulas will show."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from accountsheet.address import Key, quoted
from accountsheet.blueprint import Field
from accountsheet.excel_text import write_text
from accountsheet.fields import type_of
from accountsheet.figures import Figures
from accountsheet.files import atomic
from accountsheet.finding import Finding
from accountsheet.formula import Notation, Range, Scalar
from accountsheet.layout import FORMAT, Layout, list_ends
from accountsheet.phrases import remark
from accountsheet.pieces import Chart, Fact, Formula, Label, Link, Rule, Series, Sheet, Slot, Style
from accountsheet.plan import Plan
from accountsheet.theme import Theme
from accountsheet.validation import guard, validation
from accountsheet.wording import word

META = "_accountsheet"
"""The hidden sheet by which a workbook explains itself."""
CHUNK = 30_000
"""Characters of the blueprint's source in one cell."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
PROTECTION = {
    "format_cells": True, "format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True, "sort": True,
    "autofilter": True,
}  # fmt: skip


class GrowingWorksheet(Worksheet):
    """A worksheet that leaves the height of some rows to the program: xlsxwriter marks every given height as fixed."""

    def __init__(self) -> None:
        super().__init__()
        self.growing: set[int] = set()

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        if tag == "row" and dict(attributes).get("r", 0) - 1 in self.growing:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes or [])


def write_plan(plan: Plan, path: str | os.PathLike[str], *, today: datetime.date | None = None) -> list[Finding]:
    """Write a plan as a workbook, whole or not at all; gives what could not be written as it is.

    `today` is the day that the written values of overdue marks are judged on.
    """
    layout = plan.layout()
    answers, findings = writable(plan, layout)
    figures = Figures(layout, answers, today or datetime.date.today())
    with atomic(path) as temporary:
        workbook = xlsxwriter.Workbook(os.fspath(temporary), {**OPTIONS, "default_format_properties": {"font_name": plan.blueprint.font}})
        Painter(workbook, layout, plan, answers, figures).paint()
        workbook.close()
    return findings


def writable(plan: Plan, layout: Layout) -> tuple[dict[Key, Any], list[Finding]]:
    """Give the answers that have a cell and fit in it, and a finding for each other."""
    answers: dict[Key, Any] = {}
    findings: list[Finding] = []
    for key, value in plan.answers.items():
        slot = layout.slots.get(key)
        if slot is None:
            findings.append(remark("answer-without-place", plan.language, block=key.block, field=key.field, raw=str(value)))
        elif problem := type_of(slot.asked.field).problem(value):
            facts = {"raw": str(value), "label": slot.asked.field.label(plan.language), "near": "", "wanted": ""}
            findings.append(remark(problem, plan.language, block=key.block, field=key.field, **facts))
        else:
            answers[key] = value
    return answers, findings


def facts_of(plan: Plan) -> dict[str, str]:
    """Give all that a workbook says of its plan outside the answers."""
    account, blueprint = plan.account, plan.blueprint
    segments = plan.own_blueprint.lists.get("segment")
    segment = segments.labels[account.segment](plan.language) if segments and account.segment in segments.labels else account.segment
    due = plan.due.strftime("%d-%m-%Y" if plan.language == "nl" else "%Y-%m-%d") if plan.due else "–"
    return {
        "format": FORMAT,
        "blueprint": blueprint.id,
        "version": blueprint.version,
        "language": plan.language,
        "year": str(plan.year),
        "account": account.account,
        "account_id": account.account_id,
        "owner": account.owner or "–",
        "segment": segment or "–",
        "due": due,
        "send_to": blueprint.send_to or account.email or "–",
    }


def stamp_of(plan: Plan, section: str) -> str:
    """Give the text by which a tab says what it is."""
    facts = facts_of(plan)
    return "|".join(["accountsheet", *(facts[name] for name in ("format", "blueprint", "version", "language", "year")), section, facts["account_id"]])


def meta_of(plan: Plan) -> list[tuple[str, str]]:
    """Give the hidden sheet's rows: all that is needed to read the workbook without its blueprint's file."""
    account = {name: value for name, value in asdict(plan.account).items() if value and name != "answers"}
    source = plan.blueprint.source
    chunks = [source[start : start + CHUNK] for start in range(0, len(source), CHUNK)]
    return [
        ("accountsheet", FORMAT),
        ("blueprint", plan.blueprint.id),
        ("version", plan.blueprint.version),
        ("language", plan.language),
        ("year", str(plan.year)),
        ("due", plan.due.isoformat() if plan.due else ""),
        ("account", json.dumps(account, ensure_ascii=False)),
        ("prefilled", json.dumps(sorted([list(key) for key in plan.prefilled], key=str), ensure_ascii=False)),
        ("sizes", json.dumps(dict(plan.layout().context.sizes))),
        *(("source", chunk) for chunk in chunks),
    ]


class Painter:
    """One workbook being painted: formats are made once each."""

    def __init__(self, workbook: Workbook, layout: Layout, plan: Plan, answers: Mapping[Key, Any], figures: Figures) -> None:
        self.workbook, self.layout, self.plan, self.answers, self.figures = workbook, layout, plan, answers, figures
        self.theme = Theme(plan.blueprint.accent, plan.blueprint.font, plan.language)
        self.facts = facts_of(plan)
        self._formats: dict[Any, Format] = {}

    def format(self, style: Style, *, unlocked: bool = False) -> Format:
        """Give the format of a style."""
        key = (style, unlocked)
        if key not in self._formats:
            look = self.theme.cell(style.role, style.number, style.align, style.wrap)
            self._formats[key] = self.workbook.add_format(look | ({"locked": False} if unlocked else {}))
        return self._formats[key]

    def rule_format(self, role: str) -> Format:
        """Give what a conditional format changes."""
        if role not in self._formats:
            self._formats[role] = self.workbook.add_format(dict(self.theme.rules[role]))
        return self._formats[role]

    def text_format(self, role: str) -> Format:
        """Give the format of a part of a text."""
        key = ("text", role)
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(self.theme.text(role))
        return self._formats[key]

    def paint(self) -> None:
        """Paint every sheet, and the hidden one that explains the workbook."""
        facts = self.facts
        title = f"{self.plan.blueprint.title(self.plan.language)} {self.plan.year + 1}"
        self.workbook.set_properties({"title": f"{facts['account']} – {title}", "subject": title, "author": facts["owner"].strip("–")})
        sheets = [self.workbook.add_worksheet(sheet.title, GrowingWorksheet) for sheet in self.layout.sheets]
        for number, (sheet, onto) in enumerate(zip(self.layout.sheets, sheets, strict=True)):
            SheetPainter(self, number, sheet, onto).paint()
        meta = self.workbook.add_worksheet(META)
        for row, (name, value) in enumerate(meta_of(self.plan)):
            meta.write_string(row, 0, name)
            meta.write_string(row, 1, value)
        meta.very_hidden()
        sheets[0].activate()


class SheetPainter:
    """One sheet being painted."""

    def __init__(self, painter: Painter, number: int, sheet: Sheet, onto: GrowingWorksheet) -> None:
        self.painter, self.sheet, self.onto = painter, sheet, onto
        self.layout = painter.layout
        self.notation = Notation(number, self.layout.places, self.layout.titles)

    def paint(self) -> None:
        """Paint the sheet."""
        self.set_up()
        self.paint_ids()
        for piece in self.sheet.pieces:
            match piece:
                case Label():
                    self.label(piece)
                case Fact():
                    self.text(piece.row, piece.column, piece.wording.format(**self.painter.facts), piece.style, piece.span)
                case Slot():
                    self.slot(piece)
                case Formula():
                    self.formula(piece)
                case Link():
                    self.link(piece)
                case Rule():
                    self.rule(piece)
                case Chart():
                    self.chart(piece)
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
        for row, height in sheet.heights.items():
            onto.set_row(row, height.points, unlocked if row in sheet.unlocked_rows else None)
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
        if sheet.protected:
            onto.protect("", PROTECTION)
        self.set_up_print()

    def set_up_print(self) -> None:
        """Fit to A4, one page wide."""
        sheet, onto, facts = self.sheet, self.onto, self.painter.facts
        onto.set_paper(9)
        if sheet.portrait:
            onto.set_portrait()
        else:
            onto.set_landscape()
        onto.set_margins(left=0.45, right=0.45, top=0.6, bottom=0.6)
        onto.fit_to_pages(1, 1 if sheet.one_page else 0)
        onto.print_area(1, 1, max(sheet.heights, default=1), sheet.last_column)
        if sheet.page_break:
            onto.set_h_pagebreaks([sheet.page_break])
        blueprint, language = self.painter.plan.blueprint, self.painter.plan.language
        soft = f"&8&K{self.painter.theme.colours['ink_soft'][1:]}"
        title = f"{blueprint.title(language)} {self.painter.plan.year + 1}"
        version = word("version_note", language, version=blueprint.version, language=language)
        onto.set_header(f"&L{soft}{printed(facts['account'])}&R{soft}{printed(sheet.heading)}", {"margin": 0.3})
        onto.set_footer(f"&L{soft}{printed(title)} · {printed(version)}&R{soft}&P / &N", {"margin": 0.3})

    def paint_ids(self) -> None:
        """Write the hidden first row and column: what the reader finds its way by."""
        if self.sheet.hidden:
            return
        write_text(self.onto, 0, 0, stamp_of(self.painter.plan, self.sheet.id), None)
        for column, ids in self.sheet.column_ids.items():
            self.onto.write_string(0, column, " ".join(ids))
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
        answer = self.painter.answers.get(piece.key)
        if answer is None:
            self.onto.write_blank(piece.row, piece.column, None, look)
            return
        cell = type_of(piece.asked.field).cell(answer, piece.asked)
        if isinstance(cell, str):
            write_text(self.onto, piece.row, piece.column, cell, look)
        else:
            self.onto.write_number(piece.row, piece.column, cell, look)

    def formula(self, piece: Formula) -> None:
        """Paint a formula with the value it will show."""
        look, value = self.format(piece), self.painter.figures.value(piece.key)
        if piece.span > 1:
            self.onto.merge_range(piece.row, piece.column, piece.row, piece.column + piece.span - 1, "", look)
        text = f"={self.notation(piece.node)}"
        if piece.array:
            self.onto.write_array_formula(piece.row, piece.column, piece.row, piece.column, f"{{{text}}}", look, written(value))
        else:
            self.onto.write_formula(piece.row, piece.column, text, look, written(value))

    def link(self, piece: Link) -> None:
        """Paint a link to another tab."""
        look = self.painter.format(piece.style)
        if piece.span > 1:
            self.onto.merge_range(piece.row, piece.column, piece.row, piece.column + piece.span - 1, "", look)
        title = self.layout.titles[self.layout.sheet_of(piece.section)]
        self.onto.write_url(piece.row, piece.column, f"internal:{quoted(title)}!B2", look, piece.text)

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

    def validations(self) -> None:
        """Put a validation on each run of cells that ask the same, and guard what is calculated in unlocked rows."""
        slots = [piece for piece in self.sheet.pieces if isinstance(piece, Slot)]
        for (column, _), run in groupby(sorted(slots, key=slot_order), key=lambda piece: (piece.column, question_id(piece.asked.field, piece.key))):
            for first, last, piece in runs(list(run)):
                options = validation(piece.asked, self.source(piece))
                self.onto.data_validation(first, column, last, column, options)
        guarded = [piece for piece in self.sheet.pieces if isinstance(piece, Formula) and piece.row in self.sheet.unlocked_rows]
        for column, run in groupby(sorted(guarded, key=lambda piece: (piece.column, piece.row)), key=lambda piece: piece.column):
            for first, last, _ in runs(list(run)):
                self.onto.data_validation(first, column, last, column, guard(self.painter.plan.language))

    def source(self, piece: Slot) -> str:
        """Give the formula of what a drop-down shows."""
        context = self.layout.context
        question = piece.asked.field
        if question.kind in ("choice", "yes_no"):
            ends = list_ends(context, question.list or "yes_no", len(piece.asked.labels))
            return f"={self.notation(Range(*ends))}"
        targets = tuple(each for each in question.to if each.partition(".")[0] in context.blueprint.blocks)
        if len(targets) == 1:
            other, _, name = targets[0].partition(".")
            block = context.blueprint.blocks[other]
            return f"={self.notation(Range(*context.kind(block).area(block, name, context)))}"
        if targets:
            name = "+".join(targets)
            size = max(key.row for key in self.layout.places if key.block == "#list" and key.column == name and isinstance(key.row, int))
            return f"={self.notation(Range(*list_ends(context, name, size)))}"
        return ""

    def chart(self, piece: Chart) -> None:
        """Paint a chart: stacked columns, with marks for what has no length."""
        columns = self.painter.workbook.add_chart({"type": "column", "subtype": "stacked"})
        marks = self.painter.workbook.add_chart({"type": "line"})
        for series in piece.series:
            (marks if series.line else columns).add_series(self.series(piece, series))
        if any(series.line for series in piece.series):
            columns.combine(marks)
        soft = self.painter.theme.colours["ink_soft"]
        font = {"name": self.painter.plan.blueprint.font, "size": 9, "color": soft}
        lines = any(series.line for series in piece.series)
        columns.set_title({"none": True})
        columns.set_legend({"position": "top", "font": font})
        columns.set_x_axis({"num_font": font, "line": {"color": self.painter.theme.colours["line"]}, "major_tick_mark": "none"})
        axis: dict[str, Any] = {"num_font": font, "num_format": "#,##0", "line": {"none": True}, "major_tick_mark": "none", "min": 0}
        grid = {"visible": lines, "line": {"color": self.painter.theme.colours["line_soft"]}}
        columns.set_y_axis(axis | {"major_gridlines": grid, "visible": lines})
        columns.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
        columns.set_plotarea({"fill": {"none": True}})
        columns.set_size({"width": piece.size[0], "height": piece.size[1]})
        self.onto.insert_chart(
            piece.row, piece.column, columns, {"object_position": 2, "description": piece.title, "x_offset": 4, "y_offset": 3}
        )

    def series(self, piece: Chart, series: Series) -> dict[str, Any]:
        """Describe one series."""
        colours = self.painter.theme.colours
        options: dict[str, Any] = {
            "name": series.name,
            "categories": self.area(piece.categories),
            "values": self.area(series.values),
        }
        if series.line:
            up = series.look == "up"
            fill = {"color": colours["ink" if up else "warn_text"]}
            marker = {"type": "triangle" if up else "diamond", "size": 8, "fill": fill, "border": {"none": True}}
            return options | {"line": {"none": True}, "marker": marker}
        fill_name = {"accent": "accent", "pale": "series_pale"}[series.look]
        options |= {"fill": {"color": colours[fill_name]}, "border": {"color": colours["paper"], "width": 0.75}, "gap": 60}
        if not any(each.line for each in piece.series):
            font = {"size": 9, "color": colours["paper" if series.look == "accent" else "ink"]}
            options["data_labels"] = {"value": True, "num_format": "#,##0;;", "font": font, "position": "center"}
        return options

    def area(self, ends: tuple[Key, Key]) -> str:
        """Name a range as charts want it."""
        sheet = self.layout.titles[self.layout.places[ends[0]].sheet]
        bare = Notation(self.layout.places[ends[0]].sheet, self.layout.places, self.layout.titles)
        return f"={quoted(sheet)}!{bare(Range(*ends))}"


def written(value: Scalar) -> Any:
    """Give a value as xlsxwriter takes it; an empty one is an empty text."""
    return "" if value is None else value


def printed(text: str) -> str:
    """Keep an ampersand from being a code of headers and footers, and a text within what they hold."""
    return text[:80].replace("&", "&&")


def area_name(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    """Name a range."""
    return str(xlsxwriter.utility.xl_range(first_row, first_column, last_row, last_column))


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
