"""Responses as the vendors' documentation has them, and odd ones, each with the usage that was worked out by hand.

A line of ``shapes.jsonl`` has a response, and what is ``right``: the quantities of all its parts together, a
unit of each group of ``alternatives``, what is ``unread``, the codes of its ``notes``, and other ``facts``.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from llmcost import LLMCostError, read_usage

SHAPES = [
    json.loads(line) for line in (Path(__file__).parent / "shapes.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("shape", SHAPES, ids=[f"{shape['of']}: {shape['name']}" for shape in SHAPES])
def test_a_shape(shape):
    """It is read as it is right, and nothing more is said of it."""
    right = shape["right"]
    if "error" in right:
        with pytest.raises(LLMCostError):
            read_usage(shape["response"])
        return
    usage = read_usage(shape["response"])
    parts = list(usage.walk())
    quantities: Counter[str] = Counter()
    for part in parts:
        quantities.update(part.quantities)
    assert dict(quantities) == right["quantities"]
    stated = [unit for part in parts for group in part.alternatives for unit in group]
    assert all(unit in stated for unit in right.get("alternatives", []))
    assert bool(stated) == ("alternatives" in right)
    assert {name: value for part in parts for name, value in part.unread.items()} == right.get("unread", {})
    assert sorted({note.code for part in parts for note in part.notes}) == right.get("notes", [])
    for name, value in right.get("facts", {}).items():
        stated_fact = getattr(usage, name)
        assert (stated_fact if isinstance(value, bool) else str(stated_fact)) == value, name


def test_every_shape_has_its_name():
    """None is tried twice, and there are over 200."""
    assert len({shape["name"] for shape in SHAPES}) == len(SHAPES) > 200
