"""A warning points at the line that called llmcost."""

from __future__ import annotations

import warnings

import pytest

from llmcost import LLMCostWarning
from llmcost.core.warned import warn_caller


def test_it_points_at_the_caller():
    """At the line of this file, and not at one of the package."""
    with pytest.warns(LLMCostWarning, match="said") as caught:
        warn_caller("said", LLMCostWarning)
    assert caught[0].filename == __file__


def test_however_many_functions_of_the_package_are_between():
    """Functions of the package are not the caller; the first that is none is."""
    inside = {"__name__": "llmcost.inner", "warn_caller": warn_caller, "LLMCostWarning": LLMCostWarning}
    exec("def one(): warn_caller('said', LLMCostWarning)\ndef two(): one()", inside)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        inside["two"]()
    assert [warning.filename for warning in caught] == [__file__]
