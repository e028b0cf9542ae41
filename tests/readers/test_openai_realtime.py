"""Realtime sessions: every turn is a request of its own, and transcripts are another model's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage
from tests.sdks import Kind

RealtimeResponse = Kind("openai.types.realtime.RealtimeResponse")
RealtimeServerEvent = Kind("openai.types.realtime.RealtimeServerEvent")
ResponseDoneEvent = Kind("openai.types.realtime.ResponseDoneEvent")

ALL_CACHES = {
    "total_tokens": 1350,
    "input_tokens": 1000,
    "output_tokens": 350,
    "input_token_details": {
        "text_tokens": 400,
        "audio_tokens": 500,
        "image_tokens": 100,
        "cached_tokens": 600,
        "cached_tokens_details": {"text_tokens": 300, "audio_tokens": 250, "image_tokens": 50},
    },
    "output_token_details": {"text_tokens": 50, "audio_tokens": 300},
}
FIRST = {
    "total_tokens": 253,
    "input_tokens": 132,
    "output_tokens": 121,
    "input_token_details": {
        "text_tokens": 119,
        "audio_tokens": 13,
        "image_tokens": 0,
        "cached_tokens": 64,
        "cached_tokens_details": {"text_tokens": 64, "audio_tokens": 0, "image_tokens": 0},
    },
    "output_token_details": {"text_tokens": 30, "audio_tokens": 91},
}
HEARD = {
    "type": "tokens",
    "total_tokens": 22,
    "input_tokens": 13,
    "output_tokens": 9,
    "input_token_details": {"text_tokens": 0, "audio_tokens": 13},
}
CREATED = {
    "type": "session.created",
    "event_id": "e0",
    "session": {"type": "realtime", "object": "realtime.session", "id": "sess_1", "model": "gpt-realtime"},
}
RATES = {
    "input_cost_per_token": 4e-06,
    "cache_read_input_token_cost": 4e-07,
    "output_cost_per_token": 1.6e-05,
    "input_cost_per_audio_token": 3.2e-05,
    "cache_read_input_audio_token_cost": 5e-07,
    "output_cost_per_audio_token": 6.4e-05,
    "input_cost_per_image_token": 5e-06,
    "cache_read_input_image_token_cost": 6e-07,
}
EARS = {"input_cost_per_token": 1.25e-06, "input_cost_per_audio_token": 3e-06, "output_cost_per_token": 5e-06}


def done(usage, status="completed"):
    response = {"object": "realtime.response", "id": "resp_1", "status": status, "output": [], "usage": usage}
    return {"type": "response.done", "event_id": "event_1", "response": response}


def heard(usage):
    kind = "conversation.item.input_audio_transcription.completed"
    return {
        "type": kind,
        "event_id": "e1",
        "item_id": "item_1",
        "content_index": 0,
        "transcript": "Hey",
        "usage": usage,
    }


def updated(transcription):
    audio = {"input": {"transcription": {"model": transcription}}}
    return {"type": "session.updated", "event_id": "e", "session": {"type": "realtime", "audio": audio}}


def session(*events):
    return [RealtimeServerEvent.event(event) for event in events]


def lines(cost):
    return [(line.model, line.meter, line.quantity) for line in cost.line_items]


def test_every_modality_fresh_and_cached():
    """Cached tokens are taken out of their own modality, and all parts add up to the counters."""
    usage = read_usage(done(ALL_CACHES))
    assert usage.quantities == {
        "input": 100,
        "input_audio": 250,
        "input_image": 50,
        "cache_read": 300,
        "cache_read_audio": 250,
        "cache_read_image": 50,
        "output": 50,
        "output_audio": 300,
    }
    assert (usage.input_tokens, usage.output_tokens, usage.context) == (1000, 350, 1000)
    cost = CostMap({"m": RATES}).calculate(done(ALL_CACHES), model="m")
    assert {line.meter: line.amount for line in cost.line_items} == {
        "input": Decimal("0.0004"),
        "input_audio": Decimal("0.008"),
        "input_image": Decimal("0.00025"),
        "cache_read": Decimal("0.00012"),
        "cache_read_audio": Decimal("0.000125"),
        "cache_read_image": Decimal("0.00003"),
        "output": Decimal("0.0008"),
        "output_audio": Decimal("0.0192"),
    }


def test_event_response_usage_and_sdk_objects_agree():
    """The event, the response inside it, its bare usage, and the SDK's objects are one call."""
    event = done(ALL_CACHES)
    usage = read_usage(event)
    assert read_usage(event["response"]) == read_usage(ALL_CACHES) == read_usage([event]) == usage
    assert read_usage(ResponseDoneEvent.construct(**event)) == usage
    assert read_usage(RealtimeResponse.model_validate(event["response"])) == usage
    assert read_usage(RealtimeResponse.construct(**event["response"]).usage) == usage


