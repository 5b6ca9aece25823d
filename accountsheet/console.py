"""What all commands share: results on stdout, messages and progress on stderr, one JSON document, exit statuses."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from accountsheet.finding import Finding
    from accountsheet.portfolio import Portfolio

FINE, ERRORS, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130
LONG = 20
"""Files from which a progress bar is shown."""
SHOWN = 60
"""Findings that are printed; the rest is counted."""
TRACEBACK = "ACCOUNTSHEET_TRACEBACK"
"""Set this variable of the environment to see where accountsheet itself went wrong."""
ORDER = ("error", "warning", "repair", "info")


class Command(click.Command):
    """A command that ends with a clear message, and a status, whatever it meets."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the command line; what is wrong with it is told as JSON too, where that was asked for."""
        as_json = "--json" in args
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as problem:
            if as_json:
                emit(usage(problem))
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn what cannot be used into a message."""
        from accountsheet.finding import UsageProblem

        tolerate_any_letter()
        as_json = bool(ctx.params.get("as_json"))
        try:
            return super().invoke(ctx)
        except UsageProblem as problem:
            refuse(ctx, as_json, problem.findings)
        except click.UsageError as problem:
            if as_json:
                emit(usage(problem))
            raise
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as problem:
            if getattr(problem, "errno", None) == errno.EPIPE or TRACEBACK in os.environ:
                raise  # click ends quietly where the reader of a pipe has gone
            refuse(ctx, as_json, [unforeseen(problem)])


def refuse(ctx: click.Context, as_json: bool, findings: Sequence[Finding]) -> NoReturn:
    """End because nothing could be done."""
    if as_json:
        emit(outcome(findings, ok=False))
    show(findings)
    ctx.exit(WRONG_USAGE)


def unforeseen(problem: Exception) -> Finding:
    """Make a finding of an exception that nobody thought of."""
    import traceback

    from accountsheet.phrases import remark

    if isinstance(problem, OSError) and problem.filename:
        return remark("file-out-of-reach", file=problem.filename, why=problem.strerror or str(problem))
    last = traceback.extract_tb(problem.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}, line {last.lineno}"
    return remark("fault", why=f"{type(problem).__name__} in {place}: {problem}", variable=TRACEBACK)


def tolerate_any_letter() -> None:
    """Keep a terminal that knows few letters from stopping a run: what it cannot show becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


# ---------------------------------------------------------------------------------------------------------- JSON


def emit(document: Any) -> None:
    """Print one JSON document; where the terminal is not in UTF-8, other letters are escaped."""
    plain = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "") != "utf8"
    click.echo(json.dumps(document, ensure_ascii=plain, indent=1))


def outcome(findings: Iterable[Finding], *, ok: bool | None = None, **more: Any) -> dict[str, Any]:
    """Give the document of a command that ends with findings."""
    from accountsheet.finding import has_errors

    every = list(findings)
    return {"ok": not has_errors(every) if ok is None else ok, **more, "findings": [described(each) for each in every]}


def described(finding: Finding) -> dict[str, str]:
    """Give a finding as JSON has it."""
    from dataclasses import asdict

    return {name: str(value) for name, value in asdict(finding).items()}


def usage(problem: click.UsageError) -> dict[str, Any]:
    """Give the document of a command line that cannot be read."""
    return {"ok": False, "findings": [{"code": "usage", "severity": "error", "message": problem.format_message()}]}


# ------------------------------------------------------------------------------------------------------- findings


def show(findings: Iterable[Finding], more: int = 0) -> None:
    """Print findings on stderr, and how many there are beside those."""
    every = list(findings)
    for finding in every[:SHOWN]:
        click.echo(str(finding), err=True)
    more += max(0, len(every) - SHOWN)
    if more:
        click.echo(f"... and {more} more: --json, or the table of findings that import writes, has all.", err=True)


def findings_of(portfolio: Portfolio) -> list[Finding]:
    """Give the findings of a portfolio that still ask for something, the worst first."""
    from accountsheet.portfolio import findings_in

    return findings_in(portfolio.open_findings)


def noticed(portfolio: Portfolio) -> tuple[list[Finding], Counter[str], int]:
    """Give the worst findings of a portfolio, how many there are of each severity, and how many are not given.

    What is only to know is given where it is about a whole file.
    """
    from accountsheet.portfolio import findings_in, urgency

    worst: list[Finding] = []
    counts: Counter[str] = Counter()
    count = 0
    for piece in portfolio.open_pieces():
        counts.update(piece["severity"].tolist())
        shown = piece[(piece["severity"] != "info") | (piece["sheet"].fillna("") == "")]
        count += len(shown)
        every = [*worst, *findings_in(shown, SHOWN)]
        worst = sorted(every, key=lambda finding: urgency(finding.severity, finding.code))[:SHOWN]
    return worst, counts, count - len(worst)


def ordered(counts: Mapping[str, int]) -> dict[str, int]:
    """Give the numbers of findings, the worst first."""
    return {name: counts[name] for name in ORDER if counts.get(name)}


def told(counts: Mapping[str, int]) -> str:
    """Say how many findings there are of each severity."""
    return ", ".join(f"{count} {name}" for name, count in ordered(counts).items()) or "no findings"


def report(portfolio: Portfolio, as_json: bool, findings: Sequence[Finding] = (), **more: Any) -> None:
    """Say what was read and found, `findings` included, and end with the status that it calls for."""
    own, counts, others = noticed(portfolio)
    counts.update(str(each.severity) for each in findings)
    plans = portfolio["plans"]
    if as_json:
        rows = json.loads(portfolio.open_findings.to_json(orient="records", date_format="iso"))
        states = json.loads(plans.to_json(orient="records", date_format="iso"))
        every = [*rows, *(described(each) for each in findings)]
        emit({"ok": "error" not in counts, **more, "plans": states, "counts": ordered(counts), "findings": every})
    else:
        show([*findings, *own], others)
        read = int((plans["state"] != "rejected").sum())
        whole = "" if read == len(plans) else f" of {len(plans)}"
        where = f" → {more['out']}" if "out" in more else ""
        click.echo(f"{read}{whole} workbook{'s' * (len(plans) != 1)} read: {told(counts)}{where}")
    if "error" in counts:
        sys.exit(ERRORS)


def finish(findings: Iterable[Finding]) -> None:
    """End with the status that findings call for."""
    from accountsheet.finding import has_errors

    if has_errors(findings):
        sys.exit(ERRORS)


# ------------------------------------------------------------------------------------------------------- progress


@contextmanager
def progress(total: int, what: str = "Reading") -> Iterator[Callable[[int], None]]:
    """Show a bar on stderr where that is a terminal and the work is long."""
    if total < LONG or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class Rate(ProgressColumn):
        """How many are done in a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.1f}/s" if task.speed else "")

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.advance(task, done)
