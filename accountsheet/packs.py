"""Workbooks that were read, packed as columns: a zip of Arrow tables, the same in memory, between processes and on disk."""

from __future__ import annotations

import datetime
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from accountsheet.finding import Finding
from accountsheet.judge import REJECTED, TABLES, Judged
from accountsheet.kind import INDEX
from accountsheet.table_kinds import KINDS, arrow_type

if TYPE_CHECKING:
    import pyarrow

INDEX_KINDS = {"plan_id": "string", "account_id": "string", "owner": "string", "year": "Int64", "currency": "string"}
DTYPES = {"date": "datetime64[s]", "moment": "datetime64[us]", "amount": "float64"}
"""What pandas calls the kinds of column that are more than a dtype."""
PLACE = "#place"
"""The column that says which of a pack's workbooks a row is of."""
OWN = "own-summary"
"""The remark on a workbook that `portfolio` made: it is no plan that somebody sent."""

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Workbook:
    """What has to be known of a workbook to say whether it counts, and whether it has to be read again."""

    file: str
    sha256: str = ""
    modified: datetime.datetime | None = None
    plan_id: str = ""
    account: str = ""
    account_id: str = ""
    owner: str | None = None
    year: int | None = None
    currency: str | None = None
    language: str = "en"
    blocks: tuple[str, ...] = ()
    """The blocks that it has rows of."""
    blueprint: str = ""
    """The digest of the blueprint that it was written with."""
    is_plan: bool = True
    """Whether somebody sent it for a plan, even one that cannot be read."""
    lasting: bool = False
    """Whether it reads the same as long as its bytes are the same."""
    own_date: bool = True
    """Whether it says itself when it was saved; else the file's date does."""

    @property
    def index(self) -> dict[str, Any]:
        """The columns that every table begins with."""
        return {name: getattr(self, name) or None for name in INDEX}


@dataclass(frozen=True)
class Pack:
    """Packed workbooks: in memory, or where they are kept; what is in them, and the kinds of their columns."""

    content: bytes | str
    workbooks: tuple[Workbook, ...]
    columns: Mapping[str, Mapping[str, str]]

    def table(self, name: str) -> pyarrow.Table | None:
        """Give one table with its places, or nothing where the pack has no rows of it."""
        import pyarrow

        with opened(self.content) as archive:
            try:
                data = archive.read(f"{name}.arrow")
            except KeyError:
                return None
        return pyarrow.ipc.open_stream(data).read_all()

    def blueprints(self) -> dict[str, str]:
        """Give the sources of the plans' blueprints by their digests."""
        with opened(self.content) as archive:
            return {str(digest): str(source) for digest, source in json.loads(archive.read("blueprints.json")).items()}

    def kept_at(self, path: str) -> Pack:
        """Give the same pack, once its bytes are kept there."""
        return replace(self, content=path)


def opened(content: bytes | str) -> zipfile.ZipFile:
    """Open the zip of a pack."""
    if isinstance(content, bytes):
        return zipfile.ZipFile(io.BytesIO(content))
    if "://" not in content:
        return zipfile.ZipFile(content)
    import fsspec

    with fsspec.open(content, "rb") as stream:
        return zipfile.ZipFile(io.BytesIO(stream.read()))


def pack(judged: Sequence[Judged], lasting: Sequence[tuple[bool, bool]] = ()) -> bytes:
    """Pack workbooks; `lasting` says of each whether it need not be read again, and whether it has a date of its own."""
    rows: dict[str, list[tuple[int, Record]]] = {}
    columns: dict[str, dict[str, str]] = {}
    workbooks: list[Workbook] = []
    blueprints: dict[str, str] = {}
    for place, each in enumerate(judged):
        workbook = about(each, *(lasting[place] if lasting else ()))
        workbooks.append(workbook)
        if each.blueprint is not None:
            blueprints[workbook.blueprint] = each.blueprint.source
        for block, kinds in each.columns.items():
            agree(columns.setdefault(block, {}), kinds)
        for name, records in each.tables.items():
            rows.setdefault(name, []).extend((place, record) for record in records)
        if not each.tables and workbook.is_plan:
            facts = {"file": each.file, "sha256": each.sha256 or None, "modified": each.modified, "state": REJECTED}
            rows.setdefault("plans", []).append((place, facts))
        remarks = ((place, {**workbook.index, **finding_record(finding)}) for finding in each.findings)
        rows.setdefault("findings", []).extend(remarks)
    tables = {name: table(records, {**columns, **TABLES}[name]) for name, records in rows.items() if records}
    return zipped(workbooks, columns, tables, blueprints)


