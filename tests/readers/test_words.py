"""Names that no API has: their words tell what is counted, and who uses them, or the total, where the cache is."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llmcost import InconsistentUsageError, MissingUsageError, read_usage
from llmcost.readers import words

SNAKE, PLAIN, CAMEL = (
    {"input_tokens": 1000, "output_tokens": 100},
    {"prompt_tokens": 1000, "completion_tokens": 100},
    {"inputTokens": 1000, "outputTokens": 100},
)
# 800 of the 1,000 were cached.
INSIDE = {"input": 200, "cache_read": 800, "output": 100}
BESIDE = {"input": 1000, "cache_read": 800, "output": 100}

# Who counts the cache inside the input, each with the names that they use.
HELD = {
    "Moonshot": {**PLAIN, "cached_tokens": 800},
    "a row of a log": {**SNAKE, "cached_tokens": 800},
    "Codex": {**SNAKE, "cached_input_tokens": 800, "reasoning_output_tokens": 0, "total_tokens": 1100},
    "pydantic-ai beside prompt_tokens": {**PLAIN, "cache_read_tokens": 800},
    "crewAI": {**PLAIN, "total_tokens": 1100, "cached_prompt_tokens": 800, "successful_requests": 1},
    "browser-use": {**PLAIN, "total_tokens": 1100, "prompt_cached_tokens": 800, "prompt_image_tokens": None},
    "Copilot": {**CAMEL, "cacheReadTokens": 800, "cacheWriteTokens": 0},
    "AI SDK": {**CAMEL, "cachedInputTokens": 800},
    "Mistral": {**PLAIN, "num_cached_tokens": 800},
    "Mistral's details": {**PLAIN, "prompt_token_details": {"cached_tokens": 800}},
    "OpenAI's usage API": {**SNAKE, "input_cached_tokens": 800, "input_uncached_tokens": 200, "num_model_requests": 1},
    "Microsoft.Extensions.AI": {"InputTokenCount": 1000, "OutputTokenCount": 100, "CachedInputTokenCount": 800},
    "older AI SDK": {
        "promptTokens": 1000,
        "completionTokens": 100,
        "totalTokens": 1100,
        "promptTokensDetails": {"cachedTokens": 800},
    },
    "Agents SDK for JS": {
        **CAMEL,
        "inputTokensDetails": [{"cached_tokens": 500}, {"cached_tokens": 300}],
        "totalTokens": 1100,
    },
    "its total proves it": {**SNAKE, "cache_hit_tokens": 800, "total_tokens": 1100},
    "Anthropic's names, and a total": {**SNAKE, "cache_read_input_tokens": 800, "total_tokens": 1100},
}
# Who counts it beside the input.
APART = {
    "Agent Client Protocol": {**CAMEL, "cachedReadTokens": 800},
    "Dagger": {**CAMEL, "cachedTokenReads": 800, "totalTokens": 1900},
    "Anthropic": {**SNAKE, "cache_read_input_tokens": 800},
    "its total proves it": {**PLAIN, "cache_hit_tokens": 800, "total_tokens": 1900},
    "Anthropic's usage report": {
        "uncached_input_tokens": 1000,
        "cache_read_input_tokens": 800,
        "cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 0},
        "output_tokens": 100,
    },
}


def as_object(value):
    if isinstance(value, dict):
        return SimpleNamespace(**{name: as_object(inner) for name, inner in value.items()})
    return [as_object(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("form", [dict, as_object])
@pytest.mark.parametrize("counters", HELD.values(), ids=HELD)
def test_the_cache_is_inside(counters, form):
    """1,000 - 800 are fresh."""
    usage = read_usage(form(counters))
    assert usage.quantities == INSIDE
    assert usage.unread == {}


@pytest.mark.parametrize("form", [dict, as_object])
@pytest.mark.parametrize("counters", APART.values(), ids=APART)
def test_the_cache_is_beside(counters, form):
    """All of the 1,000 are fresh, and 800 come on top."""
    usage = read_usage(form(counters))
    assert usage.quantities == BESIDE
    assert usage.unread == {}


def test_what_exceeds_the_input_stands_beside_it():
    """7,000 + 400 cannot be inside 120, whatever the names say; the total of in and out leaves them out."""
    counters = {"prompt_tokens": 120, "completion_tokens": 60, "total_tokens": 180}
    usage = read_usage({**counters, "cached_prompt_tokens": 7000, "cache_creation_tokens": 400})
    assert usage.quantities == {"input": 120, "cache_read": 7000, "cache_write": 400, "output": 60}


def test_the_rest_of_the_prompt_tells():
    """What is text, or was not cached, is the prompt with the cache or without it: by the sum, without a total."""
    counters = {"input": 1000, "output": 100, "cacheRead": 800}
    for rest, right in (
        ({"inputDetails": {"text": 200}}, INSIDE),
        ({"uncachedTokens": 200}, INSIDE),
        ({"noCache": 1000}, BESIDE),
    ):
        usage = read_usage({**counters, **rest})
        assert (usage.quantities, usage.unread) == (right, {})
    media = {"inputDetails": {"text": 150, "audio": 50, "cacheRead": 800}}
    found = read_usage({"input": 1000, "output": 100, **media}).quantities
    assert found == {"input": 150, "input_audio": 50, "cache_read": 800, "output": 100}
    # No sum, the answer's part, and no count at all prove nothing; nor does all of it as text, which may be cached.
    rests = ({"uncachedTokens": 300}, {"outputDetails": {"text": 200}}, {"noCache": -200}, {"noCache": 200.5})
    for rest in (*rests, {"inputDetails": {"text": 1000}}):
        with pytest.raises(InconsistentUsageError, match="nothing tells"):
            read_usage({**counters, "output": 200, **rest})
    # OpenAI counts cached text as text, and these are names of its sense.
    for of_openai in (
        {"promptTokensDetails": {"cachedTokens": 800, "textTokens": 1000}},
        {"cachedInputTokens": 800, "textInputTokens": 1000},
    ):
        assert read_usage({"promptTokens": 1000, "completionTokens": 100, **of_openai}).quantities == INSIDE


def test_nothing_tells():
    """A name of nobody, and no total: both readings are there, none is taken."""
    with pytest.raises(InconsistentUsageError, match="dialect='inclusive' or 'exclusive'") as caught:
        read_usage({**SNAKE, "cache_hit_tokens": 800})
    assert [reading.quantities for reading in caught.value.readings] == [INSIDE, BESIDE]
    assert read_usage({**SNAKE, "cache_hit_tokens": 800}, dialect="inclusive").quantities == INSIDE
    assert read_usage({**SNAKE, "cache_hit_tokens": 800}, dialect="exclusive").quantities == BESIDE
    # Nothing was cached: there is nothing to tell.
    assert read_usage({**SNAKE, "cache_hit_tokens": 0}).quantities == {"input": 1000, "output": 100}


def test_anthropics_names_of_another_maker():
    """Gateways give them to models of others, of which some count inside; Claude's count beside."""
    counters = {**SNAKE, "cache_read_input_tokens": 800}
    assert read_usage({"model": "claude-sonnet-4-5", **counters}).quantities == BESIDE
    with pytest.raises(InconsistentUsageError) as caught:
        read_usage({"model": "gpt-5", **counters})
    assert len(caught.value.readings) == 2


