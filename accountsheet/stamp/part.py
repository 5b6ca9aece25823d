"""One part of a workbook with holes in its XML: deflated once around them, filled anew for each workbook.

A hole is as wide as the widest text it held so far; the rest of it is blanks before an element, which XML does not count.
So every part keeps its length, and all that changes in the zip is what the holes hold and the checksum.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

NEAR = 200
"""Bytes between two holes up to which they are stored together: a block of its own costs more."""
LONGEST_RUN = 60_000
"""Bytes of a run of holes; a stored block takes 65,535."""
WINDOW = 32_768
"""Bytes that deflate looks back."""
SHORT = 2_000
"""Bytes whose checksum is calculated anew rather than combined."""
ROUNDED = 16

Tables = Sequence[Sequence[int]]


class Unusual(Exception):
    """What a master has no room for: a workbook that the plain writer has to write."""


@dataclass(frozen=True)
class Run:
    """Holes that stand close together, with what is between them: one stored block."""

    start: int
    """Where its bytes begin in the part's data."""
    first: int
    """The number of its first piece."""
    holes: frozenset[int]
    """The numbers of the pieces that may be replaced."""
    pieces: Sequence[bytes]
    stored: bytes
    """The pieces together, as they are without changes."""
    after: bytes
    """What follows up to the next run; nothing where it is so long that checksums are combined."""
    checksum: int = 0
    shift: Tables | None = None

    def onward(self, checksum: int) -> int:
        """Give the checksum of what follows too."""
        return shifted(self.shift, checksum) ^ self.checksum if self.shift else zlib.crc32(self.after, checksum)


class Part:
    """The XML of a part, cut into pieces that may be replaced."""

    def __init__(self, name: str, pieces: Sequence[bytes]) -> None:
        self.name, self.pieces = name, pieces
        self.widths: dict[int, int] = {}
        self.cut()

    def is_narrow_for(self, changes: Mapping[int, bytes]) -> bool:
        """Tell whether a change has no hole yet that it fits in."""
        return any([len(text) > self.widths.get(number, -1) for number, text in changes.items()])

    def make_room(self, changes: Mapping[int, bytes]) -> None:
        """Widen the holes for some changes where need be; raises Unusual."""
        narrow = {number: len(text) for number, text in changes.items() if len(text) > self.widths.get(number, -1)}
        if narrow:
            self.widen({number: length * 5 // 4 if number in self.widths else length for number, length in narrow.items()})

    def widen(self, wanted: Mapping[int, int]) -> None:
        """Give holes another width, or at least that of what was there before; raises Unusual."""
        if max(wanted.values()) > LONGEST_RUN // 4:
            raise Unusual
        for number, length in wanted.items():
            self.widths[number] = -(-max(length, len(self.pieces[number])) // ROUNDED) * ROUNDED
        self.cut()

    def cut(self) -> None:
        """Deflate what lies between the holes. Deflate may look back past a hole, but never into one."""
        self.runs: list[Run] = []
        spans = self.spans()
        ends = [*(first for first, _ in spans), len(self.pieces)][1:]
        head = b"".join(self.pieces[: spans[0][0] if spans else len(self.pieces)])
        self.checksum, self.length = zlib.crc32(head), len(head)
        deflated, window = [self.deflated(head, b"", last=not spans)], head[-WINDOW:]
        position = len(deflated[0])
        for (first, last), end in zip(spans, ends, strict=True):
            pieces = [self.pieces[number].rjust(self.widths.get(number, 0)) for number in range(first, last)]
            after, stored = b"".join(self.pieces[last:end]), b"".join(pieces)
            # The flush has just opened an empty stored block: it gets the run's length instead of none.
            deflated[-1] = deflated[-1][:-4] + struct.pack("<HH", len(stored), len(stored) ^ 0xFFFF)
            holes = frozenset(self.widths.keys() & range(first, last))
            known: tuple[int, Tables] | tuple[()] = () if len(after) <= SHORT else (zlib.crc32(after), shift_by(len(after)))
            self.runs.append(Run(position, first, holes, pieces, stored, b"" if known else after, *known))
            window = (window + bytes(len(stored)))[-WINDOW:]  # zeros, which no XML holds, where the holes are
            deflated += [stored, self.deflated(after, window, last=end == len(self.pieces))]
            window = (window + after)[-WINDOW:]
            position += len(stored) + len(deflated[-1])
            self.length += len(stored) + len(after)
        self.data = b"".join(deflated)
        self.plain_checksum = self.fill(bytearray(self.data), 0, {})

    def spans(self) -> list[tuple[int, int]]:
        """Give first piece and end of each run."""
        found: list[list[int]] = []
        between = length = 0
        for number, piece in enumerate(self.pieces):
            width = self.widths.get(number)
            if width is None:
                between += len(piece)
                continue
            if found and between <= NEAR and length + between + width <= LONGEST_RUN:
                found[-1][1], length = number + 1, length + between + width
            else:
                found.append([number, number + 1])
                length = width
            between = 0
        return [(first, last) for first, last in found]

    @staticmethod
    def deflated(text: bytes, window: bytes, *, last: bool) -> bytes:
        """Deflate a stretch, up to a byte's end."""
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, window)
        return packer.compress(text) + packer.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)

    def fill(self, data: bytearray, at: int, changes: Mapping[int, bytes]) -> int:
        """Put changes into the holes of this part's data, which begins at `at`; gives the checksum."""
        checksum, widths = self.checksum, self.widths
        for run in self.runs:
            stored, first = run.stored, run.first
            here = changes if len(self.runs) == 1 else changes.keys() & run.holes
            if here:
                pieces = list(run.pieces)
                for number in here:
                    pieces[number - first] = changes[number].rjust(widths[number])
                stored = b"".join(pieces)
            start = at + run.start
            data[start : start + len(stored)] = stored
            checksum = run.onward(zlib.crc32(stored, checksum))
        return checksum


def shift_by(length: int) -> Tables:
    """Make what turns the checksum of a text into its share of that of the text and `length` more bytes.

    A checksum is linear in what it begins with: it is enough to know what becomes of each of its bits.
    """
    zeros = bytes(length)
    none = zlib.crc32(zeros)
    bits = [zlib.crc32(zeros, 1 << bit) ^ none for bit in range(32)]
    return [
        [sum_of(bits[first + bit] for bit in range(4) if value >> bit & 1) for value in range(16)] for first in range(0, 32, 4)
    ]


def sum_of(values: Iterable[int]) -> int:
    """Add up as checksums do."""
    total = 0
    for value in values:
        total ^= value
    return total


def shifted(tables: Tables, checksum: int) -> int:
    """Shift a checksum past the bytes that the tables were made for."""
    a, b, c, d, e, f, g, h = tables
    return (
        a[checksum & 15] ^ b[checksum >> 4 & 15] ^ c[checksum >> 8 & 15] ^ d[checksum >> 12 & 15]
        ^ e[checksum >> 16 & 15] ^ f[checksum >> 20 & 15] ^ g[checksum >> 24 & 15] ^ h[checksum >> 28]
    )  # fmt: skip
