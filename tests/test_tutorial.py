"""The tutorial's commands, run as they stand, with its reps' edits done in LibreOffice."""

from __future__ import annotations

from pathlib import Path

import pandas
import pytest

import tutorial
from office import Office


@pytest.fixture(scope="module")
def round_gone_through(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, tuple[int, str]]]:
    """Go through the tutorial; give its folder, and each command's status and output."""
    here = tmp_path_factory.mktemp("tutorial") / "round"
    with Office() as office:
        return here, tutorial.gone_through(here, office)


Round = tuple[Path, dict[str, tuple[int, str]]]


def test_each_command_ends_as_the_tutorial_says(round_gone_through: Round) -> None:
    statuses = {command: status for command, (status, _) in round_gone_through[1].items()}
    assert statuses == {
        "generate": 0,
        "check": 1,
        "doctor": 0,
        "return": 1,
        "import": 0,
        "portfolio": 0,
        "renew": 0,
        "compare": 1,
    }


def test_the_output_that_the_tutorial_shows_is_what_is_printed(round_gone_through: Round) -> None:
    printed = "\n".join(output for _, output in round_gone_through[1].values())
    page = tutorial.PAGE.read_text(encoding="utf-8").splitlines()
    shown = [line for line in page if line.startswith(("error:", "10 workbooks"))]
    assert len(shown) == 4
    assert [line for line in shown if line not in printed] == []


def test_every_mended_answer_is_in_the_tables_and_nothing_mended_is_remarked_on(round_gone_through: Round) -> None:
    tables = round_gone_through[0] / "tables"
    deals = pandas.read_parquet(tables / "opportunities.parquet").set_index("account_id")
    assert deals["amount"].to_dict() == {"T-001": 80_000, "T-002": 60_000, "T-003": 45_000, "T-005": 27_500}
    assert deals.loc["T-001", "probability"] == 0.4
    contacts = pandas.read_parquet(tables / "contacts.parquet")
    assert contacts[contacts["account_id"] == "T-003"]["name"].tolist() == ["Wim Aalders", "Kees Tammes", "Ilse Ruiter"]
    plans = pandas.read_parquet(tables / "plans.parquet")
    counting = plans[plans["state"] == "current"]["file"]
    assert sorted(file.split("/")[0] for file in counting) == ["mended"] * 5 + ["received"]
    findings = pandas.read_parquet(tables / "findings.parquet")
    left = findings[findings["file"].isin(counting) & ~findings["code"].str.startswith("check-")]
    assert left[left["severity"].isin(["error", "warning"])]["message"].tolist() == []


def test_next_years_workbooks_are_there_for_the_plans_that_came(round_gone_through: Round) -> None:
    assert len(list((round_gone_through[0] / "next").glob("T-00*.xlsx"))) == 6
