"""What the roll-ups of a portfolio rely on: columns that follow from the answers, each derived in one place."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from accountsheet.judge import PRODUCTS_APART

if TYPE_CHECKING:
    import pandas

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "account": {"segment": "string", "region": "string", "industry": "string"},
    "contacts": {
        "row": "Int64",
        "name": "string",
        "job_title": "string",
        "department": "string",
        "buying_role": "string",
        "attitude": "string",
        "influence": "Int64",
        "our_counterpart": "string",
    },
    "history": {"row": "Int64", "of_year": "Int64", "our_revenue": "amount", "category_spend": "amount"},
    "cross_sell": {"department": "string", "product": "string", "status": "string", "amount": "amount"},
    "opportunities": {
        "row": "Int64",
        "description": "string",
        "amount": "amount",
        "phase": "string",
        "probability": "float64",
        "weighted_amount": "amount",
        "signing_date": "date",
        "product": "string",
    },
    "forecast": {
        "period": "string",
        "from_year": "Int64",
        "to_year": "Int64",
        "revenue": "amount",
        "contracted": "amount",
        "open": "amount",
        "optimistic": "amount",
        "pessimistic": "amount",
        "confidence": "string",
    },
    "action_plan": {
        "row": "Int64",
        "action": "string",
        "who": "string",
        "when": "date",
        "status": "string",
        "priority": "string",
        "for_what": "string",
    },
    "reviews": {"row": "Int64", "planned_date": "date", "held_date": "date"},
    "investments": {"row": "Int64", "by": "string", "amount": "amount"},
    "visit_figures": {"planned": "float64", "goal": "float64"},
    "activity_figures": {"total": "amount"},
}
"""The columns that roll-ups look at, with their kinds; a blueprint may ask for fewer blocks and fields."""
ACCOUNT_FACTS = ("account", "segment", "region", "industry")
"""What every row is told of its account."""
CLOSED_PHASES, CLOSED_ACTIONS = ("won", "lost"), ("done", "dropped")
KNOWN = ("sold", "opportunity", "competitor", "no_fit")
"""The statuses of a cross-sell cell, the strongest first; all else is white space."""
WHITE = "unknown"
"""The status of a product that nobody has looked at."""
STRONG = 4
"""Influence from which a contact weighs on the decision."""


def flag(condition: pandas.Series) -> pandas.Series:
    """Write a condition as 1 or 0; unknown is 0."""
    return condition.fillna(False).astype("Int64")


def forecast(frame: pandas.DataFrame, as_of: datetime.date) -> pandas.DataFrame:
    """Tell targets from expectations, what is still to win by how sure it is, and what can be compared with what.

    `aim` and `aimed` are target and expectation of a period where a plan gives both; `grown` and `grown_from` the yearly means of
    a period and the one before it, where a plan gives both: only so do sums of them compare like with like. `at_best` and
    `at_worst` are the optimistic and the pessimistic figure, of a plan that gives none its expectation: so all plans are in them.
    `signed` is what is contracted where a plan says what it expects, too: the part of the whole that is sure.
    """
    sure = frame["confidence"].isin(["medium", "high"])
    goal = frame["period"].str.contains("target").fillna(False).astype(bool)
    still = frame["open"].where(~goal)
    keys = ["plan_id", "from_year", "to_year"]
    targets = frame[goal].drop_duplicates(keys)[[*keys, "revenue"]].rename(columns={"revenue": "aim"})
    aim = frame[keys].merge(targets, on=keys, how="left")["aim"].set_axis(frame.index).where(~goal & frame["revenue"].notna())
    mean = frame["revenue"] / (frame["to_year"] - frame["from_year"] + 1).astype("float64")
    before = mean[~goal].loc[frame[~goal].sort_values("from_year", kind="stable").index]
    before = before.groupby(frame["plan_id"]).shift(1).reindex(frame.index)
    both = before.notna() & mean.notna() & ~goal
    return frame.assign(
        is_goal=flag(goal),
        likely=still.where(sure),
        uncertain=still.where(~sure),
        aim=aim,
        aimed=frame["revenue"].where(aim.notna()),
        signed=frame["contracted"].where(frame["revenue"].notna()),
        at_best=frame["optimistic"].fillna(frame["revenue"]).where(~goal),
        at_worst=frame["pessimistic"].fillna(frame["revenue"]).where(~goal),
        grown=mean.where(both),
        grown_from=before.where(both),
    )


def opportunities(frame: pandas.DataFrame, as_of: datetime.date) -> pandas.DataFrame:
    """Say which are open, in which quarter they are to be signed, and whose day has passed."""
    import pandas

    is_open = ~frame["phase"].isin(CLOSED_PHASES)
    day = frame["signing_date"]
    quarter = day.dt.year.astype("Int64").astype("string") + " Q" + day.dt.quarter.astype("Int64").astype("string")
    late = is_open & (day < pandas.Timestamp(as_of))
    return frame.assign(is_open=flag(is_open), signing_quarter=quarter, is_late=flag(late))


def with_action(frame: pandas.DataFrame, actions: pandas.DataFrame) -> pandas.DataFrame:
    """Say for which opportunities there is an action."""
    served = set(zip(actions["plan_id"], actions["for_what"].str.casefold(), strict=True))
    pairs = zip(frame["plan_id"], frame["description"].str.casefold(), strict=True)
    import pandas

    found = pandas.Series([pair in served and pair[1] == pair[1] for pair in pairs], index=frame.index, dtype="boolean")
    return frame.assign(has_action=flag(found))


def action_plan(frame: pandas.DataFrame, as_of: datetime.date) -> pandas.DataFrame:
    """Say which actions are open, and which of those overdue."""
    import pandas

    is_open = ~frame["status"].isin(CLOSED_ACTIONS)
    return frame.assign(is_open=flag(is_open), is_overdue=flag(is_open & (frame["when"] < pandas.Timestamp(as_of))))


def contacts(frame: pandas.DataFrame, as_of: datetime.date) -> pandas.DataFrame:
    """Say who is an ally with influence, and who a strong opponent."""
    strong = frame["influence"] >= STRONG
    ally, opponent = frame["attitude"].isin(["positive", "ambassador"]), frame["attitude"].isin(["against", "sceptical"])
    return frame.assign(is_ally=flag(strong & ally), is_opponent=flag(strong & opponent))


def cross_sell(frame: pandas.DataFrame, as_of: datetime.date) -> pandas.DataFrame:
    """Tell what is sold from what could be."""
    potential = frame["amount"].where(frame["status"].isin(["opportunity", "competitor"]))
    return frame.assign(sold=frame["amount"].where(frame["status"] == "sold"), potential=potential)


def history(frame: pandas.DataFrame, as_of: datetime.date) -> pandas.DataFrame:
    """Pick what the share of wallet is made of: the plan's own year, where both figures are known."""
    known = frame["of_year"].eq(frame["year"]).fillna(False) & frame["our_revenue"].notna() & frame["category_spend"].notna()
    known = known.astype(bool)
    return frame.assign(share_revenue=frame["our_revenue"].where(known), share_spend=frame["category_spend"].where(known))


