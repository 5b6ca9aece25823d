"""What was measured, as Markdown."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping, Sequence

from benchmarks.contest import Contest, Goal
from benchmarks.measure import Measurements, reached


def table(contest: Contest, taken: Measurements) -> str:
    """Write a contest's times, the ratios to the first way, memory where it is known, and what became of the goals."""
    first = next(iter(contest.ways))
    with_memory = any(each.memory for each in taken.values())
    header = ["way", "median", f"times as long as {first}", *(["peak memory"] if with_memory else [])]
    rows = [
        [
            name,
            duration(each.seconds),
            ratio(each.seconds / taken[first].seconds),
            *([size(each.memory)] if with_memory else []),
        ]
        for name, each in taken.items()
    ]
    lines = [f"### {contest.title}", "", *([contest.note, ""] if contest.note else [])]
    lines += [line(header), line(["---"] + ["---:"] * (len(header) - 1)), *map(line, rows), ""]
    lines += [f"- {said(goal, taken)}" for goal in contest.goals]
    return "\n".join(lines).rstrip() + "\n"


def said(goal: Goal, taken: Measurements) -> str:
    """Say what a goal asks, what was measured, and whether that is enough."""
    own, other = taken[goal.way].seconds, taken[goal.peer].seconds
    if goal.times_faster:
        asked = f"at least {goal.times_faster:g} times faster than {goal.peer}"
        got = f"{ratio(other / own)} times"
    elif goal.times_as_long:
        asked, got = f"at most {goal.times_as_long:g} times as long as {goal.peer}", f"{ratio(own / other)} times"
    else:
        asked, got = f"at most {goal.milliseconds_over:g} ms over {goal.peer}", duration(own - other)
    return f"{goal.way}, {asked}: **{got}**, {'reached' if reached(goal, taken) else 'NOT reached'}"


def line(cells: Sequence[str]) -> str:
    """Write one row of a table."""
    return f"| {' | '.join(cells)} |"


def duration(seconds: float) -> str:
    """Write a time in the unit that it is best read in."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.3g} ms"


def ratio(times: float) -> str:
    """Write a ratio."""
    return f"{times:.0f}" if times >= 20 else f"{times:.2g}" if times < 1 else f"{times:.1f}"


def size(memory: int) -> str:
    """Write an amount of memory."""
    return f"{memory / 2**20:.0f} MB" if memory else "–"


def machine() -> str:
    """Say what it was measured on."""
    return f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def placed(page: str, parts: Mapping[str, str]) -> str:
    """Put each part in its place on a page, between the comments that name it; a new one goes to the end."""
    for name, part in parts.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        written = f"{begin}\n{part.strip()}\n{end}"
        spot = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        page = spot.sub(lambda _, text=written: text, page) if spot.search(page) else f"{page.rstrip()}\n\n{written}\n"
    return page
