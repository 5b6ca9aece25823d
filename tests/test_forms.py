"""The forms of file that a plan may come back in: each reads to the same answers, or a finding says what to do."""

from __future__ import annotations

import io
import re
import shutil
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import msoffcrypto
import openpyxl
import pytest
from click.testing import CliRunner

from accountsheet import read_plan, read_plans
from accountsheet.cli import main
from accountsheet.excel_97 import (
    BOF,
    BOOL_ERROR,
    BOUND_SHEET,
    CONTINUE,
    END,
    FILE_PASS,
    FORMULA,
    MAGIC,
    NOTE,
    OBJECT,
    TEXT_OBJECT,
    Excel97,
)
from accountsheet.finding import UsageProblem
from accountsheet.open_document import MIME
from accountsheet.package import LARGEST_PART, Note, TooLarge
from accountsheet.reader import Reading, read_workbook
from small import ANSWERS, changed, write

STRICT = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "http://purl.oclc.org/ooxml/officeDocument/relationships",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "http://purl.oclc.org/ooxml/drawingml/main",
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a small plan, filled in."""
    return write(tmp_path_factory.mktemp("good") / "good.xlsx").read_bytes()


def read(data: bytes, name: str = "plan.xlsx") -> Reading:
    return read_workbook(data, name)


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


# ------------------------------------------------------------------------------------------------------ Office Open XML


def strict(data: bytes) -> bytes:
    """Write a workbook's names as strict Office Open XML has them."""

    def edit(part: bytes) -> bytes:
        for old, new in STRICT.items():
            part = part.replace(old.encode(), new.encode())
        return part

    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return changed(data, {name: edit for name in source.namelist() if name.endswith((".xml", ".rels"))})


def test_strict_office_open_xml_reads_the_same(good: bytes) -> None:
    data = strict(good)
    assert b"purl.oclc.org" in zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml")
    reading = read(data)
    assert reading.plan is not None and reading.plan.answers == ANSWERS
    assert codes(reading) == []


def with_macros(data: bytes) -> bytes:
    kind = b"http://schemas.microsoft.com/office/2006/relationships/vbaProject"
    link = b'<Relationship Id="rId99" Type="%s" Target="vbaProject.bin"/>' % kind
    edit = {"xl/_rels/workbook.xml.rels": lambda part: part.replace(b"</Relationships>", link + b"</Relationships>")}
    return changed(data, edit, {"xl/vbaProject.bin": MAGIC + bytes(2_000)})


def test_a_workbook_with_macros_is_read_and_says_so(good: bytes) -> None:
    reading = read(with_macros(good), "plan.xlsm")
    assert reading.plan is not None and reading.plan.answers == ANSWERS
    assert [(finding.code, finding.severity) for finding in reading.findings] == [("macros-not-run", "info")]


def as_google_sheets(data: bytes) -> bytes:
    """Leave what a download from Google Sheets has: no names, no validation, no hidden tabs, no properties, no protection."""

    def workbook(part: bytes) -> bytes:
        part = re.sub(rb"<definedNames>.*?</definedNames>", b"", part, flags=re.DOTALL)
        return re.sub(rb' state="\w+"', b"", part)

    def sheet(part: bytes) -> bytes:
        part = re.sub(rb"<dataValidations.*?</dataValidations>|<sheetProtection[^>]*/>|<extLst>.*?</extLst>", b"", part,
                      flags=re.DOTALL)  # fmt: skip
        return re.sub(rb' hidden="1"', b"", part)

    with zipfile.ZipFile(io.BytesIO(data)) as source:
        sheets = dict.fromkeys((name for name in source.namelist() if name.startswith("xl/worksheets/sheet")), sheet)
        gone = dict.fromkeys(name for name in source.namelist() if name.startswith("docProps/"))
    return changed(data, {"xl/workbook.xml": workbook, **sheets, **gone})


def test_a_workbook_without_names_validation_or_hidden_tabs_reads_the_same(good: bytes) -> None:
    data = as_google_sheets(good)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert not book.defined_names and all(sheet.sheet_state == "visible" for sheet in book)
    reading = read(data)
    assert reading.plan is not None and reading.plan.answers == ANSWERS
    assert codes(reading) == []


# ------------------------------------------------------------------------------------------------------- OpenDocument

NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
    ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def document(data: bytes, facts: str = "", before: str = "") -> bytes:
    """Write a workbook as an OpenDocument, by hand; `facts` are more rows of the tab Facts."""
    book, tables = openpyxl.load_workbook(io.BytesIO(data)), []
    for sheet in book:
        rows = "".join(f"<table:table-row>{''.join(map(as_cell, line))}</table:table-row>" for line in sheet.iter_rows())
        tables.append(f'<table:table table:name="{sheet.title}">{rows}{facts if sheet.title == "Facts" else ""}</table:table>')
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    content = f"{before}<office:document-content {NAMES}>{body}</office:document-content>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("mimetype", MIME)
        target.writestr("content.xml", content)
    return out.getvalue()


def as_cell(cell: object) -> str:
    value = getattr(cell, "value", None)
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    if str(value).startswith("="):
        formula = quoteattr(f"of:{value}")
        return f'<table:table-cell table:formula={formula} office:value-type="string"><text:p/></table:table-cell>'
    text = escape(str(value)).replace("  ", " <text:s/>")
    lines = "".join(f"<text:p>{line}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'


def row(*cells: str) -> str:
    return f"<table:table-row><table:table-cell/>{''.join(cells)}</table:table-row>"


def typed(text: str, kind: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


def raws(reading: Reading, code: str) -> list[str]:
    return [finding.raw for finding in reading.findings if finding.code == code]


def test_an_open_document_reads_the_same(good: bytes) -> None:
    reading = read(document(good), "plan.ods")
    assert reading.plan is not None and reading.plan.answers == ANSWERS


CELLS = {
    "a number": (typed("1.200,50", 'office:value-type="currency" office:value="1200.5"'), "1200.5"),
    "a share": (typed("12 %", 'office:value-type="percentage" office:value="0.12"'), "0.12"),
    "a day": (typed("31-12-26", 'office:value-type="date" office:date-value="2026-12-31"'), "2026-12-31"),
    "a moment": (typed("x", 'office:value-type="date" office:date-value="2026-12-31T14:30:00"'), "2026-12-31 14:30:00"),
    "a time": (typed("x", 'office:value-type="time" office:time-value="PT14H30M00S"'), "14:30:00"),
    "a truth value": (typed("WAAR", 'office:value-type="boolean" office:boolean-value="true"'), "TRUE"),
    "a broken number": (typed("twelve", 'office:value-type="float" office:value="x"'), "twelve"),
    "a text apart from what is shown": (typed("+  Kans", 'office:value-type="string" office:string-value="Kans"'), "Kans"),
    "paragraphs": (typed("one</text:p><text:p>two"), "one\ntwo"),
    "blanks and breaks": (typed("a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d"), "a   b c\nd"),
    "pieces in other looks": (typed("<text:span>a</text:span> <text:a>b</text:a>"), "a b"),
    "lines of the file's own": (typed("a\n      b"), "a b"),
    "an entity": (typed("R&amp;D &lt;b&gt;"), "R&D <b>"),
    "a cell that others cover": (typed("x").replace("table-cell", "covered-table-cell"), "x"),
}


@pytest.mark.parametrize(("cell", "raw"), CELLS.values(), ids=CELLS)
def test_every_kind_of_cell_of_an_open_document_is_kept(cell: str, raw: str, good: bytes) -> None:
    reading = read(document(good, row(typed("marker"), cell)), "plan.ods")
    assert [finding for finding in reading.findings if raw in finding.raw and finding.cell], codes(reading)


def test_notes_errors_and_repeated_cells_of_an_open_document_are_told(good: bytes) -> None:
    note = "<office:annotation><dc:creator>Jo</dc:creator><text:p>call</text:p><text:p>back</text:p></office:annotation>"
    cells = [
        f'<table:table-cell office:value-type="string">{note}<text:p>thrice</text:p></table:table-cell>'.replace(
            "<table:table-cell ", '<table:table-cell table:number-columns-repeated="3" '
        ),
        typed("#REF!", 'table:formula="of:=A1" office:value-type="string" calcext:value-type="error"'),
        "<table:table-cell><draw:frame><draw:text-box><text:p>a drawing</text:p></draw:text-box></draw:frame></table:table-cell>",
    ]
    reading = read(document(good, row(*cells)), "plan.ods")
    assert raws(reading, "cell-note") == ["call\nback"]
    told = "\n".join(finding.raw for finding in reading.findings)
    assert told.count("thrice") == 3 and "=A1" in told and "a drawing" not in told


FAR = 'table:number-columns-repeated="16384"'
HOSTILE = {
    "a value in every column of many rows": (
        f'<table:table-row table:number-rows-repeated="1048576"><table:table-cell {FAR} office:value-type="string">'
        "<text:p>x</text:p></table:table-cell></table:table-row>",
        "",
        "workbook-too-large",
    ),
    "a value in the last cell": (
        f'<table:table-row table:number-rows-repeated="1048575"/>{row(f"<table:table-cell {FAR}/>", typed("x"))}',
        "",
        "workbook-too-large",
    ),
    "more rows than there are": (f'<table:table-row table:number-rows-repeated="99999999">{typed("x")}</table:table-row>', "",
                                 "workbook-too-large"),
    "entities": ("", '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>', "workbook-damaged"),
    "half of it": ("<table:table-row>", "", "workbook-damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("facts", "before", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_open_document_is_refused_in_time(facts: str, before: str, code: str, good: bytes) -> None:
    [finding] = read(document(good, facts, before), "plan.ods").findings
    assert finding.code == code and finding.hint


def test_empty_cells_without_end_do_no_harm(good: bytes) -> None:
    rows = f'<table:table-row table:number-rows-repeated="1048000"><table:table-cell {FAR}/></table:table-row>'
    reading = read(document(good, rows), "plan.ods")
    assert reading.plan is not None and reading.plan.answers == ANSWERS


def test_an_open_document_that_unfolds_without_end_is_refused(good: bytes) -> None:
    big = changed(document(good), {"content.xml": lambda part: part + b" " * LARGEST_PART})
    assert codes(read(big, "plan.ods")) == ["workbook-too-large"]


def test_an_open_document_with_a_password_is_told(good: bytes) -> None:
    locked = b'<manifest xmlns:m="x"><m:encryption-data/></manifest>'
    data = changed(document(good), {"content.xml": lambda part: b"\x00\x01"}, {"META-INF/manifest.xml": locked})
    assert codes(read(data, "plan.ods")) == ["locked-document"]


# ------------------------------------------------------------------------------------------------------ other programs


@pytest.mark.parametrize(
    ("parts", "code", "what"),
    [
        ({"xl/workbook.bin": b"\x83\x01"}, "form-xlsb", ".xlsx"),
        ({"Index/Document.iwa": b"x"}, "form-numbers", "Export To"),
        ({"word/document.xml": b"<x/>"}, "not-a-workbook", ".xlsx"),
    ],
)
def test_a_form_that_is_not_read_says_how_to_save_it(parts: dict[str, bytes], code: str, what: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    [finding] = read(out.getvalue()).findings
    assert (finding.code, finding.severity) == (code, "error")
    assert what in finding.hint


@pytest.mark.parametrize(
    ("name", "code"),
    [("a.xlsb", "form-xlsb"), ("a.numbers", "form-numbers"), ("a.gsheet", "form-gsheet"), ("a.fods", "other-form")],
)
def test_a_file_of_a_form_that_is_not_read_is_named(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"")
    found = read_plans(tmp_path).findings
    assert found[["code", "severity"]].values.tolist() == [[code, "error"]]


@pytest.mark.parametrize("name", ["Plan.XLSX", "plan.xlsm", "plan.xltx", "plan.ods", "plan.xls"])
def test_what_a_file_is_decides_and_not_its_name(name: str, good: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(good)
    assert read_plans(tmp_path)["facts"]["motto"].tolist() == ["Grow together"]


# ---------------------------------------------------------------------------------------------------------- encryption


@pytest.fixture(scope="module")
def locked(good: bytes) -> bytes:
    """Give the plan with the password 'geheim'."""
    out = io.BytesIO()
    msoffcrypto.OfficeFile(io.BytesIO(good)).encrypt("geheim", out)
    return out.getvalue()


@pytest.mark.parametrize("passwords", [(), ("wrong",), ("", "wrong")])
def test_an_encrypted_workbook_that_no_password_opens_is_told(passwords: tuple[str, ...], locked: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.xlsx").write_bytes(locked)
    found = read_plans(tmp_path, password=passwords).findings
    assert found["code"].tolist() == ["workbook-locked"]
    assert "--password" in found["hint"].iloc[0] and "geheim" not in found.to_string()


def test_an_encrypted_workbook_is_read_with_its_password(locked: bytes, good: bytes, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "locked.xlsx").write_bytes(locked)
    for password in ("geheim", ["other", "geheim"]):
        assert read_plans(tmp_path / "one", password=password)["facts"]["motto"].tolist() == ["Grow together"]
    assert read_plan(tmp_path / "one" / "locked.xlsx", password="geheim").answers == ANSWERS
    with pytest.raises(UsageProblem, match="password"):
        read_plan(tmp_path / "one" / "locked.xlsx")


def test_the_password_is_given_on_the_command_line_and_told_nowhere(locked: bytes, tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "plan.xlsx").write_bytes(locked)
    command = ["import", str(tmp_path / "plans"), "--out", str(tmp_path / "tables"), "--format", "csv"]
    refused = CliRunner().invoke(main, command)
    assert refused.exit_code == 2 and "--password" in refused.stderr
    done = CliRunner().invoke(main, [*command, "--password", "wrong", "--password", "geheim"])
    assert done.exit_code == 0, done.output
    assert "Grow together" in (tmp_path / "tables" / "facts.csv").read_text(encoding="utf-8-sig")
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"geheim" in path.read_bytes()]
    shutil.rmtree(tmp_path / "tables")
    assert CliRunner().invoke(main, ["check", str(tmp_path / "plans"), "--password", "geheim"]).exit_code == 0


# ------------------------------------------------------------------------------------------------------- Excel 97-2003


def test_an_old_office_file_that_is_no_workbook_is_told(locked: bytes) -> None:
    other = locked.replace("EncryptedPackage".encode("utf-16-le"), "ForgottenPackage".encode("utf-16-le"))
    assert codes(read(other, "letter.xls")) == ["workbook-form"]


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old(*records: bytes, name: bytes = b"Deals") -> Excel97:
    """Give an old workbook of one sheet with some records, without the file around them."""
    workbook = [record(BOF), record(BOUND_SHEET, bytes(6) + bytes([len(name), 0]) + name), record(END)]
    start = sum(map(len, workbook))
    workbook[1] = record(BOUND_SHEET, struct.pack("<LH", start, 0) + bytes([len(name), 0]) + name)
    book = Excel97.__new__(Excel97)
    book.encrypted, book._left = False, 100_000
    book._stream = b"".join([*workbook, record(BOF), *records, record(END)])
    return book


def test_formulas_errors_and_notes_of_an_old_workbook_are_found() -> None:
    text = "Bel: ’s ochtends"
    book = old(
        record(FORMULA, struct.pack("<HHH", 4, 2, 0) + bytes(8) + bytes(8)),
        record(FORMULA, struct.pack("<HHH", 5, 2, 0) + b"\x02\x00\x07\x00\x00\x00\xff\xff" + bytes(8)),
        record(BOOL_ERROR, struct.pack("<HHHBB", 6, 3, 0, 0x17, 1)),
        record(BOOL_ERROR, struct.pack("<HHHBB", 7, 3, 0, 1, 0)),
        record(OBJECT, struct.pack("<HHHH", 0x15, 0x12, 0x19, 9)),
        record(TEXT_OBJECT, bytes(10) + struct.pack("<H", len(text)) + bytes(6)),
        record(CONTINUE, b"\x01" + text.encode("utf-16-le")),
        record(NOTE, struct.pack("<4H", 8, 1, 0, 9)),
    )
    assert set(book.formulas("Deals")) == {"C5", "C6"}
    assert book.errors("Deals") == {"C6": "#DIV/0!", "D7": "#REF!"}
    assert book.notes("Deals") == [Note("B9", text)]
    assert book.too_far() == ("", "") and not book.locked
    assert not book.formulas("another") and not book.errors("another") and not book.notes("another")


def test_an_old_workbook_that_reaches_too_far_or_turns_in_circles_is_refused() -> None:
    assert old(record(0x203, struct.pack("<HHH", 65_535, 255, 0) + bytes(8))).too_far() == ("Deals", "IV65536")
    many = old(*[record(BOF)] * 60_000)
    many._left = 50_000
    with pytest.raises(TooLarge):
        many.too_far()


def test_an_old_workbook_with_a_password_is_told() -> None:
    book = old()
    book._stream = record(BOF) + record(FILE_PASS, bytes(6)) + record(END)
    assert book.locked