def test_turns_are_parts():
    """Turns add up, each with its own context; the model is the session's."""
    usage = read_usage([CREATED, done(FIRST), done(ALL_CACHES)])
    assert (usage.model, usage.quantities) == ("gpt-realtime", {})
    assert [part.context for part in usage.parts] == [132, 1000]
    assert [part.model for part in usage.parts] == [None, None]
    assert (usage.input_tokens, usage.output_tokens) == (1132, 471)
    assert not usage.partial


def test_thresholds_see_one_turn_at_a_time():
    """Two turns of 132 and 1,000 tokens: only the longer one passes a threshold between them."""
    rates = {"input_cost_per_token": 1e-06, "output_cost_per_token": 0, "input_cost_per_token_above_1k_tokens": 1e-05}
    long = {"input_tokens": 1001, "output_tokens": 0, "input_token_details": {"text_tokens": 1001}}
    short = {"input_tokens": 1000, "output_tokens": 0, "input_token_details": {"text_tokens": 1000}}
    cost = CostMap({"gpt-realtime": rates}).calculate([CREATED, done(long), done(short)])
    assert [line.amount for line in cost.line_items] == [Decimal("0.01001"), Decimal("0.001")]


def test_a_single_turn_is_itself():
    """A session of one turn is that turn, with the session's model."""
    usage = read_usage([CREATED, done(FIRST)])
    assert usage.model == "gpt-realtime"
    assert usage.parts == ()
    assert usage.quantities == read_usage(done(FIRST)).quantities


def test_transcripts_are_another_models():
    """What was heard is billed on the transcription model that the caller names."""
    events = [CREATED, heard(HEARD), done(FIRST), done(FIRST)]
    prices = CostMap({"gpt-realtime": RATES, "ears": EARS})
    cost = prices.calculate(events, transcription_model="ears")
    assert lines(cost)[-2:] == [("ears", "input_audio", 13), ("ears", "output", 9)]
    assert [line.amount for line in cost.line_items[-2:]] == [Decimal("0.000039"), Decimal("0.000045")]
    assert cost.complete
    assert prices.calculate(session(*events), transcription_model="ears").line_items == cost.line_items


def test_transcripts_without_a_model_are_marked():
    """Neither the session nor the caller names it: it is unpriced, and the note says what to pass."""
    cost = CostMap({"gpt-realtime": RATES}).calculate([CREATED, heard(HEARD), done(FIRST)])
    assert cost.unpriced == ("input_audio", "output")
    assert any("transcription_model=" in note for note in cost.notes)


@pytest.mark.parametrize(
    "configured",
    [
        updated("ears"),
        {"type": "session.created", "event_id": "e", "session": {"input_audio_transcription": {"model": "ears"}}},
    ],
    ids=["current", "beta"],
)
def test_the_session_names_the_transcription_model(configured):
    """Both generations of the session say which model transcribes."""
    usage = read_usage([CREATED, configured, heard(HEARD), done(FIRST)])
    assert [part.model for part in usage.parts] == ["ears"]
    assert usage.model == "gpt-realtime"


def test_transcripts_by_the_second():
    """A model that is sold by time states seconds."""
    events = [CREATED, updated("ears"), heard({"type": "duration", "seconds": 3.5}), done(FIRST)]
    cost = CostMap({"gpt-realtime": RATES, "ears": {"input_cost_per_second": 0.0001}}).calculate(events)
    assert lines(cost)[-1] == ("ears", "input_seconds", 3.5)
    assert cost.line_items[-1].amount == Decimal("0.00035")


def test_seconds_of_a_model_that_nobody_names():
    """They are no line, and no part of a call that is complete: 119 + 13 ... of the turn alone are priced."""
    events = [CREATED, heard({"type": "duration", "seconds": 45.0}), done(FIRST)]
    cost = CostMap({"gpt-realtime": RATES}).calculate(events)
    assert (cost.unpriced, cost.complete) == (("compute_seconds",), False)


def test_transcripts_without_a_session_are_the_call_itself():
    """A list of one event is that event: 45 x 0.0001 on the model that the caller names."""
    event = heard({"type": "duration", "seconds": 45.0})
    prices = CostMap({"ears": {"input_cost_per_second": 0.0001, "mode": "audio_transcription"}})
    for response in (event, [event]):
        cost = prices.calculate(response, model="ears")
        assert [(line.meter, line.amount) for line in cost.line_items] == [("input_seconds", Decimal("0.0045"))]
        assert cost.complete


