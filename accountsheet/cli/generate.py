"""`accountsheet generate`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsheet.cli.options import Day, jobs_option, json_option
from accountsheet.console import Command, emit, finish, outcome, progress, show

if TYPE_CHECKING:
    import datetime


@click.command(cls=Command)
@click.argument("name", metavar="[BLUEPRINT]", default="overview-sheet")
@click.option("--accounts", type=click.Path(path_type=Path), help="The accounts, as CSV or xlsx.")
@click.option("--out", type=click.Path(path_type=Path), help="The folder for the workbooks.")
@click.option("--language", type=click.Choice(["en", "nl"]), help="The language of every workbook (else the account's own).")
@click.option("--year", type=click.IntRange(1990, 2200), help="The plan's current year (this one); year 1 is the next.")
@click.option("--due", type=Day(), help="The date to hand it in by.")
@click.option("--data", type=click.Path(path_type=Path), help="A folder of tables to prefill from, as import writes them.")
@click.option("--by", type=click.Choice(["owner"]), help="A folder for each owner.")
@click.option("--map", "mapping", metavar="THEIRS=ours,...", default="", help="Names of columns in the accounts file.")
@click.option("--overwrite", is_flag=True, help="Replace workbooks that exist: a rep may have typed in them.")
@click.option("--starter", type=click.Path(path_type=Path), help="Write an accounts file to fill in, and nothing else.")
@jobs_option
@json_option
def generate(
    name: str,
    accounts: Path | None,
    out: Path | None,
    language: str | None,
    year: int | None,
    due: datetime.date | None,
    data: Path | None,
    by: str | None,
    mapping: str,
    overwrite: bool,
    starter: Path | None,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Make one blank workbook for each account.

    \b
    accountsheet generate --starter accounts.csv
    accountsheet generate overview-sheet --accounts accounts.csv --out plans --language nl
    """
    import datetime as calendar

    from accountsheet.accounts import read_accounts, write_starter
    from accountsheet.blocks import kinds
    from accountsheet.generating import Made, Order, make_all, remarks_on, tables_of
    from accountsheet.prefill import known_from
    from accountsheet.source import load_blueprint

    if starter is not None:
        write_starter(starter, overwrite=overwrite)
        if as_json:
            emit(outcome([], starter=str(starter)))
        click.echo(f"{starter}: fill in your accounts, then `accountsheet generate --accounts {starter} --out plans`.", err=True)
        return
    if accounts is None or out is None:
        raise click.UsageError("Give --accounts FILE and --out DIR, or --starter FILE for a first accounts file.")
    loaded = load_blueprint(name, kinds())
    given, findings = read_accounts(accounts, mapping=pairs(mapping))
    tables = tables_of(data)
    findings += remarks_on(tables, loaded)
    order = Order(loaded, language or "", year or calendar.date.today().year, due, known_from(tables), overwrite)
    made: list[Made] = []
    with progress(len(given), "Writing") as step:
        for each in make_all(order, given, out, by_owner=by == "owner", jobs=jobs or os.cpu_count() or 1):
            made.append(each)
            step(1)
    findings = [*findings, *(finding for each in made for finding in each.findings)]
    written = [each for each in made if each.written]
    if as_json:
        emit(outcome(findings, workbooks=[str(each.path) for each in written]))
    else:
        show(findings)
        click.echo(f"{len(written)} workbook{'s' * (len(written) != 1)} in {out}")
    finish(findings)


def pairs(mapping: str) -> dict[str, str]:
    """Read `THEIRS=ours,...`."""
    parts = [part.partition("=") for part in mapping.split(",") if part.strip()]
    if any(not sign for _, sign, _ in parts):
        raise click.UsageError("--map takes pairs such as Klantnr=account_id,Naam=account.")
    return {theirs.strip(): ours.strip() for theirs, _, ours in parts}
