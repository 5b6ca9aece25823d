"""Make the filled-in sample workbooks from plans/*.yaml: python samples/make.py

Each is written as the tool does, then opened by the program that its rep uses, who types the mistakes in and saves.
LibreOffice is needed (tools/install-programs.sh office). How the YAML works is told at the top of plans/NB-0032.yaml.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import openpyxl
import yaml

from accountsheet.accounts import Account, read_accounts
from accountsheet.address import Key, cell_name
from accountsheet.blocks import kinds
from accountsheet.blueprint import Block, Blueprint
from accountsheet.demo import AS_OF, YEAR
from accountsheet.fields import Number, type_of
from accountsheet.files import safe_file_name
from accountsheet.generating import due_day
from accountsheet.kind import Context
from accountsheet.library import DEFAULT
from accountsheet.pieces import Sheet, Slot
from accountsheet.plan import Plan, answers_from, new_plan
from accountsheet.source import load_blueprint
from accountsheet.writer import write_plan

if TYPE_CHECKING:
    from office import Office

HERE = Path(__file__).parent
PLANS, WORKBOOKS = HERE / "plans", HERE / "workbooks"


@dataclass(frozen=True)
class Mistake:
    """What a rep typed: at an answer, or at none where the text stands beside a table."""

    sheet: str
    cell: str
    typed: str | float
    key: Key | None


@dataclass(frozen=True)
class Sample:
    """One account's plan as its rep means it, and what they did to the workbook."""

    plan: Plan
    mistakes: tuple[Mistake, ...]
    inserted: tuple[tuple[str, int], ...]
    """Tab and row (from 1, as it is before) where an empty row was put in."""
    saved_by: str

    @property
    def file_name(self) -> str:
        return f"{safe_file_name(f'{self.plan.account.account_id} {self.plan.account.account}')}.xlsx"


@cache
def samples() -> tuple[Sample, ...]:
    """Read the content of every sample, in the order of the accounts file."""
    accounts, findings = read_accounts(HERE / "accounts.csv")
    assert not findings, findings
    blueprint = load_blueprint(DEFAULT, kinds())
    contents = (yaml.safe_load((PLANS / f"{account.account_id}.yaml").read_text(encoding="utf-8")) for account in accounts)
    return tuple(sample(account, content, blueprint) for account, content in zip(accounts, contents, strict=True))


def sample(account: Account, content: Mapping[str, Any], blueprint: Blueprint) -> Sample:
    """Put a sample's content in its plan, and find the cells of its mistakes."""
    assert content["account_id"] == account.account_id and content["language"] == account.language
    due, late = due_day(account, account.language, YEAR)
    plan, findings = new_plan(blueprint, account, language=account.language, year=YEAR, due=due)
    assert not late and not findings, (late, findings)
    answers = dict(plan.answers)
    for name, records in content["answers"].items():
        answers |= answers_of(blueprint.blocks[name], [records] if isinstance(records, dict) else records, plan)
    plan = replace(plan, answers=answers)
    steps = content["mistakes"]
    return Sample(
        plan,
        tuple(mistake(step, plan) for step in steps if "typed" in step),
        tuple(insertion(step["structure"], plan) for step in steps if "structure" in step),
        content["saved_by"],
    )


def answers_of(block: Block, records: Iterable[Mapping[str, Any]], plan: Plan) -> dict[Key, Any]:
    """Place a block's records; a matrix keeps the rows that it ships with, and names that are not there come below them."""
    context = Context(plan.blueprint, plan.language, plan.year, kinds=kinds())
    index = context.kind(block).index(block)
    given = [typed(record, block, index) for record in records]
    if block.kind == "matrix":
        down, across = index
        given = [*({down: name, across: ""} for name in context.kind(block).defaults(block, context).values()), *given]
    return answers_from(plan.blueprint, block, given, plan.language, plan.year)


