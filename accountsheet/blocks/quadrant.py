"""Boxes of short lines, two side by side: a SWOT is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accountsheet.address import Key
from accountsheet.blocks.boxes import Boxes
from accountsheet.blueprint import Block
from accountsheet.kind import Context, draw_example, draw_heading, examples_of, left_open, slot
from accountsheet.pieces import LEFT, Canvas, Label, Style
from accountsheet.text import Text

ROW, HEAD, BETWEEN = 24.0, 27.0, 14.0
TEXT, NARROW, WEIGHT, SPACE = 60.0, 38.0, 9.0, 3.0


class Quadrant(Boxes):
    """Two to four boxes of lines, each with a weight where the blueprint asks for one."""

    name = "quadrant"
    options = frozenset({"boxes", "rows", "min_cells"})

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        box = (TEXT, WEIGHT) if "weight" in block.fields else (TEXT + WEIGHT,)
        return *box, SPACE, *box

    def widths_among_others(self, block: Block, context: Context) -> Sequence[float]:
        # Where tables need the columns there is no room for air: the heads keep the boxes apart.
        box = (NARROW, WEIGHT)[: len(block.fields)]
        return *box, *box

    def rows(self, block: Block, context: Context) -> Sequence[int | str]:
        return tuple(range(1, context.rows(block, 6) + 1))

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        draw_heading(block, context, canvas)
        boxes: Mapping[str, Mapping[str, Any]] = block.options["boxes"]
        wide = len(block.fields)
        step = wide + (1 if canvas.columns[wide] == SPACE else 0)
        for place, name in enumerate(block.fields):
            canvas.owns(LEFT + place, f"{block.id}.left.{name}")
            canvas.owns(LEFT + step + place, f"{block.id}.right.{name}")
        names = list(boxes)
        for pair, side_by_side in enumerate([names[i : i + 2] for i in range(0, len(names), 2)]):
            if pair:
                canvas.next(BETWEEN)
            for side, name in enumerate(side_by_side):
                self.draw_head(block, boxes[name], context, canvas, LEFT + step * side)
            canvas.next(HEAD, row_id=f"{block.id}#head" if not pair else f"{block.id}#head{pair + 1}")
            for line in self.rows(block, context):
                for side, name in enumerate(side_by_side):
                    for place, question in enumerate(block.fields.values()):
                        key = Key(block.id, line, name, question.id)
                        canvas.draw(slot(canvas, LEFT + step * side + place, key, question, context, counted=place == 0))
                canvas.next(ROW, row_id=f"{block.id}/{side_by_side[0]}.{line}", grows=True)
        if example := examples_of(block.fields.values(), context):
            label: Text = boxes[names[0]]["label"]
            draw_example(block, f"{label(context.language)}: {example}", context, canvas)

    @staticmethod
    def draw_head(block: Block, box: Mapping[str, Any], context: Context, canvas: Canvas, column: int) -> None:
        """Draw a box's name, whether it is inside or outside and helps or hinders, and the weight's header."""
        tone = "box_helps" if box.get("tone", "helps") == "helps" else "box_hinders"
        label: Text = box["label"]
        note: Text = box.get("note", Text())
        tail = ((f"    {note(context.language)}", f"{tone}_note"),) if note else ()
        canvas.draw(Label(canvas.row, column, label(context.language), Style(tone), tail=tail))
        if "weight" in block.fields:
            canvas.label(column + 1, block.fields["weight"].label(context.language), f"{tone}_weight")

    def counted(self, block: Block, context: Context) -> Sequence[tuple[Key, Key]]:
        rows, question = self.rows(block, context), next(iter(block.fields))
        boxes = ([Key(block.id, row, box, question) for row in rows] for box in block.options["boxes"])
        return [area for cells in boxes for area in left_open(cells, context.prefilled)]
