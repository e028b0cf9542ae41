"""The short way of a log: what is taken by its line alone is what is read with all questions asked."""

from __future__ import annotations

import io
import json
import random

import pytest

from llmcost.errors import LogError
from llmcost.logs.calls import calls, read_calls
from llmcost.logs.files import Files
from llmcost.logs.lane import PlainSink, lane_of
from llmcost.logs.open_streams import OpenStreams
from llmcost.logs.source import Source
from llmcost.logs.values import values
from tests.logs.test_shapes import CHUNKS, SESSIONS, WHOLE

WRONG = ['{"time": "noon", "response": {"object": "chat.completion"}}', "{", "[]", "7", '[{"a": 1}]', ""]


def told(item):
    """What is known of a call that was read, or of an error."""
    if isinstance(item, LogError):
        return ("error", item.line, item.reason)
    return (item.place, item.line, item.element, item.chunks, item.streamed, item.value, item.time, dict(item.facts))


def log(seed, sessions):
    """Lines of all kinds in any order: whole responses, records, chunks, and what is wrong."""
    chance = random.Random(seed)
    objects = chance.sample(WHOLE, 250) + chance.sample(CHUNKS, 20) + sessions * 2
    lines = [json.dumps(fields, default=str) for fields in objects] + WRONG * 4
    chance.shuffle(lines)
    return "\n".join(lines) + "\n"


def with_care(text, name):
    """The calls of a text whose lines all take the long way."""
    return [told(item) for item in calls(values(io.StringIO(text)), Source(name))]


@pytest.mark.parametrize(
    ("seed", "name", "sessions"),
    [(1, "log.jsonl", []), (2, "log.json", []), (3, "log.jsonl", SESSIONS), (4, "log.json", SESSIONS)],
)
def test_the_short_way_is_the_long_one(seed, name, sessions):
    """The same calls, errors and places in the same order, with a sink and without one.

    After a line of a session log all has to be asked of every line that follows.
    """
    text = log(seed, sessions)
    wanted = with_care(text, name)
    assert [told(item) for item in read_calls(io.StringIO(text), Source(name))] == wanted
    taken, found = [], []

    def sink(call):
        taken.append(call)
        found.append(told(call))

    for item in read_calls(io.StringIO(text), Source(name), sink=sink):
        found.append(told(item))
    assert found == wanted
    assert sessions or len(taken) > 25


def test_a_call_that_may_go_on_is_not_taken():
    """An open stream is ended by the long way; a response without its message and a chunk are no calls for certain."""
    source = Source("log.jsonl")
    streams = OpenStreams(source)
    take = lane_of(source, streams)
    whole = {"object": "chat.completion", "choices": [{"message": {}}], "usage": {}}
    assert take(whole, 3, "").line == 3
    assert take({**whole, "object": "chat.completion.chunk"}, 3, "") is False
    assert take({**whole, "choices": [{"delta": {}}]}, 3, "") is False
    assert take({"time": 1767225600, "response": None}, 3, "") is False
    assert isinstance(take({"time": "noon", "response": whole}, 3, ""), LogError)
    streams.open = True
    assert take(whole, 3, "") is False


def gemini(chance):
    """A response of Gemini's, or a chunk: it ends its answer or not, and others may have its id."""
    counters = {"promptTokenCount": chance.randrange(1, 4) * 100, "candidatesTokenCount": chance.randrange(1, 9)}
    common = chance.random() < 0.8
    reason = "STOP" if common else chance.choice(["MAX_TOKENS", "FINISH_REASON_UNSPECIFIED", "", None, 7])
    answers = [{"finishReason": reason}, {"finishReason": "STOP"}]
    other_counters = [counters, {**counters, "responseTokenCount": 1}, None]
    return {
        "candidates": answers[: 1 if common else chance.randrange(3)],
        "usageMetadata": counters if common else chance.choice(other_counters),
        "modelVersion": "gemini-2.5-flash",
        "responseId": chance.choice("abcdef") if common else chance.choice(["a", "b", "", None]),
    }


def test_a_response_that_may_be_a_chunk_is_taken_when_no_other_has_its_id():
    """The same calls as with all questions asked, among whole responses and chunks that share an id or have none."""
    chance, alone, found = random.Random(5), 0, []

    def plainly(response, when):
        del when
        found.append(response)
        return True

    def plainly_not(response, when):
        del response, when
        return False

    def take(call):
        found.append((call.line, call.response))

    for _ in range(60):
        objects = [gemini(chance) for _ in range(16)] + chance.choices(WHOLE, k=2) + chance.choices(CHUNKS, k=1)
        objects += [{"response": gemini(chance)} for _ in range(2)]
        chance.shuffle(objects)
        text = "".join(json.dumps(fields, default=str) + "\n" for fields in objects)
        wanted = [(item.line, item.response) for item in calls(values(io.StringIO(text)), Source("log.jsonl"))]
        found = []
        for item in read_calls(io.StringIO(text), Source("log.jsonl"), sink=PlainSink(take, plainly)):
            take(item)
        alone += sum(isinstance(call, dict) and "responseId" in call for call in found)
        assert [call if isinstance(call, dict) else call[1] for call in found] == [response for _, response in wanted]
        found = []
        for item in read_calls(io.StringIO(text), Source("log.jsonl"), sink=PlainSink(take, plainly_not)):
            take(item)
        assert found == wanted
    assert alone > 100


def test_a_file_of_which_all_is_taken_is_not_empty(tmp_path):
    """A file that holds nothing is an error, and one whose calls were handed to a sink is none."""
    full, empty = tmp_path / "full.jsonl", tmp_path / "empty.jsonl"
    full.write_text('{"object": "chat.completion", "choices": [{"message": {}}], "usage": {}}\n' * 3)
    empty.write_text("")
    files, taken = Files([str(full), str(empty)]), []
    files.sink = taken.append
    (error,) = files
    assert [call.line for call in taken] == [1, 2, 3]
    assert error.source == str(empty)
