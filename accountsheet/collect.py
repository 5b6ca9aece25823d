"""Many workbooks at once: files found, read in this process or several, with progress."""

from __future__ import annotations

import datetime
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from accountsheet.finding import Finding, UsageProblem
from accountsheet.judge import Judged, judge
from accountsheet.phrases import remark
from accountsheet.portfolio import Portfolio, assemble, worst
from accountsheet.reader import read_workbook

SUFFIXES = (".xlsx", ".xlsm")
OTHERS = (".xls", ".xlsb", ".ods", ".numbers", ".gsheet")
"""Workbooks of other forms: named, so that nobody thinks they were read."""
CHUNK = 25
LARGEST_IN_ZIP = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook to be read: a file, or a member of a zip."""

    path: str
    member: str = ""

    @property
    def name(self) -> str:
        """How the file is called in findings."""
        return f"{self.path}/{self.member}" if self.member else self.path


class Progress(Protocol):
    """Told of each file that is done."""

    def __call__(self, done: int, total: int) -> None: ...


def find(paths: Iterable[str | os.PathLike[str]]) -> tuple[list[Source], list[Finding]]:
    """Find the workbooks in files, folders, globs, zips and URLs, each once; raises UsageProblem where a path leads nowhere."""
    sources: dict[Source, None] = {}
    findings: list[Finding] = []
    for path in paths:
        for each in expanded(os.fspath(path)):
            name = os.path.basename(each)
            if name.startswith(("~$", ".~lock", "._")) or name.startswith(".") or name.endswith(".tmp"):
                if name.startswith(("~$", ".~lock")):
                    findings.append(remark("lock-file", file=each))
            elif name.lower().endswith(".zip"):
                members, remarks = zip_members(each)
                sources |= dict.fromkeys(members)
                findings += remarks
            elif name.lower().endswith(SUFFIXES):
                sources[Source(each)] = None
            elif name.lower().endswith(OTHERS):
                findings.append(remark("other-form", file=each))
    return list(sources), findings


def expanded(path: str) -> Iterator[str]:
    """Go through the files that a path means."""
    if "://" in path:
        import fsspec

        system, inside = fsspec.core.url_to_fs(path)
        prefix = path.partition("://")[0]
        found = system.glob(inside) if any(sign in inside for sign in "*?[") else system.find(inside)
        if not found:
            raise UsageProblem(remark("path-missing", file=path))
        yield from (f"{prefix}://{each}" for each in sorted(found))
        return
    given = Path(path)
    if given.is_dir():
        yield from sorted(str(each) for each in given.rglob("*") if each.is_file())
    elif given.exists():
        yield str(given)
    elif any(sign in path for sign in "*?["):
        found = [str(each) for each in globbed(path)]
        if not found:
            raise UsageProblem(remark("path-missing", file=path))
        yield from found
    else:
        raise UsageProblem(remark("path-missing", file=path))


def globbed(pattern: str) -> list[Path]:
    """Expand a pattern, as a shell that does not would have."""
    import glob

    return sorted(Path(each) for each in glob.glob(pattern, recursive=True) if Path(each).is_file())


def zip_members(path: str) -> tuple[list[Source], list[Finding]]:
    """List the workbooks in a zip."""
    try:
        with opened(path) as stream, zipfile.ZipFile(stream) as archive:
            infos = [info for info in archive.infolist() if info.filename.lower().endswith(SUFFIXES)]
    except (zipfile.BadZipFile, OSError) as problem:
        return [], [remark("workbook-damaged", file=path, why=str(problem))]
    names = [info.filename for info in infos if not os.path.basename(info.filename).startswith(("~$", "._"))]
    return [Source(path, name) for name in dict.fromkeys(names)], []


def opened(path: str) -> Any:
    """Open a local file or URL for reading bytes."""
    if "://" in path:
        import fsspec

        return fsspec.open(path, "rb").open()
    return open(path, "rb")  # noqa: SIM115 -- the caller closes it


def read_source(source: Source, as_of: datetime.date) -> Judged:
    """Read and judge one workbook; whatever goes wrong is a finding."""
    try:
        data, modified = bytes_of(source)
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, KeyError, ValueError) as problem:
        return Judged(source.name, findings=(remark("file-unreadable", file=source.name, why=str(problem) or type(problem).__name__),))
    try:
        return judge(read_workbook(data, source.name, modified=modified), as_of)
    except RecursionError as problem:
        return Judged(source.name, findings=(remark("workbook-damaged", file=source.name, why=str(problem)),))


def bytes_of(source: Source) -> tuple[bytes, datetime.datetime | None]:
    """Give a workbook's bytes and its file's date."""
    if source.member:
        with opened(source.path) as stream, zipfile.ZipFile(stream) as archive:
            info = archive.getinfo(source.member)
            if info.file_size > LARGEST_IN_ZIP:
                raise ValueError("too large")
            with archive.open(info) as member:
                return member.read(LARGEST_IN_ZIP + 1), datetime.datetime(*info.date_time)
    with opened(source.path) as stream:
        data = stream.read(LARGEST_IN_ZIP + 2)
    modified = None if "://" in source.path else datetime.datetime.fromtimestamp(os.stat(source.path).st_mtime)
    return data, modified


def read_chunk(sources: Sequence[Source], as_of: datetime.date) -> list[Judged]:
    """Read some workbooks: the work of one task."""
    return [read_source(source, as_of) for source in sources]


def read_all(
    sources: Sequence[Source], as_of: datetime.date, *, jobs: int = 1, progress: Callable[[int], None] | None = None
) -> list[Judged]:
    """Read workbooks in order, in several processes where that pays; one that kills its process takes no other down."""
    if jobs <= 1 or len(sources) < 2 * CHUNK:
        results = []
        for source in sources:
            results.append(read_source(source, as_of))
            if progress:
                progress(1)
        return results
    chunks = [sources[start : start + CHUNK] for start in range(0, len(sources), CHUNK)]
    gathered: list[Judged] = []
    with ProcessPoolExecutor(jobs) as pool:
        futures: list[Future[list[Judged]]] = [pool.submit(read_chunk, chunk, as_of) for chunk in chunks]
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                gathered += future.result()
            except BrokenProcessPool:
                gathered += [read_apart(source, as_of) for source in chunk]
            if progress:
                progress(len(chunk))
    return gathered


def read_apart(source: Source, as_of: datetime.date) -> Judged:
    """Read one workbook in a process of its own, since one of its neighbours killed theirs."""
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(read_source, source, as_of).result()
        except BrokenProcessPool:
            return Judged(source.name, findings=(remark("workbook-kills", file=source.name),))


def read_plans(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    as_of: datetime.date | None = None,
    strict: bool = False,
    jobs: int = 1,
    progress: Callable[[int], AbstractContextManager[Callable[[int], None]]] | None = None,
) -> Portfolio:
    """Read workbooks, folders, globs or zips into a Portfolio. Never raises for a bad workbook: its findings say what is wrong.

    Raises UsageProblem where a path leads nowhere. `strict` makes repairs errors.
    """
    sources, findings = find([paths] if isinstance(paths, (str, os.PathLike)) else paths)
    with progress(len(sources)) if progress else nullcontext(None) as step:
        judged = read_all(sources, as_of or datetime.date.today(), jobs=jobs, progress=step)
    judged += [Judged(finding.file, findings=(finding,)) for finding in findings]
    if strict:
        judged = [replace(each, findings=tuple(worst(each.findings, strict=True))) for each in judged]
    return assemble(judged)


