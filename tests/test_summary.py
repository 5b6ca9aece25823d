"""The summary: every formula against LibreOffice, every figure against a reckoning by hand, every link against its cell."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from jsonschema import Draft202012Validator
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.collect import read_plans
from accountsheet.finding import UsageProblem
from accountsheet.painter import Painter
from accountsheet.plan import Plan, new_plan
from accountsheet.portfolio import Portfolio
from accountsheet.rates import Rates, read_rates
from accountsheet.schema import tabs_schema
from accountsheet.summary import PAGES, forecast, white_space, write_summary
from accountsheet.summary import accounts as accounts_page
from accountsheet.summary import book as book_module
from accountsheet.summary import data as data_module
from accountsheet.summary.tabs import read_tabs, starter, write_starter
from accountsheet.writer import write_plan
from office import Office, ooxml_errors
from plans import assemble, blueprint, full_plan

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning"),
]

AS_OF = datetime.date(2026, 11, 22)
RATES = Rates({"EUR": 1.0, "GBP": 1.25}, {"GBP": datetime.date(2026, 11, 20)})
ALPHA = Account("A-1", "Alpha", "Ann Archer", segment="a", region="North", industry="energy", currency="EUR")
BETA = Account("B-2", "Beta", "Ann Archer", segment="b", region="North", industry="retail", currency="EUR")
GAMMA = Account("C-3", "Gamma", "Bob Barker", segment="b", region="South", industry="retail", currency="GBP")


def period(row: str, **fields: Any) -> dict[Key, Any]:
    return {Key("forecast", row, "", name): value for name, value in fields.items()}


def row(block: str, number: int, **fields: Any) -> dict[Key, Any]:
    return {Key(block, number, "", name): value for name, value in fields.items()}


def cross_sell(department: int, **cells: tuple[str, float]) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for product, (status, amount) in cells.items():
        found |= {Key("cross_sell", department, product, "status"): status}
        found |= {Key("cross_sell", department, product, "amount"): amount} if amount else {}
    return found


FINANCE, IT = 2, 6
"""The rows of two departments in a matrix as it ships."""
SMALL: dict[Account, dict[Key, Any]] = {
    ALPHA: {
        **period("current_target", revenue=100_000.0),
        **period("current_expected", revenue=120_000.0),
        **period("year_1", revenue=150_000.0, contracted=90_000.0, confidence="high", optimistic=170_000.0),
        **period("year_2", contracted=30_000.0),
        **period("years_4_6", revenue=540_000.0, confidence="low"),
        **row("opportunities", 1, description="Roof", amount=50_000.0, probability=0.5, phase="proposal",
              signing_date=datetime.date(2027, 3, 1)),
        **row("opportunities", 2, description="Wall", amount=20_000.0, probability=0.1, phase="lost"),
        **row("action_plan", 1, action="Call", who="Ann", when=datetime.date(2026, 11, 1), status="open", for_what="Roof"),
        **row("action_plan", 2, action="Write", who="Ann", when=datetime.date(2026, 11, 1), status="done"),
        **row("contacts", 1, name="Zed Quill", buying_role="coach", attitude="against", influence=5),
        **cross_sell(FINANCE, maintenance=("sold", 10_000.0)),
        **cross_sell(IT, maintenance=("competitor", 5_000.0), security=("opportunity", 7_000.0), energy=("unknown", 0)),
        **row("reviews", 1, planned_date=datetime.date(2026, 10, 1)),
        **row("reviews", 2, planned_date=datetime.date(2027, 4, 1)),
        **row("history", 4, our_revenue=120_000.0, category_spend=480_000.0),
    },
    BETA: {
        **period("year_1", revenue=250_000.0, contracted=50_000.0, confidence="low"),
        **row("opportunities", 1, description="Door", amount=10_000.0, probability=0.2, phase="qualified",
              signing_date=datetime.date(2026, 11, 1)),
        **row("action_plan", 1, action="Visit", when=datetime.date(2027, 1, 1)),
    },
    GAMMA: {
        **period("current_target", revenue=90_000.0),
        **period("current_expected", revenue=100_000.0),
        **period("year_1", revenue=80_000.0, contracted=80_000.0, confidence="medium"),
        **row("opportunities", 1, description="Gate", amount=40_000.0, probability=0.5, phase="negotiation"),
    },
}  # fmt: skip


def written_plans(plans: Mapping[Account, Mapping[Key, Any]], folder: Path) -> Portfolio:
    """Write plans as workbooks, and read them as the summary is made of them."""
    for account, answers in plans.items():
        plan, _ = new_plan(blueprint(), account, language="en", year=2026)
        write_plan(replace(plan, answers={**plan.answers, **answers}), folder / f"{account.account_id}.xlsx", today=AS_OF)
    return read_plans([folder], as_of=AS_OF)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture(scope="module")
def small(folder: Path) -> Portfolio:
    return written_plans(SMALL, folder)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """Full plans whose owners and names are what formulas and links trip over."""
    folder = tmp_path_factory.mktemp("odd plans")
    people = {"=1+1": "a*", "0123": "A*", "https://x.example/#a": "<5", "Plain": "Jan de Vries", "<r>b</r>": "jan de vries"}
    plans: dict[Account, Mapping[Key, Any]] = {}
    for number, (name, owner) in enumerate(people.items()):
        account = Account(f"O~{number}", name, owner, segment="ab"[number % 2], region="100", currency=("EUR", "GBP")[number % 2])
        plan = full_plan(seed=number, share=0.7)
        taken = {key for key, slot in plan.layout().slots.items() if slot.asked.field.source}
        texts = {
            Key("opportunities", 1, "", "description"): "=cmd|' /C calc'!A0",
            Key("action_plan", 1, "", "action"): "@SUM(A1)",
        }
        plans[account] = {key: value for key, value in plan.answers.items() if key not in taken} | texts
    return written_plans(plans, folder)


def opened(path: Path, *, values: bool = True) -> Workbook:
    return openpyxl.load_workbook(path, data_only=values)


def found(sheet: Worksheet, text: str, after: int = 0) -> tuple[int, int]:
    """Find the cell that holds a text, below a row."""
    for cells in sheet.iter_rows(min_row=after + 1):
        for cell in cells:
            if cell.value == text:
                return cell.row, cell.column
    raise AssertionError(f"{sheet.title} says nowhere {text!r} below row {after}")


def table_row(sheet: Worksheet, heading: str, name: str, *more: str) -> dict[str, Any]:
    """Give a row of the table below a heading, by its headers: the first that begins with a name and holds some texts."""
    top, _ = found(sheet, heading)
    headers = next(
        cells for cells in sheet.iter_rows(min_row=top + 1) if sum(isinstance(cell.value, str) for cell in cells[1:]) > 1
    )
    for cells in sheet.iter_rows(min_row=headers[0].row + 1):
        values = [cell.value for cell in cells]
        if values[1] == name and all(text in values for text in more):
            pairs = [(str(header.value), value) for header, value in zip(headers, values, strict=True) if header.value]
            return dict(reversed(pairs))  # of headers that stand twice the first: figures of charts are told again at the right
    raise AssertionError(f"{sheet.title} has no row {name!r} below {heading!r}")


def tile(sheet: Worksheet, label: str) -> list[Any]:
    """Give what stands below the label of a tile."""
    row, column = found(sheet, label)
    return [sheet.cell(row + step, column).value for step in (1, 2, 3, 4)]


# --- figures


def test_three_plans_add_up_as_by_hand(small: Portfolio, tmp_path: Path) -> None:
    assert write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF) == []
    book = opened(tmp_path / "s.xlsx")
    first = book["Dashboard"]
    assert tile(first, "Expected 2027, EUR") == [400_000, 0.25, "2 of 2 accounts say so", 80_000]
    assert tile(first, "Contracted 2027, EUR") == [0.35, 140_000, "2 of 2 accounts say so", 1]
    assert tile(first, "2026 against its target, EUR") == [20_000, 100_000, "1 of 2 accounts give both", 10_000]
    assert tile(first, "Weighted opportunities, EUR") == [
        27_000, "2 open, 1 without action", "amount × chance, at 2 of 2", 20_000
    ]  # fmt: skip
    assert tile(first, "Overdue actions")[:3] == [1, "in 1 accounts", "of 2 open actions"]
    assert tile(first, "Share of wallet, EUR")[0] == 0.25
    assert tile(first, "Coach known")[0] == 1
    assert tile(first, "Missed reviews")[0] == 1
    review = table_row(first, "Next reviews", "Alpha")
    assert (review["planned"], review["missed"]) == (datetime.datetime(2027, 4, 1), 1)
    assert found(first, "no review to come: 2 of 3 accounts →")
    forecast = book["Forecast"]
    by_year = table_row(forecast, "By year, EUR", "2027")
    assert [by_year[name] for name in ("already contracted", "likely", "uncertain", "expected")] == [
        140_000,
        60_000,
        200_000,
        400_000,
    ]
    # Beta gives no range: it counts with its 250,000; Alpha’s 30,000 for 2028 are contracted of an expectation that nobody gave
    assert [by_year[name] for name in ("optimistic", "pessimistic", "plans with a range")] == [420_000, 400_000, 1]
    next_year = table_row(forecast, "By year, EUR", "2028")
    assert [next_year[name] for name in ("already contracted", "expected", "sure")] == [30_000, 0, None]
    assert table_row(forecast, "By year, EUR", "2030–32 together")["expected"] == 540_000
    assert table_row(forecast, "By year, GBP", "2027")["growth a year"] == pytest.approx(-0.2)
    assert table_row(forecast, "By account manager", "Ann Archer")["2027"] == 400_000
    assert table_row(forecast, "By account manager", "Bob Barker")["2027"] == 80_000
    assert table_row(forecast, "By segment", "B – growth", "EUR")["2027"] == 250_000
    assert table_row(forecast, "By segment", "B – growth", "GBP")["2027"] == 80_000


def test_an_account_stands_with_its_own_figures(small: Portfolio, tmp_path: Path) -> None:
    write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF)
    accounts = opened(tmp_path / "s.xlsx")["Accounts"]
    head, _ = found(accounts, "account manager")
    names = [cell.value for cell in accounts[head]]
    rows = {
        cells[1].value: dict(zip(names, (cell.value for cell in cells), strict=True))
        for cells in accounts.iter_rows(min_row=head + 1)
    }
    alpha, beta = rows["Alpha"], rows["Beta"]
    assert (alpha["target 2026"], alpha["expected 2027"], alpha["growth 2027"], alpha["sure"]) == (100_000, 150_000, 0.25, 0.6)
    assert (alpha["weighted opportunities"], alpha["open"], alpha["share of wallet"]) == (25_000, 1, 0.25)
    assert (alpha["coach"], alpha["decision maker"], alpha["overdue actions"]) == (1, 0, 1)
    assert alpha["next review"] == datetime.datetime(2027, 4, 1)
    assert alpha["white spots"] == 4  # of six products only maintenance and security were looked at
    assert (beta["target 2026"], beta["expected 2026"], beta["expected 2027"], beta["growth 2027"]) == (None, None, 250_000, None)
    assert rows["Total in EUR"]["expected 2027"] == 400_000
    assert rows["Total in GBP"]["expected 2027"] == 80_000
    assert rows["Accounts that give the figure"]["expected 2026"] == "2 of 3"


def test_white_space_shows_the_strongest_status_with_its_amount(small: Portfolio, tmp_path: Path) -> None:
    write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF)
    sheet = opened(tmp_path / "s.xlsx")["White space"]
    row, _ = found(sheet, "Alpha")
    head, column = found(sheet, "Maintenance")
    products = {sheet.cell(head, column + step).value: sheet.cell(row, column + step).value for step in range(6)}
    assert products == {"Maintenance": "● 10", "Security": "+ 7", "Energy": "○", "Software": "○", "Training": "○", "Advice": "○"}
    assert table_row(sheet, "Potential by department, EUR", "IT")["potential"] == 12_000


def test_rates_make_one_currency_and_are_shown(small: Portfolio, tmp_path: Path) -> None:
    assert write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF, rates=RATES, currency="EUR") == []
    book = opened(tmp_path / "s.xlsx")
    assert tile(book["Dashboard"], "Expected 2027, EUR")[:2] == [500_000, pytest.approx(250_000 / 245_000 - 1)]
    assert tile(book["Dashboard"], "Contracted 2027, EUR")[:2] == [0.48, 240_000]
    assert [cell.value for cell in book["Rates"]["C"]][-2:] == [1, 1.25]
    assert [cell.value for cell in book["Rates"]["D"]][-2:] == [None, datetime.datetime(2026, 11, 20)]
    assert [text for text in texts(book) if "converted at rates of 20 November 2026" in text]
    assert table_row(book["Forecast"], "By segment", "B – growth")["2027"] == 350_000


def test_completeness_by_section_is_as_by_hand(small: Portfolio, tmp_path: Path) -> None:
    write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF)
    sheet = opened(tmp_path / "s.xlsx")["Completeness"]
    columns = [found(sheet, name)[1] for name in ("Opportunities", "Forecast", "Reviews")]
    shares = {name: [sheet.cell(found(sheet, name)[0], column).value for column in columns] for name in ("Alpha", "Beta", "Mean")}
    assert shares["Alpha"] == pytest.approx([9 / 15, 6 / 11, 2 / 4])  # three opportunities of five answers each are wanted
    assert shares["Beta"] == pytest.approx([5 / 15, 2 / 11, 0])
    assert shares["Mean"] == pytest.approx([(9 + 5 + 4) / 45, (6 + 2 + 4) / 33, 2 / 12])


def test_what_is_not_on_an_accounts_own_list_is_no_white_space(tmp_path: Path) -> None:
    own = Account("D-4", "Delta", "Ann Archer", currency="EUR", products=("Maintenance", "Sunroofs", "Advice"))
    portfolio = written_plans({ALPHA: SMALL[ALPHA], own: cross_sell(FINANCE, maintenance=("sold", 4_000.0))}, tmp_path)
    white = portfolio.white_space()
    assert list(white[(white["account_id"] == "D-4") & (white["is_white"] == 1)]["product"]) == ["Sunroofs", "advice"]
    write_summary(portfolio, tmp_path / "s.xlsx", as_of=AS_OF)
    book = opened(tmp_path / "s.xlsx")
    sheet = book["White space"]
    row, head = found(sheet, "Delta")[0], found(sheet, "Maintenance")
    cells = {sheet.cell(head[0], column).value: sheet.cell(row, column).value for column in range(head[1], head[1] + 7)}
    offered = {"Maintenance": "● 4", "Advice": "○", "Sunroofs": "○"}
    assert {name: cell for name, cell in cells.items() if cell} == offered
    assert tile(book["Dashboard"], "White spots")[0] == 4 + 2
    assert found(sheet, "Grey: not on that account’s own list of products, or there is no matrix in its plan.")


def test_rates_may_say_of_which_day_they_are(small: Portfolio, tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("currency;rate;date\nGBP;1,25;20-11-2026\nUSD;0,9;\n", encoding="utf-8")
    rates = read_rates(tmp_path / "rates.csv")
    assert (dict(rates), rates.days) == ({"GBP": 1.25, "USD": 0.9}, {"GBP": datetime.date(2026, 11, 20)})
    findings = write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF, rates={"GBP": 1.25}, currency="EUR")
    assert [finding.code for finding in findings] == ["rate-undated"]
    (tmp_path / "rates.csv").write_text("GBP,1.25,last week\n", encoding="utf-8")
    with pytest.raises(UsageProblem) as problem:
        read_rates(tmp_path / "rates.csv")
    assert [finding.code for finding in problem.value.findings] == ["rate-day-unreadable"]


def test_parts_of_a_chart_make_up_the_whole(small: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "MOST_SERIES", 2)
    owners = {replace(BETA, account_id=f"E-{number}", owner=f"Owner {number}"): SMALL[BETA] for number in range(4)}
    write_summary(written_plans(owners, tmp_path), tmp_path / "s.xlsx", as_of=AS_OF)
    sheet = opened(tmp_path / "s.xlsx")["Forecast"]
    row, column = found(sheet, "the other 3")
    assert [sheet.cell(row + step, column + 5).value for step in (-1, 0)] == [250_000, 750_000]


def test_data_tabs_hold_their_tables_cell_by_cell(odd: Portfolio, tmp_path: Path) -> None:
    write_summary(odd, tmp_path / "s.xlsx", as_of=AS_OF, names=True)
    sheet = opened(tmp_path / "s.xlsx")["Data contacts"]
    head, first = found(sheet, "account_no")
    shown = [[cell.value for cell in cells[first - 1 :]] for cells in sheet.iter_rows(min_row=head)]
    table = odd.counting(AS_OF)["contacts"]
    expected = [list(row) for row in table.astype(object).where(table.notna(), None).to_numpy()]
    assert shown == [list(table.columns), *expected]
    assert any("<r>b</r>" in row for row in shown)


# --- tabs of one's own


def test_a_company_chooses_its_tabs(small: Portfolio, tmp_path: Path) -> None:
    (tmp_path / "tabs.yaml").write_text(
        """
