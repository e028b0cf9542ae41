"""JSON of a line: the same by orjson as by the standard library."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.logs import decoding

orjson = pytest.importorskip("orjson")

WORDS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def told(decode, line):
    """What a way of reading returns, with the kinds of numbers; or which error it raises."""
    try:
        value, rest = decode(line)
    except (ValueError, RecursionError) as error:
        return type(error).__name__ if isinstance(error, RecursionError) else str(error)
    return repr(value), rest.strip(), rest.count("\n")


@given(
    st.dictionaries(st.text(max_size=5), WORDS, max_size=4), st.sampled_from(["", "\n", " \n", "\r\n", " x\n", "{}\n"])
)
def test_any_object(fields, ending):
    """NaN, infinities and lone surrogates too, which orjson refuses and the standard library reads."""
    for ascii_only in (True, False):
        line = json.dumps(fields, ensure_ascii=ascii_only) + ending
        assert told(decoding._by_orjson, line) == told(decoding._by_standard, line)


@pytest.mark.parametrize(
    "line", ["{", "{'a': 1}", '{"a": 1,}', "{" + '"a":{' * 5000, '{"a": 1e999}', '{"a": "\x01"}', '{"a":1}{"b":2}']
)
def test_what_is_no_json_or_more_than_one(line):
    assert told(decoding._by_orjson, line) == told(decoding._by_standard, line)


ENDINGS = st.sampled_from(["", "\n", " \n", "\r\n", " x\n", "{}\n", "]\n"])


@given(st.dictionaries(st.text(max_size=5), WORDS, max_size=4), ENDINGS)
def test_a_line_alone_is_what_it_begins_with(fields, ending):
    """A line that holds nothing more than a value has that value; one that holds more, or is no JSON, is refused."""
    for ascii_only in (True, False):
        line = json.dumps(fields, ensure_ascii=ascii_only) + ending
        wanted, rest, _ = told(decoding._by_standard, line)
        for alone in (decoding._alone_by_standard, decoding.alone):
            try:
                assert repr(alone(line)) == wanted
            except (ValueError, RecursionError):
                # The standard library reads NaN and lone surrogates, which orjson leaves to it.
                assert rest or alone is not decoding._alone_by_standard
            else:
                assert not rest
