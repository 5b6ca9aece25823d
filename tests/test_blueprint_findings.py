"""What is wrong with a blueprint is told all at once, each with its line."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from accountsheet import library, tree
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import PHRASES
from accountsheet.source import load_blueprint, read_blueprint

HEAD = """\
blueprint: ours
version: "1"
title: Ours
"""

WHOLE_FILES = {
    "a tab where spaces belong": ("blueprint: ours\n\ttitle: x\n", {("yaml-form", 2)}),
    "a list at the top": ("- one\n- two\n", {("yaml-form", 1)}),
    "nothing at all": ("", {("yaml-form", 1)}),
    "a bracket left open": ("blueprint: [ours\ntitle: x\n", {("yaml-form", 2)}),
    "far too deep": (
        "a:\n" + "".join(" " * n + "a:\n" for n in range(1, 30)) + " " * 30 + "a: x\n",
        {("yaml-too-large", 26), ("unknown-key", 1), ("key-missing", 1), ("bad-id", 1)},
    ),
    "a file without the necessary": ("font: Arial\n", {("key-missing", 1), ("bad-id", 1)}),
    "an extension of what is not there": (
        "blueprint: ours\nversion: '1'\ntitle: Ours\nextends: nothing-known\n",
        {("blueprint-unknown", 4), ("key-missing", 1)},
    ),
}

TOP = {
    "a misspelt key": ("acent: '112233'\n", {("unknown-key", 4)}),
    "a key twice": ("font: Arial\nfont: Calibri\n", {("duplicate-key", 5)}),
    "a colour that is none": ("accent: greenish\n", {("accent-form", 4)}),
    "a logo that is not there": ("logo: nowhere.png\n", {("logo-missing", 4)}),
    "a language nobody translated to": ("languages: [en, fr]\n", {("language-unknown", 4)}),
    "for whom it cannot be": ("for: everyone\n", {("one-of", 4)}),
    "a text in one of the languages": ("description: {en: Only English}\n", {("language-missing", 4)}),
    "a text in a strange language": ("description: {en: One, nl: Twee, de: Drei}\n", {("language-unknown", 4)}),
    "a list for a text": ("description: [one, two]\n", {("text-wanted", 4)}),
    "a mapping within a text": ("description: {en: {a: b}, nl: Twee}\n", {("text-wanted", 4)}),
    "an order of sections that are not there": ("order: [contact]\n", {("one-of", 4)}),
    "checks that are a list": ("checks: [one]\n", {("mapping-wanted", 4)}),
    "a list with nothing in it": ("lists:\n  sizes: []\n", {("list-empty", 5)}),
    "an entry twice": ("lists:\n  sizes: [small, small]\n", {("list-twice", 5)}),
    "two choices that differ only in case": ("lists:\n  sizes:\n    s: Small\n    t: small\n", {("labels-alike", 5)}),
    "an entry without a Dutch word": ("lists:\n  sizes:\n    s: {en: Small}\n", {("language-missing", 6)}),
    "a check that says nothing": ("checks:\n  ours: {label: Good, message: Bad}\n", {("key-missing", 5)}),
    "a check without a message": ("checks:\n  ours: {label: Good, holds: count(contacts) > 1}\n", {("key-missing", 5)}),
    "a check of ours on a field that is not there": (
        "checks:\n  ours: {label: Good, message: Bad, holds: 'any(contacts, nam == \"x\")'}\n", {("expression", 5)}
    ),
    "a check of ours on each row of nothing": (
        "checks:\n  ours: {label: Good, message: Bad, each: contracts, holds: '1 == 1'}\n", {("expression", 5)}
    ),
    "a check that nobody can read": (
        "checks:\n  ours: {label: Good, message: Bad, holds: 'count(contacts >'}\n", {("expression", 5)}
    ),
    "a check of unheard severity": (
        "checks:\n  ours: {label: Good, message: Bad, holds: count(contacts) > 1, severity: grave}\n", {("one-of", 5)}
    ),
}  # fmt: skip
TOP_TAIL = "sections:\n  contacts:\n    title: {en: Contacts, nl: Contacten}\n    blocks: {contacts: }\n"

SECTIONS = {
    "a section without blocks": ("empty: {title: Empty}\n", {("section-empty", 5)}),
    "blocks in a list": ("listed:\n  title: Listed\n  blocks: [contacts]\n", {("mapping-wanted", 7), ("section-empty", 5)}),
    "no title": ("untitled:\n  blocks: {contacts: }\n", {("key-missing", 6), ("title-length", 5)}),
    "a section that is a word": ("word: contacts\n", {("mapping-wanted", 5), ("section-empty", 5), ("key-missing", 5)}),
    "an id with capitals": ("Contacts:\n  title: Contacts\n  blocks: {contacts: }\n", {("bad-id", 5)}),
    "an id that Python keeps for itself": ("class:\n  title: Class\n  blocks: {contacts: }\n", {("bad-id", 5)}),
    "a weight in words": ("heavy:\n  title: Heavy\n  weight: much\n  blocks: {contacts: }\n", {("number-wanted", 7)}),
    "hide with a yes": ("unsure:\n  title: Unsure\n  hide: yes\n  blocks: {contacts: }\n", {("one-of", 7)}),
    "an unknown group": ("grouped:\n  title: Grouped\n  group: fact\n  blocks: {contacts: }\n", {("one-of", 7)}),
    "a shared block misspelt": ("people:\n  title: People\n  blocks:\n    contcts:\n", {("block-unknown", 8)}),
    "a kind misspelt": (
        "own:\n  title: Own\n  blocks:\n    own:\n      kind: tabel\n      fields: {a: {label: A}}\n", {("one-of", 9)}
    ),
    "an option of another kind": (
        "own:\n  title: Own\n  blocks:\n    own:\n      kind: form\n      min_rows: 3\n      fields: {a: {label: A}}\n",
        {("unknown-key", 10)},
    ),
    "a tab too long for Excel": (
        "long:\n  title: A title that is far too long for the tab of a sheet\n  blocks: {contacts: }\n", {("title-length", 5)}
    ),
    "a tab that Excel refuses": ("either:\n  title: Either/or\n  blocks: {contacts: }\n", {("title-form", 5)}),
    "a tab called History": ("history:\n  title: History\n  blocks: {contacts: }\n", {("title-form", 5)}),
    "two tabs of one name": (
        "one:\n  title: Same\n  blocks: {contacts: }\ntwo:\n  title: same\n  blocks: {team: }\n", {("titles-alike", 8)}
    ),
    "a block in two sections": (
        "one:\n  title: One\n  blocks: {contacts: }\ntwo:\n  title: Two\n  blocks: {contacts: }\n", {("block-twice", 10)}
    ),
    "an order of blocks that are not there": (
        "one:\n  title: One\n  order: [team]\n  blocks: {contacts: }\n", {("one-of", 7)}
    ),
}  # fmt: skip

FIELDS = {
    "no label": ("a: {type: text}\n", {("key-missing", 10)}),
    "an unknown type": ("a: {label: A, type: dat}\n", {("one-of", 10)}),
    "a key of a field misspelt": ("a: {label: A, requird: 'true'}\n", {("unknown-key", 10)}),
    "required with a 1": ("a: {label: A, required: '1'}\n", {("one-of", 10)}),
    "a field that is a word": ("a: text\n", {("mapping-wanted", 10), ("key-missing", 10)}),
    "a field called row": ("row: {label: A}\n", {("bad-id", 10)}),
    "a bound in words": ("a: {label: A, type: number, min: none}\n", {("number-wanted", 10)}),
    "bounds that cross": ("a:\n  label: A\n  type: number\n  min: '5'\n  max: '1'\n", {("bounds-crossed", 14)}),
    "a source that no accounts file has": ("a: {label: A, from: ownr}\n", {("one-of", 10)}),
    "a choice from no list": ("a: {label: A, type: choice}\n", {("list-unknown", 10)}),
    "a choice from a list misspelt": ("a: {label: A, type: choice, list: segmnt}\n", {("list-unknown", 10)}),
    "a reference to nothing": ("a: {label: A, type: reference}\n", {("reference-unknown", 10)}),
    "a reference to what is not there": ("a: {label: A, type: reference, to: contacts.nam}\n", {("reference-unknown", 10)}),
    "a calculation from nothing": ("a: {label: A, type: calc}\n", {("calc-empty", 10), ("expression", 10)}),
    "a calculation from itself": ("a: {label: A, type: calc, value: a + 1}\n", {("calc-circle", 10)}),
    "two calculations from each other": (
        "a: {label: A, type: calc, value: b + 1}\nb: {label: B, type: calc, value: a + 1}\n",
        {("calc-circle", 10), ("calc-circle", 11)},
    ),
    "a calculation that nobody can read": ("a: {label: A, type: calc, value: 1 +}\n", {("expression", 10)}),
    "a calculation that runs code": ("a: {label: A, type: calc, value: __import__('os')}\n", {("expression", 10)}),
    "a calculation from a field that is not there": ("a: {label: A, type: calc, value: revenue * 2}\n", {("expression", 10)}),
    "a key that the list has not": (
        "a: {label: A, type: choice, list: segment}\nb: {label: B, type: calc, value: 1 if a == 'zz' else 2}\n",
        {("expression", 11)},
    ),
}  # fmt: skip

OPTIONS = {
    "rows in words": ("kind: table\nrows: many\nfields: {a: {label: A}}\n", {("kind-needs", 9)}),
    "a table without fields": ("kind: table\n", {("kind-needs", 9)}),
    "a matrix without axes": ("kind: matrix\nfields: {a: {label: A}}\n", {("kind-needs", 9)}),
    "a quadrant without boxes": ("kind: quadrant\nfields: {text: {label: A}}\n", {("kind-needs", 9)}),
    "a box that is a word": ("kind: quadrant\nboxes: {good: well}\nfields: {text: {label: A}}\n", {("kind-needs", 9)}),
    "a forecast without periods": ("kind: forecast\nfields: {a: {label: A, type: money}}\n", {("kind-needs", 9)}),
    "a period that begins in words": (
        "kind: forecast\nperiods: {now: {label: Now, from: today}}\nfields: {a: {label: A, type: money}}\n", {("kind-needs", 9)}
    ),
    "years in words": ("kind: table\nyears: [last, this]\nfields: {a: {label: A}}\n", {("kind-needs", 9)}),
}  # fmt: skip


def found(text: str) -> set[tuple[str, int]]:
    """Read a blueprint, and give the code and line of each finding in it."""
    _, findings = read_blueprint(text, "ours.yaml", kinds())
    assert all(finding.file == "ours.yaml" for finding in findings), findings
    return {(finding.code, int(finding.cell.removeprefix("line "))) for finding in findings}


def block(body: str) -> str:
    """Put a block's own lines into a whole blueprint, from line 9 on."""
    return f"{HEAD}sections:\n  own:\n    title: Own\n    blocks:\n      own:\n{indent(body, ' ' * 8)}"


