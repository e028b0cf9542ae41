"""Anthropic Messages: the cache stands beside the input, and the total leaves some iterations out."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap
from llmcost.errors import InconsistentUsageError, MissingUsageError
from llmcost.readers import read_usage
from tests.sdks import Kind

Message = Kind("anthropic.types.Message")
BetaMessage = Kind("anthropic.types.beta.BetaMessage")
MessageTokensCount = Kind("anthropic.types.MessageTokensCount")
RawMessageStreamEvent = Kind("anthropic.types.RawMessageStreamEvent")

SONNET = {
    "input_cost_per_token": 3e-06,
    "output_cost_per_token": 1.5e-05,
    "cache_read_input_token_cost": 3e-07,
    "cache_creation_input_token_cost": 3.75e-06,
    "cache_creation_input_token_cost_above_1hr": 6e-06,
    "search_context_cost_per_query": {"search_context_size_medium": 0.01},
    "litellm_provider": "anthropic",
    "provider_specific_entry": {"us": 1.1, "fast": 6},
}
OPUS = {
    "input_cost_per_token": 5e-06,
    "output_cost_per_token": 2.5e-05,
    "cache_read_input_token_cost": 5e-07,
    "cache_creation_input_token_cost": 6.25e-06,
    "litellm_provider": "anthropic",
}
FABLE = {
    "input_cost_per_token": 1e-05,
    "output_cost_per_token": 5e-05,
    "cache_read_input_token_cost": 1e-06,
    "cache_creation_input_token_cost": 1.25e-05,
    "litellm_provider": "anthropic",
}
MAP = CostMap({"claude-sonnet-4-6": SONNET, "claude-opus-4-8": OPUS, "claude-fable-5": FABLE})


def message(usage, **fields):
    return {
        "id": "msg_01",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-6",
        "content": [{"type": "text", "text": "Hi"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": usage,
        **fields,
    }


def iteration(kind, prompt, answer, read=0, written=0, **fields):
    return {
        "type": kind,
        "input_tokens": prompt,
        "output_tokens": answer,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": written,
        **fields,
    }


def lines(cost):
    return [(line.model, line.meter, line.quantity, line.amount) for line in cost.line_items]


def test_the_cache_stands_beside_the_input():
    """Reads, five-minute writes and one-hour writes are disjoint, and their sum with the input is the context."""
    usage = {
        "input_tokens": 10,
        "output_tokens": 20,
        "cache_read_input_tokens": 300,
        "cache_creation_input_tokens": 1000,
        "cache_creation": {"ephemeral_5m_input_tokens": 600, "ephemeral_1h_input_tokens": 400},
        "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 5},
        "output_tokens_details": {"thinking_tokens": 15},
    }
    cost = MAP.calculate(message(usage))
    assert lines(cost) == [
        ("claude-sonnet-4-6", "input", 10, Decimal("0.00003")),
        ("claude-sonnet-4-6", "cache_read", 300, Decimal("0.00009")),
        ("claude-sonnet-4-6", "cache_write", 600, Decimal("0.00225")),
        ("claude-sonnet-4-6", "cache_write_1h", 400, Decimal("0.0024")),
        # Thinking is inside the output, at its rate: 5 + 15 = 20 tokens.
        ("claude-sonnet-4-6", "output", 5, Decimal("0.000075")),
        ("claude-sonnet-4-6", "reasoning", 15, Decimal("0.000225")),
        ("claude-sonnet-4-6", "web_searches", 2, Decimal("0.02")),
    ]
    assert cost.usage.context == 1310
    assert [note.about for note in cost.notes] == ["reasoning"]


def test_writes_without_a_split_are_noted():
    """Without the split by time to live, the five-minute rate is used and said."""
    usage = read_usage(message({"input_tokens": 1, "output_tokens": 1, "cache_creation_input_tokens": 50}))
    assert usage.quantities == {"input": 1, "cache_write": 50, "output": 1}
    assert usage.notes == ("ttl unknown, 5m rate used",)
    # A split of nothing beside 50 tokens that were written tells as little.
    nothing = {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0}
    counters = {"input_tokens": 1, "output_tokens": 1, "cache_creation_input_tokens": 50, "cache_creation": nothing}
    assert read_usage(message(counters)) == usage
    assert read_usage(message({**counters, "cache_creation_input_tokens": 0})).notes == ()


def test_a_split_that_does_not_add_up():
    """5m + 1h is the whole, or the counters are wrong."""
    usage = {
        "input_tokens": 1,
        "output_tokens": 1,
        "cache_creation_input_tokens": 50,
        "cache_creation": {"ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 20},
    }
    with pytest.raises(InconsistentUsageError, match=r"5m 20 \+ 1h 20 is not cache_creation_input_tokens=50"):
        read_usage(message(usage))


@pytest.mark.parametrize("counter", ["input_tokens", "output_tokens"])
def test_missing_wholes(counter):
    """A counter that every message states is an error where it is missing."""
    usage = {"input_tokens": 1, "output_tokens": 1, counter: None}
    with pytest.raises(MissingUsageError, match=counter):
        read_usage(message(usage))


def test_no_usage():
    """A message without usage is an error and never 0."""
    with pytest.raises(MissingUsageError, match="this message"):
        read_usage(message(None))


@pytest.mark.parametrize("build", [dict, MessageTokensCount])
def test_counting_tokens_is_no_call(build):
    """The free endpoint's answer looks like a usage without an output; it is not priced."""
    with pytest.raises(MissingUsageError, match="input_tokens alone"):
        read_usage(build(input_tokens=2095))


