"""Cost: lines, their sum, and everything that may be asked of it, also in sums and after pickling."""

from __future__ import annotations

import copy
import json
import pickle
import re
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from llmcost import CostMap, PriceDataError, Usage
from llmcost.core.call import Call
from llmcost.core.call_cost import of_segments
from llmcost.core.cost import Cost
from llmcost.core.exact import plain
from llmcost.core.lines import LineItem
from llmcost.core.rating import rate
from llmcost.core.tariff import tariff_of
from llmcost.core.term import Term
from llmcost.prices.deployment import Deployment
from llmcost.prices.deployments import Deployments

RAW = {
    "input_cost_per_token": 2e-06,
    "output_cost_per_token": 8e-06,
    "cache_read_input_token_cost": 5e-07,
    "cache_creation_input_token_cost": 2.5e-06,
    "web_search_cost_per_query": 0.01,
    "input_cost_per_token_above_200k_tokens": 4e-06,
    "input_cost_per_token_priority": 3e-06,
    "geo_multiplier": {"us": 1.1},
}
PRICES = CostMap({"m": RAW, "n": {"input_cost_per_second": 0.5}, "third": {"input_cost_per_second": "0.1"}})
FIVE = Usage(input=1000, cache_read=2000, cache_write=100, output=300, web_searches=2)


def calculate(usage=FIVE, model="m", **facts) -> Cost:
    return PRICES.calculate(usage=usage, model=model, **facts)


def amounts(cost: Cost) -> list[tuple[str, str]]:
    return [(line.meter, plain(line.amount, 0)) for line in cost.line_items]


def with_terms(*terms: Term) -> CostMap:
    return PRICES.with_deployments(Deployments([Deployment("m", "m", terms=terms)]))


# Money.


def test_the_total_is_the_sum_of_its_lines():
    """0.002 + 0.001 + 0.00025 + 0.0024 + 0.02."""
    cost = calculate()
    assert amounts(cost) == [
        ("input", "0.002"),
        ("cache_read", "0.001"),
        ("cache_write", "0.00025"),
        ("output", "0.0024"),
        ("web_searches", "0.02"),
    ]
    assert cost.total == sum(line.amount for line in cost.line_items) == Decimal("0.02565")
    assert cost.exact


def test_the_sides_of_the_bill():
    """Prompt and time, answer, everything else: 0.00325 + 0.0024 + 0.02."""
    cost = calculate()
    assert (cost.input, cost.output, cost.other) == (Decimal("0.00325"), Decimal("0.0024"), Decimal("0.02"))
    assert cost.split == (0.02325, 0.0024)
    assert calculate(Usage(duration=3), "n").input == Decimal("1.5")


def test_two_floats_are_the_nearest_to_the_two_sides():
    """3 x 0.1 is 0.3, where floats say 0.30000000000000004; 1 x 0.2 + 2 x 0.7 is 1.6; in the EU x 1.1."""
    card = {
        "input_cost_per_token": 0.1,
        "output_cost_per_token": 0.2,
        "output_cost_per_reasoning_token": 0.7,
        "regional_processing_uplift_multiplier_eu": 1.1,
    }
    prices = CostMap({"m": card})
    usage = Usage(input=3, output=1, reasoning=2)
    assert prices.calculate(usage=usage, model="m").split == (0.3, 1.6)
    assert prices.calculate(usage=usage, model="m", region="eu").split == (0.33, 1.76)


def test_the_two_floats_are_those_of_the_lines():
    """However the cost is made: of counters, with a term, of parts, of a usage in half tokens, as a sum, restored."""
    plain_card = {"input_cost_per_token": 3e-7, "output_cost_per_token": 7e-7, "cache_read_input_token_cost": 1e-7}
    prices = CostMap({"m": plain_card})
    usage = Usage(input=123_457, cache_read=3, output=98_765)
    parts = usage.replaced(parts=(Usage(output=7, model="m"),))
    costs = [prices.calculate(usage=given, model="m") for given in (usage, parts, Usage(input=2.5, output=0.5))]
    costs += [costs[0] + costs[1], Cost.from_dict(costs[0].to_dict())]
    for cost in costs:
        assert cost.split == (float(cost.input + cost.other), float(cost.output))
    # 123457 x 3e-7 + 3 x 1e-7, and 98765 x 7e-7
    assert costs[0].split == (0.0370374, 0.0691355)


