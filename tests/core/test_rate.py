"""Why a rate is not in force is a value; words are made of it where a person reads."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from llmcost import CostMap
from llmcost.core import rate as reasons
from llmcost.core.bill import why_not
from llmcost.core.lines import LineItem
from llmcost.core.rate import Rate, Shadow
from llmcost.core.term import Fee, has_price

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


def test_a_fee_keeps_what_it_was_made_of():
    """A quarter of a dollar a lookup; the entry and the key are empty where nobody names them."""
    fee = Fee("crm", "lookup", (1, 4), "config", "m", "llmcost.fees.crm")
    assert (fee.name, fee.unit, fee.numerator, fee.denominator) == ("crm", "lookup", 1, 4)
    assert (fee.layer, fee.map_key, fee.price_key) == ("config", "m", "llmcost.fees.crm")
    bare = Fee("crm", "lookup", (1, 4), "config")
    assert (bare.layer, bare.map_key, bare.price_key) == ("config", "", "")


@pytest.mark.parametrize(
    ("meters", "priced"),
    [
        ((), False),
        (("discount",), False),
        (("margin", "fee"), False),
        (("input",), True),
        (("discount", "input"), True),
        (("fee:crm",), True),
        (("free",), True),
    ],
)
def test_terms_alone_are_no_price(meters, priced):
    """A discount of nothing is no bill; a fee of one's own, or a line that is free, is a price."""
    lines = [LineItem("m", meter, 1, "unit", Decimal(0), Decimal(0)) for meter in meters]
    assert has_price(lines) is priced


def test_a_rate_is_per_unit_and_per_million():
    """1/400000 USD a token is 2.5 USD for a million of them."""
    rate = Rate("input", (), (1, 400_000), "map", "m", "k")
    assert (rate.usd, rate.per_million) == (Decimal("0.0000025"), Decimal("2.5"))


def test_doubts_of_a_price_are_those_of_a_public_row():
    """A row of the map whose price moves or is disputed, once for all of its lines; one's own price is in no doubt."""
    source = {"moves": "one of several hosts", "confidence": "disputed", "differ": {"b": {}, "a": {}}}
    rows = [SimpleNamespace(map_key="m", layer="map", source=source)] * 2
    own = SimpleNamespace(map_key="n", layer="call", source=source)
    found = list(reasons.price_doubts([*rows, own]))
    assert [(note.code, str(note)) for note in found] == [
        ("disputed_price", "the price of m is disputed: a, b differ"),
        ("moving_price", "the price of m moves: one of several hosts"),
    ]
