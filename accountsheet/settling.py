"""Which workbook counts, where several speak for one plan, and what is to be remarked on the others."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from accountsheet.finding import Finding
from accountsheet.judge import CURRENT, REJECTED, SUPERSEDED
from accountsheet.packs import Workbook
from accountsheet.phrases import remark
from accountsheet.values import same_name

if TYPE_CHECKING:
    import pandas

Remarks = dict[int, list[Finding]]
SETTLED = frozenset({"workbook-twice", "workbook-superseded", "block-told-twice", "two-names"})
"""Remarks on workbooks beside one another: they are made anew when collections are joined."""


def settle(workbooks: Sequence[Workbook]) -> tuple[list[str], Remarks]:
    """Say which workbook counts for each plan, the one saved last, and remark on the others by their place."""
    states = [CURRENT if workbook.plan_id else REJECTED for workbook in workbooks]
    remarks: Remarks = {}
    newest: dict[str, int] = {}
    for place, workbook in enumerate(workbooks):
        if not workbook.plan_id:
            continue
        other = newest.setdefault(workbook.plan_id, place)
        if other == place:
            continue
        older, newer = sorted((other, place), key=lambda each: (*age(workbooks[each]), -each))
        newest[workbook.plan_id] = newer
        states[older] = SUPERSEDED
        one, two = workbooks[older], workbooks[newer]
        code = "workbook-twice" if one.sha256 == two.sha256 else "workbook-superseded"
        remarks.setdefault(older, []).append(remark(code, one.language, file=one.file, other=two.file))
        remarks[older] += two_names(one, two)
    told_twice(workbooks, states, remarks)
    return states, remarks


def still_open(findings: pandas.DataFrame, plans: pandas.DataFrame) -> pandas.DataFrame:
    """Give the remarks that still ask for something: of a superseded workbook only that it is superseded."""
    older = plans["state"] == SUPERSEDED
    passed = set(plans["file"][older]).difference(plans["file"][~older])  # read twice, from the tables too, it may be both
    return findings[~findings["file"].isin(passed) | findings["code"].isin(SETTLED)]


def age(workbook: Workbook) -> tuple[bool, datetime.datetime]:
    """Give what sorts workbooks from old to new; one without any date goes first."""
    return workbook.modified is not None, workbook.modified or datetime.datetime.min


def two_names(workbook: Workbook, other: Workbook) -> list[Finding]:
    """Remark where one account number has two names: one of the two plans may be another customer's."""
    unnamed = workbook.account_id in (workbook.account, other.account)  # a number stands in for a name that is lost
    if workbook.account == other.account or unnamed or same_name(workbook.account, other.account):
        return []
    names = {"one": other.account, "two": workbook.account, "number": workbook.account_id}
    return [remark("two-names", workbook.language, file=workbook.file, other=other.file, **names)]


def told_twice(workbooks: Sequence[Workbook], states: Sequence[str], remarks: Remarks) -> None:
    """Remark where two blueprints give one account the same block for the same year, or one number has two names."""
    alone: dict[tuple[str, int | None], int] = {}
    told_by: dict[tuple[str, int | None], dict[str, int]] = {}
    names: dict[str, int] = {}
    for place, workbook in enumerate(workbooks):
        if states[place] != CURRENT:
            continue
        key = workbook.account_id, workbook.year
        other = alone.setdefault(key, place)
        if other != place:  # seldom, so that only then it is written down who tells what
            blocks = told_by.setdefault(key, dict.fromkeys(workbooks[other].blocks, other))
            for block in workbook.blocks:
                other = blocks.setdefault(block, place)
                if other != place:
                    facts = {"file": workbook.file, "other": workbooks[other].file, "block": block}
                    remarks.setdefault(place, []).append(remark("block-told-twice", workbook.language, **facts))
        first = names.setdefault(workbook.account_id, place)
        if other_name := two_names(workbook, workbooks[first]):
            remarks.setdefault(place, []).extend(other_name)
