"""What LiteLLM's functions take beside a response."""

from __future__ import annotations

import warnings
from decimal import Decimal

import pytest

from llmcost import (
    ArgumentError,
    CostMap,
    IgnoredArgumentWarning,
    InconsistentUsageError,
    LLMCostWarning,
    MissingUsageError,
)
from llmcost.api import floats
from llmcost.api.arguments import facts_of, tools_of
from tests.litellm_objects import answer

ROWS = {
    "chat": {"input_cost_per_token": 2e-6, "output_cost_per_token": 1e-5},
    "tools": {
        "input_cost_per_token": 2e-6,
        "output_cost_per_token": 1e-5,
        "vector_store_cost_per_gb_per_day": 0.1,
        "code_interpreter_cost_per_session": 0.03,
        "computer_use_input_cost_per_1k_tokens": 0.003,
        "computer_use_output_cost_per_1k_tokens": 0.012,
    },
    "draws": {"output_cost_per_image": 0.08, "output_cost_per_image_2K": 0.12, "mode": "image_generation"},
    "films": {"output_cost_per_video_per_second": 0.1, "output_cost_per_video_per_second_1080p": 0.3},
    "spoken": {"input_cost_per_character": 1e-6, "output_cost_per_character": 2e-6},
    "timed": {"input_cost_per_second": 0.01},
}
MAP = CostMap(ROWS)
ANSWER = {
    "object": "chat.completion",
    "model": "chat",
    "choices": [],
    "usage": {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150},
}


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch):
    """What was warned of before is warned of again."""
    monkeypatch.setattr(floats, "_warned", type(floats._warned)())


def test_parameters_of_the_request_that_are_facts():
    """Under their own names and LiteLLM's, numbers as text too; what leaves the choice open says nothing."""
    given = {"resolution": "2K", "seconds": "8", "n": 2, "service_tier": "flex", "quality": "auto", "model": "x"}
    assert facts_of(given) == {"resolution": "2K", "duration": Decimal(8), "n": 2, "service_tier": "flex"}
    assert facts_of({"width": 1024, "height": 768}) == {"size": "1024x768"}
    assert facts_of({"width": 1024, "height": 768, "size": "1x1"}) == {"size": "1x1"}
    assert facts_of({"temperature": 1, "prices": {}, "provider": "y", "at": 1, "seconds": "long"}) == {}


def test_a_resolution_among_the_parameters():
    """0.12 an image at 2K, 0.08 without."""
    drawn = {"created": 1, "data": [{"url": "a"}]}
    params = {"resolution": "2K"}
    assert MAP.completion_cost(drawn, model="draws", call_type="image_generation", optional_params=params) == 0.12
    assert MAP.completion_cost(drawn, model="draws", call_type="image_generation") == 0.08


def test_an_argument_is_stronger_than_a_parameter():
    """4 s x 0.3, and not 8 s x 0.1."""
    params = {"seconds": 8, "resolution": "720p"}
    assert MAP.completion_cost(None, "films", duration=4, resolution="1080p", optional_params=params) == 1.2


def test_what_tools_used_is_billed_beside_the_tokens():
    """100 x 2e-6 + 50 x 1e-5 = 0.0007; 2 GB for 15 days x 0.1; 3 sessions x 0.03; 2000 x 3e-6 + 500 x 1.2e-5."""
    for response in (ANSWER, answer("chat", 100, 50)):
        stored = {"vector_store_usage": {"storage_gb": 2, "days": 15}}
        assert MAP.completion_cost(response, "tools", standard_built_in_tools_params=stored) == 3.0007
        sessions = {"code_interpreter_sessions": 3}
        assert MAP.completion_cost(response, "tools", standard_built_in_tools_params=sessions) == 0.0907
        used = {"computer_use_usage": {"input_tokens": 2000, "output_tokens": 500}}
        assert MAP.completion_cost(response, "tools", standard_built_in_tools_params=used) == 0.0127


def test_a_tool_that_a_request_only_offers_costs_nothing():
    """The size of a search's context is a fact all the same."""
    assert tools_of({"file_search": {"type": "file_search"}, "web_search_options": None}) == ({}, {})
    assert tools_of({"web_search_options": {"search_context_size": "low"}}) == ({}, {"search_context_size": "low"})
    assert tools_of({"vector_store_usage": {"storage_gb": 0.5, "days": 3}})[0] == {"storage_gb_days": Decimal("1.5")}
    with pytest.raises(InconsistentUsageError, match="storage_gb"):
        tools_of({"vector_store_usage": {"storage_gb": -1, "days": 3}})


def test_a_tool_that_nobody_knows_is_warned_of():
    """Once."""
    with pytest.warns(IgnoredArgumentWarning, match="teleport"):
        assert MAP.completion_cost(ANSWER, standard_built_in_tools_params={"teleport": {"jumps": 3}}) == 0.0007
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert MAP.completion_cost(ANSWER, standard_built_in_tools_params={"teleport": {"jumps": 3}}) == 0.0007


@pytest.mark.parametrize("key", ["model", "usage", "service_tier", 5, b"input_cost_per_token", None])
def test_custom_prices_have_price_keys_alone(key):
    """Any other key is no fact of the call, and no argument of Python's either."""
    with pytest.raises(ArgumentError, match=r"^custom_cost_per_token: .* is no price key$"):
        MAP.completion_cost(ANSWER, custom_cost_per_token={key: 1e-6})


