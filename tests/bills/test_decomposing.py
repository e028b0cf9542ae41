"""The difference between a bill and a log, as causes: each named with its amount, and their sum the difference."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.bills.causes import (
    DAY_BOUNDARY,
    DISCOUNT,
    EXTRA,
    MAYBE_BILLED,
    MISSING,
    OTHER_METER,
    OWN_RATE,
    RATE,
    ROUNDING,
    UNEXPLAINED,
)
from llmcost.bills.cells import NOT_STATED, Cell, Charge, Conditions, Counted, Day, Other, Part
from llmcost.bills.decomposing import decompose

DAY = date(2026, 11, 2)
# USD per token: of input, of what is read from the cache, of output; in a batch half, but for the cache.
RATES = {"input": Fraction("2e-6"), "cache_read": Fraction("2e-7"), "output": Fraction("8e-6")}
BATCH = {"input": Fraction("1e-6"), "output": Fraction("4e-6")}


class Card:
    """The prices of one model, ``m``: nothing is known of any other."""

    def rate(self, model, meter, day, conditions):
        if model != "m":
            return None
        return (BATCH if conditions.tier == "batches" else RATES).get(meter)

    def others(self, model, meters, day):
        yield Other("in batches", lambda meter, _: BATCH.get(meter))


def ours(quantity, meter="input", recorded=None, tier=None):
    """Return what the log says: so many units, priced by the card, and recorded as priced unless it is said."""
    priced = Fraction(quantity) * RATES[meter]
    paid = priced if recorded is None else Fraction(recorded)
    return {Counted(meter, Conditions(tier)): Part(Fraction(quantity), paid, priced)}


def cell(meter, log, bill, recorded=None):
    """Return a cell of so many units in the log and on the bill."""
    return Cell("m", meter, ours(log, meter, recorded) if log else {}, {NOT_STATED: Fraction(bill)}, calls=1)


def charge(billed, *cells, day=DAY, meter=None, slack=0):
    return Charge(day, "m", meter, Fraction(billed), Fraction(slack), cells, "bill.csv:2")


def causes(charges, days=None):
    """Return kind -> USD, and check that the sum is the difference."""
    pieces = decompose(charges, Card(), days or {})
    found = {}
    for piece in pieces:
        found[piece.kind] = found.get(piece.kind, 0) + piece.amount
    billed = sum(one.billed for one in charges)
    recorded = sum(cell.recorded for one in charges for cell in one.cells)
    assert sum(found.values()) == billed - recorded
    return found


def texts(charges, days=None):
    return {piece.text for piece in decompose(charges, Card(), days or {})}


def test_nothing_differs():
    """1,000 tokens at 2e-6 are 0.002 on both sides."""
    assert causes([charge("0.002", cell("input", 1000, 1000), meter="input")]) == {}


def test_our_logs_rate():
    """The log recorded 0.003 where the card says 0.002: the bill is 0.001 lower."""
    assert causes([charge("0.002", cell("input", 1000, 1000, recorded="0.003"))]) == {OWN_RATE: Fraction("-0.001")}


def test_another_meter():
    """800 of 1,000 tokens were read from the cache, at 2e-7 and not 2e-6: 800 x 1.8e-6 = 0.00144 less."""
    found = [
        charge("0.0004", cell("input", 1000, 200), meter="input"),
        charge("0.00016", cell("cache_read", 0, 800), meter="cache_read"),
    ]
    assert causes(found) == {OTHER_METER: Fraction("-0.00144")}
    pieces = decompose(found, Card(), {})
    assert {piece.text for piece in pieces} == {"tokens counted as input instead of cache_read"}
    assert [piece.quantity for piece in pieces] == [None, 800]


def test_calls_that_the_log_does_not_have():
    """500 tokens more on the bill: 0.001. Nothing in the log at all: the card's rate prices them."""
    assert causes([charge("0.003", cell("input", 1000, 1500))]) == {MISSING: Fraction("0.001")}
    assert causes([charge("0.003", cell("input", 0, 1500))]) == {MISSING: Fraction("0.003")}


