"""`accountsheet return`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from accountsheet.cli.options import (
    as_of_option,
    jobs_option,
    json_option,
    password_option,
    paths_argument,
    processes,
    strict_option,
)
from accountsheet.console import Command, described, emit, finish, outcome, progress, show

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from accountsheet.returning import Returned

STATES = ("returned", "fine", "superseded", "unreadable", "not written")


@click.command("return", cls=Command)
@paths_argument
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder for the workbooks that go back.")
@click.option("--messages", type=click.Path(path_type=Path), help="A CSV to write, with a ready text for each rep's e-mail.")
@click.option("--overwrite", is_flag=True, help="Replace workbooks that exist: a rep may have typed in them.")
@strict_option
@as_of_option
@password_option
@jobs_option
@json_option
def return_(
    paths: tuple[str, ...],
    out: Path,
    messages: Path | None,
    overwrite: bool,
    strict: bool,
    as_of: datetime.date | None,
    password: tuple[str, ...],
    jobs: int | None,
    as_json: bool,
) -> None:
    """Write each workbook with errors or warnings again, for whoever filled it in to mend.

    Every answer stays in its place; bad cells are coloured and say what is wanted, and a tab To fix lists them with links.
    The workbooks that came in are left as they are.

    \b
    accountsheet return plans --out returned
    accountsheet return plans --out returned --messages messages.csv
    """
    from accountsheet.finding import UsageProblem
    from accountsheet.letters import write_messages
    from accountsheet.phrases import remark
    from accountsheet.returning import Outcome, return_plans

    results = return_plans(
        paths, out, as_of=as_of, strict=strict, overwrite=overwrite, password=password, jobs=processes(jobs), progress=progress
    )
    findings = [finding for each in results for finding in each.findings]
    if all(each.outcome is Outcome.UNREADABLE for each in results):
        raise UsageProblem(remark("nothing-usable"), *findings)
    letters = write_messages(results, messages, today=as_of) if messages else 0
    if as_json:
        emit(outcome(findings, ok=not bad(results), out=str(out), workbooks=[as_data(each) for each in results], letters=letters))
    else:
        show(findings)
        for each in results:
            if each.outcome is Outcome.RETURNED:
                click.echo(f"{each.path}: {counted(each.errors, 'error')}, {counted(each.warnings, 'warning')}")
        click.echo(summary(results, out))
        if messages:
            click.echo(f"{counted(letters, 'text')} for e-mail in {messages}")
    finish(findings)
    if bad(results):
        raise SystemExit(1)


def bad(results: Sequence[Returned]) -> bool:
    """Whether any workbook holds an error."""
    return any(each.errors or each.findings for each in results)


def summary(results: Sequence[Returned], out: Path) -> str:
    """Say in one line what became of all workbooks."""
    counts = Counter(str(each.outcome) for each in results)
    told = ", ".join(f"{counts[name]} {name}" for name in STATES if name in counts)
    return f"{counted(len(results), 'workbook')}: {told}{f' → {out}' if counts['returned'] else ''}"


def counted(number: int, name: str) -> str:
    """Give a number with its noun."""
    return f"{number} {name}{'s' * (number != 1)}"


def as_data(each: Returned) -> dict[str, Any]:
    """Give a workbook as JSON has it."""
    return {
        "file": each.file,
        "outcome": str(each.outcome),
        "path": str(each.path) if each.path else None,
        "account_id": each.recipient.account.account_id if each.recipient else None,
        "owner": each.recipient.owner if each.recipient else None,
        "errors": each.errors,
        "warnings": each.warnings,
        "findings": [described(finding) for finding in each.findings],
    }
