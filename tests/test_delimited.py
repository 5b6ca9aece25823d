import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsheet.delimited import cell_text, read_grids, rows_of_csv, sniff_separator
from accountsheet.files import safe_text_for_csv
from accountsheet.finding import UsageProblem


def cells(data: bytes):
    return [row.cells for row in rows_of_csv("accounts.csv", data)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator):
    text = f"id{separator}name{separator}amount\n1{separator}Acme{separator}2\n"
    assert cells(text.encode()) == [["id", "name", "amount"], ["1", "Acme", "2"]]


@pytest.mark.parametrize(
    ("why", "text", "separator"),
    [
        ("decimal commas between semicolons", "id;amount;share\n1;1,5;0,25\n2;2,5;0,75\n", ";"),
        ("lists of semicolons between commas", "id,account,departments\n1,Acme,Sales;Service;Finance\n2,Beta,a;b\n", ","),
        ("commas in every address", "id;address\n1;Street 1, Delft\n2;Street 2, Breda\n3;Street 3, Ede\n", ";"),
        ("one column", "id\n1\n2\n", ","),
        ("a separator within quotation marks", 'id,"a;b;c;d"\n1,2\n', ","),
    ],
)
def test_the_other_separators_do_not_mislead(why, text, separator):
    assert sniff_separator(text) == separator


def test_known_names_decide_where_a_title_stands_above():
    text = "Accounts, by region, by owner, 2026\nklantnummer;klant\n1;Acme\n"
    assert sniff_separator(text, {"klantnummer", "klant"}.__contains__) == ";"


def test_excels_own_first_line_names_the_separator_and_is_no_row():
    assert cells(b"sep=;\r\na;b,c\r\n1;2\r\n") == [["a", "b,c"], ["1", "2"]]


def test_lines_that_excel_quoted_whole_are_cut_again():
    saved_by_a_dutch_excel = 'id,account,note\r\n"1,""Acme, Inc"",fine"\r\n2,Beta,\r\n'
    assert cells(saved_by_a_dutch_excel.encode()) == [["id", "account", "note"], ["1", "Acme, Inc", "fine"], ["2", "Beta", ""]]
    assert cells(b'"id,account"\r\n"1,Acme"\r\n') == [["id", "account"], ["1", "Acme"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_of_windows_is_read(encoding):
    assert cells("id,name\n1,Café Zoë € 5\n".encode(encoding)) == [["id", "name"], ["1", "Café Zoë € 5"]]


def test_rows_know_the_line_they_begin_on():
    rows = list(rows_of_csv("a.csv", b'id,note\n\n1,"two\nlines"\n2,x\n'))
    assert [(row.line, row.cells[0]) for row in rows] == [(1, "id"), (3, "1"), (5, "2")]


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line():
    with pytest.raises(UsageProblem) as caught:
        cells(b'id,name\n1,Acme\n2,"Beta\n3,Gamma\n')
    assert [finding.code for finding in caught.value.findings] == ["open-quote"]
    assert "Line 3" in caught.value.findings[0].message


def test_quotation_marks_within_a_text_are_harmless():
    assert cells(b'id,name\n1,Bakker "de Korst"\n2,12" screens\n')[1:] == [["1", 'Bakker "de Korst"'], ["2", '12" screens']]


def test_a_guarded_text_loses_its_guard():
    assert cells(b"id,phone\n1,'+31 6\n2,'s Hertogenbosch\n")[1:] == [["1", "+31 6"], ["2", "'s Hertogenbosch"]]


@pytest.mark.parametrize("data", [b"\x00\x01\x02\xff", b"PK\x03\x04 but no workbook", b"\xd0\xcf\x11\xe0 but no workbook"])
def test_what_is_no_text_and_no_workbook_is_a_finding(tmp_path, data):
    (tmp_path / "odd.csv").write_bytes(data)
    with pytest.raises(UsageProblem) as caught:
        read_grids(tmp_path / "odd.csv")
    assert [finding.code for finding in caught.value.findings] == ["file-unreadable"]


def test_a_missing_file_and_a_folder_are_findings(tmp_path):
    for path, code in [(tmp_path / "gone.csv", "file-missing"), (tmp_path, "file-unreadable")]:
        with pytest.raises(UsageProblem) as caught:
            read_grids(path)
        assert [finding.code for finding in caught.value.findings] == [code]


def test_a_file_is_read_from_an_fsspec_url():
    import fsspec

    with fsspec.open("memory://lists/accounts.csv", "wb") as remote:
        remote.write(b"id;name\n1;Acme\n")
    assert read_grids("memory://lists/accounts.csv")[0].rows[1].cells == ["1", "Acme"]


@pytest.mark.parametrize(("value", "text"), [(123.0, "123"), (1.5, "1.5"), (True, "true"), ("0123", "0123"), (None, "")])
def test_a_cell_reads_as_a_person_would_type_it(value, text):
    assert cell_text(value) == text


@given(st.lists(st.lists(st.text(alphabet="ab,;\"'=\n\r\t é"), min_size=3, max_size=3), max_size=4))
def test_what_the_csv_module_writes_reads_back(rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["one", "two", "three"], *([safe_text_for_csv(cell) for cell in row] for row in rows)])
    assert cells(stream.getvalue().encode())[1:] == rows
