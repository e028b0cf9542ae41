"""Examples in the docstrings of a tool are run by its tests."""

from __future__ import annotations

import doctest


def assert_true(module):
    """Run the examples of a module: there are some, and each of them holds."""
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed
