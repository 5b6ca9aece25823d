"""The tab of a returned workbook that lists what is to be mended: laid out from its remarks, for writing and reading alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from accountsheet.address import Key, cell_name
from accountsheet.embedding import packed, unpacked
from accountsheet.finding import Severity
from accountsheet.formula import Constant, Node, Range, Ref, Scalar, call
from accountsheet.kind import Context, long_constant
from accountsheet.layout import Layout
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
    Rule,
    Sheet,
    Style,
    Value,
    lines_needed,
)

TO_FIX = "to_fix"
"""The tab's id, and the name of what a workbook carries it by."""
LONGEST = 20_000_000
"""Characters of remarks that are still unpacked."""
WIDTHS = (15.0, 9.0, 20.0, 24.0, 20.0, 27.0, 27.0)
STATE, LINK, SECTION, WHAT, TYPED, WRONG, ADVICE = range(LEFT, LEFT + len(WIDTHS))
STATES = {Severity.ERROR: "fix_open", Severity.WARNING: "fix_look", Severity.REPAIR: "fix_repaired", Severity.INFO: "fix_read"}
"""What the state says while a cell is as it was returned."""
LONGEST_NOTE = 1_000
HEADERS = ("state", "fix_cell", "section", "fix_what", "as_typed", "fix_wrong", "what_to_do")


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend or to look at: in words, and about which cell."""

    severity: Severity
    message: str
    hint: str = ""
    typed: str = ""
    section: str = ""
    """The id of the section it is in."""
    where: str = ""
    """The section's title, or where a text without a place stood."""
    what: str = ""
    """The answer's label, and the name of its row."""
    key: Key | None = None
    """The cell it is about."""
    holds: Scalar = None
    """What that cell was returned with: as long as it holds the same, nothing has been mended."""
    check: Key | None = None
    """The cell that tells whether a check holds again."""
    loose: bool = False
    """Whether the text has no place in the plan: it stands on this tab, to be cut and pasted from there."""

    @property
    def note(self) -> str:
        """What is said beside the cell itself."""
        full_stop = "" if not self.hint or self.message.endswith((".", "!", "?", "…")) else "."
        words = f"{self.message}{full_stop} {self.hint}".rstrip()
        typed = "" if not self.typed or self.typed in self.message else f" “{self.typed}”"
        return f"{words}{typed}"[:LONGEST_NOTE]


def carried(remarks: Iterable[Remark]) -> tuple[str, ...]:
    """Pack remarks as a workbook carries them; a text without a place stands in its cell and nowhere else."""
    rows = [asdict(replace(each, typed="") if each.loose else each) for each in remarks]
    return packed(json.dumps(rows, ensure_ascii=False)) if rows else ()


def uncarried(text: str) -> tuple[Remark, ...]:
    """Give the remarks back; none where they are broken."""
    try:
        return tuple(restored(row) for row in json.loads(unpacked(text, LONGEST) or "[]"))
    except (ValueError, TypeError, KeyError, RecursionError):
        return ()


def restored(row: dict[str, object]) -> Remark:
    """Make a remark of what JSON made of it; raises ValueError, TypeError or KeyError."""
    keys = {name: Key(*value) if isinstance(value, list) else None for name in ("key", "check") for value in [row[name]]}
    return Remark(**{**row, **keys, "severity": Severity(str(row["severity"]))})  # type: ignore[arg-type]


def with_to_fix(layout: Layout, remarks: Sequence[Remark]) -> Layout:
    """Put the tab before all others, where there is anything to remark."""
    if not remarks:
        return layout
    return replace(layout, sheets=(lay_to_fix(remarks, layout), *layout.sheets))


def lay_to_fix(remarks: Sequence[Remark], layout: Layout) -> Sheet:
    """Lay out the tab: a row for each remark, the worst first, with a link to its cell."""
    context, canvas = layout.context, Canvas(WIDTHS, top=1)
    heading = context.word("to_fix")
    title = heading if heading not in layout.titles else f"{heading} (2)"
    draw_top(remarks, heading, context, canvas)
    for place, name in enumerate(HEADERS):
        canvas.label(LEFT + place, context.word(name), "header")
    canvas.next(20, row_id=f"{TO_FIX}#head")
    first = canvas.row
    for number, remark in enumerate(remarks, 1):
        draw(number, remark, layout, canvas)
    state, area = Ref(state_key(1), "column"), ((first, STATE), (canvas.row - 1, STATE))
    for name, role in (("fix_open", "bad"), ("fix_look", "warn"), ("fix_mended", "good")):
        canvas.draw(Rule(*area, state.equals(context.word(name)), role))
    canvas.next(12)
    canvas.draw(Fact(canvas.row, LEFT, "{blueprint} {version} · {language} · {year} · {account_id}", Style("note"), len(WIDTHS)))
    canvas.next(15)
    return canvas.sheet(Sheet(TO_FIX, title, heading=heading, colour="bad", freeze=(3, 0), repeat=(first - 1, first - 1)))


