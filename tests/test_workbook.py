"""A blank workbook as another library sees it: what can be typed where, what is asked, and how it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import openpyxl
import pytest
from openpyxl.utils import range_boundaries
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from accountsheet.address import Key, Place, cell_name
from accountsheet.fields import Date, Number, type_of
from accountsheet.layout import Layout
from accountsheet.library import bundled
from accountsheet.pieces import Sheet, Slot
from accountsheet.plan import Plan, new_plan
from accountsheet.text import LANGUAGES
from accountsheet.writer import META, write_plan
from plans import ACCOUNT, TODAY, blueprint

SHARED_FUNCTIONS = {
    *(
        "ABS",
        "AND",
        "AVERAGE",
        "CHAR",
        "COUNTIF",
        "DATE",
        "DAY",
        "IF",
        "IFERROR",
        "INDEX",
        "INT",
        "ISNUMBER",
        "LARGE",
        "LEFT",
        "LEN",
    ),
    *(
        "MATCH",
        "MAX",
        "MIN",
        "MMULT",
        "MOD",
        "MONTH",
        "NOT",
        "OR",
        "REPT",
        "RIGHT",
        "ROUND",
        "ROUNDUP",
        "ROW",
        "SMALL",
        "SUM",
        "SUMIF",
    ),
    *("SUMPRODUCT", "TEXTJOIN", "TODAY", "TRANSPOSE", "YEAR"),
}
"""Functions that Excel 2019, LibreOffice 7 and Google Sheets share; add one here only after trying it in all three."""
PREFIXED = {"TEXTJOIN"}
"""Those that a file stores with a prefix: without it Excel shows #NAME? until the cell is entered again."""
LONGEST_FORMULA = 8192


@dataclass
class Written:
    """A blank workbook, with the plan and layout it was written from."""

    plan: Plan
    layout: Layout
    book: Workbook

    @cached_property
    def shown(self) -> list[tuple[Sheet, Worksheet]]:
        """The tabs that a rep sees."""
        return [(sheet, self.book[sheet.title]) for sheet in self.layout.sheets if not sheet.hidden]

    @cached_property
    def validations(self) -> dict[tuple[str, str], list[DataValidation]]:
        """The validations on each cell."""
        found: dict[tuple[str, str], list[DataValidation]] = {}
        for sheet in self.book:
            for each in sheet.data_validations.dataValidation:
                for area in each.sqref.ranges:
                    for row, column in area.cells:
                        found.setdefault((sheet.title, cell_name(row - 1, column - 1)), []).append(each)
        return found

    def slots(self) -> Iterator[tuple[str, str, Key, Slot, DataValidation]]:
        """Go through the input cells, each with its one validation."""
        for key, slot in self.layout.slots.items():
            place = self.layout.places[key]
            where = self.layout.titles[place.sheet], cell_name(place.row, place.column)
            assert len(self.validations.get(where, [])) == 1, f"{where}: {key}"
            yield *where, key, slot, self.validations[where][0]

    def shown_by(self, validation: DataValidation, home: str) -> list[Key]:
        """Give the cells that a drop-down shows: always a range of one column, never an inline list."""
        found = re.fullmatch(r"(?:'((?:[^']|'')+)'!)?(\$[A-Z]+\$\d+:\$[A-Z]+\$\d+)", validation.formula1 or "")
        assert found, validation.formula1
        sheet = self.layout.titles.index(found[1].replace("''", "'") if found[1] else home)
        left, top, right, bottom = range_boundaries(found[2].replace("$", ""))
        assert left is not None and left == right and top is not None and bottom is not None
        return [self.layout.at[Place(sheet, row - 1, left - 1)] for row in range(top, bottom + 1)]

    def text(self, key: Key) -> object:
        """Give what stands in a cell."""
        place = self.layout.places[key]
        return self.book[self.layout.titles[place.sheet]].cell(place.row + 1, place.column + 1).value

    def formulas(self) -> Iterator[tuple[str, str, str]]:
        """Go through the formulas as the file holds them, those of conditional formats and validations included."""
        for sheet in self.book:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, ArrayFormula):
                        yield sheet.title, cell.coordinate, str(cell.value.text)
                    elif cell.data_type == "f":
                        yield sheet.title, cell.coordinate, str(cell.value)
            for area in sheet.conditional_formatting:
                for rule in area.rules:
                    yield from ((sheet.title, str(area.sqref), f"={formula}") for formula in rule.formula)
            for each in sheet.data_validations.dataValidation:
                yield from ((sheet.title, str(each.sqref), f"={text}") for text in (each.formula1, each.formula2) if text)


