"""Milestones to be reached in order, each with what was done, decided and agreed: the twelve bases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsheet.address import Key
from accountsheet.blocks.table import Table
from accountsheet.blueprint import Block
from accountsheet.formula import Node
from accountsheet.kind import Context


class Bases(Table):
    """A table with the bases as its `items`; in its calculations `base` is the number of the row's own."""

    name = "bases"

    def index(self, block: Block) -> tuple[str, ...]:
        return ("base",)

    def constants(self, block: Block, row: int | str, context: Context) -> Mapping[str, float | Node]:
        return {"base": number(block, row)}

    def label(self, block: Block, row: int | str, context: Context) -> str:
        return f"{number(block, row)}  {super().label(block, row, context)}"

    def describe(self, block: Block, row: int | str, column: str, answers: Mapping[Key, Any], context: Context) -> dict[str, Any]:
        return {"base": number(block, row)}

    def locate(self, block: Block, record: Mapping[str, Any], number: int) -> tuple[int | str, str]:
        return list(block.options["items"])[int(record["base"]) - 1], ""


def number(block: Block, row: int | str) -> int:
    """Give the number of a base, counted from 1."""
    return list(block.options["items"]).index(row) + 1
