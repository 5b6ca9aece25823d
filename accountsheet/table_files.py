"""Tables in files of each format: one pair of functions a format, which write and read the same Arrow tables."""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterable, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accountsheet.address import cell_name
from accountsheet.delimited import read_bytes, read_spreadsheet, rows_of_csv, unreadable
from accountsheet.excel_text import LONGEST_TEXT, write_text
from accountsheet.files import safe_text_for_csv
from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import remark
from accountsheet.table_kinds import EXCEL_NL, KINDS, Columns, Kind, arrow_table, columns_of, to_frame

if TYPE_CHECKING:
    import pyarrow
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

EXCEL_ROWS = 1_048_576

_CHUNK = 50_000  # rows turned into Python values at a time
_TOLD = 20  # unreadable values told before stopping
_EXCEL_CALENDAR = dt.date(1900, 3, 1)  # before it, Excel counts a 29 February 1900 that never was
_EXCEL_LARGEST, _EXCEL_WHOLE = 9.99e307, 10**15
_WIDEST = 60
_NOWHERE = 2**31  # the place of a column that the file lacks


def write_parquet(path: Path, stretches: Iterable[pyarrow.Table], columns: Columns) -> None:
    """Write a table, stretch by stretch, as Parquet, so that pandas.read_parquet alone also gives nullable dtypes."""
    import pyarrow
    from pyarrow import parquet

    every = iter(stretches)
    first = next(every)
    as_pandas = pyarrow.Schema.from_pandas(to_frame(first.slice(0, 0), columns), preserve_index=False).metadata
    with parquet.ParquetWriter(path, first.schema.with_metadata(as_pandas), compression="zstd") as writer:
        for stretch in chain([first], filter(len, every)):
            writer.write_table(stretch.replace_schema_metadata(as_pandas))


def read_parquet(path: Path) -> tuple[pyarrow.Table, Columns]:
    """Read one Parquet file, or a folder of the parts of a large one, and the kinds that its own types amount to."""
    import pyarrow
    from pyarrow import parquet

    try:
        table = parquet.read_table(path, partitioning=None)
    except (pyarrow.ArrowException, OSError) as problem:
        raise unreadable(path, str(problem)) from problem
    return table, columns_of(table.schema)


