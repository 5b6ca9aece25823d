"""What a kind of block is, and what it may know while it is laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from accountsheet.address import Key
from accountsheet.blueprint import Block, Blueprint, Choices, Field
from accountsheet.expression import ExpressionProblem, Operand, lower
from accountsheet.fields import Asked, ask, type_of
from accountsheet.formula import Constant, Node, Range, Ref, call, node, references, some
from accountsheet.pieces import LEFT, Canvas, Formula, Label, Link, Rule, Slot, Style, lines_needed
from accountsheet.text import Text
from accountsheet.wording import word

GAP = 14.0
HEADING = 28.0


@dataclass(frozen=True)
class Context:
    """All that a layout depends on, beside the account: what is the same here is the same Layout."""

    blueprint: Blueprint
    language: str
    year: int
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Rows of the growing blocks, where they need more than the blueprint ships."""
    prefilled: frozenset[Key] = frozenset()
    kinds: Mapping[str, Kind] = field(default_factory=dict)

    def word(self, name: str, /, **facts: object) -> str:
        """Give one of the tool's own words."""
        return word(name, self.language, **facts)

    def asked(self, question: Field) -> Asked:
        """Put a question in the layout's language."""
        return ask(question, self.blueprint, self.language, self.year)

    def kind(self, block: Block) -> Kind:
        """Give a block's kind."""
        return self.kinds[block.kind]

    def rows(self, block: Block, shipped: int = 12) -> int:
        """Give the number of a growing block's rows."""
        return max(self.sizes.get(block.id, 0), block.number("rows", shipped))

    def given(self, block: Block, *questions: str) -> int:
        """Count the answers to some of a block's questions that were filled in beforehand."""
        return sum(key.block == block.id and key.field in questions for key in self.prefilled)

    def switch(self, name: str) -> Node | None:
        """Give the condition that a switch on the Overview is on, where the blueprint has it."""
        plan = next((block for block in self.blueprint.blocks.values() if block.kind == "overview"), None)
        if plan is None or name not in plan.fields:
            return None
        return Ref(Key(plan.id, "", "", name), "both").equals(self.word("yes"))


class Kind:
    """A kind of block: how it is laid out, and what its table looks like. One file in `blocks/` each."""

    name: ClassVar[str]
    options: ClassVar[frozenset[str]] = frozenset()
    growing: ClassVar[bool] = False

    def complete(self, block: Block, lists: Mapping[str, Choices]) -> Block:
        """Add to a block what its options say in short, such as a row or column for each entry of a list."""
        return block

    def index(self, block: Block) -> tuple[str, ...]:
        """Name the columns that tell the records of the imported table apart."""
        return ()

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        """Wish widths in characters for the columns from B on."""
        raise NotImplementedError

    def widths_among_others(self, block: Block, context: Context) -> Sequence[float]:
        """Wish widths on a tab that it shares with blocks of other widths."""
        return self.widths(block, context)

    def on_one_page(self, block: Block) -> bool:
        """Whether its tab is printed on one page, whatever it takes."""
        return False

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw the block from the canvas's current row down."""
        raise NotImplementedError

    def rows(self, block: Block, context: Context) -> Sequence[int | str]:
        """Give the rows that a calculation goes over."""
        return ("",)

    def area(self, block: Block, question: str, context: Context) -> tuple[Key, Key]:
        """Give the first and last cell of a field over all rows; raises ExpressionProblem where it has no rows."""
        raise ExpressionProblem(f"{block.id} has no rows to go over")

    def naming(self, block: Block, context: Context) -> tuple[Key, Key]:
        """Give the cells that name the rows."""
        return self.area(block, block.inputs[0].id, context)

    def begun(self, block: Block, rows: RowsScope) -> Node:
        """Give the condition that a row holds anything."""
        return some([rows.name((question.id,)).node.differs("") for question in block.inputs])

    def constants(self, block: Block, row: int | str, context: Context) -> Mapping[str, float | Node]:
        """Give what a row knows by itself, such as the years it spans: a figure, or the formula of one."""
        return {}

    def above(self, block: Block, row: int | str) -> int | str | None:
        """Give the row before, None at the first; raises ExpressionProblem where rows have no order."""
        raise ExpressionProblem("previous() needs a table with rows in order")

    def counted(self, block: Block, context: Context) -> Sequence[tuple[Key, Key]]:
        """Give the areas whose filled-in cells make up completeness."""
        return ()

    def expected(self, block: Block, context: Context) -> int:
        """Give how many filled-in cells make the block complete."""
        return 0

    def describe(self, block: Block, row: int | str, column: str, answers: Mapping[Key, Any], context: Context) -> dict[str, Any]:
        """Give the index columns of one record."""
        return {}

    def labels(self, block: Block, context: Context) -> Mapping[str, Text]:
        """Give what its fixed rows and columns are called, by their keys."""
        return {}

    def span(self, block: Block, row: int | str, context: Context) -> tuple[int, int] | None:
        """Give the first and last calendar year that a row is about, where it is about any."""
        return None

    def renewal(self, block: Block, row: int | str, question: Field) -> str:
        """Say what becomes of an answer when the plan is renewed: keep, shift, ask or drop."""
        return question.renew

    def locate(self, block: Block, record: Mapping[str, Any], number: int) -> tuple[int | str, str]:
        """Give row and column of a record of an imported table: the inverse of describe."""
        return "", ""

    def place(self, block: Block, records: Iterable[Mapping[str, Any]], context: Context) -> dict[Key, Any]:
        """Give the answers that the records of an imported table stand for."""
        answers: dict[Key, Any] = {}
        for number, record in enumerate(records, 1):
            answers |= answers_of(block, record, *self.locate(block, record, number))
        return answers

    def defaults(self, block: Block, context: Context) -> Mapping[Key, Any]:
        """Give the answers that a blank workbook starts with."""
        return {}


