"""Which values are calls of their own, and which are chunks of one stream."""

from __future__ import annotations

import io
import json

import pytest

from llmcost import LogError, Record
from llmcost.logs.calls import calls
from llmcost.logs.source import Source
from llmcost.logs.values import values


def read(*lines, source="log.jsonl", one_stream=False):
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return list(calls(values(io.StringIO(text)), Source(source), one_stream=one_stream))


def chunk(identity="chatcmpl-1", *, usage=None, **more):
    return {
        "id": identity,
        "object": "chat.completion.chunk",
        "model": "small-1",
        "choices": [] if usage else [{"index": 0, "delta": {"content": "Hi"}}],
        "usage": usage,
        **more,
    }


def gemini(identity=None, *, finish=None, tokens=5):
    candidate = {"content": {"parts": [{"text": "Hi"}]}, **({"finishReason": finish} if finish else {})}
    counters = {"promptTokenCount": 10, "candidatesTokenCount": tokens, "totalTokenCount": 10 + tokens}
    found = {"candidates": [candidate], "usageMetadata": counters, "modelVersion": "gemini-2.5-pro"}
    return found if identity is None else {**found, "responseId": identity}


def anthropic_events(identity="msg_1"):
    message = {"id": identity, "type": "message", "model": "small-1", "usage": {"input_tokens": 5, "output_tokens": 1}}
    return [
        {"type": "message_start", "message": message},
        {"type": "ping"},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}},
        {"type": "message_stop"},
    ]


def response_events(identity="resp_1"):
    response = {"id": identity, "object": "response", "model": "small-1", "usage": None}
    usage = {"input_tokens": 5, "output_tokens": 9, "total_tokens": 14}
    return [
        {"type": "response.created", "response": response},
        {"type": "response.output_text.delta", "delta": "Hi", "item_id": "msg_1"},
        {"type": "response.completed", "response": {**response, "usage": usage}},
    ]


def completion(identity=None, **more):
    choices = [{"index": 0, "message": {"role": "assistant", "content": "Hi"}}]
    found = {"object": "chat.completion", "model": "small-1", "choices": choices, "usage": {"prompt_tokens": 1}, **more}
    return found if identity is None else {**found, "id": identity}


USAGE = {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12}


def sizes(found):
    """How many chunks each call has; 0 for a whole response."""
    return [call.chunks for call in found]


def test_whole_responses_are_calls_of_their_own():
    """Even with the same id, logged twice, they are two."""
    found = read(completion("a"), completion("a"), completion())
    assert [(call.place, call.source, call.line, call.response, call.chunks) for call in found] == [
        ("log.jsonl:1", "log.jsonl", 1, completion("a"), 0),
        ("log.jsonl:2", "log.jsonl", 2, completion("a"), 0),
        ("log.jsonl:3", "log.jsonl", 3, completion(), 0),
    ]


def test_chunks_with_one_id_are_one_call():
    """Chunks of two streams after each other are two calls, each at its first line."""
    found = read(chunk("a"), chunk("a"), chunk("a", usage=USAGE), chunk("b"), chunk("b", usage=USAGE))
    assert sizes(found) == [3, 2]
    assert [call.line for call in found] == [1, 4]
    assert found[1].response == [chunk("b"), chunk("b", usage=USAGE)]


def test_chunks_without_ids_are_one_call():
    """Servers that give no id stream one response; the chunk with the usage comes after the one that finishes."""
    found = read(
        chunk(""), chunk("", choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}]), chunk("", usage=USAGE)
    )
    assert sizes(found) == [3]


def test_azure_begins_with_an_empty_chunk():
    """A first chunk without id, object and model belongs to the stream that follows."""
    first = {"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": []}
    assert sizes(read(first, chunk("a"), chunk("a", usage=USAGE))) == [3]


def test_chunks_that_call_themselves_completions():
    """Some servers stream under the object of a whole response; a delta tells."""
    mislabelled = [
        {**chunk("a"), "object": "chat.completion"},
        {**chunk("a", usage=USAGE), "object": "chat.completion"},
    ]
    assert sizes(read(*mislabelled)) == [2]


