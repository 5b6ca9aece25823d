"""What stands in an old workbook (.xls) beside the values: formulas, errors, notes, and how far its sheets reach.

Format: [MS-XLS], whose records are a number, a length and that many bytes; its stream lies in a compound file ([MS-CFB]).
"""

from __future__ import annotations

import datetime
import io
import re
import struct
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accountsheet.address import cell_name
from accountsheet.extent import MOST_CELLS, Extent
from accountsheet.package import Note, TooLarge

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_STREAM = 64 * 2**20
MOST_RECORDS = 2_000_000
"""Records that are looked at: a plan has some tens of thousands."""

BOF, END, BOUND_SHEET, FILE_PASS, DATE_MODE = 0x809, 0x0A, 0x85, 0x2F, 0x22
FORMAT, LOOK, OFTEN_TAKEN, APART = 0x41E, 0xE0, range(27, 59), 1_000
FORMULA, BOOL_ERROR, NOTE, OBJECT, TEXT_OBJECT, CONTINUE = 0x06, 0x205, 0x1C, 0x5D, 0x1B6, 0x3C
MANY_NUMBERS, DIMENSIONS = 0xBD, 0x200
ABOUT, PROGRAM, SAVED, LIST, MOST_TOLD = "\5SummaryInformation", 18, 13, 0x1000, 100
FILLED = frozenset({FORMULA, BOOL_ERROR, MANY_NUMBERS, 0x203, 0x27E, 0xFD, 0x204, 0xD6})
"""Records of cells that hold something: NUMBER, RK, LABELSST, LABEL and RSTRING beside those above."""
ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


@dataclass
class SheetFacts:
    """What is known of one sheet."""

    formulas: set[str] = field(default_factory=set)
    errors: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    row: int = -1
    column: int = -1


NOTHING = SheetFacts()
"""What is known of a sheet whose name the parser reads otherwise, as in a broken file."""


