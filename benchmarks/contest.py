"""What is measured: ways to do the same thing, taking turns in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeAlias

Command: TypeAlias = Sequence[str | Path]
Way: TypeAlias = Callable[[], object] | Command
"""Something to call, or a command line to run in a process of its own, whose peak memory is told too."""


@dataclass(frozen=True)
class Goal:
    """What one way is to reach beside another. One of the three limits is given."""

    way: str
    peer: str
    times_faster: float = 0
    """At least so many times faster."""
    times_as_long: float = 0
    """At most so many times as long."""
    milliseconds_over: float = 0
    """At most so many milliseconds longer."""


@dataclass(frozen=True)
class Contest:
    """Ways to do the same thing; the first named is what the others are told in ratios of."""

    title: str
    ways: Mapping[str, Way]
    goals: Sequence[Goal] = field(default=())
    rounds: int = 9
    """Turns that each way has, one after the other: the medians count."""
    tidy: Callable[[], object] = lambda: None
    """What is done between turns, outside the time."""
    note: str = ""


@dataclass(frozen=True)
class Folder:
    """A folder for files that are written while the time runs, each under a new name."""

    path: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def new(self, suffix: str = ".xlsx") -> Path:
        """Name a file that is not there yet."""
        return self.path / f"{next(self._numbers)}{suffix}"

    def empty(self) -> None:
        """Remove what was written."""
        for path in self.path.iterdir():
            path.unlink()


def folder(path: Path) -> Folder:
    """Make an empty folder."""
    path.mkdir(parents=True)
    return Folder(path)
