"""Formulas are calculated as Excel does, and as a real program does."""

from __future__ import annotations

import datetime
import os
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from accountsheet.address import Key, Place
from accountsheet.calculation import EPOCH, Fault
from accountsheet.formula import Call, Constant, Node, Notation, Operation, Range, Ref, call
from accountsheet.functions import FUNCTIONS
from accountsheet.program import calculate
from office import Calculated, Office
from small import TODAY

SEED = 1 if os.environ.get("CI") == "true" else random.randrange(10_000)
GRID = (
    # A: numbers  B: texts     C: anything   D: mostly blank
    (3, "Acme", 4.5, None),
    (-2.5, "beta", None, 7),
    (0, "Gamma x", "text", None),
    (1200000, "12", 0, None),
    (0.1, "", -1, None),
    (46000, "a*b", "", 2),
)
"""A small sheet; an empty text stands for a formula that gives one."""


class Sheet:
    """The cells of the small sheet, as a calculation sees them."""

    today = TODAY

    def value(self, key: Key) -> Any:
        return GRID[int(key.row) - 1]["ABCD".index(key.column)]

    def place(self, key: Key) -> Place:
        return Place(0, int(key.row) - 1, "ABCD".index(key.column))

    def rectangle(self, first: Key, last: Key) -> Sequence[Sequence[Key | None]]:
        columns = "ABCD"["ABCD".index(first.column) : "ABCD".index(last.column) + 1]
        return [[cell(f"{column}{row}") for column in columns] for row in range(int(first.row), int(last.row) + 1)]


def cell(name: str) -> Key:
    return Key("sheet", int(name[1:]), name[0], "")


def ref(name: str) -> Ref:
    return Ref(cell(name))


def area(name: str) -> Range:
    first, _, last = name.partition(":")
    return Range(cell(first), cell(last))


PLACES = {cell(f"{column}{row}"): Place(0, row - 1, "ABCD".index(column)) for column in "ABCD" for row in range(1, 7)}
NOTATION = Notation(0, PLACES, ["s"])
A, B, C, D = (area(f"{column}1:{column}6") for column in "ABCD")
DAY = (datetime.date(2026, 11, 22) - EPOCH).days


def is_fault(value: Any) -> bool:
    return isinstance(value, Fault)


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        (Constant(1) / 0, "#DIV/0!"),
        (ref("B1") + 1, "#VALUE!"),
        (ref("D1") + 1, 1),
        (ref("D1"), 0),
        (ref("D1").equals(0), True),
        (ref("D1").equals(""), True),
        (ref("C6").equals(""), True),
        (ref("C6").equals(0), False),
        (ref("B1").equals("ACME"), True),
        (Constant(True).equals(1), False),
        (Constant(True) > 10**6, True),
        (Constant("a") > 10**6, True),
        (ref("A1").equals(3) * 1, 1),
        (Constant(0.1) + 0.2, 0.3),
        ((Constant(0.1) + 0.2).equals(0.3), True),
        (ref("A1") & " of " & ref("A5"), "3 of 0.1"),
        (call("SUM", C), 3.5),
        (call("SUM", ref("A1"), ref("B1").differs("x") * 2), 5),
        (call("COUNT", C), 3),
        (call("COUNTA", C), 5),
        (call("AVERAGE", area("B1:B3")), "#DIV/0!"),
        (call("MAX", area("B1:B3")), 0),
        (call("SUMPRODUCT", C.equals("") * 1), 2),
        (call("SUMPRODUCT", C.differs("") * 1, A), 1200003.1),
        (call("COUNTIF", B, "a*"), 2),
        (call("COUNTIF", B, "a~*b"), 1),
        (call("COUNTIF", B, "?eta"), 1),
        (call("COUNTIF", C, ">=0"), 2),
        (call("COUNTIF", C, "<>"), 5),
        (call("COUNTIF", C, "="), 1),
        (call("COUNTIF", C, ""), 2),
        (call("SUMIFS", A, B, "acme", C, ">4"), 3),
        (call("INDEX", A, 2), -2.5),
        (call("INDEX", A, 9), "#REF!"),
        (call("MATCH", "gamma x", B, 0), 3),
        (call("MATCH", "none", B, 0), "#N/A"),
        (call("IFERROR", Constant(1) / 0, "–"), "–"),
        (call("IF", ref("D1"), 1, 2), 2),
        (call("IF", ref("D1").equals("")), "#missing"),
        (call("LARGE", A, 2), 46000),
        (call("SMALL", C, 4), "#NUM!"),
        (call("ROUND", -2.5, 0), -3),
        (call("ROUND", 2.675, 2), 2.68),
        (call("ROUND", 1234, -2), 1200),
        (call("MOD", -3, 2), 1),
        (call("INT", -2.5), -3),
        (call("YEAR", DAY), 2026),
        (call("MONTH", DAY), 11),
        (call("YEAR", -1), "#fault"),
        (call("TEXTJOIN", ", ", True, C), "4.5, text, 0, -1"),
        (call("REPT", "ab", 3), "ababab"),
        (call("LEN", call("TRIM", "  a  b ")), 3),
        (call("ISNUMBER", ref("B4")), False),
        (call("AND", ref("A1") > 0, ref("A3").equals(0)), True),
        (call("SUMPRODUCT", call("MMULT", area("A1:B2").differs("") * 1, call("TRANSPOSE", area("A1:B1").differs("") * 1))), 4),
        (call("TODAY"), DAY),
    ],
    ids=lambda value: NOTATION(value) if isinstance(value, Node) else "",
)
def test_a_formula_gives_what_excel_gives(formula: Node, wanted: Any) -> None:
    if wanted == "#missing":
        formula, wanted = call("IF", ref("D1").equals("nothing"), 1), False
    found = calculate(formula, Sheet())
    assert is_fault(found) if wanted == "#fault" else found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)
    assert type(found) is not bool or type(wanted) is bool


