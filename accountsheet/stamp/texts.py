"""The table of texts that cells refer to: the blueprint's own, deflated once, and behind them those of one workbook."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

from accountsheet.excel_text import shared_text
from accountsheet.stamp.part import Part, shift_by, shifted

COUNTS = 48
"""Bytes for the attributes that count."""
WORTH_DEFLATING = 8_192
"""Bytes of texts from which they are deflated: fewer are stored, which is quicker."""


class Texts:
    """The part with the texts; `prefix` is what stands before its counts, `fixed` the items that all workbooks have.

    Behind those come items that every workbook has its own of (`own` of them), and then any other texts.
    """

    name = "xl/sharedStrings.xml"

    def __init__(self, prefix: bytes, fixed: Sequence[bytes], own: int) -> None:
        self.first = len(fixed) + own
        """The number of the first other text."""
        items = b"".join(fixed)
        self.head = Part.deflated(prefix, b"", last=False)[:-4] + struct.pack("<HH", COUNTS, COUNTS ^ 0xFFFF)
        self.items = Part.deflated(items, prefix + bytes(COUNTS), last=False)
        self.before, self.checksum, self.shift = zlib.crc32(prefix), zlib.crc32(items), shift_by(len(items))
        self.length = len(prefix) + COUNTS + len(items)

    def filled(self, own: str, texts: Sequence[str], count: int) -> tuple[list[bytes], int, int]:
        """Give the part's data in stretches, its checksum and its length unpacked; `count` cells refer to texts."""
        counts = f' count="{count}" uniqueCount="{self.first + len(texts)}">'.encode().rjust(COUNTS)
        ending = f"{own}{''.join(map(shared_text, texts))}</sst>".encode()
        checksum = shifted(self.shift, zlib.crc32(counts, self.before)) ^ self.checksum
        return [self.head, counts, self.items, *last_blocks(ending)], zlib.crc32(ending, checksum), self.length + len(ending)


def last_blocks(data: bytes) -> tuple[bytes, ...]:
    """Give the blocks that end a deflated stream."""
    if len(data) < WORTH_DEFLATING:
        return struct.pack("<BHH", 1, len(data), len(data) ^ 0xFFFF), data
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    return packer.compress(data), packer.flush()
