"""A filled-in workbook read back by the layout it was painted from: answers, and a finding for all that is not one."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from accountsheet.address import Key, cell_name
from accountsheet.alignment import Alignment
from accountsheet.display import as_seen, plain
from accountsheet.finding import Finding
from accountsheet.grid import cell
from accountsheet.guide import Guide
from accountsheet.identity import Meta, identify
from accountsheet.layout import Layout
from accountsheet.mapping import line_up
from accountsheet.opening import Opened, Unusable, open_workbook
from accountsheet.phrases import remark
from accountsheet.pieces import Sheet, Slot
from accountsheet.plan import Plan, for_account, layout_for
from accountsheet.repair import repairs
from accountsheet.tabs import Tabs, find_tabs
from accountsheet.to_fix import with_to_fix
from accountsheet.walk import Walked, walk_hidden, walk_stranger, walk_tab
from accountsheet.writer import META


class Origin(NamedTuple):
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


def read_workbook(data: bytes, file: str, *, modified: datetime.datetime | None = None) -> Reading:
    """Read a workbook's bytes; `modified` is the file's own date, where the workbook has none. Never raises for a bad file."""
    sha256 = hashlib.sha256(data).hexdigest()
    try:
        opened = open_workbook(data)
        session = Session(opened, identify(opened.grids))
    except Unusable as problem:
        return Reading(file, sha256, findings=(problem.finding.at(file=file),), modified=modified)
    plan = session.read()
    findings = tuple(finding.at(file=file) for finding in session.findings)
    package = opened.package
    return Reading(file, sha256, plan, session.origins, findings, package.saved_by, package.modified or modified)


class Session:
    """The reading of one workbook."""

    def __init__(self, opened: Opened, meta: Meta) -> None:
        self.opened, self.meta, self.language = opened, meta, meta.language
        self.own = for_account(meta.blueprint, meta.account)
        self.section_of = {block: section.id for block, section in self.own.section_of.items()}
        self.findings: list[Finding] = list(meta.findings)
        self.answers: dict[Key, Any] = {}
        self.origins: dict[Key, Origin] = {}
        self.sizes = dict(meta.sizes)
        self.with_formulas: dict[str, Collection[str]] = {}

    def read(self) -> Plan:
        """Read it all."""
        meta = self.meta
        for code in self.opened.told:
            self.remark(code)
        shipped = self.layout()
        tabs = find_tabs(self.opened.grids, shipped.sheets, self.others)
        layout, alignments = self.line_up(tabs)
        for sheet in layout.sheets:
            if sheet.id in tabs.titles:
                self.read_tab(layout.guides[sheet.id], tabs.titles[sheet.id], alignments[tabs.titles[sheet.id]])
                self.look_at_tab(sheet, tabs)
            elif layout.guides[sheet.id].slots:
                self.remark("section-missing", sheet=sheet.title, section=sheet.id, title=sheet.title)
        self.check_identity()
        about = meta.blueprint, meta.account, meta.language, meta.year
        plan = Plan(*about, self.answers, meta.prefilled, meta.due, meta.earlier)
        walked = Walked(plan, layout, self.opened, self.formulas, self.others, meta.written, own_notes(meta, layout))
        hidden = {sheet.title: shipped.guides[sheet.id] for sheet in shipped.sheets if sheet.hidden}
        self.walk(layout, hidden, tabs, alignments, walked)
        for part in self.opened.package.broken:
            self.remark("part-broken", why=part)
        return plan

    def layout(self, language: str = "") -> Layout:
        """Lay the plan out as it was generated or returned, its tables as large as they have become."""
        meta = self.meta
        own = layout_for(self.own, language or meta.language, meta.year, self.sizes.items(), meta.prefilled, meta.earlier)
        return with_to_fix(own, meta.to_fix)

    def others(self, section: str) -> list[Sheet]:
        """Lay a section out in the plan's other languages."""
        languages = [each for each in self.own.languages if each != self.language]
        return [sheet for language in languages for sheet in self.layout(language).sheets if sheet.id == section]

    def remark(self, code: str, **facts: Any) -> None:
        """Note something in the plan's language."""
        self.findings.append(remark(code, self.language, **facts))

    def place(self, piece: Slot, sheet: Sheet) -> dict[str, str]:
        """Say where in the plan a slot stands: a tab may hold several sections."""
        block, row, column, field = piece.key
        section = self.section_of.get(block, sheet.id)
        return {"section": section, "block": block, "row": str(row), "column": column, "field": field}

    def line_up(self, tabs: Tabs) -> tuple[Layout, dict[str, Alignment]]:
        """Find every row and column of every tab, and lay the plan out as large as its tables have become."""
        layout = self.layout()
        alignments = self.alignments(layout, tabs)
        grown = {block: len(rows) for title in tabs.titles.values() for block, rows in alignments[title].added.items()}
        sizes = {block: size for block, size in grown.items() if size > rows_laid(layout, block)}
        if sizes:
            self.sizes |= sizes
            layout = self.layout()
            alignments = self.alignments(layout, tabs)
        return layout, alignments

    def alignments(self, layout: Layout, tabs: Tabs) -> dict[str, Alignment]:
        """Line up every tab, copies too."""
        sheets = {sheet.id: sheet for sheet in layout.sheets}
        every = {**{title: section for section, title in tabs.titles.items()}, **tabs.copies}
        grids = self.opened.grids
        return {
            title: line_up(grids[title], layout.guides[section], partial(self.others, section))
            for title, section in every.items()
            if section in sheets
        }

    def look_at_tab(self, sheet: Sheet, tabs: Tabs) -> None:
        """Tell of a tab that was renamed, or that came from another workbook."""
        title, stamp, meta = tabs.titles[sheet.id], tabs.stamps.get(tabs.titles[sheet.id]), self.meta
        if title != sheet.title:
            self.remark("tab-renamed", sheet=title, section=sheet.id, title=title, old=sheet.title)
        if stamp and (stamp.account_id, stamp.blueprint) != (meta.account.account_id, meta.blueprint.id):
            other = f"{stamp.account_id}, {stamp.blueprint}"
            self.remark("tab-of-another", sheet=title, section=sheet.id, title=title, other=other)

    def formulas(self, title: str) -> Collection[str]:
        """Give the cells of a tab that hold a formula."""
        if title not in self.with_formulas:
            self.with_formulas[title] = self.opened.package.formulas(title)
        return self.with_formulas[title]

    def read_tab(self, guide: Guide, title: str, alignment: Alignment) -> None:
        """Read every slot of one tab."""
        sheet, grid, package = guide.sheet, self.opened.grids[title], self.opened.package
        if not alignment.straight:
            self.findings += [each.at(sheet=title, section=sheet.id) for each in repairs(alignment, sheet, self.language)]
        errors, formulas = package.errors(title), self.formulas(title)
        loose = set(formulas).difference(guide.calculated) if alignment.straight else formulas
        again: dict[int, list[int]] = {}
        for row, first in alignment.repeated:
            again.setdefault(first, []).append(row)
        for piece, row, column, name in places_of(guide, alignment):
            line = grid[row] if row < len(grid) else ()
            value = line[column] if column < len(line) else ""
            if again:
                for other in again.get(row, ()):
                    self.read_again("row-repeated", piece, sheet, title, (other, column), value, title)
            if value != "" and value is not None:
                self.read_slot(piece, sheet, title, name, value, loose)
            elif name in errors:
                self.remark("error-cell", sheet=title, cell=name, **self.place(piece, sheet), raw=errors[name])
            elif name in loose:
                raw = package.formula(title, name) or "="
                self.remark("formula-without-value", sheet=title, cell=name, **self.place(piece, sheet), raw=raw)

    def read_slot(self, piece: Slot, sheet: Sheet, title: str, name: str, value: Any, formulas: Collection[str]) -> None:
        """Read one answer."""
        raw = (self.opened.package.formula(title, name) if name in formulas else "") or plain(value)
        asked = piece.asked
        answer, code, facts = asked.type.read(asked.type.since_1904(value) if self.opened.from_1904 else value, asked)
        if code:
            facts = {**facts, "raw": raw, "typed": as_seen(value, self.language)}
            self.remark(code, sheet=title, cell=name, **self.place(piece, sheet), **facts)
        elif answer is None:
            self.remark("only-blanks", sheet=title, cell=name, **self.place(piece, sheet), raw=raw)
        if answer is not None:
            self.answers[piece.key] = answer
            self.origins[piece.key] = Origin(title, name, raw)

    def read_again(self, code: str, piece: Slot, sheet: Sheet, title: str, here: tuple[int, int], first: Any, old: str) -> None:
        """Tell of a cell that stands there a second time and says something else; the first is on the tab `old`."""
        value = cell(self.opened.grids[title], *here)
        if value not in ("", None) and value != first:
            facts = {"raw": plain(value), "ours": plain(first) or "–", "old": old}
            self.remark(code, sheet=title, cell=cell_name(*here), **self.place(piece, sheet), **facts)

    def compare_copy(self, sheet: Sheet, title: str, tabs: Tabs, alignments: Mapping[str, Alignment]) -> None:
        """Tell what differs in a copy of a tab."""
        original = tabs.titles[sheet.id]
        self.remark("tab-copied", sheet=title, section=sheet.id, title=title, old=original)
        find, find_first = alignments[title].finder(), alignments[original].finder()
        for piece in sheet.pieces:
            if isinstance(piece, Slot) and (here := find(piece.row, piece.column)) is not None:
                there = find_first(piece.row, piece.column)
                first = cell(self.opened.grids[original], *there) if there else ""
                self.read_again("copy-differs", piece, sheet, title, here, first, original)

    def walk(
        self,
        layout: Layout,
        hidden: Mapping[str, Guide],
        tabs: Tabs,
        alignments: Mapping[str, Alignment],
        walked: Walked,
    ) -> None:
        """Go through every cell that is no answer."""
        sheets = {sheet.id: sheet for sheet in layout.sheets}
        sections = {title: section for section, title in tabs.titles.items()}
        for title in self.opened.grids:
            if title in sections:
                self.findings += walk_tab(layout.guides[sections[title]], title, alignments[title], walked)
            elif title in tabs.copies:
                sheet = sheets[tabs.copies[title]]
                self.compare_copy(sheet, title, tabs, alignments)
                self.findings += walk_tab(layout.guides[sheet.id], title, alignments[title], walked)
            elif title in hidden:
                self.findings += walk_hidden(hidden[title], title, walked)
            elif title != META:
                self.findings += walk_stranger(title, walked)

    def check_identity(self) -> None:
        """Hold the account number that a rep may have typed against the one that the workbook was made for."""
        for block in self.meta.blueprint.blocks.values():
            for question in block.fields.values():
                if question.source != "account_id":
                    continue
                key, old = Key(block.id, "", "", question.id), self.meta.account.account_id
                if self.answers.get(key) not in (None, old):
                    where = self.origins[key]
                    facts = {"block": block.id, "field": question.id, "raw": where.raw, "old": old}
                    self.remark("account-id-changed", sheet=where.sheet, cell=where.cell, **facts)


def places_of(guide: Guide, alignment: Alignment) -> Iterable[tuple[Slot, int, int, str]]:
    """Go through the cells to be filled in that are found on a tab: row, column and name of each."""
    if alignment.straight:
        return guide.places
    find = alignment.finder()
    found = ((slot, here) for slot in guide.slots if (here := find(slot.row, slot.column)) is not None)
    return ((slot, *here, cell_name(*here)) for slot, here in found)


def own_notes(meta: Meta, layout: Layout) -> list[str]:
    """Give what accountsheet put beside cells, the longest first: one may begin as another does."""
    texts = [each.note for each in meta.to_fix] + [each.note(layout.context) for each in meta.earlier if each.key]
    return sorted(texts, key=len, reverse=True)


def rows_laid(layout: Layout, block: str) -> int:
    """Give how many rows a block has in a layout."""
    rows = next(sheet.rows[block] for sheet in layout.sheets if block in sheet.rows)
    return rows.last - rows.first + 1
