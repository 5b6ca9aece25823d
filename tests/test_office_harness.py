"""The harness that drives real spreadsheet programs does to a workbook what its steps say."""

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from office import Office, OfficeError, gnumeric_resave, ooxml_errors, sheetjs_resave


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two amounts and their sum on a tab, a division by zero and a reference on another, a hidden list."""
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "dd-mm-yyyy", "locked": False})
        plan, sums, lists = (book.add_worksheet(name) for name in ("My plan", "Sums", "Lists"))
        plan.write_column("A1", ["bolts", "nuts"])
        plan.write_column("B1", [20, 10])
        plan.write_formula("B4", "=SUM(B1:B3)", None, 999)
        plan.write_blank("D1", None, day)
        sums.write_formula("A1", "='My plan'!B4/0")
        sums.write_formula("A2", """='My plan'!A1&", "&'My plan'!A2""")
        lists.hide()
    return path


def cells(path: Path, sheet: str = "My plan") -> dict[str, object]:
    rows = openpyxl.load_workbook(path)[sheet].iter_rows()
    return {cell.coordinate: cell.value for row in rows for cell in row if cell.value is not None}


def test_recalculating_gives_values_texts_and_errors(office: Office, workbook: Path) -> None:
    sheets = office.recalculate(workbook)
    assert sheets["My plan"]["B4"] == ("=SUM(B1:B3)", 30, "")
    assert sheets["Sums"]["A1"].error == "#DIV/0!"
    assert sheets["Sums"]["A2"].value == "bolts, nuts"
    assert sheets["Lists"] == {}


def test_typed_values_keep_their_type_and_the_cells_format(office: Office, workbook: Path, tmp_path: Path) -> None:
    target = office.edit(
        workbook,
        tmp_path / "typed.xlsx",
        [
            ("type", "My plan", "B1", 1.5),
            ("type", "My plan", "B2", "=12 %"),
            ("type", "My plan", "D1", datetime.date(2026, 3, 1)),
            ("type", "My plan", "D2", True),
            ("type", "My plan", "A2", None),
            ("formula", "Sums", "A3", """=IF('My plan'!B1>1,"a,b",Lists!A1)"""),
        ],
    )
    typed = cells(target)
    assert typed == {"A1": "bolts", "B1": 1.5, "B2": "=12 %", "B4": "=SUM(B1:B3)", "D1": typed["D1"], "D2": True}
    day = openpyxl.load_workbook(target)["My plan"]["D1"]
    assert (day.value, day.number_format) == (datetime.datetime(2026, 3, 1), r"dd\-mm\-yyyy")
    assert office.recalculate(target)["Sums"]["A3"].value == "a,b"


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (("insert_rows", "My plan", 2), {"A1": "bolts", "B1": 20, "A3": "nuts", "B3": 10, "B5": "=SUM(B1:B4)"}),
        (("delete_rows", "My plan", 1), {"A1": "nuts", "B1": 10, "B3": "=SUM(B1:B2)"}),
        (("copy_rows", "My plan", 2, 1, 1), {"A1": "nuts", "B1": 10, "A2": "bolts", "B2": 20, "A3": "nuts", "B3": 10}),
        (("move_rows", "My plan", 2, 1, 1), {"A1": "nuts", "B1": 10, "A2": "bolts", "B2": 20}),
        (("sort", "My plan", "A1:B2", "B"), {"A1": "nuts", "B1": 10, "A2": "bolts", "B2": 20}),
        (("insert_columns", "My plan", "B", 2), {"A1": "bolts", "D1": 20, "A2": "nuts", "D2": 10, "D4": "=SUM(D1:D3)"}),
        (("clear", "My plan", "A1:B2"), {"B4": "=SUM(B1:B3)"}),
        (("move", "My plan", "A1:A2", "F6"), {"F6": "bolts", "F7": "nuts"}),
        (("copy", "My plan", "A1:B1", "A2"), {"A1": "bolts", "A2": "bolts", "B2": 20}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_step_does_what_its_name_says(
    office: Office, workbook: Path, tmp_path: Path, step: tuple[object, ...], expected: dict[str, object]
) -> None:
    assert expected.items() <= cells(office.edit(workbook, tmp_path / "edited.xlsx", [step])).items()


def test_tabs_are_added_renamed_moved_copied_and_deleted(office: Office, workbook: Path, tmp_path: Path) -> None:
    steps = [
        ("rename_sheet", "My plan", "Plan"),
        ("copy_sheet", "Plan", "Plan (2)", 1),
        ("add_sheet", "Notes", 1),
        ("move_sheet", "Sums", 1),
        ("delete_sheet", "Lists"),
    ]
    target = office.edit(workbook, tmp_path / "tabs.xlsx", steps)
    assert openpyxl.load_workbook(target).sheetnames == ["Sums", "Notes", "Plan (2)", "Plan"]
    assert cells(target, "Sums")["A1"] == "=Plan!B4/0"


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_resaved_workbook_keeps_its_values_and_its_stale_ones(
    office: Office, workbook: Path, tmp_path: Path, kind: str
) -> None:
    there = office.resave(workbook, tmp_path / f"there.{kind}")
    back = office.resave(there, tmp_path / "back.xlsx")
    assert cells(back)["A2"] == "nuts"
    if kind == "xlsx":
        assert openpyxl.load_workbook(back, data_only=True)["My plan"]["B4"].value == 999


def test_a_stale_lock_file_does_not_matter(office: Office, workbook: Path) -> None:
    workbook.with_name(f".~lock.{workbook.name}#").write_text(",someone,elsewhere,01.01.2026 00:00,file:///gone;")
    assert office.recalculate(workbook)["My plan"]["B4"].value == 30


def test_a_failing_step_names_itself_and_the_next_request_works(office: Office, workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match=r"type \['No such tab'"):
        office.edit(workbook, tmp_path / "never.xlsx", [("type", "No such tab", "A1", 1)])
    assert not (tmp_path / "never.xlsx").exists()
    assert office.recalculate(workbook)


def test_each_visible_tab_becomes_a_picture(office: Office, workbook: Path, tmp_path: Path) -> None:
    pictures = office.pictures(workbook, tmp_path / "pictures")
    assert [picture.name for picture in pictures] == ["plan-01-my-plan.png", "plan-02-sums.png"]
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)


def test_gnumeric_and_sheetjs_resave(workbook: Path, tmp_path: Path) -> None:
    assert cells(gnumeric_resave(workbook, tmp_path / "gnumeric.xlsx"))["A2"] == "nuts"
    assert cells(sheetjs_resave(workbook, tmp_path / "sheetjs.xlsx"))["A2"] == "nuts"


def test_the_validator_tells_a_sound_workbook_from_a_broken_one(workbook: Path, tmp_path: Path) -> None:
    assert ooxml_errors(workbook) == []
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"<sheetData", b"<nonsense/><sheetData"))
    assert "nonsense" in ooxml_errors(broken)[0]
