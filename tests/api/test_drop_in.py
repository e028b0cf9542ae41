"""LiteLLM's names, with LiteLLM's arguments."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from decimal import Decimal

import pytest

import llmcost
from llmcost import (
    CostMap,
    InconsistentUsageError,
    InvalidPriceError,
    SuspiciousPriceWarning,
    UnknownModelError,
    UnknownPriceKeyError,
    UnpricedUsageError,
    UnpricedUsageWarning,
    UsageError,
)
from llmcost.api import floats
from llmcost.api.logged import LoggedCostMap
from tests.sdks import optional

RESPONSE = {
    "object": "chat.completion",
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
}
# gpt-4o in the bundled map: 2.5e-6 in, 1e-5 out, 1.25e-6 cached; batches half of it.


def test_completion_cost_of_a_response():
    """1000 x 2.5e-6 + 100 x 1e-5."""
    assert llmcost.completion_cost(RESPONSE) == 0.0035
    assert llmcost.completion_cost(completion_response=RESPONSE, model="openai/gpt-4o") == 0.0035


def test_call_prices_are_used_and_do_not_leak():
    """1000 x 6e-6 + 100 x 3e-5 for this call, the map's price for the next one."""
    assert llmcost.completion_cost(RESPONSE, input_cost_per_token=6e-06, output_cost_per_token=3e-05) == 0.009
    custom = {"input_cost_per_token": 6e-06, "output_cost_per_token": 3e-05}
    assert llmcost.completion_cost(RESPONSE, custom_cost_per_token=custom) == 0.009
    assert llmcost.completion_cost(RESPONSE) == 0.0035


def test_seconds_are_seconds_and_milliseconds_are_milliseconds():
    """12.5 s x 0.00042, however the time is given."""
    price = {"custom_cost_per_second": 0.00042}
    expected = 0.00525
    assert llmcost.completion_cost(model="sagemaker/mine", total_time=12.5, **price) == expected
    assert llmcost.completion_cost(model="sagemaker/mine", duration=12.5, **price) == expected
    milliseconds = llmcost.completion_cost(RESPONSE, model="sagemaker/mine", response_time_ms=12500, **price)
    assert milliseconds == expected


def test_a_per_second_price_on_a_token_model_is_used():
    """The tokens of the response are not billed beside it, and a note says so."""
    cost = llmcost.calculate(RESPONSE, duration=10, input_cost_per_second=0.001)
    assert [(line.meter, line.quantity, line.amount) for line in cost.line_items] == [
        ("input_seconds", 10, Decimal("0.01"))
    ]
    assert any("out of force" in note for note in cost.notes)


def test_what_the_proxy_hands_over_is_ignored():
    """Arguments that only a proxy fills change nothing."""
    ignored = {
        "litellm_logging_obj": object(),
        "litellm_model_name": "x",
        "standard_built_in_tools_params": {},
        "custom_pricing": True,
    }
    assert llmcost.completion_cost(RESPONSE, **ignored) == 0.0035


def test_request_parameters_say_tier_and_size():
    """optional_params carry what the response does not."""
    priority = llmcost.completion_cost(RESPONSE, optional_params={"service_tier": "priority", "temperature": 1})
    # 1000 x 4.25e-6 + 100 x 1.7e-5
    assert priority == 0.00595


def test_a_rerank_without_a_response_is_one_query():
    """rerank-v3.5 is 0.002 a query."""
    assert llmcost.completion_cost(model="rerank-v3.5", call_type="rerank") == 0.002


def test_cost_per_token_splits_input_and_output():
    """The whole prompt, cache included: 86 x 2.5e-6 + 1920 x 1.25e-6, and 300 x 1e-5."""
    assert llmcost.cost_per_token("gpt-4o", 2006, 300) == (0.005015, 0.003)
    assert llmcost.cost_per_token("gpt-4o", 2006, 300, cache_read_input_tokens=1920) == (0.002615, 0.003)
    assert llmcost.cost_per_token(model="gpt-4o", prompt_tokens=2006, completion_tokens=0, service_tier="batch") == (
        0.0025075,
        0.0,
    )


