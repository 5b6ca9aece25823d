"""Answers and where they stand, in words for people: as notes, lists and messages tell them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from accountsheet.address import Key
from accountsheet.fields import Asked, Date, Number, type_of
from accountsheet.layout import Layout


def in_words(value: Any, asked: Asked) -> str:
    """Write an answer in its plan's language."""
    kind = type_of(asked.field)
    match value:
        case bool():
            return asked.labels["yes" if value else "no"]
        case datetime.date() if isinstance(kind, Date) and kind.month:
            from babel.dates import format_date

            return format_date(value, "MMMM y", locale=asked.language)
        case datetime.date():
            return day_in_words(value, asked.language)
        case int() | float() if isinstance(kind, Number):
            return kind.shown(value, asked.language)
    return asked.labels.get(value, str(value))


def day_in_words(day: datetime.date, language: str) -> str:
    """Write a day as people of a language do."""
    return day.strftime("%d-%m-%Y" if language == "nl" else "%Y-%m-%d")


def name_of_row(key: Key, answers: Mapping[Key, Any], layout: Layout) -> str:
    """Name the row, column or box that an answer is in; a form has none, nor the answer that names the row itself."""
    context = layout.context
    block = context.blueprint.blocks[key.block]
    kind = context.kind(block)
    labels = {name: label(context.language) for name, label in kind.labels(block, context).items()}
    axes = kind.index(block)
    row = labels.get(str(key.row), "")
    if not row and isinstance(key.row, int):
        names = (*axes, str(block.options.get("names", "")), *(question.id for question in block.inputs))
        cells = (Key(block.id, key.row, "", name) for name in names)
        naming = next((cell for cell in cells if cell in answers and cell in layout.slots), key)
        row = in_words(answers[naming], layout.slots[naming].asked) if naming != key else ""
    heads = (Key(block.id, "", key.column, name) for name in axes)
    column = next((str(answers[head]) for head in heads if head in answers and head != key), labels.get(key.column, key.column))
    return " – ".join(filter(None, (row, column)))
