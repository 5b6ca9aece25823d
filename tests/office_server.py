"""Drives one LibreOffice through UNO: a request a line of JSON on stdin, an answer a line of JSON on stdout.

Started by office.py with whichever Python has `uno`; ends, and ends LibreOffice, when its stdin does.
"""

import contextlib
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.table import CellRangeAddress, TableSortField

FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "ods": "calc8", "xls": "MS Excel 97", "pdf": "calc_pdf_Export"}
TYPED = 1 | 2 | 4 | 16  # CellFlags: numbers, dates, texts, formulas: what the Delete key removes
FORMULAS = 16  # CellFlags
ERRORS = 4  # FormulaResult
DATE, LOGICAL = 2, 1024  # NumberFormat
EXCEL_WORDS = re.compile(r"""("[^"]*") | ('[^']*'|[\w.]+)! | ,""", re.VERBOSE)  # a text, a tab, a separator


# --- LibreOffice and its documents ---


@contextlib.contextmanager
def libreoffice(soffice):
    """The desktop of a fresh LibreOffice with a user profile of its own."""
    pipe = f"accountsheet-{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory(prefix="office-profile-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                soffice,
                f"-env:UserInstallation={Path(profile).as_uri()}",
                f"--accept=pipe,name={pipe};urp;",
                *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
            ],
            env={**os.environ, "SAL_USE_VCLPLUGIN": "svp", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        desktop = connect(pipe, process)
        try:
            yield desktop
        finally:
            with contextlib.suppress(Exception):  # the connection breaks while it is being answered
                desktop.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def connect(pipe, process):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    end = time.monotonic() + 90
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            if process.poll() is not None or time.monotonic() > end:
                process.kill()
                raise RuntimeError(f"LibreOffice does not answer (exit status {process.poll()})") from None
            time.sleep(0.1)


def properties(**values):
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


@contextlib.contextmanager
def opened(desktop, path):
    document = desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, properties(Hidden=True))
    if document is None or not hasattr(document, "Sheets"):
        raise RuntimeError(f"LibreOffice does not open {path} as a workbook")
    try:
        yield document
    except Exception as error:  # UNO's own exceptions cannot pass through a context manager
        raise RuntimeError(plain(error)) from None
    finally:
        document.close(True)


def plain(error):
    return str(error) if isinstance(error, RuntimeError) else f"{type(error).__name__.rpartition('.')[2]} {error}"


def save(document, path, kind, **options):
    data = uno.Any("[]com.sun.star.beans.PropertyValue", properties(**options))
    document.storeToURL(Path(path).as_uri(), properties(FilterName=FILTERS[kind], FilterData=data))


# --- requests ---


def resave(desktop, source, target, kind):
    with opened(desktop, source) as document:
        save(document, target, kind)


def recalculate(desktop, source):
    with opened(desktop, source) as document:
        document.calculateAll()
        return {sheet.Name: dict(calculated(sheet)) for sheet in document.Sheets}


def calculated(sheet):
    """Address -> (formula, value, error) of each cell with a formula."""
    errors = {}
    for area in sheet.queryFormulaCells(ERRORS).RangeAddresses:
        for row in range(area.StartRow, area.EndRow + 1):
            for column in range(area.StartColumn, area.EndColumn + 1):
                errors[row, column] = sheet.getCellByPosition(column, row).String
    for area in sheet.queryContentCells(FORMULAS).RangeAddresses:
        cells = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
        for row, (formulas, values) in enumerate(zip(cells.FormulaArray, cells.DataArray, strict=True), area.StartRow):
            for column, (formula, value) in enumerate(zip(formulas, values, strict=True), area.StartColumn):
                error = errors.get((row, column), "")
                yield f"{column_letters(column)}{row + 1}", (formula, None if error else value, error)


def edit(desktop, source, target, kind, edits):
    with opened(desktop, source) as document:
        for name, *arguments in edits:
            try:
                EDITS[name](document, *arguments)
            except Exception as error:
                raise RuntimeError(f"{name} {arguments}: {plain(error)}") from None
        document.calculateAll()
        save(document, target, kind)


def print_pages(desktop, source, target, whole_tabs):
    """A PDF, with one page for each tab if `whole_tabs`; answers [name, visible] of each tab."""
    with opened(desktop, source) as document:
        save(document, target, "pdf", SinglePageSheets=whole_tabs)
        return [(sheet.Name, sheet.IsVisible) for sheet in document.Sheets]


REQUESTS = {do.__name__: do for do in (resave, recalculate, edit, print_pages)}


# --- edits: what people do to a workbook; rows and positions count from 1, columns are letters ---


def column_letters(index):
    letters = ""
    while index >= 0:
        letters = chr(ord("A") + index % 26) + letters
        index = index // 26 - 1
    return letters


def column_index(sheet, letters):
    return sheet.getCellRangeByName(f"{letters}1").CellAddress.Column


def cells(document, sheet, address):
    return document.Sheets.getByName(sheet).getCellRangeByName(address)


def rows(sheet, row, count):
    return CellRangeAddress(sheet.RangeAddress.Sheet, 0, row - 1, sheet.RangeAddress.EndColumn, row + count - 2)


