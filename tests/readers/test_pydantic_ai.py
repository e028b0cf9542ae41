"""Usages of pydantic-ai: every count holds its parts, and a cost from a table is no bill."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage

from .billing import bill, lines

DUMP = {
    "input_tokens": 1000,
    "cache_write_tokens": 100,
    "cache_write_1h_tokens": 30,
    "cache_read_tokens": 400,
    "output_tokens": 200,
    "output_reasoning_tokens": 50,
    "input_audio_tokens": 100,
    "cache_audio_read_tokens": 40,
    "output_audio_tokens": 5,
    "audio_seconds": 0,
    "details": {"web_search_requests": 2},
    "cost": "0.5",
}
QUANTITIES = {
    "input": 440,
    "cache_read": 360,
    "cache_read_audio": 40,
    "cache_write": 70,
    "cache_write_1h": 30,
    "input_audio": 60,
    "output": 145,
    "reasoning": 50,
    "output_audio": 5,
    "web_searches": 2,
}


@dataclass
class Usage:
    """As the library's: fields that were not given are those of the class."""

    input_tokens: int = 0
    cache_write_tokens: int = 0
    cache_read_tokens: int = 0
    output_tokens: int = 0
    details: dict = field(default_factory=dict)


def test_a_request():
    """Parts are taken out of what holds them; the cost that the library computed is not reported."""
    usage = read_usage(DUMP)
    assert (usage.quantities, usage.context, usage.reported) == (QUANTITIES, 1000, None)
    assert (usage.input_tokens, usage.output_tokens, usage.dialect) == (1000, 200, "pydantic_ai")


def test_an_object():
    """A dataclass states the same as its dump."""
    given = {"input_tokens": 1000, "cache_read_tokens": 800, "output_tokens": 50}
    dump = {**given, "cache_write_tokens": 0, "details": {}}
    assert read_usage(Usage(**given)) == read_usage(dump)
    assert read_usage(dump).quantities == {"input": 200, "cache_read": 800, "output": 50}


def test_a_response():
    """It names its model and its time."""
    response = {
        "kind": "response",
        "parts": [],
        "usage": DUMP,
        "model_name": "gpt-5",
        "timestamp": "2026-01-01T00:00:00Z",
    }
    usage = read_usage(response)
    assert (usage.quantities, usage.model, usage.at) == (QUANTITIES, "gpt-5", "2026-01-01T00:00:00Z")
    served = {"provider_name": "google-gla", "provider_details": {"service_tier": "flex"}}
    usage = read_usage({**response, **served})
    assert (usage.named_provider, usage.service_tier) == ("google-gla", "flex")
    with pytest.raises(MissingUsageError):
        read_usage({**response, "usage": None})


def test_a_run_is_a_sum():
    """Several requests have no context; one has."""
    run = read_usage({**DUMP, "requests": 3, "tool_calls": 2})
    assert (run.aggregate, run.context, run.quantities) == (True, None, QUANTITIES)
    assert read_usage({**DUMP, "requests": 1}).aggregate is False


def test_requests_that_left_their_usage_out():
    """Some of them make a lower bound, all of them an error."""
    run = read_usage({**DUMP, "cost": None, "requests": 3, "unmeasured_requests": 1})
    assert (run.partial, run.notes) == (True, ("1 of 3 requests left their usage out",))
    with pytest.raises(MissingUsageError):
        read_usage({**DUMP, "requests": 3, "unmeasured_requests": 3})
    with pytest.raises(MissingUsageError):
        read_usage({**DUMP, "unmeasured_requests": 1})


def test_sold_by_the_second_of_audio():
    """12.5 x 0.001 beside tokens that have no price."""
    usage = {"input_tokens": 10, "output_tokens": 5, "cache_read_tokens": 0, "audio_seconds": 12.5}
    assert bill({"input_cost_per_second": 0.001}, usage) == lines(("input_audio_seconds", 12.5, "0.0125"))


def test_counted_as_anthropic_does():
    """More cached tokens than input stand beside it, though the library counts them inside; the note says so."""
    usage = read_usage({"input_tokens": 3, "cache_read_tokens": 100, "output_tokens": 5})
    assert usage.quantities == {"input": 3, "cache_read": 100, "output": 5}
    assert [note.code for note in usage.notes] == ["counted_on_top"]


# Versions before 1.0: of OpenAI, of Anthropic, and of Gemini, whose thoughts are in the total alone. The details of the
# last two say a count again, or on top, of which the laws know nothing: they are in lower case.
FORMER = {
    "requests": 1,
    "request_tokens": 1000,
    "response_tokens": 100,
    "total_tokens": 1100,
    "details": {"cached_tokens": 800, "reasoning_tokens": 20, "accepted_prediction_tokens": 0},
}
former_anthropic = {
    "requests": 1,
    "request_tokens": 1110,
    "response_tokens": 5,
    "total_tokens": 1115,
    "details": {
        "input_tokens": 10,
        "output_tokens": 5,
        "cache_read_input_tokens": 1000,
        "cache_creation_input_tokens": 100,
    },
}
former_gemini = {
    "requests": 1,
    "request_tokens": 14,
    "response_tokens": 1,
    "total_tokens": 115,
    "details": {"thoughts_tokens": 100},
}


@pytest.mark.parametrize(
    ("usage", "quantities"),
    [
        (FORMER, {"input": 200, "cache_read": 800, "output": 80, "reasoning": 20}),
        (former_anthropic, {"input": 10, "cache_read": 1000, "cache_write": 100, "output": 5}),
        (former_gemini, {"input": 14, "output": 1, "reasoning": 100}),
        ({**FORMER, "details": None}, {"input": 1000, "output": 100}),
    ],
)
def test_former_names(usage, quantities):
    """The provider's counters say which parts the whole prompt and the answer have."""
    assert read_usage(usage).quantities == quantities