tabs:
  white_space: {title: Gaps}
  dashboard:
    figures: [target, health]
    more_figures: []
    forecast_by: segment
""",
        encoding="utf-8",
    )
    assert write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF, tabs=tmp_path / "tabs.yaml") == []
    book = opened(tmp_path / "s.xlsx")
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == ["Gaps", "Dashboard"]
    assert book["Gaps"]["B2"].value == "Gaps"
    assert book["Forecast"].sheet_state == book["Data forecast"].sheet_state == "hidden"  # figures rest on them
    assert tile(book["Dashboard"], "Target 2026, EUR")[0] == 100_000
    assert ooxml_errors(tmp_path / "s.xlsx") == []


@pytest.mark.parametrize(
    ("yaml", "codes"),
    [
        ("tabs:\n  dashbord:\n", {(2, "unknown-key"), (1, "tabs-none")}),
        ("tabs:\n  dashboard:\n    figures: [profit]\n", {(3, "one-of")}),
        ("tabs:\n  dashboard:\n    figures: [coach, coach, coach, coach, coach, coach, coach]\n", {(3, "figures-too-many")}),
        ("tabs:\n  dashboard:\n    forecast_by: product\n", {(3, "one-of")}),
        ("tabs:\n  accounts: {title: 'A/B'}\n", {(2, "tab-title")}),
        ("tabs:\n  accounts: {title: Mine}\n  checks: {title: mine}\n", {(3, "tab-title-twice")}),
        ("tabs: [accounts]\n", {(1, "mapping-wanted"), (1, "tabs-none")}),
        ("tabs: {accounts: [\n", {(2, "yaml-form")}),
        ("", {(1, "yaml-form")}),
    ],
)
def test_what_is_wrong_with_a_file_of_tabs_is_said_with_its_line(tmp_path: Path, yaml: str, codes: set[tuple[int, str]]) -> None:
    (tmp_path / "tabs.yaml").write_text(yaml, encoding="utf-8")
    with pytest.raises(UsageProblem) as problem:
        read_tabs(tmp_path / "tabs.yaml")
    assert {(int(each.cell.removeprefix("line ")), each.code) for each in problem.value.findings} == codes


def test_editors_know_what_a_file_of_tabs_may_say() -> None:
    schema = Draft202012Validator(tabs_schema())
    read = yaml.safe_load
    assert list(schema.iter_errors(read(starter()))) == []
    assert not list(schema.iter_errors(read("tabs: {accounts: , dashboard: {forecast_by: segment, figures: [health]}}")))
    for wrong in (
        "{dashbord: {}}",
        "{dashboard: {figures: [profit]}}",
        "{dashboard: {figures: [coach, coach, coach, coach, coach, coach, coach]}}",
        "{dashboard: {forecast_by: product}}",
        "{accounts: {figures: [health]}}",
        "{accounts: {title: a name of a tab that is far too long}}",
        "[accounts]",
        "{}",
    ):
        assert list(schema.iter_errors(read(f"tabs: {wrong}"))), wrong


def test_the_starter_is_the_default(tmp_path: Path) -> None:
    write_starter(tmp_path / "tabs.yaml")
    assert read_tabs(tmp_path / "tabs.yaml") == read_tabs()
    with pytest.raises(UsageProblem):
        write_starter(tmp_path / "tabs.yaml")


def test_a_currency_without_a_rate_stands_apart(small: Portfolio, tmp_path: Path) -> None:
    findings = write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF, rates={"EUR": 1.0}, currency="EUR")
    assert [finding.code for finding in findings] == ["rate-missing"]
    assert tile(opened(tmp_path / "s.xlsx")["Dashboard"], "Expected 2027, EUR")[0] == 400_000


@pytest.mark.parametrize(
    "options", [{}, {"rates": RATES, "currency": "EUR", "names": True, "language": "nl"}], ids=["apart", "converted"]
)
def test_every_formula_shows_what_libreoffice_makes_of_it(
    odd: Portfolio, small: Portfolio, office: Office, tmp_path: Path, options: dict[str, Any]
) -> None:
    write_summary(odd, tmp_path / "s.xlsx", as_of=AS_OF, previous=small, expected=[ALPHA], **options)
    formulas = differing(tmp_path / "s.xlsx", office)
    assert len(formulas) > 700
    assert {cell: outcome for cell, outcome in formulas.items() if outcome} == {}


def differing(path: Path, office: Office) -> dict[str, str]:
    """Give each formula's cell, with what is wrong: nothing where LibreOffice comes to the value that was written."""
    calculated = office.recalculate(path)
    formulas, values = opened(path, values=False), opened(path)
    outcomes = {}
    for cell in (cell for sheet in formulas for cells in sheet.iter_rows() for cell in cells if cell.data_type == "f"):
        title = cell.parent.title
        ours = values[title][cell.coordinate].value
        if isinstance(ours, datetime.datetime):
            ours = (ours - datetime.datetime(1899, 12, 30)).days
        theirs = calculated[title][cell.coordinate]
        numbers = isinstance(ours, (int, float)) and isinstance(theirs.value, (int, float))
        same = ours == pytest.approx(theirs.value, rel=1e-9, abs=1e-9) if numbers else (ours or "") == (theirs.value or "")
        outcomes[f"{title}!{cell.coordinate}"] = "" if same and not theirs.error else f"{ours!r}, {theirs}"
    return outcomes