def test_floats_are_the_nearest_to_the_exact_total():
    """0.1 + 0.2 dollars are 0.3 dollars, and not 0.30000000000000004."""
    cost = calculate(Usage(duration=1), "third") + calculate(Usage(duration=2), "third")
    assert (cost.response_cost, float(cost), str(cost)) == (0.3, 0.3, "0.30")


@pytest.mark.parametrize("price", ["0.000005", 5e-06, Decimal("0.000005")])
def test_no_float_tails(price):
    """323 tokens x 5e-6, however the price is written; ten times 0.10 is 1.00."""
    cost = calculate(Usage(input=323), input_cost_per_token=price)
    assert (str(cost), cost.response_cost) == ("0.001615", 0.001615)
    ten = sum(calculate(Usage(duration=1), "third") for _ in range(10))
    assert str(ten) == "1.00"


def test_an_integer_is_a_price_too():
    """2 USD for a second."""
    assert str(calculate(Usage(duration=2), "n", input_cost_per_second=2)) == "4.00"


def test_a_price_without_a_finite_decimal():
    """1 USD an hour for 1 s is 1/3600: 40 digits, and not exact; for 3600 s it is exact again."""
    prices = CostMap({"h": {"input_cost_per_hour": 1}})
    cost = prices.calculate(duration=1, model="h")
    assert (cost.exact, cost.total) == (False, Decimal("0.0002" + "7" * 38 + "8"))
    assert cost.response_cost == 1 / 3600
    assert (prices.calculate(duration=3600, model="h").total, sum([cost] * 3600).total) == (1, 1)
    assert sum([cost] * 3600).exact


def test_nothing_depends_on_the_callers_decimal_context():
    """Three digits of precision are the caller's business."""
    expected = calculate().to_dict()
    with localcontext() as context:
        context.prec = 3
        cost = calculate(FIVE.replaced())
        assert cost.to_dict() == expected
        assert (cost + cost).total == Decimal("0.05130")
        assert cost.explain() == calculate().explain()


def test_a_cost_is_true_even_if_it_is_nothing():
    """``if cost`` asks whether there is one."""
    assert calculate(Usage())
    assert str(calculate(Usage())) == "0.00"


def test_text_forms():
    """str() is money; repr() says whose, and whether it is a lower bound."""
    assert repr(calculate()) == "<Cost 0.02565 USD, m>"
    assert f"{calculate()}" == "0.02565"
    assert repr(calculate(Usage(input=5, maps_queries=1))) == "<Cost at least 0.00001 USD, m>"
    assert repr(calculate() + calculate(Usage(duration=1), "n")) == "<Cost 0.52565 USD, several models>"


def test_what_the_cache_saved():
    """2,000 x (2 - 0.5) per million, less 100 x (2.5 - 2): 0.003 - 0.00005."""
    assert calculate().saved == Decimal("0.00295")
    assert calculate(Usage(input=5)).saved == 0
    assert calculate(Usage(cache_read=5), "n", input_cost_per_second=1, duration=1).saved == 0
    audio = calculate(Usage(cache_read_audio=1000), input_cost_per_audio_token=6e-06)
    # 1,000 x (6 - 0.5): against fresh audio.
    assert audio.saved == Decimal("0.0055")


def test_nothing_is_saved_where_nothing_is_known():
    """A cached token without a price for fresh ones, a part of an unknown model, a waived call."""
    prices = CostMap({"c": {"cache_read_input_token_cost": 1e-06}})
    assert prices.calculate(usage=Usage(cache_read=5), model="c").saved == 0
    assert calculate(Usage(parts=(Usage(cache_read=5, model="zz"),))).saved == 0
    assert calculate(cache_hit=True).saved == 0


# Lines.


