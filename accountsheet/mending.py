"""What a rep is to mend in a workbook that was read: remarks in words, notes beside cells, and what stands in bad cells."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property

from accountsheet.address import Key, Place, cell_place
from accountsheet.blueprint import Check
from accountsheet.expression import ExpressionProblem
from accountsheet.fields import type_of
from accountsheet.figures import Figures
from accountsheet.finding import Finding, Severity
from accountsheet.formula import Scalar
from accountsheet.layout import Layout
from accountsheet.phrases import PHRASES
from accountsheet.pieces import Note, Slot
from accountsheet.plan import Plan
from accountsheet.progress import check_key
from accountsheet.reader import Reading
from accountsheet.text import shortened
from accountsheet.to_fix import Remark, with_to_fix
from accountsheet.wording import word
from accountsheet.writer import writable

ROLES = {Severity.ERROR: "input_bad", Severity.WARNING: "input_warn", Severity.REPAIR: "input_repaired"}
CALCULATED = "computed_warn"
"""How a calculation looks that was typed over."""
ORDER = tuple(Severity)
LONGEST_MESSAGE = 400
NOTE = "cell-note"
ADVICE = {"section-missing": "fix_tab_back", "row-lost": "fix_row_back"}
"""What to do where returning has changed it: what was gone is there again, without its answers."""


@dataclass(frozen=True)
class Mending:
    """A plan laid out to be returned: with a tab To fix, notes beside cells, and what was typed in bad cells."""

    plan: Plan
    layout: Layout
    figures: Figures
    remarks: tuple[Remark, ...]
    notes: Mapping[Place, Note]
    typed: Mapping[Key, Scalar]
    """What stands in cells that could not be read."""


def to_mend(reading: Reading, findings: Iterable[Finding], today: datetime.date) -> Mending:
    """Lay out a plan that was read, with every finding on it; raises ValueError where there is no plan."""
    if reading.plan is None:
        raise ValueError(f"{reading.file} holds no plan")
    every = list(findings)
    roomy = with_room(reading.plan, every)
    subject = Subject(reading.plan, roomy.layout(), today, every)
    remarks = tuple(sorted(subject.remarks(), key=lambda remark: subject.order(remark)))
    layout = with_to_fix(subject.layout, remarks)
    figures = Figures(layout, writable(reading.plan, layout)[0], today, subject.typed)
    return Mending(roomy, layout, figures, remarks, subject.notes(remarks, layout), subject.typed)


def worded(reading: Reading, findings: Iterable[Finding], today: datetime.date) -> list[tuple[Finding, Remark]]:
    """Give every finding on a plan with its remark; raises ValueError where there is no plan."""
    if reading.plan is None:
        raise ValueError(f"{reading.file} holds no plan")
    every = list(findings)
    subject = Subject(reading.plan, with_room(reading.plan, every).layout(), today, every)
    return [(each, subject.remark(each)) for each in every]


def with_room(plan: Plan, findings: Iterable[Finding]) -> Plan:
    """Let a plan have the rows that findings are about too."""
    rows = {Key(each.block, int(each.row), each.column, each.field): each.raw for each in findings if each.row.isdecimal()}
    own = {key: raw for key, raw in rows.items() if key.block in plan.blueprint.blocks}
    return replace(plan, answers={**own, **plan.answers})


@dataclass(frozen=True)
class Subject:
    """A plan and the findings on it."""

    plan: Plan
    layout: Layout
    today: datetime.date
    findings: Sequence[Finding]

    @cached_property
    def keys(self) -> Mapping[tuple[str, str, str, str], Key]:
        """Every cell by its key as texts."""
        every = (*self.layout.formulas, *self.layout.slots)
        return {(key.block, str(key.row), key.column, key.field): key for key in every}

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], Key]:
        """The first slot of each row."""
        return {(key.block, str(key.row)): key for key in reversed(tuple(self.layout.slots))}

    @cached_property
    def typed(self) -> Mapping[Key, Scalar]:
        """What is to stand in the cells that could not be read."""
        cells: dict[Key, Scalar] = {}
        for each in self.findings:
            slot = self.layout.slots.get(self.key(each) or Key("", "", "", ""))
            if slot is not None and slot.key not in self.plan.answers and each.severity is Severity.ERROR:
                cells[slot.key] = as_typed(slot, each)
        return {key: cell for key, cell in cells.items() if cell is not None}

    @cached_property
    def figures(self) -> Figures:
        """The figures of the plan as it is returned, without the tab To fix."""
        return Figures(self.layout, writable(self.plan, self.layout)[0], self.today, self.typed)

    def key(self, finding: Finding) -> Key | None:
        """Find the cell that a finding is about; one on a row is about the row's first."""
        exact = self.keys.get((finding.block, finding.row, finding.column, finding.field))
        return exact or (self.rows.get((finding.block, finding.row)) if finding.row else None)

    def remarks(self) -> list[Remark]:
        """Word every finding, but for notes that can be put back beside their cell."""
        return [self.remark(each) for each in self.findings if each.code != NOTE or self.place_of_note(each) is None]

    def remark(self, finding: Finding) -> Remark:
        """Word one finding."""
        language, key = self.plan.language, self.key(finding)
        sections = {section.id: section for section in self.plan.blueprint.sections}
        section = sections.get(finding.section)
        where = section.heading(language) if section else finding.sheet
        base = Remark(finding.severity, finding.message, finding.hint, finding.raw, finding.section, where)
        if finding.code == "unplaced" or (finding.code == NOTE and self.place_of_note(finding) is None):
            stood = word("fix_stood_at", language, sheet=finding.sheet, cell=finding.cell)
            message = word("fix_loose" if finding.code == "unplaced" else "fix_loose_note", language)
            typed = finding.raw.replace("\t", "    ")  # what stood in cells side by side: a cell shows no tab
            return replace(base, message=message, typed=typed, hint=word("fix_move", language), where=stood, loose=True)
        hint = word(ADVICE[finding.code], language) if finding.code in ADVICE else finding.hint
        worded = replace(base, message=shortened(finding.message, LONGEST_MESSAGE), hint=shortened(hint, LONGEST_MESSAGE))
        if check := self.checks.get(finding.code):
            worded = replace(worded, check=check_key(check), what=check.label(language))
            if key is None:
                return replace(worded, key=Key("#check", check.id, "", "state"), where=word("checks_tab", language))
        if key is None:
            return worded
        holds = self.figures.value(key) if key in self.layout.slots else None
        return replace(worded, what=self.named(key), key=key, holds=holds)

    @cached_property
    def checks(self) -> Mapping[str, Check]:
        """Every check by the code of its finding."""
        return {f"check-{check.id.replace('_', '-')}": check for check in self.plan.own_blueprint.checks}

    def named(self, key: Key) -> str:
        """Name an answer: what is asked, and in which row or box."""
        piece = self.layout.slots.get(key) or self.layout.formulas[key]
        label = piece.asked.field.label(self.plan.language) if piece.asked else ""
        return " · ".join(filter(None, (label, *self.row_names(key))))

    def row_names(self, key: Key) -> list[str]:
        """Name the row and column of an answer as the tab does."""
        block, context = self.plan.own_blueprint.blocks.get(key.block), self.layout.context
        if block is None or (key.row, key.column) == ("", ""):
            return []
        kind = context.kind(block)
        labels = {name: text(self.plan.language) for name, text in kind.labels(block, context).items()}
        names = [labels.get(str(each), str(each)) for each in (key.row, key.column) if each != ""]
        if key.row == "" or str(key.row) in labels:
            return names
        naming = [Key(block.id, key.row, "", name) for name in kind.index(block)]
        with suppress(ExpressionProblem, LookupError):
            naming.insert(0, kind.naming(block, context)[0]._replace(row=key.row, column=""))
        shown = (self.figures.value(each) for each in naming)
        row = next((name for name in shown if isinstance(name, str) and name), "")
        return [row or word("fix_row", self.plan.language, number=key.row), *names[1:]]

    def order(self, remark: Remark) -> tuple[int, bool, bool, Place]:
        """Sort the worst first, what could not be read before what is judged, then as they stand in the workbook."""
        last = Place(len(self.layout.sheets), 0, 0)
        place = self.layout.places.get(remark.key, last) if remark.key else last
        return ORDER.index(remark.severity), remark.check is not None, remark.loose, place

    def notes(self, remarks: Iterable[Remark], layout: Layout) -> Mapping[Place, Note]:
        """Put what is remarked beside its cell, and what reps wrote there themselves."""
        texts: dict[Place, list[str]] = {}
        roles: dict[Place, str] = {}
        for each in remarks:
            if each.key is not None and each.severity in ROLES and each.key.block in self.plan.own_blueprint.blocks:
                place = layout.places[each.key]
                texts.setdefault(place, []).append(each.note)
                roles.setdefault(place, ROLES[each.severity] if each.key in layout.slots else CALCULATED)
        for finding in self.findings:
            at = self.place_of_note(finding) if finding.code == NOTE else None
            if at is not None:
                sheet, row, column = at
                place = Place(next(number for number, each in enumerate(layout.sheets) if each.id == sheet), row, column)
                texts.setdefault(place, []).append(finding.raw)
        return {place: Note("\n\n".join(each), roles.get(place, "")) for place, each in texts.items()}

    def place_of_note(self, finding: Finding) -> tuple[str, int, int] | None:
        """Say beside which cell of which tab a rep's own note belongs, where that is certain."""
        key = self.keys.get((finding.block, finding.row, finding.column, finding.field))
        if key is not None:
            place = self.layout.places[key]
            return self.layout.sheets[place.sheet].id, place.row, place.column
        moved = any(each.code == "sheet-repaired" and each.sheet == finding.sheet for each in self.findings)
        sheet = next((each for each in self.layout.sheets if each.id == finding.section), None)
        return None if moved or sheet is None else (sheet.id, *cell_place(finding.cell))


def as_typed(slot: Slot, finding: Finding) -> Scalar:
    """Give what makes a cell as wrong again as it was: the text that was typed, or the number that it looks like."""
    candidates: list[Scalar] = [finding.raw]
    with suppress(ValueError):
        candidates.append(float(finding.raw))
    if finding.raw in ("TRUE", "FALSE"):
        candidates.append(finding.raw == "TRUE")
    codes = {type_of(slot.asked.field).read(each, slot.asked).code: each for each in reversed(candidates)}
    if finding.code in codes:
        return codes[finding.code]
    return next((cell for code, cell in codes.items() if code and PHRASES[code].severity is Severity.ERROR), None)
