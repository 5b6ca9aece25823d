"""Many plans as one: a pandas frame per block, and the roll-ups over them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from accountsheet.finding import Finding, Severity
from accountsheet.judge import CURRENT, INDEX, REJECTED, SUPERSEDED, TABLES, Judged
from accountsheet.phrases import remark

if TYPE_CHECKING:
    import os

    import pandas

INDEX_KINDS = {"plan_id": "string", "account_id": "string", "owner": "string", "year": "Int64", "currency": "string"}
DTYPES = {"date": "datetime64[s]", "moment": "datetime64[us]", "amount": "float64"}


class Portfolio(Mapping[str, "pandas.DataFrame"]):
    """The tables of a collection of plans, by name; each begins with plan_id, account_id, owner, year and currency."""

    def __init__(self, tables: Mapping[str, pandas.DataFrame]) -> None:
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> pandas.DataFrame:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    @property
    def findings(self) -> pandas.DataFrame:
        """Every remark on every workbook."""
        return self._tables["findings"]

    @property
    def plans(self) -> pandas.DataFrame:
        """The plans that count: the newest workbook of each."""
        plans = self._tables["plans"]
        return plans[plans["state"] == CURRENT]

    def counted(self, block: str) -> pandas.DataFrame:
        """Give a block's rows with nothing twice: where two blueprints give one account the same block for a year, the newest counts."""
        frame = self._tables[block]
        if frame.empty:
            return frame
        plans = self.plans.sort_values("modified", kind="stable", na_position="first")
        having = plans[plans["plan_id"].isin(frame["plan_id"])]
        newest = having.drop_duplicates(["account_id", "year", "owner"] if (having["account_id"] == "").any() else ["account_id", "year"], keep="last")
        return frame[frame["plan_id"].isin(newest["plan_id"])]

    def rollup(self, block: str, by: str | Sequence[str] = "owner", values: Sequence[str] | None = None) -> pandas.DataFrame:
        """Add up a block's figures by one or more columns, its own or those of the accounts (segment, region, industry).

        Without `values` every amount of money is added up; percentages and scores never are. Amounts of different currencies are never added together: `currency` is always among the groups. `plans` counts the
        plans behind each row. Raises KeyError where a column does not exist.
        """
        groups = [by] if isinstance(by, str) else list(by)
        frame = self.counted(block)
        missing = [name for name in groups if name not in frame.columns]
        if missing:
            accounts = self._tables["account"]
            frame = frame.merge(accounts[["plan_id", *missing]], on="plan_id", how="left")
        amounts = self._tables[block].attrs.get("amounts", [])
        chosen = list(values) if values is not None else [name for name in amounts if name not in groups]
        keys = list(dict.fromkeys([*groups, "currency"]))
        grouped = frame.groupby(keys, dropna=False, observed=True)
        result = grouped[chosen].sum(min_count=1)
        result["plans"] = grouped["plan_id"].nunique().astype("Int64")
        return result.reset_index()

    def to_excel(self, path: str | os.PathLike[str], **options: Any) -> None:
        """Write the summary workbook; options as those of `summary.write_summary`."""
        from accountsheet.summary import write_summary

        write_summary(self, path, **options)


def assemble(judged: Iterable[Judged]) -> Portfolio:
    """Join judged workbooks into one portfolio: of several for one plan the one saved last counts."""
    results = list(judged)
    states, remarks = settle(results)
    columns: dict[str, dict[str, str]] = {name: dict(kinds) for name, kinds in TABLES.items()}
    for result in results:
        for block, kinds in result.columns.items():
            columns.setdefault(block, {}).update({name: kind for name, kind in kinds.items() if name not in columns.get(block, {})})
    rows: dict[str, list[Mapping[str, Any]]] = {name: [] for name in columns}
    for place, result in enumerate(results):
        index = {name: result.tables["plans"][0][name] for name in INDEX} if result.tables else dict.fromkeys(INDEX)
        for name, records in result.tables.items():
            if name == "plans":
                rows["plans"] += [{**record, "state": states[place]} for record in records]
            elif states[place] == CURRENT:
                rows[name] += records
        if not result.tables:
            rows["plans"].append({**index, "state": REJECTED, "file": result.file, "sha256": result.sha256, "modified": result.modified})
        rows["findings"] += [{**index, **finding_record(finding)} for finding in (*result.findings, *remarks.get(place, ()))]
    return Portfolio({name: frame(rows[name], kinds) for name, kinds in columns.items()})


