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
