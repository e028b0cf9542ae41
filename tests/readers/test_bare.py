"""Bare usage dicts: their keys tell how they count, the choice is the dialect, and nothing is guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from llmcost import CostMap, Usage
from llmcost.errors import InconsistentUsageError, MissingUsageError, UnrecognizedResponseError, UsageError
from llmcost.readers import read_usage

GOLDEN = Path(__file__).parents[1] / "golden" / "regressions.jsonl"
THREADS = {case["id"]: case for case in map(json.loads, GOLDEN.read_text(encoding="utf-8").splitlines())}

# Every thread with a usage dict: its disjoint quantities, and the dialect that was chosen.
QUANTITIES = {
    "R01": ({"input": 5005, "cache_read": 257955, "output": 1744}, "openai"),
    "R02": ({"input": 3, "cache_write": 12304, "output": 550}, "anthropic"),
    "R04": ({"input": 86, "cache_read": 1920, "output": 300}, "openai"),
    "R06": ({"input": 2618, "cache_read": 3456, "output": 285}, "openai"),
    "R07": ({"input": 3, "cache_read": 13216, "cache_write": 25, "output": 12}, "langchain"),
    "R09": ({"cache_write": 600000, "cache_write_1h": 400000}, "anthropic"),
    "R10": ({"input": 200, "cache_read": 800, "output": 100}, "openai"),
    "R14": ({"input": 9, "output": 1, "reasoning": 21}, "openai"),
    "R16": ({"input": 17, "output": 34, "reasoning": 448}, "openai"),
    "R17": ({"input": 10, "output": 5}, "openai"),
    "R18": ({"input": 1000, "output": 1000}, "openai"),
    "R20": ({"input": 326, "output_image": 2000, "output": 340, "reasoning": 337}, "gemini"),
    "R21": ({"input": 22, "output_image": 1372}, "images"),
    "R33": ({"input": 812}, "total"),
    "R39": ({"input": 100, "output": 10}, "openai"),
}


@pytest.mark.parametrize("name", QUANTITIES)
def test_threads(name):
    """The usage of each bug thread is read as its provider meant it."""
    usage = read_usage(THREADS[name]["input"]["usage"])
    assert (usage.quantities, usage.dialect) == QUANTITIES[name]


@pytest.mark.parametrize("name", QUANTITIES)
def test_threads_without_the_word(name):
    """The keys alone tell the same as the word that the thread's dict carries."""
    bare = {key: value for key, value in THREADS[name]["input"]["usage"].items() if key != "dialect"}
    assert read_usage(bare).quantities == QUANTITIES[name][0]


def test_r21_costs_what_images_cost():
    """22 x 5e-06 + 1372 x 3e-05, because output that is not split is image tokens."""
    given = THREADS["R21"]["input"]
    cost = CostMap({given["model"]: given["prices"]}).calculate(usage=given["usage"], model=given["model"])
    assert [(line.meter, line.amount) for line in cost.line_items] == [
        ("input", Decimal("0.00011")),
        ("output_image", Decimal("0.04116")),
    ]


def test_r33_a_rerank_with_tokens_alone_is_one_query():
    """A card sold by the query bills one, and says that it was assumed; stated search units are believed."""
    prices = CostMap({"hosted_vllm/reranker": {"input_cost_per_query": "0.002"}})
    assumed = prices.calculate(usage={"total_tokens": 812}, model="hosted_vllm/reranker")
    assert (assumed.total, assumed.complete) == (Decimal("0.002"), True)
    assert any("1 query assumed" in note for note in assumed.notes)
    stated = prices.calculate(usage={"billed_units": {"search_units": 3}}, model="hosted_vllm/reranker")
    assert [(line.meter, line.quantity, line.amount) for line in stated.line_items] == [
        ("queries", 3, Decimal("0.006"))
    ]
    assert stated.notes == ()


def test_r39_the_cost_stands_in_the_counters():
    """A bare dict may carry the provider's own cost; one of 0 is a cost of 0."""
    usage = THREADS["R39"]["input"]["usage"]
    assert read_usage(usage).reported == Decimal("0.00042")
    assert read_usage({**usage, "cost": 0.0}).reported == 0
    assert read_usage({"total_tokens": 8, "cost": 0.5}).reported == Decimal("0.5")


