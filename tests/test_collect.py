"""Many workbooks at once: found wherever they are, each read once, and none lost by the fault of another."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
import pandas
import pytest

from accountsheet import reading, sources
from accountsheet.collect import read_plans
from accountsheet.finding import UsageProblem
from accountsheet.packs import unpacked
from accountsheet.portfolio import Portfolio
from accountsheet.reader import Reading
from accountsheet.reading import Task, read_packed
from accountsheet.sources import Source, bytes_of, find
from accountsheet.tables import write_tables
from small import TODAY, changed, write


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")


def found(*paths: object) -> list[str]:
    """Give the names of the workbooks that paths lead to."""
    return [Path(source.name).name for source in find([str(path) for path in paths])[0]]


def remarks(*paths: object) -> list[tuple[str, str]]:
    """Give what is remarked on the way, with the file it is about."""
    return [(finding.code, Path(finding.file).name) for finding in find([str(path) for path in paths])[1]]


def states(portfolio: Portfolio) -> dict[str, str]:
    """Give each workbook's state by the name of its file."""
    plans = portfolio["plans"]
    return {Path(file).name: state for file, state in zip(plans["file"], plans["state"], strict=True)}


def codes(portfolio: Portfolio) -> set[tuple[str, str]]:
    rows = portfolio.findings
    return {(Path(file).name, code) for file, code in zip(rows["file"], rows["code"], strict=True)}


# ------------------------------------------------------------------------------------------------------------- finding


def test_a_folder_is_searched_through_and_leaves_aside_what_is_no_workbook(tmp_path: Path) -> None:
    touch(tmp_path, "b.xlsx", "a.XLSX", "east/c.xlsm", "east/deep/d.xlsx")
    touch(tmp_path, "notes.txt", "accounts.csv", ".hidden.xlsx", "._a.xlsx")
    assert found(tmp_path) == ["a.XLSX", "b.xlsx", "c.xlsm", "d.xlsx"]
    assert remarks(tmp_path) == []


def test_lock_files_and_workbooks_of_other_forms_are_named(tmp_path: Path) -> None:
    touch(tmp_path, "a.xlsx", "~$a.xlsx", ".~lock.a.xlsx#", "old.xls", "fast.xlsb", "free.ods")
    assert found(tmp_path) == ["a.xlsx", "free.ods", "old.xls"]
    assert set(remarks(tmp_path)) == {("lock-file", "~$a.xlsx"), ("lock-file", ".~lock.a.xlsx#"), ("form-xlsb", "fast.xlsb")}


def test_a_file_that_was_named_is_never_passed_over_in_silence(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt", ".hidden.xlsx")
    assert remarks(tmp_path / "notes.txt") == [("no-workbook", "notes.txt")]
    assert found(tmp_path / ".hidden.xlsx") == [".hidden.xlsx"]


def test_a_pattern_gives_files_and_folders(tmp_path: Path) -> None:
    touch(tmp_path, "2026/east/a.xlsx", "2026/west/b.xlsx", "2025/east/c.xlsx")
    assert found(tmp_path / "2026" / "*" / "*.xlsx") == ["a.xlsx", "b.xlsx"]
    assert found(tmp_path / "*" / "east") == ["c.xlsx", "a.xlsx"]
    assert found(tmp_path / "**" / "*.xlsx") == ["c.xlsx", "a.xlsx", "b.xlsx"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    touch(tmp_path, "plan [1].xlsx", "plan 1.xlsx")
    assert found(tmp_path / "plan [1].xlsx") == ["plan [1].xlsx"]


@pytest.mark.parametrize("path", ["nowhere", "*.xlsx", "memory://nowhere/at/all", "memory://nowhere/*.xlsx"])
def test_a_path_that_leads_nowhere_is_wrong_usage(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageProblem, match="nothing at"):
        find([path])


def test_an_address_that_cannot_be_reached_is_wrong_usage() -> None:
    with pytest.raises(UsageProblem, match="gopher://plans cannot be reached"):
        find(["gopher://plans"])


def test_a_folder_that_may_not_be_looked_into_is_told_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch(tmp_path, "a.xlsx", "secret/b.xlsx")
    scan = os.scandir

    def guarded(path: str) -> object:
        if Path(path).name == "secret":
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert found(tmp_path) == ["a.xlsx"]
    assert remarks(tmp_path) == [("path-unreachable", "secret")]


def test_a_workbook_is_read_once_however_often_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "plans/a.xlsx")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "plans" / "a.xlsx")
    monkeypatch.chdir(tmp_path)
    assert found("plans", "./plans/a.xlsx", tmp_path / "plans", "plans/*.xlsx", "link.xlsx") == ["a.xlsx"]


