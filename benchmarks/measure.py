"""Turns taken and timed: medians of interleaved rounds."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks import launcher
from benchmarks.contest import Command, Contest, Goal, Way

LEAST = 0.05
"""Seconds that a turn lasts at least: what is quick is called many times in it."""
MOST_CALLS = 500


@dataclass(frozen=True)
class Measured:
    """What a way took: the median in seconds, and the peak memory in bytes of one that is a command (0: not known)."""

    seconds: float
    memory: int = 0


Measurements = Mapping[str, Measured]


def measured(contest: Contest) -> dict[str, Measured]:
    """Let the ways take turns."""
    turns = {name: turn_of(way) for name, way in contest.ways.items()}
    contest.tidy()
    taken: dict[str, list[Measured]] = {name: [] for name in turns}
    gc.collect()
    for _ in range(contest.rounds):
        for name, turn in turns.items():
            taken[name].append(turn())
            contest.tidy()
    return {
        name: Measured(statistics.median(each.seconds for each in every), max(each.memory for each in every))
        for name, every in taken.items()
    }


def turn_of(way: Way) -> Callable[[], Measured]:
    """Give one turn of a way; what is called is called once beforehand, warm and to see how often a turn has time for it."""
    if not callable(way):
        return lambda: ran(way)
    way()
    start = time.perf_counter()
    way()
    once = time.perf_counter() - start
    calls = max(1, min(MOST_CALLS, round(LEAST / max(once, 1e-7))))

    def turn() -> Measured:
        start = time.perf_counter()
        for _ in range(calls):
            way()
        return Measured((time.perf_counter() - start) / calls)

    return turn


def ran(command: Command) -> Measured:
    """Run a command; its peak memory is known where the system tells it."""
    words = [sys.executable, "-I", "-S", launcher.__file__, *map(str, command)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    seconds, memory, status = done.stdout.split()
    if status not in ("0", "1"):  # 1: done, with findings
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stderr}")
    return Measured(float(seconds), int(memory))


def reached(goal: Goal, taken: Measurements) -> bool:
    """Say whether a goal was reached."""
    own, other = taken[goal.way].seconds, taken[goal.peer].seconds
    if goal.times_faster:
        return other >= own * goal.times_faster
    if goal.times_as_long:
        return own <= other * goal.times_as_long
    return (own - other) * 1000 <= goal.milliseconds_over
