"""The bases as a strip of tiles and as diamonds, round by round: all of it calculated, and linked to each base's own tab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accountsheet.address import Key
from accountsheet.blocks.bases import number
from accountsheet.blueprint import Block
from accountsheet.fields import type_of
from accountsheet.formula import Constant, Node, Range, Ref, call, product, total
from accountsheet.kind import Context, Kind
from accountsheet.pieces import LEFT, Canvas, Formula, Label, Link, Rule, Style
from accountsheet.text import Text

TILE, GAP, ROUND = 12.3, 2.0, 4
HEADING, HEADER, NUMBER, NAME, SINCE, DECISION, CORNER, DETAIL = 30.0, 22.0, 34.0, 50.0, 20.0, 22.0, 26.0, 36.0
REACHED, UNDER_WAY, NOT_BEGUN = "◆", "◈", "◇"
DAYS = {"nl": "dd-mm", "en": "d mmm"}
HIDDEN = ";;;"
CORNERS = ((3, 2), (1, 0), (0, 2), (1, 4))
"""Column and row of the first to the fourth base of a round in its diamond: right, top, left, bottom."""
ARROWS = ((2, 3, "↗", "right"), (2, 1, "↖", "right"), (1, 1, "↙", "left"), (1, 3, "↘", "left"))
"""The arrow that leads to each of them: column, row, glyph and the side it keeps to."""


class Diamond(Kind):
    """The strip and diamonds of a block of `bases`, in `rounds` of four; `no_go` names the fields shown of a base on no-go."""

    name = "diamond"
    options = frozenset({"bases", "rounds", "no_go"})

    def on_one_page(self, block: Block) -> bool:
        return True

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        bases, rounds = bases_of(block, context), block.options["rounds"]
        if len(bases.options["items"]) != ROUND * len(rounds):
            raise ValueError(f"{bases.id} needs {ROUND} bases a round")
        return [*([TILE] * ROUND + [GAP]) * (len(rounds) - 1), *[TILE] * ROUND]

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        bases = bases_of(block, context)
        self.draw_summary(block, bases, context, canvas)
        self.draw_tiles(block, bases, context, canvas)
        canvas.next(16)
        for row in range(5):
            for place, label in enumerate(block.options["rounds"].values()):
                self.draw_round(block, bases, row, place, label, context, canvas)
            canvas.next(CORNER, row_id=f"{block.id}/diamond{row + 1}")
        canvas.next(16)
        self.draw_no_go(block, bases, context, canvas)

    @staticmethod
    def draw_summary(block: Block, bases: Block, context: Context, canvas: Canvas) -> None:
        """Say how many bases are reached, and which comes next."""
        every = len(bases.options["items"])
        reached = call("COUNTIF", over(bases, "state", context), label_of(bases, "state", "reached", context))
        following = Constant(context.word("base_now")) & call("INDEX", names_of(bases, context), reached + 1)
        said = reached & context.word("bases_reached", count=every) & call("IF", reached.equals(every), "", following)
        key = Key(block.id, "", "", "#summary")
        canvas.draw(Formula(canvas.row, LEFT, key, said, Style("heading"), len(canvas.columns)))
        canvas.next(HEADING, row_id=f"{block.id}#head")

    @staticmethod
    def draw_tiles(block: Block, bases: Block, context: Context, canvas: Canvas) -> None:
        """Draw a tile for each base: its number, name, since when, and the decision."""
        rounds: Mapping[str, Text] = block.options["rounds"]
        names: Mapping[str, Text] = bases.options["items"]
        for place, label in enumerate(rounds.values()):
            words = f"{context.word('round')} {place + 1}  ·  {label(context.language)}"
            canvas.label(LEFT + (ROUND + 1) * place, words, "header_group", ROUND)
        canvas.next(HEADER, row_id=f"{block.id}#rounds")
        first = canvas.row
        for place, base in enumerate(names):
            canvas.draw(*linked(block, base, column_of(place), canvas, mark(bases, base, context), "tile", context))
        canvas.next(NUMBER, row_id=f"{block.id}/number")
        for place, name in enumerate(names.values()):
            canvas.label(column_of(place), name(context.language), "tile_name", wrap=True)
        canvas.next(NAME, row_id=f"{block.id}/name")
        day = Style("tile_since", f'"{context.word("base_reached")} "{DAYS[context.language]}')
        for place, base in enumerate(names):
            key = Key(block.id, base, "", "#since")
            canvas.draw(Formula(canvas.row, column_of(place), key, since(bases, base, context), day))
        canvas.next(SINCE, row_id=f"{block.id}/since")
        for place, base in enumerate(names):
            key = Key(block.id, base, "", "#decision")
            canvas.draw(Formula(canvas.row, column_of(place), key, decision(bases, base, context), Style("tile_decision")))
        canvas.next(DECISION, row_id=f"{block.id}/decision")
        canvas.draw(*tile_rules(block, bases, first, context))

    @staticmethod
    def draw_round(block: Block, bases: Block, row: int, place: int, label: Text, context: Context, canvas: Canvas) -> None:
        """Draw one row of a round's diamond: its bases, and the way walked so far."""
        left = LEFT + (ROUND + 1) * place
        corners = list(bases.options["items"])[ROUND * place : ROUND * (place + 1)]
        for base, (column, height), (beside, over_it, arrow, side) in zip(corners, CORNERS, ARROWS, strict=True):
            if height == row:
                span = 2 if column == 1 else 1
                canvas.draw(*linked(block, base, left + column, canvas, Ref(tile_key(block, base)), "corner", context, span))
            if over_it == row:
                spot = (canvas.row, left + beside)
                canvas.draw(Label(*spot, arrow, Style("diamond_arrow", align=side)))
                canvas.draw(Rule(spot, spot, walked(block, bases, base), "arrow_walked"))
        if row == CORNERS[0][1]:
            count = total([walked(block, bases, base) * 1 for base in corners])
            said = Constant(f"{label(context.language)}  ") & count & f" / {ROUND}"
            key = Key(block.id, corners[0], "", "#round")
            canvas.draw(Formula(canvas.row, left + 1, key, said, Style("diamond_note"), 2))

    @staticmethod
    def draw_no_go(block: Block, bases: Block, context: Context, canvas: Canvas) -> None:
        """Draw what is to be done at the first base that stands on no-go."""
        refused = over(bases, "go_no_go", context).equals(label_of(bases, "go_no_go", "no_go", context))
        stands = product([refused, over(bases, "state", context).differs(label_of(bases, "state", "reached", context))])
        position = Key(block.id, "", "", "#no_go")
        found = call("IFERROR", call("MATCH", 1, stands, 0), "")
        canvas.draw(Formula(canvas.row, canvas.last, position, found, Style("helper", HIDDEN), array=True))
        at = Ref(position, "both")
        where = Constant(context.word("no_go_at")) & call("INDEX", names_of(bases, context), at) & context.word("no_go_now")
        said = call("IF", at.equals(""), context.word("no_go_none"), where)
        canvas.draw(*linked(block, "", LEFT, canvas, said, "no_go_head", context, len(canvas.columns) - 1))
        canvas.next(HEADING, row_id=f"{block.id}#no_go")
        for name in block.options.get("no_go", ()):
            question = bases.fields[name]
            canvas.label(LEFT, question.label(context.language), "label", 3, wrap=True)
            cell = call("INDEX", over(bases, name, context), at)
            shown = call("IF", at.equals(""), "", call("IF", cell.equals(""), "", cell))
            style = Style("computed", type_of(question).number_format, "left", wrap=True)
            key = Key(block.id, "", "", f"#no_go_{name}")
            canvas.draw(Formula(canvas.row, LEFT + 3, key, shown, style, len(canvas.columns) - 3, asked=context.asked(question)))
            canvas.next(DETAIL if type_of(question).grows else HEADER, row_id=f"{block.id}/no_go_{name}")


