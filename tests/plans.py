"""Plans for tests: any that a blueprint allows, and a full one."""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.blocks import kinds
from accountsheet.blueprint import Blueprint
from accountsheet.fields import FIRST_DATE, Asked, Date, Number, YesNo, type_of
from accountsheet.joining import Collection, Entry
from accountsheet.judge import Judged
from accountsheet.layout import Layout
from accountsheet.packs import pack, unpacked
from accountsheet.plan import Plan, layout_for
from accountsheet.portfolio import Portfolio, of_collection
from accountsheet.source import load_blueprint

TODAY = datetime.date(2026, 11, 22)
ACCOUNT = Account(
    "NB-0417", "Wilgenhof Bouw (verzonnen)", "Sanne Voorbeeld", "sanne@noordlicht.example", "a", "Oost", "construction"
)

TEXTS = st.one_of(
    st.sampled_from(
        [
            "NA",
            "None",
            "0123",
            "=1+1",
            "+31 6 1234",
            "-",
            "@x",
            "_x0041_",
            "<r>b</r>",
            "a\nb",
            " lead",
            "é€漢🎈",
            "TRUE",
            "1,5",
            "#N/A",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufffe\uffff"), min_size=1, max_size=40),
).filter(lambda text: text.strip() != "")


def blueprint(name: str = "overview-sheet") -> Blueprint:
    """Load a bundled blueprint."""
    return load_blueprint(name, kinds())


def layout_of(which: Blueprint, language: str = "en") -> Layout:
    """Lay a blueprint out as it ships."""
    return layout_for(which, language, 2026, (), frozenset())


def values(asked: Asked) -> st.SearchStrategy[Any]:
    """Give every value that a field takes."""
    kind = type_of(asked.field)
    if isinstance(kind, YesNo):
        return st.booleans()
    if isinstance(kind, Date):
        days = st.dates(FIRST_DATE, datetime.date(2400, 1, 1))
        return days.map(lambda day: day.replace(day=1)).filter(lambda day: day >= FIRST_DATE) if kind.month else days
    if isinstance(kind, Number):
        least = kind.least if asked.field.minimum is None else asked.field.minimum
        most = kind.most if asked.field.maximum is None else asked.field.maximum
        low, high = (-1e12 if least is None else least), (1e12 if most is None else most)
        if kind.percent:
            low, high = max(low, -1.0), min(high, 1.0)
        if kind.whole:
            return st.integers(int(low), int(high))
        return st.floats(low, high, allow_nan=False).map(lambda number: float(f"{number:.15g}"))
    if asked.labels:
        keys = st.sampled_from(list(asked.labels))
        own = st.text("abcdefghijk ", min_size=3, max_size=9).map(lambda text: f"q{text.strip()}z")
        return st.one_of(keys, own) if asked.field.open else keys
    return TEXTS


@st.composite
def plans(draw: st.DrawFn, name: str = "overview-sheet") -> Plan:
    """Draw a plan: some cells of some blocks, in either language."""
    which = blueprint(name)
    language = draw(st.sampled_from(which.languages))
    layout = layout_of(which, language)
    keys = draw(st.lists(st.sampled_from(list(layout.slots)), unique=True, max_size=60))
    keys = [key for key in keys if layout.slots[key].asked.field.source != "account_id"]
    answers = {key: draw(values(layout.slots[key].asked)) for key in keys}
    prefilled = frozenset(draw(st.lists(st.sampled_from(keys), unique=True, max_size=5))) if keys else frozenset()
    return Plan(which, ACCOUNT, language, 2026, answers, prefilled, draw(st.one_of(st.none(), st.just(TODAY))))


def full_plan(name: str = "overview-sheet", language: str = "en", seed: int = 1, share: float = 1.0) -> Plan:
    """Make a plan with a sensible value in every slot, or in a share of them; references point at rows that are there."""
    which = blueprint(name)
    layout = layout_of(which, language)
    chance = random.Random(seed)
    answers: dict[Key, Any] = {}
    for key, slot in layout.slots.items():
        if chance.random() <= share:
            answers[key] = sensible(slot.asked, key, chance)
    for key, slot in layout.slots.items():
        if slot.asked.field.type == "reference" and key in answers:
            names = [value for other, value in answers.items() if f"{other.block}.{other.field}" in slot.asked.field.to]
            answers[key] = chance.choice(names) if names else answers.pop(key, None)
    answers |= {key: ACCOUNT.account_id for key, slot in layout.slots.items() if slot.asked.field.source == "account_id"}
    return Plan(which, ACCOUNT, language, 2026, {key: value for key, value in answers.items() if value is not None}, due=TODAY)


def sensible(asked: Asked, key: Key, chance: random.Random) -> Any:
    """Make a believable value."""
    kind = type_of(asked.field)
    if isinstance(kind, YesNo):
        return chance.random() < 0.7
    if isinstance(kind, Date):
        day = TODAY + datetime.timedelta(days=chance.randrange(-200, 500))
        return day.replace(day=1) if kind.month else day
    if isinstance(kind, Number):
        if kind.percent:
            return chance.randrange(5, 90) / 100
        least, most = asked.field.minimum or kind.least or 0, asked.field.maximum or kind.most or 900_000
        number = chance.randrange(int(least), int(min(most, 900_000)) + 1)
        return number if kind.whole else float(number)
    if asked.labels:
        return chance.choice(list(asked.labels))
    words = asked.field.example(asked.language) or asked.field.label(asked.language)
    return f"{words} {key.row}" if isinstance(key.row, int) else words


def assemble(judged: Sequence[Judged]) -> Portfolio:
    """Join judged workbooks into one portfolio, as if they had been read together."""
    packed = unpacked(pack(list(judged)))
    entries = [Entry(0, place) for place in range(len(packed.workbooks))]
    return of_collection(Collection({0: packed}, entries).settled())
