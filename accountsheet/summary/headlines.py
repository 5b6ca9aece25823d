"""The figures that the first tab can begin with, each with what it means and what is behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accountsheet.calculation import EPOCH
from accountsheet.formula import Constant, Node, call
from accountsheet.summary.book import Book, Figure, divided, number_or_blank, rounded
from accountsheet.summary.forecast import behind
from accountsheet.summary.key_figures import mean_of_plans
from accountsheet.summary.opportunities import counted
from accountsheet.summary.periods import Spans
from accountsheet.summary.sums import Purse


@dataclass(frozen=True)
class Told:
    """A line below a figure: words, or a figure with its format."""

    what: Figure | str = ""
    number: str = ""


@dataclass(frozen=True)
class Headline:
    """A figure with its label, and lines that say how it is meant and what it is made of."""

    label: str
    figure: Figure
    number: str
    lines: tuple[Told, ...] = ()
    bad: bool = False
    elsewhere: Callable[[Purse], Figure] | None = None
    """The same figure in another currency."""
    signed: bool = False


Make = Callable[[Book, Spans], Headline]


def expected(book: Book, spans: Spans) -> Headline:
    """How much is expected of the next year."""
    where, label = spans.following.where, book.word("expected_of", year=spans.following.begin)
    on = book.word("on_year", year=spans.now.begin)
    growth = Told(book.growth(book.main, **where), f'"↑ "0%"{on}";"↓ "0%"{on}";0%"{on}"')
    plans = of_accounts(book, behind(book, book.main, where), "plans_have_it")
    return money(book, label, lambda purse: book.amount("forecast", "revenue", purse, **where), (growth, plans))


def contracted(book: Book, spans: Spans) -> Headline:
    """How sure it is: the part that has been signed for."""
    where = spans.following.where

    def part(purse: Purse) -> Figure:
        return book.sure(purse, **where)

    words = book.worded_money(after=f" {book.word('signed_for')}")
    signed = Told(book.amount("forecast", "contracted", book.main, **where), words)
    plans = of_accounts(book, in_purse(book, "forecast", "contracted", **where), "plans_have_it")
    label = coded(book, book.word("contracted_of", year=spans.following.begin))
    return Headline(label, part(book.main), "0%", (signed, plans), elsewhere=part)


def against_target(book: Book, spans: Spans) -> Headline:
    """How this year does against its target: over the plans that have both."""
    where = spans.now.where

    def gap(purse: Purse) -> Figure:
        aim, aimed = (book.amount("forecast", column, purse, **where) for column in ("aim", "aimed"))
        value = rounded(float(aimed.value or 0) - float(aim.value or 0)) if aim.value else ""
        return Figure(number_or_blank(aimed.node - aim.node, aim.node) if aim.node and aimed.node else None, value)

    wanted = Told(book.amount("forecast", "aim", book.main, **where), book.worded_money(after=f" {book.word('wanted')}"))
    plans = of_accounts(book, in_purse(book, "forecast", "aim", **where), "plans_have_both")
    figure, number = gap(book.main), book.worded_money(sign=True).replace("_w", "")
    label = coded(book, book.word("against_target", year=spans.now.begin))
    return Headline(label, figure, number, (wanted, plans), float(figure.value or 0) < 0, gap, signed=True)


def target(book: Book, spans: Spans) -> Headline:
    """What was wanted of the plan's own year."""
    where, label = spans.now.wished, book.word("target_of", year=spans.now.begin)
    plans = of_accounts(book, behind(book, book.main, where), "plans_have_it")
    return money(book, label, lambda purse: book.amount("forecast", "revenue", purse, **where), (plans,))


