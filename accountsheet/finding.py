"""What is remarked on a file: findings, and the one exception that carries them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How bad a finding is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    REPAIR = "repair"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark: where (in the file, and in the plan: block, row, column, field), what is wrong, how to mend it, the text."""

    code: str
    severity: Severity
    message: str
    hint: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    section: str = ""
    block: str = ""
    row: str = ""
    column: str = ""
    field: str = ""
    raw: str = ""

    def at(self, **place: Any) -> Finding:
        """Give the same finding at another place."""
        return replace(self, **place)

    def __str__(self) -> str:
        file = "" if self.file in self.message else self.file
        place = " ".join(part for part in (file, self.sheet and f"[{self.sheet}]", self.cell) if part)
        full_stop = "" if self.message.endswith((".", "!", "?", "…")) or not self.hint else "."
        return f"{self.severity}: {place + ': ' if place else ''}{self.message}{full_stop}{' ' + self.hint if self.hint else ''}"


class UsageProblem(Exception):
    """Nothing usable was given; the findings say what to do (exit status 2)."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings

    def __reduce__(self) -> tuple[type[UsageProblem], tuple[Finding, ...]]:
        return UsageProblem, self.findings  # as it was, on its way from another process


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding is an error."""
    return any(finding.severity is Severity.ERROR for finding in findings)
