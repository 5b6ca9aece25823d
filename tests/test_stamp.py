"""A stamped workbook holds what a painted one does, part by part and cell by cell."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountsheet.accounts import Account
from accountsheet.address import Key
from accountsheet.figures import Figures
from accountsheet.formula import Ref
from accountsheet.library import bundled
from accountsheet.plan import Plan, new_plan
from accountsheet.program import Program
from accountsheet.stamp import stamp_plan
from accountsheet.stamp.master import Master
from accountsheet.stamp.part import Part, Unusual
from accountsheet.stamp.recalculation import Traced
from accountsheet.stamp.shapes import Shapes
from accountsheet.writer import write_plan
from plans import ACCOUNT, TODAY, blueprint, full_plan, plans
from small import ANSWERS, MOTTO, REVENUE, small

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
STRINGS = "xl/sharedStrings.xml"


def painted(plan: Plan) -> bytes:
    """Write a plan as the plain writer does."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        write_plan(plan, path, today=TODAY)
        return path.read_bytes()


def stamped(plan: Plan, master: Master | None = None) -> bytes:
    """Write a plan from a master, by default that of its own shape."""
    master = master or Master(plan, plan.layout(), TODAY)
    return b"".join(master.stamped(plan))


def unescaped(text: str) -> str:
    return ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def shared(book: zipfile.ZipFile) -> list[object]:
    """Give the shared texts: a text in one format as what it says, others as their XML."""
    found: list[object] = []
    for item in ElementTree.fromstring(book.read(STRINGS)):
        looks = {ElementTree.tostring(look) for look in item.iter(f"{MAIN}rPr")}
        texts = "".join(unescaped(text.text or "") for text in item.iter(f"{MAIN}t"))
        found.append(texts if len(looks) < 2 else normal(item))
    return found


def normal(element: ElementTree.Element) -> object:
    """Give an element without the blanks between elements."""
    inner = [normal(each) for each in element]
    text = element.text or ""
    return element.tag, sorted(element.attrib.items()), text if text.strip() or not inner else "", inner


