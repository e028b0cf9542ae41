"""Terms and fees as they are written: what they become, and what is said of each mistake."""

from __future__ import annotations

import pytest

from llmcost.prices.term_rows import fee_of, term_of

INFINITE = float("inf")
DISCOUNT = {"name": "volume", "kind": "discount", "value": 0.05}
NO_NUMBER = "a number >= 0 is expected: a share (0.05 is 5%), or USD for each call where the kind is fee"
NO_PRICE = "a price is a finite number >= 0, in USD per unit"


def term(**fields):
    """Return the term of these fields beside those of a discount, and what is wrong with it."""
    wrong = []
    found = term_of(
        {**DISCOUNT, **fields}, "registered", "llmcost.terms[0]", lambda field, why: wrong.append((field, why))
    )
    return found, wrong


def fee(stated):
    """Return the fee ``crm`` as it is stated, and what is wrong with it."""
    wrong = []
    return fee_of("crm", stated, "map", "m", lambda field, why: wrong.append((field, why))), wrong


def test_a_term_of_three_keys_holds_for_everything_at_any_time():
    """5% is the ratio 1/20; what is left out sets no limit."""
    found, wrong = term()

    assert wrong == []
    assert (found.name, found.kind, found.numerator, found.denominator) == ("volume", "discount", 1, 20)
    assert (found.layer, found.map_key, found.price_key) == ("registered", "volume", "llmcost.terms[0]")
    assert (found.meters, found.models, found.tags) == (frozenset(), (), frozenset())
    assert (found.start, found.until, found.used) == (-INFINITE, INFINITE, False)


def test_a_term_keeps_its_meters_models_tags_and_dates():
    """2026-01-01 begins 1767225600 seconds after 1970, and 2026-01-02 86400 seconds later; a fee's name is free."""
    found, wrong = term(
        meters=["input", "fee:crm"],
        models=["a", "openai/*"],
        tags=("resold",),
        **{"from": "2026-01-01", "until": "2026-01-02"},
    )

    assert wrong == []
    assert (found.meters, found.models, found.tags) == ({"input", "fee:crm"}, ("a", "openai/*"), {"resold"})
    assert (found.start, found.until) == (1767225600, 1767312000)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("discount", 1, (1, 1)),
        ("discount", " 0.25 ", (1, 4)),
        ("margin", 1.5, (3, 2)),
        ("fee", "2.5", (5, 2)),
        ("fee", 0, (0, 1)),
    ],
)
def test_a_value_is_a_number_or_its_text(kind, value, expected):
    """A discount is 100% at most; a margin may be above, and a fee is in USD."""
    found, wrong = term(kind=kind, value=value)

    assert wrong == []
    assert (found.kind, found.numerator, found.denominator) == (kind, *expected)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"meter": ["input"]}, [("meter", "is no key of a term. Did you mean 'meters'?")]),
        (
            {"xyz": 1},
            [("xyz", "is no key of a term. There are name, kind, value, meters, models, tags, from, until.")],
        ),
        ({"name": None}, [("name", "a term needs a name, which its line shows")]),
        ({"name": " "}, [("name", "a term needs a name, which its line shows")]),
        ({"kind": "tax"}, [("kind", "is one of discount, fee, margin")]),
        ({"kind": ["fee"]}, [("kind", "is one of discount, fee, margin")]),
        ({"value": None}, [("value", NO_NUMBER)]),
        ({"value": True}, [("value", NO_NUMBER)]),
        ({"value": "5%"}, [("value", NO_NUMBER)]),
        ({"value": float("inf")}, [("value", NO_NUMBER)]),
        ({"value": -0.1}, [("value", "it is below 0; a number >= 0 is expected")]),
        ({"value": 5}, [("value", "a discount above 1 (100%) would make a total negative; 0.05 is 5%")]),
        ({"meters": ["inptu"]}, [("meters", "'inptu' is no meter. Did you mean 'input'?")]),
        ({"meters": ["input", "zzz"]}, [("meters", "'zzz' is no meter.")]),
        (
            {"meters": "input"},
            [("meters", "a list of texts is expected, such as [input, or fee:name for a fee of your own]")],
        ),
        ({"models": []}, [("models", "a list of texts is expected, such as [a model_name, or openai/*]")]),
        ({"tags": ["a", ""]}, [("tags", "a list of texts is expected, such as [a tag of your calls]")]),
        ({"from": 2026}, [("from", "a day is written YYYY-MM-DD; with a time, 2026-08-24T02:00:00Z")]),
        (
            {"until": "soon"},
            [("until", "is no day: it is written YYYY-MM-DD, or with a time, 2026-08-24T02:00:00Z")],
        ),
        (
            {"from": "2026-01-02", "until": "2026-01-02"},
            [("until", "is not after from: the term never holds")],
        ),
    ],
)
def test_a_mistake_names_its_field_and_makes_no_term(fields, said):
    """Each key is looked at on its own; a wrong one leaves nothing that could be billed."""
    assert term(**fields) == (None, said)


def test_all_mistakes_of_a_term_are_said_at_once():
    """A person who wrote three of them mends them in one go."""
    found, wrong = term(name=7, kind="tax", value=-1)

    assert found is None
    assert [field for field, _ in wrong] == ["name", "kind", "value"]


@pytest.mark.parametrize(
    ("stated", "unit", "value"),
    [
        ({"unit": "lookup", "price": 0.002}, "lookup", (1, 500)),
        ({"price": " 0.25 "}, "call", (1, 4)),
        ("0.25", "call", (1, 4)),
        (3, "call", (3, 1)),
        ({"price": 0}, "call", (0, 1)),
    ],
)
def test_a_fee_is_a_price_with_or_without_its_unit(stated, unit, value):
    """What is counted is a call where nothing else is said."""
    found, wrong = fee(stated)

    assert wrong == []
    assert (found.name, found.unit, found.numerator, found.denominator) == ("crm", unit, *value)
    assert (found.layer, found.map_key, found.price_key) == ("map", "m", "llmcost.fees.crm")


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"prise": 1}, ("prise", "is no key of a fee; there are unit, price")),
        ({"unit": " ", "price": 1}, ("unit", "is what is counted, such as call")),
        ({"unit": None, "price": 1}, ("unit", "is what is counted, such as call")),
        ({"price": -1}, ("price", NO_PRICE)),
        ({"price": float("nan")}, ("price", NO_PRICE)),
        ({"unit": "lookup"}, ("price", NO_PRICE)),
        # A price alone is the whole of the fee: no field of it is wrong.
        ("much", ("", NO_PRICE)),
        (-1, ("", NO_PRICE)),
        ([1], ("", NO_PRICE)),
    ],
)
def test_a_mistake_of_a_fee_names_its_field(stated, said):
    """A fee that cannot be billed is none."""
    assert fee(stated) == (None, [said])
