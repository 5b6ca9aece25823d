"""Many workbooks at once: found wherever they are, each read once, and joined into one portfolio."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from accountsheet import worker
from accountsheet.executors import Hands, hands
from accountsheet.finding import Finding, Severity
from accountsheet.joining import Collection, Entry
from accountsheet.judge import Judged
from accountsheet.packs import Pack, pack, unpacked
from accountsheet.portfolio import Portfolio, of_collection
from accountsheet.reading import Known, Task, chunks, read_task
from accountsheet.restore import Stored, restored
from accountsheet.sources import Source, find, kind_of
from accountsheet.tables import is_tables_folder

if TYPE_CHECKING:
    from distributed import Client

LEAST, MOST = 8, 25
"""Workbooks in a task."""

Path = str | os.PathLike[str]
Step = Callable[[int], None]
"""Told how many more workbooks are done."""
Progress = Callable[[int], AbstractContextManager[Step]]
"""Told how many workbooks there are; shows how far it is."""


@dataclass(frozen=True)
class Found:
    """What paths lead to: workbooks, folders of tables, and remarks on what is neither."""

    sources: Sequence[Source]
    tables: Sequence[Path]
    findings: Sequence[Finding]


def read_plans(
    paths: Path | Iterable[Path],
    *,
    as_of: datetime.date | None = None,
    strict: bool = False,
    jobs: int = 1,
    scheduler: str | Client | None = None,
    password: str | Iterable[str] = (),
    progress: Progress | None = None,
) -> Portfolio:
    """Read workbooks, folders, globs, zips or URLs into a Portfolio. A bad workbook never raises: its findings say what is wrong.

    A folder with nothing but tables that `import` wrote is taken for the workbooks that they came from. `jobs` processes
    share the work, or the workers of a Dask cluster: `scheduler` is its address or client. `strict` makes repairs errors.
    `password` is tried on encrypted workbooks, each where there are several. Raises UsageProblem where a path leads nowhere.
    """
    found = looked_through(paths, password)
    if not found.sources and not found.findings and len(found.tables) == 1 and not strict:
        tables = Stored(found.tables[0])
        return Portfolio(tables, tables.blueprints)
    with hands(jobs, scheduler) as workers:
        return of_collection(collected(found, as_of or datetime.date.today(), workers, strict=strict, progress=progress))


def looked_through(paths: Path | Iterable[Path], password: str | Iterable[str] = ()) -> Found:
    """Find what paths lead to; raises UsageProblem."""
    passwords = [password] if isinstance(password, str) else list(password)
    every = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    tables = [path for path in every if not kind_of(os.fspath(path)) and is_tables_folder(path) and not find([path])[0]]
    sources, findings = find([path for path in every if path not in tables], passwords)
    if sources:
        worker.prepare()
        import pandas  # noqa: F401  # both take their time to start: let it be the same time
    return Found(sources, tables, findings)


def collected(
    found: Found,
    as_of: datetime.date,
    workers: Hands,
    *,
    strict: bool = False,
    progress: Progress | None = None,
    before: Iterable[Pack] = (),
    keep: str = "",
) -> Collection:
    """Read what was found, and settle what counts. What was read `before` and has not changed is not read again.

    New packs are kept in a folder where `keep` names one.
    """
    earlier = list(before)
    at = {workbook.file: (pack, place) for pack in earlier for place, workbook in enumerate(pack.workbooks) if workbook.lasting}
    known = {file: known_of(*where) for file, where in at.items()}
    with progress(len(found.sources)) if progress else nullcontext(None) as step:
        fresh = read_all(found.sources, as_of, workers, known=known, keep=keep, progress=step)
    at |= {workbook.file: (pack, place) for pack in fresh for place, workbook in enumerate(pack.workbooks)}
    bad = [Judged(each.file, findings=(each,)) for each in found.findings if each.severity is Severity.ERROR]
    others = [each for each in found.findings if each.severity is not Severity.ERROR]
    more = [*([unpacked(pack(bad))] if bad else []), *map(restored, found.tables)]
    wanted = [at[source.name] for source in found.sources]
    read = {(pack.workbooks[place].file, pack.workbooks[place].sha256) for pack, place in wanted}
    wanted += [
        (pack, place)
        for pack in more
        for place, workbook in enumerate(pack.workbooks)
        if (workbook.file, workbook.sha256) not in read  # tables and the very workbooks that they were made of
    ]
    numbers: dict[int, int] = {}
    packs: dict[int, Pack] = {}
    entries = []
    for pack_of_it, place in wanted:
        number = numbers.setdefault(id(pack_of_it), len(numbers))
        packs[number] = pack_of_it
        entries.append(Entry(number, place))
    return Collection(packs, entries, strict=strict).settled(others)


def known_of(pack: Pack, place: int) -> Known:
    """Say by what a workbook that was read before is known again."""
    workbook = pack.workbooks[place]
    return Known(workbook.sha256, workbook.modified, workbook.own_date)


def read_all(
    sources: Sequence[Source],
    as_of: datetime.date,
    workers: Hands,
    *,
    known: Mapping[str, Known] | None = None,
    keep: str = "",
    progress: Step | None = None,
) -> list[Pack]:
    """Read workbooks, and give them packed, in no order; one that kills its process takes no other down."""
    told = progress or (lambda done: None)
    task = Task((), as_of, keep=keep, folder=os.getcwd())
    tasks = []
    for chunk in chunks(sources, workers.count, LEAST, MOST):
        mine = {source.name: known[source.name] for source in chunk if source.name in known} if known else {}
        tasks.append(replace(task, sources=chunk, known=mine))
    packs: list[Pack] = []
    for number, read in workers.done(read_task, tasks):
        told(len(tasks[number].sources))
        packs += read
    return packs
