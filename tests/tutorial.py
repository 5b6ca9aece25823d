"""The tutorial as its reader goes through it: its command lines, and what its reps type, done in LibreOffice."""

import contextlib
import csv
import datetime
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from accountsheet.cli import main
from office import Office

HOME = Path(__file__).parents[1] / "docs" / "tutorial"
PAGE = HOME.with_suffix(".md")
PLAYED = {"check": ("typed.csv", "plans", "received"), "import": ("mended.csv", "returned", "mended")}
"""Before which command the reader plays the reps: what they type, from which folder into which."""


def command_lines() -> list[str]:
    """Give the page's command lines, in order."""
    blocks = re.findall(r"^```console\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def as_typed(text: str) -> Any:
    """Give what a spreadsheet program makes of a text that is typed: a number, a date, the text, or nothing."""
    if not text:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    return datetime.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def step(row: dict[str, str]) -> tuple[Any, ...]:
    """Give one line of a file of edits as the step that LibreOffice takes."""
    match row["does"]:
        case "types":
            return "type", row["tab"], row["cell"], as_typed(row["typed"])
        case "inserts a row above":
            return "insert_rows", row["tab"], int(row["cell"])
        case "calls the tab":
            return "rename_sheet", row["tab"], row["typed"]
        case other:
            raise ValueError(other)


def edits(name: str) -> dict[str, list[tuple[Any, ...]]]:
    """Give the steps of a file of edits by account."""
    with (HOME / name).open(encoding="utf-8", newline="") as lines:
        found: dict[str, list[tuple[Any, ...]]] = {}
        for row in csv.DictReader(lines):
            found.setdefault(row["account_id"], []).append(step(row))
    return found


def gone_through(here: Path, office: Office) -> dict[str, tuple[int, str]]:
    """Go through the tutorial in a new folder; give each command's status and output."""
    here.mkdir(parents=True)
    shutil.copy(HOME / "accounts.csv", here)
    outcomes = {}
    with contextlib.chdir(here):
        for line in command_lines():
            command, *arguments = shlex.split(line)[1:]
            if command in PLAYED:
                name, source, target = PLAYED[command]
                fill_in(office, name, here / source, here / target)
            result = CliRunner().invoke(main, [command, *arguments])
            outcomes[command] = result.exit_code, result.output
    return outcomes


def fill_in(office: Office, name: str, source: Path, target: Path) -> None:
    """Do in LibreOffice what a file of edits says, from the workbooks in one folder into another."""
    target.mkdir(exist_ok=True)
    for account, steps in edits(name).items():
        book = next(source.rglob(f"{account} *.xlsx"))
        tabs = dict.fromkeys(tab for _, tab, *_ in steps if tab)
        unlocked = [("unprotect", tab) for tab in tabs if any(kind == "insert_rows" and here == tab for kind, here, *_ in steps)]
        office.edit(book, target / book.name, [*unlocked, *steps])
