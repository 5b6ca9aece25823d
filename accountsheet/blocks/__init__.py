"""The kinds of block: an open set, one file each, found by being here."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache

from accountsheet.kind import Kind


@cache
def kinds() -> Mapping[str, Kind]:
    """Give every kind by its name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return {kind.name: kind() for kind in descendants(Kind) if "name" in vars(kind)}  # without one it is a base of others


def descendants(kind: type[Kind]) -> Iterator[type[Kind]]:
    """Go through all classes below one: a kind may be a variety of another."""
    for each in kind.__subclasses__():
        yield each
        yield from descendants(each)
