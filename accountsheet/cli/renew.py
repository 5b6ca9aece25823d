"""`accountsheet renew`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsheet.cli.options import Day, jobs_option, json_option, paths_argument
from accountsheet.console import Command, emit, finish, outcome, progress, show

if TYPE_CHECKING:
    import datetime


@click.command(cls=Command)
@paths_argument
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder for the next period's workbooks.")
@click.option("--year", type=click.IntRange(1990, 2200), required=True, help="The next plan's current year; its year 1 follows.")
@click.option("--blueprint", metavar="BLUEPRINT", help="Move the plans to another or newer blueprint.")
@click.option("--due", type=Day(), help="The date to hand it in by.")
@click.option("--language", type=click.Choice(["en", "nl"]), help="The language of every workbook (else each plan's own).")
@click.option("--by", type=click.Choice(["owner"]), help="A folder for each owner.")
@click.option("--overwrite", is_flag=True, help="Replace workbooks that exist: a rep may have typed in them.")
@jobs_option
@json_option
def renew(
    paths: tuple[str, ...],
    out: Path,
    year: int,
    blueprint: str | None,
    due: datetime.date | None,
    language: str | None,
    by: str | None,
    overwrite: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Make the next period's workbooks from the filled-in ones.

    Facts, people and lists carry over, forecast years move up, done actions stay behind. What asks for judgement is empty,
    with what the plan said before beside it. The workbooks that came in are left as they are.

    \b
    accountsheet renew plans --out plans-2028 --year 2027 --due 2027-12-10
    accountsheet renew plans --out moved --year 2026 --blueprint ours.yaml
    """
    from accountsheet.finding import UsageProblem
    from accountsheet.phrases import remark
    from accountsheet.renewals import renew as renew_plans

    given = {"blueprint": blueprint, "due": due, "language": language or "", "by_owner": by == "owner", "overwrite": overwrite}
    made = renew_plans(paths, out, year=year, jobs=jobs or os.cpu_count() or 1, progress=progress, **given)  # type: ignore[arg-type]
    findings = [finding for each in made for finding in each.findings]
    written = [each for each in made if each.written]
    if not written:
        raise UsageProblem(remark("nothing-renewed"), *findings)
    if as_json:
        emit(outcome(findings, out=str(out), workbooks=[str(each.path) for each in written]))
    else:
        show(findings)
        left = f", {len(made) - len(written)} not renewed" if len(made) > len(written) else ""
        click.echo(f"{len(written)} workbook{'s' * (len(written) != 1)} in {out}{left}")
    finish(findings)
