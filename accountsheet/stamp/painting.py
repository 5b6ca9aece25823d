"""The workbook that a master is made of: painted for nobody, so that nothing of one account can be left in another's."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from string import Formatter
from tempfile import TemporaryDirectory

from accountsheet.accounts import Account
from accountsheet.address import Place
from accountsheet.excel_text import looks_escaped_twice, shared_text, xml_text
from accountsheet.figures import Figures
from accountsheet.layout import STAMP, Layout
from accountsheet.pieces import Fact
from accountsheet.plan import Plan, new_plan
from accountsheet.stamp.part import Unusual
from accountsheet.writer import facts_of, meta_of, own_meta, stamp_of, write_laid_out

IN_ESCAPES = frozenset("_x0123456789abcdefABCDEF")
OWN_FACTS = frozenset({"account", "account_id", "owner", "segment", "due", "send_to"})
"""The facts that differ between plans of one shape."""
MOST_FACTS = 8_000
"""Characters of an account's facts that surely fit in a cell together."""
NOBODY = "0"
"""The account that masters are painted for."""


def neutral(plan: Plan, layout: Layout) -> Plan:
    """Give the blank plan of the same shape, for nobody."""
    known = plan.account
    account = Account(
        NOBODY, NOBODY, currency=known.currency, departments=known.departments, products=known.products, accounts=known.accounts
    )
    blank, _ = new_plan(plan.blueprint, account, language=plan.language, year=plan.year)
    answers = {key: value for key, value in blank.answers.items() if key in layout.slots and value != NOBODY}
    return replace(blank, answers=answers, prefilled=plan.prefilled)


def painted(plan: Plan, layout: Layout, figures: Figures) -> dict[str, bytes]:
    """Paint a plan; gives the members of its zip."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "master.xlsx"
        write_laid_out(plan, layout, figures, path)
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as book:
            return {name: book.read(name) for name in book.namelist()}


class OwnTexts:
    """The texts of every workbook that are its own: where they stand, and how they are worded."""

    def __init__(self, at: Mapping[Place, int], wordings: Sequence[str], explaining: int) -> None:
        self.at = at
        """The number, among these texts, of the one in a cell."""
        self.count = len(wordings) + explaining
        self._wordings, self._explaining = wordings, explaining
        self._simple = all(map(is_simple, wordings))
        template = parsed("".join(map(item_template, wordings)))
        self._parts = [text for part in template for text in part]
        self._fields = [field for _, field in template]

    def xml(self, plan: Plan, facts: Mapping[str, str]) -> str:
        """Give them as items of the table of texts; raises Unusual where they are more or longer than usual."""
        rows = own_meta(plan)
        if len(rows) != self._explaining or not all(facts.values()) or sum(map(len, facts.values())) > MOST_FACTS:
            raise Unusual
        if any([looks_escaped_twice(value) for value in facts.values()]):
            raise Unusual  # in the properties and above the pages it is written as xlsxwriter writes it
        if self._simple and all([value == value.strip() for value in facts.values()]):
            escaped = {"": "", **{name: xml_text(facts[name]) for name in OWN_FACTS}}
            parts = self._parts.copy()
            parts[1::2] = [escaped[field] for field in self._fields]
            items = "".join(parts)
        else:
            items = "".join([shared_text(wording.format_map(facts)) for wording in self._wordings])
        (_, due), (_, account), (_, given) = rows
        return f"{items}{shared_text(due)}{shared_text(account)}{given_item(given)}"


given_item = lru_cache(256)(shared_text)
"""Write which answers were filled in beforehand: many workbooks have the same."""


def item_template(wording: str) -> str:
    """Turn a wording into that of an item."""
    parts = [literal.replace("{", "{{").replace("}", "}}") + (field and f"{{{field}}}") for literal, field in parsed(wording)]
    return f"<si><t>{xml_text(''.join(parts))}</t></si>"


def is_simple(wording: str) -> bool:
    """Whether facts may be escaped one by one: nothing beside them could make what looks like an escape."""
    parts = parsed(wording)
    beside = {literal[-1:] for literal, field in parts if field} | {literal[:1] for literal, _ in parts[1:]}
    return wording == wording.strip() and "}{" not in wording and not beside & IN_ESCAPES


def parsed(wording: str) -> list[tuple[str, str]]:
    """Part a wording into literal texts, each with the name of the field behind it."""
    return [(literal, field or "") for literal, field, _, _ in Formatter().parse(wording)]


def own_texts(plan: Plan, layout: Layout) -> OwnTexts:
    """Find the cells with texts that differ from account to account; those of the hidden sheet come last."""
    numbers: dict[str, int] = {}
    at: dict[Place, int] = {}
    facts = facts_of(plan)
    fields = {name: f"{{{name}}}" if name in OWN_FACTS else facts[name].replace("{", "{{").replace("}", "}}") for name in facts}
    for number, sheet in enumerate(layout.sheets):
        for piece in sheet.pieces:
            if isinstance(piece, Fact):
                at[Place(number, piece.row, piece.column)] = numbers.setdefault(piece.wording.format_map(fields), len(numbers))
        if not sheet.hidden:
            at[Place(number, *STAMP)] = numbers.setdefault(stamp_of(fields, sheet.id), len(numbers))
    names = [name for name, _ in meta_of(plan, layout)]
    for number, (name, _) in enumerate(own_meta(plan), len(numbers)):
        at[Place(len(layout.sheets), names.index(name), 1)] = number
    return OwnTexts(at, tuple(numbers), len(own_meta(plan)))