def test_a_line_says_everything_about_itself():
    """1,000 tokens x 3 USD per million x 1.1."""
    line = calculate(FIVE.replaced(region="us", service_tier="priority")).line_items[0]
    assert line.to_dict() == {
        "model": "m",
        "meter": "input",
        "quantity": 1000,
        "unit": "token",
        "rate": "0.000003",
        "amount": "0.0033",
        "conditions": "tier priority",
        "factors": ["x 1.1 (region us)"],
        "layer": "map",
        "map_key": "m",
        "price_key": "input_cost_per_token_priority",
        "notes": [],
    }
    assert (line.rate_per_million, line.side) == (3, "input")
    assert repr(line) == "LineItem('m', 'input', 1000, 'token', rate=0.000003, amount=0.0033)"


def test_a_line_of_the_bundled_map_says_where_its_rate_comes_from():
    """Read when it is asked for; prices of one's own and pickled lines have nobody to vouch for them."""
    (line,) = CostMap().calculate(usage=Usage(input=1), model="gpt-4o-2024-08-06").line_items
    assert str(line.source["url"]).startswith("https://")
    assert (calculate().line_items[0].source, pickle.loads(pickle.dumps(line)).source) == ({}, {})
    card = CostMap({"m": RAW}).rate_card("m")
    for facts, note in (
        ({"confidence": "disputed", "differ": {"b": {}, "a": {}}}, "the price of m is disputed: a, b differ"),
        ({"confidence": "disputed", "differ": {}}, "the price of m is disputed"),
    ):
        card.attest = lambda _, facts=facts: facts
        segment = rate(Usage(input=1, output=1), tariff_of(card, Call(1)), "m")
        assert of_segments((segment,), segment.usage).notes == (note,)


def test_lines_are_values():
    """Equal if they say the same; hashable, picklable, copyable."""
    line, same, other = calculate().line_items[0], calculate().line_items[0], calculate().line_items[1]
    assert line == same
    assert hash(line) == hash(same)
    assert line != other
    assert line != "line"
    for twin in (pickle.loads(pickle.dumps(line)), copy.copy(line), copy.deepcopy(line)):
        assert twin == line
        assert twin.to_dict() == line.to_dict()


def test_a_line_has_no_other_fields():
    """A name that it does not have is an error."""
    with pytest.raises(AttributeError, match="'price'"):
        calculate().line_items[0].price


def test_a_quantity_may_be_a_decimal():
    """It is text in a dict."""
    line = calculate(Usage(duration=Decimal("2.5")), "n").line_items[0]
    assert (line.quantity, line.to_dict()["quantity"], plain(line.amount)) == (Decimal("2.5"), "2.5", "1.25")


# Adding up.


def test_costs_add_up_exactly():
    """Lines follow lines; the model stays if it is one."""
    one, two = calculate(), calculate(Usage(input=5))
    both = one + two
    assert both.total == Decimal("0.02565") + Decimal("0.00001")
    assert both.line_items == one.line_items + two.line_items
    assert (both.model, both.matched_as, both.match_rule, both.usage) == ("m", "m", "exact", None)
    assert (both.input, both.saved) == (one.input + two.input, one.saved)
    mixed = one + calculate(Usage(duration=1), "n")
    assert (mixed.model, mixed.matched_as) == (None, None)


def test_sum_of_thousands():
    """As deep as it gets: 3,000 x 0.02565, each line there, and picklable."""
    cost = calculate()
    total = sum(cost for _ in range(3000))
    assert str(total) == "76.95"
    assert len(total.line_items) == 15_000
    assert total.saved == Decimal("8.85")
    assert (total.lower_bound, total.unpriced, total.notes, total.billed_tier) == (False, (), (), "standard")
    assert str(pickle.loads(pickle.dumps(total))) == "76.95"


def test_only_costs_are_added():
    """And the 0 with which sum() begins."""
    cost = calculate()
    assert 0 + cost is cost
    for other in (1, 0.0, "0", None, True):
        with pytest.raises(TypeError):
            cost + other
        with pytest.raises(TypeError):
            other + cost


