"""Many workbooks."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pandas
import pyarrow
from pyarrow import compute, parquet

from accountsheet.accounts import Account
from accountsheet.blocks import kinds
from accountsheet.generating import generate
from accountsheet.importing import GROUP, import_plans
from accountsheet.source import load_blueprint
from accountsheet.tables import MANIFEST
from benchmarks.contest import Contest, Goal

TOOL = [sys.executable, "-c", "from accountsheet.cli import main; main()"]
SIZES = (100, 1_000, 10_000)
SAMPLES = Path(__file__).parent.parent / "samples" / "workbooks"
AS_OF = "2026-11-22"
BLUEPRINT = """
blueprint: brief
version: "1"
title: Brief
sections:
  facts:
    title: Facts
    blocks:
      facts:
        kind: form
        fields:
          account_id: {label: Number, from: account_id}
          account: {label: Account, from: account}
          owner: {label: Account manager, from: owner}
          revenue: {label: Revenue, type: money}
  deals:
    title: Deals
    blocks:
      deals: {kind: table, rows: "5", fields: {name: {label: Name}, amount: {label: Amount, type: money}}}
"""


def contests(folder: Path) -> Iterator[Contest]:
    """Measure how import and portfolio grow with the number of plans."""
    yield imports(folder)
    yield portfolios(folder)


def named(size: int) -> str:
    """Name a way by its number of plans."""
    return f"{size:,} plans"


def imports(folder: Path) -> Contest:
    """Import more and more workbooks of two short tabs: what is measured is what comes beside reading one."""
    (folder / "brief.yaml").write_text(BLUEPRINT, encoding="utf-8")
    blueprint = load_blueprint(str(folder / "brief.yaml"), kinds())
    ways = {}
    for size in SIZES:
        accounts = [Account(f"A-{number:05}", f"Account {number}", owner=f"Owner {number % 50}") for number in range(size)]
        generate(blueprint, accounts, folder / f"plans {size}", year=2026)
        ways[named(size)] = [*TOOL, "import", folder / f"plans {size}", "--out", folder / f"tables {size}", "--as-of", AS_OF]
    tidy = partial(removed, [folder / f"tables {size}" for size in SIZES])
    goals = [Goal(named(10_000), named(1_000), times_as_long=11)]
    note = "Workbooks of two short tabs, one process for each processor; memory is that of the process that joins them."
    return Contest("Importing more and more workbooks", ways, goals, rounds=3, tidy=tidy, note=note)


def removed(folders: list[Path]) -> None:
    """Remove what was written, and what was kept for the next import."""
    for each in folders:
        shutil.rmtree(each, ignore_errors=True)


def portfolios(folder: Path) -> Contest:
    """Make summaries of tables of more and more full plans: the samples over and over, under other numbers."""
    import_plans(SAMPLES, folder / "samples", as_of=pandas.Timestamp(AS_OF).date(), jobs=2)
    ways = {}
    for size in SIZES:
        multiplied(folder / "samples", folder / f"full {size}", size)
        out = folder / f"summary {size}.xlsx"
        ways[named(size)] = [*TOOL, "portfolio", folder / f"full {size}", "--out", out, "--as-of", AS_OF]
    goals = [Goal(named(10_000), named(1_000), times_as_long=11)]
    note = "From the tables of an import, full plans of sixteen tabs."
    return Contest("The summary of more and more plans", ways, goals, rounds=3, note=note)


def multiplied(samples: Path, out: Path, size: int) -> None:
    """Write tables of so many plans, as an import of that many writes them."""
    manifest = json.loads((samples / MANIFEST).read_text(encoding="utf-8"))
    plans = len(parquet.read_table(samples / "plans.parquet"))
    out.mkdir()
    shutil.copyfile(samples / MANIFEST, out / MANIFEST)
    for place in manifest["tables"].values():
        table = parquet.read_table(samples / place["file"])
        copies, together = size // plans, GROUP // plans
        for start in range(0, copies, together):
            pieces = [under_other_numbers(table, number) for number in range(start, min(start + together, copies))]
            path = out / place["file"]
            if size > GROUP:
                path.mkdir(exist_ok=True)
                path = path / f"part-{start // together:05}.parquet"
            parquet.write_table(pyarrow.concat_tables(pieces), path, compression="zstd")


def under_other_numbers(table: pyarrow.Table, number: int) -> pyarrow.Table:
    """Give the same rows as those of other accounts."""
    for name in ("plan_id", "account_id", "account", "file"):
        if name in table.column_names:
            at = table.column_names.index(name)
            kind = table.schema.field(at).type
            prefix, nothing = pyarrow.scalar(f"{number}-", kind), pyarrow.scalar("", kind)
            table = table.set_column(at, table.field(at), compute.binary_join_element_wise(prefix, table[name], nothing))
    return table
