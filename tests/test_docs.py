"""What the docs say is true: the dictionary is up to date, command lines parse, links lead somewhere, the example works."""

from __future__ import annotations

import re
import runpy
import shlex
from dataclasses import replace
from pathlib import Path

import click
import pytest

import accountsheet
from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.blocks import kinds
from accountsheet.cli import main
from accountsheet.collect import read_plans
from accountsheet.judge import TABLES
from accountsheet.logo import opened
from accountsheet.phrases import PHRASES
from accountsheet.plan import new_plan
from accountsheet.source import read_blueprint
from accountsheet.writer import write_plan

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
EXAMPLE = ROOT / "docs" / "examples" / "our-plan.yaml"


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def command_lines(page: Path) -> list[str]:
    """Give the command lines in fenced blocks, and those within a sentence."""
    text = text_of(page)
    fenced = [line for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE) for line in block.splitlines()]
    inline = re.findall(r"`(accountsheet(?: [^`]+)?)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    return [line for line in (*fenced, *inline) if line.startswith("accountsheet ")]


def parsed(line: str) -> None:
    """Parse a command line as the tool would, but for running it."""
    arguments = shlex.split(line.partition(" > ")[0], comments=True)[1:]
    command: click.Command = main
    context = click.Context(main, info_name="accountsheet")
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        name, arguments = arguments[0], arguments[1:]
        found = command.get_command(context, name)
        assert found is not None, f"there is no command {name}"
        command, context = found, click.Context(found, context, name)
    if arguments and not isinstance(command, click.Group):
        command.make_context(context.info_name, arguments, parent=context.parent)


@pytest.mark.parametrize(("page", "line"), [(page.name, line) for page in PAGES for line in command_lines(page)])
def test_every_command_line_in_the_docs_parses(page: str, line: str) -> None:
    try:
        parsed(line)
    except click.ClickException as problem:
        pytest.fail(f"{page}: {line}: {problem.format_message()}")


def test_the_docs_have_command_lines_that_these_tests_find() -> None:
    assert {"README.md", "user-guide.md", "own-words.md"} <= {page.name for page in PAGES if command_lines(page)}


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_relative_link_and_picture_exists(page: Path) -> None:
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            missing.append(target)
    assert missing == []


def test_the_pictures_are_small() -> None:
    pictures = list((ROOT / "docs" / "pictures").glob("*.png"))
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > 120 * 1024] == []


def test_the_data_dictionary_is_up_to_date() -> None:
    page = runpy.run_path(str(ROOT / "tools" / "dictionary.py"))["page"]()
    assert text_of(ROOT / "docs" / "data-dictionary.md") == page, "run python tools/dictionary.py"


def test_the_data_dictionary_knows_every_column_about_the_plans() -> None:
    meanings = runpy.run_path(str(ROOT / "tools" / "dictionary.py"))["MEANINGS"]
    assert {name: set(columns) for name, columns in meanings.items()} == {name: set(columns) for name, columns in TABLES.items()}


def test_the_user_guide_names_only_findings_that_exist() -> None:
    table = text_of(ROOT / "docs" / "user-guide.md").partition("| code | what happened")[2].partition("\n\n")[0]
    codes = [code for row in table.splitlines()[2:] for code in re.findall(r"`([^`]+)`", row.split("|")[1])]
    assert len(codes) > 20
    assert [code for code in codes if code not in PHRASES] == []


def test_the_python_in_the_readme_uses_names_that_exist() -> None:
    code = re.search(r"```python\n(.*?)```", text_of(ROOT / "README.md"), re.DOTALL)
    assert code is not None
    compile(code[1], "README.md", "exec")
    assert [name for name in re.findall(r"accountsheet\.(\w+)", code[1]) if name not in accountsheet.__all__] == []
    assert [name for name in re.findall(r"portfolio\.(\w+)", code[1]) if not hasattr(accountsheet.Portfolio, name)] == []


# ---------------------------------------------------------------------------------------------- the worked example


def example(source: str = "") -> accountsheet.Blueprint:
    blueprint, findings = read_blueprint(source or text_of(EXAMPLE), str(EXAMPLE), kinds())
    assert findings == [] and blueprint is not None
    return blueprint


def test_the_example_loads_without_findings_and_is_what_its_page_says() -> None:
    blueprint = example()
    account = blueprint.blocks["account"].fields
    assert "annual_revenue" not in account and "licence_ends" in account
    assert account["number_of_employees"].label("en") == "Number of staff"
    assert list(account)[:6] == ["name", "account_id", "owner", "segment", "edition", "licence_ends"]
    assert "visits" not in blueprint.blocks and "module_use" in blueprint.blocks
    assert [tab[0].id for tab in blueprint.tabs][:2] == ["overview", "customer"]
    checks = {check.id for check in blueprint.checks}
    assert {"low_use_has_next_step", "renewal_on_time", "coach_known"} <= checks and "executive_involved" not in checks
    assert (blueprint.currency, blueprint.accent) == ("GBP", "5B2A86")
    assert opened(blueprint.logo).getvalue() == (EXAMPLE.parent / "fernwick.png").read_bytes()  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_example_makes_a_workbook_that_reads_back(tmp_path: Path, language: str) -> None:
    plan, findings = new_plan(example(), Account("H-1", "Elverdale Hospital"), language=language, year=2026)
    answers = {
        Key("account", "", "", "edition"): "large",
        Key("module_use", 1, "", "module"): "roster",
        Key("module_use", 1, "", "seats"): 40,
        Key("module_use", 1, "", "active"): 10,
        Key("opportunities", 1, "", "description"): "Beds, second site",
        Key("opportunities", 1, "", "phase"): "trial",
    }
    plan = replace(plan, answers={**plan.answers, **answers})
    assert findings == [] and write_plan(plan, tmp_path / "plan.xlsx") == []
    portfolio = read_plans(tmp_path / "plan.xlsx")
    assert portfolio["module_use"]["adoption"].tolist() == [0.25]
    assert portfolio["opportunities"]["phase"].tolist() == ["trial"]
    assert "check-low-use-has-next-step" in portfolio.findings["code"].tolist()
    assert portfolio.plans["account"].tolist() == ["Elverdale Hospital"]


def test_an_old_answer_still_reads_after_its_label_changed(tmp_path: Path) -> None:
    renamed = text_of(EXAMPLE)
    for old, new in (("value a year", "yearly value"), ("trial ward", "pilot"), ("tab: {en: Module use", "tab: {en: Adoption")):
        assert old in renamed
        renamed = renamed.replace(old, new)
    for number, source in enumerate(("", renamed), 1):
        blueprint = example(source)
        plan, _ = new_plan(blueprint, Account(f"H-{number}", f"Hospital {number}"), language="en", year=2025 + number)
        answers = {
            Key("opportunities", 1, "", "description"): f"Deal {number}",
            Key("opportunities", 1, "", "amount"): 1000.0 * number,
            Key("opportunities", 1, "", "phase"): "trial",
        }
        write_plan(replace(plan, answers={**plan.answers, **answers}), tmp_path / f"{number}.xlsx")
    portfolio = read_plans(tmp_path)
    deals = portfolio["opportunities"]
    assert (deals["amount"].tolist(), deals["phase"].tolist()) == ([1000.0, 2000.0], ["trial", "trial"])
    assert not portfolio.findings["code"].isin(["label-changed", "unplaced"]).any()
