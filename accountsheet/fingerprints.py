"""The fixed texts of a tab as numbers that a workbook carries: what was written is known again, whatever version wrote it."""

from __future__ import annotations

import base64
import binascii
import struct
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from zlib import crc32

from accountsheet.grid import bare
from accountsheet.guide import labels_of
from accountsheet.pieces import Link, Sheet

TEXTS = "texts"
"""The name of what a workbook carries them by."""


def fingerprint(text: str) -> int:
    """Give the number by which a text is known again, whatever its blanks."""
    return crc32(bare(text).encode())


def fingerprints_of(sheet: Sheet) -> Counter[int]:
    """Count the fixed texts of a tab."""
    links = (piece.text for piece in sheet.pieces if isinstance(piece, Link))
    return Counter(fingerprint(text) for text in (*labels_of(sheet).values(), *links))


def carried_texts(sheets: Iterable[Sheet]) -> Iterator[str]:
    """Pack the fixed texts as a workbook carries them: a line for each tab."""
    for sheet in sheets:
        numbers = sorted(fingerprints_of(sheet).elements())
        yield f"{sheet.id} {base64.b64encode(struct.pack(f'<{len(numbers)}L', *numbers)).decode()}"


def uncarried_texts(lines: Iterable[str]) -> Mapping[str, Counter[int]]:
    """Give them back by tab; a line that is broken is passed over."""
    found: dict[str, Counter[int]] = {}
    for line in lines:
        section, _, text = line.partition(" ")
        try:
            data = base64.b64decode(text, validate=True)
            found[section] = Counter(struct.unpack(f"<{len(data) // 4}L", data))
        except (binascii.Error, struct.error, ValueError):
            continue
    return found
