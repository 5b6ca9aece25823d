"""Where the rows and columns of a layout stand on the tab that came back: by their labels, their hidden ids, their neighbours."""

from __future__ import annotations

from bisect import bisect, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from accountsheet.alignment import Alignment, Ids
from accountsheet.display import plain
from accountsheet.grid import Grid, cell, folded, stamp_cell
from accountsheet.guide import JOINT, Band, Guide, guide_of
from accountsheet.pieces import Sheet, ids_text

SEARCHED = 60
"""Columns that are looked through for ids."""


def line_up(grid: Grid, guide: Guide, others: Callable[[], Sequence[Sheet]] = tuple) -> Alignment:
    """Line up a tab; one that is as it was put needs no search. `others` gives it in other languages."""
    untouched = guide.stencil.fits(grid)
    if untouched or in_place(grid, guide):
        return straight(grid, guide.sheet, untouched)
    return align(grid, guide.sheet, others(), guide.renamed)


def in_place(grid: Grid, guide: Guide) -> bool:
    """Whether every hidden id and every label that names a row or column stands where it was put, and no other id."""
    sheet, ids = guide.sheet, guide.sheet.row_ids
    if any(str(line[0]) != ids.get(row, "") for row, line in enumerate(grid) if row and line):
        return False
    head = grid[0] if grid else ()
    if len(grid) <= max(ids, default=0) or len(head) <= max(sheet.column_ids, default=0):
        return False
    if any(str(head[column]) != ids_text(sheet.column_ids.get(column, ())) for column in range(1, len(head))):
        return False
    if not all(is_empty(grid[rows.end], but=0) for rows in sheet.rows.values() if rows.growing):
        return False  # A table was pasted over its closing row.
    texts = ((cell(grid, row, column), text) for row, column, text in guide.marks)
    return all(here == text or folded(plain(here)) == folded(text) for here, text in texts)


def straight(grid: Grid, sheet: Sheet, untouched: bool) -> Alignment:
    """Line up a tab that nobody has moved anything on."""
    high = max(len(grid), max(sheet.heights, default=0) + 1)
    wide = max(max(map(len, grid), default=0), sheet.last_column + 1)
    rows, columns = {row: row for row in range(high)}, {column: column for column in range(wide)}
    return Alignment(rows, columns, straight=True, untouched=untouched)


def align(
    grid: Grid, sheet: Sheet, others: Sequence[Sheet] = (), renamed: Mapping[tuple[str, str], str] | None = None
) -> Alignment:
    """Line a tab up: rows and columns may have been put in, taken out, moved or sorted, and their ids may be gone."""
    guide = guide_of(sheet, others, renamed)
    ids = find_ids(grid, guide)
    heads = find_heads(grid, guide, ids)
    alignment = Alignment({row: there for there, row in heads.items()}, {})
    bands = find_columns(grid, guide, ids, heads, alignment)
    claim_by_label(grid, guide, ids, heads, bands, alignment)
    claim_by_id(grid, guide, ids, bands, alignment)
    for block in sorted(guide.growing, key=lambda each: sheet.rows[each].first):
        take_growing_rows(grid, block, guide, ids, alignment)
    claim_by_neighbours(grid, guide, ids, alignment)
    sum_up(guide, ids, alignment)
    return alignment


def find_ids(grid: Grid, guide: Guide) -> Ids:
    """Find the hidden row and column: where most known ids stand."""
    across: Counter[int] = Counter()
    down: Counter[int] = Counter()
    for row, line in enumerate(grid):
        for column, value in enumerate(line) if any(line) else ():
            if isinstance(value, str) and value:
                across[column] += column < SEARCHED and guide.is_id(value)
                down[row] += bool(columns_named(value, guide))
    column = max(across, key=lambda each: (across[each], -each), default=-1)
    row = max(down, key=lambda each: (down[each], -each), default=-1)
    column, row = (column if across[column] else -1), (row if down[row] else -1)
    found = {there: str(cell(grid, there, column)) for there in range(len(grid)) if column >= 0}
    rows = {there: text for there, text in found.items() if guide.is_id(text)}
    columns: dict[int, int] = {}
    for there, value in enumerate(grid[row] if row >= 0 else ()):
        named = columns_named(value, guide)
        if named and named[0] not in columns.values():
            columns[there] = named[0]
    return Ids(row, column, rows, columns)


def columns_named(value: object, guide: Guide) -> list[int]:
    """Give the columns whose ids stand in a cell."""
    if not isinstance(value, str) or "." not in value:
        return []
    return [guide.by_column_id[each] for each in value.split("\n") if each in guide.by_column_id]


