"""The quick ways of reading common responses: what they read, the careful ways read alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from llmcost.errors import LLMCostError
from llmcost.readers import anthropic, anthropic_quick, gemini, gemini_text

COUNT = st.one_of(st.integers(0, 3000), st.sampled_from([None, -1, 2**50, 1.0, 2.5, True, "7", [], {}]))
MESSAGE = {"type": "message", "model": "claude-sonnet-4-5", "id": "msg_bdrk_01"}
RESPONSE = {"candidates": [{"content": {}, "finishReason": "STOP"}], "modelVersion": "models/gemini-2.5-flash"}


def careful(module: object, fields: dict[str, object]) -> object:
    """Return what the careful way makes of a response, unknown names among it; the kind of its error if it has none."""
    try:
        usage = module.read(fields)  # type: ignore[attr-defined]
        return module.READER.looked_through(fields, usage).to_dict()  # type: ignore[attr-defined]
    except LLMCostError as error:
        return type(error)


def some(names: dict[str, st.SearchStrategy[object]]) -> st.SearchStrategy[dict[str, object]]:
    """Return objects that have some of these fields, in any order."""
    return st.fixed_dictionaries({}, optional=names)


SPLIT = st.one_of(
    COUNT,
    some({"ephemeral_5m_input_tokens": COUNT, "ephemeral_1h_input_tokens": COUNT, "ephemeral_8h_input_tokens": COUNT}),
)
COUNTERS = some(
    {
        **dict.fromkeys(anthropic_quick.COUNTERS, COUNT),
        "cache_creation": SPLIT,
        "service_tier": st.sampled_from([None, "", "standard", "batch", 7]),
        "speed": st.sampled_from(["standard", "fast"]),
        "new_tokens": COUNT,
    }
)
AROUND = some(
    {
        "stop_reason": st.sampled_from(["end_turn", "refusal"]),
        "content": st.sampled_from([[], [{"type": "text"}]]),
        "amazon-bedrock-trace": st.just({"guardrail": {}}),
        "model": st.sampled_from([None, "", 7]),
        "id": st.sampled_from([None, "msg_01", "msg_vrtx_01"]),
    }
)
ROWS = st.lists(some({"modality": st.sampled_from(["TEXT", "AUDIO", 7]), "tokenCount": COUNT}), max_size=2)
METADATA = some(
    {
        **dict.fromkeys(("promptTokenCount", "candidatesTokenCount", "cachedContentTokenCount"), COUNT),
        **dict.fromkeys(("thoughtsTokenCount", "totalTokenCount", "newTokenCount"), COUNT),
        "promptTokensDetails": st.one_of(COUNT, ROWS),
        "cacheTokensDetails": ROWS,
    }
)
BESIDE = some(
    {
        "candidates": st.sampled_from([[], None, [7], [{}], [{"groundingMetadata": {"webSearchQueries": ["a"]}}]]),
        "createTime": st.just("2026-01-02T00:00:00Z"),
        "modelVersion": st.sampled_from([None, "", "gemini-2.5-pro"]),
    }
)


@given(COUNTERS, AROUND)
def test_a_message_that_is_read_quickly_is_read_alike_with_care(
    counters: dict[str, object], around: dict[str, object]
) -> None:
    """Whatever a message states: its quick usage is the careful one, and what has no quick one is left to care."""
    fields = {**MESSAGE, **around, "usage": counters}
    usage = anthropic_quick.quick(fields)
    assert usage is None or usage.to_dict() == careful(anthropic, fields)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_a_message_of_whole_counts_is_read_quickly(fresh: int, kept: int, short: int, hour: int, answer: int) -> None:
    """Five counts, the written ones split: each is a quantity of its own unless it is 0, and no note is made.

    A side of 0 is left to care, since it may not have been counted.
    """
    split = {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": hour}
    counts = dict(zip(anthropic_quick.COUNTERS, (fresh, answer, kept, short + hour), strict=True))
    fields = {**MESSAGE, "content": [], "usage": {**counts, "cache_creation": split, "service_tier": "standard"}}
    usage = anthropic_quick.quick(fields)
    meters = {"input": fresh, "cache_read": kept, "cache_write": short, "cache_write_1h": hour, "output": answer}
    wanted = {meter: count for meter, count in meters.items() if count}
    assert (usage is None) == (not answer or not fresh + kept + short + hour)
    if usage is not None:
        assert (usage.quantities, usage.context) == (wanted, fresh + kept + short + hour)
        assert (usage.model, usage.provider, usage.service_tier) == ("claude-sonnet-4-5", "bedrock", "standard")
        assert usage.to_dict() == careful(anthropic, fields)


@given(METADATA, BESIDE)
def test_a_response_that_is_read_quickly_is_read_alike_with_care(
    counters: dict[str, object], beside: dict[str, object]
) -> None:
    """Whatever a response of Gemini's states: its quick usage is the careful one."""
    fields = {**RESPONSE, **beside, "usageMetadata": counters}
    usage = gemini_text.quick(fields)
    assert usage is None or usage.to_dict() == careful(gemini, fields)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_a_response_of_text_is_read_quickly(fresh: int, kept: int, answer: int, thought: int) -> None:
    """A prompt with its cached part, an answer and thoughts, and their sum: each is a quantity, unless a side is 0."""
    counters = {
        "promptTokenCount": fresh + kept,
        "cachedContentTokenCount": kept,
        "candidatesTokenCount": answer,
        "thoughtsTokenCount": thought,
        "totalTokenCount": fresh + kept + answer + thought,
    }
    usage = gemini_text.quick({**RESPONSE, "usageMetadata": counters})
    meters = {"input": fresh, "cache_read": kept, "output": answer, "reasoning": thought}
    wanted = {meter: count for meter, count in meters.items() if count}
    assert (usage is None) == (not fresh + kept or not answer + thought)
    assert usage is None or (usage.quantities, usage.model) == (wanted, "gemini-2.5-flash")
