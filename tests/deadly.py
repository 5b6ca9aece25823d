"""A reader that some workbooks are the death of: what a fault in a library would do, by the name of the file."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pyarrow  # noqa: F401  # what packing needs, before the clock starts

from accountsheet.judge import Judged
from accountsheet.packs import pack
from accountsheet.reading import Task
from accountsheet.worker import Beat


def read_packed(task: Task, beat: Beat) -> bytes:
    """Read nothing of each workbook, and die of some."""
    judged = []
    for source in task.sources:
        match Path(source.name).name.partition(" ")[0]:
            case "kills":
                os._exit(139)
            case "aborts":
                os.abort()
            case "hangs":
                time.sleep(600)
            case "eats":
                eaten = [b"x" * 2**20 for _ in range(4_000)]
                time.sleep(len(eaten))
        judged.append(Judged(source.name))
        beat()
    return pack(judged)


def grows_slowly(name: str, beat: Beat) -> bytes:
    """Take longer than one item may, item by item."""
    for _ in range(3):
        time.sleep(1)
        beat()
    return name.encode()


def prints(beat: Beat) -> bytes:
    """Print, as libraries do."""
    os.write(1, b"hello from a library\n")
    print("and again")
    return b"done"
