"""One account's answers, whatever program or language they were written in."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.blocks import kinds
from accountsheet.blueprint import ROW_LISTS, Block, Blueprint, Choices, Field
from accountsheet.fields import ask, type_of
from accountsheet.finding import Finding
from accountsheet.kind import Context
from accountsheet.layout import Layout, lay_out
from accountsheet.phrases import remark
from accountsheet.previous import Earlier, with_previous
from accountsheet.text import Text


@dataclass(frozen=True)
class Plan:
    """An account plan: for whom, which blueprint, and every answer by its key. Calculated fields are not answers."""

    blueprint: Blueprint
    account: Account
    language: str
    year: int
    answers: Mapping[Key, Any] = field(default_factory=dict)
    prefilled: frozenset[Key] = frozenset()
    """What the workbook was given with: it does not count for completeness."""
    due: datetime.date | None = None
    earlier: tuple[Earlier, ...] = ()
    """What the plan that it was renewed from said, where it is asked anew."""

    @property
    def plan_id(self) -> str:
        """What makes two workbooks the same plan: account, blueprint and year."""
        whom = self.account.owner if self.blueprint.audience == "owner" else self.account.account_id
        return f"{whom}/{self.blueprint.id}/{self.year}"

    def named(self, source: str) -> str:
        """Give what a rep filled in for a column of the accounts file, such as the owner; else what the file said."""
        for block in self.blueprint.blocks.values():
            for question in block.fields.values():
                if question.source == source and (answer := self.answers.get(Key(block.id, "", "", question.id))):
                    return str(answer)
        return str(getattr(self.account, source))

    @property
    def own_blueprint(self) -> Blueprint:
        """The blueprint with the account's own departments, products and currency."""
        return for_account(self.blueprint, self.account)

    def layout(self) -> Layout:
        """Lay the plan out: large enough for its answers."""
        sizes: dict[str, int] = {}
        for block, row in {key[:2] for key in self.answers}:
            if isinstance(row, int):
                sizes[block] = max(sizes.get(block, 0), row)
        return layout_for(self.own_blueprint, self.language, self.year, sorted(sizes.items()), self.prefilled, self.earlier)


def layout_for(
    blueprint: Blueprint,
    language: str,
    year: int,
    sizes: Iterable[tuple[str, int]],
    prefilled: frozenset[Key],
    earlier: tuple[Earlier, ...] = (),
) -> Layout:
    """Give the layout of a shape; rows that a blueprint ships anyway make no shape of their own."""
    shipped = {block.id: shipped_rows(block, blueprint, language, year) for block in blueprint.blocks.values()}
    needed = tuple((block, size) for block, size in sizes if size > shipped.get(block, size))
    return with_previous(_layout(blueprint, own_marks(blueprint), language, year, needed, prefilled), earlier)


def own_marks(blueprint: Blueprint) -> tuple[str | Choices, ...]:
    """Give what tells apart the blueprints of accounts, which are otherwise equal."""
    return blueprint.currency, blueprint.logo, *(blueprint.lists[name] for name in ROW_LISTS if name in blueprint.lists)


def shipped_rows(block: Block, blueprint: Blueprint, language: str, year: int) -> int:
    """Give how many rows a block has without being asked for more."""
    return len(kinds()[block.kind].rows(block, Context(blueprint, language, year, kinds=kinds())))


@lru_cache(maxsize=64)
def _layout(
    blueprint: Blueprint,
    own: tuple[str | Choices, ...],
    language: str,
    year: int,
    sizes: tuple[tuple[str, int], ...],
    prefilled: frozenset[Key],
) -> Layout:
    """Lay out each shape once; `own` tells apart the blueprints of accounts, which are otherwise equal."""
    return lay_out(Context(blueprint, language, year, dict(sizes), prefilled, kinds()))


def for_account(blueprint: Blueprint, account: Account) -> Blueprint:
    """Put an account's own departments, products and currency in a blueprint; a known label keeps its key."""
    given = {"departments": account.departments, "products": account.products}
    lists = {name: own_list(blueprint.lists[name], names) for name, names in given.items() if names and name in blueprint.lists}
    if account.accounts and "accounts" in blueprint.lists:
        lists["accounts"] = Choices("accounts", {number: Text({"": name}) for number, name in account.accounts})
    if not lists and account.currency in ("", blueprint.currency):
        return blueprint
    return replace(blueprint, lists={**blueprint.lists, **lists}, currency=account.currency or blueprint.currency)


