"""Tables to and from a folder, in the format that the next program likes best.

What is written reads back with the same dtypes: `string`, `Int64`, `float64` or `Float64`, `boolean`, `datetime64[s]` for
a date and `datetime64[us]` for a moment (UTC, without a time zone). Empty is NA, and so is an empty text. A manifest in
the folder tells which files are ours and of what dtypes their columns are.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from accountsheet import table_files as files
from accountsheet.delimited import unreadable
from accountsheet.embedding import packed, unpacked
from accountsheet.files import LONGEST_NAME, safe_file_name
from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import remark
from accountsheet.storage import Folder, at_hand, wherever, write_at
from accountsheet.table_kinds import CSV_STYLES, KINDS, Columns, to_arrow, to_frame

if TYPE_CHECKING:
    import pandas
    import pyarrow

    Tables = Mapping[str, tuple[pyarrow.Table, Columns]]

FORMATS = ("parquet", "csv", "xlsx", "duckdb")
MANIFEST = "accountsheet.json"

_FORM = 1  # of the manifest; raised when an older accountsheet could misread it
_ABOUT = "accountsheet wrote the files named here and replaces them at its next run; it leaves all other files alone."
_TOGETHER = ("xlsx", "duckdb")  # all tables in one file
_LONGEST_SHEET_NAME = 31


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: its file, its sheet in a workbook, and the kinds of its columns."""

    file: str
    sheet: str
    columns: Columns
    amounts: tuple[str, ...] = ()
    """The columns that hold money, as the frame's `attrs` tell: they may be added up."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the manifest tells: the files that are ours, and where each table stands in them."""

    files: tuple[str, ...] = ()
    tables: Mapping[str, Place] = field(default_factory=dict)
    blueprints: tuple[str, ...] = ()
    """The sources of what the plans were written with: they word the keys that the tables hold."""


Places = Mapping[str, Place]


def write_tables(
    tables: Mapping[str, pandas.DataFrame],
    out: str | os.PathLike[str],
    format: str = "parquet",
    csv_style: str = "",
    blueprints: Sequence[str] = (),
) -> list[Finding]:
    """Write tables into a folder or URL, in place of those written there before; gives what had to be cut to fit into Excel.

    Parquet and CSV are a file a table; xlsx is one workbook and duckdb one database, called `tables`. `csv_style`
    "excel-nl" writes what a Dutch Excel opens by double click. `blueprints` are the sources of what the plans were written
    with. Raises UsageProblem, with nothing written, where a file
    of someone else's is in the way; ValueError and TypeError for tables that no format holds.
    """
    if format not in FORMATS or csv_style not in CSV_STYLES:
        raise ValueError(f"There is no format {format!r} with CSV style {csv_style!r}")
    _check_names("Table", tables)
    for name, frame in tables.items():
        _check_names(f"Column of {name}", frame.columns)
        if not len(frame.columns):
            raise ValueError(f"Table {name} has no columns")
    converted = {name: to_arrow(frame) for name, frame in tables.items()}
    _check_lengths(converted, format)
    columns = {name: columns for name, (_, columns) in converted.items()}
    amounts = {name: tuple(frame.attrs.get("amounts", ())) for name, frame in tables.items()}
    with replaced(out, placed(columns, format, amounts), blueprints) as (stored, staged):
        found = _write(converted, stored, staged, format, csv_style)
    return [finding.at(file=Folder(out).at(next(iter(staged)))) for finding in found]


def placed(tables: Mapping[str, Columns], format: str, amounts: Mapping[str, tuple[str, ...]] | None = None) -> Places:
    """Give each table its file, and its sheet in a workbook."""
    found: dict[str, Place] = {}
    taken: set[str] = set()
    for name, columns in tables.items():
        sheet = _free(name, _LONGEST_SHEET_NAME, taken) if format == "xlsx" else ""
        file = f"tables.{format}" if format in _TOGETHER else f"{_free(safe_file_name(name), LONGEST_NAME, taken)}.{format}"
        found[name] = Place(file, sheet, columns, (amounts or {}).get(name, ()))
    return found


@contextmanager
def replaced(
    out: str | os.PathLike[str], stored: Places, blueprints: Sequence[str] = ()
) -> Iterator[tuple[Places, Mapping[str, str]]]:
    """Give where to write each file, put in place of those written before when the block ends well, and the manifest with them.

    Raises UsageProblem where a file of someone else's is in the way.
    """
    folder = Folder(out)
    before = _read_manifest(folder) or Manifest()
    ours = sorted({place.file for place in stored.values()})
    _check_nothing_in_the_way(folder, ours, before.files)
    with ExitStack() as moves:  # all files are written, then all are moved into place
        staged = {name: moves.enter_context(folder.staged(name)) for name in ours}
        yield stored, staged
        every = tuple(sorted({*ours, *before.files}))
        _write_manifest(folder, Manifest(every, stored, tuple(blueprints)))  # ours, should we be stopped now
        for name, path in staged.items():
            if os.path.isdir(folder.at(name)) and not os.path.isdir(path):
                folder.remove(name)  # of an import before: a file does not replace a folder
    for name in before.files:
        if name.casefold() not in {kept.casefold() for kept in ours}:
            folder.remove(name)
    _write_manifest(folder, Manifest(tuple(ours), stored, tuple(blueprints)))


