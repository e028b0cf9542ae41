"""The decision path: every rate of every layer, with what became of it."""

from __future__ import annotations

from llmcost import CostMap, Usage
from llmcost.core.bill import decision_path, layer_lines
from llmcost.core.rate import Rate
from llmcost.core.ratecard import RateCard
from llmcost.core.term import Term


def words(lines) -> list[str]:
    return [" ".join(line.split()) for line in lines]


def test_every_rate_of_every_layer():
    """Billed, in force, not used and why; derived ones with their rule and condition."""
    entry = {"input_cost_per_token": 2e-06, "output_cost_per_token": 8e-06, "litellm_provider": "anthropic"}
    prices = CostMap({"m": entry})
    cost = prices.calculate(usage=Usage(input=5, cache_write=1), model="m", output_cost_per_token=1e-05)
    rows = words(line for block in decision_path(cost) for line in block)
    assert rows[:4] == [
        "decision path",
        "asked for the call says 'm'",
        "names tried m",
        "priced as m (match rule: exact)",
    ]
    assert rows[4] == "layers, strongest first"
    assert "output_cost_per_token 0.00001 USD/token in force" in rows
    assert "output_cost_per_token 0.000008 USD/token not used: call sets it" in rows
    assert "input_cost_per_token 0.000002 USD/token billed" in rows
    assert "input_cost_per_token 0.0000025 USD/token billed (1.25 x input)" in rows
    assert "input_cost_per_token [tier batches] 0.000001 USD/token in force (batch = 0.5 x standard)" in rows


def test_terms_stand_below_the_layers():
    """What is taken off and added, and where it was set."""
    terms = (Term("discount", (1, 10), "config", "a", "discount"), Term("fee", (1, 4), "config", "b", "fee"))
    card = RateCard([Rate("input", (), (1, 2), "map", "m", "k")], name="m", terms=terms)
    assert words(layer_lines(card)) == [
        "map m",
        "k 0.5 USD/token in force",
        "terms, each on the sum before it",
        "discount 0.1 config a: discount",
        "fee 0.25 USD for each call config b: fee",
    ]


def test_a_card_made_by_hand_has_no_path():
    """Its layers are all there is to show; an empty one shows that it is empty."""
    tariff_of = RateCard((), name="m", layers=(("map", "m"),))
    assert words(layer_lines(tariff_of)) == ["map m"]
    prices = CostMap({"n": {"input_cost_per_token": 1e-06}})
    usage = Usage(parts=(Usage(input=1, model="n"), Usage(input=1, model="zz")))
    cost = prices.calculate(usage=usage, model="only-parts")
    rows = words(line for block in decision_path(cost) for line in block)
    assert rows[0] == "layers, strongest first"
    assert "decision path of the part n" in rows
    assert not any("zz" in row for row in rows)