def find_heads(grid: Grid, guide: Guide, ids: Ids) -> dict[int, int]:
    """Find each row of headers: where most of its texts stand; of rows alike, by the id, by what follows, by the order."""
    by_row = [frozenset(folded(value) for value in line if isinstance(value, str) and value) for line in grid]
    wanted = [(head, band, place) for band in guide.bands for place, head in enumerate(band.heads)]
    pairs = []
    for head, band, place in wanted:
        texts, needed = band.texts[place], band.wide[place]
        found = [row for row, here in enumerate(by_row) if needed and len(texts & here) * 2 >= needed]
        alike = [other for other, its, at in wanted if its.texts[at] == texts]
        for row in found:
            marked = ids.rows.get(row) == guide.sheet.row_ids[head]
            agree = len(texts & by_row[row]) / needed
            below = by_row[row + 1 : row + len(band.rows) + 3]
            follows = sum(bool(each & band.names.keys()) for each in below)
            apart = abs(alike.index(head) - found.index(row)) if len(alike) == len(found) else abs(head - row)
            pairs.append((len(alike) == 1 and agree == 1, marked, agree, follows, -apart, head, row))
    heads: dict[int, int] = {}
    for *_, head, row in sorted(pairs, reverse=True):
        if head not in heads and row not in heads.values():
            heads[head] = row
    by_id = {row_id: row for row, row_id in ids.rows.items()}
    for head, _, _ in wanted:
        row = by_id.get(guide.sheet.row_ids[head], -1)
        if head not in heads and row >= 0 and row not in heads.values():
            heads[head] = row
    return heads


def find_columns(grid: Grid, guide: Guide, ids: Ids, heads: Mapping[int, int], alignment: Alignment) -> list[Mapping[int, int]]:
    """Find the columns of each band: a header overrules an id where it names one column and stands there once."""
    by_label = [named_columns(grid, band, heads) for band in guide.bands]
    alignment.columns = dict(ids.columns)
    votes = Counter((column, there) for found in by_label for column, there in found.items())
    for (column, there), _ in votes.most_common():
        if there not in alignment.columns.values() and column not in alignment.columns:
            alignment.columns[column] = there
    fill_columns(alignment.columns, guide.sheet.last_column, ids.column)
    bands: list[Mapping[int, int]] = []
    for band, found in zip(guide.bands, by_label, strict=True):
        columns = alignment.columns
        if any(columns.get(column) != there for column, there in found.items()):
            columns = dict(found)
            for column, there in ids.columns.items():
                if column not in columns and there not in columns.values():
                    columns[column] = there
            fill_columns(columns, guide.sheet.last_column, ids.column)
            alignment.apart |= dict.fromkeys((*band.heads, *band.rows), columns)
        bands.append(columns)
    return bands


def named_columns(grid: Grid, band: Band, heads: Mapping[int, int]) -> dict[int, int]:
    """Find the columns of a band that a header names, and that stand there once."""
    rows = [heads[head] for head in band.titled if head in heads]
    if not rows or len(rows) < len(band.titled):
        return {}
    wide = max(len(grid[row]) for row in rows)
    # A header over several columns stands in the first of them.
    lines = [*(carried(grid[row], wide) for row in rows[:-1]), grid[rows[-1]]]
    found: dict[int, list[int]] = defaultdict(list)
    for column in range(wide):
        text = JOINT.join(folded(plain(line[column])) if column < len(line) else "" for line in lines)
        if text in band.headers:
            found[band.headers[text]].append(column)
    return {columns[0]: there for there, columns in found.items() if len(columns) == 1}


def carried(line: Sequence[object], wide: int) -> list[object]:
    """Carry each text of a row on over the empty cells after it."""
    last: object = ""
    result = []
    for column in range(wide):
        value = line[column] if column < len(line) else ""
        last = last if value in ("", None) else value
        result.append(last)
    return result


def fill_columns(columns: dict[int, int], last: int, hidden: int) -> None:
    """Find the columns that nothing names by those beside them."""
    if hidden >= 0 and hidden not in columns:
        columns[hidden] = 0
    for there in (each for each in range(last + 1) if each not in columns.values()):
        before = max(((its, column) for column, its in columns.items() if its < there), default=None)
        after = min(((its, column) for column, its in columns.items() if its > there), default=None)
        near = [column + there - its for its, column in filter(None, (before, after))] or [there]
        column = next((each for each in near if each >= 0 and each not in columns), -1)
        if column >= 0:
            columns[column] = there


