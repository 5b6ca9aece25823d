"""Many plans as one: a pandas frame per block, and the roll-ups over them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from accountsheet.finding import Finding, Severity
from accountsheet.judge import CURRENT, REJECTED, SUPERSEDED, TABLES, Judged
from accountsheet.kind import INDEX
from accountsheet.phrases import remark
from accountsheet.rollups import ACCOUNT_FACTS, COLUMNS, DERIVED, white_space, with_action

if TYPE_CHECKING:
    import datetime
    import os

    import pandas

    from accountsheet.blueprint import Blueprint

INDEX_KINDS = {"plan_id": "string", "account_id": "string", "owner": "string", "year": "Int64", "currency": "string"}
DTYPES = {"date": "datetime64[s]", "moment": "datetime64[us]", "amount": "float64"}


class Portfolio(Mapping[str, "pandas.DataFrame"]):
    """The tables of a collection of plans, by name; each begins with plan_id, account_id, owner, year and currency."""

    def __init__(
        self, tables: Mapping[str, pandas.DataFrame], blueprints: Iterable[Blueprint] = (), *, settled: bool = False
    ) -> None:
        self._tables = dict(tables)
        self._settled = settled
        """Whether nothing is told twice any more."""
        self.blueprints = tuple(blueprints)
        """What the plans were written with, the newest of each id first; none where the tables were read from a folder."""

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

    @property
    def year(self) -> int | None:
        """The year that most of the plans that count are for; of several the latest. None where there is no plan."""
        years = self.plans["year"].dropna().value_counts()
        return int(max(years[years == years.max()].index)) if len(years) else None

    def counted(self, block: str) -> pandas.DataFrame:
        """Give a block's rows with nothing twice: of two blueprints that have it for one account and year, the newest counts."""
        frame = self._tables[block]
        if frame.empty or self._settled:
            return frame
        plans = self.plans.sort_values("modified", kind="stable", na_position="first")
        having = plans[plans["plan_id"].isin(frame["plan_id"])]
        owners = ["owner"] if (having["account_id"] == "").any() else []
        newest = having.drop_duplicates(["account_id", "year", *owners], keep="last")
        return frame[frame["plan_id"].isin(newest["plan_id"])]

    def rollup(self, block: str, by: str | Sequence[str] = "owner", values: Sequence[str] | None = None) -> pandas.DataFrame:
        """Add up a block's figures by one or more columns, its own or those of the accounts (segment, region, industry).

        Without `values` every amount of money is added up; percentages and scores never are. Amounts of different
        currencies are never added together: `currency` is always among the groups. `plans` counts the plans behind each
        row. Raises KeyError where a column does not exist.
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

    def tally(self, block: str, by: str | Sequence[str]) -> pandas.DataFrame:
        """Count a table's rows, and the plans they come from, by one or more of its columns."""
        groups = [by] if isinstance(by, str) else list(by)
        grouped = self._tables[block].groupby(groups, dropna=False, observed=True)["plan_id"]
        return grouped.agg(rows="size", plans="nunique").astype("Int64").reset_index()

    def white_space(self) -> pandas.DataFrame:
        """Give the strongest status and the amounts of each account and product looked at: all others are white space."""
        return white_space(with_columns(self.counted("cross_sell"), COLUMNS["cross_sell"]))

    def overdue_actions(self, as_of: datetime.date) -> pandas.DataFrame:
        """Give the open actions whose day has passed, the oldest first."""
        actions = DERIVED["action_plan"](with_columns(self.counted("action_plan"), COLUMNS["action_plan"]), as_of)
        return actions[actions["is_overdue"] == 1].sort_values("when", kind="stable")

    def counting(self, as_of: datetime.date, year: int | None = None) -> Portfolio:
        """Give what counts for one plan year (`year` unless said otherwise), ready to be rolled up.

        Nothing is told twice; findings are all there. `accounts` has a row an account, every other table's rows get the
        account's number in it (`account_no`), its name, segment, region and industry, and the columns that `rollups`
        derives, such as `is_overdue`. `white_space` holds what `white_space()` gives. Tables that no plan has are empty.
        """
        wanted = self.year if year is None else year
        plans = self.plans[self.plans["year"].eq(wanted).fillna(False)] if wanted is not None else self.plans
        mine = Portfolio({**self._tables, "plans": plans}, self.blueprints)
        tables = {name: table[table["plan_id"].isin(plans["plan_id"])] for name, table in self._tables.items() if name in TABLES}
        tables["findings"] = self.findings
        tables |= {name: mine.counted(name) for name in self._tables if name not in TABLES}
        tables |= {name: with_columns(tables.get(name), kinds) for name, kinds in COLUMNS.items()}
        owners = [blueprint.id for blueprint in self.blueprints if blueprint.audience == "owner"]
        profiles = with_columns(self._tables.get("account"), COLUMNS["account"])
        accounts = accounts_of(plans[~plans["blueprint"].isin(owners)], profiles)
        derived = {name: DERIVED[name](table, as_of) if name in DERIVED else table for name, table in tables.items()}
        derived["completeness"] = weighed(derived["completeness"], self.blueprints)
        derived["white_space"] = white_space(tables["cross_sell"])
        derived["opportunities"] = with_action(derived["opportunities"], derived["action_plan"])
        facts = accounts[["account_no", "account_id", *ACCOUNT_FACTS]]
        told = {name: told_of_accounts(table, facts) for name, table in derived.items()}
        return Portfolio({**told, "accounts": accounts}, self.blueprints, settled=True)

    def to_excel(self, path: str | os.PathLike[str], **options: Any) -> list[Finding]:
        """Write the summary workbook; options and findings as those of `summary.write_summary`."""
        from accountsheet.summary import write_summary

        return write_summary(self, path, **options)


