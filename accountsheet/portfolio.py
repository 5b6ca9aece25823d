"""Many plans as one: a pandas frame per block, and the roll-ups over them."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from accountsheet.blocks import kinds
from accountsheet.executors import hands
from accountsheet.finding import Finding, Severity, UsageProblem
from accountsheet.joining import Collection, Frames
from accountsheet.judge import CURRENT, TABLES
from accountsheet.phrases import remark
from accountsheet.rollups import COLUMNS, DERIVED, added_up, summed, tallied, white_space
from accountsheet.settling import still_open
from accountsheet.source import read_blueprint
from accountsheet.tables import Held, Piece
from accountsheet.view import View, counted_ids, joined, parts_of, pieces_of, with_columns

if TYPE_CHECKING:
    import datetime
    import os

    import pandas
    from dask.dataframe import DataFrame as DaskFrame
    from distributed import Client

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
        return joined(list(self.open_pieces()))

    def open_pieces(self) -> Iterator[pandas.DataFrame]:
        """Go through the same remarks in pieces: of a large collection there are more than need be held at once."""
        plans = self._tables["plans"]
        return (still_open(piece, plans) for piece in self.pieces("findings"))

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
        return joined([worked_out(share) for share in self._shares(block)])

    def to_dask(self, block: str) -> DaskFrame:
        """Give the same rows as a Dask DataFrame, each piece of the table read when, and where, it is worked on.

        Raises UsageProblem where dask is not installed.
        """
        try:
            from dask import dataframe
        except ImportError as problem:
            raise UsageProblem(remark("dask-missing")) from problem
        shares = list(self._shares(block))
        return dataframe.from_map(worked_out, shares, meta=worked_out(shares[0]).iloc[:0])  # type: ignore[no-any-return, no-untyped-call]

    def rollup(
        self,
        block: str,
        by: str | Sequence[str] = "owner",
        values: Sequence[str] | None = None,
        *,
        scheduler: str | Client | None = None,
    ) -> pandas.DataFrame:
        """Add up a block's figures by one or more columns, its own or those of the accounts (segment, region, industry).

        Without `values` every amount of money is added up; percentages and scores never are. Amounts of different
        currencies are never added together: `currency` is always among the groups. `plans` counts the plans behind each
        row. A `scheduler` has the workers of a Dask cluster do it, each for some files of a large table. Raises KeyError
        where a column does not exist.
        """
        groups = [by] if isinstance(by, str) else list(by)
        accounts = self._beside(block, groups)
        return self._rolled(block, partial(summed, groups=groups, values=values, accounts=accounts), scheduler)

    def tally(self, block: str, by: str | Sequence[str], *, scheduler: str | Client | None = None) -> pandas.DataFrame:
        """Count a table's rows, and the plans they come from, by one or more of its columns."""
        return self._rolled(block, partial(tallied, groups=[by] if isinstance(by, str) else list(by)), scheduler)

    def _rolled(
        self, block: str, make: Callable[[pandas.DataFrame], pandas.DataFrame], scheduler: str | Client | None
    ) -> pandas.DataFrame:
        """Have something made of each piece of a block, and add that up."""
        if scheduler is None:
            return added_up([make(worked_out(share)) for share in self._shares(block)])
        with hands(1, scheduler) as workers:
            made = dict(workers.done(worked_out, [replace(share, make=make) for share in self._shares(block)]))
        return added_up([made[number] for number in sorted(made)])

    def _shares(self, block: str) -> Iterator[Share]:
        """Cut what counts of a block into shares of the work."""
        if block == "plans":
            return iter([Share(Held(self.plans), None)])
        counted = None if self._settled or block in TABLES else counted_ids(self.plans, self._tables, block)
        return (Share(piece, counted) for piece in parts_of(self._tables, block))

    def _beside(self, block: str, groups: Sequence[str]) -> pandas.DataFrame | None:
        """Give the accounts, where a block is to be rolled up by what only they tell; raises KeyError where they do not."""
        missing = [name for name in groups if name not in next(self.pieces(block)).columns]
        return self._tables["account"][["plan_id", *missing]] if missing else None

    def white_space(self) -> pandas.DataFrame:
        """Give the strongest status and the amounts of each account and product on its list; `is_white` where nobody looked."""
        return white_space(with_columns(self.counted("cross_sell"), COLUMNS["cross_sell"]), self.plans)

    def overdue_actions(self, as_of: datetime.date) -> pandas.DataFrame:
        """Give the open actions whose day has passed, the oldest first."""
        found = []
        for share in self._shares("action_plan"):
            actions = DERIVED["action_plan"](with_columns(worked_out(share), COLUMNS["action_plan"]), as_of)
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


@dataclass(frozen=True)
class Share:
    """A piece of a block, which of its plans count (all, where that is not said), and what is to be made of their rows."""

    piece: Piece
    counted: pandas.Series | None
    make: Callable[[pandas.DataFrame], pandas.DataFrame] | None = None


def worked_out(share: Share) -> pandas.DataFrame:
    """Read a share, wherever that may be, and make of it what is asked."""
    frame = share.piece.read()
    rows = frame if share.counted is None else frame[frame["plan_id"].isin(share.counted)]
    return rows if share.make is None else share.make(rows)


def of_collection(collection: Collection) -> Portfolio:
    """Give a settled collection as a portfolio."""
    return Portfolio(Frames(collection), collection.blueprints())


def findings_in(table: pandas.DataFrame, most: int | None = None) -> list[Finding]:
    """Give a table's findings, the worst first (see `urgency`), or no more than so many of them."""
    names = ["code", "message", "hint", "file", "sheet", "cell"]
    ranks = [urgency(*row) for row in zip(table["severity"], table["code"], strict=True)]
    chosen = sorted(range(len(ranks)), key=ranks.__getitem__)[:most]
    rows = table[["severity", *names]].iloc[chosen].fillna("").astype(str).to_dict("records")
    return [Finding(severity=Severity(row["severity"]), **{name: row[name] for name in names}) for row in rows]


def urgency(severity: str, code: str) -> tuple[int, bool]:
    """Sort the worst first; what could not be read goes before what a check makes of the rest."""
    return WORST_FIRST.index(severity), code.startswith(JUDGED)