def test_tables_that_import_wrote_are_not_taken_for_plans(tmp_path: Path) -> None:
    touch(tmp_path, "a.xlsx")
    write_tables({"facts": pandas.DataFrame({"motto": ["x"]})}, tmp_path / "tables", "xlsx")
    touch(tmp_path, "tables/b.xlsx")
    assert (tmp_path / "tables" / "tables.xlsx").exists()
    assert found(tmp_path) == ["a.xlsx", "b.xlsx"]


def test_a_zip_gives_its_workbooks_and_names_what_was_left_in_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "plans.zip", "w") as archive:
        for name in ("a.xlsx", "east/b.xlsx", "__MACOSX/._a.xlsx", "~$a.xlsx", "old.xlsb", "more.zip", "readme.txt"):
            archive.writestr(name, b"")
    assert found(tmp_path / "plans.zip") == ["a.xlsx", "b.xlsx"]
    told = remarks(tmp_path / "plans.zip")
    assert set(told) == {("lock-file", "~$a.xlsx"), ("form-xlsb", "old.xlsb"), ("zip-damaged", "more.zip")}


def test_a_zip_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "plans.zip").write_bytes(b"PK and nothing else")
    assert remarks(tmp_path / "plans.zip") == [("zip-damaged", "plans.zip")]


def test_a_member_packed_without_a_date_has_none(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "plans.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.xlsx", (1980, 0, 0, 0, 0, 0)), b"content")
    assert bytes_of(Source(str(tmp_path / "plans.zip"), "a.xlsx")) == (b"content", None)


def test_a_member_that_unfolds_without_end_is_not_unfolded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST", 1_000)
    with zipfile.ZipFile(tmp_path / "plans.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xlsx", bytes(1_000_000))
    assert len(bytes_of(Source(str(tmp_path / "plans.zip"), "a.xlsx"))[0]) == 1_001


# ------------------------------------------------------------------------------------------------------------- reading


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a good plan, another's, and what is none."""
    folder = tmp_path_factory.mktemp("plans")
    write(folder / "acme.xlsx")
    write(folder / "east" / "beta.xlsx", "B-2", "Beta", motto="Hold on", revenue=50.0)
    (folder / "broken.xlsx").write_bytes((folder / "acme.xlsx").read_bytes()[:5_000])
    (folder / "east" / "noise.xlsx").write_bytes(b"\x00" * 100)
    return folder


def test_good_workbooks_are_read_from_among_bad_ones(plans: Path) -> None:
    portfolio = read_plans(plans)
    assert {name for name, state in states(portfolio).items() if state == "current"} == {"acme.xlsx", "beta.xlsx"}
    assert {name for name, state in states(portfolio).items() if state == "rejected"} == {"broken.xlsx", "noise.xlsx"}
    assert codes(portfolio) == {("broken.xlsx", "workbook-damaged"), ("noise.xlsx", "workbook-damaged")}
    assert portfolio["facts"]["revenue"].tolist() == [1200.0, 50.0]


def test_a_zip_reads_as_its_folder_does(plans: Path, tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "plans"), "zip", plans)
    portfolio = read_plans(packed)
    assert states(portfolio) == states(read_plans(plans))
    assert "plans.zip/east/beta.xlsx" in portfolio["plans"]["file"].str.replace(f"{tmp_path}/", "").tolist()


@pytest.fixture
def in_memory(plans: Path) -> Iterator[str]:
    system = fsspec.filesystem("memory")
    for name in ("acme.xlsx", "east/beta.xlsx"):
        system.pipe(f"/cloud/{name}", (plans / name).read_bytes())
    yield "memory://cloud"
    system.rm("/cloud", recursive=True)


def test_a_cloud_folder_a_pattern_and_a_single_address_are_read(in_memory: str) -> None:
    assert set(states(read_plans(in_memory))) == {"acme.xlsx", "beta.xlsx"}
    assert set(states(read_plans(f"{in_memory}/*.xlsx"))) == {"acme.xlsx"}
    portfolio = read_plans(f"{in_memory}/east/beta.xlsx")
    assert portfolio["facts"]["motto"].tolist() == ["Hold on"]


