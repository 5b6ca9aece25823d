"""Filled-in workbooks into a folder of tables: what has not changed is not read again, and large tables are written by all hands.

What was read is kept beside the tables, packed, as it was read: an import that was interrupted goes on from there, and one
of tomorrow reads only what is new. The tables are made of that each time, whole, with what counts now.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from accountsheet.collect import Path, Progress, collected, looked_through
from accountsheet.executors import Hands, hands
from accountsheet.finding import Finding, UsageProblem
from accountsheet.joining import Collection, Frames
from accountsheet.packs import DTYPES, Pack, all_columns, unpacked
from accountsheet.phrases import remark
from accountsheet.portfolio import Portfolio, findings_in
from accountsheet.restore import Stored
from accountsheet.storage import PACKED, Folder, wherever, write_at
from accountsheet.table_files import write_parquet
from accountsheet.table_kinds import KINDS, empty_texts_as_null
from accountsheet.tables import placed, replaced, write_tables

if TYPE_CHECKING:
    from distributed import Client

KEPT = ".accountsheet"
"""The folder beside the tables that holds what was read."""
GROUP = 1_000
"""Workbooks whose rows stand in one file; of more, a table is a folder of such files."""
STRETCH = 100
"""Workbooks whose rows are held together while a file is written: full ones take half a megabyte each."""


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    portfolio: Portfolio
    findings: tuple[Finding, ...]
    """Remarks on the writing."""
    read: int
    """Workbooks that were read; the others were as they had been."""


def import_plans(
    paths: Path | Iterable[Path],
    out: Path,
    *,
    format: str = "parquet",
    csv_style: str = "",
    as_of: datetime.date | None = None,
    strict: bool = False,
    jobs: int = 1,
    scheduler: str | Client | None = None,
    password: str | Iterable[str] = (),
    progress: Progress | None = None,
) -> Imported:
    """Read workbooks into tables in a folder or at a URL; those read before, and unchanged since, are not read again.

    Takes paths, and shares the work, as `read_plans` does. Raises UsageProblem, with no table changed, where nothing can be
    used or the tables cannot be written.
    """
    found = looked_through(paths, password)
    day = as_of or datetime.date.today()
    everything = Folder(wherever(Folder(out).at(KEPT)))
    terms = terms_of(day)
    folder = Folder(everything.at(terms))
    before = kept(folder)
    with hands(jobs, scheduler) as workers:
        collection = collected(found, day, workers, strict=strict, progress=progress, before=before, keep=folder.path)
        if not any(collection.workbook(entry).plan_id for entry in collection.entries):
            raise UsageProblem(remark("nothing-usable"), *findings_in(collection.frame("findings")))
        told = write(collection, out, format, csv_style, workers)
    mine = {pack.content for pack in collection.packs.values()}
    tidy(everything, folder, mine)
    old = {pack.content for pack in before}
    read = sum(isinstance(at := collection.packs[entry.pack].content, str) and at not in old for entry in collection.entries)
    return Imported(Portfolio(Stored(out), collection.blueprints()), tuple(told), read)


def terms_of(as_of: datetime.date) -> str:
    """Name what reading depends on beside the workbook: the day that it is judged on, and this very program."""
    return f"{as_of.isoformat()}-{program()}"


@cache
def program() -> str:
    """Give a digest of the program: its modules and the blueprints that come with it."""
    known = hashlib.sha256()
    for name, content in sorted(parts(files("accountsheet"))):
        known.update(name.encode() + b"\0" + content)
    return known.hexdigest()[:16]


def parts(folder: Any, path: str = "") -> Iterator[tuple[str, bytes]]:
    """Go through the modules and blueprints in a folder."""
    for each in folder.iterdir():
        if each.is_dir():
            yield from parts(each, f"{path}{each.name}/")
        elif each.name.endswith((".py", ".yaml")):
            yield path + each.name, each.read_bytes()


def kept(folder: Folder) -> list[Pack]:
    """Give what was read before on the same terms, the oldest first; what is broken is as good as gone."""
    found = []
    for name in folder.names():
        if name.endswith(PACKED) and not name.startswith("."):
            try:
                found.append(unpacked(folder.at(name)))
            except Exception:  # A disk that ran full, a hand that slipped: it is read again.
                continue
    return found


def tidy(everything: Folder, folder: Folder, mine: set[bytes | str]) -> None:
    """Remove what is of no more use: workbooks that are gone or were read again, and readings on other terms."""
    for name in folder.names():
        if folder.at(name) not in mine:
            folder.remove(name)
    for name in everything.names():
        if everything.at(name) != folder.path:
            everything.remove(name)


# --------------------------------------------------------------------------------------------------------- the tables


@dataclass(frozen=True)
class Group:
    """Some workbooks of a collection, whose rows are to be written together."""

    collection: Collection
    paths: Mapping[str, str]
    """Where each table goes."""
    number: int = 0
    of: int = 1


def write(collection: Collection, out: Path, format: str, csv_style: str, workers: Hands) -> list[Finding]:
    """Write a collection's tables in place of those written there before."""
    if format != "parquet":
        return write_tables(Frames(collection), out, format, csv_style, collection.blueprints())
    kinds = {name: all_columns(kinds) for name, kinds in collection.columns.items()}
    columns = {name: {at: KINDS[DTYPES.get(kind, kind)] for at, kind in every.items()} for name, every in kinds.items()}
    amounts = {name: tuple(at for at, kind in every.items() if kind == "amount") for name, every in kinds.items()}
    groups = list(collection.groups(GROUP))
    with replaced(out, placed(columns, format, amounts), collection.blueprints()) as (stored, staged):
        paths = {name: wherever(staged[place.file]) for name, place in stored.items()}
        for _ in workers.done(write_group, [Group(group, paths, at, len(groups)) for at, group in enumerate(groups)]):
            pass
    return []


def write_group(group: Group) -> None:
    """Write the rows of some workbooks: each table's file, or one of the files in its folder."""
    for name, path in group.paths.items():
        stretches = (empty_texts_as_null(some.table(name)) for some in group.collection.groups(STRETCH))
        kinds = all_columns(group.collection.columns[name])
        columns = {at: KINDS[DTYPES.get(kind, kind)] for at, kind in kinds.items()}
        if group.of > 1:  # rows or not: the same number holds the same plans in every table
            path = f"{path}/part-{group.number:05}.parquet"
        write_at(path, partial(write_parquet, stretches=stretches, columns=columns))
