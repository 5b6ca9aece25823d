"""One file explained: what it is, whether it counts, what was put right, what could not be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.workbook.workbook import Workbook

from accountsheet.cli import main
from accountsheet.plan import Plan
from accountsheet.writer import write_plan
from small import ANSWERS, TODAY, small, write
from test_return import REVENUE, edited, typed


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, ["doctor", *map(str, arguments), "--as-of", str(TODAY)], catch_exceptions=False)


def messy(path: Path) -> Path:
    """Write a workbook with an unreadable answer, a stray text, a renamed tab and one of the rep's own."""

    def more(book: Workbook) -> None:
        book["Facts"]["H30"] = "Call Jan back"
        book["Deals"].title = "Our deals"
        book.create_sheet("Sums")["A1"] = "subtotal"

    return typed(write(path), {REVENUE: "rather a lot"}, more)


def test_a_plan_is_explained_in_plain_words(tmp_path: Path) -> None:
    done = run(messy(tmp_path / "a.xlsx"))
    assert done.exit_code == 1
    told = " ".join(done.stdout.split())
    for words in (
        "An account plan: Small (blueprint small, version 1).",
        "Account Acme (A-1)",
        "Account manager Robin",
        "2026; year 1 of the plan is 2027",
        "by: ",
        "Does it count? Yes",
        "missing: none; added: Sums",
        "Could not be read (1)",
        "– Revenue",
        "“rather a lot” is no number. Type digits only",
        "Texts without a place (2)",
        "typed: “Call Jan back”",
        "Put right while reading (1)",
        "“Deals” is now called “Our deals”",
    ):
        assert words in told, words
    assert max(map(len, done.stdout.splitlines())) <= 100


def test_it_speaks_the_language_of_the_plan_or_the_one_asked_for(tmp_path: Path) -> None:
    from accountsheet.accounts import Account

    write_plan(Plan(small(), Account("A-1", "Acme"), "nl", 2026, ANSWERS), tmp_path / "a.xlsx", today=TODAY)
    assert "Telt het?" in run(tmp_path / "a.xlsx").stdout
    done = run(tmp_path / "a.xlsx", "--language", "en")
    assert "Does it count?" in done.stdout and "Everything in it was read as it stands." in done.stdout
    assert done.exit_code == 0


def test_json_holds_the_same_for_scripts(tmp_path: Path) -> None:
    path = edited(messy(tmp_path / "a.xlsx"), lambda book: book.remove(book["Our deals"]))
    told = json.loads(run(path, "--json").stdout)
    assert (told["ok"], told["counts"], told["looks_like"], told["account_id"]) == (False, True, "plan", "A-1")
    assert (told["tabs_missing"], told["tabs_added"]) == (["Deals"], ["Sums"])
    assert {"not-a-number", "section-missing", "unplaced"} <= {each["code"] for each in told["findings"]}


def foreign(path: Path) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"] = "Budget"
    book.save(path)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 ...", "A PDF"),
        (b"", "An empty file"),
        (b"<!doctype html><title>Sign in</title>", "A web page"),
        (b"account;owner\nAcme;Robin\n", "Plain text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "No account plan"),
        (None, "No account plan"),
    ],
)
def test_a_file_that_is_no_plan_is_told_for_what_it_is_and_what_to_do(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "sent.xlsx"
    path.write_bytes(foreign(tmp_path / "foreign.xlsx") if content is None else content)
    done = run(path)
    assert done.exit_code == 1
    assert words in done.stdout
    assert "Does it count? No" in " ".join(done.stdout.split())
    assert len(done.stdout.splitlines()) > 6  # what is wrong, and what to do


@pytest.mark.parametrize(("name", "code"), [("nothing.xlsx", "file-missing"), (".", "doctor-folder")])
def test_a_file_that_is_not_there_or_a_folder_is_wrong_usage(tmp_path: Path, name: str, code: str) -> None:
    done = run(tmp_path / name, "--json")
    assert done.exit_code == 2
    assert [each["code"] for each in json.loads(done.stdout)["findings"]] == [code]
