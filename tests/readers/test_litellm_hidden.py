"""What LiteLLM keeps beside a response: in its own objects, and in dicts made of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, Usage, read_usage
from llmcost.errors import UnknownModelError, UnpricedUsageError
from tests.litellm_objects import answer, class_of, made

RATES = {"input_cost_per_token": 2e-6, "output_cost_per_token": 4e-6}
ROWS = {
    "big": {**RATES, "litellm_provider": "acme"},
    "small": {"input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6, "litellm_provider": "acme"},
    "tiers": {**RATES, "input_cost_per_token_flex": 5e-7, "output_cost_per_token_flex": 1e-6},
    "whisper": {"input_cost_per_second": 1e-4, "mode": "audio_transcription"},
    "clocked": {"cost_per_second": 0.001},
}
MAP = CostMap(ROWS)


def chat(model, hidden=None, **usage):
    """Return a body of 1000 + 100 tokens; with LiteLLM's hidden fields among its own if there are any."""
    counters = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100, **usage}
    body = {"object": "chat.completion", "id": "chatcmpl-1", "model": model, "choices": [], "usage": counters}
    return body if hidden is None else {**body, "_hidden_params": hidden}


BOTH = pytest.mark.parametrize(
    "form", [chat, lambda model, hidden: answer(model, 1000, 100, hidden)], ids=["dict", "object"]
)


@BOTH
@pytest.mark.parametrize(
    ("word", "total"),
    [("ON_DEMAND_FLEX", "0.0006"), ("FLEX", "0.0006"), ("ON_DEMAND", "0.0024"), (None, "0.0024")],
)
def test_the_traffic_type_is_the_tier_that_was_served(form, word, total):
    """1000 x 5e-7 + 100 x 1e-6 in flex, 1000 x 2e-6 + 100 x 4e-6 else."""
    assert str(MAP.calculate(form("tiers", {"provider_specific_fields": {"traffic_type": word}}))) == total


@BOTH
def test_the_model_that_answered_is_priced(form):
    """1000 x 1e-6 + 100 x 1e-6, although the response still says big."""
    cost = MAP.calculate(form("big", {"provider_response_model": "small"}))
    assert (cost.total, cost.matched_as) == (Decimal("0.0011"), "small")


def test_a_response_without_a_model_has_the_hidden_one():
    """A transcript names none: 30 s x 1e-4, with the length that only the hidden fields state."""
    body = {"text": "hi", "usage": None, "_hidden_params": {"model": "whisper", "audio_transcription_duration": 30}}
    assert str(MAP.calculate(body)) == "0.003"
    spoken = made("TranscriptionResponse", body["_hidden_params"], text="hi")
    assert str(MAP.calculate(spoken)) == "0.003"


@BOTH
def test_what_was_booked_counts_where_the_model_is_unknown(form):
    """It is stated, and it is no bill: our own calculation is stronger, and a 0 is a calculation that failed."""
    unknown = MAP.calculate(form("in-house", {"response_cost": 0.0123}))
    assert (unknown.total, unknown.counts) == (Decimal("0.0123"), "reported")
    known = MAP.calculate(form("big", {"response_cost": 0.5}))
    assert (known.total, known.reported, known.counts) == (Decimal("0.0024"), Decimal("0.5"), "calculated")
    assert MAP.calculate(form("big", {"response_cost": 0.5}), prefer="reported").total == Decimal("0.5")
    with pytest.raises(UnknownModelError):
        MAP.calculate(form("in-house", {"response_cost": 0.0}))


@pytest.mark.parametrize("header", ["llm_provider-x-litellm-response-cost", "x-litellm-response-cost"])
def test_what_a_proxy_further_on_booked(header):
    """The header is text."""
    cost = MAP.calculate(chat("in-house", {"additional_headers": {header: "0.0042"}}))
    assert cost.total == Decimal("0.0042")


@BOTH
def test_a_cost_that_litellm_wrote_is_no_bill(form):
    """It writes its own float into the usage of what it assembles: 1000 x 2e-6 + 100 x 4e-6 is calculated."""
    if form is chat:
        response = chat("big", {"custom_llm_provider": "acme"}, cost=0.0024000000000000003)
    else:
        response = answer("big", 1000, 100, {"custom_llm_provider": "acme"})
        response.usage.cost = 0.0024000000000000003
    cost = MAP.calculate(response)
    assert (cost.total, cost.counts) == (Decimal("0.0024"), "calculated")


@pytest.mark.parametrize(
    ("hidden", "more"),
    [({"custom_llm_provider": "openrouter"}, {}), ({"custom_llm_provider": "acme"}, {"id": "gen-1", "provider": "X"})],
    ids=["a seller that reports", "the body proves one"],
)
def test_a_cost_that_a_seller_states_is_its_bill(hidden, more):
    """Through LiteLLM as without it."""
    cost = MAP.calculate({**chat("big", hidden, cost=0.5), **more})
    assert (cost.total, cost.counts) == (Decimal("0.5"), "reported")


def test_without_litellm_a_stated_cost_is_the_bill():
    """The rule is LiteLLM's; a body without its fields is one of the seller's."""
    assert MAP.calculate(chat("big", cost=0.5)).total == Decimal("0.5")