def test_what_formulas_add_up_is_what_pandas_adds_up(odd: Portfolio, tmp_path: Path) -> None:
    write_summary(odd, tmp_path / "s.xlsx", as_of=AS_OF)
    sheet = opened(tmp_path / "s.xlsx")["Forecast"]
    rolled = odd.rollup("forecast", by=["owner", "period"], values=["revenue"])
    for owner, currency, expected in rolled[rolled["period"] == "year_1"][["owner", "currency", "revenue"]].itertuples(
        index=False
    ):
        assert table_row(sheet, "By account manager", owner, currency)["2027"] == (expected if expected == expected else 0)


# --- texts, people, links


def test_what_reps_typed_never_becomes_a_formula(odd: Portfolio, tmp_path: Path) -> None:
    write_summary(odd, tmp_path / "s.xlsx", as_of=AS_OF)
    book = opened(tmp_path / "s.xlsx", values=False)
    typed = {"=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)"}
    seen = {cell.value: cell.data_type for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.value in typed}
    assert seen == dict.fromkeys(typed, "s")
    links = [cell.hyperlink.target for sheet in book for cells in sheet.iter_rows() for cell in cells if cell.hyperlink]
    assert not [link for link in links if "x.example" in str(link)]


def texts(book: Workbook) -> Iterator[str]:
    for sheet in book:
        for cells in sheet.iter_rows(values_only=True):
            yield from (value for value in cells if isinstance(value, str))