def settle(results: Sequence[Judged]) -> tuple[list[str], dict[int, list[Finding]]]:
    """Say which workbook counts for each plan, and remark on the others."""
    states = [CURRENT if result.tables else REJECTED for result in results]
    remarks: dict[int, list[Finding]] = {}
    newest: dict[str, int] = {}
    for place, result in enumerate(results):
        if not result.tables:
            continue
        other = newest.get(result.plan_id)
        if other is None:
            newest[result.plan_id] = place
            continue
        older, newer = sorted((other, place), key=lambda each: (results[each].modified is not None, results[each].modified or 0, -each))
        newest[result.plan_id] = newer
        states[older] = SUPERSEDED
        same = results[older].sha256 == results[newer].sha256
        code = "workbook-twice" if same else "workbook-superseded"
        language = str(results[older].tables["plans"][0]["language"])
        remarks.setdefault(older, []).append(remark(code, language, file=results[older].file, other=results[newer].file))
    twice_told(results, states, remarks)
    return states, remarks


def twice_told(results: Sequence[Judged], states: Sequence[str], remarks: dict[int, list[Finding]]) -> None:
    """Remark where two blueprints give one account the same block for the same year, or one number has two names."""
    seen: dict[tuple[Any, Any, str], int] = {}
    names: dict[str, int] = {}
    for place, result in enumerate(results):
        if states[place] != CURRENT:
            continue
        plan = result.tables["plans"][0]
        language = str(plan["language"])
        blocks = [name for name, rows in result.tables.items() if rows and name not in (*TABLES, "plan")]
        for block in blocks:
            other = seen.setdefault((plan["account_id"], plan["year"], block), place)
            if other != place:
                facts = {"file": result.file, "other": results[other].file, "block": block}
                remarks.setdefault(place, []).append(remark("block-told-twice", language, **facts))
        first = names.setdefault(plan["account_id"], place)
        other_name = results[first].tables["plans"][0]["account"]
        if str(other_name).casefold() != str(plan["account"]).casefold():
            facts = {"file": result.file, "other": results[first].file, "one": other_name, "two": plan["account"], "number": plan["account_id"]}
            remarks.setdefault(place, []).append(remark("two-names", language, **facts))


def finding_record(finding: Finding) -> dict[str, Any]:
    """Give a finding as a row; what does not apply is NA."""
    return {name: str(value) or None for name in TABLES["findings"] if (value := getattr(finding, name)) is not None}


def frame(records: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]) -> pandas.DataFrame:
    """Make a frame with the same dtypes however many records there are."""
    import pandas

    columns = {**INDEX_KINDS, **{name: kind for name, kind in kinds.items() if name not in INDEX_KINDS}}
    result = pandas.DataFrame(
        {name: series([record.get(name) for record in records], kind) for name, kind in columns.items()}, columns=list(columns)
    )
    result.attrs["amounts"] = [name for name, kind in columns.items() if kind == "amount"]
    return result


def series(values: list[Any], kind: str) -> pandas.Series:
    """Make a column of a kind."""
    import pandas

    if kind == "moment":
        return pandas.Series([None if value is None else value.replace(tzinfo=None) for value in values], dtype="datetime64[us]")
    if kind == "date":
        import numpy

        days = numpy.array(["NaT" if value is None else value.isoformat() for value in values], dtype="datetime64[s]")
        return pandas.Series(days, dtype="datetime64[s]")
    return pandas.Series(values, dtype=DTYPES.get(kind, kind))


def worst(findings: Iterable[Finding], *, strict: bool = False) -> list[Finding]:
    """Give findings, with repairs as errors where that is asked for."""
    return [replace(each, severity=Severity.ERROR) if strict and each.severity is Severity.REPAIR else each for each in findings]