@pytest.mark.parametrize(
    ("counters", "quantities", "dialect"),
    [
        ({"prompt_tokens": 1000, "completion_tokens": 50}, {"input": 1000, "output": 50}, "openai"),
        ({"prompt_tokens": 1000, "total_tokens": 1050}, {"input": 1000, "output": 50}, "openai"),
        (
            {
                "promptTokenCount": 1000,
                "cachedContentTokenCount": 800,
                "candidatesTokenCount": 40,
                "thoughtsTokenCount": 9,
            },
            {"input": 200, "cache_read": 800, "output": 40, "reasoning": 9},
            "gemini",
        ),
        ({"prompt_token_count": 7, "candidates_token_count": 2}, {"input": 7, "output": 2}, "gemini"),
        (
            {"inputTokens": 200, "outputTokens": 50, "totalTokens": 1050, "cacheReadInputTokens": 800},
            {"input": 200, "cache_read": 800, "output": 50},
            "converse",
        ),
        (
            {"input_tokens": 1000, "output_tokens": 50, "input_tokens_details": {"cached_tokens": 800}},
            {"input": 200, "cache_read": 800, "output": 50},
            "responses",
        ),
        (
            {"input_tokens": 1000, "output_tokens": 50, "output_tokens_details": {"reasoning_tokens": 20}},
            {"input": 1000, "output": 30, "reasoning": 20},
            "responses",
        ),
        (
            {"input_tokens": 200, "output_tokens": 50, "cache_read_input_tokens": 800},
            {"input": 200, "cache_read": 800, "output": 50},
            "anthropic",
        ),
        ({"input_tokens": 200, "output_tokens": 50}, {"input": 200, "output": 50}, "either"),
        (
            {"input_tokens": 200, "output_tokens": 50, "server_tool_use": {"web_search_requests": 2}},
            {"input": 200, "output": 50, "web_searches": 2},
            "anthropic",
        ),
        ({"input": 200, "cache_read": 800, "output": 500}, {"input": 200, "cache_read": 800, "output": 500}, "meters"),
        ({"total_tokens": 1500}, {"input": 1500}, "total"),
        ({"total_tokens": 1500, "prompt_tokens": None, "completion_tokens": 0}, {"input": 1500}, "total"),
    ],
)
def test_the_keys_tell(counters, quantities, dialect):
    """Each family of keys is read by its own rule, and the usage says which."""
    usage = read_usage(counters)
    assert (usage.quantities, usage.dialect) == (quantities, dialect)


def test_a_total_alone_is_said_to_be_taken_for_input():
    """On a model that answers, it may be the answer as well: 1500 x 2.5e-6, with a note; 0 has none."""
    cost = CostMap({"m": {"input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05}}).calculate(
        usage={"total_tokens": 1500}, model="m"
    )
    assert (str(cost.total), [note.code for note in cost.notes]) == ("0.00375", ["total_is_input"])
    assert read_usage({"total_tokens": 0}).notes == ()


def test_the_caller_tells():
    """The same three counters mean different things; dialect= settles it."""
    counters = {"input_tokens": 1000, "output_tokens": 50, "cache_read_input_tokens": 800}
    assert read_usage(counters, "anthropic").quantities == {"input": 1000, "cache_read": 800, "output": 50}
    assert read_usage(counters, "Responses").quantities == {"input": 1000, "output": 50}


def test_a_dialect_that_nobody_speaks():
    """An unknown word is an error that lists the known ones."""
    with pytest.raises(
        UsageError, match="dialect='klingon' is not known; the dialects are openai, responses, anthropic"
    ):
        read_usage({"prompt_tokens": 1, "completion_tokens": 1}, "klingon")


@pytest.mark.parametrize(
    "counters",
    [
        {"input_tokens": 200},
        {"input_tokens": None, "output_tokens": 50},
        {"output_tokens": 50, "cache_read_input_tokens": 800},
        {"prompt_tokens": None, "completion_tokens": 50},
        {"completion_tokens": 50, "total_tokens": None},
        {"prompt_tokens": 200},
        {"inputTokens": None, "outputTokens": 50},
        {"inputTokens": 200},
    ],
)
def test_half_a_count_is_none(counters):
    """A whole that its dialect always states is not 0 when it is missing."""
    with pytest.raises(MissingUsageError):
        read_usage(counters)


@pytest.mark.parametrize(
    "counters",
    [
        {"input_tokens": "1000", "output_tokens": "100", "cached_tokens": "800"},
        {"prompt_tokens": "1000", "completion_tokens": "100", "prompt_tokens_details": {"cached_tokens": "800"}},
        {"promptTokenCount": "1000", "candidatesTokenCount": "100", "cachedContentTokenCount": "800"},
        {"input_tokens": 1000, "output_tokens": 100, "cached_tokens": "800", "id": "12", "request_id": "7"},
    ],
)
def test_counts_as_text(counters):
    """A row of a table of text, and JSON of gRPC, have digits as text: 800 of 1,000 tokens are cached."""
    usage = read_usage(counters)
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 100}
    assert not usage.unread


@pytest.mark.parametrize(
    "counters",
    [
        {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 101}},
        {"prompt_tokens": 100, "completion_tokens": -5},
        {"prompt_tokens": "1e2", "completion_tokens": 5},
        {"prompt_tokens": "-100", "completion_tokens": 5},
        {"prompt_tokens": True, "completion_tokens": 5},
        {"prompt_tokens": 2**49 * 2, "completion_tokens": 5},
        {"prompt_tokens": 100, "completion_tokens": 5, "completion_tokens_details": {"audio_tokens": 6}},
        {"prompt_tokens": 100, "total_tokens": 99},
        {"input": -1},
        {"total_tokens": float("inf")},
    ],
)
def test_counts_that_contradict(counters):
    """Parts above their whole, and what is no count, are errors."""
    with pytest.raises(InconsistentUsageError):
        read_usage(counters)


