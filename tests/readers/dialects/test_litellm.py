"""LiteLLM's normalised usage: Anthropic's names inside the prompt."""

from __future__ import annotations

import pytest

from llmcost.errors import InconsistentUsageError
from llmcost.readers import read_usage

from ..billing import bill, lines


def body(**counters):
    usage = {"prompt_tokens": 10150, "completion_tokens": 200, "total_tokens": 10350, **counters}
    return {"object": "chat.completion", "model": "claude-sonnet-4-5", "usage": usage}


FLAT = {"cache_read_input_tokens": 8000, "cache_creation_input_tokens": 2000}
DETAILS = {"cached_tokens": 8000, "cache_creation_tokens": 2000, "cache_write_tokens": 2000, "text_tokens": 150}


@pytest.mark.parametrize(
    "counters", [FLAT, {"prompt_tokens_details": DETAILS}, {**FLAT, "prompt_tokens_details": DETAILS}]
)
def test_inside_the_prompt_once(counters):
    """However often the reads and writes are stated."""
    assert read_usage(body(**counters)).quantities == {
        "input": 150,
        "cache_read": 8000,
        "cache_write": 2000,
        "output": 200,
    }


def test_a_dump_of_the_real_object():
    """As LiteLLM dumps a response of Anthropic: writes by time to live, searches, geography, speed and tier."""
    counters = {
        "completion_tokens_details": {"accepted_prediction_tokens": None, "reasoning_tokens": 0, "text_tokens": 200},
        "prompt_tokens_details": {
            **DETAILS,
            "audio_tokens": None,
            "cache_creation_token_details": {"ephemeral_5m_input_tokens": 500, "ephemeral_1h_input_tokens": 1500},
        },
        "server_tool_use": {"web_search_requests": 2, "tool_search_requests": None},
        "iterations": None,
        "inference_geo": "us",
        "speed": "fast",
        "service_tier": "standard",
        **FLAT,
    }
    usage = read_usage(body(**counters))
    assert usage.quantities == {
        "input": 150,
        "cache_read": 8000,
        "cache_write": 500,
        "cache_write_1h": 1500,
        "output": 200,
        "web_searches": 2,
    }
    assert (usage.region, usage.speed, usage.service_tier, usage.context) == ("us", "fast", "standard", 10150)


def test_hour_above_the_writes():
    """More tokens written for an hour than were written is an error."""
    split = {"cache_creation_token_details": {"ephemeral_1h_input_tokens": 2001}}
    with pytest.raises(InconsistentUsageError, match="ephemeral_1h_input_tokens=2001"):
        read_usage(body(**FLAT, prompt_tokens_details=split))


def test_the_total_proves_that_they_are_on_top():
    """3 + 8000 + 2000 + 12 = 10015: some proxies pass Anthropic's own counts through."""
    usage = read_usage(body(**FLAT, prompt_tokens=3, completion_tokens=12, total_tokens=10015))
    assert usage.quantities == {"input": 3, "cache_read": 8000, "cache_write": 2000, "output": 12}
    assert usage.context == 10003
    assert usage.notes == ("total_tokens proves that cached tokens are counted on top of prompt_tokens",)


def test_above_the_prompt():
    """Without such a proof more reads than prompt are an error."""
    with pytest.raises(InconsistentUsageError, match="cache_creation_input_tokens=2000 exceeds"):
        read_usage(body(**FLAT, prompt_tokens=3, completion_tokens=12, total_tokens=15))


def test_priced():
    """150 x 3e-06, 8000 x 3e-07, 2000 x 3.75e-06, 200 x 1.5e-05."""
    row = {
        "input_cost_per_token": 3e-06,
        "output_cost_per_token": 1.5e-05,
        "cache_read_input_token_cost": 3e-07,
        "cache_creation_input_token_cost": 3.75e-06,
    }
    assert bill(row, body(**FLAT)) == lines(
        ("input", 150, "0.00045"),
        ("cache_read", 8000, "0.0024"),
        ("cache_write", 2000, "0.0075"),
        ("output", 200, "0.003"),
    )


def test_cached_audio_is_inside_the_cache():
    """600 of the 1000 are cached, 400 of them audio, of which 500 were sent."""
    details = {"cached_tokens": 600, "audio_tokens": 500, "cached_tokens_details": {"audio_tokens": 400}}
    counters = {"prompt_tokens": 1000, "total_tokens": 1200, "cache_read_input_tokens": 600}
    assert read_usage(body(**counters, prompt_tokens_details=details)).quantities == {
        "input": 300,
        "cache_read": 200,
        "input_audio": 100,
        "cache_read_audio": 400,
        "output": 200,
    }


@pytest.mark.parametrize("envelope", [True, False], ids=["response", "bare"])
def test_writes_by_time_to_live_inside_the_details_alone(envelope):
    """As logs and gateways keep a usage, without the counters above: 500 written for 5 minutes, 1500 for an hour."""
    usage = {
        "prompt_tokens": 2000,
        "completion_tokens": 0,
        "total_tokens": 2000,
        "prompt_tokens_details": {
            "cache_creation_tokens": 2000,
            "cache_creation_token_details": {"ephemeral_5m_input_tokens": 500, "ephemeral_1h_input_tokens": 1500},
        },
    }
    found = read_usage(
        {"object": "chat.completion", "model": "m", "choices": [], "usage": usage} if envelope else usage
    )
    assert found.quantities == {"cache_write": 500, "cache_write_1h": 1500}
    assert found.unread == {}


