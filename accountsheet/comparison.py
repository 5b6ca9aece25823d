"""What changed between two collections of plans: answer by answer, and forecast by forecast."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from accountsheet.collect import read_plans
from accountsheet.fields import Number, type_of
from accountsheet.pairing import Answer, Place, Side, Told, Written, matched, paired, typed
from accountsheet.portfolio import Portfolio
from accountsheet.wording import word

if TYPE_CHECKING:
    import pandas

CHANGED, ADDED, REMOVED = "changed", "added", "removed"
COLUMNS = {
    "account_id": "string", "account": "string", "owner": "string", "old_year": "Int64", "new_year": "Int64",
    "section": "string", "block": "string", "row": "string", "column": "string", "field": "string", "change": "string",
    "whole": "boolean", "old": "string", "new": "string", "difference": "float64", "percent": "float64", "share": "boolean",
    "section_title": "string", "name": "string", "question": "string", "old_shown": "string", "new_shown": "string",
    "sheet": "string", "cell": "string",
}  # fmt: skip
"""The columns of a comparison with their dtypes."""
FORECAST = {
    "account_id": "string", "account": "string", "owner": "string", "currency": "string", "from_year": "Int64",
    "to_year": "Int64", "field": "string", "old": "float64", "new": "float64", "difference": "float64", "percent": "float64",
    "actual": "float64", "off": "float64", "off_percent": "float64",
}  # fmt: skip
"""The columns of a comparison of forecasts."""
FIGURES = ("revenue", "contracted")
"""What is compared of a forecast."""

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | Portfolio
Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]
Record = dict[str, Any]


def compare(
    old: Paths, new: Paths, *, language: str = "en", jobs: int = 1, progress: Progress | None = None
) -> pandas.DataFrame:
    """Give what changed between two workbooks or collections: a row for each answer that is new, gone or different.

    Rows of tables are matched by what names them, years by the calendar, and only what both plans ask is compared. `old` and
    `new` hold values as the table `answers` does, `old_shown` and `new_shown` in the words of `language`; `difference` and
    `percent` are there for figures; a `share`, such as a chance, moves by points and has no `percent`. `whole` says that all
    of a row is new or gone. Raises UsageProblem where a path
    leads nowhere.
    """
    before, after = (Side(taken(each, jobs, progress), language) for each in (old, new))
    found = [change for was, now in paired(before.plans, after.plans) for change in changes(before, after, was, now)]
    return framed(found, COLUMNS)


def taken(given: Paths, jobs: int = 1, progress: Progress | None = None) -> Portfolio:
    """Take a portfolio, or read one."""
    return given if isinstance(given, Portfolio) else read_plans(given, jobs=jobs, progress=progress)


def framed(records: list[Record], columns: Mapping[str, str]) -> pandas.DataFrame:
    """Make a frame with the same dtypes however many records there are."""
    import pandas

    return pandas.DataFrame(
        {name: pandas.Series([each.get(name) for each in records], dtype=kind) for name, kind in columns.items()}
    )


def changes(before: Side, after: Side, was: Written | None, now: Written | None) -> Iterator[Record]:
    """Go through what differs between two plans of an account, in the order of the newer one."""
    known = now or was
    assert known is not None
    facts: Record = {"account_id": known.account_id, "account": known.account, "owner": known.owner}
    facts |= {"old_year": was.year if was else None, "new_year": now.year if now else None}
    if was is None or now is None:
        side, change = (after, ADDED) if was is None else (before, REMOVED)
        name = word("whole_plan_of", side.language, year=known.year + 1)
        yield facts | {"change": change, "whole": True, "question": name}
        return
    one, two = before.told(was), after.told(now)
    old, new = matched(one, two), two.answers
    rows = {place[:2] for place in old}, {place[:2] for place in new}
    for place in in_order(old, new):
        then, there = old.get(place), new.get(place)
        if (then is None or there is None or then.value != there.value) and one.asks(place) and two.asks(place):
            whole = len(place.row) > 0 and not (place[:2] in rows[0] and place[:2] in rows[1])
            yield facts | {"whole": whole} | change_of(place, then, there, one, two)


def in_order(old: Mapping[Place, Answer], new: Mapping[Place, Answer]) -> list[Place]:
    """Give every place, block by block: what is new or still there in the newer plan's order, then what is gone."""
    blocks = {name: rank for rank, name in enumerate(dict.fromkeys(place.block for place in (*new, *old)))}
    every = dict.fromkeys((*new, *old))
    return sorted(every, key=lambda place: (blocks[place.block], place not in new))


def change_of(place: Place, old: Answer | None, new: Answer | None, one: Told, two: Told) -> Record:
    """Describe one change, in values and in words."""
    answer, told = (new, two) if new is not None else (old, one)
    assert answer is not None
    section, title = told.section(place)
    change: Record = {
        "section": section, "block": place.block, "row": answer.row or None, "column": answer.column or None,
        "field": place.field, "change": ADDED if old is None else REMOVED if new is None else CHANGED,
        "old": old.value if old else None, "new": new.value if new else None,
        "section_title": title, "question": told.label(place),
        "name": told.name(place._replace(row=told.row_of(place.block, answer.row, answer.column)), answer) or None,
        "old_shown": one.shown(place, old) if old else None, "new_shown": two.shown(place, new) if new else None,
        "sheet": answer.sheet or None, "cell": answer.cell or None,
    }  # fmt: skip
    question = told.question(place)
    kind = type_of(question) if question else None
    change["share"] = isinstance(kind, Number) and kind.percent
    if old and new and question and isinstance(kind, Number):
        change |= moved(typed(old.value, question), typed(new.value, question)) | ({"percent": None} if kind.percent else {})
    return change


