"""The people of a table set out by attitude and influence: all of it calculated."""

from __future__ import annotations

from collections.abc import Sequence

from accountsheet.address import Key
from accountsheet.blueprint import Block
from accountsheet.formula import Constant, Node, Range, Ref, call, product
from accountsheet.kind import Context, Kind
from accountsheet.pieces import LEFT, Canvas, Formula, Rule, Style

HEADER, ROW, LEGEND = 24.0, 58.0, 20.0
STRONG, SCALE = 4, 5
"""From this influence on a person decides along; influence is rated 1 to 5."""


class Relationship(Kind):
    """A matrix of people: their number and names by attitude across and influence down."""

    name = "relationship"
    options = frozenset({"people", "across", "down", "names", "against", "allies", "levels"})

    def widths(self, block: Block, context: Context) -> Sequence[float]:
        return [22.0, *([24.0] * len(self.attitudes(block, context)))]

    def attitudes(self, block: Block, context: Context) -> dict[str, str]:
        """Give the labels of the attitudes."""
        people = context.blueprint.blocks[block.options["people"]]
        return dict(context.asked(people.fields[block.options["across"]]).labels)

    def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
        people = context.blueprint.blocks[block.options["people"]]
        attitudes = self.attitudes(block, context)
        canvas.label(LEFT, "", "header")
        canvas.label(
            LEFT + 1, f"{people.fields[block.options['across']].label(context.language)}  →", "header_group", len(attitudes)
        )
        canvas.next(HEADER)
        canvas.label(LEFT, f"↑  {people.fields[block.options['down']].label(context.language)}", "header")
        for place, label in enumerate(attitudes.values()):
            canvas.label(LEFT + 1 + place, label, "header_group")
        canvas.next(HEADER, row_id=f"{block.id}#head")
        levels = block.options.get("levels", {})
        for influence in range(SCALE, 0, -1):
            words = levels[str(influence)](context.language) if str(influence) in levels else ""
            canvas.label(LEFT, f"{influence}   {words}", "header_row")
            for place, (attitude, label) in enumerate(attitudes.items()):
                self.draw_cell(block, context, canvas, LEFT + 1 + place, influence, attitude, label)
            canvas.next(ROW, row_id=f"{block.id}/{influence}")
        canvas.next(10)
        for role, name in (("bad_swatch", "to_win_over"), ("good_swatch", "ally"), ("computed_swatch", "follow")):
            canvas.label(LEFT, "", role)
            canvas.label(LEFT + 1, context.word(name), "legend_text", len(attitudes))
            canvas.next(LEGEND)

    def draw_cell(
        self, block: Block, context: Context, canvas: Canvas, column: int, influence: int, attitude: str, label: str
    ) -> None:
        """Draw the people of one attitude and influence."""
        people = context.blueprint.blocks[block.options["people"]]
        kind = context.kind(people)

        def all_of(question: str) -> Node:
            return Range(*kind.area(people, block.options[question], context))

        key = Key(block.id, influence, attitude, "people")
        here = product([all_of("across").equals(label), all_of("down").equals(influence)])
        mood = list(self.attitudes(block, context)).index(attitude)
        glyph, role = look(influence, mood)
        names = call("TEXTJOIN", ", ", True, call("IF", here, all_of("names"), ""))
        count = call("SUMPRODUCT", here)
        shown = call("IF", count.equals(0), "·", Constant(f"{glyph}  ") & count & Constant("\n") & names)
        canvas.draw(Formula(canvas.row, column, key, shown, Style("relationship", wrap=True), array=True))
        place = (canvas.row, column)
        canvas.draw(Rule(place, place, Ref(key).differs("·"), role))


def look(influence: int, mood: int) -> tuple[str, str]:
    """Give the glyph and role of a cell: who counts and is not with us yet, who is, and the rest."""
    if influence >= STRONG and mood <= 1:
        return "!", "bad"
    if influence >= STRONG and mood >= 3:
        return "●", "good"
    return "▪", "computed_fill"
