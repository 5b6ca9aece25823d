"""Two collections laid side by side: which plan belongs to which, and which row of it to which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from accountsheet.blocks import kinds
from accountsheet.blueprint import Block, Blueprint, Field
from accountsheet.fields import Date, Number, YesNo, ask, type_of
from accountsheet.judge import CURRENT
from accountsheet.kind import Context
from accountsheet.portfolio import Portfolio
from accountsheet.shown import in_words
from accountsheet.summary.names import bundled

ALIKE = 80
"""How alike (of 100) two names are that are taken for one, reworded."""

Row = tuple[str | int, ...]
"""What a row is told by: nothing in a form, its key, its years, or its number where reps fill in rows."""


class Place(NamedTuple):
    """Where an answer stands in its plan, whatever row of the sheet that is."""

    block: str
    row: Row
    column: str
    field: str


class Answer(NamedTuple):
    """One answer as the table `answers` has it."""

    value: str
    row: str
    column: str
    sheet: str
    cell: str


class Written(NamedTuple):
    """One plan as its collection knows it."""

    plan_id: str
    account_id: str
    account: str
    owner: str
    currency: str
    year: int
    blueprint: str

    @property
    def whom(self) -> str:
        """The account, or owner, that it is a plan for."""
        return self.plan_id.rpartition("/")[0].rpartition("/")[0]


class Side:
    """One of two collections: the newest plan of each account and blueprint."""

    def __init__(self, portfolio: Portfolio, language: str) -> None:
        self.portfolio, self.language = portfolio, language
        self.blueprints: Sequence[Blueprint] = portfolio.blueprints or bundled(portfolio)
        self.plans = newest(portfolio)
        table = portfolio["answers"]
        table = table[table["plan_id"].isin([plan.plan_id for plan in self.plans])]
        names = ("plan_id", "block", "row", "column", "field", "value", "sheet", "cell")
        rows = zip(*(table[name].fillna("").tolist() for name in names), strict=True)
        self._answers: dict[str, dict[tuple[str, str, str, str], Answer]] = {}
        for plan, block, row, column, field, value, sheet, cell in rows:
            self._answers.setdefault(plan, {})[block, row, column, field] = Answer(value, row, column, sheet, cell)

    def told(self, plan: Written) -> Told:
        """Give one of the plans with its answers."""
        found = next((each for each in self.blueprints if each.id == plan.blueprint), None)
        context = Context(found, self.language, plan.year, kinds=kinds()) if found else None
        return Told(plan, context, self._answers.get(plan.plan_id, {}))


def newest(portfolio: Portfolio) -> list[Written]:
    """Give the plans that count: of each account and blueprint that of the last year."""
    plans = portfolio["plans"]
    texts = {name: "" for name in ("account_id", "account", "owner", "currency")}
    rows = plans.loc[plans["state"] == CURRENT, list(Written._fields)].fillna(texts).itertuples(index=False)
    found: dict[tuple[str, str], Written] = {}
    for plan in sorted((Written(*row) for row in rows), key=lambda plan: plan.year):
        found[plan.whom, plan.blueprint] = plan
    return sorted(found.values(), key=lambda plan: (plan.account.casefold(), plan.plan_id))


def paired(old: Sequence[Written], new: Sequence[Written]) -> list[tuple[Written | None, Written | None]]:
    """Say which plan follows on which: by account and blueprint, by account where it moved to another, else the only two."""
    left = {(plan.whom, plan.blueprint): plan for plan in old}
    pairs: list[tuple[Written | None, Written | None]] = [(left.pop((plan.whom, plan.blueprint), None), plan) for plan in new]
    for place, (was, now) in enumerate(pairs):
        moved = [plan for plan in left.values() if was is None and now is not None and plan.whom == now.whom]
        if len(moved) == 1 or (was is None and len(old) == len(new) == 1):
            was = (moved or list(left.values()))[0]
            pairs[place] = left.pop((was.whom, was.blueprint)), now
    gone: list[tuple[Written | None, Written | None]] = [(plan, None) for plan in left.values()]
    return sorted([*pairs, *gone], key=lambda pair: ((pair[1] or pair[0]).account.casefold(), (pair[1] or pair[0]).plan_id))  # type: ignore[union-attr]


@dataclass(frozen=True)
class Told:
    """The answers of one plan, and what they are called."""

    plan: Written
    context: Context | None
    """What it was laid out with; none where nobody knows its blueprint any more."""
    raw: Mapping[tuple[str, str, str, str], Answer]

    @cached_property
    def answers(self) -> dict[Place, Answer]:
        """Every answer by its place."""
        return {
            Place(block, self.row_of(block, row, column), self.heads.get((block, column), column), field): answer
            for (block, row, column, field), answer in self.raw.items()
        }

    @cached_property
    def heads(self) -> dict[tuple[str, str], str]:
        """What reps named columns; where two have one name, their keys tell them apart."""
        named = {(block, column): answer.value for (block, row, column, _), answer in self.raw.items() if column and not row}
        count = Counter((block, name) for (block, _), name in named.items())
        return {key: name if count[key[0], name] == 1 else f"{name} ({key[1]})" for key, name in named.items()}

    def block(self, name: str) -> Block | None:
        """Give a block, where its blueprint is known."""
        return self.context.blueprint.blocks.get(name) if self.context else None

    @cached_property
    def labels(self) -> dict[tuple[str, str], str]:
        """What fixed rows and columns are called."""
        context = self.context
        if context is None:
            return {}
        return {
            (block.id, name): label(context.language)
            for block in context.blueprint.blocks.values()
            for name, label in context.kind(block).labels(block, context).items()
        }

    @cached_property
    def spans(self) -> dict[tuple[str, str], Row]:
        """The years that rows are about; of two rows about the same years the first is a target, and has its key too."""
        context = self.context
        found: dict[tuple[str, str], Row] = {}
        for block in context.blueprint.blocks.values() if context else ():
            assert context is not None
            kind = context.kind(block)
            rows = {row: kind.span(block, row, context) for row in kind.rows(block, context)}
            last = {span: row for row, span in rows.items()}
            for row, span in rows.items():
                if span is not None:
                    found[block.id, str(row)] = span if last[span] == row else (*span, str(row))
        return found

    def row_of(self, block: str, row: str, column: str) -> Row:
        """Say what tells a row."""
        if not row:
            return ()
        if (block, row) in self.spans:
            return self.spans[block, row]
        if (block, row) in self.labels or not row.isdigit() or self.block(block) is None:
            return (row,)
        return ("#", column if (block, row) not in self.with_names else "", int(row))

    @cached_property
    def with_names(self) -> set[tuple[str, str]]:
        """The rows that have answers of their own, beside those in columns: all but the lines of boxes."""
        return {(block, row) for block, row, column, _ in self.raw if not column}

    @cached_property
    def names(self) -> dict[tuple[str, Row], str]:
        """What the rows are called that reps fill in, by what names them."""
        blocks = self.context.blueprint.blocks if self.context else {}
        return {(block, row): name for block in blocks for row, name in self.named_by(block, self.naming(block)).items()}

    def naming(self, name: str) -> Sequence[str]:
        """Give what may name the rows of a block, the best first."""
        block = self.block(name)
        if block is None:
            return ()
        own = [str(block.options["names"])] if "names" in block.options else []
        return [*kinds()[block.kind].index(block), *own, *(question.id for question in block.inputs)]

    def named_by(self, block: str, naming: Sequence[str]) -> dict[Row, str]:
        """Name each row by the first of some answers that it has; a line of a box by its own."""
        ranks = {name: rank for rank, name in reversed(list(enumerate(naming)))}
        best: dict[Row, tuple[int, str]] = {}
        for place, answer in self.by_block.get(block, {}).items():
            found = ranks.get(place.field, len(ranks) + 1), answer.value
            if place.row[:1] == ("#",) and place.field in ranks and (place.row[1] or not answer.column):
                best[place.row] = min(best.get(place.row, found), found, key=lambda each: each[0])
        return {row: name for row, (_, name) in best.items()}

    @cached_property
    def by_block(self) -> dict[str, dict[Place, Answer]]:
        """The answers of each block."""
        found: dict[str, dict[Place, Answer]] = {}
        for place, answer in self.answers.items():
            found.setdefault(place.block, {})[place] = answer
        return found

    def asks(self, place: Place) -> bool:
        """Whether the plan asks such an answer at all."""
        block = self.block(place.block)
        if self.context is None:
            return True
        if block is None:
            return False
        dated = {row for (name, _), row in self.spans.items() if name == block.id}
        known = {*block.fields, *self.context.kind(block).index(block)}
        return place.field in known and (not dated or place.row in dated)

    # --- in words

    def question(self, place: Place) -> Field | None:
        """Give the question that an answer is to."""
        block = self.block(place.block)
        return block.fields.get(place.field) if block else None

    def label(self, place: Place) -> str:
        """Word the question; what names the rows or columns of a matrix has the label of that axis."""
        block, question = self.block(place.block), self.question(place)
        if self.context is None or block is None:
            return place.field
        axes = (block.options.get(name) for name in ("down", "across"))
        named = {axis["field"]: axis["label"] for axis in axes if isinstance(axis, Mapping) and "field" in axis}
        label = question.label if question else named.get(place.field)
        return label(self.context.language) if label else place.field

    def name(self, place: Place, answer: Answer) -> str:
        """Word the row and column, or box, that an answer is in."""
        row = self.names.get((place.block, place.row)) or self.labels.get((place.block, answer.row), "")
        row = self.choice(place.block, row) if place.row[:1] == ("#",) else row
        column = self.heads.get((place.block, answer.column)) or self.labels.get((place.block, answer.column), answer.column)
        return " – ".join(filter(None, (column, row) if place.row[1:2] == (answer.column,) else (row, column)))

    def choice(self, block: str, name: str) -> str:
        """Word what names a row, where that is a choice."""
        found = self.block(block)
        lists = {question.list for question in found.inputs if question.list} if found else set()
        axis = found.options.get("down") if found else None
        lists |= {str(axis.get("list", ""))} if isinstance(axis, Mapping) else set()
        for each in lists:
            choices = self.context.blueprint.lists.get(each) if self.context else None
            if choices and name in choices.labels:
                return choices.labels[name](self.context.language)  # type: ignore[union-attr]
        return name

    def shown(self, place: Place, answer: Answer) -> str:
        """Word an answer."""
        question = self.question(place)
        if question is None or self.context is None:
            return self.choice(place.block, answer.value)
        asked = ask(question, self.context.blueprint, self.context.language, self.plan.year)
        return in_words(typed(answer.value, question), asked)

    def section(self, place: Place) -> tuple[str, str]:
        """Give the id and title of the section that a block stands in."""
        section = self.context.blueprint.section_of.get(place.block) if self.context else None
        return (section.id, section.heading(self.context.language)) if section and self.context else ("", place.block)


def typed(value: str, question: Field) -> Any:
    """Give a value of the table `answers` its type again."""
    import datetime

    kind = type_of(question)
    if isinstance(kind, Number):
        return float(value)
    if isinstance(kind, YesNo):
        return value == "true"
    return datetime.date.fromisoformat(value) if isinstance(kind, Date) else value


def matched(old: Told, new: Told) -> dict[Place, Answer]:
    """Give the answers of the older plan at the places that their rows have in the newer."""
    rows: dict[tuple[str, Row], Row] = {}
    for block, scope in dict.fromkeys((place.block, place.row[1]) for place in old.answers if place.row[:1] == ("#",)):
        naming = new.naming(block)
        before, after = rows_in(old, block, scope, naming), rows_in(new, block, scope, naming)
        pairs = dict(same_rows(before, after))
        rows |= {(block, row): pairs.get(row, ("gone", *row)) for row in before}
    return {place._replace(row=rows.get((place.block, place.row), place.row)): answer for place, answer in old.answers.items()}


def rows_in(told: Told, block: str, scope: str | int, naming: Sequence[str]) -> dict[Row, str]:
    """Give the rows of a table, or of a box, with what names them."""
    names = told.named_by(block, naming)
    rows = dict.fromkeys(place.row for place in told.by_block.get(block, {}) if place.row[:2] == ("#", scope))
    return {row: " ".join(names.get(row, "").casefold().split()) for row in rows}


def same_rows(old: Mapping[Row, str], new: Mapping[Row, str]) -> Iterator[tuple[Row, Row]]:
    """Pair rows: by name, in their order where several have one; then by the likest name; without a name by number."""
    from rapidfuzz.fuzz import ratio

    left, free = dict(old), dict(new)

    def pair(one: Row, two: Row) -> tuple[Row, Row]:
        del left[one], free[two]
        return one, two

    for row, name in old.items():
        if name and (same := next((each for each, other in free.items() if other == name), None)):
            yield pair(row, same)
    alike: Iterable[tuple[float, Row, Row]] = [
        (ratio(name, other), row, each) for row, name in left.items() for each, other in free.items() if name and other
    ]
    for merit, row, each in sorted(alike, key=lambda found: -found[0]):
        if merit >= ALIKE and row in left and each in free:
            yield pair(row, each)
    for row in [row for row in left if row in free and not (left[row] and free[row])]:
        yield pair(row, row)
