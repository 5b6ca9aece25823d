"""Run benchmarks, all or those named: python -m benchmarks [NAME ...] [--write docs/speed.md]

A benchmark is a module beside this one with `contests(folder)`, which prepares what it needs in that folder and gives its
contests; a module's docstring is the heading of its results.
"""

from __future__ import annotations

import argparse
import pkgutil
import sys
import tempfile
from datetime import date
from importlib import import_module
from pathlib import Path

import benchmarks
from benchmarks.measure import measured
from benchmarks.report import machine, placed, table

NOT_ONE = {"__main__", "contest", "launcher", "measure", "report"}


def names() -> list[str]:
    """Name every benchmark."""
    return sorted(module.name for module in pkgutil.iter_modules(benchmarks.__path__) if module.name not in NOT_ONE)


def results(name: str) -> str:
    """Run one benchmark, and give its results as Markdown."""
    module = import_module(f"benchmarks.{name}")
    parts = [f"## {(module.__doc__ or name).strip().splitlines()[0].rstrip('.')}\n\n{date.today()}, {machine()}.\n"]
    print(parts[0], flush=True)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        for contest in module.contests(Path(folder)):
            parts.append(table(contest, measured(contest)))
            print(parts[-1], flush=True)
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure accountsheet beside the alternatives.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(names())} (all of them)")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the results on this page too")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in names()]
    if unknown:
        sys.exit(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(names())}.")
    for name in options.names or names():
        part = results(name)
        if options.write:
            page = options.write.read_text(encoding="utf-8") if options.write.exists() else "# Speed\n"
            options.write.write_text(placed(page, {name: part}), encoding="utf-8")


if __name__ == "__main__":
    main()