def cases() -> list[object]:
    """Give every snippet as a whole file, with what is to be found in it."""
    form = block("kind: form\n") + " " * 8 + "fields:\n"
    every = {
        **WHOLE_FILES,
        **{name: (HEAD + text + TOP_TAIL, wanted) for name, (text, wanted) in TOP.items()},
        **{name: (f"{HEAD}sections:\n{indent(text, '  ')}", wanted) for name, (text, wanted) in SECTIONS.items()},
        **{name: (form + indent(text, " " * 10), at(wanted, 1)) for name, (text, wanted) in FIELDS.items()},
        **{name: (block(text), wanted) for name, (text, wanted) in OPTIONS.items()},
    }
    return [pytest.param(text, wanted, id=name) for name, (text, wanted) in every.items()]


def at(wanted: set[tuple[str, int]], shift: int) -> set[tuple[str, int]]:
    return {(code, line + shift) for code, line in wanted}


@pytest.mark.parametrize(("text", "wanted"), cases())
def test_a_mistake_is_told_with_its_line(text: str, wanted: set[tuple[str, int]]) -> None:
    assert found(text) == wanted


def test_everything_wrong_is_told_at_once() -> None:
    assert found(
        """\
blueprint: Ours
version: "1"
title: {en: Ours}
accent: blue
order: [wrk]
sections:
  work:
    title: A/B
    intr: ...
    blocks:
      opportunitis:
      deals:
        kind: table
        fields:
          name: {type: txt, label: Name}
          name: {label: Again}
          worth: {type: calc, as: money, value: amount * probability, label: Worth}
"""
    ) == {
        ("bad-id", 1),
        ("language-missing", 3),
        ("accent-form", 4),
        ("one-of", 5),
        ("title-form", 7),
        ("unknown-key", 9),
        ("block-unknown", 11),
        ("one-of", 15),
        ("duplicate-key", 16),
        ("expression", 17),
    }


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        (HEAD + "acent: '112233'\n" + TOP_TAIL, "accent"),
        (HEAD + TOP_TAIL.replace("{contacts: }", "{contcts: }"), "contacts"),
        (block("kind: tabel\nfields: {a: {label: A}}\n"), "table"),
        (block("kind: form\nfields: {a: {label: A, type: choice, list: segmnt}}\n"), "segment"),
        (block("kind: form\nfields: {a: {label: A, requird: 'true'}}\n"), "required"),
    ],
)
def test_a_misspelt_name_is_told_with_the_one_that_was_meant(text: str, guess: str) -> None:
    _, findings = read_blueprint(text, "ours.yaml", kinds())
    assert any(guess in finding.hint for finding in findings), findings


