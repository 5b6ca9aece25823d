"""Sheets of pieces painted as an Excel workbook, whatever they are about."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from accountsheet.address import Key, Place
from accountsheet.formula import Node, Scalar
from accountsheet.pieces import Note, Sheet, Slot, Style, places_of
from accountsheet.sheet_painter import SheetPainter
from accountsheet.theme import Theme
from accountsheet.worksheet import GrowingWorksheet

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def opened(path: os.PathLike[str], font: str, *, in_memory: bool = True) -> Workbook:
    """Begin a workbook in a font; a large one is better made by way of temporary files than in memory."""
    options = {**OPTIONS, "in_memory": in_memory, "default_format_properties": {"font_name": font}}
    return xlsxwriter.Workbook(os.fspath(path), options)


def nowhere(section: str) -> Place | None:
    """Leave a link to lead to the sheet of that id."""
    return None


def no_choices(slot: Slot) -> Node | None:
    """Give no slot a drop-down."""
    return None


@dataclass(frozen=True)
class Subject:
    """What is painted: sheets, and what is known of the cells on them."""

    sheets: Sequence[Sheet]
    theme: Theme
    value: Callable[[Key], Scalar]
    """What a slot holds, or what a formula will show; empty is None."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the wording of facts is filled with."""
    header: str = ""
    """Printed above each page, at the left; at the right stands the sheet's own heading."""
    footer: str = ""
    """Printed below each page, at the left."""
    stamp: Callable[[str], str] = str
    """From a sheet's id to the text in its hidden first cell."""
    leads_to: Callable[[str], Place | None] = nowhere
    """Where a link to a section leads; else to the top of the sheet of that id."""
    choices: Callable[[Slot], Node | None] = no_choices
    """The cells that a slot's drop-down shows."""
    notes: Mapping[Place, Note] = field(default_factory=dict)
    """What is said beside cells of this one workbook."""

    @cached_property
    def places(self) -> Mapping[Key, Place]:
        """Where each key stands."""
        return places_of(self.sheets)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The sheets' names."""
        return tuple(sheet.title for sheet in self.sheets)

    def place(self, section: str) -> Place:
        """Say where a link to a section leads."""
        found = self.leads_to(section)
        return found or Place(next(number for number, sheet in enumerate(self.sheets) if sheet.id == section), 1, 1)


class Painter:
    """One workbook being painted: formats are made once each."""

    def __init__(self, workbook: Workbook, subject: Subject) -> None:
        self.workbook, self.subject, self.theme = workbook, subject, subject.theme
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
        """Paint every sheet, and open on the first."""
        sheets = [self.workbook.add_worksheet(sheet.title, GrowingWorksheet) for sheet in self.subject.sheets]
        for number, (sheet, onto) in enumerate(zip(self.subject.sheets, sheets, strict=True)):
            SheetPainter(self, number, sheet, onto).paint()
        sheets[0].activate()
