"""A blueprint laid out once: every text, slot and formula with its cell. The writer paints it, the reader walks it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from accountsheet.address import Key, Place
from accountsheet.backstage import lay_lists, lay_work
from accountsheet.blueprint import Block, Section, sheet_name
from accountsheet.checks_tab import lay_checks
from accountsheet.formula import Ref, call
from accountsheet.guide import Guide, guide_of
from accountsheet.kind import Context
from accountsheet.pieces import (
    AIR,
    BAND,
    INTRO,
    LEFT,
    LINKS,
    Canvas,
    Fact,
    Formula,
    Label,
    Link,
    Picture,
    Rule,
    Sheet,
    Slot,
    Style,
    Value,
    lines_needed,
    places_of,
)
from accountsheet.progress import (
    has_share,
    heading_key,
    share_of,
    without_share,
)

FORMAT = "1"
"""The version of the workbook's own form: what the hidden cells mean."""
STAMP = (0, 0)
"""Where each tab carries what it is."""
SMALL_PRINT = "accountsheet {format} · {blueprint} {version} · {language} · {year} · {account_id} · {section}"
"""What a tab is, for people and for the reader, where the hidden cells have been stripped."""
LANDSCAPE = 142.0
LOGO = 30
"""Pixels that a logo is high."""
SWITCH_ROW = 3
"""The strip of air under the links: helpers stand there unseen."""
PART = 26.0
COLOURS = {"facts": "accent", "work": "accent_mid", "calculated": "none"}


@dataclass(frozen=True, eq=False)
class Layout:
    """All sheets of a workbook, but for what differs per account."""

    context: Context
    sheets: tuple[Sheet, ...]

    @cached_property
    def places(self) -> Mapping[Key, Place]:
        """Where each key stands."""
        return places_of(self.sheets)

    def place(self, key: Key) -> Place:
        """Say where a key stands."""
        return self.places[key]

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The sheets' names."""
        return tuple(sheet.title for sheet in self.sheets)

    @cached_property
    def slots(self) -> Mapping[Key, Slot]:
        """Every input cell."""
        return {piece.key: piece for sheet in self.sheets for piece in sheet.pieces if isinstance(piece, Slot)}

    @cached_property
    def formulas(self) -> Mapping[Key, Formula]:
        """Every calculated cell."""
        return {piece.key: piece for sheet in self.sheets for piece in sheet.pieces if isinstance(piece, Formula)}

    @cached_property
    def at(self) -> Mapping[Place, Key]:
        """What stands in each cell that has a key."""
        return {place: key for key, place in self.places.items()}

    @cached_property
    def fixed(self) -> Mapping[Key, str]:
        """The fixed texts that formulas refer to."""
        texts = {
            Place(number, piece.row, piece.column): text
            for number, sheet in enumerate(self.sheets)
            for piece in sheet.pieces
            if isinstance(piece, (Label, Value))
            and isinstance(text := piece.text if isinstance(piece, Label) else piece.value, str)
            and text
        }
        return {key: texts[place] for key, place in self.places.items() if place in texts}

    @cached_property
    def _rectangles(self) -> dict[tuple[Key, Key], tuple[tuple[Key | None, ...], ...]]:
        return {}

    @cached_property
    def guides(self) -> Mapping[str, Guide]:
        """What tells the rows and columns of each sheet apart."""
        return {sheet.id: guide_of(sheet, renamed=self.context.blueprint.renamed) for sheet in self.sheets}

    def rectangle(self, first: Key, last: Key) -> Sequence[Sequence[Key | None]]:
        """Give the keys of all cells between two."""
        if (first, last) not in self._rectangles:
            begin, end, at = self.places[first], self.places[last], self.at
            self._rectangles[first, last] = tuple(
                tuple(at.get(Place(begin.sheet, row, column)) for column in range(begin.column, end.column + 1))
                for row in range(begin.row, end.row + 1)
            )
        return self._rectangles[first, last]

    def sheet_of(self, section: str) -> int:
        """Give the number of a section's sheet."""
        home = next((tab[0].id for tab in self.context.blueprint.tabs if any(each.id == section for each in tab)), section)
        return next(number for number, sheet in enumerate(self.sheets) if sheet.id == home)


def lay_out(context: Context) -> Layout:
    """Lay out a blueprint in one language, for one year and size of tables."""
    sheets = [lay_tab(tab, context) for tab in context.blueprint.tabs]
    if context.blueprint.checks:
        sheets.append(lay_checks(context))
    return Layout(context, (*sheets, lay_work(context), lay_lists(context)))