def test_cost_per_token_takes_both_ways_to_one_result():
    """The short way of two products and the long way agree."""
    for prompt, answer in ((0, 0), (1, 1), (123_457, 98_765)):
        short = llmcost.cost_per_token("gpt-4o", prompt, answer)
        assert short == llmcost.cost_per_token("gpt-4o", prompt, answer, region_name="nowhere")


def test_cost_per_token_of_long_prompts():
    """Above 200k tokens every rate of gemini-2.5-pro is the long-context one."""
    assert llmcost.cost_per_token("gemini/gemini-2.5-pro", 200_000, 1000) == (0.25, 0.01)
    assert llmcost.cost_per_token("gemini/gemini-2.5-pro", 200_001, 1000) == (0.5000025, 0.015)


def test_two_counters_after_another_price_is_registered():
    """What is kept of the first call is not used again: 1,000 x 1e-6 and 100 x 2e-6, then x 3e-6 and x 4e-6."""
    prices = llmcost.CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}})
    assert [prices.cost_per_token("m", 1000, 100) for _ in range(2)] == [(0.001, 0.0002)] * 2
    prices.register({"m": {"input_cost_per_token": 3e-6, "output_cost_per_token": 4e-6}})
    assert [prices.cost_per_token("m", 1000, 100) for _ in range(2)] == [(0.003, 0.0004)] * 2


@pytest.mark.parametrize("model", [["gpt-4o"], {"gpt-4o": 1}, 7, b"gpt-4o"])
def test_two_counters_of_what_is_no_name(model):
    """The error names the argument, also where a name was asked for before."""
    assert llmcost.cost_per_token("gpt-4o", 1000, 100) == (0.0025, 0.001)
    with pytest.raises(llmcost.ArgumentError, match="model="):
        llmcost.cost_per_token(model, 1000, 100)


def test_two_counters_of_a_map_that_logs(caplog):
    """Each call has a line in the log, the second one too; 1,000 x 2.5e-6 and 100 x 1e-5."""
    prices = LoggedCostMap()
    with caplog.at_level("INFO", logger="llmcost"):
        assert [prices.cost_per_token("gpt-4o", 1000, 100) for _ in range(2)] == [(0.0025, 0.001)] * 2
    assert len(caplog.records) == 2


def test_more_cache_than_prompt_raises():
    """A cache count is part of the prompt."""
    with pytest.raises(InconsistentUsageError, match="whole prompt"):
        llmcost.cost_per_token("gpt-4o", 100, 10, cache_read_input_tokens=101)


@pytest.mark.parametrize(
    "counter", ["prompt_tokens", "completion_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"]
)
@pytest.mark.parametrize("value", [-1, 10**15 + 1, 10**18, True, "5", 1e300, float("inf"), [5]])
def test_a_counter_that_is_no_count_is_refused(counter, value):
    """Whichever way the call goes; 10**15 is a count."""
    given = {"prompt_tokens": 10**15, "completion_tokens": 10**15}
    for more in ({}, {"cache_read_input_tokens": 1}, {"service_tier": "priority"}, {"number_of_queries": 0}):
        with pytest.raises(InconsistentUsageError, match=f"{counter}="):
            llmcost.cost_per_token("gpt-4o", **{**given, **more, counter: value})
    # 10**15 x 2.5e-6 and x 1e-5
    assert llmcost.cost_per_token("gpt-4o", **given) == (2.5e9, 1e10)


@pytest.mark.parametrize(
    ("given", "both"),
    [
        ({"prompt_tokens": 100.0, "cache_read_input_tokens": 40}, (0.0002, 0.0)),
        ({"prompt_tokens": None, "completion_tokens": 7}, (0.0, 7e-05)),
        ({"prompt_tokens": 100, "cache_read_input_tokens": None, "cache_creation_input_tokens": None}, (0.00025, 0.0)),
    ],
)
def test_counters_that_are_not_stated_count_as_none(given, both):
    """60 x 2.5e-6 + 40 x 1.25e-6; 7 x 1e-5; 100 x 2.5e-6."""
    assert llmcost.cost_per_token("gpt-4o", **given) == both


