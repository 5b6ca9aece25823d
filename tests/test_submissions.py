"""Who has sent a plan: every state is told, by owner, on the tab and on the command line."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pandas
import pytest
from click.testing import CliRunner

import accountsheet
from accountsheet import read_plans
from accountsheet.accounts import Account
from accountsheet.arrivals import Submission, by_owner, submissions
from accountsheet.cli import main
from small import TODAY, write

DUE = "2026-11-10"
EXPECTED = [
    Account("A-1", "Acme", "Robin", due=DUE),
    Account("B-2", "Bee", "Robin", due=DUE),
    Account("C-3", "Cee", "Kim", due=DUE),
    Account("D-4", "Dee", "Kim", due="2027-01-31"),
    Account("E-5", "Eff", "Kim"),
]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workbook in each state that there is."""
    folder = tmp_path_factory.mktemp("sent")
    write(folder / "a.xlsx", "A-1", "Acme", saved="2026-11-09T10:00:00Z")
    write(folder / "a-older.xlsx", "A-1", "Acme", saved="2026-11-01T10:00:00Z", motto="Earlier")
    shutil.copy(folder / "a.xlsx", folder / "a-copy.xlsx")
    write(folder / "b.xlsx", "B-2", "Bee", saved="2026-11-12T10:00:00Z")
    write(folder / "e.xlsx", "E-5", "Eff", saved="2026-11-01T10:00:00Z", year=2025)
    write(folder / "x.xlsx", "X-9", "Exx", saved="2026-11-01T10:00:00Z")
    (folder / "none.xlsx").write_bytes(b"no workbook")
    return folder


def told(sent: Path, monkeypatch: pytest.MonkeyPatch, complete: float) -> list[Submission]:
    monkeypatch.setattr("accountsheet.arrivals.COMPLETE", complete)
    return submissions(read_plans(sent, as_of=TODAY), EXPECTED, as_of=TODAY, year=2026)


def test_every_state_is_told(sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(sent, monkeypatch, 0.0)
    states = {(each.account_id, each.state) for each in found}
    assert states == {
        ("A-1", "received"), ("A-1", "superseded"), ("A-1", "duplicate"), ("B-2", "late"), ("C-3", "missing"), ("D-4", "missing"),
        ("E-5", "missing"), ("E-5", "other_year"), ("X-9", "unexpected"), ("", "rejected"),
    }  # fmt: skip
    overdue = {each.account_id for each in found if each.overdue}
    assert overdue == {"C-3"}
    assert ("A-1", "incomplete") in {(each.account_id, each.state) for each in told(sent, monkeypatch, 1.0)}


def test_accounts_may_be_a_file_or_a_frame(sent: Path, tmp_path: Path) -> None:
    portfolio = accountsheet.read_plans(sent, as_of=TODAY)
    columns = ["account_id", "account", "owner", "due"]
    frame = pandas.DataFrame([[getattr(each, name) for name in columns] for each in EXPECTED], columns=columns)
    frame.to_csv(tmp_path / "accounts.csv", index=False)
    of_list = accountsheet.submissions(portfolio, EXPECTED, as_of=TODAY)
    assert {each.account_id for each in of_list if each.state == "missing"} == {"C-3", "D-4", "E-5"}
    for accounts in (frame, tmp_path / "accounts.csv"):
        assert accountsheet.submissions(portfolio, accounts, as_of=TODAY) == of_list
    assert not any(each.state == "missing" for each in accountsheet.submissions(portfolio, as_of=TODAY))


def test_owners_are_counted(sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = by_owner(told(sent, monkeypatch, 0.0))
    assert {name: count for name, count in counts["Kim"].items() if count} == {"missing": 3}
    assert (counts["Robin"]["late"], counts["Robin"]["received"]) == (1, 1)


def test_the_command_line_says_who_is_missing_and_late(sent: Path, tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.csv"
    lines = [f"{each.account_id},{each.account},{each.owner},{each.due}" for each in EXPECTED]
    accounts.write_text("\n".join(["account_id,account,owner,due", *lines]), encoding="utf-8")
    arguments = ["portfolio", str(sent), "--out", str(tmp_path / "s.xlsx"), "--expected", str(accounts), "--as-of", str(TODAY)]
    done: Any = CliRunner().invoke(main, arguments)
    assert "Cee (C-3), Kim (due by 2026-11-10)" in done.stdout
    assert "late: Bee (B-2), Robin" in done.stdout
    assert any(line.split()[:2] == ["Kim", "3"] for line in done.stdout.splitlines())
    as_json = json.loads(CliRunner().invoke(main, [*arguments, "--json"]).stdout)
    assert {each["state"] for each in as_json["submissions"]} >= {"missing", "late", "duplicate", "superseded", "rejected"}
    tab = openpyxl.load_workbook(tmp_path / "s.xlsx", data_only=True)["Submissions"]
    shown = {str(cell.value) for row in tab.iter_rows() for cell in row if cell.value is not None}
    assert {"!  not received", "▪  late", "○  duplicate", "Kim"} <= shown
    assert datetime.datetime(2026, 11, 10) in {cell.value for row in tab.iter_rows() for cell in row}
