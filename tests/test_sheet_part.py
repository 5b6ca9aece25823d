"""A sheet's part is gone through once, and what is left of it for the parser holds the same values."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsheet.opening import grids_of
from accountsheet.package import Package
from accountsheet.reader import read_workbook
from accountsheet.sheet_part import gone_through
from accountsheet.zips import DEFLATED, STORED
from small import MOTTO, changed, write

SAMPLES = sorted((Path(__file__).parent.parent / "samples" / "workbooks").glob("*.xlsx"))
FACTS = "xl/worksheets/sheet2.xml"


def sheet(cells: str) -> bytes:
    """Put cells in the first row of a sheet."""
    return f'<worksheet><sheetData><row r="1">{cells}</row></sheetData><mergeCells/></worksheet>'.encode()


def test_the_cells_with_formulas_and_errors_are_named_and_their_values_kept() -> None:
    cells = (
        '<c r="A1" s="1"/><c r="B1" s="2"><f>A1&amp;"x"</f><v>7</v></c><c r="C1"><f t="shared" si="0"/><v>8</v></c>'
        '<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="E1"><v>9</v></c>'
    )
    found = gone_through(sheet(cells))
    assert found.near and found.formulas == {"B1", "C1", "D1"} and found.errors == {"D1": "#DIV/0!"}
    kept = '<c r="B1" s="2"><v>7</v></c><c r="C1"><v>8</v></c><c r="D1" t="e"><v>#DIV/0!</v></c><c r="E1"><v>9</v></c>'
    assert found.data == f'<worksheet><sheetData><row r="1">{kept}</row></sheetData></worksheet>'.encode()


@pytest.mark.parametrize("cells", ['<c r="A1"/><c><f>1</f><v>2</v></c>', '<c r="A1"/><x:c r="B1"><v>2</v></x:c>', "<c r='A1'/>"])
def test_nothing_is_left_out_where_cells_do_not_say_where_they_stand(cells: str) -> None:
    found = gone_through(sheet(cells))
    assert not found.near and found.data == sheet(cells)


@pytest.mark.parametrize("place", ["DA1", "XFD1", "A10000", "a1"])
def test_a_cell_far_out_is_noticed(place: str) -> None:
    assert not gone_through(sheet(f'<c r="{place}"><v>1</v></c>')).near


def test_a_text_that_looks_like_cells_and_formulas_is_a_text(tmp_path: Path) -> None:
    typed = '<f>not one</f> and <c r="A1"/>'
    cell = f'<c r="C6" t="inlineStr"><is><t><![CDATA[{typed}]]></t></is></c>'.encode()
    data = write(tmp_path / "good.xlsx", motto="Grow apart").read_bytes()
    origin = read_workbook(data, "good.xlsx").origins[MOTTO]

    def edit(part: bytes) -> bytes:
        head, _, rest = part.partition(f'<c r="{origin.cell}"'.encode())
        return head + cell.replace(b"C6", origin.cell.encode()) + rest.partition(b"</c>")[2]

    plan = read_workbook(changed(data, {FACTS: edit}), "changed.xlsx").plan
    assert plan is not None and plan.answers[MOTTO] == typed


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_parser_sees_the_same_cells_in_what_it_is_handed(path: Path) -> None:
    data = path.read_bytes()
    package = Package(data)
    for part in package.sheets.values():
        package.sheet_part(part)
    handed = package.handed_on()
    assert grids_of(handed) == grids_of(data)
    packed = {info.filename: info.compress_type for info in Package(handed).zip.infolist()}
    assert packed.keys() == package.names
    assert {packed[part] for part in package.sheets.values()} == {STORED} and packed["xl/styles.xml"] == DEFLATED