INDEX = ("plan_id", "account_id", "owner", "year", "currency")
"""The columns that every imported table begins with."""


def column_of(block: Block, question: Field) -> str:
    """Name a field's column in the imported table; one that every table has already goes by its block's name too."""
    return f"{block.id}_{question.id}" if question.id in INDEX else question.id


def is_identity(question: Field) -> bool:
    """Whether a field asks what every table begins with: then that column holds the answer."""
    return question.id in INDEX and question.id == question.source


def answers_of(block: Block, record: Mapping[str, Any], row: int | str, column: str) -> dict[Key, Any]:
    """Give the answers of one record; what is NA (unequal to itself) is none."""
    given = {Key(block.id, row, column, question.id): record.get(column_of(block, question)) for question in block.inputs}
    return {key: value for key, value in given.items() if value is not None and value == value}


# -------------------------------------------------------------------------------------------- scopes of expressions


@dataclass(frozen=True)
class RecordScope:
    """The names that one row, cell or form can use."""

    context: Context
    block: Block
    row: int | str | None = ""
    column: str = ""

    def name(self, path: tuple[str, ...]) -> Operand:
        """Find a name: a field here, a form's field, or a fixed row's field."""
        blocks = self.context.blueprint.blocks
        match path:
            case ("plan_year",):
                return Operand(Constant(self.context.year))
            case (question,) if question in self.block.fields and self.row is None:
                return Operand(Constant(""), self.context.asked(self.block.fields[question]))
            case (question,) if question in self.block.fields and self.row is not None:
                return self.operand(Key(self.block.id, self.row, self.column, question), self.block.fields[question])
            case ("years",) if self.row is None:
                return Operand(Constant(1))
            case (question,) if question in (constants := self.constants()):
                return Operand(node(constants[question]), risky=isinstance(constants[question], Node))
            case (other, question) if other in blocks and question in blocks[other].fields:
                if self.context.kind(blocks[other]).index(blocks[other]):
                    raise ExpressionProblem(f"{other} has rows: use count, any or sum, or name the row: {other}.ROW.{question}")
                return self.operand(Key(other, "", "", question), blocks[other].fields[question])
            case (other, row, question) if other in blocks and question in blocks[other].fields:
                if row not in self.context.kind(blocks[other]).rows(blocks[other], self.context):
                    raise ExpressionProblem(f"{other} has no row {row}")
                return self.operand(Key(other, row, "", question), blocks[other].fields[question])
        raise ExpressionProblem(f"there is no {'.'.join(path)}")

    def constants(self) -> Mapping[str, float | Node]:
        """Give what the row knows by itself; a scope of whole blocks only has no row."""
        if self.row is None or not self.block.kind:
            return {}
        return self.context.kind(self.block).constants(self.block, self.row, self.context)

    def operand(self, key: Key, question: Field) -> Operand:
        """Take a cell as a value."""
        return Operand(Ref(key), self.context.asked(question))

    def previous(self) -> RecordScope:
        """Stand in the row before."""
        above = None if self.row is None else self.context.kind(self.block).above(self.block, self.row)
        return replace(self, row=above)

    def rows_of(self, block: str) -> RowsScope:
        """Go over the rows of a table."""
        return rows_scope(self.context, block, turned=False)

    def begun(self) -> Node:
        """Refuse: one record is no table."""
        raise ExpressionProblem("only a table has rows to go over")

    def tally(self, condition: Node) -> Node:
        """Count the rows that meet a condition."""
        return call("SUMPRODUCT", condition)


