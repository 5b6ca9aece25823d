"""Every cell that is no answer: what the generator wrote is passed over, and all else is a finding with its text."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from accountsheet.address import cell_name, cell_place
from accountsheet.alignment import Alignment
from accountsheet.display import plain
from accountsheet.figures import Figures
from accountsheet.finding import Finding
from accountsheet.fingerprints import fingerprint, fingerprints_of
from accountsheet.grid import Grid, bare, cell, filled, folded, is_mark, stamp_cell
from accountsheet.guide import Guide, guide_of
from accountsheet.identity import stamp_of
from accountsheet.layout import Layout
from accountsheet.mapping import straight
from accountsheet.opening import Opened
from accountsheet.phrases import remark
from accountsheet.pieces import Fact, Formula, Sheet, Slot, ids_text
from accountsheet.plan import Plan
from accountsheet.writer import facts_of

Cell: TypeAlias = tuple[int, int]
Known: TypeAlias = dict[Cell, Slot | Formula | str]


ID = re.compile(r"[a-z][a-z0-9_]*[./#].*")
"""A hidden id, of any blueprint."""
FEW = 3
"""Calculations that may have been typed over one by one."""


@dataclass(frozen=True)
class Stranger:
    """A text that stands where the generator wrote nothing, or something else."""

    row: int
    column: int
    text: str
    expected: str = ""


@dataclass(frozen=True)
class Walked:
    """What is known of a workbook by the time that its cells are gone through."""

    plan: Plan
    layout: Layout
    opened: Opened
    formulas: Callable[[str], Collection[str]]
    """The cells of a tab that hold a formula."""
    others: Callable[[str], Sequence[Sheet]]
    """A section's sheet in other languages."""
    written: Mapping[str, Counter[int]]
    """The fixed texts that were written on each tab, whatever version wrote them; empty where that is not known."""
    own_notes: Sequence[str] = ()
    """What accountsheet put beside cells itself: what a rep wrote in them is told, they themselves are not."""

    @cached_property
    def facts(self) -> Mapping[str, str]:
        """What the plan says outside its answers."""
        return facts_of(self.plan)

    @cached_property
    def figures(self) -> Figures:
        """What the calculations give."""
        return Figures(self.layout, self.plan.answers, datetime.date.today())


def walk_tab(guide: Guide, title: str, alignment: Alignment, walked: Walked) -> Iterator[Finding]:
    """Go through one tab: what is no answer and was not written by the generator is told, and nothing is lost."""
    for finding in (*cells_of_tab(guide, title, alignment, walked), *notes_of(guide, title, alignment, walked)):
        yield finding.at(sheet=title, section=guide.sheet.id)


def walk_hidden(guide: Guide, title: str, walked: Walked) -> Iterator[Finding]:
    """Go through one of the generator's hidden tabs."""
    grid = walked.opened.grids[title]
    return walk_tab(guide, title, straight(grid, guide.sheet, guide.stencil.fits(grid)), walked)


def walk_stranger(title: str, walked: Walked) -> Iterator[Finding]:
    """Go through a tab that is none of the generator's."""
    grid, package, language = walked.opened.grids[title], walked.opened.package, walked.plan.language
    strangers = [Stranger(row, column, plain(value)) for row, column, value in filled(grid) if not is_mark(value)]
    strangers += unseen(grid, title, walked.formulas(title), {}, walked)
    for finding in areas(strangers, language):
        yield finding.at(sheet=title)
    for note in package.notes(title):
        yield remark("cell-note", language, sheet=title, cell=note.cell, raw=note.text)