def moved(old: float, new: float, names: tuple[str, str] = ("difference", "percent")) -> Record:
    """Give how far a figure moved, and as a share of what it was."""
    difference = float(f"{new - old:.15g}")
    return {names[0]: difference, names[1]: difference / abs(old) if old else None}


# ------------------------------------------------------------------------------------------------------- forecasts


def compare_forecasts(
    old: Paths,
    new: Paths,
    *,
    actuals: pandas.DataFrame | str | os.PathLike[str] | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> pandas.DataFrame:
    """Give what two plans expect of the same calendar years, and what came of it: a row for each year and figure.

    `actuals` has the columns account_id, year and revenue (and contracted, where that is known), or is a folder with such a
    table, called `actuals`; else the table `history` that `import` writes is taken. `off` is the actual figure less the older
    forecast, or less the newer where there is no older.
    """
    one, two = taken(old, jobs, progress), taken(new, jobs, progress)
    before, after = Side(one, "en"), Side(two, "en")
    real, periods = actual_figures(actuals), (expected(one), expected(two))
    found: list[Record] = []
    for was, now in paired(before.plans, after.plans):
        known = now or was
        assert known is not None
        then, there = (period.get(plan.plan_id, {}) if plan else {} for period, plan in zip(periods, (was, now), strict=True))
        facts = {"account_id": known.account_id, "account": known.account, "owner": known.owner, "currency": known.currency}
        for span in sorted({*then, *there}):
            figures = real.get((known.account_id, span[0]), {}) if span[0] == span[1] else {}
            found += [
                facts | {"from_year": span[0], "to_year": span[1]} | each
                for each in compared(then.get(span, {}), there.get(span, {}), figures)
            ]
    return framed(found, FORECAST)


def compared(old: Mapping[str, float], new: Mapping[str, float], actual: Mapping[str, float]) -> Iterator[Record]:
    """Compare the figures of one period, where there is anything to compare."""
    for field in FIGURES:
        was, now, real = old.get(field), new.get(field), actual.get(field)
        if sum(each is not None for each in (was, now, real)) < 2:
            continue
        record: Record = {"field": field, "old": was, "new": now, "actual": real}
        if was is not None and now is not None:
            record |= moved(was, now)
        if real is not None:
            record |= moved(was if was is not None else now or 0.0, real, ("off", "off_percent"))
        yield record


def expected(portfolio: Portfolio) -> dict[str, dict[tuple[int, int], dict[str, float]]]:
    """Give each plan's figures by years; of two rows about the same years, the first is only a target."""
    found: dict[str, dict[tuple[int, int], dict[str, float]]] = {}
    if "forecast" not in portfolio:
        return found
    table = portfolio["forecast"].dropna(subset=["from_year", "to_year"])
    names = [name for name in FIGURES if name in table.columns]
    for plan, begin, end, *figures in zip(
        *(table[name].tolist() for name in ("plan_id", "from_year", "to_year", *names)), strict=True
    ):
        known = {name: value for name, value in zip(names, figures, strict=True) if value == value}
        found.setdefault(plan, {})[int(begin), int(end)] = known
    return found


def actual_figures(given: pandas.DataFrame | str | os.PathLike[str] | None) -> dict[tuple[str, int], dict[str, float]]:
    """Read what came of years: by account and year. Raises UsageProblem where a folder holds no such table."""
    import pandas

    from accountsheet.finding import UsageProblem
    from accountsheet.phrases import remark

    if given is None:
        return {}
    table = given if isinstance(given, pandas.DataFrame) else actuals_in(given)
    if table is None or not {"account_id", "year", "revenue"} <= set(table.columns):
        raise UsageProblem(remark("no-actuals", file="" if isinstance(given, pandas.DataFrame) else os.fspath(given)))
    names = [name for name in FIGURES if name in table.columns]
    figures = [pandas.Series(pandas.to_numeric(table[name], errors="coerce")).tolist() for name in ("year", *names)]
    found: dict[tuple[str, int], dict[str, float]] = {}
    for account, year, *values in zip(table["account_id"].astype("string").tolist(), *figures, strict=True):
        if year == year and year is not None:
            known = {name: float(value) for name, value in zip(names, values, strict=True) if value == value}
            found.setdefault((account, int(year)), {}).update(known)
    return found


def actuals_in(folder: str | os.PathLike[str]) -> pandas.DataFrame | None:
    """Give the table `actuals` of a folder, else what the history that `import` wrote says of our revenue."""
    from accountsheet.tables import read_tables

    tables = read_tables(folder)
    history = tables.get("history")
    if history is None or "actuals" in tables:
        return tables.get("actuals")
    kept = history.drop(columns=["year"], errors="ignore")
    return kept.rename(columns={"of_year": "year", "our_revenue": "revenue"})
