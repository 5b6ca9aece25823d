"""A blueprint's source as a workbook carries it: packed, since programs trim the blanks at the ends of a cell."""

from __future__ import annotations

import base64
import zlib
from functools import lru_cache

LONGEST_SOURCE = 1_000_000
"""Characters of a source that are still unpacked: a blueprint has a hundred thousand."""
CHUNK = 30_000
"""Characters in one cell; it holds 32,767."""


@lru_cache(maxsize=32)
def packed(source: str) -> tuple[str, ...]:
    """Pack a source into texts that each fit in a cell."""
    text = base64.b64encode(zlib.compress(source.encode(), 9)).decode("ascii")
    return tuple(text[start : start + CHUNK] for start in range(0, len(text), CHUNK))


def unpacked(text: str, longest: int = LONGEST_SOURCE) -> str:
    """Give the source back; empty where it is broken or too long."""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
        unpacker = zlib.decompressobj()
        source = unpacker.decompress(data, longest)
        return "" if unpacker.unconsumed_tail or not unpacker.eof else source.decode()
    except (ValueError, zlib.error):  # base64 raises several kinds of the first
        return ""
