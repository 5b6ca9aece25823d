"""What refers to what in a blueprint: found wrong before a workbook is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from accountsheet.address import Key
from accountsheet.blueprint import Block, Blueprint, Check, Field, sheet_name
from accountsheet.expression import ExpressionProblem, condition, names_in
from accountsheet.finding import Finding
from accountsheet.formula import Node, Ref, references
from accountsheet.kind import Context, Kind, RecordScope, calculated
from accountsheet.phrases import remark
from accountsheet.pieces import Canvas, Formula, Slot
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


def inspect(blueprint: Blueprint, kinds: Mapping[str, Kind], tree: Branch, unfit: Iterable[Check] = ()) -> list[Finding]:
    """Look through a whole blueprint; `unfit` are checks of its own that name what it does not have."""
    findings: list[Finding] = []
    sections, checks = branch(tree, "sections"), branch(tree, "checks")
    context = Context(blueprint, "en", 2000, kinds=kinds)
    seen_titles: dict[tuple[str, str], str] = {}
    seen_blocks: dict[str, str] = {}
    canvases: dict[str, Canvas] = {}
    about_overview: list[Finding] = []
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
            drawn = Canvas(())
            remarks = inspect_block(block, context, branch(blocks, block.id), drawn)
            (about_overview if block.kind == "overview" else findings).extend(remarks)
            canvases[block.id] = drawn
    findings = findings or about_overview  # The Overview draws on all others: what is wrong with them shows in it too.
    findings += inspect_references(blueprint, canvases, sections)
    sound = not findings
    for check in (*blueprint.checks, *unfit):
        try:
            check_formula(check, context)
        except ExpressionProblem as problem:
            findings.append(place(checks, check.id, "expression", name=check.id, why=str(problem)))
        except Exception as problem:  # What a check asks of a block that is wrong goes wrong with it.
            if sound:
                findings.append(place(checks, check.id, "expression", name=check.id, why=reason(problem)))
    return findings


def title_problem(title: str) -> str:
    """Name what Excel would refuse in a sheet's name."""
    if not title or len(title.encode("utf-16-le")) // 2 > LONGEST_TITLE:
        return "title-length"
    if FORBIDDEN.search(title) or title[0] == "'" or title[-1] == "'" or title.casefold() == "history" or title.startswith("_"):
        return "title-form"
    return ""


def inspect_block(block: Block, context: Context, tree: Branch, canvas: Canvas) -> list[Finding]:
    """Look through a block: references, calculations, circles, and what its kind needs; a sound one is drawn on the canvas."""
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
        if "closed" in block.options:
            findings += inspect_closed(block, context, rows[0], tree)
        for question in block.fields.values():
            findings += inspect_calculation(block, question, context, rows, fields) if question.calculated else ()
        if not findings:
            canvas.columns = tuple(kind.widths(block, context))
            kind.lay(block, context, canvas)
            kind.expected(block, context)
    except Exception as problem:  # A kind takes its options as they are: what they lack shows in drawing them.
        findings.append(place(tree, "kind", "kind-needs", name=block.kind, why=reason(problem)))
    return findings


def inspect_closed(block: Block, context: Context, row: int | str, tree: Branch) -> Iterator[Finding]:
    """Look whether the condition on which renewal leaves a row behind can be read."""
    try:
        condition(str(block.options["closed"]), RecordScope(context, block, row))
    except ExpressionProblem as problem:
        yield place(tree, "closed", "expression", name=str(block.options["closed"]), why=str(problem))


def inspect_calculation(
    block: Block, question: Field, context: Context, rows: Sequence[int | str], fields: Branch
) -> Iterator[Finding]:
    """Look whether a calculation can be written, on the first row and on the last."""
    try:
        for row in dict.fromkeys((rows[0], rows[-1])):
            calculated(block, question, context, row)
    except ExpressionProblem as problem:
        yield place(fields, question.id, "expression", name=question.value, why=str(problem))


def inspect_references(blueprint: Blueprint, canvases: Mapping[str, Canvas], sections: Branch) -> Iterator[Finding]:
    """Look whether every cell that a calculation names is there, and whether calculations run in a circle; tells the first."""
    drawn = {block: canvas for block, canvas in canvases.items() if canvas.pieces}
    pieces = [piece for canvas in drawn.values() for piece in canvas.pieces if isinstance(piece, (Slot, Formula))]
    formulas = {piece.key: piece.node for piece in pieces if isinstance(piece, Formula)}
    there = {piece.key for piece in pieces} | {key for canvas in drawn.values() for key in canvas.marks}
    for key, formula in formulas.items():
        block = blueprint.blocks.get(key.block)
        if block is None:
            continue  # The tool's own, such as completeness.
        blocks = branch(branch(sections, blueprint.section_of[block.id].id), "blocks")
        fields = branch(branch(blocks, block.id), "fields")
        for each in cells_needed(formula):
            if each not in there and (each.block in drawn or each.block not in canvases) and not each.block.startswith("#"):
                why = f"there is no {'.'.join(str(part) for part in each if part != '')}"
                asked = block.fields.get(key.field)
                yield place(fields, key.field, "expression", name=asked.value if asked else block.id, why=why)
                return
        if key.field in block.fields and (circle := circle_from(key, formulas)):
            yield place(fields, key.field, "calc-circle", name=" → ".join(f"{each.block}.{each.field}" for each in circle))
            return


def cells_needed(formula: Node) -> Iterator[Key]:
    """Go through the single cells that a formula names."""
    return (each.key for each in references(formula) if isinstance(each, Ref))


def circle_from(start: Key, formulas: Mapping[Key, Node]) -> list[Key]:
    """Follow single cells from a calculation back to itself; gives the circle, if any."""
    trail: list[Key] = []
    known: set[Key] = set()

    def follow(key: Key) -> bool:
        if trail and key == start:
            return True
        if key not in formulas or key in known:
            return False
        known.add(key)
        trail.append(key)
        if any(follow(each) for each in cells_needed(formulas[key])):
            return True
        trail.pop()
        return False

    return [*trail, start] if follow(start) else []


def reason(problem: Exception) -> str:
    """Say what went wrong, without quotes around it."""
    return str(problem).strip("'\"") or type(problem).__name__


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
