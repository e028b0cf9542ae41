"""What is asked for: whose price is used where the caller, the response and the configuration name different things."""

from __future__ import annotations

import pytest

from llmcost import CostMap, UnknownModelError, Usage
from llmcost.core.term import Term
from llmcost.prices.asked import Asked
from llmcost.prices.deployment import Deployment
from llmcost.prices.deployments import Deployments

ONE, TWO, THREE = ({"input_cost_per_token": price} for price in (1e-06, 2e-06, 3e-06))
MILLION = Usage(input=1_000_000)
TEN = Term("discount", (1, 10), "config")


def chat(model):
    usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    return {"object": "chat.completion", "model": model, "usage": usage}


def codes(cost):
    return [note.code for note in cost.notes]


def lines(cost):
    return [format(line.amount, "f") for line in cost.line_items]


def test_the_fallback_that_answered_is_noted():
    """The note names what was called and what answered: 1,000,000 tokens at 2 USD per million."""
    prices = CostMap({"openai/small": ONE, "openai/large": TWO}).with_deployments(
        Deployments(
            [Deployment("fast", "openai/small"), Deployment("big", "openai/large")], fallbacks={"fast": ("big",)}
        )
    )
    cost = prices.calculate(chat("large"), model="fast")
    [note] = [note for note in cost.notes if note.code == "fallback_answered"]
    assert (str(note), note.about) == ("'fast' was called and its fallback 'big' answered, which is priced", "big")
    assert (cost.model, cost.matched_as, lines(cost)) == ("fast", "openai/large", ["2"])


@pytest.mark.parametrize(
    ("stated", "expected"),
    [({"litellm_provider": "acme"}, ["3", "-0.3"]), ({"litellm_provider": "other"}, ["3"]), ({}, ["3"])],
)
def test_a_registered_row_states_whose_discount_holds(stated, expected):
    """A model that the map does not have: 3 USD, less 10 % where the row names the provider with the discount."""
    prices = CostMap({"m": ONE}).with_deployments(Deployments((), discounts={"acme": (TEN,)}))
    prices.register({"mine": {**THREE, **stated}})
    assert lines(prices.calculate(usage=MILLION, model="mine")) == expected


def test_a_response_that_several_sell_settles_no_unknown_name():
    """Its model has two prices, and neither the caller nor the response says whose is meant."""
    prices = CostMap({"a/m": ONE, "b/m": TWO})
    with pytest.raises(UnknownModelError, match="'my-name'"):
        prices.calculate(chat("m"), model="my-name")
    cost = prices.calculate(chat("m"), model="my-name", provider="b")
    assert (cost.matched_as, lines(cost)) == ("b/m", ["2"])
    assert "response_model_priced" in codes(cost)


@pytest.mark.parametrize(("model", "matched"), [("my-name", "mine"), ("acme/my-name", "acme/theirs")])
def test_a_response_that_names_a_registered_model_settles_an_unknown_name(model, matched):
    """A registered price is known as the map's are: 3 USD a million."""
    prices = CostMap({"acme/m": {**ONE, "litellm_provider": "acme"}})
    prices.register({"mine": THREE, "acme/theirs": THREE})
    cost = prices.calculate(chat(matched.rpartition("/")[2]), model=model)
    assert (cost.matched_as, lines(cost)) == (matched, ["3"])
    assert "response_model_priced" in codes(cost)


@pytest.mark.parametrize(("answered", "noted"), [("n", False), ("other", True), ("nobody-knows-this", False)])
def test_another_model_in_the_response_is_noted_where_it_is_known(answered, noted):
    """The caller's name is priced; an answer that several sell at two prices is not taken for another model."""
    prices = CostMap({"m": ONE, "other": TWO, "a/n": TWO, "b/n": THREE})
    cost = prices.calculate(chat(answered), model="m")
    assert (cost.matched_as, lines(cost), "other_model" in codes(cost)) == ("m", ["1"], noted)


@pytest.mark.parametrize("facts", [{"deployment": "own-id"}, {"model_id": "own-id"}])
def test_a_price_that_is_registered_under_an_id(facts):
    """It is that deployment's, whatever its model costs elsewhere; its trail says how it was found."""
    prices = CostMap({"m": ONE})
    prices.register({"own-id": THREE})
    card = prices.card(Asked("m", **facts))
    assert (card.model, str(card.cells["input", ()].usd)) == ("m", "0.000003")
    assert any("registered under its id 'own-id'" in str(step) for step in card.trail)
    assert str(prices.card(Asked("m")).cells["input", ()].usd) == "0.000001"


def test_an_id_that_is_registered_without_a_price_is_no_deployment():
    """An id of the response says nothing then; one that the call names is an error."""
    prices = CostMap({"m": ONE})
    prices.register({"own-id": {"mode": "chat"}})
    assert str(prices.card(Asked("m", model_id="own-id")).cells["input", ()].usd) == "0.000001"
    with pytest.raises(UnknownModelError, match="no configuration has a deployment 'own-id'"):
        prices.card(Asked("m", deployment="own-id"))


def test_the_configuration_is_stronger_than_what_is_registered_under_an_id():
    """Its own deployment of that id is meant: 2 USD per million, as its backend costs."""
    prices = CostMap({"m": ONE, "openai/n": TWO}).with_deployments(
        Deployments([Deployment("chat", "openai/n", id="own-id")])
    )
    assert prices.has_deployment("own-id")
    prices.register({"own-id": THREE})
    assert str(prices.card(Asked("m", deployment="own-id")).cells["input", ()].usd) == "0.000002"


def test_the_discount_of_the_provider_in_the_name_of_a_price_of_one_s_own():
    """A tenth off 1 USD: a registered row that no row of the map matches names its provider in its prefix."""
    base = CostMap({"azure/known": {**ONE, "litellm_provider": "azure"}})
    prices = base.with_deployments(Deployments([], discounts={"azure": (TEN,)}))
    prices.register({"azure/my-own": ONE})
    cost = prices.calculate(usage=MILLION, model="azure/my-own")
    assert lines(cost) == ["1", "-0.1"]
