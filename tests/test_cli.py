"""The command line: clear messages, one JSON document, exit statuses, and nothing of anybody's overwritten."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from accountsheet import console
from accountsheet.cli import main
from accountsheet.reader import read_workbook
from small import MOTTO, SMALL, changed, write

ROOT = Path(__file__).parent.parent
Run = Callable[..., Result]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder with a small blueprint."""
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(here: Path) -> Run:
    """Run a command, and hold it to its exit status; never may it end in a traceback."""

    def invoke(command: str, *more: object, status: int = 0) -> Result:
        result = CliRunner().invoke(main, [*command.split(), *map(str, more)])
        assert result.exit_code == status, result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    return invoke


@pytest.fixture
def plans(here: Path) -> Path:
    """Give a folder with two plans that are in order."""
    write(here / "plans" / "acme.xlsx")
    write(here / "plans" / "beta.xlsx", "B-2", "Beta")
    return here / "plans"


@pytest.fixture
def accounts(here: Path) -> Path:
    path = here / "accounts.csv"
    path.write_text("account_id;account;owner\n1;Acme;Robin\n2;Beta;Sam\n", encoding="utf-8")
    return path


def document(result: Result) -> Any:
    """Read the one JSON document on stdout."""
    return json.loads(result.stdout)


def codes(result: Result) -> list[str]:
    return [finding["code"] for finding in document(result)["findings"]]


