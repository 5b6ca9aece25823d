"""Expressions of a blueprint: parsed against a short list of what is allowed, and turned into formulas.

A blueprint is data, never code: an expression is read with `ast` and only ever becomes a formula.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from accountsheet.fields import Asked
from accountsheet.formula import Constant, Node, Operation, call, counted, product, some

ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "=", ast.NotEq: "<>"}
AGGREGATES = ("count", "any", "sum")
FUNCTIONS = ("filled", "blank", "previous", "year_of", "quarter_of", "month_strip", "min", "max", "abs", "round", *AGGREGATES)


class ExpressionProblem(ValueError):
    """An expression that cannot be used; the message says why."""


@dataclass(frozen=True)
class Operand:
    """A value in an expression: its formula, the field that it is, and what must be a number for it to exist."""

    node: Node
    asked: Asked | None = None
    numbers: tuple[Node, ...] = ()
    truth: bool = False
    certain: bool = False
    """Of a condition: that a row which meets it holds something."""
    text: str | None = None
    risky: bool = False

    @property
    def kind(self) -> str:
        """The type of its field, if it is one."""
        return self.asked.field.kind if self.asked else ""


class Scope(Protocol):
    """Where an expression stands: how its names are found."""

    def name(self, path: tuple[str, ...]) -> Operand:
        """Find `field`, `block.field` or `block.row.field`; raises ExpressionProblem."""

    def previous(self) -> Scope:
        """The row before."""

    def rows_of(self, block: str) -> Scope:
        """The rows of a table, as ranges."""

    def begun(self) -> Node:
        """The condition that a row holds anything."""

    def tally(self, condition: Node) -> Node:
        """Count for how many of the rows a condition holds."""


LONGEST = 1_000
"""Characters of an expression: its formula must stay below Excel's 8,192, and its parts within its depth."""
DEEPEST = 50


@lru_cache(maxsize=4096)
def parse(expression: str) -> ast.expr:
    """Read an expression; raises ExpressionProblem."""
    if len(expression) > LONGEST:
        raise ExpressionProblem(f"is longer than {LONGEST} characters: calculate a part of it in a field of its own")
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise ExpressionProblem(f"cannot be read: {problem.args[0]}") from problem
    if depth(tree) > DEEPEST:
        raise ExpressionProblem("is nested too deeply: calculate a part of it in a field of its own")
    return tree


def depth(tree: ast.AST) -> int:
    """Count how many parts of an expression stand within one another; a sum counts for each of its terms."""
    deepest, layer = 0, [tree]
    while layer:
        deepest += 1
        layer = [child for each in layer for child in ast.iter_child_nodes(each)]
    return deepest


def path_of(tree: ast.expr) -> tuple[str, ...]:
    """Read a dotted name."""
    match tree:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(value=inner, attr=name):
            return (*path_of(inner), name)
    raise ExpressionProblem("a name is wanted before a dot")


def names_in(expression: str, *, above: bool = True) -> set[tuple[str, ...]]:
    """Give every dotted name in an expression, and the tables it goes over as `(table,)`.

    Without `above`, those of the row before are left out.
    """
    found: set[tuple[str, ...]] = set()

    def walk(tree: ast.AST) -> None:
        if isinstance(tree, (ast.Name, ast.Attribute)):
            found.add(path_of(tree))
            return
        if not above and isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "previous":
            return
        children = tree.args if isinstance(tree, ast.Call) else list(ast.iter_child_nodes(tree))
        for child in children:
            walk(child)

    walk(parse(expression))
    return found


def lower(expression: str, scope: Scope, labels: Mapping[str, str] | None = None) -> Node:
    """Turn a calculation into a formula; `labels` are those of the list whose keys it gives."""
    tree = parse(expression)
    for words in texts_given(tree):
        if labels and words and words not in labels:
            raise ExpressionProblem(f"{words!r} is not in the list of what it gives: {', '.join(labels)}")
    return finished(Lowering(scope, labels or {}).value(tree))


