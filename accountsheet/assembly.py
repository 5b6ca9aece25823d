"""A blueprint's tree made whole: what it takes from its parent, and from the shared blocks, lists and checks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from accountsheet import library
from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import remark
from accountsheet.tree import Branch, merged, read_tree


def whole(tree: Branch, seen: tuple[str, ...]) -> tuple[Branch, list[Finding]]:
    """Put in what a blueprint takes from its parent and from the shared blocks, lists and checks."""
    if tree.get("whole") == "true":
        return tree, []
    findings: list[Finding] = []
    blocks, lists, checks, _ = library.shared()
    base = tree
    if parent := tree.get("extends"):
        if parent in seen or len(seen) > 8:
            findings.append(at(tree, "extends", "extends-circle", name=parent))
        else:
            try:
                text, file = library.open_blueprint(beside(str(parent), tree.origin[0]))
                below, remarks = read_tree(text, file)
                grown, more = whole(below, (*seen, str(tree.get("blueprint", ""))))
                grown = grown.copy()
                own_lists = tree.get("lists")
                base_tree = merged(grown, tree)
                assert isinstance(base_tree, Branch)
                base = base_tree
                base.origin = tree.origin
                if isinstance(own_lists, Branch) and isinstance(grown.get("lists"), Branch):
                    base["lists"] = replaced(grown["lists"], own_lists)
                findings += [*remarks, *more]
            except UsageProblem as problem:
                file, line = tree.line("extends")
                findings += [each.at(file=file, cell=f"line {line}") for each in problem.findings]
    result = base.copy()
    result["sections"] = with_blocks(base.get("sections"), blocks)
    own = base.get("lists", Branch())
    result["lists"] = replaced(lists, own) if isinstance(own, Branch) else own
    result["checks"] = merged(checks, base.get("checks", Branch()))
    result["whole"] = "true"
    return result, findings


def beside(parent: str, file: str) -> str:
    """Find the parent that a blueprint names: by its id, or as a file beside the blueprint's own."""
    other = Path(file).parent / parent
    return str(other) if Path(parent).suffix and not Path(parent).is_absolute() and other.exists() else parent


def replaced(below: Branch, above: Branch) -> Branch:
    """Lay lists over lists: a list given anew replaces the other as a whole."""
    result = below.copy()
    for key, value in above.items():
        result[key] = value
        result.lines[key] = above.line(key)
    return result


def with_blocks(sections: Any, blocks: Branch) -> Any:
    """Write shared blocks out in full, and put the Overview first."""
    if not isinstance(sections, Branch):
        return sections
    result = Branch(sections.origin)
    if "overview" not in sections and "plan" in blocks:
        overview = Branch(sections.origin)
        overview["title"] = blocks["plan"]["title"]
        overview["group"] = "facts"
        overview["weight"] = "0"
        overview["blocks"] = Branch(sections.origin)
        overview["blocks"]["plan"] = blocks["plan"]
        result["overview"] = overview
    for key, section in sections.items():
        result.lines[key] = sections.line(key)
        result[key] = section
        if isinstance(section, Branch) and isinstance(section.get("blocks"), Branch):
            given = section["blocks"]
            grown = Branch(given.origin)
            for block, own in given.items():
                known = block in blocks and not (isinstance(own, Branch) and "kind" in own)
                grown[block] = merged(blocks[block], own) if known else own
                grown.lines[block] = given.line(block)
            result[key] = section.copy()
            result[key]["blocks"] = grown
    return result


def at(branch: Branch, key: str, code: str, **facts: Any) -> Finding:
    """Make a finding on a key of a mapping."""
    file, line = branch.line(key)
    return remark(code, file=file, cell=f"line {line}", key=key, **facts)