def test_people_are_counted_and_named_only_when_asked_for(small: Portfolio, tmp_path: Path) -> None:
    write_summary(small, tmp_path / "counts.xlsx", as_of=AS_OF)
    write_summary(small, tmp_path / "names.xlsx", as_of=AS_OF, names=True)
    assert not [text for text in texts(opened(tmp_path / "counts.xlsx")) if "Zed Quill" in text]
    named = table_row(opened(tmp_path / "names.xlsx")["People"], "By name", "Alpha")
    assert (named["name"], named["attitude"], named["influence"]) == ("Zed Quill", "against", 5)


def test_each_figure_links_to_the_cell_it_came_from(small: Portfolio, folder: Path, tmp_path: Path) -> None:
    write_summary(small, folder.parent / "in the meeting" / "s.xlsx", as_of=AS_OF)
    accounts = opened(folder.parent / "in the meeting" / "s.xlsx")["Accounts"]
    head, _ = found(accounts, "account manager")
    names = {cell.column: str(cell.value) for cell in accounts[head]}
    exact = [column for column, name in names.items() if name.startswith(("target", "expected", "contracted"))]
    behind: dict[str, Any] = {}
    plans = {path.name: opened(path) for path in folder.glob("*.xlsx")}
    checked = 0
    for cells in accounts.iter_rows(min_row=head + 1, max_row=head + 3):
        for cell in cells:
            if cell.hyperlink is None:
                continue
            target = folder.parent / "in the meeting" / cell.hyperlink.target
            assert target.resolve() == folder / target.name
            tab, _, place = cell.hyperlink.location.rpartition("!")
            origin = plans[target.name][tab.strip("'")][place]
            if cell.column in exact:
                assert origin.value == cell.value
                checked += 1
            elif target.name == "A-1.xlsx":
                behind[names[cell.column]] = origin.value
    assert checked == 11
    assert {name: behind[name] for name in behind if name not in ("account", "filled in", "checks hold", "state")} == {
        "growth 2027": 150_000,
        "sure": 90_000,
        "weighted opportunities": 50_000,  # the amount of the opportunity that weighs most
        "open": "Roof",
        "share of wallet": 480_000,
        "white spots": "Board",  # where the matrix begins: what nobody looked at has no answer
        "coach": "Coach",
        "decision maker": "Zed Quill",
        "overdue actions": datetime.datetime(2026, 11, 1),
        "next review": datetime.datetime(2027, 4, 1),
    }


