"""Amounts and counts of a portfolio by any of its columns; currencies stay apart unless there are rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from accountsheet.portfolio import Portfolio

Where = Mapping[str, Any]
"""The columns that rows are chosen by, with the value each must have; None is an empty one."""


@dataclass(frozen=True)
class Purse:
    """What may be added up: amounts of one currency, or of several that rates make one."""

    code: str
    rates: Mapping[str, float]
    """The currencies in it, with what one unit of each is worth."""

    @property
    def mixed(self) -> bool:
        """Whether amounts are converted."""
        return any(currency != self.code for currency in self.rates)

    def __hash__(self) -> int:
        return hash(self.code)


def purses_of(view: Portfolio, rates: Mapping[str, float] | None, currency: str) -> tuple[Purse, ...]:
    """Give what may be added up, the main one first: that of `currency`, else of the most plans."""
    counts = view["plans"]["currency"].fillna("").value_counts()
    codes = sorted(counts.index, key=lambda code: (code != currency, -int(counts[code]), code))
    if not rates:
        return tuple(Purse(code, {code: 1.0}) for code in codes) or (Purse(currency, {}),)
    first = codes[0] if codes else ""
    target = currency or next((code for code, rate in rates.items() if rate == 1), first)
    known = {code: 1.0 if code == target else rates[code] for code in codes if code == target or code in rates}
    return (Purse(target, known), *(Purse(code, {code: 1.0}) for code in codes if code not in known))


class Sums:
    """The figures of a view by any of its columns; each kind of roll-up is made once."""

    def __init__(self, view: Portfolio) -> None:
        self.view = view
        self.codes = sorted(set(view["plans"]["currency"].fillna("")))
        self._added = cache(self.added)
        self._counted = cache(self.counted)

    def amount(self, block: str, column: str, purse: Purse, where: Where) -> float:
        """Add up a column of money."""
        found = self._added(block, column, tuple(where))
        chosen = tuple(where.values())
        return sum(found.get((*chosen, code), 0.0) * rate for code, rate in purse.rates.items())

    def number(self, block: str, column: str, where: Where) -> float:
        """Add up a column that is no money."""
        found = self._added(block, column, tuple(where))
        chosen = tuple(where.values())
        return sum(found.get((*chosen, code), 0.0) for code in self.codes)

    def count(self, block: str, where: Where, filled: str = "") -> int:
        """Count rows, or those of them where a column is filled."""
        return self._counted(block, tuple(where), filled).get(tuple(where.values()), 0)

    def values(self, block: str, column: str, where: Where | None = None) -> list[Any]:
        """Give the values that a column has in some rows, each once, in order; empty ones last, as None."""
        where = where or {}
        found = self._counted(block, (*where, column), "")
        chosen = [key[-1] for key in found if key[:-1] == tuple(where.values())]
        return sorted(chosen, key=lambda value: (value is None, value))

    def added(self, block: str, column: str, by: tuple[str, ...]) -> dict[tuple[Any, ...], float]:
        """Roll a column up by others; the last part of each key is the currency."""
        rolled = self.view.rollup(block, by=by or "currency", values=[column])
        keys = zip(*(plain(rolled[name]) for name in (*by, "currency")), strict=True)
        return {(*key[:-1], key[-1] or ""): float(figure) for key, figure in zip(keys, rolled[column].fillna(0), strict=True)}

    def counted(self, block: str, by: tuple[str, ...], filled: str) -> dict[tuple[Any, ...], int]:
        """Count rows by columns."""
        view = self.view
        if filled:
            table = view[block]
            view = Portfolio({block: table[table[filled].notna()]}, settled=True)
        if not by:
            return {(): len(view[block])}
        tallied = view.tally(block, by)
        keys = zip(*(plain(tallied[name]) for name in by), strict=True)
        return dict(zip(keys, (int(count) for count in tallied["rows"]), strict=True))


def rows_of(table: Any, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Go through a table's rows as Python has them; empty is None."""
    return zip(*(plain(table[name]) for name in columns), strict=True)


def plain(column: Any) -> Sequence[Any]:
    """Give a column's values as Python has them; empty is None."""
    values = column.astype(object).where(column.notna(), None).tolist()
    return [
        int(value) if isinstance(value, float) and value.is_integer() and column.dtype == "Int64" else value for value in values
    ]