def test_cost_per_token_takes_a_cost_that_was_not_reported():
    """A response that reports a cost is priced all the same: its two sides are not known of a reported one."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100, "cost": 7}
    assert llmcost.cost_per_token("gpt-4o", usage_object=usage) == (0.0025, 0.001)


def test_cost_per_token_of_other_units():
    """Characters, queries and seconds."""
    assert llmcost.cost_per_token("rerank-v3.5", number_of_queries=3) == (0.006, 0.0)
    assert llmcost.cost_per_token("rerank-v3.5", rerank_billed_units={"search_units": 2}) == (0.004, 0.0)
    # voyage/rerank-2 is sold by the token, 5e-8 each; cohere's by the search, whatever else is counted
    assert llmcost.cost_per_token("voyage/rerank-2", rerank_billed_units={"total_tokens": 2000}) == (0.0001, 0.0)
    both = {"search_units": 2, "total_tokens": 2000}
    assert llmcost.cost_per_token("rerank-v3.5", rerank_billed_units=both) == (0.004, 0.0)
    assert llmcost.cost_per_token("whisper-1", audio_transcription_file_duration=27) == (0.0027, 0.0)
    # tts-1: 1.5e-5 a character
    assert llmcost.cost_per_token("tts-1", prompt_characters=1234) == (0.01851, 0.0)
    spoken = llmcost.cost_per_token(
        "mine",
        10,
        10,
        prompt_characters=100,
        completion_characters=50,
        input_cost_per_character=1e-6,
        output_cost_per_character=2e-6,
    )
    assert spoken == (0.0001, 0.0001)


def test_batches_cost_half():
    """1000 x 1.25e-6 and 100 x 5e-6."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    assert llmcost.batch_cost_calculator(usage, "gpt-4o") == (0.00125, 0.0005)


def test_response_cost_calculator():
    """A hit of the application's own cache costs nothing, and says why."""
    assert llmcost.response_cost_calculator(RESPONSE) == 0.0035
    assert llmcost.response_cost_calculator(RESPONSE, cache_hit=True) == 0.0
    cost = llmcost.calculate(RESPONSE, cache_hit=True)
    assert cost.total == 0
    assert all("own cache" in line.factors[-1] for line in cost.line_items)


@pytest.mark.parametrize("name", ["claude-opus-99", "gpt-9", "huggingface/foo", "fireworks_ai/x", "gpt-4o-nano", ""])
def test_unknown_names_raise(name):
    """Whatever the family of the name: unknown is not free."""
    with pytest.raises(UnknownModelError) as caught:
        llmcost.cost_per_token(name or "  ", 10, 10)
    assert caught.value.tried


def test_an_unknown_name_has_nearest_names_as_a_hint():
    """The error says what was tried, and what looks like it."""
    for _ in range(2):
        with pytest.raises(UnknownModelError, match="nearest names") as caught:
            llmcost.completion_cost({**RESPONSE, "model": None}, model="gpt-4o-miny")
        assert "gpt-4o-mini" in caught.value.nearest
        assert caught.value.tried[0] == "gpt-4o-miny"


@pytest.mark.parametrize("price", [-1e-06, float("nan"), float("inf"), True, "free", "1,5e-6", [], "1e999999", ""])
def test_prices_nobody_can_be_billed_by_are_rejected(price):
    """Where they enter: in a call, and when registering; nothing is registered then."""
    with pytest.raises(InvalidPriceError, match="input_cost_per_token"):
        llmcost.completion_cost(RESPONSE, input_cost_per_token=price)
    prices = CostMap({})
    with pytest.raises(InvalidPriceError):
        prices.register({"good": {"input_cost_per_token": 1e-6}, "bad": {"input_cost_per_token": price}})
    assert len(prices) == 0


def test_a_typo_names_the_nearest_key():
    """A price key with a typo would price at nothing."""
    with pytest.raises(UnknownPriceKeyError, match="input_cost_per_token'") as caught:
        llmcost.completion_cost(RESPONSE, input_cost_per_tokn=1e-6)
    assert caught.value.nearest == "input_cost_per_token"


def test_an_unknown_keyword_is_a_type_error():
    """What is neither a keyword nor a price is a mistake of the caller's."""
    with pytest.raises(TypeError, match="modle"):
        llmcost.calculate(RESPONSE, modle="gpt-4o")


