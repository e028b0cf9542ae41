"""A module that loads when something of it is asked for, and stays at hand from then on."""

from __future__ import annotations

import math
import sys

import pytest

from llmcost.core.late import Late


def test_a_name_is_looked_for_once():
    """lcm(4, 6) is 12. What was asked for is an attribute like any other from then on."""
    late = Late("math")
    assert late.lcm(4, 6) == 12
    assert vars(late)["lcm"] is math.lcm


def test_the_module_loads_when_something_of_it_is_asked_for(monkeypatch):
    """To name a module loads nothing: ``colorsys`` is one that nothing else here imports."""
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    late = Late("colorsys")
    assert "colorsys" not in sys.modules
    assert late.rgb_to_hsv(0.5, 0.5, 0.5) == (0.0, 0.0, 0.5)
    assert "colorsys" in sys.modules


def test_a_name_that_the_module_has_not_is_an_error():
    """The error is that of the module itself, and names both."""
    late = Late("math")
    with pytest.raises(AttributeError, match="'math' has no attribute 'no_such_name'"):
        _ = late.no_such_name
