"""Where workbooks are found: files, folders, globs, zips and URLs."""

from __future__ import annotations

import datetime
import glob
import io
import json
import os
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from accountsheet.excel_97 import MAGIC
from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import remark
from accountsheet.tables import MANIFEST, written_files

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".ods", ".ots", ".xls", ".xlt")
REFUSED = {
    ".xlsb": "form-xlsb",
    ".numbers": "form-numbers",
    ".gsheet": "form-gsheet",
    ".fods": "other-form",
    ".sxc": "other-form",
}
"""Workbooks of forms that are not read, each with what there is to say: nobody should think that they were."""
LOCKS = ("~$", ".~lock")
TEMPORARY = re.compile(r"~(?:wrl|wrd|wra|df|rf)\w*(?:\.\w+)?|.*\.(?:tmp|temp|part|partial|crdownload|download)|[0-9a-f]{8}")
"""Names of what programs leave behind while they save or download: '~WRL0003.tmp', '5F3A2C10', 'plan.xlsx.crdownload'."""
LARGEST = 50 * 2**20
"""Bytes of a workbook that are read at most; the reader refuses one that has more."""
DEEPEST = 3
"""Zips within each other that are opened."""


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook to be read: a file, or a member of a zip."""

    path: str
    member: str = ""
    within: tuple[str, ...] = ()
    """The zips within that zip that lead to it, the outermost first."""
    passwords: tuple[str, ...] = field(default=(), repr=False, compare=False)

    @property
    def name(self) -> str:
        """How the file is called in findings."""
        return "/".join(filter(None, (self.path, *self.within, self.member)))


Looked: TypeAlias = tuple[Source | None, Finding | None]
"""A workbook, or a remark on what is none."""


def find(paths: Iterable[str | os.PathLike[str]], passwords: Iterable[str] = ()) -> tuple[list[Source], list[Finding]]:
    """Find the workbooks in files, folders, globs, zips and URLs, each once; raises UsageProblem where a path leads nowhere."""
    sources: dict[tuple[str, ...], Source] = {}
    findings: list[Finding] = []
    keys = tuple(passwords)
    for path in [os.fspath(each) for each in paths]:
        for each in expanded(path, findings):
            for source, problem in looked_at(Source(each, passwords=keys), named=each == path):
                if source:
                    sources.setdefault((identity(source.path), *source.within, source.member), source)
                if problem:
                    findings.append(problem)
    return list(sources.values()), findings


def looked_at(source: Source, *, named: bool) -> Iterator[Looked]:
    """Say what a file is to us: a workbook, a zip of them, or something else; one that a user named is never passed over."""
    if kind_of(source.name) == "zip":
        yield from zip_members(source)
    else:
        yield from sorted_out(source, named=named)


def sorted_out(source: Source, *, named: bool = False) -> Iterator[Looked]:
    """Say what a file that is no zip is to us."""
    kind, suffix = kind_of(source.name), os.path.splitext(base_of(source.name))[1]
    if kind in ("lock-file", "temporary-file"):
        yield None, remark(kind, file=source.name)
    elif os.path.basename(source.name).startswith(".") and not named:
        return
    elif kind == "workbook":
        yield source, None
    elif kind == "other":
        yield None, remark(REFUSED[suffix], file=source.name)
    elif named:
        yield None, remark("no-workbook", file=source.name)


def kind_of(name: str) -> str:
    """Tell by a file's name what it is: workbook, zip, other (a workbook that is not read), lock or temporary, or nothing."""
    base = base_of(name)
    if base.startswith(LOCKS):
        return "lock-file"
    if TEMPORARY.fullmatch(base):
        return "temporary-file"
    kinds = {"workbook": SUFFIXES, "zip": (".zip",), "other": tuple(REFUSED)}
    return next((kind for kind, suffixes in kinds.items() if base.endswith(suffixes)), "")


def base_of(name: str) -> str:
    """Give a file's own name, in small letters; the address of a page may ask for something after it."""
    return os.path.basename(name.partition("?")[0] if name.startswith(("http://", "https://")) else name).lower()


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
    return [system.unstrip_protocol(each) for each in sorted(found)]


def zip_members(source: Source) -> list[Looked]:
    """Go through the workbooks in a zip, and name what was left in it."""
    try:
        with opened(source.path) as stream, zipfile.ZipFile(stream) as archive:
            return list(members(archive, source))
    except Exception as problem:  # A broken zip raises anything; so does a file system.
        return [(None, remark("zip-damaged", file=source.name, why=str(problem) or type(problem).__name__))]