def test_a_price_per_million_in_a_per_token_key_warns():
    """2.5 USD per token is 2,500,000 per million: the warning says what it reads as, at the line that registers it."""
    with pytest.warns(SuspiciousPriceWarning, match="2,500,000 USD per 1M tokens") as said:
        CostMap({}).register({"m": {"input_cost_per_token": 2.5}})
    assert said[0].filename == __file__


def test_an_unpriced_part_warns_once_and_nothing_priced_raises():
    """A float cannot carry a mark."""
    prices = CostMap({"half": {"input_cost_per_token": 1e-6}})
    floats._warned.pop(("half", "output"), None)
    with pytest.warns(UnpricedUsageWarning, match="half has no rate for output"):
        assert prices.completion_cost(RESPONSE, model="half") == 0.001
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert prices.completion_cost(RESPONSE, model="half") == 0.001
    seconds = CostMap({"timed": {"input_cost_per_second": 1e-3}})
    with pytest.raises(UnpricedUsageError, match="duration="):
        seconds.completion_cost(RESPONSE, model="timed")


def test_strict_raises_on_any_unpriced_meter():
    """calculate() marks; strict=True raises with the meters."""
    prices = CostMap({"half": {"input_cost_per_token": 1e-6}})
    assert prices.calculate(RESPONSE, model="half").unpriced == ("output",)
    with pytest.raises(UnpricedUsageError) as caught:
        prices.calculate(RESPONSE, model="half", strict=True)
    assert caught.value.meters == ("output",)


def test_registered_prices_from_a_mapping_and_from_a_file(tmp_path):
    """Keys that are not named stay; a file of the same form does as well."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}})
    file = tmp_path / "prices.json"
    file.write_text(json.dumps({"m": {"output_cost_per_token": 5e-6}}))
    prices.register(str(file))
    cost = prices.calculate(RESPONSE, model="m")
    # 1000 x 1e-6 of the map + 100 x 5e-6 registered
    assert cost.total == Decimal("0.0015")
    assert [(line.layer, line.map_key) for line in cost.line_items] == [("map", "m"), ("registered", "m")]


def test_register_model_changes_the_default_map_alone():
    """In a fresh process: registered for gpt-4o, it is used for its dated snapshot."""
    code = """
import llmcost
response = {"object": "chat.completion", "model": "gpt-4o-2024-08-06",
            "usage": {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000}}
own = llmcost.CostMap.bundled()
llmcost.register_model({"gpt-4o": {"input_cost_per_token": 7e-6}})
assert llmcost.completion_cost(response) == 0.007
assert own.calculate(response).total == own.calculate(response).total.__class__("0.0025")
assert llmcost.model_cost["gpt-4o"]["input_cost_per_token"] == 7e-6
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_model_cost_is_a_read_only_mapping():
    """Writing to it is a TypeError that names register_model."""
    assert llmcost.model_cost["gpt-4o"]["litellm_provider"] == "openai"
    assert "gpt-4o" in llmcost.model_cost
    assert "gpt-9" not in llmcost.model_cost
    assert len(llmcost.model_cost) == len(llmcost.model_cost.keys()) > 5000
    assert next(iter(llmcost.model_cost.items()))[0] == next(iter(llmcost.model_cost))
    assert llmcost.model_cost.get("gpt-9") is None
    for write in (lambda: llmcost.model_cost.update({}), lambda: llmcost.model_cost.__setitem__("m", {})):
        with pytest.raises(TypeError, match="register_model"):
            write()
    with pytest.raises(KeyError):
        llmcost.model_cost["gpt-9"]


def test_model_info():
    """Prices, limits and features, by the entry that was matched; a copy, so that nobody writes into the map."""
    info = llmcost.get_model_info("openai/gpt-4o")
    assert (info["key"], info["max_input_tokens"], info["mode"]) == ("gpt-4o", 128000, "chat")
    info["input_cost_per_token"] = 0
    assert llmcost.get_model_info("gpt-4o")["input_cost_per_token"] == 2.5e-06
    assert llmcost.get_max_tokens("gpt-4o") == 16384
    assert llmcost.get_max_tokens("whisper-1") is None
    assert llmcost.supports_vision("gpt-4o")
    assert llmcost.supports_function_calling("gpt-4o")
    assert llmcost.supports_prompt_caching("gpt-4o")
    assert not llmcost.supports("text-embedding-3-small", "vision")
    with pytest.raises(UnknownModelError):
        llmcost.get_model_info("gpt-9")


