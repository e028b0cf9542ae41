"""The bytes of a stream give the usage that its chunks give, in pieces of any size, with any words between them."""

from __future__ import annotations

import json
from struct import pack

import pytest

from llmcost import LLMCostError, UnrecognizedResponseError
from llmcost.readers import stated_usage
from llmcost.tracking._guard import Guard
from llmcost.tracking.body import Body
from tests import responses
from tests.laws.test_stream_laws import STREAMS, reader_of


def usage_of(read):
    """Return a usage, or the class of the error."""
    try:
        return read()
    except LLMCostError as error:
        return type(error)


def read_in_pieces(text, size, kind="text/event-stream"):
    guard = Guard()
    body = Body(guard, kind, "")
    for start in range(0, len(text), size):
        body.feed(text[start : start + size])
    body.ended(whole=True)
    assert guard.failures() == {}
    return body


@pytest.mark.parametrize("size", [1, 7, 1000, 1 << 20])
@responses.named(STREAMS)
def test_a_stream(example, size):
    """Server-sent events, both ends of lines; where a reader tells what counts, 20 words stand between the chunks."""
    chunks = example.response
    words = [{"piece": "usage tokens"}] * 20 if reader_of(chunks).tells else []
    lines = [json.dumps(chunk, default=str) for chunk in (chunks[0], *words, *chunks[1:])]
    wanted = usage_of(lambda: stated_usage([json.loads(lines[0]), *map(json.loads, lines[1 + len(words) :])]))
    for end in ("\n", "\r\n"):
        text = "".join(f"data: {line}{end}{end}" for line in lines).encode()
        body = read_in_pieces(text, size)
        assert usage_of(body.whole) == wanted
        assert not body.torn


@pytest.mark.parametrize("size", [7, 1 << 20])
@responses.named(STREAMS)
def test_a_stream_without_spaces(example, size):
    """As providers write it: no space stands behind a colon or a comma, and an end is said behind the last chunk."""
    chunks = [json.loads(json.dumps(chunk, default=str)) for chunk in example.response]
    words = [{"piece": "usage tokens"}] * 20 if reader_of(example.response).tells else []
    wanted = usage_of(lambda: stated_usage([chunks[0], *words, *chunks[1:]]))
    lines = [json.dumps(chunk, separators=(",", ":")) for chunk in (chunks[0], *words, *chunks[1:])]
    body = read_in_pieces("".join(f"data: {line}\n\n" for line in (*lines, "[DONE]")).encode(), size)
    assert usage_of(body.whole) == wanted


@pytest.mark.parametrize("size", [3, 1 << 20])
@responses.named(STREAMS)
def test_lines(example, size):
    """The same as one JSON value a line."""
    chunks = [json.loads(json.dumps(chunk, default=str)) for chunk in example.response]
    text = "".join(f"{json.dumps(chunk)}\n" for chunk in chunks).encode()
    body = read_in_pieces(text, size, "application/x-ndjson")
    assert usage_of(body.whole) == usage_of(lambda: stated_usage(chunks))


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("size", [40, 4096])
def test_a_counter_that_only_an_early_chunk_states(size, separators):
    """A usage that is repeated in each chunk: what one chunk in the middle states is noted, and nothing twice."""
    usages = [{"prompt_tokens": 9, "completion_tokens": n, "total_tokens": 9 + n} for n in range(1, 40)]
    usages[7]["fancy_tokens"] = 3
    usages[11]["completion_tokens_details"] = {"odd_tokens": 5}
    chunks = [
        {
            "id": "c",
            "object": "chat.completion.chunk",
            "model": "m",
            "choices": [{"index": 0, "delta": {"content": f"word {number}"}}],
            "usage": usage,
        }
        for number, usage in enumerate(usages)
    ]
    chunks[-1]["choices"][0]["finish_reason"] = "stop"
    lines = [json.dumps(chunk, separators=separators) for chunk in chunks]
    text = "".join(f"data: {line}\n\n" for line in (*lines, "[DONE]")).encode()
    usage = read_in_pieces(text, size).whole()
    assert usage.quantities == {"input": 9, "output": 39}
    assert usage.unread == {"fancy_tokens": 3, "completion_tokens_details.odd_tokens": 5}
    assert usage == stated_usage(chunks)


def test_the_last_event_counts_however_it_is_spelled():
    """Spaces that no server writes hide its usage from the search in the text; the last event is always read."""
    chunk = {"id": "c", "object": "chat.completion.chunk", "model": "m"}
    first = json.dumps({**chunk, "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]})
    last = json.dumps({**chunk, "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 1}})
    last = last.replace('"usage":', '"usage"  :')
    words = [json.dumps({**chunk, "choices": [{"index": 0, "delta": {"content": "a"}}]})] * 20
    usage = read_in_pieces("".join(f"data: {line}\n\n" for line in (*words, first, last)).encode(), 1 << 20).whole()
    assert usage.quantities == {"input": 9, "output": 1}


def test_frames_never_say_that_they_are_complete():
    """Only the event inside does: a stream that holds none yet may go on."""
    body = Body(Guard(), "application/vnd.amazon.eventstream", "")
    assert body.streamed
    assert not body.complete


def _frame(headers, payload):
    return pack(">III", 16 + len(headers) + len(payload), len(headers), 0) + headers + payload + b"\0\0\0\0"


DAMAGED_FRAMES = {
    "shorter than its lengths": pack(">III", 15, 0, 0),
    "more headers than bytes": pack(">III", 20, 5, 0),
    "a header that is cut": _frame(b"\x05:even", b"{}"),
    "a name that is no text": _frame(b"\x0b:event-type\x07\x00\x01\xff", b"{}"),
    "a chunk without bytes": _frame(b"\x0b:event-type\x07\x00\x05chunk", b"{}"),
    "a chunk that is no JSON": _frame(b"\x0b:event-type\x07\x00\x05chunk", b"{"),
    "a chunk that is a list": _frame(b"\x0b:event-type\x07\x00\x05chunk", b"[]"),
    "bytes that are no base64": _frame(b"\x0b:event-type\x07\x00\x05chunk", b'{"bytes": "e"}'),
}


@pytest.mark.parametrize("damage", DAMAGED_FRAMES.values(), ids=DAMAGED_FRAMES)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_a_damaged_frame(damage, size):
    """What follows it cannot be told from it: the answer has no usage that can be read, and nothing fails."""
    usage = _frame(b"\x0b:event-type\x07\x00\x08metadata", b'{"usage": {"inputTokens": 9, "outputTokens": 1}}')
    stop = _frame(b"\x0b:event-type\x07\x00\x0bmessageStop", b'{"stopReason": "end_turn"}')
    kind = "application/vnd.amazon.eventstream"
    assert read_in_pieces(stop + usage, size, kind).whole().quantities == {"input": 9, "output": 1}
    body = read_in_pieces(stop + damage + usage, size, kind)
    for read in (body.whole, body.cut):
        with pytest.raises(UnrecognizedResponseError, match="could not be read"):
            read()
