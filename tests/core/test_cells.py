"""Cells of CSV that a spreadsheet would run, and those that it would not."""

from __future__ import annotations

import pytest

from llmcost.core.cells import safe
from llmcost.errors import printable


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1", "\t=1", "\r=1", "\n=1", "\tA", "\rA", "\nA", "-", "-0.5\n"]
)
def test_what_a_spreadsheet_would_run_is_guarded(text):
    assert safe(text) == f"'{printable(text)}"


@pytest.mark.parametrize("text", ["", "gpt-4o", "a=1", "-0.25", "+7", "-12", "0.0035"])
def test_names_and_numbers_stay_as_they_are(text):
    """A credit is a number below 0."""
    assert safe(text) == text
