"""What readers have in common: names that are unknown are kept, and a total whose parts are not stated is missing."""

from __future__ import annotations

import re
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import MagicMock, Mock

import pytest
from pydantic import BaseModel

from llmcost import (
    CostMap,
    InconsistentUsageError,
    LLMCostError,
    MissingUsageError,
    UnrecognizedResponseError,
    Usage,
    read_usage,
)
from llmcost.readers.chunk_reader import ChunkReader
from llmcost.readers.fields import count, sub
from llmcost.readers.reader import Block, Reader


def read(fields):
    """Return the usage of an API that nobody else knows: a reader that looks at nothing but its own two names."""
    counters = sub(fields, "usage") or {}
    return Usage.of({"input": count(counters, "in"), "output": count(counters, "out")}, 0, "toy", {})


class Chunks(ChunkReader):
    """The last chunk counts."""

    def __init__(self):
        self.last = {}

    def feed(self, chunk):
        self.last = chunk

    def usage(self, *, ended=True):
        usage = read(self.last)
        usage.partial = not ended
        return usage


BLOCK = Block(
    "in",
    "out",
    ignored={"total": "the sum of the two"},
    inner={"details": Block("cached"), "rows": Block("kind", "tokens")},
)
TOY = Reader("Toy", lambda fields: "toy" in fields, read, {"usage": BLOCK}, stream=Chunks)


def unread(**counters: object) -> dict:
    """Return what is not understood among counters of the toy."""
    return dict(TOY.read({"toy": 1, "usage": {"in": 5, "out": 3, **counters}}).unread)


@pytest.mark.parametrize(
    "value", [None, 0, -7, True, False, "", "seven", "2026-01-01", [], {}, float("nan"), {"a": None}]
)
def test_what_counts_nothing_says_nothing(value):
    """Only a number above 0 can be a counter; a flag is none."""
    assert unread(zzz=value) == {}


@pytest.mark.parametrize(("value", "kept"), [(7, 7), (7.5, 7.5), ("7", 7), ("4.68e6", 4.68e6), (Decimal(7), 7)])
def test_a_number_is_a_counter_whatever_its_type(value, kept):
    """Numbers as text too: proto JSON writes them so."""
    assert unread(zzz=value) == {"zzz": kept}


def test_names_are_known_below_too():
    """What is ignored is not looked into; objects and lists below an unknown name are, by their path."""
    assert unread(total=8, details={"cached": 2}, rows=[{"kind": "text", "tokens": 5}]) == {}
    assert unread(details={"cached": 2, "zzz": 7}) == {"details.zzz": 7}
    assert unread(zzz={"a": {"b": 7}, "c": "x"}) == {"zzz.a.b": 7}
    assert unread(zzz=[{"n": 3}, {"n": 4}, 5]) == {"zzz.n": 7, "zzz": 5}
    assert unread(rows=[{"kind": "text", "zzz": 1}, {"zzz": 2}]) == {"rows.zzz": 3}
    assert unread(details=7) == {"details": 7}


def test_speed_money_and_limits_are_no_counters():
    """They stand in anybody's usage, under names of their kind."""
    assert unread(queue_time=0.3, firstByteLatency=20, total_cost=0.1, max_tokens=99, tokens_per_second=80) == {}
    assert unread(total_time_sec=4.193, total_prompt_time_sec=0.656) == {}


def test_an_object_states_what_it_holds():
    """Attributes are names; what only its class has is not looked at."""
    usage = SimpleNamespace(**{"in": 5, "out": 3, "zzz": 7, "_private": 9})
    assert TOY.read({"usage": usage}).unread == {"zzz": 7}

    class Slots:
        __slots__ = ("zzz",)

        def __init__(self):
            self.zzz = 7

    assert unread(zzz=Slots()) == {}


def test_any_chunk_of_a_stream_is_looked_at():
    """Blocks that only an earlier chunk had, too; of one name the last value is kept."""
    stream = TOY.stream()
    for counters in ({"in": 1, "out": 0, "a": 1, "b": 5}, {"in": 5, "out": 3, "a": 2}):
        stream.feed({"usage": counters})
    assert stream.usage().unread == {"a": 2, "b": 5}
    assert stream.usage().quantities == {"input": 5, "output": 3}


def test_what_has_no_end_is_bounded():
    """A value that is nested for ever, or very large, is itself taken for a counter; names and paths are cut."""
    deep: list = []
    deep.append(deep)
    assert list(unread(zzz=deep)) == ["zzz"]
    assert len(unread(**{f"z{number}": 1 for number in range(500)})) == 64
    assert all(len(name) <= 80 for name in unread(**{"z" * 500: 1}))
    assert unread(zzz=10**5000) == {"zzz": "an int that is too long to show"}


