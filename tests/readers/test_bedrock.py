"""Bedrock Converse: the cache beside the input, guardrails by kind, and the router's model."""

from __future__ import annotations

import datetime
import sys
from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import bedrock, read_usage

CLAUDE = {
    "input_cost_per_token": 3e-06,
    "output_cost_per_token": 1.5e-05,
    "cache_read_input_token_cost": 3e-07,
    "cache_creation_input_token_cost": 3.75e-06,
    "cache_creation_input_token_cost_above_1hr": 6e-06,
    "litellm_provider": "bedrock_converse",
}
NOVA = {
    "input_cost_per_token": 8e-07,
    "output_cost_per_token": 3.2e-06,
    "input_cost_per_token_priority": 1.4e-06,
    "output_cost_per_token_priority": 5.6e-06,
    "litellm_provider": "bedrock_converse",
}
LUNA = {
    "input_cost_per_token": 1e-06,
    "output_cost_per_token": 8e-06,
    "cache_read_input_token_cost": 1e-07,
    "cache_creation_input_token_cost": 1.25e-06,
    "litellm_provider": "bedrock_converse",
}
UNITS = {
    "topicPolicyUnits": 0.00015,
    "contentPolicyUnits": 0.00015,
    "wordPolicyUnits": 0.0,
    "sensitiveInformationPolicyUnits": 0.0001,
}
NAME = "anthropic.claude-sonnet-4-5-20250929-v1:0"
MAP = CostMap(
    {
        NAME: CLAUDE,
        "amazon.nova-pro-v1:0": NOVA,
        "openai.gpt-5.6-luna": LUNA,
        "bedrock/guardrails": {"guardrail_cost_per_unit": UNITS},
    }
)


def converse(counters, **fields):
    return {
        "ResponseMetadata": {"RequestId": "0f1b", "HTTPStatusCode": 200, "HTTPHeaders": {}},
        "output": {"message": {"role": "assistant", "content": [{"text": "Hi"}]}},
        "stopReason": "end_turn",
        "usage": counters,
        "metrics": {"latencyMs": 1234},
        **fields,
    }


def tokens(prompt, answer, read=0, written=0, total=None, **more):
    total = prompt + answer + read + written if total is None else total
    return {
        "inputTokens": prompt,
        "outputTokens": answer,
        "totalTokens": total,
        "cacheReadInputTokens": read,
        "cacheWriteInputTokens": written,
        **more,
    }


def streamed(counters, **metadata):
    return [
        {"messageStart": {"role": "assistant"}},
        {"contentBlockDelta": {"delta": {"text": "Hi"}, "contentBlockIndex": 0}},
        {"contentBlockStop": {"contentBlockIndex": 0}},
        {"messageStop": {"stopReason": "end_turn"}},
        {"metadata": {"usage": counters, "metrics": {"latencyMs": 1234}, **metadata}},
    ]


def lines(cost):
    return [(line.meter, line.quantity, line.amount) for line in cost.line_items]


SPLIT = [{"ttl": "1h", "inputTokens": 4000}, {"ttl": "5m", "inputTokens": 2000}]


@pytest.mark.parametrize("wrap", [converse, streamed])
def test_the_cache_is_beside_the_input(wrap):
    """Reads, and writes split by time to live, are on top of the input; the stream says the same."""
    cost = MAP.calculate(wrap(tokens(120, 300, 8000, 6000, cacheDetails=SPLIT)), model=NAME)
    assert lines(cost) == [
        ("input", 120, Decimal("0.00036")),
        ("cache_read", 8000, Decimal("0.0024")),
        ("cache_write", 2000, Decimal("0.0075")),
        ("cache_write_1h", 4000, Decimal("0.024")),
        ("output", 300, Decimal("0.0045")),
    ]
    assert (cost.usage.context, cost.usage.elapsed, cost.usage.provider) == (14_120, 1.234, "bedrock")
    assert cost.notes == ()


def test_writes_without_a_split():
    """The five-minute rate is used, and said."""
    usage = read_usage(converse(tokens(2, 100, 13_923, 7262)))
    assert usage.quantities == {"input": 2, "cache_read": 13_923, "cache_write": 7262, "output": 100}
    assert usage.notes == ("ttl unknown, 5m rate used",)


