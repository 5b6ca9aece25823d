"""The sheets of a painted workbook, cut into cells; each text that differs from account to account is a text of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

from accountsheet.address import Key, Place
from accountsheet.layout import Layout
from accountsheet.stamp.cells import Cell, Cut, cell_of, cut
from accountsheet.stamp.painting import OwnTexts

TEXTS = "xl/sharedStrings.xml"
ITEM = re.compile(rb"<si>.*?</si>", re.DOTALL)


class Sheets:
    """All sheets, the hidden one that explains the workbook last."""

    def __init__(self, members: Mapping[str, bytes], layout: Layout, own: OwnTexts) -> None:
        names = [sheet_part(number) for number in range(len(layout.sheets) + 1)]
        self.cuts: dict[str, Cut] = {name: cut(members[name]) for name in names}
        self.prefix, _, counts = members[TEXTS].partition(b' count="')
        self.items = self.number_texts(ITEM.findall(members[TEXTS]), own)
        self.references = int(counts.partition(b'"')[0])
        self.cells: dict[Key, Cell] = {}
        for key in (*layout.slots, *layout.formulas):
            sheet, row, column = layout.places[key]
            piece = self.cuts[sheet_part(sheet)].cells[row, column]
            self.cells[key] = cell_of(sheet_part(sheet), piece, self.cuts[sheet_part(sheet)].pieces[piece])

    def number_texts(self, items: list[bytes], own: OwnTexts) -> list[bytes]:
        """Number the texts anew, those of its own last; gives the others, as the file has them."""
        spots = [(number, name, spot) for number, (name, each) in enumerate(self.cuts.items()) for spot in each.texts]
        kept: dict[int, int] = {}
        for number, name, spot in spots:
            if Place(number, *spot) not in own.at:
                kept.setdefault(self.cuts[name].texts[spot], len(kept))
        for number, name, spot in spots:
            sheet, place = self.cuts[name], Place(number, *spot)
            text = len(kept) + own.at[place] if place in own.at else kept[sheet.texts[spot]]
            piece = sheet.cells[spot]
            sheet.pieces[piece] = cell_of(name, piece, sheet.pieces[piece]).text(text)
        return [items[number] for number in kept]

    @property
    def headers(self) -> dict[str, int]:
        """Give the piece of each part that prints the account's name above a page."""
        return {name: each.header for name, each in self.cuts.items() if each.header is not None}

    def row(self, place: Place) -> tuple[str, int, bytes]:
        """Give the part, the piece and the tag of a row."""
        name = sheet_part(place.sheet)
        piece = self.cuts[name].rows[place.row]
        return name, piece, self.cuts[name].pieces[piece]


def sheet_part(number: int) -> str:
    """Name the part of a sheet."""
    return f"xl/worksheets/sheet{number + 1}.xml"
