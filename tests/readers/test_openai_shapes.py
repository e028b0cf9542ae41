"""The shapes of OpenAI's other endpoints are told apart from everybody else's, and from each other."""

from __future__ import annotations

import json
from operator import itemgetter
from pathlib import Path
from types import SimpleNamespace

import pytest

from llmcost.errors import LLMCostError
from llmcost.readers import read_usage
from llmcost.readers.known import discovered
from tests.sdks import Kind

CompactedResponse = Kind("openai.types.responses.CompactedResponse")

GOLDEN = Path(__file__).parents[1] / "golden" / "cases.jsonl"
CASES = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
READERS = {
    reader.name: reader
    for reader in discovered()
    if reader.recognises.__module__.rpartition(".")[2].startswith("openai_")
}
# Flavour of a golden case -> the one reader of these that may take it.
OURS = {
    "embeddings": "OpenAI Embeddings",
    "multimodalembeddings": "OpenAI Embeddings",
    "rerank": "OpenAI Embeddings",
    "images": "OpenAI Images",
    "images.stream": "OpenAI Images",
    "audio.transcriptions": "OpenAI Transcription",
    "audio.transcriptions.stream": "OpenAI Transcription",
    "audio.speech.stream": "OpenAI Speech",
    "realtime": "OpenAI Realtime",
    "realtime.stream": "OpenAI Realtime",
    "live.stream": "OpenAI Live",
    "videos": "OpenAI Videos",
    "batches": "OpenAI Batches",
    "batches.output_line": "OpenAI batch output line",
    "moderations": "OpenAI Moderations",
    "decisions": "OpenAI Decisions",
    "threads.runs": "OpenAI Assistants",
}
COMPACTION = {
    "id": "resp_001",
    "object": "response.compaction",
    "created_at": 1764967971,
    "output": [{"id": "cmp_1", "type": "compaction", "encrypted_content": "gAAA"}],
    "usage": {
        "input_tokens": 139,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": 438,
        "output_tokens_details": {"reasoning_tokens": 64},
        "total_tokens": 577,
    },
}


def takers(response):
    """Return the names of these readers that would take a response, or any chunk of a stream."""
    if isinstance(response, list):
        return {name for name, reader in READERS.items() for chunk in response if reader.chunk(chunk)}
    return {name for name, reader in READERS.items() if reader.recognises(response)} if response else set()


def as_object(value):
    if isinstance(value, dict):
        return SimpleNamespace(**{name: as_object(inner) for name, inner in value.items()})
    return [as_object(item) for item in value] if isinstance(value, list) else value


def test_all_are_found():
    """Every reader of the table is a module of its own, found without a list."""
    others = {"OpenAI Agents SDK", "OpenAI agent session", "OpenAI usage API", "OpenAI container"}
    assert set(READERS) - others == set(OURS.values())


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_nobody_takes_what_is_not_theirs(case):
    """A golden response is taken by its own reader, and by none of these if it is another vendor's shape."""
    expected = OURS.get(case["flavour"])
    mine = case["provider"] != "gemini" and expected is not None
    assert takers(case["response"]) == ({expected} if mine and case["response"] else set())


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["flavour"] in OURS and case["response"]], ids=itemgetter("id")
)
def test_foreign_objects(case):
    """An object of no SDK, read through its attributes, gives what its dict gives; so does any order of the keys."""
    response = case["response"]
    assert read_usage(as_object(response)) == read_usage(response)
    if isinstance(response, dict):
        assert read_usage(dict(reversed(response.items()))) == read_usage(response)
        assert read_usage({**response, "x_new": {"usage": 5}}) == read_usage(response)


@pytest.mark.parametrize("junk", [None, [], {}, "x", 1, True, [[]], {"x": []}, float("nan"), b"x"])
@pytest.mark.parametrize(
    "key", ["object", "type", "usage", "data", "results", "answers", "text", "custom_id", "response", "id"]
)
def test_junk_is_no_shape_and_no_crash(key, junk):
    """Recognition asks, and never fails, whatever stands under the keys it looks at."""
    for case in CASES:
        if case["flavour"] in OURS and isinstance(case["response"], dict):
            response = {**case["response"], key: junk}
            try:
                usage = read_usage(response)
            except LLMCostError:
                continue
            assert all(quantity >= 0 for part in usage.walk() for quantity in part.quantities.values())


def test_compaction_is_a_response_without_a_model():
    """The body of a compaction counts like a response; what was called is the caller's to say."""
    usage = read_usage(COMPACTION)
    assert usage.quantities == {"input": 139, "output": 374, "reasoning": 64}
    assert usage.model is None
    assert read_usage(CompactedResponse.construct(**COMPACTION)) == usage
