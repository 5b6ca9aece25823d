"""The kinds of column that tables have, each to and from Arrow, text and a spreadsheet's cell."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from accountsheet.delimited import cell_text

if TYPE_CHECKING:
    import pandas
    import pyarrow

EXCEL_NL = "excel-nl"  # the way of writing CSV that a Dutch Excel opens by double click
CSV_STYLES = ("", EXCEL_NL)

_TRUE, _FALSE = {"true", "waar", "yes", "ja", "1"}, {"false", "onwaar", "no", "nee", "0"}
_DUTCH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of column: its pandas dtype, its Arrow type, and how a value stands in text and is read from it.

    `parse` takes a text that is not empty, or a spreadsheet's value, and raises ValueError for what it cannot read.
    """

    dtype: str
    arrow: str
    called: str
    show: Callable[[Any, str], str]
    parse: Callable[[Any], Any]


def _show_number(value: float, style: str) -> str:
    return repr(value).replace(".", ",") if style == EXCEL_NL else repr(value)


def _parse_number(value: Any) -> float | None:
    if isinstance(value, str):
        value = value.strip()
        if "_" in value or ("," in value and "." in value):
            raise ValueError(value)
        value = value.replace(",", ".")
    elif not isinstance(value, (int, float)) or isinstance(value, bool):
        raise ValueError(value)
    number = float(value)
    return None if math.isnan(number) else number


def _parse_integer(value: Any) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]+\s*", value):
        return int(value)
    number = _parse_number(value)
    if number is None or number.is_integer():
        return None if number is None else int(number)
    raise ValueError(value)


def _show_yes_no(value: bool, style: str) -> str:
    return ("WAAR" if value else "ONWAAR") if style == EXCEL_NL else str(value)


def _parse_yes_no(value: Any) -> bool:
    if isinstance(value, float) and value in (0, 1):
        return bool(value)
    word = str(value).strip().casefold()
    if word not in _TRUE | _FALSE:
        raise ValueError(value)
    return word in _TRUE


def _show_date(value: dt.date, style: str) -> str:
    return f"{value.day:02}-{value.month:02}-{value.year:04}" if style == EXCEL_NL else value.isoformat()


def _show_moment(value: dt.datetime, style: str) -> str:
    return f"{_show_date(value.date(), style)} {value.time().isoformat()}"