def claim_by_label(
    grid: Grid, guide: Guide, ids: Ids, heads: Mapping[int, int], bands: Sequence[Mapping[int, int]], alignment: Alignment
) -> None:
    """Find the rows that a label names: exactly one of its block, and standing there once."""
    at = sorted((row, guide.band_of[there]) for there, row in heads.items())
    starts = [row for row, _ in at]
    columns_of = [[column for column, there in own.items() if there in band.name_columns]
                  for band, own in zip(guide.bands, bands, strict=True)]  # fmt: skip
    every = sorted({column for each in columns_of for column in each})
    named: dict[int, list[int]] = defaultdict(list)
    for row, line in enumerate(grid):
        if row in alignment.rows:
            continue
        near = [guide.band_of[guide.by_id[ids.rows[row]]]] if ids.rows.get(row) in guide.by_id else []
        place = bisect_right(starts, row)
        near += [at[place - 1][1]] if place else []
        found = (names_row(line, guide.bands[each].names, columns_of[each]) for each in near)
        there = next((each for each in found if each is not None), None)
        there = names_row(line, guide.names, every) if there is None else there
        if there is not None:
            named[there].append(row)
    for there, every_row in named.items():
        marked, rows = guide.sheet.row_ids[there], without_twins(every_row, guide.twins[there], ids)
        if not rows:
            continue
        keyed = [row for row in rows if ids.rows.get(row) == marked]
        if guide.sheet.row_ids[there].partition("#")[0] in guide.growing and not keyed:
            alignment.rows[rows[-1]] = there  # The total of a table, in which the same word may have been typed.
        elif len(rows) == 1 or not any(row in ids.rows for row in rows):
            alignment.rows[rows[0]] = there
            alignment.repeated += [(row, rows[0]) for row in rows[1:]]
        elif keyed:
            alignment.rows[keyed[0]] = there
            alignment.repeated += [(row, keyed[0]) for row in rows if row != keyed[0] and ids.rows.get(row) in (None, marked)]


def without_twins(rows: Sequence[int], twins: int, ids: Ids) -> Sequence[int]:
    """Leave out the last rows that bear a label and no id, as many as were put so: they name nothing."""
    bare = [row for row in rows if row not in ids.rows]
    left_out = bare[-twins:] if twins else []
    return [row for row in rows if row not in left_out]


def names_row(line: Sequence[object], names: Mapping[str, int], columns: Iterable[int]) -> int | None:
    """Give the row that a label names."""
    for column in columns:
        value = line[column] if column < len(line) else ""
        if value not in ("", None) and (there := names.get(folded(plain(value)))) is not None:
            return there
    return None


def claim_by_id(grid: Grid, guide: Guide, ids: Ids, bands: Sequence[Mapping[int, int]], alignment: Alignment) -> None:
    """Find the other rows by their id; one that stands there again in a block that cannot grow is repeated."""
    named = {there for band in guide.bands for there in band.names.values()}
    taken = {there: row for row, there in alignment.rows.items()}
    again = {row for row, _ in alignment.repeated}
    for row, row_id in ids.rows.items():
        there = guide.by_id.get(row_id, -1)
        if row in alignment.rows:
            if alignment.rows[row] != there and not guide.is_weak(row_id):
                alignment.overruled.append(row)
        elif there >= 0 and not guide.is_weak(row_id) and row not in again:
            if there not in taken:
                alignment.rows[row], taken[there] = there, row
                band, columns = guide.bands[guide.band_of[there]], bands[guide.band_of[there]]
                labels = (cell(grid, row, column) for column, its in columns.items() if its in band.name_columns)
                if there in named and all(label in ("", None) for label in labels):
                    alignment.unnamed.append(row)
            elif ids.rows.get(taken[there]) == row_id:
                alignment.repeated.append((row, taken[there]))


def take_growing_rows(grid: Grid, block: str, guide: Guide, ids: Ids, alignment: Alignment) -> None:
    """Give a growing block its rows, from below its head to above its end, in the order of the sheet.

    One put in and left empty is passed over, so that the others keep their numbers. To add rows at the end is what a tab
    invites to; between others, the rows below have moved.
    """
    rows = guide.sheet.rows[block]
    at = {there: row for row, there in alignment.rows.items()}
    band = guide.bands[guide.band_of[rows.first]]
    heads = [at[head] for head in band.heads if head in at]
    again = {row for row, _ in alignment.repeated}
    own = [row for row, row_id in ids.rows.items() if row_id.startswith(f"{block}/") and row not in alignment.rows]
    if not own and not heads:
        return
    first = max(heads) + 1 if heads else min(own)
    last = end_of(grid, first, block, own, guide, ids, alignment, at)
    if first <= at.get(rows.end, -1) < last:
        del alignment.rows[at[rows.end]]  # It was pasted over: the table goes on.
    inside = [row for row in range(first, last) if row not in alignment.rows and row not in again]
    put_in = [row for row in inside if row not in own] if own else inside[rows.last - rows.first + 1 :]
    shipped = own or inside[: rows.last - rows.first + 1]
    empty = [row for row in put_in if is_empty(grid[row])]
    alignment.put_in += [row for row in put_in if row < max(shipped, default=0)]
    alignment.added[block] = sorted({*put_in, *shipped}.difference(empty))
    alignment.spare = sorted({*alignment.spare, *empty})
    for number, row in enumerate(alignment.added[block]):
        alignment.rows[row] = rows.first + number
    if not own:
        alignment.unmarked += shipped


