"""Every remark has its words, in every language, and every word its use."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from string import Formatter

import accountsheet
from accountsheet.finding import Severity
from accountsheet.phrases import PHRASES, remark
from accountsheet.text import LANGUAGES
from accountsheet.wording import WORDS

PACKAGE = Path(accountsheet.__file__).parent
PLACES = {"file", "sheet", "cell", "section", "block", "field", "raw"}


def trees() -> dict[str, ast.Module]:
    """Read every module but the phrases themselves."""
    paths = [path for path in PACKAGE.rglob("*.py") if path.name != "phrases.py"]
    return {str(path.relative_to(PACKAGE)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def strings_in(tree: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def codes_remarked(tree: ast.AST) -> set[str]:
    """Give the codes that stand as such in a call of remark, at or place."""
    found: set[str] = set()
    for call in (each for each in ast.walk(tree) if isinstance(each, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in ("remark", "at", "place"):
            texts = {str(each.value) for each in call.args if isinstance(each, ast.Constant)}
            found |= {text for text in texts if "-" in text and " " not in text}
    return found


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_code_that_is_used_has_its_phrase() -> None:
    missing = {(module, code) for module, tree in trees().items() for code in codes_remarked(tree) - PHRASES.keys()}
    assert missing == set()


def test_every_phrase_is_used() -> None:
    used = set().union(*(strings_in(tree) for tree in trees().values()))
    assert PHRASES.keys() - used == set()


def test_no_code_has_two_phrases() -> None:
    tree = ast.parse((PACKAGE / "phrases.py").read_text(encoding="utf-8"))
    tables = [each for each in ast.walk(tree) if isinstance(each, ast.Dict)]
    keys = [key.value for table in tables for key in table.keys if isinstance(key, ast.Constant)]
    assert [code for code, count in Counter(keys).items() if count > 1] == []


def test_every_phrase_says_the_same_in_every_language() -> None:
    for code, phrase in PHRASES.items():
        for words in (phrase.message, phrase.hint):
            assert set(words.by_language) == set(LANGUAGES), code
            assert braces(words("en")) == braces(words("nl")), code
            assert bool(words("en")) == bool(words("nl")), code
        assert all(phrase.message(language).endswith((".", "?", "}")) for language in LANGUAGES), code


def test_every_error_says_what_to_do_about_it() -> None:
    assert [code for code, phrase in PHRASES.items() if phrase.severity is Severity.ERROR and not phrase.hint("en")] == []


def test_every_remark_fills_its_braces_and_names_its_place() -> None:
    for code, phrase in PHRASES.items():
        names = braces(phrase.message("en")) | braces(phrase.hint("en"))
        for language in LANGUAGES:
            finding = remark(code, language, **{name: f"<{name}>" for name in names})
            assert (finding.code, finding.severity) == (code, phrase.severity)
            assert "{" not in finding.message + finding.hint, code
            assert all(getattr(finding, name) == f"<{name}>" for name in names & PLACES), code


def test_every_word_of_the_workbook_is_there_in_every_language() -> None:
    for name, words in WORDS.items():
        assert set(words.by_language) == set(LANGUAGES), name
        assert braces(words("en")) == braces(words("nl")), name


def test_a_finding_reads_as_a_sentence_with_its_place() -> None:
    finding = remark("not-a-number", raw="many", example="1200000", file="acme.xlsx", sheet="1 Customer", cell="D8")
    told = "error: acme.xlsx [1 Customer] D8: “many” is no number. Type digits only, such as 1200000."
    assert str(finding) == told
    assert str(remark("path-missing", file="plans")).startswith("error: There is nothing at plans.")
