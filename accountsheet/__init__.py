"""Account plans as spreadsheets: workbooks out, answers back in, one summary for management."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accountsheet.accounts import Account
    from accountsheet.blueprint import Blueprint
    from accountsheet.collect import read_plans
    from accountsheet.finding import Finding, Severity, UsageProblem
    from accountsheet.generate import generate
    from accountsheet.interface import load_blueprint, read_plan
    from accountsheet.plan import Plan
    from accountsheet.portfolio import Portfolio
    from accountsheet.writer import write_plan

__version__ = "0.1.0"

_HOMES = {
    "Account": "accounts",
    "Blueprint": "blueprint",
    "Finding": "finding",
    "Plan": "plan",
    "Portfolio": "portfolio",
    "Severity": "finding",
    "UsageProblem": "finding",
    "generate": "generate",
    "load_blueprint": "interface",
    "read_plan": "interface",
    "read_plans": "collect",
    "write_plan": "writer",
}

__all__ = [
    "Account",
    "Blueprint",
    "Finding",
    "Plan",
    "Portfolio",
    "Severity",
    "UsageProblem",
    "generate",
    "load_blueprint",
    "read_plan",
    "read_plans",
    "write_plan",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `import accountsheet` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
