"""Accounts scored on weighted criteria, with their weighted mean and rank, to choose the key accounts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from accountsheet.address import Key
from accountsheet.blocks.table import END, Part, Table, columns, required
from accountsheet.blueprint import Block, Choices, Field
from accountsheet.formula import Node, Ref, call, product, total
from accountsheet.kind import Context
from accountsheet.pieces import LEFT, Canvas, Formula, Rule, Style

SCORE, CHOSEN = "score", "chosen"
WEIGHTS = 20.0


class Candidates(Table):
    """A table with a score for each entry of `list`; `weighted_mean` in a calculation is that of the row, by `weights`."""

    name = "candidates"
    options = Table.options | {"weights", "min_scores"}

    def complete(self, block: Block, lists: Mapping[str, Choices]) -> Block:
        if "list" not in block.options or SCORE not in block.fields:
            return block
        fields: dict[str, Field] = {}
        criteria = lists[block.options["list"]].labels
        for name, question in block.fields.items():
            scores = {key: replace(question, id=key, label=label) for key, label in criteria.items()}
            fields |= scores if name == SCORE else {name: question}
        return replace(block, fields=fields, options={**block.options, "criteria": tuple(criteria)})

    def rows(self, block: Block, context: Context) -> Sequence[int | str]:
        return tuple(range(1, max(context.rows(block), len(names(block, context))) + 1))

    def constants(self, block: Block, row: int | str, context: Context) -> Mapping[str, float | Node]:
        """Give the weighted mean; a criterion without a score, or without a weight, is left out of it."""
        sums: list[Node] = []
        weights: list[Node] = []
        for criterion in block.options["criteria"]:
            score, weight = Ref(Key(block.id, row, "", criterion)), Ref(weight_key(block, criterion), "both")
            both = product([call("ISNUMBER", score), call("ISNUMBER", weight)])
            sums.append(call("IF", both, score * weight, 0))
            weights.append(call("IF", both, weight, 0))
        return {"weighted_mean": total(sums) / total(weights)}

    def draw_header(self, block: Block, part: Part, context: Context, canvas: Canvas, left: int) -> None:
        """Draw the headers, and under each criterion the weight it has."""
        super().draw_header(block, part, context, canvas, left)
        canvas.label(LEFT, context.word("weight"), "note")
        for place, question in enumerate(part.columns):
            if question.id in block.options["criteria"]:
                weight = Ref(weight_key(block, question.id))
                shown = call("IF", weight.equals(""), "–", weight)
                key = Key(block.id, "#weight", "", question.id)
                canvas.draw(Formula(canvas.row, left + place, key, shown, Style("note", "0%", "center")))
        canvas.next(WEIGHTS, row_id=f"{block.id}#head2")

    def draw_rules(self, block: Block, part: Part, context: Context, canvas: Canvas, left: int, first: int, last: int) -> None:
        """Mark the accounts that were chosen."""
        super().draw_rules(block, part, context, canvas, left, first, last)
        row = self.rows(block, context)[0]
        for place, question in enumerate(part.columns):
            if question.id == CHOSEN:
                when = Ref(Key(block.id, row, "", CHOSEN), "column").equals(context.word("yes"))
                canvas.draw(Rule((first, left + place), (last, left + place), when, "good"))
                canvas.draw(Rule((first, left), (last, left), when, "overdue_name"))

    def counted(self, block: Block, context: Context) -> Sequence[tuple[Key, Key]]:
        given = {key.field for key in context.prefilled if key.block == block.id}
        asked = [question.id for question in required(block) if question.id not in given]
        first = self.rows(block, context)[0]
        return [(Key(block.id, first, "", name), Key(block.id, END, "", name)) for name in (*asked, *block.options["criteria"])]

    def expected(self, block: Block, context: Context) -> int:
        """Give what each account needs: its scores, and what is required; accounts that were filled in beforehand all count."""
        given = {key for key in context.prefilled if key.block == block.id}
        asked = [question.id for question in required(block) if question.id not in {key.field for key in given}]
        accounts = max(block.number("min_rows", 1), len({key.row for key in given}))
        return accounts * (len(asked) + block.number("min_scores", len(block.options["criteria"])))

    def defaults(self, block: Block, context: Context) -> Mapping[Key, Any]:
        """Give each of the owner's accounts a row."""
        question = columns(block)[0].id
        return {Key(block.id, place, "", question): name for place, name in enumerate(names(block, context), 1)}


def names(block: Block, context: Context) -> Sequence[str]:
    """Give the accounts that are known beforehand."""
    chosen = columns(block)[0].list
    return tuple(context.blueprint.lists[chosen].labels) if chosen else ()


def weight_key(block: Block, criterion: str) -> Key:
    """Name the cell with a criterion's weight."""
    other, _, question = str(block.options["weights"]).partition(".")
    return Key(other, criterion, "", question)
