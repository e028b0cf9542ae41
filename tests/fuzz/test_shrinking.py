"""Of an input that fails, the least that still does."""

from __future__ import annotations

from .shrinking import shrunk


def test_bytes_and_values():
    """All that the failure does not need is gone, at every depth."""
    assert shrunk(b"a long text with an x in it", lambda data: b"x" in data) == b"x"
    value = {"a": [1, {"b": [2, 2], "c": 3}], "d": {"e": 4}}
    assert shrunk(value, lambda given: "'b'" in repr(given)) == {"a": [{"b": []}]}
    assert shrunk([1, 2, 3], lambda given: sum(given) >= 5) == [2, 3]


def test_an_input_that_needs_all_of_itself_stays():
    assert shrunk(b"ab", lambda data: data == b"ab") == b"ab"
