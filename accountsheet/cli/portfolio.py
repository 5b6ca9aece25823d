"""`accountsheet portfolio`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsheet.cli.options import (
    as_of_option,
    gathered,
    jobs_option,
    json_option,
    password_option,
    scheduler_option,
    strict_option,
)
from accountsheet.console import Command, emit, outcome, report

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Sequence

    from accountsheet.arrivals import Submission


@click.command(cls=Command)
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--out", type=click.Path(path_type=Path), help="The summary workbook (.xlsx).")
@click.option("--expected", type=click.Path(path_type=Path), help="The accounts file: who has not sent one.")
@click.option("--previous", type=click.Path(), help="Workbooks or tables of before: what changed.")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@click.option("--rates", type=click.Path(path_type=Path), help="A CSV of currency, rate and day, to add up mixed currencies.")
@click.option("--currency", default="", help="The currency to convert to.")
@click.option("--names", is_flag=True, help="Show people's attitudes by name: personal data.")
@click.option("--tabs", type=click.Path(path_type=Path), help="A YAML file: which tabs, in which order, under which names.")
@click.option("--starter", type=click.Path(path_type=Path), help="Write a file for --tabs to change, and nothing else.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema that editors complete a file for --tabs with.")
@strict_option
@as_of_option
@password_option
@jobs_option
@scheduler_option
@json_option
def portfolio(
    paths: tuple[str, ...],
    out: Path | None,
    expected: Path | None,
    previous: str | None,
    language: str,
    rates: Path | None,
    currency: str,
    names: bool,
    tabs: Path | None,
    starter: Path | None,
    schema: bool,
    strict: bool,
    as_of: datetime.date | None,
    password: tuple[str, ...],
    jobs: int | None,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Make the summary workbook for management.

    \b
    accountsheet portfolio plans --out summary.xlsx --expected accounts.csv
    accountsheet portfolio --starter tabs.yaml
    accountsheet portfolio --schema > tabs.schema.json
    """

    from accountsheet.accounts import read_accounts
    from accountsheet.arrivals import submissions
    from accountsheet.finding import UsageProblem
    from accountsheet.package import holds_text
    from accountsheet.phrases import remark
    from accountsheet.rates import read_rates
    from accountsheet.summary import STAMP, write_summary
    from accountsheet.summary.tabs import read_tabs, write_starter

    if schema:
        from accountsheet.schema import tabs_schema

        emit(tabs_schema())
        return
    if starter is not None:
        write_starter(starter)
        if as_json:
            emit(outcome([], starter=str(starter)))
        click.echo(f"{starter}: change it, then `accountsheet portfolio PATH --tabs {starter} --out summary.xlsx`.", err=True)
        return
    if out is None or not paths:
        raise click.UsageError("Give a PATH and --out FILE.xlsx, or --starter FILE for a file of tabs to change.")
    if out.suffix.lower() != ".xlsx":
        raise click.UsageError(f"--out is a workbook, such as {out.with_suffix('.xlsx')}.")
    if currency and rates is None:
        raise click.UsageError("--currency needs --rates FILE: what one unit of each other currency is worth.")
    if out.is_file() and not holds_text(out, STAMP):
        raise UsageProblem(remark("in-the-way", file=out))
    wanted, findings = read_accounts(expected) if expected else (None, [])
    rates_known = read_rates(rates) if rates else None
    contents = read_tabs(tabs)
    before = gathered((previous,), False, as_of, jobs, scheduler, password) if previous else None
    found = gathered(paths, strict, as_of, jobs, scheduler, password)
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
        tabs=contents,
    )
    told = submissions(found, wanted, as_of=as_of, year=found.year) if wanted and found.year else []
    if not as_json:
        click.echo("\n".join(chased(told, language)), nl=bool(told))
    report(found, as_json, findings, out=str(out), **({"submissions": [asdict_of(each) for each in told]} if told else {}))


def chased(told: Sequence[Submission], language: str) -> Iterator[str]:
    """Say by owner what is missing, late, unreadable or incomplete, in a short table."""
    from accountsheet.arrivals import by_owner
    from accountsheet.wording import word

    if not told:
        return
    names = ("missing", "rejected", "late", "incomplete", "received")
    heads = [word(f"short_{name}", language) for name in names]
    counts = {owner or "–": own for owner, own in by_owner(told).items()}
    wide = max(len(word("owner", language)), *(len(owner) for owner in counts)) + 2
    yield f"{word('owner', language):<{wide}}" + "".join(f"{head:>12}" for head in heads)
    for owner, own in counts.items():
        yield f"{owner:<{wide}}" + "".join(f"{own[name] or '–':>12}" for name in names)
    for each in told:
        if each.state in ("missing", "late"):
            day = f" ({word('due', language).lower()} {each.due})" if each.due else ""
            yield f"{word(f'plan_{each.state}', language)}: {each.account} ({each.account_id}), {each.owner or '–'}{day}"


def asdict_of(each: Submission) -> dict[str, object]:
    """Give a submission as JSON has it."""
    from dataclasses import asdict

    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in asdict(each).items()}
