"""Exchange rates from a file, each with its day."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from accountsheet.dates import read_date
from accountsheet.delimited import read_grids
from accountsheet.finding import UsageProblem
from accountsheet.phrases import remark
from accountsheet.values import read_number


@dataclass(frozen=True)
class Rates(Mapping[str, float]):
    """What one unit of each currency is worth, and since when."""

    worth: Mapping[str, float]
    days: Mapping[str, datetime.date] = field(default_factory=dict)

    def __getitem__(self, currency: str) -> float:
        return self.worth[currency]

    def __iter__(self) -> Iterator[str]:
        return iter(self.worth)

    def __len__(self) -> int:
        return len(self.worth)


def read_rates(path: str | os.PathLike[str]) -> Rates:
    """Read a CSV or xlsx: a currency, what one unit of it is worth, and the day of that rate. Raises UsageProblem."""
    worth: dict[str, float] = {}
    days: dict[str, datetime.date] = {}
    name = os.fspath(path)
    for grid in read_grids(name):
        for row in grid.rows:
            cells = [cell.strip() for cell in row.cells]
            if len(cells) < 2 or len(cells[0]) != 3 or not cells[0].isalpha() or not cells[1]:
                continue
            currency, language = cells[0].upper(), "nl" if "," in cells[1] and "." not in cells[1] else "en"
            rate = read_number(cells[1], language)
            if rate.value is None or rate.value <= 0:
                raise UsageProblem(remark("rate-unreadable", file=name, raw=cells[1], currency=currency))
            worth[currency] = rate.value
            if len(cells) > 2 and cells[2]:
                day = read_date(cells[2], language, datetime.date.today().year)
                if day.value is None or day.other is not None:
                    raise UsageProblem(remark("rate-day-unreadable", file=name, raw=cells[2], currency=currency))
                days[currency] = day.value
    if not worth:
        raise UsageProblem(remark("rates-missing", file=name))
    return Rates(worth, days)
