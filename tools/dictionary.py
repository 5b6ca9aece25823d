"""docs/data-dictionary.md, from the bundled blueprints: python tools/dictionary.py (--check: is it up to date?)"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from accountsheet.blocks import kinds
from accountsheet.blueprint import Block, Blueprint, Field
from accountsheet.judge import TABLES, columns_of
from accountsheet.kind import INDEX, Context
from accountsheet.layout import Layout
from accountsheet.library import bundled
from accountsheet.packs import DTYPES, INDEX_KINDS
from accountsheet.source import load_blueprint
from accountsheet.text import Text

TARGET = Path(__file__).parents[1] / "docs" / "data-dictionary.md"
YEAR = 2026

INDEX_MEANINGS = {
    "plan_id": "Account (in an owner's workbook: owner), blueprint and year: `NB-0032/overview-sheet/2026`.",
    "account_id": "The account's own code, from the accounts file.",
    "owner": "Who writes the plan: as filled in in the workbook, else as the accounts file has it.",
    "year": "The plan's current year. The plan is for the year after.",
    "currency": "The currency of every amount in the row.",
}
MEANINGS = {
    "plans": {
        "account": "The account's name: as filled in, else as the accounts file has it.",
        "blueprint": "The id of the blueprint.",
        "blueprint_version": "The version of the blueprint that the workbook carries.",
        "language": "`en` or `nl`.",
        "status": "`draft`, `submitted` or `approved`, as filled in on the Overview.",
        "products": "The products that its cross-sell matrix asks about, parted by ` | `; NA where it has none.",
        "completeness": "How much is filled in, 0 to 1.",
        "health": "The share of the checks that hold, 0 to 1; NA where the blueprint has none.",
        "state": "`current`: it counts. `superseded`: a newer one of the same plan counts. `rejected`: it could not be read.",
        "file": "Where the workbook was found.",
        "sha256": "The fingerprint of the file.",
        "saved_by": "The program that saved it last, as it calls itself.",
        "modified": "When it was saved last: by the workbook's own properties, else the file's date.",
    },
    "completeness": {
        "section": "The section that the block stands in.",
        "block": "The block.",
        "filled": "Filled-in cells, never more than expected.",
        "expected": "Cells that a complete block has.",
        "completeness": "filled / expected, 0 to 1.",
    },
    "checks": {
        "check": "The check's id.",
        "block": "The table whose rows are judged; NA for a check on the whole plan.",
        "row": "The row that was judged; NA for the check as a whole.",
        "holds": "Whether it holds.",
    },
    "answers": {
        "section": "The section.",
        "block": "The block, which names the table.",
        "field": "The field, which names the column.",
        "row": "The row within the block; NA in a form.",
        "column": "The column of a matrix, the box of a quadrant or canvas; NA elsewhere.",
        "value": "The value as text, the same in every language: a choice's key, 2027-03-31, 1200.5, true.",
        "raw": "What the cell held, as text.",
        "sheet": "The tab that it stands on.",
        "cell": "The cell, such as C7.",
    },
    "findings": {
        "file": "The workbook.",
        "sheet": "The tab.",
        "cell": "The cell.",
        "section": "The section.",
        "block": "The block.",
        "field": "The field.",
        "severity": "`error`, `warning`, `repair` or `info`.",
        "code": "What kind of finding it is; `check-...` for a check that does not hold.",
        "message": "What is wrong, in the workbook's language.",
        "hint": "What to do about it.",
        "raw": "What the cell held.",
    },
}
ROWS = {
    "plans": "a workbook",
    "completeness": "a block of a plan that counts",
    "checks": "a check on a plan, or on one of its rows",
    "answers": "any one answer: where every figure came from",
    "findings": "a remark on a workbook",
    "form": "a plan",
    "overview": "a plan",
    "matrix": "a filled-in cell",
    "quadrant": "a filled-in line",
    "canvas": "a filled-in line",
    "forecast": "a period that is filled in",
    "table": "a filled-in row",
}
INDEX_COLUMNS = {
    "row": "The row, counted from 1.",
    "of_year": "The year that the row is about.",
    "item": "What the row is about: a key of the blueprint's list.",
    "period": "The period: a key of the blueprint's list.",
    "from_year": "The first year of the period.",
    "to_year": "The last year of the period.",
    "box": "The box: a key of the blueprint's list.",
    "base": "The base, 1 to 12.",
}
TOP = """# Data dictionary

Every table that `accountsheet import` writes and every column in it. This page is made by `tools/dictionary.py` from the
bundled blueprints; a blueprint of your own adds its own blocks and fields in the same way.

Types are pandas dtypes, the same for one plan and for thousands, empty tables included. Money is in the plan's own
currency, percent is 0 to 1, a choice is its stable key (never the translated label), and empty is NA. Calculated columns
are worked out again from the answers: what the workbook had stored is not trusted. Columns marked `*` are the required ones,
which count for completeness.

Every table begins with these columns:
"""


class Column(NamedTuple):
    """One column of a block's table."""

    name: str
    dtype: str
    english: str
    dutch: str
    meaning: str


def main() -> None:
    parser = argparse.ArgumentParser(description="Make docs/data-dictionary.md from the bundled blueprints.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the page is out of date")
    wanted = page()
    if not parser.parse_args().check:
        TARGET.write_text(wanted, encoding="utf-8")
    elif TARGET.read_text(encoding="utf-8") != wanted:
        sys.exit(f"{TARGET.name} is out of date: run python tools/dictionary.py")


