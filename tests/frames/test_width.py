"""Widths: what fits into 64 bits."""

from __future__ import annotations

import pytest

from tests.sdks import optional


@pytest.mark.parametrize(("most", "wide"), [((1 << 63) - 1, False), (1 << 63, True)])
def test_what_64_bits_hold(most, wide):
    """The greatest whole number of 64 bits with a sign is 2**63 - 1."""
    optional("narwhals")
    from llmcost.frames.width import Rates

    assert Rates({}, {}, {}, 1, most).wide is wide