def type_value(document, sheet, address, value):
    cell = cells(document, sheet, address)
    if value is None:
        cell.clearContents(TYPED)
    elif isinstance(value, str):
        cell.setString(value)
    elif isinstance(value, bool):
        cell.setValue(value)
        cell.NumberFormat = document.NumberFormats.getStandardFormat(LOGICAL, cell.CharLocale)
    elif isinstance(value, dict):
        type_date(document, cell, datetime.datetime.fromisoformat(value["date"]))
    else:
        cell.setValue(value)


def type_date(document, cell, moment):
    zero = document.NullDate
    cell.setValue((moment - datetime.datetime(zero.Year, zero.Month, zero.Day)) / datetime.timedelta(days=1))
    if not document.NumberFormats.getByKey(cell.NumberFormat).Type & DATE:
        cell.NumberFormat = document.NumberFormats.getStandardFormat(DATE, cell.CharLocale)


def type_formula(document, sheet, address, formula):
    """Type what Excel writes as =IF(A1>1,'Other tab'!B2,"a,b"), which is =IF(A1>1;'Other tab'.B2;"a,b") here."""
    translated = EXCEL_WORDS.sub(lambda word: word[1] or (word[2] and f"{word[2]}.") or ";", formula)
    cells(document, sheet, address).setFormula(translated)


def clear(document, sheet, area):
    cells(document, sheet, area).clearContents(TYPED)


def copy(document, sheet, area, target):
    document.Sheets.getByName(sheet).copyRange(
        cells(document, sheet, target).CellAddress, cells(document, sheet, area).RangeAddress
    )


def move(document, sheet, area, target):
    document.Sheets.getByName(sheet).moveRange(
        cells(document, sheet, target).CellAddress, cells(document, sheet, area).RangeAddress
    )


def merge(document, sheet, area):
    cells(document, sheet, area).merge(True)


def note(document, sheet, address, text):
    document.Sheets.getByName(sheet).Annotations.insertNew(cells(document, sheet, address).CellAddress, text)


def unprotect(document, sheet, password=""):
    document.Sheets.getByName(sheet).unprotect(password)


def sort(document, sheet, area, column, descending=False):
    area = cells(document, sheet, area)
    field = column_index(document.Sheets.getByName(sheet), column) - area.RangeAddress.StartColumn
    fields = uno.Any("[]com.sun.star.table.TableSortField", (TableSortField(Field=field, IsAscending=not descending),))
    area.sort(properties(SortFields=fields, ContainsHeader=False))


def insert_rows(document, sheet, row, count=1):
    document.Sheets.getByName(sheet).Rows.insertByIndex(row - 1, count)


def delete_rows(document, sheet, row, count=1):
    document.Sheets.getByName(sheet).Rows.removeByIndex(row - 1, count)


def copy_rows(document, sheet, row, count, before):
    """Copy, then Insert Copied Cells: the rows stand a second time, above row `before`."""
    insert_rows(document, sheet, before, count)
    sheet = document.Sheets.getByName(sheet)
    start = row + count if row >= before else row
    sheet.copyRange(sheet.getCellRangeByName(f"A{before}").CellAddress, rows(sheet, start, count))


def move_rows(document, sheet, row, count, before):
    """Cut, then Insert Cut Cells: the rows stand above what was row `before`."""
    insert_rows(document, sheet, before, count)
    start = row + count if row >= before else row
    tab = document.Sheets.getByName(sheet)
    tab.moveRange(tab.getCellRangeByName(f"A{before}").CellAddress, rows(tab, start, count))
    delete_rows(document, sheet, start, count)


def insert_columns(document, sheet, column, count=1):
    sheet = document.Sheets.getByName(sheet)
    sheet.Columns.insertByIndex(column_index(sheet, column), count)


def delete_columns(document, sheet, column, count=1):
    sheet = document.Sheets.getByName(sheet)
    sheet.Columns.removeByIndex(column_index(sheet, column), count)


def add_sheet(document, name, position):
    document.Sheets.insertNewByName(name, position - 1)


def rename_sheet(document, old, new):
    document.Sheets.getByName(old).Name = new


def move_sheet(document, name, position):
    document.Sheets.moveByName(name, position - 1)


def copy_sheet(document, name, new, position):
    document.Sheets.copyByName(name, new, position - 1)


def delete_sheet(document, name):
    document.Sheets.removeByName(name)


EDITS = {
    "type": type_value,
    "formula": type_formula,
    **{
        do.__name__: do
        for do in (
            *(clear, copy, move, merge, note, unprotect, sort),
            *(insert_rows, delete_rows, copy_rows, move_rows, insert_columns, delete_columns),
            *(add_sheet, rename_sheet, move_sheet, copy_sheet, delete_sheet),
        )
    },
}


# --- the conversation ---


def answer(desktop, request):
    name = request.pop("do")
    try:
        return {"answer": REQUESTS[name](desktop, **request)}
    except Exception as error:  # all of it goes back to the test that asked
        end_with(desktop)
        return {"error": f"{name}: {plain(error)}"}


def end_with(desktop):
    """No answer, but an end, where LibreOffice has crashed: office.py then starts anew."""
    try:
        desktop.getCurrentComponent()
    except Exception:
        sys.exit("LibreOffice is gone")


def main(soffice):
    with libreoffice(soffice) as desktop:
        for line in sys.stdin:
            print(json.dumps(answer(desktop, json.loads(line))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