def own_list(known: Choices, names: Iterable[str]) -> Choices:
    """Make a list of names; one that the blueprint knows keeps its key and labels."""
    keys = {label.casefold(): key for key, text in known.labels.items() for label in (key, *text.every())}
    labels: dict[str, Text] = {}
    for name in names:
        key = keys.get(name.casefold(), name)
        labels[key] = known.labels.get(key, Text({"": name}))
    return Choices(known.id, labels)


def new_plan(
    blueprint: Blueprint, account: Account, *, language: str, year: int, due: datetime.date | None = None
) -> tuple[Plan, list[Finding]]:
    """Make the plan that a blank workbook starts with: what the accounts file says, and a blueprint's own defaults."""
    plan = Plan(blueprint, account, language, year, due=due)
    own = plan.own_blueprint
    answers = dict(_defaults(own, own_marks(own), language, year))
    given, findings = given_answers(own, account, language, year)
    answers |= given
    return replace(plan, answers=answers, prefilled=frozenset(answers)), findings


@lru_cache(maxsize=64)
def _defaults(blueprint: Blueprint, own: tuple[str | Choices, ...], language: str, year: int) -> Mapping[Key, Any]:
    """Give a blueprint's own answers; `own` tells apart the blueprints of accounts, which are otherwise equal."""
    context = Context(blueprint, language, year, kinds=kinds())
    found: dict[Key, Any] = {}
    for block in blueprint.blocks.values():
        found |= context.kind(block).defaults(block, context)
    return found


@lru_cache(maxsize=64)
def _taken_over(blueprint: Blueprint) -> Sequence[tuple[str, str, str]]:
    """Give the fields that a column of the accounts file fills in, by block and field, with that column."""
    asked = [(block.id, question) for block in blueprint.blocks.values() for question in block.fields.values()]
    return [(block, question.id, question.source) for block, question in asked if question.source and not question.calculated]


def given_answers(blueprint: Blueprint, account: Account, language: str, year: int) -> tuple[dict[Key, Any], list[Finding]]:
    """Read what the accounts file fills in: known columns by a field's `from`, and `block.field` columns."""
    answers: dict[Key, Any] = {}
    findings: list[Finding] = []
    texts: dict[tuple[str, str], str] = {}
    for block_id, field_id, source in _taken_over(blueprint):
        if found := getattr(account, source, ""):
            texts[block_id, field_id] = str(found)
    for name, written in account.answers.items():
        block_id, _, field_id = name.partition(".")
        texts[block_id, field_id] = written
    for (block_id, field_id), written in texts.items():
        question_or_none = blueprint.blocks[block_id].fields.get(field_id) if block_id in blueprint.blocks else None
        if (
            question_or_none is None
            or question_or_none.calculated
            or kinds()[blueprint.blocks[block_id].kind].index(blueprint.blocks[block_id])
        ):
            findings.append(
                remark("prefill-unknown", language, name=f"{block_id}.{field_id}", field=field_id, block=block_id, raw=written)
            )
            continue
        value, problem = read_text(question_or_none, blueprint, language, year, written)
        if problem:
            findings.append(problem.at(block=block_id, field=field_id))
        if value is not None:
            answers[Key(block_id, "", "", field_id)] = value
    return answers, findings


def read_text(question: Field, blueprint: Blueprint, language: str, year: int, written: str) -> tuple[Any, Finding | None]:
    """Read an answer given as text outside a workbook, with the remark to be made on it if it is more than plain."""
    outcome = type_of(question).read(written, ask(question, blueprint, language, year))
    if outcome.code in ("", "value-meant", "value-repaired") and outcome.value is not None:
        return outcome.value, None
    if not outcome.code:
        return None, None
    facts = {**outcome.facts, "raw": written}
    return outcome.value, remark(outcome.code, language, **facts)


def answers_from(
    blueprint: Blueprint, block: Block, records: Iterable[Mapping[str, Any]], language: str, year: int
) -> dict[Key, Any]:
    """Place the records of an imported table (one block, one plan) as answers; values are typed already."""
    context = Context(blueprint, language, year, kinds=kinds())
    return context.kind(block).place(block, records, context)
