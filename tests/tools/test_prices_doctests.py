"""The examples in the docstrings of the price build are right."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import tools.prices

NAMES = [found.name for found in pkgutil.walk_packages(tools.prices.__path__, "tools.prices.")]


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith("__main__")])
def test_examples(name):
    """Every example gives what it says."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples():
    """The modules that hold some are among them."""
    assert {"tools.prices.ids", "tools.prices.spellings", "tools.prices.sources.azure"} <= set(NAMES)
