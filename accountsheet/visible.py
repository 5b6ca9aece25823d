"""What the tabs of a workbook show of its account: all that is known of it where the hidden sheet is gone."""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from accountsheet.accounts import Account
from accountsheet.blueprint import Block, Blueprint
from accountsheet.dates import read_date
from accountsheet.display import plain
from accountsheet.grid import Grid, cell, filled, folded
from accountsheet.guide import labels_of
from accountsheet.pieces import Fact, Sheet
from accountsheet.plan import layout_for

Tabs = Mapping[str, Grid]
"""The tab of each section."""


def account_seen(
    account_id: str, blueprint: Blueprint, language: str, year: int, tabs: Tabs
) -> tuple[Account, datetime.date | None]:
    """Give the account that the tabs are about, and the day that its plan is due."""
    seen = facts_seen(layout_for(blueprint, language, year, (), frozenset()).sheets, tabs)
    segments = blueprint.lists["segment"].labels if "segment" in blueprint.lists else {}
    segment = next((key for key, label in segments.items() if seen.get("segment") in label.every()), seen.get("segment", ""))
    account = Account(
        account_id,
        seen.get("account", account_id),
        seen.get("owner", ""),
        seen.get("send_to", ""),
        segment,
        currency=seen.get("currency", ""),
        products=products_seen(blueprint, language, tabs),
    )
    return account, read_date(seen.get("due", ""), language, year).value


def facts_seen(sheets: Iterable[Sheet], tabs: Tabs) -> dict[str, str]:
    """Give the facts that the tabs show, by their names; where they differ, what most of them say."""
    said: dict[str, Counter[str]] = defaultdict(Counter)
    for sheet in sheets:
        if sheet.id in tabs:
            for name, value in facts_on(sheet, tabs[sheet.id]):
                said[name][value] += value not in ("", "–")
    return {name: values.most_common(1)[0][0] for name, values in said.items() if any(values.values())}


def facts_on(sheet: Sheet, grid: Grid) -> Iterator[tuple[str, str]]:
    """Find the facts on a tab: within a wording of ours, or as far from the label before it as it was put."""
    texts = {folded(value): (row, column) for row, column, value in filled(grid) if isinstance(value, str)}
    labels = labels_of(sheet)
    for fact in (piece for piece in sheet.pieces if isinstance(piece, Fact)):
        before, *name, after = re.split(r"{(\w+)}", fact.wording)
        if len(name) != 1:
            continue
        if before or after:
            start, end = folded(before), folded(after)
            found = (each[len(start) : len(each) - len(end)] for each in texts if each.startswith(start) and each.endswith(end))
            yield from ((name[0], value.upper()) for value in found if name[0] == "currency" and len(value) == 3)
            continue
        column = max((column for row, column in labels if row == fact.row and column < fact.column), default=-1)
        here = texts.get(folded(labels[fact.row, column])) if column >= 0 else None
        if here:
            yield name[0], plain(cell(grid, here[0], here[1] + fact.column - column))


def products_seen(blueprint: Blueprint, language: str, tabs: Tabs) -> tuple[str, ...]:
    """Give the account's own products as a matrix over them is headed; none where they are the blueprint's."""
    matrices = [block for block in blueprint.blocks.values() if block.kind == "matrix" and len(block.fields) > 1]
    over = [block for block in matrices if block.options["across"].get("list") == "products"]
    names = next((names for block in over for grid in tabs.values() if (names := tuple(headed(block, language, grid)))), ())
    usual = [label(language) for label in blueprint.lists["products"].labels.values()] if over else []
    return () if [*map(folded, names)] == [*map(folded, usual)] else names


def headed(block: Block, language: str, grid: Grid) -> Iterator[str]:
    """Give the names over the columns of a matrix: each over as many columns as the block has fields."""
    corner, first = (folded(text(language)) for text in (block.options["down"]["label"], next(iter(block.fields.values())).label))
    for row, column, value in filled(grid):
        if row and isinstance(value, str) and folded(value) == corner and folded(plain(cell(grid, row, column + 1))) == first:
            while folded(plain(cell(grid, row, column + 1))) == first and cell(grid, row - 1, column + 1) not in ("", None):
                yield plain(cell(grid, row - 1, column + 1))
                column += len(block.fields)
            return
