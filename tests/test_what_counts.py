"""What is told of workbooks beside one another: only what still asks for something, the unread before what checks say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import openpyxl
import pytest
from click.testing import CliRunner, Result
from fsspec.spec import AbstractFileSystem

from accountsheet.cli import main
from accountsheet.collect import read_plans
from accountsheet.finding import Finding
from accountsheet.phrases import remark
from accountsheet.portfolio import findings_in
from accountsheet.settling import SETTLED
from accountsheet.sources import Source, bytes_of, find
from small import write


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """Put a bad workbook in a folder, beside the mended one that was saved after it."""
    folder = tmp_path / "plans"
    bad = write(folder / "bad.xlsx")
    book = openpyxl.load_workbook(bad)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == 1200:
                    cell.value = "rather a lot"
                elif cell.value == 300:
                    cell.value = "1,200.50 euro"
                elif cell.value == "Motto":
                    sheet.title = "Called otherwise"
    book.save(bad)
    write(folder / "mended.xlsx", saved="2099-01-01T10:00:00Z")
    return folder


COMMANDS = ["check", "check --strict", "import --out tables", "portfolio --out s.xlsx"]


@pytest.mark.parametrize("given", COMMANDS)
def test_a_mended_workbook_beside_the_bad_one_ends_well(
    given: str, both: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    command, *more = given.split()
    done = run(command, both, *more)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("2 workbooks read: 1 info")
    [line] = done.stderr.splitlines()
    assert line == f"info: {both / 'bad.xlsx'} is an older version of the plan in {both / 'mended.xlsx'}, which counts."
    told = json.loads(run(command, both, *more, "--json").stdout)
    assert (told["ok"], told["counts"]) == (True, {"info": 1})
    assert [each["code"] for each in told["findings"]] == ["workbook-superseded"]
    assert run("check", both / "bad.xlsx").exit_code == 1


def test_what_was_wrong_with_the_older_one_stays_in_the_table_of_findings(both: Path) -> None:
    portfolio = read_plans(both)
    assert {"not-a-number", "tab-renamed", "workbook-superseded"} <= set(portfolio.findings["code"])
    assert set(portfolio.open_findings["code"]) <= SETTLED


def test_the_tables_and_the_workbooks_that_they_were_made_of_count_once(both: Path, tmp_path: Path) -> None:
    assert run("import", both, "--out", tmp_path / "tables").exit_code == 0
    told = json.loads(run("check", tmp_path / "tables", both, "--json").stdout)
    assert sorted(plan["state"] for plan in told["plans"]) == ["current", "superseded"]
    assert [each["code"] for each in told["findings"]] == ["workbook-superseded"]


def test_a_file_that_was_passed_over_is_named_and_a_value_that_was_plainly_meant_is_not(tmp_path: Path) -> None:
    path = write(tmp_path / "acme.xlsx")
    book = openpyxl.load_workbook(path)
    [cell] = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == 1200]
    cell.value = "1,200"
    book.save(path)
    (tmp_path / "~$acme.xlsx").write_bytes(b"")
    done = run("check", tmp_path)
    assert done.stdout == "1 workbook read: 2 info\n"
    [line] = done.stderr.splitlines()
    assert "~$acme.xlsx only shows that somebody has the workbook open" in line


def test_what_could_not_be_read_goes_before_what_a_check_makes_of_the_rest() -> None:
    import pandas

    checks = [Finding("check-coach-known", severity, "No coach.") for severity in ("warning", "error")]
    read = [remark("unplaced", raw="x"), remark("error-cell", raw="#REF!")]
    table = pandas.DataFrame([{**{name: getattr(each, name) for name in Finding.__slots__}} for each in [*checks, *read]])
    found = [each.code for each in findings_in(table)]
    assert found == ["error-cell", "check-coach-known", "unplaced", "check-coach-known"]


class Web(AbstractFileSystem):  # type: ignore[misc]
    """A file system that calls its files by their whole address, as that for https:// does."""

    protocol = "web"
    files: ClassVar[dict[str, bytes]] = {}

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return path

    def find(self, path: str, **_: Any) -> list[str]:
        return sorted(each for each in self.files if each.startswith(path))

    def _open(self, path: str, mode: str = "rb", **_: Any) -> Any:
        import io

        return io.BytesIO(self.files[path])


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    fsspec.register_implementation("web", Web, clobber=True)
    Web.files = {"web://host/plans/acme.xlsx": write(tmp_path / "acme.xlsx").read_bytes()}
    yield "web://host/plans"
    Web.files = {}


def test_a_file_system_that_knows_whole_addresses_is_read(web: str) -> None:
    [source] = find([web])[0]
    assert source.name == "web://host/plans/acme.xlsx"
    assert bytes_of(Source(source.path))[0].startswith(b"PK")


def test_what_follows_a_question_mark_in_an_address_is_no_part_of_the_name() -> None:
    from accountsheet.sources import kind_of

    assert kind_of("https://host/plan.xlsx?download=1") == "workbook"
    assert kind_of("https://host/plans.zip?sig=a.b") == "zip"


def test_the_date_of_a_file_at_an_address_is_known(tmp_path: Path) -> None:
    path = write(tmp_path / "acme.xlsx")
    assert bytes_of(Source(f"file://{path}")) == bytes_of(Source(str(path)))
