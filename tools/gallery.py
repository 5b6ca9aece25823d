"""The pictures in README and docs, from the demo's own workbooks: python tools/gallery.py (needs LibreOffice)."""

import argparse
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from accountsheet.demo import run
from office import MissingProgram, Office, OfficeError

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
SAMPLE, SUMMARY = "2 filled in/EU-0311 *.xlsx", "4 summary.xlsx"
LARGEST = 120 * 1024
COLOURS = 256
SIGNATURE = b"\x89PNG\r\n\x1a\n"


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
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make docs/pictures/*.png from the demo.")
    parser.add_argument("names", nargs="*", help=f"only some of: {', '.join(shot.name for shot in SHOTS)}", metavar="NAME")
    parser.add_argument("--demo", type=Path, help="a folder that `accountsheet demo` made, instead of a fresh one")
    options = parser.parse_args()
    shots = [shot for shot in SHOTS if not options.names or shot.name in options.names]
    try:
        with tempfile.TemporaryDirectory() as folder, Office() as office:
            made = options.demo or Path(folder) / "demo"
            if not options.demo:
                run(made)
            for picture in take(shots, made, Path(folder), office):
                print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} KB")
    except (MissingProgram, OfficeError, OSError) as error:
        sys.exit(str(error))


def take(shots: list[Shot], made: Path, folder: Path, office: Office) -> Iterator[Path]:
    """Render each workbook once a resolution, and keep the tabs that are wanted."""
    PICTURES.mkdir(exist_ok=True)
    for book, dpi in sorted({(shot.book, shot.dpi) for shot in shots}):
        source = next(iter(sorted(made.glob(book))), None)
        if source is None:
            sys.exit(f"there is no {book} in {made}")
        tabs = office.pictures(source, folder / f"{dpi}", dpi)
        for shot in shots:
            if (shot.book, shot.dpi) == (book, dpi):
                yield saved(shot, tabs)


def saved(shot: Shot, tabs: list[Path]) -> Path:
    """Cut one tab's picture, make it small, and put it in its place."""
    tab = next((tab for tab in tabs if tab.stem.endswith(f"-{shot.tab}")), None)
    if tab is None:
        sys.exit(f"no tab is called {shot.tab}; there are: {', '.join(tab.stem for tab in tabs)}")
    pixels = decoded(tab.read_bytes())
    data = encoded(pixels[: shot.height] if shot.height else pixels)
    if len(data) > LARGEST:
        sys.exit(f"{shot.name} takes {len(data) // 1024} KB, over {LARGEST // 1024}: give it fewer dpi or a height")
    target = PICTURES / f"{shot.name}.png"
    target.write_bytes(data)
    return target


# --- PNG (ISO/IEC 15948): read as poppler writes it, written with a palette, which is a third of the size


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Go through a PNG's chunks."""
    place = len(SIGNATURE)
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        yield data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        place += length + 12


def decoded(data: bytes) -> numpy.ndarray:
    """Give the pixels of an RGB picture of 8 bits, not interlaced: height x width x 3."""
    parts = list(chunks(data))
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", dict(parts)[b"IHDR"])
    if (depth, colour, interlaced) != (8, 2, 0):
        sys.exit("an RGB picture of 8 bits is wanted")
    raw = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    lines = numpy.frombuffer(raw, numpy.uint8).reshape(height, 1 + 3 * width)
    pixels = numpy.zeros((height + 1, width + 1, 3), numpy.uint8)  # one row and column of nothing before the first
    for row, line in enumerate(lines):
        above, here, given = pixels[row], pixels[row + 1], line[1:].reshape(width, 3)
        match line[0]:
            case 0:
                here[1:] = given
            case 1:
                here[1:] = numpy.cumsum(given, axis=0, dtype=numpy.uint8)
            case 2:
                here[1:] = given + above[1:]
            case kind:
                here[1:] = unfiltered(int(kind), given.tolist(), above.tolist())
    return pixels[1:, 1:]


def unfiltered(kind: int, given: list[list[int]], above: list[list[int]]) -> list[list[int]]:
    """Undo the filters Average (3) and Paeth (4), which go pixel by pixel."""
    found = []
    left = [0, 0, 0]
    for place, values in enumerate(given, 1):
        up, corner = above[place], above[place - 1]
        guess = [(a + b) // 2 for a, b in zip(left, up, strict=True)] if kind == 3 else list(map(paeth, left, up, corner))
        left = [(value + near) % 256 for value, near in zip(values, guess, strict=True)]
        found.append(left)
    return found


def paeth(left: int, up: int, corner: int) -> int:
    """Give the neighbour that is nearest to left + up - corner."""
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def encoded(pixels: numpy.ndarray) -> bytes:
    """Write a picture with a palette; a colour that is not in it becomes the nearest one."""
    packed = pixels.astype(numpy.uint32) @ numpy.array([1 << 16, 1 << 8, 1], numpy.uint32)
    colours, places, counts = numpy.unique(packed, return_inverse=True, return_counts=True)
    palette, nearest = fitting(parted(colours), counts)
    indexed = nearest.astype(numpy.uint8)[places].reshape(packed.shape)
    height, width = indexed.shape
    lines = numpy.hstack([numpy.zeros((height, 1), numpy.uint8), indexed])
    body = zlib.compress(lines.tobytes(), 9)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", header), (b"PLTE", palette.astype(numpy.uint8).tobytes()), (b"IDAT", body), (b"IEND", b""))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in parts
    )


def fitting(colours: numpy.ndarray, counts: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Choose a palette: one by one the colour that is missed most, by how often and how far off; and the nearest of each."""
    chosen = [int(numpy.argmax(counts))]
    distance, nearest = off(colours, chosen[0]), numpy.zeros(len(colours), numpy.int64)
    while len(chosen) < COLOURS and distance.any():
        chosen.append(int(numpy.argmax(distance * counts)))
        found = off(colours, chosen[-1])
        nearest[found < distance] = len(chosen) - 1
        distance = numpy.minimum(distance, found)
    return colours[chosen], nearest


def off(colours: numpy.ndarray, place: int) -> numpy.ndarray:
    """Give how far all colours are from one of them."""
    return ((colours - colours[place]) ** 2).sum(axis=1)


def parted(colours: numpy.ndarray) -> numpy.ndarray:
    """Give packed colours as rows of red, green and blue."""
    return numpy.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], axis=1).astype(numpy.int32)


if __name__ == "__main__":
    main()
