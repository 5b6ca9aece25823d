"""What tools/fuzz.py found, each as small as it can be: broken or odd workbooks that once were read wrong, or not at all."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import olefile
import openpyxl
import pytest
from openpyxl.comments import Comment

from accountsheet.address import Key, column_name
from accountsheet.packs import unpacked
from accountsheet.reader import Reading, read_workbook
from accountsheet.reading import Task, read_guarded
from accountsheet.sources import Source
from office import gnumeric_resave
from small import ANSWERS, MOTTO, REVENUE, TODAY, changed, write

FACTS, STRINGS, WORKBOOK = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
REVENUE_CELL = b"<v>1200</v>"


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a small plan, filled in."""
    return write(tmp_path_factory.mktemp("good") / "good.xlsx").read_bytes()


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give the same as Gnumeric saves it for Excel 97."""
    folder = tmp_path_factory.mktemp("old")
    return gnumeric_resave(write(folder / "good.xlsx"), folder / "good.xls").read_bytes()


def answers(reading: Reading) -> dict[Key, Any]:
    assert reading.plan is not None, reading.findings
    return dict(reading.plan.answers)


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def guarded(data: bytes, folder: Path, name: str) -> list[str]:
    """Read a workbook in a process of its own, which it may kill; give the codes of what is remarked."""
    (folder / name).write_bytes(data)
    [content] = read_guarded(Task((Source(str(folder / name)),), TODAY))
    table = unpacked(content).table("findings")
    return [] if table is None else table.column("code").to_pylist()


def in_utf_16(encoding: str) -> Callable[[bytes], bytes]:
    """Write a part in other letters, as its head then says."""
    return lambda part: part.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode(encoding)


# ------------------------------------------------------------------------------------------------- lost without a word


@pytest.mark.parametrize("part", [FACTS, STRINGS, WORKBOOK])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_part_in_utf_16_is_read(part: str, encoding: str, good: bytes) -> None:
    reading = read_workbook(changed(good, {part: in_utf_16(encoding)}), "sent.xlsx")
    assert (answers(reading), codes(reading)) == (ANSWERS, [])


@pytest.mark.parametrize(
    "written",
    [b"<v><![CDATA[1200]]></v>", b"<v>12<!-- a note -->00</v>", b"<v>12<?a note?>00</v>", b"<!-- --><v>12&#48;&#x30;</v>"],
)
def test_a_number_is_whole_however_xml_writes_it(written: bytes, good: bytes) -> None:
    reading = read_workbook(changed(good, {FACTS: lambda part: part.replace(REVENUE_CELL, written)}), "sent.xlsx")
    assert (answers(reading), codes(reading)) == (ANSWERS, [])


def test_a_text_that_looks_like_xml_within_xml_is_the_text(good: bytes) -> None:
    cell = b'<c r="C6" t="inlineStr"><is><t><![CDATA[R&D <!-- and -->]]></t></is></c>'
    data = changed(good, {FACTS: lambda part: re.sub(rb'<c r="C6"[^>]*><v>\d+</v></c>', cell, part)})
    assert answers(read_workbook(data, "sent.xlsx"))[MOTTO] == "R&D <!-- and -->"


def test_of_two_tabs_with_one_name_none_is_read_for_the_other(good: bytes) -> None:
    data = changed(good, {WORKBOOK: lambda part: part.replace(b'name="Deals"', b'name="Facts"')})
    [finding] = read_workbook(data, "sent.xlsx").findings
    assert (finding.code, finding.raw) == ("workbook-damaged", "Facts × 2")


def test_a_part_is_found_whatever_its_capitals(good: bytes) -> None:
    typed = changed(good, {FACTS: lambda part: part.replace(REVENUE_CELL, b"<f>600*2</f><v>1200</v>")})
    data = changed(typed, {RELATIONS: lambda part: part.replace(b"worksheets/sheet2.xml", b"Worksheets/Sheet2.XML")})
    assert read_workbook(data, "sent.xlsx").origins[REVENUE].raw == "=600*2"


def test_a_workbook_that_does_not_say_where_its_tabs_are_is_not_half_read(good: bytes) -> None:
    data = changed(good, {RELATIONS: lambda part: part.replace(b"<Relationships", b"<!DOCTYPE x><Relationships", 1)})
    assert codes(read_workbook(data, "sent.xlsx")) == ["workbook-damaged"]


def test_notes_that_cannot_be_read_are_told(good: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(good))
    book["Facts"]["C6"].comment = Comment("ask Ann", "Robin")
    out = io.BytesIO()
    book.save(out)
    reading = read_workbook(changed(out.getvalue(), {"xl/comments/comment1.xml": lambda part: part[:-20]}), "sent.xlsx")
    assert answers(reading) == ANSWERS
    [finding] = reading.findings
    assert finding.code == "part-broken" and "xl/comments/comment1.xml" in finding.message and finding.hint


# ------------------------------------------------------------------------------------------------- a fault, a hang, a death


def spoilt(data: bytes, name: str) -> bytes:
    """Spoil the first bytes of a packed part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        start = archive.getinfo(name).header_offset + 30 + len(name)
    return data[:start] + bytes(byte ^ 0xFF for byte in data[start : start + 8]) + data[start + 8 :]