def commands(group: click.Group = main, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield (*before, name), command


# ------------------------------------------------------------------------------------------------------- every command


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_every_command_has_an_example_and_json(path: tuple[str, ...], run: Run) -> None:
    told = run(" ".join(path), "--help").stdout
    assert f"accountsheet {' '.join(path)}" in told
    assert "--json" in told


@pytest.mark.parametrize("path", [path for path, command in commands() if command.params], ids=" ".join)
def test_a_wrong_option_is_told_as_json_too_where_that_is_asked_for(path: tuple[str, ...], run: Run) -> None:
    result = run(" ".join(path), "--json", "--no-such-option", status=2)
    assert codes(result) == ["usage"]
    assert "No such option" in result.stderr


def test_a_fault_of_our_own_is_told_without_a_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("never to happen")

    monkeypatch.setattr("accountsheet.library.bundled", fail)
    result = run("blueprint list --json", status=2)
    assert codes(result) == ["fault"]
    assert "AssertionError in test_cli.py" in result.stderr and console.TRACEBACK in result.stderr


def test_a_terminal_that_knows_few_letters_does_not_stop_a_run(plans: Path) -> None:
    write(plans / "łódź →.xlsx", "C-3", "Łódź")
    (plans / "ślad.xlsx").write_bytes(b"")
    for options in ([], ["--json"]):
        code = f"from accountsheet.cli import main; main(['check', 'plans', *{options!r}])"
        few = {**os.environ, "PYTHONIOENCODING": "ascii:strict", "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=few, cwd=plans.parent, check=False)
        assert done.returncode == 1, done.stderr
        assert b"Traceback" not in done.stderr
    assert "ślad.xlsx" in json.loads(done.stdout)["findings"][0]["file"]


# ----------------------------------------------------------------------------------------------------------- blueprint


def test_a_blueprint_is_listed_shown_copied_and_checked(run: Run) -> None:
    assert "overview-sheet" in [each["id"] for each in document(run("blueprint list --json"))]
    assert "Contact" in run("blueprint show overview-sheet").stdout
    assert document(run("blueprint show overview-sheet --json"))["id"] == "overview-sheet"
    assert document(run("blueprint copy overview-sheet ours.yaml --json"))["file"] == "ours.yaml"
    assert "fine" in run("blueprint check ours.yaml").stdout
    assert document(run("blueprint check ours.yaml --json")) == {"ok": True, "findings": []}
    assert "$schema" in document(run("blueprint schema"))


def test_a_copy_never_takes_the_place_of_a_file(run: Run) -> None:
    assert "exists already" in run("blueprint copy overview-sheet small.yaml", status=2).stderr
    assert Path("small.yaml").read_text(encoding="utf-8") == SMALL
    run("blueprint copy overview-sheet small.yaml --overwrite")


def test_a_blueprint_with_mistakes_is_told_line_by_line(run: Run) -> None:
    Path("small.yaml").write_text(SMALL.replace("type: money", "type: mony").replace("version", "versoin"), encoding="utf-8")
    result = run("blueprint check small.yaml", status=1)
    assert "small.yaml line 3: versoin means nothing here" in result.stderr
    assert result.stdout == ""
    assert set(codes(run("blueprint check small.yaml --json", status=1))) == {"unknown-key", "key-missing", "one-of"}
    run("generate small.yaml --starter accounts.csv")
    run("generate small.yaml --accounts accounts.csv --out plans", status=2)


@pytest.mark.parametrize("command", ["blueprint show", "blueprint check", "generate --accounts accounts.csv --out plans"])
@pytest.mark.parametrize("name", ["overvieuw", "no/such/file.yaml", "."])
def test_a_blueprint_that_is_not_there_is_told(command: str, name: str, accounts: Path, run: Run) -> None:
    first, _, rest = command.partition(" --")
    result = run(f"{first} {name}{' --' + rest if rest else ''}", "--json", status=2)
    assert set(codes(result)) <= {"blueprint-unknown", "blueprint-unreadable"}


# ------------------------------------------------------------------------------------------------------------ generate


def test_a_starter_and_its_workbooks_are_made(run: Run) -> None:
    assert document(run("generate --starter accounts.csv --json"))["starter"] == "accounts.csv"
    result = run("generate small.yaml --accounts accounts.csv --out plans --by owner --year 2030 --json")
    assert [Path(each).parent.name for each in document(result)["workbooks"]] == ["Robin Example", "Sam Voorbeeld"]
    plan = read_workbook(Path(document(result)["workbooks"][0]).read_bytes(), "x").plan
    assert plan is not None and (plan.year, plan.account.account_id, str(plan.due)) == (2030, "EXAMPLE-1", "2026-11-27")


def test_a_workbook_that_a_rep_may_have_typed_in_is_left_as_it_is(accounts: Path, run: Run) -> None:
    run("generate small.yaml --accounts accounts.csv --out plans")
    typed = write(Path("plans/1 Acme.xlsx"), "1", "Acme", motto="Mine").read_bytes()
    Path("plans/2 Beta.xlsx").unlink()
    result = run("generate small.yaml --accounts accounts.csv --out plans --json", status=1)
    assert codes(result) == ["file-exists"]
    assert [Path(each).name for each in document(result)["workbooks"]] == ["2 Beta.xlsx"]
    assert Path("plans/1 Acme.xlsx").read_bytes() == typed
    run("generate small.yaml --accounts accounts.csv --out plans --overwrite")
    assert Path("plans/1 Acme.xlsx").read_bytes() != typed


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("name,owner\nAcme,Robin\n", "missing-column"),
        ("account_id,account\n", "accounts-empty"),
        ("", "accounts-empty"),
        ('account_id,account\n1,"Acme\n', "open-quote"),
    ],
)
def test_an_accounts_file_that_is_none_makes_nothing(text: str, code: str, run: Run) -> None:
    Path("accounts.csv").write_text(text, encoding="utf-8")
    assert code in codes(run("generate small.yaml --accounts accounts.csv --out plans --json", status=2))
    assert not Path("plans").exists()


def test_a_missing_accounts_file_is_told(run: Run) -> None:
    assert codes(run("generate small.yaml --accounts accounts.csv --out plans --json", status=2)) == ["file-missing"]


def test_an_account_that_stands_twice_is_made_once(run: Run) -> None:
    Path("accounts.csv").write_text("account_id,account\n1,Acme\n2,Beta\n1,Acme again\n", encoding="utf-8")
    result = run("generate small.yaml --accounts accounts.csv --out plans --json", status=1)
    assert codes(result) == ["account-id-twice"]
    assert sorted(path.name for path in Path("plans").iterdir()) == ["1 Acme.xlsx", "2 Beta.xlsx"]


def test_accounts_whose_files_would_have_one_name_get_one_each(run: Run) -> None:
    Path("accounts.csv").write_text("account_id,account\na/1,X\na:1,X\nA?1,x\n", encoding="utf-8")
    run("generate small.yaml --accounts accounts.csv --out plans")
    assert sorted(path.name for path in Path("plans").iterdir()) == ["A-1 x (3).xlsx", "a-1 X (2).xlsx", "a-1 X.xlsx"]


