"""The JSON Schemas of a blueprint and of a summary's tabs: editors complete and underline with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accountsheet.fields import TYPES
from accountsheet.kind import Kind
from accountsheet.source import BLOCK, CHECK, FIELD, GROUPS, RENEWALS, SECTION, TOP, TOTALS
from accountsheet.summary.tabs import FIGURES, LONGEST_TITLE, ROOM, TABS, usual
from accountsheet.summary.tabs import GROUPS as FORECAST_BY
from accountsheet.text import LANGUAGES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"anyOf": [{"type": "string"}, {"type": "object", "properties": {language: {"type": "string"} for language in LANGUAGES}}]}
TITLE = {
    "anyOf": [
        name := {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE},
        {"type": "object", "properties": dict.fromkeys(LANGUAGES, name), "additionalProperties": False},
    ]
}
TRUTH = {"enum": ["true", "false", True, False]}
TEXTS = ("title", "tab", "intro", "description", "label", "help", "example", "message", "hint")
FLAGS = ("required", "internal", "hide", "open")


def schema(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """Give the schema (JSON Schema draft 2020-12)."""
    options = sorted({option for kind in kinds.values() for option in kind.options})
    field = described(FIELD, type={"enum": [*TYPES, "calc"]}, total={"enum": list(TOTALS)}, renew={"enum": list(RENEWALS)})
    field["properties"]["as"] = {"enum": list(TYPES)}
    block = described((*BLOCK, *options), kind={"enum": list(kinds)}, fields=mapping(field))
    section = described(SECTION, group={"enum": list(GROUPS)}, blocks=mapping({"anyOf": [block, {"type": "null"}]}))
    properties = {
        "for": {"enum": ["account", "owner"]},
        "lists": mapping({"anyOf": [{"type": "array"}, {"type": "object"}]}),
        "sections": mapping(section),
        "checks": mapping(described(CHECK)),
    }
    return {
        "$schema": DIALECT,
        "title": "accountsheet blueprint",
        **described([key for key in TOP if key != "whole"], **properties),
        "required": ["blueprint", "version", "title"],
    }


def tabs_schema() -> dict[str, Any]:
    """Give the schema of a file that chooses the summary's tabs."""
    figures = {"type": "array", "items": {"enum": list(FIGURES)}, "maxItems": ROOM}
    known = {"figures": figures, "more_figures": figures, "forecast_by": {"enum": list(FORECAST_BY)}, "title": TITLE}
    tabs = {name: {"anyOf": [described(usual(name), **known), {"type": "null"}]} for name in TABS}
    whole = described(["tabs"], tabs={**described(TABS, **tabs), "minProperties": 1})
    return {"$schema": DIALECT, "title": "accountsheet summary tabs", **whole, "required": ["tabs"]}


def described(keys: Iterable[str], **known: Any) -> dict[str, Any]:
    """Describe a mapping by its keys."""
    properties: dict[str, Any] = {}
    for key in keys:
        properties[key] = known.get(key) or (TEXT if key in TEXTS else TRUTH if key in FLAGS else {})
    return {"type": "object", "properties": properties, "additionalProperties": False}


def mapping(values: Any) -> dict[str, Any]:
    """Describe a mapping from ids."""
    return {"type": "object", "additionalProperties": values}
