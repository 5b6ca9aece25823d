"""How far a plan is: the keys under which completeness and checks are calculated, and their formulas."""

from __future__ import annotations

from collections.abc import Sequence

from accountsheet.address import Key
from accountsheet.blueprint import Block, Blueprint, Check, Section
from accountsheet.expression import condition
from accountsheet.formula import Constant, Node, Range, Ref, call, product, total
from accountsheet.kind import Context, RecordScope, rows_scope
from accountsheet.text import Text

SHARE = "share"


def filled_key(block: Block) -> Key:
    """Name the number of a block's filled-in cells."""
    return Key("#completeness", block.id, "", "filled")


def expected_key(block: Block) -> Key:
    """Name the number of cells that a complete block has."""
    return Key("#completeness", block.id, "", "expected")


def block_share(block: Block) -> Key:
    """Name a block's completeness."""
    return Key("#completeness", block.id, "", SHARE)


def share_of(section: Section) -> Key:
    """Name a section's completeness."""
    return Key("#section", section.id, "", SHARE)


def heading_key(section: str) -> Key:
    """Name the heading of a section that stands below another on its tab."""
    return Key("#section", section, "", "heading")


def plan_share() -> Key:
    """Name the plan's completeness."""
    return Key("#plan", "", "", SHARE)


def check_key(check: Check) -> Key:
    """Name whether a check holds: 1 or 0."""
    return Key("#check", check.id, "", "holds")


def health_keys(blueprint: Blueprint) -> tuple[Key, tuple[Key, Key], tuple[Key, Key]]:
    """Name the number of checks that hold, and the areas of their outcomes and messages."""
    first, last = blueprint.checks[0], blueprint.checks[-1]
    messages = Key("#check", first.id, "", "message"), Key("#check", last.id, "", "message")
    return Key("#checks", "", "", "good"), (check_key(first), check_key(last)), messages


def sections_shown(blueprint: Blueprint) -> list[Section]:
    """Give the sections that the Overview lists: all but itself."""
    return [section for section in blueprint.sections if not any(block.kind == "overview" for block in section.blocks)]


def counts(block: Block, context: Context) -> bool:
    """Whether a block has anything to be filled in."""
    return block.weight > 0 and context.kind(block).expected(block, context) > 0


def blocks_counted(context: Context) -> list[Block]:
    """Give the blocks that make up completeness."""
    return [block for section in sections_shown(context.blueprint) for block in section.blocks if counts(block, context)]


def filled_formula(block: Block, context: Context) -> Node:
    """Count the filled-in cells that completeness looks at, and never more than it expects."""
    areas = [Range(first, last) for first, last in context.kind(block).counted(block, context)]
    counted = total([call("SUMPRODUCT", area.differs("") * 1) for area in areas])
    return call("MIN", Ref(expected_key(block)), counted)


def share_formula(block: Block) -> Node:
    """Give filled / expected."""
    return Ref(filled_key(block)) / Ref(expected_key(block))


def mean(parts: Sequence[tuple[Key, float]]) -> Node:
    """Give the weighted mean of shares."""
    weights = sum(weight for _, weight in parts)
    if not parts or not weights:
        return Constant(0)
    return total([Ref(key) * weight if weight != 1 else Ref(key) for key, weight in parts]) / weights


def section_formula(section: Section, context: Context) -> Node:
    """Give a section's completeness; one that only opens a chapter has that of its sub-sections."""
    own = [(block_share(block), block.weight) for block in section.blocks if counts(block, context)]
    return mean(own or [(share_of(part), part.weight) for part in chapter(section, context)])


def chapter(section: Section, context: Context) -> list[Section]:
    """Give the sub-sections that have anything to be filled in."""
    below = [each for each in context.blueprint.sections if section.number and each.number.startswith(f"{section.number}.")]
    return [each for each in below if any(counts(block, context) for block in each.blocks)]


def has_share(section: Section, context: Context) -> bool:
    """Whether a section has anything to be filled in, itself or below it."""
    return any(counts(block, context) for block in section.blocks) or bool(chapter(section, context))


def without_share(section: Section, context: Context) -> str:
    """Name why a section has nothing to be filled in: it was filled in beforehand, or it follows from others."""
    blocks = {block.id for block in section.blocks}
    return "given_already" if any(key.block in blocks for key in context.prefilled) else "follows"


def plan_formula(context: Context) -> Node:
    """Give the plan's completeness."""
    shown = [section for section in sections_shown(context.blueprint) if any(counts(block, context) for block in section.blocks)]
    return mean([(share_of(section), section.weight) for section in shown if section.weight])


def check_formula(check: Check, context: Context) -> Node:
    """Give 1 where a check holds on the whole plan, else 0."""
    if not check.each:
        holds = condition(check.holds, plan_scope(context))
        if check.when:
            holds = call("IF", condition(check.when, plan_scope(context)), holds, 1)
        return call("IF", holds, 1, 0)
    scope = rows_scope(context, check.each, turned=False)
    parts = [scope.begun(), *([condition(check.when, scope)] if check.when else []), Constant(1) - condition(check.holds, scope)]
    return call("IF", call("SUM", product(parts)).equals(0), 1, 0)


def row_check(check: Check, context: Context, row: int | str) -> tuple[Node, Node]:
    """Give when a check applies to a row, and whether it holds there."""
    scope = RecordScope(context, context.blueprint.blocks[check.each], row)
    when = condition(check.when, scope) if check.when else Constant(1)
    # As an outer row, so that `row.field` means the same here as over all rows.
    return when, condition(check.holds, scope)


def plan_scope(context: Context) -> RecordScope:
    """Give a scope that sees whole blocks only."""
    return RecordScope(context, Block("", "", Text(), {}))