def page() -> str:
    """Give the whole page."""
    blueprints = [load_blueprint(name, kinds()) for name in bundled()]
    lines = [TOP, *grid(("column", "type", "meaning"), ((code(name), INDEX_KINDS[name], INDEX_MEANINGS[name]) for name in INDEX))]
    lines += ["", "## Tables about the plans", ""]
    for name, columns in TABLES.items():
        rows = ((code(column), dtype(kind), MEANINGS[name][column]) for column, kind in columns.items())
        lines += [f"### {name}", "", f"One row is {ROWS[name]}.", "", *grid(("column", "type", "meaning"), rows), ""]
    lines += ["## Tables of answers", "", "A block names its table; the same block in two blueprints is one table.", ""]
    for block in dict.fromkeys(block for blueprint in blueprints for block in blueprint.blocks):
        lines += block_lines(block, [blueprint for blueprint in blueprints if block in blueprint.blocks])
    lines += ["## Lists", "", "A company may replace any list, and an account its departments and products.", ""]
    lines += list_lines(blueprints)
    return "\n".join(lines).rstrip() + "\n"


def block_lines(name: str, having: list[Blueprint]) -> Iterator[str]:
    """Describe one block's table: its columns in every blueprint that has it."""
    columns: dict[str, Column] = {}
    for blueprint in having:
        for column in columns_in(blueprint.blocks[name], blueprint):
            columns.setdefault(column.name, column)
    block = having[0].blocks[name]
    if not block.fields:
        return
    title = f"{in_both(block.title)}. " if block.title else ""
    yield from (f"### {name}", "")
    row, where = ROWS.get(block.kind, ROWS["table"]), ", ".join(blueprint.id for blueprint in having)
    yield f"{title}Kind: {block.kind}. One row is {row}. In {where}."
    yield ""
    rows = ((code(each.name), *each[1:]) for each in columns.values())
    yield from grid(("column", "type", "English", "Dutch", "meaning"), rows)
    yield ""


def columns_in(block: Block, blueprint: Blueprint) -> Iterator[Column]:
    """Go through the columns of a block's table in one blueprint."""
    shape = Layout(Context(blueprint, "en", YEAR, kinds=kinds()), ())
    for name, kind in columns_of(block, shape).items():
        question = block.fields.get(name)
        if question is not None:
            mark = "\\*" if question.required else ""
            yield Column(name, dtype(kind), question.label("en") + mark, question.label("nl") + mark, meaning(question))
            continue
        label = axis_label(block, name)
        yield Column(name, dtype(kind), label("en"), label("nl"), axis_meaning(block, name))


def axis_label(block: Block, name: str) -> Text:
    """Give what an index column is called in the workbook, if it is."""
    for axis in ("down", "across"):
        option = block.options.get(axis)
        if isinstance(option, dict) and option.get("field") == name and isinstance(option.get("label"), Text):
            label: Text = option["label"]
            return label
    return Text()


def axis_meaning(block: Block, name: str) -> str:
    """Say what an index column holds."""
    for axis in ("down", "across"):
        option = block.options.get(axis)
        if isinstance(option, dict) and option.get("field") == name:
            return f"{'A key of ' + option['list'] + ', or the' if option.get('list') else 'The'} name that was typed."
    if name == "item" and isinstance(block.options.get("list"), str):
        return f"A key of the list {block.options['list']}."
    keys = block.options.get({"box": "boxes", "period": "periods", "item": "items"}.get(name, ""), {})
    return ", ".join(map(code, keys)) or INDEX_COLUMNS.get(name, "")


def meaning(question: Field) -> str:
    """Say what a field asks, and what its values are."""
    formula = f"Calculated: {code(question.value)}." if question.calculated else ""
    return " ".join(filter(None, (question.help("en"), values(question), formula, "Internal." if question.internal else "")))


def values(question: Field) -> str:
    """Say what a field's values are, where the dtype alone does not tell."""
    if question.list:
        return f"A key of {question.list}{', or another text' if question.open else ''}."
    if question.to:
        return f"A row of {' or '.join(question.to)}."
    return {"money": "Money.", "percent": "Percent.", "month": "A month: its first day."}.get(question.kind, "")


def list_lines(blueprints: list[Blueprint]) -> Iterator[str]:
    """Describe the lists that the bundled blueprints use."""
    lists = {name: choices.labels for blueprint in blueprints for name, choices in blueprint.lists.items()}
    rows = ((name, ", ".join(f"{code(key)} {in_both(label)}" for key, label in lists[name].items())) for name in sorted(lists))
    yield from grid(("list", "keys, with their English and Dutch labels"), rows)


def code(text: str) -> str:
    """Mark a text as code."""
    return f"`{text}`"


def dtype(kind: str) -> str:
    """Give the pandas dtype of a kind of column."""
    return DTYPES.get(kind, kind)


def in_both(text: Text) -> str:
    """Give a text in English and Dutch."""
    return text("en") if text("en") == text("nl") else f"{text('en')} / {text('nl')}"


def grid(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Write a table in Markdown."""
    names = list(headers)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in row)} |"


if __name__ == "__main__":
    main()
