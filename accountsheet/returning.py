"""Workbooks sent back to those who wrote them: written anew from their answers, with what is to be mended."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from accountsheet.accounts import Account
from accountsheet.collect import read_plans
from accountsheet.finding import Finding, Severity, UsageProblem
from accountsheet.generating import destinations, ignore_interrupts, writable
from accountsheet.judge import REJECTED, SUPERSEDED, judge
from accountsheet.mending import to_mend
from accountsheet.phrases import remark
from accountsheet.plan import Plan
from accountsheet.portfolio import Portfolio
from accountsheet.reader import read_workbook
from accountsheet.settling import SETTLED
from accountsheet.sources import Source, bytes_of, find, identity
from accountsheet.to_fix import Remark
from accountsheet.writer import write_laid_out

CHUNK = 25
"""Workbooks in a task at most."""
WORTH_IT = 8
"""Workbooks from which more processes pay."""
TO_MEND = (Severity.ERROR, Severity.WARNING)
"""What a workbook is returned for."""


class Outcome(StrEnum):
    """What became of a workbook that came in."""

    RETURNED = "returned"
    FINE = "fine"
    SUPERSEDED = "superseded"
    UNREADABLE = "unreadable"
    NOT_WRITTEN = "not written"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a workbook goes back to, and what a text about it needs to know."""

    account: Account
    owner: str
    language: str
    due: datetime.date | None
    send_to: str


@dataclass(frozen=True, slots=True)
class Returned:
    """One workbook that came in: what became of it, for whom it is, and what is to be mended."""

    file: str
    outcome: Outcome
    path: Path | None = None
    """The workbook that was written, or was to be."""
    recipient: Recipient | None = None
    remarks: tuple[Remark, ...] = ()
    """What stands on its tab To fix."""
    findings: tuple[Finding, ...] = ()
    """Why it could not be read or written."""

    @property
    def errors(self) -> int:
        """How many answers could not be read."""
        return sum(each.severity is Severity.ERROR for each in self.remarks)

    @property
    def warnings(self) -> int:
        """How many answers want a look."""
        return sum(each.severity is Severity.WARNING for each in self.remarks)


Work: TypeAlias = tuple[Source, Path]
"""A workbook to be returned, and where it is to be written."""


@dataclass(frozen=True)
class Order:
    """What all workbooks of a run have in common."""

    as_of: datetime.date
    strict: bool = False
    overwrite: bool = False
    inputs: frozenset[str] = frozenset()
    """The workbooks that came in: none of them is ever written over."""


def return_plans(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    as_of: datetime.date | None = None,
    strict: bool = False,
    overwrite: bool = False,
    password: str | Iterable[str] = (),
    jobs: int = 1,
    progress: Callable[[int], AbstractContextManager[Callable[[int], None]]] | None = None,
) -> list[Returned]:
    """Write each workbook with errors or warnings anew, for whoever filled it in to mend, and give what became of each.

    Of several workbooks for one plan only the one that counts is returned. An existing workbook in `out` is left as it is
    unless `overwrite`; those that came in are never touched. `strict` returns repairs as errors. `password` is tried on
    encrypted workbooks; what is returned has none. Raises UsageProblem where a path leads nowhere or the folder cannot be
    written.
    """
    every = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    passwords = [password] if isinstance(password, str) else list(password)
    sources = {source.name: source for source in find(every, passwords)[0]}
    writable(Path(out))
    day = as_of or datetime.date.today()
    portfolio = read_plans(every, as_of=day, strict=strict, password=passwords, jobs=jobs, progress=progress)
    results, to_write = sorted_out(portfolio, sources)
    paths_out = destinations([account for _, account in to_write], Path(out), by_owner=False)
    work = [(sources[file], path) for (file, _), path in zip(to_write, paths_out, strict=True)]
    order = Order(day, strict, overwrite, frozenset(identity(each.path) for each in sources.values()))
    with progress(len(work)) if progress else nullcontext(None) as step:
        for returned in write_all(order, work, jobs):
            results[returned.file] = returned
            if step:
                step(1)
    return list(results.values())


