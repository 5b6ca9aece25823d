"""What an account plan asks: sections of blocks of fields, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accountsheet.text import SILENT, Text

ROW_LISTS = ("departments", "products", "accounts")
"""The lists that an account may override."""


@dataclass(frozen=True)
class Choices:
    """A list to choose from: stable keys with their labels."""

    id: str
    labels: Mapping[str, Text]

    def __hash__(self) -> int:
        return hash((self.id, tuple(self.labels.items())))

    def shown(self, language: str) -> dict[str, str]:
        """Give each key's label in a language."""
        return {key: label(language) for key, label in self.labels.items()}


@dataclass(frozen=True)
class Field:
    """One question."""

    id: str
    type: str
    label: Text
    help: Text = SILENT
    example: Text = SILENT
    required: bool = False
    internal: bool = False
    list: str = ""
    open: bool = False
    to: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    value: str = ""
    result: str = ""
    total: str = ""
    source: str = ""
    renew: str = "keep"
    line: int = 0
    was: tuple[str, ...] = ()
    """Ids that it had in earlier versions of the blueprint."""

    @property
    def calculated(self) -> bool:
        """Whether the workbook calculates it."""
        return self.type == "calc"

    @property
    def kind(self) -> str:
        """The type that its value has: what a calculation results in, else the field's own."""
        return self.result if self.type == "calc" else self.type


@dataclass(frozen=True)
class Block:
    """A part of a section, of one kind, with its own table at import."""

    id: str
    kind: str
    title: Text
    fields: Mapping[str, Field]
    intro: Text = SILENT
    weight: float = 1.0
    internal: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0

    @cached_property
    def inputs(self) -> tuple[Field, ...]:
        """The fields that a rep fills in."""
        return tuple(each for each in self.fields.values() if not each.calculated)

    def number(self, option: str, default: int) -> int:
        """Read a whole-number option."""
        return int(self.options.get(option, default))


@dataclass(frozen=True)
class Section:
    """A part of the plan with a number and title of its own: a tab, or a part of one."""

    id: str
    title: Text
    blocks: tuple[Block, ...]
    number: str = ""
    tab: Text = SILENT
    intro: Text = SILENT
    group: str = "work"
    weight: float = 1.0
    line: int = 0
    joins: str = ""
    """The section on whose tab this one stands, below it; its own where empty."""

    def heading(self, language: str) -> str:
        """Give the title with its number."""
        return f"{self.number}  {self.title(language)}" if self.number else self.title(language)


def sheet_name(tab: Sequence[Section], language: str) -> str:
    """Give a tab's name: its first section's, with the numbers of all that stand on it."""
    first, last = tab[0], tab[-1]
    reaches = last is not first and last.number and not last.number.startswith(f"{first.number}.")
    number = f"{first.number}–{last.number}" if reaches else first.number
    name = (first.tab or first.title)(language)
    return f"{number} {name}" if number else name


@dataclass(frozen=True)
class Check:
    """A rule that a good plan holds to."""

    id: str
    holds: str
    label: Text
    message: Text
    hint: Text = SILENT
    each: str = ""
    when: str = ""
    severity: str = "warning"
    line: int = 0


@dataclass(frozen=True)
class Blueprint:
    """A way of writing an account plan."""

    id: str
    version: str
    title: Text
    sections: tuple[Section, ...]
    description: Text = SILENT
    audience: str = "account"
    languages: tuple[str, ...] = ("en", "nl")
    currency: str = "EUR"
    accent: str = "17495A"
    font: str = "Calibri"
    send_to: str = ""
    logo: str = ""
    """A picture for the Overview, as a text that workbooks take along; the path of its file where it is too large for that."""
    lists: Mapping[str, Choices] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    source: str = ""
    """The whole blueprint as YAML, without references to other files: a workbook carries it."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Blueprint) and (self.id, self.version, self.source) == (other.id, other.version, other.source)

    def __hash__(self) -> int:
        return hash((self.id, self.version, self.source))

    @cached_property
    def tabs(self) -> tuple[tuple[Section, ...], ...]:
        """The sections of each tab, in order: most have one of their own."""
        ids = {section.id for section in self.sections}
        homes: dict[str, list[Section]] = {}
        for section in self.sections:
            homes.setdefault(section.joins if section.joins in ids else section.id, []).append(section)
        return tuple(tuple(sorted(tab, key=lambda section: section.id != home)) for home, tab in homes.items())

    @cached_property
    def blocks(self) -> Mapping[str, Block]:
        """Every block by its id, in the order of the tabs."""
        return {block.id: block for section in self.sections for block in section.blocks}

    @cached_property
    def renamed(self) -> Mapping[tuple[str, str], str]:
        """The id of each field by its block and the ids that it had before."""
        every = ((block, question) for block in self.blocks.values() for question in block.fields.values())
        return {(block.id, old): question.id for block, question in every for old in question.was if old not in block.fields}

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section that each block stands in."""
        return {block.id: section for section in self.sections for block in section.blocks}