def listed(folder: str | os.PathLike[str]) -> Manifest:
    """Tell which tables there are in a folder: those that `write_tables` wrote, else Parquet and CSV files by their names.

    Raises UsageProblem where there are none, or the manifest cannot be read.
    """
    where = Folder(folder)
    manifest = _read_manifest(where)
    if manifest is None and not (unlisted := _unlisted(where)):
        raise UsageProblem(remark("tables-missing", file=folder))
    found = Manifest((), unlisted) if manifest is None else manifest
    there = set(where.names())
    return replace(found, tables={name: place for name, place in found.tables.items() if place.file in there})


def read_tables(folder: str | os.PathLike[str], names: Iterable[str] | None = None) -> dict[str, pandas.DataFrame]:
    """Read the tables of a folder, all or those named.

    Without a manifest, the columns of a CSV file are text. Raises UsageProblem where there are no tables, and for files
    and values that cannot be read.
    """
    where = Folder(folder)
    every = listed(folder).tables
    stored = every if names is None else {name: every[name] for name in names}
    read: dict[str, pandas.DataFrame] = {}
    for file in dict.fromkeys(table.file for table in stored.values()):
        with at_hand(where.at(file)) as path:
            read |= _read_file(path, {name: table for name, table in stored.items() if table.file == file})
    for name, frame in read.items():
        frame.attrs["amounts"] = list(stored[name].amounts)
    return {name: read[name] for name in stored if name in read}


@dataclass(frozen=True)
class Held:
    """A piece of a table that is at hand."""

    frame: pandas.DataFrame

    def read(self) -> pandas.DataFrame:
        """Give its rows."""
        return self.frame


@dataclass(frozen=True)
class Part:
    """A piece of a table in a file of its own, which can be read from wherever it is within reach."""

    path: str
    name: str
    place: Place

    def read(self) -> pandas.DataFrame:
        """Read its rows; raises UsageProblem."""
        with at_hand(self.path) as path:
            frame = _read_file(path, {self.name: self.place})[self.name]
        frame.attrs["amounts"] = list(self.place.amounts)
        return frame


Piece: TypeAlias = Held | Part


def parts_of(folder: str | os.PathLike[str], name: str, place: Place) -> list[Part]:
    """List the files that a table is kept in."""
    parts = Folder(wherever(Folder(folder).at(place.file)))
    names = [each for each in parts.names() if each.endswith(".parquet") and not each.startswith(".")]
    apart = names and place.file not in names
    return [Part(parts.at(each) if apart else parts.path, name, place) for each in (names if apart else [""])]


def is_tables_folder(path: str | os.PathLike[str]) -> bool:
    """Tell whether `write_tables` wrote into a folder."""
    try:
        return Folder(path).exists(MANIFEST)
    except UsageProblem:  # told when it is looked through for workbooks
        return False


def written_files(folder: str | os.PathLike[str]) -> frozenset[str]:
    """Name the files in a folder that `write_tables` wrote; none where there is no manifest, or it cannot be read."""
    try:
        manifest = _read_manifest(Folder(folder))
    except UsageProblem:
        return frozenset()
    return frozenset(manifest.files) if manifest else frozenset()


def _write(tables: Tables, stored: Places, paths: Mapping[str, str], format: str, csv_style: str) -> list[Finding]:
    """Write each table into its file, of which `paths` gives the temporary stand-in."""
    found: list[Finding] = []
    if format == "duckdb":
        for path in paths.values():
            write_at(path, lambda file: files.write_duckdb(file, {name: table for name, (table, _) in tables.items()}))
    elif format == "xlsx":
        sheets = {name: (stored[name].sheet, table) for name, (table, _) in tables.items()}
        for path in paths.values():
            write_at(path, lambda file: found.extend(files.write_xlsx(file, sheets)))
    for name, (table, columns) in tables.items():
        path = paths[stored[name].file]
        if format == "parquet":
            write_at(path, partial(files.write_parquet, stretches=[table], columns=columns))
        elif format == "csv":
            write_at(path, partial(files.write_csv, table=table, columns=columns, style=csv_style))
    return found


