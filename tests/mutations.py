"""What reps do to a workbook, at random: a plan is written, edited as a person would, read again, and held against itself."""

from __future__ import annotations

import datetime
import io
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine
import xlsxwriter

from accountsheet.accounts import Account
from accountsheet.address import Key, cell_name, cell_place
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.fields import plain
from accountsheet.layout import Layout
from accountsheet.pieces import Label, Slot
from accountsheet.plan import Plan, layout_for
from accountsheet.reader import Reading, read_workbook
from accountsheet.source import read_blueprint
from accountsheet.wording import word
from accountsheet.writer import write_plan
from plans import TODAY, blueprint

MIXED = """
blueprint: mixed
version: "1"
title: {en: Mixed, nl: Gemengd}
languages: [en, nl]
lists:
  phases: {open: {en: open, nl: lopend}, won: {en: won, nl: gewonnen}}
  products: {roof: {en: Roof, nl: Dak}, wall: {en: Wall, nl: Muur}, floor: {en: Floor, nl: Vloer}}
sections:
  facts:
    title: {en: Facts, nl: Feiten}
    blocks:
      facts:
        kind: form
        title: {en: The facts, nl: De feiten}
        fields:
          motto: {label: {en: Motto, nl: Motto}, required: true}
          goal: {label: {en: Goal, nl: Doel}, help: {en: What they want., nl: Wat zij willen.}}
          revenue: {label: {en: Revenue, nl: Omzet}, type: money}
          doubled: {type: calc, label: {en: Doubled, nl: Verdubbeld}, value: "revenue * 2", as: money}
          since: {label: {en: Since, nl: Sinds}, type: date}
      people:
        kind: form
        title: {en: The people, nl: De mensen}
        fields:
          boss: {label: {en: Boss, nl: Baas}}
          goal: {label: {en: Goal, nl: Doel}}
          count: {label: {en: How many, nl: Hoeveel}, type: number}
  deals:
    title: {en: Deals, nl: Zaken}
    blocks:
      deals:
        kind: table
        rows: "6"
        fields:
          name: {label: {en: Name, nl: Naam}}
          amount: {label: {en: Amount, nl: Bedrag}, type: money, total: sum}
          day: {label: {en: Day, nl: Dag}, type: date}
          phase: {label: {en: Phase, nl: Fase}, type: choice, list: phases}
      visits:
        kind: table
        title: {en: Visits, nl: Bezoeken}
        rows: "4"
        fields:
          who: {label: {en: Who, nl: Wie}}
          why: {label: {en: Why, nl: Waarom}}
  regions:
    title: {en: Regions, nl: Regios}
    blocks:
      regions:
        kind: table
        title: {en: By region, nl: Per regio}
        items:
          {north: {en: North, nl: Noord}, east: {en: East, nl: Oost}, south: {en: South, nl: Zuid}, west: {en: West, nl: Westen}}
        fields:
          sold: {label: {en: Sold, nl: Verkocht}, type: money}
          hoped: {label: {en: Hoped for, nl: Gehoopt}, type: money}
          why: {label: {en: Reason, nl: Reden}}
      strong:
        kind: quadrant
        title: {en: Strong and weak, nl: Sterk en zwak}
        rows: "3"
        boxes: {strengths: {label: {en: Strengths, nl: Sterk}}, weaknesses: {label: {en: Weaknesses, nl: Zwak}}}
        fields: {text: {label: {en: Text, nl: Tekst}}}
"""
ACCOUNT = Account("M-1", "Mutation Works (verzonnen)", owner="Robin")


@cache
def mixed() -> Blueprint:
    """Read the blueprint that has a block of most kinds on few tabs."""
    found, findings = read_blueprint(MIXED, "mixed.yaml", kinds())
    assert found is not None and findings == [], findings
    return found


# ------------------------------------------------------------------------------------------- a workbook to edit


@dataclass(frozen=True)
class Cell:
    """A cell: its value, and its formula where it has one."""

    value: Any
    formula: str = ""


Tab = list[list[Cell]]
EMPTY = Cell("")


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


@dataclass(frozen=True)
class Base:
    """A workbook as it was filled in, and what the generator wrote in it."""

    plan: Plan
    data: bytes
    tabs: Mapping[str, Tab]
    foreign: Mapping[str, Tab]
    own: frozenset[str]
    """Every text that the generator wrote, whatever was filled in."""


