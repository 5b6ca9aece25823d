"""Links to cells, of this workbook or of other files, as Excel stores them."""

from __future__ import annotations

import re

from xlsxwriter.url import Url

from accountsheet.address import quoted
from accountsheet.pieces import Target


def url_of(target: Target) -> Url:
    """Give a link as Excel stores it: where in a file is told apart from which file."""
    spot = f"{quoted(target.sheet)}!{target.cell}"
    if not target.file:
        return Url(f"internal:{spot}")
    url = Url(f"external:file.xlsx#{spot}" if target.sheet else "external:file.xlsx")
    # xlsxwriter writes backslashes, which only Windows takes, and leaves a name with % in it as it is.
    url._relationship_link = re.sub(r"[\\\s\"#%<>\[\]^`{}]", escaped, target.file)
    return url


def escaped(found: re.Match[str]) -> str:
    """Write one character of a path as addresses do."""
    return "/" if found[0] == "\\" else "".join(f"%{byte:02X}" for byte in found[0].encode())
