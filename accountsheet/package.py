"""What stands in a workbook's zip beside the cells: who saved it, notes, error cells, and where formulas are.

Formats: ECMA-376 parts 1 and 2. Every part is read with a bound on its size, and once.
"""

from __future__ import annotations

import datetime
import html
import io
import os
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from xml.etree import ElementTree

from isal import isal_zlib

from accountsheet.sheet_part import SheetPart, gone_through
from accountsheet.zips import DEFLATED, LOCAL, STORED, Packed, zipped

LARGEST_PART = 64 * 2**20
"""Bytes of one part once inflated: a plan's largest has a few hundred thousand."""
MOST_PARTS = 2_000
CONTENT_TYPES = "[Content_Types].xml"
"""Says of every part what it is."""
ODD_FLAGS = 0x61
"""Marks of a member that is encrypted or patched (APPNOTE 4.4.4)."""

STAND_IN = "[Threaded comment]"
"""What a note may say that stands in for a thread of comments; Excel writes the comments too, in its own language."""
UTF_16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
"""What a part in UTF-16 begins with."""

_FORMULA = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3}\d{1,7})"[^>]{0,80}>\s*<(?:\w+:)?f[^>]*>([^<]{0,8192})<')


class TooLarge(ValueError):
    """A part, or the package, is larger than any plan."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note or comment on a cell."""

    cell: str
    text: str