@pytest.mark.parametrize(
    ("counters", "message"),
    [
        (tokens(1, 1, written=10, cacheDetails=[{"ttl": "1h", "inputTokens": 3}]), "is not cacheWriteInputTokens=10"),
        (tokens(1, 1, written=10, cacheDetails=[{"ttl": "2h", "inputTokens": 10}]), "unknown ttl '2h'"),
        (tokens(-1, 1, total=0), "inputTokens=-1"),
    ],
)
def test_contradictions(counters, message):
    """What does not add up is an error."""
    with pytest.raises(InconsistentUsageError, match=message):
        read_usage(converse(counters))


@pytest.mark.parametrize("counters", [None, {"inputTokens": 5, "totalTokens": 5}])
def test_missing_counters(counters):
    """A response without its wholes is an error, also as a bare count of tokens."""
    with pytest.raises(MissingUsageError):
        read_usage(converse(counters))
    with pytest.raises(MissingUsageError, match="outputTokens"):
        read_usage({"inputTokens": 5})


def test_bare_counters():
    """Counters without a response count the same way."""
    assert read_usage(tokens(2, 3, read=5)) == read_usage(tokens(2, 3, read=5), dialect="converse")
    assert read_usage(tokens(2, 3, read=5)).quantities == {"input": 2, "cache_read": 5, "output": 3}


@pytest.mark.parametrize("wrap", [converse, streamed])
def test_a_total_that_proves_the_cache_inside(wrap):
    """100 + 10 = 110 although 80 are cached: they are among the 100."""
    usage = read_usage(wrap(tokens(100, 10, read=80, total=110)))
    assert usage.quantities == {"input": 20, "cache_read": 80, "output": 10}
    assert usage.context == 100
    assert usage.notes == ("totalTokens proves that cached tokens are counted inside inputTokens",)


def test_a_total_without_a_cache_proves_nothing():
    """100 + 10 = 110, and nothing was cached: there is nothing to say."""
    usage = read_usage(converse(tokens(100, 10, total=110)))
    assert (usage.quantities, usage.notes) == ({"input": 100, "output": 10}, ())


def test_a_total_proves_nothing_if_the_cache_does_not_fit_inside():
    """More cached than there is input stands beside it, whatever the total leaves out."""
    usage = read_usage(converse(tokens(100, 10, read=101, total=110)))
    assert usage.quantities == {"input": 100, "cache_read": 101, "output": 10}
    assert usage.notes == ()


def test_a_total_that_is_no_sum_is_a_note():
    """A total that fits nothing changes nothing and is said; one above the parts says that something is missing."""
    usage = read_usage(converse(tokens(100, 10, total=500)))
    assert usage.notes == ("totalTokens=500 is not the sum of its parts, 110: 390 tokens are stated nowhere else",)
    assert usage.quantities == {"input": 100, "output": 10}
    below = read_usage(converse(tokens(100, 10, total=105)))
    assert [(note.code, str(note)) for note in below.notes] == [
        ("total_differs", "totalTokens=105 is not the sum of its parts, 110")
    ]


GROSS = tokens(12_401, 100, 8367, 4032)


@pytest.mark.parametrize(
    "model",
    [
        "openai.gpt-5.6-luna",
        "bedrock/openai.gpt-5.6-luna",
        "us.openai.gpt-5.6-luna",
        "bedrock/converse/openai.gpt-5.6-luna",
    ],
)
def test_streams_of_the_openai_family_count_the_cache_twice(model):
    """12,401 = 2 + 8,367 + 4,032, and the total adds the cache once more, so that only the name tells."""
    cost = MAP.calculate(streamed(GROSS), model=model)
    assert lines(cost) == [
        ("input", 2, Decimal("0.000002")),
        ("cache_read", 8367, Decimal("0.0008367")),
        ("cache_write", 4032, Decimal("0.00504")),
        ("output", 100, Decimal("0.0008")),
    ]
    assert cost.usage.context == 12_401
    assert any("taken out" in note for note in cost.notes)


@pytest.mark.parametrize(
    ("response", "model"),
    [
        (converse(GROSS), "openai.gpt-5.6-luna"),  # whole responses follow the documentation
        (streamed(GROSS), NAME),  # so do other families
        (streamed(tokens(12_398, 100, 8367, 4032)), "openai.gpt-5.6-luna"),  # the cache does not fit inside
    ],
)
def test_what_is_counted_as_documented(response, model):
    """Only streams of that family are corrected, and only where the cache fits inside the input."""
    cost = MAP.calculate(response, model=model)
    assert cost.line_items[0].quantity in {12_401, 12_398}
    assert not any("taken out" in note for note in cost.notes)


