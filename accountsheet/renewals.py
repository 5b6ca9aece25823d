"""Many plans renewed: of each account the newest workbook that counts becomes the next period's."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from accountsheet.accounts import Account
from accountsheet.blueprint import Blueprint
from accountsheet.collect import read_plans
from accountsheet.finding import Finding, Severity, UsageProblem
from accountsheet.generating import Made, destinations, ignore_interrupts, writable
from accountsheet.interface import load_blueprint
from accountsheet.judge import CURRENT
from accountsheet.phrases import remark
from accountsheet.portfolio import Portfolio
from accountsheet.reader import read_workbook
from accountsheet.renewal import brought_up_to_date, renewed
from accountsheet.sources import Source, bytes_of, find, identity
from accountsheet.writer import write_plan

WORTH_IT = 8
"""Workbooks from which more processes pay."""
TOLD = (Severity.ERROR, Severity.WARNING)
"""What is told of the workbooks that are renewed: what was put right in reading them is put right for good."""


@dataclass(frozen=True)
class Order:
    """What all workbooks of a run have in common."""

    year: int
    blueprint: Blueprint | None = None
    language: str = ""
    due: datetime.date | None = None
    overwrite: bool = False
    inputs: frozenset[str] = frozenset()
    """The workbooks that came in: none of them is ever written over."""


class Candidate(NamedTuple):
    """A workbook that counts, as its collection knows it."""

    file: str
    whom: str
    """Account (or owner) and blueprint: what stays the same from year to year."""
    year: int
    account: Account
    language: str


def renew(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    year: int,
    blueprint: Blueprint | str | os.PathLike[str] | None = None,
    due: datetime.date | None = None,
    language: str = "",
    by_owner: bool = False,
    overwrite: bool = False,
    jobs: int = 1,
    progress: Callable[[int], AbstractContextManager[Callable[[int], None]]] | None = None,
) -> list[Made]:
    """Make the next period's workbook of every plan, and give what was made; `year` is its current year.

    With a `blueprint` plans move to it, in their own year too: then everything carries over. Of several workbooks for one
    plan the one saved last is renewed, and of several years the last. An existing workbook is left as it is unless
    `overwrite`; those that came in are never touched. Raises UsageProblem where a path leads nowhere, a blueprint cannot be
    read, the folder cannot be written or the blueprint has no such language.
    """
    every = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    target = blueprint if isinstance(blueprint, Blueprint) or blueprint is None else load_blueprint(blueprint)
    if target and language and language not in target.languages:
        known = ", ".join(target.languages)
        raise UsageProblem(remark("language-not-here", name=language, blueprint=target.id, known=known))
    sources = {source.name: source for source in find(every)[0]}
    writable(Path(out))
    portfolio = read_plans(every, jobs=jobs, progress=progress)
    chosen, refused = choose(candidates(portfolio), sources, year, moves=target is not None)
    order = Order(year, target, language, due, overwrite, frozenset(identity(each.path) for each in sources.values()))
    places = destinations([each.account for each in chosen], Path(out), by_owner=by_owner)
    work = [(sources[each.file], path) for each, path in zip(chosen, places, strict=True)]
    made: list[Made] = []
    with progress(len(work)) if progress else nullcontext(None) as step:
        for each in make_all(order, work, jobs):
            made.append(each)
            if step:
                step(1)
    made = with_twins(made, chosen, target) if target else made
    return [*unreadable(portfolio), *refused, *made]


def candidates(portfolio: Portfolio) -> list[Candidate]:
    """Give the workbooks that count."""
    plans = portfolio["plans"]
    columns = ["file", "plan_id", "account_id", "account", "owner", "language"]
    known = plans[plans["state"] == CURRENT]
    texts = zip(*(known[name].fillna("").astype(str).tolist() for name in columns), strict=True)
    return [
        Candidate(file, plan_id.rpartition("/")[0], int(year), Account(account_id or owner, account, owner), language)
        for (file, plan_id, account_id, account, owner, language), year in zip(texts, known["year"].tolist(), strict=True)
    ]


def choose(
    found: Sequence[Candidate], sources: Mapping[str, Source], year: int, *, moves: bool
) -> tuple[list[Candidate], list[Made]]:
    """Tell the workbooks to renew from those that are not: an older year's, one of no earlier year, and tables."""
    newest = {each.whom: each for each in sorted(found, key=lambda each: each.year)}
    chosen: list[Candidate] = []
    refused: list[Made] = []
    for each in found:
        last = newest[each.whom]
        if each.file not in sources:
            problem = remark("renewal-wants-workbooks", each.language, file=each.file)
        elif last is not each:
            problem = remark("renewal-older", each.language, file=each.file, other=last.file)
        elif each.year > year or (each.year == year and not moves):
            problem = remark("renewal-not-later", each.language, file=each.file, old=each.year, year=year)
        else:
            chosen.append(each)
            continue
        refused.append(Made(each.account, Path(each.file), (problem,), written=False))
    return chosen, refused


