"""xAI's tools: each call that succeeded, at the price of its tool."""

from __future__ import annotations

import pytest

from llmcost import read_usage
from llmcost.readers import xai_tools

from .billing import bill, lines

DETAILS = {
    "web_search_calls": 2,
    "x_search_calls": 1,
    "code_interpreter_calls": 1,
    "file_search_calls": 3,
    "document_search_calls": 1,
    "attachment_search_calls": 2,
    "mcp_calls": 5,
}
CHAT = {
    "object": "chat.completion",
    "model": "grok-4.3",
    "choices": [],
    "usage": {
        "prompt_tokens": 100,
        "completion_tokens": 50,
        "total_tokens": 150,
        "num_sources_used": 9,
        "server_side_tool_usage_details": DETAILS,
    },
}
RESPONSE = {
    "object": "response",
    "model": "grok-4.3",
    "output": [{"type": "web_search_call", "status": "completed", "action": {"type": "search"}}],
    "usage": {
        "input_tokens": 100,
        "output_tokens": 50,
        "total_tokens": 150,
        "server_side_tool_usage_details": DETAILS,
    },
}
ROW = {
    "input_cost_per_token": 1e-06,
    "output_cost_per_token": 2e-06,
    "web_search_cost_per_query": 0.005,
    "x_search_cost_per_1k_calls": 5,
    "code_execution_cost_per_1k_calls": 5,
    "attachment_search_cost_per_1k_calls": 10,
    "file_search_cost_per_1k_calls": 2.5,
}


@pytest.mark.parametrize("response", [CHAT, RESPONSE], ids=["chat", "responses"])
def test_every_tool_at_its_price(response):
    """100 x 1e-6 + 50 x 2e-6, and 2 x 0.005 + 1 x 0.005 + 1 x 0.005 + 4 x 0.0025 + 2 x 0.01; an MCP call is free."""
    assert sorted(bill(ROW, response)) == sorted(
        lines(
            ("input", 100, "0.0001"),
            ("output", 50, "0.0001"),
            ("web_searches", 2, "0.01"),
            ("x_searches", 1, "0.005"),
            ("code_executions", 1, "0.005"),
            ("file_searches", 4, "0.01"),
            ("attachment_searches", 2, "0.02"),
        )
    )
    assert read_usage(response).notes == ()


def test_calls_that_failed_are_among_the_items_alone():
    """The details count what is billed: one call of the output is none of them."""
    counters = {**RESPONSE["usage"], "server_side_tool_usage_details": {"web_search_calls": 0}}
    assert "web_searches" not in read_usage({**RESPONSE, "usage": counters}).quantities


@pytest.mark.parametrize("response", [CHAT, RESPONSE], ids=["chat", "responses"])
def test_a_tool_that_nobody_knows(response):
    """It is named, not taken for another one, and makes the cost a lower bound."""
    counters = {**response["usage"], "server_side_tool_usage_details": {"telepathy_calls": 2}}
    usage = read_usage({**response, "usage": counters})
    assert usage.unread == {"server_side_tool_usage_details.telepathy_calls": 2}
    assert not usage.quantities.keys() - {"input", "output", "web_searches"}


@pytest.mark.parametrize("response", [CHAT, RESPONSE], ids=["chat", "responses"])
def test_a_number_of_calls(response):
    """Beside the calls of each tool it says nothing new; alone it does not say what they cost, and is named."""
    both = {**response["usage"], "num_server_side_tools_used": 9}
    assert read_usage({**response, "usage": both}).unread == {}
    alone = {name: value for name, value in both.items() if name != "server_side_tool_usage_details"}
    assert read_usage({**response, "usage": alone}).unread == {"num_server_side_tools_used": 9}


def test_a_number_that_is_too_long_to_be_shown():
    """It is a tool that nobody knows."""
    assert list(xai_tools.names_of([10**5000]).values()) == [1]


@pytest.mark.parametrize(
    ("tool", "meter"),
    [
        ("web_search", "web_searches"),
        ("x_search", "x_searches"),
        ("code_execution", "code_executions"),
        ("code_interpreter", "code_executions"),
        ("collections_search", "file_searches"),
        ("document_search", "file_searches"),
        ("file_search", "file_searches"),
        ("attachment_search", "attachment_searches"),
    ],
)
def test_the_meter_of_each_tool(tool, meter):
    """By its name in xAI's own API and in OpenAI's: https://docs.x.ai/docs/models"""
    usage = read_usage({**CHAT, "usage": {**CHAT["usage"], "server_side_tool_usage_details": {f"{tool}_calls": 3}}})
    assert (usage.quantities[meter], usage.unread) == (3, {})


def test_a_number_of_calls_that_the_output_names():
    """Older responses name no tool: a search, a program and a free MCP call are 2 x 0.005 beside the tokens."""
    kinds = ("web_search_call", "code_interpreter_call", "mcp_call")
    output = [{"type": kind, "id": kind, "status": "completed"} for kind in kinds]
    output.append({"type": "x_search_call", "status": "failed"})
    counters = {"input_tokens": 100, "output_tokens": 50, "total_tokens": 150, "num_server_side_tools_used": 3}
    response = {**RESPONSE, "output": output, "usage": counters}
    assert bill(ROW, response) == lines(
        ("input", 100, "0.0001"),
        ("output", 50, "0.0001"),
        ("web_searches", 1, "0.005"),
        ("code_executions", 1, "0.005"),
    )
    usage = read_usage(response)
    assert (usage.unread, [note.code for note in usage.notes]) == ({}, ["call_failed"])
    more = {**response, "usage": {**counters, "num_server_side_tools_used": 4}}
    assert read_usage(more).unread == {"num_server_side_tools_used": 4}


@pytest.mark.parametrize(
    ("counted", "searches", "complete"), [(3, 2, True), (2, 1, False), (1, 0, False), (0, 0, True)]
)
def test_more_items_of_tools_than_calls_that_are_counted(counted, searches, complete):
    """One of 2 searches and a post's search failed, if 2 are counted: at least 1 search was made, and one more call."""
    kinds = ("web_search_call", "web_search_call", "x_search_call")
    output = [{"type": kind, "id": str(place)} for place, kind in enumerate(kinds)]
    counters = {"input_tokens": 100, "output_tokens": 50, "num_server_side_tools_used": counted}
    usage = read_usage({**RESPONSE, "output": output, "usage": counters})
    assert usage.quantities.get("web_searches", 0) == searches
    assert usage.quantities.get("x_searches", 0) == (counted == 3)
    assert usage.unread == ({} if complete else {"num_server_side_tools_used": counted})