class Package:
    """The zip of a workbook. Raises zipfile.BadZipFile where it is none."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.zip = zipfile.ZipFile(io.BytesIO(data))
        if len(self.zip.infolist()) > MOST_PARTS:
            raise TooLarge(f"{len(self.zip.infolist())} parts")
        names = [info.filename for info in self.zip.infolist()]
        self.names = frozenset(names)
        self.twice = sorted({name for name in names if names.count(name) > 1}) if len(self.names) < len(names) else []
        self._parts: dict[str, bytes] = {}
        self._sheet_parts: dict[str, SheetPart] = {}
        self._related: dict[str, list[tuple[str, str, str]]] = {}
        self._formulas: dict[str, dict[str, str]] = {}
        self.broken: dict[str, None] = {}
        """Parts beside the cells that hold something and could not be read."""

    def part(self, name: str) -> bytes:
        """Give a part's bytes, or none; raises TooLarge."""
        if name not in self._parts:
            self._parts[name] = self.inflated(name)
        return self._parts[name]

    def inflated(self, name: str) -> bytes:
        """Inflate a part, whatever size the zip gives for it; raises TooLarge."""
        if name not in self.names:
            return b""
        info = self.zip.getinfo(name)
        if info.file_size > LARGEST_PART:
            raise TooLarge(name)
        if info.flag_bits & ODD_FLAGS or info.compress_type not in (STORED, DEFLATED):
            with self.zip.open(info) as stream:
                data = stream.read(LARGEST_PART + 1)
        else:
            data = self.packed(info)
            if info.compress_type == DEFLATED:
                data = isal_zlib.decompressobj(-isal_zlib.MAX_WBITS).decompress(data, LARGEST_PART + 1)
        if len(data) > LARGEST_PART:
            raise TooLarge(name)
        if isal_zlib.crc32(data) != info.CRC:
            raise zipfile.BadZipFile(f"Bad CRC-32 for file {name!r}")
        return in_utf_8(data, UTF_16[data[:2]]) if data[:2] in UTF_16 else data

    def packed(self, info: zipfile.ZipInfo) -> bytes:
        """Give a member's bytes as they stand in the zip."""
        mark, *_, name, extra = LOCAL.unpack_from(self.data, info.header_offset)
        if mark != b"PK\3\4":
            raise zipfile.BadZipFile("Bad magic number for file header")
        start = info.header_offset + LOCAL.size + name + extra
        return self.data[start : start + info.compress_size]

    def sheet_part(self, name: str) -> SheetPart:
        """Give a sheet's part, gone through once; raises TooLarge."""
        if name not in self._sheet_parts:
            self._sheet_parts[name] = gone_through(self.inflated(name))
        return self._sheet_parts[name]

    def handed_on(self) -> bytes:
        """Give the zip for the parser of values: it sees what was measured here, and has nothing of it to inflate again."""
        read = self._parts | {name: part.data for name, part in self._sheet_parts.items()}
        return zipped(self.member(info, read.get(info.filename)) for info in self.zip.infolist())

    def member(self, info: zipfile.ZipInfo, data: bytes | None) -> tuple[str, Packed, bytes]:
        """Give a member of the zip as it was read, or as it came where it was not."""
        if data is not None:
            return info.filename, Packed(isal_zlib.crc32(data), len(data), len(data), STORED), data
        about = Packed(info.CRC, info.compress_size, info.file_size, info.compress_type, info.flag_bits & ODD_FLAGS)
        return info.filename, about, self.packed(info)

    def tree(self, name: str) -> ElementTree.Element | None:
        """Give a part as XML, or nothing where there is none or it is broken."""
        data = self.beside(name)
        with suppress(ElementTree.ParseError, ValueError, LookupError):  # the latter: letters that nobody knows
            if data and b"<!DOCTYPE" not in data[:4000]:
                return ElementTree.fromstring(data)
        if data:
            self.broken[name] = None
        return None

    def beside(self, name: str) -> bytes:
        """Give the bytes of a part that stands beside the cells, or none; one that is broken is no reason to lose these."""
        try:
            return self.part(name)
        except Exception:  # A broken zip may raise anything.
            self.broken[name] = None
            return b""

    def related(self, name: str) -> list[tuple[str, str, str]]:
        """Give what a part refers to: id, type and name of each."""
        if name not in self._related:
            self._related[name] = list(self.references(name))
        return self._related[name]

    def references(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Go through what a part refers to."""
        folder, tree = posixpath.dirname(name), self.tree(relations(name))
        for each in tree if tree is not None else ():
            target = self.spelled(target_of(folder, each.get("Target", "")))
            yield each.get("Id", ""), each.get("Type", "").rpartition("/")[2], target

    def spelled(self, name: str) -> str:
        """Give a part's name as the zip spells it: capitals make no difference (part 2, 6.2.2.3)."""
        return name if name in self.names else self._spellings.get(name.lower(), name)

    @cached_property
    def _spellings(self) -> Mapping[str, str]:
        """Every name by its small letters."""
        return {name.lower(): name for name in self.names}

    @cached_property
    def workbook(self) -> str:
        """The name of the main part."""
        return next((path for _, kind, path in self.related("") if kind == "officeDocument"), "xl/workbook.xml")

    @cached_property
    def main(self) -> ElementTree.Element | None:
        """The main part."""
        return self.tree(self.workbook)

    @cached_property
    def sheets(self) -> Mapping[str, str]:
        """Each sheet's part by the sheet's name."""
        tree = self.main
        targets = {name: path for name, _, path in self.related(self.workbook)}
        found: dict[str, str] = {}
        for each in tree.iter() if tree is not None else ():
            if local(each.tag) == "sheet":
                reference = next((value for key, value in each.attrib.items() if local(key) == "id"), "")
                found[each.get("name", "")] = targets.get(reference, "")
        return found

    @cached_property
    def has_macros(self) -> bool:
        """Whether the workbook carries a program of its own."""
        return any(kind == "vbaProject" for _, kind, _ in self.related(self.workbook))

    @cached_property
    def from_1904(self) -> bool:
        """Whether dates count from 1904, as Excel for the Mac once did (ECMA-376 part 1, 18.2.28)."""
        tree = self.main
        told = next(
            (each.get("date1904", "") for each in (tree if tree is not None else ()) if local(each.tag) == "workbookPr"), ""
        )
        return told in ("1", "true", "on")

    @cached_property
    def saved_by(self) -> str:
        """The program that saved the file last, as it calls itself."""
        tree = self.tree("docProps/app.xml")
        texts = {local(each.tag): each.text or "" for each in tree} if tree is not None else {}
        return " ".join(filter(None, (texts.get("Application", ""), texts.get("AppVersion", ""))))[:120]

    @cached_property
    def modified(self) -> datetime.datetime | None:
        """When the file says it was saved last."""
        tree = self.tree("docProps/core.xml")
        for each in tree if tree is not None else ():
            if local(each.tag) == "modified" and each.text:
                try:
                    return datetime.datetime.fromisoformat(each.text.strip().replace("Z", "+00:00")).replace(tzinfo=None)
                except ValueError:
                    return None
        return None

    def formulas(self, sheet: str) -> frozenset[str]:
        """Give the cells of a sheet that hold a formula."""
        return self.sheet_part(self.sheets.get(sheet, "")).formulas

    def formula(self, sheet: str, cell: str) -> str:
        """Give a cell's formula; of one that is filled down, only the first cell holds it."""
        if sheet not in self._formulas:
            found = reversed(_FORMULA.findall(self.inflated(self.sheets.get(sheet, ""))))
            self._formulas[sheet] = {name.decode(): html.unescape(text.decode("utf-8", "replace")) for name, text in found}
        text = self._formulas[sheet].get(cell, "")
        return f"={text}" if text else ""

    def errors(self, sheet: str) -> Mapping[str, str]:
        """Give the cells of a sheet that show an error, with it."""
        return self.sheet_part(self.sheets.get(sheet, "")).errors

    @cached_property
    def has_notes(self) -> bool:
        """Whether any part is one of notes, by its name or by what the zip says of it."""
        return any("comment" in name.lower() for name in self.names) or b"comment" in self.beside(CONTENT_TYPES).lower()

    def notes(self, sheet: str) -> list[Note]:
        """Give the notes and comments on a sheet's cells; a note that stands in for a thread of comments only without it."""
        part = self.sheets.get(sheet, "")
        found: dict[str, list[Note]] = {"comments": [], "threadedComment": []}
        for _, kind, path in self.related(part) if part and self.has_notes else ():
            if kind not in found:
                continue
            tree = self.tree(path)
            for each in tree.iter() if tree is not None else ():
                if local(each.tag) in ("comment", "threadedComment"):
                    text = "".join(piece.text or "" for piece in each.iter() if local(piece.tag) in ("t", "text")).strip()
                    if text and text != STAND_IN:
                        found[kind].append(Note(each.get("ref", ""), text))
        threads = {note.cell for note in found["threadedComment"]}
        return [note for note in found["comments"] if note.cell not in threads] + found["threadedComment"]


@lru_cache(maxsize=4_096)
def target_of(folder: str, target: str) -> str:
    """Name the part that another one in a folder refers to."""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def relations(name: str) -> str:
    """Name the part that says what a part refers to."""
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def in_utf_8(data: bytes, letters: str) -> bytes:
    """Give a part that is in UTF-16, as the format allows: the parser of values sees nothing in those."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", data.decode(letters, "replace").lstrip("\ufeff")).encode(errors="replace")


def local(tag: str) -> str:
    """Give a tag without its namespace: strict and transitional files differ in that alone."""
    return tag.rpartition("}")[2]


def holds_text(path: str | os.PathLike[str], text: str) -> bool:
    """Whether a file is a workbook with a text somewhere in its cells."""
    try:
        package = Package(Path(path).read_bytes())
        return any(text.encode() in package.inflated(part) for part in ("xl/sharedStrings.xml", *package.sheets.values()))
    except Exception:  # A file that is no workbook may fail in any way.
        return False
