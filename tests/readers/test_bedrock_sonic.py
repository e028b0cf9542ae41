"""Nova Sonic: a session whose running totals tell speech from text."""

from __future__ import annotations

import copy
from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, MissingUsageError, StreamMeter, read_usage
from llmcost.readers.known import discovered

# Nova 2 Sonic: https://aws.amazon.com/bedrock/pricing/
ROW = {
    "input_cost_per_token": 3.3e-07,
    "output_cost_per_token": 2.75e-06,
    "input_cost_per_audio_token": 3e-06,
    "output_cost_per_audio_token": 1.2e-05,
    "litellm_provider": "bedrock",
    "mode": "realtime",
}
NAME = "amazon.nova-2-sonic-v1:0"
MAP = CostMap({NAME: ROW})


def usage_event(delta, total):
    """The shape of https://docs.aws.amazon.com/nova/latest/userguide/output-events.html, numbers our own."""
    sides = [
        {side: {"speechTokens": speech, "textTokens": text} for side, (speech, text) in counted.items()}
        for counted in (delta, total)
    ]
    sent, said = sum(total["input"]), sum(total["output"])
    return {
        "event": {
            "usageEvent": {
                "completionId": "c1",
                "promptName": "p1",
                "sessionId": "s1",
                "details": {"delta": sides[0], "total": sides[1]},
                "totalInputTokens": sent,
                "totalOutputTokens": said,
                "totalTokens": sent + said,
            }
        }
    }


EVENTS = [
    {"event": {"completionStart": {"completionId": "c1", "promptName": "p1", "sessionId": "s1"}}},
    usage_event({"input": (500, 40), "output": (0, 0)}, {"input": (500, 40), "output": (0, 0)}),
    {"event": {"textOutput": {"content": "hello", "role": "USER"}}},
    {"event": {"audioOutput": {"content": "aGk="}}},
    usage_event({"input": (300, 0), "output": (900, 60)}, {"input": (800, 40), "output": (900, 60)}),
    {"event": {"completionEnd": {"completionId": "c1", "stopReason": "END_TURN"}}},
]


def lines(cost):
    return [(line.meter, line.quantity, line.amount) for line in cost.line_items]


def test_the_last_totals_are_the_session():
    """Totals run, so the last counts; speech is audio: 40 x 0.33 + 800 x 3 + 60 x 2.75 + 900 x 12 per million."""
    cost = MAP.calculate(EVENTS, model=NAME)
    assert lines(cost) == [
        ("input", 40, Decimal("0.0000132")),
        ("input_audio", 800, Decimal("0.0024")),
        ("output", 60, Decimal("0.000165")),
        ("output_audio", 900, Decimal("0.0108")),
    ]
    assert cost.total == Decimal("0.0133782")
    assert (cost.usage.provider, cost.usage.context, cost.usage.partial) == ("bedrock", None, False)


def test_a_session_that_was_not_seen_to_end_is_a_lower_bound():
    """Without its last event more may have been said."""
    cost = MAP.calculate(EVENTS[:2], model=NAME)
    # 40 x 0.33 + 500 x 3 per million
    assert (cost.total, cost.lower_bound) == (Decimal("0.0015132"), True)
    assert MAP.calculate(EVENTS[1], model=NAME) == cost


def test_it_is_metered_while_it_runs():
    """Every usage event raises the bound; the end settles it."""
    meter = StreamMeter(cost_map=MAP, model=NAME)
    seen = []
    for event in EVENTS:
        meter.feed(event)
        seen.append(meter.cost.total)
    assert seen == [0, *[Decimal("0.0015132")] * 3, *[Decimal("0.0133782")] * 2]
    assert not meter.finish().lower_bound


def test_a_session_without_usage_raises():
    """Text alone is not free."""
    with pytest.raises(MissingUsageError, match="usageEvent"):
        read_usage([EVENTS[0], EVENTS[2], EVENTS[-1]])
    broken = copy.deepcopy(EVENTS[1])
    del broken["event"]["usageEvent"]["details"]
    with pytest.raises(MissingUsageError, match="speech"):
        read_usage(broken)


@pytest.mark.parametrize("name", ["totalInputTokens", "totalOutputTokens"])
@pytest.mark.parametrize("by", [-1, 1])
def test_speech_and_text_are_all_there_is(name, by):
    """A total that its two parts do not make up is an error."""
    event = copy.deepcopy(EVENTS[4])
    event["event"]["usageEvent"][name] += by
    with pytest.raises(InconsistentUsageError, match=name):
        read_usage(event)


@pytest.mark.parametrize(
    "neighbour",
    [
        {"event": "message", "data": {"choices": []}},
        {"event": {"other": {}}},
        {"event": {"usage": {"seconds": 1}}, "type": "session.usage.updated"},
        {"event_type": "interaction.start"},
    ],
)
def test_other_events_are_not_its(neighbour):
    """A key called event has many meanings."""
    (reader,) = [reader for reader in discovered() if reader.name == "Nova Sonic"]
    assert not reader.recognises(neighbour)
    assert not reader.chunk(neighbour)
