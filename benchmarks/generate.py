"""Making workbooks."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from openpyxl import load_workbook

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.interface import load_blueprint
from accountsheet.plan import Plan, new_plan
from accountsheet.stamp import stamp_plan
from accountsheet.writer import write_plan
from benchmarks.contest import Contest, Folder, Goal

TOOL = "from accountsheet.cli import main; main()"
COPIED, STAMPED, PAINTED, RESAVED = "copied as a file", "stamped", "painted with xlsxwriter", "changed with openpyxl"


def contests(folder: Path) -> Iterator[Contest]:
    """Measure one workbook at a time, blank and prefilled, and whole runs of the command."""
    for name in ("overview-sheet", "account-plan"):
        yield one(f"A blank workbook: {name}", blank_plans(name), folder / name)
    yield one("A workbook with contacts, opportunities and objectives filled in beforehand", prefilled_plans(), folder / "filled")
    yield runs(folder)


def one(title: str, plans: list[Plan], where: Path) -> Contest:
    """Write one workbook, each time for the next of the plans."""
    where.mkdir()
    folder = Folder(where / "out")
    folder.path.mkdir()
    for plan in plans:
        stamp_plan(plan, where / "first.xlsx")
    first, turn = where / "first.xlsx", cycle(plans)

    def resave() -> None:
        book = load_workbook(first)
        book.worksheets[0]["B2"] = next(turn).account.account
        book.save(folder.new())

    ways: dict[str, Callable[[], object]] = {
        COPIED: lambda: shutil.copyfile(first, folder.new()),
        STAMPED: lambda: stamp_plan(next(turn), folder.new()),
        PAINTED: lambda: write_plan(next(turn), folder.new()),
        RESAVED: resave,
    }
    goals = [Goal(STAMPED, PAINTED, times_faster=100), Goal(STAMPED, COPIED, times_as_long=2.5)]
    note = f"{first.stat().st_size / 1000:.0f} kB; every workbook is another account's; the master has been painted already."
    return Contest(title, ways, goals, tidy=folder.empty, note=note)


def blank_plans(name: str, count: int = 100) -> list[Plan]:
    """Make the plans of blank workbooks."""
    blueprint = load_blueprint(name)
    return [new_plan(blueprint, account(number), language="nl", year=2026)[0] for number in range(count)]


def prefilled_plans() -> list[Plan]:
    """Make plans of which each has other rows filled in beforehand."""
    return [with_rows(plan, number) for number, plan in enumerate(blank_plans("overview-sheet"))]


def with_rows(plan: Plan, number: int) -> Plan:
    """Fill in some rows beforehand."""
    answers = dict(plan.answers)
    for row in range(1, 3 + number % 4):
        contact, chance, aim = ((block, row, "") for block in ("contacts", "opportunities", "objectives"))
        answers |= {Key(*contact, "name"): f"Contact {number}.{row}", Key(*contact, "job_title"): "Inkoper"}
        answers |= {Key(*chance, "description"): f"Kans {row}", Key(*chance, "amount"): 1e4 * number}
        answers[Key(*aim, "description")] = f"Doel {row} voor account {number}"
    return replace(plan, answers=answers, prefilled=frozenset(answers))


def account(number: int) -> Account:
    """Make an account up."""
    rep = f"e{number % 7}@example.com"
    return Account(
        f"NB-{number:05}",
        f"Voorbeeld & Zonen {number}",
        rep.title(),
        rep,
        "ABC"[number % 3],
        "Oost",
        currency="EUR",
        language="nl",
    )


def runs(folder: Path) -> Contest:
    """Run the command for many accounts."""
    ways = {}
    for count in (1_000, 10_000):
        accounts = folder / f"{count}.csv"
        lines = [f"{each.account_id},{each.account},{each.owner},{each.segment}\n" for each in map(account, range(count))]
        accounts.write_text("account_id,account,owner,segment\n" + "".join(lines), encoding="utf-8")
        for jobs in (1, 2):
            command = [
                "generate",
                "overview-sheet",
                "--accounts",
                accounts,
                "--out",
                folder / "runs",
                "--overwrite",
                "--jobs",
                str(jobs),
            ]
            ways[f"{count:,} accounts, {jobs} process{'es' * (jobs > 1)}"] = [
                sys.executable,
                "-W",
                "ignore",
                "-c",
                TOOL,
                *command,
            ]
    return Contest(
        "The command, from start to end", ways, rounds=3, tidy=lambda: shutil.rmtree(folder / "runs", ignore_errors=True)
    )
