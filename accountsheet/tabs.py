"""Which tab of a workbook holds which section, whatever it is called now and whatever was cut away from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from accountsheet.grid import Grid, folded
from accountsheet.guide import Guide, guide_of
from accountsheet.identity import Stamp, stamp_of
from accountsheet.pieces import Sheet
from accountsheet.writer import META

ENOUGH = 0.3
"""The share of a section's labels, or of its ids, that make a tab its own."""


@dataclass(frozen=True)
class Tabs:
    """The tabs of a workbook."""

    titles: Mapping[str, str]
    """Each section's tab."""
    copies: Mapping[str, str]
    """The section that each further tab is a copy of."""
    stamps: Mapping[str, Stamp]
    """What each tab says of itself, where it does."""


def find_tabs(grids: Mapping[str, Grid], sheets: Sequence[Sheet], others: Callable[[str], Sequence[Sheet]]) -> Tabs:
    """Find each section's tab: by its stamp, its ids, its labels or its name; of several, the one under the old name counts.

    `others` gives a section's sheet in other languages.
    """
    shown = {sheet.id: sheet for sheet in sheets if not sheet.hidden}
    own = {META, *(sheet.title for sheet in sheets if sheet.hidden)}
    stamps: dict[str, Stamp] = {}
    claims: dict[str, list[str]] = {}
    unknown: list[str] = []
    for title, grid in grids.items():
        if title in own:
            continue
        stamp = stamp_of(grid)
        if stamp is not None and stamp.section in shown:
            stamps[title] = stamp
            claims.setdefault(stamp.section, []).append(title)
        else:
            unknown.append(title)
    if unknown:
        guides = [guide_of(sheet, others(sheet.id)) for sheet in shown.values()]
        for title in unknown:
            section = by_contents(grids[title], guides) or next((each.id for each in shown.values() if each.title == title), "")
            if section:
                claims.setdefault(section, []).append(title)
    titles = {section: shown[section].title if shown[section].title in found else found[0] for section, found in claims.items()}
    copies = {title: section for section, found in claims.items() for title in found if title != titles[section]}
    return Tabs(titles, copies, stamps)


def by_contents(grid: Grid, guides: Iterable[Guide]) -> str:
    """Name the section that most ids, else most labels, of a tab belong to."""
    texts = {value for line in grid for value in line if isinstance(value, str) and value}
    labels = {folded(text) for text in texts}
    scores = []
    for guide in guides:
        ids = len(texts & guide.by_id.keys()) / len(guide.by_id) if guide.by_id else 0.0
        every = {text for band in guide.bands for each in (band.names.keys(), *band.texts) for text in each}
        wide = sum(band.wide[place] for band in guide.bands for place in range(len(band.wide)))
        wide += sum(len(set(band.names.values())) for band in guide.bands)
        found = len(labels & every) / wide if wide else 0.0
        if ids >= ENOUGH or found >= ENOUGH:
            scores.append((ids, found, guide.sheet.id))
    return max(scores, default=(0.0, 0.0, ""))[2]
