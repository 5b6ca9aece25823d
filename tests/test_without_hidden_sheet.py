"""A workbook whose hidden sheets are gone, as after a paste into another one: its tabs say whose it is, in what currency."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.plan import Plan
from accountsheet.reader import Reading, read_workbook
from accountsheet.writer import write_plan
from plans import TODAY, blueprint

ACCOUNT = Account(
    "UK-1", "Pennywhin Mutual", "Imogen Farrow", "imogen@example.com", "a", currency="GBP", products=("Ovens", "Service")
)
DUE = datetime.date(2026, 11, 20)
YEARS = ("current_target", "current_expected", "year_1", "year_2", "year_3")
ANSWERS = {Key("forecast", row, "", "revenue"): 690_000.0 + number for number, row in enumerate(YEARS)}
ANSWERS |= {Key("opportunities", 1, "", "description"): "Roof", Key("opportunities", 1, "", "amount"): 5.0}
ANSWERS |= {Key("cross_sell", 1, "", "department"): "Kitchen", Key("cross_sell", 1, "Service", "status"): "sold"}


CODES = ("meta-gone", "sheet-repaired", "calculations-pasted")


@pytest.fixture(scope="module", params=["en", "nl"])
def given(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, bytes]:
    path: Path = tmp_path_factory.mktemp("plan") / "plan.xlsx"
    plan = Plan(blueprint(), ACCOUNT, request.param, 2026, ANSWERS, due=DUE)
    assert write_plan(plan, path, today=TODAY) == []
    return plan, path.read_bytes()


def after(data: bytes, *edits: Callable[[Workbook], object]) -> Reading:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for edit in edits:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return read_workbook(out.getvalue(), "edited.xlsx")


def without_hidden_sheets(book: Workbook) -> None:
    for sheet in [each for each in book if each.sheet_state != "visible"]:
        del book[sheet.title]


def without_marks(book: Workbook) -> None:
    """Leave what one sees of each tab, as values."""
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    calculated = sheet.title in ("Checks", "Controles") and cell.column > 2 and cell.row > 6
                    cell.value = "calculated" if calculated else None
        sheet.delete_cols(1)
        sheet.delete_rows(1)


@pytest.mark.parametrize("edits", [[without_hidden_sheets], [without_hidden_sheets, without_marks]], ids=["marks", "no marks"])
def test_the_tabs_say_whose_it_is_and_in_what_currency(
    edits: list[Callable[[Workbook], object]], given: tuple[Plan, bytes]
) -> None:
    plan, data = given
    reading = after(data, *edits)
    assert reading.plan is not None
    told = reading.plan.account
    assert (told.account_id, told.account, told.owner, told.segment) == ("UK-1", "Pennywhin Mutual", "Imogen Farrow", "a")
    assert (told.currency, told.products, reading.plan.due) == ("GBP", ("Ovens", "Service"), DUE)
    assert reading.plan.answers == plan.answers
    assert [each for each in reading.findings if each.code not in CODES] == []
    [gone] = [each for each in reading.findings if each.code == "meta-gone"]
    assert "GBP" in gone.message


def of_forecast(book: Workbook) -> openpyxl.worksheet.worksheet.Worksheet:
    return next(sheet for sheet in book if "forecast#head" in [row[0].value for row in sheet.iter_rows(max_col=1)])


def with_figures_behind_the_chart(book: Workbook) -> None:
    """Put figures where the chart has its formulas, as a program that calculates saves them."""
    for row in of_forecast(book).iter_rows(min_row=25):
        for cell in row[2:]:
            if isinstance(cell.value, str) and cell.value.startswith("="):
                cell.value = 455


def with_another_label(book: Workbook) -> None:
    [cell] = [row[1] for row in of_forecast(book).iter_rows(max_col=2) if row[0].value == "forecast/year_1"]
    cell.value = "Next year"


def with_a_row_more(book: Workbook) -> None:
    of_forecast(book).insert_rows(7)


@pytest.mark.parametrize(
    "edits",
    [[with_another_label], [with_a_row_more], [with_another_label, with_a_row_more]],
    ids=lambda edits: " and ".join(edit.__name__ for edit in edits),
)
def test_the_names_of_years_behind_a_chart_are_not_taken_for_rows_of_the_forecast(
    edits: list[Callable[[Workbook], object]], given: tuple[Plan, bytes]
) -> None:
    plan, data = given
    reading = after(data, with_figures_behind_the_chart, *edits)
    assert reading.plan is not None
    assert reading.plan.answers == plan.answers
    assert "row-repeated" not in {each.code for each in reading.findings}