def about(judged: Judged, lasting: bool = False, own_date: bool = True) -> Workbook:
    """Say what has to be known of a workbook."""
    known = Workbook(judged.file, judged.sha256, judged.modified, lasting=lasting, own_date=own_date)
    if not judged.tables:
        return replace(known, is_plan=all(finding.code != OWN for finding in judged.findings))
    plan = judged.tables["plans"][0]
    source = judged.blueprint.source if judged.blueprint is not None else ""
    return replace(
        known,
        plan_id=judged.plan_id,
        account=str(plan["account"] or ""),
        account_id=str(plan["account_id"] or ""),
        owner=plan["owner"],
        year=plan["year"],
        currency=plan["currency"],
        language=str(plan["language"]),
        blocks=tuple(name for name, records in judged.tables.items() if records and name not in (*TABLES, "plan")),
        blueprint=digest_of(source),
    )


def digest_of(source: str) -> str:
    """Give what tells a blueprint's source from all others."""
    return hashlib.sha256(source.encode()).hexdigest() if source else ""


def zipped(
    workbooks: Iterable[Workbook],
    columns: Mapping[str, Mapping[str, str]],
    tables: Mapping[str, pyarrow.Table],
    blueprints: Mapping[str, str],
) -> bytes:
    """Write a pack's zip."""
    import pyarrow

    told = {"workbooks": list(map(jsonable, workbooks)), "columns": columns}
    out = io.BytesIO()
    options = pyarrow.ipc.IpcWriteOptions(compression="zstd")
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in (("about.json", told), ("blueprints.json", blueprints)):
            archive.writestr(name, json.dumps(content), zipfile.ZIP_DEFLATED, 1)
        for name, packed in tables.items():
            stream = pyarrow.BufferOutputStream()
            with pyarrow.ipc.new_stream(stream, packed.schema, options=options) as writer:
                writer.write_table(packed)
            archive.writestr(f"{name}.arrow", stream.getvalue())
    return out.getvalue()


def unpacked(content: bytes | str) -> Pack:
    """Look into a pack; raises whatever opening and reading it may raise."""
    with opened(content) as archive:
        told = json.loads(archive.read("about.json"))
    workbooks = tuple(from_json(each) for each in told["workbooks"])
    return Pack(content, workbooks, told["columns"])


def jsonable(workbook: Workbook) -> dict[str, Any]:
    """Give a workbook's facts as JSON has them."""
    return {**asdict(workbook), "modified": workbook.modified.isoformat() if workbook.modified else None}


def from_json(facts: dict[str, Any]) -> Workbook:
    """Give a workbook's facts back."""
    moment = datetime.datetime.fromisoformat(facts["modified"]) if facts["modified"] else None
    return Workbook(**{**facts, "modified": moment, "blocks": shared(tuple(facts["blocks"]))})


@lru_cache(maxsize=1_000)
def shared(blocks: tuple[str, ...]) -> tuple[str, ...]:
    """Give one and the same names to workbooks that are alike: a large collection would hold millions."""
    return blocks


def table(records: Sequence[tuple[int, Record]], kinds: Mapping[str, str]) -> pyarrow.Table:
    """Make the Arrow table of records, each with the place of its workbook."""
    import pyarrow

    every = all_columns(kinds)
    arrays = [pyarrow.array([place for place, _ in records], pyarrow.int32())]
    arrays += [column([record.get(name) for _, record in records], kind) for name, kind in every.items()]
    return pyarrow.table(arrays, names=[PLACE, *every])


def column(values: list[Any], kind: str) -> pyarrow.Array:
    """Make a column of a kind."""
    import pyarrow

    if kind == "moment":
        values = [None if value is None else value.replace(tzinfo=None) for value in values]
    wanted = type_of(kind)
    try:
        return pyarrow.array(values, wanted)
    except (pyarrow.ArrowException, TypeError):
        if kind != "string":
            raise
        return pyarrow.array([None if value is None else str(value) for value in values], wanted)


def all_columns(kinds: Mapping[str, str]) -> dict[str, str]:
    """Give the columns of a table, those that every table begins with first."""
    return {**INDEX_KINDS, **{name: kind for name, kind in kinds.items() if name not in INDEX_KINDS}}


def type_of(kind: str) -> pyarrow.DataType:
    """Give the Arrow type of a kind of column."""
    return arrow_type(KINDS[DTYPES.get(kind, kind)])


def agree(known: dict[str, str], more: Mapping[str, str]) -> None:
    """Add a block's columns as another blueprint has them; what two take for different kinds becomes a number, else a text."""
    for name, kind in more.items():
        own = known.setdefault(name, kind)
        if own != kind:
            known[name] = "float64" if {own, kind} <= {"Int64", "float64", "amount"} else "string"


def finding_record(finding: Finding) -> dict[str, Any]:
    """Give a finding as a row; what does not apply is NA."""
    return {name: str(value) or None for name in TABLES["findings"] if (value := getattr(finding, name)) is not None}
