"""The first tab: how much, from whom, how sure, what is missing, what changed, and what to do now."""

from __future__ import annotations

from typing import Any

from accountsheet.address import Key
from accountsheet.formula import Constant, Node, Ref, call
from accountsheet.pieces import LEFT, Bars, Link, Style
from accountsheet.summary.accounts import SHARE
from accountsheet.summary.book import Book, Figure, Page, range_of, share
from accountsheet.summary.changes import change_rules, changes_of, draw_change, since
from accountsheet.summary.checks import failing, some_names
from accountsheet.summary.forecast import behind, ranked, years_chart
from accountsheet.summary.opportunities import counted
from accountsheet.summary.periods import Spans, spans_of
from accountsheet.summary.submissions import missing
from accountsheet.summary.sums import Purse, plain

WIDTHS = (27.0, 15.0, 13.0, 17.0, 11.0, 11.0, 3.0, 27.0, 15.0, 15.0, 13.0, 13.0)
TILES = ((0, 1), (1, 2), (3, 3), (7, 1), (8, 2), (10, 2))
"""First column and width of the six tiles."""
RIGHT = LEFT + 7
TOP, CHANGES, MISSING, TO_DO, OTHER_CURRENCIES = 10, 8, 6, 5, 3
CHART_ROWS = 8


def draw(book: Book) -> None:
    """Draw the tab."""
    spans = spans_of(book)
    page = Page(book, "dashboard", WIDTHS)
    pages = dict(book.order)
    links = [(LEFT, 1, "accounts"), (LEFT + 1, 2, "forecast"), (LEFT + 3, 1, "white_space"), (LEFT + 4, 2, "opportunities"),
             (RIGHT, 1, "completeness"), (RIGHT + 1, 1, "checks")]  # fmt: skip
    title = book.word("dashboard_title", year=book.year + 1)
    page.top(title, book.who(), book.word("dashboard_intro", amounts=book.amounts_in()),
             [(column, span, f"{pages[name]} →", name) for column, span, name in links if name in pages])  # fmt: skip
    draw_tiles(page, spans)
    draw_small_tiles(page)
    page.next(8)
    draw_middle(page, spans)
    page.next(6)
    draw_bottom(page, spans)
    page.finish(one_page=True)


# --- the tiles


def draw_tiles(page: Page, spans: Spans) -> None:
    """Draw the six figures that matter most."""
    book, main = page.book, page.book.main
    tiles = [expected(page, main, spans), contracted(page, main, spans), against(page, main, spans), weighted(page, main), complete(page), overdue(page)]
    bad = [False, False, below_zero(tiles[2][1]), False, False, above_zero(tiles[5][1])]
    for line, height in enumerate((20.0, 36.0, 18.0, 18.0)):
        for (column, span), tile, attention in zip(TILES, tiles, bad, strict=True):
            draw_tile_line(page, line, LEFT + column, span, tile, attention)
        page.next(height)
    for purse in book.purses[1 : OTHER_CURRENCIES + 1]:
        draw_other(page, purse, spans)
    if len(book.purses) > OTHER_CURRENCIES + 1:
        page.note(book.word("more_currencies", count=len(book.purses) - OTHER_CURRENCIES - 1))


Tile = tuple[str, Figure, str, Figure | str, str, Figure | str]
"""Label, figure and its format, explanation and its format, and what is behind it."""


def draw_tile_line(page: Page, line: int, column: int, span: int, tile: Tile, attention: bool) -> None:
    """Draw one line of a tile."""
    label, figure, number, explained, explained_number, told = tile
    bad = "_bad" if attention else ""
    if line == 0:
        page.label(column, label, f"kpi_label{bad}", span)
    elif line == 1:
        page.figure(column, figure, Style(f"kpi_figure{bad}", number, "left"), span)
    else:
        text, format_ = (explained, explained_number) if line == 2 else (told, "")
        if isinstance(text, str):
            page.label(column, text, "kpi_note", span)
        else:
            page.figure(column, text, Style("kpi_note", format_, "left"), span)


def below_zero(figure: Figure) -> bool:
    """Whether a figure is below zero."""
    return isinstance(figure.value, (int, float)) and figure.value < 0


def above_zero(figure: Figure) -> bool:
    """Whether a figure is above zero."""
    return isinstance(figure.value, (int, float)) and figure.value > 0