BLANK = [(name, language) for name in bundled() for language in LANGUAGES]


@pytest.fixture(scope="module", params=BLANK, ids=lambda each: "-".join(each))
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    name, language = request.param
    plan, findings = new_plan(blueprint(name), ACCOUNT, language=language, year=2026, due=TODAY)
    assert findings == []
    path = tmp_path_factory.mktemp("workbook") / "plan.xlsx"
    assert write_plan(plan, path, today=TODAY) == []
    return Written(plan, plan.layout(), openpyxl.load_workbook(path))


def test_input_cells_are_unlocked_and_outside_growing_tables_nothing_else_is(written: Written) -> None:
    for sheet, onto in written.shown:
        slots = {(piece.row, piece.column) for piece in sheet.pieces if isinstance(piece, Slot)}
        growing = {row for rows in sheet.rows.values() if rows.growing for row in range(rows.first, rows.end + 1)}
        assert sheet.unlocked_rows <= growing
        unlocked = {
            (row, column)
            for row, cells in enumerate(onto.iter_rows())
            for column, cell in enumerate(cells)
            if not cell.protection.locked
        }
        assert slots - unlocked == set(), sheet.title
        assert {(row, column) for row, column in unlocked - slots if row not in sheet.unlocked_rows} == set(), sheet.title


def test_calculated_cells_in_unlocked_rows_are_guarded(written: Written) -> None:
    for key in written.layout.formulas:
        place = written.layout.places[key]
        sheet = written.layout.sheets[place.sheet]
        if place.row in sheet.unlocked_rows:
            found = written.validations[sheet.title, cell_name(place.row, place.column)]
            assert [(each.type, each.formula1) for each in found] == [("custom", "FALSE")]


def test_drop_downs_show_exactly_the_labels(written: Written) -> None:
    for sheet, where, key, slot, validation in written.slots():
        question = slot.asked.field
        if question.kind not in ("choice", "yes_no", "reference"):
            assert validation.type != "list", where
            continue
        # What a rep may add to, or refers to another answer, is offered but not enforced.
        enforced = not question.open and question.kind != "reference"
        assert (validation.type, bool(validation.showDropDown), validation.showErrorMessage) == ("list", False, enforced), key
        keys = written.shown_by(validation, sheet)
        if question.kind == "reference":
            assert [each for each in keys if each.row != "end"] == rows_referred_to(written, question.to), key
        else:
            assert [written.text(each) for each in keys] == list(slot.asked.labels.values()), key


def rows_referred_to(written: Written, targets: tuple[str, ...]) -> list[Key]:
    """Give the cells that a reference offers: a column of another table, or the list that joins several."""
    here = [each for each in targets if each.partition(".")[0] in written.plan.blueprint.blocks]
    columns = [[key for key in written.layout.slots if f"{key.block}.{key.field}" == each] for each in here]
    size = sum(map(len, columns))
    return columns[0] if len(here) == 1 else [Key("#list", row, "+".join(here), "") for row in range(1, size + 1)]


def test_numbers_and_dates_have_a_range(written: Written) -> None:
    for _, where, key, slot, validation in written.slots():
        kind = type_of(slot.asked.field)
        if isinstance(kind, Number):
            wanted = "whole" if kind.whole else "decimal"
        elif isinstance(kind, Date):
            wanted = "date"
        else:
            continue
        assert (validation.type, validation.operator or "between") == (wanted, "between"), (where, key)
        assert float(validation.formula1 or "nan") < float(validation.formula2 or "nan"), key
        assert validation.showErrorMessage and validation.error and validation.errorTitle, key


def test_every_slot_with_help_has_a_prompt_within_excels_limits(written: Written) -> None:
    for _, where, key, slot, validation in written.slots():
        prompt = slot.asked.field.help(slot.asked.language)
        if prompt:
            assert validation.showInputMessage and validation.prompt and validation.promptTitle, (where, key)
            assert validation.prompt == prompt, f"{key}: the prompt is cut off"
    for found in written.validations.values():
        for validation in found:
            assert all(len(title or "") <= 32 for title in (validation.promptTitle, validation.errorTitle))
            assert all(len(text or "") <= 255 for text in (validation.prompt, validation.error))


