"""Usage: disjoint quantities, what is no count, and what adding two of them keeps."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from llmcost import CostMap, InconsistentUsageError, Usage
from llmcost.core.counts import MOST, checked, image_units, prompt_tokens
from llmcost.core.stated import NOTHING_MORE

# What a count may be.


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0), (5, 5), (MOST, MOST), (5.0, 5), (0.5, 0.5), (Decimal("2.50"), Decimal("2.5")), (Decimal(3), 3)],
)
def test_a_count_is_a_finite_number_from_zero(value, expected):
    """A whole number is an int, whatever it was written as."""
    found = checked("n", value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "value",
    [
        -1,
        -0.5,
        MOST + 1,
        MOST + 0.5,
        float("inf"),
        True,
        False,
        "5",
        None,
        [],
        {},
        b"5",
        pytest.param(10**5000, id="5000 digits"),
        Decimal(-1),
    ],
)
def test_anything_else_is_no_count(value):
    """Negative, endless, boolean and textual counters are errors that name the counter."""
    with pytest.raises(InconsistentUsageError, match=r"^n=.* is not a count"):
        checked("n", value)


def test_the_message_shows_simple_values_and_the_type_of_others():
    """A response may hold anything; its repr is not for messages."""
    with pytest.raises(InconsistentUsageError, match="n='5' is not a count"):
        checked("n", "5")
    with pytest.raises(InconsistentUsageError, match="n=dict is not a count") as error:
        checked("n", {"a": 1})
    assert error.value.parts == {"n": {"a": 1}}


# Making one.


def test_quantities_and_facts_are_keywords():
    """Meters become quantities, facts attributes, and zero is not a quantity."""
    usage = Usage(input=200, cache_read=800, output=0, model="m", service_tier="flex")
    assert usage.quantities == {"input": 200, "cache_read": 800}
    assert (usage.model, usage.service_tier, usage.context) == ("m", "flex", 1000)


def test_an_unknown_name_tells_the_meters():
    """A typo is told with the nearest meter, also inside an alternative; without a near one all are listed."""
    with pytest.raises(TypeError, match=r"no meter and no fact 'inputs'. Did you mean 'input'\?"):
        Usage(inputs=5)
    with pytest.raises(TypeError, match=r"no meter and no fact 'zzz'; the meters are input, input_audio"):
        Usage(zzz=5)
    with pytest.raises(
        TypeError, match=r"alternatives=...\) has no meter and no fact 'inputs'. Did you mean 'input'\?"
    ):
        Usage(alternatives=(({"inputs": 5},),))


@pytest.mark.parametrize(
    "given",
    [
        {"input": -1},
        {"duration": -1},
        {"elapsed": "long"},
        {"context": -5},
        {"media": 1.0e30},
        {"alternatives": (({"input": 1}, {"input_characters": -4}),)},
    ],
)
def test_every_number_is_checked(given):
    """No quantity is negative, wherever it is given."""
    with pytest.raises(InconsistentUsageError):
        Usage(**given)


def test_none_is_an_absent_fact():
    """None says nothing, as an absent keyword does."""
    usage = Usage(input=1, region=None, duration=None, notes=None)
    assert (usage.region, usage.notes) == (None, ())


@pytest.mark.parametrize("given", [0.1, "0.1", Decimal("0.1")])
def test_a_reported_cost_is_read_as_it_is_written(given):
    """A tenth of a dollar, not its nearest binary fraction."""
    usage = Usage(input=1, reported=given)
    assert usage.reported == Decimal("0.1")
    cost = CostMap({"m": {"input_cost_per_token": 1e-06}}).calculate(usage=usage, model="m")
    assert cost.total == Decimal("0.1")


@pytest.mark.parametrize("given", [-0.1, float("inf"), "free", True, []])
def test_a_reported_cost_is_an_amount(given):
    """Anything else is an error and not a price."""
    with pytest.raises(InconsistentUsageError, match="is no amount"):
        Usage(input=1, reported=given)


def test_the_context_is_the_whole_prompt():
    """Fresh, read and written tokens; not the answer, not citations, not tools."""
    usage = Usage(input=1, input_audio=2, cache_read=4, cache_write_1h=8, output=16, citation=32, computer_input=64)
    assert usage.context == 1 + 2 + 4 + 8
    assert prompt_tokens(usage.quantities) == 15
    assert Usage(input=1, context=500).context == 500
    assert Usage(input=1, aggregate=True).context is None


@pytest.mark.parametrize(
    "given",
    [
        {"region": "us"},
        {"speed": "fast"},
        {"duration": 1},
        {"elapsed": 1},
        {"aggregate": True},
        {"batch": True},
        {"routed": True},
        {"reported": 1},
        {"free": "why"},
        {"parts": (Usage(),)},
        {"alternatives": (({"input": 1},),)},
        {"output": 0.5},
    ],
)
def test_what_is_more_than_units_of_one_request(given):
    """Model, tier and time are facts of every request; whatever else is stated, or is no whole number, is looked at."""
    usage = Usage(input=1, **given)
    whole = all(type(quantity) is int for quantity in usage.quantities.values())
    assert usage.more is not NOTHING_MORE or not whole
    assert Usage(input=1, model="m", at=5, service_tier="flex", partial=True).more is NOTHING_MORE


def test_a_copy_keeps_what_is_stated_apart():
    """What is set on a copy is not set on the original, nor on any other usage."""
    usage = Usage(input=1, region="us")
    other = usage.replaced(region="eu", media=3)
    assert (usage.region, usage.media, other.region, other.media, Usage().region) == ("us", None, "eu", 3, None)


def test_replaced_leaves_the_original():
    """A copy with other facts."""
    usage = Usage(input=1)
    other = usage.replaced(region="us")
    assert (other.region, usage.region) == ("us", None)


def test_for_model_takes_out_what_a_family_counts_twice():
    """1000 input tokens of which 800 are cached too: 200 are fresh for that family, all for any other."""
    usage = Usage(input=1000, cache_read=800)
    assert usage.for_model("openai.gpt") is usage
    usage = usage.replaced(overlap=(("openai.",), 800))
    assert usage.for_model("anthropic.claude") is usage
    once = usage.for_model("openai.gpt")
    assert (once.quantities, once.context, once.overlap) == ({"input": 200, "cache_read": 800}, 1000, None)
    assert "taken out" in once.notes[0]
    assert usage.replaced(overlap=(("openai.",), 1000)).for_model("openai.x").quantities == {"cache_read": 800}


# Reading one.


def test_token_counts_hold_parts_and_alternatives():
    """1 + 2 of the prompt, 4 of a part, 8 of the first alternative in tokens; seconds are no tokens."""
    usage = Usage(
        input=1,
        cache_read=2,
        output=16,
        input_seconds=9,
        parts=(Usage(input=4, output=32),),
        alternatives=(
            ({"input_characters": 99}, {"input": 8}, {"input_audio": 64}),
            ({"output_images": 1}, {"output_image": 128}),
        ),
    )
    assert usage.input_tokens == 1 + 2 + 4 + 8
    assert usage.output_tokens == 16 + 32 + 128
    assert usage.total_tokens == 15 + 176
    assert [part.input_tokens for part in usage.walk()] == [15, 4]


def test_fractional_tokens_add_up_exactly():
    """0.1 + 0.2 tokens are 0.3."""
    assert Usage(input=0.1, cache_read=0.2, output=Decimal("0.7")).total_tokens == 1


def test_equality_is_of_what_is_said():
    """Two usages that say the same are equal; a usage is not hashable, since its dict is not."""
    assert Usage(input=1, output=2) == Usage(output=2, input=1)
    assert Usage(input=1) != Usage(input=2)
    assert Usage(input=1) != {"input": 1}
    with pytest.raises(TypeError):
        hash(Usage())


def test_repr_is_the_call_that_makes_it():
    """Quantities, then facts."""
    assert repr(Usage(input=1, model="m")) == "Usage(input=1, model='m')"


def test_to_dict_is_json_safe():
    """Everything stated, nothing else, in a fixed order, with decimals as text."""
    usage = Usage(
        output=Decimal("0.5"),
        input=1,
        at=datetime(2026, 1, 1, tzinfo=timezone.utc),
        reported="0.1",
        duration=2,
        elapsed=0.5,
        media=2,
        partial=True,
        batch=True,
        routed=True,
        aggregate=True,
        alternatives=(({"input": 1}, {"input_characters": 4}),),
        parts=(Usage(input=3),),
        notes=("n",),
    )
    expected = {
        "input": 1,
        "output": "0.5",
        "at": "2026-01-01 00:00:00+00:00",
        "reported": "0.1",
        "alternatives": [[{"input": 1}, {"input_characters": 4}]],
        "duration": 2,
        "elapsed": 0.5,
        "media": 2,
        "partial": True,
        "aggregate": True,
        "batch": True,
        "routed": True,
        "parts": [{"input": 3, "context": 3}],
        "notes": [{"code": "caller", "text": "n", "about": None}],
    }
    assert usage.to_dict() == expected
    assert json.loads(json.dumps(usage.to_dict())) == expected
    assert list(usage.to_dict()) == list(expected)
    assert Usage().to_dict() == {"context": 0}


# Adding two.


def test_a_sum_is_an_aggregate():
    """Quantities add up; a context it has none, since no request was that long."""
    both = Usage(input=1, output=2, model="m") + Usage(input=4, cache_read=8, model="m")
    assert both.quantities == {"input": 5, "output": 2, "cache_read": 8}
    assert (both.context, both.aggregate, both.model) == (None, True, "m")


def test_only_usages_are_added():
    """To add what calls cost, add their Costs."""
    with pytest.raises(TypeError):
        Usage() + 1


def test_fractions_of_any_type_add_up_exactly():
    """1.5 seconds as float and as Decimal are 3; a tenth and two tenths are three tenths."""
    assert (Usage(input_seconds=1.5) + Usage(input_seconds=Decimal("1.5"))).quantities == {"input_seconds": 3}
    both = Usage(duration=0.1, elapsed=0.1, media=1) + Usage(duration=0.2, elapsed=0.2)
    assert (both.duration, both.elapsed, both.media) == (Decimal("0.3"), Decimal("0.3"), 1)


def test_facts_that_differ_are_dropped_and_said():
    """A sum of a flex and a standard call can be priced at neither's tier."""
    both = Usage(input=1, service_tier="flex", region="us") + Usage(input=1, region="us", batch=True)
    assert (both.service_tier, both.region, both.batch) == (None, "us", False)
    assert both.notes == (
        "service_tier differs between what was added (flex, None): neither is applied",
        "a batch was added to other calls: none is priced as a batch",
    )


