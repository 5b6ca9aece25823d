"""Periods under one another with what is expected of each, and a chart of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accountsheet.address import Key
from accountsheet.blueprint import Block, Field
from accountsheet.fields import type_of
from accountsheet.formula import Node, Ref, call
from accountsheet.kind import (
    Context,
    Kind,
    calculated,
    draw_example,
    draw_heading,
    examples_of,
    formula_cell,
    header_label,
    left_open,
    required_rule,
    slot,
)
from accountsheet.pieces import LEFT, Canvas, Chart, Fact, Formula, Label, Series, Style, lines_needed
from accountsheet.text import Text

ROW, HEADER, END = 22.0, 20.0, "end"
CHART_ROWS = 14
LOOKS = {"contracted": "accent", "open": "pale", "optimistic": "up", "pessimistic": "down"}


class Forecast(Kind):
    """A forecast: `periods` with the years they span; the chart shows what is contracted, what is open, and the range."""

    name = "forecast"
    options = frozenset({"periods", "min_cells", "chart"})

    def index(self, block: Block) -> tuple[str, ...]:
        return "period", "from_year", "to_year"

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        return [26.0, *(max(type_of(question).width, 13.0 if question.calculated else 0.0) for question in block.fields.values())]

    def rows(self, block: Block, context: Context) -> Sequence[int | str]:
        return tuple(block.options["periods"])

    def area(self, block: Block, question: str, context: Context) -> tuple[Key, Key]:
        rows = self.rows(block, context)
        return Key(block.id, rows[0], "", question), Key(block.id, rows[-1], "", question)

    def naming(self, block: Block, context: Context) -> tuple[Key, Key]:
        return self.area(block, "#name", context)

    def above(self, block: Block, row: int | str) -> int | str | None:
        rows = list(block.options["periods"])
        # The current year's target is no base for growth: what is expected of that year is.
        place = rows.index(row)
        same_year = place and int(block.options["periods"][rows[place - 1]]["from"]) == int(block.options["periods"][row]["from"])
        return None if not place or same_year else rows[place - 1]

    def constants(self, block: Block, row: int | str, context: Context) -> Mapping[str, float | Node]:
        begin, end = span(block, row, context)
        return {"years": end - begin + 1}

    def on_one_page(self, block: Block) -> bool:
        return True

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        draw_heading(block, context, canvas)
        canvas.label(LEFT, context.word("period").lower(), "header")
        lines = 1
        for place, question in enumerate(block.fields.values(), 1):
            canvas.draw(header_label(canvas, LEFT + place, question, context))
            canvas.owns(LEFT + place, f"{block.id}.{question.id}")
            lines = max(
                lines, lines_needed(question.label(context.language) + " *" * question.required, canvas.width(LEFT + place))
            )
        canvas.next(max(HEADER, 14.0 * lines + 6), row_id=f"{block.id}#head")
        first = canvas.row
        for row in self.rows(block, context):
            self.draw_row(block, row, context, canvas)
        for place, question in enumerate(block.fields.values(), 1):
            if question.required and not question.calculated:
                key = Key(block.id, self.rows(block, context)[0], "", question.id)
                canvas.draw(required_rule((first, LEFT + place), (canvas.row - 1, LEFT + place), key))
        if any(self.constants(block, row, context)["years"] > 1 for row in self.rows(block, context)):
            canvas.label(LEFT, context.word("years_mean"), "note", len(canvas.columns))
            canvas.next(18)
        draw_example(block, examples_of(block.inputs, context), context, canvas)
        if "revenue" in block.fields and block.fields.keys() & LOOKS.keys():
            self.draw_chart(block, context, canvas)

    def draw_row(self, block: Block, row: int | str, context: Context, canvas: Canvas) -> None:
        """Draw one period."""
        canvas.mark(Key(block.id, row, "", "#name"), LEFT)
        plan_year = int(block.options["periods"][row]["from"]) == 1
        canvas.label(LEFT, period_label(block, row, context), "label_bold" if plan_year else "label")
        for place, question in enumerate(block.fields.values(), 1):
            key = Key(block.id, row, "", question.id)
            if question.calculated:
                formula = calculated(block, question, context, row)
                piece = formula_cell(canvas, LEFT + place, key, question, context, formula)
                style = Style("computed", GROWTH, "right") if question.id == "growth" else piece.style
                canvas.draw(Formula(piece.row, piece.column, key, formula, style, asked=piece.asked))
            else:
                canvas.draw(slot(canvas, LEFT + place, key, question, context, counted=question.required))
        canvas.next(ROW, row_id=f"{block.id}/{row}")

    def draw_chart(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw the chart, and under it the figures that it shows: thousands, a year."""
        canvas.next(14)
        title = context.word("chart_range")
        wording = f"{title}, {{currency}}{context.word('thousands')}"
        canvas.draw(Fact(canvas.row, LEFT, wording, Style("heading"), len(canvas.columns)))
        canvas.next(26)
        top = canvas.row
        for _ in range(CHART_ROWS):
            canvas.next(20)
        shown = [question for question in LOOKS if question in block.fields]
        canvas.label(LEFT, context.word("period").lower(), "header_small")
        for place, question in enumerate(shown, 1):
            canvas.label(LEFT + place, block.fields[question].label(context.language), "header_small", align="right", wrap=True)
        canvas.next(28)
        rows = [row for row in self.rows(block, context) if self.above(block, row) is not None or self.follows_target(block, row)]
        for row in rows:
            begin, end = span(block, row, context)
            years = f"{begin}–{end % 100}{context.word('a_year')}" if end > begin else str(begin)
            canvas.draw(Label(canvas.row, LEFT, years, Style("note")))
            canvas.mark(chart_key(block, row, "category"), LEFT)
            for place, question in enumerate(shown, 1):
                figure = Ref(Key(block.id, row, "", question))
                mean: Node = figure / ((end - begin + 1) * 1000)
                formula = call("IF", call("ISNUMBER", figure), mean, "")
                canvas.draw(
                    Formula(
                        canvas.row,
                        LEFT + place,
                        chart_key(block, row, question),
                        formula,
                        Style("note_figure", "#,##0_w", "right"),
                    )
                )
            canvas.next(15)
        ends = rows[0], rows[-1]
        series = tuple(
            Series(
                block.fields[question].label(context.language),
                (chart_key(block, ends[0], question), chart_key(block, ends[1], question)),
                LOOKS[question],
                question in ("optimistic", "pessimistic"),
            )
            for question in shown
        )
        categories = (chart_key(block, ends[0], "category"), chart_key(block, ends[1], "category"))
        width = int(canvas.width(LEFT, len(canvas.columns)) * 7)
        canvas.draw(Chart(top, LEFT, title, categories, series, (width, int(CHART_ROWS * 20 * 4 / 3) - 6)))

    def follows_target(self, block: Block, row: int | str) -> bool:
        """Whether a row gives what is expected of the year that the row before sets a target for."""
        rows = list(block.options["periods"])
        return rows.index(row) > 0

    def counted(self, block: Block, context: Context) -> Sequence[tuple[Key, Key]]:
        required = [question.id for question in block.inputs if question.required]
        columns = ([Key(block.id, row, "", question) for row in self.rows(block, context)] for question in required)
        return [area for cells in columns for area in left_open(cells, context.prefilled)]

    def expected(self, block: Block, context: Context) -> int:
        required = [question.id for question in block.inputs if question.required]
        every = block.number("min_cells", len(required) * len(self.rows(block, context)))
        return max(0, every - context.given(block, *required))

    def describe(self, block: Block, row: int | str, column: str, answers: Mapping[Key, Any], context: Context) -> dict[str, Any]:
        begin, end = span(block, row, context)
        return {"period": row, "from_year": begin, "to_year": end}

    def locate(self, block: Block, record: Mapping[str, Any], number: int) -> tuple[int | str, str]:
        return str(record["period"]), ""

    def labels(self, block: Block, context: Context) -> Mapping[str, Text]:
        return {row: Text({"": period_label(block, row, context)}) for row in block.options["periods"]}

    def span(self, block: Block, row: int | str, context: Context) -> tuple[int, int] | None:
        return span(block, row, context)

    def renewal(self, block: Block, row: int | str, question: Field) -> str:
        return str(block.options["periods"][row].get("renew", question.renew))


GROWTH = '"↑ "0%_w;"↓ "0%_w;0%_w'


def span(block: Block, row: int | str, context: Context) -> tuple[int, int]:
    """Give the first and last year of a period."""
    period = block.options["periods"][row]
    begin = int(period["from"])
    return context.year + begin, context.year + int(period.get("to", begin))


def period_label(block: Block, row: int | str, context: Context) -> str:
    """Name a period with its years."""
    begin, end = span(block, row, context)
    label: str = block.options["periods"][row]["label"](context.language)
    return label.replace("{year}", str(begin)).replace("{from}", str(begin)).replace("{to}", str(end))


def chart_key(block: Block, row: int | str, question: str) -> Key:
    """Name a figure under the chart."""
    return Key(block.id, row, "", f"#chart_{question}")
