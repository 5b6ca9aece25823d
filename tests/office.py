"""Real spreadsheet programs for tests: LibreOffice, Gnumeric, SheetJS, ExcelJS, and the Open XML SDK's validator."""

import contextlib
import datetime
import functools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent / ".programs" / "node_modules"
PATIENCE = 180  # seconds for one request, LibreOffice's own start included


class MissingProgram(Exception):
    """A program that a test needs is not on this machine."""

    def __init__(self, program: str) -> None:
        super().__init__(f"{program} is not installed: run tools/install-programs.sh")


class OfficeError(Exception):
    """A program could not do what it was asked."""


class Calculated(NamedTuple):
    """A formula cell after a full recalculation: the formula in LibreOffice's own words, its value, or its error."""

    formula: str
    value: float | str | None
    error: str  # "#DIV/0!", "#NAME?", "Err:508" ..., or ""


# --- LibreOffice ---


class Office:
    """A headless LibreOffice with a user profile of its own, started by the first request and again after a crash."""

    def __init__(self) -> None:
        self._command = [uno_python(), str(HERE / "office_server.py"), find("soffice")]
        self._server: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Office":
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is None:
            return
        try:
            self._server.communicate(timeout=30)  # the end of its stdin ends the server
        except subprocess.TimeoutExpired:
            self._kill(self._server)
        self._server = None

    def resave(self, source: Path, target: Path, format: str = "") -> Path:
        """Open and save, as xlsx, ods or xls: `format`, or what the target's name says. Nothing is recalculated."""
        with fresh_copy(source) as copy:
            self._ask("resave", source=copy, target=target.resolve(), kind=format or target.suffix[1:])
        return target

    def recalculate(self, source: Path) -> dict[str, dict[str, Calculated]]:
        """Sheet -> cell -> what LibreOffice makes of each formula, whatever values the file had stored."""
        with fresh_copy(source) as copy:
            sheets = self._ask("recalculate", source=copy)
        return {name: {cell: Calculated(*facts) for cell, facts in cells.items()} for name, cells in sheets.items()}

    def edit(self, source: Path, target: Path, edits: Iterable[tuple[Any, ...]], format: str = "") -> Path:
        """Do what a person would, recalculate, and save. Rows and positions count from 1, columns are letters.

        ("type", sheet, cell, value)        text, number, bool, date, or None; text stays text, whatever it looks like
        ("formula", sheet, cell, formula)   as Excel writes it in English
        ("clear" | "merge", sheet, range)   ("copy" | "move", sheet, range, to_cell)   ("note", sheet, cell, text)
        ("sort", sheet, range, column[, descending])
        ("insert_rows" | "delete_rows", sheet, row[, count])   ("copy_rows" | "move_rows", sheet, row, count, before)
        ("insert_columns" | "delete_columns", sheet, column[, count])
        ("add_sheet", name, position)   ("rename_sheet", old, new)   ("move_sheet", name, position)
        ("copy_sheet", name, new, position)   ("delete_sheet", name)

        Validation stops nothing, as it does not stop a paste. Of protection only what it says of inserting and
        deleting rows and columns holds: ("unprotect", sheet[, password]) first.
        """
        with fresh_copy(source) as copy:
            kind = format or target.suffix[1:]
            self._ask("edit", source=copy, target=target.resolve(), kind=kind, edits=[list(step) for step in edits])
        return target

    def pictures(self, source: Path, folder: Path, dpi: int = 70, paper: bool = False) -> list[Path]:
        """A PNG of each visible tab as a whole, or of each page as it would be printed on `paper`."""
        folder.mkdir(parents=True, exist_ok=True)
        with fresh_copy(source) as copy:
            pdf = copy.with_suffix(".pdf")
            tabs = self._ask("print_pages", source=copy, target=pdf, whole_tabs=not paper)
            run([find("pdftoppm"), "-r", str(dpi), "-png", str(pdf), str(copy.with_name("page"))])
            pages = sorted(copy.parent.glob("page-*.png"))
            if paper:
                tabs = [("page", True) for _ in pages]
            elif len(tabs) > len(pages):  # some versions of LibreOffice leave hidden tabs out
                tabs = [tab for tab in tabs if tab[1]]
            shown = [(page, name) for page, (name, visible) in zip(pages, tabs, strict=True) if visible]
            return [
                Path(shutil.move(page, folder / f"{source.stem}-{number:02}-{file_name(name)}.png"))
                for number, (page, name) in enumerate(shown, 1)
            ]

    def _ask(self, request: str, **arguments: object) -> Any:
        server = self._server = self._server or self._start()
        assert server.stdin and server.stdout
        watch = threading.Timer(PATIENCE, self._kill, [server])
        watch.start()
        try:
            server.stdin.write(json.dumps({"do": request, **arguments}, default=as_json) + "\n")
            server.stdin.flush()
            line = server.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            watch.cancel()
        if not line:
            self._kill(server)
            self._server = None
            raise OfficeError(f"LibreOffice crashed or took over {PATIENCE} s: {request} {arguments}")
        reply = json.loads(line)
        if "error" in reply:
            raise OfficeError(reply["error"])
        return reply["answer"]

    def _start(self) -> "subprocess.Popen[str]":
        pipe = subprocess.PIPE
        return subprocess.Popen(self._command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8", start_new_session=True)

    @staticmethod
    def _kill(server: "subprocess.Popen[str]") -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)  # the server's session: LibreOffice with it
        server.wait()