@pytest.mark.parametrize("kind", ["session.created", "transcription_session.created"])
def test_a_session_that_only_transcribes(kind):
    """There the transcription model is the main one, from the session or from the caller."""
    audio = {"input": {"transcription": {"model": "ears"}}}
    start = {"type": kind, "event_id": "e", "session": {"type": "transcription", "audio": audio}}
    usage = read_usage([start, heard(HEARD), heard(HEARD)])
    assert (usage.model, len(usage.parts), usage.total_tokens) == ("ears", 2, 44)
    nameless = {"type": kind, "event_id": "e", "session": {"type": "transcription"}}
    cost = CostMap({"ears": EARS}).calculate([nameless, heard(HEARD)], model="ears")
    assert lines(cost) == [("ears", "input_audio", 13), ("ears", "output", 9)]


def test_events_of_the_session_that_count_nothing():
    """Deltas, items and limits change nothing, wherever they stand, also before the first that tells the API."""
    noise = [
        {"type": "response.created", "event_id": "n1", "response": {"object": "realtime.response", "usage": None}},
        {"type": "response.output_audio.delta", "event_id": "n2", "delta": "aGk="},
        {"type": "input_audio_buffer.committed", "event_id": "n3"},
        {"type": "rate_limits.updated", "event_id": "n4", "rate_limits": []},
    ]
    plain = read_usage([CREATED, done(FIRST), done(ALL_CACHES)])
    assert read_usage([CREATED, *noise, done(FIRST), *noise, done(ALL_CACHES)]) == plain
    assert read_usage([*noise, done(FIRST)]) == read_usage(done(FIRST))
    assert read_usage([updated("ears"), *noise, done(FIRST)]) == read_usage(done(FIRST))


def test_a_turn_without_usage_makes_a_lower_bound():
    """What it cost is not known: the rest is priced, and it is said."""
    cost = CostMap({"gpt-realtime": RATES}).calculate([CREATED, done(FIRST), done(None, "failed")])
    assert cost.lower_bound
    assert "1 of the session's turns or transcripts state no usage" in cost.notes
    assert len(cost.line_items) == 5


def test_a_failed_turn_of_zeros_is_zero():
    """A failed turn states zeros, which are counters."""
    zeros = {"total_tokens": 0, "input_tokens": 0, "output_tokens": 0, "input_token_details": {"text_tokens": 0}}
    assert read_usage(done(zeros, "failed")).total_tokens == 0


def test_missing_usage_raises():
    """A turn, a transcript and a session without any counter are not free."""
    for response in (done(None), heard(None), [CREATED], [CREATED, done(None)], done({"output_tokens": 5})):
        with pytest.raises(MissingUsageError):
            read_usage(response)


@pytest.mark.parametrize(
    ("cached", "expected"),
    [
        (300, {"input": 100, "cache_read": 300, "input_audio": 500, "input_image": 100}),
        (400, {"cache_read": 400, "input_audio": 500, "input_image": 100}),
        (600, {"cache_read": 400, "input_audio": 300, "cache_read_audio": 200, "input_image": 100}),
        (950, {"cache_read": 400, "cache_read_audio": 500, "input_image": 50, "cache_read_image": 50}),
    ],
)
def test_cached_tokens_without_a_split(cached, expected):
    """They are text first, then audio, then image; a note says so."""
    details = {"text_tokens": 400, "audio_tokens": 500, "image_tokens": 100, "cached_tokens": cached}
    usage = read_usage(done({"input_tokens": 1000, "output_tokens": 0, "input_token_details": details}))
    assert usage.quantities == expected
    assert usage.notes == ("cached tokens are not split by modality: taken as text first, the overflow as audio",)


def test_cached_text_alone_needs_no_note():
    """Where all input is text there is nothing to decide."""
    details = {"text_tokens": 400, "cached_tokens": 300}
    usage = read_usage(done({"input_tokens": 400, "output_tokens": 1, "input_token_details": details}))
    assert usage.quantities == {"input": 100, "cache_read": 300, "output": 1}
    assert usage.notes == ("1 of the output tokens are not split by modality: counted as text",)


def test_reasoning_is_inside_the_text():
    """Thinking is text that is not spoken."""
    usage = {**FIRST, "output_token_details": {"text_tokens": 30, "audio_tokens": 91, "reasoning_tokens": 20}}
    found = read_usage(done(usage))
    quantities = found.quantities
    assert (quantities["output"], quantities["reasoning"], quantities["output_audio"]) == (10, 20, 91)
    assert found.unread == {}