def lay_tab(tab: Sequence[Section], context: Context) -> Sheet:
    """Lay out one tab: its band, links and introduction, then its blocks under one another, section by section."""
    section, blocks = tab[0], [block for section in tab for block in section.blocks]
    columns = grid(blocks, context)
    canvas = Canvas(columns, top=1)
    is_overview = any(block.kind == "overview" for block in blocks)
    draw_top(section, blocks, context, canvas, is_overview)
    for part in tab:
        if part is not section:
            draw_part(part, context, canvas)
        for number, block in enumerate(part.blocks):
            if number:
                canvas.next(16)
            context.kind(block).lay(shown_title(block, part), context, canvas)
    draw_customers_edition(section, blocks, context, canvas)
    canvas.next(12)
    canvas.draw(Fact(canvas.row, LEFT, SMALL_PRINT.replace("{section}", section.id), Style("note"), len(columns)))
    canvas.next(15)
    tables = any(context.kind(block).index(block) for block in blocks)
    sheet = Sheet(
        section.id,
        sheet_name(tab, context.language),
        heading=sheet_name(tab, context.language) if len(tab) > 1 else section.heading(context.language),
        colour=COLOURS[section.group],
        portrait=is_overview or (len(tab) > 1 and upright(canvas)),
        one_page=len(tab) > 1 or any(context.kind(block).on_one_page(block) for block in blocks),
        freeze=(3, LEFT + 1 if tables and not is_overview else 0),
    )
    sheet = canvas.sheet(sheet)
    if is_overview and sum(height.points for height in sheet.heights.values()) > 1070:
        page = next((row for key, (row, _) in sheet.marks.items() if key.row == "#page"), 0)
        sheet = replace(sheet, page_break=page)
    return sheet


def draw_customers_edition(section: Section, blocks: Sequence[Block], context: Context, canvas: Canvas) -> None:
    """Blank out what is internal while the Overview asks for the customer's edition; the cells keep their answers."""
    switch = context.switch("customers_edition")
    hidden = [piece for piece in canvas.pieces if isinstance(piece, (Slot, Formula)) and is_internal(piece, blocks)]
    if switch is None or not hidden:
        return
    key = Key("#edition", section.id, "", "customers")
    # A conditional format sees its own sheet only, so the switch is brought here; first, since the first rule wins.
    areas = [((piece.row, piece.column), (piece.row, piece.column)) for piece in hidden]
    rule = Rule(*areas[0], Ref(key, "both").equals(1), "internal", tuple(areas[1:]))
    formula = Formula(SWITCH_ROW, LEFT, key, call("IF", switch, 1, 0), Style("helper", ";;;"))
    canvas.pieces[:0] = [formula, rule]


def is_internal(piece: Slot | Formula, blocks: Sequence[Block]) -> bool:
    """Whether a cell belongs to a field or block that the customer is not shown."""
    if piece.asked is not None and piece.asked.field.internal:
        return True
    return any(block.internal and block.id == piece.key.block for block in blocks)


def shown_title(block: Block, section: Section) -> Block:
    """Leave out a block's heading where the tab's title says the same."""
    alone = len(section.blocks) == 1 or block.title == section.title
    return replace(block, title=type(block.title)()) if alone and block is section.blocks[0] else block


def upright(canvas: Canvas) -> bool:
    """Whether a tab that is to stand on one page prints larger on it upright."""
    wide, high = canvas.width(LEFT, len(canvas.columns)) * 5.36, sum(height.points for height in canvas.heights.values())
    return min(1.0, 530 / wide, 755 / high) > min(1.0, 777 / wide, 509 / high)


def grid(blocks: Sequence[Block], context: Context) -> Sequence[float]:
    """Give the columns that all blocks of a tab share: each as wide as the widest wish, and never less than the page."""
    wishes = [context.kind(block).widths(block, context) for block in blocks]
    if any(list(wish) != list(wishes[0]) for wish in wishes):
        wishes = [context.kind(block).widths_among_others(block, context) for block in blocks]
    widths = [max(column) for column in zip_longest(*wishes, fillvalue=0.0)]
    missing = LANDSCAPE - sum(widths)
    if missing > 0 and not any(block.kind == "overview" for block in blocks):
        # What is left widens nothing that is filled in: it is air at the right, so that every band ends at one edge.
        widths.append(missing)
    return widths