def assemble(judged: Iterable[Judged], others: Iterable[Finding] = ()) -> Portfolio:
    """Join judged workbooks into one portfolio: of several for one plan the one saved last counts.

    `others` are remarks on what is no workbook at all, such as a lock file.
    """
    results = list(judged)
    states, remarks = settle(results)
    columns: dict[str, dict[str, str]] = {name: dict(kinds) for name, kinds in TABLES.items()}
    for result in results:
        for block, kinds in result.columns.items():
            known = columns.setdefault(block, {})
            known.update({name: kind for name, kind in kinds.items() if name not in known})
    rows: dict[str, list[Mapping[str, Any]]] = {name: [] for name in columns}
    for place, result in enumerate(results):
        index = {name: result.tables["plans"][0][name] for name in INDEX} if result.tables else dict.fromkeys(INDEX)
        for name, records in result.tables.items():
            if name == "plans":
                rows["plans"] += [{**record, "state": states[place]} for record in records]
            elif states[place] == CURRENT:
                rows[name] += records
        if not result.tables:
            facts = {"file": result.file, "sha256": result.sha256 or None, "modified": result.modified}
            rows["plans"].append({**index, "state": REJECTED, **facts})
        rows["findings"] += [{**index, **finding_record(finding)} for finding in (*result.findings, *remarks.get(place, ()))]
    rows["findings"] += [finding_record(finding) for finding in others]
    blueprints = dict.fromkeys(result.blueprint for result in reversed(results) if result.blueprint is not None)
    ordered = sorted(blueprints, key=lambda blueprint: blueprint.version, reverse=True)
    return Portfolio({name: frame(rows[name], kinds) for name, kinds in columns.items()}, ordered)


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
        older, newer = sorted((other, place), key=lambda each: (*age(results[each]), -each))
        newest[result.plan_id] = newer
        states[older] = SUPERSEDED
        same = results[older].sha256 == results[newer].sha256
        code = "workbook-twice" if same else "workbook-superseded"
        language = str(results[older].tables["plans"][0]["language"])
        remarks.setdefault(older, []).append(remark(code, language, file=results[older].file, other=results[newer].file))
        remarks[older] += two_names(results[older], results[newer])
    twice_told(results, states, remarks)
    return states, remarks


