"""Texts into Excel cells, exactly as they were typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST_TEXT = 32_767  # UTF-16 units in a cell

_ESCAPE = re.compile(r"(?<=_)(?=x[0-9a-fA-F]{4}_)")  # within what Excel takes for one escaped character, _x0041_
_OVERLAPPING = re.compile(r"_x[0-9a-fA-F]{4}_x[0-9a-fA-F]{4}_")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_SPECIAL = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]|_x")


def xml_text(text: str) -> str:
    """Write a text as a workbook's XML holds it: what XML cannot hold, and what looks like an escape, is escaped."""
    if _SPECIAL.search(text) is None:
        return text
    return escaped(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escaped(text: str) -> str:
    """Escape what XML cannot hold, and what looks like an escape, as Excel does."""
    return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", _ESCAPED.sub("_x005F_", text))


def looks_escaped_twice(text: str) -> bool:
    """Whether a text holds two look-alikes of an escape in one another, such as `_x0041_x0042_`: xlsxwriter misses one."""
    return "_x" in text and _OVERLAPPING.search(text) is not None


def shared_text(text: str) -> str:
    """Write an item of the table of texts that cells refer to."""
    if text[:1].isspace() or text[-1:].isspace():
        return f'<si><t xml:space="preserve">{xml_text(text)}</t></si>'
    return f"<si><t>{xml_text(text)}</t></si>"


def write_text(sheet: Worksheet, row: int, column: int, text: str, cell_format: Format | None) -> bool:
    """Write a text as text, never as a formula or link; tells whether it had to be cut to what a cell holds.

    xlsxwriter takes a text from `<r>` to `</r>` for its own XML, and escapes overlapping look-alikes of an escape (such
    as `_x0041_x0041_`) only once: both come out right when written in parts.
    """
    kept = _cut(text)
    as_markup = kept.startswith("<r>") and kept.endswith("</r>")
    if as_markup or _OVERLAPPING.search(kept):
        parts = _ESCAPE.split(kept)
        if as_markup:
            parts[:1] = [kept[0], parts[0][1:]]
        looks = [cell_format] if cell_format else []
        fragments = [piece for part in parts for piece in (*looks, part)]
        sheet.write_rich_string(row, column, *fragments, *looks)
    else:
        sheet.write_string(row, column, kept, cell_format)
    return len(kept) < len(text)


def _cut(text: str) -> str:
    """Cut a text to what a cell holds; characters beyond the first 65,536 count twice in Excel."""
    if 2 * len(text) <= LONGEST_TEXT:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST_TEXT].decode("utf-16-le", errors="ignore")
