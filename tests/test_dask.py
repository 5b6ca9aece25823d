"""A real Dask scheduler and two workers, each a process of its own: what they give is what one process gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas
import pytest
from click.testing import CliRunner

from accountsheet.cli import main
from accountsheet.collect import read_plans
from accountsheet.executors import hands
from accountsheet.finding import UsageProblem
from accountsheet.importing import import_plans
from small import TODAY, write

distributed = pytest.importorskip("distributed") if os.environ.get("CI") != "true" else __import__("distributed")
PLANS = 24


@dataclass
class Cluster:
    """A scheduler and its workers."""

    address: str
    start: Callable[[], subprocess.Popen[bytes]]
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("dask")
    contact = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    dask = [sys.executable, "-W", "ignore", "-m", "dask"]

    def start() -> subprocess.Popen[bytes]:
        options = ["--scheduler-file", str(contact), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
        return subprocess.Popen([*dask, "worker", *options], **quiet)

    at = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(contact), "--no-dashboard"]
    scheduler = subprocess.Popen([*dask, "scheduler", *at], **quiet)
    workers: list[subprocess.Popen[bytes]] = []
    try:
        until = time.monotonic() + 60
        while not contact.exists() and time.monotonic() < until:
            time.sleep(0.05)
        workers += [start(), start()]
        address = json.loads(contact.read_text())["address"]
        with distributed.Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        yield Cluster(address, start, workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give plans, an older version of one, and a file that is none."""
    folder = tmp_path_factory.mktemp("plans")
    for number in range(PLANS - 2):
        write(folder / f"{number:02}.xlsx", f"A-{number}", f"Acme {number}", revenue=float(number))
    write(folder / "older.xlsx", "A-3", "Acme 3", saved="2020-01-01T10:00:00Z")
    (folder / "bad.xlsx").write_bytes(b"no workbook")
    return folder


def test_one_worker_killed_midway_changes_nothing(
    cluster: Cluster, plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accountsheet.collect.LEAST", 1)
    monkeypatch.setattr("accountsheet.collect.MOST", 2)
    monkeypatch.setattr("accountsheet.importing.GROUP", 10)
    steps: list[int] = []

    @contextmanager
    def killing(total: int) -> Iterator[Callable[[int], None]]:
        def step(done: int) -> None:
            steps.append(done)
            if len(steps) == 2:
                cluster.workers[0].kill()

        yield step

    serial = import_plans(plans, tmp_path / "serial", as_of=TODAY)
    shared = import_plans(plans, tmp_path / "shared", as_of=TODAY, scheduler=cluster.address, progress=killing)
    assert cluster.workers[0].wait(timeout=30) != 0
    assert sum(steps) == PLANS and shared.read == serial.read == PLANS
    assert set(serial.portfolio) == set(shared.portfolio)
    for name in serial.portfolio:
        one, two = (pandas.read_parquet(tmp_path / each / f"{name}.parquet") for each in ("serial", "shared"))
        pandas.testing.assert_frame_equal(one, two)
    assert import_plans(plans, tmp_path / "shared", as_of=TODAY).read == 0


def test_roll_ups_by_the_workers_are_those_of_one_process(
    cluster: Cluster, plans: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accountsheet.importing.GROUP", 10)
    portfolio = import_plans(plans, tmp_path / "tables", as_of=TODAY).portfolio
    monkeypatch.chdir(tmp_path)
    for found in (portfolio, read_plans("tables")):
        shared = found.rollup("facts", "account_id", scheduler=cluster.address)
        pandas.testing.assert_frame_equal(shared, portfolio.rollup("facts", "account_id"))
        assert len(shared) == PLANS - 2
        counted = found.tally("deals", "name", scheduler=cluster.address)
        pandas.testing.assert_frame_equal(counted, portfolio.tally("deals", "name"))
    with distributed.Client(cluster.address, timeout=30):
        assert found.to_dask("facts")["revenue"].sum().compute() == portfolio["facts"]["revenue"].sum()


def test_a_client_is_taken_as_it_is_and_left_open(cluster: Cluster, plans: Path) -> None:
    with distributed.Client(cluster.address, timeout=30) as client:
        found = read_plans(plans, as_of=TODAY, scheduler=client)
        assert client.status == "running"
    assert len(found.plans) == PLANS - 2
    pandas.testing.assert_frame_equal(found["facts"], read_plans(plans, as_of=TODAY)["facts"])


def test_a_scheduler_by_its_address_on_the_command_line(cluster: Cluster, plans: Path) -> None:
    done = CliRunner().invoke(main, ["check", str(plans / "00.xlsx"), "--scheduler", cluster.address, "--json"])
    assert done.exit_code == 0, done.output
    assert [plan["account_id"] for plan in json.loads(done.stdout)["plans"]] == ["A-0"]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense"])
def test_a_scheduler_that_cannot_be_reached_is_wrong_usage(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accountsheet.executors.PATIENCE", 1)
    with pytest.raises(UsageProblem, match="cannot be reached"), hands(1, address):
        pass


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageProblem, match=r"pip install"), hands(1, "tcp://127.0.0.1:9"):
        pass