def unreadable(portfolio: Portfolio) -> list[Made]:
    """Give the files that are not renewed because they could not be read or do not count, with the reason."""
    plans = portfolio["plans"]
    counting = set(plans["file"][plans["state"] == CURRENT])
    told: dict[str, list[Finding]] = {}
    names = ["code", "severity", "message", "hint", "file", "sheet", "cell"]
    for record in portfolio.open_findings[names].fillna("").to_dict("records"):
        if record["file"] not in counting:
            facts = {str(name): str(value) for name, value in record.items() if name != "severity"}
            told.setdefault(record["file"], []).append(Finding(severity=Severity(record["severity"]), **facts))
    return [Made(Account("", ""), Path(file), tuple(findings), written=False) for file, findings in told.items()]


def make_all(order: Order, work: Sequence[tuple[Source, Path]], jobs: int) -> Iterator[Made]:
    """Renew workbooks, in several processes where that pays; they keep their order."""
    if jobs <= 1 or len(work) < WORTH_IT:
        yield from (make(order, *each) for each in work)
        return
    sources, paths = zip(*work, strict=True)
    earlier = {path for path in paths if path.exists()}
    size, done = max(1, min(25, len(work) // (4 * jobs))), 0
    try:
        with ProcessPoolExecutor(min(jobs, len(work)), initializer=ignore_interrupts) as pool:
            for made in pool.map(make, [order] * len(work), sources, paths, chunksize=size):
                yield made
                done += 1
    except BrokenProcessPool:  # Something stopped a process; what this run had written is written once more, and no older file.
        for source, path in work[done:]:
            yield make(replace(order, overwrite=order.overwrite or path not in earlier), source, path)


def make(order: Order, source: Source, path: Path) -> Made:
    """Read one workbook and write the next period's; where that is not possible, the findings say why."""
    nobody = Account("", "")
    try:
        data, modified = bytes_of(source)
    except Exception as problem:  # As on reading it the first time.
        why = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
        return Made(nobody, Path(source.name), (remark("file-unreadable", file=source.name, why=why),), written=False)
    reading = read_workbook(data, source.name, modified=modified)
    if reading.plan is None:
        return Made(nobody, Path(source.name), reading.findings, written=False)
    account = brought_up_to_date(reading.plan)
    findings = [each for each in reading.findings if each.severity in TOLD]
    if blocked := in_the_way(order, path):
        return Made(account, path, (*findings, blocked), written=False)
    options = {"blueprint": order.blueprint, "language": order.language, "due": order.due}
    plan, remarks = renewed(reading.plan, order.year, remarks=reading.findings, **options)  # type: ignore[arg-type]
    try:
        remarks += write_plan(plan, path)
    except UsageProblem as refusal:
        return Made(account, path, (*findings, *remarks, *refusal.findings), written=False)
    return Made(account, path, (*findings, *(each.at(file=str(path)) for each in remarks)))


def in_the_way(order: Order, path: Path) -> Finding | None:
    """Say why a workbook may not be written there, if it may not."""
    if identity(str(path)) in order.inputs:
        return remark("renewal-onto-itself", file=str(path))
    return remark("file-exists", file=str(path)) if path.exists() and not order.overwrite else None


def with_twins(made: Sequence[Made], chosen: Sequence[Candidate], target: Blueprint) -> list[Made]:
    """Remark where plans of one account have become one plan by moving to one blueprint."""
    first: dict[str, str] = {}
    result = []
    for each, candidate in zip(made, chosen, strict=True):
        whom = candidate.account.owner if target.audience == "owner" else candidate.account.account_id
        other = first.setdefault(whom, candidate.file)
        twin = remark("renewal-same-plan", candidate.language, file=candidate.file, other=other)
        result.append(each if other == candidate.file else replace(each, findings=(*each.findings, twin)))
    return result
