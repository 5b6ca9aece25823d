"""Work in processes of their own: bounded in time and memory, and none of them takes another down."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

import deadly
from accountsheet import reading, worker
from accountsheet.executors import hands
from accountsheet.packs import Pack, unpacked
from accountsheet.reading import Task, read_guarded, read_task
from accountsheet.sources import Source
from accountsheet.worker import Stopped, borrowed

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the bounds be narrow, and the reader one that dies of some workbooks."""
    monkeypatch.setattr(worker, "SECONDS", 2.5)
    monkeypatch.setattr(worker, "MEGABYTES", 250)
    monkeypatch.setattr(reading, "read_packed", deadly.read_packed)


def task(*names: str) -> Task:
    return Task(tuple(Source(name) for name in names), TODAY)


def told(packs: list[Pack]) -> dict[str, list[str]]:
    """Give the remarks on each workbook, by its name."""
    found: dict[str, list[str]] = {workbook.file: [] for pack in packs for workbook in pack.workbooks}
    for pack in packs:
        table = pack.table("findings")
        for row in table.to_pylist() if table is not None else ():
            found[row["file"]].append(row["code"])
    return found


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("kills x", "workbook-kills"),
        ("aborts x", "workbook-kills"),
        ("hangs x", "workbook-endless"),
        ("eats x", "workbook-too-large"),
    ],
)
def test_what_a_workbook_does_to_its_reader_is_told_of_that_one_alone(name: str, code: str) -> None:
    assert told(read_task(task("a", "b", name, "c"))) == {"a": [], "b": [], name: [code], "c": []}


def test_many_deadly_workbooks_at_once_are_each_found_in_several_processes() -> None:
    names = [f"{'kills' if number in (7, 13) else 'fine'} {number}" for number in range(20)]
    tasks = [task(*names[start : start + 5]) for start in range(0, 20, 5)]
    with hands(2) as workers:
        packs = [pack for _, read in workers.done(read_task, tasks) for pack in read]
    assert told(packs) == {name: ["workbook-kills"] * name.startswith("kills") for name in names}


def test_the_clock_starts_again_with_each_workbook() -> None:
    with borrowed() as process:
        assert process.call(deadly.grows_slowly, "slow but sure") == b"slow but sure"


def test_a_library_that_prints_spoils_no_answer() -> None:
    with borrowed() as process:
        assert process.call(deadly.prints) == b"done"


def test_a_process_is_used_again_and_one_that_died_is_not() -> None:
    with borrowed() as first:
        first.call(deadly.prints)
    with borrowed() as second:
        assert second is first
    with pytest.raises(Stopped), borrowed() as second:
        second.call(deadly.read_packed, task("kills x"))
    with borrowed() as third:
        assert third is not first and third.call(deadly.prints) == b"done"


def test_processes_end_with_the_one_that_started_them() -> None:
    code = (
        "import time\nfrom accountsheet import worker\nworker.prepare()\n"
        "print(worker._idle[0]._process.pid, flush=True)\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    gone, _ = psutil.wait_procs([child], timeout=30)
    assert gone == [child]


def test_a_module_in_the_current_folder_is_not_mistaken_for_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "zipfile.py").write_text("import os\nos._exit(3)\n")
    monkeypatch.chdir(tmp_path)
    fresh = worker.Worker()
    try:
        assert fresh.call(deadly.prints) == b"done"
    finally:
        fresh.end()


def test_a_script_needs_no_guard_around_its_own_code(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(
        "import accountsheet, sys\nprint('once')\n"
        f"found = accountsheet.read_plans({str(tmp_path / 'x.xlsx')!r}, jobs=2)\nprint(found.findings['code'].tolist())\n"
    )
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    done = subprocess.run([sys.executable, tmp_path / "script.py"], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.split("\n")[:2] == ["once", "['workbook-damaged']"]


def test_a_broken_off_run_begins_nothing_more() -> None:
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        time.sleep(0.05)
        return number

    with pytest.raises(KeyboardInterrupt), hands(1) as workers:
        for _ in workers.done(work, range(50)):
            raise KeyboardInterrupt
    assert len(begun) < 5


def test_a_task_of_nothing_but_deadly_workbooks_gives_each_once() -> None:
    names = ["kills 1", "a", "hangs 2"]
    packs = [unpacked(content) for content in read_guarded(task(*names))]
    assert sorted(workbook.file for pack in packs for workbook in pack.workbooks) == sorted(names)
