"""The command line. Results go to stdout, messages and progress to stderr."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accountsheet.console import Command, emit, findings_of, finish, outcome, progress, report, show, told

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
jobs_option = click.option("--jobs", type=click.IntRange(1), help="Processes that share the work (one for each processor).")
paths_argument = click.argument("paths", nargs=-1, required=True, metavar="PATH...")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="accountsheet")
def main() -> None:
    """Account plans as spreadsheets: workbooks out, answers back in, one summary for management.

    \b
    accountsheet demo                                    the whole round on invented samples
    accountsheet generate --starter accounts.csv         an accounts file to fill in
    accountsheet generate overview-sheet --accounts accounts.csv --out plans
    accountsheet check plans                             what is wrong with them
    accountsheet import plans --out tables               into tables for pandas, Excel, DuckDB
    accountsheet portfolio plans --out summary.xlsx      one workbook for management
    """


@main.command(cls=Command)
@click.option("--out", type=click.Path(path_type=Path), default=Path("demo"), show_default=True, help="The folder to make it in.")
@json_option
def demo(out: Path, as_json: bool) -> None:
    """Run the whole round on the shipped samples.

    \b
    accountsheet demo --out demo
    """
    from accountsheet.demo import run

    result = run(out)
    plans, findings = result.portfolio["plans"], result.portfolio.findings
    if as_json:
        places: dict[str, Any] = {name: str(getattr(result, name)) for name in ("blank", "filled", "tables", "summary")}
        emit(outcome(result.findings, **places, plans=len(plans), remarks=len(findings)))
        finish(result.findings)
        return
    counts = {str(name): int(count) for name, count in findings["severity"].value_counts().items()}
    click.echo(f"Made {result.made} blank workbooks in         {result.blank}")
    click.echo(f"Read {len(plans)} filled-in workbooks from    {result.filled}")
    click.echo(f"     with {len(findings)} findings ({told(counts)})")
    click.echo(f"Wrote {len(result.portfolio)} tables to               {result.tables}")
    click.echo(f"Wrote the summary for management to  {result.summary}")
    click.echo(f"\nOpen {result.summary} first, then one of {result.filled}.")
    show(result.findings)
    finish(result.findings)


@main.group()
def blueprint() -> None:
    """Look at blueprints, copy one, check your own."""


@blueprint.command("list", cls=Command)
@json_option
def blueprint_list(as_json: bool) -> None:
    """List the bundled blueprints.

    \b
    accountsheet blueprint list
    """
    from accountsheet.blocks import kinds
    from accountsheet.library import bundled
    from accountsheet.source import load_blueprint

    every = [load_blueprint(name, kinds()) for name in bundled()]
    if as_json:
        emit([{"id": each.id, "version": each.version, "title": each.title.by_language, "for": each.audience} for each in every])
        return
    for each in every:
        click.echo(f"{each.id:<20} {each.title('en')} / {each.title('nl')}\n{'':<20} {each.description('en')}")


@blueprint.command("show", cls=Command)
@click.argument("name", metavar="ID")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@json_option
def blueprint_show(name: str, language: str, as_json: bool) -> None:
    """Describe a blueprint in words: its tabs, blocks and fields.

    \b
    accountsheet blueprint show overview-sheet
    """
    from accountsheet.blocks import kinds
    from accountsheet.describe import as_data, in_words
    from accountsheet.source import load_blueprint

    found = load_blueprint(name, kinds())
    if as_json:
        emit(as_data(found))
    else:
        click.echo("\n".join(in_words(found, language)))


@blueprint.command("copy", cls=Command)
@click.argument("name", metavar="ID")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--overwrite", is_flag=True, help="Replace the file if it exists.")
@json_option
def blueprint_copy(name: str, file: Path, overwrite: bool, as_json: bool) -> None:
    """Copy a bundled blueprint to a file of your own, to edit.

    \b
    accountsheet blueprint copy overview-sheet ours.yaml
    """
    from accountsheet.files import atomic
    from accountsheet.finding import UsageProblem
    from accountsheet.library import open_blueprint
    from accountsheet.phrases import remark

    text, _ = open_blueprint(name)
    if file.exists() and not overwrite:
        raise UsageProblem(remark("file-exists", file=str(file)))
    with atomic(file) as temporary:
        temporary.write_text(text, encoding="utf-8")
    if as_json:
        emit(outcome([], file=str(file)))
    click.echo(f"{file}: edit it, then `accountsheet blueprint check {file}`.", err=True)


@blueprint.command("check", cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def blueprint_check(file: Path, as_json: bool) -> None:
    """Check a blueprint: everything that is wrong, each with its line.

    \b
    accountsheet blueprint check ours.yaml
    """
    from accountsheet.blocks import kinds
    from accountsheet.library import open_blueprint
    from accountsheet.source import read_blueprint

    found, findings = read_blueprint(*open_blueprint(str(file)), kinds())
    if as_json:
        emit(outcome(findings))
    else:
        show(findings)
        if found is not None and not findings:
            asked = sum(len(block.fields) for block in found.blocks.values())
            click.echo(f"{file}: fine. {len(found.sections)} sections, {asked} fields.")
    finish(findings)


@blueprint.command("schema", cls=Command)
@json_option
def blueprint_schema(as_json: bool) -> None:
    """Print the JSON Schema that editors complete blueprints with: JSON in any case.

    \b
    accountsheet blueprint schema > blueprint.schema.json
    """
    from accountsheet.blocks import kinds
    from accountsheet.schema import schema

    emit(schema(kinds()))


@main.command(cls=Command)
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
    from accountsheet.generate import Made, Order, make_all, remarks_on, tables_of
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
    order = Order(loaded, language or "", year or calendar.date.today().year, due, tables, overwrite)
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


@main.command(cls=Command)
@paths_argument
@strict_option
@as_of_option
@jobs_option
@json_option
def check(paths: tuple[str, ...], strict: bool, as_of: datetime.date | None, jobs: int | None, as_json: bool) -> None:
    """Read and judge workbooks, and write nothing: the findings.

    \b
    accountsheet check plans --strict
    """
    report(gathered(paths, strict, as_of, jobs), as_json)


@main.command("import", cls=Command)
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


@main.command(cls=Command)
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


def gathered(paths: Sequence[str], strict: bool, as_of: datetime.date | None, jobs: int | None) -> Portfolio:
    """Read what the paths lead to; raises UsageProblem where there is nothing to read."""
    from accountsheet.collect import read_plans
    from accountsheet.finding import UsageProblem
    from accountsheet.phrases import remark

    found = read_plans(paths, as_of=as_of, strict=strict, jobs=jobs or os.cpu_count() or 1, progress=progress)
    if found["plans"].empty or not (found["plans"]["state"] != "rejected").any():
        raise UsageProblem(remark("nothing-usable"), *findings_of(found))
    return found


def pairs(mapping: str) -> dict[str, str]:
    """Read `THEIRS=ours,...`."""
    parts = [part.partition("=") for part in mapping.split(",") if part.strip()]
    if any(not sign for _, sign, _ in parts):
        raise click.UsageError("--map takes pairs such as Klantnr=account_id,Naam=account.")
    return {theirs.strip(): ours.strip() for theirs, _, ours in parts}
