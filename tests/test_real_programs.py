"""Workbooks in the hands of real programs: a rep types in LibreOffice, others save again."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from accountsheet.address import Key, cell_name
from accountsheet.figures import Figures
from accountsheet.library import bundled
from accountsheet.plan import Plan, new_plan
from accountsheet.reader import Reading, read_workbook
from accountsheet.writer import writable, write_plan
from office import Office, exceljs_resave, gnumeric_resave, ooxml_errors, sheetjs_resave
from plans import ACCOUNT, blueprint, full_plan

PLANS = [(name, language, share) for name in bundled() for language, share in (("en", 0.7), ("nl", 0.0))]


def read(path: Path) -> Reading:
    return read_workbook(path.read_bytes(), path.name)


def where(plan: Plan, key: Key) -> tuple[str, str]:
    """Give the tab and cell of an answer."""
    layout = plan.layout()
    place = layout.places[key]
    return layout.titles[place.sheet], cell_name(place.row, place.column)


@pytest.mark.parametrize(("name", "language", "share"), PLANS)
def test_every_formula_was_written_with_the_value_that_libreoffice_calculates(
    office: Office, tmp_path: Path, name: str, language: str, share: float
) -> None:
    plan = full_plan(name, language, seed=7, share=share)
    path = tmp_path / "plan.xlsx"
    today = datetime.date.today()
    write_plan(plan, path, today=today)
    layout = plan.layout()
    figures = Figures(layout, writable(plan, layout)[0], today)
    calculated = office.recalculate(path)
    wrong = []
    for key in layout.formulas:
        sheet, cell = where(plan, key)
        formula, theirs, error = calculated[sheet][cell]
        ours = figures.value(key)
        same = ours == theirs or (ours is None and theirs in ("", 0))
        if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
            same = abs(ours - theirs) <= 1e-9 * max(1, abs(ours))
        if error or not same:
            wrong.append((sheet, cell, formula, ours, theirs, error))
    assert wrong == []


@pytest.mark.parametrize("name", bundled())
def test_a_workbook_is_valid_office_open_xml(tmp_path: Path, name: str) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(full_plan(name, "nl", share=0.6), path)
    assert ooxml_errors(path) == []


TYPED = {
    Key("account", "", "", "number_of_employees"): 1450,
    Key(
        "account", "", "", "culture_and_atmosphere"
    ): "Informeel, korte lijnen. Besluiten vallen op de bouwplaats; “één belletje”.",
    Key("contacts", 1, "", "name"): "Peter Smit",
    Key("contacts", 1, "", "influence"): 5,
    Key("contacts", 1, "", "last_spoken"): datetime.date(2026, 10, 28),
    Key("contacts", 2, "", "name"): "=Kees van Dijk",
    Key("opportunities", 1, "", "description"): "0123 onderhoud",
    Key("opportunities", 1, "", "amount"): 320000.5,
    Key("forecast", "year_1", "", "revenue"): 1250000.0,
    Key("swot", 3, "threats", "text"): "NA",
    Key("cross_sell", 2, "security", "amount"): 95000.0,
}
CHOSEN = {
    Key("account", "", "", "segment"): ("a", "A – strategisch"),
    Key("contacts", 1, "", "known_to_us"): (True, "ja"),
    Key("contacts", 1, "", "attitude"): ("positive", "positief"),
    Key("cross_sell", 2, "security", "status"): ("sold", "verkocht"),
    Key("plan", "", "", "status"): ("submitted", "ingediend"),
}


def test_what_a_rep_types_in_libreoffice_is_what_is_read(office: Office, tmp_path: Path) -> None:
    blank, _ = new_plan(blueprint(), ACCOUNT, language="nl", year=2026)
    write_plan(blank, tmp_path / "blank.xlsx")
    steps = [("type", *where(blank, key), value) for key, value in TYPED.items()]
    steps += [("type", *where(blank, key), label) for key, (_, label) in CHOSEN.items()]
    office.edit(tmp_path / "blank.xlsx", tmp_path / "filled.xlsx", steps)
    reading = read(tmp_path / "filled.xlsx")
    assert reading.plan is not None
    assert reading.plan.answers == {**blank.answers, **TYPED, **{key: value for key, (value, _) in CHOSEN.items()}}
    assert reading.findings == ()
    assert "LibreOffice" in reading.saved_by


def test_rows_put_in_and_a_tab_renamed_in_libreoffice_lose_nothing(office: Office, tmp_path: Path) -> None:
    plan = full_plan(language="nl", seed=3, share=0.5)
    write_plan(plan, tmp_path / "plan.xlsx")
    contacts, cell = where(plan, Key("contacts", 3, "", "name"))
    row = int("".join(filter(str.isdigit, cell)))
    customer, _ = where(plan, Key("account", "", "", "segment"))
    steps = [
        ("insert_rows", contacts, row, 2),
        ("type", contacts, cell, "Ertussen"),
        ("unprotect", customer),
        ("insert_rows", customer, 3, 1),
        ("rename_sheet", customer, "Onze klant"),
    ]
    office.edit(tmp_path / "plan.xlsx", tmp_path / "edited.xlsx", steps)
    reading = read(tmp_path / "edited.xlsx")
    assert reading.plan is not None
    expected = {}
    for key, value in plan.answers.items():
        moved = key._replace(row=key.row + 1) if key.block == "contacts" and isinstance(key.row, int) and key.row >= 3 else key
        expected[moved] = value
    expected[Key("contacts", 3, "", "name")] = "Ertussen"
    assert reading.plan.answers == expected
    assert {finding.code for finding in reading.findings} <= {"sheet-repaired", "tab-renamed"}


def openpyxl_resave(source: Path, target: Path) -> None:
    openpyxl.load_workbook(source).save(target)


@pytest.mark.parametrize("resave", [gnumeric_resave, sheetjs_resave, exceljs_resave, openpyxl_resave],
                         ids=["gnumeric", "sheetjs", "exceljs", "openpyxl"])  # fmt: skip
def test_a_plan_saved_again_by_another_program_reads_the_same(tmp_path: Path, resave: object) -> None:
    plan = full_plan(language="en", seed=5, share=0.8)
    write_plan(plan, tmp_path / "plan.xlsx")
    assert callable(resave)
    resave(tmp_path / "plan.xlsx", tmp_path / "again.xlsx")
    reading = read(tmp_path / "again.xlsx")
    assert reading.plan is not None
    assert reading.plan.answers == plan.answers
    assert not [finding for finding in reading.findings if finding.severity == "error"]


def test_a_plan_saved_again_by_libreoffice_reads_without_a_remark(office: Office, tmp_path: Path) -> None:
    plan = full_plan(language="nl", seed=6, share=0.8)
    write_plan(plan, tmp_path / "plan.xlsx")
    office.resave(tmp_path / "plan.xlsx", tmp_path / "again.xlsx")
    reading = read(tmp_path / "again.xlsx")
    assert reading.plan == plan
    assert reading.findings == ()


@pytest.mark.parametrize("form", ["ods", "xls"])
def test_a_plan_that_libreoffice_saves_in_another_form_reads_the_same(office: Office, tmp_path: Path, form: str) -> None:
    plan = full_plan(language="nl", seed=6, share=0.8)
    write_plan(plan, tmp_path / "plan.xlsx")
    reading = read(office.resave(tmp_path / "plan.xlsx", tmp_path / f"plan.{form}"))
    assert reading.plan == plan
    assert reading.findings == ()


@pytest.mark.parametrize("form", ["ods", "xls"])
def test_a_plan_that_gnumeric_saves_in_another_form_reads_the_same(tmp_path: Path, form: str) -> None:
    plan = full_plan(language="nl", seed=6, share=0.8)
    write_plan(plan, tmp_path / "plan.xlsx")
    reading = read(gnumeric_resave(tmp_path / "plan.xlsx", tmp_path / f"plan.{form}"))
    assert reading.plan == plan
    assert {finding.code for finding in reading.findings} <= {"value-repaired"}  # it saves choices with their coloured sign


@pytest.mark.parametrize("form", ["ods", "xls"])
def test_what_a_rep_does_beside_the_answers_is_told_in_another_form_too(office: Office, tmp_path: Path, form: str) -> None:
    blank, _ = new_plan(blueprint(), ACCOUNT, language="nl", year=2026)
    write_plan(blank, tmp_path / "blank.xlsx")
    amount, wrong, own, beside = (
        Key("opportunities", 1, "", "amount"),
        Key("opportunities", 2, "", "amount"),
        Key("contacts", 1, "", "name"),
        Key("contacts", 2, "", "name"),
    )
    steps = [
        ("formula", *where(blank, amount), "=2*600"),
        ("formula", *where(blank, wrong), "=1/0"),
        ("type", *where(blank, own), "0123"),
        ("note", *where(blank, beside), "Eerst bellen: ’s ochtends"),
        ("type", where(blank, own)[0], "Z40", "los briefje"),
    ]
    office.edit(tmp_path / "blank.xlsx", tmp_path / f"filled.{form}", steps)
    reading = read(tmp_path / f"filled.{form}")
    assert reading.plan is not None
    assert reading.plan.answers == {**blank.answers, amount: 1200.0, own: "0123"}
    told = {(finding.code, finding.cell): finding.raw for finding in reading.findings}
    assert told["error-cell", where(blank, wrong)[1]] == "#DIV/0!"
    assert told["cell-note", where(blank, beside)[1]] == "Eerst bellen: ’s ochtends"
    assert told["unplaced", "Z40"] == "los briefje"
    assert reading.origins[amount].raw == ("=2*600" if form == "ods" else "1200")