def test_calls_that_the_bill_does_not_have():
    """The bill counts 400 of 1,000 tokens: 0.0012 less; and nothing where it has no line."""
    assert causes([charge("0.0008", cell("input", 1000, 400))]) == {EXTRA: Fraction("-0.0012")}
    assert causes([charge("0", Cell("m", "input", ours(1000), {}))]) == {EXTRA: Fraction("-0.002")}


def test_calls_that_may_have_been_billed():
    """One call broke off, and the bill has more than the log: it was billed."""
    found = [charge("0.003", cell("input", 1000, 1500))]
    assert causes(found, {(DAY, "m"): Day(calls=5, maybe_billed=1)}) == {MAYBE_BILLED: Fraction("0.001")}
    assert causes(found, {(DAY, "m"): Day(5, 6, maybe_billed=1)}) == {MAYBE_BILLED: Fraction("0.001")}


def test_more_calls_than_may_have_been_billed_are_missing():
    """The bill counts two requests more, of which one may be the one that broke off: which is not known."""
    found = [charge("0.003", cell("input", 1000, 1500))]
    assert causes(found, {(DAY, "m"): Day(5, 7, maybe_billed=1)}) == {MISSING: Fraction("0.001")}


def test_another_rate_of_the_card():
    """Everything at half: 0.001 and 0.0004 instead of 0.002 and 0.0008, as in a batch."""
    found = [
        charge("0.001", cell("input", 1000, 1000), meter="input"),
        charge("0.0004", cell("output", 100, 100), meter="output"),
    ]
    assert causes(found) == {RATE: Fraction("-0.0014")}
    assert texts(found) == {"in batches"}


def test_a_cell_that_the_card_lacks_stays_unexplained():
    """The batch has no rate for the cache; the bill has half of it: the ratio is said, and the rate is not spread."""
    found = [
        charge("0.001", cell("input", 1000, 1000), meter="input"),
        charge("0.0001", cell("cache_read", 1000, 1000), meter="cache_read"),
    ]
    assert causes(found) == {RATE: Fraction("-0.001"), UNEXPLAINED: Fraction("-0.0001")}
    said = "cache_read of m billed at 0.5 x the card's rate, which no other rate of the card is"
    assert texts(found) == {"in batches", said}


def test_the_tier_that_the_bill_states():
    """Of 1,000 tokens the bill has 400 in a batch, at half of 2e-6: 0.0004 less."""
    bill = {Conditions("standard"): Fraction(600), Conditions("batches"): Fraction(400)}
    found = [charge("0.0016", Cell("m", "input", ours(1000, tier="standard"), bill))]
    assert causes(found) == {RATE: Fraction("-0.0004")}
    assert texts(found) == {"billed as tier batches, as the bill states"}


def test_the_same_tiers_on_both_sides():
    """400 of 1,000 tokens in a batch on both sides: nothing differs."""
    log = {
        Counted("input", Conditions("standard")): Part(Fraction(600), Fraction("0.0012"), Fraction("0.0012")),
        Counted("input", Conditions("batches")): Part(Fraction(400), Fraction("0.0004"), Fraction("0.0004")),
    }
    bill = {Conditions("standard"): Fraction(600), Conditions("batches"): Fraction(400)}
    assert causes([charge("0.0016", Cell("m", "input", log, bill))]) == {}


def test_a_line_without_a_tier_is_for_none_that_other_lines_state():
    """600 tokens of no stated tier and 400 in a batch, as in the log: the first are those that are in no batch."""
    log = {
        Counted("input", Conditions("standard")): Part(Fraction(600), Fraction("0.0012"), Fraction("0.0012")),
        Counted("input", Conditions("batches")): Part(Fraction(400), Fraction("0.0004"), Fraction("0.0004")),
    }
    bill = {NOT_STATED: Fraction(600), Conditions("batches"): Fraction(400)}
    assert causes([charge("0.0016", Cell("m", "input", log, bill))]) == {}


