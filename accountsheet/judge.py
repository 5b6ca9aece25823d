"""One plan judged: its records, completeness, checks, and every answer with the cell it came from."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from accountsheet.address import Key
from accountsheet.blueprint import Block, Blueprint, Field
from accountsheet.checks import Outcome, outcomes, worded
from accountsheet.fields import type_of
from accountsheet.figures import Figures
from accountsheet.finding import Finding
from accountsheet.kind import Kind, column_of, is_identity
from accountsheet.layout import Layout
from accountsheet.plan import Plan
from accountsheet.progress import block_share, blocks_counted, expected_key, filled_key, plan_share
from accountsheet.reader import Origin, Reading

TABLES: Mapping[str, Mapping[str, str]] = {
    "plans": {
        "account": "string", "blueprint": "string", "blueprint_version": "string", "language": "string", "status": "string",
        "products": "string", "completeness": "float64", "health": "float64", "state": "string", "file": "string",
        "sha256": "string", "saved_by": "string", "modified": "moment",
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
PRODUCTS_APART = " | "
"""What stands between the products of a plan, as in the accounts file."""
CURRENT, SUPERSEDED, REJECTED = "current", "superseded", "rejected"

Record: TypeAlias = dict[str, Any]
Where: TypeAlias = tuple[str, int | str, str]
"""Block, row and column of a record."""


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


@dataclass(frozen=True)
class Place:
    """Where a record's answers come from."""

    row: int | str
    column: str
    cells: Sequence[tuple[str, Key, bool]]
    """The record's columns, each with its key, and whether that is calculated."""


@dataclass(frozen=True)
class Table:
    """A block's table in a layout, whoever's plan it is."""

    block: Block
    kind: Kind
    columns: Mapping[str, str]
    places: Mapping[Where, Place]
    always: bool
    """Whether it has its record, answered or not: a form has."""


@dataclass(frozen=True)
class Outline:
    """What judging needs to know of a layout, whoever's plan it is."""

    tables: Sequence[Table]
    asked: frozenset[Key]
    """The answers that make a record."""
    counted: Sequence[tuple[Record, Key, Key, Key]]
    """The blocks that count, with the keys of what is filled in, what is expected, and the share."""


def judge(reading: Reading, as_of: datetime.date) -> Judged:
    """Judge a workbook as it was read; overdue is judged on `as_of`."""
    if reading.plan is None:
        return Judged(reading.file, modified=reading.modified, findings=reading.findings, sha256=reading.sha256)
    plan = reading.plan
    layout = plan.layout()
    outline, figures, index = outline_of(layout), Figures(layout, plan.answers, as_of), index_of(plan)
    judged = list(outcomes(plan.blueprint.checks, plan, layout, figures))
    failed = [outcome for outcome in judged if not outcome.holds and (outcome.row is not None or not outcome.check.each)]
    holds = [outcome.holds for outcome in judged if outcome.row is None]
    begun = {key[:3] for key in outline.asked.intersection(plan.answers)}
    whose = account_column(plan)
    tables = {
        table.block.id: list(records(table, begun, plan, layout, figures, index, whose.get(table.block.id)))
        for table in outline.tables
    }
    tables["completeness"] = list(completeness(outline, figures, index))
    tables["checks"] = [check_record(outcome, index) for outcome in judged]
    tables["answers"] = list(answers(plan, reading.origins, index))
    tables["plans"] = [index | plan_record(reading, plan, figures, sum(holds) / len(holds) if holds else None)]
    columns = {table.block.id: table.columns for table in outline.tables}
    findings = (worded(outcome, plan, layout, figures, reading).at(file=reading.file) for outcome in failed)
    every = (*reading.findings, *findings)
    return Judged(reading.file, plan.plan_id, reading.modified, tables, columns, every, reading.sha256, plan.blueprint)


