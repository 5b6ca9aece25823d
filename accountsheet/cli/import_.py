"""`accountsheet import`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsheet.cli.options import as_of_option, gathered, jobs_option, json_option, paths_argument, strict_option
from accountsheet.console import Command, report

if TYPE_CHECKING:
    import datetime


@click.command("import", cls=Command)
@paths_argument
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder for the tables.")
@click.option("--format", "form", type=click.Choice(["parquet", "csv", "xlsx", "duckdb"]), default="parquet", show_default=True)
@click.option("--csv", "csv_style", type=click.Choice(["excel-nl"]), default=None, help="Write CSV as a Dutch Excel opens it.")
@strict_option
@as_of_option
@jobs_option
@json_option
def import_(
    paths: tuple[str, ...],
    out: Path,
    form: str,
    csv_style: str | None,
    strict: bool,
    as_of: datetime.date | None,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Read filled-in workbooks into tables.

    \b
    accountsheet import plans --out tables
    accountsheet import plans returned.zip --out tables --format csv
    """
    from accountsheet.tables import write_tables

    portfolio = gathered(paths, strict, as_of, jobs)
    written = write_tables(portfolio, out, "csv" if csv_style else form, csv_style or "")
    report(portfolio, as_json, written, out=str(out), tables=len(portfolio))
