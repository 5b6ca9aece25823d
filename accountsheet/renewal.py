"""A plan renewed for a later year, or moved to another blueprint: what carries over, moves up, is asked anew, has no place."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.blueprint import Block, Blueprint
from accountsheet.expression import ExpressionProblem, condition
from accountsheet.fields import Choice, Number, type_of
from accountsheet.figures import Figures
from accountsheet.finding import Finding, Severity
from accountsheet.kind import RecordScope
from accountsheet.layout import Layout
from accountsheet.phrases import remark
from accountsheet.pieces import Slot
from accountsheet.plan import Plan, new_plan, read_text
from accountsheet.previous import HOMELESS, Earlier
from accountsheet.shown import in_words, name_of_row
from accountsheet.text import Text

KEEP, SHIFT, ASK, DROP = "keep", "shift", "ask", "drop"
TEXTS_BESIDE = frozenset({"unplaced", "cell-note", "label-changed", "calculation-overwritten"})
"""Remarks on texts that are no answer: they have no place in the next plan either."""


def renewed(
    plan: Plan,
    year: int,
    *,
    blueprint: Blueprint | None = None,
    language: str = "",
    due: datetime.date | None = None,
    today: datetime.date | None = None,
    remarks: Iterable[Finding] = (),
) -> tuple[Plan, list[Finding]]:
    """Give the plan that follows on another, and what of it found no place.

    In its own year a plan only moves to the blueprint: nothing is asked anew. `remarks` are those made on reading it: texts
    that were no answer stay with the plan. Raises ValueError for a year before the plan's own.
    """
    if year < plan.year:
        raise ValueError(f"{year} is before {plan.year}")
    target = blueprint or plan.blueprint
    spoken = language if language in target.languages else plan.language
    spoken = spoken if spoken in target.languages else target.languages[0]
    start, findings = new_plan(target, brought_up_to_date(plan), language=spoken, year=year, due=due)
    crossing = Crossing(plan, start, today or datetime.date.today())
    result = crossing.plan(remarks)
    lost = ((" – ".join(filter(None, (each.section, each.label, each.row))), each) for each in crossing.told)
    findings += [
        remark("renewal-no-place", spoken, what=what, raw=each.text)
        for what, each in lost
        if each.sort == HOMELESS
    ]
    return result, findings


def brought_up_to_date(plan: Plan) -> Account:
    """Give the account with what its plan says of it now, such as another owner."""
    known = {
        question.source: str(answer)
        for block in plan.blueprint.blocks.values()
        for question in block.fields.values()
        if question.source not in ("", "account_id") and (answer := plan.answers.get(Key(block.id, "", "", question.id)))
    }
    return replace(plan.account, **known)  # type: ignore[arg-type]  # every source is a text of the account


@dataclass(frozen=True, slots=True)
class Said:
    """One answer of the plan before, where it goes to, and what becomes of it."""

    old: Slot
    value: Any
    key: Key | None
    how: str


class Crossing:
    """The answers of one plan on their way to the next."""

    def __init__(self, old: Plan, start: Plan, today: datetime.date) -> None:
        self.old, self.start, self.today = old, start, today
        self.later = start.year > old.year
        self.before, self.now = replace(old, language=start.language).layout(), start.layout()
        self.old_blocks, self.blocks = self.before.context.blueprint.blocks, self.now.context.blueprint.blocks
        self.rows_by_year = {name: self.by_year(name) for name in self.blocks if name in self.old_blocks}
        self.answers: dict[Key, Any] = {}
        self.told: list[Earlier] = []

    def plan(self, remarks: Iterable[Finding]) -> Plan:
        """Give the next plan."""
        for said in self.sorted_out():
            self.place(said)
        beside = [
            Earlier(HOMELESS, self.old.year + 1, each.raw, each.sheet, row=each.cell)
            for each in remarks
            if each.raw and (each.code in TEXTS_BESIDE or each.severity is Severity.ERROR)
        ]
        told = {key.block for key in self.old.answers if self.indexed(key.block)} if self.later else set(self.old_blocks)
        given = {key: value for key, value in self.start.answers.items() if key.block not in told}
        prefilled = {key for keys in (self.answers, given) for key in keys}
        if not self.later:
            prefilled &= {key for said in self.every for key in [said.key] if key and said.old.key in self.old.prefilled}
            beside[:0] = [each for each in self.old.earlier if each.key is None or each.key in self.after.slots]
        earlier = (*self.told, *beside)
        return replace(self.start, answers={**given, **self.answers}, prefilled=frozenset(prefilled), earlier=earlier)

    # --- where answers go

    @cached_property
    def every(self) -> list[Said]:
        """Every answer with each place it goes to, in the order of the tabs; rows that are closed stay behind."""
        closed = {block.id: self.closed(block) for block in self.old_blocks.values()}
        found = []
        for slot in self.before.slots.values():
            if slot.key in self.old.answers and slot.key.row not in closed[slot.key.block]:
                keys: list[Key | None] = [*self.destinations(slot.key, closed[slot.key.block])]
                found += [Said(slot, self.old.answers[slot.key], key, self.fate(slot, key)) for key in keys or [None]]
        return found

    @cached_property
    def after(self) -> Layout:
        """The next plan's layout, large enough for all that goes there."""
        answers = dict.fromkeys((said.key for said in self.every if said.key is not None), "")
        return replace(self.start, answers=answers).layout()

    def closed(self, block: Block) -> set[int | str]:
        """Give the rows that are done with: the block's `closed` says when."""
        next_block = self.blocks.get(block.id, block)
        if not self.later or "closed" not in next_block.options:
            return set()
        figures, context = Figures(self.before, self.old.answers, self.today), self.before.context
        rows = {key.row for key in self.old.answers if key.block == block.id}
        try:
            tests = {row: condition(next_block.options["closed"], RecordScope(context, block, row)) for row in rows}
        except ExpressionProblem:  # The next blueprint asks what this one did not.
            return set()
        return {row for row, test in tests.items() if figures.outcome(test) == 1}

    def destinations(self, key: Key, closed: set[int | str]) -> list[Key]:
        """Give the cells that an answer goes to, or is told beside: none where its block has no place for it."""
        block = self.blocks.get(key.block)
        if block is None:
            return []
        if key.row in (rows := self.rows_by_year.get(block.id, {})):
            return [key._replace(row=row) for row in rows[key.row]]
        row: int | str | None = key.row
        if isinstance(key.row, int):
            row = key.row - sum(isinstance(other, int) and other < key.row for other in closed)
        elif key.row:
            row = self.matched(key.row, block)
        column = self.matched(key.column, block) if key.column else ""
        question = self.start.blueprint.renamed.get((key.block, key.field), key.field)
        return [Key(block.id, row, column, question)] if row is not None and column is not None else []

    def by_year(self, block: str) -> Mapping[int | str, list[int | str]]:
        """Give, for rows that are about years, the rows of the next plan about the same years."""
        if not self.later:
            return {}
        spans_then, spans_now = spans(block, self.before), spans(block, self.now)
        latest = {span: row for row, span in spans_then.items()}
        rows: dict[int | str, list[int | str]] = {row: [] for row in spans_then}
        for row, span in spans_now.items():
            if span in latest:
                rows[latest[span]].append(row)
        return rows

    def matched(self, name: str, block: Block) -> str | None:
        """Find a fixed row or column by its key, else by its label; one without a label is the rep's own."""
        labels, known = labels_of(block.id, self.now), labels_of(block.id, self.before)
        if name in labels or name not in known:
            return name
        words = {word.casefold() for word in known[name].every()}
        return next((key for key, label in labels.items() if words & {word.casefold() for word in label.every()}), None)

    def fate(self, slot: Slot, key: Key | None) -> str:
        """Say what becomes of an answer: as the next blueprint has it, else as this one does."""
        if not self.later:
            return KEEP
        asks = key is not None and (key.field in self.blocks[key.block].fields or not slot.asked.field.line)
        layout, at = (self.now, key) if asks and key else (self.before, slot.key)
        block = layout.context.blueprint.blocks[at.block]
        return layout.context.kind(block).renewal(block, at.row, block.fields.get(at.field, slot.asked.field))

    def indexed(self, block: str) -> bool:
        """Whether a block of the plan before has rows: then what it says is all there is in it."""
        return bool(self.before.context.kind(self.old_blocks[block]).index(self.old_blocks[block]))

    # --- what becomes of them

    def sorted_out(self) -> list[list[Said]]:
        """Give the answers by the record that they go to; each question of a form is a record of its own."""
        records: dict[tuple[Any, ...], list[Said]] = {}
        for said in self.every:
            at = said.key or said.old.key
            alone = at.field if not self.indexed(said.old.key.block) else ""
            records.setdefault((said.key is None, at.block, at.row, at.column, alone), []).append(said)
        return list(records.values())

    def place(self, record: Sequence[Said]) -> None:
        """Put a record in the next plan: as answers, beside the cells that ask it anew, or among what has no place."""
        kept: list[Said] = []
        asked: list[Said] = []
        homeless: list[Said] = []
        for said in record:
            slot = self.after.slots.get(said.key) if said.key else None
            dated = said.old.key.row in self.rows_by_year.get(said.old.key.block, {})
            if said.how == DROP or (said.key is None and dated):
                continue  # Years that the next plan does not ask for are over.
            if slot is None:
                homeless.append(said)
            elif said.how == ASK:
                asked.append(said)
            elif (value := translated(said, slot, self)) is None:
                homeless.append(said)
            else:
                self.answers[slot.key] = value
                kept.append(said)
        if homeless:
            self.tell(HOMELESS, homeless, None)
        if kept and kept[0].how == SHIFT and (sort := self.sort_of(kept[0])):
            self.tell(sort, kept, kept[0].key)
        if asked and not kept:
            self.tell("asked", asked, asked[0].key)
        elif asked:
            for said in asked:
                self.tell("asked", [said], said.key)
        if record[0].key is None and self.later:
            self.tell_together(record)

    def tell(self, sort: str, record: Sequence[Said], key: Key | None) -> None:
        """Note what the plan before said in a record."""
        first = record[0].old
        block = self.old_blocks[first.key.block]
        language = self.start.language
        row = name_of_row(first.key, self.old.answers, self.before)
        alone = len(record) == 1 and bool(row or not self.indexed(block.id))
        label = first.asked.field.label(language) if alone else ""
        section = self.old.blueprint.section_of[block.id]
        row = row or ("" if label else block.title(language) or section.title(language))
        where = section.title(language) if key is None else self.start.blueprint.section_of[key.block].id
        self.told.append(Earlier(sort, self.old.year + 1, words_of(record), where, label, row, key))

    def tell_together(self, record: Sequence[Said]) -> None:
        """Note years that stood together beside those of them that the next plan asks for by other spans."""
        key = record[0].old.key
        then = spans(key.block, self.before)
        if key.block not in self.blocks or key.row not in then:
            return
        first, last = then[key.row]
        for row, (begin, end) in spans(key.block, self.now).items():
            if (begin, end) not in then.values() and begin <= last and first <= end and first < last:
                self.tell("together", record, Key(key.block, row, "", self.blocks[key.block].inputs[0].id))

    def sort_of(self, said: Said) -> str:
        """Say what a figure that moved is now: a proposal for this year, an expectation still, or a year to be closed."""
        assert said.key is not None
        then = spans(said.old.key.block, self.before)[said.old.key.row]
        if then[0] > self.start.year:
            return "moved"
        if then[0] > self.old.year:
            return "proposed"
        return "closing" if then[1] == self.old.year else ""


