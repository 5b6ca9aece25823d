"""What reps do to a workbook, at random: a plan is written, edited as a person would, read again, and held against itself."""

from __future__ import annotations

import datetime
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from accountsheet.accounts import Account
from accountsheet.address import Key, cell_name, cell_place
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.display import plain
from accountsheet.pieces import Slot
from accountsheet.plan import Plan, layout_for
from accountsheet.reader import Reading, read_workbook
from accountsheet.source import read_blueprint
from accountsheet.wording import word
from accountsheet.writer import write_plan
from edits import DECEIVING, HARSH, HEALED, Book, Tab, is_own_formula, saved, tabs_of
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
    told: dict[str, list[Area]] = defaultdict(list)
    for finding in reading.findings:
        if finding.cell and finding.raw:
            first, _, last = finding.cell.partition(":")
            told[finding.sheet].append(Area(*cell_place(first), *cell_place(last or first), finding.raw))
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
                said = (text, cell.formula) if cell.formula else (text,)
                inside = any(area.holds(row, column) and any(each in area.raw for each in said) for area in told[title])
                if (title, cell_name(row, column)) in covered or inside or text in given.own:
                    continue
                if title in again and text in answered:
                    continue
                if text in values_of_formulas(given):
                    continue
                lost.append(f"{title}!{cell_name(row, column)} {text!r}")
    there_still = [note.text for note in book.notes if any(note.tab is tab for tab in book.tabs.values())]
    lost += [f"note {text!r}" for text in there_still if sum(text in finding.raw for finding in reading.findings) != 1]
    mistaken = mistaken_in(given, book, reading, told, there) + out_of_order(given, reading)
    return lost, mistaken, missing_from(given, reading, there) + [text for text in book.filled if text not in placed(reading)]


class Area(NamedTuple):
    """Some cells that a finding is about, and what it says stands in them."""

    top: int
    left: int
    bottom: int
    right: int
    raw: str

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is one of them."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


def placed(reading: Reading) -> str:
    """Give all that was read as an answer, or was to be one."""
    told = (finding.raw for finding in reading.findings if finding.block and finding.field)
    return "\n".join([*(origin.raw for origin in reading.origins.values()), *told])


def out_of_order(given: Base, reading: Reading) -> list[str]:
    """Find rows of tables that are not numbered as they stand below each other: one row, one number."""
    assert reading.plan is not None
    numbers: dict[tuple[str, str], set[tuple[int, int]]] = defaultdict(set)
    tables = {block for sheet in given.plan.layout().sheets for block, rows in sheet.rows.items() if rows.growing}
    for key, origin in reading.origins.items():
        if key.block in tables and isinstance(key.row, int):
            numbers[key.block, origin.sheet].add((cell_place(origin.cell)[0], key.row))
    return [
        f"rows of {block} on {sheet}: {sorted(pairs)}"
        for (block, sheet), pairs in numbers.items()
        if [number for _, number in sorted(pairs)] != sorted({number for _, number in pairs})
        or len({row for row, _ in pairs}) < len(pairs)
    ]


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
    told: Mapping[str, list[Area]],
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
        inside = any(area.holds(row, column) for area in told[origin.sheet])
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