@lru_cache(maxsize=64)
def outline_of(layout: Layout) -> Outline:
    """Look through a layout for what judging needs."""
    context = layout.context
    blocks = [block for block in context.blueprint.blocks.values() if block.fields]
    fields = {block.id: block.fields for block in blocks}
    asked = [key for key in layout.slots if key.field in fields.get(key.block, ())]
    places: dict[str, dict[Where, None]] = {block.id: {} for block in blocks}
    for key in asked:
        places[key.block][key.block, key.row, key.column] = None
    counted = [
        (
            {"section": context.blueprint.section_of[block.id].id, "block": block.id},
            filled_key(block), expected_key(block), block_share(block),
        )
        for block in blocks_counted(context)
    ]  # fmt: skip
    return Outline([table_of(block, places[block.id], layout) for block in blocks], frozenset(asked), counted)


def table_of(block: Block, begun: Iterable[Where], layout: Layout) -> Table:
    """Outline a block's table."""
    kind = layout.context.kind(block)
    always = not kind.index(block)
    places = {place: place_of(block, *place[1:], layout) for place in ([(block.id, "", "")] if always else begun)}
    return Table(block, kind, columns_of(block, layout), places, always)


def place_of(block: Block, row: int | str, column: str, layout: Layout) -> Place:
    """Say where the answers of one record come from."""
    keys = [(question, Key(block.id, row, column, question.id)) for question in tabled(block)]
    return Place(
        row, column, [(column_of(block, question), key, question.calculated and key in layout.formulas) for question, key in keys]
    )


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
        "products": PRODUCTS_APART.join(offered(plan)) or None,
        "completeness": figures.share(plan_share()),
        "health": health,
        "state": CURRENT,
        "file": reading.file,
        "sha256": reading.sha256,
        "saved_by": reading.saved_by or None,
        "modified": reading.modified,
    }


def offered(plan: Plan) -> list[str]:
    """Give the products that a plan's matrix asks about, its account's or its blueprint's; none where there is no matrix."""
    across = [block.options.get("across") for block in plan.blueprint.blocks.values()]
    asked = any(isinstance(axis, dict) and axis.get("list") == "products" for axis in across)
    return list(plan.own_blueprint.lists["products"].labels) if asked else []


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


def records(
    table: Table,
    begun: Container[Where],
    plan: Plan,
    layout: Layout,
    figures: Figures,
    index: Record,
    whose: str | None,
) -> Iterator[Record]:
    """Go through a block's records: those that hold an answer, calculated fields included."""
    for where, place in table.places.items():
        if not table.always and where not in begun:
            continue
        record = table.kind.describe(table.block, place.row, place.column, plan.answers, layout.context)
        for name, key, calculated in place.cells:
            if name not in record:
                record[name] = figures.answer(key) if calculated else plan.answers.get(key)
        record.update(index)
        if whose and record.get(whose):
            record["account_id"] = record[whose]
        yield record


def completeness(outline: Outline, figures: Figures, index: Record) -> Iterator[Record]:
    """Go through the blocks that count."""
    for block, filled, expected, share in outline.counted:
        numbers = {"filled": int(figures.share(filled)), "expected": int(figures.share(expected))}
        yield {**index, **block, **numbers, "completeness": figures.share(share)}


def check_record(outcome: Outcome, index: Record) -> Record:
    """Make the row of a check."""
    row = None if outcome.row is None else str(outcome.row)
    return {**index, "check": outcome.check.id, "block": outcome.check.each or None, "row": row, "holds": outcome.holds}


def answers(plan: Plan, origins: Mapping[Key, Origin], index: Record) -> Iterator[Record]:
    """Go through every answer with where it came from."""
    nowhere = Origin("", "", "")
    section_of = {block: section.id for block, section in plan.blueprint.section_of.items()}
    blank = index | dict.fromkeys(TABLES["answers"])
    for key, value in plan.answers.items():
        record = blank.copy()  # quicker than to make each anew
        block, row, column, record["field"] = key
        record["section"], record["block"] = section_of[block], block
        record["row"], record["column"] = str(row) or None, column or None
        record["value"] = value if type(value) is str else value_text(value)
        record["sheet"], record["cell"], record["raw"] = origins.get(key, nowhere)
        yield record


def value_text(value: Any) -> str:
    """Write a value as text, the same in every language."""
    match value:
        case float():
            return f"{value:.15g}"
        case bool():
            return "true" if value else "false"
        case datetime.date():
            return value.isoformat()
    return str(value)