def test_a_zip_in_the_cloud_is_read(plans: Path, tmp_path: Path, in_memory: str) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "plans"), "zip", plans))
    fsspec.filesystem("memory").pipe("/cloud/plans.zip", packed.read_bytes())
    assert states(read_plans(f"{in_memory}/plans.zip"))["beta.xlsx"] == "current"


def test_of_two_versions_the_one_saved_last_counts_and_the_other_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a-new.xlsx", saved="2026-11-20T10:00:00Z", revenue=2.0)
    write(tmp_path / "b-old.xlsx", saved="2026-11-19T23:00:00Z", revenue=1.0)
    portfolio = read_plans(tmp_path)
    assert states(portfolio) == {"a-new.xlsx": "current", "b-old.xlsx": "superseded"}
    assert codes(portfolio) == {("b-old.xlsx", "workbook-superseded")}
    assert portfolio["facts"]["revenue"].tolist() == [2.0]


def test_without_a_date_of_its_own_the_files_date_says_which_is_newer(tmp_path: Path) -> None:
    for name, second, revenue in (("a.xlsx", 2_000_000_000, 2.0), ("b.xlsx", 1_900_000_000, 1.0)):
        write(tmp_path / name, saved="never", revenue=revenue)
        os.utime(tmp_path / name, (second, second))
    assert states(read_plans(tmp_path)) == {"a.xlsx": "current", "b.xlsx": "superseded"}


def test_the_files_date_is_told_in_universal_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    (tmp_path / "a.xlsx").write_bytes(b"")
    os.utime(tmp_path / "a.xlsx", (0, 0))
    assert str(bytes_of(Source(str(tmp_path / "a.xlsx")))[1]) == "1970-01-01 00:00:00"