def test_calculations_that_run_in_a_circle_between_blocks_are_told() -> None:
    text = f"""{HEAD}sections:
  own:
    title: Own
    blocks:
      one: {{kind: form, fields: {{a: {{label: A, type: calc, value: two.b + 1}}}}}}
      two: {{kind: form, fields: {{b: {{label: B, type: calc, value: one.a + 1}}}}}}
"""
    _, findings = read_blueprint(text, "ours.yaml", kinds())
    assert [(finding.code, finding.cell) for finding in findings] == [("calc-circle", "line 8")]
    assert "one.a → two.b → one.a" in findings[0].message


# ------------------------------------------------------------------------------------------------- files and extending


def test_a_name_that_is_no_blueprint_is_told_with_those_that_are() -> None:
    with pytest.raises(UsageProblem, match="overview-sheet"):
        load_blueprint("overview", kinds())


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_bytes(b"title: caf\xe9\n")
    with pytest.raises(UsageProblem) as caught:
        load_blueprint(str(tmp_path / "ours.yaml"), kinds())
    assert [finding.code for finding in caught.value.findings] == ["blueprint-unreadable"]


def test_a_file_far_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("#" * (library.LARGEST + 1))
    with pytest.raises(UsageProblem) as caught:
        load_blueprint(str(tmp_path / "ours.yaml"), kinds())
    assert [finding.code for finding in caught.value.findings] == ["yaml-too-large"]


