import datetime as dt
import json
import os
from pathlib import Path

import openpyxl
import pandas
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accountsheet import table_files
from accountsheet.finding import UsageProblem
from accountsheet.tables import FORMATS, MANIFEST, is_tables_folder, read_tables, write_tables


def frame(**columns):
    """Make a frame from columns of (dtype, values)."""
    return pandas.DataFrame({name: pandas.Series(values, dtype=dtype) for name, (dtype, values) in columns.items()})


CONTACTS = frame(
    plan_id=("string", ["0123", "NA", "None", "=1+1"]),
    name=("string", ["Zoë 😀", None, "two\nlines", "'s Gravesande"]),
    influence=("Int64", [1, None, -3, 2**53 + 1]),
    revenue=("float64", [1.5, None, -1e6, 1 / 4]),
    share=("Float64", [0.12, None, 1e-9, 3]),
    holds=("boolean", [True, False, None, True]),
    last_spoken=("datetime64[s]", ["2026-03-31", None, "0001-01-01", "9999-12-31"]),
    modified=("datetime64[us]", ["2026-03-31 23:59:59", None, "1900-01-01", "2026-01-01 00:00:00.000001"]),
)
EVERY_WAY = [(format, "") for format in FORMATS] + [("csv", "excel-nl")]


@pytest.mark.parametrize(("format", "csv_style"), EVERY_WAY)
def test_what_is_written_reads_back_with_the_same_dtypes(tmp_path, format, csv_style):
    tables = {"contacts": CONTACTS, "objectives_by_product_and_department": CONTACTS.iloc[:1], "empty": CONTACTS.iloc[:0]}
    write_tables(tables, tmp_path, format, csv_style)
    found = read_tables(tmp_path)
    assert list(found) == list(tables)
    for name, table in tables.items():
        pandas.testing.assert_frame_equal(found[name], table, check_exact=True)


@pytest.mark.parametrize("format", FORMATS)
def test_a_column_without_any_value_keeps_its_dtype(tmp_path, format):
    nothing = frame(plan_id=("string", [None, None]), due=("datetime64[s]", [None, None]), amount=("float64", [None, None]))
    write_tables({"activities": nothing}, tmp_path, format)
    pandas.testing.assert_frame_equal(read_tables(tmp_path)["activities"], nothing)


@pytest.mark.parametrize("format", FORMATS)
def test_ordinary_dtypes_become_ours_and_an_empty_text_is_empty(tmp_path, format):
    ordinary = pandas.DataFrame(
        {"text": ["a", ""], "count": [1, 2], "flag": [True, False], "kind": pandas.Categorical(["x", None])}
    )
    write_tables({"plain": ordinary}, tmp_path, format)
    found = read_tables(tmp_path)["plain"]
    assert [str(dtype) for dtype in found.dtypes] == ["string", "Int64", "boolean", "string"]
    assert found["text"].isna().tolist() == [False, True]


def test_pandas_alone_reads_our_parquet_with_nullable_dtypes(tmp_path):
    write_tables({"contacts": CONTACTS}, tmp_path)
    found = pandas.read_parquet(tmp_path / "contacts.parquet")
    assert [str(found[name].dtype) for name in ("plan_id", "influence", "holds")] == ["string", "Int64", "boolean"]
    assert found["last_spoken"][0] == dt.date(2026, 3, 31)


def test_our_csv_is_plain_for_pandas_and_safe_for_excel(tmp_path):
    write_tables({"contacts": CONTACTS.iloc[[0, 3]]}, tmp_path, "csv")
    assert (tmp_path / "contacts.csv").read_bytes().decode("utf-8-sig").splitlines() == [
        "plan_id,name,influence,revenue,share,holds,last_spoken,modified",
        "0123,Zoë 😀,1,1.5,0.12,True,2026-03-31,2026-03-31 23:59:59",
        "'=1+1,'s Gravesande,9007199254740993,0.25,3.0,True,9999-12-31,2026-01-01 00:00:00.000001",
    ]