class Excel97:
    """The compound file of an old workbook, or of an encrypted new one; raises OSError where it is broken, TooLarge."""

    twice: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    def __init__(self, data: bytes) -> None:
        import olefile

        self._file = olefile.OleFileIO(io.BytesIO(data))
        self._name = name = next((name for name in ("Workbook", "Book") if self._file.exists(name)), "")
        if name and self._file.get_size(name) > MOST_STREAM:
            raise TooLarge(name)
        self._left = MOST_RECORDS
        self._untrue: list[tuple[int, int]] = []
        """Place and length of what says that a sheet is larger than it can be: the parser takes memory for all of it."""
        self.encrypted = self._file.exists("EncryptedPackage")
        self._stream: bytes = self._file.openstream(name).read() if name else b""

    def mended(self, data: bytes) -> bytes:
        """Give the file with its own number formats under numbers of their own, and without untrue sizes of sheets.

        Gnumeric keeps formats under some that mean dates in an Asian Excel: to the parser, those are dates whatever they say.
        """
        import olefile

        stream, moved = bytearray(self._stream), set[int]()
        for place, size in self._untrue:
            stream[place : place + size] = bytes(size)
        for kind, place, body in self.records(0):
            own = struct.unpack_from("<H", body, 2 * (kind == LOOK))[0] if kind in (FORMAT, LOOK) and len(body) >= 5 else 0
            if own in moved or (kind == FORMAT and own in OFTEN_TAKEN and not is_of_days(body)):
                moved.add(own)
                struct.pack_into("<H", stream, place + 4 + 2 * (kind == LOOK), own + APART)
        if not moved and not self._untrue:
            return data
        buffer = io.BytesIO(data)
        olefile.OleFileIO(buffer, write_mode=True).write_stream(self._name, bytes(stream))
        return buffer.getvalue()

    @property
    def is_workbook(self) -> bool:
        """Whether there is a workbook in it that can be read; a newer one, encrypted, is not."""
        return bool(self._stream)

    @cached_property
    def locked(self) -> bool:
        """Whether it cannot be read without a password."""
        return self.encrypted or any(kind == FILE_PASS for kind, _, _ in self.records(0))

    @cached_property
    def from_1904(self) -> bool:
        """Whether its dates count from 1904."""
        return any(kind == DATE_MODE and body[:1] == b"\1" for kind, _, body in self.records(0))

    def records(self, start: int) -> Iterator[tuple[int, int, bytes]]:
        """Go through the records of one part of the stream, up to its end: kind, place and content of each."""
        place, depth = start, 0
        while place + 4 <= len(self._stream):
            self._left -= 1
            if self._left < 0:
                raise TooLarge("records")
            kind, size = struct.unpack_from("<HH", self._stream, place)
            yield kind, place, self._stream[place + 4 : place + 4 + size]
            depth += (kind == BOF) - (kind == END)
            if depth <= 0:
                return
            place += 4 + size

    @cached_property
    def sheets(self) -> Mapping[str, SheetFacts]:
        """Each sheet by its name."""
        found: dict[str, SheetFacts] = {}
        for kind, _, body in self.records(0):
            if kind == BOUND_SHEET and len(body) > 8 and body[5] == 0:
                start, length, wide = struct.unpack_from("<L", body)[0], body[6], body[7] & 1
                name = body[8:].decode("utf-16-le" if wide else "latin-1", "replace")[:length]
                found[name] = self.facts(start)
        return found

    def facts(self, start: int) -> SheetFacts:
        """Gather what is known of one sheet."""
        facts, texts, number, wanted = SheetFacts(), dict[int, str](), 0, 0
        for kind, place, body in self.records(start):
            if kind == DIMENSIONS and len(body) >= 10:
                row, end, column, right = struct.unpack_from("<LLHH" if len(body) >= 14 else "<4H", body)
                if row > end or column > right or end * right > MOST_CELLS:
                    self._untrue.append((place + 4, len(body)))
            elif kind in FILLED and len(body) >= 6:
                row, column = struct.unpack_from("<HH", body)
                last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == MANY_NUMBERS else column
                facts.row, facts.column = max(facts.row, row), max(facts.column, column, last)
                if kind == FORMULA:
                    facts.formulas.add(cell_name(row, column))
                error = error_of(kind, body)
                if error:
                    facts.errors[cell_name(row, column)] = error
            elif kind == OBJECT and len(body) >= 8:
                number = struct.unpack_from("<H", body, 6)[0]
            elif kind == TEXT_OBJECT and len(body) >= 12:
                wanted = struct.unpack_from("<H", body, 10)[0]
            elif kind == CONTINUE and wanted and body:
                text = body[1:].decode("utf-16-le" if body[0] & 1 else "latin-1", "replace")[:wanted]
                texts[number] = texts.get(number, "") + text
                wanted -= len(text)
            elif kind == NOTE and len(body) >= 8:
                row, column, _, reference = struct.unpack_from("<4H", body)
                if text := texts.get(reference, "").strip():
                    facts.notes.append(Note(cell_name(row, column), text))
        return facts

    def too_far(self) -> tuple[str, str]:
        """Name a sheet that reaches further than any plan, with its last cell, or nothing."""
        for name, facts in self.sheets.items():
            extent = Extent(facts.row, facts.column)
            if extent.cells > MOST_CELLS:
                return name, extent.name
        return "", ""

    def formulas(self, sheet: str) -> Collection[str]:
        """Give the cells of a sheet that hold a formula."""
        return self.sheets.get(sheet, NOTHING).formulas

    def formula(self, sheet: str, cell: str) -> str:
        """Give nothing: formulas are kept in a code of their own here."""
        return ""

    def errors(self, sheet: str) -> Mapping[str, str]:
        """Give the cells of a sheet that show an error, with it."""
        return self.sheets.get(sheet, NOTHING).errors

    def notes(self, sheet: str) -> list[Note]:
        """Give the notes on a sheet's cells."""
        return self.sheets.get(sheet, NOTHING).notes

    @cached_property
    def _told(self) -> Mapping[int, Any]:
        """What the file says of itself, by the numbers of [MS-OLEPS]; a list may say that it has billions of items."""
        try:
            head = self._file.openstream(ABOUT).read()
            start = struct.unpack_from("<L", head, 44)[0]
            count = struct.unpack_from("<L", head, start + 4)[0]
            places = struct.unpack_from("<" + "4xL" * min(count, MOST_TOLD), head, start + 8)
            if any(struct.unpack_from("<L", head, start + place)[0] & LIST for place in places):
                return {}
            told: Mapping[int, Any] = self._file.getproperties(ABOUT, convert_time=True)
            return told
        except Exception:  # It may be broken in any way.
            return {}

    @cached_property
    def saved_by(self) -> str:
        """The program that saved the file last, as it calls itself."""
        told = self._told.get(PROGRAM)
        return told.decode("latin-1", "replace")[:120] if isinstance(told, bytes) else ""

    @cached_property
    def modified(self) -> datetime.datetime | None:
        """When the file says it was saved last."""
        told = self._told.get(SAVED)
        return told if isinstance(told, datetime.datetime) else None


def is_of_days(body: bytes) -> bool:
    """Whether a number format shows days or times."""
    text = body[5:].decode("utf-16-le" if body[4] & 1 else "latin-1", "replace")
    return bool(re.search("[dmyhs]", re.sub(r'"[^"]*"|_.|\\.|\[[^\]]*\]|General', "", text), re.IGNORECASE))


def error_of(kind: int, body: bytes) -> str:
    """Give the error that a cell shows, or nothing."""
    if kind == BOOL_ERROR and len(body) >= 8 and body[7]:
        return ERRORS.get(body[6], "#N/A")
    if kind == FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
        return ERRORS.get(body[8], "#N/A")
    return ""
