"""The whole round on the shipped samples: blank workbooks, filled-in ones imported, and the summary."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from accountsheet.accounts import read_accounts
from accountsheet.blocks import kinds
from accountsheet.collect import read_plans
from accountsheet.finding import Finding
from accountsheet.generating import generate
from accountsheet.library import DEFAULT
from accountsheet.portfolio import Portfolio
from accountsheet.source import load_blueprint
from accountsheet.tables import write_tables

YEAR, AS_OF = 2026, datetime.date(2026, 11, 22)
"""The samples' own year and day: what is overdue in them does not change with the calendar."""


@dataclass(frozen=True)
class Round:
    """What the demo made."""

    blank: Path
    filled: Path
    tables: Path
    summary: Path
    portfolio: Portfolio
    made: int
    findings: tuple[Finding, ...]


@contextmanager
def samples() -> Iterator[Path]:
    """Give the folder of samples: inside the package, or beside it in a checkout."""
    inside = files("accountsheet") / "samples"
    if inside.is_dir():
        with as_file(inside) as folder:
            yield folder
    else:
        yield Path(__file__).resolve().parent.parent / "samples"


def run(out: Path) -> Round:
    """Run the round into a folder, replacing what an earlier one made."""
    blueprint = load_blueprint(DEFAULT, kinds())
    blank, filled, tables, summary = out / "1 blank", out / "2 filled in", out / "3 tables", out / "4 summary.xlsx"
    with samples() as folder:
        accounts, _ = read_accounts(folder / "accounts.csv")
        made = generate(blueprint, accounts, blank, year=YEAR, by_owner=True, overwrite=True)
        filled.mkdir(parents=True, exist_ok=True)
        for workbook in sorted((folder / "workbooks").glob("*.xlsx")):
            shutil.copyfile(workbook, filled / workbook.name)
    portfolio = read_plans(filled, as_of=AS_OF)
    findings = list(write_tables(portfolio, tables, "parquet"))
    findings += [finding for each in made for finding in each.findings]
    portfolio.to_excel(summary, as_of=AS_OF, expected=accounts)
    return Round(blank, filled, tables, summary, portfolio, len(made), tuple(findings))
