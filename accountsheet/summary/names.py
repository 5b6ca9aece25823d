"""What keys are called, in the summary's language: as the plans' own blueprints say, else in plain words."""

from __future__ import annotations

from functools import cache

from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint, Check, Section
from accountsheet.finding import UsageProblem
from accountsheet.portfolio import Portfolio
from accountsheet.source import load_blueprint


class Names:
    """The names of sections, checks and choices."""

    def __init__(self, portfolio: Portfolio, language: str) -> None:
        self.language = language
        self.blueprints = portfolio.blueprints or bundled(portfolio)
        self.choice = cache(self._choice)

    def sections(self) -> dict[str, Section]:
        """Give every section by its id, in the order of the tabs."""
        return {section.id: section for blueprint in reversed(self.blueprints) for section in blueprint.sections}

    def section(self, section: str) -> str:
        """Name a section briefly."""
        found = self.sections().get(section)
        return (found.tab or found.title)(self.language) if found else in_words(section)

    def checks(self) -> dict[str, Check]:
        """Give every check by its id."""
        return {check.id: check for blueprint in reversed(self.blueprints) for check in blueprint.checks}

    def check(self, check: str) -> str:
        """Say what is good where a check holds."""
        found = self.checks().get(check)
        return found.label(self.language) if found else in_words(check)

    def _choice(self, block: str, field: str, key: str) -> str:
        """Give the label of a choice; a text of the rep's own is its own label."""
        for blueprint in self.blueprints:
            question = blueprint.blocks[block].fields.get(field) if block in blueprint.blocks else None
            axes = blueprint.blocks[block].options if block in blueprint.blocks else {}
            lists = {
                str(axis.get("field")): str(axis.get("list", ""))
                for axis in (axes.get("down"), axes.get("across"))
                if isinstance(axis, dict)
            }
            known = blueprint.lists.get(question.list if question else lists.get(field, ""))
            if known and key in known.labels:
                return known.labels[key](self.language)
        return key

    def choices(self, block: str, field: str) -> list[str]:
        """Give the keys of a list in their order."""
        for blueprint in self.blueprints:
            question = blueprint.blocks[block].fields.get(field) if block in blueprint.blocks else None
            if question and question.list in blueprint.lists:
                return list(blueprint.lists[question.list].labels)
        return []

    def items(self, block: str) -> dict[str, str]:
        """Give the keys and names of a block's fixed rows."""
        for blueprint in self.blueprints:
            if block in blueprint.blocks:
                return {key: label(self.language) for key, label in blueprint.blocks[block].options.get("items", {}).items()}
        return {}

    def listed(self, name: str) -> list[str]:
        """Give the keys of a list by its name."""
        return next((list(blueprint.lists[name].labels) for blueprint in self.blueprints if name in blueprint.lists), [])


def bundled(portfolio: Portfolio) -> tuple[Blueprint, ...]:
    """Load the bundled blueprints that plans name."""
    found = []
    for name in sorted(set(portfolio["plans"]["blueprint"].dropna())):
        try:
            found.append(load_blueprint(str(name), kinds()))
        except UsageProblem:
            continue
    return tuple(found)


def in_words(key: str) -> str:
    """Write a key as words."""
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]
