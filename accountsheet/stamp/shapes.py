"""Shapes of plans, each with its master: those that were used last are kept."""

from __future__ import annotations

import datetime
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.kind import Context
from accountsheet.plan import Plan, shipped_rows
from accountsheet.stamp.given import Emptied
from accountsheet.stamp.master import Master
from accountsheet.stamp.part import Unusual

T = TypeVar("T")
MASTERS = 64_000_000
"""Bytes of the masters that are kept: a dozen of the largest bundled blueprint."""
SHAPES = 1_000
"""Shapes that are remembered."""


@dataclass(frozen=True)
class Family:
    """Plans of one blueprint with the same lists, in the same language and year."""

    blueprint: Blueprint
    """As the plans have it: while it is kept, nothing else has its id."""
    shipped: dict[str, int]
    """How many rows each block has without being asked for more."""
    emptied: Emptied

    def shape(self, plan: Plan) -> Hashable:
        """Give what tells the layouts of these plans apart."""
        sizes: dict[str, int] = {}
        for key in plan.answers:
            if isinstance(key.row, int) and key.row > max(sizes.get(key.block, 0), self.shipped.get(key.block, key.row)):
                sizes[key.block] = key.row
        return frozenset(sizes.items()), self.emptied.blocks(plan.prefilled)


class Shapes:
    """The masters, and the shapes that have none yet."""

    def __init__(self, room: int = MASTERS) -> None:
        self._families: Recent[Family] = Recent(SHAPES)
        self._seen: Recent[bool] = Recent(SHAPES)
        """Which shapes there were, and whether a master can be made of them."""
        self.masters: Recent[Master] = Recent(room)

    def master(self, plan: Plan, today: datetime.date) -> Master:
        """Give the master of a plan's shape; raises Unusual where it has none: a shape's first plan may be its last."""
        if plan.earlier:
            raise Unusual
        account = plan.account
        own = (account.currency, account.departments, account.products, account.accounts)
        kin = (id(plan.blueprint), own, plan.language, plan.year)
        family = self._families.get(kin) or self._families.keep(kin, family_of(plan))
        shape = (kin, family.shape(plan), today)
        if master := self.masters.get(shape):
            return master
        if not self._seen.get(shape):
            if self._seen.get(shape) is None:
                self._seen.keep(shape, True)
            raise Unusual
        try:
            master = Master(plan, plan.layout(), today)
        except Unusual:
            self._seen.keep(shape, False)
            raise
        return self.masters.keep(shape, master, master.size)


def family_of(plan: Plan) -> Family:
    """Give the family of a plan that has none yet."""
    blueprint = plan.own_blueprint
    shipped = {block.id: shipped_rows(block, blueprint, plan.language, plan.year) for block in blueprint.blocks.values()}
    return Family(plan.blueprint, shipped, Emptied(Context(blueprint, plan.language, plan.year, {}, frozenset(), kinds())))


class Recent(Generic[T]):
    """Things by what they are known by, of which only those used last are kept: as many as there is room for, but one."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._taken = 0
        self._kept: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, name: Hashable) -> T | None:
        """Give one that is kept."""
        if name not in self._kept:
            return None
        self._kept.move_to_end(name)
        return self._kept[name][0]

    def keep(self, name: Hashable, thing: T, size: int = 1) -> T:
        """Keep one, and forget those not used for longest if there is no room for them."""
        _, before = self._kept.pop(name, (None, 0))
        self._kept[name] = thing, size
        self._taken += size - before
        while self._taken > self._room and len(self._kept) > 1:
            _, (_, freed) = self._kept.popitem(last=False)
            self._taken -= freed
        return thing
