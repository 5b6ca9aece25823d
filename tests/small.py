"""A small blueprint and workbooks made of it: quick to write, quick to read."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.plan import Plan
from accountsheet.source import read_blueprint
from accountsheet.writer import write_plan

TODAY = datetime.date(2026, 11, 22)
SMALL = """
blueprint: small
version: "1"
title: Small
languages: [en, nl]
sections:
  facts:
    title: {en: Facts, nl: Feiten}
    blocks:
      facts: {kind: form, fields: {motto: {label: Motto}, revenue: {label: Revenue, type: money}}}
  deals:
    title: Deals
    blocks:
      deals: {kind: table, rows: "5", fields: {name: {label: Name}, amount: {label: Amount, type: money}}}
"""
MOTTO, REVENUE = Key("facts", "", "", "motto"), Key("facts", "", "", "revenue")
ANSWERS: Mapping[Key, Any] = {
    MOTTO: "Grow together",
    REVENUE: 1200.0,
    Key("deals", 1, "", "name"): "Roof",
    Key("deals", 1, "", "amount"): 300.0,
}

Edit = Callable[[bytes], bytes]


@cache
def small() -> Blueprint:
    """Read the small blueprint."""
    blueprint, findings = read_blueprint(SMALL, "small.yaml", kinds())
    assert blueprint is not None and findings == []
    return blueprint


def write(path: Path, number: str = "A-1", name: str = "Acme", *, saved: str = "", year: int = 2026, **answers: Any) -> Path:
    """Write a filled-in workbook, saved last at a moment; answers are those of the form."""
    given = {**ANSWERS, **{Key("facts", "", "", field): value for field, value in answers.items()}}
    path.parent.mkdir(parents=True, exist_ok=True)
    assert write_plan(Plan(small(), Account(number, name, owner="Robin"), "en", year, given), path, today=TODAY) == []
    if saved:
        path.write_bytes(changed(path.read_bytes(), {"docProps/core.xml": lambda part: saved_at(part, saved)}))
    return path


def saved_at(part: bytes, moment: str) -> bytes:
    """Let a workbook say that it was saved last at a moment."""
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment.encode(), part)


def changed(data: bytes, edits: Mapping[str, Edit | None] | None = None, added: Mapping[str, bytes] | None = None) -> bytes:
    """Change some parts of a workbook; None takes one out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for info in source.infolist():
            edit = (edits or {}).get(info.filename, bytes)
            if edit is not None:
                target.writestr(info.filename, edit(source.read(info)))
        for name, content in (added or {}).items():
            target.writestr(name, content)
    return out.getvalue()
