"""What several commands share: their options, and the reading of what they are given."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from accountsheet.console import findings_of, progress

if TYPE_CHECKING:
    import datetime

    from accountsheet.portfolio import Portfolio


class Day(click.ParamType[Any]):
    """A date on the command line."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """Read a date."""
        import datetime

        if isinstance(value, datetime.date):
            return value
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no date: write it as 2027-01-31.", param, ctx)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout, and nothing else there.")
strict_option = click.option("--strict", is_flag=True, help="Take repairs for errors.")
as_of_option = click.option("--as-of", type=Day(), help="The day that overdue is judged on (today).")
password_option = click.option(
    "--password", multiple=True, metavar="PASSWORD", help="Opens encrypted workbooks and zips; several may be given."
)
jobs_option = click.option("--jobs", type=click.IntRange(1), help="Processes that share the work (one for each processor).")
scheduler_option = click.option("--scheduler", metavar="ADDRESS", help="A Dask cluster that does the work, such as tcp://10.0.0.5:8786.")
paths_argument = click.argument("paths", nargs=-1, required=True, metavar="PATH...")


def gathered(
    paths: Sequence[str],
    strict: bool,
    as_of: datetime.date | None,
    jobs: int | None,
    scheduler: str | None = None,
    password: Sequence[str] = (),
) -> Portfolio:
    """Read what the paths lead to; raises UsageProblem where there is nothing to read."""
    from accountsheet.collect import read_plans
    from accountsheet.finding import UsageProblem
    from accountsheet.phrases import remark

    found = read_plans(
        paths, as_of=as_of, strict=strict, jobs=processes(jobs), scheduler=scheduler, password=password, progress=progress
    )
    if found["plans"].empty or not (found["plans"]["state"] != "rejected").any():
        raise UsageProblem(remark("nothing-usable"), *findings_of(found))
    return found


def processes(jobs: int | None) -> int:
    """Say how many processes share the work: as many as asked for, else one for each processor."""
    return jobs or os.cpu_count() or 1
