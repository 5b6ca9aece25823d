"""The tab that shows every check: whether it holds, and what to do."""

from __future__ import annotations

from accountsheet.address import Key
from accountsheet.blueprint import Check
from accountsheet.formula import Constant, Ref, call
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
    Link,
    Rule,
    Sheet,
    Style,
    lines_needed,
)
from accountsheet.progress import (
    check_key,
)

CHECKS = "checks"


def lay_checks(context: Context) -> Sheet:
    """Lay out the tab that shows every check: whether it holds, and what to do."""
    canvas = Canvas((52.0, 16.0, 74.0), top=1)
    title = context.word("checks_tab")
    canvas.label(LEFT, title, "title", 2)
    canvas.draw(Fact(canvas.row, LEFT + 2, "{account}", Style("title_note")))
    canvas.next(BAND)
    canvas.draw(Link(canvas.row, LEFT, context.word("overview_back"), context.blueprint.sections[0].id, Style("link")))
    canvas.label(LEFT + 1, "", "link")
    good = Key("#checks", "", "", "good")
    shown = Ref(good) & context.word("of") & len(context.blueprint.checks) & context.word("checks_hold")
    canvas.draw(Formula(canvas.row, LEFT + 2, Key("#checks", "", "", "shown"), shown, Style("link_note")))
    canvas.next(LINKS)
    canvas.next(AIR)
    canvas.label(LEFT, context.word("checks_intro"), "intro", 3)
    canvas.next(INTRO)
    for place, name in enumerate(("check", "state", "what_to_do")):
        canvas.label(LEFT + place, context.word(name), "header")
    canvas.next(20, row_id="#check#head")
    first = canvas.row
    for check in context.blueprint.checks:
        draw_check(check, context, canvas)
    holds, fails = context.word("holds"), context.word("fails")
    state = Ref(Key("#check", context.blueprint.checks[0].id, "", "state"))
    place_of = (first, LEFT + 1), (canvas.row - 1, LEFT + 1)
    canvas.draw(Rule(*place_of, state.equals(holds), "good"), Rule(*place_of, state.equals(fails), "bad"))
    return canvas.sheet(Sheet(CHECKS, title, heading=title, colour="none", freeze=(3, 0)))


def draw_check(check: Check, context: Context, canvas: Canvas) -> None:
    """Draw one check."""
    canvas.label(LEFT, check.label(context.language), "label", wrap=True)
    holds = Ref(check_key(check), "column")
    state = call("IF", holds.equals(1), context.word("holds"), context.word("fails"))
    canvas.draw(Formula(canvas.row, LEFT + 1, Key("#check", check.id, "", "state"), state, Style("computed", align="left")))
    hint = check.hint(context.language)
    advice = call("IF", holds.equals(1), "", Constant(hint))
    canvas.draw(Formula(canvas.row, LEFT + 2, Key("#check", check.id, "", "hint"), advice, Style("help", wrap=True)))
    canvas.next(max(20.0, 13.5 * lines_needed(hint, canvas.width(LEFT + 2)) + 6), row_id=f"#check/{check.id}")
