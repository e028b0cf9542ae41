"""Gemini generateContent: the cache is inside the prompt, thoughts and tool use are on top."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import gemini, read_usage
from tests.sdks import Kind

GenerateContentResponse = Kind("google.genai.types.GenerateContentResponse")

RATES = {
    "input_cost_per_token": 1e-06,
    "output_cost_per_token": 1e-05,
    "cache_read_input_token_cost": 1e-07,
    "input_cost_per_audio_token": 3e-06,
    "output_cost_per_image_token": 3e-05,
    "litellm_provider": "gemini",
    "google_maps_grounding_cost_per_query": 0.025,
    "search_context_cost_per_query": {"search_context_size_medium": 0.035},
}
PER_QUERY = {**RATES, "web_search_billing_unit": "per_query"}


def response(counters, candidate=None, **fields):
    return {
        "candidates": [candidate or {"content": {"parts": [{"text": "Hi"}]}, "finishReason": "STOP"}],
        "usageMetadata": counters,
        "modelVersion": "gemini-x",
        **fields,
    }


def priced(raw, rates=RATES, **facts):
    cost = CostMap({"gemini-x": rates}).calculate(raw, **facts)
    return {line.meter: (line.quantity, line.amount) for line in cost.line_items}, cost


ALL = {
    "promptTokenCount": 1000,
    "cachedContentTokenCount": 300,
    "candidatesTokenCount": 200,
    "thoughtsTokenCount": 50,
    "toolUsePromptTokenCount": 70,
    "totalTokenCount": 1320,
    "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 600}, {"modality": "AUDIO", "tokenCount": 400}],
    "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 100}, {"modality": "TEXT", "tokenCount": 200}],
    "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 120}],
    "toolUsePromptTokensDetails": [{"modality": "AUDIO", "tokenCount": 10}, {"modality": "DOCUMENT", "tokenCount": 60}],
}


def test_every_counter():
    """Prompt 1000 = 400 text + 200 cached text + 300 audio + 100 cached audio; tool use adds 60 text + 10 audio."""
    lines, cost = priced(response(ALL))
    assert lines == {
        "input": (460, Decimal("0.00046")),
        "cache_read": (200, Decimal("0.00002")),
        "input_audio": (310, Decimal("0.00093")),
        "cache_read_audio": (100, Decimal("0.00001")),
        "output": (80, Decimal("0.0008")),
        "output_image": (120, Decimal("0.0036")),
        "reasoning": (50, Decimal("0.0005")),
    }
    assert cost.usage.context == 1070
    assert cost.usage.notes == ()


def test_sdk_object_and_its_dump():
    """The object and its snake_case dump give what the REST body gives."""
    raw = response(ALL)
    found = GenerateContentResponse.model_validate(raw)
    assert read_usage(found) == read_usage(raw)
    assert read_usage(found.model_dump()) == read_usage(raw)
    assert read_usage(found.model_dump(exclude_none=True)) == read_usage(raw)
    assert read_usage({"usage_metadata": found.usage_metadata.model_dump()}).quantities == read_usage(raw).quantities


def test_unsplit_cache_is_text_first():
    """Cached tokens that no detail splits fill the text, and the overflow is audio."""
    counters = {
        "promptTokenCount": 500,
        "cachedContentTokenCount": 300,
        "candidatesTokenCount": 1,
        "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 400}],
    }
    usage = read_usage(response(counters))
    assert usage.quantities == {"cache_read": 100, "cache_read_audio": 200, "input_audio": 200, "output": 1}
    assert "text first" in usage.notes[0]


@pytest.mark.parametrize(
    ("counters", "message"),
    [
        ({"promptTokenCount": 5, "cachedContentTokenCount": 6}, "cachedContentTokenCount=6 exceeds"),
        (
            {"promptTokenCount": 5, "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": 6}]},
            "add up to more than 5",
        ),
        (
            {
                "promptTokenCount": 9,
                "cachedContentTokenCount": 5,
                "cacheTokensDetails": [{"modality": "AUDIO", "tokenCount": 5}],
            },
            "more AUDIO tokens are cached",
        ),
        ({"promptTokenCount": -1}, "promptTokenCount=-1 is not a count"),
    ],
)
def test_contradictions(counters, message):
    """Parts above their whole are errors."""
    with pytest.raises(InconsistentUsageError, match=message):
        read_usage(response(counters))


@pytest.mark.parametrize("counters", [None, {}])
def test_no_counters(counters):
    """An empty usageMetadata is no evidence of a count."""
    with pytest.raises(MissingUsageError):
        read_usage(response(counters))


def test_a_total_that_differs_is_a_note():
    """One above the parts says that something was used and not stated.

    One that leaves the thoughts out does not say whether the answer holds them, unless they are more than the answer.
    """
    counters = {"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 3}
    more = {**counters, "thoughtsTokenCount": 6, "totalTokenCount": 15}
    assert (read_usage(response(more)).quantities["reasoning"], read_usage(response(more)).notes) == (6, ())
    for total, code in ((19, "total_above"), (17, "total_differs"), (15, "total_differs")):
        (note,) = read_usage(response({**counters, "totalTokenCount": total})).notes
        assert (note.code, note.about) == (code, "totalTokenCount")
    cost = CostMap({"m": {"input_cost_per_token": 1, "output_cost_per_token": 2, "mode": "chat"}}).calculate(
        response({**counters, "totalTokenCount": 19}), model="m"
    )
    assert (cost.total, cost.complete) == (26, False)


@pytest.mark.parametrize(
    ("traffic", "billed", "input_amount"),
    [
        ("ON_DEMAND", "standard", "0.001"),
        ("ON_DEMAND_FLEX", "flex", "0.0005"),
        ("ON_DEMAND_PRIORITY", "priority", "0.002"),
        ("ON_DEMAND_OFFPEAK", "standard", "0.001"),
        ("TRAFFIC_TYPE_UNSPECIFIED", "standard", "0.001"),
    ],
)
def test_traffic_types_of_vertex(traffic, billed, input_amount):
    """The traffic type is the tier that was served, and it proves the cloud."""
    rates = {
        **RATES,
        "litellm_provider": "vertex_ai",
        "input_cost_per_token_flex": 5e-07,
        "input_cost_per_token_priority": 2e-06,
    }
    raw = response({"promptTokenCount": 1000, "candidatesTokenCount": 0, "trafficType": traffic})
    for build in (dict, GenerateContentResponse.model_validate):
        lines, cost = priced(build(raw), rates)
        assert lines == {"input": (1000, Decimal(input_amount))}
        assert (cost.billed_tier, cost.usage.provider) == (billed, "vertex_ai")
        assert not [note for note in cost.notes if "not known" in note]


def test_provisioned_throughput_adds_nothing_and_says_so():
    """Capacity that is paid for makes the marginal cost 0, with its reason."""
    raw = response({"promptTokenCount": 1000, "candidatesTokenCount": 5, "trafficType": "PROVISIONED_THROUGHPUT"})
    _, cost = priced(raw, {**RATES, "litellm_provider": "vertex_ai"})
    assert cost.total == 0
    assert "prepaid capacity" in cost.waived
    assert "prepaid capacity" in cost.explain()


def grounded(queries, **more):
    return {"groundingMetadata": {"webSearchQueries": queries, **more}}


def test_grounding_per_prompt_or_per_query():
    """Older models bill the prompt once, newer ones every unique query that is not empty."""
    raw = response({"promptTokenCount": 10, "candidatesTokenCount": 1}, grounded(["a", "", "b", "a"]))
    lines, _ = priced(raw)
    assert lines["grounded_prompts"] == (1, Decimal("0.035"))
    assert "web_searches" not in lines
    lines, _ = priced(raw, PER_QUERY)
    assert lines["web_searches"] == (2, Decimal("0.07"))
    assert "grounded_prompts" not in lines
    lines, _ = priced(raw, PER_QUERY, web_searches=5)
    assert lines["web_searches"] == (5, Decimal("0.175"))


def test_grounding_that_did_not_search():
    """A candidate with metadata and no query costs nothing more."""
    lines, cost = priced(response({"promptTokenCount": 10, "candidatesTokenCount": 1}, grounded(["", " "])))
    assert set(lines) == {"input", "output"}
    assert cost.complete


COUNTED = {"promptTokenCount": 10, "candidatesTokenCount": 1}


def test_grounding_that_shows_a_search_without_its_queries():
    """What Google has a search show beside an answer proves one; an empty one, and one for images, prove none."""
    shown = {"searchEntryPoint": {"renderedContent": "<div/>"}, "groundingChunks": [{"web": {"uri": "https://x"}}]}
    raw = response(COUNTED, {"groundingMetadata": shown, "finishReason": "STOP"})
    for body in (raw, GenerateContentResponse.model_validate(raw), [raw]):
        lines, cost = priced(body)
        assert lines["grounded_prompts"] == (1, Decimal("0.035"))
        assert [note.code for note in cost.notes] == ["query_assumed"]
    assert priced(raw, PER_QUERY)[0]["web_searches"] == (1, Decimal("0.035"))
    for metadata in ({**shown, "searchEntryPoint": {}}, {**shown, "imageSearchQueries": ["q"]}):
        assert set(priced(response(COUNTED, {"groundingMetadata": metadata}))[0]) == {"input", "output"}


def test_grounding_in_a_data_store_of_ones_own():
    """A request of Vertex AI Search has a fee that no map has; a store of files of the Gemini API has none."""
    stored = {"documentName": "projects/p/locations/l/collections/c/dataStores/d/branches/0/documents/1"}
    chunks = [{"retrievedContext": stored}, {"retrievedContext": {"title": "x"}}]
    raw = response(COUNTED, {"groundingMetadata": {"retrievalQueries": ["q"], "groundingChunks": chunks}})
    for body in (raw, GenerateContentResponse.model_validate(raw), [raw]):
        cost = priced(body)[1]
        assert (cost.usage.unread, cost.lower_bound) == ({"groundingChunks.retrievedContext": 1}, True)
    raw = response(COUNTED, {"groundingMetadata": {"groundingChunks": chunks[1:]}})
    assert priced(raw)[1].complete


def test_grounding_in_maps_and_images():
    """Google Maps is one query, which is an assumption; image searches have no known price: a lower bound."""
    candidate = grounded(
        [], groundingChunks=[{"web": {}}, {"maps": {"title": "x"}}, {"maps": {}}], imageSearchQueries=["q"]
    )
    raw = response({"promptTokenCount": 10, "candidatesTokenCount": 1}, candidate)
    for build in (dict, GenerateContentResponse.model_validate):
        lines, cost = priced(build(raw))
        assert lines["maps_queries"] == (1, Decimal("0.025"))
        assert "the response does not count its Google Maps queries: 1 assumed" in cost.notes
        assert (cost.usage.unread, cost.lower_bound) == ({"imageSearchQueries": 1}, True)


def test_a_path_before_the_model():
    """Vertex and the Developer API put a path before the name; the time of Vertex is kept."""
    raw = response(
        {"promptTokenCount": 1}, createTime="2026-05-01T00:00:00Z", modelVersion="publishers/google/models/gemini-x"
    )
    usage = read_usage(raw)
    assert (usage.model, usage.at, usage.provider) == ("gemini-x", "2026-05-01T00:00:00Z", "vertex_ai")


def test_stream_keeps_the_last_totals():
    """Totals run; facts and queries of earlier chunks are kept."""
    chunks = [
        response({"promptTokenCount": 10, "totalTokenCount": 10}, grounded(["a"])),
        response({"promptTokenCount": 10, "candidatesTokenCount": 4}, grounded(["b"])),
        response({"promptTokenCount": 10, "candidatesTokenCount": 9, "thoughtsTokenCount": 3}),
    ]
    whole = response({"promptTokenCount": 10, "candidatesTokenCount": 9, "thoughtsTokenCount": 3}, grounded(["a", "b"]))
    assert read_usage(chunks) == read_usage(whole)
    assert read_usage([GenerateContentResponse.model_validate(chunk) for chunk in chunks]) == read_usage(whole)


def test_every_chunk_may_say_that_the_answer_has_ended():
    """Totals of one prompt run on after the first such chunk; a prompt of another length is another call."""
    ends = {"finishReason": "STOP"}
    chunks = [response({"promptTokenCount": 10, "candidatesTokenCount": tokens}, ends) for tokens in (4, 9)]
    assert read_usage(chunks).quantities == {"input": 10, "output": 9}
    with pytest.raises(InconsistentUsageError):
        read_usage([*chunks, response({"promptTokenCount": 11, "candidatesTokenCount": 9}, ends)])


def test_a_last_chunk_of_zeros_erases_nothing():
    """A gateway fills in 0: 1000 tokens of which 800 are cached, and an answer of 60, stay what they are."""
    stated = {"promptTokenCount": 1000, "cachedContentTokenCount": 800, "candidatesTokenCount": 60}
    zeros = {"promptTokenCount": 0, "candidatesTokenCount": 0, "totalTokenCount": 0}
    usage = read_usage([response({**stated, "totalTokenCount": 1060}), response(zeros)])
    assert usage.quantities == {"input": 200, "cache_read": 800, "output": 60}
    assert usage.notes == ()


def test_a_stream_without_counters():
    """Chunks without any usage are an error."""
    with pytest.raises(MissingUsageError, match="this stream"):
        read_usage([response(None), response(None)])


@pytest.mark.parametrize(
    "other",
    [
        {"serverContent": {}, "usageMetadata": {"promptTokenCount": 1}},
        {"embeddings": [], "usageMetadata": {"promptTokenCount": 1}},
        {"embeddings": [], "usage_metadata": None, "metadata": None},
        {"content": "Hi", "type": "ai", "usage_metadata": {"input_tokens": 1, "output_tokens": 1}},
        {"usage": {"prompt_tokens": 1}},
    ],
)
def test_what_is_not_generated_content(other):
    """Live messages, embeddings and LangChain's messages have a usage metadata too."""
    assert not gemini.READER.recognises(other)


