"""Tables to and from a folder, in the format that the next program likes best.

What is written reads back with the same dtypes: `string`, `Int64`, `float64` or `Float64`, `boolean`, `datetime64[s]` for
a date and `datetime64[us]` for a moment (UTC, without a time zone). Empty is NA, and so is an empty text. A manifest in
the folder tells which files are ours and of what dtypes their columns are.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accountsheet import table_files as files
from accountsheet.delimited import unreadable
from accountsheet.files import LONGEST_NAME, atomic, remove, safe_file_name
from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import remark
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
class _Place:
    """Where a table stands: its file, its sheet in a workbook, and the kinds of its columns."""

    file: str
    sheet: str
    columns: Columns
    amounts: tuple[str, ...] = ()
    """The columns that hold money, as the frame's `attrs` tell: they may be added up."""


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What the manifest tells: the files that are ours, and where each table stands in them."""

    files: tuple[str, ...] = ()
    tables: Mapping[str, _Place] = field(default_factory=dict)


Places = Mapping[str, _Place]


def write_tables(
    tables: Mapping[str, pandas.DataFrame], out: str | os.PathLike[str], format: str = "parquet", csv_style: str = ""
) -> list[Finding]:
    """Write tables into a folder, in place of those written there before; gives what had to be cut to fit into Excel.

    Parquet and CSV are a file a table; xlsx is one workbook and duckdb one database, called `tables`. `csv_style`
    "excel-nl" writes what a Dutch Excel opens by double click. Raises UsageProblem, with nothing written, where a file
    of someone else's is in the way; ValueError and TypeError for tables that no format holds.
    """
    if format not in FORMATS or csv_style not in CSV_STYLES:
        raise ValueError(f"There is no format {format!r} with CSV style {csv_style!r}")
    folder = Path(out)
    _check_names("Table", tables)
    for name, frame in tables.items():
        _check_names(f"Column of {name}", frame.columns)
        if not len(frame.columns):
            raise ValueError(f"Table {name} has no columns")
    converted = {name: to_arrow(frame) for name, frame in tables.items()}
    placed = _placed(converted, format)
    stored = {name: replace(place, amounts=tuple(tables[name].attrs.get("amounts", ()))) for name, place in placed.items()}
    before = _read_manifest(folder) or _Manifest()
    ours = sorted({place.file for place in stored.values()})
    _check_nothing_in_the_way(folder, ours, before.files)
    with ExitStack() as moves:  # all files are written, then all are moved into place
        staged = {name: moves.enter_context(atomic(folder / name)) for name in ours}
        found = _write(converted, stored, staged, format, csv_style)
        _write_manifest(folder, _Manifest(tuple(sorted({*ours, *before.files})), stored))  # ours, should we be stopped now
    for name in before.files:
        if name.casefold() not in {kept.casefold() for kept in ours}:
            remove(folder / name)
    _write_manifest(folder, _Manifest(tuple(ours), stored))
    return [finding.at(file=str(folder / ours[0])) for finding in found]


def read_tables(folder: str | os.PathLike[str]) -> dict[str, pandas.DataFrame]:
    """Read the tables of a folder: those that `write_tables` wrote, else every Parquet and CSV file by its name.

    Without a manifest, the columns of a CSV file are text. Raises UsageProblem where there are no tables, and for files
    and values that cannot be read.
    """
    folder = Path(folder)
    manifest = _read_manifest(folder)
    stored = _unlisted(folder) if manifest is None else manifest.tables
    if manifest is None and not stored:
        raise UsageProblem(remark("tables-missing", file=folder))
    read: dict[str, pandas.DataFrame] = {}
    for file in dict.fromkeys(table.file for table in stored.values()):
        if (folder / file).is_file():
            read |= _read_file(folder / file, {name: table for name, table in stored.items() if table.file == file})
    for name, frame in read.items():
        frame.attrs["amounts"] = list(stored[name].amounts)
    return {name: read[name] for name in stored if name in read}


def is_tables_folder(path: str | os.PathLike[str]) -> bool:
    """Tell whether `write_tables` wrote into a folder."""
    return (Path(path) / MANIFEST).is_file()


def written_files(folder: str | os.PathLike[str]) -> frozenset[str]:
    """Name the files in a folder that `write_tables` wrote; none where there is no manifest, or it cannot be read."""
    try:
        manifest = _read_manifest(Path(folder))
    except UsageProblem:
        return frozenset()
    return frozenset(manifest.files) if manifest else frozenset()


def _write(tables: Tables, stored: Places, paths: Mapping[str, Path], format: str, csv_style: str) -> list[Finding]:
    """Write each table into its file, of which `paths` gives the temporary stand-in."""
    if format in _TOGETHER:
        for path in paths.values():
            if format == "duckdb":
                files.write_duckdb(path, {name: table for name, (table, _) in tables.items()})
            else:
                return files.write_xlsx(path, {name: (stored[name].sheet, table) for name, (table, _) in tables.items()})
        return []
    for name, (table, columns) in tables.items():
        path = paths[stored[name].file]
        if format == "parquet":
            files.write_parquet(path, table, columns)
        else:
            files.write_csv(path, table, columns, csv_style)
    return []


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


def _placed(tables: Tables, format: str) -> dict[str, _Place]:
    """Give each table its file and sheet; raises UsageProblem for one that is too long for Excel."""
    rows = {name: table.num_rows for name, (table, _) in tables.items()}
    too_long = [remark("rows-beyond-excel", block=name, rows=count) for name, count in rows.items() if count >= files.EXCEL_ROWS]
    if format == "xlsx" and too_long:
        raise UsageProblem(*too_long)
    placed: dict[str, _Place] = {}
    taken: set[str] = set()
    for name, (_, columns) in tables.items():
        sheet = _free(name, _LONGEST_SHEET_NAME, taken) if format == "xlsx" else ""
        file = f"tables.{format}" if format in _TOGETHER else f"{_free(safe_file_name(name), LONGEST_NAME, taken)}.{format}"
        placed[name] = _Place(file, sheet, columns)
    return placed


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


def _check_nothing_in_the_way(folder: Path, ours: Iterable[str], before: Iterable[str]) -> None:
    known = {name.casefold() for name in before}
    in_the_way = [folder / name for name in ours if name.casefold() not in known and (folder / name).exists()]
    if in_the_way:
        raise UsageProblem(*(remark("in-the-way", file=path) for path in in_the_way))


def _unlisted(folder: Path) -> dict[str, _Place]:
    """List the tables of a folder without a manifest; Parquet goes before CSV of the same name."""
    paths = [*sorted(folder.glob("*.csv")), *sorted(folder.glob("*.parquet"))]
    return {path.stem: _Place(path.name, "", {}) for path in paths if not path.name.startswith(".")}


def _read_manifest(folder: Path) -> _Manifest | None:
    """Read a folder's manifest, if it has one; raises UsageProblem for one that is damaged, newer, or not ours."""
    path = folder / MANIFEST
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        if given["form"] > _FORM:
            raise UsageProblem(remark("tables-newer", file=path, found=given["form"], known=_FORM))
        tables = {name: _place_from(table) for name, table in given["tables"].items()}
        files = tuple(given["files"])
        for name in (*files, *(place.file for place in tables.values())):
            if Path(name).name != name or "\\" in name:
                raise ValueError(f"it names {name!r}, outside its folder")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise unreadable(path, f"it is no manifest of accountsheet: {problem}") from problem
    return _Manifest(files, tables)


def _place_from(table: Mapping[str, Any]) -> _Place:
    columns = {name: KINDS[dtype] for name, dtype in table["columns"].items()}
    return _Place(table["file"], table["sheet"], columns, tuple(table.get("amounts", ())))


def _write_manifest(folder: Path, manifest: _Manifest) -> None:
    tables = {
        name: {
            "file": place.file,
            "sheet": place.sheet,
            "columns": {at: kind.dtype for at, kind in place.columns.items()},
            "amounts": place.amounts,
        }
        for name, place in manifest.tables.items()
    }
    text = json.dumps({"about": _ABOUT, "form": _FORM, "files": manifest.files, "tables": tables}, indent=1, ensure_ascii=False)
    with atomic(folder / MANIFEST) as path:
        path.write_text(text + "\n", encoding="utf-8")
