"""Workbooks sent back: everything still in them, what is wrong marked and listed, and mended ones read without a remark."""

from __future__ import annotations

import csv
import datetime
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.workbook.workbook import Workbook

import accountsheet
from accountsheet.accounts import Account
from accountsheet.address import Key, cell_name
from accountsheet.calculation import EPOCH
from accountsheet.cli import main
from accountsheet.display import plain
from accountsheet.figures import Figures
from accountsheet.finding import Finding, Severity
from accountsheet.grid import filled
from accountsheet.judge import judge
from accountsheet.layout import Layout
from accountsheet.mending import Mending, to_mend
from accountsheet.opening import open_workbook
from accountsheet.pieces import Note, Sheet, Style, Value
from accountsheet.plan import Plan
from accountsheet.reader import Reading, read_workbook
from accountsheet.returning import Outcome
from accountsheet.walk import bare
from accountsheet.wording import word
from accountsheet.writer import write_laid_out, write_plan
from office import Office, gnumeric_resave, ooxml_errors
from plans import ACCOUNT, full_plan, plans
from small import ANSWERS, MOTTO, REVENUE, TODAY, small, write

NAME, AMOUNT = Key("deals", 1, "", "name"), Key("deals", 1, "", "amount")


def edited(path: Path, edit: Callable[[Workbook], None]) -> Path:
    """Change a workbook as another program would."""
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def cell_of(book: Workbook, layout: Layout, key: Key) -> Any:
    """Give the cell of an answer."""
    place = layout.places[key]
    return book[layout.titles[place.sheet]].cell(place.row + 1, place.column + 1)


def typed(path: Path, cells: Mapping[Key, Any], more: Callable[[Workbook], None] = lambda book: None) -> Path:
    """Type into a workbook."""
    layout = read(path).plan.layout()  # type: ignore[union-attr]

    def type_in(book: Workbook) -> None:
        for key, value in cells.items():
            cell_of(book, layout, key).value = value
        more(book)

    return edited(path, type_in)


def read(path: Path) -> Reading:
    return read_workbook(path.read_bytes(), path.name)


def sent_back(path: Path, out: Path) -> tuple[Mending, Reading]:
    """Return a workbook, and read what is returned."""
    reading = read(path)
    mending = to_mend(reading, judge(reading, TODAY).findings, TODAY)
    write_laid_out(mending.plan, mending.layout, mending.figures, out, notes=mending.notes, remarks=mending.remarks)
    return mending, read(out)


def texts_in(path: Path) -> str:
    """Give all that can be read in the tabs that are shown, notes included, without blanks."""
    opened = open_workbook(path.read_bytes())
    found: list[str] = []
    for title, grid in opened.grids.items():
        if not title.startswith("_"):
            found += [plain(value) for _, _, value in filled(grid)]
            found += [note.text for note in opened.package.notes(title)]
    return "\n".join(bare(text) for text in found)


def notes(reading: Reading) -> set[str]:
    """Give what reps wrote in notes."""
    return {each.raw for each in reading.findings if each.code == "cell-note"}


def errors(findings: tuple[Finding, ...]) -> set[tuple[str, ...]]:
    """Give what could not be read, by answer."""
    return {(each.block, each.row, each.column, each.field) for each in findings if each.severity is Severity.ERROR}


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


# ------------------------------------------------------------------------------------------------ nothing is lost

ANYTHING = st.one_of(
    st.sampled_from(
        ["veel", "1.200", "€ 1,2 mln", "n/a", " ", "=1+1", "#DIV/0!", "31-02-2027", "maybe", "TRUE", "2027", "3.125", "\t"]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=30),
    st.floats(-1e9, 1e9),
    st.integers(-5, 3000),
    st.booleans(),
    st.dates(datetime.date(1900, 3, 1), datetime.date(2100, 1, 1)),
)
LOOSE = st.text(st.characters(categories=["L", "N"]), min_size=3, max_size=30).map(lambda text: f"zz {text}")