def coded(book: Book, text: str) -> str:
    """Name the currency where there are several."""
    return f"{text}, {book.main.code}" if book.main.code else text


def told(book: Book, figure: Figure, word: str) -> Figure:
    """Say of how many accounts, of those in its currency, a figure is made."""
    text = book.word(word, all=book.accounts_in(book.main))
    return Figure(figure.node & text if figure.node else None, f"{figure.value}{text}")


def expected(page: Page, purse: Purse, spans: Spans) -> Tile:
    """How much is expected of the next year."""
    book = page.book
    figure, now = (book.amount("forecast", "revenue", purse, **span.where) for span in (spans.following, spans.now))
    growth = divided_less_one(figure, now)
    on = book.word("on_year", year=spans.now.begin)
    number = f'"↑ "0%{on};"↓ "0%{on};0%{on}'.replace(on, f'"{on}"')
    label = coded(book, book.word("expected_of", year=spans.following.begin))
    return label, figure, book.money, growth, number, told(book, behind(book, purse, spans.following.where), "plans_have_it")


def divided_less_one(now: Figure, before: Figure) -> Figure:
    """Give the growth of a figure."""
    value = float(f"{float(now.value or 0) / float(before.value or 0) - 1:.15g}") if before.value else ""
    formula = call("IF", before.node.equals(0), "", now.node / before.node - 1) if now.node and before.node else None
    return Figure(formula, value)


def divided(part: Figure, whole: Figure) -> Figure:
    """Divide two figures."""
    value = float(f"{float(part.value or 0) / float(whole.value or 0):.15g}") if whole.value else ""
    return Figure(share(part.node, whole.node) if part.node and whole.node else None, value)


def contracted(page: Page, purse: Purse, spans: Spans) -> Tile:
    """How sure it is: the part that has been signed for."""
    book = page.book
    part = book.amount("forecast", "contracted", purse, **spans.following.where)
    whole = book.amount("forecast", "revenue", purse, **spans.following.where)
    words = book.worded_money(after=" " + book.word("signed_for"))
    nodes = [book.count("forecast", "contracted", **spans.following.where, currency=code) for code in purse.rates]
    count = Figure(sum_of(nodes), sum(int(each.value or 0) for each in nodes))
    label = coded(book, book.word("contracted_of", year=spans.following.begin))
    return label, divided(part, whole), "0%", part, words, told(book, count, "plans_have_it")


def sum_of(figures: list[Figure]) -> Node | None:
    """Add up the formulas of figures."""
    result: Node | None = None
    for figure in figures:
        if figure.node is None:
            return None
        result = figure.node if result is None else result + figure.node
    return result


def against(page: Page, purse: Purse, spans: Spans) -> Tile:
    """How this year does against its target: over the plans that have both."""
    book = page.book
    figure, wanted = gap(book, purse, spans)
    words = book.worded_money(after=" " + book.word("wanted"))
    number = book.worded_money(sign=True).replace("_w", "")
    label = coded(book, book.word("against_target", year=spans.now.begin))
    return label, figure, number, wanted, words, told(book, behind(book, purse, spans.now.wished), "plans_have_target")


def gap(book: Book, purse: Purse, spans: Spans) -> tuple[Figure, Figure]:
    """Give what is expected of this year less its target, and the target."""
    wanted = book.amount("forecast", "revenue", purse, **spans.now.wished)
    now = book.amount("forecast", "revenue", purse, **spans.now.where)
    value = float(f"{float(now.value or 0) - float(wanted.value or 0):.15g}")
    return Figure(now.node - wanted.node if now.node and wanted.node else None, value), wanted


def weighted(page: Page, purse: Purse) -> Tile:
    """What the open opportunities are worth, by their chances."""
    book = page.book
    figure = book.amount("opportunities", "weighted_amount", purse, is_open=1)
    is_open, with_action = (counted(book, purse, is_open=1, **where) for where in ({}, {"has_action": 1}))
    without = int(is_open.value or 0) - int(with_action.value or 0)
    first, last = book.word("opportunities_open"), book.word("without_action")
    value = f"{is_open.value}{first}{without}{last}"
    node = is_open.node & first & (is_open.node - with_action.node) & last if is_open.node and with_action.node else None
    rows = book.view["opportunities"]
    have = rows[rows["currency"].fillna("").isin(list(purse.rates))]["account_no"].nunique()
    told_of = f"{have}{book.word('plans_have_any', all=book.accounts_in(purse))}"
    return coded(book, book.word("weighted_open")), figure, book.money, Figure(node, value), "", told_of


