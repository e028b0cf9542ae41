"""The table of codes has those of the package, and no other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import llmcost
from llmcost.core.note_codes import CODES

PACKAGE = Path(llmcost.__file__).parent


def made() -> list[tuple[str, str]]:
    """Return ``(code, place)`` of every call of ``Note`` in the package; a code that is no literal is "?"."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Note":
                first = node.args[0] if node.args else None
                code = first.value if isinstance(first, ast.Constant) else "?"
                found.append((str(code), f"{path.relative_to(PACKAGE)}:{node.lineno}"))
    return found


def test_every_code_of_the_package_is_in_the_table_and_the_other_way_round():
    """No note is made with a code that is computed, misspelt, or not explained; no code is explained in vain."""
    codes = [(code, place) for code, place in made() if not place.startswith("core/notes.py")]
    assert [place for code, place in codes if code not in CODES] == []
    assert len(codes) >= len(CODES) - 1
    # A caller's own text gets its code where notes are defined.
    assert sorted(set(CODES) - {code for code, _ in codes}) == ["caller"]


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_a_word_and_its_meaning_a_sentence(code):
    """Lower case with underscores; one sentence on one line of the page."""
    assert code.replace("_", "a").isalpha()
    assert code.islower()
    assert CODES[code].endswith(".")
    assert "|" not in CODES[code]
