"""A portfolio worked out piece by piece, as it is where there is more than memory holds, comes to what it does whole."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pandas
import pytest

from accountsheet import importing
from accountsheet.collect import collected, looked_through, read_plans
from accountsheet.executors import hands
from accountsheet.portfolio import Portfolio, of_collection

SAMPLES = Path(__file__).parent.parent / "samples" / "workbooks"
AS_OF = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Portfolio, Portfolio]:
    """Give the samples whole and in memory, and in pieces of three workbooks in a folder."""
    folder = tmp_path_factory.mktemp("pieces")
    with hands(1) as workers, pytest.MonkeyPatch.context() as patch:
        collection = collected(looked_through(SAMPLES), AS_OF, workers)
        patch.setattr(importing, "GROUP", 3)
        importing.write(collection, folder, "parquet", "", workers)
    return of_collection(collection), read_plans(folder)


def test_every_table_is_there_in_pieces_of_the_same_plans(both: tuple[Portfolio, Portfolio]) -> None:
    whole, pieces = both
    plans = [set(piece["plan_id"]) for piece in pieces.pieces("plans")]
    assert [len(each) for each in plans] == [3, 3, 3, 1]
    for name, table in whole.items():
        held = list(pieces.pieces(name))
        assert len(held) == 4
        assert all(set(piece["plan_id"].dropna()) <= theirs for piece, theirs in zip(held, plans, strict=True))
        pandas.testing.assert_frame_equal(pieces[name], table.replace({"": None}) if name == "answers" else table)


ROLLUPS: dict[str, Callable[[Portfolio], pandas.DataFrame]] = {
    "forecast by owner": lambda portfolio: portfolio.rollup("forecast"),
    "forecast by period and region": lambda portfolio: portfolio.rollup("forecast", ["period", "region"], ["revenue"]),
    "opportunities by phase": lambda portfolio: portfolio.rollup("opportunities", "phase"),
    "contacts by attitude": lambda portfolio: portfolio.tally("contacts", ["attitude", "influence"]),
    "checks": lambda portfolio: portfolio.tally("checks", ["check", "holds"]),
    "white space": lambda portfolio: portfolio.white_space(),
    "overdue": lambda portfolio: portfolio.overdue_actions(AS_OF + datetime.timedelta(90)),
    "what is likely": lambda portfolio: portfolio.counting(AS_OF).rollup("forecast", "segment", ["likely", "grown_from"]),
    "what is late": lambda portfolio: portfolio.counting(AS_OF).rollup("opportunities", "account_no", ["is_late", "has_action"]),
    "white space counted": lambda portfolio: portfolio.counting(AS_OF).tally("white_space", ["product", "status"]),
    "completeness": lambda portfolio: portfolio.counting(AS_OF).rollup("completeness", "section", ["points", "weight"]),
    "accounts": lambda portfolio: portfolio.counting(AS_OF)["accounts"],
    "a table that nobody has": lambda portfolio: portfolio.counting(AS_OF)["visit_figures"],
}


@pytest.mark.parametrize("figure", ROLLUPS.values(), ids=ROLLUPS)
def test_figures_are_the_same_in_pieces(
    figure: Callable[[Portfolio], pandas.DataFrame], both: tuple[Portfolio, Portfolio]
) -> None:
    whole, pieces = map(figure, both)
    pandas.testing.assert_frame_equal(pieces.reset_index(drop=True), whole.reset_index(drop=True))


def test_all_that_counts_is_the_same_in_pieces(both: tuple[Portfolio, Portfolio]) -> None:
    whole, pieces = (portfolio.counting(AS_OF) for portfolio in both)
    assert list(whole) == list(pieces)
    for name, table in whole.items():
        if name != "answers":
            pandas.testing.assert_frame_equal(pieces[name].reset_index(drop=True), table.reset_index(drop=True))


def test_a_column_that_does_not_exist_is_told_in_pieces_too(both: tuple[Portfolio, Portfolio]) -> None:
    for portfolio in both:
        with pytest.raises(KeyError, match="nonsense"):
            portfolio.rollup("forecast", "nonsense")
