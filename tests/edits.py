"""What reps do to a workbook, one edit after the other, as if in a spreadsheet program."""

from __future__ import annotations

import datetime
import io
import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import python_calamine
import xlsxwriter
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.worksheet import Worksheet

from accountsheet.address import cell_name
from accountsheet.display import plain
from accountsheet.layout import Layout
from accountsheet.library import bundled
from accountsheet.pieces import Label
from accountsheet.plan import Plan
from small import changed


@dataclass(frozen=True)
class Cell:
    """A cell: its value, and its formula where it has one."""

    value: Any
    formula: str = ""


Tab = list[list[Cell]]
EMPTY = Cell("")
THREADS = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"


@dataclass(frozen=True)
class Beside:
    """A note on a cell, or a thread of comments."""

    tab: Tab
    row: int
    column: int
    text: str
    threaded: bool


@dataclass
class Book:
    """A workbook in the hands of a rep."""

    plan: Plan
    layout: Layout
    tabs: dict[str, Tab]
    chance: random.Random
    foreign: Mapping[str, Tab]
    """The tabs of the same plan in its other language, blank."""
    typed: list[str] = field(default_factory=list)
    pasted: set[str] = field(default_factory=set)
    """What a rep pasted where it is another answer."""
    filled: list[str] = field(default_factory=list)
    """What a rep typed in rows put in a table: there it is an answer."""
    notes: list[Beside] = field(default_factory=list)
    looks: list[tuple[Tab, Callable[[Worksheet], object]]] = field(default_factory=list)
    """What changes how a tab looks, and no value."""
    done: list[str] = field(default_factory=list)

    @property
    def shown(self) -> list[str]:
        """The tabs that a rep sees."""
        return [title for title in self.tabs if not title.startswith("_")]

    def any_tab(self) -> str:
        """Choose a tab that asks something."""
        asking = [title for title in self.shown if len(self.tabs[title]) > 6]
        return self.chance.choice(asking)

    def word(self) -> str:
        """Make up a text that stands nowhere else."""
        self.typed.append(f"typed {len(self.typed)} {self.chance.randrange(10**6)}")
        return self.typed[-1]


def tabs_of(data: bytes) -> dict[str, Tab]:
    """Read a workbook's cells with a second pair of eyes for the formulas."""
    values = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    formulas = openpyxl.load_workbook(io.BytesIO(data))
    result = {}
    for title in values.sheet_names:
        grid = values.get_sheet_by_name(title).to_python(skip_empty_area=False)
        tab = [[Cell(value) for value in line] for line in grid]
        for line in formulas[title].iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    text = getattr(cell.value, "text", cell.value)
                    put(tab, cell.row - 1, cell.column - 1, Cell(at(tab, cell.row - 1, cell.column - 1).value, str(text)))
        result[title] = tab
    return result


def at(tab: Tab, row: int, column: int) -> Cell:
    return tab[row][column] if row < len(tab) and column < len(tab[row]) else EMPTY


def put(tab: Tab, row: int, column: int, cell: Cell) -> None:
    while len(tab) <= row:
        tab.append([])
    tab[row] += [EMPTY] * (column + 1 - len(tab[row]))
    tab[row][column] = cell


