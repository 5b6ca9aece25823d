"""A workbook's zip, laid out once: parts of fixed length, and behind them the texts, which differ in length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from accountsheet.stamp.part import ROUNDED, Part, shift_by, shifted
from accountsheet.stamp.texts import Texts
from accountsheet.zips import LOCAL, Packed, ending, entries

CHECKSUM_IN_LOCAL, CHECKSUM_IN_CENTRAL = 14, 16

Changes = Mapping[str, Mapping[int, bytes]]
"""For each part's name, what is put in which of its pieces."""


class Only(NamedTuple):
    """A part whose only hole is one that all such parts have alike."""

    start: int
    end: int
    """Where the hole is in the zip."""
    local: int
    central: int
    """Where the part's checksum is, in the zip and in its directory."""


class Checksums:
    """The checksums of many parts with the same text in them, calculated together: each is linear in that of the text."""

    def __init__(self, parts: Sequence[Part], width: int) -> None:
        self._size = 4 * len(parts)
        nothing = bytes(width)
        runs = [(part.checksum, part.runs[0].after) for part in parts]
        self._without = joined([crc32(after, crc32(nothing, before)) for before, after in runs]) if runs else 0
        self._nothing = crc32(nothing)
        shifts = [shift_by(len(after)) for _, after in runs]
        self._tables = [[joined([shift[digit][value] for shift in shifts]) for value in range(16)] for digit in range(8)]

    def of(self, text: bytes) -> bytes:
        """Give the checksums of all parts, of four bytes each."""
        return (self._without ^ shifted(self._tables, crc32(text) ^ self._nothing)).to_bytes(self._size, "little")


def joined(checksums: Sequence[int]) -> int:
    """Put checksums side by side into one number."""
    return int.from_bytes(b"".join(each.to_bytes(4, "little") for each in checksums), "little")


class Archive:
    """The parts of a workbook, ready to be filled; `alike` names the pieces that get the same text in every part."""

    def __init__(self, parts: Sequence[Part], texts: Texts, alike: Mapping[str, int]) -> None:
        self.parts = {part.name: part for part in parts}
        self.texts, self.alike = texts, alike
        self.width = 0
        self.lay_out()

    def lay_out(self) -> None:
        """Put the parts one after another, and write the directory."""
        body, directory = bytearray(), bytearray()
        self.at: dict[str, tuple[int, int]] = {}
        self.only: list[Only] = []
        alike = [part for part in self.parts.values() if part.name in self.alike]
        simple = [part for part in alike if len(part.widths) == 1 and part.runs[0].shift is None]
        self.mixed = {part.name for part in alike if part not in simple}
        self.checksums = Checksums(simple, self.width)
        for part in self.parts.values():
            packed = Packed(part.plain_checksum, len(part.data), part.length)
            local, entry = entries(part.name, packed, len(body))
            self.at[part.name] = len(body), len(directory)
            if part in simple:
                start = len(body) + len(local) + part.runs[0].start
                places = len(body) + CHECKSUM_IN_LOCAL, len(directory) + CHECKSUM_IN_CENTRAL
                self.only.append(Only(start, start + self.width, *places))
            body += local + part.data
            directory += entry
        self.body, self.directory = body, directory
        self.filled_last: set[str] = set()

    def make_room(self, changes: Changes, alike: bytes) -> None:
        """Widen holes where need be; raises Unusual."""
        narrow = [name for name, wanted in changes.items() if self.parts[name].is_narrow_for(wanted)]
        wider = len(alike) > self.width
        if not narrow and not wider:
            return
        try:
            for name in narrow:
                self.parts[name].make_room(changes[name])
            if wider:
                self.width = -(-len(alike) * 5 // 4 // ROUNDED) * ROUNDED
                for name, piece in self.alike.items():
                    self.parts[name].widen({piece: self.width})
        finally:
            self.lay_out()

    def filled(self, changes: Changes, alike: bytes, own: str, texts: Sequence[str], count: int) -> list[bytes | bytearray]:
        """Give a workbook's bytes in stretches: parts with changes, and its texts; `count` cells refer to texts.

        The stretches are to be written before another workbook is filled: it is done in the same place.
        """
        self.make_room(changes, alike)
        body, directory, text = self.body, self.directory, alike.rjust(self.width)
        before, self.filled_last = self.filled_last, self.filled_last.union(changes)  # until all is filled, should we be stopped
        checksums = self.checksums.of(text)
        for at, (start, end, local, central) in enumerate(self.only):
            body[start:end] = text
            body[local : local + 4] = directory[central : central + 4] = checksums[4 * at : 4 * at + 4]
        for name in self.mixed.union(before, changes):
            (begin, entry), wanted = self.at[name], changes.get(name, {})
            pieces = {**wanted, self.alike[name]: text} if name in self.alike else wanted
            checksum = self.parts[name].fill(body, begin + LOCAL.size + len(name), pieces).to_bytes(4, "little")
            local, central = begin + CHECKSUM_IN_LOCAL, entry + CHECKSUM_IN_CENTRAL
            body[local : local + 4] = directory[central : central + 4] = checksum
        self.filled_last = set(changes)
        return self.with_texts(own, texts, count)

    def with_texts(self, own: str, texts: Sequence[str], count: int) -> list[bytes | bytearray]:
        """Give the parts, the texts behind them and the directory."""
        stretches, checksum, unpacked = self.texts.filled(own, texts, count)
        packed = sum(map(len, stretches))
        local, last = entries(self.texts.name, Packed(checksum, packed, unpacked), len(self.body))
        begin, members = len(self.body) + len(local) + packed, len(self.parts) + 1
        end = ending(members, len(self.directory) + len(last), begin)
        return [self.body, local, *stretches, self.directory, last, end]
