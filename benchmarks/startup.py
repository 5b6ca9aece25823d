"""Start-up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.contest import Contest, Goal

TOOL = "from accountsheet.cli import main; main()"


def contests(folder: Path) -> Iterator[Contest]:
    """Measure how long it takes until something is said."""
    bare, tool = "bare Python", "accountsheet --help"
    ways = {
        bare: [sys.executable, "-c", "pass"],
        tool: [sys.executable, "-c", TOOL, "--help"],
        "accountsheet generate --help": [sys.executable, "-c", TOOL, "generate", "--help"],
    }
    yield Contest("Saying what it can do", ways, [Goal(tool, bare, milliseconds_over=120)], rounds=15)
