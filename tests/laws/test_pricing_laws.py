"""The laws of pricing, for cards, usages and calls of any shape."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from llmcost import CostMap, Usage

from .strategies import (
    KEYS,
    PROMPT,
    TOOLS,
    calls,
    cards,
    counts,
    entry_of,
    factor_blocks,
    key_of,
    meters,
    price,
    prices,
    quantities,
    reference,
    terms,
    usage_of,
    with_terms,
)

# Three of five of what the profile says, for laws that price several times an example.
few = settings(max_examples=settings().max_examples * 3 // 5)


def exactly(cost) -> Fraction:
    return Fraction(cost._n, cost._d)


def facts(cost) -> dict:
    return cost.to_dict()


# The arithmetic.


@given(cards(), quantities, calls(), factor_blocks)
def test_integers_give_what_fractions_give(card, counted, call, blocks):
    """Thresholds, tiers, parents, repeats and factors: the same total, and the same meters without a rate."""
    cost = price({**entry_of(card), **blocks}, counted, call)
    total, unpriced = reference(card, counted, call, blocks)
    assert exactly(cost) == total
    assert set(cost.unpriced) == unpriced


@few
@given(cards(), quantities, calls(), terms)
def test_terms_are_shares_of_the_sum_before_them(card, counted, call, given_terms):
    """Less the discount, plus the margin, plus the fee, in this order."""
    discount, margin, fee = given_terms
    cost = with_terms(entry_of(card), given_terms).calculate(usage=usage_of(counted, call), model="m")
    before, _ = reference(card, counted, call, {})
    after = before * (1 - discount)
    assert exactly(cost) == after * (1 + margin) + fee
    assert [line.meter for line in cost.line_items][-3:] == ["discount", "margin", "fee"]


@few
@given(cards(), quantities, calls(), factor_blocks)
def test_the_total_is_the_sum_of_its_lines_and_of_its_sides(card, counted, call, blocks):
    """No line is missing, none stands on two sides."""
    cost = price({**entry_of(card), **blocks}, counted, call)
    assert cost.exact
    assert sum((Fraction(line.amount) for line in cost.line_items), Fraction(0)) == exactly(cost)
    assert Fraction(cost.input) + Fraction(cost.output) + Fraction(cost.other) == Fraction(cost.total) == exactly(cost)


@few
@given(cards(), quantities, calls())
def test_a_line_is_its_quantity_times_its_rate(card, counted, call):
    """What stands on the bill can be multiplied by whoever reads it."""
    for line in price(entry_of(card), counted, call).line_items:
        assert Fraction(line.quantity) * Fraction(line.rate) == Fraction(line.amount)
        assert Fraction(line.rate_per_million) == Fraction(line.rate) * 1_000_000


@few
@given(cards(), quantities, calls(), factor_blocks)
def test_the_float_is_the_nearest_double(card, counted, call, blocks):
    """Rounded once, from the exact total."""
    cost = price({**entry_of(card), **blocks}, counted, call)
    assert cost.response_cost == float(exactly(cost)) == float(cost)


@few
@given(cards(), quantities, calls(), st.integers(1, 5000))
def test_scaling_every_rate_scales_the_total(card, counted, call, thousandths):
    """Everything twice as dear costs twice as much; a rate of a repeat stays one."""
    scale = Fraction(thousandths, 1000)
    scaled = {cell: str(Decimal(usd) * thousandths / 1000) for cell, usd in card.items()}
    assert exactly(price(entry_of(scaled), counted, call)) == scale * exactly(price(entry_of(card), counted, call))


@few
@given(cards(whole=True), quantities, calls(), meters, counts)
def test_more_never_costs_less(card, counted, call, meter, more):
    """As long as no threshold has a price below the base, and none of these has any."""
    flat = {cell: usd for cell, usd in card.items() if cell[1] is None}
    greater = {**counted, meter: counted.get(meter, 0) + more}
    assert exactly(price(entry_of(flat), greater, call)) >= exactly(price(entry_of(flat), counted, call))


@few
@given(cards(thresholds=(None,)), quantities, quantities, calls())
def test_splitting_a_call_without_thresholds_adds_up(card, one, two, call):
    """The parts cost what the whole does, counted together or added as costs."""
    entry = entry_of(card)
    whole = {meter: one.get(meter, 0) + two.get(meter, 0) for meter in {**one, **two}}
    both = price(entry, one, call) + price(entry, two, call)
    assert exactly(both) == exactly(price(entry, whole, call))
    together = CostMap({"m": entry}).calculate(usage=usage_of(one, call) + usage_of(two, call), model="m")
    assert exactly(together) == exactly(both)
    assert set(both.unpriced) == set(together.unpriced)


# What changes nothing.


@few
@given(cards(), quantities, calls(), meters)
def test_a_quantity_of_zero_changes_nothing(card, counted, call, meter):
    """Neither the lines nor the notes."""
    with_zero = {**counted, meter: counted.get(meter, 0)}
    assert facts(price(entry_of(card), with_zero, call)) == facts(price(entry_of(card), counted, call))


@few
@given(cards(), quantities, calls(), factor_blocks, st.randoms(use_true_random=False))
def test_no_order_matters(card, counted, call, blocks, random):
    """Of keys, of quantities, of facts: the same lines for the same money."""
    entry = {**entry_of(card), **blocks}
    shuffled = [list(mapping.items()) for mapping in (entry, counted, call)]
    for items in shuffled:
        random.shuffle(items)
    one, two = price(entry, counted, call), price(*map(dict, shuffled))
    assert one.total == two.total
    assert sorted(map(repr, one.line_items)) == sorted(map(repr, two.line_items))
    assert set(one.notes) == set(two.notes)


@few
@given(cards(), cards(), quantities, calls())
def test_other_models_do_not_matter(card, other, counted, call):
    """Whatever is registered and priced for them."""
    prices_of_two = CostMap({"m": entry_of(card), "mm": entry_of(other)})
    prices_of_two.register({"m-mini": entry_of(other), "acme/m": entry_of(other)})
    prices_of_two.calculate(usage=usage_of(counted, call), model="mm")
    found = prices_of_two.calculate(usage=usage_of(counted, call), model="m")
    assert facts(found) == facts(price(entry_of(card), counted, call))


@few
@given(cards(), quantities, calls(), factor_blocks, st.integers(1, 6))
def test_the_callers_decimal_context_does_not_matter(card, counted, call, blocks, precision):
    """A few digits of precision are the caller's own."""
    entry = {**entry_of(card), **blocks}
    expected = price(entry, counted, call)
    with localcontext() as context:
        context.prec = precision
        cost = price(entry, counted, call)
        assert facts(cost) == facts(expected)
        assert (cost + cost).total == (expected + expected).total
        assert cost.explain() == expected.explain()


