"""Why a rate is not in force is a value; words are made of it where a person reads."""

from __future__ import annotations

import pytest

from llmcost import CostMap
from llmcost.core import rate as reasons
from llmcost.core.bill import why_not
from llmcost.core.rate import Rate, Shadow

RATE = Rate("input", (), (1, 4), "map", "m", "k")


@pytest.mark.parametrize(
    ("reason", "what", "words"),
    [
        ("SET", "", "call sets it"),
        ("UNSET", "", "call un-sets it"),
        ("CARD_REPLACED", "", "call replaces the card"),
        ("FREE_MODEL", "", "call states that the model is free"),
        ("ANOTHER_UNIT", "second", "call prices this model by the second"),
        ("ZERO_BESIDE_A_PRICE", "", "a token rate of 0 beside another unit's price"),
        ("LIKE_ITS_PARENT", "input", "equal to the rate of input, which it follows"),
        ("ROUTING_FEE", "", "a router's fee is no price of an answer"),
        ("IMAGE_PRICE", "", "call sets what an image costs"),
        ("PRICED_BY_SIZE", "m of quality=hd is priced by hd 256x256", "m of quality=hd is priced by hd 256x256"),
    ],
)
def test_every_reason_in_words(reason, what, words):
    """Each has its own."""
    assert why_not(Shadow(RATE, "call", getattr(reasons, reason), what)) == words


def test_a_shadow_shows_what_it_holds():
    """The rate, the reason, and who is behind it."""
    shown = repr(Shadow(RATE, "call", reasons.ANOTHER_UNIT, "second"))
    assert shown == "<<input 0.25 USD, map m:k>: another unit, call, second>"


def test_a_reason_is_compared_as_a_value():
    """A price of the call sets the map's input and un-sets its output."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}})
    card = prices.rate_card("m", prices={"input_cost_per_token": 3e-06, "output_cost_per_token": None})
    assert {(s.rate.meter, s.reason, s.by) for s in card.shadowed} == {
        ("input", reasons.SET, "call"),
        ("output", reasons.UNSET, "call"),
    }
