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
    import yaml

    # Events, not nodes: libyaml composes nodes by recursion and brings the process down where they are nested deeply.
    reader = Reader(yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)), file)
    try:
        tree = reader.document()
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        return Branch(), [remark("yaml-form", file=file, cell=f"line {line}", why=problem.problem or problem.context)]
    except (yaml.YAMLError, ValueError) as problem:
        return Branch(), [remark("yaml-form", file=file, cell="line 1", why=str(problem).splitlines()[0])]
    if tree is None:
        return Branch(), [remark("yaml-form", file=file, cell="line 1", why="a mapping `key: value` is wanted at the top")]
    return tree, reader.findings


class Reader:
    """Builds a tree from the events of a YAML document, within bounds."""

    def __init__(self, events: Iterator[Any], file: str) -> None:
        self.events, self.file = events, file
        self.findings: list[Finding] = []
        self.anchors: dict[str, Tree] = {}
        self.nodes = 0

    def document(self) -> Branch | None:
        """Read the only document; None where there is no mapping at its top."""
        from yaml import DocumentEndEvent, DocumentStartEvent, MappingStartEvent, StreamEndEvent

        next(self.events)
        if isinstance(next(self.events), StreamEndEvent):
            return None
        first = next(self.events)
        tree = self.node(first, 0)
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                raise misplaced("a second document begins here", event)
            assert isinstance(event, (DocumentEndEvent, StreamEndEvent))
        return tree if isinstance(tree, Branch) and isinstance(first, MappingStartEvent) else None

    def node(self, event: Any, depth: int) -> Tree:
        """Read what begins with an event."""
        from yaml import AliasEvent, MappingStartEvent, ScalarEvent

        line = event.start_mark.line + 1
        if isinstance(event, AliasEvent):
            if event.anchor not in self.anchors:
                raise misplaced(f"nothing is called &{event.anchor} above", event)
            nodes, height = measured(self.anchors[event.anchor])
            self.nodes += nodes
            return "" if self.too_large(depth + height, line) else self.anchors[event.anchor]
        self.nodes += 1
        if self.too_large(depth, line):
            self.pass_over(event)
            return ""
        if isinstance(event, ScalarEvent):
            tree: Tree = event.value
        else:
            tree = self.branch(line, depth) if isinstance(event, MappingStartEvent) else self.items(depth)
        if event.anchor:
            self.anchors[event.anchor] = tree
        return tree

    def branch(self, line: int, depth: int) -> Branch:
        """Read a mapping; of a key that is there twice the first counts."""
        from yaml import MappingEndEvent, ScalarEvent

        branch = Branch((self.file, line))
        while not isinstance(event := next(self.events), MappingEndEvent):
            name, at = event.value if isinstance(event, ScalarEvent) else "?", event.start_mark.line + 1
            self.pass_over(event)
            value = self.node(next(self.events), depth + 1)
            if name in branch:
                first = branch.lines[name][1]
                self.findings.append(remark("duplicate-key", file=self.file, cell=f"line {at}", key=name, first=first))
                continue
            branch.lines[name] = (self.file, at)
            branch[name] = value
        return branch

    def items(self, depth: int) -> list[Any]:
        """Read a list."""
        from yaml import SequenceEndEvent

        found: list[Any] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            found.append(self.node(event, depth + 1))
        return found

    def too_large(self, depth: int, line: int) -> bool:
        """Say whether it goes beyond what a blueprint can be, and remark on that once."""
        if depth <= DEEPEST and self.nodes <= MOST_NODES:
            return False
        if not any(finding.code == "yaml-too-large" for finding in self.findings):
            self.findings.append(remark("yaml-too-large", file=self.file, cell=f"line {line}"))
        return True

    def pass_over(self, event: Any) -> None:
        """Leave out all that belongs to an event."""
        from yaml import CollectionEndEvent, CollectionStartEvent

        open_ones = int(isinstance(event, CollectionStartEvent))
        while open_ones:
            event = next(self.events)
            open_ones += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)


def misplaced(why: str, event: Any) -> Exception:
    """Make the error that tells what should not stand where an event is."""
    from yaml import MarkedYAMLError

    return MarkedYAMLError(problem=why, problem_mark=event.start_mark)


def measured(tree: Tree) -> tuple[int, int]:
    """Give how many nodes there are in a tree, and how many levels below the first."""
    inside = [measured(each) for each in (tree.values() if isinstance(tree, Branch) else tree if isinstance(tree, list) else ())]
    return 1 + sum(nodes for nodes, _ in inside), max((height + 1 for _, height in inside), default=0)


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
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(plain(tree), Dumper=dumper, sort_keys=False, allow_unicode=True, width=200, default_flow_style=None)
    return text


def plain(tree: Tree) -> Any:
    """Give a tree without its lines."""
    if isinstance(tree, Branch):
        return {key: plain(value) for key, value in tree.items()}
    return [plain(each) for each in tree] if isinstance(tree, list) else tree