# -------------------------------------------------------------------------------------------- random formulas, one sheet

NUMBERS = (0, 1, 2, 3, -1, 0.5, 2.5, 10, 100)
TEXTS = ("", "x", "Acme", "12", "beta")
Maker = Callable[[random.Random, int], Node]


def number(chance: random.Random, depth: int) -> Node:
    """Make a formula that mostly gives a number."""
    if depth <= 0:
        return chance.choice([Constant(chance.choice(NUMBERS)), ref(f"A{chance.randint(1, 6)}"), ref(f"D{chance.randint(1, 6)}")])
    less, ranges = depth - 1, chance.choice([A, C, D, area("A1:A3"), area("C2:C5")])

    def one() -> Node:
        return number(chance, less)

    makers: list[Callable[[], Node]] = [
        *[lambda: Operation(chance.choice("+-*/"), one(), one())] * 6,
        lambda: call(chance.choice(["ABS", "INT"]), one()),
        lambda: call(chance.choice(["ROUND", "ROUNDUP"]), one(), chance.choice([0, 1, 2, -1])),
        lambda: call("MOD", call("ROUND", one(), 1), chance.choice([2, 3, 7])),  # programs differ in the last bit
        lambda: call(chance.choice(["SUM", "MIN", "MAX", "COUNT", "COUNTA"]), ranges),
        lambda: call(chance.choice(["MIN", "MAX", "SUM"]), one(), one()),
        lambda: call("AVERAGE", ranges),
        lambda: call("IF", truth(chance, less), one(), one()),
        lambda: call("IFERROR", one(), one()),
        lambda: call("LEN", words(chance, less)),
        lambda: call("INDEX", ranges, chance.randint(1, 3)),
        lambda: call("MATCH", chance.choice([3, 0, "beta", "nothing"]), chance.choice([A, B]), 0),
        lambda: call(chance.choice(["LARGE", "SMALL"]), ranges, chance.randint(1, 4)),
        lambda: call("COUNTIF", chance.choice([A, B, C]), chance.choice([">1", "<=0", "Acme", "a*", "?eta", "<>", 3])),
        lambda: call("SUMIFS", A, chance.choice([B, C]), chance.choice([">0", "beta", "*a*", "<>"])),
        lambda: call("SUMPRODUCT", rows(chance) * rows(chance)),
        lambda: call("SUMPRODUCT", rows(chance) * 1, chance.choice([A, C, D])),
        lambda: call(chance.choice(["YEAR", "MONTH", "DAY"]), Constant(chance.choice([61, 46000, 46348.5, 73000]))),
    ]
    return chance.choice(makers)()