def _parse_moment(value: Any) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if not isinstance(value, str):
        raise ValueError(value)
    text = value.strip()
    if dutch := _DUTCH_DAY.fullmatch(text):
        text = f"{dutch[3]}-{dutch[2]:0>2}-{dutch[1]:0>2}{re.sub(r' (?=[0-9]:)', ' 0', dutch[4])}"
    moment = dt.datetime.fromisoformat(text)
    return moment.astimezone(dt.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _parse_date(value: Any) -> dt.date:
    moment = _parse_moment(value)
    if moment.time() != dt.time():
        raise ValueError(value)
    return moment.date()


KINDS: Mapping[str, Kind] = {
    kind.dtype: kind
    for kind in (
        Kind("string", "string", "text", lambda value, style: str(value), cell_text),
        Kind("Int64", "int64", "a whole number", lambda value, style: str(value), _parse_integer),
        Kind("float64", "float64", "a number", _show_number, _parse_number),
        Kind("Float64", "float64", "a number", _show_number, _parse_number),
        Kind("boolean", "bool", "yes or no", _show_yes_no, _parse_yes_no),
        Kind("datetime64[s]", "date32", "a date", _show_date, _parse_date),
        Kind("datetime64[us]", "timestamp[us]", "a date and time", _show_moment, _parse_moment),
    )
}
Columns = Mapping[str, Kind]


def kind_of(column: pandas.Series[Any]) -> Kind:
    """Tell a column's kind by its dtype alone, so that one plan and 5,000 give the same; raises TypeError where there is none."""
    from pandas import CategoricalDtype
    from pandas.api import types

    dtype = column.dtype
    if types.is_bool_dtype(dtype):
        return KINDS["boolean"]
    if types.is_integer_dtype(dtype):
        return KINDS["Int64"]
    if types.is_float_dtype(dtype):
        return KINDS["Float64" if types.is_extension_array_dtype(dtype) else "float64"]
    if types.is_datetime64_dtype(dtype):
        return KINDS["datetime64[s]" if str(dtype) == "datetime64[s]" else "datetime64[us]"]
    if types.is_string_dtype(dtype) or types.is_object_dtype(dtype) or isinstance(dtype, CategoricalDtype):
        return KINDS["string"]
    raise TypeError(f"Column {column.name!r} is {dtype}, which no table holds")


def to_arrow(frame: pandas.DataFrame) -> tuple[pyarrow.Table, Columns]:
    """Turn a frame into an Arrow table of our types: NaN and empty text become null; raises TypeError for other values."""
    import pyarrow
    from pyarrow import compute

    columns = {str(name): kind_of(frame[name]) for name in frame.columns}
    arrays = []
    for name, kind in zip(frame.columns, columns.values(), strict=True):
        try:
            given = _as_given(frame[name])
            array = given.cast(arrow_type(kind))
        except pyarrow.ArrowException as problem:
            raise TypeError(f"Column {name!r} holds what is not {kind.called}: {problem}") from problem
        if kind.arrow == "date32" and not array.cast(given.type).equals(given):
            raise TypeError(f"Column {name!r} holds times of day: dates are datetime64[s], moments datetime64[us]")
        if kind.arrow == "float64":
            array = compute.if_else(compute.is_nan(array), None, array)
        arrays.append(array)
    return empty_texts_as_null(pyarrow.table(arrays, schema=_schema(columns))), columns


def empty_texts_as_null(table: pyarrow.Table) -> pyarrow.Table:
    """Give a table with null for every empty text: what is empty is NA in all that we write."""
    import pyarrow
    from pyarrow import compute

    columns = [
        compute.if_else(compute.equal(table[each.name], ""), None, table[each.name])
        if pyarrow.types.is_large_string(each.type)
        else table[each.name]
        for each in table.schema
    ]
    return pyarrow.table(columns, schema=table.schema)


def _as_given(column: pandas.Series[Any]) -> pyarrow.ChunkedArray:
    import pyarrow

    wanted = pyarrow.large_string() if column.dtype == object else None  # else numbers would quietly become text
    array = pyarrow.array(column, type=wanted, from_pandas=True)
    return array if isinstance(array, pyarrow.ChunkedArray) else pyarrow.chunked_array([array])


def to_frame(table: pyarrow.Table, columns: Columns) -> pandas.DataFrame:
    """Turn an Arrow table back into a frame with exactly the dtypes of its columns; a column it lacks is empty."""
    import pandas
    import pyarrow

    mapper = {
        pyarrow.int64(): pandas.Int64Dtype(),
        pyarrow.string(): pandas.StringDtype(),
        pyarrow.large_string(): pandas.StringDtype(),
        pyarrow.bool_(): pandas.BooleanDtype(),
    }
    series = {}
    for name, kind in columns.items():
        array = table[name] if name in table.column_names else pyarrow.nulls(table.num_rows, arrow_type(kind))
        array = array.cast(pyarrow.timestamp("s") if kind.arrow == "date32" else arrow_type(kind))
        series[name] = array.to_pandas(types_mapper=mapper.get).astype(kind.dtype)
    return pandas.DataFrame(series)


def columns_of(schema: pyarrow.Schema) -> Columns:
    """Tell the kinds of an Arrow table that comes without a manifest."""
    import pyarrow

    def kind(of: pyarrow.DataType) -> str:
        if pyarrow.types.is_boolean(of):
            return "boolean"
        if pyarrow.types.is_integer(of):
            return "Int64"
        if pyarrow.types.is_floating(of) or pyarrow.types.is_decimal(of):
            return "float64"
        if pyarrow.types.is_date(of):
            return "datetime64[s]"
        return "datetime64[us]" if pyarrow.types.is_timestamp(of) else "string"

    return {field.name: KINDS[kind(field.type)] for field in schema}


def arrow_table(values: Mapping[str, list[Any]], columns: Columns) -> pyarrow.Table:
    """Make an Arrow table from columns of Python values."""
    import pyarrow

    schema = _schema(columns)
    return pyarrow.table([pyarrow.array(values[name], schema.field(name).type) for name in columns], schema=schema)


def _schema(columns: Columns) -> pyarrow.Schema:
    import pyarrow

    return pyarrow.schema([(name, arrow_type(kind)) for name, kind in columns.items()])


def arrow_type(kind: Kind) -> pyarrow.DataType:
    import pyarrow

    if kind.arrow == "string":
        return pyarrow.large_string()
    return pyarrow.timestamp("us") if kind.arrow == "timestamp[us]" else pyarrow.type_for_alias(kind.arrow)