def test_a_discount():
    """12 % off every line of two days: 0.12 x (0.002 + 0.0008) = 0.000336 a day."""
    found = [
        charge(billed, cell(meter, units, units), meter=meter, day=DAY + timedelta(days=day))
        for day in (0, 1)
        for meter, units, billed in (("input", 1000, "0.00176"), ("output", 100, "0.000704"))
    ]
    assert causes(found) == {DISCOUNT: Fraction("-0.000672")}
    assert texts(found) == {"discount 12 % on m"}


def test_a_discount_of_one_line_is_none():
    """One line alone at 0.88 may be anything."""
    assert causes([charge("0.00176", cell("input", 1000, 1000))]) == {UNEXPLAINED: Fraction("-0.00024")}


def test_a_discount_holds_for_every_line():
    """Input at 0.88 and output at the card's rate: no discount on the model."""
    found = [
        charge("0.00176", cell("input", 1000, 1000), meter="input"),
        charge("0.0008", cell("output", 100, 100), meter="output"),
        charge("0.00176", cell("input", 1000, 1000), meter="input", day=DAY + timedelta(days=1)),
        charge("0.0008", cell("output", 100, 100), meter="output", day=DAY + timedelta(days=1)),
    ]
    assert causes(found) == {UNEXPLAINED: Fraction("-0.00048")}


def test_a_discount_from_one_day_on():
    """The first day at the card's rates, the next two at 0.9: 0.1 x 0.0028 a day."""
    found = [
        charge(Fraction(billed) * share, cell(meter, units, units), meter=meter, day=DAY + timedelta(days=day))
        for day, share in enumerate((Fraction(1), Fraction("0.9"), Fraction("0.9")))
        for meter, units, billed in (("input", 1000, "0.002"), ("output", 100, "0.0008"))
    ]
    assert causes(found) == {DISCOUNT: Fraction("-0.00056")}


def test_a_discount_with_rounding():
    """0.88 x 0.002 = 0.00176 is written as 0.0018, and 0.88 x 0.0088 = 0.007744 as 0.0077: half a step is 0.00005."""
    found = [
        charge("0.0018", cell("input", 1000, 1000), meter="input", slack="0.00005"),
        charge("0.0077", cell("output", 1100, 1100), meter="output", slack="0.00005"),
    ]
    found_causes = causes(found)
    assert set(found_causes) == {DISCOUNT, ROUNDING}
    assert abs(found_causes[ROUNDING]) <= Fraction("0.0001")


@pytest.mark.parametrize(("billed", "kind"), [("0.00205", ROUNDING), ("0.002051", UNEXPLAINED)])
def test_rounding_up_to_half_a_step(billed, kind):
    """0.00005 is half of the last digit of 0.0001, and rounding; 0.000051 is not."""
    found = [charge(billed, cell("input", 1000, 1000), slack="0.00005")]
    assert causes(found) == {kind: Fraction(billed) - Fraction("0.002")}


def test_calls_of_the_next_day():
    """300 tokens on the day after, in the order of the bill: 0.0006 on each side, and 0 together."""
    found = [
        charge("0.0014", cell("input", 1000, 700)),
        charge("0.0026", cell("input", 1000, 1300), day=DAY + timedelta(days=1)),
    ]
    assert causes(found) == {DAY_BOUNDARY: 0}
    amounts = [piece.amount for piece in decompose(found, Card(), {})]
    assert amounts == [Fraction("-0.0006"), Fraction("0.0006")]


def test_days_that_do_not_agree_together_are_missing_calls():
    """One token more than was moved: nothing says which calls they are."""
    found = [
        charge("0.0014", cell("input", 1000, 700)),
        charge("0.002602", cell("input", 1000, 1301), day=DAY + timedelta(days=1)),
    ]
    assert causes(found) == {EXTRA: Fraction("-0.0006"), MISSING: Fraction("0.000602")}


