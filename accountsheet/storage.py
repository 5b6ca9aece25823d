"""A folder that we write in, on this machine or at a URL that fsspec knows: whole or not at all, wherever it is."""

from __future__ import annotations

import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from accountsheet.files import atomic, remove
from accountsheet.finding import UsageProblem
from accountsheet.phrases import remark

PACKED = ".pack"
"""How the files end that we keep for ourselves."""


class Folder:
    """A folder, by its path or URL."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)

    @property
    def remote(self) -> bool:
        """Whether it is at a URL."""
        return "://" in self.path

    @cached_property
    def _system(self) -> tuple[Any, str]:
        """The file system, and the folder's path in it."""
        import fsspec

        try:
            system, path = fsspec.core.url_to_fs(self.path)
        except Exception as problem:  # Every file system has errors of its own.
            raise UsageProblem(remark("path-unreachable", file=self.path, why=reason(problem))) from problem
        return system, str(path).rstrip("/")

    def at(self, name: str) -> str:
        """Give the path or URL of something in it."""
        return f"{self.path.rstrip('/')}/{name}" if self.remote else os.path.join(self.path, name)

    def names(self) -> list[str]:
        """Name what stands in it; nothing where it is not there."""
        if not self.remote:
            return sorted(os.listdir(self.path)) if os.path.isdir(self.path) else []
        system, path = self._system
        try:
            found = system.ls(path, detail=False, refresh=True)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except TypeError:  # a file system that remembers nothing
            found = system.ls(path, detail=False)
        return sorted(each.rstrip("/").rpartition("/")[2] for each in found)

    def exists(self, name: str) -> bool:
        """Whether there is anything by a name."""
        return bool(self._system[0].exists(f"{self._system[1]}/{name}")) if self.remote else os.path.exists(self.at(name))

    def read(self, name: str) -> bytes:
        """Give a file's bytes; raises FileNotFoundError, or another OSError."""
        if self.remote:
            return bytes(self._system[0].cat_file(f"{self._system[1]}/{name}"))
        return Path(self.at(name)).read_bytes()

    def remove(self, name: str) -> None:
        """Delete a file or folder that may already be gone; raises UsageProblem."""
        if not self.remote:
            remove(Path(self.at(name)))
            return
        with suppress(FileNotFoundError), self._plainly(name):
            self._system[0].rm(f"{self._system[1]}/{name}", recursive=True)

    @contextmanager
    def staged(self, name: str) -> Iterator[str]:
        """Give a path or URL to write a file or folder at, put in its place when the block ends well; raises UsageProblem."""
        if not self.remote:
            with atomic(self.at(name)) as path:
                yield str(path)
            return
        temporary = f".{secrets.token_hex(6)}.part"
        system, root = self._system
        try:
            yield self.at(temporary)
            with self._plainly(name):
                self._put_in_place(f"{root}/{temporary}", f"{root}/{name}")
        finally:
            with suppress(Exception):
                system.rm(f"{root}/{temporary}", recursive=True)

    def _put_in_place(self, temporary: str, target: str) -> None:
        """Move every file: a store of objects knows no folders."""
        system, _ = self._system
        files = system.find(temporary)
        names = {target + file.removeprefix(temporary) for file in files}
        stale = [file for file in (system.find(target) if system.exists(target) else []) if file not in names]
        if target in stale:  # a file where there is to be a folder
            system.rm(target)
            stale.remove(target)
        for file in files:
            place = target + file.removeprefix(temporary)
            if system.isdir(place):  # a folder of the same name, of before
                system.rm(place, recursive=True)
            system.mv(file, place)
        for file in stale:
            with suppress(FileNotFoundError):
                system.rm(file)

    @contextmanager
    def _plainly(self, name: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except Exception as problem:  # Every file system has errors of its own.
            raise UsageProblem(remark("cannot-write", file=self.at(name), why=reason(problem))) from problem


def wherever(path: str) -> str:
    """Give a path or URL that leads to the same place from wherever it is used."""
    return path if "://" in path else os.path.abspath(path)


def write_at(path: str, write: Callable[[Path], object]) -> None:
    """Let something be written into a file of this machine, and bring it to where it belongs if that is elsewhere."""
    if "://" not in path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        write(Path(path))
        return
    import fsspec

    with tempfile.TemporaryDirectory() as folder:
        local = Path(folder) / path.rpartition("/")[2]
        write(local)
        system, place = fsspec.core.url_to_fs(path)
        try:
            system.put_file(str(local), place)
        except Exception as problem:  # Every file system has errors of its own.
            raise UsageProblem(remark("cannot-write", file=path, why=reason(problem))) from problem


def reason(problem: Exception) -> str:
    """Say in short what went wrong."""
    return getattr(problem, "strerror", None) or str(problem) or type(problem).__name__


@contextmanager
def at_hand(path: str) -> Iterator[Path]:
    """Give a file or folder as one of this machine; raises FileNotFoundError."""
    if "://" not in path:
        yield Path(path)
        return
    import fsspec

    system, place = fsspec.core.url_to_fs(path)
    with tempfile.TemporaryDirectory() as folder:
        local = Path(folder) / place.rpartition("/")[2]
        system.get(place, str(local), recursive=True)
        yield local


def keep(content: bytes, folder: str) -> str:
    """Write bytes into a folder under a new name, whole; gives where."""
    name = f"{time.time_ns():020}-{secrets.token_hex(4)}{PACKED}"  # in the order of time
    with Folder(folder).staged(name) as path:
        write_at(path, lambda file: file.write_bytes(content))
    return Folder(folder).at(name)
