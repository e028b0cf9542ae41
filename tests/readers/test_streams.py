"""Lists of chunks, whatever API they are of."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from llmcost import UnrecognizedResponseError, read_usage

CHUNKS = [
    {"object": "chat.completion.chunk", "choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop"}]},
    {"object": "chat.completion.chunk", "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 2}},
]


def test_the_mark_after_the_last_event_is_no_chunk():
    for chunks in ([*CHUNKS, "[DONE]"], [*CHUNKS, " [DONE]\n"], ["[DONE]", *CHUNKS]):
        usage = read_usage(chunks)
        assert (usage.quantities, usage.partial) == ({"input": 9, "output": 2}, False)
    with pytest.raises(UnrecognizedResponseError, match="this list is empty"):
        read_usage(["[DONE]"])


def test_the_text_of_a_stream_is_read_elsewhere():
    """A log reads the lines of a stream; a number has no such way."""
    for chunk in ("data: {}", b"data: {}", ""):
        with pytest.raises(UnrecognizedResponseError, match=r"llmcost\.read_log reads the text of streams"):
            read_usage([*CHUNKS, chunk])
    with pytest.raises(UnrecognizedResponseError, match=r"this is int$"):
        read_usage([*CHUNKS, 7])


EVENTS = [
    {"type": "message_start", "message": {"model": "m", "usage": {"input_tokens": 10, "output_tokens": 1}}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}},
    {"type": "message_stop"},
]


@pytest.mark.parametrize("build", [dict, SimpleNamespace])
@pytest.mark.parametrize("write", [json.dumps, lambda event: event])
@pytest.mark.parametrize(
    ("events", "quantities"), [(CHUNKS, {"input": 9, "output": 2}), (EVENTS, {"input": 10, "output": 5})]
)
def test_events_as_a_client_of_server_sent_events_gives_them(build, write, events, quantities):
    """Each chunk stands in ``data``, as an object or as its text; the mark of the end and a comment hold none."""
    told = [build(event=event.get("type"), data=write(event), id="", retry=None) for event in events]
    usage = read_usage([*told, build(event="message", data="[DONE]"), build(event=None, data=None)])
    assert (usage.quantities, usage.partial) == (quantities, False)


def test_an_event_that_is_cut_is_named():
    """It may have stated a usage, so that the cost is a lower bound; a text that keeps the connection alive did not."""
    told = [{"event": event["type"], "data": json.dumps(event)} for event in EVENTS]
    for whole in ("keep-alive", "{}", "[]", "[1]", "", " ", '"{"'):
        usage = read_usage([told[0], {"event": "ping", "data": whole}, *told[1:]])
        assert (usage.quantities, usage.notes) == ({"input": 10, "output": 5}, ())
    spaced = [{"event": event["event"], "data": f" {event['data']}"} for event in told]
    assert read_usage(spaced).quantities == {"input": 10, "output": 5}
    for data in ('{"type":"message_delta","usage":{"ou', ' {"type":"message_delta","usage":{"ou', '[{"ou'):
        usage = read_usage([told[0], {"event": "message_delta", "data": data}, *told[1:]])
        assert usage.quantities == {"input": 10, "output": 5}
        assert [(note.code, note.about) for note in usage.notes] == [("not_understood", "data")]


def test_events_that_hold_no_objects():
    """A text that is no JSON tells no usage."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage([{"event": "message", "data": "hello"}])