def test_a_refusal_without_content_is_free():
    """Its usage is stated all the same; with content it is billed."""
    usage = {"input_tokens": 106, "output_tokens": 1}
    cost = MAP.calculate(message(usage, stop_reason="refusal", content=[]))
    assert [(line.meter, line.amount) for line in cost.line_items] == [("free", Decimal(0))]
    assert "refusal without content" in cost.explain()
    assert MAP.calculate(message(usage, stop_reason="refusal")).total == Decimal("0.000333")


def test_geography_and_speed():
    """Both multiply the tokens, also those of the cache, and never the fees of tools."""
    usage = {
        "input_tokens": 100,
        "output_tokens": 10,
        "cache_read_input_tokens": 1000,
        "inference_geo": "us",
        "speed": "fast",
        "server_tool_use": {"web_search_requests": 1},
    }
    cost = MAP.calculate(message(usage))
    assert [(line.meter, line.amount) for line in cost.line_items] == [
        ("input", Decimal("0.00198")),
        ("cache_read", Decimal("0.00198")),
        ("output", Decimal("0.00099")),
        ("web_searches", Decimal("0.01")),
    ]
    everywhere = read_usage(
        message({"input_tokens": 1, "output_tokens": 1, "inference_geo": "global", "speed": "standard"})
    )
    assert (everywhere.region, everywhere.speed) == (None, None)


@pytest.mark.parametrize(
    ("identity", "provider"), [("msg_bdrk_1", "bedrock"), ("msg_vrtx_1", "vertex_ai"), ("msg_1", None)]
)
def test_the_cloud_by_its_id(identity, provider):
    """The id tells on which cloud a message was made."""
    assert read_usage(message({"input_tokens": 1, "output_tokens": 1}, id=identity)).provider == provider


def test_compaction_is_outside_the_total():
    """A compaction is added on the call's own card, also on the price that the caller sets."""
    usage = {
        "input_tokens": 23_000,
        "output_tokens": 1000,
        "iterations": [iteration("compaction", 180_000, 3500), iteration("message", 23_000, 1000)],
    }
    cost = MAP.calculate(message(usage))
    assert lines(cost) == [
        ("claude-sonnet-4-6", "input", 23_000, Decimal("0.069")),
        ("claude-sonnet-4-6", "output", 1000, Decimal("0.015")),
        ("claude-sonnet-4-6", "input", 180_000, Decimal("0.54")),
        ("claude-sonnet-4-6", "output", 3500, Decimal("0.0525")),
    ]
    assert MAP.calculate(message(usage), input_cost_per_token=1e-06, output_cost_per_token=0).total == Decimal("0.203")