def saved(book: Book, formulas: str) -> bytes:
    """Save a workbook as a program would: formulas `kept`, their values `dropped` (openpyxl), or pasted as `values`."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for title, tab in book.tabs.items():
        sheet = workbook.add_worksheet(title)
        for place, look in book.looks:
            with suppress(OverlappingRange):
                if place is tab:
                    look(sheet)
        for note in book.notes:
            if note.tab is tab:
                sheet.write_comment(note.row, note.column, "[Threaded comment]" if note.threaded else note.text)
        for row, line in enumerate(tab):
            for column, cell in enumerate(line):
                if cell.formula and formulas != "values":
                    sheet.write_formula(row, column, cell.formula, None, "" if formulas == "dropped" else cell.value)
                elif isinstance(cell.value, datetime.date):
                    sheet.write_datetime(row, column, cell.value, day)
                elif isinstance(cell.value, (int, float)):
                    sheet.write_number(row, column, cell.value)
                elif cell.value != "":
                    sheet.write_string(row, column, cell.value)
    workbook.close()
    return with_threads(out.getvalue(), book)


def with_threads(data: bytes, book: Book) -> bytes:
    """Add the threads of comments, as Excel keeps them beside the notes that stand in for them."""
    edits: dict[str, Callable[[bytes], bytes] | None] = {}
    parts: dict[str, bytes] = {}
    for number, tab in enumerate(book.tabs.values(), 1):
        notes = [note for note in book.notes if note.tab is tab and note.threaded]
        if notes:
            places = [cell_name(note.row, note.column) for note in notes]
            texts = "".join(
                f'<threadedComment ref="{place}"><text>{note.text}</text></threadedComment>'
                for place, note in zip(places, notes, strict=True)
            )
            part = f'<ThreadedComments xmlns="{THREADS}">{texts}</ThreadedComments>'
            parts[f"xl/threadedComments/threadedComment{number}.xml"] = part.encode()
            kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
            target = f"../threadedComments/threadedComment{number}.xml"
            relation = f'<Relationship Id="t" Type="{kind}" Target="{target}"/></Relationships>'.encode()
            edits[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = put_in(relation)
    return changed(data, edits, parts) if parts else data


def put_in(relation: bytes) -> Callable[[bytes], bytes]:
    """Put a relation at the end of a part."""
    return lambda part: part.replace(b"</Relationships>", relation)


def is_own_formula(cell: Cell) -> bool:
    """Whether a rep typed it."""
    return cell.formula.endswith("*2") and cell.formula[1:5].isdigit()


# ------------------------------------------------------------------------------------------------ what reps do


def insert_rows(book: Book) -> None:
    """Insert a row or two, now and then with a text in it."""
    tab = book.tabs[book.any_tab()]
    row = book.chance.randrange(len(tab))
    for _ in range(book.chance.choice([1, 1, 1, 2])):
        tab.insert(row, [])
    if book.chance.random() < 0.4:
        put(tab, row, book.chance.randrange(1, 4), Cell(book.word()))


def delete_empty_row(book: Book) -> None:
    """Delete a row that has no label, id or answer."""
    tab = book.tabs[book.any_tab()]
    empty = [row for row, line in enumerate(tab) if all(cell.value == "" and not cell.formula for cell in line)]
    if empty:
        del tab[book.chance.choice(empty)]


def insert_column(book: Book) -> None:
    """Insert a column, now and then with a text in it."""
    tab = book.tabs[book.any_tab()]
    column = book.chance.randrange(1, max(map(len, tab)) + 1)
    for line in tab:
        if len(line) > column:
            line.insert(column, EMPTY)
    if book.chance.random() < 0.3:
        put(tab, book.chance.randrange(3, len(tab)), column, Cell(book.word()))


def move_row(book: Book) -> None:
    """Cut a row and insert it elsewhere among those of its own block."""
    _, tab, rows = rows_of_a_block(book)
    if len(rows) > 1:
        source, target = book.chance.sample(rows, 2)
        tab.insert(target, tab.pop(source))


def sort_rows(book: Book) -> None:
    """Sort a block by its first column, its hidden ids with it."""
    _, tab, rows = rows_of_a_block(book)
    lines = [tab[row] for row in rows]
    book.chance.shuffle(lines)
    for row, line in zip(rows, lines, strict=True):
        tab[row] = line


def sort_what_one_sees(book: Book) -> None:
    """Sort a block and leave its hidden ids behind."""
    _, tab, rows = rows_of_a_block(book)
    lines = [tab[row][1:] for row in rows]
    book.chance.shuffle(lines)
    for row, line in zip(rows, lines, strict=True):
        tab[row] = [*tab[row][:1], *line]


def rows_of_a_block(book: Book) -> tuple[str, Tab, list[int]]:
    """Choose rows of one block that may stand in any order: of a table, or each with a label of its own."""
    titles = [title for title in book.shown if title in {sheet.title for sheet in book.layout.sheets}]
    title = book.chance.choice(titles or book.shown)
    tab = book.tabs[title]
    blocks: dict[str, list[int]] = defaultdict(list)
    for row in range(len(tab)):
        block, _, name = str(at(tab, row, 0).value).partition("/")
        kind = getattr(book.plan.blueprint.blocks.get(block.partition(".")[0]), "kind", "")
        if name and kind in ("form", "table"):
            blocks[block].append(row)
    fitting = [rows for rows in blocks.values() if rows == list(range(rows[0], rows[0] + len(rows)))]
    return title, tab, book.chance.choice(fitting) if fitting else []


def swap_columns(book: Book) -> None:
    """Move a whole column, its hidden ids with it."""
    tab = book.tabs[book.any_tab()]
    wide = max(map(len, tab))
    if wide > 3:
        source, target = book.chance.sample(range(1, wide), 2)
        for line in tab:
            line += [EMPTY] * (wide - len(line))
            line.insert(target, line.pop(source))


def rename_tab(book: Book) -> None:
    """Give a tab another name."""
    title = book.any_tab()
    book.tabs = {(f"Tab {len(book.done)}" if each == title else each): tab for each, tab in book.tabs.items()}


def reorder_tabs(book: Book) -> None:
    """Drag the tabs about."""
    titles = list(book.tabs)
    book.chance.shuffle(titles)
    book.tabs = {title: book.tabs[title] for title in titles}


def copy_tab(book: Book) -> None:
    """Copy a tab, and perhaps type in the copy."""
    title = book.any_tab()
    copy = [list(line) for line in book.tabs[title]]
    if book.chance.random() < 0.5:
        put(copy, book.chance.randrange(3, len(copy)), book.chance.randrange(1, 4), Cell(book.word()))
    book.tabs[f"{title[:20]} ({len(book.done) + 2})"] = copy


def clear_row_ids(book: Book) -> None:
    """Empty the hidden column."""
    tab = book.tabs[book.any_tab()]
    for line in tab[1:]:
        line[:1] = [EMPTY] if line else []


def clear_column_ids(book: Book) -> None:
    """Empty the hidden row, but for the stamp."""
    tab = book.tabs[book.any_tab()]
    tab[0] = tab[0][:1]


def clear_stamp(book: Book) -> None:
    """Empty the hidden cell that says what the tab is."""
    tab = book.tabs[book.any_tab()]
    if tab[0]:
        tab[0][0] = EMPTY


def clear_all_ids(book: Book) -> None:
    """Delete the hidden row and column as an inspector of documents does."""
    tab = book.tabs[book.any_tab()]
    tab[0] = []
    for line in tab:
        line[:1] = [EMPTY] if line else []


def delete_hidden_column(book: Book) -> None:
    """Delete the hidden column itself."""
    for line in book.tabs[book.any_tab()]:
        del line[:1]


def delete_hidden_row(book: Book) -> None:
    """Delete the hidden row itself."""
    del book.tabs[book.any_tab()][0]


def clear_some_ids(book: Book) -> None:
    """Empty some cells of the hidden column."""
    tab = book.tabs[book.any_tab()]
    for line in book.chance.sample(tab[1:], min(3, len(tab) - 1)):
        line[:1] = [EMPTY] if line else []


def delete_end(book: Book) -> None:
    """Delete the grey closing row of a table."""
    ends = [(tab, row) for title in book.shown for tab in [book.tabs[title]] for row in range(len(tab))
            if str(at(tab, row, 0).value).endswith("#end")]  # fmt: skip
    if ends:
        tab, row = book.chance.choice(ends)
        del tab[row]


def more_rows(book: Book) -> None:
    """Insert rows above the closing line of a table and fill them in."""
    ends = [(tab, row) for title in book.shown for tab in [book.tabs[title]] for row in range(len(tab))
            if str(at(tab, row, 0).value).endswith("#end")]  # fmt: skip
    if ends:
        tab, row = book.chance.choice(ends)
        block = str(at(tab, row, 0).value).removesuffix("#end")
        grows = any(sheet.rows[block].growing for sheet in book.layout.sheets if block in sheet.rows)
        for number in range(book.chance.choice([1, 3, 9])):
            tab.insert(row + number, [EMPTY, Cell(book.word())])
            book.filled += book.typed[-1:] if grows else []


def translate_labels(book: Book) -> None:
    """Paste the labels of the same tab in the other language."""
    title = book.any_tab()
    number = next((place for place, each in enumerate(book.layout.sheets) if each.title == title), None)
    if number is None or len(book.done) > 0:
        return
    other, tab = list(book.foreign.values())[number], book.tabs[title]
    for piece in book.layout.sheets[number].pieces:
        if isinstance(piece, Label) and piece.text:
            put(tab, piece.row, piece.column, at(other, piece.row, piece.column))


def paste_elsewhere(book: Book) -> None:
    """Select what one sees of a tab, and paste it as values on a tab of another shape."""
    title = book.any_tab()
    down, right = book.chance.randrange(4), book.chance.randrange(4)
    lines = [[Cell(cell.value) for cell in line[1:]] for line in book.tabs[title][1:]]
    book.tabs[title] = [*([] for _ in range(down)), *([*[EMPTY] * right, *line] for line in lines)]


def type_somewhere(book: Book) -> None:
    """Type a text in an empty cell."""
    tab = book.tabs[book.any_tab()]
    row, column = book.chance.randrange(3, len(tab) + 3), book.chance.randrange(1, 12)
    if at(tab, row, column) == EMPTY:
        put(tab, row, column, Cell(book.word()))


def type_past_end(book: Book) -> None:
    """Go on typing below the last row of a table, over its closing row."""
    ends = [(tab, row) for title in book.shown for tab in [book.tabs[title]] for row in range(len(tab))
            if str(at(tab, row, 0).value).endswith("#end")]  # fmt: skip
    if ends:
        tab, row = book.chance.choice(ends)
        while row < len(tab) + 3 and all(cell == EMPTY for cell in (tab[row] if row < len(tab) else [])[1:]):
            put(tab, row, 1, Cell(book.word()))
            row += 1


def paste_over_row_ids(book: Book) -> None:
    """Paste something over a part of the hidden column."""
    tab = book.tabs[book.any_tab()]
    row = book.chance.randrange(1, len(tab))
    for place in range(row, min(len(tab), row + book.chance.choice([1, 3, 8]))):
        put(tab, place, 0, Cell(book.word()))


def paste_over_column_ids(book: Book) -> None:
    """Paste something over a part of the hidden row."""
    tab = book.tabs[book.any_tab()]
    for column in book.chance.sample(range(1, max(map(len, tab))), 2):
        put(tab, 0, column, Cell(book.word()))


def own_tab(book: Book) -> None:
    """Make a tab of one's own."""
    tab: Tab = []
    for row, column in ((1, 1), (1, 2), (4, 6)):
        put(tab, row, column, Cell(book.word()))
    book.tabs[f"Mine {len(book.done)}"] = tab