@cache
def base(name: str, seed: int) -> Base:
    """Fill a plan in, each answer as unlike any other as its question allows."""
    which = mixed() if name == "mixed" else blueprint(name)
    language = which.languages[seed % len(which.languages)]
    other = next((each for each in which.languages if each != language), language)
    layout = layout_for(which, language, 2026, (), frozenset())
    chance = random.Random(seed)
    answers = {}
    for number, (key, slot) in enumerate(layout.slots.items()):
        if chance.random() < 0.8 and slot.asked.field.source != "account_id":
            value = unlike(slot, number, chance)
            if value is not None:
                answers[key] = value
    plan = Plan(which, ACCOUNT, language, 2026, answers)
    blank = Plan(which, ACCOUNT, language, 2026)
    data, bare = written(plan), written(blank)
    own = {plain(cell.value) for tab in tabs_of(bare).values() for line in tab for cell in line if cell.value != ""}
    translated = written(replace(blank, language=other))
    own |= {plain(cell.value) for tab in tabs_of(translated).values() for line in tab for cell in line if cell.value != ""}
    return Base(plan, data, tabs_of(data), tabs_of(translated), frozenset(own))


def written(plan: Plan) -> bytes:
    """Write a plan."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        assert write_plan(plan, path, today=TODAY) == []
        return path.read_bytes()


def unlike(slot: Slot, number: int, chance: random.Random) -> Any:
    """Make an answer that is told from all others where it can be."""
    asked = slot.asked.field
    if asked.type == "text" or asked.type == "long_text":
        return f"answer {number}"
    if asked.type == "money":
        return 100_000.0 + number
    if asked.type == "number" and asked.minimum is None and asked.maximum is None:
        return 10_000.0 + number
    if asked.type == "date":
        return datetime.date(2027, 1, 1) + datetime.timedelta(days=number % 900)
    if asked.type == "choice":
        return chance.choice(list(slot.asked.labels))
    return None


def saved(book: Book, formulas: str) -> bytes:
    """Save a workbook as a program would: formulas `kept`, their values `dropped` (openpyxl), or pasted as `values`."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    for title, tab in book.tabs.items():
        sheet = workbook.add_worksheet(title)
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
    return out.getvalue()


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
        for number in range(book.chance.choice([1, 3, 9])):
            tab.insert(row + number, [EMPTY, Cell(book.word())])


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


HEALED: tuple[Callable[[Book], None], ...] = (
    insert_rows, delete_empty_row, insert_column, move_row, sort_rows, sort_what_one_sees, swap_columns, rename_tab,
    reorder_tabs, copy_tab, clear_row_ids, clear_column_ids, clear_stamp, clear_all_ids, delete_hidden_column,
    delete_hidden_row, clear_some_ids, delete_end, more_rows, translate_labels, paste_elsewhere, type_somewhere,
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


# ------------------------------------------------------------------------------------------------ and what is read


@dataclass(frozen=True)
class Case:
    """One workbook that reps had their hands on, and how it was read."""

    name: str
    seed: int
    book: Book
    reading: Reading
    lost: list[str]
    """Cells that are neither an answer nor in a finding."""
    mistaken: list[str]
    """Answers that were taken for others, without a word."""
    missing: list[str]
    """Answers that are still there and did not come back."""

    def __str__(self) -> str:
        return f"{self.name} {self.seed}: {', '.join(self.book.done)}"


def edited(name: str, seed: int, edits: Iterable[Callable[[Book], None]], formulas: str = "kept") -> Case:
    """Edit a filled-in plan, and read it."""
    given = base(name, seed % 4)
    chance = random.Random(seed)
    tabs = {title: [list(line) for line in tab] for title, tab in given.tabs.items()}
    book = Book(given.plan, given.plan.layout(), tabs, chance, given.foreign)
    for edit in edits:
        edit(book)
        book.done.append(edit.__name__)
    book.done.append(formulas)
    reading = read_workbook(saved(book, formulas), "edited.xlsx")
    return Case(name, seed, book, reading, *held(given, book, reading, formulas))


def held(given: Base, book: Book, reading: Reading, formulas: str) -> tuple[list[str], list[str], list[str]]:
    """Hold what was read against what stands in the workbook: what is lost, mistaken or missing."""
    if reading.plan is None:
        return [str(each) for each in reading.findings], [], []
    covered = {(origin.sheet, origin.cell) for origin in reading.origins.values()}
    answered = {origin.raw for origin in reading.origins.values()} | {finding.raw for finding in reading.findings}
    told: dict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    for finding in reading.findings:
        if finding.cell and finding.raw:
            first, _, last = finding.cell.partition(":")
            told[finding.sheet].append((*cell_place(first), *cell_place(last or first)))
    again = {finding.sheet for finding in reading.findings if finding.code == "tab-copied"}
    again |= {each.sheet for each in reading.findings if words("rows_repeated", each.message)}
    lost, there = [], Counter()
    for title, tab in book.tabs.items():
        if title.startswith("_"):
            continue
        for row, line in enumerate(tab):
            for column, cell in enumerate(line):
                text = plain(cell.value)
                if cell.value == "" or (cell.formula and formulas != "values" and not is_own_formula(cell)):
                    continue
                there[text] += 1
                inside = any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in told[title])
                if (title, cell_name(row, column)) in covered or inside or text in given.own:
                    continue
                if title in again and text in answered:
                    continue
                if text in values_of_formulas(given):
                    continue
                lost.append(f"{title}!{cell_name(row, column)} {text!r}")
    return lost, mistaken_in(given, book, reading, told, there), missing_from(given, reading, there)


