"""The short way of a log: what is taken by its line alone is what is read with all questions asked."""

from __future__ import annotations

import io
import json
import random

import pytest

from llmcost.errors import LogError
from llmcost.logs.calls import calls, read_calls
from llmcost.logs.files import Files
from llmcost.logs.lane import lane_of
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
