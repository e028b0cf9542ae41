"""OpenAI's Responses: what stands beside the answer."""

from __future__ import annotations

from llmcost import read_usage


def test_an_item_without_a_type_is_no_tool():
    """Nothing but the tokens is billed."""
    response = {
        "object": "response",
        "model": "m",
        "output": [{"type": None}, {"id": "x"}, {"type": "function_call"}],
        "usage": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15},
    }
    assert read_usage(response).quantities == {"input": 10, "output": 5}


def test_how_a_response_was_served_may_stand_in_its_usage():
    """Gateways state the tier among the counters; what the response says at its top is stronger."""
    body = {"object": "response", "model": "m", "output": []}
    counters = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15, "service_tier": "flex"}
    usage = read_usage({**body, "usage": counters})
    assert (usage.service_tier, usage.unread) == ("flex", {})
    assert read_usage({**body, "usage": counters, "service_tier": "priority"}).service_tier == "priority"
    assert read_usage({**body, "usage": {**counters, "inference_geo": "us"}}).region == "us"


def test_reasoning_without_a_text_is_no_answer():
    """A limit of 16 tokens ends it: 16 in and 0 out is what OpenAI bills, and nothing is doubted."""
    item = {"type": "reasoning", "content": [], "summary": [], "encrypted_content": "x"}
    counters = {"input_tokens": 16, "output_tokens": 0, "total_tokens": 16}
    response = {"object": "response", "model": "m", "status": "incomplete", "output": [item], "usage": counters}
    usage = read_usage(response)
    assert (usage.quantities, usage.notes) == ({"input": 16}, ())
    thought = {**response, "output": [{**item, "summary": [{"type": "summary_text", "text": "x"}]}]}
    assert [note.code for note in read_usage(thought).notes] == ["not_counted"]