def weighted(book: Book, spans: Spans) -> Headline:
    """What the open opportunities are worth, by their chances."""
    is_open, served = (counted(book, book.main, is_open=1, **where) for where in ({}, {"has_action": 1}))
    without = int(is_open.value or 0) - int(served.value or 0)
    first, last = book.word("opportunities_open"), book.word("without_action")
    node = is_open.node & first & (is_open.node - served.node) & last if is_open.node and served.node else None
    rows = book.view["opportunities"]
    have = rows[rows["currency"].fillna("").isin(list(book.main.rates))]["account_no"].nunique()
    lines = (
        Told(Figure(node, f"{is_open.value}{first}{without}{last}")),
        Told(book.word("amount_by_chance", some=have, all=book.accounts_in(book.main))),
    )
    where = {"is_open": 1}
    label = book.word("weighted_open")
    return money(book, label, lambda purse: book.amount("opportunities", "weighted_amount", purse, **where), lines)


def completeness(book: Book, spans: Spans) -> Headline:
    """How far the plans are filled in, and how many have come."""
    known = book.view["plans"]["completeness"].dropna()
    mean = float(f"{known.mean():.15g}") if len(known) else 0.0
    average: Node = call("IFERROR", call("AVERAGE", book.tabs["plans"].column("completeness")), 0)
    band = call("ROUNDUP", call("INT", call("ROUND", average * 100, 6)) / 20, 0)
    lit = -(-int(round(mean * 100, 6)) // 20)
    words = book.word("filled_on_average")
    node = call("REPT", "●", band) & call("REPT", "○", Constant(5) - band) & words if book.tabs["plans"].live else None
    dots = Told(Figure(node, "●" * lit + "○" * (5 - lit) + words))
    statuses = [book.count("plans", status=status) for status in ("submitted", "approved")]
    submitted = added(statuses)
    came = len(book.view["plans"])
    text = book.word("submitted_of", received=came) if book.expected is None else expected_text(book)
    both = Figure(submitted.node & text if submitted.node else None, f"{submitted.value}{text}")
    figure = Figure(average if book.tabs["plans"].live else None, mean)
    missing = book.expected is not None and any(each.account_id not in here(book) for each in book.expected)
    return Headline(book.word("plans_complete"), figure, "0%", (dots, Told(both)), missing)


def here(book: Book) -> set[str]:
    """Give the numbers of the accounts with a plan."""
    return set(book.accounts["account_id"].dropna())


def expected_text(book: Book) -> str:
    """Say how many of the expected plans have come."""
    expected = book.expected or ()
    return book.word("submitted_of_expected", received=sum(each.account_id in here(book) for each in expected), all=len(expected))


def health(book: Book, spans: Spans) -> Headline:
    """Which part of the checks holds."""
    return Headline(book.word("health"), mean_of_plans(book, "health"), "0%", (Told(book.word("health_short")),))


def overdue_actions(book: Book, spans: Spans) -> Headline:
    """How many actions are late."""
    figure, is_open = book.count("action_plan", is_overdue=1), book.count("action_plan", is_open=1)
    accounts = len([no for no in book.sums.values("action_plan", "account_no", {"is_overdue": 1}) if no is not None])
    of, text = book.word("of_word"), book.word("of_open_actions")
    whole = Figure(Constant(of) & is_open.node & text if is_open.node else None, f"{of}{is_open.value}{text}")
    lines = (Told(book.word("in_accounts", count=accounts)), Told(whole))
    return Headline(book.word("overdue_actions"), figure, "0", lines, bool(figure.value))


def white_spots(book: Book, spans: Spans) -> Headline:
    """How many products nobody looked at."""
    return Headline(
        book.word("white_spots_title"), book.count("white_space", is_white=1), "0", (Told(book.word("white_spots_meaning")),)
    )


def potential(book: Book, spans: Spans) -> Headline:
    """What else the accounts could buy."""
    lines = (Told(book.word("potential_meaning")),)
    label = book.word("cross_sell_potential")
    return money(book, label, lambda purse: book.amount("white_space", "potential", purse), lines)


def share_of_wallet(book: Book, spans: Spans) -> Headline:
    """Our part of what the customers spend in our category."""

    def part(purse: Purse) -> Figure:
        return divided(book.amount("history", "share_revenue", purse), book.amount("history", "share_spend", purse))

    known = in_purse(book, "history", "share_spend")
    words = book.word("wallet_meaning", some=known.value, all=book.accounts_in(book.main))
    return Headline(coded(book, book.word("share_of_wallet")), part(book.main), "0%", (Told(words),), elsewhere=part)


def coach(book: Book, spans: Spans) -> Headline:
    """At how many accounts somebody helps us without gaining by it."""
    return role_known(book, "coach")


def decision_maker(book: Book, spans: Spans) -> Headline:
    """At how many accounts we know who has the last word."""
    return role_known(book, "decision_maker")


def role_known(book: Book, role: str) -> Headline:
    """Count the accounts where somebody has a buying role."""
    figure, every = accounts_with(book, "contacts", buying_role=role), len(book.accounts)
    words = book.word("accounts_without")
    without = Figure(Constant(every) - figure.node & words if figure.node else None, f"{every - int(figure.value or 0)}{words}")
    return Headline(book.word(f"{role}_known"), figure, f'0" {book.word("of_accounts", all=every)}"', (Told(without),))


def reviews(book: Book, spans: Spans) -> Headline:
    """How many reviews were missed, and when the next one is."""
    figure, tab = book.count("reviews", is_missed=1), book.tabs["reviews"]
    days = book.view["reviews"]
    coming = days[days["is_to_come"] == 1]["planned_date"].min()
    if coming != coming:
        return Headline(book.word("missed_reviews"), figure, "0", (Told(book.word("no_review_to_come")),), bool(figure.value))
    found = call("MINIFS", tab.column("planned_date"), *tab.criteria({"is_to_come": 1})) if tab.live else None
    node = number_or_blank(found, tab.count({"is_to_come": 1})) if found else None
    number = book.day_format.replace("]", f']"{book.word("next_one")} "').replace("_w", " yyyy")
    line = Told(Figure(node, (coming.date() - EPOCH).days), number)
    return Headline(book.word("missed_reviews"), figure, "0", (line,), bool(figure.value))


HEADLINES: Mapping[str, Make] = {
    make.__name__: make
    for make in (
        expected, contracted, against_target, target, weighted, completeness, health, overdue_actions, white_spots, potential,
        share_of_wallet, coach, decision_maker, reviews,
    )
}  # fmt: skip
"""Every figure that there is, by the name that YAML has for it."""


def money(book: Book, label: str, amount: Callable[[Purse], Figure], lines: tuple[Told, ...]) -> Headline:
    """Give an amount of the main currency."""
    return Headline(coded(book, label), amount(book.main), book.money.replace("_w", ""), lines, elsewhere=amount)


def coded(book: Book, text: str) -> str:
    """Name the currency."""
    return f"{text}, {book.main.code}" if book.main.code else text


def of_accounts(book: Book, figure: Figure, word: str) -> Told:
    """Say of how many accounts, of those in its currency, a figure is made."""
    text = book.word(word, all=book.accounts_in(book.main))
    return Told(Figure(figure.node & text if figure.node else None, f"{figure.value}{text}"))


def in_purse(book: Book, block: str, column: str, **where: Any) -> Figure:
    """Count the rows of the main currency where a column is filled."""
    return added([book.count(block, column, **where, currency=code or None) for code in book.main.rates])


def added(figures: list[Figure]) -> Figure:
    """Add up counts."""
    nodes = [figure.node for figure in figures if figure.node is not None]
    whole = sum(int(figure.value or 0) for figure in figures)
    if not nodes or len(nodes) < len(figures):
        return Figure(None, whole)
    node = nodes[0]
    for each in nodes[1:]:
        node = node + each
    return Figure(node, whole)


def accounts_with(book: Book, block: str, **where: Any) -> Figure:
    """Count the accounts that have at least one of something: each account once."""
    value = len([no for no in book.sums.values(block, "account_no", where) if no is not None])
    tab, numbers = book.tabs[block], book.tabs["accounts"].column("account_no")
    if not (tab.live and book.live_accounts) or tab.frame.empty:
        return Figure(None, value)
    return Figure(call("SUMPRODUCT", (tab.count({**where, "account_no": (0, numbers)}) > 0) * 1), value)
