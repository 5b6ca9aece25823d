"""Packed workbooks joined into one collection, and its tables: settled, in order, without what does not count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from accountsheet.finding import Finding, Severity
from accountsheet.judge import CURRENT, TABLES
from accountsheet.packs import PLACE, Pack, Workbook, agree, all_columns, finding_record, table, type_of, unpacked, zipped
from accountsheet.settling import settle

if TYPE_CHECKING:
    import numpy
    import pandas
    import pyarrow

Kinds = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A workbook's place in a collection: which pack it is in, where there, and its state."""

    pack: int
    place: int
    state: str = CURRENT


@dataclass(frozen=True)
class Collection:
    """Workbooks in order, each in one of the packs."""

    packs: Mapping[int, Pack]
    entries: Sequence[Entry]
    columns: Mapping[str, Kinds] = field(default_factory=dict)
    """Every table with its columns and their kinds."""
    strict: bool = False
    """Whether repairs are errors."""

    def workbook(self, entry: Entry) -> Workbook:
        """Give what is known of a workbook."""
        return self.packs[entry.pack].workbooks[entry.place]

    def settled(self, others: Iterable[Finding] = ()) -> Collection:
        """Say which workbook counts for each plan; remarks on that, and on what is no workbook, join the findings."""
        workbooks = [self.workbook(entry) for entry in self.entries]
        states, remarks = settle(workbooks)
        entries = [replace(entry, state=state) for entry, state in zip(self.entries, states, strict=True)]
        records = [{**workbooks[place].index, **finding_record(each)} for place, told in remarks.items() for each in told]
        records += [finding_record(each) for each in others]
        columns: dict[str, dict[str, str]] = {name: dict(kinds) for name, kinds in TABLES.items()}
        for pack in self.packs.values():
            for name, kinds in pack.columns.items():
                agree(columns.setdefault(name, {}), kinds)
        packs = dict(self.packs)
        if records:
            number = max(packs, default=-1) + 1
            nobody = Workbook("", is_plan=False)
            told = {"findings": table([(0, record) for record in records], TABLES["findings"])}
            packs[number] = unpacked(zipped([nobody], {}, told, {}))
            entries.append(Entry(number, 0))
        return replace(self, packs=packs, entries=entries, columns=columns)

    def groups(self, size: int) -> Iterator[Collection]:
        """Cut into collections of so many workbooks, each with no more packs than it needs."""
        for start in range(0, max(1, len(self.entries)), size):
            entries = self.entries[start : start + size]
            numbers = {entry.pack for entry in entries}
            packs = {number: replace(pack, workbooks=()) for number, pack in self.packs.items() if number in numbers}
            yield replace(self, packs=packs, entries=entries)

    def table(self, name: str) -> pyarrow.Table:
        """Give the rows of a table: those of the workbooks that count, in their order; plans and findings are of all."""
        import numpy
        import pyarrow

        kinds = all_columns(self.columns[name])
        schema = pyarrow.schema([(column, type_of(kind)) for column, kind in kinds.items()])
        of_all = name in ("plans", "findings")
        pieces, ranks = [schema.empty_table()], [numpy.empty(0, "int64")]
        for number, entries in self.by_pack(of_all).items():
            packed = self.packs[number].table(name)
            if packed is None:
                continue
            rank, states = looked_up(entries)
            places = packed[PLACE].to_numpy()
            wanted = places < len(rank)
            wanted[wanted] = rank[places[wanted]] >= 0
            piece, places = packed.filter(pyarrow.array(wanted)), places[wanted]
            if name == "plans":
                its = [states[place] for place in places.tolist()]
                piece = with_column(piece, "state", pyarrow.array(its, type_of("string")))
            pieces.append(fitted(piece, schema))
            ranks.append(rank[places])
        joined, order = pyarrow.concat_tables(pieces), numpy.concatenate(ranks)
        if (order[1:] < order[:-1]).any():
            joined = joined.take(pyarrow.array(numpy.argsort(order, kind="stable")))
        return as_errors(joined) if name == "findings" and self.strict else joined

    def blueprints(self) -> tuple[str, ...]:
        """Give the sources of the blueprints that plans were written with, those of the first plans first."""
        wanted = dict.fromkeys(self.workbook(entry).blueprint for entry in self.entries if entry.state == CURRENT)
        found: dict[str, str] = {}
        for pack in self.packs.values():
            if {workbook.blueprint for workbook in pack.workbooks} & (wanted.keys() - found.keys()):
                found |= pack.blueprints()
        return tuple(found[digest] for digest in wanted if digest in found)

    def by_pack(self, of_all: bool) -> dict[int, list[tuple[int, Entry]]]:
        """Give the workbooks that a table is of by their pack, each with its rank."""
        found: dict[int, list[tuple[int, Entry]]] = {}
        for rank, entry in enumerate(self.entries):
            if of_all or entry.state == CURRENT:
                found.setdefault(entry.pack, []).append((rank, entry))
        return found

    def frame(self, name: str) -> pandas.DataFrame:
        """Give a table as pandas has it: the same dtypes however many rows there are."""
        return framed(self.table(name), self.columns[name])


class Frames(Mapping[str, "pandas.DataFrame"]):
    """The tables of a collection as frames, each made when it is first asked for."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection
        self._made: dict[str, pandas.DataFrame] = {}

    def __getitem__(self, name: str) -> pandas.DataFrame:
        if name not in self.collection.columns:
            raise KeyError(name)
        if name not in self._made:
            self._made[name] = self.collection.frame(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.collection.columns)

    def __len__(self) -> int:
        return len(self.collection.columns)


def looked_up(entries: Sequence[tuple[int, Entry]]) -> tuple[numpy.ndarray, dict[int, str]]:
    """Give each place's rank in the collection (-1: it is not wanted), and its state."""
    import numpy

    ranks = numpy.full(max(entry.place for _, entry in entries) + 1, -1, "int64")
    for rank, entry in entries:
        ranks[entry.place] = rank
    return ranks, {entry.place: entry.state for _, entry in entries}


def with_column(table: pyarrow.Table, name: str, values: pyarrow.Array) -> pyarrow.Table:
    """Put a column in the place of another."""
    return table.set_column(table.column_names.index(name), name, values)


def fitted(table: pyarrow.Table, schema: pyarrow.Schema) -> pyarrow.Table:
    """Give a table the columns of a collection: one that it lacks is empty, one of another kind is turned into that."""
    import pyarrow

    columns = [
        table[each.name].cast(each.type) if each.name in table.column_names else pyarrow.nulls(table.num_rows, each.type)
        for each in schema
    ]
    return pyarrow.table(columns, schema=schema)


def as_errors(findings: pyarrow.Table) -> pyarrow.Table:
    """Take repairs for errors."""
    from pyarrow import compute

    severity = findings["severity"]
    strict = compute.if_else(compute.equal(severity, str(Severity.REPAIR)), str(Severity.ERROR), severity)
    return with_column(findings, "severity", strict.cast(type_of("string")))


def framed(table: pyarrow.Table, kinds: Kinds) -> pandas.DataFrame:
    """Turn an Arrow table into the frame that analysts get."""
    from accountsheet.packs import DTYPES
    from accountsheet.table_kinds import KINDS, to_frame

    every = all_columns(kinds)
    frame = to_frame(table, {name: KINDS[DTYPES.get(kind, kind)] for name, kind in every.items()})
    frame.attrs["amounts"] = [name for name, kind in every.items() if kind == "amount"]
    return frame
