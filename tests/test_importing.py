"""Import into a folder: what has not changed is not read again, what is gone is gone, and nothing is half-written."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
import pandas
import pytest

from accountsheet import importing
from accountsheet.collect import read_plans
from accountsheet.finding import UsageProblem
from accountsheet.importing import Imported, import_plans
from accountsheet.portfolio import Portfolio
from accountsheet.storage import Folder
from small import TODAY, write


def run(plans: object, out: object, **options: object) -> Imported:
    return import_plans(str(plans), str(out), **{"as_of": TODAY, **options})


def same(one: Portfolio, two: Portfolio, *, but: tuple[str, ...] = ()) -> None:
    """Hold the tables of two portfolios against each other, whatever the order of their findings."""
    assert set(one) == set(two)
    for name in set(one) - set(but):
        left, right = one[name], two[name]
        if name == "findings":
            left, right = (each.sort_values(list(each.columns)).reset_index(drop=True) for each in (left, right))
        pandas.testing.assert_frame_equal(left, right, check_like=True)


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """Give a folder of plans: one with an older version beside it, and one that is none."""
    folder = tmp_path / "plans"
    for number in range(4):
        write(folder / f"{number}.xlsx", f"A-{number}", f"Acme {number}", saved="2026-11-20T10:00:00Z", revenue=float(number))
    write(folder / "0 before.xlsx", "A-0", "Acme 0", saved="2026-11-19T10:00:00Z", revenue=99.0)
    (folder / "bad.xlsx").write_bytes(b"no workbook")
    return folder


def test_import_gives_what_read_plans_gives(plans: Path, tmp_path: Path) -> None:
    done = run(plans, tmp_path / "out")
    assert done.read == 6
    same(done.portfolio, read_plans(plans, as_of=TODAY))
    assert pandas.read_parquet(tmp_path / "out" / "facts.parquet")["revenue"].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_what_has_not_changed_is_not_read_again(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "out")
    write(plans / "2.xlsx", "A-2", "Acme 2", saved="2026-11-21T10:00:00Z", revenue=22.0)
    write(plans / "9.xlsx", "A-9", "Acme 9", revenue=9.0)
    (plans / "3.xlsx").unlink()
    again = run(plans, tmp_path / "out")
    assert again.read == 2
    assert again.portfolio["facts"]["revenue"].tolist() == [0.0, 1.0, 22.0, 9.0]
    same(again.portfolio, read_plans(plans, as_of=TODAY))
    assert run(plans, tmp_path / "out").read == 0


def test_an_older_version_counts_again_once_the_newer_is_gone(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "out")
    (plans / "0.xlsx").unlink()
    again = run(plans, tmp_path / "out")
    assert again.read == 0
    assert again.portfolio["facts"]["revenue"].tolist() == [99.0, 1.0, 2.0, 3.0]
    same(again.portfolio, read_plans(plans, as_of=TODAY))


def test_another_day_or_another_program_reads_everything_again(
    plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(plans, tmp_path / "out")
    assert run(plans, tmp_path / "out", as_of=TODAY + datetime.timedelta(1)).read == 6
    monkeypatch.setattr(importing, "program", lambda: "another")
    assert run(plans, tmp_path / "out", as_of=TODAY + datetime.timedelta(1)).read == 6
    [terms] = (tmp_path / "out" / ".accountsheet").iterdir()
    assert terms.name == "2026-11-23-another"


def test_strict_asks_for_no_second_reading(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "out")
    assert run(plans, tmp_path / "out", strict=True).read == 0


def test_a_workbook_without_a_date_of_its_own_is_read_again_when_its_file_is_newer(tmp_path: Path) -> None:
    import os

    write(tmp_path / "plans" / "a.xlsx", saved="never")
    os.utime(tmp_path / "plans" / "a.xlsx", (1_900_000_000, 1_900_000_000))
    run(tmp_path / "plans", tmp_path / "out")
    assert run(tmp_path / "plans", tmp_path / "out").read == 0
    os.utime(tmp_path / "plans" / "a.xlsx", (2_000_000_000, 2_000_000_000))
    again = run(tmp_path / "plans", tmp_path / "out")
    assert again.read == 1 and again.portfolio["plans"]["modified"].dt.year.tolist() == [2033]


def test_an_import_that_was_interrupted_goes_on_where_it_was(
    plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def interrupted(total: int) -> Iterator[Callable[[int], None]]:
        def step(done: int) -> None:
            raise KeyboardInterrupt

        yield step

    monkeypatch.setattr("accountsheet.collect.LEAST", 2)
    with pytest.raises(KeyboardInterrupt):
        run(plans, tmp_path / "out", progress=interrupted)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".accountsheet"]
    done = run(plans, tmp_path / "out")
    assert 0 < done.read < 6
    same(done.portfolio, read_plans(plans, as_of=TODAY))


def test_what_was_read_may_be_lost_or_broken(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "out")
    [kept] = (tmp_path / "out" / ".accountsheet").glob("*/*.pack")
    kept.write_bytes(kept.read_bytes()[:1_000])
    done = run(plans, tmp_path / "out")
    assert done.read == 6
    assert not kept.exists()


def test_nothing_usable_changes_no_table(plans: Path, tmp_path: Path) -> None:
    run(plans, tmp_path / "out")
    before = (tmp_path / "out" / "facts.parquet").read_bytes()
    with pytest.raises(UsageProblem, match="Nothing that could be used"):
        run(plans / "bad.xlsx", tmp_path / "out")
    assert (tmp_path / "out" / "facts.parquet").read_bytes() == before


@pytest.mark.parametrize("format", ["csv", "xlsx", "duckdb"])
def test_every_format_is_made_of_what_was_read_before(plans: Path, tmp_path: Path, format: str) -> None:
    first = run(plans, tmp_path / "out")
    tables = {name: table for name, table in first.portfolio.items()}
    again = run(plans, tmp_path / "out", format=format)
    assert again.read == 0
    assert not list((tmp_path / "out").glob("*.parquet"))
    same(again.portfolio, Portfolio(tables))


# -------------------------------------------------------------------------------------------------------- large tables


def test_a_large_table_is_a_folder_of_files_under_the_very_same_name(
    plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run(plans, tmp_path / "whole")
    monkeypatch.setattr(importing, "GROUP", 2)
    monkeypatch.setattr(importing, "STRETCH", 1)
    done = run(plans, tmp_path / "out")
    parts = sorted(path.name for path in (tmp_path / "out" / "facts.parquet").iterdir())
    assert parts == [f"part-0000{number}.parquet" for number in range(4)]  # six workbooks, and what is remarked on them together
    for name in ("facts", "deals", "plans", "findings"):
        one, two = (pandas.read_parquet(tmp_path / each / f"{name}.parquet") for each in ("whole", "out"))
        pandas.testing.assert_frame_equal(one, two)
    same(done.portfolio, whole.portfolio)
    pandas.testing.assert_frame_equal(done.portfolio.rollup("facts"), whole.portfolio.rollup("facts"))


def test_a_folder_of_files_becomes_a_file_again_and_back(plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (2, 100, 2):
        monkeypatch.setattr(importing, "GROUP", size)
        run(plans, tmp_path / "out")
        assert (tmp_path / "out" / "facts.parquet").is_dir() is (size == 2)
        assert len(pandas.read_parquet(tmp_path / "out" / "facts.parquet")) == 4
    assert not [path.name for path in (tmp_path / "out").iterdir() if path.name.endswith("part.parquet")]


# ----------------------------------------------------------------------------------------------------------- elsewhere


@pytest.fixture
def cloud() -> Iterator[str]:
    yield "memory://cloud"
    fsspec.filesystem("memory").rm("/cloud", recursive=True)


@pytest.mark.parametrize("size", [2, 100])
def test_tables_at_a_url_are_what_tables_in_a_folder_are(
    plans: Path, tmp_path: Path, cloud: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "GROUP", size)
    run(plans, f"{cloud}/tables")
    write(plans / "1.xlsx", "A-1", "Acme 1", saved="2026-11-22T10:00:00Z", revenue=11.0)
    again = run(plans, f"{cloud}/tables")
    assert again.read == 1
    same(again.portfolio, run(plans, tmp_path / "out").portfolio)
    same(read_plans(f"{cloud}/tables"), again.portfolio)
    assert not [name for name in Folder(f"{cloud}/tables").names() if name.endswith(".part")]


def test_workbooks_at_a_url_are_read_once(plans: Path, tmp_path: Path, cloud: str) -> None:
    system = fsspec.filesystem("memory")
    for path in plans.iterdir():
        system.pipe(f"/cloud/plans/{path.name}", path.read_bytes())
    assert run(f"{cloud}/plans", f"{cloud}/tables").read == 6
    assert run(f"{cloud}/plans", f"{cloud}/tables", format="csv").read == 0


def test_the_words_of_a_blueprint_of_ones_own_go_with_the_tables(plans: Path, tmp_path: Path) -> None:
    done = run(plans, tmp_path / "out")
    shutil.rmtree(tmp_path / "out" / ".accountsheet")
    [blueprint] = read_plans(tmp_path / "out").blueprints
    assert (blueprint.id, blueprint.section_of["facts"].title("nl")) == ("small", "Feiten")
    assert done.portfolio.blueprints == (blueprint,)
