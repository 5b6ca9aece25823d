"""A filled-in workbook read back by the layout it was painted from: answers, and a finding for all that is not one."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from accountsheet.accounts import Account
from accountsheet.address import Key, cell_name
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.embedding import unpacked
from accountsheet.extent import too_far
from accountsheet.fields import plain, type_of
from accountsheet.figures import Figures
from accountsheet.finding import Finding, UsageProblem
from accountsheet.layout import FORMAT, Layout
from accountsheet.library import bundled, open_blueprint
from accountsheet.mapping import Alignment, Grid, align, cell, in_place, stamp_cell
from accountsheet.package import Package, TooLarge
from accountsheet.phrases import remark
from accountsheet.pieces import Fact, Formula, Label, Link, Sheet, Slot, ids_text
from accountsheet.plan import Plan, for_account, layout_for
from accountsheet.source import read_blueprint
from accountsheet.writer import META, facts_of

LARGEST_FILE = 50 * 2**20
SUMMARY = "summary"
"""What stands in the stamp of a workbook for management, which is no plan."""
OWN_SHEETS = frozenset({META, "_work", "_lists"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer came from, and what was typed."""

    sheet: str
    cell: str
    raw: str


@dataclass(frozen=True)
class Reading:
    """One workbook as it was read; without a plan, the findings say why."""

    file: str
    sha256: str = ""
    plan: Plan | None = None
    origins: Mapping[Key, Origin] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    saved_by: str = ""
    modified: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """What a workbook says of itself."""

    blueprint: Blueprint
    account: Account
    language: str
    year: int
    due: datetime.date | None
    prefilled: frozenset[Key]
    sizes: Mapping[str, int]


def as_tuple(value: Any) -> Any:
    """Give JSON's lists back as tuples."""
    return tuple(as_tuple(each) for each in value) if isinstance(value, list) else value