def cells_of_tab(guide: Guide, title: str, alignment: Alignment, walked: Walked) -> Iterator[Finding]:
    """Go through the cells of a tab."""
    grid, language = walked.opened.grids[title], walked.plan.language
    if is_as_written(guide, title, alignment, walked):
        return
    known = known_cells(guide, alignment, walked.facts)
    formulas = walked.formulas(title)
    strangers: list[Stranger] = []
    pasted: list[Finding] = []
    kept = 0
    for row, column, value in filled(grid):
        expected = known.get((row, column))
        if isinstance(expected, Slot):
            continue
        if isinstance(expected, Formula):
            name = cell_name(row, column)
            kept += name in formulas
            if name not in formulas and not guide.sheet.hidden:
                pasted += overwritten(expected, name, value, walked.figures, language)
            continue
        if value == expected or is_mark(value):
            continue
        text = plain(value)
        if expected is None or (text != expected and bare(text) != bare(expected)):
            strangers.append(Stranger(row, column, text, expected or ""))
    yield from pasted if kept or len(pasted) <= FEW else together(pasted, language)
    loose = set(formulas).difference(guide.calculated) if alignment.straight else formulas
    strangers += unseen(grid, title, loose, known, walked)
    if strangers:
        yield from told(strangers, guide, alignment, grid, known, walked)


def is_as_written(guide: Guide, title: str, alignment: Alignment, walked: Walked) -> bool:
    """Whether a tab holds nothing but answers and what the generator wrote: then there is nothing to go through."""
    if not alignment.untouched or walked.formulas(title) != guide.calculated or walked.opened.package.errors(title):
        return False
    grid = walked.opened.grids[title]
    return all(grid[each.row][each.column] == each.wording.format(**walked.facts) for each in guide.facts)


def together(pasted: Sequence[Finding], language: str) -> Iterator[Finding]:
    """Tell in one that all calculations of a tab were pasted as values, and what they said."""
    places = [cell_place(each.cell) for each in pasted]
    rows, columns = [row for row, _ in places], [column for _, column in places]
    area = f"{cell_name(min(rows), min(columns))}:{cell_name(max(rows), max(columns))}"
    yield remark("calculations-pasted", language, cell=area, raw="\n".join(f"{each.cell}\t{each.raw}" for each in pasted))


def unseen(grid: Grid, title: str, formulas: Collection[str], known: Known, walked: Walked) -> Iterator[Stranger]:
    """Find what the cells' values do not show: a rep's formulas without a stored value, and error texts."""
    package = walked.opened.package
    for name in formulas:
        place = cell_place(name)
        if cell(grid, *place) in ("", None) and not isinstance(known.get(place), (Slot, Formula)):
            yield Stranger(*place, package.formula(title, name) or "=")
    for name, error in package.errors(title).items():
        place = cell_place(name)
        if not isinstance(known.get(place), (Slot, Formula)) and name not in walked.formulas(title):
            yield Stranger(*place, error)


def told(
    strangers: Sequence[Stranger], guide: Guide, alignment: Alignment, grid: Grid, known: Known, walked: Walked
) -> Iterator[Finding]:
    """Tell what strange texts are: the generator's own that stand elsewhere or in another language are no rep's."""
    language, sheet = walked.plan.language, guide.sheet
    ours = leftover(sheet, grid, known, walked)
    ids = {*sheet.row_ids.values(), *(ids_text(ids) for ids in sheet.column_ids.values())}
    ids |= guide.by_id.keys()
    places: dict[Cell, set[str]] = {}
    for other in walked.others(sheet.id):
        for place, text in known_cells(guide_of(other), alignment, walked.facts).items():
            if isinstance(text, str):
                places.setdefault(place, set()).add(folded(text))
    left: list[Stranger] = []
    translated: list[Stranger] = []
    stamp = stamp_of(grid)
    corner = stamp_cell(grid) if stamp and stamp.version != walked.plan.blueprint.version else None
    for each in strangers:
        if each.text in ids or is_weak_id(each.text, sheet):
            continue
        if corner and (each.row == corner[0] or each.column == corner[1]) and ID.fullmatch(each.text):
            continue  # what another version of the blueprint asked
        if ours[fingerprint(each.text)] > 0:
            ours[fingerprint(each.text)] -= 1
        elif folded(each.text) in places.get((each.row, each.column), ()):
            translated.append(each)
        elif each.expected and folded(each.text) != folded(each.expected):
            facts = {"raw": each.text, "old": each.expected}
            yield remark("label-changed", language, cell=cell_name(each.row, each.column), **facts)
        elif not each.expected:
            left.append(each)
    if translated:
        first = translated[0]
        yield remark("labels-translated", language, cell=cell_name(first.row, first.column), count=len(translated))
    yield from areas(left, language)


