"""`accountsheet blueprint`: look at blueprints, copy one, check your own."""

from __future__ import annotations

from pathlib import Path

import click

from accountsheet.cli.options import json_option
from accountsheet.console import Command, emit, finish, outcome, show


@click.group()
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
