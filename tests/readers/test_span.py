"""The forms of a span, and which of them are calls."""

from __future__ import annotations

import datetime

import pytest

from llmcost.readers.span import attributes_of, is_no_call, may_be_span, of_json, start_of, sum_of

COUNTED = {"gen_ai.usage.input_tokens": 1}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"attributes": None},
        {"attributes": []},
        {"attributes": {"http.request.method": "POST"}},
        {"attributes": {"llm": "x"}},
        {"attributes": 7},
        {"name": "chat", "usage": {"prompt_tokens": 1}},
        {1: 2},
    ],
)
def test_what_is_no_span_of_a_model(fields):
    """Neither a counter of a convention nor the word of a call."""
    assert attributes_of(fields) is None


def test_a_call_without_counters():
    """It is a span of a model all the same."""
    fields = {"attributes": {"gen_ai.operation.name": "chat"}}
    assert attributes_of(fields) == fields["attributes"]


def test_nesting_has_an_end():
    """What is nested deeper than any convention is left as it is."""
    deep: dict = {}
    inner = deep
    for _ in range(50):
        inner["a"] = {}
        inner = inner["a"]
    found = attributes_of({"attributes": {"llm": {"token_count": {"prompt": 1}, "x": deep}}})
    assert found["llm.token_count.prompt"] == 1
    assert max(key.count(".") for key in found) < 12


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (1_790_000_000, 1_790_000_000),
        (1_790_000_000.9, 1_790_000_000),
        (1_790_000_000_500, 1_790_000_000),
        (1_790_000_000_500_000, 1_790_000_000),
        (1_790_000_000_500_000_000, 1_790_000_000),
        ("1790000000500000000", 1_790_000_000),
        ([1_790_000_000, 5], 1_790_000_000),
        ("2026-09-21T13:33:20Z", "2026-09-21T13:33:20Z"),
        (True, None),
        (-5, None),
        ("", None),
        ([], None),
        ("9" * 30, None),
        (None, None),
    ],
)
def test_when_a_span_started(value, seconds):
    """In seconds, and in thousandths, millionths or billionths of one, as number or as text."""
    assert start_of({"start_time": value}) == seconds


def test_a_time_as_an_object():
    """A data frame has its own."""
    when = datetime.datetime(2026, 9, 21, tzinfo=datetime.timezone.utc)
    assert start_of({"start_time": when}) is when


def test_which_values_of_a_log_are_no_calls():
    """What is around a call, and what calls no model; a record of one's own has attributes too."""
    assert is_no_call({"attributes": {}, "trace_id": "1"})
    assert is_no_call({"run_type": "chain"})
    assert not is_no_call({"run_type": "llm"})
    assert not is_no_call({"attributes": {"team": "a"}, "usage": {}})
    assert not is_no_call({"attributes": COUNTED, "trace_id": "1"})
    assert is_no_call({"attributes": {**COUNTED, "gen_ai.operation.name": "invoke_agent"}})
    assert may_be_span(["attributes.llm.token_count.prompt"])
    assert not may_be_span(["model", "usage", 7])


@pytest.mark.parametrize("word", ["invoke_agent", "invoke_workflow", "create_agent", "execute_tool"])
def test_operations_that_add_up_the_calls_below(word):
    """https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans/"""
    assert sum_of({}, {**COUNTED, "gen_ai.operation.name": word}) == word


@pytest.mark.parametrize("key", ["attributes", "run_type", "resourceSpans", "resource_spans"])
def test_a_key_by_which_an_object_may_be_a_span(key):
    """Or hold spans; it is looked at further then."""
    assert may_be_span(["x", key])
    assert not may_be_span(["x", f"{key}s"])


def test_kinds_in_any_case():
    """OpenInference's are capitals."""
    assert sum_of({}, {"openinference.span.kind": "AGENT"}) == "AGENT"
    assert sum_of({}, {"openinference.span.kind": "LLM"}) is None
    assert sum_of({"span_kind": "chain"}, {}) == "chain"


@pytest.mark.parametrize("value", ["{", '{"a": 1', "[" * 100_000, 7, None, "x"])
def test_what_is_no_json(value):
    """It is left as it is."""
    assert of_json(value) == value


def test_an_object_without_an_end_is_a_value():
    """A date has attributes that are dates, for ever; where a count should stand it is none."""
    tokens = {"prompt": 1000, "completion": datetime.date(2026, 1, 1)}
    span = {"name": "chat", "attributes": {"llm": {"token_count": tokens}}}
    assert attributes_of(span) == {
        "llm.token_count.prompt": 1000,
        "llm.token_count.completion": datetime.date(2026, 1, 1),
    }


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("gen_ai.operation.name", "chat"),
        ("gen_ai.operation.name", "embeddings"),
        ("gen_ai.operation.name", "generate_content"),
        ("gen_ai.operation.name", "text_completion"),
        ("openinference.span.kind", "EMBEDDING"),
        ("openinference.span.kind", "LLM"),
        ("llm.request.type", "chat"),
        ("llm.request.type", "completion"),
        ("llm.request.type", "embedding"),
        ("mlflow.spanType", "CHAT_MODEL"),
        ("mlflow.spanType", "EMBEDDING"),
        ("mlflow.spanType", "LLM"),
    ],
)
def test_a_call_whose_counters_are_missing(name, word):
    """The word says that a model was called; another word does not."""
    assert attributes_of({"attributes": {name: word}}) == {name: word}
    assert attributes_of({"attributes": {name: f"{word}s of mine"}}) is None