def complete(page: Page) -> Tile:
    """How far the plans are filled in, and how many have come."""
    book = page.book
    known = book.view["plans"]["completeness"].dropna()
    mean = float(f"{known.mean():.15g}") if len(known) else 0.0
    cells = book.tabs["plans"].column("completeness")
    average: Node = call("IFERROR", call("AVERAGE", cells), 0)
    band = call("ROUNDUP", call("INT", call("ROUND", average * 100, 6)) / 20, 0)
    lit = -(-int(round(mean * 100, 6)) // 20)
    dots = Figure(call("REPT", "●", band) & call("REPT", "○", Constant(5) - band) & book.word("filled_on_average"),
                  "●" * lit + "○" * (5 - lit) + book.word("filled_on_average"))  # fmt: skip
    submitted = book.count("plans", status="submitted").value + book.count("plans", status="approved").value  # type: ignore[operator]
    nodes = [book.count("plans", status=status).node for status in ("submitted", "approved")]
    came_in = len(book.view["plans"])
    due = "" if book.expected is None else book.word("of_expected", all=len(book.expected))
    text = book.word("submitted_of", received=came_in, due=due)
    came = Figure(nodes[0] + nodes[1] & text if nodes[0] and nodes[1] else None, f"{submitted}{text}")
    return book.word("plans_complete"), Figure(average, mean), "0%", dots, "", came


def overdue(page: Page) -> Tile:
    """How many actions are late."""
    book = page.book
    figure = book.count("action_plan", is_overdue=1)
    accounts = len([no for no in book.sums.values("action_plan", "account_no", {"is_overdue": 1}) if no is not None])
    is_open = book.count("action_plan", is_open=1)
    text = book.word("of_open_actions")
    return (book.word("overdue_actions"), figure, "0", book.word("in_accounts", count=accounts), "",
            Figure(Constant(book.word("of_word")) & is_open.node & text if is_open.node else None, f"{book.word('of_word')}{is_open.value}{text}"))  # fmt: skip


def draw_other(page: Page, purse: Purse, spans: Spans) -> None:
    """Draw the figures of another currency below those of the main one: they are never added together."""
    book = page.book
    following = spans.following.where
    amount = book.amount("forecast", "revenue", purse, **following)
    begin = f"{purse.code}  "
    figures = [
        (amount, book.worded_money(begin)),
        (divided(book.amount("forecast", "contracted", purse, **following), amount), f'"{begin}"0%'),
        (gap(book, purse, spans)[0], book.worded_money(begin, sign=True)),
        (book.amount("opportunities", "weighted_amount", purse, is_open=1), book.worded_money(begin)),
    ]
    for (column, span), (figure, number) in zip(TILES, figures, strict=False):
        page.figure(LEFT + column, figure, Style("kpi_other", number.replace("_w", ""), "left"), span)
    for column, span in TILES[len(figures) :]:
        page.put(LEFT + column, None, Style("kpi_note"), span)
    page.next(18)


def draw_small_tiles(page: Page) -> None:
    """Draw six more figures, smaller."""
    book, main = page.book, page.book.main
    accounts = len(book.accounts)
    coach, decides = (accounts_with(book, "contacts", buying_role=role) for role in ("coach", "decision_maker"))
    wallet = divided(book.amount("history", "share_revenue", main), book.amount("history", "share_spend", main))
    known = book.count("white_space")
    cells = len(book.products) * accounts
    white = Figure(Constant(cells) - known.node if known.node else None, cells - int(known.value or 0))
    potential = book.amount("white_space", "potential", main)
    of_all = quoted_words(book.word("of_accounts", all=accounts))
    reviews = book.count("reviews", is_missed=1)
    tiles = [
        (book.word("white_spots_and_potential"), white, "0"),
        (coded(book, book.word("cross_sell_potential")), potential, book.money.replace("_w", "")),
        (coded(book, book.word("share_of_wallet")), wallet, "0%"),
        (book.word("coach_known"), coach, f"0{of_all}"),
        (book.word("decision_maker_known"), decides, f"0{of_all}"),
        (book.word("missed_reviews"), reviews, "0"),
    ]
    bad = [False, False, False, False, False, above_zero(reviews)]
    page.next(6)
    for (column, span), (label, _, _), attention in zip(TILES, tiles, bad, strict=True):
        page.label(LEFT + column, label, f"kpi_label{'_bad' if attention else ''}", span)
    page.next(18)
    for (column, span), (_, figure, number), attention in zip(TILES, tiles, bad, strict=True):
        page.figure(LEFT + column, figure, Style(f"kpi_small{'_bad' if attention else ''}", number, "left"), span)
    page.next(22)


def quoted_words(text: str) -> str:
    """Put words after a figure."""
    return f'" {text}"'


def accounts_with(book: Book, block: str, **where: Any) -> Figure:
    """Count the accounts that have at least one of something: each account once."""
    value = len([no for no in book.sums.values(block, "account_no", where) if no is not None])
    tab, numbers = book.tabs[block], book.tabs["accounts"].column("account_no")
    if not (tab.live and book.live_accounts) or tab.frame.empty:
        return Figure(None, value)
    return Figure(call("SUMPRODUCT", (tab.count({**where, "account_no": (0, numbers)}) > 0) * 1), value)


# --- the middle: the forecast, and what changed or who brings it


def draw_middle(page: Page, spans: Spans) -> None:
    """Draw the chart left; what changed right, else who it comes from."""
    book = page.book
    page.label(LEFT, coded(book, book.word("forecast_title")), "heading", 6)
    if book.before is not None:
        page.label(RIGHT, book.word("changes_title", day=since(book)), "heading", 5)
    else:
        page.label(RIGHT, coded(book, book.word("by_owner")), "heading", 5)
    page.next(26)
    width = int(page.width(LEFT, 6) * 7.1)
    top = page.row
    if len(book.view["forecast"]):
        page.draw(years_chart(book, spans, top, LEFT, (width, int((CHART_ROWS + 1) * 20 * 4 / 3) - 4)))
    else:
        page.label(LEFT, book.word("nothing_here"), "note", 6)
    if book.before is not None:
        draw_changes(page)
    else:
        draw_sources(page, "owner", spans, CHART_ROWS - 1)
        room = top + CHART_ROWS + 1 - page.row - 2
        segments = [segment for segment in book.sums.values("forecast", "segment") if segment is not None]
        if 1 < len(segments) <= room:
            step(page, 10)
            draw_sources(page, "segment", spans, room)
    while page.row < top + CHART_ROWS + 1:
        page.next(20)


def draw_changes(page: Page) -> None:
    """Draw the largest changes."""
    book = page.book
    found = changes_of(book)
    for place, name in enumerate(("account_name", "figure", "was", "now_is", "change")):
        page.label(RIGHT + place, book.word(name), "header", align="right" if place > 1 else "")
    page.next(20)
    first = page.row
    for change in found[: CHANGES - 1]:
        draw_change(page, change, (RIGHT, RIGHT + 1, RIGHT + 2, RIGHT + 3, RIGHT + 4))
        page.next(20)
    if page.row > first:
        change_rules(page, first, page.row - 1, RIGHT + 4)
    more = len(found) - (CHANGES - 1)
    if more > 0:
        page.draw(Link(page.row, RIGHT, book.word("more_changes", count=more), "changes", Style("note")))
        page.next(20)
    elif not found:
        page.label(RIGHT, book.word("nothing_changed"), "note", 5)
        page.next(20)


def draw_sources(page: Page, group: str, spans: Spans, most: int) -> None:
    """Draw who or what the expectation comes from, in the main currency."""
    book, main = page.book, page.book.main
    names = [f"{group}_name", "plans_behind", "expected", "sure", "filled"]
    for place, name in enumerate(names):
        page.label(RIGHT + place, book.word(name), "header", align="right" if place else "")
    page.next(20)
    found = ranked(book, group, main, spans.following)
    for value in found[:most]:
        draw_source(page, group, value, spans)
    if len(found) > most:
        page.draw(Link(page.row, RIGHT, book.word("more_owners", count=len(found) - most), "forecast", Style("note")))
        page.next(20)


def draw_source(page: Page, group: str, value: Any, spans: Spans) -> None:
    """Draw one of those that the expectation comes from."""
    book, main = page.book, page.book.main
    label = "–" if value is None else book.names.choice("account", group, value)
    cell = Ref(Key(page.id, page.row, "", str(RIGHT)), "column")
    where = {group: (value, cell) if label == value else value}
    page.put(RIGHT, label, Style("row"))
    page.figure(RIGHT + 1, behind(book, main, {**spans.following.where, **where}), Style("row_soft", "0_w", "right"))
    whole = book.amount("forecast", "revenue", main, **spans.following.where, **where)
    signed = book.amount("forecast", "contracted", main, **spans.following.where, **where)
    page.figure(RIGHT + 2, whole, Style("row_bold", book.money, "right"))
    page.figure(RIGHT + 3, divided(signed, whole), Style("row", SHARE, "right"))
    filled, plans = book.number("plans", "completeness", **where), book.count("plans", "completeness", **where)
    page.figure(RIGHT + 4, divided(filled, plans), Style("row", SHARE, "right"))
    page.next(20)


# --- the bottom: from whom, what is missing, and what to do


def draw_bottom(page: Page, spans: Spans) -> None:
    """Draw the largest accounts left; what is missing and what to do first right."""
    book = page.book
    start = page.row
    draw_top(page, spans)
    end = page.row
    page.row = start
    draw_missing(page)
    draw_to_do(page, max(end - 1, page.row + 2 + TO_DO))
    page.row = max(end, page.row)


def draw_top(page: Page, spans: Spans) -> None:
    """Draw the largest accounts of the main currency."""
    book, main = page.book, page.book.main
    where = spans.following.where
    mine = book.accounts[book.accounts["currency"].fillna("").isin(list(main.rates))]
    rows = list(zip(*(plain(mine[name]) for name in ("account_no", "account", "owner", "plan_id", "currency", "completeness")), strict=True))
    rows.sort(key=lambda row: (-book.sums.amount("forecast", "revenue", main, {"account_no": row[0], **where}), row[0]))
    shown = rows[:TOP]
    page.label(LEFT, book.word("top_accounts" if len(rows) > TOP else "all_accounts"), "heading", 6)
    page.next(26)
    names = ("account_name", "owner_name", "expected", "", "sure", "filled")
    for place, name in enumerate(names):
        page.label(LEFT + place, book.word(name) if name else "", "header", align="right" if place in (2, 4, 5) else "")
    page.next(20)
    first = page.row
    for no, account, owner, plan_id, currency, completeness in shown:
        page.put(LEFT, account, Style("row_link"), target=book.origins.workbook(plan_id, no))
        page.put(LEFT + 1, owner or "–", Style("row_soft"))
        figure = book.own_amount("forecast", "revenue", currency or "", account_no=no, **where)
        origin = book.origins.cell(no, "forecast", "revenue", book.periods.get((no, *where.values()), ""))
        money = page.figure(LEFT + 2, figure, Style("row_bold", book.money, "right"), target=origin)
        page.calculated(LEFT + 3, Ref(money), Style("row_bar", book.money, "right"))
        signed = book.own_amount("forecast", "contracted", currency or "", account_no=no, **where)
        page.figure(LEFT + 4, divided(signed, figure), Style("row", SHARE, "right"))
        page.figure(LEFT + 5, Figure(None, completeness or 0.0), Style("row", SHARE, "right"))
        page.next(20)
    if not shown:
        page.label(LEFT, book.word("no_plans"), "note", 6)
        page.next(20)
        return
    page.draw(Bars((first, LEFT + 3), (page.row - 1, LEFT + 3)))
    draw_top_total(page, (first, page.row - 1), len(shown), len(rows), spans)


def draw_top_total(page: Page, rows: tuple[int, int], shown: int, every: int, spans: Spans) -> None:
    """Draw what the largest accounts make together, and which part of the whole that is."""
    book, main = page.book, page.book.main

    def cells(column: int) -> Any:
        return range_of(Key(page.id, rows[0], "", str(LEFT + column)), Key(page.id, rows[1], "", str(LEFT + column)))

    words = book.word("top_of", shown=shown, all=every)
    page.label(LEFT, words, "sum", 2)
    money = page.calculated(LEFT + 2, call("SUM", cells(2)), Style("sum", book.money, "right"))
    whole = book.amount("forecast", "revenue", main, **spans.following.where)
    part = float(f"{float(book.value(money) or 0) / float(whole.value or 0):.15g}") if whole.value else ""  # type: ignore[arg-type]
    number = f'0%"{book.word("of_the_total")}"'
    page.figure(LEFT + 3, Figure(share(Ref(money), whole.node) if whole.node else None, part), Style("sum_note", number, "left"))
    signed = book.amount("forecast", "contracted", main, **spans.following.where)
    if shown == every:
        page.figure(LEFT + 4, divided(signed, whole), Style("sum", SHARE, "right"))
    else:
        page.label(LEFT + 4, "", "sum")
    page.calculated(LEFT + 5, call("AVERAGE", cells(5)), Style("sum", SHARE, "right"))
    page.next(22)


def draw_missing(page: Page) -> None:
    """Draw what good plans have and these have not."""
    book = page.book
    page.label(RIGHT, book.word("missing_title"), "heading", 5)
    step(page, 26)
    for place, (name, span) in enumerate((("good_plan_has", 2), ("accounts_count", 1), ("which", 2))):
        page.label((RIGHT, RIGHT + 2, RIGHT + 3)[place], book.word(name), "header", span, align="right" if place == 1 else "")
    step(page, 20)
    absent = missing(book)
    found = failing(book)
    room = MISSING - (1 if absent else 0)
    if absent:
        page.label(RIGHT, book.word("plans_not_received"), "row_bad", 2)
        page.put(RIGHT + 2, len(absent), Style("row_bad", "0_w", "right"))
        page.put(RIGHT + 3, some_names([each.account for each in absent], 1), Style("row_soft"), 2)
        step(page, 20)
    for check, names in found[:room]:
        page.label(RIGHT, book.names.check(check), "row", 2)
        page.figure(RIGHT + 2, book.count("checks", check=check, is_whole=1, is_failed=1), Style("row_bold", "0_w", "right"))
        page.put(RIGHT + 3, some_names([short(name) for name in names], 1), Style("row_soft"), 2)
        step(page, 20)
    if len(found) > room:
        page.draw(Link(page.row, RIGHT, book.word("more_checks_fail", count=len(found) - room), "checks", Style("note")))
        step(page, 18)
    elif not found and not absent:
        page.label(RIGHT, book.word("nothing_missing"), "note", 5)
        step(page, 18)


def short(name: str) -> str:
    """Cut a name to what fits beside others."""
    return name if len(name) <= 20 else name[:19].rstrip() + "…"


def step(page: Page, height: float) -> None:
    """Go to the next row, which may have its height from the left side already."""
    if page.row in page.heights:
        page.row += 1
    else:
        page.next(height)


def draw_to_do(page: Page, end: int) -> None:
    """Draw the actions that cannot wait: overdue ones first."""
    book = page.book
    page.label(RIGHT, book.word("to_do_first"), "heading", 5)
    step(page, 26)
    for place, (name, span) in enumerate((("account_name", 1), ("action_name", 2), ("who", 1), ("when", 1))):
        page.label((RIGHT, RIGHT + 1, RIGHT + 3, RIGHT + 4)[place], book.word(name), "header", span, align="right" if place == 3 else "")
    step(page, 20)
    rows = book.view["action_plan"]
    order = rows[(rows["is_open"] == 1) & rows["when"].notna()].sort_values(["is_overdue", "when"], ascending=[False, True], kind="stable")
    columns = ("account_no", "account", "action", "who", "when", "is_overdue")
    shown = list(zip(*(plain(order[name].head(max(1, end - page.row))) for name in columns), strict=True))
    for no, account, action, who, when, late in shown:
        page.put(RIGHT, account, Style("row_link"), target=book.origins.block(no, "action_plan"))
        page.put(RIGHT + 1, cut(action, 32), Style("row"), 2)
        page.put(RIGHT + 3, cut(initialled(who), 14), Style("row_soft"))
        number = book.day_format.replace("]", ']"!  "') if late else book.day_format
        page.put(RIGHT + 4, when.date(), Style("row_bad" if late else "row", number, "right"))
        step(page, 20)
    if not shown:
        page.label(RIGHT, book.word("nothing_here"), "note", 5)
        step(page, 20)


def initialled(name: str | None) -> str | None:
    """Shorten a first name that leaves no room for the surname."""
    if name is None or len(name) <= 14 or " " not in name:
        return name
    first, _, rest = name.partition(" ")
    return f"{first[:1]}. {rest}"


def cut(text: str | None, length: int) -> str:
    """Cut a text to what fits."""
    return "" if text is None else text if len(text) <= length else text[: length - 1].rstrip() + "…"

