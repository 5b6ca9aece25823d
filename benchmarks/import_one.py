"""One workbook."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas
import python_calamine

from accountsheet.blocks import kinds
from accountsheet.judge import judge
from accountsheet.layout import Layout
from accountsheet.plan import Plan
from accountsheet.reader import read_workbook
from accountsheet.source import load_blueprint
from accountsheet.writer import write_plan
from benchmarks.contest import Contest, Goal

SAMPLE = Path(__file__).parent.parent / "samples" / "workbooks" / "NB-0417 Kwartelmeer Zuivel.xlsx"
OTHER = "account-plan"
AS_OF = datetime.date(2026, 11, 22)
NOTE = (
    "From the bytes of a filled-in workbook. accountsheet finds every answer wherever it stands now, reads it, goes through all "
    "other cells, calculates, and judges every check; the others load the same sheets as they are, and nothing more."
)


def contests(folder: Path) -> Iterator[Contest]:
    """Measure the import of one filled-in workbook of the largest blueprint, and of another."""
    plan = read_workbook(SAMPLE.read_bytes(), SAMPLE.name).plan
    if plan is None:
        raise RuntimeError(f"{SAMPLE} cannot be read")
    yield contest(SAMPLE, plan)
    other = moved(plan)
    path = folder / f"{OTHER}.xlsx"
    write_plan(other, path, today=AS_OF)
    yield contest(path, other)


def moved(plan: Plan) -> Plan:
    """Give a plan on the other blueprint, with the answers that both ask for."""
    empty = replace(plan, blueprint=load_blueprint(OTHER, kinds()), answers={}, prefilled=frozenset())
    layout: Layout = empty.layout()
    return replace(empty, answers={key: value for key, value in plan.answers.items() if key in layout.slots})


def contest(path: Path, plan: Plan) -> Contest:
    """Set the import of a workbook against loading it."""
    data = path.read_bytes()
    own, calamine, pandas_way = "accountsheet, all checks included", "python-calamine", "pandas.read_excel, openpyxl"
    ways: dict[str, Callable[[], object]] = {
        calamine: lambda: loaded(data),
        own: lambda: judge(read_workbook(data, path.name), AS_OF),
        "openpyxl": lambda: openpyxl.load_workbook(io.BytesIO(data)),
        "pandas.read_excel, calamine": lambda: pandas.read_excel(io.BytesIO(data), sheet_name=None, engine="calamine"),
        pandas_way: lambda: pandas.read_excel(io.BytesIO(data), sheet_name=None, engine="openpyxl"),
    }
    goals = [Goal(own, pandas_way, times_faster=20), Goal(own, calamine, times_as_long=1.5)]
    title = f"Importing one workbook: {plan.blueprint.id}, {len(plan.answers)} answers"
    return Contest(title, ways, goals, rounds=15, note=NOTE)


def loaded(data: bytes) -> object:
    """Load every sheet into lists."""
    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in workbook.sheet_names]
