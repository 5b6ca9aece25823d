"""`accountsheet import`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from accountsheet.cli.options import (
    as_of_option,
    jobs_option,
    json_option,
    password_option,
    paths_argument,
    processes,
    scheduler_option,
    strict_option,
)
from accountsheet.console import INTERRUPTED, Command, progress, report

if TYPE_CHECKING:
    import datetime


@click.command("import", cls=Command)
@paths_argument
@click.option("--out", required=True, metavar="FOLDER", help="The folder for the tables, or its URL.")
@click.option("--format", "form", type=click.Choice(["parquet", "csv", "xlsx", "duckdb"]), default="parquet", show_default=True)
@click.option("--csv", "csv_style", type=click.Choice(["excel-nl"]), default=None, help="Write CSV as a Dutch Excel opens it.")
@strict_option
@as_of_option
@password_option
@jobs_option
@scheduler_option
@json_option
def import_(
    paths: tuple[str, ...],
    out: str,
    form: str,
    csv_style: str | None,
    strict: bool,
    as_of: datetime.date | None,
    password: tuple[str, ...],
    jobs: int | None,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Read filled-in workbooks into tables.

    \b
    accountsheet import plans --out tables
    accountsheet import plans returned.zip --out tables --format csv

    Workbooks that an import into the same folder read before, and that have not changed since, are not read again.
    """
    from accountsheet.importing import import_plans

    try:
        done = import_plans(
            paths,
            out,
            format="csv" if csv_style else form,
            csv_style=csv_style or "",
            as_of=as_of,
            strict=strict,
            jobs=processes(jobs),
            scheduler=scheduler,
            password=password,
            progress=progress,
        )
    except KeyboardInterrupt:
        click.echo("Stopped; the tables are as they were. The same command goes on from where this one was.", err=True)
        sys.exit(INTERRUPTED)
    report(done.portfolio, as_json, done.findings, out=out, tables=len(done.portfolio), read=done.read)
