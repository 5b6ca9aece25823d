"""The bundled blueprints and the shared blocks, lists and checks they are made of."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from accountsheet.finding import Finding, UsageProblem
from accountsheet.phrases import remark
from accountsheet.tree import Branch, read_tree

DEFAULT = "overview-sheet"
LARGEST = 4_000_000
"""Bytes of a blueprint file that is still read."""


def folder() -> Traversable:
    """Give the folder of bundled blueprints: inside the package, or beside it in a checkout."""
    inside = files("accountsheet") / "blueprints"
    return inside if inside.is_dir() else Path(__file__).resolve().parent.parent / "blueprints"


def bundled() -> list[str]:
    """Give the ids of the bundled blueprints, the default one first."""
    names = sorted(each.name.removesuffix(".yaml") for each in folder().iterdir() if each.name.endswith(".yaml"))
    ids = [name for name in names if name not in ("lists", "checks")]
    return sorted(ids, key=lambda name: (name != DEFAULT, name))


def text_of(name: str) -> str:
    """Give the YAML of a bundled blueprint."""
    return (folder() / f"{name}.yaml").read_text(encoding="utf-8")


def open_blueprint(name: str) -> tuple[str, str]:
    """Give the YAML and file name of a bundled id or a path; raises UsageProblem."""
    if name in bundled():
        return text_of(name), f"{name}.yaml"
    path = Path(name)
    if not path.suffix and not path.exists():
        raise UsageProblem(remark("blueprint-unknown", name=name, known=", ".join(bundled())))
    try:
        if path.stat().st_size > LARGEST:
            raise UsageProblem(remark("yaml-too-large", file=str(path)))
        return path.read_text(encoding="utf-8-sig"), str(path)
    except FileNotFoundError as problem:
        raise UsageProblem(remark("blueprint-unknown", name=name, known=", ".join(bundled()))) from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageProblem(remark("blueprint-unreadable", file=str(path), why=str(problem))) from problem


@cache
def shared() -> tuple[Branch, Branch, Branch, tuple[Finding, ...]]:
    """Give the shared blocks, lists and checks, and what is wrong with them."""
    blocks = Branch()
    findings: list[Finding] = []
    for each in sorted((folder() / "blocks").iterdir(), key=lambda entry: entry.name):
        if each.name.endswith(".yaml"):
            tree, remarks = read_tree(each.read_text(encoding="utf-8"), f"blocks/{each.name}")
            findings += remarks
            for key, value in tree.items():
                blocks[key] = value
                blocks.lines[key] = tree.line(key)
    lists, list_remarks = read_tree(text_of("lists"), "lists.yaml")
    checks, check_remarks = (
        read_tree(text_of("checks"), "checks.yaml") if (folder() / "checks.yaml").is_file() else (Branch(), [])
    )
    return blocks, lists, checks, (*findings, *list_remarks, *check_remarks)