def test_an_advisor_is_billed_on_its_own_model():
    """The advisor's tokens are outside the total, at the advisor's rates."""
    usage = {
        "input_tokens": 2,
        "output_tokens": 491,
        "iterations": [
            iteration("message", 1, 45),
            iteration("advisor_message", 1000, 100, model="claude-opus-4-8"),
            iteration("message", 1, 446),
        ],
    }
    cost = MAP.calculate(message(usage))
    assert lines(cost)[2:] == [
        ("claude-opus-4-8", "input", 1000, Decimal("0.005")),
        ("claude-opus-4-8", "output", 100, Decimal("0.0025")),
    ]


def test_an_advisor_in_a_batch_is_at_batch_rates():
    """The batch is of the call with all its parts: the vendor's half applies to both models."""
    usage = {
        "input_tokens": 100,
        "output_tokens": 10,
        "service_tier": "batch",
        "iterations": [iteration("message", 100, 10), iteration("advisor_message", 1000, 100, model="claude-opus-4-8")],
    }
    assert MAP.calculate(message(usage)).total == Decimal("0.000225") + Decimal("0.00375")


def test_an_advisor_is_served_in_the_tier_of_the_message():
    """1,000 x 0.000007 + 100 x 0.000035 at the advisor's own priority rates; standard would be 0.0075.

    The message states one tier for all of its iterations.
    https://platform.claude.com/docs/en/api/service-tiers
    """
    prices = CostMap(
        {
            "claude-sonnet-4-6": SONNET,
            "claude-opus-4-8": {
                "input_cost_per_token": 5e-06,
                "input_cost_per_token_priority": 7e-06,
                "output_cost_per_token": 2.5e-05,
                "output_cost_per_token_priority": 3.5e-05,
            },
        }
    )
    usage = {
        "input_tokens": 100,
        "output_tokens": 10,
        "service_tier": "priority",
        "iterations": [iteration("message", 100, 10), iteration("advisor_message", 1000, 100, model="claude-opus-4-8")],
    }
    assert lines(prices.calculate(message(usage)))[2:] == [
        ("claude-opus-4-8", "input", 1000, Decimal("0.007")),
        ("claude-opus-4-8", "output", 100, Decimal("0.0035")),
    ]


def test_turns_of_a_tool_loop_are_prompts_of_their_own():
    """The sum of two prompts of 110k is not a prompt above 200k; one of 201k is."""
    rates = {**SONNET, "input_cost_per_token_above_200k_tokens": 6e-06}
    prices = CostMap({"claude-sonnet-4-6": rates})
    two = {
        "input_tokens": 220_000,
        "output_tokens": 2,
        "iterations": [iteration("message", 110_000, 1), iteration("message", 110_000, 1)],
    }
    cost = prices.calculate(message(two))
    assert cost.line_items[0].amount == Decimal("0.66")
    assert cost.usage.context == 110_000
    assert "2 iterations: the largest prompt is 110,000 tokens" in cost.notes
    one = {"input_tokens": 201_000, "output_tokens": 1, "iterations": [iteration("message", 201_000, 1)]}
    cost = prices.calculate(message(one))
    assert cost.line_items[0].amount == Decimal("1.206")
    assert cost.notes == ("no output rate for above 200,000 tokens: base rate used",)


def fallback(declined_output, top=300, *more):
    rows = [
        iteration("message", 412, declined_output, model="claude-fable-5"),
        *more,
        iteration("fallback_message", 412, 300, model="claude-opus-4-8"),
    ]
    return message({"input_tokens": 412, "output_tokens": top, "iterations": rows}, model="claude-opus-4-8")


def test_a_declined_attempt_with_output_is_billed_at_its_own_model():
    """Without output it is free."""
    opus = [
        ("claude-opus-4-8", "input", 412, Decimal("0.00206")),
        ("claude-opus-4-8", "output", 300, Decimal("0.0075")),
    ]
    assert lines(MAP.calculate(fallback(0))) == opus
    assert lines(MAP.calculate(fallback(10))) == [
        *opus,
        ("claude-fable-5", "input", 412, Decimal("0.00412")),
        ("claude-fable-5", "output", 10, Decimal("0.0005")),
    ]


