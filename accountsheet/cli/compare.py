"""`accountsheet compare`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsheet.cli.options import gathered, jobs_option, json_option
from accountsheet.console import Command, emit, findings_of, finish, outcome, show

if TYPE_CHECKING:
    import pandas


@click.command(cls=Command)
@click.argument("old")
@click.argument("new")
@click.option("--data", type=click.Path(path_type=Path), help="A folder with actual figures: actuals.csv, or import's tables.")
@click.option("--out", type=click.Path(path_type=Path), help="A workbook (.xlsx) or CSV file to write it to.")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True)
@jobs_option
@json_option
def compare(old: str, new: str, data: Path | None, out: Path | None, language: str, jobs: int | None, as_json: bool) -> None:
    """Tell what changed between two workbooks or collections, answer by answer.

    OLD and NEW are workbooks, folders, zips or folders that import wrote. The status is 0 whether or not anything changed,
    and 1 where something in NEW could not be read.

    \b
    accountsheet compare plans-2027 plans-2028 --data actuals
    accountsheet compare monday/acme.xlsx friday/acme.xlsx --out changes.xlsx
    """
    from accountsheet.comparison import compare as changes_between
    from accountsheet.comparison import compare_forecasts
    from accountsheet.comparison_book import STAMP, write_comparison
    from accountsheet.comparison_lines import MARKS, changes_in_lines, forecasts_in_lines
    from accountsheet.finding import Severity, UsageProblem
    from accountsheet.package import holds_text
    from accountsheet.phrases import remark

    if out is not None and out.suffix.lower() not in (".xlsx", ".csv"):
        raise click.UsageError(f"--out is a workbook or CSV file, such as {out.with_suffix('.xlsx')}.")
    if out is not None and out.suffix.lower() == ".xlsx" and out.is_file() and not holds_text(out, STAMP):
        raise UsageProblem(remark("in-the-way", file=out))
    one, two = (gathered((path,), False, None, jobs) for path in (old, new))
    changes = changes_between(one, two, language=language)
    forecasts = compare_forecasts(one, two, actuals=data)
    errors = [each for side in (one, two) for each in findings_of(side) if each.severity is Severity.ERROR]
    if out is not None:
        write_comparison(changes, forecasts, out, language=language)
    if as_json:
        emit(outcome(errors, out=str(out) if out else None, changes=as_records(changes), forecasts=as_records(forecasts)))
    else:
        show(errors)
        if out is None:
            for line in (*changes_in_lines(changes, language), *forecasts_in_lines(forecasts, language)):
                click.echo(line)
        counts = changes["change"].value_counts()
        told = ", ".join(f"{counts[name]} {name}" for name in MARKS if name in counts) or "nothing changed"
        click.echo(f"{told}{f' → {out}' if out else ''}")
    finish(errors)  # nobody can say what changed in an answer that could not be read


def as_records(frame: pandas.DataFrame) -> list[dict[str, object]]:
    """Give a frame's rows as JSON has them."""
    found: list[dict[str, object]] = json.loads(frame.to_json(orient="records"))
    return found
