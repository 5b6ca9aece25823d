"""What each account buys, could buy, buys elsewhere, and where nobody has looked."""

from __future__ import annotations

from collections.abc import Mapping

from accountsheet.address import Key
from accountsheet.calculation import EPOCH, as_text
from accountsheet.formula import Constant, Node, Range, Spot, call
from accountsheet.functions import round_half_away
from accountsheet.pieces import LEFT, Rule, Style, Target
from accountsheet.rollups import KNOWN, WHITE
from accountsheet.summary.book import Book, Figure
from accountsheet.summary.page import Page, small
from accountsheet.summary.sums import Purse, rows_of
from accountsheet.view import with_columns

MOST_ACCOUNTS, MOST_PRODUCTS, MOST_DEPARTMENTS, MOST_CONTRACTS = 60, 12, 15, 40
ONE_PAGE = 25
"""Accounts of a map that fits on one page: what stands below it has headers of its own."""
NOTES = {"department": "string", "product": "string", "competitor": "string", "contract_end_date": "date", "action": "string"}
"""What is looked at in the notes on competitors' contracts."""
GLYPHS = {"sold": "●", "opportunity": "+", "competitor": "×", "no_fit": "–", WHITE: "○"}


def draw(book: Book) -> None:
    """Draw the tab."""
    every = book.products
    products = largest(book, every)
    apart = [9.0] if book.several else []
    page = Page(
        book, "white_space", [27.0, *apart, *[13.0] * len(products), *([13.0] * (5 - len(products))), 3.0, 12.5, 12.5, 12.5]
    )
    right = page.last - 2
    page.top(book.word("account_by_product"), book.word("white_space_intro", amounts=book.amounts_in()))
    draw_legend(page, len(apart))
    if not every:
        page.note(book.word("no_cross_sell"))
        page.finish()
        return
    start = LEFT + 1 + len(apart)
    header = [book.word("account_name"), *([book.word("currency")] if apart else [])]
    for place, text in enumerate(header):
        page.label(LEFT + place, text, "header")
    for place, product in enumerate(products):
        page.label(start + place, book.names.choice("cross_sell", "product", product), "header", align="center", wrap=True)
    for place, name in enumerate(("sold", "potential_total", "white_spots")):
        page.label(right + place, small(book.word(name)), "header_computed", align="right", wrap=True)
    page.next(34)
    first = page.row
    for row in ranked(book)[:MOST_ACCOUNTS]:
        draw_account(page, row, products, start, right)
    last = page.row - 1
    draw_rules(page, (first, start), (last, start + len(products) - 1))
    for column in range(LEFT, right - 1):
        page.label(column, "", "closing")
    for column in range(right, right + 3):
        page.label(column, "", "closing")
    page.next(5)
    draw_totals(page, products, start, right)
    left_out(page, len(book.accounts), len(every), len(products))
    draw_departments(page, products, start, right)
    draw_competitors(page, start)
    if len(book.accounts) > ONE_PAGE:
        page.repeat = (first - 1, first - 1)
    page.finish(freeze=(first, LEFT + 1))


def largest(book: Book, products: list[str]) -> list[str]:
    """Give the products that a page has room for: those with the largest amounts, in their own order."""
    if len(products) <= MOST_PRODUCTS:
        return products
    size = {
        product: book.sums.number("white_space", "sold", {"product": product})
        + book.sums.number("white_space", "potential", {"product": product})
        for product in products
    }
    kept = sorted(products, key=lambda product: -size[product])[:MOST_PRODUCTS]
    return [product for product in products if product in kept]


def ranked(book: Book) -> list[tuple[int, str, str, str]]:
    """Give number, name, currency and plan of each account, those with most white space first, then most potential."""

    def order(row: tuple[int, str, str, str]) -> tuple[float, float, int]:
        where = {"account_no": row[0]}
        white = book.sums.count("white_space", {**where, "is_white": 1})
        return -white, -book.sums.number("white_space", "potential", where), row[0]

    rows = book.accounts[["account_no", "account", "currency", "plan_id"]].astype(object).itertuples(index=False, name=None)
    return sorted(((int(no), str(name), str(currency), str(plan)) for no, name, currency, plan in rows), key=order)


def draw_legend(page: Page, apart: int) -> None:
    """Draw what the colours mean."""
    book = page.book
    page.label(LEFT, book.word("colour_key"), "help", 1 + apart)
    words = {
        "sold": "sold",
        "opportunity": "opportunity",
        "competitor": "competitor",
        "no_fit": "no_fit",
        "unknown": "white_space",
    }
    for place, (status, word) in enumerate(words.items(), LEFT + 1 + apart):
        page.label(place, f"{GLYPHS[status]}  {book.word(f'map_{word}')}", f"legend_{status}")
    page.next(22)
    page.next(6)