def test_both_sides_of_a_part():
    """Cached tokens may be all of the prompt, and not one more."""
    counters = {"prompt_tokens": 100, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 100}}
    assert read_usage(counters).quantities == {"cache_read": 100, "output": 5}


def test_a_cache_counter_of_nobody():
    """A cache counter whose name says too little is named, and in no quantity."""
    usage = read_usage({"input_tokens": 10, "output_tokens": 5, "cache_hits": 5})
    assert (usage.quantities, usage.unread) == ({"input": 10, "output": 5}, {"cache_hits": 5})
    assert read_usage({"input_tokens": 10, "output_tokens": 5, "cache_hits": 0}).quantities == {
        "input": 10,
        "output": 5,
    }


def test_a_model_among_the_counters():
    """A model beside the counters is the model; a number is none."""
    assert read_usage({"prompt_tokens": 1, "completion_tokens": 1, "model": "gpt-4o"}).model == "gpt-4o"
    assert read_usage({"input": 1, "output": 1, "model": "gpt-4o", "service_tier": "flex"}) == Usage(
        input=1, output=1, model="gpt-4o", service_tier="flex", dialect="meters"
    )
    assert read_usage({"prompt_tokens": 1, "completion_tokens": 1, "model": 5}).model is None


@pytest.mark.parametrize("counters", [{}, {"tokens": 5}, {"input": 5, "colour": "red"}, {"model": "gpt-4o"}])
def test_no_counters(counters):
    """What holds no counter that is known is not read as 0."""
    with pytest.raises(UnrecognizedResponseError):
        read_usage(counters)


def test_a_record_of_a_call_that_keeps_its_usage():
    """The counters by their names, and whose they are: a cost object of Perplexity's is its bill."""
    usage = {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30}
    found = read_usage({"model": "sonar", "usage": {**usage, "cost": {"total_cost": 0.00503, "request_cost": 0.005}}})
    assert (found.model, str(found.reported), found.provider) == ("sonar", "0.00503", "perplexity")
    kept = read_usage({"model": "m", "usage": {"input_tokens": 10, "output_tokens": 5, "cache_read_input_tokens": 3}})
    assert (kept.model, kept.quantities) == ("m", {"input": 10, "cache_read": 3, "output": 5})


@pytest.mark.parametrize("more", [{"endpoint": "/v1/chat/completions"}, {"data": []}, {"steps": 3}])
def test_other_fields_make_it_a_response_that_nobody_knows(more):
    """They may say something that is billed, or that it is a sum of several calls."""
    usage = {"prompt_tokens": 10, "completion_tokens": 20, "total_tokens": 30}
    with pytest.raises(UnrecognizedResponseError):
        read_usage({"model": "m", "usage": usage, **more})