def test_the_top_is_looked_at_where_nothing_is_below():
    """Counters stand in ``usage``, or are all that there is."""
    toy = Reader("Toy", lambda _: True, read, {"": BLOCK, "usage": BLOCK})
    assert toy.read({"other": 4, "usage": {"in": 1, "out": 1}}).unread == {}
    assert toy.read({"in": 1, "out": 1, "other": 4}).unread == {"other": 4}


def test_a_reader_states_its_blocks_or_why_it_has_none():
    """It cannot be made without them; in words it says that there are none, and nothing is looked at."""
    with pytest.raises(TypeError):
        Reader("Toy", lambda _: True, read)
    none = Reader("Toy", lambda _: True, read, "it counts nothing at all")
    assert none.read({"usage": {"in": 1, "out": 1, "zzz": 7}}).unread == {}


ZEROS = {
    "chat": {
        "object": "chat.completion",
        "choices": [],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 9},
    },
    "responses": {
        "object": "response",
        "output": [],
        "usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 9},
    },
    "anthropic": {
        "type": "message",
        "role": "assistant",
        "content": [],
        "usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 9},
    },
    "converse": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 9},
    "gemini": {"candidates": [], "usageMetadata": {"promptTokenCount": 0, "totalTokenCount": 9}},
    "interactions": {
        "object": "interaction",
        "status": "completed",
        "usage": {"total_input_tokens": 0, "total_output_tokens": 0, "total_tokens": 9},
    },
    "realtime": {
        "type": "response.done",
        "response": {"usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 9}},
    },
    "transcription": {
        "text": "",
        "usage": {"type": "tokens", "input_tokens": 0, "output_tokens": 0, "total_tokens": 9},
    },
    "ai_sdk": {
        "finishReason": "stop",
        "usage": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 9, "cachedInputTokens": 0},
    },
    "langchain": {
        "response_metadata": {},
        "usage_metadata": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 9},
    },
    "prompt alone": {"prompt_tokens": 0, "total_tokens": 9},
}


@pytest.mark.parametrize("response", ZEROS.values(), ids=ZEROS)
def test_a_total_alone(response):
    """Which of the tokens are of the prompt, and which of the answer, nobody says: so no price is right, 0 least."""
    with pytest.raises(MissingUsageError):
        read_usage(response)


NOTHING = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
NONE = {"input_tokens": 0, "output_tokens": 0}
CHUNK = {"object": "chat.completion.chunk", "model": "m"}
ANSWERS = {
    "chat": {
        "object": "chat.completion",
        "choices": [{"message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
        "usage": NOTHING,
    },
    "a tool": {
        "object": "chat.completion",
        "choices": [{"message": {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}}],
        "usage": NOTHING,
    },
    "text": {"object": "text_completion", "choices": [{"text": "Hi"}], "usage": NOTHING},
    "chat stream": [
        {**CHUNK, "choices": [{"delta": {"content": "Hi"}}]},
        {**CHUNK, "choices": [{"delta": {}, "finish_reason": "stop"}], "usage": NOTHING},
    ],
    "responses": {"object": "response", "output": [{"type": "message", "content": [{"text": "Hi"}]}], "usage": NONE},
    "responses stream": [
        {
            "type": "response.completed",
            "response": {"object": "response", "output": [{"type": "function_call"}], "usage": NONE},
        }
    ],
    "anthropic": {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "text", "text": "Hi"}],
        "usage": NONE,
    },
    "anthropic stream": [
        {"type": "message_start", "message": {"type": "message", "role": "assistant", "content": [], "usage": NONE}},
        {"type": "content_block_start", "content_block": {"type": "text"}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 0}},
    ],
    "gemini": {
        "candidates": [{"content": {"parts": [{"text": "Hi"}]}}],
        "usageMetadata": {"promptTokenCount": 0, "totalTokenCount": 0},
    },
    "converse": {
        "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
        "stopReason": "end_turn",
        "usage": {"inputTokens": 0, "outputTokens": 0, "totalTokens": 0},
    },
}