def test_an_alias_that_unfolds_without_end_is_not_unfolded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "MOST_NODES", 2_000)
    layers = "".join(f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9))
    text = f"{HEAD}lists:\n  l0: &l0 [a, b]\n{layers}{TOP_TAIL}"
    assert "yaml-too-large" in {code for code, _ in found(text)}


def test_blueprints_that_extend_each_other_are_told(tmp_path: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{name}.yaml").write_text(f"blueprint: {name}\nversion: '1'\ntitle: X\nextends: {other}.yaml\n{TOP_TAIL}")
    with pytest.raises(UsageProblem) as caught:
        load_blueprint(str(tmp_path / "one.yaml"), kinds())
    assert "extends-circle" in {finding.code for finding in caught.value.findings}


PARENT = f"""{HEAD}sections:
  first:
    title: {{en: First, nl: Eerste}}
    blocks:
      facts:
        kind: form
        fields:
          a: {{label: {{en: A, nl: Aa}}, required: "true"}}
          b: {{label: B}}
          c: {{label: C}}
      notes: {{kind: form, fields: {{text: {{label: Text, type: long_text}}}}}}
  second: {{title: Second, blocks: {{contacts: }}}}
  third: {{title: Third, blocks: {{competitors: }}}}
lists:
  colours: {{red: Red, blue: Blue}}
checks:
  both: {{label: Good, message: Bad, holds: filled(facts.a) and filled(facts.b)}}
"""


@pytest.fixture
def extended(tmp_path: Path):
    """Extend the parent above by some lines, in a file beside it."""
    (tmp_path / "parent.yaml").write_text(PARENT, encoding="utf-8")

    def extend(lines: str) -> tuple[Blueprint, list[Finding]]:
        text = f"blueprint: child\nversion: '2'\ntitle: Child\nextends: parent.yaml\n{dedent(lines)}"
        result, findings = read_blueprint(text, str(tmp_path / "child.yaml"), kinds())
        assert result is not None
        return result, findings

    return extend


def sections(of: Blueprint) -> list[str]:
    return [section.id for section in of.sections if section.id != "overview"]


def test_an_extension_has_all_that_its_parent_has(extended) -> None:
    child, findings = extended("")
    assert findings == []
    assert (child.id, child.version, child.title("en")) == ("child", "2", "Child")
    assert sections(child) == ["first", "second", "third"]
    assert "both" in {check.id for check in child.checks}


def test_an_extension_renames(extended) -> None:
    child, findings = extended(
        """
        sections:
          first:
            title: {en: The first, nl: De eerste}
            blocks: {facts: {fields: {a: {label: {en: Alpha, nl: Alfa}}}}}
        """
    )
    assert findings == []
    field = child.blocks["facts"].fields["a"]
    assert (child.sections[1].title("nl"), field.label("en"), field.required) == ("De eerste", "Alpha", True)


def test_an_extension_hides_sections_blocks_fields_and_checks(extended) -> None:
    child, findings = extended(
        """
        sections:
          first:
            blocks: {facts: {fields: {c: {hide: "true"}}}, notes: {hide: "true"}}
          second: {hide: "true"}
        checks: {both: {hide: "true"}}
        """
    )
    assert findings == []
    assert sections(child) == ["first", "third"]
    assert list(child.blocks["facts"].fields) == ["a", "b"]
    assert "notes" not in child.blocks
    assert "both" not in {check.id for check in child.checks}


def test_a_check_of_the_parent_leaves_with_the_field_that_it_is_about(extended) -> None:
    child, findings = extended("sections: {first: {blocks: {facts: {fields: {b: {hide: 'true'}}}}}}")
    assert findings == []
    assert "both" not in {check.id for check in child.checks}


def test_an_extension_reorders_sections_blocks_and_fields(extended) -> None:
    child, findings = extended(
        """
        order: [third, first]
        sections:
          first:
            order: [notes]
            blocks: {facts: {order: [c, a]}}
        """
    )
    assert findings == []
    assert sections(child) == ["third", "first", "second"]
    assert [block.id for block in child.sections[2].blocks] == ["notes", "facts"]
    assert list(child.blocks["facts"].fields) == ["c", "a", "b"]


def test_an_extension_adds_sections_blocks_fields_and_entries(extended) -> None:
    child, findings = extended(
        """
        sections:
          first:
            blocks:
              facts: {fields: {d: {label: D, type: choice, list: colours}}}
              more: {kind: form, fields: {x: {label: X}}}
          fourth: {title: Fourth, blocks: {market: }}
        lists: {colours: {green: Green}}
        """
    )
    assert findings == []
    assert sections(child) == ["first", "second", "third", "fourth"]
    assert list(child.blocks["facts"].fields) == ["a", "b", "c", "d"]
    assert "more" in child.blocks
    assert list(child.lists["colours"].labels) == ["green"]  # a list given anew replaces the parent's


def test_a_mistake_in_the_parent_is_told_in_the_parents_file(extended, tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text(PARENT.replace('required: "true"', "required: maybe"), encoding="utf-8")
    _, findings = extended("")
    [finding] = findings
    assert (Path(finding.file).name, finding.cell, finding.code) == ("parent.yaml", "line 11", "one-of")


def test_every_remark_on_blueprints_is_met_in_a_test() -> None:
    elsewhere = {"blueprint-unknown", "blueprint-unreadable", "yaml-too-large", "extends-circle"}
    met = elsewhere | {code for case in cases() for code, _ in case.values[1]}  # type: ignore[attr-defined]
    folder = Path(library.__file__).parent
    modules = ("library", "tree", "source", "inspection")
    sources = "".join((folder / f"{module}.py").read_text(encoding="utf-8") for module in modules)
    assert {code for code in PHRASES if f'"{code}"' in sources} - met == set()