def test_a_sum_knows_that_it_is_a_lower_bound():
    """If any of its costs is one."""
    bound = calculate(Usage(input=5, maps_queries=1))
    for total in (calculate() + bound, bound + calculate()):
        assert (total.lower_bound, total.complete, total.unpriced) == (True, False, ("maps_queries",))
    assert (calculate() + calculate()).lower_bound is False


def test_facts_of_a_sum():
    """What all its costs say it says; where they differ it is mixed or unknown."""
    flex = calculate(service_tier="priority", served_tier="flex")
    fast = calculate(service_tier="priority")
    assert ((fast + fast).billed_tier, (flex + flex).billed_tier) == ("priority", "standard")
    assert (fast + flex).billed_tier == "mixed"
    assert ((fast + flex).requested_tier, (flex + flex).served_tier, (fast + flex).served_tier) == (
        "priority",
        "flex",
        None,
    )
    assert (fast + flex).notes == (*fast.notes, *flex.notes)
    dated = calculate()
    dated.basis = "exact"
    assert ((dated + dated).basis, (dated + calculate()).basis) == ("exact", "mixed")
    waived = calculate(cache_hit=True)
    assert ((waived + waived).waived, (waived + calculate()).waived) == (waived.waived, None)
    assert (waived + calculate()).saved == calculate().saved


# Lower bounds.


def test_what_makes_a_lower_bound():
    """Something unpriced, a usage that broke off, or an aggregate on a card with thresholds."""
    assert calculate().lower_bound is False
    assert calculate(Usage(input=5, maps_queries=1)).lower_bound
    partial = calculate(Usage(input=5, partial=True))
    assert (partial.lower_bound, partial.complete) == (True, False)
    assert partial.notes == ("the response broke off: this is a lower bound",)
    aggregate = Usage(input=150_000) + Usage(input=150_000)
    assert calculate(aggregate).lower_bound
    assert calculate(Usage(input_seconds=1) + Usage(input_seconds=1), "n").lower_bound is False


# Reported costs.

REPORTED = Usage(input=1000, reported="0.0042")


def test_a_reported_cost_is_the_only_line():
    """Our own calculation stands beside it, and the difference in the notes."""
    cost = calculate(REPORTED)
    assert amounts(cost) == [("reported", "0.0042")]
    assert (cost.reported, cost.calculated.total, cost.total) == (
        Decimal("0.0042"),
        Decimal("0.002"),
        Decimal("0.0042"),
    )
    assert (cost.complete, cost.unpriced, cost.lower_bound, cost.other) == (True, (), False, Decimal("0.0042"))
    assert cost.notes == ("the provider reports 0.0042 USD, the rate card gives 0.002 USD",)


def test_a_reported_cost_that_agrees_needs_no_remark():
    """1,000 x 2 per million are 0.002: only a report of another sum is remarked on."""
    cost = calculate(Usage(input=1000, reported="0.002"))
    assert (cost.counts, str(cost), str(cost.calculated)) == ("reported", "0.002", "0.002")
    assert cost.notes == ()
    assert [note.code for note in calculate(Usage(input=1000, reported="0.0021")).notes] == ["reported_differs"]


def test_a_reported_cost_has_no_cautions():
    """What was assumed for our own calculation is in no doubt where the provider states the sum."""
    assumed = ["tier_unknown"]
    assert [note.code for note in calculate(Usage(input=1000), service_tier="unheard-of").cautions] == assumed
    cost = calculate(REPORTED, service_tier="unheard-of")
    assert cost.cautions == ()
    assert [note.code for note in cost.calculated.cautions] == assumed


def test_a_sum_has_no_cautions_of_its_own():
    """They are those of its calls; its notes hold them too."""
    one = calculate(Usage(input=1000), service_tier="unheard-of")
    total = one + calculate(Usage(input=5))
    assert (one.cautions != (), total.cautions) == (True, ())
    assert [cost.cautions for cost in total.leaves()] == [one.cautions, ()]
    assert set(one.cautions) <= set(total.notes)


