"""Whatever is sent in as a workbook: a finding says what is wrong with it, and nothing stops."""

from __future__ import annotations

import io
import json
import random
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from accountsheet import library
from accountsheet.embedding import packed
from accountsheet.extent import measured
from accountsheet.packs import Pack, unpacked
from accountsheet.reader import read_workbook
from accountsheet.reading import Task, read_guarded
from accountsheet.sources import Source
from small import ANSWERS, SMALL, TODAY, Edit, changed, write

FACTS = "xl/worksheets/sheet2.xml"
STRINGS, WORKBOOK = "xl/sharedStrings.xml", "xl/workbook.xml"
MANY = 65 * 2**20
"""Bytes of a bomb: more than a part may have, little once it is packed."""

@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a small plan, filled in."""
    return write(tmp_path_factory.mktemp("good") / "good.xlsx").read_bytes()


def row(xml: str) -> Edit:
    """Add a row to a sheet, as it stands."""
    return lambda data: data.replace(b"</sheetData>", xml.encode() + b"</sheetData>")


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def with_entities(data: bytes) -> bytes:
    return data.replace(b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook', 1)


def padded(data: bytes) -> bytes:
    return data + b" " * MANY


def one_string_for_all(data: bytes) -> bytes:
    """Make the first shared string a megabyte long."""
    return re.sub(rb"<si><t[^>]*>[^<]*</t></si>", b"<si><t>" + b"x" * 2**20 + b"</t></si>", data, count=1)


def many_cells_of_it(data: bytes) -> bytes:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(200, 900))
    return row(cells)(data)


def ghosts(count: int, cell: str) -> Edit:
    """Add empty rows with a colour, as whole columns that were once formatted leave behind."""
    rows = (f'<row r="{n}" s="1" customFormat="1">{cell.format(n=n)}</row>' for n in range(200, 200 + count))
    return lambda data: row("".join(rows))(data)


def lying_about_its_size(data: bytes) -> bytes:
    """Let the zip say of a bomb that it is small."""
    packed = bytearray(changed(data, {STRINGS: lambda part: part.replace(b"</sst>", b" " * MANY + b"</sst>")}))
    with zipfile.ZipFile(io.BytesIO(packed)) as source:
        size = source.getinfo(STRINGS).file_size
    return bytes(packed).replace(struct.pack("<L", size), struct.pack("<L", 5_000))


NO_WORKBOOKS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing at all": (lambda good: b"", "workbook-damaged"),
    "random bytes": (lambda good: random.Random(1).randbytes(5_000), "workbook-damaged"),
    "a text": (lambda good: b"account_id,account\n1,Acme\n", "workbook-damaged"),
    "a web page": (lambda good: b"<html><table><tr><td>1</td></tr></table></html>", "workbook-damaged"),
    "a broken old workbook": (lambda good: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000), "workbook-damaged"),
    "the first half of one": (half, "workbook-damaged"),
    "one without its last bytes": (lambda good: good[:-30], "workbook-damaged"),
    "one with bytes gone bad": (lambda good: good[:3_000] + bytes(len(good[3_000:6_000])) + good[6_000:], "workbook-damaged"),
    "a zip of something else": (lambda good: changed(good, dict.fromkeys(names(good)), {"hello.txt": b"x"}), "not-a-workbook"),
    "a text document": (lambda good: changed(good, {WORKBOOK: None}, {"word/document.xml": b"<x/>"}), "not-a-workbook"),
    "half a workbook part": (lambda good: changed(good, {WORKBOOK: half}), "not-a-workbook"),
    "half a sheet": (lambda good: changed(good, {FACTS: half}), "workbook-damaged"),
    "a sheet that is gone": (lambda good: changed(good, {FACTS: None}), "workbook-damaged"),
    "strings that are gone": (lambda good: changed(good, {STRINGS: None}), "workbook-damaged"),
    "an entity bomb": (lambda good: changed(good, {WORKBOOK: with_entities}), "not-a-workbook"),
    "a part that stands in it twice": (lambda good: changed(good, added={FACTS: b"<worksheet/>"}), "workbook-damaged"),
    "thousands of parts": (lambda good: changed(good, added={f"x/{n}": b"" for n in range(2_500)}), "workbook-too-large"),
    "a bomb of a sheet": (lambda good: changed(good, {FACTS: padded}), "workbook-too-large"),
    "a bomb of strings": (lambda good: changed(good, {STRINGS: padded}), "workbook-too-large"),
    "a bomb of styles": (lambda good: changed(good, {"xl/styles.xml": padded}), "workbook-too-large"),
    "a bomb that says it is small": (lying_about_its_size, "workbook-too-large"),
    "a megabyte in each of many cells": (
        lambda good: changed(good, {STRINGS: one_string_for_all, FACTS: many_cells_of_it}), "workbook-too-large"
    ),
    "rows without end, with empty cells": (
        lambda good: changed(good, {FACTS: ghosts(350_000, '<c r="A{n}" s="1"/>' * 8)}), "workbook-too-large"
    ),
}  # fmt: skip

FAR_CELLS = {
    "as programs write it": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "a text": '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>',
    "within quotes of the other kind": "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "with spaces": '<row r = "1048576"><c  r = "XFD1048576"><v>1</v></c></row>',
    "on lines of its own": '<row\nr="1048576"><c\n\tr="XFD1048576"><v>1</v></c></row>',
    "after its style": '<row spans="1:3" r="1048576"><c s="1" r="XFD1048576"><v>1</v></c></row>',
    "with an entity": '<row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>',
    "with a prefix": '<x:row r="1048576" xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "without a place of its own": f'<row r="1048576">{"<c/>" * 5_000}<c><v>1</v></c></row>',
}


def names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return source.namelist()


def read(data: bytes, folder: Path) -> Pack:
    """Read a workbook in a process of its own, as its parser may take the process with it."""
    (folder / "sent.xlsx").write_bytes(data)
    [content] = read_guarded(Task((Source(str(folder / "sent.xlsx")),), TODAY))
    return unpacked(content)


def rows(pack: Pack, name: str) -> list[dict[str, Any]]:
    """Give a table's rows."""
    table = pack.table(name)
    return [] if table is None else table.to_pylist()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("make", "code"), NO_WORKBOOKS.values(), ids=NO_WORKBOOKS)
