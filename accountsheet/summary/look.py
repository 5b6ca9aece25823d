"""Conditional formats that several pages share."""

from __future__ import annotations

from accountsheet.formula import Node, Spot, call, product
from accountsheet.pieces import Rule

Cell = tuple[int, int]


def bad_when(first: Cell, last: Cell, when: Node) -> Rule:
    """Mark cells that want attention."""
    return Rule(first, last, when, "bad")


def band_rules(first: Cell, last: Cell) -> list[Rule]:
    """Colour shares by the five bands, reckoned in whole percents rounded down."""
    cell = Spot(*first)
    percent = call("INT", call("ROUND", cell * 100, 6))
    rules = []
    for band, most in enumerate((20, 40, 60, 80, 100), 1):
        inside = [call("ISNUMBER", cell) * 1, percent <= most, *([percent > most - 20] if band > 1 else [])]
        rules.append(Rule(first, last, product(inside), f"band_{band}"))
    return rules
