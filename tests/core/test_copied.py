"""A Cost keeps a usage of its own."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import ArgumentError, CostMap, LLMCostError, Usage, UsageError, read_usage
from llmcost.core.copied import copied, copied_again

PRICES = CostMap({"m": {"input_cost_per_token": 2e-6}})


def test_a_later_change_of_a_part_changes_no_cost():
    """1000 and 500 tokens of 2e-6 were priced; what becomes of the caller's part says nothing of that call."""
    part = Usage(input=500, model="m")
    usage = Usage(input=1000, parts=(part,))
    cost = PRICES.calculate(usage=usage, model="m")
    part.quantities["input"] = 9
    usage.quantities["input"] = 9
    assert cost.total == Decimal("0.003")
    assert [kept.quantities for kept in cost.usage.walk()] == [{"input": 1000}, {"input": 500}]


def test_nothing_is_shared():
    """Quantities, those of parts, units of the same work, and what was not understood."""
    usage = Usage(input=1, parts=(Usage(output=2),), alternatives=(({"queries": 3}, {"input": 4}),))
    usage.unread, usage.readings = {"odd": 5}, (Usage(input=6), Usage(input=7))
    copy = copied(usage)
    usage.readings[0].quantities["input"] = 9
    assert [one.quantities for one in copy.readings] == [{"input": 6}, {"input": 7}]
    usage.quantities["input"] = usage.parts[0].quantities["output"] = usage.unread["odd"] = 9
    usage.alternatives[0][0]["queries"] = 9
    assert (copy.quantities, copy.parts[0].quantities, copy.unread) == ({"input": 1}, {"output": 2}, {"odd": 5})
    assert copy.alternatives == (({"queries": 3}, {"input": 4}),)


def test_a_usage_of_a_class_of_ones_own_stays_one():
    """A copy, and one with another fact, keep the class and what it adds."""

    class Tagged(Usage):
        pass

    usage = Tagged(input=3)
    usage.tag = "a"
    for copy in (copied(usage), usage.replaced(model="m")):
        assert (type(copy), copy.tag, copy.quantities) == (Tagged, "a", {"input": 3})


@pytest.mark.parametrize("quantity", [-5, -0.5, float("nan"), float("inf"), "5", True, 10**16, None])
def test_a_quantity_that_was_set_afterwards_is_a_count(quantity):
    """In the usage, in a part, and through ``replaced``: no cost is negative, and none is made of what is no number."""
    changed = Usage(input=5, output=1)
    changed.quantities["input"] = quantity
    for usage in (
        changed,
        Usage(input=5, parts=(changed,)),
        Usage(input=5).replaced(quantities={"input": quantity}),
        Usage(input=1).replaced(alternatives=(({"queries": quantity},),)),
    ):
        with pytest.raises(UsageError):
            PRICES.calculate(usage=usage, model="m")
        with pytest.raises(UsageError):
            read_usage(usage)


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        ("quantities", None),
        ("quantities", {"nonsense": 5}),
        ("more", None),
        ("model", 5),
        ("service_tier", ["flex"]),
        ("context", "many"),
        ("partial", "yes"),
        ("notes", 5),
        ("region", 5),
        ("parts", 5),
        ("alternatives", "queries"),
        ("readings", [5]),
        ("unread", 5),
        ("batch", 2),
        ("duration", "long"),
        ("reported", "dear"),
        ("overlap", 5),
    ],
)
def test_an_attribute_that_was_set_to_what_it_cannot_be(name, odd):
    """It is named, by each way in which a usage comes in, and also where a usage is what it should not be."""
    usage = Usage(input=5, output=1)
    setattr(usage, name, odd)
    for ask in (
        lambda: PRICES.calculate(usage=usage, model="m"),
        lambda: PRICES.calculate(usage, model="m"),
        lambda: PRICES.completion_cost(model="m", usage=usage),
        lambda: PRICES.of_usage(usage, model="m") if name in {"quantities", "more"} else read_usage(usage),
        lambda: read_usage(usage),
        lambda: PRICES.calculate(Usage(input=1), service_tier=usage, model="m"),
    ):
        with pytest.raises(LLMCostError, match=rf"Usage[.(]{name}|{name}=|no meter and no fact|service_tier="):
            ask()


@pytest.mark.parametrize(
    "name", ["context", "partial", "region", "duration", "alternatives", "parts", "readings", "unread"]
)
def test_an_attribute_that_was_set_to_nothing_is_not_stated(name):
    """5 x 2e-6 = 0.00001: None and NaN, the empty cell of a table, say nothing."""
    for nothing in (None, float("nan")):
        usage = Usage(input=5)
        setattr(usage, name, nothing)
        assert PRICES.calculate(usage=usage, model="m").total == Decimal("0.00001")


def test_a_usage_that_is_a_part_of_itself_is_refused():
    """It would be priced without an end."""
    usage = Usage(input=5)
    usage.parts = (usage,)
    with pytest.raises(ArgumentError, match=r"^Usage\.parts: they are nested too deep"):
        PRICES.calculate(usage=usage, model="m")


def test_a_pair_that_a_reader_has_stated_is_kept():
    """1000 tokens less the 200 of them that are counted twice: 800 x 2e-6."""
    usage = Usage(input=1000).replaced(overlap=(("m",), 200))
    assert copied(usage).overlap == (("m",), 200)
    assert PRICES.calculate(usage=usage, model="m").total == Decimal("0.0016")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"alternatives": (({"output_images": 2}, {"requests": 1}),)},
        {"parts": (Usage(input=3, model="m"),)},
        {"unread": {"odd": 4}},
    ],
    ids=["counters", "alternatives", "parts", "unread"],
)
def test_a_copy_of_a_copy_shares_no_dict(facts):
    """A usage that is kept for later calls stays as it is, whatever becomes of the usages that were made of it."""
    kept = copied(Usage(input=5, **facts))
    told = kept.to_dict()
    given = copied_again(kept)
    assert given.to_dict() == told
    given.quantities["input"] = 9
    for unit in (unit for group in given.alternatives for unit in group):
        unit.clear()
    for part in given.parts:
        part.quantities["input"] = 9
    if given.unread:
        given.unread.clear()
    given.model = "another"
    assert kept.to_dict() == told


def test_what_becomes_of_the_usage_of_a_cost_changes_no_later_one():
    """Two images of 0.04 USD, which the caller alone states: 0.08, also after the usage of a first Cost was emptied."""
    images = CostMap({"i": {"output_cost_per_image": 0.04, "mode": "image_generation"}})
    first = images.calculate(model="i", n=2)
    for unit in (unit for group in first.usage.alternatives for unit in group):
        unit.clear()
    first.usage.quantities.clear()
    assert images.calculate(model="i", n=2).total == Decimal("0.08")
