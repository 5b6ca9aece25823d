"""The house: modules import only what stands above them, and a kind of block is one file."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import accountsheet
from accountsheet.address import Key
from accountsheet.blocks import kinds
from accountsheet.blueprint import Block
from accountsheet.kind import Context, Kind, slot
from accountsheet.pieces import LEFT, Canvas
from accountsheet.plan import Plan
from accountsheet.reader import read_workbook
from accountsheet.source import read_blueprint
from accountsheet.writer import write_plan
from plans import ACCOUNT

PACKAGE = Path(accountsheet.__file__).parent
HOUSE = """
zips sheet_part finding text phrases wording address blueprint formula calculation functions program values dates choices
files storage excel_text delimited account_columns accounts table_kinds table_files embedding tables display fields expression
pieces grid stencil guide fingerprints kind tree library logo progress blocks backstage checks_tab inspection assembly
source layout to_fix shown figures previous plan theme validation charts links worksheet sheet_painter painter writer
stamp package extent open_document excel_97 opening alignment mapping visible identity tabs repair walk reader mending
checks judge rates packs settling joining worker executors rollups view portfolio arrivals summary restore sources
reading collect importing prefill generating returning letters doctor interface renewal renewals pairing comparison
comparison_book comparison_lines describe schema demo console cli
""".split()
"""The modules from the bottom up: each may import those before it."""


def imports_of(path: Path) -> set[str]:
    """Give the modules of this package that a module imports, lazily or not; for types only does not count."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {
        id(inner)
        for each in ast.walk(tree)
        if isinstance(each, ast.If) and isinstance(each.test, ast.Name) and each.test.id == "TYPE_CHECKING"
        for inner in ast.walk(each)
    }
    found: set[str] = set()
    for each in ast.walk(tree):
        if id(each) in guarded:
            continue
        if isinstance(each, ast.ImportFrom) and each.module and each.module.startswith("accountsheet"):
            names = [each.module.split(".")[1]] if "." in each.module else [name.name for name in each.names]
            found.update(names)
    return found


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py" or path.parent != PACKAGE)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_modules_below_it(path: Path) -> None:
    name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    allowed = {*HOUSE[: HOUSE.index(name)], name} if path.parent != PACKAGE else set(HOUSE[: HOUSE.index(name)])
    # portfolio.to_excel is the one door upwards: the summary is a view of the portfolio.
    upwards = {"summary"} if name == "portfolio" else set()
    assert imports_of(path) - allowed - upwards == set()


@pytest.mark.parametrize("command", [["--help"], ["import", "--help"]])
def test_help_imports_no_heavy_library(command: list[str]) -> None:
    heavy = "pandas openpyxl xlsxwriter python_calamine pyarrow duckdb yaml babel rapidfuzz rich accountsheet.fields".split()
    code = (
        "import sys\nfrom accountsheet.cli import main\n"
        f"try:\n    main({command!r})\nexcept SystemExit:\n    pass\n"
        f"sys.exit(','.join(name for name in {heavy!r} if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""
    assert done.returncode == 0


def test_a_kind_of_block_is_one_class_that_writer_and_reader_know_nothing_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Thermometer(Kind):
        name = "thermometer"
        options = frozenset({"steps"})

        def index(self, block: Block) -> tuple[str, ...]:
            return ("step",)

        def widths(self, block: Block, context: Context) -> Sequence[float]:
            return (30.0, 20.0)

        def rows(self, block: Block, context: Context) -> Sequence[int | str]:
            return tuple(range(1, block.number("steps", 3) + 1))

        def lay(self, block: Block, context: Context, canvas: Canvas) -> None:
            canvas.owns(LEFT + 1, f"{block.id}.degrees")
            for row in self.rows(block, context):
                canvas.label(LEFT, f"Step {row}", "label")
                canvas.draw(slot(canvas, LEFT + 1, Key(block.id, row, "", "degrees"), block.fields["degrees"], context))
                canvas.next(20, row_id=f"{block.id}/{row}")

    known = {**kinds(), Thermometer.name: Thermometer()}
    for module in ("accountsheet.plan", "accountsheet.identity"):
        monkeypatch.setattr(f"{module}.kinds", lambda: known)
    blueprint, findings = read_blueprint(
        """
blueprint: warmth
version: "1"
title: Warmth
sections:
  warm:
    title: {en: How warm, nl: Hoe warm}
    blocks:
      heat:
        kind: thermometer
        steps: "4"
        fields:
          degrees: {type: number, label: {en: degrees, nl: graden}}
""",
        "warmth.yaml",
        known,
    )
    assert findings == [] and blueprint is not None
    plan = Plan(blueprint, ACCOUNT, "nl", 2026, {Key("heat", 2, "", "degrees"): 36.6, Key("heat", 4, "", "degrees"): -1.0})
    assert write_plan(plan, tmp_path / "warmth.xlsx") == []
    assert read_workbook((tmp_path / "warmth.xlsx").read_bytes(), "warmth.xlsx").plan == plan


def test_no_module_is_called_like_a_public_name_whose_place_it_would_take_when_it_is_imported() -> None:
    assert {path.stem for path in PACKAGE.iterdir()} & set(accountsheet.__all__) == set()