@pytest.mark.parametrize("counter", ["cache_read_input_tokens", "cache_creation_input_tokens"])
def test_anthropics_names_beside_another_makers_model(counter):
    """They are counted as Anthropic's API counts them, and a note says so; of its own models nothing is said."""
    row = {"input_cost_per_token": 2e-6, "output_cost_per_token": 4e-6, "cache_read_input_token_cost": 1e-6}
    row["cache_creation_input_token_cost"] = 1e-6
    prices = CostMap({"gpt-x": row, "acme/claude-x": row})
    counters = {"input_tokens": 1000, counter: 900, "output_tokens": 100}
    # 1000 x 2e-6 + 900 x 1e-6 + 100 x 4e-6
    cost = prices.calculate(usage=counters, model="gpt-x")
    (note,) = (note for note in cost.notes if note.code == "counted_beside")
    assert (str(cost.total), "dialect='inclusive'" in note) == ("0.0033", True)
    for facts in ({"model": "acme/claude-x"}, {"model": "gpt-x", "dialect": "anthropic"}):
        notes = prices.calculate(usage=counters, **facts).notes
        assert "counted_beside" not in {note.code for note in notes}
    # 100 x 2e-6 + 900 x 1e-6 + 100 x 4e-6
    assert str(prices.calculate(usage=counters, model="gpt-x", dialect="inclusive").total) == "0.0015"


@pytest.mark.parametrize("name", ["reported", "free"])
def test_what_no_caller_states_beside_meters(name):
    """A cost, or that nothing is billed, is not taken from counters of one's own: 60 x 2 and 10 x 8 millionths."""
    prices = CostMap({"m": {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6}})
    cost = prices.calculate(usage={"input": 60, "output": 10, name: "0.5"}, model="m")
    assert (str(cost.total), cost.reported, cost.usage.free) == ("0.0002", None, None)


def test_gemini_s_name_of_the_prompt_beside_another_of_the_answer():
    """LlamaIndex calls the prompt as Gemini does, and the answer as nobody else: its 5 tokens are billed."""
    assert read_usage({"prompt_token_count": 10, "completion_token_count": 5}).quantities == {"input": 10, "output": 5}
    assert read_usage({"prompt_token_count": 10, "completion_token_count": 0}).dialect == "llama_index"


@pytest.mark.parametrize("answer", [{"output": "Hello"}, {"output": ["a"]}, {"input": "Hi", "output": {"text": "x"}}])
def test_what_a_model_of_ones_own_answers_is_no_counter(answer):
    """2 seconds at 0.0005: a hosted model is billed by its time, and its answer may be called as a meter is."""
    cost = CostMap({"m": {"input_cost_per_second": 0.0005}}).calculate(answer, model="m", duration=2)
    assert cost.total == Decimal("0.001")


def test_a_usage_beside_its_model_is_read_as_alone():
    """OpenAI's counters of a transcript say by their type that an input without a split is audio."""
    counted = {"type": "tokens", "input_tokens": 500, "output_tokens": 40, "total_tokens": 540}
    usage = read_usage({"model": "gpt-4o-transcribe", "usage": counted})
    assert (usage.quantities, usage.model) == ({"input_audio": 500, "output": 40}, "gpt-4o-transcribe")
    usage = read_usage({"model": "whisper-1", "usage": {"type": "duration", "seconds": 27}})
    assert (usage.duration, usage.model) == (27, "whisper-1")


@pytest.mark.parametrize("given", [{}, {"output": "Hello"}, {"input": "Hi", "output": "Hello"}])
def test_an_object_that_says_no_more_than_a_text(given):
    """It is refused as the dict of the same fields is, and not by a failure inside."""
    for response in (given, SimpleNamespace(**given)):
        with pytest.raises(UnrecognizedResponseError, match="no reader knows this response"):
            read_usage(response)


@pytest.mark.parametrize("name", ["content", "output", "completion", "response", "answer", "text"])
def test_what_was_asked_and_answered_is_no_counter(name):
    """(1,000 - 800) x 2.5e-6 + 800 x 1.25e-6 + 100 x 1e-5; an answer in pieces may hold more than text."""
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    row = {"model": "gpt-4o", "prompt": "Hi", name: "Hello", "usage": usage}
    assert read_usage(row).quantities == {"input": 1000, "output": 100}
    cached = {**row, "usage": {**usage, "prompt_tokens_details": {"cached_tokens": 800}}}
    cost = CostMap.bundled().calculate(cached)
    assert (cost.total, cost.complete) == (Decimal("0.0025"), True)
    with pytest.raises(UnrecognizedResponseError):
        read_usage({**row, name: [{"type": "image_generation_call"}]})