# Layers.


@few
@given(cards(), cards(), cards(), quantities, calls())
def test_the_stronger_layer_wins_cell_by_cell(bundled, registered, own, counted, call):
    """Stacked, they price as one card on which each cell is that of the strongest layer that has it.

    A rate that repeats its parent's in its own layer is none of its own, so that the layers here repeat nothing.
    """
    apart = [{cell: usd for cell, usd in card.items() if Fraction(usd)} for card in (bundled, registered, own)]
    for place, card in enumerate(apart):
        # Three layers with prices that no two of their cells have in common.
        for number, cell in enumerate(card):
            card[cell] = f"{number * 3 + place + 1}e-07"
    prices_of_three = CostMap({"m": entry_of(apart[0])})
    prices_of_three.register({"m": entry_of(apart[1])})
    stacked = {**apart[0], **apart[1], **apart[2]}
    cost = prices_of_three.calculate(usage=usage_of(counted, call), model="m", prices=entry_of(apart[2]))
    total, unpriced = reference(stacked, counted, call, {})
    assert (exactly(cost), set(cost.unpriced)) == (total, unpriced)
    for line in cost.line_items:
        (cell,) = (cell for cell in stacked if key_of(cell) == line.price_key)
        strongest = next(
            name for name, card in zip(("call", "registered", "map"), reversed(apart), strict=True) if cell in card
        )
        assert line.layer == strongest


