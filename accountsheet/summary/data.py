"""The data tabs: a table each, and the formulas that add up and count over their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from accountsheet.address import Key
from accountsheet.formula import Node, Range, call, node, product
from accountsheet.pieces import Style
from accountsheet.view import joined

if TYPE_CHECKING:
    import pandas

LONGEST = 100_000
"""Rows of a table that a tab takes: more would make a workbook that opens slowly, if at all."""
FIRST, LAST = "first", "last"
PERSONAL: Mapping[str, tuple[str, ...]] = {
    "contacts": ("name", "job_title", "email", "reports_to", "our_counterpart", "budget_or_initiative"),
    "contacts_notes": (),
}
"""Judgements of people: the columns that say who is meant; a table without any is left out whole."""
SAFE = re.compile(r"[^\W\d_][^\d*?~<>=#%]*|[a-z]+(_[a-z0-9]+)+|\d{4} Q[1-4]")
"""Texts that SUMIFS takes for nothing but themselves: no number, date, comparison or wildcard."""
TAKEN_OTHERWISE = frozenset({"true", "false", "waar", "onwaar"})


class DataTab:
    """One table on its tab."""

    def __init__(self, block: str, frame: pandas.DataFrame, rows: int) -> None:
        self.block, self.frame, self.rows = block, frame, rows

    @property
    def live(self) -> bool:
        """Whether the table is short enough to be there, so that formulas can go over it."""
        return self.rows <= LONGEST

    def column(self, name: str) -> Range:
        """Give the cells of a column."""
        return Range(Key("#data", FIRST, self.block, name), Key("#data", LAST, self.block, name))

    def total(self, column: str, where: Mapping[str, Any]) -> Node:
        """Add up a column over the rows where others have a value; a value may be given with the cell that holds it."""
        if self.frame.empty:
            return node(0)  # an empty table has one empty row, which must not count
        if not where:
            return call("SUM", self.column(column))
        if self.singled_out(where):
            return call("SUMIFS", self.column(column), *self.criteria(where))
        return call("SUMPRODUCT", self.conditions(where), self.column(column))

    def count(self, where: Mapping[str, Any], filled: str = "") -> Node:
        """Count the rows where columns have a value, and one of them any at all."""
        if self.frame.empty:
            return node(0)
        if not where and not filled:
            return call("COUNTA", self.column("plan_id"))
        if self.singled_out(where):
            return call("COUNTIFS", *self.criteria(where), *([self.column(filled), "<>"] if filled else []))
        more = [self.column(filled).differs("")] if filled else []
        return call("SUMPRODUCT", product([self.conditions(where), *more]))

    def criteria(self, where: Mapping[str, Any]) -> list[Node]:
        """Give ranges and criteria by turns."""
        return [part for name, value in where.items() for part in (self.column(name), cell_of(value))]

    def conditions(self, where: Mapping[str, Any]) -> Node:
        """Give 1 for each row that is meant, else 0; texts are compared letter by letter."""
        tests: list[Node] = []
        for name, value in where.items():
            wanted = plain_value(value)
            if isinstance(wanted, str):
                tests.append(call("EXACT", self.column(name), cell_of(value)))
            else:
                tests.append(self.column(name).equals("" if wanted is None else cell_of(value)))
        return product([*tests, node(1)])

    def singled_out(self, where: Mapping[str, Any]) -> bool:
        """Whether criteria such as those of SUMIFS mean exactly these values."""
        return all(self.is_safe(name, plain_value(value)) for name, value in where.items())

    def is_safe(self, column: str, value: Any) -> bool:
        """Whether a criterion means this value and no other that the column holds."""
        if not isinstance(value, str):
            return value is not None
        fits = SAFE.fullmatch(value) and value == value.strip() and len(value) < 200 and value.casefold() not in TAKEN_OTHERWISE
        return bool(fits) and len(self.variants.get(column, {}).get(value.casefold(), ())) <= 1

    @cached_property
    def variants(self) -> Mapping[str, Mapping[str, set[str]]]:
        """Give the texts of each column that differ in case only."""
        found: dict[str, dict[str, set[str]]] = {}
        for name in self.frame.columns:
            if self.frame[name].dtype == "string":
                for text in self.frame[name].dropna().unique():
                    found.setdefault(name, {}).setdefault(text.casefold(), set()).add(text)
        return found


def held(block: str, pieces: Iterable[pandas.DataFrame | None]) -> DataTab | None:
    """Join the pieces of a table for its tab; one too long for that is not held, unless a page shows the best of it."""
    rows, kept = 0, []
    for piece in pieces:
        if piece is None:
            return None
        rows += len(piece)
        kept.append(piece)
        if rows > LONGEST and block != "findings":
            kept = [piece.iloc[:0]]
    return DataTab(block, joined(kept), rows)


def plain_value(value: Any) -> Any:
    """Give a value without its cell."""
    return value[0] if isinstance(value, tuple) else value


def cell_of(value: Any) -> Node:
    """Give the cell that holds a value, else the value."""
    if isinstance(value, tuple):
        return value[1]  # type: ignore[no-any-return]
    if isinstance(value, str) and len(value) > 250:  # a text in a formula is at most 255 characters long
        return cell_of(value[:250]) & cell_of(value[250:])
    return node(value)


def shown_frame(block: str, frame: pandas.DataFrame, names: bool, check: Callable[[str], str]) -> pandas.DataFrame | None:
    """Leave out who is meant, unless names were asked for."""
    if names:
        return frame
    if block == "findings":
        return unnamed(frame, check)
    if block == "answers":
        return frame[~frame["block"].isin(list(PERSONAL))]
    if block in PERSONAL and not PERSONAL[block]:
        return None
    return frame.drop(columns=[name for name in PERSONAL.get(block, ()) if name in frame.columns])


def unnamed(findings: pandas.DataFrame, check: Callable[[str], str]) -> pandas.DataFrame:
    """Let what a check says of a person say what it checks instead."""
    personal = findings["block"].isin(list(PERSONAL))
    judged = personal & findings["code"].str.startswith("check-").fillna(False)
    ids = findings["code"].str.removeprefix("check-").str.replace("-", "_")
    labels = ids.map({each: check(each) for each in ids[judged].unique()}).astype("string")
    return findings.assign(message=findings["message"].where(~judged, labels), raw=findings["raw"].where(~personal))


def cells_of(frame: pandas.DataFrame, name: str) -> list[Any]:
    """Give a column's values as cells hold them; empty is None."""
    column = frame[name]
    if column.dtype.kind == "M":
        return days(column)
    if column.dtype == "float64":
        return [None if value != value else float(f"{value:.15g}") for value in column.tolist()]
    return column.astype(object).where(column.notna(), None).tolist()