def test_estimate_is_a_range():
    """12000 x 2.5e-6, and 2000 x 1e-5 on top."""
    found = llmcost.estimate("gpt-4o", input=12_000, max_output=2_000)
    assert found.range == (Decimal("0.03"), Decimal("0.05"))
    assert llmcost.estimate("gpt-4o", input=12_000, cache_read=12_000).range == (Decimal("0.015"), Decimal("0.17884"))
    # 1,000 x 3e-6 + 8,000 x 3e-7 + 1,000 x 3.75e-6, and 1,000 x 1.5e-5 on top.
    found = llmcost.estimate("claude-sonnet-4-5", input=10_000, max_output=1000, cache_read=8000, cache_write=1000)
    assert found.range == (Decimal("0.00915"), Decimal("0.02415"))
    with pytest.raises(UsageError, match=r"cache_read=1 and cache_write=1 exceed input=1"):
        llmcost.estimate("gpt-4o", input=1, cache_read=1, cache_write=1)
    with pytest.raises(UsageError, match="max_output="):
        llmcost.estimate("whisper-1", input=1)


def test_estimate_of_what_has_no_rate_raises():
    """A range of 0 to 0 would pass every budget; the base model's limit and price are used where one is named."""
    for model in ("whisper-1", "dall-e-3", "github_copilot/gpt-4o"):
        with pytest.raises(UnpricedUsageError, match="has no rate for"):
            llmcost.estimate(model, input=1000, max_output=5)
    mine = CostMap({"half": {"input_cost_per_token": 1e-6}})
    with pytest.raises(UnpricedUsageError, match="no rate for output"):
        llmcost.estimate("half", input=1000, max_output=5, cost_map=mine)
    assert llmcost.estimate("half", input=1000, max_output=0, cost_map=mine).range == (Decimal("0.001"),) * 2
    # gpt-4o writes at most 16,384 tokens: 0.0025 + 16384 x 1e-5
    found = llmcost.estimate("azure/my-deployment", input=1000, base_model="gpt-4o")
    assert found.range == (Decimal("0.0025"), Decimal("0.16634"))


def test_an_empty_model_name_names_nothing():
    """The response's model is priced then, on the short way and on the long one."""
    assert llmcost.completion_cost(RESPONSE, model="") == 0.0035
    assert llmcost.calculate(RESPONSE, model="").line_items[0].model == "gpt-4o"


class _OneTokenAWord:
    """A tokenizer whose counts can be checked by eye; the real encodings are files from the network."""

    def encode(self, text, *, disallowed_special):
        assert disallowed_special == ()
        return text.split()


def test_text_is_counted_and_marked_as_an_estimate(monkeypatch):
    """Per message 3 tokens and its role, and 3 to prime the answer."""
    tiktoken = optional("tiktoken")
    monkeypatch.setattr(tiktoken, "encoding_for_model", lambda _: _OneTokenAWord())
    cost = llmcost.completion_cost(model="gpt-4o", prompt="one two three", completion="four")
    # 3 x 2.5e-6 + 1 x 1e-5
    assert cost == 1.75e-05
    messages = [{"role": "user", "content": "one two"}, {"role": "user", "content": [{"type": "text", "text": "x"}]}]
    from llmcost.api.tokens import count_usage

    class Answer:
        role, content = "assistant", "y z"

    usage = count_usage("gpt-4o", messages=[*messages, {"role": "assistant"}, Answer()])
    # 3 + 1 + 2, 3 + 1 + 1, 3 + 1 of the message without content, 3 + 1 + 2 of the object, and 3
    assert usage.input_tokens == 24
    assert [note.code for note in usage.notes] == ["estimated_tokens"]


