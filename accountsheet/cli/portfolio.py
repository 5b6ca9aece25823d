"""`accountsheet portfolio`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsheet.cli.options import as_of_option, gathered, jobs_option, json_option, paths_argument, strict_option
from accountsheet.console import Command, report

if TYPE_CHECKING:
    import datetime


@click.command(cls=Command)
@paths_argument
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The summary workbook (.xlsx).")
@click.option("--expected", type=click.Path(path_type=Path), help="The accounts file: who has not sent one.")
@click.option("--previous", type=click.Path(), help="Workbooks or tables of before: what changed.")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@click.option("--rates", type=click.Path(path_type=Path), help="A CSV of currency and rate, to add up mixed currencies.")
@click.option("--currency", default="", help="The currency to convert to.")
@click.option("--names", is_flag=True, help="Show people's attitudes by name: personal data.")
@strict_option
@as_of_option
@jobs_option
@json_option
def portfolio(
    paths: tuple[str, ...],
    out: Path,
    expected: Path | None,
    previous: str | None,
    language: str,
    rates: Path | None,
    currency: str,
    names: bool,
    strict: bool,
    as_of: datetime.date | None,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Make the summary workbook for management.

    \b
    accountsheet portfolio plans --out summary.xlsx --expected accounts.csv
    """
    from accountsheet.accounts import read_accounts
    from accountsheet.finding import UsageProblem
    from accountsheet.package import holds_text
    from accountsheet.phrases import remark
    from accountsheet.rates import read_rates
    from accountsheet.summary import STAMP, write_summary

    if out.suffix.lower() != ".xlsx":
        raise click.UsageError(f"--out is a workbook, such as {out.with_suffix('.xlsx')}.")
    if currency and rates is None:
        raise click.UsageError("--currency needs --rates FILE: what one unit of each other currency is worth.")
    if out.is_file() and not holds_text(out, STAMP):
        raise UsageProblem(remark("in-the-way", file=out))
    wanted, findings = read_accounts(expected) if expected else (None, [])
    rates_known = read_rates(rates) if rates else None
    before = gathered((previous,), False, as_of, jobs) if previous else None
    found = gathered(paths, strict, as_of, jobs)
    findings += write_summary(
        found,
        out,
        language=language,
        as_of=as_of,
        expected=wanted,
        previous=before,
        rates=rates_known,
        currency=currency,
        names=names,
    )
    report(found, as_json, findings, out=str(out))