class Unusable(Exception):
    """A file that no plan can be read from; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def read_workbook(data: bytes, file: str, *, modified: datetime.datetime | None = None) -> Reading:
    """Read a workbook's bytes; `modified` is the file's own date, where the workbook has none. Never raises for a bad file."""
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        return Session(data, file, sha256, modified).read()
    except Unusable as problem:
        return Reading(file, sha256, findings=(problem.finding.at(file=file),), modified=modified)


class Session:
    """The reading of one workbook."""

    def __init__(self, data: bytes, file: str, sha256: str, modified: datetime.datetime | None) -> None:
        self.data, self.file, self.sha256, self.file_date = data, file, sha256, modified
        self.findings: list[Finding] = []
        self.answers: dict[Key, Any] = {}
        self.origins: dict[Key, Origin] = {}
        self.language = "en"
        self.section_of: Mapping[str, str] = {}

    def read(self) -> Reading:
        """Read it all."""
        package = self.open()
        grids = self.grids()
        meta = self.meta(grids)
        self.language = meta.language
        own = for_account(meta.blueprint, meta.account)
        self.section_of = {block: section.id for block, section in own.section_of.items()}
        tabs = self.tabs(grids, layout_for(own, meta.language, meta.year, meta.sizes.items(), meta.prefilled))
        layout, alignments = self.line_up(tabs, own, meta)
        for number, sheet in enumerate(layout.sheets):
            if sheet.id in tabs:
                title, grid = tabs[sheet.id]
                self.read_sheet(sheet, layout, number, title, grid, alignments[sheet.id], package)
            elif not sheet.hidden:
                self.remark("section-missing", sheet=sheet.title, section=sheet.id, title=sheet.title)
        self.check_identity(meta)
        plan = Plan(meta.blueprint, meta.account, meta.language, meta.year, self.answers, meta.prefilled, meta.due)
        self.walk(plan, layout, tabs, alignments, grids, package)
        findings = tuple(finding.at(file=self.file) for finding in self.findings)
        return Reading(self.file, self.sha256, plan, self.origins, findings, package.saved_by, package.modified or self.file_date)

    def remark(self, code: str, **facts: Any) -> None:
        """Note something in the plan's language."""
        self.findings.append(remark(code, self.language, **facts))

    def place(self, piece: Slot, sheet: Sheet) -> dict[str, str]:
        """Say where in the plan a slot stands: a tab may hold several sections."""
        block, row, column, field = piece.key
        section = self.section_of.get(block, sheet.id)
        return {"section": section, "block": block, "row": str(row), "column": column, "field": field}

    def open(self) -> Package:
        """Look at the file from outside: is it a workbook, and no larger than a plan can be?"""
        if len(self.data) > LARGEST_FILE:
            raise Unusable(remark("workbook-too-large", why=f"{len(self.data) // 2**20} MB"))
        if self.data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise Unusable(remark("workbook-form"))
        try:
            package = Package(io.BytesIO(self.data))
            far, last = too_far(package)
        except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as problem:
            if isinstance(problem, TooLarge):
                raise Unusable(remark("workbook-too-large", why=str(problem))) from problem
            raise Unusable(remark("workbook-damaged", why=str(problem) or type(problem).__name__)) from problem
        except Exception as problem:  # zlib.error and its kin: a broken zip may raise anything
            raise Unusable(remark("workbook-damaged", why=str(problem) or type(problem).__name__)) from problem
        if far:
            raise Unusable(remark("sheet-too-far", sheet=far, cell=last))
        if package.twice:
            raise Unusable(remark("workbook-damaged", why=f"{package.twice[0]} × 2"))
        if not package.sheets:
            raise Unusable(remark("not-a-workbook"))
        return package

    def grids(self) -> dict[str, Grid]:
        """Read every sheet's cells."""
        import python_calamine

        try:
            workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(self.data))
            return {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names}
        except python_calamine.CalamineError as problem:
            raise Unusable(remark("workbook-damaged", why=str(problem))) from problem
        except BaseException as problem:  # The parser's panics lie outside Exception.
            if isinstance(problem, (KeyboardInterrupt, SystemExit)):
                raise
            raise Unusable(remark("workbook-damaged", why=type(problem).__name__)) from problem

    def meta(self, grids: Mapping[str, Grid]) -> Meta:
        """Read what the workbook says of itself."""
        rows = next(
            (grid for grid in grids.values() if str(cell(grid, 0, 0)) == "accountsheet" and cell(grid, 1, 0) == "blueprint"), None
        )
        if rows is None:
            return self.meta_from_stamp(grids)
        facts = {str(cell(rows, row, 0)): plain(cell(rows, row, 1)) for row in range(len(rows))}
        if facts["accountsheet"] != FORMAT:
            raise Unusable(remark("workbook-newer", form=facts["accountsheet"]))
        source = "".join(plain(line[1]) for line in rows if line and line[0] == "source")
        blueprint = embedded(source)
        if blueprint is None:
            raise Unusable(remark("meta-broken", why="source"))
        try:
            account: dict[str, Any] = {name: as_tuple(value) for name, value in json.loads(facts["account"]).items()}
            due = datetime.date.fromisoformat(facts["due"]) if facts.get("due") else None
            prefilled = frozenset(Key(*key) for key in json.loads(facts["prefilled"]))
            language = facts["language"] if facts["language"] in blueprint.languages else "en"
            sizes = {str(block): min(int(size), 2_000) for block, size in json.loads(facts["sizes"]).items()}
            return Meta(blueprint, Account(**account), language, int(facts["year"]), due, prefilled, sizes)
        except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as problem:
            raise Unusable(remark("meta-broken", why=str(problem))) from problem

    def meta_from_stamp(self, grids: Mapping[str, Grid]) -> Meta:
        """Make do with what each tab says, where the hidden sheet is gone."""
        for grid in grids.values():
            corner = stamp_cell(grid)
            if corner is None:
                continue
            parts = str(cell(grid, *corner)).split("|", 7)
            if parts[1] == SUMMARY:
                raise Unusable(remark("own-summary"))
            if len(parts) < 8:
                continue
            _, form, name, version, language, year, _, account_id = parts
            if form != FORMAT or not year.isdigit():
                raise Unusable(remark("workbook-newer", form=form))
            try:
                text, file = open_blueprint(name if name in bundled() else f"{Path(name).name}.yaml")
            except UsageProblem as problem:
                raise Unusable(remark("blueprint-gone", name=name)) from problem
            blueprint, _ = read_blueprint(text, file, kinds())
            if blueprint is None:
                raise Unusable(remark("blueprint-gone", name=name))
            self.language = language if language in blueprint.languages else "en"
            self.remark("meta-gone", name=name, version=version)
            return Meta(blueprint, Account(account_id, account_id), self.language, int(year), None, frozenset(), {})
        raise Unusable(remark("not-ours"))

    def tabs(self, grids: Mapping[str, Grid], layout: Layout) -> dict[str, tuple[str, Grid]]:
        """Find each section's tab: by its stamp, else by its name; of copies, the one under the old name counts."""
        titles = {sheet.title: sheet.id for sheet in layout.sheets if not sheet.hidden}
        named = {sheet.id: sheet.title for sheet in layout.sheets}
        found: dict[str, tuple[str, Grid]] = {}
        for title, grid in grids.items():
            if title in OWN_SHEETS:
                continue
            corner = stamp_cell(grid)
            section = (
                str(cell(grid, *corner)).split("|", 7)[6]
                if corner and str(cell(grid, *corner)).count("|") >= 7
                else titles.get(title)
            )
            if section is None or section not in named:
                continue
            if section in found and title != named[section]:
                continue
            found[section] = title, grid
        for section, (title, _) in found.items():
            if title != named[section]:
                self.remark("tab-renamed", sheet=title, section=section, title=title, old=named[section])
        return found

    def line_up(
        self, tabs: Mapping[str, tuple[str, Grid]], blueprint: Blueprint, meta: Meta
    ) -> tuple[Layout, dict[str, Alignment]]:
        """Lay the plan out as large as its tables have become, and find every row and column."""
        layout = layout_for(blueprint, meta.language, meta.year, meta.sizes.items(), meta.prefilled)
        alignments = alignments_of(layout, tabs)
        grown = {block: len(rows) for alignment in alignments.values() for block, rows in alignment.added.items()}
        sizes = {block: size for block, size in grown.items() if size > rows_laid(layout, block)}
        if sizes:
            layout = layout_for(blueprint, meta.language, meta.year, {**meta.sizes, **sizes}.items(), meta.prefilled)
            alignments = alignments_of(layout, tabs)
        return layout, alignments

    def read_sheet(
        self, sheet: Sheet, layout: Layout, number: int, title: str, grid: Grid, alignment: Alignment, package: Package
    ) -> None:
        """Read every slot of one tab."""
        if alignment.moved:
            self.remark("sheet-repaired", sheet=title, section=sheet.id)
        for lost in alignment.lost:
            self.remark("row-lost", sheet=title, section=sheet.id, block=lost.partition("/")[0], raw=lost, name=lost)
        errors = package.errors(title)
        rows = {there: row for row, there in alignment.rows.items()}
        columns = {there: column for column, there in alignment.columns.items()}
        for piece in sheet.pieces:
            if not isinstance(piece, Slot) or piece.row not in rows or piece.column not in columns:
                continue
            row, column = rows[piece.row], columns[piece.column]
            value = cell(grid, row, column)
            if value == "" or value is None:
                if errors and (name := cell_name(row, column)) in errors:
                    self.remark("error-cell", sheet=title, cell=name, **self.place(piece, sheet), raw=errors[name])
                continue
            self.read_slot(piece, sheet, title, cell_name(row, column), value)

    def read_slot(self, piece: Slot, sheet: Sheet, title: str, name: str, value: Any) -> None:
        """Read one answer."""
        raw = plain(value)
        outcome = type_of(piece.asked.field).read(value, piece.asked)
        if outcome.code:
            facts = {**outcome.facts, "raw": raw, "label": piece.asked.field.label(self.language)}
            self.remark(outcome.code, sheet=title, cell=name, **self.place(piece, sheet), **facts)
        elif outcome.value is None:
            self.remark("only-blanks", sheet=title, cell=name, **self.place(piece, sheet), raw=raw)
        if outcome.value is not None:
            self.answers[piece.key] = outcome.value
            self.origins[piece.key] = Origin(title, name, raw)

    def check_identity(self, meta: Meta) -> None:
        """Hold the account number that a rep may have typed against the one that the workbook was made for."""
        for block in meta.blueprint.blocks.values():
            for question in block.fields.values():
                key = Key(block.id, "", "", question.id)
                if question.source == "account_id" and self.answers.get(key) not in (None, meta.account.account_id):
                    where, old = self.origins[key], meta.account.account_id
                    facts = {"block": block.id, "field": question.id, "raw": where.raw, "old": old}
                    self.remark("account-id-changed", sheet=where.sheet, cell=where.cell, **facts)

    def walk(
        self,
        plan: Plan,
        layout: Layout,
        tabs: Mapping[str, tuple[str, Grid]],
        alignments: Mapping[str, Alignment],
        grids: Mapping[str, Grid],
        package: Package,
    ) -> None:
        """Go through every cell that is no answer: what the generator did not write is listed, and nothing is lost."""
        facts = facts_of(plan)
        figures = Figures(layout, self.answers, datetime.date.today())
        read = set()
        for sheet in layout.sheets:
            if sheet.id not in tabs:
                continue
            title, grid = tabs[sheet.id]
            read.add(title)
            self.walk_sheet(sheet, title, grid, known_cells(sheet, alignments[sheet.id], facts), package.formulas(title), figures)
            for note in package.notes(title):
                self.remark("cell-note", sheet=title, cell=note.cell, section=sheet.id, raw=note.text)
        for title, grid in grids.items():
            if title not in read and title not in OWN_SHEETS:
                for row, column, value in filled(grid):
                    self.remark("unplaced", sheet=title, cell=cell_name(row, column), raw=plain(value))

    def walk_sheet(self, sheet: Sheet, title: str, grid: Grid, known: Known, formulas: set[str], figures: Figures) -> None:
        """Go through one tab. A text of the generator's that stands elsewhere, because rows moved, is no rep's."""
        cells = {(row, column): value for row, column, value in filled(grid)}
        elsewhere = Counter(
            bare(expected)
            for here, expected in known.items()
            if isinstance(expected, str) and bare(plain(cells.get(here, ""))) != bare(expected)
        )
        for (row, column), value in cells.items():
            expected, name, text = known.get((row, column)), cell_name(row, column), plain(value)
            if isinstance(expected, Slot) or (isinstance(expected, str) and bare(text) == bare(expected)):
                continue
            if isinstance(expected, Formula):
                if name not in formulas:
                    self.overwritten(expected, sheet, title, name, value, figures)
            elif elsewhere[bare(text)]:
                elsewhere[bare(text)] -= 1
            elif expected is None:
                self.remark("unplaced", sheet=title, cell=name, section=sheet.id, raw=text)
            else:
                self.remark("label-changed", sheet=title, cell=name, section=sheet.id, raw=text, old=expected)

    def overwritten(self, piece: Formula, sheet: Sheet, title: str, name: str, value: Any, figures: Figures) -> None:
        """Judge a value that stands where a formula was: the same figure does no harm."""
        ours = figures.value(piece.key)
        same = plain(value) == plain("" if ours is None else ours)
        if isinstance(ours, (int, float)) and isinstance(value, (int, float)):
            same = abs(ours - value) <= 1e-9 * max(1.0, abs(ours), abs(value))
        if not same:
            facts = {"block": piece.key.block, "field": piece.key.field, "raw": plain(value)}
            facts["ours"] = plain("" if ours is None else ours)
            self.remark("calculation-overwritten", sheet=title, cell=name, section=sheet.id, **facts)