ROLES = {"tile": "tile_number", "corner": "diamond_base", "no_go_head": "heading"}


def bases_of(block: Block, context: Context) -> Block:
    """Give the block of the bases."""
    return context.blueprint.blocks[block.options["bases"]]


def column_of(place: int) -> int:
    """Give the column of a tile, counted from 0: there is a gap after each round."""
    return LEFT + place + place // ROUND


def tile_key(block: Block, base: str) -> Key:
    """Name the cell with a base's diamond and number."""
    return Key(block.id, base, "", "#tile")


def linked(
    block: Block, base: str, column: int, canvas: Canvas, shown: Node, name: str, context: Context, span: int = 1
) -> tuple[Link, Formula]:
    """Make a calculated cell that leads to the base's own tab, or to the table of bases where it has none."""
    sections = {section.id for section in context.blueprint.sections}
    target = base if base in sections else context.blueprint.section_of[block.options["bases"]].id
    style = Style(ROLES[name])
    formula = Formula(canvas.row, column, Key(block.id, base, "", f"#{name}"), shown, style, span)
    # Painted over the link, the formula takes the place of its text; the link stays.
    return Link(canvas.row, column, f"→ {target}", target, style), formula


def over(bases: Block, question: str, context: Context) -> Range:
    """Give a field of all bases."""
    return Range(*context.kind(bases).area(bases, question, context))


