"""Cells of CSV that a spreadsheet would run, and those that it would not."""

from __future__ import annotations

import pytest

from llmcost.core.cells import safe


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1", "-", "\uff1d1+1"])
def test_what_a_spreadsheet_would_run_is_guarded(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "shown"), [("\t=1", r"\t=1"), ("\r=1", r"\r=1"), ("\n=1", r"\n=1"), ("-0.5\n", r"-0.5\n")]
)
def test_a_control_character_is_spelled_out(text, shown):
    """What stood behind it is guarded as if it stood first."""
    assert safe(text) == f"'{shown}"


@pytest.mark.parametrize("text", ["", "gpt-4o", "a=1", "-0.25", "+7", "-12", "0.0035"])
def test_names_and_numbers_stay_as_they_are(text):
    """A credit is a number below 0."""
    assert safe(text) == text
