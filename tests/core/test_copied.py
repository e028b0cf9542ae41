"""A Cost keeps a usage of its own."""

from __future__ import annotations

from decimal import Decimal

from llmcost import CostMap, Usage
from llmcost.core.copied import copied

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