@pytest.mark.parametrize(
    "name",
    ["reasoning_tokens", "reasoning_output_tokens", "thinking_tokens", "thoughtTokens", "output_reasoning_tokens"],
)
@pytest.mark.parametrize("base", [SNAKE, PLAIN, CAMEL])
def test_reasoning_is_inside_the_output(base, name):
    """Unless a total says otherwise: 100 of which 20 were thought."""
    assert read_usage({**base, name: 20}).quantities == {"input": 1000, "output": 80, "reasoning": 20}


def test_writes_audio_and_fees():
    """Each by its own meter; what was written for an hour is inside what was written."""
    counters = {**SNAKE, "cache_creation_input_tokens": 400, "cache_creation_input_tokens_1h": 100}
    assert read_usage(counters).quantities == {"input": 1000, "cache_write": 300, "output": 100, "cache_write_1h": 100}
    counters = {**SNAKE, "input_audio_tokens": 30, "output_audio_tokens": 5, "web_search_requests": 2}
    assert read_usage(counters).quantities == {
        "input": 970,
        "input_audio": 30,
        "output": 95,
        "output_audio": 5,
        "web_searches": 2,
    }


def test_several_requests_have_no_context():
    """A list of details has a row for each request; a count of requests says it too."""
    assert read_usage(HELD["Agents SDK for JS"]).aggregate
    usage = read_usage({**HELD["OpenAI's usage API"], "num_model_requests": 50})
    assert usage.aggregate
    assert usage.context is None
    assert not read_usage(HELD["OpenAI's usage API"]).aggregate


def test_what_means_nothing_is_unread():
    """Names of nobody among known ones; labels, settings and times are none."""
    usage = read_usage({**SNAKE, "cached_input_tokens": 800, "zzz": 7, "id": 12, "latency_ms": 300, "temperature": 1})
    assert usage.unread == {"zzz": 7}


def test_two_names_of_one_whole():
    """They have to agree, but for 0, and for one that leaves the cache out."""
    assert read_usage({**PLAIN, "inputTokenCount": 1000, "cached_prompt_tokens": 800}).quantities == INSIDE
    with pytest.raises(InconsistentUsageError, match="state input differently"):
        read_usage({**PLAIN, "inputTokenCount": 999, "cached_prompt_tokens": 800})