@pytest.mark.parametrize("declined_output", [0, 10])
@pytest.mark.parametrize("asked", ["claude-fable-5", "anthropic/claude-fable-5"])
def test_the_fallback_is_priced_whichever_model_was_called(asked, declined_output):
    """The caller named the model that declined; the one that answered is billed."""
    cost = MAP.calculate(fallback(declined_output), model=asked)
    assert cost.total == MAP.calculate(fallback(declined_output)).total
    assert (cost.model, cost.matched_as) == (asked, "claude-opus-4-8")
    assert "a fallback answered: claude-opus-4-8 is priced" in cost.notes


def test_earlier_turns_of_the_model_that_answered():
    """They are inside a total that is more than the last turn, and beside one that is not."""
    earlier = iteration("message", 100, 50, model="claude-opus-4-8")
    inside = read_usage(fallback(0, 350, earlier))
    assert inside.parts == ()
    beside = read_usage(fallback(0, 300, earlier))
    assert [part.quantities for part in beside.parts] == [{"input": 100, "output": 50}]
    assert beside.parts[0].model is None


def test_a_redeemed_fallback_credit_makes_it_an_upper_bound():
    """How much is taken off is not stated; one that was not applied changes nothing."""
    counters = {"input_tokens": 10, "output_tokens": 10}
    redeemed = read_usage(message({**counters, "fallback_credit": {"type": "redeemed"}}))
    assert "an upper bound" in redeemed.notes[0]
    other = {**counters, "fallback_credit": {"type": "not_applied", "reason": "expired"}}
    assert read_usage(message(other)).notes == ()


def test_guardrails_in_a_body_of_bedrock():
    """The native body carries the trace of guardrails, and their units are parts."""
    trace = {"guardrail": {"input": {"g1": {"invocationMetrics": {"usage": {"topicPolicyUnits": 2}}}}}}
    usage = read_usage(message({"input_tokens": 1, "output_tokens": 1}, **{"amazon-bedrock-trace": trace}))
    assert [(part.model, part.variant, part.quantities) for part in usage.parts] == [
        ("bedrock/guardrails", "topicPolicyUnits", {"guardrail_units": 2})
    ]


def test_an_iteration_of_an_unknown_kind():
    """Whether the total holds its 1000 and 100 tokens is not told: they are named, and the cost is a lower bound."""
    rows = [iteration("message", 100, 10), iteration("planner_message", 1000, 100, model="claude-opus-4-8")]
    usage = read_usage(message({"input_tokens": 100, "output_tokens": 10, "iterations": rows}))
    assert usage.quantities == {"input": 100, "output": 10}
    assert usage.unread == {"iterations.planner_message": 1100}
    # One that counts nothing may be of any kind.
    rows[1] = iteration("planner_message", 0, 0)
    assert not read_usage(message({"input_tokens": 100, "output_tokens": 10, "iterations": rows})).unread


@pytest.mark.parametrize("kind", [Message, BetaMessage])
def test_sdk_objects(kind):
    """The SDK's object gives what its dict gives, with iterations and a credit where the type has them."""
    usage = {
        "input_tokens": 2,
        "output_tokens": 491,
        "cache_creation_input_tokens": 10,
        "service_tier": "standard",
        "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 6},
        "inference_geo": "us",
        "fallback_credit": {"type": "redeemed"},
        "server_tool_use": {"web_search_requests": 1, "web_fetch_requests": None},
        "iterations": [iteration("message", 2, 491), iteration("advisor_message", 7, 8, model="claude-opus-4-8")],
    }
    raw = message(usage)
    found = read_usage(kind.construct(**raw))
    assert found == read_usage(raw)
    assert found.parts[0].quantities == {"input": 7, "output": 8}


EVENTS = [
    {
        "type": "message_start",
        "message": message(
            {
                "input_tokens": 10,
                "output_tokens": 1,
                "cache_creation_input_tokens": 100,
                "service_tier": "priority",
                "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 100},
            },
            content=[],
            stop_reason=None,
        ),
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "ping"},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
    {"type": "content_block_stop", "index": 0},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn"},
        "usage": {"output_tokens": 42, "input_tokens": None, "cache_read_input_tokens": None},
    },
    {"type": "message_stop"},
]


