"""Events are cut out of bytes in the same way, in whatever pieces they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.tracking.framing import Lines, SameNames, ServerSentEvents


def cut(framing, text, sizes, tells=tuple):
    found, rest = [], text
    for size in sizes * (len(text) + 1):
        if not rest:
            break
        found += framing.feed(rest[:size], tells)
        rest = rest[size:]
    return [*found, *framing.rest()]


def numbers_of(events):
    return [int(event.partition(b":")[2].partition(b",")[0]) for event in events]


SIZES = st.lists(st.integers(1, 30), min_size=1, max_size=5)


@given(sizes=SIZES, ending=st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_server_sent_events(sizes, ending):
    """Comments, names and empty events are none; several lines are one event; the last may have no end."""
    lines = [b": hi", b"", b"event: x", b'data: {"a":1}', b"", b"data:[1,", b"data: 2]", b"", b"data:", b"", b"data: 3"]
    framing = ServerSentEvents()
    assert cut(framing, ending.join(lines), sizes) == [b'{"a":1}', b"[1,\n2]", b"3"]
    assert not framing.done


@given(sizes=SIZES, words=st.lists(st.sampled_from(["x", "mark", "other"]), max_size=30))
def test_events_that_tell(sizes, words):
    """Every event with one of the texts is found, in order, and once; what else is found does no harm."""
    text = b"".join(b'data: {"n":%d,"%s":"mark?"}\n\n' % (n, word.encode()) for n, word in enumerate(words))
    framing = ServerSentEvents()
    found = cut(framing, text + b"data: [DONE]\n\n", sizes, lambda: (b'"mark"', b"other"))
    wanted = [n for n, word in enumerate(words) if word != "x"]
    numbers = numbers_of(found)
    assert numbers == sorted(set(numbers))
    assert set(numbers) >= set(wanted)
    assert framing.done


@given(sizes=SIZES, words=st.lists(st.sampled_from(["x", "one", "two", "each"]), max_size=30))
def test_events_of_which_the_last_says_all(sizes, words):
    """Of one thing in either spelling the last is found, of the other every one, and the last event in any case."""
    text = b"".join(b'data: {"n":%d,"%s":0}\n\n' % (n, word.encode()) for n, word in enumerate(words))
    framing = ServerSentEvents()
    found = cut(framing, text + b"data: [DONE]\n\n", sizes, lambda: ((b'"one"', b'"two"'), b'"each"'))
    numbers = numbers_of(found)
    last = numbers_of(framing.last())
    either = [n for n, word in enumerate(words) if word in {"one", "two"}]
    assert set(numbers) >= {n for n, word in enumerate(words) if word == "each"} | set(either[-1:])
    assert (numbers + last)[-1:] == [len(words) - 1][: len(words)]
    assert framing.done


def test_only_what_counts_is_cut_out_of_a_long_stream():
    """In one piece: of 1,000 events the last with a usage and the last of all, before the line that ends the stream."""
    lines = [b'data: {"n":%d,"usage":{}}' % n for n in range(998)] + [b'data: {"n":998}', b'data: {"n":999}']
    for done in (b"data: [DONE]\n\n", b""):
        framing = ServerSentEvents()
        text = b"\n\n".join(lines) + b"\n\n" + done
        assert list(framing.feed(text, lambda: ((b'"usage":{',),))) == [b'{"n":997,"usage":{}}']
        assert list(framing.last()) == [b'{"n":999}']
        assert list(framing.last()) == list(framing.rest()) == []
        assert framing.done is bool(done)


@given(sizes=SIZES, words=st.lists(st.sampled_from(["a", "b", "c"]), max_size=30))
def test_events_with_the_same_names(sizes, words):
    """Of those with the same names behind the mark the last is found; in one piece nothing else but the last of all."""
    lines = [b'data: {"n":%d,"mark":{"%s":%d}}\n\n' % (n, word.encode(), n) for n, word in enumerate(words)]
    tells = lambda: (SameNames(b'"mark"'),)  # noqa: E731
    wanted = sorted({word: n for n, word in enumerate(words)}.values())
    numbers = [
        int(event.partition(b":")[2].partition(b",")[0])
        for event in cut(ServerSentEvents(), b"".join(lines), sizes, tells)
    ]
    assert numbers == sorted(set(numbers))
    assert set(numbers) >= set(wanted)
    at_once = [
        int(event.partition(b":")[2].partition(b",")[0]) for event in ServerSentEvents().feed(b"".join(lines), tells)
    ]
    assert at_once == wanted


def test_the_names_in_an_object():
    """What stands behind the object is no name of it, and nested names are; other digits are the same names."""
    told = [
        b'"usage":{"in":1},"text":"a"}',
        b'"usage":{"in":23},"text":"b"}',
        b'"usage":{"in":4,"d":{"cached":5}},"text":"c"}',
        b'"usage":{"in":6,"d":{"kept":7}},"text":"d"}',
        b'"usage":{"in":8,"d":{"kept":9}},"text":"e"}',
    ]
    text = b"".join(b'data: {"n":0,' + one + b"\n\n" for one in told)
    for mark in (b'"usage":{', b'"usage"'):
        found = list(ServerSentEvents().feed(text, lambda mark=mark: (SameNames(mark),)))
        assert [event.removeprefix(b'{"n":0,') for event in found] == [told[1], told[2], told[4]]


@given(sizes=SIZES)
def test_lines(sizes):
    """One value a line; empty lines are none."""
    assert cut(Lines(), b'{"a":1}\n\n[2]\n3', sizes) == [b'{"a":1}', b"[2]", b"3"]


@pytest.mark.parametrize("text", [b"", b"\n\n", b"\r\n\r\n", b"data", b":"])
def test_nothing(text):
    """What holds no event gives none."""
    assert cut(ServerSentEvents(), text, [1]) == []
