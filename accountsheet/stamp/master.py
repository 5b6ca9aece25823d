"""A workbook painted once for all plans of a shape, ready to be filled with what differs from plan to plan."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from accountsheet.address import Key
from accountsheet.excel_text import xml_text
from accountsheet.fields import type_of
from accountsheet.figures import Figures
from accountsheet.formula import Scalar
from accountsheet.layout import Layout
from accountsheet.plan import Plan
from accountsheet.sheet_painter import printed
from accountsheet.stamp.archive import Archive
from accountsheet.stamp.charts import Kept, cut_chart
from accountsheet.stamp.given import Given
from accountsheet.stamp.heights import Heights
from accountsheet.stamp.painting import NOBODY, neutral, own_texts, painted
from accountsheet.stamp.part import Part, Unusual
from accountsheet.stamp.recalculation import Base, differs
from accountsheet.stamp.sheets import TEXTS, Sheets
from accountsheet.stamp.texts import Texts
from accountsheet.writer import facts_of, title_of

CHARTS, PROPERTIES = "xl/charts/chart", "docProps/core.xml"
PROPERTY = re.compile(rb"(<dc:title>.*</dcterms:modified>)", re.DOTALL)
HEADER, LONGEST_HEADER = "&L&8&K000000&R&8&K000000", 255
"""What a page's header has beside its two texts, and the longest that xlsxwriter writes."""
TIMES_ITS_XML = 12
"""Bytes that a master takes for one of XML: measured, 8 to 15."""

Changes = dict[str, dict[int, bytes]]


class Master:
    """The workbook of a shape."""

    def __init__(self, plan: Plan, layout: Layout, today: datetime.date) -> None:
        self.layout, self.today = layout, today
        self.plan = neutral(plan, layout)
        self.takers = {key: (type_of(slot.asked.field), slot.asked) for key, slot in layout.slots.items()}
        figures = Figures(layout, self.plan.answers, today)
        self.base, self.given = Base(layout, {key: figures.value(key) for key in layout.slots}, today), Given(layout)
        members = painted(self.plan, layout, figures)
        self.own = own_texts(self.plan, layout)
        self.sheets = Sheets(members, layout, self.own)
        self.heights = Heights(layout, self.sheets, self.base.values)
        headers = self.sheets.headers
        [printed_first] = {self.sheets.cuts[name].pieces[piece] for name, piece in headers.items()}
        self.before_name = printed_first.removesuffix(NOBODY.encode())
        self.room = LONGEST_HEADER - max(len(printed(sheet.heading)) for sheet in layout.sheets) - len(HEADER)
        pieces = {name: each.pieces for name, each in self.sheets.cuts.items()}
        self.charts: dict[Key, list[Kept]] = {}
        for name in members:
            if name.startswith(CHARTS):
                pieces[name], kept = cut_chart(name, members[name], layout)
                for each in kept:
                    for key in filter(None, each.keys):
                        self.charts.setdefault(key, []).append(each)
        pieces[PROPERTIES] = PROPERTY.split(members[PROPERTIES])
        parts = [Part(name, pieces.get(name, [data])) for name, data in members.items() if name != TEXTS]
        self.archive = Archive(parts, Texts(self.sheets.prefix, self.sheets.items, self.own.count), headers)

    @property
    def size(self) -> int:
        """About the bytes of memory that it takes: each of XML stands for what is known of its cells too."""
        return TIMES_ITS_XML * sum(part.length for part in self.archive.parts.values())

    def stamped(self, plan: Plan) -> list[bytes | bytearray]:
        """Give the bytes of a plan's workbook in stretches; raises Unusual for one that only the plain writer writes."""
        facts = facts_of(plan)
        own, texts = self.own.xml(plan, facts), list[str]()
        changes: Changes = {}
        changed = self.changed(plan.answers)
        references = self.put_answers(changed, texts, changes)
        now = self.put_figures(plan, changed, changes)
        for part, piece, tag in self.heights.changed(changed, now):
            changes.setdefault(part, {})[piece] = tag
        changes[PROPERTIES] = {1: properties(plan)}
        return self.archive.filled(changes, self.header(facts["account"]), own, texts, references)

    def changed(self, answers: Mapping[Key, Any]) -> dict[Key, Scalar]:
        """Give the input cells that hold something else than the master's; raises Unusual for what cannot be written."""
        before, takers, own = self.base.values, self.takers, self.plan.answers
        found: dict[Key, Scalar] = {key: None for key in own if key not in answers}
        for key, answer in answers.items():
            if answer == own.get(key):
                continue
            if key not in takers:
                raise Unusual
            kind, asked = takers[key]
            if kind.problem(answer):
                raise Unusual
            cell = kind.cell(answer, asked)
            if differs(cell, before[key]):
                found[key] = cell
        return found

    def put_answers(self, changed: Mapping[Key, Scalar], texts: list[str], changes: Changes) -> int:
        """Write the input cells; gives how many cells refer to texts."""
        references, number = self.sheets.references, self.archive.texts.first
        for key, value in changed.items():
            cell = self.sheets.cells[key]
            references -= isinstance(self.base.values[key], str)
            if isinstance(value, str):
                xml = cell.text(number + len(texts))
                texts.append(value)
                references += 1
            else:
                xml = cell.blank() if value is None else cell.number(value)
            changes.setdefault(cell.part, {})[cell.piece] = xml
        return references

    def put_figures(self, plan: Plan, changed: Mapping[Key, Scalar], changes: Changes) -> Callable[[Key], Scalar]:
        """Write the formulas whose values or wording differ, and charts of them; gives what each cell now holds."""
        formulas, before = self.given.formulas(plan.prefilled), self.base.values
        now = self.base.changed(changed, formulas.results(lambda key: changed[key] if key in changed else before[key]))
        for key in now.results.keys() | formulas.xml.keys():
            cell = self.sheets.cells[key]
            changes.setdefault(cell.part, {})[cell.piece] = cell.result(now.value(key), formulas.xml.get(key, ""))
        for kept in {id(each): each for key in (*changed, *now.results) for each in self.charts.get(key, ())}.values():
            changes.setdefault(kept.part, {})[kept.piece] = kept.xml(now.value, self.layout.slots.__contains__)
        return now.value

    def header(self, account: str) -> bytes:
        """Write the header of every page up to the account's name, which ends the piece."""
        shown = printed(account)
        if len(shown) > self.room:
            raise Unusual
        return self.before_name + xml_text(shown).encode()


def properties(plan: Plan) -> bytes:
    """Write a workbook's properties."""
    title, owner = title_of(plan), xml_text(plan.account.owner)
    now = f'xsi:type="dcterms:W3CDTF">{time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}</dcterms'
    return (
        f"<dc:title>{xml_text(f'{plan.account.account} – {title}')}</dc:title><dc:subject>{xml_text(title)}</dc:subject>"
        f"<dc:creator>{owner}</dc:creator><cp:lastModifiedBy>{owner}</cp:lastModifiedBy>"
        f"<dcterms:created {now}:created><dcterms:modified {now}:modified>"
    ).encode()
