"""One plan judged: its records, completeness, checks, and every answer with the cell it came from."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from accountsheet.address import Key
from accountsheet.blueprint import Block, Blueprint, Check, Field
from accountsheet.calculation import Fault, calculate
from accountsheet.fields import type_of
from accountsheet.figures import Figures
from accountsheet.finding import Finding, Severity
from accountsheet.kind import column_of, is_identity
from accountsheet.layout import Layout
from accountsheet.plan import Plan
from accountsheet.progress import block_share, blocks_counted, check_key, expected_key, filled_key, plan_share, row_check
from accountsheet.reader import Origin, Reading

TABLES: Mapping[str, Mapping[str, str]] = {
    "plans": {
        "account": "string", "blueprint": "string", "blueprint_version": "string", "language": "string", "status": "string",
        "completeness": "float64", "health": "float64", "state": "string", "file": "string", "sha256": "string",
        "saved_by": "string", "modified": "moment",
    },
    "completeness": {
        "section": "string", "block": "string", "filled": "Int64", "expected": "Int64", "completeness": "float64",
    },
    "checks": {
        "check": "string", "block": "string", "row": "string", "holds": "boolean",
    },
    "answers": {
        "section": "string", "block": "string", "field": "string", "row": "string", "column": "string", "value": "string",
        "raw": "string", "sheet": "string", "cell": "string",
    },
    "findings": {
        "file": "string", "sheet": "string", "cell": "string", "section": "string", "block": "string", "field": "string",
        "severity": "string", "code": "string", "message": "string", "hint": "string", "raw": "string",
    },
}  # fmt: skip
"""The tables that every plan has, with the kinds of their columns."""
CURRENT, SUPERSEDED, REJECTED = "current", "superseded", "rejected"

Record: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Judged:
    """One workbook as records by table, ready to be joined to others; without a plan only its findings."""

    file: str
    plan_id: str = ""
    modified: datetime.datetime | None = None
    tables: Mapping[str, list[Record]] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Each block's columns with their kinds, empty tables included."""
    findings: tuple[Finding, ...] = ()
    sha256: str = ""
    blueprint: Blueprint | None = None
    """What the plan was written with: it words the keys that the tables hold."""


def judge(reading: Reading, as_of: datetime.date) -> Judged:
    """Judge a workbook as it was read; overdue is judged on `as_of`."""
    if reading.plan is None:
        return Judged(reading.file, modified=reading.modified, findings=reading.findings, sha256=reading.sha256)
    plan = reading.plan
    layout = plan.layout()
    figures = Figures(layout, plan.answers, as_of)
    index = index_of(plan)
    checks, findings = judged_checks(plan, layout, figures, reading)
    holds = [record["holds"] for record in checks if record["row"] is None]
    blocks = [block for block in plan.blueprint.blocks.values() if block.fields]
    tables: dict[str, list[Record]] = {block.id: list(records(block, plan, layout, figures)) for block in blocks}
    tables["completeness"] = list(completeness(layout, figures))
    tables["checks"] = checks
    tables["answers"] = list(answers(plan, layout, reading.origins))
    tables["plans"] = [plan_record(reading, plan, figures, sum(holds) / len(holds) if holds else None)]
    whose = account_column(plan)
    for name, rows in tables.items():
        for row in rows:
            row.update(index | ({"account_id": row[whose[name]]} if row.get(whose.get(name, "")) else {}))
    columns = {block.id: columns_of(block, layout) for block in blocks}
    every = (*reading.findings, *(finding.at(file=reading.file) for finding in findings))
    return Judged(reading.file, plan.plan_id, reading.modified, tables, columns, every, reading.sha256, plan.blueprint)


def index_of(plan: Plan) -> Record:
    """Give the columns that tell a plan from others."""
    return {
        "plan_id": plan.plan_id,
        "account_id": plan.account.account_id,
        "owner": plan.named("owner") or None,
        "year": plan.year,
        "currency": plan.account.currency or plan.blueprint.currency,
    }


def account_column(plan: Plan) -> Mapping[str, str]:
    """Name, for each table of an owner's workbook, the column that says whose account a row is about."""
    if plan.blueprint.audience != "owner":
        return {}
    return {
        block.id: field.id
        for block in plan.blueprint.blocks.values()
        for field in block.fields.values()
        if field.list == "accounts"
    }


def plan_record(reading: Reading, plan: Plan, figures: Figures, health: float | None) -> Record:
    """Make the plan's own row."""
    status = next((value for key, value in plan.answers.items() if key.field == "status" and is_overview(plan, key.block)), None)
    return {
        "account": plan.named("account"),
        "blueprint": plan.blueprint.id,
        "blueprint_version": plan.blueprint.version,
        "language": plan.language,
        "status": status,
        "completeness": figures.share(plan_share()),
        "health": health,
        "state": CURRENT,
        "file": reading.file,
        "sha256": reading.sha256,
        "saved_by": reading.saved_by or None,
        "modified": reading.modified,
    }


def is_overview(plan: Plan, block: str) -> bool:
    """Whether a block is the Overview's own form."""
    return plan.blueprint.blocks[block].kind == "overview"


def columns_of(block: Block, layout: Layout) -> Mapping[str, str]:
    """Give a block's columns after the index, with their kinds."""
    kind = layout.context.kind(block)
    columns = {name: INDEX_KINDS.get(name, "string") for name in kind.index(block)}
    columns |= {column_of(block, question): KINDS.get(question.kind, type_of(question).dtype) for question in tabled(block)}
    if "years" in block.options:
        columns = {"row": "Int64", "of_year": "Int64", **columns}
    return columns


