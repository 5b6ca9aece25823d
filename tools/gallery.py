"""The pictures in README and docs, from the demo and the tutorial: python tools/gallery.py (needs LibreOffice)."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import tutorial
from accountsheet.demo import run
from office import MissingProgram, Office, OfficeError

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
SAMPLE, SUMMARY = "demo/2 filled in/EU-0311 *.xlsx", "demo/4 summary.xlsx"
RETURNED, RENEWED, MEETING = "tutorial/returned/T-002 *.xlsx", "tutorial/next/T-001 *.xlsx", "tutorial/summary.xlsx"
LARGEST = 120 * 1024
COLOURS = 256


class Shot(NamedTuple):
    """One picture: the tab whose file name ends so, at a resolution, from the top down to a height in pixels."""

    name: str
    book: str
    tab: str
    dpi: int = 80
    height: int = 0


SHOTS = (
    Shot("overview", SAMPLE, "overview", height=845),
    Shot("contacts", SAMPLE, "contacts", 64, height=550),
    Shot("relationship-matrix", SAMPLE, "relationship-matrix"),
    Shot("swot", SAMPLE, "swot"),
    Shot("cross-sell", SAMPLE, "cross-sell", 70),
    Shot("forecast", SAMPLE, "forecast"),
    Shot("action-plan", SAMPLE, "action-plan", 70),
    Shot("checks", SAMPLE, "checks"),
    Shot("summary-dashboard", SUMMARY, "dashboard"),
    Shot("summary-white-space", SUMMARY, "white-space", height=580),
    Shot("to-fix", RETURNED, "to-fix", height=560),
    Shot("to-fix-cell", RETURNED, "7-opportunities", 70, height=230),
    Shot("tutorial-summary", MEETING, "dashboard"),
    Shot("renewed", RENEWED, "previous-plan"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make docs/pictures/*.png anew.")
    parser.add_argument("names", nargs="*", help=f"only some of: {', '.join(shot.name for shot in SHOTS)}", metavar="NAME")
    options = parser.parse_args()
    shots = [shot for shot in SHOTS if not options.names or shot.name in options.names]
    try:
        with tempfile.TemporaryDirectory() as folder, Office() as office:
            made = Path(folder)
            if any(shot.book.startswith("demo/") for shot in shots):
                run(made / "demo")
            if any(shot.book.startswith("tutorial/") for shot in shots):
                tutorial.gone_through(made / "tutorial", office)
            for picture in take(shots, made, office):
                print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} KB")
    except (MissingProgram, OfficeError, OSError) as error:
        sys.exit(str(error))


def take(shots: list[Shot], made: Path, office: Office) -> Iterator[Path]:
    """Render each workbook once a resolution, and keep the tabs that are wanted."""
    PICTURES.mkdir(exist_ok=True)
    for number, (book, dpi) in enumerate(sorted({(shot.book, shot.dpi) for shot in shots})):
        [source] = made.glob(book)
        tabs = office.pictures(source, made / f"pictures-{number}", dpi)
        for shot in shots:
            if (shot.book, shot.dpi) == (book, dpi):
                yield saved(shot, tabs)


def saved(shot: Shot, tabs: list[Path]) -> Path:
    """Cut one tab's picture, make it small by a palette, and put it in its place."""
    tab = next((tab for tab in tabs if tab.stem.endswith(f"-{shot.tab}")), None)
    if tab is None:
        sys.exit(f"no tab is called {shot.tab}; there are: {', '.join(tab.stem for tab in tabs)}")
    target = PICTURES / f"{shot.name}.png"
    with Image.open(tab) as whole:
        part = whole.convert("RGB").crop((0, 0, whole.width, min(shot.height or whole.height, whole.height)))
        part.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    if target.stat().st_size > LARGEST:
        sys.exit(f"{shot.name} takes {target.stat().st_size // 1024} KB, over {LARGEST // 1024}: give it fewer dpi or a height")
    return target


if __name__ == "__main__":
    main()
