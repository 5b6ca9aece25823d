"""What tells the rows and columns of a tab apart: their hidden ids, and their labels in every language."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from accountsheet.address import cell_name
from accountsheet.grid import folded
from accountsheet.pieces import Fact, Formula, Label, Link, Piece, Sheet, Slot, ids_text
from accountsheet.stencil import Stencil

JOINT = "|"
"""Between the headers of a column that has several, one below the other."""


@dataclass(frozen=True)
class Band:
    """Rows that stand under headers of their own; `lead` is what their ids begin with."""

    lead: str
    heads: tuple[int, ...]
    rows: tuple[int, ...]
    titled: tuple[int, ...]
    """The head rows that hold headers only."""
    headers: Mapping[str, int]
    """The column that a header names: only headers that name exactly one."""
    texts: tuple[frozenset[str], ...]
    """Of each head row, its texts in all languages."""
    wide: tuple[int, ...]
    """Of each head row, how many texts it has in one language."""
    names: Mapping[str, int]
    """The row that a label names: only labels that name exactly one."""
    name_columns: tuple[int, ...]


@dataclass(frozen=True)
class Guide:
    """All that tells the rows and columns of a tab apart."""

    sheet: Sheet
    bands: tuple[Band, ...]
    renamed: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The field of each block and former id."""

    @cached_property
    def by_id(self) -> Mapping[str, int]:
        """The row of each id, former ones too."""
        own = {row_id: row for row, row_id in self.sheet.row_ids.items()}
        former = {f"{block}/{old}": own.get(f"{block}/{new}") for (block, old), new in self.renamed.items()}
        return {row_id: row for row_id, row in former.items() if row is not None} | own

    @cached_property
    def by_column_id(self) -> Mapping[str, int]:
        """The column of each id, former ones too."""
        own = {one_line(each): column for column, ids in self.sheet.column_ids.items() for each in ids}
        former = {
            f"{each[: -len(new)]}{old}": column
            for (block, old), new in self.renamed.items()
            for each, column in own.items()
            if each.startswith(f"{block}.") and each.endswith(f".{new}")
        }
        return former | own

    @cached_property
    def band_of(self) -> Mapping[int, int]:
        """The number of the band of each row that has an id."""
        return {row: number for number, band in enumerate(self.bands) for row in (*band.heads, *band.rows)}

    @cached_property
    def names(self) -> Mapping[str, int]:
        """The row of each label that names one row of the whole tab."""
        rows: dict[str, set[int]] = defaultdict(set)
        for band in self.bands:
            for text, row in band.names.items():
                rows[text].add(row)
        return single(rows)

    @cached_property
    def twins(self) -> Mapping[int, int]:
        """How many rows without an id bear the label of one that has an id: those behind a chart do."""
        bare = Counter(
            (column, folded(text)) for (row, column), text in labels_of(self.sheet).items() if row not in self.sheet.row_ids
        )
        named = ((row, column, text) for band in self.bands for text, row in band.names.items() for column in band.name_columns)
        found: Counter[int] = Counter()
        for row, column, text in named:
            found[row] += bare[column, text]
        return found

    @cached_property
    def marks(self) -> tuple[tuple[int, int, str], ...]:
        """Row, column and text of each label that names a row or a column."""
        heads = {head for band in self.bands for head in band.titled}
        named = {(row, column) for band in self.bands for row in band.names.values() for column in band.name_columns}
        labels = labels_of(self.sheet).items()
        return tuple((*place, text) for place, text in labels if place[0] in heads or place in named)

    @cached_property
    def written(self) -> Mapping[tuple[int, int], Slot | Formula | str]:
        """What was put in each cell, ids too, but for what differs from account to account."""
        known: dict[tuple[int, int], Slot | Formula | str] = {}
        for piece in self.sheet.pieces:
            match piece:
                case Label(text=text, tail=tail) if text:
                    known[piece.row, piece.column] = text + "".join(words for words, _ in tail)
                case Link(text=text):
                    known[piece.row, piece.column] = text
                case Slot() | Formula():
                    known[piece.row, piece.column] = piece
        known |= {(row, 0): row_id for row, row_id in self.sheet.row_ids.items()}
        return known | {(0, column): ids_text(names) for column, names in self.sheet.column_ids.items()}

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The cells to be filled in."""
        return tuple(piece for piece in self.sheet.pieces if isinstance(piece, Slot))

    @cached_property
    def places(self) -> tuple[tuple[Slot, int, int, str], ...]:
        """Each cell to be filled in, with its row, column and name where it was put."""
        return tuple((slot, slot.row, slot.column, cell_name(slot.row, slot.column)) for slot in self.slots)

    @cached_property
    def stencil(self) -> Stencil:
        """The tab as it was put."""
        return Stencil(self.written, [(fact.row, fact.column) for fact in self.facts])

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What differs from account to account."""
        return tuple(piece for piece in self.sheet.pieces if isinstance(piece, Fact))

    @cached_property
    def calculated(self) -> frozenset[str]:
        """The names of the cells that calculations were put in."""
        return frozenset(cell_name(*place) for place, piece in self.written.items() if isinstance(piece, Formula))

    @cached_property
    def texts_on(self) -> Mapping[int, frozenset[str]]:
        """The texts that were put on each row, but for ids and what differs from account to account."""
        found: dict[int, set[str]] = defaultdict(set)
        for (row, column), text in self.written.items():
            if row and column and isinstance(text, str):
                found[row].add(folded(text))
        return {row: frozenset(texts) for row, texts in found.items()}

    @cached_property
    def growing(self) -> frozenset[str]:
        """The blocks that rows can be added to."""
        return frozenset(block for block, rows in self.sheet.rows.items() if rows.growing)

    @cached_property
    def texts(self) -> frozenset[str]:
        """Every label in this language."""
        return frozenset(folded(text) for text in labels_of(self.sheet).values())

    def is_id(self, text: str) -> bool:
        """Whether a text is the id of a row; a table may have had more rows than the layout."""
        return text in self.by_id or text.partition("/")[0] in self.growing

    def is_weak(self, row_id: str) -> bool:
        """Whether an id is that of a row of a table that grows: such rows are read in the order of the sheet."""
        return "/" in row_id and row_id.partition("/")[0] in self.growing


