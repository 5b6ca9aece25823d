"""What was filled in beforehand does not count for completeness: the formulas that differ for that reason alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from accountsheet.address import Key
from accountsheet.excel_text import xml_text
from accountsheet.formula import Constant, Node, Notation, Scalar
from accountsheet.kind import Context
from accountsheet.layout import Layout
from accountsheet.progress import counts, expected_key, filled_formula, filled_key

SETS = 500
"""Sets of answers that are kept."""

Answers = frozenset[Key]


@dataclass(frozen=True)
class Filled:
    """What `filled_formula` calculates: worked out here, since it would have to be made ready anew for every set of answers."""

    expected: float
    counted: Sequence[Key]

    def value(self, now: Callable[[Key], Scalar]) -> float:
        """Count the cells that are filled in, and never more than are expected."""
        return min(self.expected, float(sum(now(key) not in (None, "") for key in self.counted)))


@dataclass(frozen=True)
class Formulas:
    """Formulas by their cells: what is calculated by them, and as the file has them."""

    expected: Mapping[Key, float]
    filled: Mapping[Key, Filled]
    xml: Mapping[Key, str]

    def results(self, now: Callable[[Key], Scalar]) -> dict[Key, Scalar]:
        """Calculate them over what input cells hold now."""
        return {**self.expected, **{key: filled.value(now) for key, filled in self.filled.items()}}


NONE = Formulas({}, {}, {})


class Given:
    """The formulas of completeness, by what was filled in beforehand."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._context = layout, layout.context
        self._own = by_block(layout.context.prefilled)
        self.formulas = lru_cache(SETS)(self._formulas)
        self._of_block = lru_cache(SETS)(self._formulas_of_block)

    def _formulas(self, prefilled: Answers) -> Formulas:
        """Give the formulas that differ from the layout's own."""
        own = by_block(prefilled)
        names = [name for name in own.keys() | self._own.keys() if own.get(name) != self._own.get(name)]
        every = [self._of_block(name, own.get(name, frozenset())) for name in names]
        return Formulas(
            {key: value for each in every for key, value in each.expected.items()},
            {key: filled for each in every for key, filled in each.filled.items()},
            {key: xml for each in every for key, xml in each.xml.items()},
        )

    def _formulas_of_block(self, name: str, prefilled: Answers) -> Formulas:
        """Give a block's formulas."""
        block = self._context.blueprint.blocks.get(name)
        if block is None or filled_key(block) not in self._layout.formulas:
            return NONE
        context, layout = replace(self._context, prefilled=prefilled), self._layout
        expected, kind = float(context.kind(block).expected(block, context)), context.kind(block)
        rows = (row for first, last in kind.counted(block, context) for row in layout.rectangle(first, last))
        filled = Filled(expected, [key for row in rows for key in row if key is not None])
        nodes: dict[Key, Node] = {expected_key(block): Constant(expected), filled_key(block): filled_formula(block, context)}
        notation = Notation(layout.places[filled_key(block)].sheet, layout.places, layout.titles)
        xml = {key: f"<f>{xml_text(notation(node))}</f>" for key, node in nodes.items()}
        return Formulas({expected_key(block): expected}, {filled_key(block): filled}, xml)


def by_block(prefilled: Answers) -> dict[str, Answers]:
    """Sort answers by their block."""
    found: dict[str, set[Key]] = {}
    for key in prefilled:
        found.setdefault(key.block, set()).add(key)
    return {block: frozenset(keys) for block, keys in found.items()}


class Emptied:
    """Which blocks have nothing left to be filled in: these are left out of completeness, so the layout is another."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.blocks = lru_cache(SETS)(self._blocks)
        self._counts = lru_cache(SETS)(self._block_counts)

    def _blocks(self, prefilled: Answers) -> frozenset[str]:
        return frozenset(block for block, own in by_block(prefilled).items() if not self._counts(block, own))

    def _block_counts(self, name: str, prefilled: Answers) -> bool:
        block = self._context.blueprint.blocks.get(name)
        return block is None or counts(block, replace(self._context, prefilled=prefilled))
