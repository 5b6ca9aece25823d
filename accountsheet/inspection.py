"""What refers to what in a blueprint: found wrong before a workbook is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from accountsheet.blueprint import Block, Blueprint, Check, Field, sheet_name
from accountsheet.expression import ExpressionProblem, names_in
from accountsheet.finding import Finding
from accountsheet.kind import Context, Kind, calculated
from accountsheet.phrases import remark
from accountsheet.progress import check_formula
from accountsheet.tree import Branch

LONGEST_TITLE = 31
"""Characters of a sheet's name (Excel's specifications and limits)."""
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def checks_that_fit(blueprint: Blueprint, checks: Iterable[Check]) -> list[Check]:
    """Give the checks whose blocks and fields the blueprint has."""
    return [check for check in checks if fits(check, blueprint)]


def fits(check: Check, blueprint: Blueprint) -> bool:
    """Whether a blueprint has all that a check names."""
    try:
        names = names_in(check.holds) | (names_in(check.when) if check.when else set())
    except ExpressionProblem:
        return True  # A check that cannot be read is to be reported, not left out.
    if check.each and check.each not in blueprint.blocks:
        return False
    return all(found(name, check, blueprint) for name in names)


def found(name: tuple[str, ...], check: Check, blueprint: Blueprint) -> bool:
    """Whether a name of a check means something in a blueprint."""
    if name[0] in ("as_of", "plan_year"):
        return True
    if name[0] == "row":
        return not check.each or name[-1] in blueprint.blocks[check.each].fields
    if len(name) > 1:
        return name[0] in blueprint.blocks and name[-1] in blueprint.blocks[name[0]].fields
    every = (field for block in blueprint.blocks.values() for field in block.fields)
    return name[0] in blueprint.blocks or name[0] in every


def inspect(blueprint: Blueprint, kinds: Mapping[str, Kind], tree: Branch) -> list[Finding]:
    """Look through a whole blueprint."""
    findings: list[Finding] = []
    sections, checks = branch(tree, "sections"), branch(tree, "checks")
    context = Context(blueprint, "en", 2000, kinds=kinds)
    seen_titles: dict[tuple[str, str], str] = {}
    seen_blocks: dict[str, str] = {}
    for tab in blueprint.tabs:
        for language in blueprint.languages:
            title = sheet_name(tab, language)
            if problem := title_problem(title):
                findings.append(place(sections, tab[0].id, problem, title=title))
            other = seen_titles.setdefault((language, title.casefold()), tab[0].id)
            if other != tab[0].id:
                findings.append(place(sections, tab[0].id, "titles-alike", title=title, other=other))
    for section in blueprint.sections:
        blocks = branch(branch(sections, section.id), "blocks")
        for block in section.blocks:
            if block.id in seen_blocks:
                findings.append(place(blocks, block.id, "block-twice", name=block.id, other=seen_blocks[block.id]))
            seen_blocks[block.id] = section.id
            findings += inspect_block(block, context, branch(blocks, block.id))
    for check in blueprint.checks:
        try:
            check_formula(check, context)
        except ExpressionProblem as problem:
            findings.append(place(checks, check.id, "expression", name=check.id, why=str(problem)))
    return findings


def title_problem(title: str) -> str:
    """Name what Excel would refuse in a sheet's name."""
    if not title or len(title.encode("utf-16-le")) // 2 > LONGEST_TITLE:
        return "title-length"
    if FORBIDDEN.search(title) or title[0] == "'" or title[-1] == "'" or title.casefold() == "history" or title.startswith("_"):
        return "title-form"
    return ""


def inspect_block(block: Block, context: Context, tree: Branch) -> list[Finding]:
    """Look through a block: references, calculations, circles, and what its kind needs."""
    fields = branch(tree, "fields")
    findings = []
    for question in block.fields.values():
        for target in question.to:
            other, _, name = target.partition(".")
            if name not in getattr(context.blueprint.blocks.get(other), "fields", {}):
                findings.append(place(fields, question.id, "reference-unknown", name=target))
        if question.type == "reference" and not question.to:
            findings.append(place(fields, question.id, "reference-unknown", name=""))
        if question.calculated and (circle := circular(question, block)):
            findings.append(place(fields, question.id, "calc-circle", name=circle))
    if findings:
        return findings
    kind = context.kind(block)
    try:
        rows = kind.rows(block, context)
        kind.widths(block, context)
        kind.expected(block, context)
    except (KeyError, TypeError, ValueError, IndexError, StopIteration) as problem:
        return [place(tree, "kind", "kind-needs", name=block.kind, why=str(problem).strip("'\""))]
    for question in block.fields.values():
        if question.calculated:
            try:
                calculated(block, question, context, rows[0])
                calculated(block, question, context, rows[-1])
            except ExpressionProblem as problem:
                findings.append(place(fields, question.id, "expression", name=question.value, why=str(problem)))
    return findings


def circular(question: Field, block: Block) -> str:
    """Follow a calculation through its own block; gives the circle it runs in, if any."""
    trail: list[str] = []

    def follow(name: str) -> str:
        if name in trail:
            return " → ".join([*trail[trail.index(name) :], name])
        other = block.fields.get(name)
        if other is None or not other.calculated:
            return ""
        trail.append(name)
        try:
            names = names_in(other.value, above=False)  # Rows go down: what the row before holds makes no circle.
        except ExpressionProblem:
            names = set()
        circles = [follow(each[0]) for each in names if len(each) == 1]
        trail.pop()
        return next(filter(None, circles), "")

    return follow(question.id)


def branch(tree: Branch, key: str) -> Branch:
    """Give a mapping below a key, or an empty one there."""
    value = tree.get(key)
    return value if isinstance(value, Branch) else Branch(tree.line(key))


def place(tree: Branch, key: str, code: str, **facts: object) -> Finding:
    """Make a finding on a key."""
    file, line = tree.line(key)
    return remark(code, file=file, cell=f"line {line}", key=key, **facts)
