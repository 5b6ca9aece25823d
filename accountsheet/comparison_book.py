"""A comparison as a workbook or CSV file: what changed, and the forecasts beside each other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accountsheet.files import atomic, safe_text_for_csv
from accountsheet.formula import Spot
from accountsheet.painter import Painter, Subject, opened
from accountsheet.pieces import AIR, BAND, LEFT, Canvas, Rule, Sheet, Style, Value, lines_needed
from accountsheet.theme import Theme
from accountsheet.wording import word

if TYPE_CHECKING:
    import pandas

STAMP = "accountsheet|summary|comparison"
"""What the hidden first cell of every tab says: a comparison is no plan that somebody sent."""
MOST = 100_000
"""Changes that a workbook lists; a CSV file has all."""
TEXT, MONEY, YEAR = Style("row", wrap=True), Style("row", "#,##0_w;-#,##0_w;0_w", "right"), Style("row", "0", "center")
MOVED, SHARE = Style("row_bold", "+#,##0.##_w;-#,##0.##_w;–_w", "right"), Style("row", "+0%_w;-0%_w;–_w", "right")
POINTS = replace(MOVED, number="+0.##%_w;-0.##%_w;–_w")
CHANGES: dict[str, tuple[str, float, Style]] = {
    "account": ("account_name", 26.0, TEXT),
    "owner": ("owner_name", 18.0, TEXT),
    "section_title": ("section", 24.0, TEXT),
    "name": ("compare_row", 28.0, TEXT),
    "question": ("question", 26.0, TEXT),
    "change": ("compare_what", 12.0, TEXT),
    "old_shown": ("was", 38.0, TEXT),
    "new_shown": ("now_is", 38.0, TEXT),
    "difference": ("compare_difference", 15.0, MOVED),
    "percent": ("%", 9.0, SHARE),
}
"""The columns of the first tab: the header's word, the width, and how a cell looks."""
FORECASTS: dict[str, tuple[str, float, Style]] = {
    "account": ("account_name", 30.0, TEXT),
    "owner": ("owner_name", 20.0, TEXT),
    "from_year": ("compare_from", 9.0, YEAR),
    "to_year": ("compare_to", 9.0, YEAR),
    "field": ("figure", 18.0, TEXT),
    "currency": ("compare_currency", 10.0, TEXT),
    "old": ("compare_old", 16.0, MONEY),
    "new": ("compare_new", 16.0, MONEY),
    "difference": ("compare_difference", 15.0, MOVED),
    "percent": ("%", 9.0, SHARE),
    "actual": ("compare_actual", 16.0, MONEY),
    "off": ("compare_off", 16.0, MOVED),
    "off_percent": ("%", 9.0, SHARE),
}
"""The columns of the second tab."""


def write_comparison(
    changes: pandas.DataFrame, forecasts: pandas.DataFrame, path: str | os.PathLike[str], *, language: str = "en"
) -> None:
    """Write a comparison, whole or not at all: both parts as a workbook (.xlsx), or the changes as CSV."""
    if Path(path).suffix.lower() == ".csv":
        names = [str(name) for name in changes if changes[name].dtype == "string"]
        texts = changes.assign(**{name: changes[name].map(safe_text_for_csv, na_action="ignore") for name in names})
        with atomic(path) as temporary:
            texts.to_csv(temporary, index=False, encoding="utf-8-sig")
        return
    sheets = [
        lay("changes", changes.head(MOST), CHANGES, len(changes), language),
        lay("forecast", forecasts.head(MOST), FORECASTS, len(forecasts), language),
    ]
    subject = Subject(sheets, Theme(language=language), value=lambda key: None, stamp=lambda section: STAMP)
    with atomic(path) as temporary:
        workbook = opened(temporary, subject.theme.font, in_memory=False)
        workbook.set_properties({"title": word("compare_changes", language)})
        Painter(workbook, subject).paint()
        workbook.close()


def lay(name: str, frame: pandas.DataFrame, columns: dict[str, tuple[str, float, Style]], every: int, language: str) -> Sheet:
    """Lay out one tab: a row a record, to be filtered."""
    canvas, title = Canvas([width for _, width, _ in columns.values()], top=1), word(f"compare_{name}", language)
    canvas.label(LEFT, title, "title", len(columns))
    canvas.next(BAND)
    stops = word("list_stops_plain", language, shown=MOST, all=every) if every > MOST else ""
    canvas.label(LEFT, f"{word(f'compare_{name}_intro', language)} {stops}".strip(), "intro", len(columns))
    canvas.next(26)
    canvas.next(AIR)
    head = canvas.row
    for place, (header, _, style) in enumerate(columns.values()):
        canvas.label(LEFT + place, header if header == "%" else word(header, language), "header", align=style.align)
    canvas.next(20)
    first = canvas.row
    shares = frame["share"].fillna(False).tolist() if "share" in frame else [False] * len(frame)
    for record, share in zip(records(frame, columns, language), shares, strict=True):
        lines = 1
        for place, ((_, _, style), value) in enumerate(zip(columns.values(), record, strict=True)):
            canvas.draw(Value(canvas.row, LEFT + place, value, POINTS if share and style is MOVED else style))
            lines = max(lines, lines_needed(value, canvas.width(LEFT + place))) if isinstance(value, str) else lines
        canvas.next(min(15.0 * lines + 5, 400.0), grows=True)
    last = max(first, canvas.row - 1)
    for place, (_, _, style) in enumerate(columns.values()):
        if style is MOVED and len(frame):
            cell, area = Spot(first, LEFT + place), ((first, LEFT + place), (last, LEFT + place))
            canvas.draw(Rule(*area, cell < 0, "bad_text"))
            canvas.draw(Rule(*area, cell > 0, "good_text"))
    sheet = canvas.sheet(Sheet(name, title, heading=title, colour="accent", freeze=(head + 1, 0), protected=False))
    return replace(sheet, filter=(head, LEFT, last, LEFT + len(columns) - 1))


def records(frame: pandas.DataFrame, columns: Iterable[str], language: str) -> Iterable[Sequence[Any]]:
    """Give the rows as cells hold them."""
    cells = []
    for name in columns:
        pairs = zip(frame[name].tolist(), frame[name].isna().tolist(), strict=True)
        values = [None if missing else value for value, missing in pairs]
        words = {"change": "compare_", "field": "compare_field_"}.get(name)
        cells.append([word(f"{words}{value}", language) for value in values] if words else values)
    return zip(*cells, strict=True)