@pytest.mark.parametrize("name", ["docProps/app.xml", "docProps/core.xml"])
def test_a_spoilt_part_beside_the_cells_takes_no_answer_with_it(name: str, good: bytes) -> None:
    reading = read_workbook(spoilt(good, name), "sent.xlsx")
    assert (answers(reading), codes(reading)) == (ANSWERS, [])


@pytest.mark.parametrize("encoding", [b"x-none", b"utf-7", b"shift_jis"])
def test_a_part_beside_the_cells_in_unknown_letters_takes_no_answer_with_it(encoding: bytes, good: bytes) -> None:
    data = changed(good, {"docProps/app.xml": lambda part: part.replace(b"UTF-8", encoding, 1)})
    assert answers(read_workbook(data, "sent.xlsx")) == ANSWERS


@pytest.mark.parametrize("tag", [b"x", b"is"])
def test_a_formula_that_stands_in_no_cell_is_nobodys(tag: bytes, good: bytes) -> None:
    data = changed(good, {FACTS: lambda part: part.replace(b"</row>", b'<%s r="E9"><f>C6/D6</f></%s></row>' % (tag, tag), 1)})
    assert answers(read_workbook(data, "sent.xlsx")) == ANSWERS


def test_a_column_before_the_first_has_no_name() -> None:
    assert column_name(-7) == ""


@pytest.mark.parametrize("place", ["ZZZZ9999999999", "ZZZZZZ1", "A99999999999", "xfd1048576", "Xfd1048576"])
@pytest.mark.parametrize("around", [b"%s", b'<c r="A90" x:s="1"/>%s', b"&nope;%s"], ids=["whole", "no prefix", "no entity"])
def test_a_cell_beyond_every_sheet_does_not_kill_its_reader(place: str, around: bytes, good: bytes, tmp_path: Path) -> None:
    row = b'<row r="90">%s</row></sheetData>' % (around % (b'<c r="%s"><v>1</v></c>' % place.encode()))
    data = changed(good, {FACTS: lambda part: part.replace(b"</sheetData>", row)})
    assert guarded(data, tmp_path, "sent.xlsx") in (["sheet-too-far"], ["workbook-damaged"])


# ------------------------------------------------------------------------------------------------------- old workbooks


def with_stream(data: bytes, name: str, edit: Callable[[bytearray], object]) -> bytes:
    """Change a stream of a compound file, its length aside."""
    buffer = io.BytesIO(data)
    file = olefile.OleFileIO(buffer, write_mode=True)
    stream = bytearray(file.openstream(name).read())
    edit(stream)
    file.write_stream(name, bytes(stream))
    return buffer.getvalue()


def dimensions(stream: bytearray) -> list[int]:
    """Find where each sheet says how large it is."""
    places, at = [], 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        places += [at + 4] if kind == 0x200 else []
        at += 4 + size
    return places


@pytest.mark.parametrize("said", [(0, 2**32 - 1, 0, 9), (65_535, 31, 0, 12), (0, 2**31, 0, 65_535), (0, 9, 200, 3)])
def test_an_old_workbook_that_lies_about_the_size_of_its_sheets_is_read(
    said: tuple[int, ...], old: bytes, tmp_path: Path
) -> None:
    def lie(stream: bytearray) -> None:
        for place in dimensions(stream):
            struct.pack_into("<LLHH", stream, place, *said)

    data = with_stream(old, "Workbook", lie)
    assert "workbook-kills" not in guarded(data, tmp_path, "sent.xls")
    assert answers(read_workbook(data, "sent.xls"))[REVENUE] == 1200


def test_an_old_workbook_whose_properties_never_end_is_read(old: bytes) -> None:
    def endless(stream: bytearray) -> None:
        section = struct.unpack_from("<L", stream, 44)[0]
        first = section + struct.unpack_from("<L", stream, section + 12)[0]
        struct.pack_into("<LL", stream, first, 0x1002, 2**32 - 1)

    reading = read_workbook(with_stream(old, "\5SummaryInformation", endless), "sent.xls")
    assert answers(reading)[REVENUE] == 1200 and reading.saved_by == ""
