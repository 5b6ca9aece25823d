"""The Python names that take a single file."""

from __future__ import annotations

import os

from accountsheet import source
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.finding import UsageProblem
from accountsheet.phrases import remark
from accountsheet.plan import Plan
from accountsheet.reader import read_workbook
from accountsheet.sources import Source, bytes_of


def load_blueprint(name: str | os.PathLike[str]) -> Blueprint:
    """Load a bundled blueprint by its id, or one of your own by its path; raises UsageProblem with every finding."""
    return source.load_blueprint(os.fspath(name), kinds())


def read_plan(path: str | os.PathLike[str], *, password: str = "") -> Plan:
    """Read one account's answers from a workbook; raises UsageProblem where it is no account plan.

    What was repaired or could not be read is not told here: `read_plans` gives the findings too.
    """
    try:
        data, modified = bytes_of(Source(os.fspath(path), passwords=(password,) if password else ()))
    except OSError as problem:
        raise UsageProblem(remark("file-unreadable", file=os.fspath(path), why=problem.strerror or str(problem))) from problem
    reading = read_workbook(data, os.fspath(path), modified=modified)
    if reading.plan is None:
        raise UsageProblem(*reading.findings)
    return reading.plan