def test_the_family_is_known_behind_an_own_name():
    """A base model tells the family of a name that does not."""
    cost = MAP.calculate(streamed(GROSS), model="my-luna", base_model="openai.gpt-5.6-luna")
    assert cost.line_items[0].quantity == 2


@pytest.mark.parametrize("wrap", [converse, streamed])
@pytest.mark.parametrize(
    ("tier", "billed", "amount"),
    [("priority", "priority", "0.0014"), ("default", "standard", "0.0008"), ("reserved", "standard", "0")],
)
def test_service_tiers(wrap, tier, billed, amount):
    """The tier is the one that was served; reserved capacity adds nothing and says so."""
    cost = MAP.calculate(wrap(tokens(1000, 0), serviceTier={"type": tier}), model="amazon.nova-pro-v1:0")
    assert lines(cost) == [("input", 1000, Decimal(amount))]
    assert (cost.billed_tier, cost.served_tier) == (billed, tier)
    assert (cost.waived is not None) == (tier == "reserved")


def test_an_optimised_latency_is_a_speed():
    """It is sold at a price of its own; the standard one is no speed."""
    assert read_usage(converse(tokens(1, 1), performanceConfig={"latency": "optimized"})).speed == "optimized"
    assert read_usage(converse(tokens(1, 1), performanceConfig={"latency": "standard"})).speed is None


ROUTER = "arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/nova"
INVOKED = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0"


@pytest.mark.parametrize("wrap", [converse, streamed])
@pytest.mark.parametrize("asked", [ROUTER, ROUTER.replace("default-prompt", "prompt"), NAME, None])
def test_the_router_says_which_model_it_chose(wrap, asked):
    """What was invoked is billed, whatever was called."""
    cost = MAP.calculate(wrap(tokens(500, 50), trace={"promptRouter": {"invokedModelId": INVOKED}}), model=asked)
    assert (cost.total, cost.matched_as, cost.model) == (Decimal("0.00056"), "amazon.nova-pro-v1:0", asked or INVOKED)
    assert f"the prompt router chose {INVOKED}" in cost.notes


def assessment(**units):
    return {"invocationMetrics": {"guardrailProcessingLatency": 10, "usage": units, "guardrailCoverage": {}}}


@pytest.mark.parametrize("wrap", [converse, streamed])
def test_guardrails_are_lines_of_their_own(wrap):
    """Units of input and output add up by kind, each at the price of its kind; a kind with a price of 0 has a line."""
    trace = {
        "guardrail": {
            "inputAssessment": {"g1": assessment(topicPolicyUnits=1, wordPolicyUnits=1, automatedReasoningPolicies=9)},
            "outputAssessments": {"g1": [assessment(topicPolicyUnits=2), assessment(contentPolicyUnits=3)]},
        }
    }
    cost = MAP.calculate(wrap(tokens(100, 50), trace=trace), model="amazon.nova-pro-v1:0")
    assert [(line.model, line.conditions, line.quantity, line.amount) for line in cost.line_items[2:]] == [
        ("bedrock/guardrails", "contentPolicyUnits", 3, Decimal("0.00045")),
        ("bedrock/guardrails", "topicPolicyUnits", 3, Decimal("0.00045")),
        ("bedrock/guardrails", "wordPolicyUnits", 1, Decimal(0)),
    ]
    assert cost.total == Decimal("0.00114")


def applied(**units):
    return {
        "ResponseMetadata": {},
        "usage": units,
        "action": "NONE",
        "outputs": [],
        "assessments": [assessment(**units)],
    }


def test_a_guardrail_on_its_own():
    """It has no tokens and needs no model; its assessments repeat the units."""
    cost = MAP.calculate(applied(topicPolicyUnits=2, contentPolicyUnits=0, sensitiveInformationPolicyUnits=4))
    assert [(line.conditions, line.quantity, line.amount) for line in cost.line_items] == [
        ("sensitiveInformationPolicyUnits", 4, Decimal("0.0004")),
        ("topicPolicyUnits", 2, Decimal("0.0003")),
    ]
    assert cost.matched_as == "bedrock/guardrails"


