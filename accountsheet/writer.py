"""A Layout painted as an Excel workbook, with the values its formulas will show."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any

from xlsxwriter.workbook import Workbook

from accountsheet.accounts import Account
from accountsheet.address import Key, Place
from accountsheet.backstage import list_ends
from accountsheet.embedding import CHUNK, packed
from accountsheet.fields import type_of
from accountsheet.figures import Figures
from accountsheet.files import atomic
from accountsheet.finding import Finding
from accountsheet.fingerprints import TEXTS, carried_texts
from accountsheet.formula import Node, Range
from accountsheet.layout import FORMAT, Layout
from accountsheet.painter import Painter, Subject, opened
from accountsheet.phrases import remark
from accountsheet.pieces import Note, Slot
from accountsheet.plan import Plan
from accountsheet.previous import PREVIOUS, notes_on, pack
from accountsheet.progress import heading_key
from accountsheet.theme import Theme
from accountsheet.to_fix import TO_FIX, Remark, carried
from accountsheet.wording import word

META = "_accountsheet"
"""The hidden sheet by which a workbook explains itself."""
ACCOUNT_FACTS = tuple(field.name for field in fields(Account) if field.name != "answers")
"""What that sheet says of the account."""


def write_plan(plan: Plan, path: str | os.PathLike[str], *, today: datetime.date | None = None) -> list[Finding]:
    """Write a plan as a workbook, whole or not at all; gives what could not be written as it is.

    `today` is the day that the written values of overdue marks are judged on.
    """
    layout = plan.layout()
    answers, findings = writable(plan, layout)
    write_laid_out(plan, layout, Figures(layout, answers, today or datetime.date.today()), path)
    return findings


def write_laid_out(
    plan: Plan,
    layout: Layout,
    figures: Figures,
    path: str | os.PathLike[str],
    *,
    notes: Mapping[Place, Note] | None = None,
    remarks: Sequence[Remark] = (),
) -> None:
    """Write a plan as it has been laid out; `notes` stand beside cells, and the workbook carries the `remarks` made on it."""
    with atomic(path) as temporary:
        workbook = opened(temporary, plan.blueprint.font)
        beside = together(notes_on(layout, plan.earlier), notes or {})
        Painter(workbook, replace(subject_of(plan, layout, figures), notes=beside)).paint()
        explain(plan, layout, workbook, remarks)
        workbook.close()


def together(before: Mapping[Place, Note], notes: Mapping[Place, Note]) -> dict[Place, Note]:
    """Join notes: where a cell has two, what the previous plan said comes last."""
    both = {place: replace(note, text=f"{note.text}\n\n{before[place].text}") for place, note in notes.items() if place in before}
    return {**before, **notes, **both}


def subject_of(plan: Plan, layout: Layout, figures: Figures) -> Subject:
    """Say what is painted: the plan's layout, with its answers and figures."""
    facts, blueprint, language = facts_of(plan), plan.blueprint, plan.language
    version = word("version_note", language, version=blueprint.version, language=language)

    def leads_to(section: str) -> Place:
        return layout.places.get(heading_key(section), Place(layout.sheet_of(section), 1, 1))

    return Subject(
        layout.sheets,
        Theme(blueprint.accent, blueprint.font, language),
        figures.value,
        facts,
        header=facts["account"],
        footer=f"{title_of(plan)} · {version}",
        stamp=lambda section: stamp_of(facts, section),
        leads_to=leads_to,
        choices=lambda slot: choices_of(slot, layout),
    )


def explain(plan: Plan, layout: Layout, workbook: Workbook, remarks: Sequence[Remark] = ()) -> None:
    """Write the workbook's properties, and the hidden sheet that explains it."""
    account, owner = plan.account.account, plan.account.owner
    workbook.set_properties({"title": f"{account} – {title_of(plan)}", "subject": title_of(plan), "author": owner})
    meta = workbook.add_worksheet(META)
    carried_on = [(TO_FIX, chunk) for chunk in carried(remarks)]
    for row, (name, value) in enumerate([*meta_of(plan, layout), *carried_on]):
        meta.write_string(row, 0, name)
        meta.write_string(row, 1, value)
    meta.very_hidden()


def title_of(plan: Plan) -> str:
    """Name a plan after its blueprint and the year it is for."""
    return f"{plan.blueprint.title(plan.language)} {plan.year + 1}"


