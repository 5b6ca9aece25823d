"""Boxes in their well-known places, several lines each: the business model canvas is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from accountsheet.address import Key
from accountsheet.blocks.boxes import Boxes
from accountsheet.blueprint import Block
from accountsheet.kind import Context, draw_example, draw_heading, left_open, slot
from accountsheet.pieces import LEFT, Canvas, Label, Style, lines_needed
from accountsheet.text import Text

LINE, HEAD, NOTE, BETWEEN = 33.0, 19.0, 13.0, 10.0
WIDTH = 142.0


class Box(NamedTuple):
    """Where a box's lines stand: columns from the left, and rows from the top of its part of the canvas."""

    name: str
    left: int
    columns: int
    top: int
    lines: int


class BoxCanvas(Boxes):
    """A canvas: `columns` lists the boxes side by side, two in one column halve it; `below` those under them all."""

    name = "canvas"
    options = frozenset({"boxes", "columns", "below", "rows", "min_cells"})

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        wide = len(block.options["columns"])
        return [WIDTH / wide] * wide

    def rows(self, block: Block, context: Context) -> Sequence[int | str]:
        return tuple(range(1, max(box.columns * box.lines for box in self.every(block, context)) + 1))

    def lines(self, block: Block, context: Context) -> int:
        """Give the lines of half a column: as many as a box that fills a whole one, or lies below, needs."""
        shipped, needed = block.number("rows", 4), context.sizes.get(block.id, 0)
        return max(shipped, needed // 2)

    def upper(self, block: Block, context: Context) -> list[Box]:
        """Give the boxes side by side; one that has a column to itself has a line where the others have a heading."""
        half = self.lines(block, context)
        boxes = []
        for left, names in enumerate(block.options["columns"]):
            if len(names) == 1:
                boxes.append(Box(names[0], left, 1, 1, 2 * half + 1))
            else:
                boxes += [Box(name, left, 1, 1 + place * (half + 1), half) for place, name in enumerate(names)]
        return boxes

    def lower(self, block: Block, context: Context) -> list[Box]:
        """Give the boxes below: they share the width, with a line in each column."""
        names, wide = block.options.get("below", []), len(block.options["columns"])
        edges = [round(wide * place / len(names) - 0.1) for place in range(len(names) + 1)] if names else []
        lines = max(2, self.lines(block, context) - 1)
        return [Box(name, edges[place], edges[place + 1] - edges[place], 1, lines) for place, name in enumerate(names)]

    def every(self, block: Block, context: Context) -> list[Box]:
        """Give all boxes."""
        return [*self.upper(block, context), *self.lower(block, context)]

    def on_one_page(self, block: Block) -> bool:
        return True

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        draw_heading(block, context, canvas)
        for column in range(len(block.options["columns"])):
            canvas.owns(LEFT + column, f"{block.id}.{column + 1}.text")
        self.lay_part(block, self.upper(block, context), "upper", context, canvas)
        canvas.next(BETWEEN)
        self.lay_part(block, self.lower(block, context), "lower", context, canvas)
        given = [(about["label"], about["example"]) for about in block.options["boxes"].values() if "example" in about]
        examples = (f"{label(context.language)}: {example(context.language)}" for label, example in given)
        draw_example(block, "  ·  ".join(examples), context, canvas)

    def lay_part(self, block: Block, boxes: Sequence[Box], part: str, context: Context, canvas: Canvas) -> None:
        """Draw boxes side by side, row by row."""
        if not boxes:
            return
        for row in range(max(box.top + box.lines for box in boxes)):
            heads = [box for box in boxes if box.top == row + 1]
            open_here = [box for box in boxes if box.top <= row < box.top + box.lines]
            for box in heads:
                draw_head(block, box, context, canvas)
            for box in open_here:
                self.draw_line(block, box, row - box.top, context, canvas)
            height = max([LINE, *(head_height(block, box, context, canvas) for box in heads)])
            row_id = f"{block.id}#head" + ("" if part == "upper" else "2") if not row else f"{block.id}/{part}.{row}"
            canvas.next(height, row_id=row_id, grows=bool(open_here))

    @staticmethod
    def draw_line(block: Block, box: Box, line: int, context: Context, canvas: Canvas) -> None:
        """Draw one row of a box: a line, or one in each of its columns."""
        question, about = next(iter(block.fields.values())), block.options["boxes"][box.name]
        example = about.get("example", question.example)
        asked = replace(question, label=about["label"], help=about.get("note", question.help), example=example)
        for column in range(box.columns):
            key = Key(block.id, line * box.columns + column + 1, box.name, question.id)
            canvas.draw(slot(canvas, LEFT + box.left + column, key, asked, context, counted=True))

    def counted(self, block: Block, context: Context) -> Sequence[tuple[Key, Key]]:
        question = next(iter(block.fields))
        lines = ((box.name, box.columns * box.lines) for box in self.every(block, context))
        boxes = ([Key(block.id, row, name, question) for row in range(1, last + 1)] for name, last in lines)
        return [area for cells in boxes for area in left_open(cells, context.prefilled)]


def draw_head(block: Block, box: Box, context: Context, canvas: Canvas) -> None:
    """Draw a box's name, and below it what belongs in it."""
    about = block.options["boxes"][box.name]
    note: Text = about.get("note", Text())
    tail = ((f"\n{note(context.language)}", "box_note"),) if note else ()
    label: Text = about["label"]
    canvas.draw(Label(canvas.row, LEFT + box.left, label(context.language), Style("box_head", wrap=True), box.columns, tail))


def head_height(block: Block, box: Box, context: Context, canvas: Canvas) -> float:
    """Give the height of a box's name and note."""
    about = block.options["boxes"][box.name]
    room = canvas.width(LEFT + box.left, box.columns)
    note: Text = about.get("note", Text())
    return HEAD + 5 + NOTE * lines_needed(note(context.language), room) if note else HEAD + 5