@dataclass(frozen=True)
class Edits:
    """What was done to a workbook: anything typed in cells, texts beside them, notes, a tab of its own."""

    cells: Mapping[Key, Any]
    loose: tuple[str, ...]
    notes: Mapping[Key, str]
    own_tab: str

    def done_to(self, plan: Plan, path: Path) -> None:
        """Write the plan as it comes back; the painter types what a rep would, since it is quick."""
        layout = plan.layout()
        sheets = list(layout.sheets)
        beside = [Value(60 + 3 * number, 30, text, Style("plain")) for number, text in enumerate(self.loose)]
        sheets[1] = replace(sheets[1], pieces=(*sheets[1].pieces, *beside))
        if self.own_tab:
            sheets.append(Sheet("#own", "Mine", (Value(1, 1, self.own_tab, Style("plain")),)))
        layout = replace(layout, sheets=tuple(sheets))
        cells = {key: (cell - EPOCH).days if isinstance(cell, datetime.date) else cell for key, cell in self.cells.items()}
        notes = {layout.places[key]: Note(text) for key, text in self.notes.items()}
        write_laid_out(plan, layout, Figures(layout, plan.answers, TODAY, cells), path, notes=notes)


@st.composite
def edits(draw: st.DrawFn) -> tuple[Plan, Edits]:
    """Draw a plan, and what a rep did to its workbook."""
    plan = draw(plans())
    slots = plan.layout().slots
    keys = st.sampled_from([key for key, slot in slots.items() if slot.asked.field.source != "account_id"])
    return plan, Edits(
        draw(st.dictionaries(keys, ANYTHING, max_size=8)),
        tuple(draw(st.lists(LOOSE, max_size=2))),
        draw(st.dictionaries(keys, LOOSE, max_size=2)),
        draw(st.one_of(st.just(""), LOOSE)),
    )


@settings(max_examples=6)
@given(edits())
def test_whatever_was_typed_is_still_there_after_returning(drawn: tuple[Plan, Edits]) -> None:
    plan, done = drawn
    with TemporaryDirectory() as folder:
        filled, returned = Path(folder) / "filled.xlsx", Path(folder) / "returned.xlsx"
        done.done_to(plan, filled)
        before = read(filled)
        mending, after = sent_back(filled, returned)
        there = texts_in(returned)
    assert before.plan is not None and after.plan == before.plan
    assert [each.raw for each in before.findings if bare(each.raw) not in there] == []
    assert {(key.block, str(key.row), key.column, key.field) for key in mending.typed} <= errors(after.findings)
    assert notes(before) == notes(after)
    still = "\n".join(bare(each.raw) for each in after.findings if each.code == "unplaced")
    assert [each.raw for each in before.findings if each.code == "unplaced" and bare(each.raw) not in still] == []


