"""LiteLLM's words for kinds of calls."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, IgnoredArgumentWarning, MissingUsageError, UnpricedUsageError, UnrecognizedResponseError
from llmcost.api import floats
from llmcost.api.call_types import kind_of
from tests.litellm_objects import class_of, made

MAP = CostMap(
    {
        "chat": {
            "input_cost_per_token": 2e-6,
            "output_cost_per_token": 1e-5,
            "input_cost_per_token_batches": 1e-6,
            "output_cost_per_token_batches": 5e-6,
        },
        "found": {"input_cost_per_query": 0.005, "mode": "search"},
        "counted": {
            "mode": "search",
            "tiered_pricing": [
                {"input_cost_per_query": 0.005, "max_results_range": [1, 25]},
                {"input_cost_per_query": 0.025, "max_results_range": [26, 100]},
            ],
        },
        "film": {"output_cost_per_video_per_second": 0.1, "mode": "video_generation"},
        "heard": {"input_cost_per_second": 0.0001, "mode": "audio_transcription"},
    }
)
USED = {"prompt_tokens": 3000, "completion_tokens": 400, "total_tokens": 3400}
ANSWER = {"object": "chat.completion", "model": "chat", "choices": [], "usage": USED}


@pytest.mark.parametrize("word", ["retrieve_batch", "aretrieve_batch"])
def test_a_batch_is_priced_as_one(word):
    """3000 x 1e-6 + 400 x 5e-6, wherever the word is given."""
    assert str(MAP.calculate(ANSWER, call_type=word)) == "0.005"
    assert MAP.completion_cost(ANSWER, call_type=word) == 0.005
    assert MAP.cost_per_token("chat", 3000, 400, call_type=word) == (0.003, 0.002)
    assert MAP.cost_per_token("chat", usage_object=USED, call_type=word) == (0.003, 0.002)
    assert MAP.response_cost_calculator(ANSWER, call_type=word) == 0.005
    # batch= is the plainer word, and counts where both are given.
    assert str(MAP.calculate(ANSWER, call_type=word, batch=False)) == "0.01"


@pytest.mark.parametrize(
    "word", ["completion", "acompletion", "text_completion", "_arealtime", "pass_through_endpoint"]
)
def test_most_words_say_nothing_more(word):
    """3000 x 2e-6 + 400 x 1e-5, and no note."""
    cost = MAP.calculate(ANSWER, call_type=word)
    assert (str(cost), cost.notes) == ("0.01", ())


def test_litellms_own_words_are_known():
    """Those of calls that use something are; an enum of them is read by its value."""
    words = class_of("types").utils.CallTypes
    assert kind_of(words.aretrieve_batch) == "batch"
    unread = [word.value for word in words if kind_of(word) == "unknown"]
    assert not [word for word in unread if word.endswith(("completion", "embedding", "speech", "rerank", "moderation"))]


def test_a_word_that_is_none_of_them_is_noted_and_warned_of(monkeypatch):
    """A slip of the pen would bill a batch in full without a word."""
    monkeypatch.setattr(floats, "_warned", type(floats._warned)())
    cost = MAP.calculate(ANSWER, call_type="retreive_batch")
    assert [note.code for note in cost.notes] == ["call_type_unknown"]
    with pytest.warns(IgnoredArgumentWarning, match="retreive_batch"):
        assert MAP.completion_cost(ANSWER, call_type="retreive_batch") == 0.01


@pytest.mark.parametrize("response", [None, {"object": "search", "results": []}])
def test_a_search_needs_no_counters(response):
    """One query, or as many as the request lists; the number of results selects the price."""
    assert MAP.completion_cost(response, model="found", call_type="search") == 0.005
    params = {"query": ["a", "b"], "max_results": 26}
    assert MAP.completion_cost(response, model="counted", call_type="asearch", optional_params=params) == 0.05
    assert MAP.calculate(response, model="counted", call_type="search", n=26).total == Decimal("0.025")


def test_litellms_search_response():
    """As its dict: two queries x 0.005."""
    found = made("SearchResponse", results=[], object="search")
    assert MAP.completion_cost(found, model="found", call_type="search", optional_params={"query": ["a", "b"]}) == 0.01


def test_searches_of_a_search_model_are_its_queries():
    """Under either name: 3 x 0.005, and none is assumed beside those that were stated."""
    for given in ({}, {"call_type": "search"}):
        cost = MAP.calculate(model="found", web_searches=3, **given)
        assert (str(cost), cost.notes) == ("0.015", ())


def test_a_price_by_results_asks_for_their_number():
    """Nobody stated it, and the message names the keyword."""
    with pytest.raises(UnpricedUsageError, match="n="):
        MAP.cost_per_token("counted", number_of_queries=2)
    assert MAP.cost_per_token("counted", number_of_queries=2, n=10) == (0.01, 0.0)


def test_a_query_of_a_model_without_a_price_for_one_is_unpriced():
    """And not 0."""
    assert MAP.calculate(model="chat", call_type="rerank").unpriced == ("queries",)


def test_moderation_is_free_and_says_so():
    """Whatever stands in the response."""
    cost = MAP.calculate({"flagged": False}, model="chat", call_type="moderation")
    assert (str(cost), cost.line_items[0].note) == ("0.00", "moderation is free of charge")


def test_the_reader_of_a_kind_reads_what_no_reader_recognises():
    """A body without the field by which it is known: 5 s x 0.1; 30 s x 0.0001."""
    film = {"usage": {"duration_seconds": 5.0}}
    assert str(MAP.calculate(film, model="film", call_type="create_video")) == "0.50"
    with pytest.raises(UnrecognizedResponseError):
        MAP.calculate(film, model="film")
    heard = {"text": "hi", "duration": 30, "steps": 4}
    assert str(MAP.calculate(heard, model="heard", call_type="atranscription")) == "0.003"


def test_a_kind_does_not_make_up_for_counters():
    """A transcript without a length states no usage; the caller's seconds do."""
    with pytest.raises(MissingUsageError):
        MAP.calculate({"text": "hi"}, model="heard", call_type="transcription")
    assert str(MAP.calculate({"text": "hi"}, model="heard", call_type="transcription", duration=30)) == "0.003"
