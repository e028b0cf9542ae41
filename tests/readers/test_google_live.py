"""Gemini Live: every turn is billed for the whole session so far, so turns add up."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import MissingUsageError
from llmcost.readers import read_usage
from llmcost.readers.known import find_reader
from tests.sdks import Kind

LiveServerMessage = Kind("google.genai.types.LiveServerMessage")

RATES = {
    "input_cost_per_token": 5e-07,
    "output_cost_per_token": 2e-06,
    "input_cost_per_audio_token": 3e-06,
    "output_cost_per_audio_token": 1.2e-05,
    "search_context_cost_per_query": {"search_context_size_medium": 0.035},
}
MAP = CostMap({"live": RATES})


def turn(prompt, answer, **more):
    return {
        "usageMetadata": {
            "promptTokenCount": prompt,
            "responseTokenCount": answer,
            "totalTokenCount": prompt + answer,
            "promptTokensDetails": [{"modality": "AUDIO", "tokenCount": prompt}],
            "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": answer}],
            **more,
        }
    }


SPEECH = {"serverContent": {"modelTurn": {"parts": [{"inlineData": {"data": "aGk=", "mimeType": "audio/pcm"}}]}}}


def lines(cost):
    return [(line.meter, line.quantity, line.amount) for line in cost.line_items]


def test_a_single_message():
    """Thoughts are on top of the total; prompt tokens without a modality are text."""
    message = {
        "serverContent": {"turnComplete": True},
        "usageMetadata": {
            "promptTokenCount": 522,
            "responseTokenCount": 42,
            "totalTokenCount": 564,
            "thoughtsTokenCount": 136,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 332}, {"modality": "AUDIO", "tokenCount": 165}],
            "responseTokensDetails": [{"modality": "AUDIO", "tokenCount": 42}],
        },
    }
    for build in (dict, lambda one: [one], LiveServerMessage.model_validate):
        cost = MAP.calculate(build(message), model="live")
        assert lines(cost) == [
            ("input", 357, Decimal("0.0001785")),
            ("input_audio", 165, Decimal("0.000495")),
            ("output_audio", 42, Decimal("0.000504")),
            ("reasoning", 136, Decimal("0.000272")),
        ]
        assert cost.usage.notes == ()
        assert not cost.usage.partial


def test_turns_add_up():
    """A session is its turns: raw messages and the SDK's give the same lines."""
    session = [{"setupComplete": {}}, SPEECH, turn(100, 40), SPEECH, turn(260, 50), {"goAway": {"timeLeft": "10s"}}]
    for build in (dict, LiveServerMessage.model_validate):
        cost = MAP.calculate([build(message) for message in session], model="live")
        assert lines(cost) == [
            ("input_audio", 100, Decimal("0.0003")),
            ("output_audio", 40, Decimal("0.00048")),
            ("input_audio", 260, Decimal("0.00078")),
            ("output_audio", 50, Decimal("0.0006")),
        ]
        assert (cost.usage.input_tokens, cost.usage.output_tokens) == (360, 90)
        assert not cost.lower_bound


def test_each_turn_has_its_own_context():
    """A threshold is passed by the turn whose prompt passes it, and not by the sum."""
    prices = CostMap({"live": {**RATES, "input_cost_per_audio_token_above_128k_tokens": 6e-06}})
    cost = prices.calculate([turn(100_000, 1), turn(128_000, 1), turn(128_001, 1)], model="live")
    assert [line.amount for line in cost.line_items if line.meter == "input_audio"] == [
        Decimal("0.3"),
        Decimal("0.384"),
        Decimal("0.768006"),
    ]
    assert not [note for note in cost.notes if "aggregate" in note]


def test_a_session_may_begin_with_a_usage():
    """Without any other sign, the name of the response's counter tells it from a generateContent stream."""
    assert len(read_usage([turn(10, 1), turn(20, 2)]).parts) == 2


def test_an_open_turn_is_a_lower_bound():
    """What the model said after the last usage is not counted yet."""
    usage = read_usage([turn(10, 1), SPEECH])
    assert usage.partial
    assert MAP.calculate([turn(10, 1), SPEECH], model="live").lower_bound


def test_searches_belong_to_their_turn():
    """Grounding is repeated within a turn and billed once for it."""
    grounding = {"serverContent": {"groundingMetadata": {"webSearchQueries": ["a", "b"]}}}
    cost = MAP.calculate([grounding, grounding, turn(10, 1), grounding, turn(20, 1), turn(30, 1)], model="live")
    assert [line.quantity for line in cost.line_items if line.meter == "grounded_prompts"] == [1, 1]


def test_traffic_type_of_the_turns():
    """On Vertex each usage names its tier; the session has it."""
    usage = read_usage(
        [turn(10, 1, trafficType="PROVISIONED_THROUGHPUT"), turn(20, 1, trafficType="PROVISIONED_THROUGHPUT")]
    )
    assert (usage.service_tier, usage.provider) == ("PROVISIONED_THROUGHPUT", "vertex_ai")


@pytest.mark.parametrize("messages", [{"setupComplete": {}}, [{"setupComplete": {}}, SPEECH]])
def test_no_usage(messages):
    """A session that states no usage is an error."""
    with pytest.raises(MissingUsageError, match="this session"):
        read_usage(messages)


@pytest.mark.parametrize(
    "name",
    [
        *("serverContent", "server_content", "setupComplete", "setup_complete", "toolCall"),
        *("toolCallCancellation", "sessionResumptionUpdate", "goAway"),
    ],
)
def test_every_message_of_a_session_is_the_live_apis(name):
    """It may hold the usage of a turn: 10 tokens in and 2 out, of the Live API."""
    found = find_reader({name: {}, "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10}})
    assert found.name == "Gemini Live"
