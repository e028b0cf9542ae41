"""Terms and fees in the block ``llmcost`` of a row: what they cost, and where a mistake stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from llmcost import CostMap, PriceDataError, Usage

MILLION = Usage(input=1_000_000)


def bill(options, registered, **call):
    """Return the cost of a million tokens at 2 USD, under these options of the row."""
    row = {"m": {"input_cost_per_token": "2e-6", "llmcost": options}}
    prices = CostMap({} if registered else row)
    if registered:
        prices.register(row)
    return prices.calculate(usage=MILLION, model="m", **call)


@pytest.mark.parametrize("registered", [False, True])
@pytest.mark.parametrize("options", [{}, {"prices": None, "terms": None, "fees": None}, {"terms": [], "fees": {}}])
def test_an_empty_block_changes_nothing(options, registered):
    """What is named and left empty says nothing."""
    cost = bill(options, registered)

    assert (cost.total, cost.notes, len(cost.line_items)) == (2, (), 1)


@pytest.mark.parametrize("registered", [False, True])
def test_terms_of_a_row_are_lines_of_the_bill(registered):
    """A tenth off 2 USD, then half of 1.80 on top, then 0.25 USD for the call: 1.80 + 0.90 + 0.25."""
    terms = [
        {"name": "per call", "kind": "fee", "value": "0.25"},
        {"name": "resale", "kind": "margin", "value": 0.5},
        {"name": "volume", "kind": "discount", "value": 0.1},
        {"name": "other", "kind": "discount", "value": 0.9, "models": ["another"]},
    ]

    cost = bill({"terms": terms}, registered)

    assert [(line.meter, line.map_key, str(line.amount)) for line in cost.line_items[1:]] == [
        ("discount", "volume", "-0.2"),
        ("margin", "resale", "0.9"),
        ("fee", "per call", "0.25"),
    ]
    assert cost.total == Decimal("2.95")
    assert [line.price_key for line in cost.line_items[1:]] == [f"llmcost.terms[{index}]" for index in (2, 1, 0)]


@pytest.mark.parametrize(("at", "expected"), [("2025-12-31", 2), ("2026-01-01", 1), ("2026-02-01", 2)])
@pytest.mark.parametrize("registered", [False, True])
def test_a_term_of_a_row_holds_between_its_dates(at, expected, registered):
    """Half of 2 USD, in January 2026 alone."""
    term = {"name": "half", "kind": "discount", "value": 0.5, "from": "2026-01-01", "until": "2026-02-01"}

    assert bill({"terms": [term]}, registered, at=at).total == expected


@pytest.mark.parametrize("registered", [False, True])
def test_fees_of_a_row_price_what_a_call_counts(registered):
    """3 lookups at 0.5 USD, and 2 exports at 0.25."""
    options = {"fees": {"crm": {"unit": "lookup", "price": "0.5"}, "export": 0.25}}

    cost = bill(options, registered, fees={"crm": 3, "export": 2})

    assert [(line.meter, line.unit, str(line.amount)) for line in cost.line_items[1:]] == [
        ("fee:crm", "lookup", "1.5"),
        ("fee:export", "call", "0.5"),
    ]
    assert cost.total == 4


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"terms": "x"}, "llmcost.terms = 'x': a list of terms is expected"),
        ({"terms": [7]}, "llmcost.terms[0] = 7: a mapping of name, kind and value is expected"),
        ({"terms": [{"name": "a", "kind": "tax", "value": 1}]}, "llmcost.terms[0].kind = 'tax': is one of discount"),
        ({"terms": [{"name": "a", "kind": "fee"}]}, "llmcost.terms[0].value: a number >= 0 is expected"),
        ({"fees": [1]}, "llmcost.fees = [1]: a mapping of names to {unit, price} is expected"),
        ({"fees": {"crm": "much"}}, "llmcost.fees.crm = 'much': a price is a finite number >= 0"),
        ({"fees": {"crm": {"price": -1}}}, "llmcost.fees.crm.price = -1: a price is a finite number >= 0"),
        ({"fees": {"crm": {"prise": 1}}}, "llmcost.fees.crm.prise = 1: is no key of a fee; there are unit, price"),
    ],
)
@pytest.mark.parametrize(("registered", "where"), [(False, "map m"), (True, "registered m")])
def test_a_mistake_names_the_row_and_where_it_stands_in_it(options, said, registered, where):
    """The error begins with the layer and the row, so that it is found in a file of a thousand rows."""
    with pytest.raises(PriceDataError) as error:
        bill(options, registered)

    assert str(error.value).startswith(f"{where}: {said}")