def typed(record: Mapping[str, Any], block: Block, index: Iterable[str]) -> dict[str, Any]:
    """Give a record the types of its fields, as YAML knows only those of its scalars."""
    result: dict[str, Any] = {}
    for name, value in record.items():
        if name in index:
            result[name] = value
            continue
        question = block.fields[name]
        kind = type_of(question)
        assert not question.calculated, (block.id, name)
        result[name] = float(value) if isinstance(kind, Number) and not kind.whole else value
        assert not kind.problem(value), (block.id, name, value)
    return result


def mistake(step: Mapping[str, Any], plan: Plan) -> Mistake:
    """Find the cell that a mistake is typed in."""
    if "sheet_block" in step:
        sheet = sheet_with(step["sheet_block"], plan)
        row, column = beside(sheet, step["sheet_block"])
        return Mistake(sheet.title, cell_name(row, column), step["typed"], None)
    key = Key(step["block"], step.get("row", ""), "", step["field"])
    slot = plan.layout().slots[key]
    return Mistake(sheet_with(key.block, plan).title, cell_name(slot.row, slot.column), step["typed"], key)


def insertion(step: Mapping[str, Any], plan: Plan) -> tuple[str, int]:
    """Find the row that another is put in above."""
    block, row = step["insert_row_in"], step["before_row"]
    sheet = sheet_with(block, plan)
    return sheet.title, next(piece.row for piece in cells_of(sheet, block) if piece.key.row == row) + 1


def sheet_with(block: str, plan: Plan) -> Sheet:
    """Give the tab that a block stands on."""
    return next(sheet for sheet in plan.layout().sheets if any(cells_of(sheet, block)))


def cells_of(sheet: Sheet, block: str) -> Iterator[Slot]:
    """Go through the answers of a block on a tab."""
    return (piece for piece in sheet.pieces if isinstance(piece, Slot) and piece.key.block == block)


def beside(sheet: Sheet, block: str) -> tuple[int, int]:
    """Give the cell to the right of a table, in its first row, one empty column in between."""
    columns = (column for column, ids in sheet.column_ids.items() if any(each.startswith(f"{block}.") for each in ids))
    return next(cells_of(sheet, block)).row, max(columns) + 2


# ------------------------------------------------------------------------------------------------ what the rep does


def make(each: Sample, folder: Path, office: Office) -> Path:
    """Write a sample's workbook, and have its rep's program save it."""
    path = folder / each.file_name
    assert not (findings := write_plan(each.plan, path, today=AS_OF)), findings
    match each.saved_by:
        case "xlsxwriter":
            assert not each.mistakes and not each.inserted, "nobody opened this one"
        case "openpyxl":
            assert not each.inserted, "openpyxl moves no formulas"
            save_by_openpyxl(each, path)
        case "libreoffice":
            save_by_libreoffice(each, path, office)
    return path


def save_by_openpyxl(each: Sample, path: Path) -> None:
    """Type the mistakes by a script, as tools of a company do: it drops the values of all formulas."""
    workbook = openpyxl.load_workbook(path)
    for step in each.mistakes:
        workbook[step.sheet][step.cell].value = step.typed
    workbook.save(path)


def save_by_libreoffice(each: Sample, path: Path, office: Office) -> None:
    """Type the mistakes in a real program, which recalculates; rows are put in from the last up, so that none has moved yet."""
    steps: list[tuple[Any, ...]] = [("type", step.sheet, step.cell, step.typed) for step in each.mistakes]
    steps += [("insert_rows", sheet, row) for sheet, row in sorted(each.inserted, key=lambda place: -place[1])]
    with TemporaryDirectory() as folder:
        edited = office.edit(path, Path(folder) / path.name, steps)
        path.write_bytes(edited.read_bytes())


def main() -> None:
    sys.path.insert(0, str(HERE.parent / "tests"))
    from office import MissingProgram, Office

    for old in WORKBOOKS.glob("*.xlsx"):
        old.unlink()
    try:
        with Office() as office:
            for each in samples():
                path = make(each, WORKBOOKS, office)
                print(f"{path.relative_to(HERE.parent)}  {path.stat().st_size // 1024} KB  {each.saved_by}")
    except MissingProgram as missing:
        sys.exit(str(missing))


if __name__ == "__main__":
    main()
