"""How far each plan is filled in, by section: pale cells are the gaps."""

from __future__ import annotations

from typing import Any

from accountsheet.formula import Node, Spot
from accountsheet.pieces import LEFT, Rule, Style
from accountsheet.summary.book import Book, Figure
from accountsheet.summary.key_figures import mean_of_plans
from accountsheet.summary.look import band_rules
from accountsheet.summary.page import Page

MOST_ACCOUNTS, MOST_SECTIONS = 60, 24
SHARE = "0%;-0%;○"


def draw(book: Book) -> None:
    """Draw the tab."""
    every = sections_of(book)
    sections = every[:MOST_SECTIONS]
    fill = max(0.0, 142 - 26 - 19 - 3 - 18 - 7.6 * max(len(sections), 6))
    page = Page(book, "completeness", [26.0, 19.0, *[7.6 + fill / max(len(sections), 6)] * max(len(sections), 6), 3.0, 9.0, 9.0])
    right = page.last - 1
    page.top(book.word("account_by_section"), book.word("completeness_intro"))
    draw_legend(page)
    texts = [book.word("account_name"), book.word("owner_name")]
    for place, text in enumerate(texts, LEFT):
        page.label(place, text, "header")
    for place, section in enumerate(sections, LEFT + 2):
        page.label(place, book.names.section(section), "header_up", align="center")
    for place, name in ((right, "whole_plan_short"), (right + 1, "health")):
        page.label(place, book.word(name), "header_up_computed", align="center")
    longest = max((len(book.names.section(section)) for section in sections), default=8)
    page.next(max(60.0, 5.4 * longest + 16))
    first = page.row
    shown = rows_of(book)[:MOST_ACCOUNTS]
    for row in shown:
        draw_account(page, row, sections, right)
    last = page.row - 1
    if last >= first and sections:
        page.draw(*band_rules((first, LEFT + 2), (last, LEFT + 1 + len(sections))), *band_rules((first, right), (last, right)))
        page.draw(Rule((first, LEFT + 2), (last, LEFT + 1 + len(sections)), Spot(first, LEFT + 2).equals(""), "computed_fill"))
        draw_mean(page, sections, right)
        pairs = ({"account_no": row[0], "section": section} for row in shown for section in sections)
        if not all(book.sums.count("completeness", pair) for pair in pairs):
            page.note(book.word("not_asked"))
    else:
        page.note(book.word("no_plans"))
    if len(book.accounts) > MOST_ACCOUNTS:
        page.note(book.word("map_stops", shown=MOST_ACCOUNTS, all=len(book.accounts)))
    if len(every) > len(sections):
        page.note(book.word("sections_stop", shown=len(sections), all=len(every)))
    page.repeat = (first - 1, first - 1)
    page.finish(freeze=(first, LEFT + 1))


def sections_of(book: Book) -> list[str]:
    """Give the sections of the accounts' plans: those that most have, in the order of the tabs; then all others."""
    counted = book.view.tally("completeness", by=["section", "account_no"]).dropna()["section"].value_counts()
    many = {str(section): count for section, count in counted.to_dict().items()}
    plans = book.view["plans"]["blueprint"].value_counts().to_dict()
    blueprints = sorted(book.names.blueprints, key=lambda blueprint: -plans.get(blueprint.id, 0))
    order = list(dict.fromkeys(section.id for blueprint in blueprints for section in blueprint.sections))
    kept = sorted(many, key=lambda section: -many[section])[:MOST_SECTIONS]
    inside = sorted(kept, key=lambda section: (order.index(section) if section in order else len(order), section))
    return [*inside, *(section for section in many if section not in kept)]


def rows_of(book: Book) -> list[tuple[Any, ...]]:
    """Give number, name, owner, plan, completeness and health of the accounts, the fullest last."""
    table = book.accounts.sort_values(["completeness", "account_no"], kind="stable")
    names = ("account_no", "account", "owner", "plan_id", "completeness", "health")
    frame = table[list(names)].astype(object).where(table[list(names)].notna(), None)
    return list(frame.itertuples(index=False, name=None))


def draw_legend(page: Page) -> None:
    """Draw the five bands."""
    page.label(LEFT, page.book.word("five_bands"), "help")
    page.label(LEFT + 1, "", "help")
    for band, text in enumerate(("0–20 %", "21–40 %", "41–60 %", "61–80 %", "81–100 %"), 1):
        page.label(LEFT + 1 + band, text, f"legend_band_{band}")
    page.next(21)
    page.next(6)


def draw_account(page: Page, row: tuple[Any, ...], sections: list[str], right: int) -> None:
    """Draw one account's row."""
    book = page.book
    no, name, owner, plan_id, completeness, health = row
    page.put(LEFT, name, Style("row_link"), target=book.origins.workbook(plan_id))
    page.put(LEFT + 1, owner or "–", Style("row_soft"))
    for place, section in enumerate(sections, LEFT + 2):
        page.figure(place, mean_of(book, {"account_no": int(no), "section": section}), Style("map_share", SHARE))
    page.figure(right, Figure(None, completeness), Style("map_share", SHARE))
    page.figure(right + 1, Figure(None, health if health is not None else ""), Style("computed", "0%", "center"))
    page.next(20)


def mean_of(book: Book, where: dict[str, Any]) -> Figure:
    """Give the mean completeness of some blocks, by their weights in the blueprint."""
    tab = book.tabs["completeness"]
    count = book.sums.count("completeness", where)
    whole = book.sums.number("completeness", "weight", where)
    if not count or not whole:
        return Figure(None, "")
    value = float(f"{book.sums.number('completeness', 'points', where) / whole:.15g}")
    formula: Node | None = None
    if tab.live:
        formula = tab.total("points", where) / tab.total("weight", where)
    return Figure(formula, value)


def draw_mean(page: Page, sections: list[str], right: int) -> None:
    """Draw the mean of all plans, shown or not."""
    book = page.book
    for start, span in ((LEFT, 2 + len(sections)), (right, 2)):
        for column in range(start, start + span):
            page.label(column, "", "closing")
    page.next(5)
    page.label(LEFT, book.word("mean"), "total", 2)
    for place, section in enumerate(sections, LEFT + 2):
        page.figure(place, mean_of(book, {"section": section}), Style("map_total", SHARE))
    for place, name in ((right, "completeness"), (right + 1, "health")):
        page.figure(place, mean_of_plans(book, name), Style("total", "0%", "center"))
    page.next(22)