def members(archive: zipfile.ZipFile, source: Source) -> Iterator[Looked]:
    """Go through an open zip, and through the zips in it; tables that `import` wrote are no workbooks."""
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    ours = written_in(archive, names)
    for name in dict.fromkeys(names):
        if kind_of(name) != "zip":
            if name not in ours:
                yield from sorted_out(replace(source, member=name))
            continue
        inner = replace(source, within=(*source.within, name))
        if len(inner.within) >= DEEPEST:
            yield None, remark("zip-in-zip", file=inner.name)
            continue
        try:
            with zipfile.ZipFile(io.BytesIO(member(archive, name, source.passwords))) as within:
                yield from members(within, inner)
        except Exception as problem:  # As above: one broken zip is no reason to lose its neighbours.
            yield None, remark("zip-damaged", file=inner.name, why=str(problem) or type(problem).__name__)


def written_in(archive: zipfile.ZipFile, names: Iterable[str]) -> frozenset[str]:
    """Name the members of a zip that `import` wrote, as the manifest beside them tells."""
    found: set[str] = set()
    for name in names:
        folder, slash, base = name.rpartition("/")
        if base == MANIFEST:
            with suppress(Exception):  # A manifest that cannot be read tells nothing.
                found |= {f"{folder}{slash}{file}" for file in json.loads(member(archive, name, ()))["files"]}
    return frozenset(found)


def member(archive: zipfile.ZipFile, name: str, passwords: Iterable[str]) -> bytes:
    """Give what a zip holds under a name, up to a byte more than is read; raises PermissionError where no password fits."""
    locked = archive.getinfo(name).flag_bits & 1
    for key in passwords if locked else ("",):
        wrong = (RuntimeError, zipfile.BadZipFile, zlib.error) if locked else ()  # what a wrong password leads to
        with suppress(*wrong), archive.open(name, pwd=key.encode() or None) as stream:
            return stream.read(LARGEST + 1)
    raise PermissionError(13, "it opens only with a password (--password), and none that fits was given")


def opened(path: str) -> Any:
    """Open a local file or URL for reading bytes."""
    if "://" in path:
        import fsspec

        return fsspec.open(path, "rb").open()
    return open(path, "rb")


def bytes_of(source: Source) -> tuple[bytes, datetime.datetime | None]:
    """Give a workbook's bytes and its file's date (UTC; in a zip, the clock of whoever packed it). Raises what opening raises.

    A workbook that one of the passwords opens is given as it is without one.
    """
    with opened(source.path) as stream:
        if source.member:
            return from_zip(stream, source)
        data = stream.read(LARGEST + 1)
        if "://" in source.path:
            return unlocked(data, source.passwords), changed_at(stream)
    changed = os.stat(source.path).st_mtime
    return unlocked(data, source.passwords), datetime.datetime.fromtimestamp(changed, datetime.UTC).replace(tzinfo=None)


def changed_at(stream: Any) -> datetime.datetime | None:
    """Give the date (UTC) of an open file at a URL, where its file system tells."""
    with suppress(Exception):  # Many do not, each in its own way.
        when = stream.fs.modified(stream.path)
        return when.astimezone(datetime.UTC).replace(tzinfo=None)  # type: ignore[no-any-return]
    return None


def from_zip(stream: Any, source: Source) -> tuple[bytes, datetime.datetime | None]:
    """Give the bytes and date of a workbook in a zip."""
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(stream))
        for name in source.within:
            archive = stack.enter_context(zipfile.ZipFile(io.BytesIO(member(archive, name, source.passwords))))
        data = member(archive, source.member, source.passwords)
        return unlocked(data, source.passwords), packed_at(archive.getinfo(source.member))


def unlocked(data: bytes, passwords: Iterable[str]) -> bytes:
    """Open an encrypted workbook by the first password that fits; others are given as they are."""
    if not data.startswith(MAGIC):
        return data
    for key in passwords:
        import msoffcrypto

        with suppress(Exception):  # A password that does not fit and a file that is broken raise anything.
            out, file = io.BytesIO(), msoffcrypto.OfficeFile(io.BytesIO(data))
            if not file.is_encrypted():
                return data
            file.load_key(password=key, **({"verify_password": True} if file.format == "ooxml" else {}))
            file.decrypt(out)
            return out.getvalue()
    return data


def packed_at(info: zipfile.ZipInfo) -> datetime.datetime | None:
    """Give the date of a zip's member; some programs leave it empty."""
    try:
        return datetime.datetime(*info.date_time)
    except ValueError:
        return None