def _read_file(path: Path, stored: Places) -> dict[str, pandas.DataFrame]:
    """Read the tables that stand in one file; one that is no longer in it is left out."""
    found: Tables
    if path.suffix == ".xlsx":
        sheets = files.read_xlsx(path, {place.sheet: place.columns for place in stored.values()})
        found = {name: sheets[place.sheet] for name, place in stored.items() if place.sheet in sheets}
    elif path.suffix == ".duckdb":
        found = {name: read for name, read in files.read_duckdb(path).items() if name in stored}
    elif path.suffix == ".parquet":
        found = {name: files.read_parquet(path) for name in stored}
    else:
        found = {name: files.read_csv(path, place.columns) for name, place in stored.items()}
    return {name: to_frame(table, {**columns, **stored[name].columns}) for name, (table, columns) in found.items()}


def _check_lengths(tables: Tables, format: str) -> None:
    """Refuse tables that are too long for Excel; raises UsageProblem."""
    rows = {name: table.num_rows for name, (table, _) in tables.items()}
    too_long = [remark("rows-beyond-excel", block=name, rows=count) for name, count in rows.items() if count >= files.EXCEL_ROWS]
    if format == "xlsx" and too_long:
        raise UsageProblem(*too_long)


def _free(name: str, longest: int, taken: set[str]) -> str:
    """Shorten a name, tell it from those taken (whatever their case), and take it."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", name).strip("'")
    free, number = name[:longest], 1
    reserved = {"history"} if longest == _LONGEST_SHEET_NAME else set()  # Excel keeps that name of a sheet for itself
    while not free or free.casefold() in taken | reserved:
        number += 1
        free = f"{name[: longest - 1 - len(str(number))]}~{number}"
    taken.add(free.casefold())
    return free


def _check_names(what: str, names: Iterable[Any]) -> None:
    """Refuse names that not every format can tell apart."""
    plain = [str(name) for name in names]
    if not all(name and name == name.strip() and name.isprintable() for name in plain):
        raise ValueError(f"{what} without a proper name: {plain}")
    if len({name.casefold() for name in plain}) < len(plain):
        raise ValueError(f"{what} by the same name, but for its case: {plain}")


def _check_nothing_in_the_way(folder: Folder, ours: Iterable[str], before: Iterable[str]) -> None:
    known, there = {name.casefold() for name in before}, {name.casefold() for name in folder.names()}
    in_the_way = [folder.at(name) for name in ours if name.casefold() in there - known]
    if in_the_way:
        raise UsageProblem(*(remark("in-the-way", file=path) for path in in_the_way))


def _unlisted(folder: Folder) -> dict[str, Place]:
    """List the tables of a folder without a manifest; Parquet goes before CSV of the same name."""
    names = [name for ending in (".csv", ".parquet") for name in folder.names() if name.endswith(ending) and name[0] != "."]
    return {name.rpartition(".")[0]: Place(name, "", {}) for name in names}


def _read_manifest(folder: Folder) -> Manifest | None:
    """Read a folder's manifest, if it has one; raises UsageProblem for one that is damaged, newer, or not ours."""
    path = folder.at(MANIFEST)
    try:
        given = json.loads(folder.read(MANIFEST).decode("utf-8"))
        if given["form"] > _FORM:
            raise UsageProblem(remark("tables-newer", file=path, found=given["form"], known=_FORM))
        tables = {name: _place_from(table) for name, table in given["tables"].items()}
        files = tuple(given["files"])
        for name in (*files, *(place.file for place in tables.values())):
            if Path(name).name != name or "\\" in name:
                raise ValueError(f"it names {name!r}, outside its folder")
        blueprints = tuple(unpacked("".join(source)) for source in given.get("blueprints", ()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise unreadable(path, f"it is no manifest of accountsheet: {problem}") from problem
    return Manifest(files, tables, blueprints)


def _place_from(table: Mapping[str, Any]) -> Place:
    columns = {name: KINDS[dtype] for name, dtype in table["columns"].items()}
    return Place(table["file"], table["sheet"], columns, tuple(table.get("amounts", ())))


def _write_manifest(folder: Folder, manifest: Manifest) -> None:
    tables = {
        name: {
            "file": place.file,
            "sheet": place.sheet,
            "columns": {at: kind.dtype for at, kind in place.columns.items()},
            "amounts": place.amounts,
        }
        for name, place in manifest.tables.items()
    }
    told: dict[str, Any] = {"about": _ABOUT, "form": _FORM, "files": manifest.files, "tables": tables}
    if manifest.blueprints:
        told["blueprints"] = [packed(source) for source in manifest.blueprints]
    text = json.dumps(told, indent=1, ensure_ascii=False) + "\n"
    with folder.staged(MANIFEST) as path:
        write_at(path, lambda file: file.write_bytes(text.encode("utf-8")))
