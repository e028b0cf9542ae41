"""Which tests are tried on a mutant: those that run what is changed, one of each test function before more of any.

What runs when a module is imported is not told apart: for a table, all tests count that run any function of its module.
"""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from itertools import count
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Seconds that the import of a file of tests is taken to last, and that a test takes at least.
_IMPORT, _LEAST = 0.2, 0.01


class Test(NamedTuple):
    """A test, the CPU seconds that it took, and the seconds that passed."""

    name: str
    cpu: float
    wall: float

    @property
    def file(self) -> str:
        return self.name.partition("::")[0]

    @property
    def function(self) -> str:
        return self.name.partition("[")[0]


class Coverage:
    """Which tests run which lines of the package, and which of them were green."""

    def __init__(self, parts: Iterable[tuple[list, dict]]) -> None:
        self.tests: dict[str, Test] = {}
        self.failed: list[str] = []
        self._lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        for tests, files in parts:
            for name, cpu, wall, passed in tests:
                if passed:
                    self.tests[name] = Test(name, cpu, wall)
                else:
                    self.failed.append(name)
            for file, lines in files.items():
                where = self._lines[file]
                for line, names in lines.items():
                    where[line].update(names)

    def running(self, file: str, lines: range | None) -> set[str]:
        """Return the green tests that run some of these lines of a file; without lines, any function of it."""
        where = self._lines.get(file, {})
        wanted = where if lines is None else [line for line in lines if line in where]
        return {name for line in wanted for name in where[line] if name in self.tests}

    def of_file(self, file: str) -> set[str]:
        """Return the green tests of a file of tests."""
        return {test.name for test in self.tests.values() if test.file == file}

    def chosen(self, names: Iterable[str], seconds: float) -> list[Test]:
        """Return tests that last so many seconds together: the fastest of each function first, then the second ..."""
        places: dict[str, Iterator[int]] = defaultdict(count)
        tests = sorted((self.tests[name] for name in names), key=lambda test: (test.cpu, test.name))
        ranked = sorted(tests, key=lambda test: next(places[test.function]))
        found, files = [], set()
        for test in ranked:
            needed = max(test.cpu, _LEAST) + (_IMPORT if test.file not in files else 0)
            if needed <= seconds:
                seconds -= needed
                files.add(test.file)
                found.append(test)
        return found


def batches(tests: list[Test], seconds: float) -> list[list[Test]]:
    """Return tests in batches of whole files, those with the most functions for their time first."""
    files: dict[str, list[Test]] = defaultdict(list)
    for test in tests:
        files[test.file].append(test)

    def price(file: str) -> float:
        of_it = files[file]
        return (_IMPORT + sum(test.cpu for test in of_it)) / len({test.function for test in of_it})

    found, room = [], 0.0
    for file in sorted(files, key=price):
        needed = _IMPORT + sum(max(test.cpu, _LEAST) for test in files[file])
        if not found or needed > room:
            found.append([])
            room = seconds
        room -= needed
        found[-1] += files[file]
    return found


@functools.cache
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


def deciding(source: str, number: int) -> range | None:
    """Return the lines whose run shows a change of a line: of its statement, or of the function whose default it is.

    None stands for a line that runs when the module is imported.
    """
    inside = [
        node
        for node in ast.walk(_tree(source))
        if isinstance(node, _FUNCTIONS) and node.lineno <= number <= node.end_lineno
    ]
    if not inside:
        return None
    function = max(inside, key=lambda node: node.lineno)
    if number < function.body[0].lineno:
        return range(function.body[0].lineno, function.end_lineno + 1)
    spans = []
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and node is not function:
            body = getattr(node, "body", None)
            last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno
            if node.lineno <= number <= last:
                spans.append(range(node.lineno, last + 1))
    return max(spans, key=lambda span: span.start) if spans else range(number, number + 1)