def test_a_kind_without_a_price_is_unpriced():
    """A kind that the map does not know is marked and never 0."""
    cost = MAP.calculate(applied(topicPolicyUnits=1, newPolicyUnits=1))
    assert cost.unpriced == ("guardrail_units",)
    assert cost.total == Decimal("0.00015")


@pytest.mark.parametrize("wrap", [converse, streamed])
def test_units_beside_tokens_are_both_billed(wrap):
    """100 x 8e-7 + 50 x 3.2e-6 and 2 x 0.00015: neither is lost; a unit that nobody knows is marked."""
    counters = {**tokens(100, 50), "topicPolicyUnits": 2}
    cost = MAP.calculate(wrap(counters), model="amazon.nova-pro-v1:0")
    assert (cost.total, cost.complete) == (Decimal("0.00054"), True)
    cost = MAP.calculate(wrap({**tokens(100, 50), "newUnits": 3}), model="amazon.nova-pro-v1:0")
    assert (cost.total, cost.unpriced) == (Decimal("0.00024"), ("guardrail_units",))
    with pytest.raises(InconsistentUsageError, match="newUnits"):
        read_usage(wrap({**tokens(100, 50), "newUnits": {"a": 3}}))


def blocked(shape, trace):
    """Return what Bedrock answers in the place of a model, whole or streamed."""
    none = tokens(0, 0)
    if shape is converse:
        said = {"message": {"role": "assistant", "content": [{"text": "Blocked by guardrail."}]}}
        return converse(none, output=said, stopReason="guardrail_intervened", trace=trace)
    start, text, stop, _, metadata = streamed(none, trace=trace)
    return [start, text, stop, {"messageStop": {"stopReason": "guardrail_intervened"}}, metadata]


@pytest.mark.parametrize("shape", [converse, streamed])
def test_a_prompt_that_a_guardrail_blocked(shape):
    """No model ran: 2 x 0.00015 for its units, and where no trace states them, nothing, with the reason."""
    trace = {"guardrail": {"inputAssessment": {"g1": assessment(topicPolicyUnits=2)}}}
    cost = MAP.calculate(blocked(shape, trace), model="amazon.nova-pro-v1:0")
    assert lines(cost) == [("guardrail_units", 2, Decimal("0.0003"))]
    assert cost.complete
    cost = MAP.calculate(blocked(shape, {}), model="amazon.nova-pro-v1:0")
    assert (lines(cost), cost.total) == ([("free", 1, Decimal(0))], Decimal(0))
    assert "a guardrail blocked the prompt" in cost.explain()
    with pytest.raises(MissingUsageError):
        read_usage({**blocked(converse, {}), "stopReason": "end_turn"})
    with pytest.raises(MissingUsageError):
        read_usage(streamed(tokens(0, 0)))
    (note,) = read_usage(streamed(tokens(10, 0))).notes
    assert note.code == "not_counted"


@pytest.mark.parametrize("shape", [converse, streamed])
@pytest.mark.parametrize("of_answer", [{"modelOutput": ["Hi"]}, {"outputAssessments": {"g1": [assessment()]}}])
def test_an_answer_that_a_guardrail_blocked_has_counters(shape, of_answer):
    """A model ran, so that counters of 0 are missing ones."""
    with pytest.raises(MissingUsageError):
        read_usage(blocked(shape, {"guardrail": of_answer}))


def test_the_end_of_a_message_after_its_counters():
    """Proxies may send it last; the start of a message is another call."""
    start, *rest, stop, metadata = streamed(tokens(100, 50))
    assert read_usage([start, *rest, metadata, stop]).quantities == {"input": 100, "output": 50}
    with pytest.raises(InconsistentUsageError, match="2 calls"):
        read_usage([start, *rest, metadata, stop, start, *rest, metadata])


def test_guardrails_without_a_row_are_unpriced():
    """The call is priced; the guardrail's units are marked."""
    prices = CostMap({"amazon.nova-pro-v1:0": NOVA})
    trace = {"guardrail": {"inputAssessment": {"g1": assessment(topicPolicyUnits=1)}}}
    cost = prices.calculate(converse(tokens(100, 50), trace=trace), model="amazon.nova-pro-v1:0")
    assert (cost.total, cost.unpriced) == (Decimal("0.00024"), ("guardrail_units",))