def labels_of(name: str, layout: Layout) -> Mapping[str, Text]:
    """Give what the fixed rows and columns of a block are called."""
    block = layout.context.blueprint.blocks[name]
    return layout.context.kind(block).labels(block, layout.context)


def spans(name: str, layout: Layout) -> dict[int | str, tuple[int, int]]:
    """Give the years that each row of a block is about, where rows are about years."""
    block = layout.context.blueprint.blocks[name]
    kind = layout.context.kind(block)
    rows = {row: kind.span(block, row, layout.context) for row in kind.rows(block, layout.context)}
    return {row: span for row, span in rows.items() if span is not None}


def words_of(record: Sequence[Said]) -> str:
    """Put a record in one line; a single answer needs no label, nor does the first of a whole row."""
    texts = [in_words(said.value, said.old.asked) for said in record]
    labels = [said.old.asked.field.label(said.old.asked.language) for said in record]
    first = texts[0] if type_of(record[0].old.asked.field).dtype == "string" or len(texts) == 1 else f"{labels[0]}: {texts[0]}"
    return " · ".join([first, *(f"{label}: {text}" for label, text in zip(labels[1:], texts[1:], strict=True))])


def translated(said: Said, slot: Slot, crossing: Crossing) -> Any:
    """Give an answer as the next plan's question takes it; None where it cannot."""
    old, new, value = said.old.asked, slot.asked, said.value
    was, now = type_of(old.field), type_of(new.field)
    if isinstance(now, Choice):
        return chosen(said, slot)
    same = was == now or (was.dtype == now.dtype == "string" and not isinstance(was, Choice))
    if same and not now.problem(value):
        return value
    if isinstance(was, Number) and isinstance(now, Number) and was.percent == now.percent:
        return int(value) if now.whole and value == int(value) else None if now.whole else float(value)
    blueprint, language = crossing.start.own_blueprint, crossing.start.language
    result, problem = read_text(new.field, blueprint, language, crossing.start.year, in_words(value, old))
    return None if problem else result


def chosen(said: Said, slot: Slot) -> str | None:
    """Find a choice in the next plan's list by its key, else by its label in any language; an open list takes any text."""
    old, new, value = said.old.asked, slot.asked, said.value
    if value in new.labels:
        return str(value)
    words = {word.casefold() for word in (*old.known.get(value, ()), in_words(value, old))}
    found = next((key for key, labels in new.known.items() if words & {label.casefold() for label in labels}), None)
    return found if found or not new.field.open else in_words(value, old)
