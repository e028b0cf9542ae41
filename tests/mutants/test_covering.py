"""The tests that are tried on a mutant are those that run its line, spread over the test functions."""

from __future__ import annotations

import pytest

from .covering import Coverage, batches, deciding

CODE = """\
LIMIT = 5

class A:
    size = 3

    def f(self, a, b=7):
        if (
            a
            > b
        ):
            return [
                a,
                2,
            ]
        return 0

def g():
    def h():
        return 1
    return h
"""


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        (1, None),  # a constant of the module
        (4, None),  # one of a class
        (6, range(7, 16)),  # a default: the whole function
        (7, range(7, 11)),  # a condition, without what stands under it
        (9, range(7, 11)),
        (13, range(11, 15)),  # a statement of several lines
        (15, range(15, 16)),
        (19, range(19, 20)),  # of the inner function alone
        (20, range(20, 21)),
    ],
)
def test_the_lines_that_show_a_change(line, lines):
    """They are those of the statement; those of the function for its defaults; none for what runs at the import."""
    assert deciding(CODE, line) == lines


def ran(name, cpu, *, passed=True):
    return f"tests/test_{name}", cpu, cpu * 2, passed


RAN = [
    ran("a.py::f[1]", 1),
    ran("a.py::f[2]", 2),
    ran("a.py::g", 3),
    ran("b.py::h", 4),
    ran("b.py::i", 1, passed=False),
]
LINES = {"llmcost/x.py": {1: ["", "tests/test_a.py::f[1]"], 2: ["tests/test_b.py::h", "tests/test_b.py::i"]}}
RECORDED = Coverage([(RAN, LINES), ([], {"llmcost/x.py": {2: ["tests/test_a.py::g"]}})])


def names(tests):
    return [found.name.removeprefix("tests/test_") for found in tests]


def test_the_tests_that_run_a_line():
    """Of all parts that were recorded, without those that were red; without lines, those of the whole file."""
    assert RECORDED.running("llmcost/x.py", range(2, 3)) == {"tests/test_b.py::h", "tests/test_a.py::g"}
    assert RECORDED.running("llmcost/x.py", range(3, 9)) == set()
    assert len(RECORDED.running("llmcost/x.py", None)) == 3
    assert RECORDED.running("llmcost/y.py", None) == set()
    assert RECORDED.failed == ["tests/test_b.py::i"]


def test_one_of_each_function_comes_before_the_second_of_any():
    """f 1 s, g 3 s, h 4 s and 0.2 s for each file; then the second of f if there is time."""
    everything = list(RECORDED.tests)
    assert names(RECORDED.chosen(everything, 8.5)) == ["a.py::f[1]", "a.py::g", "b.py::h"]
    assert names(RECORDED.chosen(everything, 10.5)) == ["a.py::f[1]", "a.py::g", "b.py::h", "a.py::f[2]"]
    assert names(RECORDED.chosen(everything, 2)) == ["a.py::f[1]"]


def test_batches_are_of_whole_files():
    """The file with the most functions for its time comes first: a.py has two in 6.2 s, b.py one in 4.2 s."""
    chosen = RECORDED.chosen(list(RECORDED.tests), 100)
    assert [names(batch) for batch in batches(chosen, 5)] == [["a.py::f[1]", "a.py::g", "a.py::f[2]"], ["b.py::h"]]
    assert [len(batch) for batch in batches(chosen, 50)] == [4]
    assert RECORDED.of_file("tests/test_a.py") == {
        "tests/test_a.py::f[1]",
        "tests/test_a.py::f[2]",
        "tests/test_a.py::g",
    }
