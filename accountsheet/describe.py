"""A blueprint in words, and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accountsheet.blueprint import Blueprint, Field


def in_words(blueprint: Blueprint, language: str) -> Iterator[str]:
    """Go through the lines that describe a blueprint."""
    yield f"{blueprint.title(language)} ({blueprint.id} {blueprint.version})"
    if blueprint.description:
        yield blueprint.description(language)
    for section in blueprint.sections:
        yield ""
        yield section.heading(language)
        for block in section.blocks:
            yield f"  {block.id} ({block.kind}): {block.title(language)}"
            for question in block.fields.values():
                mark = " *" if question.required else ""
                yield f"    {question.id:<28} {type_in_words(question):<22} {question.label(language)}{mark}"
    yield ""
    yield f"{len(blueprint.checks)} checks: {', '.join(check.id for check in blueprint.checks)}"


def type_in_words(question: Field) -> str:
    """Name a field's type with what it depends on."""
    if question.calculated:
        return f"calculated {question.result}"
    return (
        f"{question.type}({question.list})"
        if question.list
        else f"{question.type}({', '.join(question.to)})"
        if question.to
        else question.type
    )


def as_data(blueprint: Blueprint) -> dict[str, Any]:
    """Give a blueprint as JSON has it."""
    return {
        "id": blueprint.id,
        "version": blueprint.version,
        "title": dict(blueprint.title.by_language),
        "for": blueprint.audience,
        "sections": [
            {
                "id": section.id,
                "number": section.number,
                "title": dict(section.title.by_language),
                "blocks": [
                    {
                        "id": block.id,
                        "kind": block.kind,
                        "fields": [
                            {"id": each.id, "type": each.type, "as": each.result, "required": each.required, "list": each.list}
                            for each in block.fields.values()
                        ],
                    }
                    for block in section.blocks
                ],
            }
            for section in blueprint.sections
        ],
        "checks": [check.id for check in blueprint.checks],
    }