def test_stream():
    """Deltas are cumulative, nulls erase nothing, and the split stands in the first event only."""
    usage = read_usage(EVENTS)
    assert usage.quantities == {"input": 10, "cache_write_1h": 100, "output": 42}
    assert (usage.partial, usage.service_tier, usage.model) == (False, "priority", "claude-sonnet-4-6")
    objects = [RawMessageStreamEvent.event(event) for event in EVENTS if event["type"] != "ping"]
    assert read_usage(objects) == usage


def test_a_delta_without_a_prompt_erases_none():
    """Gateways fill in 0 for what the first event stated: 10 and 400 tokens."""
    first = {"input_tokens": 10, "cache_read_input_tokens": 400, "cache_creation_input_tokens": 0, "output_tokens": 1}
    zeros = {"input_tokens": 0, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0, "output_tokens": 42}
    last = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": zeros}
    usage = read_usage([{"type": "message_start", "message": message(first)}, last, {"type": "message_stop"}])
    assert usage.quantities == {"input": 10, "cache_read": 400, "output": 42}


def test_a_delta_of_zeros_after_the_last_erases_nothing():
    """A gateway repeats the last delta without counters, and fills in 0: the output stays 42."""
    first = {"input_tokens": 10, "cache_read_input_tokens": 400, "output_tokens": 1}
    last = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 42}}
    empty = {"type": "message_delta", "delta": {}, "usage": {"input_tokens": 0, "output_tokens": 0}}
    usage = read_usage([{"type": "message_start", "message": message(first)}, last, empty])
    assert usage.quantities == {"input": 10, "cache_read": 400, "output": 42}


def test_a_stream_that_was_cut_is_a_lower_bound():
    """Before the last delta the output is a placeholder."""
    usage = read_usage(EVENTS[:4])
    assert (usage.quantities["output"], usage.partial) == (1, True)
    assert MAP.calculate(EVENTS[:4]).lower_bound


def test_a_stream_that_refuses_before_any_content_is_free():
    """A refusal that comes after content is billed."""
    refusal = {"type": "message_delta", "delta": {"stop_reason": "refusal"}, "usage": {"output_tokens": 1}}
    assert read_usage([EVENTS[0], refusal]).free is not None
    assert read_usage([EVENTS[0], EVENTS[1], refusal]).free is None


def test_a_stream_without_counters():
    """Events without a usage are an error."""
    with pytest.raises(MissingUsageError, match="stream of events"):
        read_usage([{"type": "ping"}, {"type": "content_block_stop", "index": 0}])


@pytest.mark.parametrize(
    ("short", "hour"),
    [
        ("cache_creation_5m_input_tokens", "cache_creation_1h_input_tokens"),
        ("claude_cache_creation_5_m_tokens", "claude_cache_creation_1_h_tokens"),
    ],
)
def test_a_split_as_gateways_state_it(short, hour):
    """600 of 1000 tokens are for an hour; zeros of a gateway beside a count say nothing of its time."""
    counters = {"input_tokens": 10, "output_tokens": 5, "cache_creation_input_tokens": 1000}
    usage = read_usage({"type": "message", "model": "claude-x", "usage": {**counters, short: 400, hour: 600}})
    expected = {"input": 10, "cache_write": 400, "cache_write_1h": 600, "output": 5}
    assert (usage.quantities, usage.notes, usage.unread) == (expected, (), {})
    usage = read_usage({"type": "message", "model": "claude-x", "usage": {**counters, short: 0, hour: 0}})
    assert usage.quantities["cache_write"] == 1000
    assert [note.code for note in usage.notes] == ["ttl_assumed"]


def test_a_stored_split_by_time_to_live():
    """Rows of a table keep it beside the count: 400 of 1000 for an hour leave 600; more than all is an error."""
    counters = {"input_tokens": 10, "output_tokens": 5, "cache_creation_input_tokens": 1000}
    row = {**counters, "cache_creation_input_tokens_1h": 400}
    expected = {"input": 10, "cache_write": 600, "cache_write_1h": 400, "output": 5}
    assert read_usage(row).quantities == expected
    usage = read_usage({"type": "message", "model": "claude-x", "usage": row})
    assert (usage.quantities, usage.notes) == (expected, ())
    assert read_usage({**row, "cache_creation_input_tokens_5m": 600}).quantities == expected
    for wrong in ({"cache_creation_input_tokens_5m": 500}, {"cache_creation_input_tokens_1h": 1001}):
        with pytest.raises(InconsistentUsageError):
            read_usage({**row, **wrong})


