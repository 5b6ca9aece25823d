"""`accountsheet check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from accountsheet.cli.options import (
    as_of_option,
    gathered,
    jobs_option,
    json_option,
    password_option,
    paths_argument,
    scheduler_option,
    strict_option,
)
from accountsheet.console import Command, report

if TYPE_CHECKING:
    import datetime


@click.command(cls=Command)
@paths_argument
@strict_option
@as_of_option
@password_option
@jobs_option
@scheduler_option
@json_option
def check(
    paths: tuple[str, ...],
    strict: bool,
    as_of: datetime.date | None,
    password: tuple[str, ...],
    jobs: int | None,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Read and judge workbooks, and write nothing: the findings.

    \b
    accountsheet check plans --strict
    """
    report(gathered(paths, strict, as_of, jobs, scheduler, password), as_json)
