"""What was filled in beforehand does not count for completeness: the formulas that differ for that reason alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from accountsheet.address import Key
from accountsheet.excel_text import xml_text
from accountsheet.formula import Constant, Node, Notation
from accountsheet.kind import Context
from accountsheet.layout import Layout
from accountsheet.progress import counts, expected_key, filled_formula, filled_key
from accountsheet.stamp.recalculation import Alone

SETS = 2_000
"""Sets of answers that are kept."""

Answers = frozenset[Key]


@dataclass(frozen=True)
class Formulas:
    """Formulas by their cells: as they are calculated, and as the file has them."""

    ready: Mapping[Key, Alone]
    xml: Mapping[Key, str]


class Given:
    """The formulas of completeness, by what was filled in beforehand."""

    def __init__(self, layout: Layout) -> None:
        self._layout, self._context = layout, layout.context
        self._own = by_block(layout.context.prefilled)
        self.formulas = lru_cache(SETS)(self._formulas)
        self._of_block = lru_cache(SETS)(self._formulas_of_block)

    def _formulas(self, prefilled: Answers) -> Formulas:
        """Give the formulas that differ from the layout's own."""
        own, ready, xml = by_block(prefilled), dict[Key, Alone](), dict[Key, str]()
        for name in own.keys() | self._own.keys():
            if own.get(name) != self._own.get(name):
                formulas = self._of_block(name, own.get(name, frozenset()))
                ready |= formulas.ready
                xml |= formulas.xml
        return Formulas(ready, xml)

    def _formulas_of_block(self, name: str, prefilled: Answers) -> Formulas:
        """Give a block's formulas."""
        block = self._context.blueprint.blocks.get(name)
        if block is None or filled_key(block) not in self._layout.formulas:
            return Formulas({}, {})
        context, places = replace(self._context, prefilled=prefilled), self._layout.places
        expected = Constant(float(context.kind(block).expected(block, context)))
        nodes: dict[Key, Node] = {expected_key(block): expected, filled_key(block): filled_formula(block, context)}
        notation = Notation(places[filled_key(block)].sheet, places, self._layout.titles)
        ready = {key: Alone(node, self._layout) for key, node in nodes.items()}
        return Formulas(ready, {key: f"<f>{xml_text(notation(node))}</f>" for key, node in nodes.items()})


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