def test_what_is_no_text_in_messages_is_not_zero(monkeypatch):
    """An image, and a call of a tool, are not counted: the cost is a lower bound, which a float warns of."""
    tiktoken = optional("tiktoken")
    monkeypatch.setattr(tiktoken, "encoding_for_model", lambda _: _OneTokenAWord())
    picture = {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:x"}}]}
    called = {"role": "assistant", "content": None, "tool_calls": [{"function": {"arguments": "{}"}}]}
    with pytest.warns(llmcost.LLMCostWarning, match="the messages' 2 parts that are no text are not counted"):
        cost = llmcost.completion_cost(model="gpt-4o", messages=[picture, called])
    # (3 + 1) + (3 + 1) + 3 = 11 tokens x 2.5e-6
    assert cost == 2.75e-05
    with pytest.warns(llmcost.IgnoredArgumentWarning, match="the messages' 1 part that is no text is not counted"):
        assert llmcost.token_counter("gpt-4o", messages=[picture]) == 7
    # A model that is sold by characters: 5 x 1e-6.
    prices = llmcost.CostMap({"spoken": {"input_cost_per_character": 1e-6}})
    with pytest.warns(llmcost.LLMCostWarning, match="1 part that is no text"):
        assert prices.completion_cost(model="spoken", messages=[{"role": "user", "content": "hello"}, picture]) == 5e-06


@pytest.mark.parametrize(
    "messages", [5, "hello", {"role": "user", "content": "x"}, [5], ["hello"], [{"role": "user", "content": 5}], [{}]]
)
def test_what_is_no_message_is_refused(messages):
    """It had no tokens, and the call cost 0.0 without a word."""
    for model, price in (("gpt-4o", {}), ("spoken", {"input_cost_per_character": 1e-6})):
        with pytest.raises(llmcost.ArgumentError, match=r"^messages"):
            llmcost.completion_cost(model=model, messages=messages, **price)


@pytest.mark.parametrize("text", [5, ["a"], b"a"])
def test_a_prompt_is_text(text):
    """As the answer is."""
    for name in ("prompt", "completion"):
        with pytest.raises(llmcost.ArgumentError, match=rf"^{name}=.*: it has to be text$"):
            llmcost.completion_cost(model="gpt-4o", **{name: text})


def test_an_unknown_models_text_is_counted_by_the_newest_encoding(monkeypatch):
    """tiktoken raises KeyError for names that it does not know."""
    tiktoken = optional("tiktoken")
    asked = []
    monkeypatch.setattr(tiktoken, "get_encoding", lambda name: asked.append(name) or _OneTokenAWord())
    llmcost.completion_cost(model="m", prompt="a", input_cost_per_token=1e-6)
    assert asked == ["o200k_base"]


def test_counting_text_without_the_extra_says_what_to_install(monkeypatch):
    """The error names the package and the extra, and what works without them."""
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    with pytest.raises(llmcost.MissingDependencyError) as caught:
        llmcost.completion_cost(model="gpt-4o", prompt="text")
    assert str(caught.value) == (
        "counting the tokens of a text needs tiktoken: "
        "pip install tiktoken (the extra tokens of llm-costmap), or pass the usage"
    )
    assert caught.value.extra == "tokens"


@pytest.mark.parametrize("given", [{}, {"prompt_tokens": None, "completion_tokens": None}, {"response_time_ms": 1000}])
def test_nothing_to_count_is_not_a_zero(given):
    """Without any count there is no cost; an explicit 0 is one."""
    with pytest.raises(llmcost.MissingUsageError, match="prompt_tokens="):
        llmcost.cost_per_token("gpt-4o", **given)
    assert llmcost.cost_per_token("gpt-4o", 0, 0) == (0.0, 0.0)


def test_what_is_preferred_is_not_passed_over():
    """A response without a reported cost has none to prefer, and a word that is none is refused."""
    with pytest.raises(UnpricedUsageError, match="reports no cost"):
        llmcost.calculate(RESPONSE, prefer="reported")
    with pytest.raises(ValueError, match="prefer="):
        llmcost.calculate(RESPONSE, prefer="cheap")


def test_a_cache_hit_is_true_or_false():
    """The text "False" of an environment variable would make every call free."""
    with pytest.raises(TypeError, match="cache_hit="):
        llmcost.calculate(RESPONSE, cache_hit="False")