def draw_top(remarks: Sequence[Remark], title: str, context: Context, canvas: Canvas) -> None:
    """Draw the band, the way on and how much is left, and what this tab is for."""
    canvas.label(LEFT, title, "title", len(WIDTHS) - 3)
    canvas.draw(Fact(canvas.row, WRONG - 1, "{account}", Style("title_note"), 3))
    canvas.next(BAND)
    overview = context.blueprint.sections[0]
    canvas.draw(Link(canvas.row, LEFT, f"{overview.heading(context.language)} →", overview.id, Style("link"), 2))
    canvas.label(SECTION, "", "link", 2)
    states = Range(state_key(1), state_key(len(remarks)))
    left = [call("COUNTIF", states, context.word(name)) & context.word(f"{name}_left") for name in ("fix_open", "fix_look")]
    canvas.draw(Formula(canvas.row, TYPED, Key("#fix", "", "", "left"), left[0] & "  ·  " & left[1], Style("link_note"), 3))
    canvas.next(LINKS)
    canvas.next(AIR)
    intro = context.word("fix_intro")
    canvas.label(LEFT, intro, "intro", len(WIDTHS), wrap=True)
    canvas.next(max(INTRO, 15.0 * lines_needed(intro, sum(WIDTHS)) + 8))


def state_key(number: int) -> Key:
    """Name the cell that says how far a remark is."""
    return Key("#fix", number, "", "state")


def draw(number: int, remark: Remark, layout: Layout, canvas: Canvas) -> None:
    """Draw one remark."""
    context, typed = layout.context, Key("#fix", number, "", "typed")
    cells = ((SECTION, remark.where), (WHAT, remark.what), (WRONG, remark.message), (ADVICE, remark.hint))
    for column, text in cells:
        canvas.label(column, text, "help" if column == ADVICE else "label", wrap=True)
    canvas.mark(typed, TYPED)
    if remark.loose:
        canvas.draw(Value(canvas.row, TYPED, remark.typed, Style("input_warn", wrap=True)))
    else:
        canvas.draw(Label(canvas.row, TYPED, remark.typed, Style("label", wrap=True)))
    draw_link(remark, layout, canvas)
    state = Formula(canvas.row, STATE, state_key(number), state_of(remark, typed, context), Style("label_bold"))
    canvas.draw(state)
    lines = max(lines_needed(text, canvas.width(column)) for column, text in (*cells, (TYPED, remark.typed)))
    canvas.next(min(max(20.0, 15.0 * lines + 6), 400.0), row_id=f"{TO_FIX}/{number}", grows=True)


def draw_link(remark: Remark, layout: Layout, canvas: Canvas) -> None:
    """Draw the way to the cell, else to the tab."""
    place = layout.places.get(remark.key) if remark.key else None
    tabs = {section.id for section in layout.context.blueprint.sections}
    if place is not None:
        target, words = remark.key, f"{cell_name(place.row, place.column)} →"
    elif remark.section in tabs:
        target, words = None, "→"
    else:
        canvas.label(LINK, "", "label")
        return
    section = remark.section if remark.section in tabs else layout.context.blueprint.sections[0].id
    canvas.draw(Link(canvas.row, LINK, words, section, Style("section_link"), target=target))


def state_of(remark: Remark, typed: Key, context: Context) -> Node:
    """Say how far a remark is, and say it anew as soon as its cell changes."""
    as_returned, mended = context.word(STATES[remark.severity]), context.word("fix_mended")
    if remark.loose:
        return call("IF", Ref(typed).differs(""), as_returned, mended)
    if remark.check is not None:
        return call("IF", Ref(remark.check).equals(1), mended, as_returned)
    if remark.key is None or remark.severity not in (Severity.ERROR, Severity.WARNING):
        return Constant(as_returned)
    return call("IF", Ref(remark.key).equals(held(remark, typed)), as_returned, mended)


def held(remark: Remark, typed: Key) -> Node:
    """Give what the cell was returned with; a text that was typed stands on this tab already."""
    if remark.holds == remark.typed:
        return Ref(typed)
    cell = "" if remark.holds is None else remark.holds
    return long_constant(cell) if isinstance(cell, str) else Constant(cell)
