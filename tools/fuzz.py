"""Workbooks broken at random and imported, for as long as one likes: python tools/fuzz.py SECONDS [SEED] [--out fuzz]

Nothing may raise, hang, fill the memory or kill its process, and what can still be read in a cell may not vanish unsaid.
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

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from breaking import broken
from specimens import cells_in, make_specimens, squeezed

from accountsheet import worker
from accountsheet.packs import unpacked
from accountsheet.reading import Task, read_guarded
from accountsheet.sources import Source
from plans import TODAY

FAULTS = {"reading-failed", "workbook-endless", "workbook-kills"}
"""Remarks that say that we failed."""
SLOW = 20.0
"""Seconds that no workbook may take, twice: the machine may have been busy with other things."""
MOST_ALIKE = 5
"""Finds of one kind that are kept."""


def imported(path: Path) -> tuple[bool, list[str], list[str]]:
    """Read a workbook as the command does: whether it is a plan, the codes of what is remarked, and all texts that are kept."""
    [content] = read_guarded(Task((Source(str(path)),), TODAY))
    found = unpacked(content)
    tables = {name: table.to_pylist() if (table := found.table(name)) is not None else [] for name in ("answers", "findings")}
    codes = [f"{each['code']}: {each['message']}" for each in tables["findings"] if each["severity"] == "error"]
    return bool(found.workbooks[0].plan_id), codes, [each["raw"] or "" for rows in tables.values() for each in rows]


def faults(path: Path, data: bytes, own: set[str], again: bool = False) -> Iterator[str]:
    """Import a workbook, and say what went wrong in it that may not."""
    since = time.monotonic()
    try:
        is_plan, codes, kept = imported(path)
    except Exception as problem:
        yield f"traceback {type(problem).__name__}: {problem}"
        return
    if time.monotonic() - since > SLOW:
        yield from faults(path, data, own, again=True) if not again else ["slow"]
        return
    yield from (code for code in codes if code.partition(":")[0] in FAULTS or f"> {worker.MEGABYTES} MB" in code)
    if not is_plan and not codes:
        yield "nothing read, nothing said"
    if is_plan:
        said = squeezed("".join(kept))
        cells = cells_in(data).items()
        lost = sorted(text for text, forms in cells if own.isdisjoint(forms) and not any(form in said for form in forms))
        if lost:
            yield f"lost {lost[:3]}"


def run(specimens: Mapping[str, bytes], seconds: float, seed: int, finds: Path) -> int:
    """Break and import until the time is over; what was found stands in a folder, and its kinds are counted."""
    finds.mkdir(parents=True, exist_ok=True)
    until, counted, own = time.monotonic() + seconds, Counter[str](), {}
    with tempfile.TemporaryDirectory() as folder:
        for name, data in specimens.items():
            path = Path(folder) / name
            path.write_bytes(data)
            typed = {squeezed(piece) for raw in imported(path)[2] for piece in (raw, *re.split("[\t\n]", raw))}
            own[name] = {form for forms in cells_in(data, calculated=True).values() if typed.isdisjoint(forms) for form in forms}
        for case in itertools.count(seed):
            if time.monotonic() > until:
                break
            chance = random.Random(case)
            name = chance.choices(list(specimens), [len(data) ** -1.5 for data in specimens.values()])[0]  # the small are quick
            path = Path(folder) / f"{case} {name}"
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
    sys.exit(bool(run(make_specimens(options.out / "specimens"), options.seconds, options.seed, options.out / "finds")))


if __name__ == "__main__":
    main()