def test_the_calculated_cost_has_its_lines():
    """1,000 x 2 per million, also in the dict and in the explanation; a Cost that is calculated is its own."""
    cost = calculate(REPORTED)
    assert [(line.meter, line.quantity, str(line.amount)) for line in cost.calculated.line_items] == [
        ("input", 1000, "0.002")
    ]
    assert cost.to_dict()["calculated"]["line_items"] == [line.to_dict() for line in cost.calculated.line_items]
    assert "by the rate card" in cost.explain()
    assert [found.counts for found in (cost, calculate(), cost + cost, cost + calculate())] == [
        "reported",
        "calculated",
        "reported",
        "mixed",
    ]
    assert calculate().calculated == calculate()
    assert calculate().to_dict()["calculated"] is None


def kept():
    """Return Costs of every kind."""
    return [
        calculate(),
        calculate(REPORTED),
        calculate(REPORTED, "unheard-of"),
        calculate(cache_hit=True),
        calculate(Usage(input_seconds=1), "n"),
        calculate() + calculate(REPORTED),
        calculate(FIVE, service_tier="flex"),
        calculate(Usage(input=1, web_searches=2)),
    ]


@pytest.mark.parametrize("cost", kept(), ids=repr)
def test_a_cost_is_restored_from_its_dict(cost):
    """An equal one that says the same, through JSON; a pickle does likewise, and both once more."""
    stated = json.loads(json.dumps(cost.to_dict()))
    for found in (Cost.from_dict(stated), pickle.loads(pickle.dumps(cost))):
        assert found == cost
        assert hash(found) == hash(cost)
        assert found.to_dict() == cost.to_dict()
        assert found.as_integer_ratio() == cost.as_integer_ratio()
        assert (found.usage, found.segments) == (None, ())
        assert (
            pickle.loads(pickle.dumps(found)).to_dict() == Cost.from_dict(found.to_dict()).to_dict() == cost.to_dict()
        )
        assert found.with_note("kept").notes == (*cost.notes, "kept")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"schema": 1}, "schema=1"),
        ({"total": 0.5}, "total=0.5"),
        ({"total": "x"}, "total='x'"),
        ({"notes": "n"}, "notes='n'"),
        ({"unpriced": "n"}, "unpriced='n'"),
        ({"line_items": [{}]}, "line_items="),
        ({"tier": None}, "tier=None"),
        ({"fraction": "1/x"}, "fraction='1/x'"),
        ({"fraction": "1/0"}, "fraction='1/0'"),
        ({"fraction": "1/-3"}, "fraction='1/-3'"),
        ({"total": "Infinity"}, "total='Infinity'"),
        ({"saved": "NaN"}, "saved='NaN'"),
        ({"reported": "-Infinity"}, "reported='-Infinity'"),
        ({"model": 5}, "model=5"),
        ({"reported": 0.1}, "reported=0.1"),
        # As fractions they would have a million digits.
        ({"total": "1e999999"}, "total='1e999999'"),
        ({"saved": "1e-999999"}, "saved='1e-999999'"),
        ({"total": "0." + "0" * 5000 + "1"}, "total='0.000"),
    ],
)
def test_what_is_no_dict_of_a_cost_is_refused_by_field(change, named):
    """Nothing is guessed."""
    with pytest.raises(PriceDataError, match=re.escape(named)):
        Cost.from_dict({**calculate().to_dict(), **change})
    with pytest.raises(PriceDataError, match="schema=5"):
        Cost.from_dict(5)
    missing = calculate().to_dict()
    del missing["saved"]
    with pytest.raises(PriceDataError, match="saved=missing"):
        Cost.from_dict(missing)


def test_a_reported_cost_of_an_unknown_model():
    """There is no calculation, and no error."""
    cost = calculate(REPORTED, "unheard-of")
    assert (cost.calculated, cost.matched_as, cost.match_rule, cost.notes) == (None, None, None, ())
    assert (cost.model, cost.billed_tier, cost.saved) == ("unheard-of", "standard", 0)
    assert str(cost) == "0.0042"