# What Portkey makes of a message of Anthropic's: the prompt leaves out the cache, of which the details hold the reads.
# In lower case: the laws take the prompt for the whole input.
beside = {
    "object": "chat.completion",
    "model": "claude-sonnet-4-5-20250929",
    "choices": [],
    "usage": {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "total_tokens": 1115,
        "prompt_tokens_details": {"cached_tokens": 1000},
        "cache_read_input_tokens": 1000,
        "cache_creation_input_tokens": 100,
    },
}


def test_reads_in_the_details_and_writes_beside_a_prompt_that_holds_neither():
    """10 + 5 + 1000 + 100 is the total, so that both stand beside the prompt; also where they would fit into it."""
    usage = read_usage(beside)
    assert usage.quantities == {"input": 10, "cache_read": 1000, "cache_write": 100, "output": 5}
    assert [note.code for note in usage.notes] == ["counted_on_top"]
    fitting = {**beside["usage"], "prompt_tokens": 5000, "total_tokens": 6105}
    assert read_usage({**beside, "usage": fitting}).quantities["input"] == 5000
    inside = {**beside["usage"], "prompt_tokens": 1110}
    assert read_usage({**beside, "usage": inside}).quantities == usage.quantities


def test_the_note_of_counts_on_top_has_its_code():
    usage = read_usage(body(**FLAT, prompt_tokens=3, completion_tokens=12, total_tokens=10015))
    assert [note.code for note in usage.notes] == ["counted_on_top"]


COMPACTION = {"type": "compaction", "input_tokens": 180, "output_tokens": 35}
ANSWER = {"type": "message", "input_tokens": 23, "output_tokens": 10}
ADVISOR = {
    "type": "advisor_message",
    "model": "n",
    "input_tokens": 70,
    "output_tokens": 9,
    "cache_read_input_tokens": 7,
}


def added_up(*rows, **counters):
    """What LiteLLM makes of a message with these iterations: their sum, and the rows as they are."""
    prompt = sum(row["input_tokens"] + row.get("cache_read_input_tokens", 0) for row in rows)
    answer = sum(row["output_tokens"] for row in rows)
    both = {"prompt_tokens": prompt, "completion_tokens": answer, "total_tokens": prompt + answer}
    used = {**both, "iterations": list(rows), **counters}
    return {"object": "chat.completion", "model": "m", "choices": [], "usage": used}


def test_iterations_are_in_the_sum():
    """Those of the model itself stay there; the largest of their prompts is the context."""
    usage = read_usage(added_up(COMPACTION, ANSWER))
    assert (usage.quantities, usage.context, usage.parts) == ({"input": 203, "output": 45}, 180, ())
    assert not usage.unread


def test_an_advisor_is_billed_as_another_model():
    """70 + 7 and 9 tokens of the sum are those of n; one that the sum cannot hold stays, and is named."""
    usage = read_usage(added_up(ANSWER, ADVISOR, cache_read_input_tokens=7))
    assert (usage.quantities, usage.context, usage.unread) == ({"input": 23, "output": 10}, 23, {})
    (part,) = usage.parts
    assert (part.model, part.quantities) == ("n", {"input": 70, "cache_read": 7, "output": 9})
    usage = read_usage(added_up(ANSWER, ADVISOR))
    assert (usage.quantities, usage.parts, usage.unread) == ({"input": 100, "output": 19}, (), {"iterations.n": 77})


def test_an_advisor_is_served_as_the_message_is():
    """Where a message runs, its advisor does: a place costs more on its own card, too."""
    usage = read_usage(added_up(ANSWER, ADVISOR, cache_read_input_tokens=7, inference_geo="us", speed="fast"))
    (part,) = usage.parts
    assert (usage.region, usage.speed, part.region, part.speed) == ("us", "fast", "us", "fast")


def test_an_unknown_iteration_of_another_model():
    """Whose rates hold for it is not told: its tokens stay in the sum, and are named."""
    planner = {**ANSWER, "type": "planner_message", "model": "n"}
    usage = read_usage(added_up(ANSWER, planner))
    assert (usage.quantities, usage.parts) == ({"input": 46, "output": 20}, ())
    assert usage.unread == {"iterations.n": 33}
    assert not read_usage(added_up(ANSWER, {**planner, "model": "m"})).unread


def test_an_unknown_iteration_without_a_model():
    """Another model may have done it, as with an advisor: its 23 + 10 tokens are named by their kind."""
    novel = {**ANSWER, "type": "novel_message"}
    usage = read_usage(added_up(ANSWER, novel))
    assert (usage.quantities, usage.unread) == ({"input": 46, "output": 20}, {"iterations.novel_message": 33})
    kindless = {name: value for name, value in ANSWER.items() if name != "type"}
    assert read_usage(added_up(ANSWER, kindless)).unread == {"iterations": 33}


def test_iterations_that_are_not_the_sum():
    """What they are of the counters is not told: they are named."""
    usage = read_usage(added_up(ANSWER, prompt_tokens=100, total_tokens=110))
    assert usage.quantities == {"input": 100, "output": 10}
    assert usage.unread == {"iterations.input_tokens": 23, "iterations.output_tokens": 10}


def test_a_declined_attempt_in_the_sum():
    """The attempt of another model, before a fallback answered, is billed as that model's."""
    declined, served = {**ANSWER, "model": "n"}, {**ANSWER, "type": "fallback_message", "model": "m"}
    usage = read_usage(added_up(declined, served))
    assert usage.quantities == {"input": 23, "output": 10}
    assert [(part.model, part.quantities) for part in usage.parts] == [("n", {"input": 23, "output": 10})]
