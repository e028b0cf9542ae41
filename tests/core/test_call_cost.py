"""The Cost of a call with fees of one's own: they are added, come before the terms, and may be without a price."""

from __future__ import annotations

from decimal import Decimal

from llmcost import CostMap, Usage
from llmcost.core.call import Call
from llmcost.core.call_cost import CallCost, cards_of, of_segments, of_tariff
from llmcost.core.exact import plain
from llmcost.core.meters import METERS
from llmcost.core.notes import Note
from llmcost.core.rate import Rate
from llmcost.core.ratecard import RateCard
from llmcost.core.rating import rate
from llmcost.core.tariff import tariff_of
from llmcost.core.term import Fee, Term

CARD = RateCard([Rate("input", (), (2, 1), "map", "m", "input_cost_per_token")], name="m")
KNOWN = {"crm": Fee("crm", "lookup", (1, 4), "config"), "export": Fee("export", "call", (3, 1), "config")}
USAGE = Usage(input=5)


def cost_of(usage=USAGE, **given) -> CallCost:
    segment = rate(usage, tariff_of(CARD, Call(usage.context)), "m")
    return of_segments((segment,), usage, "m", fee_prices=KNOWN, **given)


def amounts(cost: CallCost) -> list[tuple[str, str]]:
    return [(line.meter, plain(line.amount, 0)) for line in cost.line_items]


def test_fees_are_added_to_what_the_call_costs():
    """5 x 2, 2 x 0.25 and 1 x 3; fees count as other."""
    cost = cost_of(fees={"crm": 2, "export": 1})
    assert amounts(cost) == [("input", "10"), ("fee:crm", "0.5"), ("fee:export", "3")]
    assert (cost.total, cost.input, cost.other, cost.complete) == (Decimal("13.5"), 10, Decimal("3.5"), True)


def test_terms_are_on_fees_too():
    """10 + 0.5 less 10 % are 9.45; a term on the fee alone takes half of 0.5."""
    tenth, half = Term("discount", (1, 10), "config"), Term("discount", (1, 2), "config")
    cost = cost_of(fees={"crm": 2}, terms=(tenth,))
    assert amounts(cost) == [("input", "10"), ("fee:crm", "0.5"), ("discount", "-1.05")]
    assert cost.total == Decimal("9.45")

    half.meters = frozenset({"fee:crm"})
    cost = cost_of(fees={"crm": 2}, terms=(half,))
    assert amounts(cost) == [("input", "10"), ("fee:crm", "0.5"), ("discount", "-0.25")]
    assert cost.total == Decimal("10.25")


def test_a_fee_without_a_price_makes_a_lower_bound():
    """What has a price is added: 10 + 0.25; the other is named."""
    cost = cost_of(fees={"unheard-of": 2, "crm": 1})
    assert (cost.total, cost.unpriced, cost.lower_bound) == (Decimal("10.25"), ("fee:unheard-of",), True)
    assert cost.notes == (
        "no price is known for the fee 'unheard-of': llmcost.fees of the configuration has crm, export",
    )
    assert [(note.code, note.about) for note in cost.notes] == [("fee_without_price", "fee:unheard-of")]


def test_a_waived_call_has_its_fees_at_nothing():
    """With a line for each that has a price; terms have nothing to be on."""
    terms = (Term("fee", (7, 1), "config"),)
    cost = cost_of(fees={"crm": 2, "unheard-of": 2}, terms=terms, waived="prepaid")
    assert amounts(cost) == [("input", "0"), ("fee:crm", "0")]
    assert [line.factors for line in cost.line_items] == [("x 0 (prepaid)",), ("x 0 (prepaid)",)]
    assert (cost.total, cost.unpriced, cost.lower_bound, cost.waived) == (0, (), False, "prepaid")


def test_a_free_answer_pays_its_fees_without_terms():
    """What the vendor gives away does not pay for a tool of one's own: 2 x 0.25."""
    usage = Usage(free="a failed answer is not billed")
    cost = of_segments(
        (rate(usage, tariff_of(CARD, Call(0)), "m"),),
        usage,
        "m",
        (Term("fee", (7, 1), "config"),),
        None,
        {"crm": 2},
        KNOWN,
    )
    assert amounts(cost) == [("fee:crm", "0.5"), ("free", "0")]
    assert cost.total == Decimal("0.5")


def test_notes_of_more_sets_of_meters_than_are_kept_are_right_too():
    """A tariff remembers the notes of 100 sets of meters; every other call makes its own."""
    prices = CostMap({"m": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}})
    meters = [name for name, row in METERS.items() if row.unit == "token" and row.side == "input"][:8]
    for number in range(1, 1 << len(meters)):
        used = {meter: 1 for bit, meter in enumerate(meters) if number >> bit & 1}
        cost = prices.calculate(usage=Usage(**used), model="m")
        assert {note.about for note in cost.notes} >= set(used) - {"input"}
    assert cost.in_units()[0] * 10**6 == cost.in_units()[1] * sum(used.values())


def test_a_counter_that_is_in_doubt_makes_a_lower_bound_of_a_common_call():
    """5 x 2 are billed; the answer beside a count of 0 is not."""
    usage = Usage(input=5)
    usage.notes = (Note("not_counted", "completion_tokens is 0 beside an answer", "completion_tokens"),)
    cost = of_tariff(usage, tariff_of(CARD, Call(usage.context)), "m", "exact", ())
    assert (cost.total, cost.lower_bound, cost.doubts) == (10, True, usage.notes)
    usage.notes = ()
    assert not of_tariff(usage, tariff_of(CARD, Call(usage.context)), "m", "exact", ()).lower_bound


def test_the_cards_of_a_call():
    """Those of its segments that have one; the common call has one card, and its segments are not made for it."""
    cost = of_tariff(USAGE, tariff_of(CARD, Call(USAGE.context)), "m", "current", ())
    assert cost is not None
    assert cards_of(cost) == (CARD,)
    assert cards_of(cost_of()) == (CARD,)
    assert cards_of(of_segments((), USAGE, "m")) == ()