def test_facts_of_one_call_are_not_those_of_two():
    """Reported costs add up if both state one; a time or an id of two calls there is not."""
    one = Usage(input=1, reported="0.1", at=5, notes=("n",), partial=True)
    both = one + Usage(input=1, reported=Decimal("0.2"), at=5, notes=("n",))
    assert (both.reported, both.at) == (Decimal("0.3"), None)
    assert (both.notes, both.partial) == (("n",), True)
    assert (one + Usage(input=1)).reported is None


def test_parts_alternatives_and_batches_are_kept():
    """Each part and each group stays what it is."""
    group = ({"input": 1}, {"input_characters": 4})
    one = Usage(alternatives=(group,), parts=(Usage(input=1, model="p"),), batch=True, routed=True)
    both = one + one
    assert (both.alternatives, len(both.parts), both.batch, both.routed) == ((group, group), 2, True, True)


def test_what_is_counted_twice_is_taken_out_of_a_sum_too():
    """800 + 100 tokens of the input stand among the cached ones as well."""
    one = Usage(input=1000, cache_read=800).replaced(overlap=(("a.",), 800))
    two = Usage(input=200, cache_read=100).replaced(overlap=(("a.", "b."), 100))
    assert (one + two).overlap == (("a.", "b."), 900)
    assert (one + two).for_model("a.m").quantities == {"input": 300, "cache_read": 900}
    assert (Usage(input=5) + one).overlap == (("a.",), 800)