def test_what_could_not_be_read_stands_in_its_cell_and_is_found_wrong_again(tmp_path: Path) -> None:
    path = typed(write(tmp_path / "a.xlsx"), {REVENUE: "rather a lot", AMOUNT: datetime.date(2027, 3, 1)})
    _, after = sent_back(path, tmp_path / "b.xlsx")
    assert errors(after.findings) == errors(read(path).findings) != set()
    mending, _ = sent_back(path, tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert cell_of(book, mending.layout, REVENUE).value == "rather a lot"


def test_a_tab_that_is_gone_is_there_again(tmp_path: Path) -> None:
    path = edited(write(tmp_path / "a.xlsx"), lambda book: book.remove(book["Deals"]))
    mending, after = sent_back(path, tmp_path / "b.xlsx")
    assert "Deals" in openpyxl.load_workbook(tmp_path / "b.xlsx").sheetnames
    assert "section-missing" in {each.code for each in read(path).findings}
    assert after.findings == ()
    assert [each.hint for each in mending.remarks] == [word("fix_tab_back", "en")]


# ------------------------------------------------------------------------------------------------ the tab To fix


def a_mess(path: Path) -> Path:
    """Write a workbook with a bit of everything wrong."""

    def more(book: Workbook) -> None:
        book["Deals"]["J30"] = "Call Jan back"
        facts = book["Facts"]
        next(cell for row in facts.iter_rows() for cell in row if cell.value == "Grow together").comment = Comment(
            "Ask Kim", "Robin"
        )

    return typed(write(path), {REVENUE: "rather a lot", AMOUNT: "1.200"}, more)


def test_the_tab_lists_the_worst_first_with_a_link_to_each_cell(tmp_path: Path) -> None:
    mending, _ = sent_back(a_mess(tmp_path / "a.xlsx"), tmp_path / "b.xlsx")
    assert [(each.severity, each.typed) for each in mending.remarks] == [
        (Severity.ERROR, "rather a lot"),
        (Severity.WARNING, "1.200"),
        (Severity.WARNING, "Call Jan back"),
    ]
    book = openpyxl.load_workbook(tmp_path / "b.xlsx", data_only=True)
    tab = book.worksheets[0]
    assert tab.title == "To fix" == book.active.title
    rows = [[cell.value for cell in row[1:8]] for row in tab.iter_rows(min_row=7, max_row=9)]
    assert [row[0] for row in rows] == ["!  to mend", "▪  look at it", "▪  look at it"]
    assert rows[0][2:6] == ["Facts", "Revenue", "rather a lot", "“rather a lot” is no number."]
    assert rows[1][3] == "Amount · Roof"
    target = cell_of(book, mending.layout, REVENUE)
    assert tab["C7"].hyperlink.location == f"'{target.parent.title}'!{target.coordinate}"
    assert "1 to mend" in str(tab["F3"].value)


def test_a_bad_cell_says_what_is_wanted_and_looks_different(tmp_path: Path) -> None:
    mending, _ = sent_back(a_mess(tmp_path / "a.xlsx"), tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    bad, look, fine = (cell_of(book, mending.layout, key) for key in (REVENUE, AMOUNT, MOTTO))
    assert "is no number" in bad.comment.text and "Type digits only" in bad.comment.text
    assert "could also mean" in look.comment.text
    assert len({each.fill.fgColor.rgb for each in (bad, look, fine)}) == 3
    assert not bad.protection.locked
    assert fine.comment.text == "Ask Kim"


def test_a_workbook_that_is_mended_reads_without_a_remark(tmp_path: Path) -> None:
    mending, _ = sent_back(a_mess(tmp_path / "a.xlsx"), tmp_path / "b.xlsx")

    def mend(book: Workbook) -> None:
        tab = book.worksheets[0]
        cell_of(book, mending.layout, REVENUE).value = 1500
        cell_of(book, mending.layout, Key("deals", 2, "", "name")).value = tab["F9"].value
        tab["F9"].value = None

    after = read(edited(tmp_path / "b.xlsx", mend))
    assert after.plan is not None
    assert {each.code for each in after.findings} == {"cell-note"}  # the rep's own, which stays
    assert after.plan.answers == {**ANSWERS, REVENUE: 1500.0, AMOUNT: 1200.0, Key("deals", 2, "", "name"): "Call Jan back"}
    assert run("check", tmp_path / "b.xlsx").exit_code == 0


def test_what_a_rep_writes_on_the_tab_or_in_our_notes_is_kept(tmp_path: Path) -> None:
    mending, _ = sent_back(a_mess(tmp_path / "a.xlsx"), tmp_path / "b.xlsx")

    def answer(book: Workbook) -> None:
        book.worksheets[0]["K7"] = "Finance will know"
        cell = cell_of(book, mending.layout, REVENUE)
        cell.comment = Comment(f"{cell.comment.text}\nRobin: asked on Monday", "Robin")

    after = read(edited(tmp_path / "b.xlsx", answer))
    told = {(each.code, each.raw) for each in after.findings}
    assert ("unplaced", "Finance will know") in told
    assert ("unplaced", "Call Jan back") in told
    assert ("cell-note", "Robin: asked on Monday") in told


def test_a_second_round_loses_nothing_either(tmp_path: Path) -> None:
    sent_back(a_mess(tmp_path / "a.xlsx"), tmp_path / "b.xlsx")
    _, after = sent_back(tmp_path / "b.xlsx", tmp_path / "c.xlsx")
    assert after.plan == read(tmp_path / "b.xlsx").plan
    assert {"rather a lot", "Call Jan back", "Ask Kim"} <= {each.raw for each in after.findings}
    assert openpyxl.load_workbook(tmp_path / "c.xlsx").sheetnames.count("To fix") == 1


def test_a_workbook_without_its_hidden_sheet_still_keeps_what_was_typed(tmp_path: Path) -> None:
    plan = full_plan(share=0.3, seed=5)
    write_plan(plan, tmp_path / "a.xlsx", today=TODAY)
    employees = Key("account", "", "", "number_of_employees")
    _, returned = sent_back(typed(tmp_path / "a.xlsx", {employees: "a few"}), tmp_path / "b.xlsx")
    after = read(edited(tmp_path / "b.xlsx", lambda book: book.remove(book["_accountsheet"])))
    assert after.plan is not None and returned.plan is not None
    assert after.plan.answers == returned.plan.answers
    assert "a few" in {each.raw for each in after.findings}


# ------------------------------------------------------------------------------------------------ many at once


def test_only_what_is_wrong_and_counts_is_returned(tmp_path: Path) -> None:
    plans_folder, out = tmp_path / "in", tmp_path / "out"
    write(plans_folder / "fine.xlsx", "A-1", saved="2026-11-01T00:00:00Z")
    typed(write(plans_folder / "bad.xlsx", "B-2", "Bee"), {REVENUE: "much"})
    old = typed(write(plans_folder / "old.xlsx", "B-2", "Bee"), {REVENUE: "more"})
    edited(old, lambda book: setattr(book.properties, "modified", datetime.datetime(2020, 1, 1)))
    (plans_folder / "none.xlsx").write_bytes(b"no workbook at all")
    before = {path: path.read_bytes() for path in plans_folder.iterdir()}
    done = run("return", plans_folder, "--out", out, "--as-of", TODAY)
    assert done.exit_code == 1
    assert [path.name for path in out.iterdir()] == ["B-2 Bee.xlsx"]
    assert done.stdout.splitlines()[-1] == f"4 workbooks: 1 returned, 1 fine, 1 superseded, 1 unreadable → {out}"
    assert "none.xlsx" in done.stderr
    assert read(out / "B-2 Bee.xlsx").plan == read(plans_folder / "bad.xlsx").plan
    assert {path: path.read_bytes() for path in plans_folder.iterdir()} == before


def test_a_workbook_that_exists_is_replaced_only_when_asked_and_one_that_came_in_never(tmp_path: Path) -> None:
    path = typed(write(tmp_path / "in" / "A-1 Acme.xlsx"), {REVENUE: "much"})
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / path.name).write_text("typed in already")
    results = accountsheet.return_plans(path, tmp_path / "out", as_of=TODAY)
    assert [(each.outcome, [finding.code for finding in each.findings]) for each in results] == [
        (Outcome.NOT_WRITTEN, ["file-exists"])
    ]
    [onto_itself] = accountsheet.return_plans(path, path.parent, as_of=TODAY, overwrite=True)
    assert [each.code for each in onto_itself.findings] == ["return-over-input"]
    [written] = accountsheet.return_plans(path, tmp_path / "out", as_of=TODAY, overwrite=True)
    assert (written.outcome, written.errors) == (Outcome.RETURNED, 1)
    assert read(tmp_path / "out" / path.name).plan is not None


def test_several_processes_return_the_same_workbooks(tmp_path: Path) -> None:
    for number in range(8):
        typed(write(tmp_path / "in" / f"{number}.xlsx", f"A-{number}", f"Acme {number}"), {REVENUE: f"much {number}"})
    results = accountsheet.return_plans(tmp_path / "in", tmp_path / "out", as_of=TODAY, jobs=2)
    assert [each.errors for each in results] == [1] * 8
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"A-{number} Acme {number}.xlsx" for number in range(8)]