def rows(chance: random.Random) -> Node:
    """Make a condition over six rows."""
    tests = [A > 1, C.equals(""), C.differs(""), B.equals("acme"), D.equals(""), call("ISNUMBER", C), A.equals(C)]
    return chance.choice([*tests, Constant(1) - B.equals("12")])


def words(chance: random.Random, depth: int) -> Node:
    """Make a formula that gives a text."""
    if depth <= 0:
        return chance.choice([Constant(chance.choice(TEXTS)), ref(f"B{chance.randint(1, 6)}")])
    less = depth - 1
    makers: list[Callable[[], Node]] = [
        lambda: words(chance, less) & words(chance, less),
        lambda: words(chance, less) & call("ROUND", number(chance, 0), 1),
        lambda: call("IF", truth(chance, less), words(chance, less), words(chance, less)),
        lambda: call("TRIM", words(chance, less)),
        lambda: call("RIGHT", words(chance, less), chance.randint(0, 3)),
        lambda: call("REPT", words(chance, less), chance.randint(0, 3)),
        lambda: call("TEXTJOIN", "; ", True, chance.choice([B, C, area("A1:A3")])),
    ]
    return chance.choice(makers)()


def truth(chance: random.Random, depth: int) -> Node:
    """Make a condition."""
    less = depth - 1
    makers: list[Callable[[], Node]] = [
        lambda: Operation(chance.choice(["=", "<>", "<", "<=", ">", ">="]), number(chance, less), number(chance, less)),
        lambda: Operation(chance.choice(["=", "<>"]), words(chance, less), words(chance, less)),
        lambda: call("ISNUMBER", chance.choice([number, words])(chance, less)),
    ]
    if depth > 0:
        makers += [
            lambda: call(chance.choice(["AND", "OR"]), truth(chance, less), truth(chance, less)),
            lambda: call("NOT", truth(chance, less)),
        ]
    return chance.choice(makers)()


def differs(ours: Any, theirs: Calculated) -> bool:
    """Whether two programs disagree: numbers to 9 digits, errors whatever their name."""
    if isinstance(ours, Fault) or theirs.error:
        return not (isinstance(ours, Fault) and bool(theirs.error))
    if isinstance(ours, (int, float)) and isinstance(theirs.value, (int, float)):
        return abs(ours - theirs.value) > 1e-9 * max(1.0, abs(ours))
    return bool(ours != theirs.value)


def test_random_formulas_give_what_libreoffice_gives(office: Office, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    makers: list[Maker] = [number, number, number, words, truth]
    formulas = [chance.choice(makers)(chance, chance.randint(1, 3)) for _ in range(600)]
    with xlsxwriter.Workbook(tmp_path / "random.xlsx", {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("s")
        for row, values in enumerate(GRID):
            for column, value in enumerate(values):
                if value == "":
                    sheet.write_formula(row, column, '=""', None, "")
                elif value is not None:
                    sheet.write(row, column, value)
        for row, formula in enumerate(formulas):
            sheet.write_formula(row, 5, "=" + NOTATION(formula))
    found = office.recalculate(tmp_path / "random.xlsx")["s"]
    wrong = [
        f"{NOTATION(formula)} gives {ours!r}, and {theirs} in LibreOffice"
        for row, formula in enumerate(formulas)
        if differs(ours := calculate(formula, Sheet()), theirs := found[f"F{row + 1}"])
    ]
    assert wrong == [], f"seed {SEED}"


def test_the_functions_drawn_are_nearly_all_there_are() -> None:
    chance = random.Random(1)
    drawn: set[str] = set()

    def gather(formula: Node) -> None:
        if isinstance(formula, Call):
            drawn.add(formula.name)
        for each in getattr(formula, "arguments", ()) or (getattr(formula, "left", None), getattr(formula, "right", None)):
            if each is not None:
                gather(each)

    for _ in range(3_000):
        gather(chance.choice([number, words, truth])(chance, 3))
    assert FUNCTIONS.keys() - drawn <= {"COUNTIFS", "SUMIF", "MMULT", "TRANSPOSE"}