def write_note(book: Book) -> None:
    """Write a note beside a cell, or begin a thread of comments there."""
    tab = book.tabs[book.chance.choice(book.shown)]
    for _ in range(2):
        row, column = book.chance.randrange(len(tab)), book.chance.randrange(1, 6)
        if all((note.tab is not tab) or (note.row, note.column) != (row, column) for note in book.notes):
            book.notes.append(Beside(tab, row, column, book.word(), book.chance.random() < 0.5))


def merge_cells(book: Book) -> None:
    """Merge some cells of which the first alone holds something."""
    tab = book.tabs[book.any_tab()]
    row, column = book.chance.randrange(3, len(tab)), book.chance.randrange(1, 6)
    down, right = book.chance.choice([(0, 1), (1, 0), (2, 3)])
    others = [(row + below, column + beside) for below in range(down + 1) for beside in range(right + 1) if below or beside]
    if all(at(tab, *place) == EMPTY for place in others):
        book.looks.append((tab, lambda sheet: sheet.merge_range(row, column, row + down, column + right, "")))


def hide_rows(book: Book) -> None:
    """Hide rows and a column."""
    tab = book.tabs[book.any_tab()]
    row, column = book.chance.randrange(1, len(tab)), book.chance.randrange(1, 6)
    for place in range(row, row + 4):
        book.looks.append((tab, lambda sheet, place=place: sheet.set_row(place, None, None, {"hidden": True})))
    book.looks.append((tab, lambda sheet: sheet.set_column(column, column, None, None, {"hidden": True})))


