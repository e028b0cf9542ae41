"""Mutants: a source file with one small change each, of the kind that a slip of the hand makes.

The change is made in the text, at the place of one node of its syntax tree; the rest stays as it is. Left alone are
annotations, docstrings, messages of errors, f-strings, assertions, ``__slots__``, what stands under TYPE_CHECKING, and
what Windows alone runs.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from typing import NamedTuple

_COMPARE = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.RShift: ast.LShift,
    ast.LShift: ast.RShift,
}
_LOGIC = {ast.And: ast.Or, ast.Or: ast.And}
# The tests that are tried run elsewhere.
_ON_WINDOWS = ("sys.platform == 'win32'", "os.name == 'nt'")
_KEPT = (ast.JoinedStr, ast.Assert, ast.Raise, ast.Import, ast.ImportFrom)


class Mutant(NamedTuple):
    """One change: of which file and line, what it does, and the text of the file with it."""

    file: str
    number: int
    line: str
    mutation: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by, wherever its line stands."""
        return self.file, self.line, self.mutation


def mutants(file: str, source: str) -> list[Mutant]:
    """Return every mutant of a source text, in the order of the text."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    whole = b"".join(lines)
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for node, mutation, text in _changes(ast.parse(source)):
        first, last = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        changed = (whole[:first] + text.encode() + whole[last:]).decode()
        line = lines[node.lineno - 1].decode().strip()
        seen[line, mutation] += 1
        again = seen[line, mutation]
        found.append(Mutant(file, node.lineno, line, mutation + (f" ({again})" if again > 1 else ""), changed))
    return sorted(found)


def sample(found: list[Mutant], size: int, seed: str) -> list[Mutant]:
    """Return a part of the mutants that a seed chooses; a change of other lines chooses no others.

    Whatever the order begins with is a smaller sample: a run that is stopped has measured one.
    """

    def rank(mutant: Mutant) -> bytes:
        return hashlib.sha256("\0".join((seed, *mutant.key)).encode()).digest()

    return sorted(found, key=rank)[:size]


def _changes(tree: ast.Module):
    """Yield ``(node, what the mutation is, the text that replaces the node)``."""
    for node in _nodes(tree):
        for name, new in _expressions(node):
            yield node, f"{_short(node)} -> {name or _short(new)}", f"({ast.unparse(new)})"
        if isinstance(node, (ast.If, ast.While, ast.IfExp)):
            test = node.test
            yield test, f"if {_short(test)} -> if not", f"(not ({ast.unparse(test)}))"
        elif isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield test, f"filter {_short(test)} -> none", "True"
        elif _droppable(node):
            yield node, f"drop {_short(node)}", "pass"
        elif isinstance(node, ast.AugAssign) and type(node.op) in _ARITHMETIC:
            new = ast.AugAssign(node.target, _ARITHMETIC[type(node.op)](), node.value)
            yield node, f"{_short(node)} -> {_short(new)}", ast.unparse(new)


def _expressions(node: ast.AST):
    """Yield ``(how a mutation is named, the expression)`` for what may stand in the place of an expression."""
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            ops = [*node.ops[:place], _COMPARE[type(op)](), *node.ops[place + 1 :]]
            yield "", ast.Compare(node.left, ops, node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield "", ast.BoolOp(_LOGIC[type(node.op)](), node.values)
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC and not _is_text(node):
        yield "", ast.BinOp(node.left, _ARITHMETIC[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield "", ast.Constant(not value)
        elif isinstance(value, int):
            yield "", ast.Constant(value + 1)
        elif isinstance(value, str) and value and " " not in value:
            yield "another word", ast.Constant(f"{value}~")


def _nodes(tree: ast.AST):
    """Yield the nodes that may change."""
    for field, value in ast.iter_fields(tree):
        if field in {"annotation", "returns", "decorator_list"}:
            continue
        if field == "body" and isinstance(tree, ast.If) and ast.unparse(tree.test) in _ON_WINDOWS:
            continue
        for node in value if isinstance(value, list) else [value]:
            if not isinstance(node, ast.AST) or isinstance(node, _KEPT) or _is_left_alone(node):
                continue
            yield node
            yield from _nodes(node)


def _is_left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        name = ast.unparse(node.targets[0])
        return name in {"__slots__", "__all__", "TYPE_CHECKING"}
    return isinstance(node, ast.FunctionDef) and node.name == "__repr__"


def _droppable(node: ast.AST) -> bool:
    """Return whether a statement may be dropped: a call, or a value that is put somewhere; a name would be missed."""
    if isinstance(node, ast.Assign):
        return isinstance(node.targets[0], (ast.Attribute, ast.Subscript))
    return isinstance(node, (ast.Continue, ast.Break)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    )


def _is_text(node: ast.BinOp) -> bool:
    """Return whether a sum joins texts or rows: the difference of such is an error, and shows nothing."""
    joined = (ast.JoinedStr, ast.Tuple, ast.List)
    sides = (node.left, node.right)
    return any(isinstance(s, joined) or (isinstance(s, ast.Constant) and isinstance(s.value, str)) for s in sides)


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 70 else f"{text[:67]}..."
