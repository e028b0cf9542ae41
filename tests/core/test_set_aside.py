"""Price keys that are not known: which calls could have selected them, and which could not."""

from __future__ import annotations

import pytest

from llmcost import CostMap, Usage
from llmcost.core.call import Call
from llmcost.core.doubts import unpriced_conditions
from llmcost.core.set_aside import CONDITION, METER, NOTHING_KNOWN, REGION, SetAside

ROW = {
    "litellm_provider": "openai",
    "mode": "chat",
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06,
    "input_cost_per_token_flex": 1e-06,
    "output_cost_per_token_flex": 4e-06,
}
USAGE = Usage(input=1000, output=100)


def cost(key, value=1.1, usage=USAGE, **facts):
    """The cost of a call on a row of a public map with one key that no version knows."""
    return CostMap({"m": {**ROW, key: value}}).calculate(model="m", usage=usage, **facts)


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        ("input_cost_per_token_turbo", {"service_tier": "turbo"}),
        ("input_cost_per_token_turbo", {"service_tier": "priority"}),
        ("input_cost_per_token_turbo", {"batch": True}),
        ("input_cost_per_token_turbo", {"region": "eu"}),
        ("turbo_input_cost_per_token", {"region": "eu"}),
        ("input_cost_per_token_hd", {"quality": "hd"}),
        ("turbo_cost_multiplier", {"service_tier": "turbo"}),
        ("uplift_multiplier", {"region": "eu"}),
        ("input_cost_per_token_above_500_tokens", {}),
        ("input_cost_per_token_above_long_prompts", {}),
        ("input_cost_per_token_above", {}),
        # The prompt of 1,000 tokens is beyond each of these sizes, whichever word says so.
        ("input_cost_per_token_over_500_tokens", {}),
        ("input_cost_per_token_gt_500", {}),
        ("input_cost_per_token_from_500_tokens", {}),
        ("input_cost_per_token_long_context", {}),
        ("input_cost_per_token_500_plus", {}),
        ("input_cost_per_token_greater_than_500_tokens", {}),
        # A fee that every call pays.
        ("cost_per_call", {}),
        ("price_per_message", {}),
        ("flat_fee_per_request", {}),
        ("input_cost_per_token_above_500_tokens_turbo", {"service_tier": "turbo"}),
    ],
)
def test_a_call_that_may_have_selected_it_is_a_lower_bound(key, facts):
    """The base rates are billed, 1,000 x 2e-6 + 100 x 8e-6 USD, and the key is named."""
    found = cost(key, **facts)
    assert str(found.total) == "0.0028"
    assert (found.lower_bound, found.complete, found.unpriced) == (True, False, ())
    [note] = found.doubts
    assert key in note
    assert note in found.notes


@pytest.mark.parametrize(
    ("key", "facts"),
    [
        ("input_cost_per_token_turbo", {}),
        ("input_cost_per_token_turbo", {"service_tier": "default"}),
        ("input_cost_per_token_turbo", {"region": "global"}),
        ("input_cost_per_audio_token_turbo", {"region": "eu"}),
        ("turbo_cost_multiplier", {}),
        ("uplift_multiplier", {"service_tier": "turbo"}),
        ("input_cost_per_token_above_1m_tokens", {}),
        ("input_cost_per_token_above_1k_tokens_turbo", {"region": "eu"}),
        ("input_cost_per_token_above_500_tokens_turbo", {}),
        ("output_cost_per_smell", {"region": "eu"}),
        ("input_cost_per_token_over_200k_tokens", {}),
        ("input_cost_per_token_200k_plus", {}),
        # A tool's fee is none of a call that used none.
        ("browser_cost_per_call", {}),
    ],
)
def test_a_call_that_cannot_have_selected_it_is_whole(key, facts):
    """No condition of its kind is stated, its meter is not used, or 1,000 tokens are not above 1,000."""
    found = cost(key, **facts)
    assert str(found.total) == "0.0028"
    assert (found.lower_bound, found.complete, found.doubts) == (False, True, ())


