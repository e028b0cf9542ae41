"""Taking a part out of the whole that holds it."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError
from llmcost.readers.dialects.parts import take


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (0, {"input": 10, "cache_read": 5}),
        (5, {"input": 10, "cache_read": 5}),
        (6, {"input": 9, "cache_read": 6}),
        (15, {"cache_read": 15}),
    ],
)
def test_as_much_as_is_stated(stated, expected):
    """What is known already stays; the whole may become nothing."""
    quantities = {"input": 10, "cache_read": 5}
    take(quantities, "input", "cache_read", stated, "cached_tokens")
    assert quantities == expected


def test_more_than_there_is():
    """One token above the whole is an error that carries the counters."""
    with pytest.raises(InconsistentUsageError, match="cached_tokens=16 exceeds") as error:
        take({"input": 10, "cache_read": 5}, "input", "cache_read", 16, "cached_tokens")
    assert (error.value.whole, error.value.parts) == ({"input": 10, "cache_read": 5}, {"cached_tokens": 16})
