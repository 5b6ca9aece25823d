"""Questions under one another, each with one answer and what is meant beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from accountsheet.address import Key
from accountsheet.blueprint import Block, Field
from accountsheet.fields import type_of
from accountsheet.formula import Constant, Node
from accountsheet.kind import Context, Kind, calculated, draw_heading, example_line, required_rule, slot
from accountsheet.pieces import LEFT, Canvas, Formula, Label, Style, lines_needed

ROW, LINE = 24.0, 15.0
LINES, LINES_BESIDE = 3, 8
"""Lines that a long answer starts with; it grows as one types."""
BESIDE = 0.66
"""How much of its room an answer takes that has its help beside it."""
QUESTION, ANSWER, SPACE, HELP = 30.0, 54.0, 2.0, 56.0


class Form(Kind):
    """A form; `side_by_side` sets the answers next to one another."""

    name = "form"
    options = frozenset({"lines", "side_by_side"})

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        if not beside_one_another(block):
            return QUESTION, ANSWER, SPACE, HELP
        room = (QUESTION + ANSWER + SPACE + HELP) / len(block.fields)
        return [BESIDE * room, (1 - BESIDE) * room] * len(block.fields)

    def widths_among_others(self, block: Block, context: Context) -> Sequence[float]:
        if beside_one_another(block):
            return self.widths(block, context)
        return 26.0, 38.0 if block.inputs else 14.0, 0.0

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        draw_heading(block, context, canvas)
        if beside_one_another(block):
            self.lay_beside(block, context, canvas)
            return
        beside = help_column(canvas)
        span = canvas.last - beside + 1
        canvas.label(LEFT, context.word("question"), "header")
        canvas.label(LEFT + 1, context.word("your_answer"), "header", beside - LEFT - 1)
        canvas.label(beside, context.word("help"), "header_soft", span)
        canvas.next(20, row_id=f"{block.id}#head")
        canvas.owns(LEFT + 1, f"{block.id}.answer")
        for question in block.fields.values():
            self.lay_question(block, question, context, canvas, beside, span)

    def lay_beside(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw the questions next to one another: each a tall answer with what is meant beside it."""
        columns = [(LEFT + 2 * place, question) for place, question in enumerate(block.fields.values())]
        for column, question in columns:
            tail = ((" *", "required_mark"),) if question.required else ()
            canvas.draw(Label(canvas.row, column, question.label(context.language), Style("box_head"), 2, tail))
        canvas.next(27, row_id=f"{block.id}#head")
        height = LINE * block.number("lines", LINES_BESIDE) + 12
        for column, question in columns:
            key, here = Key(block.id, "", "", question.id), (canvas.row, column)
            canvas.draw(slot(canvas, column, key, question, context, counted=key not in context.prefilled))
            canvas.owns(column, f"{block.id}.{question.id}")
            if question.required:
                canvas.draw(required_rule(here, here, key))
            height = max(height, self.draw_help(block, question, context, canvas, column + 1, 1))
        canvas.next(height, row_id=f"{block.id}/answers", grows=True)

    def lay_question(self, block: Block, question: Field, context: Context, canvas: Canvas, beside: int, span: int) -> None:
        """Draw one question with its answer and help."""
        key = Key(block.id, "", "", question.id)
        kind = type_of(question)
        tail = ((" *", "required_mark"),) if question.required else ()
        canvas.draw(Label(canvas.row, LEFT, question.label(context.language), Style("label", wrap=True), tail=tail))
        if question.calculated:
            formula = calculated(block, question, context)
            style = Style("computed", kind.number_format, "left")
            canvas.draw(Formula(canvas.row, LEFT + 1, key, formula, style, asked=context.asked(question)))
        else:
            piece = slot(canvas, LEFT + 1, key, question, context, counted=key not in context.prefilled)
            # In a form every answer starts at the left, figures too: one column, one edge.
            canvas.draw(replace(piece, style=replace(piece.style, align="left")))
            if question.required:
                here = (canvas.row, LEFT + 1)
                canvas.draw(required_rule(here, here, key))
        height = self.draw_help(block, question, context, canvas, beside, span)
        if beside > LEFT + 2:
            canvas.label(LEFT + 2, "", "help")
        wanted = LINE * block.number("lines", LINES) + 12 if kind.grows and not question.calculated else ROW
        label = question.label(context.language) + " *" * question.required
        wanted = max(wanted, height, LINE * lines_needed(label, canvas.width(LEFT)) + 9)
        canvas.next(wanted, row_id=f"{block.id}/{question.id}", grows=kind.grows)

    @staticmethod
    def draw_help(block: Block, question: Field, context: Context, canvas: Canvas, beside: int, span: int) -> float:
        """Draw what is meant, with the example below it where examples are on; gives the height it needs."""
        words, example = question.help(context.language), question.example(context.language)
        style, room = Style("help", wrap=True), canvas.width(beside, span)
        if not example:
            canvas.draw(Label(canvas.row, beside, words, style, span))
            return 13.5 * lines_needed(words, room) + 9
        shown = context.word("example") + example
        formula: Node = example_line(context, ("\n" if words else "") + shown)
        if words:
            formula = Constant(words) & formula
        canvas.draw(Formula(canvas.row, beside, Key(block.id, "#help", "", question.id), formula, style, span))
        return 13.5 * (lines_needed(words, room) + lines_needed(shown, room)) + 9

    def counted(self, block: Block, context: Context) -> Sequence[tuple[Key, Key]]:
        apart = [(key, key) for key in to_fill_in(block, context)]
        if beside_one_another(block):
            return apart
        order = {question: place for place, question in enumerate(block.fields)}
        joined: list[tuple[Key, Key]] = []
        for first, last in apart:
            if joined and order[first.field] == order[joined[-1][1].field] + 1:
                joined[-1] = joined[-1][0], last
            else:
                joined.append((first, last))
        return joined

    def expected(self, block: Block, context: Context) -> int:
        return len(to_fill_in(block, context))

    def describe(self, block: Block, row: int | str, column: str, answers: Mapping[Key, Any], context: Context) -> dict[str, Any]:
        return {}


def to_fill_in(block: Block, context: Context) -> list[Key]:
    """Give the answers that completeness expects."""
    keys = [Key(block.id, "", "", question.id) for question in block.inputs]
    return [key for key in keys if key not in context.prefilled]


def beside_one_another(block: Block) -> bool:
    """Whether the answers stand next to one another."""
    return str(block.options.get("side_by_side", "")).lower() == "true"


def help_column(canvas: Canvas) -> int:
    """Give the column where help stands: past the gap where the tab has one."""
    return LEFT + 3 if len(canvas.columns) == 4 and canvas.columns[2] == SPACE else LEFT + 2
