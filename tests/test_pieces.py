"""A portfolio worked out piece by piece, as it is where there is more than memory holds, comes to what it does whole."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pandas
import pytest

from accountsheet import importing
from accountsheet.collect import collected, looked_through, read_plans
from accountsheet.console import noticed
from accountsheet.executors import hands
from accountsheet.finding import UsageProblem
from accountsheet.portfolio import Portfolio, findings_in, of_collection

SAMPLES = Path(__file__).parent.parent / "samples" / "workbooks"
AS_OF = datetime.date(2026, 11, 22)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pieces")


@pytest.fixture(scope="module")
def both(folder: Path) -> tuple[Portfolio, Portfolio]:
    """Give the samples whole and in memory, and in pieces of three workbooks in a folder."""
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


def test_the_worst_remarks_are_the_same_in_pieces(both: tuple[Portfolio, Portfolio], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accountsheet.console.SHOWN", 5)
    worst, counts, others = noticed(both[0])
    assert len(worst) == 5 and others > 0
    assert noticed(both[1]) == (worst, counts, others)
    assert worst == findings_in(both[0].open_findings, 5)


def test_a_table_as_a_dask_dataframe_has_the_rows_that_count_in_the_same_pieces(both: tuple[Portfolio, Portfolio]) -> None:
    whole, pieces = both
    frame = pieces.to_dask("forecast")
    assert frame.npartitions == 4
    found = frame.compute(scheduler="synchronous").reset_index(drop=True)
    pandas.testing.assert_frame_equal(found, whole.counted("forecast").reset_index(drop=True))
    assert whole.to_dask("contacts").compute(scheduler="synchronous").shape == whole.counted("contacts").shape


def test_without_dask_it_is_said_what_to_install(both: tuple[Portfolio, Portfolio], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(UsageProblem, match=r"pip install"):
        both[1].to_dask("forecast")


def test_duckdb_over_the_files_comes_to_the_same(both: tuple[Portfolio, Portfolio], folder: Path) -> None:
    duckdb = pytest.importorskip("duckdb") if os.environ.get("CI") != "true" else __import__("duckdb")
    query = f"select owner, currency, sum(revenue) as revenue from '{folder}/forecast.parquet/*.parquet' group by all"
    found = duckdb.sql(query).df().sort_values(["owner", "currency"], ignore_index=True)
    rolled = both[1].rollup("forecast", "owner", ["revenue"])
    assert found["owner"].tolist() == rolled["owner"].tolist()
    assert found["revenue"].fillna(0).tolist() == pytest.approx(rolled["revenue"].fillna(0).tolist())
