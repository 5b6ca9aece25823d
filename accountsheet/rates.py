"""Exchange rates from a file."""

from __future__ import annotations

import os

from accountsheet.delimited import read_grids
from accountsheet.finding import UsageProblem
from accountsheet.phrases import remark
from accountsheet.values import read_number


def read_rates(path: str | os.PathLike[str]) -> dict[str, float]:
    """Read a CSV or xlsx of two columns: a currency, and how much one unit of it is worth. Raises UsageProblem."""
    rates: dict[str, float] = {}
    name = os.fspath(path)
    for grid in read_grids(name):
        for row in grid.rows:
            cells = [cell.strip() for cell in row.cells]
            if len(cells) >= 2 and len(cells[0]) == 3 and cells[0].isalpha() and cells[1]:
                reading = read_number(cells[1], "nl" if "," in cells[1] and "." not in cells[1] else "en")
                if reading.value is None or reading.value <= 0:
                    raise UsageProblem(remark("rate-unreadable", file=name, raw=cells[1], currency=cells[0]))
                rates[cells[0].upper()] = reading.value
    if not rates:
        raise UsageProblem(remark("rates-missing", file=name))
    return rates
