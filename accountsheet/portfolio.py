"""Many plans as one: a pandas frame per block, and the roll-ups over them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from accountsheet.blocks import kinds
from accountsheet.collection import Collection, Frames
from accountsheet.finding import Finding, Severity
from accountsheet.judge import CURRENT
from accountsheet.rollups import COLUMNS, DERIVED, white_space
from accountsheet.settling import still_open
from accountsheet.source import read_blueprint
from accountsheet.view import View, counted_ids, joined, pieces_of, with_columns

if TYPE_CHECKING:
    import datetime
    import os

    import pandas

    from accountsheet.blueprint import Blueprint

WORST_FIRST = tuple(severity.value for severity in Severity)
JUDGED = "check-"
"""How the code of a check that does not hold begins."""


class Portfolio(Mapping[str, "pandas.DataFrame"]):
    """The tables of a collection of plans, by name; each begins with plan_id, account_id, owner, year and currency."""

    def __init__(
        self, tables: Mapping[str, pandas.DataFrame], sources: Iterable[str] = (), *, settled: bool = False
    ) -> None:
        self._tables = tables
        self._settled = settled
        """Whether nothing is told twice any more."""
        self.sources = tuple(sources)
        """The sources of the blueprints that the plans were written with."""

    def __getitem__(self, name: str) -> pandas.DataFrame:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    @cached_property
    def blueprints(self) -> tuple[Blueprint, ...]:
        """What the plans were written with, the newest of each id first."""
        found = [read_blueprint(source, "workbook", kinds(), sealed=True)[0] for source in self.sources]
        return tuple(sorted(filter(None, found), key=lambda blueprint: blueprint.version, reverse=True))

    @property
    def findings(self) -> pandas.DataFrame:
        """Every remark on every workbook."""
        return self._tables["findings"]

    @property
    def open_findings(self) -> pandas.DataFrame:
        """The remarks that still ask for something: of a superseded workbook only that it is superseded."""
        return still_open(self.findings, self._tables["plans"])

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

    def pieces(self, block: str) -> Iterator[pandas.DataFrame]:
        """Go through a table in pieces of whole plans: a large one need never be held whole."""
        return pieces_of(self._tables, block)

    def counted(self, block: str) -> pandas.DataFrame:
        """Give a block's rows with nothing twice: of two blueprints that have it for one account and year, the newest counts."""
        return joined(list(self._counted(block)))

    def _counted(self, block: str) -> Iterator[pandas.DataFrame]:
        counted = None if self._settled else counted_ids(self.plans, self._tables, block)
        for piece in self.pieces(block):
            yield piece if counted is None else piece[piece["plan_id"].isin(counted)]

    def rollup(self, block: str, by: str | Sequence[str] = "owner", values: Sequence[str] | None = None) -> pandas.DataFrame:
        """Add up a block's figures by one or more columns, its own or those of the accounts (segment, region, industry).

        Without `values` every amount of money is added up; percentages and scores never are. Amounts of different
        currencies are never added together: `currency` is always among the groups. `plans` counts the plans behind each
        row. Raises KeyError where a column does not exist.
        """
        groups = [by] if isinstance(by, str) else list(by)
        keys = list(dict.fromkeys([*groups, "currency"]))
        rolled = []
        for frame in self._counted(block):
            amounts = frame.attrs.get("amounts", [])
            missing = [name for name in groups if name not in frame.columns]
            if missing:
                frame = frame.merge(self._tables["account"][["plan_id", *missing]], on="plan_id", how="left")
            chosen = list(values) if values is not None else [name for name in amounts if name not in groups]
            grouped = frame.groupby(keys, dropna=False, observed=True)
            rolled.append(grouped[chosen].sum(min_count=1).assign(plans=grouped["plan_id"].nunique().astype("Int64")))
        return added_up(rolled)

    def tally(self, block: str, by: str | Sequence[str]) -> pandas.DataFrame:
        """Count a table's rows, and the plans they come from, by one or more of its columns."""
        groups = [by] if isinstance(by, str) else list(by)
        counted: list[pandas.DataFrame] = []
        for piece in self.pieces(block):
            grouped: Any = piece.groupby(groups, dropna=False, observed=True)["plan_id"]
            counted.append(grouped.agg(rows="size", plans="nunique").astype("Int64"))
        return added_up(counted)

    def white_space(self) -> pandas.DataFrame:
        """Give the strongest status and the amounts of each account and product on its list; `is_white` where nobody looked."""
        return white_space(with_columns(self.counted("cross_sell"), COLUMNS["cross_sell"]), self.plans)

    def overdue_actions(self, as_of: datetime.date) -> pandas.DataFrame:
        """Give the open actions whose day has passed, the oldest first."""
        found = []
        for piece in self._counted("action_plan"):
            actions = DERIVED["action_plan"](with_columns(piece, COLUMNS["action_plan"]), as_of)
            found.append(actions[actions["is_overdue"] == 1])
        return joined(found).sort_values("when", kind="stable")

    def counting(self, as_of: datetime.date, year: int | None = None) -> Portfolio:
        """Give what counts for one plan year (`year` unless said otherwise), ready to be rolled up.

        Nothing is told twice; findings are those still open. `accounts` has a row an account, every other table's rows get the
        account's number in it (`account_no`), its name, segment, region and industry, and the columns that `rollups`
        derives, such as `is_overdue`. `white_space` holds what `white_space()` gives. Tables that no plan has are empty.
        """
        view = View(self._tables, self.year if year is None else year, as_of, self.blueprints)
        return Portfolio(view, self.sources, settled=True)

    def to_excel(self, path: str | os.PathLike[str], **options: Any) -> list[Finding]:
        """Write the summary workbook; options and findings as those of `summary.write_summary`."""
        from accountsheet.summary import write_summary

        return write_summary(self, path, **options)


def added_up(pieces: Sequence[pandas.DataFrame]) -> pandas.DataFrame:
    """Add up what pieces of a table came to by the same groups: no plan is in two of them."""
    import pandas

    if len(pieces) == 1:
        return pieces[0].reset_index()
    keys = list(pieces[0].index.names)
    every = pandas.concat([piece.reset_index() for piece in pieces])
    return every.groupby(keys, dropna=False, observed=True).sum(min_count=1).reset_index()


def of_collection(collection: Collection) -> Portfolio:
    """Give a settled collection as a portfolio."""
    return Portfolio(Frames(collection), collection.blueprints())


def findings_in(table: pandas.DataFrame) -> list[Finding]:
    """Give a table's findings, the worst first; what could not be read goes before what a check makes of the rest."""
    names = ["code", "message", "hint", "file", "sheet", "cell"]
    rows = table[["severity", *names]].fillna("").astype(str).to_dict("records")
    ordered = sorted(rows, key=lambda row: (WORST_FIRST.index(row["severity"]), row["code"].startswith(JUDGED)))
    return [Finding(severity=Severity(row["severity"]), **{name: row[name] for name in names}) for row in ordered]