def test_a_dutch_excel_opens_its_own_csv_by_double_click(tmp_path):
    write_tables({"contacts": CONTACTS.iloc[[0]]}, tmp_path, "csv", "excel-nl")
    written = (tmp_path / "contacts.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    assert written.decode("utf-8-sig").splitlines()[1] == "0123;Zoë 😀;1;1,5;0,12;WAAR;31-03-2026;31-03-2026 23:59:59"


def test_csv_that_a_dutch_excel_saved_again_still_reads(tmp_path):
    write_tables({"contacts": CONTACTS.iloc[[1]]}, tmp_path, "csv")
    (tmp_path / "contacts.csv").write_bytes(
        "plan_id;name;influence;revenue;share;holds;last_spoken;modified\r\n"
        "P1;Zoë;2;1,5;0,12;WAAR;31-3-2026;31-3-2026 9:05\r\n".encode("cp1252")
    )
    row = read_tables(tmp_path)["contacts"].iloc[0]
    assert row.tolist() == ["P1", "Zoë", 2, 1.5, 0.12, True, pandas.Timestamp("2026-03-31"), pandas.Timestamp("2026-03-31 09:05")]


def test_a_column_that_was_removed_is_empty_and_one_that_was_added_is_text(tmp_path):
    write_tables({"contacts": CONTACTS}, tmp_path, "csv")
    (tmp_path / "contacts.csv").write_text("plan_id,note\nP1,new\n")
    found = read_tables(tmp_path)["contacts"]
    assert found["note"].tolist() == ["new"]
    assert found["revenue"].isna().all()
    assert str(found["last_spoken"].dtype) == "datetime64[s]"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_values_that_do_not_fit_their_column_are_told_all_at_once(tmp_path, format):
    write_tables({"contacts": CONTACTS.iloc[:2]}, tmp_path, format)
    header = list(CONTACTS.columns)
    row = ["P1", "Zoë", "many", "1.200.000,5", "", "perhaps", "3/31/2026", ""]
    if format == "csv":
        (tmp_path / "contacts.csv").write_text(f"{','.join(header)}\n{','.join(row).replace('1.200.000,5', '1_000')}\n")
    else:
        workbook = openpyxl.load_workbook(tmp_path / "tables.xlsx")
        for column, value in enumerate(row, start=1):
            workbook["contacts"].cell(2, column, value)
        workbook.save(tmp_path / "tables.xlsx")
    with pytest.raises(UsageProblem) as caught:
        read_tables(tmp_path)
    assert [finding.field for finding in caught.value.findings] == ["influence", "revenue", "holds", "last_spoken"]
    assert all("line 2" in finding.message for finding in caught.value.findings)


def test_texts_in_the_workbook_are_never_formulas_or_links(tmp_path):
    texts = ["=1+1", "https://example.com", "{=2}", "<r>x</r>", "0123"]
    write_tables({"contacts": frame(name=("string", texts))}, tmp_path, "xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "tables.xlsx")["contacts"]
    cells = [sheet.cell(row, 1) for row in range(2, 7)]
    assert [cell.value for cell in cells] == texts
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    assert [table.ref for table in sheet.tables.values()] == ["A1:A6"]


def test_a_number_typed_into_a_text_column_of_the_workbook_is_that_text(tmp_path):
    write_tables({"contacts": frame(name=("string", ["x"]))}, tmp_path, "xlsx")
    workbook = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    workbook["contacts"]["A3"] = 123
    workbook.save(tmp_path / "tables.xlsx")
    assert read_tables(tmp_path)["contacts"]["name"].tolist() == ["x", "123"]


def test_a_text_too_long_for_excel_is_cut_and_that_is_told(tmp_path):
    findings = write_tables({"findings": frame(raw=("string", ["a", "b" * 40_000]))}, tmp_path, "xlsx")
    assert [(finding.code, finding.sheet, finding.cell, finding.field) for finding in findings] == [
        ("text-cut", "findings", "A3", "raw")
    ]
    assert read_tables(tmp_path)["findings"]["raw"][1] == "b" * 32_767


def test_a_table_too_long_for_excel_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(table_files, "EXCEL_ROWS", 4)
    with pytest.raises(UsageProblem, match="--format parquet"):
        write_tables({"contacts": CONTACTS}, tmp_path / "out", "xlsx")
    assert not (tmp_path / "out").exists()


def test_a_long_csv_is_read_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(table_files, "_CHUNK", 3)
    write_tables({"contacts": pandas.concat([CONTACTS] * 5, ignore_index=True)}, tmp_path, "csv")
    assert len(read_tables(tmp_path)["contacts"]) == 20


@pytest.mark.parametrize("first", FORMATS)
@pytest.mark.parametrize("second", FORMATS)
def test_a_run_replaces_what_the_run_before_wrote_and_nothing_else(tmp_path, first, second):
    (tmp_path / "mine.csv").write_text("my own")
    (tmp_path / "budget.xlsx").write_text("my own too")
    write_tables({"contacts": CONTACTS, "dropped": CONTACTS}, tmp_path, first)
    write_tables({"contacts": CONTACTS.iloc[:1]}, tmp_path, second)
    alone = {"xlsx": "tables.xlsx", "duckdb": "tables.duckdb"}.get(second, f"contacts.{second}")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([MANIFEST, "budget.xlsx", "mine.csv", alone])
    assert (tmp_path / "mine.csv").read_text() == "my own"
    assert {name: len(table) for name, table in read_tables(tmp_path).items()} == {"contacts": 1}


def test_a_file_of_someone_else_is_never_replaced(tmp_path):
    (tmp_path / "contacts.csv").write_text("my own")
    with pytest.raises(UsageProblem) as caught:
        write_tables({"contacts": CONTACTS, "swot": CONTACTS}, tmp_path, "csv")
    assert [finding.code for finding in caught.value.findings] == ["in-the-way"]
    assert [path.name for path in tmp_path.iterdir()] == ["contacts.csv"]
    assert (tmp_path / "contacts.csv").read_text() == "my own"


def test_a_run_that_is_stopped_leaves_the_tables_as_they_were(tmp_path, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    write_tables({"contacts": CONTACTS, "swot": CONTACTS}, tmp_path, "csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr(table_files, "write_csv", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_tables({"contacts": CONTACTS.iloc[:1]}, tmp_path, "csv")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_run_stopped_while_moving_files_does_not_block_the_next(tmp_path, monkeypatch):
    def stopped(source, target):
        if Path(target).name != MANIFEST:
            raise KeyboardInterrupt
        replace(source, target)

    replace = os.replace
    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_tables({"contacts": CONTACTS, "swot": CONTACTS}, tmp_path, "csv")
    monkeypatch.undo()
    write_tables({"contacts": CONTACTS, "swot": CONTACTS}, tmp_path, "csv")
    assert list(read_tables(tmp_path)) == ["contacts", "swot"]


def test_the_same_tables_make_the_same_manifest(tmp_path):
    for name in ("monday", "tuesday"):
        write_tables({"contacts": CONTACTS}, tmp_path / name, "csv")
    assert (tmp_path / "monday" / MANIFEST).read_text() == (tmp_path / "tuesday" / MANIFEST).read_text()
    assert is_tables_folder(tmp_path / "monday")
    assert not is_tables_folder(tmp_path)


def test_a_folder_of_csv_files_by_hand_is_read_as_text(tmp_path):
    (tmp_path / "contacts.csv").write_bytes("plan_id;amount\n0123;1,5\n".encode("utf-16"))
    found = read_tables(tmp_path)
    assert found["contacts"].to_dict("list") == {"plan_id": ["0123"], "amount": ["1,5"]}
    assert set(map(str, found["contacts"].dtypes)) == {"string"}


def test_a_folder_of_parquet_files_without_a_manifest_keeps_its_types(tmp_path):
    write_tables({"contacts": CONTACTS}, tmp_path)
    (tmp_path / MANIFEST).unlink()
    pandas.testing.assert_frame_equal(read_tables(tmp_path)["contacts"], CONTACTS.astype({"share": "float64"}))


def test_a_table_whose_file_was_deleted_is_left_out(tmp_path):
    write_tables({"contacts": CONTACTS, "swot": CONTACTS}, tmp_path, "csv")
    (tmp_path / "swot.csv").unlink()
    assert list(read_tables(tmp_path)) == ["contacts"]


def test_a_folder_without_tables_is_told(tmp_path):
    with pytest.raises(UsageProblem) as caught:
        read_tables(tmp_path)
    assert [finding.code for finding in caught.value.findings] == ["tables-missing"]


@pytest.mark.parametrize(
    ("file", "format"), [("contacts.parquet", "parquet"), ("tables.xlsx", "xlsx"), ("tables.duckdb", "duckdb")]
)
def test_a_damaged_file_is_told(tmp_path, file, format):
    write_tables({"contacts": CONTACTS}, tmp_path, format)
    (tmp_path / file).write_bytes(b"no such thing" * 99)
    with pytest.raises(UsageProblem) as caught:
        read_tables(tmp_path)
    assert [finding.code for finding in caught.value.findings] == ["file-unreadable"]


@pytest.mark.parametrize(
    ("why", "text", "code"),
    [
        ("damaged", '{"form": 1,', "file-unreadable"),
        ("of another program", '{"name": "something else"}', "file-unreadable"),
        ("of a newer accountsheet", '{"form": 99}', "tables-newer"),
        ("that names files elsewhere", '{"form": 1, "files": ["../../important.csv"], "tables": {}}', "file-unreadable"),
    ],
)
def test_a_manifest_that_is_not_ours_is_told_and_left_alone(tmp_path, why, text, code):
    (tmp_path / MANIFEST).write_text(text)
    for attempt in (lambda: read_tables(tmp_path), lambda: write_tables({"contacts": CONTACTS}, tmp_path)):
        with pytest.raises(UsageProblem) as caught:
            attempt()
        assert [finding.code for finding in caught.value.findings] == [code]
    assert (tmp_path / MANIFEST).read_text() == text


def test_the_manifest_says_what_it_is(tmp_path):
    write_tables({"contacts": CONTACTS[["plan_id", "revenue"]]}, tmp_path, "csv")
    told = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    assert told["files"] == ["contacts.csv"]
    assert told["tables"]["contacts"]["columns"] == {"plan_id": "string", "revenue": "float64"}


@pytest.mark.parametrize(
    ("problem", "tables"),
    [
        (TypeError, {"a": pandas.DataFrame({"x": [dt.timedelta(1)]})}),
        (TypeError, {"a": pandas.DataFrame({"x": pandas.Series([1, "b"], dtype=object)})}),
        (TypeError, {"a": frame(x=("datetime64[s]", ["2026-01-01 10:00"]))}),
        (ValueError, {"a": frame(x=("string", []), X=("string", []))}),
        (ValueError, {"a": frame(x=("string", [])), "A": frame(x=("string", []))}),
        (ValueError, {"a": pandas.DataFrame()}),
        (ValueError, {" ": frame(x=("string", []))}),
    ],
)
def test_tables_that_no_format_holds_are_refused(tmp_path, problem, tables):
    with pytest.raises(problem):
        write_tables(tables, tmp_path)


def test_a_format_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(ValueError, match="xml"):
        write_tables({}, tmp_path, "xml")


@pytest.mark.parametrize("format", FORMATS)
def test_no_tables_at_all_are_written_and_read(tmp_path, format):
    write_tables({"contacts": CONTACTS}, tmp_path, format)
    write_tables({}, tmp_path, format)
    assert read_tables(tmp_path) == {}
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST]


@pytest.mark.parametrize("format", FORMATS)
def test_long_and_odd_table_names_are_told_apart(tmp_path, format):
    tables = {f"{'a_very_long_name_for_a_table_' * 5}{ending}": CONTACTS for ending in ("one", "two")}
    tables |= {"history": CONTACTS, "a/b": CONTACTS, "a:b": CONTACTS, "con": CONTACTS, "'quoted'": CONTACTS, "A1": CONTACTS}
    write_tables(tables, tmp_path, format)
    assert list(read_tables(tmp_path)) == list(tables)


MOMENTS = st.datetimes(min_value=dt.datetime(1, 1, 1), max_value=dt.datetime(9999, 12, 31, 23, 59, 59))
FIGURES = st.floats(allow_nan=False).map(lambda value: float(f"{value:.15g}"))  # what Excel keeps
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=20)
LOOK_ALIKES = st.sampled_from(
    ["NA", "nan", "None", "0123", "=1+1", "'=1", "_x0041_", "TRUE", "1,5", "a;b", '"', " ", "\r", "\r\n", "\x00"]
)
WHOLE_MOMENTS = MOMENTS.map(lambda moment: moment.replace(microsecond=0))


def four(dtype, values):
    return st.tuples(st.just(dtype), st.lists(st.none() | values, min_size=4, max_size=4))


COLUMN = st.one_of(
    four("string", TEXTS | LOOK_ALIKES),
    four("Int64", st.integers(-(2**63), 2**63 - 1)),
    four("float64", FIGURES),
    four("Float64", FIGURES),
    four("boolean", st.booleans()),
    four("datetime64[s]", st.dates()),
    four("datetime64[us]", MOMENTS | WHOLE_MOMENTS),
)


@pytest.mark.parametrize(("format", "csv_style"), EVERY_WAY)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(columns=st.lists(COLUMN, min_size=1, max_size=4), rows=st.integers(0, 4))
def test_any_table_reads_back_as_it_was(tmp_path_factory, format, csv_style, columns, rows):
    table = frame(**{f"column_{number}": column for number, column in enumerate(columns)}).iloc[:rows]
    folder = tmp_path_factory.mktemp("tables")
    write_tables({"any": table}, folder, format, csv_style)
    pandas.testing.assert_frame_equal(read_tables(folder)["any"], table, check_exact=True)
