"""What reps do to a workbook is put right and told, and nothing that they typed is lost."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook

from accountsheet import mapping, reader, walk
from accountsheet.address import Key
from accountsheet.alignment import Alignment
from accountsheet.finding import Finding
from accountsheet.library import bundled
from accountsheet.mapping import take_growing_rows
from accountsheet.reader import Reading, read_workbook
from edits import (
    HARSH,
    HEALED,
    Book,
    clear_row_ids,
    insert_rows,
    overwrite,
    own_tab,
    paste_in_another_workbook,
    translate_labels,
    type_somewhere,
    write_note,
)
from mutations import base, edited, healed_case, random_case
from small import ANSWERS, SMALL, write


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give a small plan, filled in."""
    return write(tmp_path_factory.mktemp("good") / "good.xlsx").read_bytes()


def after(good: bytes, *edits: Callable[[Workbook], object]) -> Reading:
    """Read a workbook that was edited with openpyxl, which drops the stored values of formulas."""
    book = openpyxl.load_workbook(io.BytesIO(good))
    for edit in edits:
        edit(book)
    out = io.BytesIO()
    book.save(out)
    return read_workbook(out.getvalue(), "edited.xlsx")


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def one(reading: Reading, code: str) -> Finding:
    [found] = [finding for finding in reading.findings if finding.code == code]
    return found


def answers(reading: Reading) -> dict[Key, Any]:
    assert reading.plan is not None, reading.findings
    return dict(reading.plan.answers)


# ------------------------------------------------------------------------------------------------ at random


@pytest.mark.parametrize("edit", HEALED, ids=lambda edit: edit.__name__)
def test_every_answer_comes_back_after(edit: Callable[[Book], None]) -> None:
    for seed in range(5):
        case = healed_case(seed, edit)
        assert (case.lost, case.mistaken, case.missing) == ([], [], []), case


@pytest.mark.parametrize("edit", HARSH, ids=lambda edit: edit.__name__)
def test_nothing_is_lost_or_mistaken_after(edit: Callable[[Book], None]) -> None:
    for seed in range(4):
        case = edited("mixed", seed, [edit])
        assert (case.lost, case.mistaken) == ([], []), case


@pytest.mark.parametrize("first", range(0, 150, 10))
def test_nothing_is_lost_or_mistaken_after_several_edits(first: int) -> None:
    for seed in range(first, first + 10):
        case = random_case(seed)
        assert (case.lost, case.mistaken) == ([], []), case


@pytest.mark.parametrize("name", bundled())
def test_the_bundled_blueprints_stand_the_same(name: str) -> None:
    number = bundled().index(name)  # by turns in one language and the other
    for edit in (*HEALED[number::6], paste_in_another_workbook):
        case = edited(name, number % 2, [edit])
        assert (case.lost, case.mistaken, case.missing) == ([], [], []), case


