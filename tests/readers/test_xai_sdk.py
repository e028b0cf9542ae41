"""xAI's SDK: text holds the cache, images are beside it, reasoning is on top."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import InconsistentUsageError, MissingUsageError, read_usage

from .billing import bill, lines

SDK = {
    "id": "x",
    "outputs": [{"finish_reason": "REASON_STOP", "message": {"role": "ROLE_ASSISTANT", "content": "Hi"}}],
    "created": "2026-07-08T20:15:55.139301060Z",
    "model": "grok-4.5",
    "usage": {
        "prompt_tokens": 400,
        "prompt_text_tokens": 300,
        "prompt_image_tokens": 100,
        "cached_prompt_text_tokens": 120,
        "completion_tokens": 9,
        "reasoning_tokens": 21,
        "total_tokens": 430,
        "cost_in_usd_ticks": "5000000",
        "server_side_tools_used": ["SERVER_SIDE_TOOL_WEB_SEARCH", "SERVER_SIDE_TOOL_X_SEARCH"],
    },
}
ROW = {
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 1e-05,
    "cache_read_input_token_cost": 5e-07,
    "web_search_cost_per_query": 0.005,
    "x_search_cost_per_1k_calls": 5,
}


def body(**counters):
    return {**SDK, "usage": counters}


def test_every_counter():
    """(300 - 120) x 2e-6 + 120 x 5e-7 + 100 x 2e-6 + (9 + 21) x 1e-5, and two searches at 5 per 1,000."""
    assert bill(ROW, SDK) == lines(
        ("input", 180, "0.00036"),
        ("cache_read", 120, "0.00006"),
        ("input_image", 100, "0.0002"),
        ("output", 9, "0.00009"),
        ("reasoning", 21, "0.00021"),
        ("web_searches", 1, "0.005"),
        ("x_searches", 1, "0.005"),
    )
    usage = read_usage(SDK)
    assert (usage.reported, usage.provider, usage.model, usage.context) == (Decimal("0.0005"), "xai", "grok-4.5", 400)
    assert (usage.at, usage.notes) == ("2026-07-08T20:15:55.139301060Z", ())


def test_the_message_and_the_object_of_the_sdk():
    """A message of gRPC, the same as JSON in both spellings, and the SDK's response around it."""
    json_format = pytest.importorskip("google.protobuf.json_format")
    chat_pb2 = pytest.importorskip("xai_sdk.proto").chat_pb2
    chat = pytest.importorskip("xai_sdk.chat")
    message = json_format.ParseDict(SDK, chat_pb2.GetChatCompletionResponse())
    expected = read_usage(SDK).quantities
    for response in (
        message,
        json_format.MessageToDict(message),
        json_format.MessageToDict(message, preserving_proto_field_name=True),
        chat.Response(message, 0),
    ):
        assert (read_usage(response).quantities, read_usage(response).reported) == (expected, Decimal("0.0005"))


@pytest.mark.parametrize("spelled", [int, str])
def test_numbers_as_text(spelled):
    """JSON of gRPC writes numbers of 64 bits as text."""
    usage = read_usage(body(prompt_text_tokens=spelled(30), completion_tokens=spelled(9), total_tokens=spelled(39)))
    assert usage.quantities == {"input": 30, "output": 9}


def test_a_total_that_differs():
    """It is a note, and above the parts a doubt."""
    for total, code in ((50, "total_above"), (38, "total_differs")):
        usage = read_usage(body(prompt_tokens=30, completion_tokens=9, total_tokens=total))
        assert [note.code for note in usage.notes] == [code]


def test_a_priority_tier():
    """In words, and as the number of the SDK's enum."""
    for tier in ("SERVICE_TIER_PRIORITY", 2):
        assert read_usage({**SDK, "service_tier": tier}).service_tier == "priority"
    assert read_usage({**SDK, "service_tier": 1}).service_tier is None


def test_sources_of_the_search_that_was_sold_before():
    """They count where no tool does."""
    assert read_usage(body(prompt_tokens=30, num_sources_used=3)).quantities["web_searches"] == 3
    usage = read_usage(body(prompt_tokens=30, num_sources_used=3, server_side_tools_used=[1]))
    assert usage.quantities["web_searches"] == 1


@pytest.mark.parametrize("counters", [{}, {"completion_tokens": 9}, {"total_tokens": 9}])
def test_missing_counters(counters):
    """No prompt is no 0."""
    with pytest.raises(MissingUsageError):
        read_usage(body(**counters))


def test_what_the_tools_read_again_stands_beside_the_prompt():
    """A prompt of 420 text and 256 image tokens, and 960 read again: 420 x 2e-6, 256 x 2e-6, 960 x 5e-7."""
    counters = {"prompt_tokens": 676, "prompt_text_tokens": 420, "prompt_image_tokens": 256}
    again = body(**counters, cached_prompt_text_tokens=960, completion_tokens=63, total_tokens=739)
    assert bill(ROW, again) == lines(
        ("input", 420, "0.00084"),
        ("cache_read", 960, "0.00048"),
        ("input_image", 256, "0.000512"),
        ("output", 63, "0.00063"),
    )
    assert (read_usage(again).context, read_usage(again).notes) == (676 + 960, ())
    inside = body(**counters, cached_prompt_text_tokens=420, completion_tokens=63, total_tokens=739)
    assert read_usage(inside).quantities == {"cache_read": 420, "input_image": 256, "output": 63}
    assert read_usage(inside).context == 676


def test_contradictions():
    """More images than the prompt holds, or a counter is none."""
    with pytest.raises(InconsistentUsageError, match="exceed prompt_tokens=30"):
        read_usage(body(prompt_tokens=30, prompt_image_tokens=31))
    with pytest.raises(InconsistentUsageError, match="completion_tokens"):
        read_usage(body(prompt_tokens=30, completion_tokens="many"))


def test_a_tool_that_nobody_knows():
    """Each entry of the list is a call; what is unknown is named."""
    usage = read_usage(body(prompt_tokens=30, server_side_tools_used=["SERVER_SIDE_TOOL_TELEPATHY", 7]))
    assert usage.unread == {"server_side_tools_used.telepathy": 1}