def days(column: pandas.Series) -> list[Any]:
    """Give days and moments as spreadsheets count them."""
    import pandas

    since = (column - pandas.Timestamp("1899-12-30")) / pandas.Timedelta(days=1)
    return [None if value != value else round(value, 6) for value in since.tolist()]


def style_of(frame: pandas.DataFrame, name: str) -> Style:
    """Say how a column is shown."""
    column = frame[name]
    if column.dtype.kind == "M":
        return Style("row", "date" if column.dtype == "datetime64[s]" else "moment", "right")
    if column.dtype == "float64":
        share = name.endswith(("percent", "completeness", "health", "share", "probability", "growth")) or "share_of" in name
        return Style("row", "0%_w" if share or name in ("our_share", "market_share") else "#,##0_w", "right")
    if column.dtype == "Int64":
        return Style("row", "0_w", "right")
    return Style("row")


def width_of(frame: pandas.DataFrame, name: str) -> float:
    """Give a column's width: enough for what it usually holds."""
    texts: Sequence[Any] = frame[name].dropna().head(200).astype(str).tolist() if frame[name].dtype == "string" else []
    if frame[name].dtype.kind == "M":
        return 20.0 if frame[name].dtype != "datetime64[s]" else 14.0
    longest = sorted(len(text) for text in texts)[int(len(texts) * 0.9)] if texts else 0
    return min(44.0, max(len(name) * 1.1 + 4, longest * 1.05 + 3, 9.0))
