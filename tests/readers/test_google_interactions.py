"""Gemini Interactions: generateContent's counters under other names."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage
from tests.sdks import Kind

Interaction = Kind("google.genai.interactions.Interaction")
InteractionCompletedEvent = Kind("google.genai.interactions.InteractionCompletedEvent")
InteractionCreatedEvent = Kind("google.genai.interactions.InteractionCreatedEvent")
StepStop = Kind("google.genai.interactions.StepStop")

RATES = {
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 1.2e-05,
    "cache_read_input_token_cost": 2e-07,
    "input_cost_per_audio_token": 4e-06,
    "google_maps_grounding_cost_per_query": 0.014,
    "web_search_billing_unit": "per_query",
    "search_context_cost_per_query": {"search_context_size_medium": 0.014},
}
USAGE = {
    "total_input_tokens": 5000,
    "total_cached_tokens": 4000,
    "total_output_tokens": 200,
    "total_thought_tokens": 400,
    "total_tool_use_tokens": 700,
    "total_tokens": 6300,
    "input_tokens_by_modality": [{"modality": "text", "tokens": 4900}, {"modality": "audio", "tokens": 100}],
    "cached_tokens_by_modality": [{"modality": "text", "tokens": 4000}],
    "grounding_tool_count": [{"type": "google_search", "count": 2}, {"type": "google_maps", "count": 3}],
}
INTERACTION = {
    "id": "int_1",
    "object": "interaction",
    "model": "gemini-3",
    "status": "completed",
    "usage": USAGE,
    "created": "2026-05-01T00:00:00Z",
    "service_tier": "standard",
    "steps": [],
}


@pytest.mark.parametrize("build", [dict, Interaction.model_validate])
def test_every_counter(build):
    """Cached tokens are inside the input; thoughts and tool use are on top; tools are counted by kind."""
    cost = CostMap({"gemini-3": RATES}).calculate(build(INTERACTION))
    assert {line.meter: (line.quantity, line.amount) for line in cost.line_items} == {
        "input": (1600, Decimal("0.0032")),
        "cache_read": (4000, Decimal("0.0008")),
        "input_audio": (100, Decimal("0.0004")),
        "output": (200, Decimal("0.0024")),
        "reasoning": (400, Decimal("0.0048")),
        "maps_queries": (3, Decimal("0.042")),
        "web_searches": (2, Decimal("0.028")),
    }
    assert cost.usage.context == 5700
    assert cost.usage.at == "2026-05-01T00:00:00Z"
    assert cost.usage.notes == ()


def test_an_agent_stands_in_the_place_of_a_model():
    """Deep research names its agent."""
    agent = {**INTERACTION, "model": None, "agent": "deep-research-pro-preview-12-2025"}
    assert read_usage(agent).model == "deep-research-pro-preview-12-2025"


def test_a_tool_without_a_meter_is_said():
    """Nothing is left out silently."""
    usage = {
        **USAGE,
        "grounding_tool_count": [{"type": "retrieval", "count": 2}, {"type": "google_search", "count": 0}],
    }
    found = read_usage({**INTERACTION, "usage": usage})
    assert found.unread == {"grounding_tool_count.retrieval": 2}
    assert [note.code for note in found.notes] == ["not_understood"]
    assert found.alternatives == ()


@pytest.mark.parametrize("usage", [None, {}, {"grounding_tool_count": []}])
@pytest.mark.parametrize("build", [dict, Interaction.model_validate])
def test_no_counters(usage, build):
    """A queued interaction has no usage, and an empty one says nothing."""
    with pytest.raises(MissingUsageError, match="interaction"):
        read_usage(build({**INTERACTION, "status": "in_progress", "usage": usage}))


def test_more_cached_than_there_is():
    """Parts above their whole are errors here too."""
    with pytest.raises(InconsistentUsageError, match="4000"):
        read_usage({**INTERACTION, "usage": {"total_input_tokens": 10, "total_cached_tokens": 4000}})


def events(*, completed):
    lifecycle = {"id": "int_1", "object": "interaction", "model": "gemini-3", "status": "in_progress"}
    found = [
        {"event_type": "interaction.created", "interaction": lifecycle},
        {"event_type": "step.stop", "index": 0, "usage": {"total_input_tokens": 5000, "total_output_tokens": 10}},
    ]
    if completed:
        last = {**lifecycle, "status": "completed", "usage": USAGE, "service_tier": "standard"}
        found.append({"event_type": "interaction.completed", "interaction": last})
    return found


def test_stream():
    """The last usage counts, as dicts and as the SDK's events."""
    raw = events(completed=True)
    kinds = (InteractionCreatedEvent, StepStop, InteractionCompletedEvent)
    expected = read_usage({**INTERACTION, "created": None})
    assert read_usage(raw) == expected
    assert read_usage([kind.model_validate(event) for kind, event in zip(kinds, raw, strict=True)]) == expected