@few
@given(cards(), cards(), quantities, calls())
def test_prices_of_a_call_never_leak(card, own, counted, call):
    """A call with prices of its own in between changes neither the next call nor the map."""
    one_map = CostMap({"m": entry_of(card)})
    usage = usage_of(counted, call)
    before, info = one_map.calculate(usage=usage, model="m").to_dict(), one_map["m"]
    one_map.calculate(usage=usage, model="m", prices=entry_of(own))
    if own:
        one_map.calculate(usage=usage, model="m", prices=entry_of(own), replace=True)
    assert one_map.calculate(usage=usage, model="m").to_dict() == before
    assert one_map["m"] == info == entry_of(card)


@few
@given(cards(whole=True), prices, prices, quantities, calls())
def test_replace_is_a_card_of_its_own(card, one, two, counted, call):
    """Nothing of the map is left."""
    own = {"input_cost_per_token": one, "output_cost_per_token": two}
    replaced = price(entry_of(card), counted, call, replace=True, prices=own)
    alone = CostMap({}).calculate(usage=usage_of(counted, call), model="m", prices=own)
    assert exactly(replaced) == exactly(alone)
    assert set(replaced.unpriced) == set(alone.unpriced) == {meter for meter in TOOLS if counted.get(meter)}


# Sums.

costs = st.builds(price, cards().map(entry_of), quantities, calls())


@few
@given(costs, costs, costs)
def test_addition_is_associative_and_commutative(one, two, three):
    """In the total, in what is unpriced, and in whether it is a lower bound."""

    def said(cost):
        return cost.total, set(cost.unpriced), cost.lower_bound, cost.saved, cost.calculated.total

    assert said((one + two) + three) == said(one + (two + three)) == said(sum([three, one, two]))
    assert (one + two).line_items == one.line_items + two.line_items
    assert sum([one]) is one


@few
@given(costs, costs)
def test_a_cost_survives_pickling_and_json(one, two):
    """And so does a sum; the dict is plain JSON."""
    for cost in (one, one + two):
        copy = pickle.loads(pickle.dumps(cost))
        assert copy == cost
        assert hash(copy) == hash(cost)
        assert facts(copy) == facts(cost) == json.loads(json.dumps(facts(cost)))
        assert copy.saved == cost.saved


# Usages.


@few
@given(quantities, quantities, calls())
def test_usages_hold_what_they_were_given(one, two, call):
    """Tokens add up to the tokens, the context is the prompt, and a sum has none."""
    usage = usage_of(one, call)
    assert usage.total_tokens == sum(count for meter, count in one.items() if meter not in TOOLS)
    assert usage.context == sum(one.get(meter, 0) for meter in PROMPT)
    both = usage + usage_of(two, call)
    assert both.total_tokens == usage.total_tokens + usage_of(two, call).total_tokens
    assert both.context is None
    assert both == usage_of(two, call) + usage
    assert json.loads(json.dumps(both.to_dict())) == both.to_dict()


@few
@given(st.lists(st.floats(1e-9, 10**6) | st.decimals(0, 10**6, places=4), max_size=5))
def test_fractions_add_up_as_they_are_written(seconds):
    """Floats are read by their repr, so that no sum has a tail."""
    total = Usage()
    for second in seconds:
        total = total + Usage(input_seconds=second)
    exact = sum((Fraction(str(second)) for second in seconds), Fraction(0))
    assert Fraction(str(total.quantities.get("input_seconds", 0))) == exact
    cost = CostMap({"m": {"input_cost_per_second": "0.1"}}).calculate(usage=total, model="m")
    assert exactly(cost) == exact / 10


def test_the_table_of_the_reference_is_that_of_the_package():
    """The meters it prices, their keys and whose rate they borrow."""
    from llmcost.core.meters import METERS

    assert {name: (METERS[name].keys[0], METERS[name].parents) for name in KEYS} == KEYS