def sorted_out(portfolio: Portfolio, sources: Mapping[str, Source]) -> tuple[dict[str, Returned], list[tuple[str, Account]]]:
    """Tell workbooks that need no writing from those that do, with the account that each is named after."""
    found: dict[str, list[Finding]] = {}
    for record in portfolio.findings[["file", "code", "severity", "message", "hint"]].fillna("").to_dict("records"):
        if record["code"] not in SETTLED:
            finding = Finding(**{str(name): text for name, text in record.items()} | {"severity": Severity(record["severity"])})
            found.setdefault(finding.file, []).append(finding)
    results: dict[str, Returned] = {}
    to_write: list[tuple[str, Account]] = []
    columns = ("file", "state", "account_id", "account")
    for file, state, account_id, account in portfolio["plans"][list(columns)].fillna("").itertuples(index=False):
        results[file] = Returned(file, Outcome.FINE)
        if state == REJECTED:
            results[file] = Returned(file, Outcome.UNREADABLE, findings=tuple(found.get(file, ())))
        elif state == SUPERSEDED:
            results[file] = Returned(file, Outcome.SUPERSEDED)
        elif file in sources and any(each.severity in TO_MEND for each in found.get(file, ())):
            to_write.append((file, Account(account_id, account)))
    return results, to_write


def write_all(order: Order, work: Sequence[Work], jobs: int) -> Iterator[Returned]:
    """Write the workbooks, in several processes where that pays."""
    if jobs <= 1 or len(work) < WORTH_IT:
        yield from (write(order, *each) for each in work)
        return
    done = 0
    sources, paths = zip(*work, strict=True)
    earlier = {path for path in paths if path.exists()}
    try:
        with ProcessPoolExecutor(min(jobs, len(work)), initializer=ignore_interrupts) as pool:
            size = max(1, min(CHUNK, len(work) // (4 * jobs)))
            for returned in pool.map(write, [order] * len(work), sources, paths, chunksize=size):
                yield returned
                done += 1
    except BrokenProcessPool:  # Something stopped a process; what this run had written is written once more, and no older file.
        for source, path in work[done:]:
            yield write(replace(order, overwrite=order.overwrite or path not in earlier), source, path)


def write(order: Order, source: Source, path: Path) -> Returned:
    """Read one workbook and write it anew; where that is not possible, the findings say why."""
    try:
        data, modified = bytes_of(source)
    except Exception as problem:  # As on reading it the first time.
        why = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
        return Returned(source.name, Outcome.UNREADABLE, findings=(remark("file-unreadable", file=source.name, why=why),))
    reading = read_workbook(data, source.name, modified=modified)
    if reading.plan is None:
        return Returned(source.name, Outcome.UNREADABLE, findings=reading.findings)
    findings = as_strict(judge(reading, order.as_of).findings, strict=order.strict)
    mending = to_mend(reading, findings, datetime.date.today())
    whom = recipient(reading.plan)
    if refusal := refused(order, path):
        return Returned(source.name, Outcome.NOT_WRITTEN, path, whom, mending.remarks, (refusal,))
    try:
        write_laid_out(mending.plan, mending.layout, mending.figures, path, notes=mending.notes, remarks=mending.remarks)
    except UsageProblem as problem:
        return Returned(source.name, Outcome.NOT_WRITTEN, path, whom, mending.remarks, problem.findings)
    return Returned(source.name, Outcome.RETURNED, path, whom, mending.remarks)


def as_strict(findings: Iterable[Finding], *, strict: bool) -> list[Finding]:
    """Take repairs for errors, where that is asked for."""
    return [replace(each, severity=Severity.ERROR) if strict and each.severity is Severity.REPAIR else each for each in findings]


def refused(order: Order, path: Path) -> Finding | None:
    """Say why a workbook may not be written there, if it may not."""
    if identity(str(path)) in order.inputs:
        return remark("return-over-input", file=str(path))
    return remark("file-exists", file=str(path)) if path.exists() and not order.overwrite else None


def recipient(plan: Plan) -> Recipient:
    """Say whom a plan's workbook goes back to."""
    return Recipient(plan.account, plan.named("owner"), plan.language, plan.due, plan.blueprint.send_to)