def test_a_stream_that_was_cut():
    """Without the last event it is a lower bound; without any usage it is an error."""
    usage = read_usage(events(completed=False))
    assert (usage.partial, usage.quantities) == (True, {"input": 5000, "output": 10})
    with pytest.raises(MissingUsageError, match="in_progress"):
        read_usage(events(completed=False)[:1])


SEARCHED = {
    "object": "interaction",
    "status": "completed",
    "model": "gemini-3-flash-preview",
    "steps": [
        {"type": "google_search_call", "id": "s", "arguments": {"queries": ["a", "b", "b"]}},
        {"type": "google_maps_call", "id": "m", "arguments": {}},
    ],
    "usage": {"total_tokens": 130, "total_input_tokens": 30, "total_output_tokens": 60, "total_tool_use_tokens": 40},
}


def test_searches_that_only_the_steps_state():
    """Two queries, or a prompt that was grounded, and one of maps; the count of the usage is stronger."""
    usage = read_usage(SEARCHED)
    assert usage.alternatives == (({"grounded_prompts": 1}, {"web_searches": 2}),)
    assert usage.quantities == {"input": 70, "output": 60, "maps_queries": 1}
    counted = {**SEARCHED["usage"], "grounding_tool_count": [{"type": "google_search", "count": 3}]}
    usage = read_usage({**SEARCHED, "usage": counted})
    assert usage.alternatives == (({"grounded_prompts": 1}, {"web_searches": 3}),)


def test_searches_of_a_stream():
    """The steps come in pieces, with the queries in one of them; a search that is told twice is one."""
    search = SEARCHED["steps"][0]
    done = {name: value for name, value in SEARCHED.items() if name != "steps"}
    events = [
        {"event_type": "interaction.created", "interaction": {"object": "interaction", "status": "in_progress"}},
        {"event_type": "step.start", "step": {"type": "google_search_call", "id": "s"}},
        {"event_type": "step.delta", "delta": search},
        {"event_type": "step.stop", "step": search},
        {"event_type": "interaction.completed", "interaction": done},
    ]
    usage = read_usage(events)
    assert usage.alternatives == (({"grounded_prompts": 1}, {"web_searches": 2}),)
    assert not usage.partial


def test_running_totals_in_the_metadata_of_events():
    """They are those of the interaction so far, and it states its own at the end."""
    events = [
        {
            "event_type": "interaction.created",
            "interaction": {"object": "interaction", "status": "in_progress", "model": "gemini-2.5-flash"},
            "metadata": {"usage": {"total_tokens": 9, "total_input_tokens": 9}},
        },
        {
            "event_type": "interaction.completed",
            "interaction": {
                "object": "interaction",
                "status": "completed",
                "model": "gemini-2.5-flash",
                "usage": {
                    "total_tokens": 40,
                    "total_input_tokens": 9,
                    "total_output_tokens": 11,
                    "total_thought_tokens": 20,
                },
            },
        },
    ]
    assert read_usage(events).quantities == {"input": 9, "output": 11, "reasoning": 20}
    cut = read_usage(events[:1])
    assert (cut.quantities, cut.partial) == ({"input": 9}, True)


def test_the_tier_that_was_served():
    """It selects the rates."""
    assert read_usage({**INTERACTION, "service_tier": "priority"}).service_tier == "priority"


def test_the_prompt_with_what_the_api_puts_around_it():
    """The total is 5,000 + 200 + 400 + 700: 83 tokens more of the raw prompt are not billed."""
    cost = CostMap({"gemini-3": RATES}).calculate({**INTERACTION, "usage": {**USAGE, "raw_prompt_token": 5083}})
    assert (cost.complete, cost.total) == (True, CostMap({"gemini-3": RATES}).calculate(INTERACTION).total)


@pytest.mark.parametrize("streamed", [False, True])
def test_a_picture_whose_tokens_are_not_told_apart(streamed):
    """1,290 tokens: a picture alone is image tokens, one beside a text makes the cost a lower bound."""
    counters = {"total_input_tokens": 10, "total_output_tokens": 1290, "total_tokens": 1300}

    def interaction(*kinds, **more):
        whole = {**INTERACTION, "usage": {**counters, **more}}
        if not streamed:
            return {**whole, "steps": [{"type": "model_output", "content": [{"type": kind} for kind in kinds]}]}
        deltas = [{"event_type": "step.delta", "index": 0, "delta": {"type": kind}} for kind in kinds]
        return [*deltas, {"event_type": "interaction.completed", "interaction": whole}]

    assert read_usage(interaction("image")).quantities == {"input": 10, "output_image": 1290}
    mixed = read_usage(interaction("text", "image"))
    assert (mixed.quantities, mixed.partial) == ({"input": 10, "output": 1290}, True)
    rows = [{"modality": "image", "tokens": 1120}, {"modality": "text", "tokens": 170}]
    told = read_usage(interaction("text", "image", output_tokens_by_modality=rows))
    assert (told.quantities, told.partial) == ({"input": 10, "output": 170, "output_image": 1120}, False)