@pytest.mark.parametrize(
    ("short", "hour", "written"),
    [(400, 100, {"cache_write": 640, "cache_write_1h": 100}), (0, 500, {"cache_write_1h": 740})],
)
def test_what_a_tool_writes_while_it_streams(short, hour, written):
    """The last event raises the count from 500 to 740, and the split stays: the rest is as short-lived as any."""
    split = {"ephemeral_5m_input_tokens": short, "ephemeral_1h_input_tokens": hour}
    started = {
        "input_tokens": 4,
        "cache_creation_input_tokens": 500,
        "cache_read_input_tokens": 0,
        "cache_creation": split,
        "output_tokens": 1,
    }
    ended = {
        "input_tokens": 9,
        "cache_creation_input_tokens": 740,
        "cache_read_input_tokens": 1200,
        "output_tokens": 77,
    }
    events = [
        {"type": "message_start", "message": message(started)},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": ended},
        {"type": "message_stop"},
    ]
    usage = read_usage(events)
    assert usage.quantities == {"input": 9, "cache_read": 1200, **written, "output": 77}
    assert [note.code for note in usage.notes] == ["ttl_assumed"]
    events[1]["usage"] = {**ended, "cache_creation_input_tokens": 499}
    with pytest.raises(InconsistentUsageError, match="is not cache_creation_input_tokens=499"):
        read_usage(events)


def test_a_stream_in_which_a_fallback_answers():
    """It begins with the model that was called; the one that answered is billed: 412 x 5e-6 + 264 x 2.5e-5."""
    rows = [
        iteration("message", 408, 0, model="claude-fable-5"),
        iteration("fallback_message", 412, 264, model="claude-opus-4-8"),
    ]
    begun = message({"input_tokens": 408, "output_tokens": 1}, model="claude-fable-5")
    end = {"input_tokens": 412, "output_tokens": 264, "iterations": rows}
    events = [
        {"type": "message_start", "message": begun},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": end},
        {"type": "message_stop"},
    ]
    cost = MAP.calculate(events)
    assert (cost.matched_as, cost.total) == ("claude-opus-4-8", Decimal("0.00866"))
    whole = message({**end}, model="claude-opus-4-8")
    assert MAP.calculate(whole).total == cost.total


@pytest.mark.parametrize(("cached", "fresh"), [(99, 1), (100, 0)])
def test_a_total_that_proves_the_cache_inside(cached, fresh):
    """110 = 100 in + 10 out: the cached tokens are a part of the 100, or all of them."""
    counters = {"input_tokens": 100, "cache_read_input_tokens": cached, "output_tokens": 10, "total_tokens": 110}
    usage = read_usage({"type": "message", "role": "assistant", "model": "m", "usage": counters})
    assert usage.quantities == {**({"input": fresh} if fresh else {}), "cache_read": cached, "output": 10}
    assert [note.code for note in usage.notes] == ["counted_inside"]


def test_a_prompt_that_a_cache_held_whole():
    """The total of 110 proves that all 100 tokens of the input are the 100 cached ones."""
    usage = {"input_tokens": 100, "cache_read_input_tokens": 100, "output_tokens": 10, "total_tokens": 110}
    read = read_usage({"type": "message", "role": "assistant", "content": [], "model": "m", "usage": usage})
    assert read.quantities == {"cache_read": 100, "output": 10}


# A router's answer, which it served with a key of the caller's.
OF_A_ROUTER = {
    "id": "gen-1",
    "type": "message",
    "model": "m/n",
    "content": [],
    "usage": {
        "input_tokens": 100,
        "output_tokens": 10,
        "cost": 0.0005,
        "is_byok": True,
        "cost_details": {"upstream_inference_cost": 0.00035},
    },
}
WITH_METRICS = [
    {
        "type": "message_start",
        "message": {"type": "message", "role": "assistant", "model": "m", "usage": {"input_tokens": 10}},
    },
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 20}},
    {
        "type": "message_stop",
        "amazon-bedrock-invocationMetrics": {
            "inputTokenCount": 10,
            "outputTokenCount": 20,
            "invocationLatency": 500,
            "firstByteLatency": 100,
            "cacheReadInputTokenCount": 5000,
            "cacheWriteInputTokenCount": 300,
        },
    },
]
_IN_PARTS = [
    {"type": "message_start", "message": {"type": "message", "role": "assistant", "model": "m", "usage": {}}},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 20}},
]