@BOTH
def test_the_id_of_a_deployment_finds_what_is_registered_under_it(form):
    """LiteLLM's router registers the prices of each deployment under its id: 1000 x 7e-6 + 100 x 9e-6."""
    prices = CostMap(ROWS)
    prices.register_model({"dep-1": {"input_cost_per_token": 7e-6, "output_cost_per_token": 9e-6}})
    cost = prices.calculate(form("big", {"model_id": "dep-1"}))
    assert str(cost) == "0.0079"
    assert {line.layer for line in cost.line_items} == {"registered"}
    # Of an id that nobody registered nothing follows.
    assert str(prices.calculate(form("big", {"model_id": "another"}))) == "0.0024"


def test_prices_of_a_deployment_lie_over_those_of_its_model():
    """Key by key, as those of a configuration do: 1000 x 7e-6, and the model's 100 x 4e-6."""
    prices = CostMap(ROWS)
    prices.register_model({"dep-1": {"input_cost_per_token": 7e-6}})
    assert str(prices.calculate(chat("big", {"model_id": "dep-1"}))) == "0.0074"
    assert str(prices.calculate(chat("big"), deployment="dep-1")) == "0.0074"


def test_who_was_called_and_how_long_it_took():
    """The provider, the region and the measured time; what the caller states of them is stronger."""
    hidden = {"custom_llm_provider": "bedrock", "region_name": "eu-west-1", "model_id": "d", "_response_ms": 1500}
    usage = read_usage(chat("big", hidden))
    assert (usage.provider, usage.region, usage.model_id, usage.elapsed) == ("bedrock", "eu-west-1", "d", 1.5)
    assert str(MAP.calculate(chat("clocked", {"_response_ms": 1500}))) == "0.0015"
    assert str(MAP.calculate(chat("clocked", {"_response_ms": 1500}), elapsed=2)) == "0.002"


def test_a_proxy_is_no_seller():
    """Who passes a call on has no rows of its own."""
    assert str(MAP.calculate(chat("big", {"custom_llm_provider": "litellm_proxy"}))) == "0.0024"


def test_a_booked_cost_stays_one_in_a_sum_and_in_a_dict():
    """Two calls together have been booked like each of them."""
    one = read_usage(chat("big", {"response_cost": 0.5}))
    assert (one + one).booked
    assert (one + one).reported == Decimal("1.0")
    assert one.to_dict()["booked"] is True
    assert Usage(input=1, reported=2).booked is False


def test_nothing_reported_is_still_an_error():
    """A booked 0 is no cost that could be preferred."""
    with pytest.raises(UnpricedUsageError):
        MAP.calculate(chat("big", {"response_cost": 0}), prefer="reported")


@pytest.mark.parametrize(
    "body",
    [
        {
            "object": "response",
            "model": "in-house",
            "output": [],
            "usage": {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100},
        },
        {
            "type": "message",
            "role": "assistant",
            "content": [],
            "model": "in-house",
            "usage": {"input_tokens": 1000, "output_tokens": 100},
        },
        {
            "candidates": [],
            "modelVersion": "in-house",
            "usageMetadata": {"promptTokenCount": 1000, "candidatesTokenCount": 100, "totalTokenCount": 1100},
        },
    ],
    ids=["Responses", "Anthropic", "Gemini"],
)
def test_every_envelope_may_have_them(body):
    """What was booked stands in for the price of an unknown model; the deployment and the seller are read."""
    hidden = {"response_cost": 0.0123, "custom_llm_provider": "acme", "model_id": "d1"}
    usage = read_usage({**body, "_hidden_params": hidden})
    assert usage.quantities == {"input": 1000, "output": 100}
    assert (usage.reported, usage.booked, usage.model_id) == (Decimal("0.0123"), True, "d1")
    assert MAP.calculate({**body, "_hidden_params": hidden}).total == Decimal("0.0123")


def test_chunks_have_them():
    """Objects of LiteLLM's stream hide the same: 1000 x 2e-6 + 100 x 4e-6, of the deployment d1."""
    hidden = {"model_id": "d1", "custom_llm_provider": "acme", "response_cost": 0.1}
    text = made("ModelResponseStream", hidden, model="big", choices=[{"index": 0, "delta": {"content": "x"}}])
    usage = class_of("Usage")(prompt_tokens=1000, completion_tokens=100, total_tokens=1100)
    end = {"index": 0, "delta": {}, "finish_reason": "stop"}
    last = made("ModelResponseStream", hidden, model="big", choices=[end], usage=usage)
    usage = read_usage([text, last])
    assert (usage.quantities, usage.model_id) == ({"input": 1000, "output": 100}, "d1")
    assert (usage.provider, usage.booked) == ("acme", True)
    assert str(MAP.calculate([text, last]).total) == "0.0024"


@BOTH
def test_the_cache_of_litellm_answered(form):
    """Nothing is billed again, and the answer has the counters of the call that was kept."""
    cost = MAP.calculate(form("small", {"cache_hit": True}))
    assert (cost.total, cost.complete, cost.usage.free) == (0, True, "answered from LiteLLM's cache")


def test_embeddings_may_be_kept_in_part():
    """LiteLLM says the same of texts of which only some were kept: 10 x 2e-06, with a note."""
    used = {"prompt_tokens": 10, "total_tokens": 10}
    response = {"object": "list", "data": [{"object": "embedding", "embedding": [0.1], "index": 0}], "usage": used}
    cost = MAP.calculate({**response, "_hidden_params": {"cache_hit": True}}, model="big")
    assert (cost.total, "fact_not_applied" in {note.code for note in cost.notes}) == (Decimal("0.00002"), True)
