"""Whether a usage counts any work."""

from __future__ import annotations

import pytest

from llmcost import Usage
from llmcost.core.work import is_nothing


@pytest.mark.parametrize(
    "usage",
    [
        Usage(),
        Usage(input=0, duration=0),
        Usage(alternatives=(({"output_images": 0},),)),
        Usage(elapsed=5),
        Usage(parts=(Usage(output=0),)),
    ],
)
def test_nothing(usage):
    """Zeros, and how long it took."""
    assert is_nothing(usage)


@pytest.mark.parametrize(
    "usage",
    [
        Usage(output=1),
        Usage(duration=0.5),
        Usage(media=1),
        Usage(alternatives=(({"output_images": 0}, {"output_pixels": 9}),)),
        Usage(parts=(Usage(parts=(Usage(output=1),)),)),
    ],
)
def test_something(usage):
    """One count above 0, in whichever unit, in itself or in a part."""
    assert not is_nothing(usage)
