"""`accountsheet demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from accountsheet.cli.options import json_option
from accountsheet.console import Command, emit, finish, outcome, show, told


@click.command(cls=Command)
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
