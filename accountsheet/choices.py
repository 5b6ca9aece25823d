"""Yes and no, and picks from a list, as people write them: in another language, another case, misspelt, several at once."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence

from accountsheet.values import LONGEST, UNREADABLE, How, Reading, cleaned, closest, either, words

YES = words("ja j jawel yes y yep yeah true waar 1 x \N{MULTIPLICATION SIGN} [x] (x) v √ ✓ ✔ ✅ ☑")
NO = words("nee n neen no nope false onwaar 0 ❌ ☐")
SEPARATOR = re.compile(r"([,;/+&|\n]| (?:en|and) (?=\S))", re.IGNORECASE)


def read_yes_no(text: str) -> Reading[bool]:
    """Read a truth value in Dutch, English or signs; beside a tick a cross says no, in a box it may tick it."""
    written = cleaned(text).casefold().rstrip(".!")
    how = How.PLAIN if text.casefold() in ("ja", "nee", "yes", "no") else How.MEANT
    if written in ("☒", "✗", "✘"):
        return either(written == "☒", written != "☒")
    return Reading(written in YES, how) if written in YES | NO else UNREADABLE


def read_choice(text: str, labels: Mapping[str, Sequence[str]]) -> Reading[str]:
    """Read one of a list, given each key's labels with the plan language's first, as its key."""
    reading, written = _read_exactly(text, labels), _folded(text)
    if reading or not written:
        return reading or UNREADABLE
    key = closest(written, {key: _names(key, tuple(texts)) for key, texts in labels.items()})
    if key is not None:
        return Reading(key, How.REPAIRED)
    from rapidfuzz import fuzz, process

    shown = {next(iter(texts), key): _names(key, tuple(texts))[0] for key, texts in labels.items()}
    near = process.extract(written, shown, scorer=fuzz.ratio, score_cutoff=50, limit=3)
    return Reading(None, How.UNREADABLE, near=", ".join(label for _, _, label in near))


def read_several(text: str, labels: Mapping[str, Sequence[str]]) -> Reading[tuple[str, ...]]:
    """Read several of a list in one cell, as their keys; a label may itself hold a comma or an 'and'."""
    readings: list[Reading[str]] = []
    pieces = [text] if len(text) > LONGEST or read_choice(text, labels).value is not None else SEPARATOR.split(text)
    while pieces:  # the longest run of up to five pieces, with the separators between them, that is a label
        runs = ((taken, "".join(pieces[:taken]).strip()) for taken in range(min(len(pieces), 9), 0, -2))
        exact = ((taken, reading) for taken, run in runs if (reading := _read_exactly(run, labels)))
        taken, reading = next(exact, None) or (1, read_choice(pieces[0].strip(), labels))
        readings += [reading] if pieces[0].strip() else []
        pieces = pieces[taken + 1 :]
    unread = [reading for reading in readings if reading.value is None]
    if unread or not readings:
        return Reading(None, How.UNREADABLE, near=", ".join(dict.fromkeys(reading.near for reading in unread if reading.near)))
    keys = tuple(dict.fromkeys(reading.value or "" for reading in readings))
    others = tuple(dict.fromkeys(reading.other or reading.value or "" for reading in readings))
    return either(keys, others, How.REPAIRED if any(reading.how is How.REPAIRED for reading in readings) else How.PLAIN)


def _read_exactly(text: str, labels: Mapping[str, Sequence[str]]) -> Reading[str] | None:
    """Read a label or key but for case, blanks, accents and a sign before it; the plan language's labels go first."""
    same, how = [key for key, texts in labels.items() if texts and texts[0] == text], How.PLAIN
    if not same and (written := _folded(text)):
        names = {key: _names(key, tuple(texts)) for key, texts in labels.items()}
        ranks = {key: min(called.index(written), 1) for key, called in names.items() if written in called}
        same, how = [key for key, rank in ranks.items() if rank == min(ranks.values())], How.REPAIRED
    return either(same[0], same[-1], how) if same else None


@functools.lru_cache(maxsize=4096)
def _names(key: str, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Give all that a choice may be called: its labels, its key, and of 'A - strategic' and 'Coach: helps' the first part."""
    names = (*labels, key, key.replace("_", " "), *(re.split(" [-\N{EN DASH}] |[:(]", label)[0] for label in labels))
    return tuple(map(_folded, names))


def _folded(text: str) -> str:
    """Give a text without case, accents, spare blanks and a glyph before it: '●  Sold' is 'sold'."""
    written = cleaned(re.sub(r"^\W {2}(?=\w)", "", text))  # a workbook's own '+  Opportunity', which some programs save as text
    if written.isascii():
        return written.casefold()
    glyphs = "".join(sign for sign in written if unicodedata.category(sign) == "So" or sign in "•·→▷")
    bare = unicodedata.normalize("NFD", (written.lstrip(glyphs + " ") or written).casefold())
    return "".join(sign for sign in bare if unicodedata.category(sign) != "Mn")