def choices_of(slot: Slot, layout: Layout) -> Node | None:
    """Give the cells that a drop-down shows."""
    context, question = layout.context, slot.asked.field
    if question.kind in ("choice", "yes_no"):
        return Range(*list_ends(context, question.list or "yes_no", len(slot.asked.labels)))
    targets = tuple(each for each in question.to if each.partition(".")[0] in context.blueprint.blocks)
    if len(targets) == 1:
        other, _, name = targets[0].partition(".")
        block = context.blueprint.blocks[other]
        return Range(*context.kind(block).area(block, name, context))
    if targets:
        name = "+".join(targets)
        size = max(key.row for key in layout.places if key.block == "#list" and key.column == name and isinstance(key.row, int))
        return Range(*list_ends(context, name, size))
    return None


def writable(plan: Plan, layout: Layout) -> tuple[dict[Key, Any], list[Finding]]:
    """Give the answers that have a cell and fit in it, and a finding for each other."""
    answers: dict[Key, Any] = {}
    findings: list[Finding] = []
    for key, value in plan.answers.items():
        slot = layout.slots.get(key)
        if slot is None:
            findings.append(remark("answer-without-place", plan.language, block=key.block, field=key.field, raw=str(value)))
        elif problem := (kind := type_of(slot.asked.field)).problem(value):
            facts = {"raw": str(value), "label": slot.asked.field.label(plan.language), "near": "", "wanted": ""}
            facts["example"] = getattr(kind, "example", "")
            findings.append(remark(problem, plan.language, block=key.block, field=key.field, **facts))
        else:
            answers[key] = value
    return answers, findings


def facts_of(plan: Plan) -> dict[str, str]:
    """Give all that a workbook says of its plan outside the answers."""
    account, blueprint = plan.account, plan.blueprint
    segments = blueprint.lists.get("segment")
    known = segments.labels.get(account.segment) if segments else None
    segment = known(plan.language) if known else account.segment
    due = plan.due.strftime("%d-%m-%Y" if plan.language == "nl" else "%Y-%m-%d") if plan.due else "–"
    return {
        "format": FORMAT,
        "blueprint": blueprint.id,
        "version": blueprint.version,
        "language": plan.language,
        "year": str(plan.year),
        "account": account.account,
        "account_id": account.account_id,
        "owner": account.owner or "–",
        "segment": segment or "–",
        "due": due,
        "currency": account.currency or blueprint.currency,
        "send_to": blueprint.send_to or account.email or "–",
    }


def stamp_of(facts: Mapping[str, str], section: str) -> str:
    """Give the text by which a tab says what it is."""
    about = (facts[name] for name in ("format", "blueprint", "version", "language", "year"))
    return "|".join(["accountsheet", *about, section, facts["account_id"]])


def meta_of(plan: Plan, layout: Layout) -> list[tuple[str, str]]:
    """Give the hidden sheet's rows: all that is needed to read the workbook without its blueprint's file."""
    return [
        ("accountsheet", FORMAT),
        ("blueprint", plan.blueprint.id),
        ("version", plan.blueprint.version),
        ("language", plan.language),
        ("year", str(plan.year)),
        *own_meta(plan),
        ("sizes", json.dumps(dict(layout.context.sizes))),
        *(("source", chunk) for chunk in packed(plan.blueprint.source)),
        *((TEXTS, line) for line in carried_texts(plan.layout().sheets)),
        *((PREVIOUS, chunk) for chunk in pack(plan.earlier)),
    ]


def own_meta(plan: Plan) -> list[tuple[str, str]]:
    """Give those rows that differ from account to account."""
    account = {name: value for name in ACCOUNT_FACTS if (value := getattr(plan.account, name))}
    return [
        ("due", plan.due.isoformat() if plan.due else ""),
        ("account", json.dumps(account, ensure_ascii=False)),
        *(("prefilled", chunk) for chunk in given_chunks(plan.prefilled)),
    ]


@lru_cache(maxsize=256)
def given_chunks(prefilled: frozenset[Key]) -> tuple[str, ...]:
    """Write down which answers were filled in beforehand; packed where a cell does not hold them."""
    text = json.dumps(sorted([list(key) for key in prefilled], key=str), ensure_ascii=False)
    return (text,) if len(text) <= CHUNK else packed(text)
