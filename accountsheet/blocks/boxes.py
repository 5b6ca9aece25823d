"""What blocks of named boxes with lines in them have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsheet.address import Key
from accountsheet.blueprint import Block
from accountsheet.kind import Context, Kind
from accountsheet.text import Text


class Boxes(Kind):
    """Lines in boxes: an answer is known by its box, and its line there."""

    def index(self, block: Block) -> tuple[str, ...]:
        return "box", "row"

    def expected(self, block: Block, context: Context) -> int:
        return max(0, block.number("min_cells", len(block.options["boxes"])) - context.given(block, next(iter(block.fields))))

    def describe(self, block: Block, row: int | str, column: str, answers: Mapping[Key, Any], context: Context) -> dict[str, Any]:
        return {"box": column, "row": row}

    def labels(self, block: Block, context: Context) -> Mapping[str, Text]:
        return {name: box["label"] for name, box in block.options["boxes"].items()}

    def locate(self, block: Block, record: Mapping[str, Any], number: int) -> tuple[int | str, str]:
        return int(record.get("row") or number), str(record["box"])
