"""Rows under named columns: as many as a rep needs, or fixed ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any, NamedTuple

from accountsheet.address import Key
from accountsheet.blueprint import Block, Choices, Field
from accountsheet.expression import ExpressionProblem
from accountsheet.fields import type_of
from accountsheet.formula import Constant, Node, Range, Ref, call, some
from accountsheet.kind import (
    GAP,
    HEADING,
    Context,
    Kind,
    RowsScope,
    calculated,
    draw_example,
    draw_heading,
    example_line,
    examples_of,
    formula_cell,
    header_label,
    left_open,
    required_rule,
    slot,
)
from accountsheet.pieces import LEFT, Canvas, Formula, Label, Rows, Rule, Style, lines_needed
from accountsheet.text import Text

ROW, HEADER, CLOSING, TOTAL = 20.0, 20.0, 5.0, 23.0
FIRST, EXAMPLE = 26.0, 38.0
END = "end"
NAME = "#name"
"""The label of a fixed row."""


class Part(NamedTuple):
    """Some columns of a table: a wide one with fixed rows is folded into parts that stand under one another."""

    suffix: str
    title: Text
    columns: list[Field]


class Table(Kind):
    """A table."""

    name = "table"
    options = frozenset({"rows", "min_rows", "years", "items", "list", "item", "parts", "names", "lines", "closed"})

    def complete(self, block: Block, lists: Mapping[str, Choices]) -> Block:
        options = dict(block.options)
        if "list" in options:
            options["items"] = lists[options["list"]].labels
        if "items" in options:
            items: Mapping[str, Any] = options["items"]
            options["items"] = {key: item_text(item, "label") for key, item in items.items()}
            options["examples"] = {key: item_text(item, "example") for key, item in items.items() if isinstance(item, Mapping)}
        return replace(block, options=options)

    def index(self, block: Block) -> tuple[str, ...]:
        return ("item",) if "items" in block.options else ("row",)

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        given = [FIRST] if fixed(block) else []
        widths: list[float] = []
        for part in parts(block):
            wish = [column_width(each, context) for each in part.columns]
            if not given:
                wish[0] = FIRST
            widths = [max(pair) for pair in zip_longest(widths, wish, fillvalue=0.0)]
        return [*given, *widths, *([EXAMPLE] if block.options.get("examples") else [])]

    def rows(self, block: Block, context: Context) -> Sequence[int | str]:
        if "items" in block.options:
            return tuple(block.options["items"])
        return tuple(range(1, (len(block.options["years"]) if "years" in block.options else context.rows(block)) + 1))

    def area(self, block: Block, question: str, context: Context) -> tuple[Key, Key]:
        first: int | str = next(iter(block.options["items"])) if "items" in block.options else 1
        return Key(block.id, first, "", question), Key(block.id, END, "", question)

    def naming(self, block: Block, context: Context) -> tuple[Key, Key]:
        return self.area(block, NAME if fixed(block) else str(block.options.get("names", columns(block)[0].id)), context)

    def begun(self, block: Block, rows: RowsScope) -> Node:
        return some([rows.name((question.id,)).node.differs("") for question in columns(block) if not question.calculated])

    def above(self, block: Block, row: int | str) -> int | str | None:
        if not fixed(block):
            raise ExpressionProblem("previous() needs fixed rows: reps sort the others")
        rows = list(block.options["items"]) if "items" in block.options else list(range(1, len(block.options["years"]) + 1))
        place = rows.index(row)
        return rows[place - 1] if place else None

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        draw_heading(block, context, canvas)
        for place, part in enumerate(parts(block)):
            if place:
                canvas.next(GAP)
            self.draw_part(block, part, context, canvas)
        self.draw_notes(block, context, canvas)

    def draw_part(self, block: Block, part: Part, context: Context, canvas: Canvas) -> None:
        """Draw some of the columns with all rows, from the header to the totals."""
        if part.title:
            canvas.label(LEFT, part.title(context.language), "heading", len(canvas.columns))
            canvas.next(HEADING)
        left = LEFT + (1 if fixed(block) else 0)
        head = canvas.row
        self.draw_header(block, part, context, canvas, left)
        rows = self.rows(block, context)
        first = canvas.row
        for row in rows:
            self.draw_row(block, part, row, context, canvas, left)
        last = canvas.row - 1
        for place, question in enumerate(part.columns):
            canvas.draw(Label(canvas.row, left + place, "", Style("closing")))
            canvas.mark(Key(block.id, END, "", question.id), left + place)
        if fixed(block):
            canvas.label(LEFT, "", "closing")
            canvas.mark(Key(block.id, END, "", NAME), LEFT)
        canvas.next(CLOSING, row_id=f"{block.id}{part.suffix}#end")
        canvas.rows[block.id] = Rows(head, first, last, canvas.row - 1, not fixed(block))
        if not fixed(block):
            canvas.unlocked_rows.update(range(first, last + 1))
        self.draw_rules(block, part, context, canvas, left, first, last)
        self.draw_totals(block, part, context, canvas, left)

    def draw_header(self, block: Block, part: Part, context: Context, canvas: Canvas, left: int) -> None:
        """Draw the column headers."""
        if fixed(block):
            given = block.fields.get("year") if "years" in block.options else None
            named: Text | None = given.label if given else block.options.get("item")
            canvas.label(LEFT, named(context.language) if named else context.word("item"), "header")
        lines = 1
        for place, question in enumerate(part.columns):
            canvas.draw(header_label(canvas, left + place, question, context))
            canvas.owns(left + place, f"{block.id}.{question.id}")
            shown = question.label(context.language) + (" *" if question.required else "")
            lines = max(lines, lines_needed(shown, canvas.width(left + place)))
        if block.options.get("examples"):
            canvas.label(left + len(part.columns), context.word("example_column"), "header_soft")
        canvas.next(max(HEADER, 14.0 * lines + 6), row_id=f"{block.id}{part.suffix}#head")

    def draw_row(self, block: Block, part: Part, row: int | str, context: Context, canvas: Canvas, left: int) -> None:
        """Draw one row of slots and calculations."""
        height = max(ROW, 15.0 * block.number("lines", 1) + 5)
        if fixed(block):
            canvas.mark(Key(block.id, row, "", NAME), LEFT)
        if "years" in block.options:
            canvas.label(LEFT, str(context.year + int(block.options["years"][int(row) - 1])), "label_year")
        elif "items" in block.options:
            label = self.label(block, row, context)
            canvas.label(LEFT, label, "label", wrap=True)
            height = max(height, 15.0 * lines_needed(label, canvas.width(LEFT)) + 5)
        if example := block.options.get("examples", {}).get(row, Text())(context.language):
            column = left + len(part.columns)
            key = Key(block.id, row, "", "#example")
            canvas.draw(Formula(canvas.row, column, key, example_line(context, example), Style("help", wrap=True)))
            height = max(height, 13.5 * lines_needed(example, canvas.width(column)) + 6)
        grows = False
        for place, question in enumerate(part.columns):
            key = Key(block.id, row, "", question.id)
            if question.calculated:
                formula = calculated(block, question, context, row)
                canvas.draw(formula_cell(canvas, left + place, key, question, context, formula))
                continue
            grows |= type_of(question).align == "left"
            canvas.draw(slot(canvas, left + place, key, question, context, counted=question.required))
        canvas.next(height, row_id=f"{block.id}{part.suffix}/{row}", grows=grows)

    def label(self, block: Block, row: int | str, context: Context) -> str:
        """Give what a fixed row is called."""
        named: Text = block.options["items"][row]
        return named(context.language)

    def draw_rules(self, block: Block, part: Part, context: Context, canvas: Canvas, left: int, first: int, last: int) -> None:
        """Colour what is required on rows that have begun, and states that ask for attention."""
        inputs = [question for question in part.columns if not question.calculated]
        row = self.rows(block, context)[0]
        ends = (Key(block.id, row, "", inputs[0].id), Key(block.id, row, "", inputs[-1].id))
        for place, question in enumerate(part.columns):
            if question.required and not question.calculated:
                canvas.draw(required_rule((first, left + place), (last, left + place), Key(block.id, row, "", question.id), ends))
            if question.calculated and question.kind == "choice":
                canvas.draw(*state_rules(block, question, context, (first, left + place), (last, left + place), row))
                canvas.draw(*overdue_rule(block, question, context, (first, LEFT), (last, LEFT), row))

    def draw_totals(self, block: Block, part: Part, context: Context, canvas: Canvas, left: int) -> None:
        """Draw the row of totals, where a column has one."""
        if not any(question.total for question in part.columns):
            return
        if fixed(block) or not part.columns[0].total:
            canvas.label(LEFT, context.word("total"), "total")
        for place, question in enumerate(part.columns):
            if question.total:
                area = Range(*self.area(block, question.id, context))
                kind = type_of(question)
                style = Style("total", kind.number_format if question.total != "count" else "0_w", kind.align)
                key = Key(block.id, "total", "", question.id)
                asked = context.asked(question) if question.internal else None
                canvas.draw(Formula(canvas.row, left + place, key, totalled(question, area, context), style, asked=asked))
            elif fixed(block) or place:
                canvas.label(left + place, "", "total")
        canvas.next(TOTAL, row_id=f"{block.id}{part.suffix}#total")

    def draw_notes(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw how to get more rows, and an example row where the blueprint gives one."""
        if not fixed(block):
            canvas.label(LEFT, context.word("more_rows"), "note", len(canvas.columns))
            canvas.next(18)
        draw_example(block, examples_of(columns(block), context), context, canvas)

    def counted(self, block: Block, context: Context) -> Sequence[tuple[Key, Key]]:
        rows = (*self.rows(block, context), END)
        columns_asked = ([Key(block.id, row, "", question.id) for row in rows] for question in required(block))
        return [area for cells in columns_asked for area in left_open(cells, context.prefilled)]

    def expected(self, block: Block, context: Context) -> int:
        asked = {question.id for question in required(block)}
        given = Counter(key.row for key in context.prefilled if key.block == block.id and key.field in asked)
        least = block.number("min_rows", len(self.rows(block, context)) if fixed(block) else 1)
        return len(asked) * least - sum(count for _, count in given.most_common(least))

    def describe(self, block: Block, row: int | str, column: str, answers: Mapping[Key, Any], context: Context) -> dict[str, Any]:
        if "items" in block.options:
            return {"item": row}
        if "years" in block.options:
            return {"row": row, "of_year": context.year + int(block.options["years"][int(row) - 1])}
        return {"row": row}

    def labels(self, block: Block, context: Context) -> Mapping[str, Text]:
        if "items" in block.options:
            return dict(block.options["items"])
        years = enumerate(block.options.get("years", ()), 1)
        return {str(row): Text({"": str(context.year + int(offset))}) for row, offset in years}

    def span(self, block: Block, row: int | str, context: Context) -> tuple[int, int] | None:
        if "years" not in block.options:
            return None
        year = context.year + int(block.options["years"][int(row) - 1])
        return year, year

    def locate(self, block: Block, record: Mapping[str, Any], number: int) -> tuple[int | str, str]:
        return (str(record["item"]) if "items" in block.options else int(record.get("row") or number)), ""