@pytest.mark.parametrize("stated", [{}, {"cache_read_input_tokens": 0}])
def test_the_cache_that_only_the_metrics_of_bedrock_state(stated):
    """The last event of InvokeModel's stream counts 5000 tokens read and 300 written; the message says nothing of them.

    What the message states itself is counted once; a number that nobody knows is named.
    """
    start = {**_IN_PARTS[0], "message": {**_IN_PARTS[0]["message"], "usage": {"input_tokens": 10, **stated}}}
    metrics = {"inputTokenCount": 10, "outputTokenCount": 20, "invocationLatency": 1, "firstByteLatency": 1}
    cached = {"cacheReadInputTokenCount": 5000, "cacheWriteInputTokenCount": 300}
    end = {"type": "message_stop", "amazon-bedrock-invocationMetrics": {**metrics, **cached}}
    expected = {"input": 10, "cache_read": 5000, "cache_write": 300, "output": 20}
    assert read_usage([start, _IN_PARTS[1], end]).quantities == expected
    both = {"input_tokens": 10, "cache_read_input_tokens": 5000, "cache_creation_input_tokens": 300}
    start["message"]["usage"] = both
    assert read_usage([start, _IN_PARTS[1], end]).quantities == expected
    strange = {"type": "message_stop", "amazon-bedrock-invocationMetrics": {**metrics, "zzzTokenCount": 7}}
    assert list(read_usage([start, _IN_PARTS[1], strange]).unread.values()) == [7]


def test_a_charge_that_a_router_states():
    """OpenRouter answers in this form, too, and charges what it states; 5 % of 0.00035 is its fee with an own key."""
    counters = {"input_tokens": 100, "output_tokens": 10, "cost": 0.0005, "is_byok": False}
    message = {"id": "gen-1", "type": "message", "model": "m/n", "content": [], "usage": counters}
    usage = read_usage(message)
    assert (usage.reported, usage.provider, usage.unread) == (Decimal("0.0005"), "openrouter", {})
    own_key = {"cost": 0.0000175, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.00035}}
    assert read_usage({**message, "usage": {**counters, **own_key}}).reported == Decimal("0.0003675")
    start = {**_IN_PARTS[0], "message": {**message, "usage": {"input_tokens": 0, "output_tokens": 0}}}
    streamed = read_usage([start, {**_IN_PARTS[1], "usage": counters}])
    assert (streamed.reported, streamed.quantities) == (Decimal("0.0005"), {"input": 100, "output": 10})
    # What LiteLLM calculates is booked, and is no charge.
    of_litellm = {**message, "id": "msg_1", "_hidden_params": {"custom_llm_provider": "anthropic"}}
    assert (read_usage(of_litellm).booked, streamed.booked) == (True, False)