def test_what_is_free_adds_nothing_to_what_is_billed():
    """A free answer beside a billed one leaves the billed one as it is, with a note."""
    free, billed = Usage(input=5, free="moderation is free"), Usage(input=1)
    for both in (free + billed, billed + free):
        assert (both.quantities, both.free, both.context) == ({"input": 1}, None, 1)
        assert both.notes == ("added to it was what is free: moderation is free",)
    two = free + Usage(input=5, free="refused")
    assert (two.free, (free + free).free) == ("moderation is free; refused", "moderation is free")


# Images.


def test_generated_images_are_counted_in_every_unit_they_are_sold_in():
    """2 images of 1024 x 1536 are 2 x 1,572,864 pixels; without a size, images alone."""
    assert image_units(2, "1024-x-1536")[1] == {"output_pixels": 2 * 1024 * 1536}
    for size in (None, "auto", "1024", "1024x", "9999999x1", "axb"):
        assert image_units(2, size) == ({"output_images": 2}, {"input_images": 2})


def test_a_counter_as_an_api_writes_it_is_no_meter():
    """What it is depends on the API, so that the whole dict has to be read."""
    with pytest.raises(TypeError, match="'prompt_tokens'; for counters as APIs write them pass the dict itself"):
        Usage(prompt_tokens=5)


def test_what_a_reader_counts_as_0_is_left_out():
    """Also 0.0 and a decimal of 0; the rest stays in its order."""
    counts = {"input": 0, "cache_read": 5, "output": 2, "input_seconds": 0.0, "storage_gb_days": Decimal("0.00")}
    assert list(Usage.of(counts, 5, "test", {}).quantities.items()) == [("cache_read", 5), ("output", 2)]
