"""The figures at the head of the first tab, each with what it means and what is behind it."""

from __future__ import annotations

from typing import Any

from accountsheet.formula import Constant, Node, call
from accountsheet.pieces import LEFT, Style
from accountsheet.summary.book import Book, Figure, divided
from accountsheet.summary.forecast import behind
from accountsheet.summary.opportunities import counted
from accountsheet.summary.page import Page
from accountsheet.summary.periods import Spans
from accountsheet.summary.sums import Purse

TILES = ((0, 1), (1, 2), (3, 3), (7, 1), (8, 2), (10, 2))
"""First column and width of the six tiles."""
OTHER_CURRENCIES = 3


def draw_tiles(page: Page, spans: Spans) -> None:
    """Draw the six figures that matter most."""
    book, main = page.book, page.book.main
    tiles = [
        expected(page, main, spans),
        contracted(page, main, spans),
        against(page, main, spans),
        weighted(page, main),
        complete(page),
        overdue(page),
    ]
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
    figure = book.amount("forecast", "revenue", purse, **spans.following.where)
    on = book.word("on_year", year=spans.now.begin)
    number = f'"↑ "0%"{on}";"↓ "0%"{on}";0%"{on}"'
    label = coded(book, book.word("expected_of", year=spans.following.begin))
    count = told(book, behind(book, purse, spans.following.where), "plans_have_it")
    return label, figure, book.money, book.growth(purse, **spans.following.where), number, count


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
    nodes = [book.count("forecast", "aim", **spans.now.where, currency=code) for code in purse.rates]
    count = Figure(sum_of(nodes), sum(int(each.value or 0) for each in nodes))
    return label, figure, number, wanted, words, told(book, count, "plans_have_both")


def gap(book: Book, purse: Purse, spans: Spans) -> tuple[Figure, Figure]:
    """Give what is expected of this year less its target, and that target, of the plans that give both."""
    aim, aimed = (book.amount("forecast", column, purse, **spans.now.where) for column in ("aim", "aimed"))
    value = float(f"{float(aimed.value or 0) - float(aim.value or 0):.15g}")
    return Figure(aimed.node - aim.node if aim.node and aimed.node else None, value), aim


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
    dots = Figure(
        call("REPT", "●", band) & call("REPT", "○", Constant(5) - band) & book.word("filled_on_average"),
        "●" * lit + "○" * (5 - lit) + book.word("filled_on_average"),
    )
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
    return (
        book.word("overdue_actions"),
        figure,
        "0",
        book.word("in_accounts", count=accounts),
        "",
        Figure(
            Constant(book.word("of_word")) & is_open.node & text if is_open.node else None,
            f"{book.word('of_word')}{is_open.value}{text}",
        ),
    )


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