def fixed(block: Block) -> bool:
    """Whether the rows are given."""
    return "years" in block.options or "items" in block.options


def columns(block: Block) -> list[Field]:
    """Give the fields that have a column of their own; the year of fixed years is a label."""
    return [question for question in block.fields.values() if not ("years" in block.options and question.id == "year")]


def parts(block: Block) -> list[Part]:
    """Give the parts that a table is folded into: one of all columns, unless the blueprint says otherwise."""
    given: Mapping[str, Mapping[str, Any]] = block.options.get("parts", {})
    if not given or not fixed(block):
        return [Part("", Text(), columns(block))]
    named = {question for part in given.values() for question in part["fields"]}
    left_over = [question for question in columns(block) if question.id not in named]
    found = []
    for place, (key, part) in enumerate(given.items()):
        chosen = [block.fields[question] for question in part["fields"] if question in block.fields]
        suffix, rest = f".{key}" if place else "", left_over if place == len(given) - 1 else []
        found.append(Part(suffix, part.get("title", Text()), [*chosen, *rest]))
    return found


def item_text(item: Text | str | Mapping[str, Text], name: str) -> Text:
    """Give an item's label or example; an item that is only a text is its label."""
    if isinstance(item, Mapping):
        return item.get(name, Text())
    return (item if isinstance(item, Text) else Text({"": item})) if name == "label" else Text()


