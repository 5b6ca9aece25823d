"""The shipped samples: what their reps meant comes back, and what they mistyped is remarked on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from accountsheet.collect import read_plans
from accountsheet.demo import AS_OF
from accountsheet.portfolio import Portfolio
from accountsheet.reader import Reading, read_workbook
from accountsheet.writer import write_plan
from samples.make import PLANS, WORKBOOKS, Sample, samples

NAMES = sorted(path.stem for path in PLANS.glob("*.yaml"))
FINDINGS = {
    "NB-0032": [
        ("info", "value-meant", "forecast.revenue", "€ 1,2 mln"),
        ("repair", "value-repaired", "forecast.gross_margin_percent", "29"),
        ("repair", "value-repaired", "opportunities.phase", "onderhandelling"),
        ("info", "value-meant", "opportunities.signing_date", "26-02-2027"),
        ("info", "value-meant", "activities.cost", "€ 7.500,-"),
    ],
    "0083512": [
        ("info", "value-meant", "account.number_of_employees", "ca. 3.100"),
        ("info", "value-absent", "history.our_revenue", "n.v.t."),
        ("info", "value-meant", "potential_by_product.potential", "195k"),
        ("warning", "unplaced", "", "Egbert belt mij nog over wie de OR-voorzitter wordt"),
    ],
    "NB-1208": [
        ("info", "value-meant", "account.annual_revenue", "€ 264 mln"),
        ("repair", "value-repaired", "contacts.buying_role", "inkooper"),
        ("repair", "value-repaired", "opportunities.phase", "negotiation"),
        ("info", "value-meant", "action_plan.when", "31-12-2026"),
        ("repair", "sheet-repaired", "", ""),
    ],
    "UK-0205": [
        ("info", "value-meant", "opportunities.amount", "£330k"),
        ("repair", "value-repaired", "opportunities.probability", "60"),
        ("repair", "value-repaired", "contacts.buying_role", "Inkoper"),
        ("info", "value-absent", "visits.q3", "none"),
        ("info", "value-meant", "forecast.revenue", "0.76m"),
    ],
    "EU-0064": [
        ("warning", "value-ambiguous", "opportunities.signing_date", "05/04/2027"),
        ("info", "value-meant", "opportunities.amount", "45k"),
        ("repair", "value-repaired", "contacts.attitude", "positief"),
        ("info", "value-absent", "history.our_gross_margin", "n/a"),
        ("info", "value-meant", "forecast.gross_margin_percent", "31 %"),
        ("repair", "sheet-repaired", "", ""),
        ("warning", "unplaced", "", "growth is a guess, ask Annabel about new hotels"),
    ],
}


@pytest.fixture(scope="module")
def sample() -> Callable[[str], Sample]:
    """Give a sample's content by its account."""
    known = {each.plan.account.account_id: each for each in samples()}
    return known.__getitem__


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return read_plans(WORKBOOKS, as_of=AS_OF)


def reading_of(sample: Sample) -> Reading:
    """Read a sample's workbook."""
    return read_workbook((WORKBOOKS / sample.file_name).read_bytes(), sample.file_name)


def cells(path: Path) -> dict[str, list[list[object]]]:
    """Read the values of all cells, hidden sheets included."""
    workbook = CalamineWorkbook.from_path(path)
    return {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names}


@pytest.mark.parametrize("name", NAMES)
def test_what_was_meant_comes_back_by_the_blueprint_of_today(name: str, sample: Callable[[str], Sample]) -> None:
    meant, read = sample(name).plan, reading_of(sample(name)).plan
    assert read is not None
    same_blueprint = read.blueprint == meant.blueprint
    assert same_blueprint, "run samples/make.py"
    assert read == meant


@pytest.mark.parametrize("name", NAMES)
def test_each_mistake_has_its_finding_and_nothing_else_has(name: str, sample: Callable[[str], Sample]) -> None:
    found = reading_of(sample(name)).findings
    assert Counter((each.severity, each.code, f"{each.block}.{each.field}".strip("."), each.raw) for each in found) == Counter(
        FINDINGS.get(name, [])
    )
    assert len(sample(name).mistakes) + len(sample(name).inserted) == len(found)


@pytest.mark.parametrize("name", ["0009046", "EU-0311", "NB-0417", "NB-0719"])
def test_what_no_program_saved_since_is_what_is_written_today(name: str, sample: Callable[[str], Sample], tmp_path: Path) -> None:
    write_plan(sample(name).plan, tmp_path / "today.xlsx", today=AS_OF)
    same_cells = cells(tmp_path / "today.xlsx") == cells(WORKBOOKS / sample(name).file_name)
    assert same_cells, "run samples/make.py"


def test_all_are_current_and_none_has_an_error(portfolio: Portfolio) -> None:
    assert sorted(portfolio.plans["account_id"]) == NAMES
    assert portfolio.findings[portfolio.findings["severity"] == "error"].empty


def test_they_are_as_far_and_as_sound_as_they_are_said_to_be(portfolio: Portfolio) -> None:
    plans = portfolio.plans.set_index("account_id")
    assert (plans.loc["NB-0417", "completeness"], plans.loc["NB-0417", "health"]) == (1, 1)
    assert plans.loc["0000127", "completeness"] == pytest.approx(0.06, abs=0.01)
    assert set(plans.index[plans["completeness"] > 0.97]) == {"NB-0417", "NB-0032", "NB-1208", "UK-0205", "EU-0311"}
    assert set(plans.index[plans["completeness"].between(0.4, 0.8)]) == {"0009046", "0083512", "EU-0064", "NB-0719"}
    assert dict(plans["status"].value_counts()) == {"draft": 5, "submitted": 3, "approved": 2}


def test_the_weak_spots_told_in_their_content_are_found_by_the_checks(portfolio: Portfolio) -> None:
    checks = portfolio["checks"]
    failures = checks[checks["row"].isna() & ~checks["holds"]]
    failed = {name: set(group["check"]) for name, group in failures.groupby("account_id")}
    assert "NB-0417" not in failed
    assert failed["0083512"] >= {"coach_known", "two_reviews", "objective_measurable", "signing_date_ahead"}
    assert failed["NB-0719"] >= {"action_in_time", "opponent_has_counterpart", "review_held"}
    assert failed["NB-0032"] >= {"action_has_owner", "action_in_time", "white_space_looked_at"}
    assert failed["EU-0064"] >= {"growth_has_opportunities"}
    assert failed["EU-0311"] == {"opportunity_has_action"}
    assert failed["UK-0205"] >= {"review_held"}