def draw_account(page: Page, row: tuple[int, str, str, str], products: list[str], start: int, right: int) -> None:
    """Draw an account's row."""
    book = page.book
    no, name, currency, plan = row
    statuses = statuses_of(book, no)
    page.put(LEFT, name, Style("row_link"), target=book.origins.workbook(plan))
    if book.several:
        page.put(LEFT + 1, currency, Style("row_soft"))
    for place, product in enumerate(products, start):
        page.figure(place, cell(book, no, currency, product), Style("map"), target=status_cell(book, no, product, statuses))
    sold = book.own_amount("white_space", "sold", currency, account_no=no)
    potential = book.own_amount("white_space", "potential", currency, account_no=no)
    white = book.count("white_space", account_no=no, is_white=1)
    for place, figure in enumerate((sold, potential)):
        page.figure(right + place, figure, Style("computed", book.money, "right"))
    page.figure(right + 2, white, Style("computed", "0_w;-0_w;–_w", "right"))
    page.next(22)


def statuses_of(book: Book, no: int) -> dict[str, tuple[str, str]]:
    """Give the plan and the strongest status of each of an account's products."""
    rows = book.view["white_space"]
    mine = rows[rows["account_no"].eq(no).fillna(False)]
    return {product: (plan, status) for product, plan, status in rows_of(mine, ("product", "plan_id", "status"))}


def status_cell(book: Book, no: int, product: str, statuses: Mapping[str, tuple[str, str]]) -> Target | None:
    """Say where the status that colours a cell stands; of what nobody looked at where the matrix begins."""
    plan, status = statuses.get(product, ("", ""))
    exact = book.origins.cell(plan, "cross_sell", "status", column=product, value=status) if status in KNOWN else None
    return exact or book.origins.block(no, "cross_sell")


def cell(book: Book, no: int, currency: str, product: str) -> Figure:
    """Show the strongest status of an account's departments for a product, with its amount; nothing where it is not offered."""
    where = {"account_no": no, "product": product}
    scale = 1000 if book.in_thousands else 1
    amount = book.own_amount("white_space", "amount", currency, **where)
    shown = round_half_away(round_half_away(float(amount.value or 0), 4) / scale, 0)
    after = f" {as_text(shown)}" if shown else ""
    status = next((each for each in GLYPHS if book.sums.count("white_space", {**where, "status": each})), None)
    value = GLYPHS[status] + after if status else ""
    tab = book.tabs["white_space"]
    if amount.node is None or not tab.live:
        return Figure(Constant(value), value)  # LibreOffice paints a text with a link in its own colour, not so a formula
    whole = call("ROUND", call("ROUND", amount.node, 4) / scale, 0)  # 126,499.99999999999 is 126,500 to everyone
    text = call("IF", whole.equals(0), "", Constant(" ") & whole)
    glyph: Node = Constant("")
    for each in reversed(GLYPHS):
        glyph = call("IF", tab.count({**where, "status": each}) > 0, GLYPHS[each], glyph)
    return Figure(glyph & text, value)


