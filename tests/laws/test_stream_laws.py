"""Laws of every stream: it is whole when its content says so, and two of them are never taken for one."""

from __future__ import annotations

import json
import re

import pytest

from llmcost import InconsistentUsageError, LLMCostError, MissingUsageError, read_usage
from llmcost.readers import streams
from llmcost.readers.chunk_reader import ChunkReader
from llmcost.readers.known import COMMON, discovered
from llmcost.readers.reader import FIRST, Names
from tests import responses

# Streams of dicts, of which the chunks may be written as JSON.
STREAMS = [
    example
    for example in responses.everything()
    if isinstance(example.response, list) and len(example.response) > 1 and isinstance(example.response[0], dict)
]
# Sessions go on as long as somebody wants, and LangChain adds up what it is given: their calls cost the same together.
ADDED = {
    *("OpenAI Realtime", "OpenAI Live", "Gemini Live", "Nova Sonic", "LangChain message", "OpenAI Images"),
    "Anthropic session",
}


def reader_of(chunks):
    """Return the reader of a stream, by the first chunk that tells it."""
    return next(found for found in map(streams.find_reader, chunks) if found is not None)


def fed(chunks):
    """Return the stream after its chunks."""
    stream = streams.Stream()
    for chunk in chunks:
        stream.feed(chunk)
    return stream


def test_every_reader_of_a_stream_says_when_it_has_ended():
    """They have the attributes of the base, and the laws below are tried on many of them."""
    readers = [reader for reader in (*COMMON, *discovered()) if reader.stream is not None]
    assert all(isinstance(reader.stream(), ChunkReader) for reader in readers)
    assert len({reader_of(example.response).name for example in STREAMS}) >= 12


def marked(chunks, tells):
    """Return those of some chunks that can change the usage: each with a text, the last with one of several or with the
    same names, and the last of all.
    """
    texts = [json.dumps(chunk, default=str) for chunk in chunks]
    found = {len(chunks) - 1}
    for mark in tells:
        spellings = mark if isinstance(mark, tuple) else (mark,)
        places = [place for place, text in enumerate(texts) if any(spelling in text for spelling in spellings)]
        if isinstance(mark, Names):
            names = {re.sub("[0-9]", "", texts[place].partition(mark)[2]): place for place in places}
            places = list(names.values())
        found.update(places[-1:] if isinstance(mark, tuple) else places)
    return [chunks[place] for place in sorted(found)] if chunks else []


@pytest.mark.parametrize("first", [2, FIRST])
@responses.named(STREAMS)
def test_what_cannot_change_the_usage_may_be_left_out(example, first):
    """Chunks that ``tells`` does not mark are of no account, but for the first few and the last."""
    chunks, tells = example.response, reader_of(example.response).tells
    if not tells:
        return
    # Deltas of text in any number change nothing either.
    pieces = [{"piece": "x"}] * 3
    head, rest = chunks[: min(first, len(chunks) - 1)], chunks[min(first, len(chunks) - 1) :]
    kept = fed([*head, *pieces, *marked(rest, tells)])
    whole = fed(chunks)
    assert kept.usage() == whole.usage()
    assert kept.ended == whole.ended


@responses.named(STREAMS)
def test_a_stream_that_is_cut_is_no_whole_one(example):
    """Until its terminal event every beginning of a stream is a lower bound, or states nothing."""
    for end in range(1, len(example.response)):
        stream = fed(example.response[:end])
        if stream.reader is None or stream.ended:
            continue
        try:
            usage = stream.usage(ended=False)
        except LLMCostError:
            continue
        assert usage.partial or reader_of(example.response).name in ADDED


@responses.named(STREAMS)
def test_a_stream_is_as_whole_as_it_says(example):
    """At its terminal event it is complete, whether its iterator was read to the end or not."""
    stream = fed(example.response)
    if stream.ended:
        assert stream.usage() == stream.usage(ended=False)


def renamed(value):
    """Return the same call under other ids."""
    if isinstance(value, dict):
        return {
            name: f"{inner}-2" if name in {"id", "responseId"} and isinstance(inner, str) and inner else renamed(inner)
            for name, inner in value.items()
        }
    return [renamed(inner) for inner in value] if isinstance(value, list) else value


@responses.named([example for example in STREAMS if reader_of(example.response).name not in ADDED])
def test_two_streams_in_one_list_are_two_calls(example):
    """One of them alone would be half the bill."""
    with pytest.raises(InconsistentUsageError, match="2 calls in one list: pass them one by one"):
        read_usage([*example.response, *renamed(example.response)])


# An event that says what was used so far is no whole response.
WHOLE = [
    example
    for example in responses.everything()
    if isinstance(example.response, dict) and example.response.get("type") != "message_delta"
]


@responses.named(WHOLE)
def test_two_whole_responses_in_one_list_are_two_calls(example):
    """Neither is the other's chunk; some are no response that can be told among others."""
    try:
        found = read_usage([example.response, renamed(example.response)])
    except LLMCostError:
        return
    assert found.total_tokens == 2 * read_usage(example.response).total_tokens or found.partial


@responses.named(STREAMS)
def test_a_stream_twice_under_the_same_ids_is_no_other_price(example):
    """What is repeated is the same call, or an error; it never costs something else."""
    once = fed(example.response).usage()
    try:
        twice = fed([*example.response, *example.response]).usage()
    except (InconsistentUsageError, MissingUsageError):
        return
    if reader_of(example.response).name not in ADDED:
        assert (twice.quantities, twice.parts) == (once.quantities, once.parts)
