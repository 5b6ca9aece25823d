"""The wheel holds all that the tool needs: it works away from the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SCRIPTS = "Scripts" if os.name == "nt" else "bin"

pytestmark = pytest.mark.slow


def done(command: list[object], where: Path) -> str:
    """Run a program without anything of the checkout in its environment; gives what it printed."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "PYTEST"))}
    words = [*map(str, command)]
    result = subprocess.run(words, cwd=where, env=bare, capture_output=True, text=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the checkout, so that nothing is left in it."""
    copy = tmp_path_factory.mktemp("copy") / "accountsheet"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "__pycache__", "demo", "pictures", "build", "*.egg-info"))
    done([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", copy / "dist", copy], copy)
    [built] = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in an environment of its own, which borrows the libraries, and nothing else, from this one."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    done([sys.executable, "-m", "venv", "--without-pip", home], home.parent)
    python = home / SCRIPTS / "python"
    done([sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel], home.parent)
    own = Path(done([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], home.parent).strip())
    # A path in a .pth file is searched, but its own .pth files are not: an editable install there stays out of it.
    (own / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n", encoding="utf-8")
    where = done([python, "-c", "import accountsheet; print(accountsheet.__file__)"], home.parent)
    assert Path(where.strip()).is_relative_to(own)
    return home / SCRIPTS / "accountsheet"


def test_the_wheel_holds_the_blueprints_the_samples_and_the_types_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    modules = {str(path.relative_to(ROOT)) for path in (ROOT / "accountsheet").rglob("*.py")}
    blueprints = {f"accountsheet/{path.relative_to(ROOT)}" for path in (ROOT / "blueprints").rglob("*.yaml")}
    assert modules - names == set()
    assert blueprints - names == set()
    assert {"accountsheet/py.typed", "accountsheet/samples/accounts.csv"} - names == set()
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "tools/"))]


def test_the_bundled_blueprints_are_found_away_from_the_checkout(program: Path, tmp_path: Path) -> None:
    listed = json.loads(done([program, "blueprint", "list", "--json"], tmp_path))
    assert sorted(each["id"] for each in listed) == sorted(path.stem for path in (ROOT / "blueprints").glob("*-*.yaml"))
    assert done([program, "--version"], tmp_path).startswith("accountsheet, version ")


def test_the_demo_runs_away_from_the_checkout(program: Path, tmp_path: Path) -> None:
    told = json.loads(done([program, "demo", "--out", "demo", "--json"], tmp_path))
    assert told["plans"] == len(list((ROOT / "samples" / "workbooks").glob("*.xlsx")))
    assert (tmp_path / told["summary"]).is_file()
    assert len(list((tmp_path / told["blank"]).rglob("*.xlsx"))) == told["plans"]