def draw_part(section: Section, context: Context, canvas: Canvas) -> None:
    """Draw the heading of a section that stands below another on the same tab, and how far it is."""
    canvas.next(14)
    span = max(1, span_for(canvas, 30.0)) if has_share(section, context) else 0
    canvas.mark(heading_key(section.id), LEFT)
    canvas.label(LEFT, section.heading(context.language), "part_heading", len(canvas.columns) - span)
    if span:
        draw_share(section, context, canvas, "part_note", span)
    canvas.next(PART)
    draw_intro(section.intro(context.language), canvas)


def draw_top(section: Section, blocks: Sequence[Block], context: Context, canvas: Canvas, is_overview: bool) -> None:
    """Draw the title band, the links and the introduction."""
    last, wide = canvas.last, len(canvas.columns)
    tail_span = max(1, span_for(canvas, 30.0))
    if is_overview:
        canvas.draw(Fact(canvas.row, LEFT, "{account}", Style("title"), wide - 2))
        canvas.label(last - 1, context.word("account_plan", year=context.year + 1), "title_note", 2)
    else:
        canvas.label(LEFT, section.heading(context.language), "title", wide - tail_span)
        canvas.draw(Fact(canvas.row, last - tail_span + 1, "{account}", Style("title_note"), tail_span))
    canvas.next(BAND)
    draw_links(section, context, canvas, is_overview, tail_span)
    canvas.next(LINKS)
    canvas.next(AIR)
    intro = section.intro(context.language)
    if is_overview:
        intro = context.word("guidance")
        if context.blueprint.logo:
            canvas.draw(Picture(canvas.row, last, context.blueprint.logo, LOGO, context.blueprint.title(context.language)))
    if any(question.required for block in blocks for question in block.fields.values()):
        intro = f"{intro}  {context.word('required_note')}" if intro else context.word("required_note")
    draw_intro(intro, canvas)


def draw_intro(intro: str, canvas: Canvas) -> None:
    """Draw what a section asks, in a line or two."""
    if intro:
        wide = len(canvas.columns)
        canvas.label(LEFT, intro, "intro", wide, wrap=True)
        canvas.next(max(INTRO, 15.0 * lines_needed(intro, canvas.width(LEFT, wide)) + 8))


def span_for(canvas: Canvas, width: float) -> int:
    """Give how many columns from the right are needed for a width."""
    span = 0
    while span < len(canvas.columns) - 1 and canvas.width(canvas.last - span + 1, span) < width:
        span += 1
    return span


def draw_links(section: Section, context: Context, canvas: Canvas, is_overview: bool, tail_span: int) -> None:
    """Draw the links back and on, and how far the section is."""
    order = [tab[0] for tab in context.blueprint.tabs]
    place = [each.id for each in order].index(section.id)
    following = order[place + 1] if place + 1 < len(order) else None
    first_span = 1 if canvas.columns[0] >= 20 else 2
    wide = len(canvas.columns)
    if is_overview:
        if following:
            words = context.word("begin_at", section=following.heading(context.language))
            canvas.draw(Link(canvas.row, LEFT, words, following.id, Style("link"), 6))
        note = context.word("version_note", version=context.blueprint.version, language=context.language)
        canvas.label(LEFT + 6, "", "link_note", wide - 8)
        canvas.label(canvas.last - 1, note, "link_note", 2)
        return
    canvas.draw(Link(canvas.row, LEFT, context.word("overview_back"), order[0].id, Style("link"), first_span))
    middle = wide - first_span - tail_span
    if middle > 0 and following:
        canvas.draw(
            Link(
                canvas.row,
                LEFT + first_span,
                onward(following, context, canvas.width(LEFT + first_span, middle)),
                following.id,
                Style("link"),
                middle,
            )
        )
    elif middle > 0:
        canvas.label(LEFT + first_span, "", "link", middle)
    if has_share(section, context):
        draw_share(section, context, canvas, "link_note", tail_span)
    else:
        canvas.label(canvas.last - tail_span + 1, context.word(without_share(section, context)), "link_note", tail_span)


def draw_share(section: Section, context: Context, canvas: Canvas, role: str, span: int) -> None:
    """Draw how far a section is, in the last columns of the current row."""
    percent = call("ROUND", Ref(share_of(section)) * 100, 6)
    whole = call("INT", percent)
    shown = whole & context.word("filled_in") & call("REPT", "●", call("ROUNDUP", whole / 20, 0))
    key = Key("#section", section.id, "", "shown_here")
    canvas.draw(Formula(canvas.row, canvas.last - span + 1, key, shown, Style(role), span))


def onward(section: Section, context: Context, width: float) -> str:
    """Word the link to the next tab: its title, or only its number where there is no room."""
    words = f"{section.heading(context.language)} →"
    return words if len(words) < width else f"{section.number} →".lstrip()
