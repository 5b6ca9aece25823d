"""Writing files whole or not at all, with names and texts that are safe wherever they are opened."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from accountsheet.finding import UsageProblem
from accountsheet.phrases import remark

LONGEST_NAME = 120  # characters, so that deep folders on Windows still fit
LONGEST_NAME_IN_BYTES = 200  # most file systems stop at 255, and a suffix is still to come

_TRIES = 5  # a virus scanner or a cloud drive may hold a new file for a moment
_PAUSE = 0.1
_NUMBERS = count()  # of temporary files of this process
_NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
_FULL_OR_CLOSED = {errno.ENOSPC, errno.EROFS, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]+')
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # they hide or turn round what a name says
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?$", re.IGNORECASE | re.DOTALL)
_TRIMMED = " .-~\u00a0\t"  # a leading ~ marks a lock file, a leading dot hides, a trailing dot or space is dropped by Windows

_FORMULA_STARTS = "=+\\-@\t\r\n＝＋－＠"
_GUARDED = re.compile(f"'*[{_FORMULA_STARTS}]")


@contextmanager
def atomic(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path beside `path`, moved into its place when the block ends well and removed when it does not.

    The file (or folder) itself is made by the block; missing folders above it are made here. Raises UsageProblem where the
    place cannot be written: `file-open` where another program holds the file (Windows), `cannot-write` otherwise.
    """
    target = Path(path)
    if target.is_symlink():
        target = target.resolve()
    temporary = target.with_name(f".{secrets.token_hex(6)}.part{target.suffix}")
    try:
        with _plainly(target, temporary):
            target.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
        _move(temporary, target)
    except BaseException:  # Ctrl-C too: nothing half-written stays behind
        with suppress(OSError):  # Windows keeps a file that is still open
            _delete(temporary)
        raise


def write_whole(path: str | os.PathLike[str], stretches: Sequence[bytes | bytearray]) -> None:
    """Write a file whole or not at all, as `atomic` does, without looking around first: where many are written, that costs."""
    target = os.fspath(path)
    temporary = f"{target}.{os.getpid()}-{next(_NUMBERS)}.part"
    try:
        file = os.open(temporary, _NEW, 0o666)
        try:
            if os.path.islink(target) or _written(file, stretches) != sum(map(len, stretches)):
                raise OSError
        finally:
            os.close(file)
        os.replace(temporary, target)
    except OSError:  # the folder is missing, the disk is full, another program holds the file ...
        _forget(temporary)
        with atomic(target) as made:
            made.write_bytes(b"".join(stretches))
    except BaseException:  # Ctrl-C
        _forget(temporary)
        raise


def remove(path: Path) -> None:
    """Delete a file or folder that may already be gone; raises UsageProblem where another program holds it."""
    try:
        _delete(path)
    except OSError as problem:
        raise _problem(path, problem) from problem


def safe_file_name(text: str) -> str:
    """Turn any text into a file name, without its suffix, that Windows, macOS and Linux all accept."""
    name = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    name = _FORBIDDEN.sub("-", " ".join(name.split())).strip(_TRIMMED)
    name = unicodedata.normalize("NFC", _shortened(name)).strip(_TRIMMED)
    if _RESERVED.match(name):
        name = _shortened(f"_{name}").strip(_TRIMMED)
    return name or "unnamed"


def safe_text_for_csv(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula: an apostrophe goes before it.

    A text that already looks so guarded gets one more, so that `text_from_csv` undoes exactly this and nothing else.
    """
    return f"'{text}" if _GUARDED.match(text) else text


def text_from_csv(text: str) -> str:
    """Undo `safe_text_for_csv`."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text


def _shortened(name: str) -> str:
    """Cut a name to both limits, never within a character."""
    return name[:LONGEST_NAME].encode()[:LONGEST_NAME_IN_BYTES].decode(errors="ignore")


def _written(file: int, stretches: Sequence[bytes | bytearray]) -> int:
    """Write bytes at once, and give how many were written; Windows wants them in one piece."""
    return os.writev(file, stretches) if hasattr(os, "writev") else os.write(file, b"".join(stretches))


def _forget(temporary: str) -> None:
    with suppress(OSError):
        os.unlink(temporary)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _move(temporary: Path, target: Path) -> None:
    """Put the finished file or folder in its place; a folder, whose place is ours, replaces what is there by two moves."""
    if not (temporary.is_dir() and target.exists()):
        _replace(temporary, target)
        return
    aside = target.with_name(f".{secrets.token_hex(6)}.part{target.suffix}")
    _replace(target, aside)
    try:
        _replace(temporary, target)
    except BaseException:
        _replace(aside, target)
        raise
    _delete(aside)


def _replace(temporary: Path, target: Path) -> None:
    """Rename over what is there; wait a little where something holds it for a moment."""
    for attempt in range(_TRIES):
        try:
            os.replace(temporary, target)
            return
        except OSError as problem:
            if attempt + 1 < _TRIES and isinstance(problem, PermissionError) and _on_windows():
                time.sleep(_PAUSE)
            else:
                raise _problem(target, problem) from problem


@contextmanager
def _plainly(target: Path, temporary: Path) -> Iterator[None]:
    """Tell failures to write this very file from all others, which pass through."""
    try:
        yield
    except Exception as problem:
        cause = problem.args[0] if problem.args and isinstance(problem.args[0], OSError) else problem  # as xlsxwriter wraps it
        if not isinstance(cause, OSError):
            raise
        ours = {str(temporary), str(target.parent)} & {str(cause.filename), str(cause.filename2)}
        if ours or cause.errno in _FULL_OR_CLOSED:
            raise _problem(target, cause) from problem
        raise


def _problem(target: Path, problem: OSError) -> UsageProblem:
    if isinstance(problem, PermissionError) and _on_windows() and target.is_file():
        return UsageProblem(remark("file-open", file=target))
    return UsageProblem(remark("cannot-write", file=target, why=problem.strerror or str(problem)))


def _on_windows() -> bool:
    return os.name == "nt"
