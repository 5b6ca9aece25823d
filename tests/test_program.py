"""Formulas made ready give what they give when each part is calculated by itself, from the leaves up."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from accountsheet.address import Key, Place
from accountsheet.calculation import OPERATORS, Area, Fault, Value, as_truth, each
from accountsheet.calculation import area as area_of
from accountsheet.formula import Call, Constant, Node, Operation, Range, Ref, Scalar, call
from accountsheet.functions import FUNCTIONS
from accountsheet.program import DAY, Program, pick, serial, shown
from small import TODAY
from test_calculation import SEED, A, B, C, D, Sheet, area, cell, number, ref, rows, truth, words


def walked(node: Node, held: Mapping[Key, Scalar]) -> Value:
    """Calculate a formula the plain way."""
    match node:
        case Constant(value):
            return value
        case Ref(key):
            return held[key]
        case Range(first, last):
            keys = Sheet().rectangle(first, last)
            return area_of([held[key] for row in keys for key in row if key is not None], len(keys[0]))
        case Operation(name, left, right):
            return each(OPERATORS[name], walked(left, held), walked(right, held))
        case Call("IF", (test, *branches)):
            asked, yes, no = walked(test, held), *(walked(each, held) for each in (*branches, Constant(False))[:2])
            if isinstance(asked, Area):
                return each(pick, asked, yes, no)
            found = as_truth(asked)
            return found if isinstance(found, Fault) else yes if found else no
        case Call("ROW", (Ref(key),)):
            return Sheet().place(key).row + 1
        case Call("ROW", (Range(first, last),)):
            return area_of(range(Sheet().place(first).row + 1, Sheet().place(last).row + 2), 1)
        case Call("TODAY"):
            return serial(TODAY)
        case Call(name, arguments):
            return FUNCTIONS[name](*(walked(argument, held) for argument in arguments))
    raise TypeError(node)


def many(chance: random.Random) -> Node:
    """Make a formula over whole columns."""
    other, text = chance.choice([A, B, C, D]), chance.choice(["ACME", "", "x"])
    makers = [
        lambda: call("SUMPRODUCT", rows(chance) * 1),
        lambda: call("SUMPRODUCT", (rows(chance) + rows(chance) > 0) * rows(chance), other),
        lambda: call("SUM", rows(chance) * (Constant(1) - rows(chance))).equals(0),
        lambda: call("SUM", call("IF", rows(chance), other, chance.choice([Constant(0), number(chance, 1)]))),
        lambda: call("SUMPRODUCT", call("MMULT", rows(chance) * 1, call("TRANSPOSE", rows(chance) * 1)) > 1),
        lambda: call("SMALL", call("IF", rows(chance), call("ROW", A) - call("ROW", ref("A1")) + 1, ""), chance.randint(1, 3)),
        lambda: call("IFERROR", call("INDEX", other, call("MATCH", 1, rows(chance) * 1, 0)), "none"),
        lambda: call("INDEX", area("A1:D6"), chance.randint(0, 7), chance.randint(0, 5)),
        lambda: call("COUNT", other / chance.choice([A, Constant(0), Constant(2)])),
        lambda: call("TEXTJOIN", ", ", True, call("IF", other.equals(text), other & "!", rows(chance))),
        lambda: call("IF", chance.choice([ref("D1"), ref("C2"), ref("B5"), ref("A1")]).differs(text), text, number(chance, 1)),
        lambda: call("COUNTIF", other, chance.choice([3, True, "<>", "TRUE", 1])),
    ]
    return chance.choice(makers)()


class Ground:
    """The small sheet, with formulas in some of its cells."""

    def place(self, key: Key) -> Place:
        return Sheet().place(key)

    def rectangle(self, first: Key, last: Key) -> Sequence[Sequence[Key | None]]:
        return Sheet().rectangle(first, last)


KEYS = [cell(f"{column}{row}") for row in range(1, 7) for column in "ABCD"]


def program_with(formulas: Mapping[Key, Node]) -> tuple[Program, list[Any]]:
    """Make ready a sheet, and a list of its cells."""
    program = Program(Ground(), KEYS, formulas, {})
    cells = program.blank.copy()
    for key in KEYS:
        if key not in formulas:
            cells[program.numbers[key]] = Sheet().value(key)
    cells[DAY] = serial(TODAY)
    return program, cells


def same(one: Any, other: Any) -> bool:
    """Whether two results are the same to the last digit, or the same error."""
    return type(one) is type(other) and one == other


def test_random_formulas_made_ready_give_what_they_give_part_by_part() -> None:
    chance = random.Random(SEED)
    held = {key: Sheet().value(key) for key in KEYS}
    program, cells = program_with({})
    wrong = []
    for _ in range(3_000):
        formula = chance.choice([number, words, truth])(chance, 3) if chance.random() < 0.5 else many(chance)
        run = program.ready(formula)
        cells += program.blank[len(cells) :]
        if not same(found := shown(run(cells)), wanted := shown(walked(formula, held))):
            wrong.append((formula, found, wanted))
    assert wrong == [], f"seed {SEED}"


def test_cells_with_formulas_are_calculated_in_whatever_order_they_are_asked_for() -> None:
    chance = random.Random(SEED)
    for _ in range(60):
        held = {key: Sheet().value(key) for key in KEYS}
        formulas = {cell(f"{column}{row}"): Constant(0) for column in "D" for row in range(1, 7)}
        for key in formulas:  # each looks at the columns before it only
            formulas[key] = chance.choice([number, words, truth])(chance, 2) if chance.random() < 0.3 else over_inputs(chance)
        formulas = {key: node for key, node in formulas.items() if not looks_at(node, "D")}
        for key, node in formulas.items():
            held[key] = shown(walked(node, held))
        asked = [call("SUM", D), call("SUMPRODUCT", D.differs("") * 1), call("INDEX", D, 2), ref("D3") & "", D.equals(A)]
        program, cells = program_with(formulas)
        chance.shuffle(asked)
        for node in asked:
            run = program.ready(node)
            cells += program.blank[len(cells) :]
            assert same(shown(run(cells)), shown(walked(node, held))), (node, formulas)


def over_inputs(chance: random.Random) -> Node:
    """Make a formula over the columns that are filled in."""
    count = call("SUMPRODUCT", C.equals("") * 1)
    return chance.choice([call("SUM", A) + 1, ref("A2") & ref("B1"), count, Constant(1) / ref("A3")])


def looks_at(node: Node, column: str) -> bool:
    """Whether a formula looks at a column."""
    match node:
        case Ref(key):
            return key.column == column
        case Range(first, last):
            return first.column <= column <= last.column
        case Operation(_, left, right):
            return looks_at(left, column) or looks_at(right, column)
        case Call(_, arguments):
            return any(looks_at(each, column) for each in arguments)
    return False


def test_only_the_branch_that_is_needed_is_calculated() -> None:
    program, cells = program_with({cell("D1"): call("IF", ref("A1") > 0, 1, ref("D2")), cell("D2"): ref("D1") + 1})
    assert program.settle(program.number(cell("D2")), cells) == 2


def test_a_circle_is_an_error_and_no_endless_search() -> None:
    program, cells = program_with({cell("D1"): ref("D2") + 1, cell("D2"): call("SUM", D)})
    assert program.settle(program.number(cell("D1")), cells) == "#REF!"


def test_a_cell_chosen_by_its_place_may_stand_in_the_column_that_asks() -> None:
    above = {cell(f"D{row}"): call("INDEX", D, row - 1) + 1 for row in range(2, 7)}
    program, cells = program_with({cell("D1"): Constant(1), **above})
    assert program.settle(program.number(cell("D6")), cells) == 6


def test_formulas_can_be_made_ready_by_several_threads_at_once() -> None:
    chance = random.Random(SEED)
    formulas = [many(chance) for _ in range(200)]
    held = {key: Sheet().value(key) for key in KEYS}
    program, _ = program_with({})

    def calculate(formula: Node) -> Scalar:
        run = program.ready(formula)
        cells = [*program.blank]
        for key in KEYS:
            cells[program.numbers[key]] = held[key]
        return shown(run(cells))

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(calculate, formulas))
    assert all(same(one, shown(walked(node, held))) for one, node in zip(found, formulas, strict=True))


@pytest.mark.parametrize("formula", [Constant(10.0**300) * 10.0**300, call("SUM", A * 10.0**307 * 100), Constant(-8) / 0])
def test_a_number_beyond_all_numbers_is_an_error(formula: Node) -> None:
    program, cells = program_with({})
    run = program.ready(formula)
    cells += program.blank[len(cells) :]
    assert isinstance(shown(run(cells)), Fault)