def test_a_reported_zero_is_honoured():
    """Nothing was billed, and the provider says so."""
    cost = calculate(Usage(input=1000, reported=0))
    assert (str(cost), str(cost.calculated)) == ("0.00", "0.002")


def test_sums_of_reported_costs():
    """Reported and calculated add up; one unknown calculation makes the sum's unknown."""
    known, unknown, plain_cost = calculate(REPORTED), calculate(REPORTED, "unheard-of"), calculate()
    assert ((known + known).reported, (known + known).calculated.total) == (Decimal("0.0084"), Decimal("0.004"))
    assert ((known + plain_cost).reported, (known + plain_cost).calculated.total) == (None, Decimal("0.02765"))
    for total in (known + unknown, unknown + plain_cost, plain_cost + unknown + known):
        assert total.calculated is None
        assert pickle.loads(pickle.dumps(total)).calculated is None


# Free and waived calls.


def test_what_is_free_has_its_reason_as_the_only_line():
    """Also where a fee is agreed for every call."""
    prices = with_terms(Term("fee", (1, 100), "config"))
    cost = prices.calculate(usage=Usage(input=5, free="moderation is free"), model="m")
    assert [(line.meter, line.note, str(line.amount)) for line in cost.line_items] == [
        ("free", "moderation is free", "0")
    ]
    assert (str(cost), cost.complete, cost.notes) == ("0.00", True, ())


def test_a_waived_call_shows_what_it_would_have_been():
    """Every line is there, times 0, with the reason."""
    cost = calculate(cache_hit=True)
    assert (str(cost), len(cost.line_items), cost.calculated is cost) == ("0.00", 5, True)
    reason = "answered from the application's own cache"
    assert (cost.waived, cost.line_items[0].factors) == (reason, (f"x 0 ({reason})",))
    assert (cost.line_items[0].rate, cost.line_items[0].amount) == (Decimal("0.000002"), 0)
    assert with_terms(Term("fee", (1, 100), "config")).calculate(usage=FIVE, model="m", cache_hit=True).total == 0


def test_a_waived_time_costs_nothing_either():
    """A second and a half at 0.5 USD a second is 0.75; waived it is 0, and the rate stays on the line."""
    assert amounts(calculate(Usage(duration=1.5), "n")) == [("input_seconds", "0.75")]
    cost = calculate(Usage(duration=1.5), "n", cache_hit=True)
    assert amounts(cost) == [("input_seconds", "0")]
    assert (str(cost.line_items[0].quantity), cost.line_items[0].rate, cost.total) == ("1.5", Decimal("0.5"), 0)


@pytest.mark.parametrize("word", ["scale", "reserved", "provisioned_throughput", "PREPAID"])
def test_prepaid_capacity_adds_nothing(word):
    """The model's own work is paid for; its tools are not: 2 x 0.01."""
    cost = calculate(FIVE.replaced(service_tier=word))
    assert amounts(cost)[-1] == ("web_searches", "0.02")
    assert {amount for _, amount in amounts(cost)[:-1]} == {"0"}
    assert (str(cost), cost.billed_tier, cost.served_tier) == ("0.02", "standard", word)
    assert "prepaid" in str(cost.waived)


# Tiers: requested, served, billed.


@pytest.mark.parametrize(
    ("response", "facts", "billed", "million"),
    [
        (None, {}, "standard", "2"),
        (None, {"service_tier": "priority"}, "priority", "3"),
        ("default", {"service_tier": "priority"}, "standard", "2"),
        ("priority", {}, "priority", "3"),
        ("Priority", {"service_tier": "auto"}, "priority", "3"),
        ("fast", {}, "priority", "3"),
        ("default", {"served_tier": "priority"}, "priority", "3"),
        ("priority", {"served_tier": "standard"}, "standard", "2"),
        ("on_demand", {"service_tier": "priority"}, "standard", "2"),
        ("priority", {"batch": True}, "standard", "2"),
    ],
)
def test_which_tier_is_billed(response, facts, billed, million):
    """batch, else the caller's word on what was served, else the response's, else what was requested."""
    cost = calculate(Usage(input=1_000_000 - 800_000, service_tier=response), **facts)
    assert (cost.billed_tier, plain(cost.line_items[0].rate_per_million, 0)) == (billed, million)
    assert (cost.requested_tier, cost.served_tier) == (
        facts.get("service_tier"),
        facts.get("served_tier") or response,
    )