def test_an_interruption_leaves_no_half_written_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = typed(write(tmp_path / "in" / "a.xlsx"), {REVENUE: "much"})

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("accountsheet.writer.explain", interrupted)
    with pytest.raises(KeyboardInterrupt):
        accountsheet.return_plans(path, tmp_path / "out", as_of=TODAY)
    assert list((tmp_path / "out").iterdir()) == []


def test_with_strict_a_repair_is_returned_too(tmp_path: Path) -> None:
    path = typed(write(tmp_path / "in" / "a.xlsx"), {}, lambda book: setattr(book["Deals"], "title", "Our deals"))
    [lenient] = accountsheet.return_plans(path, tmp_path / "out", as_of=TODAY)
    [strict] = accountsheet.return_plans(path, tmp_path / "out", as_of=TODAY, strict=True)
    assert (lenient.outcome, strict.outcome) == (Outcome.FINE, Outcome.RETURNED)


# ------------------------------------------------------------------------------------------------ texts for e-mail


def test_each_rep_gets_a_text_that_names_the_worst_and_the_day(tmp_path: Path) -> None:
    for number, language in (("1", "nl"), ("2", "nl"), ("3", "en")):
        owner = "Sanne de Vries" if language == "nl" else "=HYPERLINK(1)"
        account = Account(f"A-{number}", f"Acme {number}", owner, f"{language}@reps.example")
        plan = Plan(small(), account, language, 2026, {MOTTO: "Samen"}, due=datetime.date(2026, 12, 12))
        path = tmp_path / "in" / f"{number}.xlsx"
        path.parent.mkdir(exist_ok=True)
        write_plan(plan, path, today=TODAY)
        typed(path, {REVENUE: f"veel {number}"})
    done = run("return", tmp_path / "in", "--out", tmp_path / "out", "--messages", tmp_path / "messages.csv")
    assert "2 texts for e-mail" in done.stdout
    assert (tmp_path / "messages.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "messages.csv").open(encoding="utf-8-sig", newline="") as stream:
        dutch, english = csv.DictReader(stream)
    assert (dutch["owner"], dutch["email"], dutch["account"]) == ("Sanne de Vries", "nl@reps.example", "Acme 1; Acme 2")
    assert (dutch["errors"], dutch["warnings"], dutch["due"]) == ("2", "0", "2026-12-12")
    assert dutch["message"].startswith("Beste Sanne,")
    assert all(text in dutch["message"] for text in ("Acme 2: één antwoord", "“veel 1”", "12-12-2026", "Te herstellen"))
    assert english["owner"] == "'=HYPERLINK(1)"
    assert "one answer could not be read" in english["message"]


def test_json_tells_what_became_of_each_workbook(tmp_path: Path) -> None:
    typed(write(tmp_path / "in" / "a.xlsx"), {REVENUE: "much"})
    done = run("return", tmp_path / "in", "--out", tmp_path / "out", "--json")
    told = json.loads(done.stdout)
    assert told["ok"] is False
    [workbook] = told["workbooks"]
    assert (workbook["outcome"], workbook["errors"], workbook["account_id"]) == ("returned", 1, "A-1")


# ------------------------------------------------------------------------------------------------ in real programs


def test_a_returned_workbook_is_as_sound_as_a_generated_one(office: Office, tmp_path: Path) -> None:
    plan = full_plan(language="nl", seed=3, share=0.3)
    write_plan(plan, tmp_path / "plan.xlsx")
    keys = (
        Key("account", "", "", "number_of_employees"),
        Key("contacts", 1, "", "last_spoken"),
        Key("forecast", "year_1", "", "revenue"),
    )
    path = typed(tmp_path / "plan.xlsx", dict(zip(keys, ("a few", "some day", "1,200"), strict=True)))
    reading = read(path)
    today = datetime.date.today()
    mending = to_mend(reading, judge(reading, today).findings, today)
    out = tmp_path / "returned.xlsx"
    write_laid_out(mending.plan, mending.layout, mending.figures, out, notes=mending.notes, remarks=mending.remarks)
    assert ooxml_errors(out) == []
    assert wrong_values(mending.layout, mending.figures, office.recalculate(out)) == []
    told = read(out)
    gnumeric_resave(out, tmp_path / "gnumeric.xlsx")
    office.resave(out, tmp_path / "office.xlsx")
    for again in (tmp_path / "gnumeric.xlsx", tmp_path / "office.xlsx"):
        after = read(again)
        assert after.plan is not None and told.plan is not None
        assert after.plan.answers == told.plan.answers
        assert {(each.code, each.raw) for each in after.findings} == {(each.code, each.raw) for each in told.findings}


def wrong_values(layout: Layout, figures: Figures, calculated: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    """List the formulas whose written value is not what LibreOffice calculates."""
    wrong = []
    for key in layout.formulas:
        place = layout.places[key]
        sheet, cell = layout.titles[place.sheet], cell_name(place.row, place.column)
        ours, (formula, theirs, error) = figures.value(key), calculated[sheet][cell]
        same = ours == theirs or (ours is None and theirs in ("", 0))
        if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
            same = abs(ours - theirs) <= 1e-9 * max(1, abs(ours))
        if error or not same:
            wrong.append((sheet, cell, formula, ours, theirs, error))
    return wrong


def test_the_company_logo_comes_along(tmp_path: Path) -> None:
    example = accountsheet.load_blueprint(Path(__file__).parents[1] / "docs" / "examples" / "our-plan.yaml")
    write_plan(Plan(example, ACCOUNT, "en", 2026), tmp_path / "a.xlsx", today=TODAY)
    _, after = sent_back(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert after.plan is not None and after.plan.blueprint == example
    pictures = [
        [archive.read(name) for name in archive.namelist() if name.startswith("xl/media/")]
        for archive in (zipfile.ZipFile(tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    ]
    assert pictures[0] == pictures[1] != []


def test_an_account_is_who_it_was(tmp_path: Path) -> None:
    plan = full_plan(share=0.2)
    write_plan(plan, tmp_path / "a.xlsx", today=TODAY)
    _, after = sent_back(typed(tmp_path / "a.xlsx", {Key("account", "", "", "number_of_employees"): "x"}), tmp_path / "b.xlsx")
    assert after.plan is not None and after.plan.account == ACCOUNT and after.plan.due == plan.due
