"""Blank workbooks for accounts, prefilled with what is known already."""

from __future__ import annotations

import datetime
import difflib
import errno
import os
import signal
import statistics
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from accountsheet.accounts import Account, Accounts, accounts_from
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.dates import read_date
from accountsheet.files import safe_file_name
from accountsheet.finding import Finding, UsageProblem
from accountsheet.judge import TABLES
from accountsheet.kind import INDEX, column_of
from accountsheet.phrases import remark
from accountsheet.plan import new_plan
from accountsheet.prefill import ACCOUNT, Known, known_from, prefilled
from accountsheet.stamp import stamp_plan

if TYPE_CHECKING:
    import pandas

CHUNK = 50
"""Workbooks in a task at most."""
TRIED = 20
"""Workbooks that are made first, to see how long one takes."""
WORTH_IT = 2.0
"""Seconds of work from which more processes pay: each takes its time to get going."""


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook that was made, or why it was not."""

    account: Account
    path: Path
    findings: tuple[Finding, ...] = ()
    written: bool = True


@dataclass(frozen=True)
class Order:
    """What all workbooks of a run have in common."""

    blueprint: Blueprint
    language: str
    """The language of every workbook; where empty, each account's own."""
    year: int
    due: datetime.date | None = None
    known: Mapping[str, Known] = field(default_factory=dict)
    """What is known of the accounts beforehand."""
    overwrite: bool = False


@dataclass(frozen=True)
class Task:
    """Some of the work of a run, with what is known of these accounts."""

    work: Sequence[tuple[Account, Path]]
    known: Mapping[str, Known]


def generate(
    blueprint: Blueprint,
    accounts: Accounts,
    out: str | os.PathLike[str],
    *,
    language: str = "",
    year: int | None = None,
    due: datetime.date | None = None,
    data: str | os.PathLike[str] | Mapping[str, pandas.DataFrame] | None = None,
    by_owner: bool = False,
    overwrite: bool = False,
    jobs: int = 1,
) -> list[Made]:
    """Make one blank workbook for each account, and give what was made.

    `accounts` are accounts, a frame or the path of an accounts file; `language` overrules theirs; `year` is the plan's
    current year, by default this one; `data` are tables as `import` writes them, to prefill from. An existing workbook is
    left as it is unless `overwrite`, since a rep may have typed in it. `jobs` processes share the work. Raises UsageProblem
    where accounts or data cannot be read, for a language that the blueprint has not, and for a folder that cannot be written.
    """
    given, findings = accounts_from(accounts)
    tables = tables_of(data)
    findings += remarks_on(tables, blueprint)
    order = Order(blueprint, language, year or datetime.date.today().year, due, known_from(tables), overwrite)
    made = list(make_all(order, given, Path(out), by_owner=by_owner, jobs=jobs))
    if findings and made:
        made[0] = replace(made[0], findings=(*findings, *made[0].findings))
    return made


def tables_of(data: str | os.PathLike[str] | Mapping[str, pandas.DataFrame] | None) -> Mapping[str, pandas.DataFrame]:
    """Take tables, or read them from a folder."""
    if data is None:
        return {}
    if isinstance(data, (str, os.PathLike)):
        from accountsheet.tables import read_tables

        return read_tables(data)
    return data


