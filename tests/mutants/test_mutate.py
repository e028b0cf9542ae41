"""A mutant is its file with one change at one place, and what decides nothing is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from .mutate import mutants, sample

HERE = Path(__file__).resolve().parent

CODE = '''"""A docstring."""
__slots__ = ("left", "alone")
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def f(a: int | None, b: "str") -> "int | None":
    """Return 5 + 5."""
    if a < 5 and b:
        raise ValueError(f"a={a + 1}: below 5")
    assert a != 7
    log.info(a)
    self.x = [n for n in b if n]
    for n in b:
        a += n
        continue
    return a * 2 if b is None else "tier"
'''


def changes(source: str) -> dict[str, str]:
    """Return each mutation with the line that it makes."""
    return {
        mutant.mutation: mutant.source.splitlines()[mutant.number - 1].strip() for mutant in mutants("f.py", source)
    }


def test_every_kind_of_change():
    """One for each comparison, link, sum, condition, filter, statement and constant; none in types and messages."""
    assert changes(CODE) == {
        "a < 5 -> a <= 5": "if (a <= 5) and b:",
        "a < 5 and b -> a < 5 or b": "if (a < 5 or b):",
        "5 -> 6": "if a < (6) and b:",
        "if a < 5 and b -> if not": "if (not (a < 5 and b)):",
        "drop log.info(a)": "pass",
        "drop self.x = [n for n in b if n]": "pass",
        "filter n -> none": "self.x = [n for n in b if True]",
        "a += n -> a -= n": "a -= n",
        "drop continue": "pass",
        "a * 2 -> a + 2": 'return (a + 2) if b is None else "tier"',
        "2 -> 3": 'return a * (3) if b is None else "tier"',
        "b is None -> b is not None": 'return a * 2 if (b is not None) else "tier"',
        "if b is None -> if not": 'return a * 2 if (not (b is None)) else "tier"',
        "'tier' -> another word": "return a * 2 if b is None else ('tier~')",
    }


def test_what_windows_alone_runs_is_left_alone():
    """The condition and the other side of it are changed."""
    found = changes('if os.name == "nt":\n    a = 1\nelse:\n    a = 2\n')
    assert [name for name in found if "->" in name and name[0].isdigit()] == ["2 -> 3"]
    assert "if os.name == 'nt' -> if not" in found


def test_only_the_place_changes():
    """Also beside letters of more than one byte, and in an expression of several lines."""
    assert changes('x = "é", (1 +\n  2)')["1 + 2 -> 1 - 2"] == 'x = "é", ((1 - 2))'
    assert mutants("f.py", "a = 1\nb = 2\n")[1].source == "a = 1\nb = (3)\n"


def test_equal_changes_of_equal_lines_are_told_apart():
    """By their number, so that one may be known and the other not."""
    assert [mutant.mutation for mutant in mutants("f.py", "a = 1\na = 1\n")] == ["1 -> 2", "1 -> 2 (2)"]


@pytest.mark.parametrize("size", [0, 3, 100])
def test_a_sample_is_of_its_size_and_its_seed(size):
    """The same seed chooses the same, another one others."""
    found = mutants("f.py", CODE)
    chosen = sample(found, size, "1")
    assert len(chosen) == min(size, len(found))
    assert chosen == sample(list(reversed(found)), size, "1")
    assert size != 3 or chosen != sample(found, size, "2")
    assert chosen == sample(found, 1000, "1")[:size]


def test_a_sample_is_not_of_another_line():
    """A line that is added elsewhere chooses no other mutants, but for its own."""
    before = {mutant.key for mutant in sample(mutants("f.py", CODE), 4, "1")}
    after = {mutant.key for mutant in sample(mutants("f.py", f"{CODE}\ng = 3\n"), 4, "1")}
    assert len(before & after) >= 3


def test_a_line_that_is_listed_stands_in_its_file():
    """A line that moves to another file, or is written anew, takes its entry along."""
    tomllib = pytest.importorskip("tomllib")
    for row in tomllib.loads((HERE / "survivors.toml").read_text(encoding="utf-8"))["survivor"]:
        source = (HERE.parents[1] / row["file"]).read_text(encoding="utf-8")
        assert row["line"] in map(str.strip, source.splitlines()), row
