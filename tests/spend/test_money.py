"""How an amount of money is kept: whole units of 1e-18 USD, and what is left as text."""

from __future__ import annotations

from fractions import Fraction

import pytest

from llmcost.spend.money import rest_of, rest_text, split


@pytest.mark.parametrize(
    ("rest", "text"),
    [
        (Fraction(0), None),
        (Fraction(1, 4), "25"),
        (Fraction(1, 3), "1/3"),
        (Fraction(1), "1/1"),
        (Fraction(3, 2), "3/2"),
        (Fraction(5, 2), "5/2"),
        (Fraction(-1, 4), "-1/4"),
    ],
)
def test_what_is_left_is_kept_whole(rest, text):
    """The digits behind the point stand for less than one unit; a sum of several and a difference are fractions."""
    assert rest_text(rest) == text
    if text is not None:
        assert rest_of(text) == rest


@pytest.mark.parametrize("sign", [1, -1])
def test_the_greatest_amount(sign):
    """2**63 - 1 nano are kept, as a signed integer of 64 bits holds them; one more is an error."""
    most = 2**63 - 1
    assert split(sign * most, 10**9) == (sign * most, 0, None)
    with pytest.raises(OverflowError):
        split(sign * (most + 1), 10**9)