SEARCHED = [
    {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
    {"type": "web_search_tool_result", "tool_use_id": "s", "content": [{"type": "web_search_result", "url": "u"}]},
]
FAILED = {"type": "web_search_tool_result", "content": {"type": "web_search_tool_result_error"}}
RAN = [
    {"type": "server_tool_use", "id": "c", "name": "bash_code_execution", "input": {}},
    {"type": "bash_code_execution_tool_result", "tool_use_id": "c", "content": {}},
]
COUNTED = {"input_tokens": 10, "cache_read_input_tokens": 0, "cache_creation_input_tokens": 0, "output_tokens": 5}


def streamed(blocks, counters):
    begun = [{"type": "content_block_start", "index": n, "content_block": block} for n, block in enumerate(blocks)]
    start = {"type": "message_start", "message": message({**counters, "output_tokens": 1}, content=[])}
    end = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": counters}
    return [start, *begun, end, {"type": "message_stop"}]


def test_what_only_the_content_tells_of_the_tools_that_ran():
    """A gateway drops the counter of searches; a failed search is free; the time of a container is never stated."""
    zero, two = ({"server_tool_use": {"web_search_requests": number}} for number in (0, 2))
    fetched = {"server_tool_use": {"web_fetch_requests": 1}}
    text = {"type": "text", "text": "Hi"}
    for counters, blocks, searches, codes in (
        ({}, [*SEARCHED, text], 1, []),
        ({}, [*SEARCHED, FAILED, *SEARCHED], 2, []),
        ({"server_tool_use": None}, [*SEARCHED, text], 1, []),
        (zero, [*SEARCHED, text], 0, []),
        (two, [*SEARCHED, text], 2, []),
        ({}, [*RAN, text], 0, ["tool_not_priced"]),
        (zero, [*RAN, text], 0, ["tool_not_priced"]),
        # With the web tools a container is free.
        ({}, [*RAN, *SEARCHED], 1, []),
        (fetched, [*RAN, text], 0, []),
        ({}, [text, {"type": "tool_use", "name": "mine", "input": {}}, "Hi"], 0, []),
    ):
        stated = {**COUNTED, **counters}
        for response in (message(stated, content=blocks), streamed([b for b in blocks if b != "Hi"], stated)):
            usage = read_usage(response)
            assert (usage.quantities.get("web_searches", 0), [note.code for note in usage.notes]) == (searches, codes)
    cost = MAP.calculate(message(COUNTED, content=SEARCHED))
    assert [line.meter for line in cost.line_items] == ["input", "output", "web_searches"]


def test_a_blank_block_of_a_stream_is_no_answer():
    """One that begins blank and ends without a delta: 10 tokens of input, and no doubt about the 0 of the answer."""
    blank = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}}
    stop = {"type": "content_block_stop", "index": 0}
    call = {**blank, "content_block": {"type": "tool_use", "id": "t", "name": "mine", "input": {}}}
    for blocks, codes in (
        ([blank, stop], []),
        ([blank, stop, blank, stop], []),
        ([blank, delta, stop], ["not_counted"]),
        ([blank, stop, blank, delta, stop], ["not_counted"]),
        ([call, stop], ["not_counted"]),
        # A log has left out all but the beginnings.
        ([blank], ["not_counted"]),
        ([blank, blank, stop], ["not_counted"]),
        ([{**blank, "content_block": None}, stop], ["not_counted"]),
    ):
        start, end, stopped = streamed([], {**COUNTED, "output_tokens": 0})
        start["message"]["usage"]["output_tokens"] = 0
        usage = read_usage([start, *blocks, end, stopped])
        assert (usage.quantities, [note.code for note in usage.notes]) == ({"input": 10}, codes)


def test_choices_beside_a_message():
    """A gateway may leave them there: cached tokens stand beside the input, alone and as the only one of a list."""
    counters = {"input_tokens": 1000, "output_tokens": 100, "cache_read_input_tokens": 300}
    message = {"type": "message", "role": "assistant", "content": [], "model": "m", "choices": [], "usage": counters}
    for response in (message, [message]):
        assert read_usage(response).quantities == {"input": 1000, "cache_read": 300, "output": 100}


def test_a_message_that_lost_its_type():
    """Programs keep it so; pieces of other gateways' answers, with the same names of counters, are none of it."""
    counters = {"input_tokens": 2, "cache_creation_input_tokens": 50, "cache_read_input_tokens": 30, "output_tokens": 5}
    searched = {"type": "web_search_tool_result", "content": [{"type": "web_search_result"}]}
    found = {"model": "claude-sonnet-4-6", "content": [{"type": "server_tool_use"}, searched]}
    for more in ({"role": "assistant"}, {"stop_reason": "end_turn"}):
        usage = read_usage({**found, **more, "usage": counters})
        assert usage.quantities == {"input": 2, "cache_read": 30, "cache_write": 50, "output": 5, "web_searches": 1}
        assert (usage.model, usage.dialect) == ("claude-sonnet-4-6", "anthropic")
    other = {"inference_id": "i", "variant_name": "v", "content": [{"type": "text", "text": "x"}]}
    usage = read_usage({**other, "usage": {"input_tokens": 30, "output_tokens": 5, "cached_tokens": 20}})
    assert usage.quantities == {"input": 10, "cache_read": 20, "output": 5}