def test_a_completion_whose_object_was_dropped_is_whole():
    """A message in the choices makes a response whole, without id and object."""
    bare = completion()
    del bare["object"]
    assert sizes(read(bare, bare)) == [0, 0]


def test_responses_and_streams_may_alternate():
    """A whole response ends the stream before it."""
    assert sizes(read(chunk("a"), chunk("a", usage=USAGE), completion("b"), chunk("c"), chunk("c", usage=USAGE))) == [
        2,
        0,
        2,
    ]


def test_events_of_messages():
    """From message_start to message_stop; only the first event has an id, and a ping belongs to it."""
    assert sizes(read(*anthropic_events("a"), *anthropic_events("b"))) == [5, 5]


def test_events_of_a_stream_that_broke_off():
    """A new message_start begins a new call although the last one never stopped."""
    assert sizes(read(*anthropic_events("a")[:3], *anthropic_events("b"))) == [3, 5]


def test_events_that_no_reader_names_belong_to_the_stream():
    """An error event in the middle stays; the next whole response does not."""
    overloaded = {"type": "error", "error": {"type": "overloaded_error"}}
    assert sizes(read(*anthropic_events()[:3], overloaded, completion())) == [4, 0]


def test_events_of_responses():
    """From response.created to response.completed, whatever has no id in between."""
    assert sizes(read(*response_events("a"), *response_events("b"))) == [3, 3]


def test_streams_of_different_apis_after_each_other():
    """Another API's chunk begins another call."""
    assert sizes(read(*anthropic_events()[:4], chunk("a"), chunk("a", usage=USAGE), *response_events())) == [4, 2, 3]


def test_a_whole_generated_content_looks_like_its_chunks():
    """With one responseId they are one stream, with different ones they are calls of their own."""
    assert sizes(read(gemini("a"), gemini("a"), gemini("a"))) == [3]
    assert sizes(read(gemini("a"), gemini("b"), gemini("c"))) == [0, 0, 0]


def test_generated_content_without_ids_ends_where_it_finishes():
    """Without ids, what has no finish reason goes on in the next chunk."""
    assert sizes(read(gemini(), gemini(), gemini(finish="STOP"))) == [3]
    assert sizes(read(gemini(finish="STOP"), gemini(finish="STOP"))) == [0, 0]


def test_ollama_ends_with_done():
    """Its chunks have no id; the last one says that it is."""
    part = {"model": "llama3", "created_at": "2026-01-01T00:00:00Z", "message": {"role": "assistant", "content": "Hi"}}
    last = {**part, "done": True, "prompt_eval_count": 5, "eval_count": 7}
    assert sizes(read({**part, "done": False}, last, {**part, "done": False}, last, last)) == [2, 2, 0]


def test_a_live_session_is_one_call():
    """Its turns have ids of their own, and all belong to the session that was created."""
    session = [
        {"type": "session.created", "session": {"id": "sess_1", "model": "gpt-realtime"}},
        {"type": "response.created", "response": {"id": "resp_1"}},
        {"type": "response.done", "response": {"id": "resp_1", "usage": {"total_tokens": 5}}},
        {"type": "response.done", "response": {"id": "resp_2", "usage": {"total_tokens": 6}}},
    ]
    assert sizes(read(*session, *session[:3])) == [4, 3]


def test_an_array_of_chunks_is_one_call():
    """Its place is the file, since it is no element of it."""
    (call,) = read("[", json.dumps(chunk("a")) + ",", json.dumps(chunk("a", usage=USAGE)), "]", source="a.json")
    assert (call.place, call.chunks) == ("a.json", 2)


def test_an_array_of_responses_is_one_call_each():
    """Their places are their places in the array."""
    found = read(json.dumps([completion("a"), completion("b")]), source="a.json")
    assert [(call.place, call.line, call.chunks) for call in found] == [("a.json[0]", 1, 0), ("a.json[1]", 1, 0)]