def test_rows_of_lists_link_to_their_own_cells(small: Portfolio, folder: Path, tmp_path: Path) -> None:
    write_summary(small, folder.parent / "lists" / "s.xlsx", as_of=AS_OF, names=True)
    book = opened(folder.parent / "lists" / "s.xlsx")
    plans = {path.name: opened(path) for path in folder.glob("*.xlsx")}

    def origin(tab: str, account: str, says: Any) -> Any:
        """Give what the cell holds that an account's row leads to: the row that says something."""
        for cells in book[tab].iter_rows():
            cell = next((cell for cell in cells if cell.value == account and cell.hyperlink), None)
            if cell is not None and says in [other.value for other in cells]:
                sheet, _, place = cell.hyperlink.location.rpartition("!")
                return plans[Path(cell.hyperlink.target).name][sheet.strip("'")][place].value
        raise AssertionError(f"{tab} has no row of {account} that says {says!r}")

    assert origin("Opportunities", "Alpha", "Wall") == "Wall"
    assert origin("Actions", "Alpha", "Call") == origin("Dashboard", "Alpha", "Call") == "Call"
    assert origin("People", "Alpha", "Zed Quill") == "Zed Quill"
    assert origin("Dashboard", "Alpha", datetime.datetime(2027, 4, 1)) == datetime.datetime(2027, 4, 1)
    white = book["White space"]
    at = found(white, "Alpha")[0], found(white, "Security")[1]
    link = white.cell(*at).hyperlink
    assert plans["A-1.xlsx"][link.location.rpartition("!")[0].strip("'")][link.location.rpartition("!")[2]].value == "opportunity"


