"""A comparison as lines to read on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from accountsheet.display import show_number
from accountsheet.wording import word

if TYPE_CHECKING:
    import pandas

MARKS = {"added": "+", "removed": "-", "changed": "~"}


def changes_in_lines(changes: pandas.DataFrame, language: str) -> Iterator[str]:
    """Put changes in lines, account by account and section by section; a row that is new or gone is one line."""
    texts = changes.astype({"difference": "object", "percent": "object"}).where(changes.notna(), None)
    account = section = None
    rows: dict[tuple[object, ...], list[dict[str, object]]] = {}
    for number, record in enumerate(texts.to_dict("records")):
        place = (record["account_id"], record["section"], record["block"], record["row"], record["name"], record["change"])
        rows.setdefault(place if record["whole"] else (number,), []).append({str(name): value for name, value in record.items()})
    for answers in rows.values():
        first = answers[0]
        if first["account_id"] != account:
            account, section = first["account_id"], None
            about = ", ".join(str(part) for part in (account, first["owner"]) if part)
            yield f"\n{first['account']} ({about}){years(first)}"
        if first["section_title"] != section and first["section_title"]:
            section = first["section_title"]
            yield f"  {section}"
        yield f"    {MARKS[str(first['change'])]} {in_words(answers, language)}"


def years(record: dict[str, object]) -> str:
    """Say which plans are compared, where they are for different years."""
    old, new = record["old_year"], record["new_year"]
    return "" if old is None or new is None or old == new else f": the plan for {int(str(old)) + 1} → {int(str(new)) + 1}"


def in_words(answers: list[dict[str, object]], language: str) -> str:
    """Word one change, or a row that is new or gone."""
    first = answers[0]
    if first["whole"]:
        told = [(each["question"], each["new_shown"] or each["old_shown"]) for each in answers]
        row = str(first["name"] or "")
        parts = ", ".join(f"{question}: {shown}" for question, shown in told if shown and not row.endswith(str(shown)))
        return one_line(f"{row} ({parts})" if row and parts else parts or row or str(first["question"]))
    name = ", ".join(str(part) for part in (first["name"], first["question"]) if part)
    both = f"{first['old_shown']} → {first['new_shown']}"
    shown = {"added": first["new_shown"], "removed": first["old_shown"]}.get(str(first["change"]), both)
    return one_line(f"{name}: {shown}{moved(first['difference'], first['percent'], language, first['share'])}")


def moved(difference: Any, percent: Any, language: str, share: object = False) -> str:
    """Say how far a figure moved: a share by points."""
    if not difference:
        return ""
    part = "" if percent is None else f", {percent:+.0%}"
    figure = show_number(round(difference * 100, 6) if share else difference, language)
    figure = word("compare_points", language, number=figure) if share else figure
    return f" ({'+' if difference > 0 else ''}{figure}{part})"


def one_line(text: str) -> str:
    """Keep a line from being broken by what a rep typed."""
    return " ".join(text.split())


def forecasts_in_lines(forecasts: pandas.DataFrame, language: str) -> Iterator[str]:
    """Put the forecasts that moved, or that came out, in lines."""
    shown = forecasts[forecasts["difference"].fillna(0).ne(0) | forecasts["actual"].notna()]
    if shown.empty:
        return
    yield f"\n{word('compare_forecast', language)}"
    numbers = shown.astype(object).where(shown.notna(), None)
    for record in numbers.to_dict("records"):
        begin, end = record["from_year"], record["to_year"]
        period = str(begin) if begin == end else f"{begin}–{end}"
        known = [name for name in ("old", "new", "actual") if record[name] is not None]
        figures = {name: f"{word(f'compare_{name}', language)} {show_number(round(record[name]), language)}" for name in known}
        for name, moves, share in (("new", "difference", "percent"), ("actual", "off", "off_percent")):
            if name in figures:
                figures[name] += moved(record[moves], record[share], language)
        parts = figures.values()
        field = word(f"compare_field_{record['field']}", language)
        yield f"  {record['account']}  {period}  {field}, {record['currency']}: {'  '.join(parts)}"
