"""Where each account stands on the twelve bases, and where the decision was not to go on."""

from __future__ import annotations

from accountsheet.formula import Constant, Node, Spot, call
from accountsheet.pieces import LEFT, Rule, Style
from accountsheet.summary.book import Book, Figure
from accountsheet.summary.page import Page
from accountsheet.summary.sums import rows_of

MOST = 60
GLYPHS = {"reached": "◆", "under_way": "◈", "out_of_order": "!"}
NOT_BEGUN, NO_GO = "◇", "×"
COUNT = "0_w;-0_w;–_w"


def draw(book: Book) -> None:
    """Draw the tab."""
    keys, items = [*(found := book.names.items("bases"))], [*found.values()]
    bases = [int(base) for base in book.sums.values("bases", "base") if base is not None]
    numbers = list(range(1, max([len(items), *bases]) + 1))
    page = Page(book, "bases", [27.0, 19.0, *[7.6] * len(numbers), 3.0, 9.0, 9.0])
    right = page.last - 1
    page.top(book.word("account_by_base"), book.word("bases_intro"))
    draw_legend(page)
    page.texts("header", book.word("account_name"), book.word("owner_name"))
    for number in numbers:
        name = items[number - 1] if number <= len(items) else ""
        page.label(LEFT + 1 + number, f"{number}  {name}".strip(), "header_up", align="center")
    for place, word in ((right, "bases_reached_count"), (right + 1, "no_go_count")):
        page.label(place, book.word(word), "header_up_computed", align="center")
    page.next(max(60.0, 5.4 * max((len(name) + 4 for name in items), default=8) + 16))
    first = page.row
    rows = [
        row
        for row in rows_of(book.accounts, ("account_no", "account", "owner"))
        if book.sums.count("bases", {"account_no": row[0]})
    ]
    rows.sort(key=lambda row: (-book.sums.count("bases", {"account_no": row[0], "state": "reached"}), row[0]))
    plans = dict(rows_of(book.view["bases"][["account_no", "plan_id"]].drop_duplicates(), ("account_no", "plan_id")))
    for no, name, owner in rows[:MOST]:
        page.put(LEFT, name, Style("row_link"), target=book.origins.block(no, "bases"))
        page.put(LEFT + 1, owner or "–", Style("row_soft"))
        for number in numbers:
            key = keys[number - 1] if number <= len(keys) else ""
            cells = (book.origins.cell(plans[no], "bases", field, key) for field in ("status", "go_no_go") if key)
            page.figure(LEFT + 1 + number, mark(book, int(no), number), Style("map"), target=next(filter(None, cells), None))
        page.figure(right, book.count("bases", account_no=int(no), state="reached"), Style("computed", COUNT, "right"))
        page.figure(right + 1, book.count("bases", account_no=int(no), go_no_go="no_go"), Style("computed", COUNT, "right"))
        page.next(22)
    draw_rules(page, first, numbers)
    draw_totals(page, numbers, right)
    page.note(book.word("bases_behind", some=len(rows), all=len(book.accounts)))
    if len(rows) > MOST:
        page.note(book.word("list_stops_plain", shown=MOST, all=len(rows)))
    page.finish(freeze=(first, LEFT + 1))


def mark(book: Book, no: int, base: int) -> Figure:
    """Show how far an account is on one base, and whether the decision was no-go."""
    where = {"account_no": no, "base": base}
    tab = book.tabs["bases"]
    glyph = next((sign for state, sign in GLYPHS.items() if book.sums.count("bases", {**where, "state": state})), NOT_BEGUN)
    stopped = book.sums.count("bases", {**where, "go_no_go": "no_go"})
    value = f"{glyph} {NO_GO}" if stopped else glyph
    if not tab.live:
        return Figure(None, value)
    formula: Node = Constant(NOT_BEGUN)
    for state, sign in reversed(GLYPHS.items()):
        formula = call("IF", tab.count({**where, "state": state}) > 0, sign, formula)
    return Figure(formula & call("IF", tab.count({**where, "go_no_go": "no_go"}) > 0, f" {NO_GO}", ""), value)


def draw_legend(page: Page) -> None:
    """Draw what the signs mean."""
    book = page.book
    words = {**GLYPHS, "not_begun": NOT_BEGUN, "no_go": NO_GO}
    text = "      ".join(f"{sign}  {book.word(f'base_is_{state}')}" for state, sign in words.items())
    page.label(LEFT, text, "intro", len(page.columns))
    page.next(22)


def draw_rules(page: Page, first: int, numbers: list[int]) -> None:
    """Colour what is reached, under way and stopped."""
    if page.row == first:
        return
    area = (first, LEFT + 2), (page.row - 1, LEFT + 1 + len(numbers))
    cell = Spot(first, LEFT + 2)
    page.draw(Rule(*area, call("RIGHT", cell, 1).equals(NO_GO), "bad"))
    page.draw(Rule(*area, cell.equals(GLYPHS["out_of_order"]), "bad"))
    page.draw(
        Rule(*area, cell.equals(GLYPHS["reached"]), "tile_reached"),
        Rule(*area, cell.equals(GLYPHS["under_way"]), "tile_under_way"),
    )


def draw_totals(page: Page, numbers: list[int], right: int) -> None:
    """Draw how many accounts have reached each base."""
    book = page.book
    page.closing(2 + len(numbers))
    page.label(LEFT, book.word("accounts_that_reached"), "total", 2)
    for number in numbers:
        page.figure(LEFT + 1 + number, book.count("bases", base=number, state="reached"), Style("map_total", "0;-0;–"))
    page.figure(right, book.count("bases", state="reached"), Style("total", COUNT, "right"))
    page.figure(right + 1, book.count("bases", go_no_go="no_go"), Style("total", COUNT, "right"))
    page.next(22)
