"""Rows against columns, with one or two values in each cell; cross-sell is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from accountsheet.address import Key
from accountsheet.blueprint import Block, Field
from accountsheet.expression import ExpressionProblem
from accountsheet.fields import type_of
from accountsheet.formula import Constant, Node, Range, Ref, call, product, total
from accountsheet.kind import Context, Kind, RowsScope, answers_of, draw_example, draw_heading, examples_of, left_open, slot
from accountsheet.pieces import LEFT, Canvas, Chart, Fact, Formula, Label, Rows, Rule, Series, Style, lines_needed
from accountsheet.text import Text

ROW, HEADER, CLOSING, TOTAL = 22.0, 22.0, 5.0, 22.0
NAMES, CHART_ROWS = 34.0, 14
FIRST, TYPED, NARROW, TOTALS = 26.0, 38.0, 12.5, {"sold": 12.5, "coverage": 10.0, "white_space": 9.0, "sum": 13.0}
END = "end"


class Matrix(Kind):
    """A matrix: `down` and `across` name its axes, its fields are the values in each cell."""

    name = "matrix"
    options = frozenset({"down", "across", "rows", "min_cells", "totals", "status", "chart"})

    def index(self, block: Block) -> tuple[str, ...]:
        return block.options["down"]["field"], block.options["across"]["field"]

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        cell = [cell_width(question, len(block.fields)) for question in block.fields.values()]
        return [first_width(block), *cell * len(across(block, context)), *(TOTALS[each] for each in totals(block))]

    def rows(self, block: Block, context: Context) -> Sequence[int | str]:
        down = block.options["down"]
        if is_fixed(block):
            return tuple(context.blueprint.lists[down["list"]].labels)
        named = len(context.blueprint.lists[down["list"]].labels) if down.get("list") else 0
        return tuple(range(1, max(named, context.rows(block, int(down.get("rows", 8)))) + 1))

    def area(self, block: Block, question: str, context: Context) -> tuple[Key, Key]:
        start, products = self.rows(block, context)[0], across(block, context)
        if question == self.index(block)[0]:
            return Key(block.id, start, "", question), Key(block.id, END, "", question)
        return Key(block.id, start, products[0], question), Key(block.id, END, products[-1], question)

    def begun(self, block: Block, rows: RowsScope) -> Node:
        raise ExpressionProblem(f"over the matrix {block.id} a condition such as {next(iter(block.fields))} == ... is needed")

    def on_one_page(self, block: Block) -> bool:
        return "chart" in block.options

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        draw_heading(block, context, canvas)
        self.draw_legend(block, context, canvas)
        head = canvas.row
        self.draw_header(block, context, canvas)
        first = canvas.row
        for row in self.rows(block, context):
            self.draw_row(block, row, context, canvas)
        last = canvas.row - 1
        for column in range(LEFT, LEFT + self.width(block, context)):
            canvas.label(column, "", "closing")
        for column, key in self.cells(block, END, context):
            canvas.mark(key, column)
        canvas.mark(Key(block.id, END, "", self.index(block)[0]), LEFT)
        canvas.next(CLOSING, row_id=f"{block.id}#end")
        canvas.rows[block.id] = Rows(head, first, last, canvas.row - 1, not is_fixed(block))
        if not is_fixed(block):
            canvas.unlocked_rows.update(range(first, last + 1))
        self.draw_rules(block, context, canvas, first, last)
        for name in totals(block):
            self.draw_total(block, name, context, canvas)
        if example := examples_of(block.fields.values(), context):
            draw_example(block, f"{self.example_cell(block, context)}:  {example}", context, canvas)
        if "chart" in block.options:
            self.draw_chart(block, context, canvas)

    @staticmethod
    def example_cell(block: Block, context: Context) -> str:
        """Name the row and column of the example: what the axes give as one, else the first of their lists."""
        names = []
        for axis in (block.options["down"], block.options["across"]):
            known = context.blueprint.lists[axis["list"]].labels if axis.get("list") else {}
            example: Text = axis.get("example") or next(iter(known.values()), axis["label"])
            names.append(example(context.language))
        return " × ".join(names)

    def width(self, block: Block, context: Context) -> int:
        """Give the number of columns in use."""
        return 1 + len(block.fields) * len(across(block, context)) + len(totals(block))

    def cells(self, block: Block, row: int | str, context: Context) -> list[tuple[int, Key]]:
        """Give the value cells of a row with their columns."""
        keys = [Key(block.id, row, product_key, question) for product_key in across(block, context) for question in block.fields]
        return [(LEFT + 1 + place, key) for place, key in enumerate(keys)]

    def draw_legend(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw what the colours of the statuses mean."""
        status = block.options.get("status")
        if not status:
            return
        labels = context.asked(block.fields[status]).labels
        canvas.label(LEFT, context.word("colour_key"), "help")
        span = len(block.fields)
        for place, (key, label) in enumerate(labels.items()):
            shown = GLYPHS.get(key, "") + label + (context.word("is_white_space") if key == "unknown" else "")
            if LEFT + 1 + span * place + span - 1 <= canvas.last:
                canvas.label(LEFT + 1 + span * place, shown, f"legend_{key}", span)
        canvas.next(HEADER)
        canvas.next(6)

    def draw_header(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw the names across, and the fields under each."""
        span, left = len(block.fields), LEFT + 1
        products = context.blueprint.lists[block.options["across"]["list"]].labels
        down_label: Text = block.options["down"]["label"]
        names = [label(context.language) for label in products.values()]
        lines = max(lines_needed(name, canvas.width(left, span)) for name in names)
        if span > 1:
            canvas.label(LEFT, "", "header")
        else:
            canvas.label(LEFT, down_label(context.language), "header")
        for place, name in enumerate(names):
            if "chart" in block.options:
                canvas.label(left + span * place, CURVE_GLYPHS[place] + name, curve(place), span)
            else:
                canvas.label(left + span * place, name, "header_group", span, wrap=True)
        right = left + span * len(names)
        for place, each in enumerate(totals(block)):
            canvas.label(right + place, context.word(each), "header_computed", align="right", wrap=True)
        canvas.next(max(HEADER, 15.0 * lines + 6), row_id=f"{block.id}#head")
        canvas.owns(LEFT, f"{block.id}.{self.index(block)[0]}")
        for column, key in self.cells(block, "", context):
            canvas.owns(column, f"{block.id}.{key.column}.{key.field}")
        if span > 1:
            canvas.label(LEFT, down_label(context.language), "header")
            for column, key in self.cells(block, "", context):
                question = block.fields[key.field]
                canvas.label(column, question.label(context.language), "header_light", align=type_of(question).align)
            for place in range(len(totals(block))):
                canvas.label(right + place, "", "header_computed")
            canvas.next(20, row_id=f"{block.id}#head2")
        if "named" in block.options["across"]:
            self.draw_names(block, context, canvas)

    def draw_names(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw the names across that a rep types; the account's own column has its name already."""
        axis = block.options["across"]
        question = Field(axis["field"], "text", axis["label"], axis.get("help", Text()))
        canvas.label(LEFT, axis["label"](context.language), "header", align="right")
        for place, column_key in enumerate(across(block, context)):
            column = LEFT + 1 + len(block.fields) * place
            if column_key == axis.get("account"):
                canvas.draw(Fact(canvas.row, column, "{account}", Style("header_group", wrap=True)))
                canvas.mark(Key(block.id, "", column_key, axis["field"]), column)
            else:
                canvas.draw(slot(canvas, column, Key(block.id, "", column_key, axis["field"]), question, context))
        for column in range(LEFT + self.width(block, context) - len(totals(block)), LEFT + self.width(block, context)):
            canvas.label(column, "", "header_computed")
        canvas.next(NAMES, row_id=f"{block.id}#head_names", grows=True)

    def draw_chart(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw a curve for each column over the names down; what the curves are called stands white on white below."""
        axis, rows, keys = block.options["across"], self.rows(block, context), across(block, context)
        title, question = block.options["chart"]["title"](context.language), next(iter(block.fields.values()))
        labels = context.blueprint.lists[axis["list"]].labels
        canvas.next(14)
        canvas.label(LEFT, title, "heading", len(canvas.columns))
        canvas.next(26)
        top = canvas.row
        for _ in range(CHART_ROWS):
            canvas.next(20)
        for place, column_key in enumerate(keys):
            shown: Node = Constant(labels[column_key](context.language))
            if "named" in axis and column_key != axis.get("account"):
                name = Ref(Key(block.id, "", column_key, axis["field"]))
                shown = call("IF", name.differs(""), name, shown)
            column = LEFT + 1 + len(block.fields) * place
            canvas.draw(Formula(canvas.row, column, Key(block.id, "", column_key, "#curve"), shown, Style("helper")))
        canvas.next(8)
        least, most = question.minimum, question.maximum

        def ends(column_key: str, name: str) -> tuple[Key, Key]:
            return Key(block.id, rows[0], column_key, name), Key(block.id, rows[-1], column_key, name)

        curves = tuple(
            Series(Key(block.id, "", each, "#curve"), ends(each, question.id), curve(place)) for place, each in enumerate(keys)
        )
        size = (int(canvas.width(LEFT, self.width(block, context)) * 7), int(CHART_ROWS * 20 * 4 / 3) - 6)
        limits = None if least is None or most is None else (least, most)
        canvas.draw(Chart(top, LEFT, title, ends("", self.index(block)[0]), curves, size, "line", limits))

    def draw_row(self, block: Block, row: int | str, context: Context, canvas: Canvas) -> None:
        """Draw one row: its name, its cells and its totals."""
        down = self.index(block)[0]
        if is_fixed(block):
            label = context.blueprint.lists[block.options["down"]["list"]].labels[str(row)]
            canvas.label(LEFT, label(context.language), "label", wrap=True)
        else:
            canvas.draw(slot(canvas, LEFT, Key(block.id, row, "", down), self.axis(block), context))
        for column, key in self.cells(block, row, context):
            canvas.draw(
                slot(canvas, column, key, block.fields[key.field], context, counted=key.field == next(iter(block.fields)))
            )
        right = LEFT + self.width(block, context) - len(totals(block))
        for place, name in enumerate(totals(block)):
            formula = self.row_total(block, name, row, context)
            style = Style("computed_bold" if name in ("sold", "sum") else "computed", TOTAL_FORMATS[name], "right")
            canvas.draw(Formula(canvas.row, right + place, Key(block.id, row, "", f"#{name}"), formula, style))
        canvas.next(ROW, row_id=f"{block.id}/{row}", grows=not down_list(block))

    def axis(self, block: Block) -> Field:
        """Give the question that names a row."""
        down = block.options["down"]
        kind = "choice" if down_list(block) else "text"
        return Field(down["field"], kind, down["label"], down.get("help", Text()), list=down_list(block), open=True)

    def statuses(self, block: Block, row: int | str, context: Context) -> Range:
        """Give the cells of a row from the first status to the last."""
        products, status = across(block, context), block.options.get("status") or next(iter(block.fields))
        return Range(Key(block.id, row, products[0], status), Key(block.id, row, products[-1], status), "column")

    def row_total(self, block: Block, name: str, row: int | str, context: Context) -> Node:
        """Make a total over a row; a row without a name has none."""
        statuses, products = self.statuses(block, row, context), across(block, context)
        amount = list(block.fields)[-1]
        amounts = Range(Key(block.id, row, products[0], amount), Key(block.id, row, products[-1], amount), "column")
        labels = self.status_labels(block, context)
        named: Node = Constant(1) if is_fixed(block) else Ref(Key(block.id, row, "", self.index(block)[0]), "column").differs("")
        match name:
            case "sum":
                return call("SUM", amounts)
            case "sold":
                return call("SUMIF", statuses, labels["sold"], amounts)
            case "coverage":
                share = call("COUNTIF", statuses, labels["sold"]) / (
                    Constant(len(products)) - call("COUNTIF", statuses, labels["no_fit"])
                )
                return call("IF", named, call("IFERROR", share, 0), "")
        known = total([call("COUNTIF", statuses, label) for key, label in labels.items() if key != "unknown"])
        return call("IF", named, Constant(len(products)) - known, "")

    def draw_total(self, block: Block, name: str, context: Context, canvas: Canvas) -> None:
        """Draw a row of totals below."""
        canvas.label(LEFT, context.word(name)[:1].upper() + context.word(name)[1:], "total")
        span = len(block.fields)
        for place, product_key in enumerate(across(block, context)):
            column = LEFT + 1 + span * place
            for blank in range(span - 1):
                canvas.label(column + blank, "", "total")
            formula = self.column_total(block, name, product_key, context)
            align = type_of(list(block.fields.values())[-1]).align if name == "sum" else "right"
            style = Style("total" if name in ("sold", "sum") else "total_plain", TOTAL_FORMATS[name], align)
            canvas.draw(Formula(canvas.row, column + span - 1, Key(block.id, "total", product_key, f"#{name}"), formula, style))
        right = LEFT + self.width(block, context) - len(totals(block))
        for place, other in enumerate(totals(block)):
            if other != name:
                canvas.label(right + place, "", "total")
                continue
            formula = self.grand_total(block, name, context)
            style = Style("total", TOTAL_FORMATS[name], "right")
            canvas.draw(Formula(canvas.row, right + place, Key(block.id, "total", "", f"#{name}"), formula, style))
        canvas.next(TOTAL, row_id=f"{block.id}#total_{name}")

    def column_total(self, block: Block, name: str, product_key: str, context: Context) -> Node:
        """Make a total over a column."""
        start, labels = self.rows(block, context)[0], self.status_labels(block, context)

        def column(question: str) -> Range:
            return Range(Key(block.id, start, product_key, question), Key(block.id, END, product_key, question))

        status, amount = column(block.options.get("status") or next(iter(block.fields))), column(list(block.fields)[-1])
        named = self.named(block, context)
        match name:
            case "sum":
                return call("SUM", amount)
            case "sold":
                return call("SUMIF", status, labels["sold"], amount)
            case "coverage":
                fitting = call("SUMPRODUCT", product([named, status.differs(labels["no_fit"])]))
                return call("IFERROR", call("COUNTIF", status, labels["sold"]) / fitting, 0)
        return call("SUMPRODUCT", product([named, *(status.differs(label) for key, label in labels.items() if key != "unknown")]))

    def grand_total(self, block: Block, name: str, context: Context) -> Node:
        """Make the total of totals."""
        start, products, labels = self.rows(block, context)[0], across(block, context), self.status_labels(block, context)
        if name == "coverage":
            every = Range(*self.area(block, block.options["status"], context))
            cells = call("SUMPRODUCT", self.named(block, context) * 1) * len(products)
            return call("IFERROR", call("COUNTIF", every, labels["sold"]) / (cells - call("COUNTIF", every, labels["no_fit"])), 0)
        return call(
            "SUM", Range(Key(block.id, start, "", f"#{name}"), Key(block.id, self.rows(block, context)[-1], "", f"#{name}"))
        )

    def named(self, block: Block, context: Context) -> Node:
        """Give the condition that a row has a name."""
        return Constant(1) if is_fixed(block) else Range(*self.area(block, self.index(block)[0], context)).differs("")

    def status_labels(self, block: Block, context: Context) -> Mapping[str, str]:
        """Give the labels of the statuses."""
        status = block.options.get("status")
        return context.asked(block.fields[status]).labels if status else {}

    def draw_rules(self, block: Block, context: Context, canvas: Canvas, first: int, last: int) -> None:
        """Colour each pair of status and amount by the status."""
        status = block.options.get("status")
        if not status:
            return
        span, start = len(block.fields), self.rows(block, context)[0]
        products = across(block, context)
        place = list(block.fields).index(status)
        for offset in range(span):
            columns = [LEFT + 1 + span * each + offset for each in range(len(products))]
            areas = tuple(((first, column), (last, column)) for column in columns)
            for key, label in self.status_labels(block, context).items():
                when = Ref(Key(block.id, start, products[0], status)).equals(label)
                role = f"status_{key}" if offset == place else f"amount_{key}"
                canvas.draw(Rule(*areas[0], when, role, areas[1:]))

    def counted(self, block: Block, context: Context) -> Sequence[tuple[Key, Key]]:
        question, rows = next(iter(block.fields)), (*self.rows(block, context), END)
        columns = ([Key(block.id, row, name, question) for row in rows] for name in across(block, context))
        return [area for cells in columns for area in left_open(cells, context.prefilled)]

    def expected(self, block: Block, context: Context) -> int:
        return max(0, block.number("min_cells", 1) - context.given(block, next(iter(block.fields))))

    def describe(self, block: Block, row: int | str, column: str, answers: Mapping[Key, Any], context: Context) -> dict[str, Any]:
        down, along = self.index(block)
        name = row if is_fixed(block) else answers.get(Key(block.id, row, "", down)) or f"({row})"
        return {down: name, along: answers.get(Key(block.id, "", column, along)) or column}

    def renewal(self, block: Block, row: int | str, question: Field) -> str:
        axes = (block.options["down"], block.options["across"])
        return next((str(axis.get("renew", "keep")) for axis in axes if axis["field"] == question.id), question.renew)

    def labels(self, block: Block, context: Context) -> Mapping[str, Text]:
        lists, axes = context.blueprint.lists, block.options
        down = lists[axes["down"]["list"]].labels if is_fixed(block) else {}
        return {**down, **lists[axes["across"]["list"]].labels}

    def place(self, block: Block, records: Iterable[Mapping[str, Any]], context: Context) -> dict[Key, Any]:
        answers = dict(self.defaults(block, context))
        down, along = self.index(block)
        for record in records:
            row = str(record[down]) if is_fixed(block) else self.row_named(block, str(record[down]), answers)
            column = self.column_named(block, str(record[along]), answers, context)
            answers |= answers_of(block, record, row, column)
        return answers

    def row_named(self, block: Block, name: str, answers: dict[Key, Any]) -> int:
        """Find the row of a name; a new one goes below those that are there."""
        field = self.index(block)[0]
        rows = {value: key.row for key, value in answers.items() if key.field == field}
        row = rows.get(name, len(rows) + 1)
        answers[Key(block.id, row, "", field)] = name
        return int(row)

    def column_named(self, block: Block, name: str, answers: dict[Key, Any], context: Context) -> str:
        """Find the column of a name; where reps name the columns, a new one takes the next."""
        axis = block.options["across"]
        keys = context.blueprint.lists[axis["list"]].labels
        if "named" not in axis or name in keys:
            return name
        taken = {key.column: value for key, value in answers.items() if key.field == axis["field"]}
        free = [key for key in keys if key not in taken and key != axis.get("account")]
        column = next((key for key, value in taken.items() if value == name), free[0] if free else name)
        answers[Key(block.id, "", column, axis["field"])] = name
        return column

    def defaults(self, block: Block, context: Context) -> Mapping[Key, Any]:
        down = block.options["down"]
        if is_fixed(block) or not down.get("list"):
            return {}
        names = context.blueprint.lists[down["list"]].labels
        return {Key(block.id, place, "", down["field"]): name for place, name in enumerate(names, 1)}


def is_fixed(block: Block) -> bool:
    """Whether the names down are given."""
    return str(block.options["down"].get("fixed", "")).lower() == "true"


def down_list(block: Block) -> str:
    """Give the list that the names down come from; without one they are typed."""
    return str(block.options["down"].get("list", ""))


def first_width(block: Block) -> float:
    """Give the width of the names down: typed ones are longer than those of a list."""
    return FIRST if down_list(block) else TYPED


def curve(place: int) -> str:
    """Name the look of a curve."""
    return f"curve_{place % len(CURVE_GLYPHS) + 1}"


def across(block: Block, context: Context) -> tuple[str, ...]:
    """Give the keys of the columns."""
    return tuple(context.blueprint.lists[block.options["across"]["list"]].labels)


def totals(block: Block) -> Sequence[str]:
    """Give the totals asked for."""
    return tuple(block.options.get("totals", ()))


def cell_width(question: Field, fields: int) -> float:
    """Give a value's width."""
    return 12.5 if question.kind == "choice" else 11.0 if fields > 1 else 16.0


TOTAL_FORMATS = {
    "sold": "#,##0_w;-#,##0_w;–_w", "sum": "#,##0_w;-#,##0_w;–_w", "coverage": "0%_w", "white_space": "0_w;-0_w;–_w",
}  # fmt: skip
CURVE_GLYPHS = ("●  ", "▪  ", "×  ", "○  ", "▫  ", "+  ")
"""The marker of each curve."""
GLYPHS = {"sold": "●  ", "opportunity": "+  ", "competitor": "×  ", "no_fit": "–  ", "unknown": "○  "}

__all__ = ["Label", "Matrix"]
