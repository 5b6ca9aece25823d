"""The bases as a strip of tiles and as diamonds, round by round: all of it calculated, and linked to the base's own tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accountsheet.address import Key
from accountsheet.blueprint import Block
from accountsheet.expression import ExpressionProblem
from accountsheet.fields import type_of
from accountsheet.formula import Constant, Node, Range, Ref, call, product, total
from accountsheet.kind import Context, Kind
from accountsheet.pieces import LEFT, Canvas, Formula, Label, Link, Rule, Style
from accountsheet.text import Text

TILE, GAP, ROUND = 12.3, 2.0, 4
HEADING, HEADER, NUMBER, NAME, SINCE, DECISION, CORNER, DETAIL = 30.0, 22.0, 34.0, 50.0, 20.0, 22.0, 26.0, 36.0
REACHED, UNDER_WAY, NOT_BEGUN = "◆", "◈", "◇"
SINCE_FORMATS = {"nl": '"{word} "dd-mm', "en": '"{word} "d mmm'}
CORNERS = ((3, 2), (1, 0), (0, 2), (1, 4))
"""Column and row in its diamond of the first to the fourth base of a round: right, top, left, bottom."""
ARROWS = ((2, 3, "↗", "right"), (2, 1, "↖", "right"), (1, 1, "↙", "left"), (1, 3, "↘", "left"))
"""The arrow that leads to each of them: column, row, glyph and the side it keeps to."""


class Diamond(Kind):
    """The strip and diamonds of a block of `bases`, in `rounds` of four; `no_go` names the fields shown of a base that stands still."""

    name = "diamond"
    options = frozenset({"bases", "rounds", "no_go"})

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        bases, rounds = self.bases(block, context), block.options["rounds"]
        if len(bases.options["items"]) != ROUND * len(rounds):
            raise ValueError(f"{bases.id} needs {ROUND} bases a round")
        return [*([TILE] * ROUND + [GAP]) * (len(rounds) - 1), *[TILE] * ROUND]

    def bases(self, block: Block, context: Context) -> Block:
        """Give the block of the bases."""
        return context.blueprint.blocks[block.options["bases"]]

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        self.draw_summary(block, context, canvas)
        self.draw_tiles(block, context, canvas)
        canvas.next(16)
        self.draw_diamonds(block, context, canvas)
        canvas.next(16)
        self.draw_no_go(block, context, canvas)

    def draw_summary(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Say how many bases are reached, and which comes next."""
        bases = self.bases(block, context)
        every = len(bases.options["items"])
        reached = call("COUNTIF", self.every(bases, "state", context), self.state(bases, "reached", context))
        following = context.word("base_now") & call("INDEX", Range(*context.kind(bases).naming(bases, context)), reached + 1)
        said = reached & context.word("bases_reached", count=every) & call("IF", reached.equals(every), "", following)
        canvas.draw(Formula(canvas.row, LEFT, Key(block.id, "", "", "#summary"), said, Style("heading"), len(canvas.columns)))
        canvas.next(HEADING, row_id=f"{block.id}#head")

    def draw_tiles(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw a tile for each base: its number, name, since when, and the decision."""
        bases = self.bases(block, context)
        rounds: Mapping[str, Text] = block.options["rounds"]
        for place, label in enumerate(rounds.values()):
            words = f"{context.word('round')} {place + 1}  ·  {label(context.language)}"
            canvas.label(LEFT + (ROUND + 1) * place, words, "header_group", ROUND)
        canvas.next(HEADER, row_id=f"{block.id}#rounds")
        first = canvas.row
        names: Mapping[str, Text] = bases.options["items"]
        for place, base in enumerate(names):
            self.draw_linked(block, base, column_of(place), tile_key(block, base), self.mark(bases, base, place, context), "tile_number", context, canvas)
        canvas.next(NUMBER, row_id=f"{block.id}/number")
        for place, name in enumerate(names.values()):
            canvas.label(column_of(place), name(context.language), "tile_name", wrap=True)
        canvas.next(NAME, row_id=f"{block.id}/name")
        for place, base in enumerate(names):
            style = Style("tile_since", SINCE_FORMATS[context.language].format(word=context.word("base_reached")))
            canvas.draw(Formula(canvas.row, column_of(place), Key(block.id, base, "", "#since"), self.since(bases, base, context), style))
        canvas.next(SINCE, row_id=f"{block.id}/since")
        for place, base in enumerate(names):
            canvas.draw(Formula(canvas.row, column_of(place), Key(block.id, base, "", "#decision"), self.decision(bases, base, context), Style("tile_decision")))
        canvas.next(DECISION, row_id=f"{block.id}/decision")
        self.draw_rules(block, bases, context, canvas, first)

    @staticmethod
    def draw_linked(block: Block, base: str, column: int, key: Key, shown: Node, role: str, context: Context, canvas: Canvas, span: int = 1) -> None:
        """Draw a calculated cell that leads to the base's own tab, or to the table of bases where it has none."""
        sections = {section.id for section in context.blueprint.sections}
        target = base if base in sections else context.blueprint.section_of[block.options["bases"]].id
        # The formula takes the place of the link's text; the link stays.
        canvas.draw(Link(canvas.row, column, base, target, Style(role)))
        canvas.draw(Formula(canvas.row, column, key, shown, Style(role), span))

    def draw_rules(self, block: Block, bases: Block, context: Context, canvas: Canvas, first: int) -> None:
        """Colour the tiles by how far their base is, and the decisions."""
        start = next(iter(bases.options["items"]))
        columns = [column_of(ROUND * place) for place in range(len(block.options["rounds"]))]
        glyph = call("LEFT", Ref(tile_key(block, start), "row"), 1)
        tiles = [((first, column), (first + 2, column + ROUND - 1)) for column in columns]
        for shown, role in ((REACHED, "tile_reached"), (UNDER_WAY, "tile_under_way")):
            canvas.draw(Rule(*tiles[0], glyph.equals(shown), role, tuple(tiles[1:])))
        decisions = [((first + 3, column), (first + 3, column + ROUND - 1)) for column in columns]
        for decision, role in (("go", "good"), ("no_go", "bad")):
            here = Ref(Key(block.id, start, "", "#decision"))
            canvas.draw(Rule(*decisions[0], here.equals(self.decided(bases, decision, context)), role, tuple(decisions[1:])))

    def draw_diamonds(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw each round as a diamond: right, top, left, bottom, with the way walked so far."""
        bases = self.bases(block, context)
        names = list(bases.options["items"])
        for row in range(5):
            for place, label in enumerate(block.options["rounds"].values()):
                left = LEFT + (ROUND + 1) * place
                corners = names[ROUND * place : ROUND * (place + 1)]
                for base, (column, at), (beside, over, arrow, side) in zip(corners, CORNERS, ARROWS, strict=True):
                    if at == row:
                        key, span = Key(block.id, base, "", "#corner"), 2 if column == 1 else 1
                        self.draw_linked(block, base, left + column, key, Ref(tile_key(block, base)), "diamond_base", context, canvas, span)
                    if over == row:
                        canvas.draw(Label(row + canvas.row - row, left + beside, arrow, Style("diamond_arrow", align=side)))
                        spot = (canvas.row, left + beside)
                        canvas.draw(Rule(spot, spot, call("LEFT", Ref(tile_key(block, base)), 1).equals(REACHED), "arrow_walked"))
                if row == 2:
                    walked = total([call("LEFT", Ref(tile_key(block, base)), 1).equals(REACHED) * 1 for base in corners])
                    said = Constant(f"{label(context.language)}  ") & walked & f" / {ROUND}"
                    canvas.draw(Formula(canvas.row, left + 1, Key(block.id, corners[0], "", "#round"), said, Style("diamond_note"), 2))
            canvas.next(CORNER, row_id=f"{block.id}/diamond{row + 1}")

    def draw_no_go(self, block: Block, context: Context, canvas: Canvas) -> None:
        """Draw what is to be done at the first base that stands on no-go."""
        bases = self.bases(block, context)
        decisions = self.every(bases, "go_no_go", context)
        stands = product([decisions.equals(self.label(bases, "go_no_go", "no_go", context)),
                          self.every(bases, "state", context).differs(self.state(bases, "reached", context))])  # fmt: skip
        position = Key(block.id, "", "", "#no_go")
        found = call("IFERROR", call("MATCH", 1, stands, 0), "")
        canvas.draw(Formula(canvas.row, canvas.last, position, found, Style("helper", ";;;"), array=True))
        at = Ref(position, "both")
        named = call("INDEX", Range(*context.kind(bases).naming(bases, context)), at)
        said = call("IF", at.equals(""), context.word("no_go_none"), Constant(context.word("no_go_at")) & named & context.word("no_go_now"))
        key = Key(block.id, "", "", "#no_go_head")
        self.draw_linked(block, "", LEFT, key, said, "heading", context, canvas, len(canvas.columns) - 1)
        canvas.next(HEADING, row_id=f"{block.id}#no_go")
        for name in block.options.get("no_go", ()):
            question = bases.fields[name]
            canvas.label(LEFT, question.label(context.language), "label", 3, wrap=True)
            cell = call("INDEX", self.every(bases, name, context), at)
            shown = call("IF", at.equals(""), "", call("IF", cell.equals(""), "", cell))
            style = Style("computed", type_of(question).number_format, "left", wrap=True)
            canvas.draw(Formula(canvas.row, LEFT + 3, Key(block.id, "", "", f"#no_go_{name}"), shown, style, len(canvas.columns) - 3))
            canvas.next(DETAIL if type_of(question).grows else HEADER, row_id=f"{block.id}/no_go_{name}")

    @staticmethod
    def every(bases: Block, question: str, context: Context) -> Range:
        """Give a field of all bases."""
        return Range(*context.kind(bases).area(bases, question, context))

    @staticmethod
    def label(bases: Block, question: str, choice: str, context: Context) -> str:
        """Give the label of a choice."""
        labels = context.asked(bases.fields[question]).labels
        if choice not in labels:
            raise ExpressionProblem(f"the list of {bases.id}.{question} needs the key {choice}")
        return labels[choice]

    def state(self, bases: Block, state: str, context: Context) -> str:
        """Give the label of a state."""
        return self.label(bases, "state", state, context)

    def decided(self, bases: Block, decision: str, context: Context) -> str:
        """Give how a decision is shown."""
        return ("●  " if decision == "go" else "×  ") + self.label(bases, "go_no_go", decision, context)

    def mark(self, bases: Block, base: str, place: int, context: Context) -> Node:
        """Give a base's diamond, full, half or empty, with its number."""
        state = Ref(Key(bases.id, base, "", "state"))
        shown = [f"{glyph} {place + 1}" for glyph in (REACHED, UNDER_WAY, NOT_BEGUN)]
        under_way = call("IF", state.equals(self.state(bases, "under_way", context)), shown[1], shown[2])
        return call("IF", state.equals(self.state(bases, "reached", context)), shown[0], under_way)

    def since(self, bases: Block, base: str, context: Context) -> Node:
        """Give the day on which a base was reached, or how far it is in words."""
        state, reached = Ref(Key(bases.id, base, "", "state")), Ref(Key(bases.id, base, "", "date_reached"))
        shown: Node = Constant(context.word("base_not_begun"))
        for name in ("out_of_order", "under_way"):
            shown = call("IF", state.equals(self.state(bases, name, context)), context.word(f"base_{name}"), shown)
        day = call("IF", call("ISNUMBER", reached), reached, context.word("base_reached"))
        return call("IF", state.equals(self.state(bases, "reached", context)), day, shown)

    def decision(self, bases: Block, base: str, context: Context) -> Node:
        """Give go, no-go or neither."""
        decided = Ref(Key(bases.id, base, "", "go_no_go"))
        shown: Node = Constant("–")
        for name in ("no_go", "go"):
            shown = call("IF", decided.equals(self.label(bases, "go_no_go", name, context)), self.decided(bases, name, context), shown)
        return shown


def tile_key(block: Block, base: str) -> Key:
    """Name the cell with a base's diamond and number."""
    return Key(block.id, base, "", "#tile")


def column_of(place: int) -> int:
    """Give the column of a tile, counted from 0."""
    return LEFT + place + place // ROUND
