"""Where workbooks are found: files, folders, globs, zips and URLs."""

from __future__ import annotations

import datetime
import glob
import os
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import remark
from accountsheet.tables import written_files

SUFFIXES = (".xlsx", ".xlsm")
OTHERS = (".xls", ".xlsb", ".ods", ".fods", ".xlt", ".xltx", ".xltm", ".numbers", ".gsheet")
"""Workbooks of other forms: named, so that nobody thinks they were read."""
LOCKS = ("~$", ".~lock")
LARGEST = 50 * 2**20
"""Bytes of a workbook that are read at most; the reader refuses one that has more."""


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook to be read: a file, or a member of a zip."""

    path: str
    member: str = ""

    @property
    def name(self) -> str:
        """How the file is called in findings."""
        return f"{self.path}/{self.member}" if self.member else self.path


def find(paths: Iterable[str | os.PathLike[str]]) -> tuple[list[Source], list[Finding]]:
    """Find the workbooks in files, folders, globs, zips and URLs, each once; raises UsageProblem where a path leads nowhere."""
    sources: dict[tuple[str, str], Source] = {}
    findings: list[Finding] = []
    for path in [os.fspath(each) for each in paths]:
        for each in expanded(path, findings):
            for source, problem in looked_at(each, named=each == path):
                if source:
                    sources.setdefault((identity(source.path), source.member), source)
                if problem:
                    findings.append(problem)
    return list(sources.values()), findings


def looked_at(path: str, *, named: bool) -> Iterator[tuple[Source | None, Finding | None]]:
    """Say what a file is to us: a workbook, a zip of them, or something else; one that a user named is never passed over."""
    kind = kind_of(path)
    if kind == "lock":
        yield None, remark("lock-file", file=path)
    elif os.path.basename(path).startswith(".") and not named:
        return
    elif kind == "workbook":
        yield Source(path), None
    elif kind == "zip":
        yield from zip_members(path)
    elif kind == "other":
        yield None, remark("other-form", file=path)
    elif named:
        yield None, remark("no-workbook", file=path)


def kind_of(name: str) -> str:
    """Tell by a file's name what it is: workbook, zip, other (a workbook that is not read), lock, or nothing."""
    base = os.path.basename(name).lower()
    if base.startswith(LOCKS):
        return "lock"
    kinds = {"workbook": SUFFIXES, "zip": (".zip",), "other": OTHERS}
    return next((kind for kind, suffixes in kinds.items() if base.endswith(suffixes)), "")


def identity(path: str) -> str:
    """Give what is the same for two spellings of one path."""
    return path if "://" in path else os.path.normcase(os.path.realpath(path))


def expanded(path: str, findings: list[Finding]) -> list[str]:
    """Give the files that a path means; a folder within it that cannot be looked into is a finding."""
    if "://" in path:
        return at_url(path)
    if os.path.isdir(path):
        return inside(path, findings)
    if os.path.exists(path):
        return [path]
    matches = sorted(glob.glob(path, recursive=True))
    if not matches:
        raise UsageProblem(remark("path-missing", file=path))
    every = (file for match in matches for file in (inside(match, findings) if os.path.isdir(match) else [match]))
    return list(dict.fromkeys(every))


def inside(folder: str, findings: list[Finding]) -> list[str]:
    """Give all files below a folder, but for tables that `import` wrote there."""
    found: list[str] = []
    for place, folders, names in os.walk(folder, onerror=lambda problem: findings.append(refused(problem, folder))):
        folders.sort()
        ours = written_files(place)
        found += [os.path.join(place, name) for name in sorted(names) if name not in ours]
    return found


def refused(problem: OSError, folder: str) -> Finding:
    """Remark on a folder that cannot be looked into."""
    return remark("path-unreachable", file=problem.filename or folder, why=problem.strerror or str(problem))


def at_url(url: str) -> list[str]:
    """Give the files at a URL that fsspec knows: one, a folder's, or those of a glob."""
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(url)
        found = system.glob(path) if any(sign in path for sign in "*?[") else system.find(path)
    except Exception as problem:  # Every file system has errors of its own.
        raise UsageProblem(remark("path-unreachable", file=url, why=str(problem) or type(problem).__name__)) from problem
    if not found:
        raise UsageProblem(remark("path-missing", file=url))
    return [f"{url.partition('://')[0]}://{each}" for each in sorted(found)]


def zip_members(path: str) -> Iterator[tuple[Source | None, Finding | None]]:
    """Go through the workbooks in a zip, and name what was left in it."""
    try:
        with opened(path) as stream, zipfile.ZipFile(stream) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
    except Exception as problem:  # A broken zip raises anything; so does a file system.
        yield None, remark("workbook-damaged", file=path, why=str(problem) or type(problem).__name__)
        return
    for name in dict.fromkeys(names):
        kind, source = kind_of(name), Source(path, name)
        if kind == "lock":
            yield None, remark("lock-file", file=source.name)
        elif kind == "workbook" and not os.path.basename(name).startswith("."):
            yield source, None
        elif kind == "zip":
            yield None, remark("zip-in-zip", file=source.name)
        elif kind == "other":
            yield None, remark("other-form", file=source.name)


def opened(path: str) -> Any:
    """Open a local file or URL for reading bytes."""
    if "://" in path:
        import fsspec

        return fsspec.open(path, "rb").open()
    return open(path, "rb")


def bytes_of(source: Source) -> tuple[bytes, datetime.datetime | None]:
    """Give a workbook's bytes and its file's date (UTC; in a zip, the clock of whoever packed it). Raises what opening raises."""
    if source.member:
        with opened(source.path) as stream, zipfile.ZipFile(stream) as archive:
            info = archive.getinfo(source.member)
            with archive.open(info) as member:
                return member.read(LARGEST + 1), packed_at(info)
    with opened(source.path) as stream:
        data = stream.read(LARGEST + 1)
    if "://" in source.path:
        return data, None
    changed = os.stat(source.path).st_mtime
    return data, datetime.datetime.fromtimestamp(changed, datetime.UTC).replace(tzinfo=None)


def packed_at(info: zipfile.ZipInfo) -> datetime.datetime | None:
    """Give the date of a zip's member; some programs leave it empty."""
    try:
        return datetime.datetime(*info.date_time)
    except ValueError:
        return None
