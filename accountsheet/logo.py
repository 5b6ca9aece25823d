"""A company's logo as a text: a blueprint takes it along into its workbooks, so that they have it still when written anew."""

from __future__ import annotations

import base64
import io
from pathlib import Path

BEGIN = "data:image;base64,"
LARGEST = 60_000
"""Bytes of a picture that every workbook takes along; a larger one stays in its file."""


def taken_along(path: Path) -> str:
    """Give a picture as a text; one that is too large as the path of its file."""
    data = path.read_bytes()
    return str(path) if len(data) > LARGEST else BEGIN + base64.b64encode(data).decode("ascii")


def is_picture(text: str) -> bool:
    """Whether a text holds a picture, as far as can be seen from its head: it may come from anyone."""
    from xlsxwriter.image import Image

    if not text.startswith(BEGIN) or len(text) > 2 * LARGEST:
        return False
    try:
        image = Image(io.BytesIO(base64.b64decode(text.removeprefix(BEGIN), validate=True)))
    except Exception:  # A broken picture raises anything.
        return False
    return bool(0 < image.width < 10_000 and 0 < image.height < 10_000)


def opened(logo: str) -> str | io.BytesIO:
    """Give a logo as it is drawn from: its file's path, or its bytes."""
    return io.BytesIO(base64.b64decode(logo.removeprefix(BEGIN))) if logo.startswith(BEGIN) else logo