@contextlib.contextmanager
def fresh_copy(source: Path) -> Iterator[Path]:
    """A copy in a folder of its own: no stale lock file can stand beside it, and none is left beside the source."""
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        yield Path(shutil.copy(source, Path(folder).resolve()))


def as_json(value: object) -> object:
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    return str(value)


def file_name(text: str) -> str:
    return re.sub(r"\W+", "-", text).strip("-").lower() or "tab"


# --- the other programs ---


def gnumeric_resave(source: Path, target: Path) -> Path:
    """Open and save in Gnumeric, as what the target's name says."""
    run([find("ssconvert"), str(source), str(target)])
    return target


def sheetjs_resave(source: Path, target: Path) -> Path:
    """Open and save in SheetJS, as web services do."""
    if not (NODE_MODULES / "xlsx").is_dir():
        raise MissingProgram("SheetJS")
    script = "const x = require(process.argv[1]); x.writeFile(x.readFile(process.argv[2]), process.argv[3])"
    run([find("node"), "-e", script, str(NODE_MODULES / "xlsx"), str(source), str(target)])
    return target


def exceljs_resave(source: Path, target: Path) -> Path:
    """Open and save in ExcelJS, as web services do."""
    if not (NODE_MODULES / "exceljs").is_dir():
        raise MissingProgram("ExcelJS")
    script = (
        "const book = new (require(process.argv[1]).Workbook)();"
        "book.xlsx.readFile(process.argv[2]).then(() => book.xlsx.writeFile(process.argv[3]))"
    )
    run([find("node"), "-e", script, str(NODE_MODULES / "exceljs"), str(source), str(target)])
    return target


def ooxml_errors(path: Path) -> list[str]:
    """What the Open XML SDK finds wrong in a workbook, as "part, element: what"."""
    validator = NODE_MODULES / ".bin" / "ooxml-validator"
    if not validator.exists():
        raise MissingProgram("ooxml-validator")
    report = json.loads(run([find("node"), str(validator), str(path)], allowed=(0, 1)))
    return [f"{error['path']}, {error['xPath']}: {error['description']}" for error in report["errors"]]


# --- finding and running ---


def find(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise MissingProgram(program)
    return path


@functools.cache
def uno_python() -> str:
    """A Python that can talk to LibreOffice: this one, LibreOffice's own, or the system's."""
    own = Path(find("soffice")).resolve().with_name("python")
    for python in (sys.executable, str(own), "/usr/bin/python3", shutil.which("python3")):
        if python and Path(python).exists() and subprocess.run([python, "-c", "import uno"], capture_output=True).returncode == 0:
            return python
    raise MissingProgram("A Python with LibreOffice's uno module")


def run(command: list[str], allowed: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE)
    if done.returncode not in allowed:
        raise OfficeError(f"{' '.join(command)}: exit status {done.returncode}\n{done.stderr}")
    return done.stdout
