"""Data validation: what a cell takes, the prompt on selecting it, and what is said when it does not fit."""

from __future__ import annotations

import datetime
from typing import Any

from accountsheet.fields import Asked, Date, Number, type_of
from accountsheet.text import shortened
from accountsheet.wording import word

LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
"""Characters that Excel shows (ECMA-376 part 1, 18.3.1.33)."""
LAST_DATE = datetime.date(9999, 12, 31)
LARGEST = 1e15


def validation(asked: Asked, source: str) -> dict[str, Any]:
    """Give a field's validation, as xlsxwriter names its options; `source` is the formula of a drop-down."""
    label, prompt = asked.field.label(asked.language), asked.field.help(asked.language)
    options: dict[str, Any] = {"validate": "any"}
    kind = type_of(asked.field)
    if source:
        options = {"validate": "list", "source": source} | said(asked, "wants_choice")
        if asked.field.open or asked.field.kind == "reference":
            options["show_error"] = False
    elif isinstance(kind, Number):
        options = number(asked, kind)
    elif isinstance(kind, Date):
        between = {"criteria": "between", "minimum": datetime.date(1900, 3, 1), "maximum": LAST_DATE}
        options = {"validate": "date", **between} | said(asked, "wants_date")
    if prompt:
        options |= {"input_title": shortened(label, LONGEST_TITLE), "input_message": shortened(prompt, LONGEST_MESSAGE)}
    return options


def number(asked: Asked, kind: Number) -> dict[str, Any]:
    """Give a number's validation; a bound that the blueprint sets is a warning, since the truth may fall outside."""
    least = kind.least if asked.field.minimum is None else asked.field.minimum
    most = kind.most if asked.field.maximum is None else asked.field.maximum
    bounded = least is not None and most is not None
    facts = {"least": kind.shown(least, asked.language), "most": kind.shown(most, asked.language)}
    name = ("wants_whole" if kind.whole else "wants_number") + ("_between" if bounded else "")
    options = {
        "validate": "integer" if kind.whole else "decimal",
        "criteria": "between",
        "minimum": -LARGEST if least is None else least,
        "maximum": LARGEST if most is None else most,
    }
    hard = kind.least is not None or (asked.field.minimum is None and asked.field.maximum is None)
    return options | said(asked, name, **(facts if bounded else {})) | {"error_type": "stop" if hard else "warning"}


def guard(language: str) -> dict[str, Any]:
    """Keep a calculated cell in an unlocked row from being typed over."""
    return {
        "validate": "custom",
        "value": "=FALSE",
        "error_title": word("guard_title", language),
        "error_message": word("guard", language),
    }


def said(asked: Asked, name: str, **facts: str) -> dict[str, Any]:
    """Give what is said when an answer does not fit."""
    return {"error_title": word("invalid_title", asked.language), "error_message": word(name, asked.language, **facts)}


