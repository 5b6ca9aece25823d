"""Levels with what each means: nothing to fill in, but something to choose by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accountsheet.address import Key
from accountsheet.blueprint import Block, Field
from accountsheet.formula import Constant, Node, Ref, call
from accountsheet.kind import Context, Kind, draw_heading
from accountsheet.pieces import LEFT, Canvas, Formula, Label, Style, lines_needed
from accountsheet.text import Text

ROW, HEADER, LINE = 24.0, 20.0, 15.0
MARK = 34.0


class Reference(Kind):
    """A list of `levels`, each with its text; `list` says what they are called, `marks` which answers name one of them."""

    name = "reference"
    options = frozenset({"levels", "list", "marks", "label"})

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        return 30.0, 54.0, 2.0, 56.0

    def widths_among_others(self, block: Block, context: Context) -> Sequence[float]:
        return 26.0, 38.0

    def rows(self, block: Block, context: Context) -> Sequence[int | str]:
        return tuple(block.options["levels"])

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        draw_heading(block, context, canvas)
        marks = marking(block, context)
        wide = len(canvas.columns) - 1 - (span := mark_span(canvas) if marks else 0)
        label: Text | None = block.options.get("label")
        canvas.label(LEFT, label(context.language) if label else context.word("level"), "header")
        canvas.label(LEFT + 1, context.word("meaning"), "header", wide)
        if marks:
            canvas.label(LEFT + 1 + wide, context.word("your_answer"), "header_computed", span)
        canvas.next(HEADER, row_id=f"{block.id}#head")
        names = context.blueprint.lists[block.options["list"]].shown(context.language) if "list" in block.options else {}
        levels: Mapping[str, Mapping[str, Text]] = block.options["levels"]
        for key, level in levels.items():
            words, name = level["text"](context.language), names.get(key) or level["label"](context.language)
            canvas.draw(Label(canvas.row, LEFT, name, Style("label_bold", wrap=True)))
            canvas.draw(Label(canvas.row, LEFT + 1, words, Style("label", wrap=True), wide))
            lines = max(lines_needed(words, canvas.width(LEFT + 1, wide)), lines_needed(name, canvas.width(LEFT)), len(marks))
            if marks:
                mark = call("TEXTJOIN", "\n", True, *(shown(key, *each, context) for each in marks))
                cell = Key(block.id, key, "", "#mark")
                canvas.draw(Formula(canvas.row, LEFT + 1 + wide, cell, mark, Style("computed", align="left", wrap=True), span))
            canvas.next(max(ROW, LINE * lines + 9), row_id=f"{block.id}/{key}")


def marking(block: Block, context: Context) -> list[tuple[str, Field]]:
    """Give the answers that name a level, of the blocks that this blueprint has."""
    blocks, paths = context.blueprint.blocks, [path.partition(".") for path in block.options.get("marks", ())]
    return [(other, blocks[other].fields[name]) for other, _, name in paths if other in blocks and name in blocks[other].fields]


def shown(level: str, other: str, question: Field, context: Context) -> Node:
    """Name the question whose answer is this level, if it is."""
    named = Ref(Key(other, "", "", question.id)).equals(context.asked(question).labels[level])
    return call("IF", named, Constant(f"●  {question.label(context.language)}"), "")


def mark_span(canvas: Canvas) -> int:
    """Give how many columns from the right the marks need."""
    return next(span for span in range(1, len(canvas.columns)) if canvas.width(canvas.last - span + 1, span) >= MARK)