def reviews(frame: pandas.DataFrame, as_of: datetime.date) -> pandas.DataFrame:
    """Say which reviews are still to come, and which were missed."""
    import pandas

    waiting, past = frame["held_date"].isna(), frame["planned_date"] < pandas.Timestamp(as_of)
    return frame.assign(is_to_come=flag(waiting & frame["planned_date"].notna() & ~past), is_missed=flag(waiting & past))


def candidates(frame: pandas.DataFrame, as_of: datetime.date) -> pandas.DataFrame:
    """Say which accounts were chosen for a plan."""
    import pandas

    chosen = frame["chosen"] if "chosen" in frame.columns else pandas.Series(pandas.NA, frame.index, dtype="boolean")
    return frame.assign(is_chosen=flag(chosen))


def checks(frame: pandas.DataFrame, as_of: datetime.date) -> pandas.DataFrame:
    """Tell a check on a plan from one on a row of it."""
    whole = frame["row"].isna()
    return frame.assign(is_whole=flag(whole), is_failed=flag(~frame["holds"]))


DERIVED: Mapping[str, Callable[[pandas.DataFrame, datetime.date], pandas.DataFrame]] = {
    "forecast": forecast,
    "opportunities": opportunities,
    "action_plan": action_plan,
    "contacts": contacts,
    "cross_sell": cross_sell,
    "history": history,
    "reviews": reviews,
    "candidates": candidates,
    "checks": checks,
}
"""How each table gets the columns that follow from its own."""