def test_a_stream_that_an_exception_ended():
    """There is no usage then, and the error names the exception."""
    events = [{"messageStart": {"role": "assistant"}}, {"modelStreamErrorException": {"message": "boom"}}]
    with pytest.raises(MissingUsageError, match="modelStreamErrorException"):
        read_usage(events)
    with pytest.raises(MissingUsageError, match="modelStreamErrorException"):
        read_usage(events[1:])
    with pytest.raises(MissingUsageError, match="without a metadata event"):
        read_usage(streamed(tokens(1, 1))[:-1])


def test_the_answer_around_a_stream():
    """Collected events are read; a stream that nobody has read is left alone, and the error says what to do."""
    answer = {"ResponseMetadata": {}, "stream": streamed(tokens(1, 2))}
    assert read_usage(answer).quantities == {"input": 1, "output": 2}
    unread = iter(streamed(tokens(1, 2)))
    with pytest.raises(MissingUsageError, match=r"list\(response\['stream'\]\)"):
        read_usage({"ResponseMetadata": {}, "stream": unread})
    assert len(list(unread)) == 5


@pytest.mark.parametrize(
    "other",
    [
        {"text": "Hi", "finishReason": "stop", "usage": {"inputTokens": 5, "outputTokens": 1, "cachedInputTokens": 3}},
        {"output": [], "usage": {"input_tokens": 1, "output_tokens": 1}},
        {"stream": True, "model": "m"},
        {"output": "text", "metrics": {"predict_time": 3}},
    ],
)
def test_what_is_not_converse(other):
    """Frameworks with counters of the same names, Responses and Replicate are not taken."""
    assert not bedrock.READER.recognises(other)


def test_a_trace_that_has_no_end():
    """A date holds dates, for ever: what only its class has is not looked through."""
    usage = {"topicPolicyUnits": 2, "contentPolicyUnits": 0}
    guarded = {"g": {"invocationMetrics": {"usage": usage}}, "when": datetime.date(2026, 1, 1)}
    trace = {"guardrail": {"inputAssessment": guarded}, "when": datetime.date(2026, 1, 1)}
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        found = read_usage({**converse(tokens(100, 10)), "trace": trace})
    finally:
        sys.setprofile(None)
    assert [part.quantities for part in found.parts] == [{"guardrail_units": 2}]
    assert calls < 2000


def test_an_optimised_latency_costs_a_quarter_more():
    """AWS: Claude 3.5 Haiku is 1.00 and 5.00 a million there, and 0.80 and 4.00 else; a price of one's own is used."""
    rates = {"input_cost_per_token": 8e-7, "output_cost_per_token": 4e-6, "litellm_provider": "bedrock"}
    prices = CostMap({"bedrock/haiku-toy": rates, "elsewhere/toy": {**rates, "litellm_provider": "elsewhere"}})
    served = converse(tokens(1000, 100), performanceConfig={"latency": "optimized"})
    cost = prices.calculate(served, model="bedrock/haiku-toy")
    assert (cost.total, cost.complete) == (Decimal("0.0015"), True)
    prices.register({"bedrock/haiku-toy": {"provider_specific_entry": {"optimized": 1.5}}})
    assert prices.calculate(served, model="bedrock/haiku-toy").total == Decimal("0.0018")


def test_a_missing_total_proves_nothing():
    """40 cached tokens, twice the 20 of the answer, stand beside the 100 of the input as ever."""
    counters = {"inputTokens": 100, "outputTokens": 20, "cacheReadInputTokens": 40}
    usage = read_usage(converse(counters))
    assert (usage.quantities, usage.notes) == ({"input": 100, "cache_read": 40, "output": 20}, ())


@pytest.mark.parametrize("policies", [{}, {"automatedReasoningPolicies": 2}])
def test_the_number_of_policies_is_no_unit(policies):
    """Three units of text are counted, by however many policies: 3, and nothing that is not understood."""
    units = {"automatedReasoningPolicyUnits": 3, **policies}
    trace = {"guardrail": {"inputAssessment": {"g1": assessment(**units)}}}
    for response in (converse(tokens(1, 1), trace=trace), applied(**units)):
        usage = read_usage(response)
        assert [(part.variant, part.quantities) for part in usage.parts] == [
            ("automatedReasoningPolicyUnits", {"guardrail_units": 3})
        ]
        assert not usage.unread
