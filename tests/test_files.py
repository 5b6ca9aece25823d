import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsheet import files
from accountsheet.files import atomic, remove, safe_file_name, safe_text_for_csv, text_from_csv
from accountsheet.finding import UsageProblem


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path):
    with atomic(tmp_path / "plans" / "acme.xlsx") as temporary:
        temporary.write_text("whole")
        assert not (tmp_path / "plans" / "acme.xlsx").exists()
        assert temporary.parent == tmp_path / "plans"
        assert temporary.suffix == ".xlsx"
    assert [path.name for path in (tmp_path / "plans").iterdir()] == ["acme.xlsx"]
    assert (tmp_path / "plans" / "acme.xlsx").read_text() == "whole"


@pytest.mark.parametrize("stop", [RuntimeError, KeyboardInterrupt])
def test_what_was_there_stays_when_writing_is_broken_off(tmp_path, stop):
    (tmp_path / "acme.xlsx").write_text("yesterday")
    with pytest.raises(stop), atomic(tmp_path / "acme.xlsx") as temporary:
        temporary.write_text("half")
        raise stop
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("acme.xlsx", "yesterday")]


def test_a_file_open_in_excel_is_a_finding_that_says_so(tmp_path, monkeypatch):
    def held(source, target):
        raise PermissionError(13, "The process cannot access the file", str(target))

    (tmp_path / "acme.xlsx").write_text("yesterday")
    monkeypatch.setattr(files, "_on_windows", lambda: True)
    monkeypatch.setattr(files, "_PAUSE", 0)
    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(UsageProblem) as caught, atomic(tmp_path / "acme.xlsx") as temporary:
        temporary.write_text("today")
    assert [finding.code for finding in caught.value.findings] == ["file-open"]
    assert "Close it in Excel" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["acme.xlsx"]


def test_a_file_held_for_a_moment_is_tried_again(tmp_path, monkeypatch):
    replace, tries = os.replace, []

    def held_twice(source, target):
        tries.append(target)
        if len(tries) < 3:
            raise PermissionError(13, "held by a virus scanner", str(target))
        replace(source, target)

    monkeypatch.setattr(files, "_on_windows", lambda: True)
    monkeypatch.setattr(files, "_PAUSE", 0)
    monkeypatch.setattr(os, "replace", held_twice)
    with atomic(tmp_path / "acme.xlsx") as temporary:
        temporary.write_text("today")
    assert (tmp_path / "acme.xlsx").read_text() == "today"


def test_a_place_that_cannot_be_written_is_a_finding(tmp_path):
    (tmp_path / "plans").write_text("a file, no folder")
    with pytest.raises(UsageProblem) as caught, atomic(tmp_path / "plans" / "acme.xlsx") as temporary:
        temporary.write_text("never")
    assert [finding.code for finding in caught.value.findings] == ["cannot-write"]


def test_a_full_disk_is_a_finding_also_as_xlsxwriter_tells_it(tmp_path):
    from xlsxwriter.exceptions import FileCreateError

    with pytest.raises(UsageProblem, match="No space left"), atomic(tmp_path / "acme.xlsx"):
        raise FileCreateError(OSError(28, "No space left on device"))


def test_a_failure_that_has_nothing_to_do_with_the_file_passes_through(tmp_path):
    with pytest.raises(FileNotFoundError), atomic(tmp_path / "acme.xlsx"):
        (tmp_path / "logo.png").read_bytes()


def test_a_link_keeps_pointing_at_the_file_that_is_replaced(tmp_path):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "summary.xlsx").write_text("yesterday")
    try:
        (tmp_path / "summary.xlsx").symlink_to(tmp_path / "shared" / "summary.xlsx")
    except OSError:
        pytest.skip("links need rights on Windows")
    with atomic(tmp_path / "summary.xlsx") as temporary:
        temporary.write_text("today")
    assert (tmp_path / "summary.xlsx").is_symlink()
    assert (tmp_path / "shared" / "summary.xlsx").read_text() == "today"


def test_removing_a_file_that_is_gone_does_nothing(tmp_path):
    remove(tmp_path / "gone.csv")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Acme B.V.", "Acme B.V"),
        ("A/S Øresund: plan?", "A-S Øresund- plan"),
        ("CON", "_CON"),
        ("nul.2026", "_nul.2026"),
        ("Com1 ", "_Com1"),
        ("Compass", "Compass"),
        ("  two \t  spaces\n", "two spaces"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("~$locked", "$locked"),
        ("Cafe\u0301", "Café"),
        ("invoice\u202excod.exe", "invoicexcod.exe"),
        ("???", "unnamed"),
        ("", "unnamed"),
        ("a" * 500, "a" * 120),
        ("😀" * 500, "😀" * 50),
    ],
)
def test_a_file_name_is_safe_on_every_system(text, name):
    assert safe_file_name(text) == name


@given(st.text())
def test_any_text_becomes_a_file_name_that_stays_itself(text):
    name = safe_file_name(text)
    assert name
    assert len(name) <= 120
    assert len(name.encode()) <= 200
    assert not set(name) & set('<>:"/\\|?*\0\n')
    assert name[-1] not in ". "
    assert unicodedata.is_normalized("NFC", name)
    assert safe_file_name(name) == name


@pytest.mark.parametrize("text", ["=1+1", "+31 6 1234", "-5 %", "@sum", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_text_that_looks_like_a_formula_is_guarded_in_csv(text):
    assert safe_text_for_csv(text) == f"'{text}"


@pytest.mark.parametrize("text", ["plain", "'s Hertogenbosch", "'quoted'", "0123", "", "a=1", "'"])
def test_every_other_text_stands_in_csv_as_it_is(text):
    assert safe_text_for_csv(text) == text == text_from_csv(text)


@given(st.text() | st.text(alphabet="'=+-@\t\ra"))
def test_reading_undoes_exactly_what_writing_did(text):
    assert text_from_csv(safe_text_for_csv(text)) == text
    assert not safe_text_for_csv(text).startswith(("=", "+", "-", "@", "\t", "\r"))