def white_space(cells: pandas.DataFrame, plans: pandas.DataFrame) -> pandas.DataFrame:
    """Give, for each account and product offered to it, the strongest status of its departments, and the amount of that.

    `sold` and `potential` (opportunity and competitor) add up over all departments. Where no department has a known status
    the status is unknown: white space, with 1 in `is_white`. What is not on an account's own list of products is not there.
    """
    known = cells[cells["status"].isin(KNOWN)]
    rank = known["status"].map({status: place for place, status in enumerate(KNOWN)}).astype("int64")
    groups = ["plan_id", "account_id", "owner", "year", "currency", "product"]
    strongest = known.assign(rank=rank).groupby(groups, dropna=False)["rank"].transform("min")
    amount = known["amount"].where(rank == strongest)
    sold = known["amount"].where(known["status"] == "sold")
    potential = known["amount"].where(known["status"].isin(["opportunity", "competitor"]))
    grouped = known.assign(rank=strongest, amount=amount, sold=sold, potential=potential).groupby(groups, dropna=False)
    result = grouped[["amount", "sold", "potential"]].sum().join(grouped["rank"].first()).reset_index()
    looked_at = result.assign(status=result.pop("rank").map(dict(enumerate(KNOWN))).astype("string"))
    every = looked_at.merge(offered(cells, plans), on=groups, how="outer")
    status = every["status"].fillna(WHITE)
    return every.assign(status=status, is_white=flag(status == WHITE))


def offered(cells: pandas.DataFrame, plans: pandas.DataFrame) -> pandas.DataFrame:
    """Give a row for each product on an account's list: of several plans with a matrix that of the one whose cells count."""
    asking = plans[plans["products"].notna()]
    asking = asking.assign(counts=asking["plan_id"].isin(cells["plan_id"])).sort_values(["counts", "modified"], kind="stable")
    asking = asking.drop_duplicates(["account_id", "year"], keep="last")
    products = asking.assign(product=asking["products"].str.split(PRODUCTS_APART, regex=False)).explode("product")
    return products[["plan_id", "account_id", "owner", "year", "currency", "product"]].astype({"product": "string"})


def summed(
    frame: pandas.DataFrame, groups: Sequence[str], values: Sequence[str] | None, accounts: pandas.DataFrame | None = None
) -> pandas.DataFrame:
    """Add up columns by others and by currency: of a whole table, or a piece of it; `accounts` has the columns that it lacks."""
    chosen = list(values) if values is not None else [name for name in frame.attrs.get("amounts", ()) if name not in groups]
    missing = [name for name in groups if name not in frame.columns]
    if missing and accounts is not None:
        frame = frame.merge(accounts[["plan_id", *missing]], on="plan_id", how="left")
    grouped = frame.groupby(list(dict.fromkeys([*groups, "currency"])), dropna=False, observed=True)
    return grouped[chosen].sum(min_count=1).assign(plans=grouped["plan_id"].nunique().astype("Int64"))


def tallied(frame: pandas.DataFrame, groups: Sequence[str]) -> pandas.DataFrame:
    """Count rows, and the plans they come from, by columns: of a whole table, or a piece of it."""
    grouped: Any = frame.groupby(list(groups), dropna=False, observed=True)["plan_id"]
    counted: pandas.DataFrame = grouped.agg(rows="size", plans="nunique").astype("Int64")
    return counted


def added_up(pieces: Sequence[pandas.DataFrame]) -> pandas.DataFrame:
    """Add up what pieces of a table came to by the same groups: no plan is in two of them."""
    import pandas

    if len(pieces) == 1:
        return pieces[0].reset_index()
    keys = list(pieces[0].index.names)
    every = pandas.concat([piece.reset_index() for piece in pieces])
    return every.groupby(keys, dropna=False, observed=True).sum(min_count=1).reset_index()
