"""The JSON Schema of a blueprint: editors complete and underline with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accountsheet.fields import TYPES
from accountsheet.kind import Kind
from accountsheet.source import BLOCK, CHECK, FIELD, GROUPS, RENEWALS, SECTION, TOP, TOTALS
from accountsheet.text import LANGUAGES

TEXT = {"anyOf": [{"type": "string"}, {"type": "object", "properties": {language: {"type": "string"} for language in LANGUAGES}}]}
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
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "accountsheet blueprint",
        **described([key for key in TOP if key != "whole"], **properties),
        "required": ["blueprint", "version", "title"],
    }


def described(keys: Iterable[str], **known: Any) -> dict[str, Any]:
    """Describe a mapping by its keys."""
    properties: dict[str, Any] = {}
    for key in keys:
        properties[key] = known.get(key) or (TEXT if key in TEXTS else TRUTH if key in FLAGS else {})
    return {"type": "object", "properties": properties, "additionalProperties": False}


def mapping(values: Any) -> dict[str, Any]:
    """Describe a mapping from ids."""
    return {"type": "object", "additionalProperties": values}
