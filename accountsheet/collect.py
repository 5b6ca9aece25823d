"""Many workbooks at once: read in this process or several, with progress."""

from __future__ import annotations

import datetime
import os
import traceback
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import replace

from accountsheet.finding import Finding, Severity
from accountsheet.judge import Judged, judge
from accountsheet.phrases import remark
from accountsheet.portfolio import Portfolio, assemble, worst
from accountsheet.reader import read_workbook
from accountsheet.restore import restored
from accountsheet.sources import Source, bytes_of, find
from accountsheet.tables import is_tables_folder

CHUNK = 25
"""Workbooks in a task at most."""
WORTH_IT = 16
"""Workbooks from which more processes pay."""

OWN = "own-summary"
"""The remark on a workbook that `portfolio` made: it is no plan that somebody sent."""

Step = Callable[[int], None]
"""Told how many more workbooks are done."""


def read_plans(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    as_of: datetime.date | None = None,
    strict: bool = False,
    jobs: int = 1,
    progress: Callable[[int], AbstractContextManager[Step]] | None = None,
) -> Portfolio:
    """Read workbooks, folders, globs, zips or URLs into a Portfolio. A bad workbook never raises: its findings say what is wrong.

    A folder with nothing but tables that `import` wrote is taken for the workbooks that they came from. Raises
    UsageProblem where a path leads nowhere. `strict` makes repairs errors.
    """
    every = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    tables = [path for path in every if is_tables_folder(path) and not find([path])[0]]
    sources, findings = find(path for path in every if path not in tables)
    with progress(len(sources)) if progress else nullcontext(None) as step:
        judged = read_all(sources, as_of or datetime.date.today(), jobs=jobs, progress=step)
    judged += [Judged(each.file, findings=(each,)) for each in findings if each.severity is Severity.ERROR]
    findings = [each for each in findings if each.severity is not Severity.ERROR]
    findings += [finding for each in judged for finding in each.findings if finding.code == OWN]
    judged = [each for each in judged if OWN not in (finding.code for finding in each.findings)]
    for folder in tables:
        before, others = restored(folder)
        judged += before
        findings += others
    if strict:
        judged = [replace(each, findings=tuple(worst(each.findings, strict=True))) for each in judged]
    return assemble(judged, findings)


def read_all(sources: Sequence[Source], as_of: datetime.date, *, jobs: int = 1, progress: Step | None = None) -> list[Judged]:
    """Read workbooks in order, in several processes where that pays; one that kills its process takes no other down."""
    told = progress or (lambda done: None)
    if jobs <= 1 or len(sources) < WORTH_IT:
        results = []
        for source in sources:
            results.append(read_source(source, as_of))
            told(1)
        return results
    size = min(CHUNK, -(-len(sources) // (4 * jobs)))
    chunks = [sources[start : start + size] for start in range(0, len(sources), size)]
    done: dict[int, list[Judged]] = {}
    while waiting := [number for number in range(len(chunks)) if number not in done]:
        read_together(chunks, waiting, as_of, jobs, done, told)
        # A process that died was at work on one of the first chunks that are left.
        for number in [number for number in waiting if number not in done][:jobs]:
            done[number] = [read_apart(source, as_of) for source in chunks[number]]
            told(len(chunks[number]))
    return [judged for number in range(len(chunks)) for judged in done[number]]


def read_together(
    chunks: Sequence[Sequence[Source]],
    waiting: Sequence[int],
    as_of: datetime.date,
    jobs: int,
    done: dict[int, list[Judged]],
    told: Step,
) -> None:
    """Read chunks in a pool, and note in `done` those that were read before the pool broke, if it did."""
    with ProcessPoolExecutor(min(jobs, len(waiting))) as pool:
        futures: dict[int, Future[list[Judged]]] = {}
        with suppress(BrokenProcessPool):
            for number in waiting:
                futures[number] = pool.submit(read_chunk, chunks[number], as_of)
        for number, future in futures.items():
            with suppress(BrokenProcessPool):
                done[number] = future.result()
                told(len(chunks[number]))


def read_chunk(sources: Sequence[Source], as_of: datetime.date) -> list[Judged]:
    """Read some workbooks: the work of one task."""
    return [read_source(source, as_of) for source in sources]


def read_apart(source: Source, as_of: datetime.date) -> Judged:
    """Read one workbook in a process of its own, since one of its neighbours killed theirs."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(read_source, source, as_of).result()
        except BrokenProcessPool:
            return rejected(source, remark("workbook-kills", file=source.name))


def read_source(source: Source, as_of: datetime.date) -> Judged:
    """Read and judge one workbook; whatever goes wrong is a finding."""
    try:
        data, modified = bytes_of(source)
    except Exception as problem:  # Files, zips and file systems over the network have errors of every kind.
        return rejected(source, remark("file-unreadable", file=source.name, why=reason(problem)))
    try:
        return judge(read_workbook(data, source.name, modified=modified), as_of)
    except Exception as problem:  # Ours to mend, and no reason to lose all other workbooks.
        last = traceback.extract_tb(problem.__traceback__)[-1]
        why = f"{type(problem).__name__} in {os.path.basename(last.filename)}, line {last.lineno}: {problem}"
        return rejected(source, remark("reading-failed", file=source.name, why=why))


def rejected(source: Source, finding: Finding) -> Judged:
    """Give a workbook that could not be read."""
    return Judged(source.name, findings=(finding,))


def reason(problem: Exception) -> str:
    """Say in short what went wrong."""
    return getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