# --- sizes and forms


def test_no_plans_make_a_summary_too(tmp_path: Path) -> None:
    assert write_summary(assemble([]), tmp_path / "s.xlsx", as_of=AS_OF, expected=[ALPHA]) == []
    book = opened(tmp_path / "s.xlsx")
    row, _ = found(book["Submissions"], "Alpha")
    assert "!  not received" in [cell.value for cell in book["Submissions"][row]]
    assert ooxml_errors(tmp_path / "s.xlsx") == []


def test_the_workbook_is_valid_and_prints_on_a4(odd: Portfolio, small: Portfolio, tmp_path: Path) -> None:
    write_summary(odd, tmp_path / "s.xlsx", as_of=AS_OF, previous=small, expected=[ALPHA, GAMMA], rates=RATES, names=True)
    assert ooxml_errors(tmp_path / "s.xlsx") == []
    book = opened(tmp_path / "s.xlsx")
    assert all(len(sheet.title) <= 31 for sheet in book)
    tables = [table.lower() for sheet in book for table in sheet.tables]
    assert len(tables) == len(set(tables)) == sum(sheet.title.startswith("Data ") for sheet in book)
    for sheet in book:
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, int(sheet.page_setup.fitToWidth or 1)) == (True, 1)
        assert sheet["A1"].value == "accountsheet|summary"