def test_a_condition_that_has_a_price_selects_nothing_else():
    """Flex has its own rates: 1,000 x 1e-6 + 100 x 4e-6. A region with a factor of its own has that."""
    found = cost("input_cost_per_token_turbo", service_tier="flex")
    assert (str(found.total), found.complete) == ("0.0014", True)
    row = {**ROW, "geo_multiplier": {"eu": 2}, "input_cost_per_token_turbo": 1}
    found = CostMap({"m": row}).calculate(model="m", usage=USAGE, region="eu")
    assert (str(found.total), found.complete) == ("0.0056", True)


def test_a_size_that_the_call_does_not_state_may_be_passed():
    """An aggregate has no context; and a size in another unit than tokens is not known."""
    two = USAGE + USAGE
    assert cost("input_cost_per_token_above_1m_tokens", usage=two).doubts
    row = {"mode": "audio_transcription", "input_cost_per_second": 0.01, "input_cost_per_second_above_60_seconds": 0.02}
    found = CostMap({"m": row}).calculate(model="m", duration=10)
    assert (str(found.total), len(found.doubts)) == ("0.1", 1)


def test_an_unknown_block_may_be_selected_by_any_condition():
    """Nobody can tell what is in it."""
    block = {"eu": {"input_cost_per_token": 1}}
    assert not cost("regions_pricing", block).doubts
    assert cost("regions_pricing", block, region="eu").doubts


def test_what_is_unpriced_names_what_may_be_its_price():
    """A row without a price of the answer, and with a key that may be one."""
    row = {"mode": "chat", "input_cost_per_token": 2e-06, "answer_cost_per_word": 1e-06}
    found = CostMap({"m": row}).calculate(model="m", usage=USAGE)
    assert (str(found.total), found.unpriced) == ("0.002", ("output",))
    assert any("m has answer_cost_per_word" in note and "may be the missing price" in note for note in found.notes)


def test_what_costs_nothing_is_in_no_doubt():
    """A hit of the caller's own cache is billed by no key; nor is what the provider reports."""
    assert cost("turbo_cost_multiplier", service_tier="turbo", cache_hit=True).complete
    reported = Usage(input=1000, output=100, reported="0.5")
    found = cost("turbo_cost_multiplier", usage=reported, service_tier="turbo")
    assert (str(found.total), found.doubts, found.complete) == ("0.5", (), True)


def test_the_explanation_shows_it():
    """With its value and its row, whether or not it could hold."""
    text = cost("turbo_cost_multiplier", 1.5).explain(verbose=True)
    assert "   set aside: price keys that this version does not know\n     turbo_cost_multiplier  1.5  map m" in text


def test_a_part_of_a_sum_keeps_its_doubt():
    """The sum of a whole cost and of a lower bound is one; it survives pickling as such."""
    total = cost("turbo_cost_multiplier") + cost("turbo_cost_multiplier", service_tier="turbo")
    assert (total.lower_bound, len(total.doubts)) == (True, 1)


def test_what_a_call_states_without_a_price():
    """In words, by kind; a speed too."""
    card = CostMap({"m": ROW}).rate_card("m")
    call = Call(10, "priority", region="eu", speed="fast", variants=frozenset({"hd"}))
    assert unpriced_conditions(card, call, "priority") == {
        "tier": "tier priority",
        "region": "region eu",
        "speed": "speed fast",
        "variant": "hd",
    }
    assert unpriced_conditions(card, Call(10, "prepaid"), "scale") == {}


def test_kinds():
    """A factor of a region needs one, another condition needs any, and a meter that nobody knows needs none."""
    call = Call(10)
    stated = {"tier": "tier turbo"}
    assert SetAside("k", 1, kind=REGION).why(call, stated, ["input"]) == ""
    assert SetAside("k", 1, kind=CONDITION).why(call, stated, ["input"]) == "tier turbo"
    assert SetAside("k", 1, kind=NOTHING_KNOWN).why(call, stated, ["input"]) == ""
    assert SetAside("k", 1, kind=METER, meter="input").why(call, stated, ["cache_read"]) == "tier turbo"
