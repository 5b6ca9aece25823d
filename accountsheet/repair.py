"""What was put right on a tab, told in the plan's language: one finding for one rearranged tab, and one for what is gone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from accountsheet.address import cell_name, column_name
from accountsheet.alignment import Alignment
from accountsheet.finding import Finding
from accountsheet.guide import labels_of, lead_of
from accountsheet.phrases import remark
from accountsheet.pieces import LEFT, Sheet, Slot
from accountsheet.wording import word

MOST_NAMED = 4
"""Rows without a question that are named; of the others it is said how many there are."""


def repairs(alignment: Alignment, sheet: Sheet, language: str) -> Iterator[Finding]:
    """Tell what was rearranged on a tab, and what is gone from it."""
    asked = {piece.row: piece.key for piece in sheet.pieces if isinstance(piece, Slot)}
    rows, columns = rearranged(alignment.rows, alignment.put_in), rearranged(alignment.columns, ())
    gone = [name_of(row, sheet, language) for row in alignment.lost if row not in asked]
    done = {
        "rows_put_in": rows[0],
        "rows_moved": rows[1],
        "columns_put_in": columns[0],
        "columns_moved": columns[1] or sorted({column for own in alignment.apart.values() for column in rearranged(own, ())[1]}),
        "rows_repeated": sorted(row for row, _ in alignment.repeated),
        "labels_ruled": alignment.overruled,
        "marks_gone": alignment.unmarked,
        "labels_gone": alignment.unnamed,
    }
    names = {code: ranges(places, column_name if code.startswith("columns") else row_name) for code, places in done.items()}
    what = [word(code, language, where=where) for code, where in names.items() if where]
    what += [word("rows_taken_out", language, where=shortly(gone))] if gone else []
    if alignment.moved or what:
        left = next((column for column, there in alignment.columns.items() if there == LEFT), LEFT)
        first = min((row for code, places in done.items() if not code.startswith("columns") for row in places), default=0)
        across = min(done["columns_put_in"] + done["columns_moved"], default=left)
        said = "; ".join(what or [word("shifted", language)])
        yield remark("sheet-repaired", language, cell=cell_name(first, across), what=said)
    for run in runs([row for row in alignment.lost if row in asked]):
        keys = [asked[row] for row in run]
        place = {"block": keys[0].block, **({"row": str(keys[0].row)} if len(run) == 1 else {})}
        yield remark("row-lost", language, **place, name=", ".join(name_of(row, sheet, language) for row in run))
    labels = sorted(labels_of(sheet).items(), reverse=True)
    headers = {column: text for (row, column), text in labels if "#head" in sheet.row_ids.get(row, "")}
    for column in alignment.lost_columns:
        yield remark("column-lost", language, name=headers.get(column, column_name(column)))


def rearranged(found: Mapping[int, int], put_in: Iterable[int]) -> tuple[list[int], list[int]]:
    """Give what stands between the places that are known, and what stands there in another order."""
    if not found:
        return sorted(put_in), []
    between = set(range(max(found))) - found.keys()
    in_order = longest_rise([there for _, there in sorted(found.items())])
    return sorted(between.union(put_in)), [place for place, there in sorted(found.items()) if there not in in_order]


def longest_rise(values: Sequence[int]) -> Collection[int]:
    """Give the longest run of different values that rises, gaps allowed."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for value in values:
        place = bisect_left(ends, value)
        before[value] = ends[place - 1] if place else None
        ends[place : place + 1] = [value]
    chain: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        chain.add(last)
        last = before[last]
    return chain


def name_of(row: int, sheet: Sheet, language: str) -> str:
    """Name a row of the layout: by its label, else by its id."""
    if sheet.row_ids[row].endswith("#end"):
        return word("closing_row", language)
    labels = [text for (there, _), text in sorted(labels_of(sheet).items()) if there == row]
    return f"“{labels[0]}”" if labels else sheet.row_ids[row].removeprefix(lead_of(sheet.row_ids[row])).strip("/#")


def shortly(names: Sequence[str]) -> str:
    """Write a list of names, of a long one the first."""
    more = len(names) - MOST_NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:MOST_NAMED])} … (+{more})"


def runs(rows: Iterable[int]) -> Iterator[list[int]]:
    """Part rows into runs without gaps."""
    run: list[int] = []
    for row in sorted(rows):
        if run and row != run[-1] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run


def row_name(row: int) -> str:
    """Give a row's number as programs show it."""
    return str(row + 1)


def ranges(places: Iterable[int], name: Callable[[int], str]) -> str:
    """Write rows or columns in short: 7–9, 12."""
    return ", ".join(name(run[0]) if len(run) == 1 else f"{name(run[0])}–{name(run[-1])}" for run in runs(set(places)))
