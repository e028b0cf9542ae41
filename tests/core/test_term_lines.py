"""Terms on the sum before them or on what some meters cost, and fees of one's own: what each line is, to the cent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from llmcost import Usage
from llmcost.core.call import Call
from llmcost.core.exact import plain
from llmcost.core.notes import Note
from llmcost.core.rate import Rate
from llmcost.core.ratecard import RateCard
from llmcost.core.rating import Segment, rate
from llmcost.core.tariff import tariff_of
from llmcost.core.term import Fee, Term
from llmcost.core.term_lines import with_fees, with_terms

# 2 USD a token of the prompt, 8 USD a token of the answer, 1 USD a search.
PRICES = {"input": (2, 1), "output": (8, 1), "web_searches": (1, 1)}
CARD = RateCard([Rate(meter, (), usd, "map", "m", meter) for meter, usd in PRICES.items()], name="m")


def segment(**quantities) -> Segment:
    usage = Usage(**quantities)
    return rate(usage, tariff_of(CARD, Call(usage.context)), "m")


def term(kind, value, *meters, name="") -> Term:
    found = Term(kind, value, "config", "m", f"llmcost.{kind}")
    found.meters, found.name = frozenset(meters), name
    return found


def termed(terms, segments, fees=None) -> tuple[Fraction, list[tuple[str, str]]]:
    """Return the sum with terms, and the kind and amount of each line; the sum before them is that of the parts."""
    fees = fees or {}
    before = sum((Fraction(*sum_of) for sum_of in fees.values()), Fraction(0))
    before += sum((Fraction(one.numerator, one.denominator) for one in segments), Fraction(0))
    whole, lines = with_terms(terms, segments, before.as_integer_ratio(), "m", fees)
    return Fraction(*whole), [(line.meter, plain(line.amount, 0)) for line in lines]


# Terms on meters.


def test_a_term_on_meters_is_a_share_of_what_they_cost():
    """5 x 2 and 10 x 8: 10 % of 80 is 8, and the prompt is untouched."""
    off = term("discount", (1, 10), "output")
    assert termed([off], [segment(input=5, output=10)]) == (82, [("discount", "-8")])
    assert off.used


def test_a_term_on_meters_is_on_all_parts_of_a_call():
    """80 in one part and 16 in another are 96; half of it is 48, of 112 with both prompts."""
    parts = [segment(input=5, output=10), segment(input=3, output=2)]
    assert termed([term("discount", (1, 2), "output")], parts) == (64, [("discount", "-48")])


def test_each_term_is_on_what_the_terms_before_it_left():
    """80 less 50 % is 40, plus 10 % is 44; 20 % of 10 + 44 is 10.8, and of the answer 35.2 are left, half is 17.6."""
    terms = [
        term("discount", (1, 2), "output"),
        term("margin", (1, 10), "output"),
        term("discount", (1, 5)),
        term("discount", (1, 2), "output"),
    ]
    expected = [("discount", "-40"), ("margin", "4"), ("discount", "-10.8"), ("discount", "-17.6")]
    # 8 of the prompt and 17.6 of the answer.
    assert termed(terms, [segment(input=5, output=10)]) == (Fraction("25.6"), expected)


def test_a_fee_is_on_no_meter_and_under_the_terms_behind_it():
    """4 USD beside 10: the half of all is 7, of which 2 are of the fee; a fee counts for no term on meters."""
    fee = term("fee", (4, 1))
    assert termed([fee, term("discount", (1, 2))], [segment(input=5)]) == (7, [("fee", "4"), ("discount", "-7")])
    # The same where another term names a meter: all of the prompt is off, and half of the two fees of 4.
    terms = [fee, term("discount", (1, 1), "input"), fee, term("discount", (1, 2))]
    expected = [("fee", "4"), ("discount", "-10"), ("fee", "4"), ("discount", "-4")]
    assert termed(terms, [segment(input=5)]) == (4, expected)


def test_a_term_on_several_meters_is_one_line():
    """A quarter of 10 and of 3 searches, 13 in all; the answer of 8 is none of it."""
    off = term("discount", (1, 4), "input", "web_searches", "reasoning")
    call = [segment(input=5, output=1, web_searches=3)]
    assert termed([off], call) == (Fraction("17.75"), [("discount", "-3.25")])


def test_a_term_on_meters_that_were_not_used_is_on_no_bill():
    """It has no line and was not used; a fee on a meter is for calls that use it."""
    off, fee = term("discount", (1, 2), "output"), term("fee", (4, 1), "web_searches")
    assert termed([off, fee], [segment(input=5)]) == (10, [])
    assert (off.used, fee.used) == (False, False)
    assert termed([off, fee], [segment(input=5, web_searches=1)]) == (15, [("fee", "4")])
    assert (off.used, fee.used) == (False, True)


def test_a_fee_for_each_call_is_on_a_call_without_any_cost():
    """No meter is priced; the term on meters is on no bill, the fee is, and half of it is off."""
    terms = [term("discount", (1, 2), "output"), term("fee", (4, 1)), term("discount", (1, 2))]
    assert termed(terms, [segment()]) == (2, [("fee", "4"), ("discount", "-2")])


def test_what_is_waived_or_unknown_has_no_share():
    """Bought capacity pays for the answer, so that nothing is taken off it; an unknown part has no cost at all."""
    bought = segment(output=10, web_searches=3).waive("bought", fees=False)
    unknown = Segment(Usage(output=5), "zz", None, {}, ("output",))
    half = [term("discount", (1, 2), "output"), term("discount", (1, 3), "web_searches")]
    assert termed(half, [bought, unknown]) == (2, [("discount", "-1")])


def test_a_term_may_be_on_a_fee_of_ones_own():
    """A third of 6 is 2; the prompt of 10 is none of it."""
    off = term("discount", (1, 3), "fee:crm")
    assert termed([off], [segment(input=5)], {"fee:crm": (6, 1), "fee:export": (1, 1)}) == (15, [("discount", "-2")])
    assert termed([term("margin", (1, 2))], [segment(input=5)], {"fee:crm": (6, 1)}) == (24, [("margin", "8")])


def test_a_discount_of_all_leaves_nothing():
    """And one behind it takes nothing, so that no total is below 0."""
    all_of_it = term("discount", (1, 1))
    assert termed([all_of_it, all_of_it], [segment(input=5)]) == (0, [("discount", "-10"), ("discount", "0")])


# What the line of a term says.


@pytest.mark.parametrize(
    ("stated", "notes"),
    [
        (term("discount", (1, 8)), (Note("share_of_sum", "12.5% of the sum before it", "discount"),)),
        (
            term("margin", (1, 5), "output", "input", name="partner"),
            (Note("share_of_sum", "partner: 20% of what input, output cost before it", "margin"),),
        ),
        (
            term("discount", (1, 10), "output", "reasoning"),
            (Note("share_of_sum", "10% of what output cost before it", "discount"),),
        ),
        (term("fee", (4, 1)), ()),
        (term("fee", (4, 1), name="gateway"), (Note("fee_of_a_term", "gateway: for each call", "fee"),)),
    ],
    ids=["share", "named, on meters", "on a meter that is not used", "fee", "named fee"],
)
def test_the_line_of_a_term_says_what_it_is_on(stated, notes):
    """In percent, of which meters, and what a listed term is called; a fee of a setting says all by its name."""
    _, (line,) = with_terms([stated], [segment(input=5, output=10)], (90, 1), "m", {})
    assert [note.to_dict() for note in line.notes] == [note.to_dict() for note in notes]
    assert (line.model, line.quantity, line.unit, line.rate) == ("m", 1, "term", line.amount)
    assert (line.layer, line.map_key, line.price_key) == ("config", "m", f"llmcost.{stated.kind}")


# Fees of one's own.

CRM = Fee("crm", "lookup", (1, 500), "config", "m", "llmcost.fees.crm")
ZAPIER = Fee("zapier/*", "call", (1, 100), "config", "", "mcp_servers.zapier")
EMAIL = Fee("zapier/send_email", "call", (1, 20), "config", "", "mcp_servers.zapier")
KNOWN = {fee.name: fee for fee in (CRM, ZAPIER, EMAIL)}


def test_a_fee_of_ones_own_is_a_line_with_its_price():
    """3 x 0.002 and 1.5 x 0.05; the line says who set the price."""
    call = segment(input=5)
    sums, lines = with_fees({"crm": 3, "zapier/send_email": Decimal("1.5")}, KNOWN, [call], "m", None)

    assert {meter: Fraction(*found) for meter, found in sums.items()} == {
        "fee:crm": Fraction("0.006"),
        "fee:zapier/send_email": Fraction("0.075"),
    }
    assert [line.values() for line in lines] == [
        (
            *("m", "fee:crm", 3, "lookup", Decimal("0.002"), Decimal("0.006")),
            *("", (), "config", "m", "llmcost.fees.crm", ()),
        ),
        (
            *("m", "fee:zapier/send_email", Decimal("1.5"), "call", Decimal("0.05"), Decimal("0.075")),
            *("", (), "config", "", "mcp_servers.zapier", ()),
        ),
    ]
    assert (call.unpriced, call.notes) == ((), ())


def test_a_fee_with_a_star_is_for_names_without_a_price_of_their_own():
    """send_email has its own 0.05; another tool of the server costs 0.01; a tool of another server has no price."""
    call = segment(input=5)
    sums, lines = with_fees({"zapier/send_email": 2, "zapier/other": 2, "slack/other": 2}, KNOWN, [call], "m", None)

    assert [(line.meter, plain(line.amount, 0)) for line in lines] == [
        ("fee:zapier/send_email", "0.1"),
        ("fee:zapier/other", "0.02"),
    ]
    assert list(sums) == ["fee:zapier/send_email", "fee:zapier/other"]
    assert call.unpriced == ("fee:slack/other",)


@pytest.mark.parametrize(("known", "names"), [(KNOWN, "crm, zapier/*, zapier/send_email"), ({}, "none")])
def test_a_fee_without_a_price_is_unpriced_and_names_those_there_are(known, names):
    """It is never 0: the first segment marks it, beside what it marks already."""
    call = segment(input=5, maps_queries=1)
    other = segment(input=1)
    call.notes = (Note("caller", "said before"),)

    assert with_fees({"crn": 3}, known, [call, other], "m", None) == ({}, [])

    said = f"no price is known for the fee 'crn': llmcost.fees of the configuration has {names}"
    assert call.unpriced == ("maps_queries", "fee:crn")
    assert call.notes[0] == "said before"
    assert [note.to_dict() for note in call.notes[1:]] == [
        {"code": "fee_without_price", "text": said, "about": "fee:crn"}
    ]
    assert (other.unpriced, other.notes) == ((), ())


def test_fees_of_a_waived_call_cost_nothing():
    """The line is 0 and says why; a fee without a price is missed by nobody."""
    call = segment(input=5)
    sums, (line,) = with_fees({"crm": 3, "crn": 3}, KNOWN, [call], "m", "from the own cache")

    assert sums == {"fee:crm": (0, 1)}
    assert (line.meter, line.quantity, line.rate, line.amount) == ("fee:crm", 3, Decimal("0.002"), 0)
    assert line.factors == ("x 0 (from the own cache)",)
    assert (call.unpriced, call.notes) == ((), ())