def test_unknown_and_unsold_tiers_are_billed_at_standard_with_a_note():
    """A word that nobody knows, and a tier for which the card has no rates."""
    assert calculate(service_tier="warp").notes == ("service tier 'warp' is not known: billed at standard",)
    assert calculate(service_tier="flex").notes == ("no flex rates for m: billed at standard",)
    assert calculate(service_tier="flex").billed_tier == "standard"


# Terms.

DISCOUNT, MARGIN, FEE = (
    Term("discount", (1, 10), "config", "a", "discount"),
    Term("margin", (1, 4), "config", "a", "margin"),
    Term("fee", (1, 100), "config", "a", "fee"),
)


def test_terms_are_lines_on_the_sum_before_them():
    """2 less 10 % is 1.8, plus 25 % is 2.25, plus 0.01 is 2.26; they count as other."""
    cost = with_terms(DISCOUNT, MARGIN, FEE).calculate(usage=Usage(output=250_000), model="m")
    assert amounts(cost) == [("output", "2"), ("discount", "-0.2"), ("margin", "0.45"), ("fee", "0.01")]
    assert (str(cost), cost.output, cost.other) == ("2.26", 2, Decimal("0.26"))
    assert cost.input + cost.output + cost.other == cost.total
    assert [(line.note, line.layer, line.price_key) for line in cost.line_items[1:]] == [
        ("10% of the sum before it", "config", "discount"),
        ("25% of the sum before it", "config", "margin"),
        ("", "config", "fee"),
    ]


def test_terms_are_on_parts_too():
    """The sum is of all that the call cost: 2 + 1 of the part, less 10 %."""
    usage = Usage(output=250_000, parts=(Usage(duration=2, model="n"),))
    cost = with_terms(DISCOUNT).calculate(usage=usage, model="m")
    assert amounts(cost) == [("output", "2"), ("input_seconds", "1"), ("discount", "-0.3")]


# Parts.


def test_each_part_is_rated_on_its_own_card():
    """Its line names its model; its context is its own."""
    usage = Usage(input=5, parts=(Usage(input=250_000), Usage(input_seconds=2, model="n")))
    cost = calculate(usage)
    assert [(line.model, line.meter, line.conditions, plain(line.amount, 0)) for line in cost.line_items] == [
        ("m", "input", "", "0.00001"),
        ("m", "input", "context > 200,000", "1"),
        ("n", "input_seconds", "", "1"),
    ]


def test_an_unknown_part_is_unpriced_and_marked():
    """The rest is priced, and is a lower bound."""
    cost = calculate(Usage(input=5, parts=(Usage(input=7, model="zz"),)))
    assert (str(cost), cost.unpriced, cost.lower_bound) == ("0.00001", ("input",), True)
    assert any("zz" in note for note in cost.notes)


# Values: equality, hashes, dicts, pickles.


def test_equal_costs():
    """The same total of the same lines; any other thing is not equal."""
    assert calculate() == calculate()
    assert hash(calculate()) == hash(calculate())
    assert calculate() != calculate(Usage(input=5))
    assert calculate(Usage(output=250)) != calculate(Usage(input=1000))
    assert calculate() != 0.02565
    assert calculate() != None  # noqa: E711 - the comparison is what is tested
    third = CostMap({"h": {"input_cost_per_second": "0.1"}, "g": {"input_cost_per_second": "0.10"}})
    assert len({third.calculate(duration=2, model="h"), third.calculate(duration=2, model="h")}) == 1


KEYS = [
    *("schema", "model", "matched_as", "match_rule", "provider", "total", "exact", "fraction", "input", "output"),
    *("other", "saved", "counts", "reported", "calculated", "complete", "lower_bound", "unpriced", "doubts", "waived"),
    *("tier", "basis", "line_items", "notes"),
]