def parts(data: bytes) -> Iterator[tuple[str, object]]:
    """Give each part as it is understood: texts in the cells that refer to them, without the moment it was made."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        texts = shared(book)
        for name in sorted(book.namelist()):
            if not name.endswith((".xml", ".rels")):
                yield name, book.read(name)
                continue
            root = ElementTree.fromstring(book.read(name))
            if name == STRINGS:
                yield name, root.get("count")
                continue
            for cell in root.iter(f"{MAIN}c"):
                if cell.get("t") == "s":
                    cell[0].text = repr(texts[int(cell[0].text or "")])
            for element in root.iter():
                if element.tag.endswith(("}created", "}modified")):
                    element.text = ""
            yield name, normal(root)


def same(plan: Plan, master: Master | None = None) -> None:
    """Hold a stamped workbook against the painted one."""
    expected, found = dict(parts(painted(plan))), dict(parts(stamped(plan, master)))
    assert found.keys() == expected.keys()
    for name in expected:
        assert found[name] == expected[name], name


@cache
def master_of(name: str, language: str) -> Master:
    """Make the master that all plans of a blueprint in a language are stamped from here."""
    blank, _ = new_plan(blueprint(name), ACCOUNT, language=language, year=2026)
    return Master(blank, blank.layout(), TODAY)


EVERY = [(name, language) for name in bundled() for language in blueprint(name).languages]


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_any_plan_is_stamped_as_it_is_painted(name: str, language: str) -> None:
    @settings(max_examples=2)  # the first that is drawn is the plan without any answer
    @given(plans(name))
    def holds(plan: Plan) -> None:
        same(replace(plan, language=language), master_of(name, language))

    holds()


@pytest.mark.parametrize("name", bundled())
def test_what_is_recalculated_for_a_plan_is_what_all_of_it_comes_to(name: str) -> None:
    @settings(max_examples=6)
    @given(plans(name))
    def holds(drawn: Plan) -> None:
        master = master_of(name, drawn.language)
        plan = replace(drawn, prefilled=master.plan.prefilled)
        now = master.put_figures(plan, master.changed(plan.answers), {})
        figures = Figures(master.layout, plan.answers, TODAY)
        assert {key: now(key) for key in master.layout.formulas} == {key: figures.value(key) for key in master.layout.formulas}

    holds()


def test_a_plan_of_more_rows_than_a_blueprint_ships_is_stamped_as_it_is_painted() -> None:
    plan, _ = new_plan(blueprint("account-plan"), ACCOUNT, language="en", year=2026)
    rows = {Key("contacts", row, "", "name"): f"Number {row}" for row in range(1, 60)}
    same(plan)
    same(replace(plan, answers={**plan.answers, **rows}, prefilled=frozenset(rows)))


@pytest.mark.parametrize("name", ["account-plan"])
def test_a_plan_that_is_known_in_full_beforehand_is_stamped_as_it_is_painted(name: str) -> None:
    full = full_plan(name)
    same(replace(full, prefilled=frozenset(full.answers)))


ODD = [
    "\x01\x1f\x7f", "_x0041_", "_x0041_x0042_", "_", "x0041_", "<r>b</r>", "&<>\"'", "]]>", " both ", "\u00a0", "a\n\tb\r",
    "\ufffe\uffff", "e\u0301 🎈", "=1+1", "{account}", "%s", "word " * 6553,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text)[:20])
def test_no_text_is_changed_by_stamping(text: str) -> None:
    plan = Plan(small(), Account("A-1", "Acme", "Robin"), "en", 2026, {**ANSWERS, MOTTO: text})
    same(plan, small_master())
    told = replace(plan, account=Account(text[:50], text[:90], text[:50], email=text[:50]))
    if text != "_x0041_x0042_":
        same(told, small_master())
        return
    with pytest.raises(Unusual):  # xlsxwriter escapes such a name only in part where it stands in no cell
        stamped(told, small_master())


@cache
def small_master() -> Master:
    blank, _ = new_plan(small(), Account("A-0", "Zero"), language="en", year=2026)
    return Master(blank, blank.layout(), TODAY)


def test_a_workbook_holds_nothing_of_the_one_stamped_before_it() -> None:
    plans = [
        Plan(
            small(),
            Account(f"{name}-1", f"{name} Ltd", f"{name}son", f"{name}@example.com"),
            "en",
            2026,
            {MOTTO: f"{name} first"},
        )
        for name in ("Wexcombe", "Larkfield")
    ]
    for plan, other in (plans, plans[::-1]):
        with zipfile.ZipFile(io.BytesIO(stamped(plan, small_master()))) as book:
            assert not any(other.account.account_id[:-2].encode() in book.read(name) for name in book.namelist())


def test_masters_are_kept_within_bounds() -> None:
    account, shapes = Account("A-1", "Acme"), Shapes(room=3 * small_master().size)

    def stamp_twice(year: int) -> Master | None:
        for _ in range(2):
            try:
                return shapes.master(Plan(small(), account, "en", year), TODAY)
            except Unusual:
                continue
        return None

    first = [stamp_twice(year) for year in range(2020, 2030)]
    assert len(shapes.masters) == 3 and None not in first
    assert stamp_twice(2029) is first[-1]
    assert stamp_twice(2020) is not first[0]


def test_a_circle_of_formulas_is_left_to_the_plain_writer() -> None:
    one, two = Key("facts", "", "", "one"), Key("facts", "", "", "two")
    program = Program(small_master().layout, (), {one: Ref(two), two: Ref(one)}, {})
    number = program.number(one)
    with pytest.raises(Unusual):
        program.settle(number, Traced(program.blank))


def test_what_differs_is_blanked_again_for_the_next() -> None:
    master = small_master()
    stamped(Plan(small(), Account("A-1", "Acme"), "en", 2026, ANSWERS), master)
    same(Plan(small(), Account("A-2", "Beta"), "en", 2026, {REVENUE: 12.5}), master)


def test_a_shape_is_painted_once_and_stamped_from_then_on(tmp_path: Path) -> None:
    shapes, plan = Shapes(), Plan(small(), Account("A-1", "Acme"), "en", 2026, ANSWERS)
    with pytest.raises(Unusual):
        shapes.master(plan, TODAY)
    master = shapes.master(plan, TODAY)
    assert shapes.master(replace(plan, account=Account("A-2", "Beta", "Kim")), TODAY) is master
    for other in (
        replace(plan, year=2027),
        replace(plan, language="nl"),
        replace(plan, account=Account("A-3", "C", currency="USD")),
    ):
        with pytest.raises(Unusual):
            shapes.master(other, TODAY)
    grown = replace(plan, answers={**ANSWERS, Key("deals", 9, "", "name"): "Ninth"})
    with pytest.raises(Unusual):
        shapes.master(grown, TODAY)
    assert shapes.master(grown, TODAY) is not master


@pytest.mark.parametrize(
    "answers",
    [{MOTTO: "x" * 40_000}, {REVENUE: float("nan")}, {Key("gone", "", "", "field"): 1}, {Key("deals", 30, "", "name"): "far"}],
)
def test_what_only_the_plain_writer_can_write_is_written_by_it(tmp_path: Path, answers: dict[Key, object]) -> None:
    plan = Plan(small(), Account("A-1", "Acme"), "en", 2026, {**ANSWERS, **answers})
    told = [stamp_plan(plan, tmp_path / f"{number}.xlsx", today=TODAY) for number in range(3)]
    assert told == [write_plan(plan, tmp_path / "plain.xlsx", today=TODAY)] * 3
    expected = dict(parts((tmp_path / "plain.xlsx").read_bytes()))
    assert all(dict(parts((tmp_path / f"{number}.xlsx").read_bytes())) == expected for number in range(3))


PIECES = st.lists(st.binary(min_size=1, max_size=400).map(lambda piece: piece.replace(b"\0", b"0")), min_size=3, max_size=12)


@given(PIECES, st.data())
def test_a_part_that_is_filled_inflates_to_its_pieces_with_blanks_before_them(pieces: list[bytes], data: st.DataObject) -> None:
    part = Part("part", pieces)
    for _ in range(3):
        numbers = data.draw(st.lists(st.integers(1, len(pieces) - 1), unique=True))
        changes = {number: data.draw(st.binary(max_size=600)) for number in numbers}
        part.make_room(changes)
        room = bytearray(part.data)
        checksum = part.fill(room, 0, changes)
        plain = zlib.decompress(bytes(room), -15)
        wanted = [changes.get(number, piece).rjust(part.widths.get(number, 0)) for number, piece in enumerate(pieces)]
        assert plain == b"".join(wanted)
        assert checksum == zlib.crc32(plain) and part.length == len(plain)