def leftover(sheet: Sheet, grid: Grid, known: Known, walked: Walked) -> Counter[int]:
    """Count the generator's texts that do not stand where they were put: each may stand elsewhere as often."""
    facts = (piece.wording.format(**walked.facts) for piece in sheet.pieces if isinstance(piece, Fact))
    ours = walked.written.get(sheet.id, fingerprints_of(sheet)) + Counter(map(fingerprint, facts))
    here = (text for place, text in known.items() if isinstance(text, str) and bare(plain(cell(grid, *place))) == bare(text))
    return ours - Counter(map(fingerprint, here))


def areas(strangers: Iterable[Stranger], language: str) -> Iterator[Finding]:
    """Tell of texts without a place: those that stand together are told together, as one would copy them."""
    cells = {(each.row, each.column): each.text for each in strangers}
    for start in sorted(cells):
        area, edge = {}, [start] if start in cells else []
        while edge:
            row, column = edge.pop()
            if (row, column) in cells:
                area[row, column] = cells.pop((row, column))
                edge += [(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        if not area:
            continue
        rows, columns = {row for row, _ in area}, {column for _, column in area}
        top, left, bottom, right = min(rows), min(columns), max(rows), max(columns)
        first, last = cell_name(top, left), cell_name(bottom, right)
        lines = ([area.get((row, column), "") for column in range(left, right + 1)] for row in range(top, bottom + 1))
        raw = "\n".join("\t".join(line).rstrip("\t") for line in lines)
        yield remark("unplaced", language, cell=first if first == last else f"{first}:{last}", raw=raw)


def notes_of(guide: Guide, title: str, alignment: Alignment, walked: Walked) -> Iterator[Finding]:
    """Tell what reps wrote in notes beside cells."""
    notes = walked.opened.package.notes(title)
    known = known_cells(guide, alignment, walked.facts) if notes else {}
    for note in notes:
        if text := without(note.text, walked.own_notes):
            place = place_of(known.get(cell_place(note.cell)))
            yield remark("cell-note", walked.plan.language, cell=note.cell, **place, raw=text)


def overwritten(piece: Formula, name: str, value: Any, figures: Figures, language: str) -> Iterator[Finding]:
    """Judge a value that stands where a formula was: the same figure does no harm."""
    ours = figures.value(piece.key)
    same = plain(value) == plain("" if ours is None else ours)
    if isinstance(ours, (int, float)) and isinstance(value, (int, float)):
        same = abs(ours - value) <= 1e-9 * max(1.0, abs(ours), abs(value))
    if not same:
        facts = {"block": piece.key.block, "field": piece.key.field, "raw": plain(value)}
        yield remark("calculation-overwritten", language, cell=name, **facts, ours=plain("" if ours is None else ours))


def known_cells(guide: Guide, alignment: Alignment, facts: Mapping[str, str]) -> Known:
    """Give what the generator wrote in each actual cell of a tab: ids, texts, formulas and slots."""
    put = {**guide.written, **{(fact.row, fact.column): fact.wording.format(**facts) for fact in guide.facts}}
    if alignment.straight:
        return put
    find = alignment.finder()
    known = {here: what for place, what in put.items() if (here := find(*place)) is not None}
    for again, first in alignment.repeated:
        known |= {(again, column): what for (row, column), what in known.items() if row == first}
    return known


def is_weak_id(text: str, sheet: Sheet) -> bool:
    """Whether a text is the id of a row of a table that grows: there may have been more of them."""
    block, _, row = text.partition("/")
    return row.isdigit() and block in sheet.rows


def without(text: str, own: Sequence[str]) -> str:
    """Give a note without what accountsheet wrote in it; programs differ in the blanks of a note."""
    for words in own:
        if bare(words) in bare(text):
            text = re.sub(r"\s*".join(map(re.escape, bare(words))), " ", text, count=1)
    return text.strip()


def place_of(piece: Slot | Formula | str | None) -> dict[str, str]:
    """Say which answer a cell is about, where it is about one."""
    if not isinstance(piece, (Slot, Formula)):
        return {}
    block, row, column, field = piece.key
    return {"block": block, "row": str(row), "column": column, "field": field}
