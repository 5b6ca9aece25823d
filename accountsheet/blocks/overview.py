"""The first tab: how far each section is, what the checks say, and the plan on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from accountsheet.address import Key
from accountsheet.blueprint import Block, Section
from accountsheet.expression import condition
from accountsheet.fields import type_of
from accountsheet.formula import Constant, Node, Range, Ref, Spot, call, product, total
from accountsheet.kind import Context, Kind, rows_scope
from accountsheet.pieces import LEFT, Canvas, Chart, Fact, Formula, Label, Link, Rule, Series, Slot, Style
from accountsheet.progress import SHARE, check_key, has_share, health_keys, plan_share, sections_shown, share_of, without_share
from accountsheet.text import Text

BAR, PERCENT, STATE, GAP_COLUMN, NAME, VALUE = LEFT + 1, LEFT + 6, LEFT + 7, LEFT + 8, LEFT + 9, LEFT + 10
WIDTHS = (37.0, 3.6, 3.6, 3.6, 3.6, 3.6, 8.0, 17.0, 2.5, 21.0, 33.0)
ROW, HEADING = 18.0, 26.0
HELPER = ";;;"
"""A number format that shows nothing: for figures that other cells need."""
FAR = 10_000
"""More rows than a table has: ranks and row numbers are packed into one number."""


class Overview(Kind):
    """The Overview."""

    name = "overview"
    options = frozenset({"page"})

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        return WIDTHS

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        canvas.owns(VALUE, f"{block.id}.answer")
        top = canvas.row
        about = self.about_rows(block, context)
        shown = sections_shown(context.blueprint)
        self.draw_headers(context, canvas)
        health_from = len(about) + 2
        for place in range(max(len(shown) + 1, health_from + 5)):
            row_id = f"{block.id}/#{place}"
            if place < len(shown):
                self.draw_section(shown[place], context, canvas)
            elif place == len(shown):
                self.draw_whole(context, canvas)
            if place < len(about):
                row_id = self.draw_about(block, about[place], context, canvas) or row_id
            elif place >= health_from - 1:
                self.draw_health(place - health_from, context, canvas)
            canvas.next(ROW, row_id=row_id)
        canvas.label(LEFT, context.word("band_note"), "note", 8)
        canvas.next(18, row_id=f"{block.id}#band")
        canvas.draw(*bar_rules(top + 2, top + 2 + len(shown)))
        canvas.next(10)
        canvas.mark(Key(block.id, "#page", "", ""), LEFT)
        canvas.label(LEFT, context.word("page"), "page_heading", len(WIDTHS))
        canvas.next(28, row_id=f"{block.id}#page")
        self.draw_page(block, context, canvas)

    def draw_headers(self, context: Context, canvas: Canvas) -> None:
        """Draw the headings of both columns."""
        canvas.label(LEFT, context.word("sections"), "heading", 8)
        canvas.label(NAME, context.word("about"), "heading", 2)
        canvas.next(HEADING, row_id="plan#headings")
        canvas.label(LEFT, context.word("section"), "header")
        canvas.label(BAR, context.word("filled"), "header", 6)
        canvas.label(STATE, context.word("state"), "header")
        canvas.label(NAME, context.word("fact"), "header")
        canvas.label(VALUE, context.word("value"), "header")
        canvas.next(ROW, row_id="plan#head")

    @staticmethod
    def draw_section(section: Section, context: Context, canvas: Canvas) -> None:
        """Draw one section's link, bar, percentage and state."""
        role = "section_link_sub" if "." in section.number else "section_link"
        canvas.draw(Link(canvas.row, LEFT, section.heading(context.language), section.id, Style(role)))
        if not section.weight or not has_share(section, context):
            for column in range(BAR, STATE):
                canvas.label(column, "", "overview_cell")
            canvas.label(STATE, context.word(without_share(section, context)), "overview_state")
            return
        draw_bar(share_of(section), context, canvas, bold=False)

    @staticmethod
    def draw_whole(context: Context, canvas: Canvas) -> None:
        """Draw the whole plan's bar."""
        canvas.label(LEFT, context.word("whole_plan"), "overview_total")
        draw_bar(plan_share(), context, canvas, bold=True)

    def about_rows(self, block: Block, context: Context) -> list[tuple[str, str]]:
        """Name what stands under 'about this plan': facts of the account, then the block's own fields."""
        facts = ["account", "account_id", "owner", "segment", "period", "due", "send_to"]
        return [("fact", fact) for fact in facts] + [("field", question) for question in block.fields]

    def draw_about(self, block: Block, row: tuple[str, str], context: Context, canvas: Canvas) -> str:
        """Draw a fact or an answer; gives the row's id where it has one of its own."""
        sort, name = row
        if sort == "fact":
            canvas.label(NAME, context.word(name), "overview_label")
            role = "overview_value_bold" if name == "account" else "overview_value"
            if name == "period":
                canvas.label(VALUE, context.word("period_value", year=context.year + 1), role)
            else:
                canvas.draw(Fact(canvas.row, VALUE, "{" + name + "}", Style(role)))
            return ""
        question = block.fields[name]
        kind = type_of(question)
        canvas.label(NAME, question.label(context.language), "overview_label")
        canvas.draw(
            Slot(
                canvas.row,
                VALUE,
                Key(block.id, "", "", name),
                context.asked(question),
                Style("input", kind.number_format, "left"),
            )
        )
        return f"{block.id}/{name}"

    @staticmethod
    def draw_health(place: int, context: Context, canvas: Canvas) -> None:
        """Draw how many checks hold, and the first of those that do not."""
        checks = context.blueprint.checks
        if not checks:
            return
        good, states, messages = health_keys(context.blueprint)
        if place == -1:
            canvas.draw(Link(canvas.row, NAME, context.word("health") + " →", "checks", Style("overview_total")))
            shown = Ref(good) & context.word("of") & len(checks) & context.word("checks_hold")
            canvas.draw(Formula(canvas.row, VALUE, Key("#health", "", "", "count"), shown, Style("overview_total")))
            return
        if not 0 <= place < 5:
            return
        key = Key("#health", place, "", "position")
        failing = call("IF", Range(*states).equals(0), call("ROW", Range(*states)) - call("ROW", Ref(states[0])) + 1, "")
        position = call("IFERROR", call("SMALL", failing, place + 1), "")
        canvas.draw(Formula(canvas.row, GAP_COLUMN, key, position, Style("helper", HELPER), array=True))
        empty = Ref(key).equals("")
        message = call("IF", empty, "", Constant("!  ") & call("INDEX", Range(*messages), Ref(key)))
        canvas.draw(Formula(canvas.row, NAME, Key("#health", place, "", "message"), message, Style("overview_bad"), 2))

    def draw_page(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw the plan on a page, of the blocks that this blueprint has."""
        page: Mapping[str, Mapping[str, Any]] = block.options.get("page", {})
        present = {name: part for name, part in page.items() if part["block"] in context.blueprint.blocks}
        beside = next((name for name in present if name in ("goals", "forecast")), "")
        for name, part in present.items():
            match name:
                case "goals" | "forecast":
                    if name == beside:
                        self.draw_goals_and_chart(present, context, canvas)
                case "bases":
                    self.draw_bases(part, context, canvas)
                case "swot":
                    self.draw_swot(part, context, canvas)
                case _:
                    self.draw_list(part, context, canvas)

    @staticmethod
    def draw_bases(part: Mapping[str, Any], context: Context, canvas: Canvas) -> None:
        """Draw the strip of bases, a row a round, from the diamonds on its own tab."""
        block = context.blueprint.blocks[part["block"]]
        bases = list(context.blueprint.blocks[block.options["bases"]].options["items"])
        rounds: Mapping[str, Text] = block.options["rounds"]
        canvas.label(LEFT, block.title(context.language), "heading", 8)
        section = context.blueprint.section_of[block.id]
        canvas.draw(Link(canvas.row, VALUE, context.word("all") + "→", section.id, Style("link_right")))
        canvas.next(HEADING, row_id=f"plan#{block.id}")
        size = len(bases) // len(rounds)
        for place, label in enumerate(rounds.values()):
            names = bases[size * place : size * (place + 1)]
            canvas.label(LEFT, f"{context.word('round')} {place + 1}  ·  {label(context.language)}", "overview_label")
            strip: Node = Ref(Key(block.id, names[0], "", "#tile"))
            for name in names[1:]:
                strip = strip & "      " & Ref(Key(block.id, name, "", "#tile"))
            canvas.draw(Formula(canvas.row, BAR, Key("#page", place, block.id, "strip"), strip, Style("overview_value_bold"), 7))
            canvas.next(ROW, row_id=f"plan#{block.id}.{place + 1}")
        summary = Ref(Key(block.id, "", "", "#summary"))
        canvas.draw(Formula(canvas.row, LEFT, Key("#page", "", block.id, "summary"), summary, Style("overview_value"), 8))
        canvas.next(ROW, row_id=f"plan#{block.id}.summary")
        canvas.next(10)

    def draw_goals_and_chart(self, page: Mapping[str, Mapping[str, Any]], context: Context, canvas: Canvas) -> None:
        """Draw the goals left and the forecast's chart right, or over the whole width."""
        top, left = canvas.row, NAME if "goals" in page else LEFT
        if "forecast" in page:
            wording = f"{context.word('forecast')}, {{currency}}{context.word('thousands')}"
            canvas.draw(Fact(canvas.row, left, wording, Style("heading"), canvas.last - left + 1))
        if "goals" in page and "forecast" not in page:
            self.draw_list(page["goals"], context, canvas)
        elif "goals" in page:
            self.draw_list(page["goals"], context, canvas, columns=(LEFT, BAR, BAR + 3, STATE), spans=(1, 3, 3, 1))
        else:
            for height in (HEADING, *[ROW] * 8):
                canvas.next(height)
        if "forecast" in page:
            self.draw_chart(context.blueprint.blocks[page["forecast"]["block"]], context, canvas, (top, left))

    @staticmethod
    def draw_chart(block: Block, context: Context, canvas: Canvas, corner: tuple[int, int]) -> None:
        """Draw the forecast's chart from the figures on its own tab."""
        kind = context.kind(block)
        rows = [row for row in kind.rows(block, context) if list(block.options["periods"]).index(str(row)) > 0]
        ends = (rows[0], rows[-2] if len(rows) > 4 else rows[-1])

        def figures(question: str) -> tuple[Key, Key]:
            return Key(block.id, ends[0], "", f"#chart_{question}"), Key(block.id, ends[1], "", f"#chart_{question}")

        looks = {"contracted": "accent", "open": "pale"}
        series = tuple(
            Series(block.fields[question].label(context.language), figures(question), looks[question])
            for question in looks
            if question in block.fields
        )
        top, left = corner
        size = (int(canvas.width(left, len(WIDTHS)) * 7.1), int((canvas.row - top - 2) * ROW * 4 / 3) + 6)
        canvas.draw(Chart(top + 1, left, context.word("forecast"), figures("category"), series, size))

    def draw_list(
        self,
        part: Mapping[str, Any],
        context: Context,
        canvas: Canvas,
        columns: Sequence[int] = (LEFT, BAR, STATE, NAME, VALUE),
        spans: Sequence[int] = (1, 6, 1, 1, 1),
    ) -> None:
        """Draw the first rows of a table by its rank."""
        block = context.blueprint.blocks[part["block"]]
        section = context.blueprint.section_of[block.id]
        shown = [block.fields[question] for question in part["show"] if question in block.fields][: len(columns)]
        last = columns[len(columns) - 1]
        title = part["title"](context.language) if isinstance(part["title"], Text) else context.word(part["title"])
        canvas.label(LEFT, title, "heading", 4 if last == VALUE else 8)
        if last == VALUE:
            canvas.draw(Link(canvas.row, VALUE, context.word("all") + "→", section.id, Style("link_right")))
        canvas.next(HEADING, row_id=f"plan#{block.id}")
        for place, question in enumerate(shown):
            canvas.label(columns[place], question.label(context.language), "header", spans[place], align=type_of(question).align)
        if last == VALUE:
            canvas.label(GAP_COLUMN, "", "header")
        canvas.next(ROW, row_id=f"plan#{block.id}.head")
        for line in range(1, int(part["rows"]) + 1):
            key = Key("#page", line, block.id, "position")
            canvas.draw(
                Formula(canvas.row, GAP_COLUMN, key, rank(part, block, line, context), Style("helper", HELPER), array=True)
            )
            for place, question in enumerate(shown):
                cell = call("INDEX", Range(*context.kind(block).area(block, question.id, context)), Ref(key, "column"))
                text = call("IF", Ref(key, "column").equals(""), "", call("IF", cell.equals(""), "", cell))
                kind = type_of(question)
                style = Style("overview_value", kind.number_format, kind.align)
                target = Key("#page", line, block.id, question.id)
                canvas.draw(Formula(canvas.row, columns[place], target, text, style, spans[place]))
            canvas.next(ROW, row_id=f"plan#{block.id}.{line}")
        canvas.next(10)

    def draw_swot(self, part: Mapping[str, Any], context: Context, canvas: Canvas) -> None:
        """Draw the weightiest lines of each box."""
        block = context.blueprint.blocks[part["block"]]
        title = block.title(context.language)
        canvas.label(
            LEFT, f"{context.word('swot_short')}  ·  {title}" if len(block.options["boxes"]) > 2 else title, "heading", 8
        )
        canvas.next(HEADING, row_id="plan#swot")
        boxes = list(block.options["boxes"])
        lines = context.kind(block).rows(block, context)
        for pair in [boxes[start : start + 2] for start in range(0, len(boxes), 2)]:
            for side, box in enumerate(pair):
                label: Text = block.options["boxes"][box]["label"]
                canvas.label((LEFT, NAME)[side], label(context.language), "header", (8, 2)[side])
            canvas.next(ROW, row_id=f"plan#swot.{pair[0]}")
            for line in range(1, int(part["rows"]) + 1):
                for side, box in enumerate(pair):
                    text = Range(Key(block.id, lines[0], box, "text"), Key(block.id, lines[-1], box, "text"))
                    chosen = weightiest(block, box, lines, text, line)
                    # An array formula cannot be merged: the text runs on over the empty cells beside it.
                    shown = call("IFERROR", Constant("•  ") & call("INDEX", text, chosen), "")
                    key = Key("#page", line, "swot", box)
                    canvas.draw(Formula(canvas.row, (LEFT, NAME)[side], key, shown, Style("overview_line"), array=True))
                    for column in range((LEFT, NAME)[side] + 1, (STATE, VALUE)[side] + 1):
                        canvas.label(column, "", "overview_cell")
                canvas.next(ROW, row_id=f"plan#swot.{pair[0]}.{line}")

    def defaults(self, block: Block, context: Context) -> Mapping[Key, Any]:
        given = {"status": "draft", "examples": True, "customers_edition": False}
        return {Key(block.id, "", "", question): value for question, value in given.items() if question in block.fields}


def draw_bar(share: Key, context: Context, canvas: Canvas, *, bold: bool) -> None:
    """Draw five cells that fill up, the percentage and the state in words."""
    whole = call("INT", call("ROUND", Ref(share, "column") * 100, 6))
    lit = call("ROUNDUP", whole / 20, 0)
    total_role = "overview_total" if bold else "overview_cell"
    for block in range(5):
        key = Key(share.block, share.row, f"bar{block + 1}", SHARE)
        formula = call("IF", lit > block, 1, 0)
        canvas.draw(Formula(canvas.row, BAR + block, key, formula, Style("bar", HELPER)))
    # Rounded down, as the bands are: a plan at 99.6 % is not complete.
    shown = whole / 100
    canvas.draw(
        Formula(canvas.row, PERCENT, Key(share.block, share.row, "shown", SHARE), shown, Style(total_role, "0%_w", "right"))
    )
    if bold:
        start = call("IF", lit <= 1, 0, (lit - 1) * 20 + 1)
        state: Node = Constant(context.word("band")) & start & "–" & call("MAX", 20, lit * 20) & " %"
    else:
        words = [context.word(name) for name in ("state_empty", "state_begun", "state_busy", "state_nearly", "state_complete")]
        state = call("IF", whole.equals(0), words[0], call("IF", whole <= 40, words[1], call("IF", whole <= 80, words[2],
                     call("IF", whole < 100, words[3], words[4]))))  # fmt: skip
    key = Key(share.block, share.row, "state", SHARE)
    canvas.draw(Formula(canvas.row, STATE, key, state, Style("overview_total" if bold else "overview_state")))


def bar_rules(first: int, last: int) -> list[Rule]:
    """Colour a bar by how many of its cells are lit."""
    rules = []
    for lit in range(5, 0, -1):
        counted = total([Spot(first, BAR + block, "column") for block in range(5)]).equals(lit)
        rules.append(Rule((first, BAR), (last, BAR + 4), product([Spot(first, BAR).equals(1), counted]), f"bar_{lit}"))
    return rules


def rank(part: Mapping[str, Any], block: Block, line: int, context: Context) -> Node:
    """Give the place in its table of the row that comes `line`th: by amount, date or as entered."""
    scope = rows_scope(context, block.id, turned=False)
    by = scope.name((part["by"],)).node
    offset = call("ROW", by) - call("ROW", Ref(context.kind(block).area(block, part["by"], context)[0]))
    when = [condition(part["when"], scope)] if part.get("when") else []
    match part["order"]:
        case "largest":
            chosen = product([call("ISNUMBER", by), *when])
            packed = call("LARGE", call("IF", chosen, call("ROUND", by, 0) * FAR + (FAR - 1) - offset, ""), line)
            return call("IFERROR", Constant(FAR) - call("MOD", packed, FAR), "")
        case "smallest":
            chosen = product([call("ISNUMBER", by), *when])
            packed = call("SMALL", call("IF", chosen, by * FAR + offset, ""), line)
            return call("IFERROR", call("MOD", packed, FAR) + 1, "")
    filled = product([by.differs(""), *when])
    return call("IFERROR", call("SMALL", call("IF", filled, offset + 1, ""), line), "")


def weightiest(block: Block, box: str, lines: Sequence[int | str], text: Node, line: int) -> Node:
    """Give the place of a box's weightiest lines; without a weight, a line counts as 0."""
    offset = call("ROW", text) - call("ROW", Ref(Key(block.id, lines[0], box, "text")))
    score: Node = Constant(0)
    if "weight" in block.fields:
        weight = Range(Key(block.id, lines[0], box, "weight"), Key(block.id, lines[-1], box, "weight"))
        score = call("IF", call("ISNUMBER", weight), weight, 0)
    packed = call("LARGE", call("IF", text.differs(""), score * FAR + (FAR - 1) - offset, ""), line)
    return Constant(FAR) - call("MOD", packed, FAR)


__all__ = ["Label", "Overview", "check_key"]
