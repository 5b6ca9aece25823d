"""Workbooks read and judged, some at a time, where they can do no harm: in a process of its own, bounded and watched."""

from __future__ import annotations

import datetime
import hashlib
import os
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from accountsheet import worker
from accountsheet.finding import Finding
from accountsheet.judge import Judged, judge
from accountsheet.packs import Pack, pack, unpacked
from accountsheet.phrases import remark
from accountsheet.reader import read_workbook
from accountsheet.sources import Source, bytes_of
from accountsheet.storage import keep, reason

Content: TypeAlias = tuple[bytes, datetime.datetime | None]
"""A workbook's bytes, and its file's date."""
TOGETHER = 8
"""Workbooks that are fetched from elsewhere at a time."""
LOCKED = frozenset({"workbook-locked", "locked-document"})
"""Remarks on a workbook that another password may open."""
PASSING = LOCKED | {"file-unreadable", "reading-failed", "workbook-kills", "workbook-endless", "blueprint-gone", "meta-gone"}
"""Remarks that may not be made the next time, though the workbook's bytes are the same."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of a workbook before: its bytes, and its file's date where it has none of its own."""

    sha256: str
    modified: datetime.datetime | None = None
    own_date: bool = True


@dataclass(frozen=True)
class Task:
    """Some workbooks to be read."""

    sources: tuple[Source, ...]
    as_of: datetime.date
    """The day that overdue is judged on."""
    known: Mapping[str, Known] = field(default_factory=dict)
    """What was read before, by file: that is not read again where nothing has changed."""
    keep: str = ""
    """The folder that the pack is kept in; else it is given back whole."""
    folder: str = ""
    """Where relative paths start: whoever reads may stand elsewhere."""
    fetched: Mapping[Source, Content | str] = field(default_factory=dict)
    """What was fetched from elsewhere, or why it could not be: only this process may know how to get there."""


def read_task(task: Task) -> list[Pack]:
    """Read the workbooks of a task, and give them packed; what one of them does to its reader is a finding on that one."""
    return [kept(content, task.keep) for part in at_hand(task) for content in read_guarded(part)]


def at_hand(task: Task) -> Iterator[Task]:
    """Fetch what is elsewhere, some at a time."""
    near = tuple(source for source in task.sources if "://" not in source.path)
    far = [source for source in task.sources if "://" in source.path]
    if near:
        yield replace(task, sources=near)
    with ThreadPoolExecutor(TOGETHER) as threads:
        for start in range(0, len(far), TOGETHER):
            some = tuple(far[start : start + TOGETHER])
            yield replace(task, sources=some, fetched=dict(zip(some, threads.map(fetch, some), strict=True)))


def fetch(source: Source, folder: str = "") -> Content | str:
    """Give a workbook's bytes and date, or say why they are not to be had."""
    try:
        return bytes_of(replace(source, path=os.path.join(folder, source.path)) if folder else source)
    except Exception as problem:  # Files, zips and file systems over the network have errors of every kind.
        return reason(problem)


def kept(content: bytes, folder: str) -> Pack:
    """Keep a pack in a folder, or in memory where there is none."""
    given = unpacked(content)
    return given.kept_at(keep(content, folder)) if folder and given.workbooks else given


def read_guarded(task: Task) -> Iterator[bytes]:
    """Read workbooks in a process; where that dies, those before the culprit and after it are read again, and it alone."""
    try:
        with worker.borrowed() as process:
            yield process.call(read_packed, task)
    except worker.Stopped as problem:
        if problem.why == "ended":  # as everything is
            raise
        at = min(problem.done, len(task.sources) - 1)
        if len(task.sources) == 1 or problem.why == "time":  # its time is its own; memory it may have shared with others
            yield pack([rejected(task.sources[at], culprit(task.sources[at], problem.why))])
            rest = [task.sources[:at], task.sources[at + 1 :]]
        else:
            rest = [task.sources[:at], task.sources[at : at + 1], task.sources[at + 1 :]]
        for sources in filter(None, rest):
            yield from read_guarded(replace(task, sources=sources))


def culprit(source: Source, why: worker.Why) -> Finding:
    """Say what a workbook did to the process that read it."""
    match why:
        case "time":
            return remark("workbook-endless", file=source.name, seconds=round(worker.SECONDS))
        case "memory":
            return remark("workbook-too-large", file=source.name, why=f"> {worker.MEGABYTES} MB")
    return remark("workbook-kills", file=source.name)


def read_packed(task: Task, beat: worker.Beat = lambda: None) -> bytes:
    """Read the workbooks of a task one after the other: what happens in the process."""
    judged: list[Judged] = []
    lasting: list[tuple[bool, bool]] = []
    for source in task.sources:
        content = task.fetched.get(source) or fetch(source, task.folder)
        found = read_source(source, content, task.as_of, task.known.get(source.name))
        if found is not None:
            judged.append(found[0])
            passing = PASSING.intersection(each.code for each in found[0].findings)
            lasting.append((bool(found[0].sha256) and not passing, found[1]))
        beat()
    return pack(judged, lasting)


def read_source(
    source: Source, content: Content | str, as_of: datetime.date, known: Known | None = None
) -> tuple[Judged, bool] | None:
    """Read and judge one workbook, and say whether it has a date of its own; nothing if it is as it was known.

    Whatever goes wrong is a finding.
    """
    if isinstance(content, str):
        return rejected(source, remark("file-unreadable", file=source.name, why=content)), False
    data, file_date = content
    if known and known.sha256 == hashlib.sha256(data).hexdigest() and (known.own_date or known.modified == file_date):
        return None
    try:
        judged = judge(read_workbook(data, source.name, modified=file_date), as_of)
        return judged, judged.modified != file_date
    except Exception as problem:  # Ours to mend, and no reason to lose all other workbooks.
        last = traceback.extract_tb(problem.__traceback__)[-1]
        why = f"{type(problem).__name__} in {os.path.basename(last.filename)}, line {last.lineno}: {problem}"
        return rejected(source, remark("reading-failed", file=source.name, why=why)), False


def rejected(source: Source, finding: Finding) -> Judged:
    """Give a workbook that could not be read."""
    return Judged(source.name, findings=(finding,))


def chunks(sources: Sequence[Source], hands: int, least: int, most: int) -> Iterator[tuple[Source, ...]]:
    """Cut workbooks into tasks: large enough to pay, small enough that all hands end at about the same time."""
    size = max(least, min(most, -(-len(sources) // (4 * hands))))
    for start in range(0, len(sources), size):
        yield tuple(sources[start : start + size])