def required(block: Block) -> list[Field]:
    """Give what a row needs: the required fields, else the first."""
    inputs = [question for question in columns(block) if not question.calculated]
    return [question for question in inputs if question.required] or inputs[:1]


def column_width(question: Field, context: Context) -> float:
    """Give a column's width: its type's, and room for the longest word of its header and the longest choice."""
    usual = 15.0 if question.calculated and question.kind == "choice" else type_of(question).width
    words = (question.label(context.language) + (" *" if question.required else "")).split(" ")
    choices = context.asked(question).labels.values() if question.kind == "choice" else ()
    return max(usual, 1.05 * max(map(len, words)) + 2.5, min(20.0, max(map(len, choices), default=0) + 3.0))


def totalled(question: Field, area: Node, context: Context) -> Node:
    """Make a column's total; what is asked as yes or no is counted where it is yes."""
    match question.total:
        case "count" if question.kind == "yes_no":
            return call("COUNTIF", area, context.word("yes"))
        case "count":
            return call("SUMPRODUCT", area.differs("") * 1)
        case "mean":
            return call("IFERROR", call("AVERAGE", area), "")
    return call("SUM", area)


ALARMS = {
    "overdue": "bad", "late": "bad", "no_action": "bad", "out_of_order": "bad", "behind": "bad",
    "close": "warn", "under_way": "warn", "done": "good", "met": "good", "reached": "good",
}  # fmt: skip
"""Keys of calculated states that take a colour, wherever they are used."""


def state_rules(
    block: Block, question: Field, context: Context, first: tuple[int, int], last: tuple[int, int], row: int | str
) -> list[Rule]:
    """Colour calculated states."""
    labels = context.asked(question).labels
    key = Ref(Key(block.id, row, "", question.id))
    return [Rule(first, last, key.equals(Constant(labels[state])), role) for state, role in ALARMS.items() if state in labels]


def overdue_rule(
    block: Block, question: Field, context: Context, first: tuple[int, int], last: tuple[int, int], row: int | str
) -> list[Rule]:
    """Make the name of an overdue row bold, so that it is found at the left edge too."""
    labels = context.asked(question).labels
    key = Ref(Key(block.id, row, "", question.id), "column")
    return [Rule(first, last, key.equals(Constant(labels["overdue"])), "overdue_name")] if "overdue" in labels else []
