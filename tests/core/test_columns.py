"""Columns of numbers: their points in one line, words to the right as they are."""

from __future__ import annotations

import pytest

from llmcost.core.columns import fraction, on_the_point, pointed


@pytest.mark.parametrize(
    ("cell", "text"),
    [("0.5", ".5"), ("1,920", ""), ("", ""), ("error", ""), (">=1.50", ".50"), ("1.", "")],
)
def test_fraction(cell, text):
    """A point with digits behind it, to the end."""
    assert fraction(cell) == text


@pytest.mark.parametrize(("cell", "text"), [("0.5", "0.5   "), ("12", "12     "), ("error", "error"), ("", "")])
def test_pointed(cell, text):
    """A number gets room for five more characters behind its whole part."""
    assert pointed(cell, 5) == text


def test_a_column():
    """Written to the right, the points of all numbers stand in one line."""
    assert on_the_point(["0.000215", "12", "0.0024", "unpriced", ""]) == [
        "0.000215",
        "12       ",
        "0.0024  ",
        "unpriced",
        "",
    ]
    assert on_the_point([]) == []