def test_a_table_too_long_for_a_tab_is_named_and_its_sums_stay_right(
    small: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_module, "LONGEST", 5)
    findings = write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF)
    assert "forecast" in [finding.block for finding in findings if finding.code == "summary-table-left-out"]
    book = opened(tmp_path / "s.xlsx")
    assert "Data forecast" not in book.sheetnames
    assert tile(book["Dashboard"], "Expected 2027, EUR")[0] == 400_000


def test_with_many_accounts_their_figures_are_values_and_maps_stop(
    small: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_module, "LIVE_ACCOUNTS", 2)
    monkeypatch.setattr(white_space, "MOST_ACCOUNTS", 1)
    monkeypatch.setattr(accounts_page, "LINKS", 50)
    findings = write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF)
    assert [finding.code for finding in findings] == ["summary-figures-fixed", "summary-links-left-out"]
    formulas, values = opened(tmp_path / "s.xlsx", values=False), opened(tmp_path / "s.xlsx")
    row, _ = found(values["Accounts"], "Alpha")
    links = [sum(cell.hyperlink is not None for cell in values["Accounts"][each]) for each in (row, row + 1, row + 2)]
    assert links[0] > 15 and links[1] > 1 and links[2] == 1  # the name
    assert not [cell for cell in formulas["Accounts"][row] if cell.data_type == "f" and "Data " in cell.value]
    assert found(
        values["White space"], "1 of 3 accounts stand here, those with the most gaps first; the totals are over all of them."
    )
    assert tile(values["Dashboard"], "Expected 2027, EUR")[0] == 400_000


