"""What the previous plan said, beside the cells that ask it anew and on a tab of its own: laid out to write and to read alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby

from accountsheet.address import Key, Place
from accountsheet.embedding import packed, unpacked
from accountsheet.kind import Context
from accountsheet.layout import Layout
from accountsheet.pieces import AIR, BAND, INTRO, LEFT, LINKS, Canvas, Fact, Label, Link, Note, Sheet, Style, lines_needed

PREVIOUS = "previous_plan"
"""The tab's id, and the name of what a workbook carries it by."""
WIDTHS = (34.0, 34.0, 74.0)
WHERE, WHAT, SAID = range(LEFT, LEFT + len(WIDTHS))
LONGEST = 20_000_000
"""Characters that are still unpacked."""
LONGEST_NOTE = 1_000
HIGHEST = 400.0
HOMELESS = "homeless"
"""The sort of what has no place in this plan."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """One thing that the previous plan said, in words."""

    sort: str
    """What it is to the rep: asked (anew), proposed, moved, closing, together or homeless; each has its word."""
    year: int
    """The year that the previous plan was for."""
    text: str
    section: str = ""
    """The id of the section that it is shown with, or the title of one that this plan has not."""
    label: str = ""
    """The question; none where a whole row is told at once."""
    row: str = ""
    """The row or box that it is in."""
    key: Key | None = None
    """The cell that it stands beside."""

    def note(self, context: Context) -> str:
        """Give what is said beside the cell."""
        words = context.word(f"previous_{self.sort}", year=self.year, closed=self.year - 1)
        return "\n".join(filter(None, (words, self.text)))[:LONGEST_NOTE]


def pack(earlier: Iterable[Earlier]) -> tuple[str, ...]:
    """Pack what the previous plan said as a workbook carries it."""
    rows = [asdict(each) for each in earlier]
    return packed(json.dumps(rows, ensure_ascii=False)) if rows else ()


def unpack(text: str) -> tuple[Earlier, ...]:
    """Give it back; nothing where it is broken."""
    try:
        rows = json.loads(unpacked(text, LONGEST) or "[]")
        return tuple(Earlier(**{**row, "key": Key(*row["key"]) if row["key"] else None}) for row in rows)
    except (ValueError, TypeError, KeyError, RecursionError):
        return ()


def notes_on(layout: Layout, earlier: Iterable[Earlier]) -> dict[Place, Note]:
    """Give the notes beside cells; the answers to one cell stand in one note."""
    texts: dict[Place, list[str]] = {}
    for each in earlier:
        if each.key is not None and each.key in layout.places:
            texts.setdefault(layout.places[each.key], []).append(each.note(layout.context))
    return {place: Note("\n\n".join(parts)[:LONGEST_NOTE]) for place, parts in texts.items()}


def with_previous(layout: Layout, earlier: Sequence[Earlier]) -> Layout:
    """Put the tab after those that are filled in, where there is anything to tell."""
    if not earlier:
        return layout
    seen = sum(not sheet.hidden for sheet in layout.sheets)
    return replace(layout, sheets=(*layout.sheets[:seen], lay_previous(earlier, layout.context), *layout.sheets[seen:]))


def lay_previous(earlier: Sequence[Earlier], context: Context) -> Sheet:
    """Lay out the tab: section by section what was said, then what has no place any more."""
    canvas, title = Canvas(WIDTHS, top=1), context.word("previous_plan", year=earlier[0].year)
    draw_top(title, context, canvas)
    number = 0
    for heading, group in grouped(earlier, context):
        canvas.label(LEFT, heading, "part_heading", len(WIDTHS))
        canvas.next(26)
        for place, name in enumerate(("previous_where", "question", "previous_said")):
            canvas.label(LEFT + place, context.word(name), "header")
        canvas.next(20, row_id=f"{PREVIOUS}#head{number or ''}")
        for record in records(group):
            number += 1
            draw(number, record, context, canvas)
        canvas.next(14)
    canvas.draw(Fact(canvas.row, LEFT, "{blueprint} {version} · {language} · {year} · {account_id}", Style("note"), len(WIDTHS)))
    canvas.next(15)
    return canvas.sheet(Sheet(PREVIOUS, context.word("previous_tab"), heading=title, colour="none", freeze=(3, 0)))


def grouped(earlier: Sequence[Earlier], context: Context) -> Iterator[tuple[str, list[Earlier]]]:
    """Give each section's heading with what is told of it; what has no place comes last, under a heading of its own."""
    order = {section.id: place for place, section in enumerate(context.blueprint.sections)}
    titles = {section.id: section.heading(context.language) for section in context.blueprint.sections}

    def place(each: Earlier) -> int:
        return len(order) if each.sort == HOMELESS else order.get(each.section, len(order) - 1)

    for rank, group in groupby(sorted(earlier, key=place), place):
        told = list(group)
        yield (context.word("previous_homeless_part") if rank == len(order) else titles.get(told[0].section, "")), told


def draw_top(title: str, context: Context, canvas: Canvas) -> None:
    """Draw the band, the way back and what this tab is for."""
    canvas.label(LEFT, title, "title", 2)
    canvas.draw(Fact(canvas.row, SAID, "{account}", Style("title_note")))
    canvas.next(BAND)
    overview = context.blueprint.sections[0]
    canvas.draw(Link(canvas.row, LEFT, context.word("overview_back"), overview.id, Style("link")))
    canvas.label(WHAT, "", "link", 2)
    canvas.next(LINKS)
    canvas.next(AIR)
    intro = context.word("previous_intro")
    canvas.label(LEFT, intro, "intro", len(WIDTHS), wrap=True)
    canvas.next(max(INTRO, 15.0 * lines_needed(intro, sum(WIDTHS)) + 8))


def records(group: Sequence[Earlier]) -> Iterator[list[Earlier]]:
    """Give together what was said in one row."""
    for _, same in groupby(group, lambda each: (each.sort, each.section, each.key and each.key[:3], each.row or each.label)):
        yield list(same)


def draw(number: int, record: Sequence[Earlier], context: Context, canvas: Canvas) -> None:
    """Draw what was said in one row, with a link to it."""
    first, several = record[0], len(record) > 1
    titles = {section.id: section.heading(context.language) for section in context.blueprint.sections}
    where = titles.get(first.section, first.section)
    what = first.row if several else " – ".join(filter(None, (first.label, first.row)))
    said = " · ".join(f"{each.label}: {each.text}" if several else each.text for each in record)
    if first.sort not in ("asked", HOMELESS):
        said = f"{context.word(f'previous_{first.sort}', year=first.year, closed=first.year - 1)}\n{said}"
    if first.key is not None and first.section in titles:
        canvas.draw(Link(canvas.row, WHERE, f"{where} →", first.section, Style("section_link"), target=first.key))
    else:
        canvas.label(WHERE, where, "label", wrap=True)
    canvas.draw(Label(canvas.row, WHAT, what, Style("label", wrap=True)))
    canvas.draw(Label(canvas.row, SAID, said, Style("label", wrap=True)))
    lines = max(lines_needed(text, canvas.width(column)) for column, text in ((WHERE, where), (WHAT, what), (SAID, said)))
    canvas.next(min(max(20.0, 15.0 * lines + 6), HIGHEST), row_id=f"{PREVIOUS}/{number}", grows=True)