def test_former_names_of_several_requests():
    """Their sum has no context."""
    assert read_usage({**FORMER, "requests": 3}).aggregate
    with pytest.raises(MissingUsageError):
        read_usage({**FORMER, "response_tokens": None})


def test_a_key_that_is_no_name_is_passed_over():
    """None as a key of the details says nothing."""
    assert read_usage({**FORMER, "details": {None: 7}}).quantities == {"input": 1000, "output": 100}


@pytest.mark.parametrize("name", ["reasoning_tokens", "thoughts_tokens"])
def test_reasoning_among_the_counters_of_the_provider(name):
    """Versions before a count of their own: 30 of 100 tokens; more than the answer is another tokenizer's count."""
    usage = {"input_tokens": 1000, "cache_read_tokens": 800, "output_tokens": 100, "requests": 1}
    same = {"input": 200, "cache_read": 800, "output": 70, "reasoning": 30}
    assert read_usage({**usage, "details": {name: 30}}).quantities == same
    assert read_usage({**usage, "details": {name: 130}}).quantities == {"input": 200, "cache_read": 800, "output": 100}


def test_what_only_the_providers_own_counters_state():
    """500 tokens written, all of them for an hour, and two searches."""
    details = {"cache_creation_input_tokens": 500, "ephemeral_1h_input_tokens": 500, "web_search_requests": 2}
    counters = {"input_tokens": 1000, "output_tokens": 100, "cache_write_tokens": 500, "details": details}
    expected = {"input": 500, "cache_write_1h": 500, "output": 100, "web_searches": 2}
    assert read_usage(counters).quantities == expected
    # More than was written cannot be a part of it.
    assert read_usage({**counters, "cache_write_tokens": 400}).quantities["cache_write"] == 400
    former = {"request_tokens": 1000, "response_tokens": 100, "total_tokens": 1100, "details": details}
    assert read_usage(former).quantities == expected


def test_what_cohere_bills():
    """It adds tokens to a prompt, which it does not bill: 100 and 10 of the 170 and 12 that are counted."""
    counters = {"input_tokens": 170, "output_tokens": 12, "details": {"input_tokens": 100, "output_tokens": 10}}
    response = {"kind": "response", "parts": [], "model_name": "m", "provider_name": "cohere", "usage": counters}
    assert read_usage(response).quantities == {"input": 100, "output": 10}
    assert read_usage({**response, "provider_name": "openai"}).quantities == {"input": 170, "output": 12}
    assert read_usage({**response, "usage": {**counters, "details": {}}}).quantities == {"input": 170, "output": 12}


def test_media_of_newer_versions():
    """258 image tokens of the prompt, 100 of them cached, and 90 of the answer; text, tools and 5 minutes are rests."""
    usage = read_usage(
        {
            "input_tokens": 1000,
            "output_tokens": 100,
            "cache_read_tokens": 300,
            "cache_image_read_tokens": 100,
            "cache_text_read_tokens": 200,
            "input_image_tokens": 258,
            "input_text_tokens": 742,
            "input_tool_tokens": 50,
            "input_text_tool_tokens": 50,
            "output_image_tokens": 90,
            "output_text_tokens": 10,
            "details": {},
        }
    )
    expected = {"input": 542, "cache_read": 200, "cache_read_image": 100, "input_image": 158}
    assert (usage.quantities, usage.unread) == ({**expected, "output": 10, "output_image": 90}, {})


def test_media_among_the_counters_of_the_provider():
    """Versions before a count of their own: image tokens of Gemini, in the prompt and in the answer."""
    details = {"image_prompt_tokens": 258, "text_prompt_tokens": 742, "image_candidates_tokens": 90}
    usage = {"input_tokens": 1000, "output_tokens": 100, "cache_read_tokens": 0, "details": details}
    expected = {"input": 742, "input_image": 258, "output": 10, "output_image": 90}
    assert read_usage(usage).quantities == expected
    # What was cached of a medium that the prompt does not have is of none.
    cached = {**usage, "cache_read_tokens": 300, "details": {**details, "video_cache_tokens": 300}}
    assert read_usage(cached).quantities == {**expected, "input": 442, "cache_read": 300}


@pytest.mark.parametrize(
    ("provider", "quantities", "alternatives"),
    [
        ("anthropic", {"input": 10, "output": 5, "web_searches": 2}, ()),
        ("openai", {"input": 10, "output": 5, "web_searches": 2}, ()),
        # Gemini 2.5 bills the prompt once, and Gemini 3 each query: the card knows.
        ("google-gla", {"input": 10, "output": 5}, (({"grounded_prompts": 1}, {"web_searches": 2}),)),
    ],
)
def test_searches_are_counted_once(provider, quantities, alternatives):
    """The usage counts them, its details may repeat them, and so do the parts of the answer."""
    call = {"part_kind": "builtin-tool-call", "tool_name": "web_search", "args": {"queries": ["a", "b"]}}
    counters = {"input_tokens": 10, "output_tokens": 5, "cache_read_tokens": 0, "web_searches": 2}
    response = {"kind": "response", "model_name": "m", "provider_name": provider}
    google = provider.startswith("google")
    for details in ({}, {"web_search_requests": 2}):
        for parts in ([], [call]) if google else ([],):
            usage = read_usage({**response, "parts": parts, "usage": {**counters, "details": details}})
            assert (usage.quantities, usage.alternatives, usage.unread) == (quantities, alternatives, {})