def test_tokens_without_details_are_text_with_a_note():
    """Which modality they were is not stated."""
    usage = read_usage(done({"input_tokens": 10, "output_tokens": 5}))
    assert usage.quantities == {"input": 10, "output": 5}
    assert usage.notes == (
        "10 of the input tokens are not split by modality: counted as text",
        "5 of the output tokens are not split by modality: counted as text",
    )


@pytest.mark.parametrize(
    "details",
    [
        {"text_tokens": 401, "audio_tokens": 500, "image_tokens": 100},
        {"text_tokens": 1000, "cached_tokens": 1001},
        {"text_tokens": 1000, "cached_tokens": 5, "cached_tokens_details": {"text_tokens": 6}},
        {"text_tokens": 900, "audio_tokens": 100, "cached_tokens": 101, "cached_tokens_details": {"audio_tokens": 101}},
        {"text_tokens": -1},
    ],
)
def test_contradictions_raise(details):
    """Parts above their whole, and more cached than was sent."""
    with pytest.raises(InconsistentUsageError):
        read_usage(done({"input_tokens": 1000, "output_tokens": 0, "input_token_details": details}))


def test_responses_api_is_another():
    """The same event names without an event_id belong to the Responses API."""
    answer = {
        "object": "response",
        "model": "gpt-5",
        "output": [],
        "usage": {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13},
    }
    events = [
        {"type": "response.created", "sequence_number": 0, "response": {**answer, "usage": None}},
        {"type": "response.completed", "sequence_number": 1, "response": answer},
    ]
    usage = read_usage(events)
    assert (usage.dialect, usage.quantities) == ("responses", {"input": 9, "output": 4})


# Not in capitals: its tokens are the same work as its seconds, so that no law of tokens holds for it.
xai = [
    {
        "type": "session.created",
        "event_id": "e",
        "session": {"object": "realtime.session", "model": "grok-voice-latest"},
    },
    {
        "type": "response.done",
        "event_id": "f",
        "response": {"object": "realtime.response", "status": "completed", "usage": {}},
        "usage": {
            "input_tokens": 40,
            "input_token_details": {"text_tokens": 10, "audio_tokens": 30, "grok_tokens": 0},
            "output_tokens": 50,
            "output_token_details": {"text_tokens": 5, "audio_tokens": 45, "grok_tokens": 0},
            "total_tokens": 90,
            "billable_audio_seconds": 1,
        },
    },
]


@pytest.mark.parametrize("response", [xai, xai[1:], xai[1]])
def test_xai_states_its_counters_beside_the_response(response):
    """Sold by the second it is 1 x 0.0013; by tokens 10 x 4e-6 + 30 x 3.2e-5 + 5 x 1.6e-5 + 45 x 6.4e-5."""
    timed = CostMap({"m": {"input_cost_per_second": 0.0013, "input_cost_per_text_message": 0.004, "mode": "realtime"}})
    cost = timed.calculate(response, model="m")
    assert [(line.meter, line.quantity) for line in cost.line_items] == [("input_seconds", 1)]
    assert "text_messages" in [note.about for note in cost.notes]
    tokens = CostMap({"m": RATES}).calculate(response, model="m")
    assert tokens.total == Decimal("0.00396")
    assert [line.meter for line in tokens.line_items] == ["input", "input_audio", "output", "output_audio"]
    assert read_usage(response).provider == "xai"


@pytest.mark.parametrize("side", ["input", "output"])
def test_tokens_that_no_modality_explains(side):
    """5 of 10 tokens are text; a note says of which side."""
    counters = {"total_tokens": 20, "input_tokens": 10, "output_tokens": 10}
    counters["input_token_details"] = counters["output_token_details"] = {"text_tokens": 10}
    counters[f"{side}_token_details"] = {"audio_tokens": 5}
    usage = read_usage({"type": "response.done", "response": {"object": "realtime.response", "usage": counters}})
    assert (usage.quantities[side], usage.quantities[f"{side}_audio"]) == (5, 5)
    assert [(note.code, note.about) for note in usage.notes] == [("modality_assumed", side)]


def test_a_turn_without_a_usage():
    """What is left out is said, and that an answer had begun and did not end."""
    silent = {"type": "response.done", "event_id": "e", "response": {"object": "realtime.response"}}
    begun = {"type": "response.created", "event_id": "e", "response": {"object": "realtime.response"}}
    for more, codes in (([], ["left_out"]), ([begun], ["left_out", "broken_off"])):
        usage = read_usage([CREATED, done(FIRST), silent, *more])
        assert (usage.partial, [note.code for note in usage.notes]) == (True, codes)