def test_characters_need_no_tokenizer():
    """15 characters x 1e-6, white space included; 5 x 2e-6 of the answer."""
    assert MAP.completion_cost(model="spoken", prompt="some words here", call_type="speech") == 1.5e-05
    assert MAP.completion_cost(model="spoken", prompt="some words here", completion="sound") == 2.5e-05
    said = [{"role": "user", "content": "some words here"}]
    assert MAP.completion_cost(model="spoken", messages=said) == 1.5e-05
    own = {"input_cost_per_character": 3e-6}
    assert MAP.completion_cost(model="mine", prompt="some words here", **own) == 4.5e-05


def test_speech_is_billed_by_its_text_whatever_its_audio():
    """The response is audio, and counts nothing; what the provider billed may stand beside it."""

    class Audio:
        _hidden_params = {"billed_characters": 12}

    assert MAP.completion_cost(b"...", "spoken", "some words here", call_type="aspeech") == 1.5e-05
    assert MAP.completion_cost(Audio(), "spoken", "some words here", call_type="aspeech") == 1.2e-05


def test_a_response_is_stronger_than_its_text():
    """LiteLLM's callers give both."""
    assert MAP.completion_cost(ANSWER, prompt="words", completion="words") == 0.0007


def test_characters_of_an_answer_beside_its_tokens():
    """100 x 1e-6, and 50 characters x 2e-6; where the card sells tokens they are counted."""
    used = {"prompt_tokens": 20, "completion_tokens": 10, "total_tokens": 30}
    both = {"prompt_characters": 100, "completion_characters": 50, "usage_object": used}
    assert MAP.cost_per_token("spoken", **both) == (0.0001, 0.0001)
    assert MAP.cost_per_token("chat", **both) == (4e-05, 0.0001)


def test_nothing_to_price_says_what_to_give():
    """A model alone is no call."""
    with pytest.raises(MissingUsageError, match="usage="):
        MAP.completion_cost(model="chat")


def test_the_id_of_a_router_finds_registered_prices():
    """100 x 2e-4 + 10 x 1e-3; an unknown id, and any with custom_pricing=False, says nothing."""
    prices = CostMap(ROWS)
    prices.register_model({"dep-1": {"input_cost_per_token": 2e-4, "output_cost_per_token": 1e-3}})
    called = {**ANSWER, "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}
    assert prices.completion_cost(called, "chat", custom_pricing=True, router_model_id="dep-1") == 0.03
    assert prices.completion_cost(called, router_model_id="dep-1") == 0.03
    assert prices.completion_cost(called, custom_pricing=False, router_model_id="dep-1") == 0.0003
    assert prices.completion_cost(called, router_model_id="0123abc") == 0.0003
    # The operator's own price is stronger than what the seller reports.
    reported = {**called, "usage": {**called["usage"], "cost": 0.0009}}
    assert prices.completion_cost(reported, router_model_id="dep-1") == 0.03
    assert prices.completion_cost(reported) == 0.0009


def test_an_entry_of_a_model_may_be_the_price_of_a_call():
    """100 x 1e-6 + 50 x 3e-6; limits are no prices, and a key without a value sets none."""
    info = {
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 3e-6,
        "max_tokens": 9,
        "cache_read_input_token_cost": None,
    }
    assert MAP.completion_cost(ANSWER, requested_model_info_override=info) == 0.00025
    assert MAP.cost_per_token("chat", 100, 50, requested_model_info_override=info) == (0.0001, 0.00015)
    assert (
        MAP.batch_cost_calculator(ANSWER["usage"], "chat", model_info={"input_cost_per_token_batches": 5e-7})[0]
        == 5e-05
    )


def test_the_request_of_a_router_adds_its_fee():
    """100 x (2e-6 + 1.4e-7): the fee is on every token of the prompt."""
    prices = CostMap(
        {
            "azure_ai/model_router": {
                "input_cost_per_token": 1.4e-7,
                "output_cost_per_token": 0,
                "litellm_provider": "azure_ai",
            },
            "azure/chat": {**ROWS["chat"], "litellm_provider": "azure"},
        }
    )
    fee = prices.cost_per_token("azure/chat", 100, 50, request_model="azure_ai/model_router/ours")
    assert fee == (0.000214, 0.0005)
    assert prices.cost_per_token("azure/chat", 100, 50, request_model="ours") == (0.0002, 0.0005)


def test_a_long_time_is_most_likely_milliseconds():
    """LiteLLM's total_time is; ours is seconds, which is said where it hardly can be."""
    with pytest.warns(LLMCostWarning, match="response_time_ms"):
        assert MAP.completion_cost(model="timed", total_time=2000) == 20
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert MAP.completion_cost(model="timed", total_time=600) == 6


@pytest.mark.parametrize("beside", ["data_residency", "vertex_location"])
def test_a_second_region_is_told(beside):
    """A call has one region: the first that LiteLLM's argument names is used, and the other one is named."""
    places = {"region_name": "us", beside: "eu"}
    prices = CostMap()
    counted = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    with pytest.warns(IgnoredArgumentWarning, match=f"{beside}: 'eu' is not used beside region_name='us'"):
        prices.completion_cost(usage=counted, model="gpt-5.4", **places)


def test_a_region_of_calculate_is_stronger_than_a_place_of_litellm():
    """A batch in the EU costs 1.1 times half of 2.5 and 15 a million: 1000 and 100 tokens, both sides of the tuple."""
    counted = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    with pytest.warns(IgnoredArgumentWarning, match="vertex_location: 'us-east5' is not used beside region='eu'"):
        cost = CostMap().batch_cost_calculator(counted, "gpt-5.4", region="eu", vertex_location="us-east5")
    assert cost == (0.001375, 0.000825)
