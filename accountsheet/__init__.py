"""Account plans as spreadsheets: workbooks out, answers back in, one summary for management."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from accountsheet.accounts import Account
    from accountsheet.arrivals import Submission, submissions
    from accountsheet.blueprint import Blueprint
    from accountsheet.collect import read_plans
    from accountsheet.comparison import compare, compare_forecasts
    from accountsheet.doctor import Examination, examine
    from accountsheet.finding import Finding, Severity, UsageProblem
    from accountsheet.generating import generate
    from accountsheet.interface import load_blueprint, read_plan
    from accountsheet.letters import write_messages
    from accountsheet.plan import Plan
    from accountsheet.portfolio import Portfolio
    from accountsheet.renewals import renew
    from accountsheet.returning import Returned, return_plans
    from accountsheet.writer import write_plan

__version__ = "0.1.0"

_HOMES = {
    "Account": "accounts",
    "Blueprint": "blueprint",
    "Examination": "doctor",
    "Finding": "finding",
    "Plan": "plan",
    "Portfolio": "portfolio",
    "Returned": "returning",
    "Severity": "finding",
    "Submission": "arrivals",
    "UsageProblem": "finding",
    "compare": "comparison",
    "compare_forecasts": "comparison",
    "examine": "doctor",
    "generate": "generating",
    "load_blueprint": "interface",
    "read_plan": "interface",
    "read_plans": "collect",
    "renew": "renewals",
    "return_plans": "returning",
    "submissions": "arrivals",
    "write_messages": "letters",
    "write_plan": "writer",
}

__all__ = [
    "Account",
    "Blueprint",
    "Examination",
    "Finding",
    "Plan",
    "Portfolio",
    "Returned",
    "Severity",
    "Submission",
    "UsageProblem",
    "compare",
    "compare_forecasts",
    "examine",
    "generate",
    "load_blueprint",
    "read_plan",
    "read_plans",
    "renew",
    "return_plans",
    "submissions",
    "write_messages",
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