def guide_of(sheet: Sheet, others: Sequence[Sheet] = (), renamed: Mapping[tuple[str, str], str] | None = None) -> Guide:
    """Gather what tells a tab's rows and columns apart; `others` are the same tab in other languages."""
    labels = [labels_of(each) for each in (sheet, *others)]
    spans = {(piece.row, piece.column): piece.span for piece in sheet.pieces if isinstance(piece, Label)}
    first_slots: dict[int, int] = {}
    for piece in sheet.pieces:
        if isinstance(piece, Slot):
            first_slots[piece.row] = min(piece.column, first_slots.get(piece.row, piece.column))
    bands = [make_band(heads, rows, sheet, labels, spans, first_slots) for heads, rows in parts_of(sheet)]
    return Guide(sheet, tuple(bands), renamed or {})


def labels_of(sheet: Sheet) -> dict[tuple[int, int], str]:
    """Give the fixed texts of a tab as they stand in its cells."""
    return {
        (piece.row, piece.column): piece.text + "".join(words for words, _ in piece.tail)
        for piece in sheet.pieces
        if isinstance(piece, Label) and piece.text
    }


def parts_of(sheet: Sheet) -> Iterable[tuple[list[int], list[int]]]:
    """Part the rows with ids into bands: one or more head rows, and the rows below them."""
    heads: list[int] = []
    rows: list[int] = []
    for row, row_id in sorted(sheet.row_ids.items()):
        begins = is_head(row_id)
        if (begins and rows) or ((heads or rows) and lead_of(row_id) != lead_of(sheet.row_ids[(heads or rows)[0]])):
            yield heads, rows
            heads, rows = [], []
        (heads if begins else rows).append(row)
    if heads or rows:
        yield heads, rows


def make_band(
    heads: Sequence[int],
    rows: Sequence[int],
    sheet: Sheet,
    labels: Sequence[Mapping[tuple[int, int], str]],
    spans: Mapping[tuple[int, int], int],
    first_slots: Mapping[int, int],
) -> Band:
    """Gather one band's headers and labels."""
    titled = [head for head in heads if not any(getattr(piece, "row", -1) == head for piece in sheet.pieces if is_filled(piece))]
    headers: dict[str, set[int]] = defaultdict(set)
    names: dict[str, set[int]] = defaultdict(set)
    name_columns = set()
    for language in labels:
        covered = [covering(head, language, spans if head != titled[-1] else {}) for head in titled]
        for column in sorted({column for each in covered for column in each}):
            headers[JOINT.join(folded(each.get(column, "")) for each in covered)].add(column)
        for row in rows:
            before = [column for there, column in language if there == row and column < first_slots.get(row, column + 1)]
            if before and not is_row_of_growing(sheet, row):
                column = max(before) if row in first_slots else min(before)
                names[folded(language[row, column])].add(row)
                name_columns.add(column)
    return Band(
        lead_of(sheet.row_ids[(list(heads) or list(rows))[0]]),
        tuple(heads),
        tuple(rows),
        tuple(titled),
        single({text: columns for text, columns in headers.items() if text.strip(JOINT)}),
        tuple(frozenset(folded(text) for each in labels for (row, _), text in each.items() if row == head) for head in heads),
        tuple(len({folded(text) for (row, _), text in labels[0].items() if row == head}) for head in heads),
        single(names),
        tuple(sorted(name_columns)),
    )


def covering(row: int, labels: Mapping[tuple[int, int], str], spans: Mapping[tuple[int, int], int]) -> dict[int, str]:
    """Give the header over each column of a head row."""
    covered: dict[int, str] = {}
    for (there, column), text in labels.items():
        if there == row:
            covered |= dict.fromkeys(range(column, column + spans.get((there, column), 1)), text)
    return covered


def is_filled(piece: Piece) -> bool:
    """Whether what a piece shows differs from plan to plan."""
    return isinstance(piece, (Slot, Formula, Fact))


def is_row_of_growing(sheet: Sheet, row: int) -> bool:
    """Whether a row is one of a table that grows."""
    return any(rows.growing and rows.first <= row <= rows.last for rows in sheet.rows.values())


def lead_of(row_id: str) -> str:
    """Give what an id begins with: the block, or a part of it."""
    return row_id.lstrip("#").partition("#")[0].partition("/")[0]


def is_head(row_id: str) -> bool:
    """Whether an id is that of a row of headers."""
    return row_id.lstrip("#").partition("#")[2].startswith("head")


def one_line(column_id: str) -> str:
    """Give a column's id as it stands in its hidden cell, one on each line."""
    return column_id.replace("\n", " ")


def single(found: Mapping[str, set[int]]) -> dict[str, int]:
    """Keep what is named once."""
    return {text: next(iter(places)) for text, places in found.items() if len(places) == 1}
