"""The accounts file: for whom a workbook is made, as people have it in CSV or Excel."""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from accountsheet.account_columns import COLUMNS, LISTS, REQUIRED, checked_mapping, count_required, find_columns, our_name
from accountsheet.address import cell_name
from accountsheet.delimited import Grid, Row, cell_text, read_grids
from accountsheet.files import atomic
from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import remark

if TYPE_CHECKING:
    import pandas

_LANGUAGE_NAMES = {"english": "en", "engels": "en", "dutch": "nl", "nederlands": "nl"}
_HEADER_WITHIN = 20  # rows: a title may stand above the column names

_EXAMPLES = (
    ("EXAMPLE-1", "Example Bakery (invented)", "Robin Example", "robin@example.com", "A", "North", "Food", "EUR", "en",
     "2026-11-27", "Purchasing|Production", "Ovens|Service"),
    ("EXAMPLE-2", "Voorbeeld Fietsen BV (verzonnen)", "Sam Voorbeeld", "sam@example.com", "B", "Zuid", "Industrie", "EUR", "nl",
     "2026-11-27", "Inkoop|Productie", "Lakken|Onderhoud"),
)  # fmt: skip
_EXPLAINED = {
    "account_id": ("The account's own code, as in your CRM; no two alike.",
                   "De eigen code van de account, zoals in uw CRM; elke code eenmaal."),
    "account": ("The account's name.", "De naam van de account."),
    "owner": ("Who writes the plan.", "Wie het plan schrijft."),
    "email": ("Where the owner can be reached.", "Waar de eigenaar te bereiken is."),
    "segment": ("The segment, such as A, B or C.", "Het segment, zoals A, B of C."),
    "region": ("The region or territory.", "De regio of het rayon."),
    "industry": ("The account's line of business.", "De branche van de account."),
    "currency": ("The currency of every amount in the plan: EUR, USD ...",
                 "De munteenheid van alle bedragen in het plan: EUR, USD ..."),
    "language": ("The workbook's language: en or nl.", "De taal van het werkboek: en of nl."),
    "due": ("The day to hand the plan in by, such as 2026-11-27.", "De dag waarop het plan binnen moet zijn, zoals 2026-11-27."),
    "departments": ("The account's departments, parted by |; else the blueprint's.",
                    "De afdelingen van de account, gescheiden door |; anders die van de blauwdruk."),
    "products": ("Your products for this account, parted by |; else the blueprint's.",
                 "Uw producten voor deze account, gescheiden door |; anders die van de blauwdruk."),
    "block.field": ("Any such column fills in that field beforehand, for example account.strategy.",
                    "Elke kolom met zo'n naam vult dat veld vooraf in, bijvoorbeeld account.strategy."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Account:
    """One account as the accounts file gives it; `answers` holds the text of each `block.field` column that is filled in."""

    account_id: str
    account: str
    owner: str = ""
    email: str = ""
    segment: str = ""
    region: str = ""
    industry: str = ""
    currency: str = ""
    language: str = ""
    due: str = ""
    """The day to hand the plan in by, as it was written."""
    departments: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    accounts: tuple[tuple[str, str], ...] = ()
    """Of an owner who has one workbook for all of their accounts: number and name of each."""
    answers: Mapping[str, str] = field(default_factory=dict, hash=False)


Accounts: TypeAlias = "Sequence[Account] | pandas.DataFrame | str | os.PathLike[str]"
"""Accounts, a frame of them, or the path of an accounts file."""
Found = tuple[list[Account], list[Finding]]


def read_accounts(path: str | os.PathLike[str], *, mapping: Mapping[str, str] | None = None) -> Found:
    """Read the accounts of a CSV or Excel file, and what is to be remarked on them.

    `mapping` gives our column for a column of theirs. In a workbook the sheet with the right column names counts, and a
    title may stand above them. Raises UsageProblem where nothing can be used: no such file, no column for `account_id`
    or `account`, no account at all.
    """
    ours_of = checked_mapping(mapping or {})
    candidates = [
        (grid, at)
        for grid in read_grids(path, lambda name: our_name(name, ours_of) is not None)
        for at in range(min(len(grid.rows), _HEADER_WITHIN))
    ]
    if not candidates:
        raise UsageProblem(remark("accounts-empty", file=path))
    grid, header = max(candidates, key=lambda candidate: count_required(candidate[0].rows[candidate[1]].cells, ours_of))
    return _accounts(grid, header, ours_of, str(path))


def accounts_from_frame(frame: pandas.DataFrame, *, mapping: Mapping[str, str] | None = None) -> Found:
    """Take the accounts of a pandas frame, as `read_accounts` does from a file.

    A named index counts as a column; lines in findings are those that a CSV file of the frame would have.
    """
    ours_of = checked_mapping(mapping or {})
    named = [name for name in frame.index.names if name is not None and name not in frame.columns]
    frame = frame.reset_index(level=named) if named else frame
    rows = [Row(1, [str(name) for name in frame.columns])]
    for line, values in enumerate(frame.itertuples(index=False, name=None), start=2):
        rows.append(Row(line, [_frame_text(value) for value in values]))
    return _accounts(Grid([rows[0], *(row for row in rows[1:] if any(row.cells))]), 0, ours_of, "")


def accounts_from(given: Accounts) -> Found:
    """Take accounts in any of their forms; a file or frame with what is to be remarked on it. Raises as `read_accounts`."""
    if isinstance(given, (str, os.PathLike)):
        return read_accounts(given)
    return accounts_from_frame(cast("pandas.DataFrame", given)) if hasattr(given, "columns") else (list(given), [])


def write_starter(path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Write an accounts file to fill in, as .csv or .xlsx, with two invented accounts; the workbook explains each column.

    Raises UsageProblem for another suffix, and for a file that exists already unless it may be overwritten.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise UsageProblem(remark("starter-suffix", suffix=suffix, file=path))
    if Path(path).exists() and not overwrite:
        raise UsageProblem(remark("file-exists", file=path))
    with atomic(path) as temporary:
        if suffix == ".xlsx":
            _write_starter_workbook(temporary)
        else:
            with temporary.open("w", encoding="utf-8-sig", newline="") as stream:
                csv.writer(stream).writerows([COLUMNS, *_EXAMPLES])


def _write_starter_workbook(path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        as_text = workbook.add_format({"num_format": "@"})  # 0123 typed here keeps its zero
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        sheet = workbook.add_worksheet("Accounts")
        sheet.set_column(0, len(COLUMNS) - 1, 18, as_text)
        sheet.set_column(1, 1, 36, as_text)
        columns = [{"header": name, "format": as_text} for name in COLUMNS]
        sheet.add_table(0, 0, len(_EXAMPLES), len(COLUMNS) - 1, {"name": "accounts", "columns": columns, "data": _EXAMPLES})
        language = COLUMNS.index("language")
        sheet.data_validation(1, language, 5000, language, {"validate": "list", "source": ["en", "nl"]})
        sheet.freeze_panes(1, 2)
        notes = workbook.add_worksheet("Columns - Kolommen")
        notes.set_column(0, 1, 22, wrapped)
        notes.set_column(2, 3, 60, wrapped)
        rows = [[name, "required / verplicht" if name in REQUIRED else "", *texts] for name, texts in _EXPLAINED.items()]
        titles = ("Column / kolom", "Required / verplicht", "English", "Nederlands")
        headers = [{"header": title, "format": wrapped} for title in titles]
        notes.add_table(0, 0, len(rows), 3, {"name": "columns", "columns": headers, "data": rows})
        notes.freeze_panes(1, 1)


def _accounts(grid: Grid, header: int, ours_of: Mapping[str, str], file: str) -> Found:
    """Make accounts of the rows below the header; every finding is told at once, those of a file without accounts too."""
    try:
        columns, findings = find_columns(grid.rows[header].cells, ours_of)
        accounts: list[Account] = []
        first: dict[str, int] = {}
        for row in grid.rows[header + 1 :]:
            values = {ours: _tidy(row.cells[at]) for ours, at in columns.place.items() if at < len(row.cells)}
            cell = cell_name(row.line - 1, columns.place["account_id"]) if grid.sheet else ""
            findings += [finding.at(cell=cell) for finding in _remarks(row, values, columns.width, first)]
            identity = values.get("account_id", "")
            if identity and identity not in first:
                first[identity] = row.line
                accounts.append(_account(values))
        if not accounts:
            raise UsageProblem(*findings, remark("accounts-empty"))
    except UsageProblem as problem:
        raise UsageProblem(*(finding.at(file=file, sheet=grid.sheet) for finding in problem.findings)) from None
    return accounts, [finding.at(file=file, sheet=grid.sheet) for finding in findings]


def _remarks(row: Row, values: Mapping[str, str], width: int, first: Mapping[str, int]) -> list[Finding]:
    """Remark on one row; `first` gives the line of each account_id above it."""
    found = []
    if beyond := [cell for cell in row.cells[width:] if cell.strip()]:
        found.append(remark("cells-beyond-columns", line=row.line, raw=" | ".join(beyond)))
    identity = values.get("account_id", "")
    if not identity:
        found.append(remark("account-id-empty", line=row.line, raw=" | ".join(cell for cell in row.cells if cell.strip())))
    elif identity in first:
        found.append(remark("account-id-twice", line=row.line, raw=identity, first=first[identity]))
    elif not values.get("account"):
        found.append(remark("account-name-empty", line=row.line, raw=identity))
    return found


def _account(values: Mapping[str, str]) -> Account:
    known: dict[str, Any] = {name: values.get(name, "") for name in COLUMNS}
    known["account"] = known["account"] or known["account_id"]
    known["currency"] = known["currency"].upper()
    language = known["language"].lower()
    known["language"] = _LANGUAGE_NAMES.get(language, re.sub(r"^([a-z]{2})[-_].*", r"\1", language))
    known.update({name: _items(known[name]) for name in LISTS})
    return Account(**known, answers={name: text for name, text in values.items() if name not in COLUMNS and text})


def _frame_text(value: Any) -> str:
    """Write a frame's value as the file would have it."""
    import pandas

    if isinstance(value, (list, tuple, set, frozenset)):
        return "|".join(map(str, value))
    if value is None or pandas.isna(value):
        return ""
    if isinstance(value, pandas.Timestamp):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    return cell_text(value.item() if hasattr(value, "item") else value)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())


def _items(text: str) -> tuple[str, ...]:
    """Part a list by semicolons, bars or line breaks."""
    return tuple(dict.fromkeys(item for part in re.split(r"[;|\r\n]", text) if (item := part.strip())))
