"""What counts of a collection for one year, ready to be rolled up: worked out a piece at a time, however many plans there are.

A piece holds all rows of its plans, and every definition in `rollups` looks no further than a plan: so pieces can be worked
out one by one and joined. What is a row a plan or an account is held whole.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING

from accountsheet.joining import framed
from accountsheet.judge import CURRENT, TABLES
from accountsheet.packs import INDEX_KINDS, table
from accountsheet.rollups import ACCOUNT_FACTS, COLUMNS, DERIVED, white_space, with_action
from accountsheet.settling import still_open
from accountsheet.tables import Held, Piece

if TYPE_CHECKING:
    import pandas

    from accountsheet.blueprint import Blueprint

    Tables = Mapping[str, pandas.DataFrame]

HELD = 150_000
"""Rows of a table that is held on to once it was worked out."""


def pieces_of(tables: Tables, name: str) -> Iterator[pandas.DataFrame]:
    """Go through a table in pieces of whole plans, the same plans in each table; one that is not kept so is one piece."""
    if hasattr(tables, "pieces"):
        yield from tables.pieces(name)
    else:
        yield tables[name]


def parts_of(tables: Tables, name: str) -> Iterator[Piece]:
    """Give the same pieces, those in files of their own unread."""
    yield from tables.parts(name) if hasattr(tables, "parts") else map(Held, pieces_of(tables, name))


def counted_ids(plans: pandas.DataFrame, tables: Tables, block: str) -> pandas.Series:
    """Say which plans count for a block: of two blueprints that have it for one account and year, the newest."""
    import pandas

    if not plans.duplicated(["account_id", "year"]).any():
        return plans["plan_id"]
    present = pandas.concat([piece["plan_id"].drop_duplicates() for piece in pieces_of(tables, block)])
    having = plans.sort_values("modified", kind="stable", na_position="first")
    having = having[having["plan_id"].isin(present)]
    owners = ["owner"] if (having["account_id"] == "").any() else []
    return having.drop_duplicates(["account_id", "year", *owners], keep="last")["plan_id"]


class View(Mapping[str, "pandas.DataFrame"]):
    """The tables of what counts, each worked out when it is asked for.

    `accounts` has a row an account, every other table's rows get the account's number in it (`account_no`), its name,
    segment, region and industry, and the columns that `rollups` derives, such as `is_overdue`.
    """

    def __init__(self, tables: Tables, year: int | None, as_of: datetime.date, blueprints: Sequence[Blueprint]) -> None:
        self.tables, self.as_of, self.blueprints = tables, as_of, blueprints
        plans = tables["plans"]
        plans = plans[plans["state"] == CURRENT]
        self.plans = plans[plans["year"].eq(year).fillna(False)] if year is not None else plans
        names = [*(name for name in tables if name in TABLES), *(name for name in tables if name not in TABLES), *COLUMNS]
        self.names = tuple(dict.fromkeys([*names, "white_space", "accounts"]))
        self._held: dict[str, pandas.DataFrame] = {}

    def __getitem__(self, name: str) -> pandas.DataFrame:
        if name not in self.names:
            raise KeyError(name)
        whole = joined(list(self.pieces(name)))
        return self._held.get(name, whole)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def pieces(self, name: str) -> Iterator[pandas.DataFrame]:
        """Go through a table in pieces of whole plans; a short one is held on to."""
        if name in self._held:
            yield self._held[name]
            return
        rows = 0
        gone_through: list[pandas.DataFrame] = []
        every = (told_of_accounts(piece, self._facts) for piece in self._derived(name))
        for piece in every if name != "accounts" else (self.accounts,):
            rows += len(piece)
            gone_through = [*gone_through, piece] if rows <= HELD else []
            yield piece
        if rows <= HELD:
            self._held[name] = joined(gone_through)

    def _derived(self, name: str) -> Iterator[pandas.DataFrame]:
        """Go through the pieces of a table with the columns that follow from its own."""
        if name == "white_space":
            cells = joined(list(self._counted("cross_sell")))
            yield white_space(cells, self.plans)
            return
        actions = self._counted("action_plan") if name == "opportunities" and "action_plan" in self.tables else repeat(None)
        for piece, beside in zip(self._counted(name), actions, strict=False):
            derived = DERIVED[name](piece, self.as_of) if name in DERIVED else piece
            if name == "completeness":
                derived = weighed(derived, self.blueprints)
            elif name == "opportunities":
                derived = with_action(derived, with_columns(beside, COLUMNS["action_plan"]))
            yield derived

    def _counted(self, name: str) -> Iterator[pandas.DataFrame]:
        """Go through the pieces of a table with nothing twice, and no column missing that roll-ups look at."""
        if name not in self.tables:
            yield with_columns(None, COLUMNS.get(name, {}))
            return
        counted = self.plans["plan_id"] if name in TABLES else counted_ids(self.plans, self.tables, name)
        for piece in (self.plans,) if name == "plans" else pieces_of(self.tables, name):
            told = name == "findings"
            mine = still_open(piece, self.tables["plans"]) if told else piece[piece["plan_id"].isin(counted)]
            yield with_columns(mine, COLUMNS.get(name, {}))

    @cached_property
    def accounts(self) -> pandas.DataFrame:
        """A row an account, by name: what its newest plans say, and the means of their completeness and health."""
        owners = [blueprint.id for blueprint in self.blueprints if blueprint.audience == "owner"]
        profiles = self.tables.get("account")
        return accounts_of(self.plans[~self.plans["blueprint"].isin(owners)], with_columns(profiles, COLUMNS["account"]))

    @cached_property
    def _facts(self) -> pandas.DataFrame:
        return self.accounts[["account_no", "account_id", *ACCOUNT_FACTS]]


def joined(pieces: Sequence[pandas.DataFrame]) -> pandas.DataFrame:
    """Join the pieces of a table."""
    import pandas

    if len(pieces) == 1:
        return pieces[0]
    whole = pandas.concat(pieces, ignore_index=True)
    whole.attrs = dict(pieces[0].attrs)
    return whole


def empty(kinds: Mapping[str, str]) -> pandas.DataFrame:
    """Make a frame without rows, of columns of some kinds."""
    return framed(table([], kinds), kinds)


def with_columns(table: pandas.DataFrame | None, kinds: Mapping[str, str]) -> pandas.DataFrame:
    """Give a table the columns that it should have; no table is an empty one."""
    blank = empty(kinds)
    if table is None:
        return blank
    missing = {name: blank[name].reindex(table.index) for name in kinds if name not in table.columns}
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
