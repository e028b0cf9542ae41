"""Haystack: replies, a reply, and what an embedder returns."""

from __future__ import annotations

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

USAGE = {
    "prompt_tokens": 1000,
    "completion_tokens": 100,
    "total_tokens": 1100,
    "prompt_tokens_details": {"cached_tokens": 800},
}


def meta(**more):
    """Return the metadata of a reply."""
    return {"model": "gpt-4o-2024-08-06", "index": 0, "finish_reason": "stop", "usage": USAGE, **more}


REPLIES = {"replies": [{"_role": "assistant", "_content": [{"text": "x"}], "_name": None, "_meta": meta()}]}
REPLY = {"role": "assistant", "content": [{"text": "x"}], "meta": meta()}
GENERATED = {"replies": ["x"], "meta": [meta()]}
EMBEDDED = {
    "embedding": [0.1],
    "meta": {"model": "text-embedding-3-small", "usage": {"prompt_tokens": 9, "total_tokens": 9}},
}
QUANTITIES = {"input": 200, "cache_read": 800, "output": 100}


@pytest.mark.parametrize("response", [REPLIES, REPLY, GENERATED])
def test_the_providers_usage(response):
    """It stands in the metadata, by old and by new names, and beside replies of plain text."""
    usage = read_usage(response)
    assert (usage.quantities, usage.model) == (QUANTITIES, "gpt-4o-2024-08-06")


def test_an_embedder():
    """It has no output."""
    assert read_usage(EMBEDDED).quantities == {"input": 9}


def test_several_replies_of_one_call():
    """They repeat the usage of the call, which is billed once; another usage is another call."""
    (reply,) = REPLIES["replies"]
    assert read_usage({"replies": [reply, {**reply, "_meta": meta(index=1)}]}).quantities == QUANTITIES
    other = meta(usage={**USAGE, "completion_tokens": 50, "total_tokens": 1050})
    parts = read_usage({"replies": [reply, {**reply, "_meta": other}]}).parts
    assert [part.quantities["output"] for part in parts] == [100, 50]


def test_anthropics_counters():
    """The generator renames two of them, and the cache stands beside them as ever: 10 + 900 + 90."""
    counters = {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "cache_read_input_tokens": 900,
        "cache_creation_input_tokens": 90,
    }
    usage = read_usage(
        {"replies": [{"_role": "assistant", "_meta": {"model": "claude-sonnet-4-5", "usage": counters}}]}
    )
    assert usage.quantities == {"input": 10, "cache_read": 900, "cache_write": 90, "output": 5}


@pytest.mark.parametrize("response", [{"replies": []}, {"replies": [{"_role": "assistant", "_meta": {}}]}])
def test_replies_without_a_usage(response):
    """A missing usage is not zero."""
    with pytest.raises(MissingUsageError):
        read_usage(response)


def test_objects_of_the_package():
    """A message, and what a generator returns."""
    dataclasses = pytest.importorskip("haystack.dataclasses")
    message = dataclasses.ChatMessage.from_assistant("x", meta=meta())
    assert read_usage(message).quantities == QUANTITIES
    assert read_usage({"replies": [message]}).quantities == QUANTITIES
    assert read_usage(message.to_dict()).quantities == QUANTITIES