def make_all(order: Order, accounts: Sequence[Account], out: Path, *, by_owner: bool = False, jobs: int = 1) -> Iterator[Made]:
    """Make the workbooks, in several processes where that pays; the accounts keep their order. Raises UsageProblem."""
    if order.language and order.language not in order.blueprint.languages:
        known = ", ".join(order.blueprint.languages)
        raise UsageProblem(remark("language-not-here", name=order.language, blueprint=order.blueprint.id, known=known))
    writable(out)
    if order.blueprint.audience == "owner":
        accounts = owners(accounts)
    work = list(zip(accounts, destinations(accounts, out, by_owner=by_owner), strict=True))
    took = []
    for account, path in work[:TRIED]:
        start = time.perf_counter()
        made_here = make(order, account, path)
        took.append(time.perf_counter() - start)
        yield made_here
    work = work[TRIED:]
    if jobs <= 1 or not work or statistics.median(took) * len(work) < WORTH_IT:
        yield from make_some(order, work)
        return
    size = min(CHUNK, -(-len(work) // (4 * jobs)))
    chunks = [work[start : start + size] for start in range(0, len(work), size)]
    done = 0
    earlier = {path for _, path in work if path.exists()}
    try:
        with ProcessPoolExecutor(min(jobs, len(chunks)), initializer=begin, initargs=(replace(order, known={}),)) as pool:
            for made in pool.map(make_apart, (task_of(order, chunk) for chunk in chunks)):
                yield from made
                done += len(made)
    except BrokenProcessPool:  # Something stopped a process; what this run had written is written once more, and no older file.
        for account, path in work[done:]:
            yield make(replace(order, overwrite=order.overwrite or path not in earlier), account, path)


def owners(accounts: Iterable[Account]) -> list[Account]:
    """Make one account of each owner's: a blueprint may ask for a workbook an owner, with all of their accounts in it."""
    grouped: dict[str, list[Account]] = {}
    for account in accounts:
        grouped.setdefault(account.owner, []).append(account)
    return [
        replace(theirs[0], account_id=owner or "–", account=owner or "–", segment="", region="", industry="", answers={},
                accounts=tuple((each.account_id, each.account) for each in theirs))
        for owner, theirs in grouped.items()
    ]  # fmt: skip


_orders: list[Order] = []
"""The order that a process works on."""


def ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that began this one: interrupted while it holds a queue, it would hang them all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def begin(order: Order) -> None:
    """Begin a process."""
    ignore_interrupts()
    _orders[:] = [order]


def task_of(order: Order, work: Sequence[tuple[Account, Path]]) -> Task:
    """Make a task of some work."""
    ids = [account.account_id for account, _ in work]
    return Task(work, {name: table.about(ids) for name, table in order.known.items()})


def make_apart(task: Task) -> list[Made]:
    """Make some workbooks, in a process that has begun."""
    return list(make_some(replace(_orders[0], known=task.known), task.work))


def make_some(order: Order, work: Iterable[tuple[Account, Path]]) -> Iterator[Made]:
    """Make some workbooks."""
    return (make(order, account, path) for account, path in work)


def make(order: Order, account: Account, path: Path) -> Made:
    """Make one workbook; where that is not possible, the findings say why."""
    if path.exists() and not order.overwrite:
        return Made(account, path, (remark("file-exists", file=str(path)),), written=False)
    asked = order.language or account.language or order.blueprint.languages[0]
    language = asked if asked in order.blueprint.languages else order.blueprint.languages[0]
    findings: list[Finding] = []
    if language != asked:
        findings.append(remark("account-language", name=asked, account=account.account_id, chosen=language))
    day, late = (order.due, None) if order.due else due_day(account, language, order.year)
    plan, remarks = new_plan(order.blueprint, account, language=language, year=order.year, due=day)
    plan, more = prefilled(plan, order.known)
    findings += [*remarks, *filter(None, [late]), *more]
    try:
        findings += stamp_plan(plan, path)
    except UsageProblem as problem:
        return Made(account, path, (*findings, *problem.findings), written=False)
    return Made(account, path, tuple(finding.at(file=str(path)) for finding in findings))


def writable(folder: Path) -> None:
    """Make a folder, if need be; raises UsageProblem where nothing can be written in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        why = "there is a file by that name" if folder.is_file() else problem.strerror or str(problem)
        raise UsageProblem(remark("cannot-write", file=folder, why=why)) from problem
    if not os.access(folder, os.W_OK):
        raise UsageProblem(remark("cannot-write", file=folder, why=os.strerror(errno.EACCES)))


def destinations(accounts: Iterable[Account], out: Path, *, by_owner: bool) -> list[Path]:
    """Give each account a file of its own, whatever the case of its letters."""
    taken: set[str] = set()
    paths = []
    for account in accounts:
        folder = out / safe_file_name(account.owner) if by_owner and account.owner else out
        stem = safe_file_name(" ".join(dict.fromkeys((account.account_id, account.account))))
        path, number = folder / f"{stem}.xlsx", 1
        while str(path).casefold() in taken:
            number += 1
            path = folder / f"{stem} ({number}).xlsx"
        taken.add(str(path).casefold())
        paths.append(path)
    return paths


def due_day(account: Account, language: str, year: int) -> tuple[datetime.date | None, Finding | None]:
    """Read the day to hand in by that the accounts file gives, and remark where it is none."""
    day = read_date(account.due, language, year).value if account.due else None
    return day, remark("not-a-date", language, raw=account.due) if account.due and day is None else None


def remarks_on(tables: Mapping[str, pandas.DataFrame], blueprint: Blueprint) -> list[Finding]:
    """Remark on tables and columns that nothing is filled in from; those that `import` always writes are no surprise."""
    findings = []
    for name, table in tables.items():
        block = blueprint.blocks.get(name)
        if block is None:
            near = difflib.get_close_matches(name, blueprint.blocks, 1, 0.75)
            if name not in TABLES and (near or not any(other in blueprint.blocks for other in tables)):
                findings.append(remark("table-unused", block=name, name=blueprint.id, near=near[0] if near else "contacts"))
            continue
        if ACCOUNT not in table.columns:
            findings.append(remark("table-without-account", block=name))
        known = {
            *INDEX,
            "row",
            "of_year",
            *kinds()[block.kind].index(block),
            *(column_of(block, question) for question in block.fields.values()),
        }
        strange = [column for column in table.columns if column not in known]
        findings += [remark("prefill-unknown", name=f"{name}.{column}", block=name) for column in strange]
    return findings