@pytest.mark.parametrize(
    ("module", "step", "edit"),
    [(walk, "areas", type_somewhere), (walk, "notes_of", write_note), (reader, "walk_stranger", own_tab)],
)
def test_the_engine_notices_a_reader_that_passes_something_over(
    module: Any, step: str, edit: Callable[[Book], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert edited("mixed", 1, [edit]).lost == []
    monkeypatch.setattr(module, step, lambda *_: iter(()))
    assert edited("mixed", 1, [edit]).lost != []


def test_the_engine_notices_a_reader_that_goes_by_fixed_places(monkeypatch: pytest.MonkeyPatch) -> None:
    as_written = {place: place for place in range(200)}
    monkeypatch.setattr(reader, "line_up", lambda *_: Alignment(as_written, as_written, straight=True))
    assert any(healed_case(seed, insert_rows).missing for seed in range(4))


def test_the_engine_notices_rows_of_a_table_in_another_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def swapped(*given: Any) -> None:
        take_growing_rows(*given)
        alignment = given[-1]
        for rows in alignment.added.values():
            alignment.rows[rows[0]], alignment.rows[rows[1]] = alignment.rows[rows[1]], alignment.rows[rows[0]]

    monkeypatch.setattr(mapping, "take_growing_rows", swapped)
    assert any(healed_case(seed, clear_row_ids).mistaken for seed in range(6))


def test_the_engine_sees_what_it_is_to_see() -> None:
    given = base("mixed", 0)
    assert {block.kind for block in given.plan.blueprint.blocks.values()} >= {"form", "table", "quadrant", "overview"}
    assert len(given.plan.answers) > 30


# ------------------------------------------------------------------------------------------------ one by one


def put(sheet: str, cell: str, value: object) -> Callable[[Workbook], object]:
    def edit(book: Workbook) -> None:
        book[sheet][cell] = value

    return edit


def test_a_clean_workbook_is_read_without_a_remark(good: bytes) -> None:
    reading = read_workbook(good, "good.xlsx")
    assert (answers(reading), reading.findings) == (dict(ANSWERS), ())


def test_a_workbook_saved_without_the_values_of_its_formulas_is_read_without_a_remark(good: bytes) -> None:
    reading = after(good)
    assert (answers(reading), reading.findings) == (dict(ANSWERS), ())


def test_one_rearrangement_is_one_finding_that_names_the_tab_the_cell_and_what_was_done(good: bytes) -> None:
    reading = after(good, lambda book: book["Facts"].insert_rows(6, 2), lambda book: book["Facts"].insert_cols(3))
    assert answers(reading) == ANSWERS
    [finding] = reading.findings
    assert (finding.code, finding.severity, finding.sheet, finding.cell) == ("sheet-repaired", "repair", "Facts", "C6")
    assert "rows put in: 6–7" in finding.message and "columns put in: C" in finding.message


def test_a_label_overrules_an_id_where_it_names_one_row_and_stands_there_once(good: bytes) -> None:
    def swap(book: Workbook) -> None:
        for column in "BCD":
            first, second = book["Facts"][f"{column}6"], book["Facts"][f"{column}7"]
            first.value, second.value = second.value, first.value

    reading = after(good, swap)
    assert answers(reading) == ANSWERS
    assert "rows 6–7" in one(reading, "sheet-repaired").message


def test_an_id_holds_where_the_label_says_something_else(good: bytes) -> None:
    reading = after(good, put("Facts", "B6", "Slogan"))
    assert answers(reading) == ANSWERS
    changed = one(reading, "label-changed")
    assert (changed.cell, changed.raw) == ("B6", "Slogan")


def test_an_id_holds_where_a_label_stands_twice(good: bytes) -> None:
    reading = after(good, put("Facts", "B6", "Revenue"))
    assert answers(reading) == ANSWERS
    assert one(reading, "label-changed").cell == "B6"


def test_texts_beside_the_plan_are_told_together_where_they_stand_together(good: bytes) -> None:
    typed = {"H6": "call", "I6": "Ann", "H7": "soon", "L9": "?"}
    reading = after(good, *(put("Facts", cell, text) for cell, text in typed.items()))
    found = {finding.cell: finding.raw for finding in reading.findings}
    assert found == {"H6:I7": "call\tAnn\nsoon", "L9": "?"}


def test_a_tab_of_the_reps_own_is_kept_in_few_findings(good: bytes) -> None:
    def own(book: Workbook) -> None:
        sheet = book.create_sheet("Mine")
        for row in range(1, 101):
            sheet.append([f"note {row}", row])

    reading = after(good, own)
    kept = one(reading, "unplaced")
    assert (kept.sheet, kept.cell) == ("Mine", "A1:B100")
    assert kept.raw.splitlines()[99] == "note 100\t100"


def test_of_a_copied_tab_only_what_differs_is_told(good: bytes) -> None:
    def copy(book: Workbook) -> None:
        book.copy_worksheet(book["Facts"]).title = "Facts (2)"
        book["Facts (2)"]["C6"] = "Grow apart"

    reading = after(good, copy)
    assert answers(reading) == ANSWERS
    assert codes(reading) == ["tab-copied", "copy-differs"]
    differs = one(reading, "copy-differs")
    assert (differs.sheet, differs.cell, differs.raw, differs.field) == ("Facts (2)", "C6", "Grow apart", "motto")


def test_a_renamed_tab_is_no_copy_and_a_copy_under_another_name_stands_in_for_a_deleted_tab(good: bytes) -> None:
    def copy_and_delete(book: Workbook) -> None:
        book.copy_worksheet(book["Facts"]).title = "Ours"
        del book["Facts"]

    reading = after(good, copy_and_delete)
    assert answers(reading) == ANSWERS
    assert codes(reading) == ["tab-renamed"]


def test_a_tab_of_another_accounts_workbook_is_an_error(good: bytes) -> None:
    stamp = openpyxl.load_workbook(io.BytesIO(good))["Facts"]["A1"].value.replace("A-1", "B-2")
    reading = after(good, put("Facts", "A1", stamp))
    assert codes(reading) == ["tab-of-another"]
    assert "B-2" in reading.findings[0].message


def test_a_row_that_stands_twice_in_a_form_is_an_error_where_the_second_says_something_else(good: bytes) -> None:
    def repeat(book: Workbook) -> None:
        sheet = book["Facts"]
        sheet.insert_rows(7)
        for cell in sheet[6]:
            sheet.cell(7, cell.column).value = cell.value
        sheet["C7"] = "Grow more"

    reading = after(good, repeat)
    assert answers(reading) == ANSWERS
    repeated = one(reading, "row-repeated")
    assert (repeated.cell, repeated.raw, repeated.field) == ("C7", "Grow more", "motto")


def test_a_table_pasted_over_its_end_is_read_to_its_end(good: bytes) -> None:
    def paste(book: Workbook) -> None:
        for area in list(book["Deals"].merged_cells.ranges):
            book["Deals"].unmerge_cells(str(area))
        for number in range(9):
            book["Deals"].cell(6 + number, 2).value = f"Deal {number}"
            book["Deals"].cell(6 + number, 3).value = 100 + number

    reading = after(good, paste)
    names = [value for key, value in answers(reading).items() if key.block == "deals" and key.field == "name"]
    kept = " ".join(finding.raw for finding in reading.findings)
    assert all(f"Deal {number}" in names or f"Deal {number}" in kept for number in range(9))
    assert names[:6] == [f"Deal {number}" for number in range(6)]


def test_a_lost_closing_row_ends_the_table_at_its_first_empty_row(good: bytes) -> None:
    def lose(book: Workbook) -> None:
        sheet = book["Deals"]
        [end] = [cell.row for cell in sheet["A"] if cell.value == "deals#end"]
        sheet.delete_rows(end)

    reading = after(good, lose)
    assert answers(reading) == ANSWERS
    assert codes(reading) == ["sheet-repaired"]


def test_a_deleted_question_is_named_by_its_label(good: bytes) -> None:
    reading = after(good, lambda book: book["Facts"].delete_rows(7))
    lost = one(reading, "row-lost")
    assert "“Revenue”" in lost.message
    assert (lost.block, lost.sheet) == ("facts", "Facts")


def test_a_formula_that_a_rep_typed_is_kept_beside_its_value(good: bytes) -> None:
    from small import changed

    data = changed(good, {"xl/worksheets/sheet2.xml": lambda part: part.replace(b"<v>1200</v>", b"<f>600*2</f><v>1200</v>")})
    reading = read_workbook(data, "edited.xlsx")
    assert answers(reading) == ANSWERS
    assert reading.origins[Key("facts", "", "", "revenue")].raw == "=600*2"


def test_a_formula_whose_result_was_not_saved_is_an_error_with_the_formula(good: bytes) -> None:
    reading = after(good, put("Facts", "C7", "=600*2"), put("Facts", "H9", "=1+1"))
    error = one(reading, "formula-without-value")
    assert (error.cell, error.raw, error.field, error.severity) == ("C7", "=600*2", "revenue", "error")
    assert one(reading, "unplaced").raw == "=1+1"


def test_an_error_text_beside_the_plan_is_kept(good: bytes) -> None:
    def fail(book: Workbook) -> None:
        book["Facts"]["H9"].value = "#REF!"
        book["Facts"]["H9"].data_type = "e"

    assert one(after(good, fail), "unplaced").raw == "#REF!"


def test_notes_are_kept_on_every_tab(good: bytes) -> None:
    def note(book: Workbook) -> None:
        book["Facts"]["C6"].comment = Comment("ask Ann", "Robin")
        book.create_sheet("Mine")["B2"].comment = Comment("and Bob", "Robin")

    reading = after(good, note)
    assert {(finding.sheet, finding.cell, finding.raw) for finding in reading.findings} == {
        ("Facts", "C6", "ask Ann"), ("Mine", "B2", "and Bob"),
    }  # fmt: skip


def test_a_note_that_stands_in_for_a_thread_of_comments_is_kept_where_a_program_dropped_the_thread(good: bytes) -> None:
    text = "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\nComment:\n    ask Ann"
    reading = after(good, lambda book: setattr(book["Facts"]["C6"], "comment", Comment(text, "Robin")))
    assert "ask Ann" in one(reading, "cell-note").raw


def test_labels_in_the_plans_other_language_are_known() -> None:
    case = edited("mixed", 3, [translate_labels])
    assert case.missing == []
    assert {finding.code for finding in case.reading.findings} <= {"labels-translated", "value-meant"}


def test_pasted_calculations_are_one_finding_a_tab() -> None:
    case = edited("mixed", 1, [overwrite], "values")
    per_tab = [finding.sheet for finding in case.reading.findings if finding.code == "calculations-pasted"]
    assert len(per_tab) == len(set(per_tab))


# ------------------------------------------------------------------------------------------------ what a workbook carries


def without_hidden_sheets(book: Workbook) -> None:
    for sheet in [each for each in book if each.sheet_state != "visible"]:
        del book[sheet.title]


def without_hidden_cells(book: Workbook) -> None:
    for sheet in book:
        sheet.delete_cols(1)
        sheet.delete_rows(1)


@pytest.fixture
def at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the small blueprint's file where the command is given."""
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "small.yaml"


@pytest.mark.usefixtures("at_hand")
@pytest.mark.parametrize(
    "strip",
    [
        pytest.param([without_hidden_sheets], id="by their stamp"),
        pytest.param([without_hidden_sheets, without_hidden_cells], id="by the small print"),
    ],
)
def test_a_workbook_without_its_hidden_sheet_says_by_its_tabs_what_it_is(strip: list[Any], good: bytes) -> None:
    reading = after(good, *strip)
    assert answers(reading) == ANSWERS
    assert reading.plan is not None and reading.plan.plan_id == "A-1/small/2026"
    assert "meta-gone" in codes(reading)


def test_a_workbook_read_by_a_newer_blueprint_says_so(at_hand: Path, good: bytes) -> None:
    at_hand.write_text(SMALL.replace('version: "1"', 'version: "2"'), encoding="utf-8")
    reading = after(good, without_hidden_sheets)
    assert answers(reading) == ANSWERS
    assert "small 1" in one(reading, "meta-gone-newer").message and "small 2" in one(reading, "meta-gone-newer").message


def test_what_an_older_version_wrote_is_known_for_its_own(good: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    from accountsheet import wording
    from accountsheet.plan import _layout
    from accountsheet.text import text

    monkeypatch.setitem(wording.WORDS, "your_answer", text("fill in here", "vul hier in"))
    monkeypatch.setitem(wording.WORDS, "more_rows", text("Rows can be inserted.", "Rijen invoegen kan."))
    _layout.cache_clear()
    try:
        reading = read_workbook(good, "good.xlsx")
        typed = after(good, put("Facts", "C5", "my own"))
    finally:
        _layout.cache_clear()
    assert (answers(reading), reading.findings) == (dict(ANSWERS), ())
    assert one(typed, "label-changed").raw == "my own"


RENAMED = (
    SMALL.replace('version: "1"', 'version: "2"')
    .replace("{motto: {label: Motto},", "{slogan: {label: Our slogan, was: motto},")
    .replace("amount: {label: Amount,", "worth: {label: Worth, was: [value, amount],")
)


def test_a_renamed_field_carries_its_answers_over(at_hand: Path, good: bytes) -> None:
    at_hand.write_text(RENAMED, encoding="utf-8")
    reading = after(good, without_hidden_sheets)
    new = {"motto": "slogan", "amount": "worth"}
    assert answers(reading) == {key._replace(field=new.get(key.field, key.field)): value for key, value in ANSWERS.items()}


def test_the_answers_of_a_dropped_field_are_listed(at_hand: Path, good: bytes) -> None:
    at_hand.write_text(SMALL.replace('version: "1"', 'version: "2"').replace("{motto: {label: Motto},", "{"), encoding="utf-8")
    reading = after(good, without_hidden_sheets)
    assert "Grow together" in one(reading, "unplaced").raw
    assert answers(reading)[Key("facts", "", "", "revenue")] == 1200