def tabled(block: Block) -> list[Field]:
    """Give the fields with a column of their own: not whose plan it is, nor the year of fixed years."""
    years = {"year"} if "years" in block.options else set()
    return [question for question in block.fields.values() if not is_identity(question) and question.id not in years]


KINDS = {"money": "amount"}
"""Kinds of column that pandas has no dtype of its own for: what may be added up is known by its kind."""
INDEX_KINDS = {"row": "Int64", "from_year": "Int64", "to_year": "Int64", "base": "Int64"}


def records(block: Block, plan: Plan, layout: Layout, figures: Figures) -> Iterator[Record]:
    """Go through a block's records: those that hold an answer, calculated fields included; a form always has one."""
    kind = layout.context.kind(block)
    index = kind.index(block)
    places: dict[tuple[int | str, str], None] = {} if index else {("", ""): None}
    for key in layout.slots:
        if key.block == block.id and key.field in block.fields and key in plan.answers:
            places[key.row, key.column] = None
    for row, column in places:
        record = kind.describe(block, row, column, plan.answers, layout.context)
        for question in tabled(block):
            key = Key(block.id, row, column, question.id)
            given = figures.answer(key) if question.calculated and key in layout.formulas else plan.answers.get(key)
            record.setdefault(column_of(block, question), given)
        yield record


def completeness(layout: Layout, figures: Figures) -> Iterator[Record]:
    """Go through the blocks that count."""
    context = layout.context
    for block in blocks_counted(context):
        yield {
            "section": context.blueprint.section_of[block.id].id,
            "block": block.id,
            "filled": int(figures.share(filled_key(block))),
            "expected": int(figures.share(expected_key(block))),
            "completeness": figures.share(block_share(block)),
        }


def answers(plan: Plan, layout: Layout, origins: Mapping[Key, Origin]) -> Iterator[Record]:
    """Go through every answer with where it came from."""
    nowhere = Origin("", "", "")
    for key, value in plan.answers.items():
        origin = origins.get(key, nowhere)
        yield {
            "section": plan.blueprint.section_of[key.block].id,
            "block": key.block,
            "field": key.field,
            "row": str(key.row) or None,
            "column": key.column or None,
            "value": value_text(value),
            "raw": origin.raw,
            "sheet": origin.sheet,
            "cell": origin.cell,
        }


def value_text(value: Any) -> str:
    """Write a value as text, the same in every language."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.15g}"
        case datetime.date():
            return value.isoformat()
    return str(value)


def judged_checks(plan: Plan, layout: Layout, figures: Figures, reading: Reading) -> tuple[list[Record], list[Finding]]:
    """Judge every check on the plan, and on each row where it is about rows."""
    found: list[Record] = []
    findings: list[Finding] = []
    blueprint = plan.own_blueprint
    for check in blueprint.checks:
        if not check.each:
            holds = figures.value(check_key(check)) == 1
            found.append({"check": check.id, "block": None, "row": None, "holds": holds})
            findings += [] if holds else [check_finding(check, plan.language, "")]
            continue
        block = blueprint.blocks[check.each]
        rows = judged_rows(check, block, plan, layout, figures)
        # The workbook asks all rows at once; here each is asked by itself, which comes to the same.
        found.append({"check": check.id, "block": block.id, "row": None, "holds": all(rows.values())})
        found += [{"check": check.id, "block": block.id, "row": str(row), "holds": fine} for row, fine in rows.items()]
        findings += [row_finding(check, block, row, plan, layout, figures, reading) for row, fine in rows.items() if not fine]
    return found, findings


def judged_rows(check: Check, block: Block, plan: Plan, layout: Layout, figures: Figures) -> dict[int | str, bool]:
    """Judge a check on each filled-in row that it applies to."""
    outcomes = {}
    for row in rows_begun(block, plan, layout):
        when, test = row_check(check, layout.context, row)
        if truth(calculate(when, figures)):
            outcomes[row] = truth(calculate(test, figures))
    return outcomes


def dated(day: datetime.date, language: str) -> str:
    """Write a day as the workbook's messages do."""
    return day.strftime("%d-%m-%Y" if language == "nl" else "%Y-%m-%d")


def truth(value: Any) -> bool:
    """Whether a condition came out true; an error is not."""
    return not isinstance(value, Fault) and bool(value)


def rows_begun(block: Block, plan: Plan, layout: Layout) -> list[int | str]:
    """Give the rows of a block that hold an answer, in order."""
    begun = {key.row for key in plan.answers if key.block == block.id}
    return [row for row in layout.context.kind(block).rows(block, layout.context) if row in begun]


def check_finding(check: Check, language: str, name: str) -> Finding:
    """Word a check that does not hold."""
    message = check.message(language).replace("{name}", name)
    return Finding(f"check-{check.id.replace('_', '-')}", Severity(check.severity), message, check.hint(language))


def row_finding(
    check: Check, block: Block, row: int | str, plan: Plan, layout: Layout, figures: Figures, reading: Reading
) -> Finding:
    """Word a check that does not hold on a row, at the cell that names the row."""
    naming = layout.context.kind(block).naming(block, layout.context)[0]._replace(row=row)
    shown = figures.value(naming)
    key = (
        naming
        if naming in reading.origins
        else next((key for key in reading.origins if key.block == block.id and key.row == row), naming)
    )
    where = reading.origins.get(key, Origin("", "", ""))
    section = plan.blueprint.section_of[block.id].id
    typed = plan.answers.get(naming, shown)
    finding = check_finding(
        check,
        plan.language,
        "–" if typed is None else dated(typed, plan.language) if isinstance(typed, datetime.date) else str(shown),
    )
    place = {"section": section, "block": block.id, "row": str(row), "field": key.field.lstrip("#")}
    return finding.at(sheet=where.sheet, cell=where.cell, **place)