def test_plans_of_another_year_are_listed_and_left_out(small: Portfolio, folder: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.xlsx"
    write_plan(
        Plan(blueprint(), replace(ALPHA, account_id="L-9", account="Later"), "en", 2027, period("year_1", revenue=9e6)), late
    )
    both = read_plans([folder, late], as_of=AS_OF)
    findings = write_summary(both, tmp_path / "s.xlsx", as_of=AS_OF)
    assert [finding.code for finding in findings] == ["summary-other-year"]
    book = opened(tmp_path / "s.xlsx")
    assert tile(book["Dashboard"], "Expected 2027, EUR")[0] == 400_000
    row, _ = found(book["Submissions"], "Later")
    assert "▫  another year" in [cell.value for cell in book["Submissions"][row]]


def test_what_changed_is_told_only_against_an_earlier_collection(small: Portfolio, tmp_path: Path) -> None:
    was = {
        **SMALL[ALPHA],
        **period("year_1", revenue=110_000.0),
        **period("current_target", revenue=95_000.0),
        **row("opportunities", 1, phase="won", probability=1.0),
        Key("plan", "", "", "status"): "approved",
    }
    earlier = written_plans({ALPHA: was, BETA: SMALL[BETA]}, tmp_path)
    write_summary(small, tmp_path / "now.xlsx", as_of=AS_OF, previous=earlier)
    book = opened(tmp_path / "now.xlsx")
    top, _ = found(book["Changes"], "Account by account")
    rows = [[cell.value for cell in cells][1:6] for cells in book["Changes"].iter_rows(min_row=top + 2)]
    assert rows[:6] == [
        ["Alpha", "Opportunities won", 50_000, 0, -50_000],
        ["Alpha", "Expected 2027", 110_000, 150_000, 40_000],
        ["Alpha", "Weighted opportunities", 0, 25_000, 25_000],
        ["Alpha", "Target 2026", 95_000, 100_000, 5_000],
        ["Alpha", "state", "approved", "draft", None],
        ["Gamma", "new", None, None, None],
    ]
    together = table_row(book["Changes"], "All accounts together", "Expected 2027", "EUR")
    assert (together["was"], together["now"], together["change"]) == (360_000, 400_000, 40_000)
    told = [[cell.value for cell in cells][8:13] for cells in book["Dashboard"].iter_rows()]
    assert ["Alpha", "Opportunities won", 50_000, 0, -50_000] in told
    write_summary(small, tmp_path / "alone.xlsx", as_of=AS_OF)
    assert "Changes" not in opened(tmp_path / "alone.xlsx").sheetnames


def test_nothing_is_left_behind_where_it_cannot_be_finished(
    small: Portfolio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: Painter) -> None:
        raise RuntimeError("no paint")

    monkeypatch.setattr(Painter, "paint", stop)
    with pytest.raises(RuntimeError):
        write_summary(small, tmp_path / "s.xlsx", as_of=AS_OF)
    assert list(tmp_path.iterdir()) == []


def test_our_own_tabs_are_all_there_are_each_with_a_name_of_its_own() -> None:
    tabs = read_tabs()
    assert sorted(tab.id for tab in tabs) == sorted([*PAGES, "data"])
    for language in ("en", "nl"):
        assert len({tab.title(language).casefold() for tab in tabs}) == len(tabs)


def test_a_summary_among_the_plans_is_no_unreadable_plan(small: Portfolio, folder: Path, tmp_path: Path) -> None:
    write_summary(small, tmp_path / "old summary.xlsx", as_of=AS_OF)
    write_summary(read_plans([folder, tmp_path], as_of=AS_OF), tmp_path / "new.xlsx", as_of=AS_OF)
    sheet = opened(tmp_path / "new.xlsx")["Submissions"]
    row, column = found(sheet, "!  unreadable")
    assert sheet.cell(row, column + 1).value == 0