def test_two_causes_in_one_cell():
    """500 tokens more, and all 1,500 at half the rate: 0.001 for the tokens, -0.0015 for the rate."""
    assert causes([charge("0.0015", cell("input", 1000, 1500))]) == {
        MISSING: Fraction("0.001"),
        RATE: Fraction("-0.0015"),
    }


def test_two_causes_of_which_one_is_unknown():
    """500 tokens more, and another 0.0001 that nothing explains."""
    assert causes([charge("0.0031", cell("input", 1000, 1500))]) == {
        MISSING: Fraction("0.001"),
        UNEXPLAINED: Fraction("0.0001"),
    }


def test_one_amount_for_all_meters():
    """One amount of the bill for input and output: the rate is looked for over both."""
    cells = (cell("input", 1000, 1000), cell("output", 100, 100))
    assert causes([charge("0.0028", *cells)]) == {}
    assert causes([charge("0.0014", *cells)]) == {RATE: Fraction("-0.0014")}


def test_a_bill_without_units():
    """Where the bill states no units, those of the log count; what is left is said."""
    found = [charge("0.0031", Cell("m", "input", ours(1000), None))]
    assert causes(found) == {UNEXPLAINED: Fraction("0.0011")}
    (text,) = texts(found)
    assert text.endswith("and the bill states no units")


def test_a_model_without_a_price():
    """Nothing is known of the model: its amount is not explained, and the reason is said."""
    found = [Charge(DAY, "other", "input", Fraction(1), cells=[Cell("other", "input", {}, {NOT_STATED: Fraction(5)})])]
    assert causes(found) == {UNEXPLAINED: 1}
    assert texts(found) == {"no price is known for input of other"}


UNITS = st.integers(0, 2000)
MONEY = st.fractions(-1, 1, max_denominator=10**6)


@st.composite
def charges(draw):
    """Return charges of any shape over a few days."""
    found = []
    for day in range(draw(st.integers(1, 4))):
        for meters in draw(st.lists(st.sets(st.sampled_from(sorted(RATES)), min_size=1), max_size=2)):
            cells = []
            for meter in sorted(meters):
                log = Fraction(draw(UNITS))
                # An amount without units, and one beside what the card has for them.
                beside = draw(st.sampled_from([Fraction(0), Fraction(1, 10)]))
                parts = {
                    Counted(meter, Conditions(tier)): Part(log, draw(MONEY), log * RATES[meter] + beside)
                    for tier in draw(st.sets(st.sampled_from([None, "standard", "batches"]), max_size=2))
                }
                bill = draw(
                    st.none()
                    | st.dictionaries(
                        st.sampled_from([NOT_STATED, Conditions("batches")]),
                        st.fractions(-2000, 2000, max_denominator=3),
                        max_size=2,
                    )
                )
                cells.append(Cell(draw(st.sampled_from(["m", "m", "x"])), meter, parts, bill))
            found.append(Charge(DAY + timedelta(days=day), "m", None, draw(MONEY), abs(draw(MONEY)) / 100, cells))
    return found


@given(charges())
def test_the_causes_add_up_to_the_difference(found):
    """Whatever stands on the bill and in the log: the sum of the causes is the difference, as a fraction."""
    causes(found)


@pytest.mark.parametrize(("units", "billed", "kinds"), [(0, 0, {UNEXPLAINED: -1}), (0, 1, {}), (500, 1, {})])
def test_an_amount_without_units(units, billed, kinds):
    """A call is logged with 1 USD and no units: it stands beside what units cost, and no other rate is named for it.

    500 units on the bill are 0.001 USD by the card; the bill has 1 USD for all of it, which is 0.001 too few.
    """
    theirs = {NOT_STATED: Fraction(units)} if units else {}
    found = charge(billed, Cell("m", "input", {Counted("input"): Part(Fraction(0), Fraction(1), Fraction(1))}, theirs))
    explained = {MISSING: Fraction("0.001"), UNEXPLAINED: Fraction("-0.001")} if units else kinds
    assert causes([found]) == explained
