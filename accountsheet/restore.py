"""A folder of tables that `import` wrote, taken for the workbooks it was made from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from accountsheet.finding import UsageProblem
from accountsheet.judge import CURRENT, TABLES
from accountsheet.packs import PLACE, Pack, Workbook, digest_of, unpacked, zipped
from accountsheet.phrases import remark
from accountsheet.settling import SETTLED
from accountsheet.table_kinds import to_arrow
from accountsheet.tables import Held, Piece, listed, parts_of, read_tables

if TYPE_CHECKING:
    import pandas
    import pyarrow

KINDS = {"datetime64[s]": "date", "datetime64[us]": "moment"}


class Stored(Mapping[str, "pandas.DataFrame"]):
    """The tables of a folder that `import` wrote, each read when it is asked for, and not held on to.

    Calculated fields and checks are as they were on the day of the import. Raises UsageProblem where the tables are not
    those of an import.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = os.fspath(folder)
        self.listed = listed(folder)
        missing = [name for name in TABLES if name not in self.listed.tables]
        if missing:
            raise UsageProblem(remark("tables-incomplete", file=folder, missing=", ".join(missing)))
        together = len({place.file for place in self.listed.tables.values()}) < len(self.listed.tables)
        self._held = read_tables(folder) if together else {}

    def __getitem__(self, name: str) -> pandas.DataFrame:
        if name not in self.listed.tables:
            raise KeyError(name)
        return self._held[name] if name in self._held else read_tables(self.folder, [name])[name]

    def parts(self, name: str) -> list[Piece]:
        """List the pieces that a table is kept in: all of them hold the same plans."""
        place = self.listed.tables[name]
        return [*parts_of(self.folder, name, place)] if place.file.endswith(".parquet") else [Held(self[name])]

    def pieces(self, name: str) -> Iterator[pandas.DataFrame]:
        """Go through a table in the pieces that it is kept in."""
        return (part.read() for part in self.parts(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self.listed.tables)

    def __len__(self) -> int:
        return len(self.listed.tables)

    @property
    def blueprints(self) -> tuple[str, ...]:
        """The sources of the blueprints that the plans were written with, the newest of each id first."""
        return self.listed.blueprints


def restored(folder: str | os.PathLike[str]) -> Pack:
    """Take the tables of a folder for workbooks just read, so that others can be put beside them."""
    tables = Stored(folder)
    plans = tables["plans"]
    rows = plans.astype(object).where(plans.notna(), None).to_dict("records")
    of_plan = {row["plan_id"]: place for place, row in enumerate(rows) if row["state"] == CURRENT}
    of_file = {row["file"]: place for place, row in enumerate(rows)}
    blocks: dict[str, list[str]] = {}
    packed: dict[str, pyarrow.Table] = {}
    columns: dict[str, Mapping[str, str]] = {}
    for name, frame in tables.items():
        if name == "plans":
            places = list(range(len(rows)))
        elif name == "findings":
            frame = frame[~frame["code"].isin(SETTLED)]
            places = [of_file.get(file, len(rows)) for file in frame["file"].fillna("")]
        else:
            frame = frame[frame["plan_id"].isin(of_plan)]
            places = [of_plan[plan] for plan in frame["plan_id"]]
        if name not in TABLES:
            columns[name] = kinds_of(frame)
            for plan in frame["plan_id"].unique() if name != "plan" else ():
                blocks.setdefault(plan, []).append(name)
        packed[name] = to_arrow(frame)[0].append_column(PLACE, [places])
    workbooks = [workbook_of(row, blocks.get(row["plan_id"], ()) if row["state"] == CURRENT else ()) for row in rows]
    stray = Workbook("", is_plan=False)  # what is remarked on no workbook
    sources = {digest_of(source): source for source in tables.blueprints}
    return unpacked(zipped([*workbooks, stray], columns, packed, sources))


def workbook_of(row: Mapping[Any, Any], blocks: Sequence[str]) -> Workbook:
    """Give what has to be known of a workbook, by its row among the plans."""
    facts = {name: row[name] for name in ("owner", "year", "currency")}
    facts |= {name: row[name] or "" for name in ("file", "sha256", "plan_id", "account", "account_id")}
    facts["modified"] = None if row["modified"] is None else row["modified"].to_pydatetime()
    return Workbook(**facts, language=row["language"] or "en", blocks=tuple(blocks))


def kinds_of(table: pandas.DataFrame) -> Mapping[str, str]:
    """Give the kinds of a table's columns: amounts of money are known by name."""
    amounts = table.attrs.get("amounts", ())
    return {str(name): "amount" if name in amounts else KINDS.get(str(dtype), str(dtype)) for name, dtype in table.dtypes.items()}