def test_arrays_do_not_run_into_each_other():
    """Chunks without ids in two arrays, one a line, are two calls."""
    assert sizes(read([chunk(""), chunk("", usage=USAGE)], [chunk(""), chunk("", usage=USAGE)])) == [2, 2]


def test_an_array_of_arrays_is_one_call_each():
    """Inner arrays are streams."""
    found = read([[chunk("a"), chunk("a", usage=USAGE)], [chunk("b", usage=USAGE)]], source="a.json")
    assert [(call.place, call.chunks) for call in found] == [("a.json[0]", 2), ("a.json[1]", 1)]


def test_the_end_marker_ends_a_stream():
    """Chunks without ids on both sides of [DONE] are two calls."""
    events = [f"data: {json.dumps(chunk(''))}\n\ndata: {json.dumps(chunk('', usage=USAGE))}\n\ndata: [DONE]\n"] * 2
    found = read(*events, source="a.sse")
    assert [(call.place, call.chunks) for call in found] == [("a.sse", 2), ("a.sse:7", 2)]


def test_one_stream_joins_whatever_comes():
    """On request every object of a file is a chunk."""
    assert sizes(read(gemini("a"), gemini("b"), gemini("c"), one_stream=True)) == [3]


@pytest.mark.parametrize("value", ["12", '["x"]', "[3]"])
def test_what_is_no_object_is_unreadable(value):
    """It has file and line, and what stands around it is read."""
    found = read(completion("a"), value, completion("b"))
    assert [type(item) for item in found] == [Record, LogError, Record]
    assert found[1].place == "log.jsonl:2"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            {"response": completion("a"), "model": "m", "duration": 1.5, "user": "ada"},
            (completion("a"), None, {"model": "m", "duration": 1.5}),
        ),
        (
            {"usage": USAGE, "model": "m", "service_tier": "flex", "batch": True},
            (None, USAGE, {"model": "m", "service_tier": "flex", "batch": True}),
        ),
        ({"response": "the answer's text", "usage": USAGE, "model": "m"}, (None, USAGE, {"model": "m"})),
        ({"response": [chunk("a", usage=USAGE)], "region": "eu"}, ([chunk("a", usage=USAGE)], None, {"region": "eu"})),
        ({"model": "m", **USAGE}, (None, USAGE, {"model": "m"})),
        ({"model": "m", "input": 5, "output": 7}, (None, {"input": 5, "output": 7}, {"model": "m"})),
        ({"model": "m", "duration": 2, "latency": "12:00"}, (None, None, {"model": "m", "duration": 2})),
        ({"model": "m", "duration": 2, "time": "2026-01-01"}, (None, None, {"model": "m", "duration": 2})),
        ({"usage": USAGE, "model": "m", "provider": None, "region": ""}, (None, USAGE, {"model": "m"})),
        (
            {"usage": USAGE, "prices": {"input_cost_per_token": 1e-6}, "at": 1767225600},
            (None, USAGE, {"prices": {"input_cost_per_token": 1e-6}}),
        ),
        ({"model": "m", "note": "nothing to bill"}, ({"model": "m", "note": "nothing to bill"}, None, {"model": "m"})),
        (USAGE, (USAGE, None, {})),
        (completion(model="m"), (completion(model="m"), None, {})),
    ],
)
def test_log_lines(line, expected):
    """What is named like a keyword of calculate() is the caller's; a response of a known shape is itself."""
    (call,) = read(line)
    assert (call.response, call.usage, call.facts) == expected


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"duration": "1.5"}, "duration='1.5' should be int or float"),
        ({"model": 5}, "model=5 should be str"),
        ({"batch": "yes"}, "batch='yes' should be bool"),
        ({"n": True}, "n=True should be int"),
        ({"prices": [1]}, "prices=[1] should be dict"),
    ],
)
def test_facts_of_a_wrong_type_are_not_guessed_at(facts, message):
    """The line is unreadable, and says which fact is wrong."""
    (error,) = read({"usage": USAGE, **facts})
    assert (error.source, error.line, error.reason) == ("log.jsonl", 1, message)
    assert str(error) == f"log.jsonl:1: {message}"