@dataclass(frozen=True)
class RowsScope:
    """All rows of a block at once: its fields are ranges. Turned ones lie along a row, to be set against another block's."""

    context: Context
    block: Block
    turned: bool = False

    def name(self, path: tuple[str, ...]) -> Operand:
        """Find a name: a field of the rows, else what a form has."""
        if len(path) == 1 and path[0] in self.block.fields:
            area: Node = Range(*self.context.kind(self.block).area(self.block, path[0], self.context))
            return Operand(call("TRANSPOSE", area) if self.turned else area, self.context.asked(self.block.fields[path[0]]))
        return RecordScope(self.context, self.block).name(path) if len(path) > 1 or path == ("plan_year",) else self.unknown(path)

    def unknown(self, path: tuple[str, ...]) -> Operand:
        """Refuse a name."""
        raise ExpressionProblem(f"there is no {path[0]} in {self.block.id}")

    def previous(self) -> RowsScope:
        """Refuse: ranges have no row before."""
        raise ExpressionProblem("previous() cannot be used over all rows")

    def begun(self) -> Node:
        """Give the condition that a row holds anything."""
        return self.context.kind(self.block).begun(self.block, self)

    def rows_of(self, block: str) -> RowsScope:
        """Go over another table for each of these rows: it is turned, so that rows meet columns."""
        return rows_scope(self.context, block, turned=True)

    def tally(self, condition: Node) -> Node:
        """Count for each of these rows how many of the other's meet a condition: a matrix product with ones."""
        other = next(each for each in ranges_of(condition) if each.first.block != self.block.id)
        return call("MMULT", condition, call("ROW", other) - call("ROW", other) + 1)


def ranges_of(formula: Node) -> Iterable[Range]:
    """Give the ranges in a formula."""
    return [each for each in references(formula) if isinstance(each, Range)]


def rows_scope(context: Context, block: str, *, turned: bool) -> RowsScope:
    """Make the scope of a table's rows."""
    found = context.blueprint.blocks.get(block)
    if found is None:
        raise ExpressionProblem(f"there is no table {block}")
    return RowsScope(context, found, turned)


def calculated(block: Block, question: Field, context: Context, row: int | str = "", column: str = "") -> Node:
    """Turn a calculated field into the formula of one record."""
    asked = context.asked(question)
    scope = RecordScope(context, block, row, column)
    formula = lower(question.value, scope, asked.labels)
    return call("IF", formula, asked.labels["yes"], asked.labels["no"]) if question.kind == "yes_no" else formula


# ---------------------------------------------------------------------------------------- drawing that kinds share