@pytest.mark.parametrize(
    "cost",
    [
        calculate(),
        calculate(Usage(duration=Decimal("0.1"), maps_queries=1), "n"),
        calculate(REPORTED),
        calculate(REPORTED, "unheard-of"),
        calculate(cache_hit=True),
        calculate(Usage(free="why")),
        calculate() + calculate(Usage(duration=1), "n"),
        with_terms(DISCOUNT, FEE).calculate(usage=FIVE, model="m"),
        CostMap({"h": {"input_cost_per_hour": 1}}).calculate(duration=1, model="h"),
    ],
    ids=["plain", "unpriced", "reported", "unknown", "waived", "free", "sum", "terms", "inexact"],
)
def test_what_every_cost_can_do(cost):
    """A stable JSON-safe dict; a pickle that says the same; a copy; lines that add up."""
    found = cost.to_dict()
    assert list(found) == KEYS
    assert json.loads(json.dumps(found)) == found
    for twin in (pickle.loads(pickle.dumps(cost)), copy.deepcopy(cost), pickle.loads(pickle.dumps(cost, 2))):
        assert twin == cost
        assert twin.to_dict() == found
        assert (twin.saved, twin.waived, twin.provider, twin.response_cost) == (
            cost.saved,
            cost.waived,
            cost.provider,
            cost.response_cost,
        )
        assert (twin + cost).to_dict() == (cost + cost).to_dict()
        assert twin.segments == ()
        assert pickle.loads(pickle.dumps(twin)).to_dict() == found


def test_money_in_a_dict_is_text_without_exponents():
    """0.0000001 and not 1e-07."""
    found = calculate(Usage(input=1), input_cost_per_token="1e-7").to_dict()
    assert (found["total"], found["line_items"][0]["rate"]) == ("0.0000001", "0.0000001")


def test_a_pickled_cost_is_small():
    """Five lines in less than 1 KB: the lines and not the card."""
    cost = PRICES.calculate(
        usage=Usage(input=1000, cache_read=2000, cache_write=100, output=300, web_searches=2), model="m"
    )
    assert len(cost.line_items) == 5
    assert len(pickle.dumps(cost)) < 1024


def test_a_line_made_by_hand_has_every_field():
    """What a restored cost is made of."""
    with pytest.raises(TypeError, match=r"'quantity'"):
        LineItem("m", "input")


def test_what_a_kind_of_cost_does_not_say_is_nothing():
    """A kind that states nothing has no lines, no notes and no doubts."""
    cost = Cost()
    assert (cost.counts, cost.calculated is cost, cost.segments, cost.billed_tier) == (
        "calculated",
        True,
        (),
        "standard",
    )
    assert (cost.unpriced, cost.doubts, cost.lower_bound, cost.complete, cost.notes) == ((), (), False, True, ())
    assert (cost.matched_as, cost.match_rule, cost.provider, cost.saved) == (None, None, None, 0)
    assert list(cost.leaves()) == [cost]
    assert (cost.line_items, cost.input, cost.output, cost.other) == ((), 0, 0, 0)


@pytest.mark.parametrize(("answer", "thoughts"), [(30, 20), (59, 59), (1, 1)])
def test_a_split_has_no_side_below_zero(answer, thoughts):
    """A thought costs 5.3e-06 x 5.3e-07 / 4.7e-06 USD at flex, which no finite decimal states; the prompt costs 0."""
    row = {
        "input_cost_per_token": "1e-6",
        "output_cost_per_token": "4.7e-6",
        "output_cost_per_reasoning_token": "5.3e-6",
        "output_cost_per_token_flex": "5.3e-7",
    }
    usage = Usage(output=answer, reasoning=thoughts)
    cost = CostMap({"m": row}).calculate(usage=usage, model="m", service_tier="flex", strict=True)
    each = Fraction("5.3e-7")
    assert cost.split == (0.0, float(answer * each + thoughts * each * Fraction("5.3e-6") / Fraction("4.7e-6")))