def test_a_whole_is_missing():
    """An output alone is no input, and the other way round."""
    with pytest.raises(MissingUsageError):
        read_usage({"InputTokenCount": 5, "OutputTokenCount": None, "TotalTokenCount": None}, dialect="inclusive")
    for counters in ({"completion_tokens": 80, "total_tokens": 80}, {"completion_tokens": 80, "total_tokens": 180}):
        with pytest.raises(MissingUsageError):
            read_usage(counters)


# Envelopes.


def chat(**counters: object) -> dict:
    return {"object": "chat.completion", "model": "m", "choices": [], "usage": counters}


def response(**counters: object) -> dict:
    return {"object": "response", "model": "m", "output": [], "usage": counters}


ENVELOPES = {
    "cache_read_tokens": chat(**PLAIN, total_tokens=1100, cache_read_tokens=800),
    "prompt_token_details": chat(**PLAIN, total_tokens=1100, prompt_token_details={"cached_tokens": 800}),
    "another name in the details": chat(**PLAIN, prompt_tokens_details={"cache_read_tokens": 800}),
    "camel case": chat(**HELD["older AI SDK"]),
    "responses": response(**SNAKE, total_tokens=1100, cached_tokens=800),
    "responses, realtime's details": response(**SNAKE, input_token_details={"cached_tokens": 800}),
    "responses, another name": response(**SNAKE, input_tokens_details={"cache_read_tokens": 800}),
}


@pytest.mark.parametrize("body", ENVELOPES.values(), ids=ENVELOPES)
def test_an_envelope_holds_its_parts(body):
    """The envelope says that the cache is inside; what the name means is told by its words."""
    usage = read_usage(body)
    assert usage.quantities == INSIDE
    assert usage.unread == {}


def test_the_set_of_names_that_counts():
    """Clients fill the names of another API with 0: those are no counts."""
    zeros = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    assert read_usage(chat(**zeros, **SNAKE)).quantities == {"input": 1000, "output": 100}
    assert read_usage({**SNAKE, "prompt_token_count": 0}).quantities == {"input": 1000, "output": 100}
    none = {"input_tokens": 0, "output_tokens": 0}
    assert read_usage(response(**none, **PLAIN)).quantities == {"input": 1000, "output": 100}
    message = {"type": "message", "role": "assistant", "model": "m", "content": []}
    assert read_usage({**message, "usage": {**none, **PLAIN}}).quantities == {"input": 1000, "output": 100}


def test_two_sets_of_names_agree_or_contradict():
    """One may have the part that the other lacks; two different counts are an error."""
    both = {**PLAIN, "total_tokens": 1100, **SNAKE}
    assert read_usage(chat(**both, input_tokens_details={"cached_tokens": 800})).quantities == INSIDE
    assert read_usage({**both, "input_tokens_details": {"cached_tokens": 800}}).quantities == INSIDE
    for given in (chat(**{**both, "input_tokens": 500}), response(**{**both, "completion_tokens": 7})):
        with pytest.raises(InconsistentUsageError):
            read_usage(given)


TOOLS = {"input": 1000, "output": 100, "cached": 800, "thoughts": 50, "tool": 30}


def test_what_tools_answered():
    """Gemini's programs count it beside the input, as their total says; without such a total it is inside."""
    beside = read_usage({**TOOLS, "total": 1180})
    assert beside.quantities == {"input": 230, "cache_read": 800, "output": 100, "reasoning": 50}
    inside = read_usage({**TOOLS, "total": 1150})
    assert inside.quantities == {"input": 200, "cache_read": 800, "output": 100, "reasoning": 50}


def test_what_is_nested_without_end_is_not_followed():
    """Of 3000 objects inside each other, the innermost counter is none of the call's."""
    deep = {"cached_tokens": 1}
    for _ in range(3000):
        deep = {"a": deep}
    assert words.read({"input_tokens": 10, "output_tokens": 5, "odd": deep}).quantities == {"input": 10, "output": 5}


def test_the_text_of_what_was_cached_is_inside_the_whole():
    """OpenAI's usage API and LiveKit state both, and the audio: 250 cached, of which 50 text and 200 audio."""
    parts = {"input_cached_tokens": 250, "input_cached_text_tokens": 50, "input_cached_audio_tokens": 200}
    usage = read_usage({"input_tokens": 400, "output_tokens": 9, "input_audio_tokens": 300, **parts})
    assert usage.quantities == {"input": 50, "cache_read": 50, "input_audio": 100, "cache_read_audio": 200, "output": 9}
    alone = {"prompt_tokens": 1000, "completion_tokens": 100, "cached_prompt_text_tokens": 800}
    assert read_usage(alone).quantities == INSIDE