def draw_heading(block: Block, context: Context, canvas: Canvas) -> None:
    """Draw a block's heading, and its introduction where it has one."""
    title = block.title(context.language)
    if title:
        canvas.label(LEFT, title, "heading", len(canvas.columns))
        canvas.next(HEADING)
    intro = block.intro(context.language)
    if intro:
        canvas.label(LEFT, intro, "help", len(canvas.columns), wrap=True)
        canvas.next(15.0 * lines_needed(intro, canvas.width(LEFT, len(canvas.columns))) + 5)


def draw_gap(canvas: Canvas, points: float = GAP) -> None:
    """Leave an empty row."""
    canvas.next(points)


def header_label(canvas: Canvas, column: int, question: Field, context: Context) -> Label:
    """Make a table's column header: over figures it stands right, and what is required has a mark."""
    kind = type_of(question)
    role = "header_computed" if question.calculated else "header"
    tail = ((" *", "required_mark"),) if question.required and not question.calculated else ()
    return Label(canvas.row, column, question.label(context.language), Style(role, align=kind.align, wrap=True), tail=tail)


def slot(canvas: Canvas, column: int, key: Key, question: Field, context: Context, **more: Any) -> Slot:
    """Make an input cell."""
    kind = type_of(question)
    wrap = kind.align == "left" and question.kind != "choice"
    return Slot(canvas.row, column, key, context.asked(question), Style("input", kind.number_format, kind.align, wrap), **more)


def formula_cell(canvas: Canvas, column: int, key: Key, question: Field, context: Context, formula: Node) -> Formula:
    """Make a calculated field's cell."""
    kind = type_of(question)
    style = Style("computed", kind.number_format, kind.align)
    return Formula(canvas.row, column, key, formula, style, asked=context.asked(question))


def example_line(context: Context, text: str) -> Node:
    """Make a text that shows only while examples are switched on."""
    shown = context.switch("examples")
    return long_constant(text) if shown is None else call("IF", shown, long_constant(text), "")


def draw_example(block: Block, words: str, context: Context, canvas: Canvas) -> None:
    """Draw an example below a block, over the whole width, where the blueprint gives one."""
    if words:
        shown, span = context.word("example") + words, len(canvas.columns)
        key = Key(block.id, "#example", "", "")
        canvas.draw(Formula(canvas.row, LEFT, key, example_line(context, shown), Style("note", wrap=True), span))
        canvas.next(14.0 * lines_needed(shown, canvas.width(LEFT, span)) + 4)


def examples_of(questions: Iterable[Field], context: Context) -> str:
    """Give the examples of some fields in one line."""
    return "  ·  ".join(filter(None, (question.example(context.language) for question in questions)))


def long_constant(text: str) -> Node:
    """Write a text into a formula: one literal holds at most 255 characters."""
    parts = [text[start : start + 250] for start in range(0, len(text), 250)] or [""]
    formula: Node = Constant(parts[0])
    for part in parts[1:]:
        formula = formula & part
    return formula


def required_rule(first: tuple[int, int], last: tuple[int, int], key: Key, row: tuple[Key, Key] | None = None) -> Rule:
    """Colour what is required and empty; in a table, only on rows that have begun."""
    empty: Node = call("LEN", Ref(key)).equals(0)
    if row is not None:
        empty = call("AND", empty, call("SUMPRODUCT", Range(*row, "column").differs("") * 1) > 0)
    return Rule(first, last, empty, "required")


def left_open(cells: Iterable[Key], given: frozenset[Key]) -> list[tuple[Key, Key]]:
    """Give the stretches of a column that were not filled in beforehand."""
    found: list[tuple[Key, Key]] = []
    begun: Key | None = None
    for key in cells:
        if key in given:
            begun = None
        elif begun is None:
            begun = key
            found.append((key, key))
        else:
            found[-1] = begun, key
    return found


__all__ = [
    "Context", "Kind", "Link", "RecordScope", "RowsScope", "calculated", "draw_example", "draw_gap", "draw_heading",
    "example_line", "examples_of", "formula_cell", "header_label", "left_open", "long_constant", "ranges_of", "required_rule",
    "rows_scope", "slot",
]  # fmt: skip
