"""LangChain: messages, their chunks and dicts, and the details that integrations put in."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import langchain, read_usage

from .billing import bill, lines

USAGE = {
    "input_tokens": 1000,
    "output_tokens": 50,
    "total_tokens": 1050,
    "input_token_details": {"audio": 0, "cache_read": 800},
    "output_token_details": {"reasoning": 20},
}
QUANTITIES = {"input": 200, "cache_read": 800, "output": 30, "reasoning": 20}


def message(usage, **about):
    return {
        "type": "ai",
        "content": "Hi",
        "usage_metadata": usage,
        "response_metadata": {"model_name": "gpt-5", **about},
    }


def test_a_message():
    """Details are inside; model and tier stand in the metadata of the response."""
    usage = read_usage(message(USAGE, service_tier="default"))
    assert (usage.quantities, usage.model, usage.service_tier) == (QUANTITIES, "gpt-5", "default")
    assert (usage.context, usage.dialect) == (1000, "langchain")


@pytest.mark.parametrize("name", ["model_name", "model", "model_id"])
def test_names_of_the_model(name):
    """Integrations differ in what they call it."""
    usage = read_usage({"type": "ai", "usage_metadata": USAGE, "response_metadata": {name: "claude-x"}})
    assert usage.model == "claude-x"


def test_a_stored_message():
    """message_to_dict() puts the message into data."""
    assert read_usage({"type": "ai", "data": message(USAGE)}) == read_usage(message(USAGE))


def test_the_bare_usage():
    """usage_metadata by itself says the same, without the model."""
    assert read_usage(USAGE).quantities == QUANTITIES


def test_on_top_where_the_total_proves_it():
    """3 + 25 + 13216 + 12 = 13256, so that the details are not among the 3."""
    details = {"cache_creation": 25, "cache_read": 13216}
    counters = {"input_tokens": 3, "output_tokens": 12, "total_tokens": 13256, "input_token_details": details}
    usage = read_usage(counters)
    assert usage.quantities == {"input": 3, "cache_read": 13216, "cache_write": 25, "output": 12}
    assert (usage.context, usage.notes) == (
        13244,
        ("total_tokens proves that cached tokens are counted on top of input_tokens",),
    )
    with pytest.raises(InconsistentUsageError):
        read_usage({**counters, "total_tokens": 15})


def test_a_total_above_the_sum_is_no_proof():
    """1000 + 100 and 800 cached are 1900, and 1901 is not: the 800 are among the 1000, as everywhere else."""
    counters = {"input_tokens": 1000, "output_tokens": 100, "input_token_details": {"cache_read": 800}}
    for total in (1899, 1901):
        usage = read_usage({**counters, "total_tokens": total})
        assert usage.quantities == {"input": 200, "cache_read": 800, "output": 100}
    assert read_usage({**counters, "total_tokens": 1900}).quantities == {
        "input": 1000,
        "cache_read": 800,
        "output": 100,
    }


def test_a_tier_that_the_answer_alone_names():
    """A prompt of nothing but cached tokens leaves no remainder that names the tier."""
    counters = {"input_tokens": 1000, "output_tokens": 100, "output_token_details": {"priority": 100}}
    assert read_usage({**counters, "total_tokens": 1100}).service_tier == "priority"


def test_tiers_in_the_keys():
    """The integration of OpenAI names tokens by the tier that served them; the tier counts are the remainders."""
    counters = {
        "input_tokens": 1000,
        "output_tokens": 100,
        "total_tokens": 1100,
        "input_token_details": {"audio": 0, "flex_cache_read": 800, "flex": 200},
        "output_token_details": {"flex_reasoning": 60, "flex": 40},
    }
    usage = read_usage(counters)
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 40, "reasoning": 60}
    assert usage.service_tier == "flex"


@pytest.mark.parametrize("unsplit", [0, 50])
def test_writes_by_time_to_live(unsplit):
    """The integration of Anthropic splits writes; the count that is not split is 0 or repeats the sum."""
    details = {
        "cache_read": 100,
        "cache_creation": unsplit,
        "ephemeral_5m_input_tokens": 20,
        "ephemeral_1h_input_tokens": 30,
    }
    counters = {"input_tokens": 153, "output_tokens": 12, "total_tokens": 165, "input_token_details": details}
    assert read_usage(counters).quantities == {
        "input": 3,
        "cache_read": 100,
        "cache_write": 20,
        "cache_write_1h": 30,
        "output": 12,
    }


def test_chunks_are_added_up():
    """They state differences: the input with the first, the output with the last."""
    chunks = [
        message({"input_tokens": 10, "output_tokens": 0, "total_tokens": 10, "input_token_details": {"cache_read": 4}}),
        {"type": "AIMessageChunk", "usage_metadata": None, "response_metadata": {}},
        {
            "type": "AIMessageChunk",
            "usage_metadata": {"input_tokens": 0, "output_tokens": 5, "total_tokens": 5},
            "response_metadata": {},
        },
    ]
    usage = read_usage(chunks)
    assert (usage.quantities, usage.model) == ({"input": 6, "cache_read": 4, "output": 5}, "gpt-5")
    with pytest.raises(MissingUsageError):
        read_usage(chunks[1:2] * 2)


@pytest.mark.parametrize("usage", [None, {}, {"input_tokens": 5}, {"output_tokens": 5}])
def test_no_usage(usage):
    """A message without counts is an error."""
    with pytest.raises(MissingUsageError):
        read_usage(message(usage))


def test_gemini_calls_its_counters_the_same():
    """A response of Google's SDK has usage_metadata too, and is not LangChain's."""
    counters = {"prompt_token_count": 10, "candidates_token_count": 5, "total_token_count": 15}
    assert read_usage({"candidates": [], "model_version": "gemini-x", "usage_metadata": counters}).dialect == "gemini"


def test_priced():
    """200 x 1e-06, 800 x 1e-07, 50 x 8e-06."""
    row = {"input_cost_per_token": 1e-06, "cache_read_input_token_cost": 1e-07, "output_cost_per_token": 8e-06}
    assert bill(row, message(USAGE)) == lines(
        ("input", 200, "0.0002"),
        ("cache_read", 800, "0.00008"),
        ("output", 30, "0.00024"),
        ("reasoning", 20, "0.00016"),
    )


def test_the_provider_that_a_message_names():
    """Who answered decides whose price it is, where several sell the model."""
    message = {
        "type": "ai",
        "usage_metadata": {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11},
        "response_metadata": {"model_name": "gpt-5", "model_provider": "azure"},
    }
    assert read_usage(message).named_provider == "azure"


def test_one_cached_token_on_top():
    """10 + 1 + 5 = 16 proves that the token of the cache stands beside the 10 of the input."""
    counters = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 16, "input_token_details": {"cache_read": 1}}
    usage = read_usage(message(counters))
    assert usage.quantities == {"input": 10, "cache_read": 1, "output": 5}
    assert usage.notes == ("total_tokens proves that cached tokens are counted on top of input_tokens",)


@pytest.mark.parametrize(
    ("side", "kind", "meter"),
    [
        *(("input", kind, f"input_{kind}") for kind in ("audio", "image", "video")),
        *(("output", kind, f"output_{kind}") for kind in ("audio", "image", "video")),
        ("output", "reasoning", "reasoning"),
        ("input", "cache_read", "cache_read"),
        ("input", "cache_creation", "cache_write"),
    ],
)
def test_every_detail_is_a_meter(side, kind, meter):
    """6 tokens of either side are of that kind, and nothing is left that is not understood."""
    counters = {"input_tokens": 30, "output_tokens": 20, "total_tokens": 50, f"{side}_token_details": {kind: 6}}
    usage = read_usage(message(counters))
    assert (usage.quantities[meter], usage.notes) == (6, ())


@pytest.mark.parametrize("cost", [0, 0.0])
def test_a_message_of_the_cache_is_not_billed_again(cost):
    """LangChain sets the cost of a message of its cache to 0, and leaves the counters of the call that made it."""
    kept = {"usage_metadata": {**USAGE, "total_cost": cost}, "response_metadata": {"model_name": "m"}}
    for response in (kept, {"type": "ai", "data": kept}, {"generations": [[{"text": "Hi", "message": kept}]]}):
        usage = read_usage(response)
        assert (usage.quantities, usage.free, usage.model) == ({}, langchain.KEPT, "m")


@pytest.mark.parametrize("cost", [None, 0.01])
def test_a_message_with_any_other_cost_is_a_call(cost):
    """The cost is somebody's calculation."""
    message = {"usage_metadata": {**USAGE, "total_cost": cost}, "response_metadata": {"model_name": "m"}}
    assert read_usage(message).quantities == QUANTITIES