@pytest.mark.parametrize("response", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_of_nothing(response):
    """What assembles a stream that states no usage fills in zeros: beside an answer they are no count."""
    with pytest.raises(MissingUsageError, match="all 0"):
        read_usage(response)


_PRICED = CostMap({"m": {"input_cost_per_token": 1, "output_cost_per_token": 2}})
_HALVES = {
    "chat": (ANSWERS["chat"], "prompt_tokens", "completion_tokens"),
    "chat stream": (ANSWERS["chat stream"], "prompt_tokens", "completion_tokens"),
    "responses": (ANSWERS["responses"], "input_tokens", "output_tokens"),
    "responses stream": (ANSWERS["responses stream"], "input_tokens", "output_tokens"),
    "anthropic": (ANSWERS["anthropic"], "input_tokens", "output_tokens"),
    "anthropic stream": (ANSWERS["anthropic stream"], "input_tokens", "output_tokens"),
    "gemini": (ANSWERS["gemini"], "promptTokenCount", "candidatesTokenCount"),
    "converse": (ANSWERS["converse"], "inputTokens", "outputTokens"),
    "langchain": (
        {"content": "Hi", "response_metadata": {}, "usage_metadata": {**NONE, "total_tokens": 7}},
        "input_tokens",
        "output_tokens",
    ),
}


def counted(value, counters):
    """Return a response with these counters in the place of all others."""
    if isinstance(value, list):
        return [counted(inner, counters) for inner in value]
    if not isinstance(value, dict):
        return value
    usages = ("usage", "usage_metadata", "usageMetadata")
    return {key: counters if key in usages else counted(inner, counters) for key, inner in value.items()}


@pytest.mark.parametrize(("response", "prompt", "answer"), _HALVES.values(), ids=_HALVES)
def test_half_of_a_call_that_is_not_counted(response, prompt, answer):
    """7 tokens of one side, and 0 of the other beside an answer: the cost is a lower bound, which names the other."""
    for mine, other in ((prompt, answer), (answer, prompt)):
        usage = read_usage(counted(response, {mine: 7, other: 0}))
        (note,) = usage.notes
        assert (sum(usage.quantities.values()), note.code, note.about) == (7, "not_counted", other)
        assert not _PRICED.calculate(counted(response, {mine: 7, other: 0}), model="m").complete


_BLANK = [{"type": "text", "text": ""}]


def test_a_prompt_without_an_answer():
    """A text completion repeats its prompt, a filtered answer and an empty one are none: 7 tokens were all."""
    counters = {"prompt_tokens": 7, "completion_tokens": 0, "total_tokens": 7}
    for response in (
        {"object": "text_completion", "choices": [{"text": "Hi"}], "usage": counters},
        {"object": "chat.completion", "choices": [{"message": {"content": ""}}], "usage": counters},
        {"object": "response", "output": [], "usage": {"input_tokens": 7, "output_tokens": 0}},
        {"candidates": [{"content": {"parts": [{"text": ""}]}}], "usageMetadata": {"promptTokenCount": 7}},
        {"candidates": [{"content": {"role": "model"}}], "usageMetadata": {"promptTokenCount": 7}},
        {"type": "message", "role": "assistant", "content": _BLANK, "usage": {"input_tokens": 7, "output_tokens": 0}},
        {
            "content": _BLANK,
            "response_metadata": {},
            "usage_metadata": {"input_tokens": 7, "output_tokens": 0, "total_tokens": 7},
        },
    ):
        assert (read_usage(response).quantities, read_usage(response).notes) == ({"input": 7}, ())


@pytest.mark.parametrize("block", [{"type": "tool_use", "id": "t", "name": "f", "input": {}}, "Hi"])
def test_an_answer_among_blocks(block):
    """A call of a tool is an answer, and so is a text in the place of a block."""
    usage = {"input_tokens": 7, "output_tokens": 0}
    (note,) = read_usage({"type": "message", "role": "assistant", "content": [block], "usage": usage}).notes
    assert (note.code, note.about) == ("not_counted", "output_tokens")


def test_nothing_of_nothing():
    """Zeros without an answer are a count: an embedding of nothing, a completion that was filtered."""
    for response in (
        {"object": "list", "data": [], "model": "m", "usage": {"prompt_tokens": 0, "total_tokens": 0}},
        {"object": "chat.completion", "choices": [{"message": {"content": ""}}], "usage": NOTHING},
        {"object": "response", "output": [], "usage": NONE},
        NOTHING,
    ):
        usage = read_usage(response)
        assert (usage.quantities, usage.notes) == ({}, ())


class Nowhere:
    """A class that says of no module that it is its own."""

    __module__ = None  # type: ignore[assignment]


def cyclic() -> dict:
    found: dict = {"prompt_tokens": 5, "completion_tokens": 5}
    found["itself"] = found
    return found


@pytest.mark.parametrize("made", [Mock, MagicMock, Nowhere])
def test_an_object_that_is_no_response(made):
    """A mock has every attribute, and none that is a count: it is an error of ours, whatever is asked of it."""
    with pytest.raises(LLMCostError):
        read_usage(made())


def test_numbers_that_have_no_end():
    """A dict that holds itself, numbers of thousands of digits and signalling NaNs are looked at once."""
    assert read_usage(cyclic()).quantities == {"input": 5, "output": 5}
    usage = read_usage({"input_tokens": 5, "output_tokens": 5, "cache_x": 10**4400, "zz": Decimal("sNaN")})
    assert usage.unread == {"cache_x": "an int that is too long to show"}
    # A number as text is one, of a known name and of an unknown one.
    usage = read_usage({"inputTokens": 5, "outputTokens": 5, "cachedReadTokens": "800", "zzz": "1"})
    assert (usage.quantities["cache_read"], usage.unread) == (800, {"zzz": 1})


def test_a_class_is_no_response():
    """Nor a chunk of one."""
    for given in (dict, BaseModel):
        with pytest.raises(UnrecognizedResponseError, match=r"of type (type|ModelMetaclass)"):
            read_usage(given)
        with pytest.raises(UnrecognizedResponseError):
            read_usage([given])
        with pytest.raises(LLMCostError):
            read_usage({"object": "chat.completion", "model": "m", "choices": [], "usage": given})


def test_a_part_in_the_place_of_which_stands_something_else():
    """A list is no count, and stays an error where a part by another name would take its place."""
    counters = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "cache_read_tokens": 8}
    for other in ([], [1], {}, "x"):
        body = {**counters, "prompt_tokens_details": {"cached_tokens": other}}
        with pytest.raises(LLMCostError):
            read_usage({"object": "chat.completion", "model": "m", "choices": [], "usage": body})