def test_sheet_names_are_unique_and_within_31_characters(written: Written) -> None:
    names = written.book.sheetnames
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) and name.strip("' ") == name


def test_every_tab_is_protected_without_a_password(written: Written) -> None:
    for _, sheet in written.shown:
        protection = sheet.protection
        assert protection.sheet and protection.password is None and protection.hashValue is None
        # In the file a True forbids.
        allowed = "sort insertRows deleteRows autoFilter formatCells formatColumns formatRows selectUnlockedCells"
        assert [name for name in allowed.split() if getattr(protection, name)] == [], sheet.title
    assert not written.book.security or not written.book.security.lockStructure


def test_every_tab_prints_on_a4_one_page_wide_with_header_and_footer(written: Written) -> None:
    for sheet, onto in written.shown:
        assert onto.page_setup.paperSize == 9
        fit = onto.sheet_properties.pageSetUpPr
        assert fit is not None and fit.fitToPage
        assert onto.page_setup.fitToWidth in (None, 1)  # 1 where the file does not say
        assert onto.page_setup.fitToHeight in ((None, 1) if sheet.one_page else (0,))
        assert onto.page_setup.orientation == ("portrait" if sheet.portrait else "landscape")
        assert onto.print_area.startswith(f"'{sheet.title.replace(chr(39), chr(39) * 2)}'!$B$2:")
        header, footer = onto.oddHeader, onto.oddFooter
        assert header is not None and footer is not None
        assert ACCOUNT.account in str(header.left.text) and header.right.text
        assert written.plan.blueprint.title(written.plan.language) in str(footer.left.text)
        assert footer.right.text == "&P / &N"


def test_the_first_row_and_column_are_hidden(written: Written) -> None:
    for _, sheet in written.shown:
        assert sheet.row_dimensions[1].hidden and sheet.column_dimensions["A"].hidden, sheet.title
        assert str(sheet["A1"].value).startswith("accountsheet|")


def test_required_cells_have_a_conditional_format(written: Written) -> None:
    formatted: set[tuple[str, str]] = set()
    for sheet in written.book:
        for area in sheet.conditional_formatting:
            if any("LEN(" in formula for rule in area.rules for formula in rule.formula):
                formatted |= {
                    (sheet.title, cell_name(row - 1, column - 1)) for part in area.sqref.ranges for row, column in part.cells
                }
    kinds = {name: block.kind for name, block in written.plan.blueprint.blocks.items()}
    # Of a box or matrix so many cells are wanted, none in particular.
    boxes = ("quadrant", "canvas", "matrix")
    required = [each for each in written.slots() if each[3].asked.field.required]
    wanted = {(tab, where): key for tab, where, key, _, _ in required if kinds[key.block] not in boxes}
    assert wanted
    assert {where: key for where, key in wanted.items() if where not in formatted} == {}


def test_the_workbooks_own_sheets_are_hidden_and_stand_last(written: Written) -> None:
    states = [sheet.sheet_state for sheet in written.book]
    own = [sheet.title for sheet in written.layout.sheets if sheet.hidden]
    assert written.book.sheetnames[-3:] == [*own, META]
    assert states == ["visible"] * len(written.shown) + ["hidden"] * len(own) + ["veryHidden"]
    assert written.book.active is not None and written.book.active.title == written.layout.titles[0]


def test_formulas_are_short_enough_and_use_only_functions_that_all_programs_share(written: Written) -> None:
    for sheet, where, formula in written.formulas():
        assert len(formula) <= LONGEST_FORMULA, (sheet, where)
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", formula)
        assert "#REF!" not in bare and "[" not in bare, (sheet, where, formula)
        for prefix, name in re.findall(r"(_xlfn\.|_xlws\.)?([A-Z][A-Z0-9.]*)\(", bare):
            assert name in SHARED_FUNCTIONS, (sheet, where, name)
            assert (prefix == "_xlfn.") == (name in PREFIXED), (sheet, where, name)
