import csv
import datetime as dt
from unicodedata import normalize

import openpyxl
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountsheet.account_columns import COLUMNS, our_name
from accountsheet.accounts import Account, accounts_from_frame, read_accounts, write_starter
from accountsheet.files import safe_text_for_csv
from accountsheet.finding import Severity, UsageProblem


@pytest.fixture
def accounts(tmp_path):
    """Read accounts from text, as a file of some encoding."""

    def read(text, *, encoding="utf-8", **options):
        (tmp_path / "accounts.csv").write_bytes(text.encode(encoding))
        return read_accounts(tmp_path / "accounts.csv", **options)

    return read


def codes(findings):
    return [finding.code for finding in findings]


def test_each_line_is_an_account(accounts):
    found, findings = accounts("account_id,account,owner\n0123,Acme,Robin\nNA,None,\n")
    assert found == [Account("0123", "Acme", "Robin"), Account("NA", "None")]
    assert findings == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_dutch_list_is_read_as_it_is(accounts, encoding):
    found, findings = accounts(
        "Klantnummer;Klant;Accountmanager;E-mailadres;Branche;Munteenheid;Taal;Afdelingen\n"
        "007;Café Zoë B.V.;Jan de Vries;jan@example.com;Horeca;eur;Nederlands;Inkoop|Verkoop\n",
        encoding=encoding,
    )
    assert found == [
        Account("007", "Café Zoë B.V.", "Jan de Vries", "jan@example.com", industry="Horeca", currency="EUR", language="nl",
                departments=("Inkoop", "Verkoop"))
    ]  # fmt: skip
    assert findings == []


@pytest.mark.parametrize("name", ["account_id", "Account ID", "ACCOUNT-ID", " account id ", "Klant nr.", "Debiteurnummer", "id"])
def test_a_column_is_known_by_any_name_people_give_it(name):
    assert our_name(name, {}) == "account_id"


def test_lists_are_parted_by_semicolon_or_bar_or_line(accounts):
    found, _ = accounts('account_id,account,departments,products\n1,Acme,Sales; Service ;Sales,"Ovens|Mixers\nDoughs"\n')
    assert found[0].departments == ("Sales", "Service")
    assert found[0].products == ("Ovens", "Mixers", "Doughs")


def test_a_column_named_after_a_field_prefills_it(accounts):
    found, findings = accounts("account_id,account,Account.Number of Employees,account.strategy\n1,Acme,250,\n2,Beta,,Grow\n")
    assert [account.answers for account in found] == [{"account.number_of_employees": "250"}, {"account.strategy": "Grow"}]
    assert findings == []


def test_a_mapping_names_the_columns_of_a_crm(accounts):
    found, findings = accounts(
        "Number__c,Name,Rep Full Name,account\n1,Acme,Robin,old name\n",
        mapping={"number__c": "account_id", "Name": "account", "Rep Full Name": "owner"},
    )
    assert found == [Account("1", "Acme", "Robin")]
    assert codes(findings) == ["column-twice"]
    assert "'Name' counts" in findings[0].message


def test_a_mapping_may_name_a_field(accounts):
    found, _ = accounts("id,name,FTE\n1,Acme,250\n", mapping={"FTE": "account.number_of_employees"})
    assert found[0].answers == {"account.number_of_employees": "250"}


def test_a_mapping_to_no_column_of_ours_is_refused_with_the_likeliest(accounts):
    with pytest.raises(UsageProblem) as caught:
        accounts("id,name\n1,Acme\n", mapping={"Rep": "ownr", "x": "?"})
    assert codes(caught.value.findings) == ["map-target-unknown", "map-target-unknown"]
    assert "Did you mean 'owner'?" in caught.value.findings[0].message


def test_a_mapped_column_that_is_not_there_is_told(accounts):
    _, findings = accounts("id,name,Saleperson\n1,Acme,Robin\n", mapping={"Salespersons": "owner"})
    assert codes(findings)[0] == "map-source-missing"
    assert "Did you mean 'Saleperson'?" in findings[0].message


def test_an_unknown_column_does_no_harm_and_is_told(accounts):
    found, findings = accounts("account_id,account,ownr,Fax\n1,Acme,Robin,none\n")
    assert found == [Account("1", "Acme")]
    assert [(finding.code, finding.severity, finding.raw) for finding in findings] == [
        ("unknown-column", Severity.WARNING, "ownr"),
        ("unknown-column", Severity.INFO, "Fax"),
    ]
    assert "Did you mean 'owner'?" in findings[0].message
    assert "--map ownr=owner" in findings[0].hint


def test_a_vague_name_gives_way_to_one_that_says_more(accounts):
    found, findings = accounts("Name,ID,Account Name,Account ID\nRobin,9,Acme,1\n")
    assert found == [Account("1", "Acme")]
    assert codes(findings) == ["column-twice", "column-twice"]


def test_a_missing_column_is_told_with_those_found_and_the_remedy(accounts):
    with pytest.raises(UsageProblem) as caught:
        accounts("Nummer;Naam van bedrijf;owner\n1;Acme;Robin\n")
    problem = caught.value.findings[0]
    assert problem.code == "missing-column"
    assert "account_id or account" in problem.message
    assert "Nummer, Naam van bedrijf, owner" in problem.message
    assert "--map" in problem.hint


def test_a_repeated_account_is_told_with_both_lines_and_the_first_counts(accounts):
    found, findings = accounts("account_id,account\n1,Acme\n2,Beta\n\n1,Acme again\n")
    assert found == [Account("1", "Acme"), Account("2", "Beta")]
    assert codes(findings) == ["account-id-twice"]
    assert "line 2 and again on line 5" in findings[0].message


def test_a_line_without_an_id_is_told_and_empty_lines_are_not(accounts):
    found, findings = accounts("account_id,account\n\n1,Acme\n,\n,Beta\n")
    assert found == [Account("1", "Acme")]
    assert [(finding.code, finding.raw) for finding in findings] == [("account-id-empty", "Beta")]
    assert "Line 5" in findings[0].message


def test_an_account_without_a_name_goes_by_its_id(accounts):
    found, findings = accounts("account_id,account\n1,\n")
    assert found == [Account("1", "1")]
    assert codes(findings) == ["account-name-empty"]


def test_cells_beyond_the_last_column_are_told(accounts):
    _, findings = accounts("account_id;account;departments\n1;Acme;Sales;Service\n")
    assert [(finding.code, finding.raw) for finding in findings] == [("cells-beyond-columns", "Service")]


@pytest.mark.parametrize("text", ["", "\n\n", "account_id,account\n"])
def test_a_file_without_accounts_is_told(accounts, text):
    with pytest.raises(UsageProblem) as caught:
        accounts(text)
    assert codes(caught.value.findings) == ["accounts-empty"]
    assert caught.value.findings[0].file.endswith("accounts.csv")


def test_a_workbook_is_read_from_the_sheet_that_has_the_columns(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.append(["About this list"])
    sheet = workbook.create_sheet("Klanten")
    sheet.append(["Accounts 2026"])
    sheet.append([])
    sheet.append([None, "Klantnummer", "Klant", "account.since", "Segment"])
    sheet.append([None, 123, "Acme", dt.date(2019, 3, 1), "A"])
    sheet.append([None, "0123", "=Beta", None, 2.5])
    sheet["C5"].data_type = "s"
    sheet.append([None, None, "Gamma"])
    workbook.save(tmp_path / "klanten.xlsx")
    found, findings = read_accounts(tmp_path / "klanten.xlsx")
    assert found == [
        Account("123", "Acme", segment="A", answers={"account.since": "2019-03-01"}),
        Account("0123", "=Beta", segment="2.5"),
    ]
    assert [(finding.code, finding.sheet, finding.cell) for finding in findings] == [("account-id-empty", "Klanten", "B6")]


def test_a_frame_is_read_like_a_file():
    frame = pandas.DataFrame(
        {
            "Account name": ["Acme", None],
            "departments": [["Sales", "Service"], None],
            "account.since": [pandas.Timestamp("2019-03-01"), pandas.NaT],
            "account.number_of_employees": [250.0, float("nan")],
        },
        index=pandas.Index([7, 8], name="account_id"),
    )
    found, findings = accounts_from_frame(frame)
    answers = {"account.since": "2019-03-01", "account.number_of_employees": "250"}
    assert found == [Account("7", "Acme", departments=("Sales", "Service"), answers=answers), Account("8", "8")]
    assert [finding.code for finding in findings] == ["account-name-empty"]


def test_a_frame_without_rows_is_told():
    with pytest.raises(UsageProblem):
        accounts_from_frame(pandas.DataFrame({"account_id": [], "account": []}))


@pytest.mark.parametrize("name", ["accounts.csv", "accounts.xlsx"])
def test_a_starter_reads_back_without_a_remark(tmp_path, name):
    write_starter(tmp_path / name)
    found, findings = read_accounts(tmp_path / name)
    assert [account.account_id for account in found] == ["EXAMPLE-1", "EXAMPLE-2"]
    assert findings == []


def test_a_starter_csv_opens_in_excel_with_its_accents(tmp_path):
    write_starter(tmp_path / "accounts.csv")
    assert (tmp_path / "accounts.csv").read_bytes().startswith(b"\xef\xbb\xbfaccount_id,account,")


def test_a_starter_workbook_explains_each_column_in_both_languages(tmp_path):
    write_starter(tmp_path / "accounts.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "accounts.xlsx").worksheets[1].values)
    assert [row[0] for row in rows[1:]] == [*COLUMNS, "block.field"]
    assert all(all(row[2:]) for row in rows)


def test_a_starter_never_takes_the_place_of_a_file(tmp_path):
    (tmp_path / "accounts.csv").write_text("mine")
    with pytest.raises(UsageProblem, match="exists already"):
        write_starter(tmp_path / "accounts.csv")
    assert (tmp_path / "accounts.csv").read_text() == "mine"
    write_starter(tmp_path / "accounts.csv", overwrite=True)
    with pytest.raises(UsageProblem, match=r"\.csv or \.xlsx"):
        write_starter(tmp_path / "accounts.docx")


texts = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip).filter(bool)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(texts, texts, texts), min_size=1, unique_by=lambda row: row[0]), st.sampled_from(",;\t"))
def test_any_accounts_that_excel_saves_are_read_as_they_were(tmp_path_factory, rows, separator):
    rows = list({normalize("NFC", row[0]): tuple(normalize("NFC", cell) for cell in row) for row in rows}.values())
    path = tmp_path_factory.mktemp("accounts") / "accounts.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=separator)
        writer.writerows([("account_id", "account", "owner"), *(tuple(safe_text_for_csv(cell) for cell in row) for row in rows)])
    found, findings = read_accounts(path)
    assert [(account.account_id, account.account, account.owner) for account in found] == rows
    assert findings == []
