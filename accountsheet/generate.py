"""Blank workbooks for accounts, prefilled with what is known already."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.blueprint import Block, Blueprint, Field
from accountsheet.fields import Choice, Date, Number, YesNo, type_of
from accountsheet.files import safe_file_name
from accountsheet.finding import Finding
from accountsheet.phrases import remark
from accountsheet.plan import Plan, answers_from, new_plan, read_text
from accountsheet.values import read_date
from accountsheet.writer import write_plan

if TYPE_CHECKING:
    import pandas

INDEX = frozenset({"plan_id", "account_id", "owner", "year", "currency"})


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook that was made, or why it was not."""

    account: Account
    path: Path
    findings: tuple[Finding, ...] = ()
    written: bool = True


def generate(
    blueprint: Blueprint,
    accounts: Sequence[Account] | pandas.DataFrame | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    language: str = "",
    year: int | None = None,
    due: datetime.date | None = None,
    data: str | os.PathLike[str] | Mapping[str, pandas.DataFrame] | None = None,
    by_owner: bool = False,
    overwrite: bool = False,
) -> list[Made]:
    """Make one blank workbook for each account, and give what was made.

    `accounts` are accounts, a frame or the path of an accounts file; `language` overrules theirs; `year` is the plan's
    current year, by default this one; `data` are tables as `import` writes them, to prefill from. An existing workbook is
    left as it is unless `overwrite`, since a rep may have typed in it. Raises UsageProblem where accounts or data cannot be read.
    """
    given, findings = taken(accounts)
    tables = tables_of(data)
    made = list(make_all(blueprint, given, Path(out), language, year or datetime.date.today().year, due, tables, by_owner, overwrite))
    if findings and made:
        made[0] = replace(made[0], findings=(*findings, *made[0].findings))
    return made


def taken(accounts: Sequence[Account] | pandas.DataFrame | str | os.PathLike[str]) -> tuple[list[Account], list[Finding]]:
    """Take accounts in any of their forms."""
    from accountsheet.accounts import accounts_from_frame, read_accounts

    if isinstance(accounts, (str, os.PathLike)):
        return read_accounts(accounts)
    if hasattr(accounts, "columns"):
        return accounts_from_frame(cast("pandas.DataFrame", accounts))
    return list(accounts), []


def tables_of(data: str | os.PathLike[str] | Mapping[str, pandas.DataFrame] | None) -> Mapping[str, pandas.DataFrame]:
    """Take tables, or read them from a folder."""
    if data is None:
        return {}
    if isinstance(data, (str, os.PathLike)):
        from accountsheet.tables import read_tables

        return read_tables(data)
    return data


def make_all(
    blueprint: Blueprint,
    accounts: Iterable[Account],
    out: Path,
    language: str,
    year: int,
    due: datetime.date | None,
    tables: Mapping[str, pandas.DataFrame],
    by_owner: bool,
    overwrite: bool,
) -> Iterator[Made]:
    """Make the workbooks one by one."""
    used: set[Path] = set()
    for account in accounts:
        chosen = language or account.language or "en"
        if chosen not in blueprint.languages:
            chosen = blueprint.languages[0]
        folder = out / safe_file_name(account.owner) if by_owner and account.owner else out
        path = folder / f"{safe_file_name(f'{account.account_id} {account.account}')}.xlsx"
        if path in used:
            path = path.with_stem(f"{path.stem} ({len(used)})")
        used.add(path)
        if path.exists() and not overwrite:
            yield Made(account, path, (remark("file-exists", file=str(path)),), written=False)
            continue
        day, late = (due, None) if due else due_day(account, chosen, year)
        plan, findings = new_plan(blueprint, account, language=chosen, year=year, due=day)
        plan, more = prefilled(plan, tables)
        findings += [*filter(None, [late]), *more, *write_plan(plan, path)]
        yield Made(account, path, tuple(finding.at(file=str(path)) for finding in findings))


def due_day(account: Account, language: str, year: int) -> tuple[datetime.date | None, Finding | None]:
    """Read the day to hand in by that the accounts file gives, and remark where it is none."""
    day = read_date(account.due, language, year).value if account.due else None
    return day, remark("not-a-date", language, raw=account.due) if account.due and day is None else None


def prefilled(plan: Plan, tables: Mapping[str, pandas.DataFrame]) -> tuple[Plan, list[Finding]]:
    """Put the rows that tables have for an account into its plan."""
    answers: dict[Key, Any] = {}
    findings: list[Finding] = []
    blueprint = plan.own_blueprint
    for name, table in tables.items():
        block = blueprint.blocks.get(name)
        if block is None or not block.inputs:
            continue
        own = table[table["account_id"].astype("string") == plan.account.account_id] if "account_id" in table.columns else table.iloc[:0]
        records = []
        for record in own.to_dict("records"):
            typed_record, remarks = typed(record, block, blueprint, plan)
            records.append(typed_record)
            findings += remarks
        answers |= answers_from(blueprint, block, in_year(records, block, plan.year), plan.language, plan.year)
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
    for name, value in record.items():
        question = block.fields.get(str(name))
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
