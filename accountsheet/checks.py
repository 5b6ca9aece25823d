"""The checks of a blueprint, judged on a plan: on the whole of it, or on each row that it applies to."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from accountsheet.blueprint import Check
from accountsheet.figures import Figures, program_of
from accountsheet.finding import Finding, Severity
from accountsheet.layout import Layout
from accountsheet.plan import Plan
from accountsheet.program import Run
from accountsheet.progress import check_key, row_check
from accountsheet.reader import Origin, Reading

Row = int | str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a check holds: on the whole plan or table, or on one row."""

    check: Check
    holds: bool
    row: Row | None = None


@dataclass(frozen=True)
class RowChecks:
    """The checks of a layout on rows, made ready when they are first needed: when each applies, and whether it holds."""

    layout: Layout
    ready: dict[tuple[str, Row], tuple[Run, Run]] = field(default_factory=dict)

    def of(self, check: Check, row: Row) -> tuple[Run, Run]:
        """Give a check on one row."""
        found = self.ready.get((check.id, row))
        if found is None:
            program = program_of(self.layout)
            when, test = map(program.ready, row_check(check, self.layout.context, row))
            found = self.ready[check.id, row] = when, test
        return found


row_checks = lru_cache(maxsize=64)(RowChecks)


def outcomes(checks: Sequence[Check], plan: Plan, layout: Layout, figures: Figures) -> Iterator[Outcome]:
    """Judge every check; one on rows comes as a whole first."""
    begun: dict[str, set[Row]] = {}
    for block, row in {key[:2] for key in plan.answers}:
        begun.setdefault(block, set()).add(row)
    for check in checks:
        if not check.each:
            yield Outcome(check, figures.value(check_key(check)) == 1)
            continue
        rows = [row for row in rows_of(layout, check.each) if row in begun.get(check.each, ())]
        judged = list(on_rows(check, rows, layout, figures))
        # The workbook asks all rows at once; here each is asked by itself, which comes to the same.
        yield Outcome(check, all(outcome.holds for outcome in judged))
        yield from judged


def rows_of(layout: Layout, block: str) -> Sequence[Row]:
    """Give a block's rows in order."""
    context = layout.context
    return context.kind(context.blueprint.blocks[block]).rows(context.blueprint.blocks[block], context)


def on_rows(check: Check, rows: Iterable[Row], layout: Layout, figures: Figures) -> Iterator[Outcome]:
    """Judge a check on each of some rows that it applies to."""
    ready = row_checks(layout)
    for row in rows:
        when, test = ready.of(check, row)
        if figures.holds(when):
            yield Outcome(check, figures.holds(test), row)


def worded(outcome: Outcome, plan: Plan, layout: Layout, figures: Figures, reading: Reading) -> Finding:
    """Word a check that does not hold; on a row, at the cell that names the row."""
    check, row = outcome.check, outcome.row
    if row is None:
        return check_finding(check, plan.language, "")
    block = plan.blueprint.blocks[check.each]
    naming = layout.context.kind(block).naming(block, layout.context)[0]._replace(row=row)
    typed = plan.answers.get(naming, shown := figures.value(naming))
    name = "–" if typed is None else dated(typed, plan.language) if isinstance(typed, datetime.date) else str(shown)
    beside = (key for key in reading.origins if key.block == block.id and key.row == row)
    key = naming if naming in reading.origins else next(beside, naming)
    where = reading.origins.get(key, Origin("", "", ""))
    section = plan.blueprint.section_of[block.id].id
    place = {"section": section, "block": block.id, "row": str(row), "field": key.field.lstrip("#")}
    return check_finding(check, plan.language, name).at(sheet=where.sheet, cell=where.cell, **place)


def check_finding(check: Check, language: str, name: str) -> Finding:
    """Word a check that does not hold."""
    message = check.message(language).replace("{name}", name)
    return Finding(f"check-{check.id.replace('_', '-')}", Severity(check.severity), message, check.hint(language))


def dated(day: datetime.date, language: str) -> str:
    """Write a day as the workbook's messages do."""
    return day.strftime("%d-%m-%Y" if language == "nl" else "%Y-%m-%d")
