"""A folder of tables that `import` wrote, taken for the workbooks it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from accountsheet.finding import Finding, Severity, UsageProblem
from accountsheet.judge import REJECTED, SUPERSEDED, TABLES, Judged
from accountsheet.phrases import remark
from accountsheet.tables import read_tables

if TYPE_CHECKING:
    import os

    import pandas

SETTLED = frozenset({"workbook-twice", "workbook-superseded", "block-told-twice", "two-names"})
"""Remarks on workbooks beside one another: they are made anew when collections are joined."""
KINDS = {"datetime64[s]": "date", "datetime64[us]": "moment"}

Record = dict[str, Any]


def restored(folder: str | os.PathLike[str]) -> tuple[list[Judged], list[Finding]]:
    """Read the tables of a folder as judged workbooks, and the findings on what was none.

    Calculated fields and checks are as they were on the day of the import. Raises UsageProblem where the tables are not
    those of an import.
    """
    tables = read_tables(folder)
    if any(name not in tables for name in TABLES):
        raise UsageProblem(remark("tables-incomplete", file=folder, missing=", ".join(TABLES.keys() - tables.keys())))
    rows = {name: by_plan(table) for name, table in tables.items() if name not in ("plans", "findings")}
    columns = {name: kinds_of(table) for name, table in tables.items() if name not in TABLES}
    findings = findings_by_file(tables["findings"])
    judged = []
    for plan in records(tables["plans"]):
        told = tuple(findings.pop(plan["file"] or "", ()))
        own = {name: every.get(plan["plan_id"], []) for name, every in rows.items()} if plan["state"] != SUPERSEDED else {}
        whole = {} if plan["state"] == REJECTED else {**own, "plans": [plan]}
        facts = {"modified": plan["modified"], "findings": told, "sha256": plan["sha256"] or ""}
        judged.append(Judged(plan["file"] or "", plan["plan_id"] or "", tables=whole, columns=columns if whole else {}, **facts))
    return judged, [finding for others in findings.values() for finding in others]


def records(table: pandas.DataFrame) -> list[Record]:
    """Give a table's rows with Python's own values; what is missing is None."""
    import pandas

    columns = {}
    for name, column in table.items():
        values = [None if missing else value for value, missing in zip(column, column.isna(), strict=True)]
        if pandas.api.types.is_datetime64_any_dtype(column):
            values = [None if value is None else value.to_pydatetime() for value in values]
            if str(column.dtype) == "datetime64[s]":
                values = [None if value is None else value.date() for value in values]
        columns[str(name)] = values
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def by_plan(table: pandas.DataFrame) -> Mapping[str, list[Record]]:
    """Give a table's rows by the plan they are of."""
    found: dict[str, list[Record]] = {}
    for record in records(table):
        found.setdefault(record["plan_id"], []).append(record)
    return found


def kinds_of(table: pandas.DataFrame) -> Mapping[str, str]:
    """Give the kinds of a table's columns: amounts of money are known by name."""
    amounts = table.attrs.get("amounts", ())
    return {str(name): "amount" if name in amounts else KINDS.get(str(dtype), str(dtype)) for name, dtype in table.dtypes.items()}


def findings_by_file(table: pandas.DataFrame) -> dict[str, list[Finding]]:
    """Give the findings by the file they are on."""
    found: dict[str, list[Finding]] = {}
    for record in records(table):
        if record["code"] not in SETTLED:
            facts = {name: record[name] or "" for name in TABLES["findings"] if name != "severity"}
            found.setdefault(record["file"] or "", []).append(Finding(severity=Severity(record["severity"]), **facts))
    return found