def test_what_is_no_workbook_is_told_with_its_file_and_what_to_do(
    make: Callable[[bytes], bytes], code: str, good: bytes, tmp_path: Path
) -> None:
    [finding] = rows(read(make(good), tmp_path), "findings")
    assert finding["code"] == code
    assert finding["file"].endswith("sent.xlsx")
    assert finding["hint"]


@pytest.mark.parametrize("xml", FAR_CELLS.values(), ids=FAR_CELLS)
def test_a_cell_at_the_end_of_the_sheet_is_named_before_it_fills_the_memory(xml: str, good: bytes, tmp_path: Path) -> None:
    [finding] = rows(read(changed(good, {FACTS: row(xml)}), tmp_path), "findings")
    assert (finding["code"], finding["sheet"]) == ("sheet-too-far", "Facts")
    assert finding["cell"].endswith("1048576")


@pytest.mark.parametrize(
    "edits",
    [
        pytest.param({FACTS: ghosts(250_000, "")}, id="empty rows without end, with a colour"),
        pytest.param({FACTS: ghosts(20_000, '<c r="XFD{n}" s="1"/>')}, id="far cells with a colour and nothing in them"),
        pytest.param({FACTS: row('<row r="1048576"><c r="XFD1048576" s="1"></c></row>')}, id="an empty cell at the end"),
    ],
)
def test_far_rows_and_cells_that_hold_nothing_do_no_harm(edits: Mapping[str, Edit], good: bytes, tmp_path: Path) -> None:
    pack = read(changed(good, edits), tmp_path)
    assert [each["value"] for each in rows(pack, "answers")] == ["Grow together", "1200", "Roof", "300"]
    assert rows(pack, "findings") == []


def test_a_part_that_is_never_read_may_be_large(good: bytes, tmp_path: Path) -> None:
    [workbook] = read(changed(good, added={"xl/media/image1.png": bytes(MANY)}), tmp_path).workbooks
    assert workbook.plan_id == "A-1/small/2026"


def test_a_workbook_of_ones_own_is_no_plan(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "Sales 2026"
    book.save(tmp_path / "own.xlsx")
    [finding] = read_workbook((tmp_path / "own.xlsx").read_bytes(), "own.xlsx").findings
    assert finding.code == "not-ours"
    assert "copy the answers into it" in finding.hint


META = {
    "another form": ("accountsheet", "99", "workbook-newer"),
    "no blueprint": ("source", "", "meta-broken"),
    "a blueprint in letters of no code": ("source", "é" * 40, "meta-broken"),
    "half a blueprint": ("source", "blueprint: [", "meta-broken"),
    "an account that is a list": ("account", "[1, 2]", "meta-broken"),
    "an account with a field too many": ("account", json.dumps({"account_id": "1", "account": "x", "shoe": 43}), "meta-broken"),
    "sizes that are a list": ("sizes", "[1]", "meta-broken"),
    "prefilled that is no list": ("prefilled", "{", "meta-broken"),
    "a year that is none": ("year", "soon", "meta-broken"),
    "a day that is none": ("due", "soon", "meta-broken"),
    "nested without end": ("prefilled", "[" * 20_000, "meta-broken"),
}


@pytest.mark.parametrize(("name", "value", "code"), META.values(), ids=META)
def test_a_hidden_sheet_that_somebody_changed_is_told(name: str, value: str, code: str, good: bytes, tmp_path: Path) -> None:
    (tmp_path / "good.xlsx").write_bytes(good)
    book = openpyxl.load_workbook(tmp_path / "good.xlsx")
    [meta] = [sheet for sheet in book if sheet["A1"].value == "accountsheet"]
    rows = [line for line in meta.iter_rows() if line[0].value == name]
    rows[0][1].value = value
    for line in rows[1:]:
        line[1].value = None
    book.save(tmp_path / "changed.xlsx")
    findings = read_workbook((tmp_path / "changed.xlsx").read_bytes(), "changed.xlsx").findings
    assert code in [finding.code for finding in findings]


def test_a_blueprint_that_came_in_a_workbook_opens_no_file(good: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is opened")

    monkeypatch.setattr(library, "open_blueprint", refuse)
    (tmp_path / "good.xlsx").write_bytes(good)
    book = openpyxl.load_workbook(tmp_path / "good.xlsx")
    [meta] = [sheet for sheet in book if sheet["A1"].value == "accountsheet"]
    [source] = [line for line in meta.iter_rows() if line[0].value == "source"]
    hostile = SMALL.replace("languages:", "extends: /dev/zero\nlogo: /etc/hostname\nlanguages:")
    [source[1].value] = packed(hostile)
    book.save(tmp_path / "changed.xlsx")
    plan = read_workbook((tmp_path / "changed.xlsx").read_bytes(), "changed.xlsx").plan
    assert plan is not None and plan.answers == ANSWERS and plan.blueprint.logo == ""


def test_a_sheet_is_measured_by_its_cells_that_hold_something() -> None:
    rows = b'<row r="3"><c r="B3"><v>1</v></c><c r="ZZ3" s="4"/></row><row><c/><c><v>2</v></c></row>'
    assert measured(b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>").name == "B4"