def draw_rules(page: Page, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Colour each cell by its first sign."""
    sign = call("LEFT", Spot(*first), 1)
    for status in KNOWN:
        page.draw(Rule(first, last, sign.equals(GLYPHS[status]), f"amount_{status}"))
    page.draw(Rule(first, last, sign.equals(""), "computed_fill"))


def draw_totals(page: Page, products: list[str], start: int, right: int) -> None:
    """Draw the totals of all accounts, shown or not."""
    book = page.book
    for column in ("sold", "potential"):
        for purse in book.purses:
            draw_total(page, column, purse, products, start, right)
    page.label(LEFT, book.word("white_spots_total"), "total", start - LEFT)
    for place, product in enumerate(products, start):
        white = book.count("white_space", product=product, is_white=1)
        page.figure(place, white, Style("map_total", "0;-0;–"))
    for place in (right, right + 1):
        page.label(place, "", "total")
    page.figure(right + 2, book.count("white_space", is_white=1), Style("total", "0_w", "right"))
    page.next(22)


def draw_total(page: Page, column: str, purse: Purse, products: list[str], start: int, right: int) -> None:
    """Draw a line of totals in one currency."""
    book = page.book
    name = book.word(f"{column}_total")
    page.label(LEFT, f"{name}, {purse.code}" if book.several else name, "total", start - LEFT)
    for place, product in enumerate(products, start):
        page.figure(
            place, book.amount("white_space", column, purse, product=product), Style("map_total", book.money.replace("_w", ""))
        )
    for place, each in enumerate(("sold", "potential", "white")):
        if each == column:
            page.figure(right + place, book.amount("white_space", column, purse), Style("total", book.money, "right"))
        else:
            page.label(right + place, "", "total")
    page.next(22)


def draw_departments(page: Page, products: list[str], start: int, right: int) -> None:
    """Draw where the potential is, by department of the accounts."""
    book = page.book
    departments = [each for each in book.sums.values("cross_sell", "department") if each is not None]
    size = {each: book.sums.amount("cross_sell", "potential", book.main, {"department": each}) for each in departments}
    shown = [each for each in sorted(departments, key=lambda each: (-size[each], each)) if size[each]][:MOST_DEPARTMENTS]
    if not shown:
        return
    page.next(14)
    title = book.word("potential_by_department")
    page.heading(f"{title}, {book.main.code}" if book.main.code else title, book.word("departments_defined"))
    page.label(LEFT, book.word("department_name"), "header", start - LEFT)
    for place, product in enumerate(products, start):
        page.label(place, book.names.choice("cross_sell", "product", product), "header", align="center", wrap=True)
    for place, name in enumerate(("sold", "potential_total"), right):
        page.label(place, small(book.word(name)), "header_computed", align="right")
    page.next(24)
    first = page.row
    number = book.money.replace("_w", "").replace("–", "·")
    for department in shown:
        page.put(LEFT, book.names.choice("cross_sell", "department", department), Style("row"), start - LEFT)
        for place, product in enumerate(products, start):
            page.figure(
                place,
                book.amount("cross_sell", "potential", book.main, department=department, product=product),
                Style("map", number),
            )
        for place, column in enumerate(("sold", "potential"), right):
            figure = book.amount("cross_sell", column, book.main, department=department)
            page.figure(place, figure, Style("computed", book.money, "right"))
        page.next(22)
    draw_heat(page, (first, start), (page.row - 1, start + len(products) - 1))
    page.label(LEFT, book.word("potential_total_all", count=len(departments)), "total", start - LEFT)
    for place, product in enumerate(products, start):
        whole = book.amount("cross_sell", "potential", book.main, product=product)
        page.figure(place, whole, Style("map_total", book.money.replace("_w", "")))
    for place, column in enumerate(("sold", "potential"), right):
        page.figure(place, book.amount("cross_sell", column, book.main), Style("total", book.money, "right"))
    page.next(22)


def draw_heat(page: Page, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Colour amounts by how they compare with the largest: from a third of it, and from two thirds."""
    begin, end = (Key(page.id, row, "", str(column)) for row, column in (first, last))
    largest, cell = call("MAX", Range(begin, end)), Spot(*first)
    for part, role in ((2 / 3, "band_4"), (1 / 3, "band_3"), (0, "band_2")):
        page.draw(Rule(first, last, call("ISNUMBER", cell) * (cell > largest * round(part, 4)), role))


def draw_competitors(page: Page, start: int) -> None:
    """Draw which competitors deliver what, and when their contracts end: the first to end first."""
    book = page.book
    if "cross_sell_notes" not in book.view:
        return
    notes = with_columns(book.view["cross_sell_notes"], NOTES)
    rows = notes[notes["competitor"].notna()].sort_values("contract_end_date", kind="stable", na_position="last")
    if rows.empty:
        return
    ended = (rows["contract_end_date"].dt.date < book.today).fillna(False)  # what has ended already can wait
    rows = rows.assign(ended=ended).sort_values("ended", kind="stable")
    page.next(14)
    page.heading(book.word("competitors_title"), book.word("competitors_defined"))
    names = ("account_name", "department_name", "product", "competitor", "contract_ends", "our_action")
    columns = (LEFT, start, start + 1, start + 2, start + 4, start + 5)
    for place in range(LEFT, page.last + 1):
        page.label(place, "", "header")
    for column, name in zip(columns, names, strict=True):
        page.label(column, small(book.word(name)), "header", align="right" if name == "contract_ends" else "")
    page.next(22)
    first = page.row
    fields = ("plan_id", "row", "account", "department", "product", "competitor", "contract_end_date", "action")
    for record in rows_of(rows.head(MOST_CONTRACTS), fields):
        plan, row, account, department, product, competitor, day, action = record
        target = book.origins.cell(plan, "cross_sell_notes", "competitor", row)
        page.put(LEFT, account, Style("row_link"), start - LEFT, target)
        page.put(columns[1], book.names.choice("cross_sell_notes", "department", department or ""), Style("row_soft"))
        page.put(columns[2], book.names.choice("cross_sell_notes", "product", product or ""), Style("row_soft"))
        page.put(columns[3], competitor, Style("row"), 2)
        page.put(columns[4], None if day is None else day.date(), Style("row", "date", "right"))
        page.put(columns[5], action or "", Style("row_soft"), page.last - columns[5] + 1)
        page.next(20)
    end = Spot(first, columns[4])
    today = (book.today - EPOCH).days
    soon = call("ISNUMBER", end) * (end >= today) * (end <= today + 365)
    page.draw(Rule((first, columns[4]), (page.row - 1, columns[4]), soon, "warn"))
    if len(rows) > MOST_CONTRACTS:
        page.note(book.word("list_stops_plain", shown=MOST_CONTRACTS, all=len(rows)))


def left_out(page: Page, accounts: int, products: int, shown: int) -> None:
    """Say what stands here, and what did not fit."""
    book = page.book
    answered = book.sums.values("white_space", "account_no", {"is_white": 0})
    asked = book.sums.values("white_space", "account_no")
    page.note(book.word("cross_sell_behind", some=len(answered), all=len(asked)))
    if len(book.sums.values("white_space", "product")) * accounts > book.sums.count("white_space", {}):
        page.note(book.word("not_offered"))
    if accounts > MOST_ACCOUNTS:
        page.note(book.word("map_stops", shown=MOST_ACCOUNTS, all=accounts))
    if products > shown:
        page.note(book.word("products_stop", shown=shown, all=products))