def is_own_formula(cell: Cell) -> bool:
    """Whether a rep typed it."""
    return cell.formula.endswith("*2") and cell.formula[1:5].isdigit()


@cache
def _values(data: bytes) -> frozenset[str]:
    return frozenset(plain(cell.value) for tab in tabs_of(data).values() for line in tab for cell in line if cell.formula)


def values_of_formulas(given: Base) -> frozenset[str]:
    """Give what the calculations showed."""
    return _values(given.data)


def growing(given: Base) -> set[str]:
    """Name the blocks whose rows may stand in any order: those of tables that grow, and the lines of a box."""
    lines = {block.id for block in given.plan.blueprint.blocks.values() if block.kind in ("quadrant", "canvas")}
    return lines.union(block for sheet in given.plan.layout().sheets for block, rows in sheet.rows.items() if rows.growing)


def shown_values(given: Base) -> dict[str, Key]:
    """Give the answers that are told from all others, as they stand in their cells."""
    texts: dict[str, list[Key]] = defaultdict(list)
    for key, value in given.plan.answers.items():
        slot = given.plan.layout().slots[key]
        if not slot.asked.labels:
            texts[plain(value)].append(key)
    return {text: keys[0] for text, keys in texts.items() if len(keys) == 1 and text not in given.own}


def mistaken_in(
    given: Base,
    book: Book,
    reading: Reading,
    told: Mapping[str, list[tuple[int, int, int, int]]],
    there: Mapping[str, int],
) -> list[str]:
    """Find answers that came back as the answer to something else, without a word about their cell."""
    assert reading.plan is not None
    known, free = shown_values(given), growing(given)
    if sum(name in DECEIVING for name in book.done) > 1:
        return []
    found = []
    for key, value in reading.plan.answers.items():
        home, origin = known.get(plain(value)), reading.origins[key]
        row, column = cell_place(origin.cell)
        inside = any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in told[origin.sheet])
        copied = there[plain(value)] > 1 or plain(value) in book.pasted
        if home is None or copied or inside or home == key:
            continue
        if home.block in free and home._replace(row="") == key._replace(row=""):
            continue
        said = [each.message for each in reading.findings if each.sheet == origin.sheet]
        if any(row + 1 in words(name, message) for message in said for name in ("labels_ruled", "marks_gone", "labels_gone")):
            continue
        found.append(f"{plain(value)!r} of {tuple(home)} read as {tuple(key)} at {origin.sheet}!{origin.cell}")
    return found


def words(name: str, message: str) -> set[int]:
    """Give the rows that a tab's repair names."""
    found: set[int] = set()
    for language in ("en", "nl"):
        before = word(name, language, where="")
        listed = re.search(re.escape(before) + r"([\d–, ]+)", message)
        for part in listed[1].split(",") if listed else ():
            first, _, last = part.strip().partition("–")
            found.update(range(int(first), int(last or first) + 1) if first else ())
    return found


def missing_from(given: Base, reading: Reading, there: Mapping[str, int]) -> list[str]:
    """Find answers that are still there and did not come back."""
    assert reading.plan is not None
    back = Counter(plain(value) for value in reading.plan.answers.values())
    return [f"{text!r} of {tuple(key)}" for text, key in shown_values(given).items() if there[text] and not back[text]]


def random_case(seed: int, name: str = "mixed") -> Case:
    """Make a case of a few edits of any kind."""
    chance = random.Random(seed)
    edits = [chance.choice(HEALED + HARSH) for _ in range(chance.choice([1, 2, 2, 3, 4]))]
    return edited(name, seed, edits, chance.choice(["kept", "kept", "dropped", "values"]))


def healed_case(seed: int, edit: Callable[[Book], None], name: str = "mixed") -> Case:
    """Make a case of one edit that is put right."""
    return edited(name, seed, [edit], random.Random(seed).choice(["kept", "kept", "dropped", "values"]))


def soak(seconds: float, seed: int) -> int:
    """Try cases for a while; prints those that fail, and how many were tried."""
    import time

    names = ["mixed"] * 12 + ["overview-sheet", "account-plan", "account-selection", "key-account-notes", "twelve-bases"]
    until, tried, failed = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        name = names[seed % len(names)]
        case = random_case(seed, name) if seed % 2 else healed_case(seed, HEALED[seed // 2 % len(HEALED)], name)
        wrong = case.lost + case.mistaken + ([] if seed % 2 else case.missing)
        if wrong:
            failed += 1
            print(f"{case}\n    " + "\n    ".join(wrong[:4]), flush=True)
        tried, seed = tried + 1, seed + 1
    print(f"{tried} cases, {failed} wrong; the next seed is {seed}")
    return failed


if __name__ == "__main__":
    length = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    start = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**9)
    print(f"seed {start}")
    sys.exit(bool(soak(length, start)))
