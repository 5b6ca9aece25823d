"""YAML as mappings, lists and texts that know the line they came from; nothing is given a type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from accountsheet.finding import Finding
from accountsheet.phrases import remark

DEEPEST, MOST_NODES = 24, 200_000
"""A blueprint is a few thousand nodes; what goes far beyond is refused before it costs memory."""


class Branch(dict[str, Any]):
    """A mapping; `lines` gives the file and line of each key, `origin` of the mapping itself."""

    def __init__(self, origin: tuple[str, int] = ("", 0)) -> None:
        super().__init__()
        self.origin = origin
        self.lines: dict[str, tuple[str, int]] = {}

    def line(self, key: str) -> tuple[str, int]:
        """Say where a key stands."""
        return self.lines.get(key, self.origin)

    def copy(self) -> Branch:
        """Copy the mapping, not what is in it."""
        twin = Branch(self.origin)
        twin.update(self)
        twin.lines = dict(self.lines)
        return twin


Tree: TypeAlias = "Branch | list[Any] | str"


def read_tree(text: str, file: str) -> tuple[Branch, list[Finding]]:
    """Read YAML; what is wrong with its form comes back as findings, with what could be read."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    reader = YAML(typ="base", pure=True)
    findings: list[Finding] = []
    try:
        root = reader.compose(text)
    except MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        return Branch(), [remark("yaml-form", file=file, cell=f"line {line}", why=problem.problem or problem.context)]
    except (YAMLError, RecursionError, ValueError) as problem:
        return Branch(), [remark("yaml-form", file=file, cell="line 1", why=str(problem).splitlines()[0])]
    if root is None or root.id != "mapping":
        return Branch(), [remark("yaml-form", file=file, cell="line 1", why="a mapping `key: value` is wanted at the top")]
    budget = iter(range(MOST_NODES))
    tree = convert(root, file, 0, budget, findings)
    return tree if isinstance(tree, Branch) else Branch(), findings


def convert(node: Any, file: str, depth: int, budget: Iterator[int], findings: list[Finding]) -> Tree:
    """Turn a composed node into a tree."""
    line = node.start_mark.line + 1
    if depth > DEEPEST or next(budget, None) is None:
        if not any(finding.code == "yaml-too-large" for finding in findings):
            findings.append(remark("yaml-too-large", file=file, cell=f"line {line}"))
        return ""
    if node.id == "scalar":
        return str(node.value)
    if node.id == "sequence":
        return [convert(each, file, depth + 1, budget, findings) for each in node.value]
    branch = Branch((file, line))
    for key, value in node.value:
        name, at = str(key.value) if key.id == "scalar" else "?", key.start_mark.line + 1
        if name in branch:
            findings.append(remark("duplicate-key", file=file, cell=f"line {at}", key=name, first=branch.lines[name][1]))
            continue
        branch.lines[name] = (file, at)
        branch[name] = convert(value, file, depth + 1, budget, findings)
    return branch


def merged(below: Tree, above: Tree) -> Tree:
    """Lay one tree over another: mappings merge key by key, everything else is replaced."""
    if not isinstance(below, Branch) or not isinstance(above, Branch):
        return above if above != "" or not isinstance(below, Branch) else below
    result = below.copy()
    for key, value in above.items():
        result[key] = merged(below[key], value) if key in below else value
        result.lines[key] = above.line(key)
    return result


def ordered(tree: Branch, first: list[str]) -> Branch:
    """Put some keys first; the others follow as they were."""
    result = Branch(tree.origin)
    for key in [*[key for key in first if key in tree], *[key for key in tree if key not in first]]:
        result[key] = tree[key]
        result.lines[key] = tree.line(key)
    return result


def written(tree: Tree) -> str:
    """Write a tree as YAML that reads back the same."""
    import io

    from ruamel.yaml import YAML

    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = None
    writer.width = 200
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    writer.dump(plain(tree), stream)
    return stream.getvalue()


def plain(tree: Tree) -> Any:
    """Give a tree without its lines."""
    if isinstance(tree, Branch):
        return {key: plain(value) for key, value in tree.items()}
    return [plain(each) for each in tree] if isinstance(tree, list) else tree