def write_csv(path: Path, table: pyarrow.Table, columns: Columns, style: str = "") -> None:
    """Write one table as CSV: UTF-8 with its mark, and no text that a spreadsheet takes for a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";" if style == EXCEL_NL else ",")
        writer.writerow(map(safe_text_for_csv, columns))
        for batch in table.to_batches(max_chunksize=_CHUNK):
            texts = (_texts(batch.column(name).to_pylist(), name, columns, style) for name in columns)
            writer.writerows(zip(*texts, strict=True))


def _texts(values: list[Any], name: str, columns: Columns, style: str) -> list[str]:
    if columns[name].dtype == "string":
        return ["" if value is None else safe_text_for_csv(value) for value in values]
    show = columns[name].show
    return ["" if value is None else show(value, style) for value in values]


def read_csv(path: Path, columns: Columns | None = None) -> tuple[pyarrow.Table, Columns]:
    """Read one CSV file, also as a spreadsheet has saved it again; columns of no known kind are text."""
    expected = columns or {}
    rows = rows_of_csv(path, read_bytes(path), expected.__contains__)
    header = next(rows, None)
    return _from_rows(path, "", path.stem, header.cells if header else [], ((row.line, row.cells) for row in rows), expected)


def write_xlsx(path: Path, tables: Mapping[str, tuple[str, pyarrow.Table]]) -> list[Finding]:
    """Write all tables as one workbook, an Excel table on a sheet each (named here); texts that had to be cut are told."""
    import xlsxwriter

    found: list[Finding] = []
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        formats = {
            "string": workbook.add_format({"num_format": "@"}),  # so that F2, Enter makes no formula of it either
            "date32": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "timestamp[us]": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for number, (name, (sheet_name, table)) in enumerate(tables.items(), start=1):
            sheet = workbook.add_worksheet(sheet_name)
            headers = [{"header": column} for column in table.column_names]
            area = (0, 0, max(table.num_rows, 1), table.num_columns - 1)
            sheet.add_table(*area, {"name": f"table_{number}_{_plain(name)}", "columns": headers})
            sheet.freeze_panes(1, 0)
            kinds = list(columns_of(table.schema).values())
            for at, kind in enumerate(kinds):
                values = table.column(at).to_pylist()
                sheet.set_column(at, at, _width(table.column_names[at], values), formats.get(kind.arrow))
                cut = _write_column(sheet, at, values, formats.get(kind.arrow), formats["string"])
                found += [finding.at(sheet=sheet_name, block=name, field=table.column_names[at]) for finding in cut]
            _keep_empty_rows(sheet, table, formats["string"])
    return found


def _write_column(sheet: Worksheet, at: int, values: list[Any], shown: Format | None, as_text: Format) -> list[Finding]:
    found = []
    for row, value in enumerate(values, start=1):
        if value is None:
            continue
        if isinstance(value, bool):
            sheet.write_boolean(row, at, value)
        elif isinstance(value, (int, float)) and _fits_excel(value):
            sheet.write_number(row, at, value)
        elif isinstance(value, dt.date) and _in_excel_calendar(value):
            sheet.write_datetime(row, at, value, shown)
        elif write_text(sheet, row, at, str(value), as_text):
            found.append(remark("text-cut", length=len(value), longest=LONGEST_TEXT, cell=cell_name(row, at), raw=value[:100]))
    return found


def _fits_excel(value: float) -> bool:
    if isinstance(value, int):
        return abs(value) < _EXCEL_WHOLE
    return math.isfinite(value) and abs(value) <= _EXCEL_LARGEST


def _in_excel_calendar(value: dt.date) -> bool:
    if isinstance(value, dt.datetime):
        return value.date() >= _EXCEL_CALENDAR and value.microsecond == 0
    return value >= _EXCEL_CALENDAR


def _keep_empty_rows(sheet: Worksheet, table: pyarrow.Table, as_text: Format) -> None:
    """Give the last row an empty text where it holds nothing at all, so that it still counts when read."""
    if table.num_rows and all(not column[-1].is_valid for column in table.columns):
        sheet.write_string(table.num_rows, 0, "", as_text)


def _width(name: str, values: list[Any]) -> int:
    longest = max((len(str(value)) for value in values[:100] if value is not None), default=0)
    return min(max(len(name) + 4, longest + 1), _WIDEST)


def _plain(name: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name)


def read_xlsx(path: Path, columns: Mapping[str, Columns] | None = None) -> dict[str, tuple[pyarrow.Table, Columns]]:
    """Read each sheet of a workbook as a table; columns of no known kind are text."""
    tables = {}
    for name, rows in read_spreadsheet(path, read_bytes(path)):
        header = [str(value) for value in rows[0]] if rows else []
        numbered = enumerate(rows[1:], start=2)
        tables[name] = _from_rows(path, name, name, header, numbered, (columns or {}).get(name, {}))
    return tables


def write_duckdb(path: Path, tables: Mapping[str, pyarrow.Table]) -> None:
    """Write all tables as one DuckDB database."""
    connection = _duckdb(path, read_only=False)
    try:
        for name, table in tables.items():
            connection.register("incoming", table)
            connection.execute(f"CREATE TABLE {_identifier(name)} AS SELECT * FROM incoming")
            connection.unregister("incoming")
    finally:
        connection.close()


def read_duckdb(path: Path) -> dict[str, tuple[pyarrow.Table, Columns]]:
    """Read every table of a DuckDB database."""
    connection = _duckdb(path, read_only=True)
    try:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() ORDER BY table_oid").fetchall()]
        found = {name: connection.sql(f"SELECT * FROM {_identifier(name)}").to_arrow_table() for name in names}
    finally:
        connection.close()
    return {name: (table, columns_of(table.schema)) for name, table in found.items()}


def _duckdb(path: Path, *, read_only: bool) -> Any:
    try:
        import duckdb
    except ImportError as problem:
        raise UsageProblem(remark("duckdb-missing", file=path)) from problem
    try:
        return duckdb.connect(str(path), read_only=read_only)
    except duckdb.Error as problem:
        raise unreadable(path, str(problem)) from problem


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _from_rows(
    path: Path, sheet: str, block: str, header: list[str], rows: Iterable[tuple[int, list[Any]]], expected: Columns
) -> tuple[pyarrow.Table, Columns]:
    """Read rows (each with its line) under a header; raises UsageProblem that tells the values which do not fit their column."""
    import pyarrow

    names = [name.strip() for name in header]
    columns = {name: expected.get(name, KINDS["string"]) for name in [*expected, *filter(None, names)]}
    rows = iter(rows)
    problems: list[Finding] = []
    chunks = [arrow_table({name: [] for name in columns}, columns)]
    while (chunk := list(islice(rows, _CHUNK))) and len(problems) < _TOLD:
        values: dict[str, list[Any]] = {}
        for name, kind in columns.items():
            at = names.index(name) if name in names else _NOWHERE
            given = [cells[at] if at < len(cells) else "" for _, cells in chunk]
            values[name], bad = _parsed(given, kind)
            problems += [
                remark("value-unreadable", raw=given[row], line=chunk[row][0], field=name, block=block, kind=kind.called)
                for row in bad
            ]
        if not problems:
            chunks.append(arrow_table(values, columns))
    if problems:
        raise UsageProblem(*(problem.at(file=str(path), sheet=sheet) for problem in problems[:_TOLD]))
    return pyarrow.concat_tables(chunks), columns


def _parsed(given: list[Any], kind: Kind) -> tuple[list[Any], list[int]]:
    """Parse a column's values, and tell the places of those that cannot be; empty is None."""
    if kind.dtype == "string":
        return [kind.parse(value) or None for value in given], []
    values: list[Any] = []
    bad: list[int] = []
    for at, value in enumerate(given):
        parsed = None
        if value is not None and value != "":
            try:
                parsed = kind.parse(value)
            except (ValueError, OverflowError):
                bad.append(at)
        values.append(parsed)
    return values, bad
