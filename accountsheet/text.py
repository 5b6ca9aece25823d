"""Texts in every language, resolved to one only when a sheet is laid out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LANGUAGES = ("en", "nl")


@dataclass(frozen=True, slots=True)
class Text:
    """One phrase in every language; a phrase without languages serves all of them."""

    by_language: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, language: str) -> str:
        found = self.by_language.get(language)
        return found if found is not None else next(iter(self.by_language.values()), "")

    def __bool__(self) -> bool:
        return any(self.by_language.values())

    def __hash__(self) -> int:
        return hash(tuple(sorted(self.by_language.items())))

    def every(self) -> tuple[str, ...]:
        """Give the phrase in each language once."""
        return tuple(dict.fromkeys(self.by_language.values()))


SILENT = Text()
"""No phrase at all."""


def shortened(text: str, length: int) -> str:
    """Give as much of a text as there is room for."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def text(en: str, nl: str | None = None) -> Text:
    """Make a phrase from its English and Dutch wording."""
    return Text({"en": en, "nl": en if nl is None else nl})
