"""The bundled blueprints hold all that the catalogue promises: each item asked, laid out, worded and imported."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from accountsheet import library
from accountsheet.blocks import kinds
from accountsheet.blueprint import Block, Blueprint
from accountsheet.judge import columns_of
from accountsheet.kind import column_of
from accountsheet.layout import Layout
from accountsheet.pieces import Label
from accountsheet.source import read_blueprint
from accountsheet.text import LANGUAGES
from plans import blueprint, layout_of

CATALOGUE = yaml.safe_load(Path(__file__).with_name("catalogue.yaml").read_text(encoding="utf-8"))
BLOCKS, BLUEPRINTS = CATALOGUE["blocks"], CATALOGUE["blueprints"]
HEADED = ("form", "table", "forecast", "candidates", "bases")
"""Kinds of block on which each field's label stands; the cells of the others speak for themselves."""
bundled_blueprint = cache(blueprint)
laid_out = cache(layout_of)

EVERY_BLOCK = pytest.mark.parametrize("name", BLOCKS)
EVERY_BLUEPRINT = pytest.mark.parametrize("which", BLUEPRINTS)


def with_block(name: str) -> Iterator[tuple[Blueprint, Block]]:
    """Go through the bundled blueprints that have a block."""
    for each in map(bundled_blueprint, library.bundled()):
        if name in each.blocks:
            yield each, each.blocks[name]


def promised(name: str) -> tuple[list[str], list[str]]:
    """Give a block's fields that a rep fills in, and its calculated ones."""
    return BLOCKS[name].get("fields", []), BLOCKS[name].get("calculated", [])


def texts_for(name: str, layout: Layout) -> set[str]:
    """Give the fixed texts on the tab that a block stands on."""
    sheet = layout.sheets[layout.sheet_of(layout.context.blueprint.section_of[name].id)]
    return {piece.text for piece in sheet.pieces if isinstance(piece, Label)}


@EVERY_BLOCK
def test_a_block_and_its_fields_are_in_a_bundled_blueprint(name: str) -> None:
    found = dict(with_block(name))
    assert found, f"no bundled blueprint has {name}"
    assert {block.kind for block in found.values()} == {BLOCKS[name]["kind"]}
    fields, calculated = promised(name)
    shown = {field.id: field for block in found.values() for field in block.fields.values()}
    assert {*fields, *calculated} - set(shown) == set()
    assert [each for each in fields if shown[each].calculated] == []
    assert [each for each in calculated if not shown[each].calculated] == []


@EVERY_BLOCK
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_has_a_cell_and_a_label(name: str, language: str) -> None:
    fields, calculated = promised(name)
    for each, block in with_block(name):
        layout = laid_out(each, language)
        slots = {key.field for key in layout.slots if key.block == name}
        formulas = {key.field for key in layout.formulas if key.block == name}
        assert {field for field in fields if field in block.fields} - slots == set()
        assert {field for field in calculated if field in block.fields} - formulas == set()
        texts = texts_for(name, layout)
        for field in (block.fields[id] for id in (*fields, *calculated) if id in block.fields):
            assert {language, ""} & set(field.label.by_language), f"{name}.{field.id} has no label in {language}"
            assert field.label(language).strip()
            if block.kind in HEADED:
                assert field.label(language) in texts, f"the label of {name}.{field.id} is not on the tab"


@EVERY_BLOCK
def test_every_field_has_a_column_in_the_imported_table(name: str) -> None:
    fields, calculated = promised(name)
    for each, block in with_block(name):
        columns = columns_of(block, laid_out(each, "en"))
        shown = [block.fields[id] for id in (*fields, *calculated) if id in block.fields]
        # What every table begins with, such as the owner, stands in the index.
        assert {column_of(block, field) for field in shown if field.id != field.source} - set(columns) == set()
        assert set(BLOCKS[name].get("index", [])) - set(columns) == set()


@EVERY_BLOCK
def test_fixed_rows_boxes_levels_and_totals_have_their_cells(name: str) -> None:
    for each, _ in with_block(name):
        keys = [key for key in laid_out(each, "en").places if key.block == name]
        places = {str(place) for key in keys for place in (key.row, key.column)}
        assert set(BLOCKS[name].get("parts", [])) - places == set()
        totals = {key.field.lstrip("#") for key in keys if key.row == "total"}
        assert set(BLOCKS[name].get("totals", [])) - totals == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "field"), [(name, field) for name in BLOCKS for field in BLOCKS[name].get("hidden", [])])
def test_a_field_that_is_off_can_be_switched_on(name: str, field: str, language: str) -> None:
    shared, *_ = library.shared()
    assert shared[name]["fields"][field]["hide"] == "true"
    for each, block in with_block(name):
        assert field not in block.fields
        own, findings = read_blueprint(switched_on(each, name, field), "own.yaml", kinds())
        assert own is not None and findings == []
        layout = layout_of(own, language)
        assert field in {key.field for key in layout.slots if key.block == name}
        assert own.blocks[name].fields[field].label(language) in texts_for(name, layout)
        assert field in columns_of(own.blocks[name], layout)


def switched_on(which: Blueprint, name: str, field: str) -> str:
    """Write a blueprint that shows one more field."""
    section = which.section_of[name].id
    change = f"{{{section}: {{blocks: {{{name}: {{fields: {{{field}: {{hide: 'false'}}}}}}}}}}}}"
    return f"blueprint: own\nversion: '1'\ntitle: Own\nextends: {which.id}\nsections: {change}\n"


def test_the_bundled_blueprints_are_those_of_the_catalogue() -> None:
    assert library.bundled() == sorted(BLUEPRINTS, key=lambda name: (name != library.DEFAULT, name))


@EVERY_BLUEPRINT
def test_a_blueprint_has_its_sections_by_their_numbers(which: str) -> None:
    found: dict[str, set[str]] = {}
    for section in bundled_blueprint(which).sections:
        for block in section.blocks:
            found.setdefault(section.number or "-", set()).add(block.id)
    for number, blocks in BLUEPRINTS[which]["sections"].items():
        assert set(blocks) - found.get("-" if number.startswith("-") else number, set()) == set(), f"section {number}"


@EVERY_BLUEPRINT
def test_a_blueprint_shows_the_fields_it_is_known_for(which: str) -> None:
    blocks = bundled_blueprint(which).blocks
    for name, fields in BLUEPRINTS[which].get("shows", {}).items():
        assert set(fields) - set(blocks[name].fields) == set()


@EVERY_BLUEPRINT
def test_every_block_of_a_blueprint_is_in_the_catalogue(which: str) -> None:
    extra = {"business_views"}  # a page of its own for section 2, which leads to 2.1, 2.2 and 2.3
    assert set(bundled_blueprint(which).blocks) - set(BLOCKS) - extra == set()


@pytest.mark.parametrize("name", CATALOGUE["lists"])
def test_a_list_has_its_entries_in_both_languages(name: str) -> None:
    _, lists, *_ = library.shared()
    entries: Any = lists[name]
    assert set(CATALOGUE["lists"][name]) - set(entries) == set()
    assert all(isinstance(label, str) or set(label) >= set(LANGUAGES) for label in entries.values())


@pytest.mark.parametrize("about", CATALOGUE["checks"])
def test_what_makes_a_plan_good_is_checked(about: str) -> None:
    checks = {check.id for which in BLUEPRINTS for check in bundled_blueprint(which).checks}
    assert CATALOGUE["checks"][about] in checks