def texts_given(tree: ast.expr) -> Iterator[str]:
    """Go through the texts that an expression can give as its result."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.value
    elif isinstance(tree, ast.IfExp):
        yield from texts_given(tree.body)
        yield from texts_given(tree.orelse)


def condition(expression: str, scope: Scope) -> Node:
    """Turn a condition into a formula that gives 1 or 0, over ranges cell by cell."""
    return Lowering(scope, {}).truth(parse(expression)).node


def finished(operand: Operand) -> Node:
    """Guard a calculation: what lacks a number is empty."""
    if operand.truth:
        return counted(operand.node)
    inner = call("IFERROR", operand.node, "") if operand.risky else operand.node
    if operand.asked is not None or not operand.numbers:
        return call("IF", operand.node.equals(""), "", operand.node) if operand.asked is not None else inner
    return call("IF", product([call("ISNUMBER", each) for each in unique(operand.numbers)]), inner, "")


def unique(nodes: Sequence[Node]) -> list[Node]:
    """Name each guarded cell once."""
    return list(dict.fromkeys(nodes))


@dataclass(frozen=True)
class Lowering:
    """One pass over an expression."""

    scope: Scope
    labels: Mapping[str, str]
    outer: Scope | None = field(default=None)

    def value(self, tree: ast.expr) -> Operand:
        """Lower anything that has a value."""
        match tree:
            case ast.Constant(value=bool()):
                return Operand(Constant(1 if tree.value else 0), truth=True)
            case ast.Constant(value=int() | float() as number) if abs(number) < 1e15:
                return Operand(Constant(number))
            case ast.Constant(value=str() as words):
                return Operand(Constant(self.labels.get(words, words)), text=words)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self.arithmetic("-", Operand(Constant(0)), self.value(inner))
            case ast.BinOp(op=operator) if type(operator) in ARITHMETIC:
                return self.arithmetic(ARITHMETIC[type(operator)], self.value(tree.left), self.value(tree.right))
            case ast.IfExp():
                return self.conditional(tree)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
                return self.function(name, arguments)
            case ast.Call():
                raise ExpressionProblem(f"only these functions are known: {', '.join(FUNCTIONS)}")
            case ast.Name() | ast.Attribute():
                return self.name(path_of(tree))
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                return self.truth(tree)
            case ast.Constant(value=int() | float() as number):
                raise ExpressionProblem(f"{str(number)[:20]} is more than a sheet holds exactly")
        raise ExpressionProblem("only names, numbers, texts, arithmetic, comparisons, and / or / not and if / else may be used")

    def name(self, path: tuple[str, ...]) -> Operand:
        """Find a name: `row.field` is the row outside."""
        match path:
            case ("as_of",):
                return Operand(call("TODAY"))
            case ("row", *rest):
                return (self.outer or self.scope).name(tuple(rest))
        return self.scope.name(path)

    def arithmetic(self, operator: str, left: Operand, right: Operand) -> Operand:
        """Add, subtract, multiply or divide; both sides must be numbers."""
        self.no_texts(left, right)
        numbers = (*self.guards(left), *self.guards(right))
        safe = isinstance(right.node, Constant) and right.node.value != 0
        risky = left.risky or right.risky or (operator == "/" and not safe)
        return Operand(Operation(operator, left.node, right.node), numbers=numbers, risky=risky)

    def no_texts(self, *operands: Operand) -> None:
        """Refuse to calculate with what is never a number."""
        for operand in operands:
            if operand.text is not None or self.textual(operand):
                shown = repr(operand.text) if operand.asked is None else operand.asked.field.id
                raise ExpressionProblem(f"{shown} is a text: it cannot be calculated with")

    @staticmethod
    def guards(operand: Operand) -> tuple[Node, ...]:
        """Give the cells that must be numbers."""
        return (operand.node,) if operand.asked is not None else operand.numbers

    def conditional(self, tree: ast.IfExp) -> Operand:
        """Lower `a if condition else b`; each branch is guarded by itself."""
        test, then, otherwise = self.truth(tree.test), self.value(tree.body), self.value(tree.orelse)
        result = call("IF", test.node, finished(then), finished(otherwise))
        constant = isinstance(then.node, Constant) and isinstance(otherwise.node, Constant)
        plain = constant or not (self.guards(then) or self.guards(otherwise))
        return Operand(result, numbers=() if plain else (result,))

    def truth(self, tree: ast.expr) -> Operand:
        """Lower a condition to a formula that gives 1 or 0."""
        match tree:
            case ast.BoolOp(op=ast.And(), values=parts):
                lowered = [self.truth(part) for part in parts]
                certain = any(each.certain for each in lowered)
                return Operand(product([each.node for each in lowered]), truth=True, certain=certain)
            case ast.BoolOp(op=ast.Or(), values=parts):
                lowered = [self.truth(part) for part in parts]
                certain = all(each.certain for each in lowered)
                return Operand(some([each.node for each in lowered]), truth=True, certain=certain)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return Operand(Constant(1) - self.truth(inner).node, truth=True)
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self.compare(left, operator, right)
            case ast.Compare(left=left, ops=operators, comparators=rights):
                steps = zip([left, *rights], operators, rights, strict=False)  # 1 < a < b: each beside the next
                compared = [self.compare(one, operator, two) for one, operator, two in steps]
                certain = any(each.certain for each in compared)
                return Operand(product([each.node for each in compared]), truth=True, certain=certain)
        operand = self.value(tree)
        if operand.truth:
            return operand
        if operand.kind == "yes_no" and operand.asked is not None:
            return Operand(operand.node.equals(operand.asked.labels["yes"]), truth=True, certain=True)
        raise ExpressionProblem("a condition is wanted here")

    def compare(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Operand:
        """Lower a comparison; one with a blank does not hold, but for != with a text."""
        if isinstance(operator, (ast.In, ast.NotIn)):
            return self.membership(self.value(left), right, isinstance(operator, ast.NotIn))
        if type(operator) not in COMPARISONS:
            raise ExpressionProblem("only == != < <= > >= in and not in compare")
        sign, one, two = COMPARISONS[type(operator)], self.value(left), self.value(right)
        if one.text is not None:
            one, two, sign = two, one, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(sign, sign)
        if two.text is not None:
            return self.compare_text(one, sign, two.text)
        if self.textual(one) and self.textual(two) and sign in ("=", "<>"):
            same = product([one.node.equals(two.node), one.node.differs("")])
            return Operand(same if sign == "=" else Constant(1) - same, truth=True, certain=sign == "=")
        guards = [call("ISNUMBER", each) for each in unique((*self.guards(one), *self.guards(two)))]
        test: Node = Operation(sign, *(counted(each.node) if each.truth else each.node for each in (one, two)))
        if any(each.risky or (each.asked is None and each.numbers) for each in (one, two)):
            # All factors are calculated, so a guard beside a sum with a blank in it does not keep the error away.
            test = call("IFERROR", test, 0)
        return Operand(product([*guards, test]), truth=True, certain=bool(guards))

    @staticmethod
    def textual(operand: Operand) -> bool:
        """Whether a value is text: compared as such."""
        return operand.kind in ("text", "long_text", "email", "reference", "choice", "yes_no")

    def compare_text(self, operand: Operand, sign: str, words: str) -> Operand:
        """Compare with a text, which stands for a key where the field is a choice."""
        if sign not in ("=", "<>"):
            raise ExpressionProblem(f"a text can only be == or !=: {words!r}")
        if words and operand.kind and not self.textual(operand) and operand.asked is not None:
            raise ExpressionProblem(f"{operand.asked.field.id} is never the text {words!r}: it is {operand.kind}")
        test = Operation(sign, operand.node, Constant(self.label(operand, words)))
        return Operand(test, truth=True, certain=sign == "=" and words != "")

    @staticmethod
    def label(operand: Operand, words: str) -> str:
        """Give the label of a key."""
        if operand.kind not in ("choice", "yes_no") or operand.asked is None or not words:
            return words
        if words not in operand.asked.labels and not operand.asked.field.open:
            raise ExpressionProblem(f"{words!r} is not in the list {operand.asked.field.list or 'of yes and no'}")
        return operand.asked.labels.get(words, words)

    def membership(self, operand: Operand, members: ast.expr, negated: bool) -> Operand:
        """Lower `in` and `not in` a few texts."""
        if not isinstance(members, (ast.Tuple, ast.List)):
            raise ExpressionProblem("`in` wants a few texts in brackets")
        words = [each.value for each in members.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if len(words) != len(members.elts):
            raise ExpressionProblem("`in` wants a few texts in brackets")
        if negated:
            return Operand(product([operand.node.differs(self.label(operand, word)) for word in words]), truth=True)
        return Operand(some([operand.node.equals(self.label(operand, word)) for word in words]), truth=True, certain=True)

    def function(self, name: str, arguments: list[ast.expr]) -> Operand:
        """Lower a call."""
        if name in AGGREGATES:
            return self.aggregate(name, arguments)
        least, most = {"min": (2, 9), "max": (2, 9), "round": (1, 2)}.get(name, (1, 1))
        if not least <= len(arguments) <= most:
            raise ExpressionProblem(f"{name}() takes {least if least == most else f'{least} to {most}'} value(s)")
        if name == "previous":
            return Lowering(self.scope.previous(), self.labels, self.outer).value(arguments[0])
        operands = [self.value(argument) for argument in arguments]
        if name == "month_strip":
            year = self.scope.name(("plan_year",)).node + 1
            return Operand(month_strip(operands[0].node, year), numbers=self.guards(operands[0]), risky=True)
        if name in ("filled", "blank"):
            test = operands[0].node.differs("") if name == "filled" else operands[0].node.equals("")
            return Operand(test, truth=True, certain=name == "filled")
        self.no_texts(*operands)
        numbers = tuple(guard for operand in operands for guard in self.guards(operand))
        nodes = [counted(operand.node) for operand in operands]
        risky = name in ("year_of", "quarter_of") or any(operand.risky for operand in operands)
        return Operand(NUMERIC[name](nodes), numbers=numbers, risky=risky)

    def aggregate(self, name: str, arguments: list[ast.expr]) -> Operand:
        """Lower count, any and sum over the rows of a table."""
        if not arguments or len(arguments) > (3 if name == "sum" else 2):
            raise ExpressionProblem(f"{name}() takes a table, {'a field, ' if name == 'sum' else ''}and a condition")
        if self.outer is not None:
            raise ExpressionProblem("count, any and sum cannot stand within one another")
        if not isinstance(arguments[0], ast.Name):
            raise ExpressionProblem(f"{name}() goes over the rows of a table: name that first")
        rows = self.scope.rows_of(arguments[0].id)
        inner = Lowering(rows, {}, self.scope)
        wanted = arguments[2:] if name == "sum" else arguments[1:]
        tests = [inner.truth(each) for each in wanted]
        begun = [] if tests and tests[0].certain else [rows.begun()]
        conditions = [*begun, *(test.node for test in tests)]
        if name == "sum":
            if len(arguments) < 2:
                raise ExpressionProblem("sum() takes a table, a field, and a condition")
            summed = inner.value(arguments[1])
            if summed.asked is None:
                raise ExpressionProblem("sum() adds up one field: make a calculated field for more")
            return Operand(call("SUMPRODUCT", product([*conditions, Constant(1)]), summed.node))
        counted = self.scope.tally(product([*conditions, Constant(1)]) if len(conditions) == 1 else product(conditions))
        return Operand(counted > 0, truth=True) if name == "any" else Operand(counted)


def month_strip(day: Node, year: Node) -> Node:
    """Draw a year as twelve dots with a mark at a day's month; of another year, the year itself."""
    month = call("MONTH", day)
    strip = call("REPT", "·", month - 1) & "●" & call("REPT", "·", Constant(12) - month)
    return call("IF", call("YEAR", day).equals(year), strip, call("YEAR", day) & "")


NUMERIC: dict[str, Callable[[list[Node]], Node]] = {
    "min": lambda nodes: call("MIN", *nodes),
    "max": lambda nodes: call("MAX", *nodes),
    "abs": lambda nodes: call("ABS", *nodes),
    "round": lambda nodes: call("ROUND", *nodes, *([Constant(0)] if len(nodes) == 1 else [])),
    "year_of": lambda nodes: call("YEAR", *nodes),
    "quarter_of": lambda nodes: call("ROUNDUP", call("MONTH", *nodes) / 3, 0),
}
