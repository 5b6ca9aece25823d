"""Workbooks broken at random and imported, for as long as one likes: python tools/fuzz.py SECONDS [SEED] [--out fuzz]

Nothing may raise, hang, fill the memory or kill its process; what can still be read in a cell may not vanish unsaid, and no
answer may say what stands in no cell.
The workbooks to start from are made once, in OUT/specimens; what was found is kept in OUT/finds, by its case's number.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from breaking import broken
from specimens import cells_in, make_specimens, squeezed

from accountsheet import worker
from accountsheet.grid import MARK
from accountsheet.packs import unpacked
from accountsheet.reading import Task, read_guarded
from accountsheet.sources import Source
from office import MissingProgram, OfficeError
from plans import TODAY

FAULTS = {"reading-failed", "workbook-endless", "workbook-kills"}
"""Remarks that say that we failed."""
ROW_ID = re.compile(r"\w+/\d+")
"""What a hidden cell says of a row that a table may have had."""
SLOW = 20.0
"""Seconds that no workbook may take, twice: the machine may have been busy with other things."""
MOST_ALIKE = 5
"""Finds of one kind that are kept."""


class Imported(NamedTuple):
    """A workbook as it was read."""

    is_plan: bool
    errors: list[str]
    answers: list[str]
    """What was typed, answer by answer."""
    told: list[str]
    """The texts of all remarks."""


def imported(path: Path) -> Imported:
    """Read a workbook as the command does."""
    [content] = read_guarded(Task((Source(str(path)),), TODAY))
    found = unpacked(content)
    tables = {name: table.to_pylist() if (table := found.table(name)) is not None else [] for name in ("answers", "findings")}
    errors = [f"{each['code']}: {each['message']}" for each in tables["findings"] if each["severity"] == "error"]
    answers, told = ([each["raw"] or "" for each in rows] for rows in tables.values())
    return Imported(bool(found.workbooks[0].plan_id), errors, answers, told)


def faults(path: Path, data: bytes, own: set[str], again: bool = False) -> Iterator[str]:
    """Import a workbook, and say what went wrong in it that may not."""
    since = time.monotonic()
    try:
        read = imported(path)
    except Exception as problem:
        yield f"traceback {type(problem).__name__}: {problem}"
        return
    if time.monotonic() - since > SLOW:
        yield from faults(path, data, own, again=True) if not again else ["slow"]
        return
    yield from (each for each in read.errors if each.partition(":")[0] in FAULTS or f"> {worker.MEGABYTES} MB" in each)
    if not read.is_plan and not read.errors:
        yield "nothing read, nothing said"
    cells = cells_in(data) if read.is_plan else {}
    if cells:
        said = squeezed("".join(read.answers + read.told))
        typed = {text: forms for text, forms in cells.items() if own.isdisjoint(forms) and not ROW_ID.fullmatch(text)}
        lost = [text for text, forms in typed.items() if not any(form in said for form in forms)]
        written = {form for forms in cells_in(data, everything=True).values() for form in forms} | {""}
        made_up = [raw for raw in read.answers if squeezed(raw) not in written and not raw.startswith(("=", MARK))]
        yield from (f"{what} {sorted(texts)[:3]}" for what, texts in (("lost", lost), ("made up", made_up)) if texts)


def written_by_us(path: Path, data: bytes) -> set[str]:
    """Give what stands in a whole workbook and was not typed by a rep."""
    read = imported(path)
    typed = {squeezed(piece) for raw in read.answers + read.told for piece in (raw, *re.split("[\t\n]", raw))}
    return {form for forms in cells_in(data, everything=True).values() if typed.isdisjoint(forms) for form in forms}


def run(specimens: Mapping[str, bytes], seconds: float, seed: int, finds: Path) -> bool:
    """Break and import until the time is over; whether anything was found: it stands in a folder, and its kinds are counted."""
    finds.mkdir(parents=True, exist_ok=True)
    until, counted, own = time.monotonic() + seconds, Counter[str](), dict[str, set[str]]()
    with tempfile.TemporaryDirectory() as folder:
        for case in itertools.count(seed):
            if time.monotonic() > until:
                break
            chance = random.Random(case)
            name = chance.choices(list(specimens), [len(data) ** -1.5 for data in specimens.values()])[0]  # the small are quick
            path = Path(folder) / f"{case} {name}"
            if name not in own:
                path.write_bytes(specimens[name])
                own[name] = written_by_us(path, specimens[name])
            data = broken(specimens[name], chance)
            path.write_bytes(data)
            counted["cases"] += 1
            for told in faults(path, data, own[name]):
                fault = told.replace(f"{path}", "it")
                kind = re.sub(r"\d+", "n", fault)[:60]
                counted[kind] += 1
                if counted[kind] <= MOST_ALIKE:
                    (finds / path.name).write_bytes(data)
                    print(f"{path.name}: {fault[:300]}", flush=True)
            path.unlink()
            if counted["cases"] % 1_000 == 0:
                print(f"{dict(counted)}; the next seed is {case + 1}", flush=True)
    print(f"{dict(counted)}; the next seed is {case}")
    return len(counted) > 1


def main() -> None:
    parser = argparse.ArgumentParser(description="Break workbooks at random and import them.")
    parser.add_argument("seconds", type=float)
    parser.add_argument("seed", type=int, nargs="?", default=random.SystemRandom().randrange(10**9))
    parser.add_argument("--out", type=Path, default=Path("fuzz"))
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    worker.SECONDS = 3 * SLOW
    try:
        specimens = make_specimens(options.out / "specimens")
    except (MissingProgram, OfficeError, OSError) as error:
        sys.exit(str(error))
    sys.exit(run(specimens, options.seconds, options.seed, options.out / "finds"))


if __name__ == "__main__":
    main()
