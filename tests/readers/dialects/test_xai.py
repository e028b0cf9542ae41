"""xAI: sources, ticks, and reasoning on top."""

from __future__ import annotations

from decimal import Decimal

from llmcost.readers import read_usage

from ..billing import bill, lines


def body(**counters):
    usage = {"prompt_tokens": 10120, "completion_tokens": 1499, "total_tokens": 14428, **counters}
    return {"object": "chat.completion", "model": "grok-4.20-reasoning", "usage": usage}


REAL = {
    "prompt_tokens_details": {"cached_tokens": 128, "text_tokens": 10120},
    "completion_tokens_details": {"reasoning_tokens": 2809},
    "num_sources_used": 0,
    "cost_in_usd_ticks": 232856000,
}


def test_a_real_bill():
    """What xAI charged for this call is what the rates give."""
    row = {"input_cost_per_token": 1.25e-06, "output_cost_per_token": 2.5e-06, "cache_read_input_token_cost": 2e-07}
    assert bill(row, body(**REAL)) == lines(
        ("input", 9992, "0.01249"),
        ("cache_read", 128, "0.0000256"),
        ("output", 1499, "0.0037475"),
        ("reasoning", 2809, "0.0070225"),
    )
    usage = read_usage(body(**REAL))
    assert (usage.reported, usage.provider) == (Decimal("0.0232856"), "xai")


def test_sources_are_searches():
    """Each source that was used has a fee; that other hosts count them too proves no provider."""
    usage = read_usage(body(total_tokens=11619, num_sources_used=7))
    assert (usage.quantities["web_searches"], usage.provider) == (7, None)


def test_responses_are_inclusive():
    """The other API of the same vendor counts reasoning inside the output."""
    counters = {
        "input_tokens": 125,
        "input_tokens_details": {"cached_tokens": 98},
        "output_tokens": 348,
        "output_tokens_details": {"reasoning_tokens": 300},
        "total_tokens": 473,
        "cost_in_usd_ticks": 9233500,
    }
    usage = read_usage(
        {"object": "response", "model": "grok-4.3", "status": "completed", "output": [], "usage": counters}
    )
    assert usage.quantities == {"input": 27, "cache_read": 98, "output": 48, "reasoning": 300}
    assert usage.reported == Decimal("0.00092335")


def test_cached_tokens_above_the_prompt_stand_beside_it():
    """150 cached tokens and a prompt of 31: 181 tokens in all, whatever the total says."""
    for total in (43, 193):
        usage = read_usage(
            {
                "object": "chat.completion",
                "model": "grok-4",
                "usage": {
                    "prompt_tokens": 31,
                    "completion_tokens": 12,
                    "total_tokens": total,
                    "prompt_tokens_details": {"cached_tokens": 150},
                    "num_sources_used": 0,
                },
            }
        )
        assert usage.quantities == {"input": 31, "cache_read": 150, "output": 12}
        assert usage.context == 181


def test_a_charge_of_nothing_beside_tokens_is_none():
    """Azure passes the name on with 0: what the call costs is worked out, 10120 x 1e-6 + 1499 x 2e-6."""
    row = {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}
    counters = {"total_tokens": 11619, "cost_in_usd_ticks": 0, "num_sources_used": 0}
    assert bill(row, body(**counters)) == lines(("input", 10120, "0.01012"), ("output", 1499, "0.002998"))
    usage = read_usage(body(**counters))
    assert (usage.reported, usage.provider) == (None, None)
    response = {
        "object": "response",
        "model": "grok-4",
        "output": [],
        "usage": {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7, "cost_in_usd_ticks": 0},
    }
    assert read_usage(response).reported is None


def test_the_context_is_no_count_of_its_own():
    """It repeats the tokens of the last turn."""
    context = {"context_details": {"input_tokens": 5, "output_tokens": 2}}
    counters = {"input_tokens": 5, "output_tokens": 2, "total_tokens": 7, **context}
    assert read_usage({"object": "response", "model": "grok-4", "output": [], "usage": counters}).unread == {}
    assert read_usage(body(total_tokens=11619, num_sources_used=0, **context)).unread == {}


def test_reasoning_above_the_completion_without_a_total():
    """It stands beside the completion, as the total of the same body proves."""
    for total in (None, 0):
        usage = read_usage(body(**{**REAL, "total_tokens": total}))
        assert usage.quantities == {"input": 9992, "cache_read": 128, "output": 1499, "reasoning": 2809}