def test_a_language_that_the_blueprint_does_not_have_is_told(accounts: Path, run: Run) -> None:
    Path("english.yaml").write_text(SMALL.replace("[en, nl]", "[en]"), encoding="utf-8")
    result = run("generate english.yaml --accounts accounts.csv --out plans --language nl --json", status=2)
    assert codes(result) == ["language-not-here"]
    result = run("generate small.yaml --accounts accounts.csv --out plans --language fr", status=2)
    assert "'fr' is not one of" in result.stderr
    accounts.write_text("account_id,account,language\n1,Acme,fr\n2,Beta,\n", encoding="utf-8")
    result = run("generate small.yaml --accounts accounts.csv --out plans --json")
    assert codes(result) == ["account-language"]
    assert len(document(result)["workbooks"]) == 2


@pytest.mark.parametrize("out", ["accounts.csv", "accounts.csv/plans"])
def test_a_folder_that_cannot_be_made_is_told(out: str, accounts: Path, run: Run) -> None:
    assert codes(run(f"generate small.yaml --accounts accounts.csv --out {out} --json", status=2)) == ["cannot-write"]


def test_a_folder_that_may_not_be_written_in_is_told(accounts: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert codes(run("generate small.yaml --accounts accounts.csv --out plans --json", status=2)) == ["cannot-write"]


def test_one_workbook_that_cannot_be_written_does_not_stop_the_others(accounts: Path, run: Run) -> None:
    Path("plans/1 Acme.xlsx").mkdir(parents=True)
    result = run("generate small.yaml --accounts accounts.csv --out plans --overwrite --json", status=1)
    assert codes(result) == ["cannot-write"]
    assert [Path(each).name for each in document(result)["workbooks"]] == ["2 Beta.xlsx"]


def test_tables_that_fit_nowhere_are_told(accounts: Path, run: Run) -> None:
    tables = {
        "facts": "account_id,moto,revenue\n1,x,lots\n",
        "deals": "name,amount\nRoof,1\n",
        "dealz": "account_id,name\n1,Roof\n",
    }
    Path("data").mkdir()
    for name, text in tables.items():
        Path(f"data/{name}.csv").write_text(text, encoding="utf-8")
    result = run("generate small.yaml --accounts accounts.csv --out plans --data data --json", status=1)
    assert sorted(codes(result)) == ["not-a-number", "prefill-unknown", "table-unused", "table-without-account"]
    assert len(document(result)["workbooks"]) == 2
    Path("data/deals.csv").write_text("account_id,row,name\n1,first,Roof\n", encoding="utf-8")
    result = run("generate small.yaml --accounts accounts.csv --out more --data data --json", status=1)
    assert "table-without-place" in codes(result)


def test_several_processes_make_what_one_makes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("accountsheet.generating")
    monkeypatch.setattr(module, "TRIED", 2)
    monkeypatch.setattr(module, "WORTH_IT", 0)
    lines = "".join(f"{number},Account {number}\n" for number in range(12))
    Path("accounts.csv").write_text(f"account_id,account\n{lines}", encoding="utf-8")
    Path("data").mkdir()
    Path("data/facts.csv").write_text("account_id,motto\n3,Three\n11,Eleven\n", encoding="utf-8")
    made = {}
    for jobs in (1, 2):
        result = run(f"generate small.yaml --accounts accounts.csv --out plans{jobs} --data data --jobs {jobs} --json")
        paths = [Path(each) for each in document(result)["workbooks"]]
        assert [path.name for path in paths] == [f"{number} Account {number}.xlsx" for number in range(12)]
        made[jobs] = [read_workbook(path.read_bytes(), path.name).plan for path in paths]
    assert made[1] == made[2]
    assert [plan.answers.get(MOTTO) for plan in made[2] if plan is not None and MOTTO in plan.answers] == ["Three", "Eleven"]


def test_a_process_that_dies_takes_no_workbook_with_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("accountsheet.generating")
    make, here = module.make, os.getpid()
    monkeypatch.setattr(module, "make", lambda *given: make(*given) if os.getpid() == here else os._exit(1))
    monkeypatch.setattr(module, "TRIED", 2)
    monkeypatch.setattr(module, "WORTH_IT", 0)
    lines = "".join(f"{number},Account {number}\n" for number in range(12))
    Path("accounts.csv").write_text(f"account_id,account\n{lines}", encoding="utf-8")
    result = run("generate small.yaml --accounts accounts.csv --out plans --jobs 2 --json")
    assert len(document(result)["workbooks"]) == 12


def test_a_process_that_dies_costs_no_rep_what_they_typed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("accountsheet.generating")
    make, here = module.make, os.getpid()
    monkeypatch.setattr(module, "make", lambda *given: make(*given) if os.getpid() == here else os._exit(1))
    monkeypatch.setattr(module, "TRIED", 2)
    monkeypatch.setattr(module, "WORTH_IT", 0)
    lines = "".join(f"{number},Account {number}\n" for number in range(12))
    Path("accounts.csv").write_text(f"account_id,account\n{lines}", encoding="utf-8")
    Path("plans").mkdir()
    Path("plans/5 Account 5.xlsx").write_bytes(b"typed by a rep")
    result = run("generate small.yaml --accounts accounts.csv --out plans --jobs 2 --json", status=1)
    assert Path("plans/5 Account 5.xlsx").read_bytes() == b"typed by a rep"
    assert len(document(result)["workbooks"]) == 11
    assert "file-exists" in codes(result)


# --------------------------------------------------------------------------------------------- check, import, portfolio

def test_an_import_that_is_broken_off_says_how_to_go_on(plans: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("accountsheet.importing.import_plans", broken_off)
    result = run("import plans --out out", status=130)
    assert "The same command goes on from where this one was" in result.stderr


READERS = {"check": [], "import": ["--out", "out"], "portfolio": ["--out", "out.xlsx"]}


@pytest.mark.parametrize("command", READERS)
def test_good_plans_end_well(command: str, plans: Path, run: Run) -> None:
    result = run(f"{command} plans", *READERS[command])
    assert result.stdout.startswith("2 workbooks read: no findings")
    told = document(run(f"{command} plans", *READERS[command], "--json"))
    assert told["ok"] is True and [plan["state"] for plan in told["plans"]] == ["current", "current"]


@pytest.mark.parametrize("command", READERS)
def test_good_plans_are_read_from_among_bad_ones_with_status_1(command: str, plans: Path, run: Run) -> None:
    (plans / "broken.xlsx").write_bytes(b"PK")
    (plans / "~$acme.xlsx").write_bytes(b"")
    result = run(f"{command} plans", *READERS[command], status=1)
    assert result.stdout.startswith("2 of 3 workbooks read: 1 error, 1 info")
    assert "plans/broken.xlsx: The file is damaged" in result.stderr
    told = document(run(f"{command} plans", *READERS[command], "--json", status=1))
    assert told["ok"] is False and told["counts"] == {"error": 1, "info": 1}
    assert {plan["state"] for plan in told["plans"]} == {"current", "rejected"}


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize(
    ("path", "code"),
    [("nowhere", "path-missing"), ("*.xlsx", "path-missing"), ("empty", "nothing-usable"), ("small.yaml", "no-workbook")],
)
def test_nothing_usable_is_status_2_and_writes_nothing(command: str, path: str, code: str, run: Run) -> None:
    Path("empty").mkdir()
    assert code in codes(run(f"{command} {path}", *READERS[command], "--json", status=2))
    assert not Path("out").exists() and not Path("out.xlsx").exists()


def test_what_is_wrong_with_the_only_workbook_is_told_with_status_2(run: Run) -> None:
    Path("acme.xlsx").write_bytes(b"PK")
    assert codes(run("check acme.xlsx --json", status=2)) == ["nothing-usable", "workbook-damaged"]


def test_strict_makes_a_repair_an_error(plans: Path, run: Run) -> None:
    path = plans / "acme.xlsx"
    renamed = changed(path.read_bytes(), {"xl/workbook.xml": lambda part: part.replace(b'name="Facts"', b'name="My facts"')})
    path.write_bytes(renamed)
    assert "1 repair" in run("check plans").stdout
    assert "1 error" in run("check plans --strict", status=1).stdout


def test_mondays_tables_give_way_to_tuesdays_in_any_format(plans: Path, run: Run) -> None:
    for options in ("", "--format csv", "--csv excel-nl", "--format xlsx", "--format parquet"):
        run(f"import plans --out out {options}")
    assert "facts.parquet" in os.listdir("out") and "tables.xlsx" not in os.listdir("out")


def test_tables_are_written_beside_the_plans_and_not_taken_for_one(plans: Path, run: Run) -> None:
    for _ in range(2):
        assert run("import plans --out plans --format xlsx").stdout.startswith("2 workbooks read")


def test_a_file_of_somebody_else_in_the_folder_is_left_alone(plans: Path, run: Run) -> None:
    Path("out").mkdir()
    Path("out/notes.txt").write_text("mine")
    run("import plans --out out")
    assert Path("out/notes.txt").read_text() == "mine"
    shutil.rmtree("out")
    Path("out").mkdir()
    Path("out/plans.parquet").write_text("mine")
    assert codes(run("import plans --out out --json", status=2)) == ["in-the-way"]
    assert {*os.listdir("out")} - {".accountsheet"} == {"plans.parquet"} and Path("out/plans.parquet").read_text() == "mine"


def test_a_file_where_a_folder_should_be_is_told(plans: Path, run: Run) -> None:
    assert codes(run("import plans --out small.yaml --json", status=2)) == ["cannot-write"]
    assert Path("small.yaml").read_text(encoding="utf-8") == SMALL


def test_a_summary_replaces_the_last_one_and_nothing_else(plans: Path, run: Run) -> None:
    for _ in range(2):
        assert run("portfolio plans --out plans/summary.xlsx").stdout.startswith("2 workbooks read")
    before = (plans / "acme.xlsx").read_bytes()
    assert codes(run("portfolio plans --out plans/acme.xlsx --json", status=2)) == ["in-the-way"]
    assert (plans / "acme.xlsx").read_bytes() == before
    assert codes(run("portfolio plans --out plans --json", status=2)) == ["usage"]
    assert codes(run("portfolio plans --out summary.csv --json", status=2)) == ["usage"]


def test_a_summary_is_told_apart_from_a_plan(plans: Path, run: Run) -> None:
    run("portfolio plans --out summary.xlsx")
    assert codes(run("check summary.xlsx --json", status=2)) == ["nothing-usable", "own-summary"]
    assert "1 info" in run("check summary.xlsx plans").stdout


def test_what_else_a_summary_is_made_of_is_looked_at_before_the_plans(plans: Path, run: Run) -> None:
    for option, file, code in (
        ("--expected", "nowhere.csv", "file-missing"),
        ("--rates", "nowhere.csv", "file-missing"),
        ("--previous", "nowhere", "path-missing"),
    ):
        assert codes(run(f"portfolio plans --out out.xlsx {option} {file} --json", status=2)) == [code]
    assert codes(run("portfolio plans --out out.xlsx --currency USD --json", status=2)) == ["usage"]


def test_an_error_in_the_accounts_file_is_part_of_the_outcome(plans: Path, run: Run) -> None:
    Path("accounts.csv").write_text("account_id,account\nA-1,Acme\nA-1,Acme\n", encoding="utf-8")
    result = run("portfolio plans --out out.xlsx --expected accounts.csv --json", status=1)
    assert codes(result) == ["account-id-twice"]
    assert document(result)["ok"] is False and Path("out.xlsx").exists()


def test_tables_of_an_import_are_read_in_place_of_workbooks(plans: Path, run: Run) -> None:
    run("import plans --out out")
    shutil.rmtree(plans)
    assert run("check out").stdout.startswith("2 workbooks read")
    run("portfolio out --previous out --out out.xlsx")


def test_a_zip_and_a_pattern_are_read(plans: Path, run: Run) -> None:
    shutil.make_archive("sent", "zip", plans)
    assert run("check sent.zip").stdout.startswith("2 workbooks read")
    assert run("check plans/a*.xlsx").stdout.startswith("1 workbook read")
    with zipfile.ZipFile("sent.zip", "a") as archive:
        archive.writestr("old.xls", b"")
    assert "sent.zip/old.xls" in run("check sent.zip", status=1).stderr


@pytest.mark.parametrize("options", ["--as-of tomorrow", "--jobs 0", "--as-of 2026-02-30"])
def test_an_option_that_cannot_be_read_is_wrong_usage(options: str, plans: Path, run: Run) -> None:
    assert codes(run(f"check plans {options} --json", status=2)) == ["usage"]