def age(result: Judged) -> tuple[bool, datetime.datetime]:
    """Give what sorts workbooks from old to new; one without any date goes first."""
    return result.modified is not None, result.modified or datetime.datetime.min


def two_names(result: Judged, other: Judged) -> list[Finding]:
    """Remark where one account number has two names: one of the two plans may be another customer's."""
    plan, known = result.tables["plans"][0], other.tables["plans"][0]
    if str(plan["account"]).casefold() == str(known["account"]).casefold():
        return []
    facts = {
        "file": result.file,
        "other": other.file,
        "one": known["account"],
        "two": plan["account"],
        "number": plan["account_id"],
    }
    return [remark("two-names", str(plan["language"]), **facts)]


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
        remarks.setdefault(place, []).extend(two_names(result, results[first]))


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


def with_columns(table: pandas.DataFrame | None, kinds: Mapping[str, str]) -> pandas.DataFrame:
    """Give a table the columns that it should have; no table is an empty one."""
    empty = frame([], kinds)
    if table is None:
        return empty
    missing = {name: empty[name].reindex(table.index) for name in kinds if name not in table.columns}
    return table.assign(**missing)


def weighed(completeness: pandas.DataFrame, blueprints: Iterable[Blueprint]) -> pandas.DataFrame:
    """Give each block's weight in its section, 1 where that is not known, and what it brings in: weight times completeness."""
    weights = {block.id: block.weight for blueprint in blueprints for block in blueprint.blocks.values()}
    weight = completeness["block"].map(weights).fillna(1.0).astype("float64")
    return completeness.assign(weight=weight, points=weight * completeness["completeness"])


def accounts_of(plans: pandas.DataFrame, profiles: pandas.DataFrame) -> pandas.DataFrame:
    """Give a row an account, by name: what its newest plans say, and the means of their completeness and health."""
    named = plans[plans["account_id"].fillna("") != ""].sort_values("modified", kind="stable", na_position="first")
    means = named.groupby("account_id")[["completeness", "health"]].mean()
    newest = (
        named.drop_duplicates("account_id", keep="last").drop(columns=["completeness", "health"]).merge(means, on="account_id")
    )
    whose = named[["plan_id", "account_id", "modified"]]
    told = profiles[["plan_id", *COLUMNS["account"]]].merge(whose, on="plan_id")
    in_order = told.sort_values("modified", kind="stable", na_position="first")
    facts = in_order.groupby("account_id")[list(COLUMNS["account"])].last()
    ordered = newest.merge(facts, on="account_id", how="left")
    ordered = ordered.sort_values("account", key=lambda names: names.str.casefold(), kind="stable")
    ordered.insert(0, "account_no", range(1, len(ordered) + 1))
    return ordered.astype({"account_no": "Int64"}).reset_index(drop=True)


def told_of_accounts(table: pandas.DataFrame, facts: pandas.DataFrame) -> pandas.DataFrame:
    """Put each row's account number before it, and the account's facts after the columns that every table begins with."""
    own = [name for name in ACCOUNT_FACTS if name in table.columns]
    known = facts.rename(columns={name: f"{name} of account" for name in own})
    merged = table.merge(known, on="account_id", how="left")
    for name in own:
        merged[name] = merged[name].fillna(merged.pop(f"{name} of account"))
    index = [name for name in INDEX_KINDS if name in table.columns]
    rest = [name for name in table.columns if name not in index and name not in ACCOUNT_FACTS]
    result = merged[["account_no", *index, *ACCOUNT_FACTS, *rest]]
    result.attrs = dict(table.attrs)
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
