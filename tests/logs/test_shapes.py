"""What is remembered of a set of keys: the same answers as asking every reader of every row."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from llmcost import LLMCostError, read_log
from llmcost.core.usage import Usage
from llmcost.logs import calls, lane, pages, record, shapes, whose
from llmcost.logs.chunks import is_whole, reader_of
from llmcost.logs.session_formats import format_of
from llmcost.logs.shapes import OBJECTS, ONE_CHUNK, RECORD, RESPONSE, RESPONSE_OR_CHUNK, Shape, shape_of
from llmcost.readers.known import COMMON, discovered, find_reader
from tests import responses
from tests.cli.test_laws import NAMES, anything


def rows():
    """Every object of every response of the tests, alone, as records around them, and as its keys without values."""
    found = []
    for example in responses.everything():
        for value in example.response if isinstance(example.response, list) else [example.response]:
            if not isinstance(value, dict) or any(not isinstance(key, str) for key in value):
                continue
            found += [value, {"response": value, "model": "m", "time": 1787536800, "team": "a"}, {"response": value}]
            if isinstance(value.get("usage"), dict):
                found += [value["usage"], {"usage": value["usage"], "model": "m", "tags": ["a"]}]
            found.append(dict.fromkeys(value))
            found.append({key: {} if isinstance(inner, dict) else inner for key, inner in value.items()})
    return found


ROWS = rows()


def asked_of_all(fields):
    """The reader of its stream, and whether a record is around it, by asking every reader."""
    stream = None if is_whole(fields) else find_reader(fields)
    kind = fields.get("object")
    if (isinstance(kind, str) and kind in OBJECTS) or any(r.recognises(fields) for r in (*COMMON, *discovered())):
        return stream, False
    response = fields.get("response")
    around = (response is not None and not isinstance(response, (str, bytes, int, float))) or (
        isinstance(fields.get("usage"), (dict, Usage)) or isinstance(fields.get("model"), str)
    )
    return stream, around


def remembered(fields):
    """The same from memory."""
    return reader_of(fields, shape_of(fields)), shape_of(fields).is_wrapped(fields)


@pytest.fixture(autouse=True)
def _nothing_known():
    shapes._known.clear()


def test_there_are_rows_of_every_kind():
    """Many sets of keys; streams and whole responses, records and what is none."""
    answers = [asked_of_all(fields) for fields in ROWS]
    assert len({tuple(fields) for fields in ROWS}) > 150
    assert len({reader.name for reader, _ in answers if reader is not None}) > 15
    assert {around for _, around in answers} == {True, False}


@pytest.mark.parametrize("seed", range(3))
def test_a_mixed_log_is_recognised_as_row_by_row(seed):
    """Whichever row of a set of keys came first, every other gets its own answer."""
    mixed = ROWS * 2
    random.Random(seed).shuffle(mixed)
    for fields in mixed:
        assert remembered(fields) == asked_of_all(fields), fields


@settings(
    max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.dictionaries(st.sampled_from(NAMES), st.lists(anything, min_size=2, max_size=2), min_size=1, max_size=7))
def test_rows_of_the_same_keys_keep_their_own_answers(columns):
    """Two rows with any values under the same keys, in both orders."""
    first, second = ({name: values[i] for name, values in columns.items()} for i in (0, 1))
    for pair in ((first, second), (second, first)):
        shapes._known.clear()
        for fields in pair:
            assert remembered(fields) == asked_of_all(fields)


def test_what_is_read_without_a_question_is_a_response_and_no_chunk():
    """Whatever its values are, and whatever word stands under ``object`` or ``type``; so is a record around one."""
    found = dict.fromkeys((RESPONSE, RESPONSE_OR_CHUNK, RECORD), 0)
    for fields in ROWS:
        shape = shape_of(fields)
        if shape.way in {0, ONE_CHUNK} or (shape.way == RESPONSE_OR_CHUNK and not is_whole(fields)):
            continue
        if shape.way == RECORD and type(fields["response"]) is not dict:
            continue
        found[shape.way] += 1
        assert asked_of_all(fields) == (None, shape.way == RECORD)
        assert format_of(fields) is None
        assert not shape.traced
        assert not shape.paged
        assert not shape.kinds
    assert min(found.values()) > 20


def test_a_line_of_a_session_log_is_asked_for_all_that_it_may_be():
    """An answer of Claude Code has the word of a message of the API in it, and no key of a response."""
    answer = {"type": "assistant", "sessionId": "s1", "message": {"role": "assistant", "usage": {}}}
    assert shape_of(answer).way == 0
    assert shape_of({"response": {}, "sessionID": "s1", "role": "assistant"}).way == 0
    assert shape_of({"response": {}, "sessionID": "s1", "time": 1}).way == 0
    assert shape_of({"response": {}, "session": "s1", "time": 1}).way == RECORD


def test_words_are_of_the_shape_where_they_are_words():
    """A word tells which API it is; what is no word, or no short one, is asked of each row."""
    assert shape_of({"type": "message", "usage": {}}) is shape_of({"type": "message", "usage": 1})
    assert shape_of({"type": "message", "usage": {}}) is not shape_of({"type": "ai", "usage": {}})
    odd = shape_of({"type": ["message"], "usage": {}})
    assert odd is shape_of({"type": {}, "usage": {}})
    assert odd is shape_of({"type": "x" * 101, "usage": {}})


def said(log):
    """What is read of a log: each call with its place and what it would cost, or why nothing is known of it."""
    found = []
    for call in read_log(log, on_error=found.append):
        try:
            found.append(
                (call.line, call.chunks, call.stated() and call.stated().to_dict(), dict(call.facts), call.time)
            )
        except (LLMCostError, ValueError) as error:
            found.append((call.line, type(error).__name__))
    return [str(item) for item in found]


WHOLE = [
    fields
    for fields in ROWS
    if "\\ud" not in json.dumps(fields, default=str) and asked_of_all(fields)[0] is None and None not in fields.values()
]
CHUNKS = [
    fields for fields in ROWS if asked_of_all(fields)[0] is not None and "\\ud" not in json.dumps(fields, default=str)
]
SESSIONS = [
    {"type": "user", "sessionId": "s1", "message": {"role": "user", "content": "Hello"}},
    {"type": "turn.completed", "usage": {"input_tokens": 10, "cached_input_tokens": 0, "output_tokens": 1}},
    {"type": "session.created", "session": {"id": "sess_1", "model": "gpt-realtime"}},
]


@pytest.mark.parametrize("seed", range(6))
def test_a_log_that_changes_shape_in_every_line_is_read_as_line_by_line(seed):
    """Reading by shape remembers what the keys tell; the same lines are read with nothing remembered of any.

    Chunks of streams and lines of session logs stand between whole responses and the records around them.
    """
    chance = random.Random(seed)
    mixed = chance.sample(WHOLE, 300) + chance.sample(CHUNKS, 100) + SESSIONS * 5
    chance.shuffle(mixed)
    lines = [json.dumps(fields, default=str) for fields in mixed]
    together = said(lines)
    original = shapes.shape_of

    def forgetful(fields):
        shapes._known.clear()
        found = original(fields)
        found.way = 0
        return found

    with pytest.MonkeyPatch.context() as patched:
        for module in (calls, lane, record, pages, whose):
            patched.setattr(module, "shape_of", forgetful)
        assert said(lines) == together


def test_most_shapes_leave_no_reader_to_ask():
    """A record around a response is told by its keys; one around counters asks the two that look into them."""
    shape = shape_of({"time": 1787536800, "model": "m", "team": "a", "response": {}})
    assert (shape.streams, shape._recognises, shape.facts, shape.times) == ((), (), ("model",), ("time",))
    counters = shape_of({"model": "m", "usage": {}, "cost": 1})
    assert [reader.name for reader in counters._recognises] == ["Bedrock Converse", "Cohere"]


def test_a_shape_is_worked_out_once():
    """The same keys in the same order give the same object, other keys another."""
    assert shape_of({"a": 1, "b": 2}) is shape_of({"a": None, "b": {}})
    assert shape_of({"a": 1}) is not shape_of({"a": 1, "b": 2})


def test_what_is_kept_has_a_bound(monkeypatch):
    """A log whose keys are ids fills no memory."""
    monkeypatch.setattr(shapes, "_MOST_SHAPES", 3)
    for number in range(10):
        shape_of({f"id-{number}": 1})
        assert 1 <= len(shapes._known) <= 3
    shape_of({str(number): 1 for number in range(64)})
    assert any(len(keys) == 64 for keys, _, _ in shapes._known)
    known = dict(shapes._known)
    assert shape_of({str(number): 1 for number in range(65)}).facts == ()
    assert shape_of({"k" * 101: 1}).facts == ()
    assert shapes._known == known
    shape_of({"k" * 100: 1})
    assert (("k" * 100,), None, None) in shapes._known


def test_readers_are_asked_up_to_the_first_that_knows():
    """Gemini is told by its keys: of the readers before it one looks at the type, and none after it is asked."""
    shape = Shape(("usageMetadata", "type"), {})
    shape.ask()
    names = [reader.name for reader in shape._recognises]
    assert names == ["Anthropic Messages", "Gemini generateContent"]
