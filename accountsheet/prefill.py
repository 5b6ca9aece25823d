"""What tables know of accounts beforehand, and how that gets into their plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from accountsheet.address import Key
from accountsheet.blueprint import Block, Blueprint, Field
from accountsheet.fields import Choice, Date, Number, YesNo, type_of
from accountsheet.finding import Finding
from accountsheet.kind import column_of
from accountsheet.phrases import remark
from accountsheet.plan import Plan, answers_from, read_text

if TYPE_CHECKING:
    import pandas

ACCOUNT = "account_id"


@dataclass(frozen=True)
class Known:
    """A table as columns of values, and which rows are about which account."""

    columns: Mapping[str, Sequence[Any]]
    rows: Mapping[str, Sequence[int]]

    def of(self, account_id: str) -> Iterator[dict[str, Any]]:
        """Give an account's records."""
        for row in self.rows.get(account_id, ()):
            yield {name: column[row] for name, column in self.columns.items()}

    def about(self, ids: Iterable[str]) -> Known:
        """Give no more of the table than some accounts need."""
        theirs = {each: self.rows[each] for each in ids if each in self.rows}
        kept = [row for rows in theirs.values() for row in rows]
        places = iter(range(len(kept)))
        columns = {name: [column[row] for row in kept] for name, column in self.columns.items()}
        return Known(columns, {each: [next(places) for _ in rows] for each, rows in theirs.items()})


def known_from(tables: Mapping[str, pandas.DataFrame]) -> dict[str, Known]:
    """Sort tables by account, once for all accounts."""
    return {name: sorted_by_account(table) for name, table in tables.items() if ACCOUNT in table.columns}


def sorted_by_account(table: pandas.DataFrame) -> Known:
    """Sort one table by account."""
    rows: dict[str, list[int]] = {}
    for row, account_id in enumerate(table[ACCOUNT].astype("string").fillna("").tolist()):
        rows.setdefault(account_id, []).append(row)
    return Known({str(name): table[name].tolist() for name in table.columns}, rows)


def prefilled(plan: Plan, known: Mapping[str, Known]) -> tuple[Plan, list[Finding]]:
    """Put what is known of an account into its plan."""
    answers: dict[Key, Any] = {}
    findings: list[Finding] = []
    blueprint = plan.own_blueprint
    for name, table in known.items():
        block = blueprint.blocks.get(name)
        if block is None or not block.inputs:
            continue
        records = []
        for record in table.of(plan.account.account_id):
            typed_record, remarks = typed(record, block, blueprint, plan)
            records.append(typed_record)
            findings += remarks
        try:
            answers |= answers_from(blueprint, block, in_year(records, block, plan.year), plan.language, plan.year)
        except (KeyError, ValueError, TypeError) as problem:
            findings.append(remark("table-without-place", plan.language, block=name, why=str(problem).strip("'\"")))
    filled = {key: value for key, value in answers.items() if key.block != "plan"}
    return replace(plan, answers={**plan.answers, **filled}, prefilled=plan.prefilled | frozenset(filled)), findings


def in_year(records: Sequence[dict[str, Any]], block: Block, year: int) -> list[dict[str, Any]]:
    """Put the rows of fixed years where those years stand in a plan of this year; years that it does not ask for are left out."""
    if "years" not in block.options:
        return list(records)
    rows = {year + int(offset): place for place, offset in enumerate(block.options["years"], 1)}
    kept = []
    for record in records:
        own = {name: value for name, value in record.items() if name != "year"}  # the plan's, not an answer
        row = rows.get(int(own["of_year"])) if "of_year" in own else own.get("row")
        if row is not None:
            kept.append({**own, "row": row})
    return kept


def typed(record: Mapping[Any, Any], block: Block, blueprint: Blueprint, plan: Plan) -> tuple[dict[str, Any], list[Finding]]:
    """Give a table's record the types of its fields; texts of a file without types are read as a rep's would be."""
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    asked = {column_of(block, question): question for question in block.fields.values()}
    for name, value in record.items():
        question = asked.get(str(name))
        if value is None or value != value or str(value) in ("NaT", "<NA>"):
            continue
        if question is None or question.calculated:
            values[str(name)] = value
            continue
        result, problem = one_value(value, question, blueprint, plan)
        values[str(name)] = result
        if problem:
            findings.append(problem.at(block=block.id, field=question.id))
    return values, findings


def one_value(value: Any, question: Field, blueprint: Blueprint, plan: Plan) -> tuple[Any, Finding | None]:
    """Give one value the type of its field."""
    kind = type_of(question)
    if isinstance(value, str):
        if isinstance(kind, Choice) and (question.open or value in blueprint.lists[question.list].labels):
            return value, None
        if isinstance(kind, (Number, Date, YesNo, Choice)):
            return read_text(question, blueprint, "en" if isinstance(kind, (Number, Date)) else plan.language, plan.year, value)
        return value, None
    if isinstance(kind, Date):
        return value.date() if hasattr(value, "date") else value, None
    if isinstance(kind, YesNo):
        return bool(value), None
    if isinstance(kind, Number):
        return int(value) if kind.whole else float(value), None
    return str(value), None
