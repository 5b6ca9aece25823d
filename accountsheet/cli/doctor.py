"""`accountsheet doctor`."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accountsheet.cli.options import as_of_option, json_option, password_option
from accountsheet.console import Command, emit, outcome
from accountsheet.text import shortened

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator

    from accountsheet.doctor import Examination, Part

WIDEST, INDENT = 100, 17
LONGEST_RAW = 200
"""Characters of what was typed that are shown."""


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(["en", "nl"]), help="The language to explain it in (else the plan's own).")
@as_of_option
@password_option
@json_option
def doctor(file: Path, language: str | None, as_of: datetime.date | None, password: tuple[str, ...], as_json: bool) -> None:
    """Explain one workbook in plain words: what it is, whether it counts, what was put right, what cannot be read.

    \b
    accountsheet doctor "plans/NB-0417 Acme.xlsx"
    """
    from accountsheet.doctor import examine
    from accountsheet.finding import has_errors

    found = examine(file, as_of=as_of, password=password)
    if as_json:
        emit(as_data(found))
    else:
        click.echo("\n".join(lines(found, language or found.language)))
    if not found.counts or has_errors(found.findings):
        raise SystemExit(1)


def lines(found: Examination, language: str) -> Iterator[str]:
    """Explain a file, line by line, no wider than the terminal."""
    from accountsheet.doctor import facts, parts
    from accountsheet.wording import word

    width = min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)
    yield f"{found.file} ({max(1, round(found.size / 1024))} KB)"
    yield ""
    for name, fact in facts(found, language):
        yield from wrapped(f"{name:<{INDENT - 2}}  ", fact, width)
    if found.plan is None:
        for each in found.findings:
            yield ""
            yield from wrapped("  ", f"{each.message} {each.hint}".strip(), width)
        return
    told = parts(found, language)
    for part in told:
        yield from part_lines(part, word("doctor_typed", language), width)
    if not told:
        yield ""
        yield word("doctor_fine", language)


def part_lines(part: Part, typed: str, width: int) -> Iterator[str]:
    """Explain the remarks of one sort: where, what was typed, what is wrong and what to do."""
    yield ""
    yield f"{part.title} ({len(part.remarks)})"
    for finding, remark in part.remarks:
        place = ", ".join(filter(None, (finding.sheet, finding.cell))) or remark.where
        yield from wrapped("  ", " – ".join(filter(None, (place, remark.what))), width)
        if finding.raw and finding.raw not in remark.message:
            yield from wrapped("      ", f"{typed}: “{shortened(remark.typed, LONGEST_RAW)}”", width)
        hint = finding.hint or remark.hint
        yield from wrapped("      ", " ".join(filter(None, (sentence(remark.message), hint))), width)


def sentence(text: str) -> str:
    """End a message as a sentence."""
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def wrapped(begin: str, text: str, width: int) -> list[str]:
    """Wrap a text, indented below where it begins."""
    return textwrap.wrap(text, width, initial_indent=begin, subsequent_indent=" " * len(begin)) or [begin.rstrip()]


def as_data(found: Examination) -> dict[str, object]:
    """Give what was found out as JSON has it."""
    plan, reading = found.plan, found.reading
    about: dict[str, object] = {}
    if plan is not None:
        about = {
            "blueprint": plan.blueprint.id,
            "blueprint_version": plan.blueprint.version,
            "account_id": plan.account.account_id,
            "account": plan.named("account"),
            "owner": plan.named("owner"),
            "year": plan.year,
            "language": plan.language,
            "answers": len(plan.answers),
        }
    return outcome(
        found.findings,
        ok=found.counts and not any(each.severity == "error" for each in found.findings),
        file=found.file,
        looks_like=found.sort or "unknown",
        counts=found.counts,
        **about,
        saved_by=reading.saved_by or None,
        modified=reading.modified.isoformat() if reading.modified else None,
        tabs_missing=found.missing,
        tabs_added=found.extra,
    )