def test_identical_copies_are_named_as_such(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx")
    shutil.copy(tmp_path / "a.xlsx", tmp_path / "a (1).xlsx")
    portfolio = read_plans(tmp_path)
    assert sorted(states(portfolio).values()) == ["current", "superseded"]
    assert {code for _, code in codes(portfolio)} == {"workbook-twice"}


def test_one_account_number_with_two_names_is_a_warning_whichever_counts(tmp_path: Path) -> None:
    write(tmp_path / "acme.xlsx", "A-1", "Acme", saved="2026-11-20T10:00:00Z")
    write(tmp_path / "beta.xlsx", "A-1", "Beta", saved="2026-11-19T10:00:00Z")
    write(tmp_path / "next.xlsx", "A-1", "Gamma", year=2027)
    portfolio = read_plans(tmp_path)
    assert codes(portfolio) == {("beta.xlsx", "workbook-superseded"), ("beta.xlsx", "two-names"), ("next.xlsx", "two-names")}
    told = portfolio.findings.set_index("code")["message"]["two-names"].iloc[0]
    assert f"“Beta” in {tmp_path / 'beta.xlsx'} and “Acme” in {tmp_path / 'acme.xlsx'}" in told


def test_lock_files_are_findings_and_no_workbooks(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx")
    touch(tmp_path, "~$a.xlsx")
    portfolio = read_plans(tmp_path)
    assert states(portfolio) == {"a.xlsx": "current"}
    assert codes(portfolio) == {("~$a.xlsx", "lock-file")}


def test_strict_takes_repairs_for_errors(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx")
    renamed = changed(path.read_bytes(), {"xl/workbook.xml": lambda part: part.replace(b'name="Facts"', b'name="My facts"')})
    path.write_bytes(renamed)
    assert read_plans(path).findings[["code", "severity"]].values.tolist() == [["tab-renamed", "repair"]]
    assert read_plans(path, strict=True).findings[["code", "severity"]].values.tolist() == [["tab-renamed", "error"]]


def test_a_folder_without_workbooks_gives_empty_tables(tmp_path: Path) -> None:
    portfolio = read_plans(tmp_path)
    assert portfolio["plans"].empty and portfolio.findings.empty


# ----------------------------------------------------------------------------------------------------------- processes


def test_several_processes_give_what_one_gives(tmp_path: Path) -> None:
    for number in range(18):
        write(tmp_path / f"{number:02}.xlsx", f"A-{number}", revenue=float(number))
    (tmp_path / "bad.xlsx").write_bytes(b"")
    one, two = read_plans(tmp_path, as_of=TODAY), read_plans(tmp_path, as_of=TODAY, jobs=2)
    assert list(one) == list(two)
    for name, table in one.items():
        pandas.testing.assert_frame_equal(table, two[name])


def test_progress_is_told_of_every_workbook(plans: Path) -> None:
    told: list[int] = []

    @contextmanager
    def progress(total: int) -> Iterator[Callable[[int], None]]:
        told.append(-total)
        yield told.append

    read_plans(plans, progress=progress)
    assert told[0] == -4 and sum(told) == 0


def test_a_fault_of_our_own_is_a_finding_on_that_workbook(plans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(data: bytes, file: str, **_: object) -> Reading:
        if file.endswith("beta.xlsx"):
            raise AssertionError("never to happen")
        return Reading(file)

    monkeypatch.setattr(reading, "read_workbook", read)
    pack = unpacked(read_packed(Task(tuple(find([plans])[0]), TODAY)))
    table = pack.table("findings")
    assert table is not None
    [finding] = table.to_pylist()
    assert (finding["code"], Path(finding["file"]).name) == ("reading-failed", "beta.xlsx")
    assert "AssertionError in test_collect.py" in finding["message"]
    assert [workbook.lasting for workbook in pack.workbooks if workbook.file.endswith("beta.xlsx")] == [False]


def test_a_file_that_goes_while_others_are_read_is_a_finding(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx")
    found = unpacked(read_packed(Task((Source(str(tmp_path / "a.xlsx")), Source(str(tmp_path / "gone.xlsx"))), TODAY)))
    table = found.table("findings")
    assert table is not None
    [finding] = table.to_pylist()
    assert finding["code"] == "file-unreadable" and "No such file" in finding["message"]


# ------------------------------------------------------------------------------------------- tables that import wrote


@pytest.mark.parametrize("format", ["parquet", "csv", "xlsx"])
def test_the_tables_of_an_import_read_as_the_workbooks_did(plans: Path, tmp_path: Path, format: str) -> None:
    shutil.copytree(plans, tmp_path / "plans")
    write(tmp_path / "plans" / "acme before.xlsx", saved="2020-01-01T00:00:00Z")
    touch(tmp_path / "plans", "~$acme.xlsx")
    portfolio = read_plans(tmp_path / "plans")
    assert len(set(states(portfolio).values())) == 3
    write_tables(portfolio, tmp_path / "tables", format)
    again = read_plans(tmp_path / "tables")
    assert set(again) == set(portfolio)
    for name, table in portfolio.items():
        order = sorted(table.columns)
        one, two = (each[order].sort_values(order).reset_index(drop=True) for each in (table, again[name]))
        pandas.testing.assert_frame_equal(one, two)
    pandas.testing.assert_frame_equal(again.rollup("facts"), portfolio.rollup("facts"))


def test_tables_of_before_and_workbooks_of_today_are_one_collection(tmp_path: Path) -> None:
    write(tmp_path / "old.xlsx", saved="2026-01-01T10:00:00Z", revenue=1.0)
    write_tables(read_plans(tmp_path / "old.xlsx"), tmp_path / "tables")
    write(tmp_path / "new.xlsx", saved="2026-02-01T10:00:00Z", revenue=2.0)
    portfolio = read_plans([tmp_path / "tables", tmp_path / "new.xlsx"])
    assert states(portfolio) == {"old.xlsx": "superseded", "new.xlsx": "current"}
    assert portfolio["facts"]["revenue"].tolist() == [2.0]


def test_workbooks_that_stand_beside_their_tables_are_read_themselves(tmp_path: Path) -> None:
    write(tmp_path / "a.xlsx", revenue=1.0)
    write_tables(read_plans(tmp_path), tmp_path)
    write(tmp_path / "a.xlsx", revenue=2.0)
    assert read_plans(tmp_path)["facts"]["revenue"].tolist() == [2.0]


def test_tables_that_are_not_those_of_an_import_are_told(tmp_path: Path) -> None:
    write_tables({"facts": pandas.DataFrame({"motto": ["x"]})}, tmp_path)
    with pytest.raises(UsageProblem, match="not those of an import"):
        read_plans(tmp_path)
