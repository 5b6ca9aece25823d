"""A workbook's bytes opened, whatever its form: the cells of its sheets and what stands beside them, or why not."""

from __future__ import annotations

import datetime
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from accountsheet.excel_97 import MAGIC, Excel97
from accountsheet.extent import too_far
from accountsheet.finding import Finding
from accountsheet.grid import Grid
from accountsheet.open_document import MIME, OpenDocument, is_locked
from accountsheet.package import Note, Package, TooLarge
from accountsheet.phrases import remark

LARGEST_FILE = 50 * 2**20
BINARY, NUMBERS = "xl/workbook.bin", "Index/Document.iwa"
"""Parts that no other form of workbook has: Excel's binary one, and that of Apple's Numbers."""


class Unusable(Exception):
    """A file that no plan can be read from; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Beside(Protocol):
    """What stands in a file beside the values of its cells."""

    @property
    def broken(self) -> Collection[str]:
        """Parts beside the cells that hold something and could not be read."""

    @property
    def saved_by(self) -> str:
        """The program that saved the file last."""

    @property
    def modified(self) -> datetime.datetime | None:
        """When the file says it was saved last."""

    def formulas(self, sheet: str) -> Collection[str]:
        """Give the cells of a sheet that hold a formula."""

    def formula(self, sheet: str, cell: str) -> str:
        """Give a cell's formula, or nothing where the form keeps it from us."""

    def errors(self, sheet: str) -> Mapping[str, str]:
        """Give the cells of a sheet that show an error, with it."""

    def notes(self, sheet: str) -> Sequence[Note]:
        """Give the notes and comments on a sheet's cells."""


@dataclass(frozen=True)
class Opened:
    """A workbook that can be read."""

    package: Beside
    grids: Mapping[str, Grid]
    told: tuple[str, ...] = ()
    """Codes of what there is to say of the file as such."""
    from_1904: bool = False
    """Whether a day's number counts from 1904."""


def open_workbook(data: bytes) -> Opened:
    """Open a workbook; raises Unusable."""
    if len(data) > LARGEST_FILE:
        raise Unusable(remark("workbook-too-large", why=f"{len(data) // 2**20} MB"))
    try:
        return open_old(data) if data.startswith(MAGIC) else open_zip(Package(data))
    except Unusable:
        raise
    except TooLarge as problem:
        raise Unusable(remark("workbook-too-large", why=str(problem))) from problem
    except Exception as problem:  # A broken file may raise anything: zlib.error, struct.error, expat.ExpatError ...
        raise Unusable(remark("workbook-damaged", raw=str(problem) or type(problem).__name__)) from problem


def open_zip(package: Package) -> Opened:
    """Open a workbook that is a zip: of Office Open XML, or an OpenDocument."""
    names = package.names
    if BINARY in names:
        raise Unusable(remark("form-xlsb"))
    if NUMBERS in names or "Index.zip" in names:
        raise Unusable(remark("form-numbers"))
    if "content.xml" in names and package.part("mimetype").startswith(MIME):
        return open_document(package)
    far, last = too_far(package)
    whole(package.twice, far, last)
    if not package.sheets:
        raise Unusable(remark("not-a-workbook"))
    if gone := next((title for title, part in package.sheets.items() if part not in package.names), ""):
        raise Unusable(remark("workbook-damaged", raw=gone))  # the parser of values may see it: it was not measured
    told = [code for code, holds in (("macros-not-run", package.has_macros), ("dates-from-1904", package.from_1904)) if holds]
    return Opened(package, grids_of(package.handed_on()), tuple(told), package.from_1904)


def open_document(package: Package) -> Opened:
    """Open an OpenDocument spreadsheet."""
    if is_locked(package):
        raise Unusable(remark("locked-document"))
    whole(package.twice)
    document = OpenDocument(package)
    return Opened(document, document.grids)


def open_old(data: bytes) -> Opened:
    """Open a workbook of Excel 97 to 2003, or say that one of any age is encrypted."""
    old = Excel97(data)
    if old.locked:
        raise Unusable(remark("workbook-locked"))
    if not old.is_workbook:
        raise Unusable(remark("workbook-form"))
    whole(old.twice, *old.too_far())
    told = ("dates-from-1904",) if old.from_1904 else ()
    return Opened(old, grids_of(old.mended(data)), told, old.from_1904)


def whole(twice: Sequence[str], far: str = "", last: str = "") -> None:
    """Refuse what reaches beyond any plan, or says two things at once."""
    if far:
        raise Unusable(remark("sheet-too-far", sheet=far, cell=last))
    if twice:
        raise Unusable(remark("workbook-damaged", raw=f"{twice[0]} × 2"))


def grids_of(data: bytes) -> dict[str, Grid]:
    """Read every sheet's cells."""
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = workbook.sheet_names
        grids: dict[str, Grid] = {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    except python_calamine.CalamineError as problem:
        raise Unusable(remark("workbook-damaged", raw=str(problem))) from problem
    except BaseException as problem:  # The parser's panics lie outside Exception.
        if isinstance(problem, (KeyboardInterrupt, SystemExit)):
            raise
        raise Unusable(remark("workbook-damaged", raw=type(problem).__name__)) from problem
    whole([name for name in grids if names.count(name) > 1])
    return grids