def alignments_of(layout: Layout, tabs: Mapping[str, tuple[str, Grid]]) -> dict[str, Alignment]:
    """Line up every tab; one whose ids all stand where they were put needs no search."""
    found = {}
    for sheet in layout.sheets:
        if sheet.id in tabs:
            grid = tabs[sheet.id][1]
            found[sheet.id] = straight(grid) if in_place(grid, sheet) else align(grid, sheet)
    return found


def straight(grid: Grid) -> Alignment:
    """Line up a tab that nobody has moved anything on."""
    wide = max((len(line) for line in grid), default=0)
    return Alignment({row: row for row in range(len(grid))}, {column: column for column in range(wide)})


def rows_laid(layout: Layout, block: str) -> int:
    """Give how many rows a block has in a layout."""
    rows = next(sheet.rows[block] for sheet in layout.sheets if block in sheet.rows)
    return rows.last - rows.first + 1


Known: TypeAlias = dict[tuple[int, int], Slot | Formula | str]


def known_cells(sheet: Sheet, alignment: Alignment, facts: Mapping[str, str]) -> Known:
    """Give what the generator wrote in each actual cell of a tab: ids, texts, formulas and slots."""
    rows = {there: row for row, there in alignment.rows.items()}
    columns = {there: column for column, there in alignment.columns.items()}
    known: Known = {}
    for piece in sheet.pieces:
        if not isinstance(piece, (Slot, Formula, Label, Fact, Link)) or piece.row not in rows or piece.column not in columns:
            continue
        here = rows[piece.row], columns[piece.column]
        match piece:
            case Label(text=text, tail=tail) if text:
                known[here] = text + "".join(words for words, _ in tail)
            case Fact(wording=wording):
                known[here] = wording.format(**facts)
            case Link(text=text):
                known[here] = text
            case Slot() | Formula():
                known[here] = piece
    for row, row_id in sheet.row_ids.items():
        if row in rows and 0 in columns:
            known[rows[row], columns[0]] = row_id
    for row in (row for rows_of_block in alignment.added.values() for row in rows_of_block):
        known.setdefault((row, columns.get(0, 0)), "")
    head = rows.get(0, 0)
    for column, ids in sheet.column_ids.items():
        if column in columns:
            known[head, columns[column]] = ids_text(ids)
    return known


def bare(text: str) -> str:
    """Give a text without its blanks: programs differ in those between the parts of a label."""
    return "".join(text.split())


def filled(grid: Grid) -> Iterator[tuple[int, int, Any]]:
    """Go through all cells that hold anything; the hidden stamp is the generator's."""
    for row, line in enumerate(grid):
        for column, value in enumerate(line):
            if value != "" and value is not None and not (isinstance(value, str) and value.startswith("accountsheet|")):
                yield row, column, value


@lru_cache(maxsize=32)
def embedded(packed: str) -> Blueprint | None:
    """Read the blueprint that a workbook carries."""
    source = unpacked(packed)
    if not source:
        return None
    blueprint, _ = read_blueprint(source, "workbook", kinds(), sealed=True)
    return blueprint