def filter_rows(book: Book) -> None:
    """Put a filter on a table, which hides the rows that do not match."""
    _, tab, rows = rows_of_a_block(book)
    if rows:
        wide = max(len(tab[row]) for row in rows)
        book.looks.append((tab, lambda sheet: sheet.autofilter(rows[0] - 1, 1, rows[-1], max(wide - 1, 1))))
        book.looks.append((tab, lambda sheet: sheet.filter_column(1, "x == *a*")))
        for place in rows[::2]:
            book.looks.append((tab, lambda sheet, place=place: sheet.set_row(place, None, None, {"hidden": True})))


def paste_in_another_workbook(book: Book) -> None:
    """Paste what one sees of each tab as values in a workbook of one's own, which has no hidden tabs, rows or columns."""
    hidden = len(book.tabs) > len(book.shown)
    if hidden and book.plan.blueprint.id in bundled():  # any other is known by the hidden tab alone
        book.tabs = {title: [[Cell(cell.value) for cell in line[1:]] for line in book.tabs[title][1:]] for title in book.shown}


HEALED: tuple[Callable[[Book], None], ...] = (
    insert_rows, delete_empty_row, insert_column, move_row, sort_rows, sort_what_one_sees, swap_columns, rename_tab,
    reorder_tabs, copy_tab, clear_row_ids, clear_column_ids, clear_stamp, clear_all_ids, delete_hidden_column,
    delete_hidden_row, clear_some_ids, delete_end, more_rows, translate_labels, paste_elsewhere, type_somewhere,
    type_past_end, paste_over_row_ids, paste_over_column_ids, own_tab, write_note, merge_cells, hide_rows, filter_rows,
    paste_in_another_workbook,
)  # fmt: skip
"""What is put right: every answer that is still there comes back."""