def names_of(bases: Block, context: Context) -> Range:
    """Give the names of all bases, with their numbers."""
    return Range(*context.kind(bases).naming(bases, context))


def label_of(bases: Block, question: str, choice: str, context: Context) -> str:
    """Give the label of a choice."""
    return context.asked(bases.fields[question]).labels[choice]


def decided(bases: Block, choice: str, context: Context) -> str:
    """Give how a decision is shown."""
    return ("●  " if choice == "go" else "×  ") + label_of(bases, "go_no_go", choice, context)


def walked(block: Block, bases: Block, base: str) -> Node:
    """Give the condition that a base has been reached."""
    return Ref(tile_key(block, base)).equals(f"{REACHED} {number(bases, base)}")


def mark(bases: Block, base: str, context: Context) -> Node:
    """Give a base's diamond, full, half or empty, with its number."""
    state = Ref(Key(bases.id, base, "", "state"))
    shown = [f"{glyph} {number(bases, base)}" for glyph in (REACHED, UNDER_WAY, NOT_BEGUN)]
    rest = call("IF", state.equals(label_of(bases, "state", "under_way", context)), shown[1], shown[2])
    return call("IF", state.equals(label_of(bases, "state", "reached", context)), shown[0], rest)


def since(bases: Block, base: str, context: Context) -> Node:
    """Give the day on which a base was reached, or how far it is in words."""
    state, reached = Ref(Key(bases.id, base, "", "state")), Ref(Key(bases.id, base, "", "date_reached"))
    shown: Node = Constant(context.word("base_not_begun"))
    for name in ("out_of_order", "under_way"):
        shown = call("IF", state.equals(label_of(bases, "state", name, context)), context.word(f"base_{name}"), shown)
    day = call("IF", call("ISNUMBER", reached), reached, context.word("base_reached"))
    return call("IF", state.equals(label_of(bases, "state", "reached", context)), day, shown)


def decision(bases: Block, base: str, context: Context) -> Node:
    """Give go, no-go or neither."""
    taken = Ref(Key(bases.id, base, "", "go_no_go"))
    shown: Node = Constant("–")
    for choice in ("no_go", "go"):
        shown = call("IF", taken.equals(label_of(bases, "go_no_go", choice, context)), decided(bases, choice, context), shown)
    return shown


def tile_rules(block: Block, bases: Block, first: int, context: Context) -> list[Rule]:
    """Colour the tiles by how far their base is, and the decisions."""
    start = next(iter(bases.options["items"]))
    columns = [column_of(ROUND * place) for place in range(len(block.options["rounds"]))]
    tiles = [((first, column), (first + 2, column + ROUND - 1)) for column in columns]
    decisions = [((first + 3, column), (first + 3, column + ROUND - 1)) for column in columns]
    glyph = call("LEFT", Ref(tile_key(block, start), "row"), 1)
    taken = Ref(Key(block.id, start, "", "#decision"))
    return [
        Rule(*tiles[0], glyph.equals(REACHED), "tile_reached", tuple(tiles[1:])),
        Rule(*tiles[0], glyph.equals(UNDER_WAY), "tile_under_way", tuple(tiles[1:])),
        Rule(*decisions[0], taken.equals(decided(bases, "go", context)), "good", tuple(decisions[1:])),
        Rule(*decisions[0], taken.equals(decided(bases, "no_go", context)), "bad", tuple(decisions[1:])),
    ]