@pytest.mark.parametrize(
    "counters",
    [
        {"totalTokenCount": 640},
        {"candidatesTokenCount": 5, "totalTokenCount": 640},
        {"thoughtsTokenCount": 5},
        {"promptTokenCount": 0, "totalTokenCount": 640},
    ],
)
def test_a_total_without_its_prompt_is_no_count(counters):
    """Nothing tells the tokens of the prompt from those of the answer, so that no price of 0 is right."""
    with pytest.raises(MissingUsageError):
        read_usage(response(counters))


@pytest.mark.parametrize("name", ["promptTokensDetails", "promptTokenDetails"])
def test_details_in_the_singular(name):
    """Native embedContent spells them so: 20 x 1 + 480 x 3 per million."""
    details = [{"modality": "TEXT", "tokenCount": 20}, {"modality": "AUDIO", "tokenCount": 480}]
    raw = {"embedding": {"values": [0.1]}, "usageMetadata": {"promptTokenCount": 500, name: details}}
    lines, cost = priced(raw, model="gemini-x")
    assert lines == {"input": (20, Decimal("0.00002")), "input_audio": (480, Decimal("0.00144"))}
    assert cost.complete


def test_a_cache_that_names_another_modality():
    """A document is text in the prompt, and images in the cache: the sum is right, and all of it is cached text."""
    counters = {
        "promptTokenCount": 830,
        "candidatesTokenCount": 20,
        "totalTokenCount": 850,
        "cachedContentTokenCount": 790,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 56}, {"modality": "DOCUMENT", "tokenCount": 774}],
        "cacheTokensDetails": [{"modality": "TEXT", "tokenCount": 50}, {"modality": "IMAGE", "tokenCount": 740}],
    }
    usage = read_usage(response(counters))
    assert usage.quantities == {"input": 40, "cache_read": 790, "output": 20}
    assert [note.code for note in usage.notes] == ["modality_assumed"]


def test_the_searches_of_an_event_of_the_agent_development_kit():
    """It has no candidates: what grounded the answer stands beside the usage, in a whole event and in a stream."""
    counters = {"prompt_token_count": 9, "candidates_token_count": 2, "total_token_count": 11}
    event = {"author": "a", "model_version": "m", "content": {"parts": [{"text": "Hi"}]}, "usage_metadata": counters}
    grounded = {**event, "grounding_metadata": {"web_search_queries": ["a", "b"]}}
    part = {"partial": True}
    for response in (grounded, [{**event, **part}, grounded], [{**grounded, **part}, event]):
        usage = read_usage(response)
        assert usage.quantities == {"input": 9, "output": 2}
        assert usage.alternatives == (({"grounded_prompts": 1}, {"web_searches": 2}),)
    assert read_usage({**event, "grounding_metadata": None}).alternatives == ()
    # Two whole events are two answers, whatever their prompts.
    for events in ([event, event], [{**event, **part}, event, {**event, **part}]):
        with pytest.raises(InconsistentUsageError, match="2 calls in one list"):
            read_usage(events)
