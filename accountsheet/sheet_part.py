"""A sheet's part of a workbook, gone through once: where its formulas and errors are, and what the parser of values needs.

Format: ECMA-376 part 1, 18.3.1.4 (cells) and 18.3.1.40 (formulas).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

END = b"</sheetData>"
HEAD = len("<?")
"""Where to begin to look for what is unusual: the head of a part is not."""

_ROOT = re.compile(rb"\s*(?:<\?xml [^<>]*\?>\s*)?<worksheet[\s>]")
_BARE = re.compile(rb'<c r="[A-Z0-9]{2,10}"(?: s="[0-9]{1,6}")?/>')
"""A cell that holds nothing: a plan has thousands, and Gnumeric writes two million of them."""
_CALCULATION = re.compile(rb"<f(?: [^<>]*)?(?:/>|>[^<]*</f>)")
_NOT_NEAR = re.compile(rb'<[crf!?](?! r="[A-C]?[A-Z][0-9]{1,4}"|ow r="[0-9]{1,4}"|ol)')
"""A row or cell beyond column CZ or row 9,999, or one that is unusual."""
_UNUSUAL = re.compile(rb'<(?:[!?]|f[\s>/]|(?:c|row)(?: (?!r=")|[>\t\r\n]))')
"""A row or cell that does not begin with its place, and what others may hide in."""
_ASIDE = re.compile(rb"<!--.*?-->|<!\[CDATA\[(.*?)\]\]>|<\?(?!xml\s).*?\?>", re.DOTALL)
_DIGIT = re.compile(rb"&#(?:4[356789]|5[0-7]|x(?:2[bdeBDE]|3\d));")
"""A figure, sign or point, written as a number."""
_PREFIXED = re.compile(rb":c[\s>]")
_FORMULA = re.compile(rb'c r="([A-Z]{1,3}\d{1,7})"[^<>/]{0,80}>\s*<(?:\w+:)?f[ >/]')  # a prefix goes before the c
_ERROR = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3}\d{1,7})"[^>]{0,80} t="e"[^>]{0,80}>.{0,4000}?<(?:\w+:)?v>([^<]{0,40})</', re.DOTALL
)


class SheetPart(NamedTuple):
    """What a sheet's part says."""

    data: bytes
    """What there is to parse: cells that hold something, without their formulas; all there is in a part that is unusual."""
    near: bool
    """Whether it is written as programs usually do, and nothing in it lies far out."""
    formulas: frozenset[str]
    """The cells that hold a formula."""
    errors: Mapping[str, str]
    """The cells that show an error, with it."""


def gone_through(part: bytes) -> SheetPart:
    """Go through a sheet's part."""
    end = part.rfind(END)
    if _ROOT.match(part) and end >= 0:
        # All cells have a place of their own, so that none moves where another is left out.
        pieces = _CALCULATION.split(_BARE.sub(b"", part[:end]))
        data = b"".join((*pieces, END, b"</worksheet>"))
        near = not _NOT_NEAR.search(data, HEAD) and not _PREFIXED.search(data)
        if near or not (_UNUSUAL.search(data, HEAD) or _PREFIXED.search(data)):
            return SheetPart(data, near, names(map(last_cell, pieces[:-1])), errors_in(data))
    part = resolved(part)
    return SheetPart(part, False, names(_FORMULA.findall(part)), errors_in(part))


def resolved(part: bytes) -> bytes:
    """Give a part without comments and the like, at which the parser of values would take a number for ended."""
    plain = _ASIDE.sub(lambda found: html.escape((found[1] or b"").decode("latin-1"), quote=False).encode("latin-1"), part)
    return _DIGIT.sub(lambda found: html.unescape(found[0].decode()).encode(), plain)


def last_cell(piece: bytes) -> bytes:
    """Give the name of the last cell that begins in a piece of a sheet."""
    _, found, name = piece.rpartition(b'<c r="')
    return name.partition(b'"')[0] if found else b""


def names(found: Iterable[bytes]) -> frozenset[str]:
    """Gather names of cells; a formula may stand in none."""
    return frozenset(map(bytes.decode, filter(None, found)))


def errors_in(data: bytes) -> Mapping[str, str]:
    """Find the cells that show an error."""
    return {cell.decode(): error.decode() for cell, error in _ERROR.findall(data)} if b't="e"' in data else {}