class AnyAttribute(dict):
    """A dict whose keys are attributes; one that is not there is None, as in many SDKs and helpers."""

    __getattr__ = dict.get


class AnyKey(dict):
    """The same, which raises a KeyError."""

    __getattr__ = dict.__getitem__


class AnyDict(dict):
    """The same, for which what is not there is an empty one."""

    def __getattr__(self, name):
        """Return what stands there."""
        return self.get(name, AnyDict())


@pytest.mark.parametrize("kind", [AnyAttribute, AnyKey, AnyDict])
def test_a_dict_that_answers_to_any_attribute(kind):
    """It is read by its keys, and so are those inside it."""
    counters = kind(prompt_tokens=1000, completion_tokens=100, prompt_tokens_details=kind(cached_tokens=800))
    usage = read_usage(kind(object="chat.completion", model="gpt-4o", usage=counters))
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 100}
    assert read_usage(counters).quantities == usage.quantities


class Answer:
    """What carries a body over HTTP, before the body was read."""

    status_code, headers = 200, {}

    def json(self):
        """Return the body."""

    @property
    def elapsed(self):
        """Raise as the libraries do."""
        raise RuntimeError("the body was not read")


class RawAnswer(Answer):
    """What an SDK gives for ``with_raw_response``."""

    def parse(self):
        """Return the object of the SDK."""


@pytest.mark.parametrize(("answer", "method"), [(Answer(), "json()"), (RawAnswer(), "parse()")])
def test_a_response_of_http_says_what_to_pass(answer, method):
    """Only the caller may read a body from the network."""
    with pytest.raises(UnrecognizedResponseError, match=re.escape(method)):
        read_usage(answer)


def test_real_responses_of_http():
    """Those of requests iterate over bytes, those of httpx raise for what is not read yet."""
    httpx = pytest.importorskip("httpx")
    with pytest.raises(UnrecognizedResponseError, match=re.escape("json()")):
        read_usage(httpx.Response(200, json={"usage": {}}))
    requests = pytest.importorskip("requests")
    with pytest.raises(UnrecognizedResponseError, match=re.escape("json()")):
        read_usage(requests.Response())


@pytest.mark.parametrize("text", ['{"usage": {}}', b'{"usage": {}}'])
def test_json_text_is_no_response(text):
    """The error says how it becomes one."""
    with pytest.raises(UnrecognizedResponseError, match=r"json\.loads"):
        read_usage(text)


@pytest.mark.parametrize(
    ("response", "dialect"),
    [
        ({"id": "modr-1", "results": [{"flagged": False, "categories": {}}]}, "moderation"),
        ({"object": "thread.run", "usage": {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}}, "run"),
        ({"object": "organization.usage.moderations.result", "input_tokens": 5}, "usage_api"),
        ({"object": "organization.usage.web_searches.result", "num_requests": 5}, "usage_api"),
        ({"object": "organization.usage.images.result", "images": 5}, "usage_api"),
        ({"text": "Hi", "usage": {"type": "duration", "seconds": 5}}, "transcription"),
    ],
)
def test_a_usage_says_how_it_was_counted(response, dialect):
    assert read_usage(response).dialect == dialect


@pytest.mark.parametrize("odd", [set(), frozenset()])
def test_an_empty_set_is_no_count(odd):
    """Like an empty list, text or object: none of them is an SDK's mark for what is not given."""
    with pytest.raises(InconsistentUsageError, match="pages_processed"):
        read_usage({"model": "m", "pages": [], "usage_info": {"pages_processed": odd}})