def end_of(
    grid: Grid,
    first: int,
    block: str,
    own: Sequence[int],
    guide: Guide,
    ids: Ids,
    alignment: Alignment,
    at: Mapping[int, int],
) -> int:
    """Find the row below a growing block's last one; where its closing row is lost, that is the first empty one."""
    rows = guide.sheet.rows[block]
    others = [row for row, there in alignment.rows.items() if row >= first and not rows.first <= there <= rows.end]
    limit = min(others, default=len(grid))
    end = at.get(rows.end, -1)
    if first <= end < limit and is_empty(grid[end], but=ids.column):
        return end
    shipped = first + rows.last - rows.first + 1
    row = max((each + 1 for each in own if each < limit), default=min(shipped, limit)) if end < first else max(end, first)
    while row < limit and not is_empty(grid[row], but=ids.column) and not is_ours(grid[row], guide):
        row += 1
    return row


def is_empty(line: Sequence[object], but: int = -1) -> bool:
    """Whether a row holds nothing, but for its id."""
    return all(value in ("", None) for column, value in enumerate(line) if column != but)


def is_ours(line: Sequence[object], guide: Guide) -> bool:
    """Whether a row begins with a text of the tab's own."""
    first = next((value for value in line if value not in ("", None)), "")
    return folded(plain(first)) in guide.texts


def claim_by_neighbours(grid: Grid, guide: Guide, ids: Ids, alignment: Alignment) -> None:
    """Line up the rows that neither label nor id names (lines of a canvas, titles, links, notes) by their neighbours.

    One with a text of its own stands where that text does, counted from the row above it or from the one below.
    """
    corner = stamp_cell(grid)
    top = corner[0] if corner else ids.row
    if top >= 0 and top not in alignment.rows and 0 not in alignment.rows.values():
        alignment.rows[top] = 0
    here = [frozenset(folded(value) for value in line if isinstance(value, str)) for line in grid]
    named = sorted((there, row) for row, there in alignment.rows.items())
    taken = {there for there, _ in named}
    for there in range(max(guide.sheet.heights, default=0) + 1):
        if there in taken:
            continue
        place = bisect(named, (there, -1))
        above, below = (named[place - 1] if place else None), (named[place] if place < len(named) else None)
        near = above or below
        if near is None:
            return
        marked = there in guide.sheet.row_ids
        if marked and (growing_row(guide, there) or (above and below and below[1] - above[1] != below[0] - above[0])):
            continue
        if not marked and above and below and above[0] + 1 > there:
            near = below
        counted = [each[1] + there - each[0] for each in (near, above, below) if each]
        texts = frozenset() if marked else guide.texts_on.get(there, frozenset())
        row = next((each for each in counted if 0 <= each < len(grid) and texts & here[each]), counted[0])
        if not 0 <= row < len(grid) or row in alignment.rows:
            continue
        # Where other rows have their ids, an empty row without one is not the row that is looked for: that one was deleted.
        if not marked or (row not in ids.rows and not (ids.rows and is_empty(grid[row]))):
            alignment.rows[row] = there


def growing_row(guide: Guide, there: int) -> bool:
    """Whether a row of the layout is one of a table that grows."""
    return guide.is_weak(guide.sheet.row_ids[there])


def sum_up(guide: Guide, ids: Ids, alignment: Alignment) -> None:
    """Say what is gone, and whether anything stands elsewhere than it was put."""
    found = set(alignment.rows.values())
    alignment.lost = [row for row in guide.sheet.row_ids if row not in found and not growing_row(guide, row)]
    across = {*alignment.columns.values(), *(there for own in alignment.apart.values() for there in own.values())}
    alignment.lost_columns = [column for column in guide.sheet.column_ids if column not in across]
    named = (row for row, there in alignment.rows.items() if there in guide.sheet.row_ids and not growing_row(guide, there))
    alignment.unmarked += [row for row in named if row not in ids.rows]
    alignment.moved = bool(alignment.put_in or alignment.apart)
    alignment.moved |= any(row - bisect(alignment.spare, row) != there for row, there in alignment.rows.items())
    alignment.moved |= any(column != there for column, there in alignment.columns.items())
