"""Which plans have come in and in what state, whose are missing, and who is late: for the manager who asks for them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accountsheet.accounts import Account, Accounts, accounts_from
from accountsheet.dates import read_date
from accountsheet.judge import CURRENT, REJECTED, SUPERSEDED
from accountsheet.portfolio import Portfolio

STATES = ("missing", "rejected", "late", "incomplete", "other_year", "duplicate", "superseded", "received", "unexpected")
"""What can be said of a plan, what wants something done first."""
COMPLETE = 0.8
"""How far a plan is to be filled in before it counts as complete: the last of the five bands."""
NO_PLANS = ("own-summary", "lock-file")
"""What findings say of files that are no plan, and need none to be sent again."""
SAME = "workbook-twice"
COLUMNS = ("state", "account_id", "account", "owner", "year", "status", "completeness", "modified", "saved_by", "file")


@dataclass(frozen=True, slots=True)
class Submission:
    """A workbook that came in, or a plan that has not come."""

    state: str
    account_id: str = ""
    account: str = ""
    owner: str = ""
    due: datetime.date | None = None
    status: str = ""
    completeness: float | None = None
    modified: datetime.datetime | None = None
    saved_by: str = ""
    file: str = ""
    overdue: bool = False
    """Whether it has not come although its day has passed."""


def submissions(
    portfolio: Portfolio, expected: Accounts | None = None, *, as_of: datetime.date | None = None, year: int | None = None
) -> list[Submission]:
    """Give every workbook, and every plan that was expected and has not come, what wants something done first.

    `expected` are the accounts that a plan is wanted of; what is overdue is judged on `as_of`, today by default; `year` is the
    plans' current year, by default the last there is. Raises UsageProblem where the accounts cannot be read.
    """
    as_of, year = as_of or datetime.date.today(), year or portfolio.year or datetime.date.today().year
    wanted = [] if expected is None else accounts_from(expected)[0]
    due = {each.account_id: due_day(each, year) for each in wanted}
    plans, findings = portfolio["plans"], portfolio.findings
    passed_over, twice = (set(findings[findings["code"].isin(codes)]["file"].dropna()) for codes in (NO_PLANS, (SAME,)))
    told = plans[list(COLUMNS)]
    rows = [
        {str(name): value for name, value in row.items()}
        for row in told.astype(object).where(told.notna(), None).to_dict("records")
    ]
    have = {row["account_id"] for row in rows if row["state"] == CURRENT and row["year"] == year}
    found = [
        Submission("missing", each.account_id, each.account, each.owner, day, overdue=day is not None and day < as_of)
        for each in wanted
        for day in [due[each.account_id]]
        if each.account_id not in have
    ]
    for row in rows:
        if row["state"] != REJECTED or row["file"] not in passed_over:
            found.append(submission(row, due if expected is not None else None, year, twice))
    return sorted(found, key=lambda each: (STATES.index(each.state), each.account.casefold()))


def submission(
    row: Mapping[str, Any], due: Mapping[str, datetime.date | None] | None, year: int, twice: Iterable[str]
) -> Submission:
    """Say how it is with one workbook."""
    day = (due or {}).get(row["account_id"] or "")
    modified = row["modified"].to_pydatetime() if hasattr(row["modified"], "to_pydatetime") else row["modified"]
    state = str(row["state"])
    if state == SUPERSEDED:
        state = "duplicate" if row["file"] in twice else SUPERSEDED
    elif state == CURRENT:
        state = state_of(row, due, day, modified, year)
    account_id, account, owner, status, by, file = (
        str(row[name] or "") for name in ("account_id", "account", "owner", "status", "saved_by", "file")
    )
    return Submission(state, account_id, account, owner, day, status, row["completeness"], modified, by, file)


def state_of(
    row: Mapping[str, Any],
    due: Mapping[str, datetime.date | None] | None,
    day: datetime.date | None,
    modified: datetime.datetime | None,
    year: int,
) -> str:
    """Say how it is with a plan that counts."""
    if row["year"] != year:
        return "other_year"
    if due and row["account_id"] not in due:
        return "unexpected"
    if day is not None and modified is not None and modified.date() > day:
        return "late"
    return "incomplete" if row["completeness"] is not None and row["completeness"] <= COMPLETE else "received"


def due_day(account: Account, year: int) -> datetime.date | None:
    """Give the day that the accounts file has for a plan, where it can be read."""
    return read_date(account.due, account.language or "en", year).value if account.due else None


def by_owner(found: Iterable[Submission]) -> dict[str, dict[str, int]]:
    """Count each owner's plans by their state; owners without a name come last."""
    counts: dict[str, dict[str, int]] = {}
    for each in found:
        own = counts.setdefault(each.owner, dict.fromkeys(STATES, 0))
        own[each.state] += 1
    return dict(sorted(counts.items(), key=lambda item: (not item[0], item[0].casefold())))
