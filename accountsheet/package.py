"""What stands in a workbook's zip beside the cells: who saved it, notes, error cells, and where formulas are.

Formats: ECMA-376 parts 1 and 2. Every part is read with a bound on its size.
"""

from __future__ import annotations

import datetime
import html
import io
import os
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import IO
from xml.etree import ElementTree

LARGEST_PART = 64 * 2**20
"""Bytes of one part once inflated: a plan's largest has a few hundred thousand."""
MOST_PARTS = 2_000
MOST_INFLATED = 1_032
"""Times its size that a deflated part can grow (zlib's documentation)."""

_FORMULA = re.compile(rb'c r="([A-Z]{1,3}\d{1,7})"[^<>/]{0,80}>\s*<(?:\w+:)?f[ >/]')  # a prefix goes before the c
_ERROR = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3}\d{1,7})"[^>]{0,80} t="e"[^>]{0,80}>.{0,4000}?<(?:\w+:)?v>([^<]{0,40})</', re.DOTALL
)


class TooLarge(ValueError):
    """A part, or the package, is larger than any plan."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note or comment on a cell."""

    cell: str
    text: str


class Package:
    """The zip of a workbook. Raises zipfile.BadZipFile where it is none."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.zip = zipfile.ZipFile(stream)
        if len(self.zip.infolist()) > MOST_PARTS:
            raise TooLarge(f"{len(self.zip.infolist())} parts")
        names = [info.filename for info in self.zip.infolist()]
        self.names = frozenset(names)
        self._formulas: dict[str, set[str]] = {}
        self.broken: dict[str, None] = {}
        """Parts beside the cells that hold something and could not be read."""
        self.twice = sorted({name for name in names if names.count(name) > 1}) if len(self.names) < len(names) else []

    def part(self, name: str) -> bytes:
        """Give a part's bytes, or none; raises TooLarge."""
        try:
            info = self.zip.getinfo(name)
        except KeyError:
            return b""
        if info.file_size > LARGEST_PART or (info.compress_size > LARGEST_PART // MOST_INFLATED and self.inflates_beyond(info)):
            raise TooLarge(name)
        with self.zip.open(info) as stream:
            data = stream.read(LARGEST_PART + 1)
        if len(data) > LARGEST_PART:
            raise TooLarge(name)
        return data

    def inflates_beyond(self, info: zipfile.ZipInfo) -> bool:
        """Whether a part grows beyond the bound, whatever size the zip gives for it."""
        self.stream.seek(info.header_offset + 26)
        name, extra = struct.unpack("<HH", self.stream.read(4))
        self.stream.seek(name + extra, io.SEEK_CUR)
        packed, inflate, size = self.stream.read(info.compress_size), zlib.decompressobj(-zlib.MAX_WBITS), 0
        while info.compress_type == zipfile.ZIP_DEFLATED and packed and not inflate.eof and size <= LARGEST_PART:
            size += len(inflate.decompress(packed, 2**20))
            packed = inflate.unconsumed_tail
        return size > LARGEST_PART

    def tree(self, name: str) -> ElementTree.Element | None:
        """Give a part as XML, or nothing where there is none or it is broken."""
        try:
            data = self.part(name)
            if data and b"<!DOCTYPE" not in data[:4000]:
                return ElementTree.fromstring(data)
        except Exception:  # A broken zip may raise anything, and what stands beside the cells is no reason to lose them.
            data = b"?"
        if data:
            self.broken[name] = None
        return None

    def related(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Go through what a part refers to: id, type and name of each."""
        folder, base = posixpath.split(name)
        tree = self.tree(posixpath.join(folder, "_rels", f"{base}.rels"))
        for each in tree if tree is not None else ():
            target = each.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            yield each.get("Id", ""), each.get("Type", "").rpartition("/")[2], path

    @cached_property
    def workbook(self) -> str:
        """The name of the main part."""
        return next((path for _, kind, path in self.related("") if kind == "officeDocument"), "xl/workbook.xml")

    @cached_property
    def sheets(self) -> Mapping[str, str]:
        """Each sheet's part by the sheet's name."""
        tree = self.tree(self.workbook)
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
        tree = self.tree(self.workbook)
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

    def formulas(self, sheet: str) -> set[str]:
        """Give the cells of a sheet that hold a formula."""
        if sheet not in self._formulas:
            found = _FORMULA.findall(self.part(self.sheets.get(sheet, "")))
            self._formulas[sheet] = {name.decode() for name in found}
        return self._formulas[sheet]

    def formula(self, sheet: str, cell: str) -> str:
        """Give a cell's formula; of one that is filled down, only the first cell holds it."""
        found = re.search(
            rb'<(?:\w+:)?c r="%s"[^>]{0,80}>\s*<(?:\w+:)?f[^>]*>([^<]{0,8192})<' % cell.encode(),
            self.part(self.sheets.get(sheet, "")),
        )
        return f"={html.unescape(found[1].decode('utf-8', 'replace'))}" if found and found[1] else ""

    def errors(self, sheet: str) -> dict[str, str]:
        """Give the cells of a sheet that show an error, with it."""
        data = self.part(self.sheets.get(sheet, ""))
        return {cell.decode(): error.decode() for cell, error in _ERROR.findall(data)} if b't="e"' in data else {}

    def notes(self, sheet: str) -> list[Note]:
        """Give the notes and comments on a sheet's cells; a threaded comment's own twin is left out."""
        part = self.sheets.get(sheet, "")
        found: list[Note] = []
        for _, kind, path in self.related(part) if part else ():
            if kind not in ("comments", "threadedComment"):
                continue
            tree = self.tree(path)
            for each in tree.iter() if tree is not None else ():
                if local(each.tag) in ("comment", "threadedComment"):
                    text = "".join(piece.text or "" for piece in each.iter() if local(piece.tag) in ("t", "text")).strip()
                    if text and not text.startswith("[Threaded comment]"):
                        found.append(Note(each.get("ref", ""), text))
        return found


def local(tag: str) -> str:
    """Give a tag without its namespace: strict and transitional files differ in that alone."""
    return tag.rpartition("}")[2]


def holds_text(path: str | os.PathLike[str], text: str) -> bool:
    """Whether a file is a workbook with a text somewhere in its cells."""
    try:
        with open(path, "rb") as stream:
            package = Package(stream)
            return any(text.encode() in package.part(part) for part in ("xl/sharedStrings.xml", *package.sheets.values()) if part)
    except Exception:  # A file that is no workbook may fail in any way.
        return False
