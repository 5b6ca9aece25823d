"""The hidden tabs: where completeness and checks are calculated, and the lists that drop-downs show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accountsheet.address import Key
from accountsheet.blueprint import Check
from accountsheet.expression import condition
from accountsheet.formula import Constant, Node, Range, Ref, call, product
from accountsheet.kind import Context, rows_scope
from accountsheet.pieces import (
    LEFT,
    Canvas,
    Formula,
    Label,
    Sheet,
    Style,
)
from accountsheet.progress import (
    block_share,
    blocks_counted,
    check_formula,
    check_key,
    expected_key,
    filled_formula,
    filled_key,
    plan_formula,
    plan_share,
    section_formula,
    sections_shown,
    share_formula,
    share_of,
)

WORK, LISTS = "_work", "_lists"


def lay_work(context: Context) -> Sheet:
    """Lay out the hidden tab where completeness and checks are calculated."""
    canvas = Canvas((40.0, 14.0, 14.0, 14.0, 60.0), top=1)

    def draw(column: int, key: Key, formula: Node, *, array: bool = False) -> None:
        canvas.draw(Formula(canvas.row, LEFT + column, key, formula, Style("plain"), array=array))

    for block in blocks_counted(context):
        canvas.label(LEFT, block.id, "plain")
        draw(1, filled_key(block), filled_formula(block, context))
        draw(2, expected_key(block), Constant(float(context.kind(block).expected(block, context))))
        draw(3, block_share(block), share_formula(block))
        canvas.next(15)
    for section in sections_shown(context.blueprint):
        canvas.label(LEFT, section.id, "plain")
        draw(3, share_of(section), section_formula(section, context))
        canvas.next(15)
    canvas.label(LEFT, "plan", "plain")
    draw(3, plan_share(), plan_formula(context))
    canvas.next(15)
    checks = context.blueprint.checks
    for check in checks:
        canvas.label(LEFT, check.id, "plain")
        draw(3, check_key(check), check_formula(check, context), array=True)
        draw(4, Key("#check", check.id, "", "message"), message_formula(check, context), array=True)
        canvas.next(15)
    if checks:
        canvas.label(LEFT, "good", "plain")
        draw(3, Key("#checks", "", "", "good"), call("SUM", Range(check_key(checks[0]), check_key(checks[-1]))))
        canvas.next(15)
    return canvas.sheet(Sheet(WORK, WORK, hidden=True))


def message_formula(check: Check, context: Context) -> Node:
    """Say what is wrong; a check on rows names the first that fails."""
    wording = check.message(context.language)
    before, named, after = wording.partition("{name}")
    if not named or not check.each:
        return Constant(wording)
    scope = rows_scope(context, check.each, turned=False)
    block = context.blueprint.blocks[check.each]
    failing = product(
        [scope.begun(), *([condition(check.when, scope)] if check.when else []), Constant(1) - condition(check.holds, scope)]
    )
    first, last = context.kind(block).naming(block, context)
    item: Node = call("INDEX", Range(first, last), call("MATCH", 1, failing, 0))
    question = block.fields.get(first.field)
    if question is not None and question.kind in ("date", "month"):
        item = call("IF", item > 0, day_in_words(item, context.language), "")
    found = call("IFERROR", item, "")
    parts = [part for part in (before and Constant(before), found, after and Constant(after)) if part]
    formula: Node = parts[0]
    for part in parts[1:]:
        formula = formula & part
    return formula


def day_in_words(day: Node, language: str) -> Node:
    """Write a day out: the letters of TEXT's formats differ with the program's own language."""
    year, month, date = call("YEAR", day), *(call("RIGHT", Constant("0") & call(part, day), 2) for part in ("MONTH", "DAY"))
    return date & "-" & month & "-" & year if language == "nl" else year & "-" & month & "-" & date


def lay_lists(context: Context) -> Sheet:
    """Lay out the hidden tab with the lists that drop-downs show; references to two tables are joined there."""
    canvas = Canvas([20.0] * 60, top=1)
    lists = list(used_lists(context))
    longest = max((len(labels) for _, labels in lists), default=0)
    for row in range(longest + 1):
        for column, (name, labels) in enumerate(lists):
            text = name if row == 0 else labels[row - 1] if row <= len(labels) else None
            if text is not None:
                if row:
                    canvas.mark(Key("#list", row, name, ""), LEFT + column)
                canvas.draw(Label(canvas.row, LEFT + column, text, Style("plain")))
        canvas.next(15)
    draw_joined(context, canvas)
    return canvas.sheet(Sheet(LISTS, LISTS, hidden=True))


def used_lists(context: Context) -> Iterator[tuple[str, list[str]]]:
    """Give each list in use with its labels."""
    yield "yes_no", [context.word("yes"), context.word("no")]
    for name, choices in context.blueprint.lists.items():
        yield name, list(choices.shown(context.language).values())


def draw_joined(context: Context, canvas: Canvas) -> None:
    """Write the rows of several tables under one another without gaps, for references to more than one."""
    done: set[tuple[str, ...]] = set()
    for block in context.blueprint.blocks.values():
        for question in block.fields.values():
            targets = tuple(each for each in question.to if each.partition(".")[0] in context.blueprint.blocks)
            if len(targets) < 2 or targets in done:
                continue
            done.add(targets)
            join_targets(targets, context, canvas)


def join_targets(targets: tuple[str, ...], context: Context, canvas: Canvas) -> None:
    """Write one joined list, down a column of its own."""
    name = "+".join(targets)
    counts: list[Node] = []
    sources: list[Range] = []
    size = 0
    for target in targets:
        other, _, question = target.partition(".")
        block = context.blueprint.blocks[other]
        area = Range(*context.kind(block).area(block, question, context))
        sources.append(area)
        counts.append(call("SUMPRODUCT", area.differs("") * 1))
        size += len(context.kind(block).rows(block, context))
    for row in range(1, size + 1):
        shown: Node = Constant("")
        for place in reversed(range(len(sources))):
            area, count, before = sources[place], counts[place], total_before(counts, place)
            packed = call("IF", area.differs(""), call("ROW", area) - call("ROW", Ref(area.first, "both")) + 1, "")
            item = call("INDEX", area, call("SMALL", packed, Constant(row) - before))
            inside = product([Constant(row) > before, Constant(row) <= before + count])
            shown = call("IF", inside, item, shown)
        canvas.draw(Formula(canvas.row, LEFT, Key("#list", row, name, ""), shown, Style("plain"), array=True))
        canvas.next(15)


def total_before(counts: Sequence[Node], place: int) -> Node:
    """Add up how many rows the tables before one hold."""
    result: Node = Constant(0)
    for count in counts[:place]:
        result = result + count
    return result


def list_ends(context: Context, name: str, size: int) -> tuple[Key, Key]:
    """Give the first and last cell of a list on the hidden tab."""
    return Key("#list", 1, name, ""), Key("#list", size, name, "")