def delete_row(book: Book) -> None:
    """Delete any row."""
    tab = book.tabs[book.any_tab()]
    del tab[book.chance.randrange(len(tab))]


def delete_column(book: Book) -> None:
    """Delete any column."""
    tab = book.tabs[book.any_tab()]
    column = book.chance.randrange(max(map(len, tab)))
    for line in tab:
        del line[column : column + 1]


def delete_tab(book: Book) -> None:
    """Delete a tab."""
    if len(book.shown) > 2:
        del book.tabs[book.any_tab()]


def overwrite(book: Book) -> None:
    """Paste a text over a cell, whatever it holds."""
    tab = book.tabs[book.any_tab()]
    put(tab, book.chance.randrange(len(tab)), book.chance.randrange(1, 6), Cell(book.word()))


def paste_over(book: Book) -> None:
    """Paste a block of cells over others."""
    tab = book.tabs[book.any_tab()]
    row, column = book.chance.randrange(3, len(tab)), book.chance.randrange(1, 4)
    for down in range(book.chance.choice([2, 5, 12])):
        for right in range(book.chance.choice([1, 3])):
            put(tab, row + down, column + right, Cell(book.word()))


def copy_row(book: Book) -> None:
    """Copy a row, ids and all, and insert the copy below it."""
    tab = book.tabs[book.any_tab()]
    row = book.chance.randrange(3, len(tab))
    tab.insert(row, list(tab[row]))


def copy_row_over(book: Book) -> None:
    """Copy what one sees of a row over another."""
    tab = book.tabs[book.any_tab()]
    source, target = book.chance.randrange(3, len(tab)), book.chance.randrange(3, len(tab))
    tab[target] = [*tab[target][:1], *tab[source][1:]]
    book.pasted |= {plain(cell.value) for cell in tab[source]}


def shift_cells(book: Book) -> None:
    """Delete one cell of the ids or labels and let those below it move up."""
    tab = book.tabs[book.any_tab()]
    column, row = book.chance.randrange(2), book.chance.randrange(3, len(tab))
    for place in range(row, len(tab)):
        put(tab, place, column, at(tab, place + 1, column))


def own_formula(book: Book) -> None:
    """Type a formula in an empty cell."""
    tab = book.tabs[book.any_tab()]
    row, column = book.chance.randrange(3, len(tab) + 2), book.chance.randrange(1, 9)
    if at(tab, row, column) == EMPTY:
        number = book.chance.randrange(1000, 9999)
        put(tab, row, column, Cell(float(number * 2), f"={number}*2"))


HARSH: tuple[Callable[[Book], None], ...] = (
    delete_row, delete_column, delete_tab, overwrite, paste_over, copy_row, copy_row_over, shift_cells, own_formula,
)  # fmt: skip
"""What cannot all be put right: nothing that is still there is lost, and nothing is taken for another answer in silence."""


DECEIVING = {"shift_cells", "delete_column", "delete_row", "copy_row_over", "overwrite", "paste_over", "sort_what_one_sees"}
"""What leaves a label or an id beside another answer than its own: of two of them, nothing tells any more what was meant."""
