"""Terms and fees of one's own: for which models they are, in which order, and which of two fees counts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from llmcost.core.term import Fee, Term
from llmcost.prices.contract import Contract
from llmcost.prices.entry import Entry
from llmcost.prices.layers import Layer
from llmcost.prices.listed import between_stars, fees_of, in_order, means, with_rows


def term(name, kind="discount", models=()):
    found = Term(kind, (1, 10), "registered", name)
    found.name, found.models = name, models
    return found


def layer(key, terms=(), fees=None):
    """Return the layer of a row with these terms and fees."""
    return Layer(Entry("registered", key), contract=Contract([], tuple(terms), fees))


def fee(price):
    return Fee("crm", "call", (price, 1), "registered")


@pytest.mark.parametrize(
    ("models", "names", "expected"),
    [
        ((), ("a",), True),
        ((), (), True),
        (("a",), ("a",), True),
        (("a",), ("b", "a"), True),
        (("a", "b"), ("b",), True),
        (("a",), ("ab",), False),
        (("a",), (), False),
        (("openai/*",), ("gpt-4o", "openai/gpt-4o"), True),
        (("openai/*",), ("gpt-4o",), False),
        (("*",), ("whatever",), True),
    ],
)
def test_a_term_is_for_the_models_that_it_names(models, names, expected):
    """A term without models is for all; a star stands for anything, and one name that fits is enough."""
    assert means(term("t", models=models), names) is expected


def test_discounts_come_before_margins_and_these_before_fees():
    """Of one kind, the one that was written first is applied first."""
    terms = [term("f", "fee"), term("m", "margin"), term("d2"), term("d1")]

    assert [one.name for one in in_order(terms)] == ["d2", "d1", "m", "f"]


def test_rows_add_the_terms_that_are_for_the_model():
    """Names that are not known (None) fit nothing; a layer without a contract has no terms."""
    own = term("own", "margin")
    layers = [layer("a", [term("for a", models=("a",)), term("for b", models=("b",))]), Layer(Entry("map", "a"))]

    found = with_rows((own,), layers, ("a", None))

    assert [one.name for one in found] == ["for a", "own"]


def test_the_fee_of_a_deployment_is_over_that_of_rows_and_those_over_that_of_all():
    """Of rows the stronger one, which stands first, counts: 1 for all, 3 and 2 of rows, 4 of the deployment."""
    for_all = SimpleNamespace(fees={"crm": fee(1), "export": fee(7)})
    layers = [layer("strong", fees={"crm": fee(3)}), Layer(Entry("map", "m")), layer("weak", fees={"crm": fee(2)})]
    deployment = SimpleNamespace(fees={"crm": fee(4)})

    def prices(*stated):
        return {name: one.numerator for name, one in fees_of(*stated).items()}

    assert prices(for_all, deployment, layers) == {"crm": 4, "export": 7}
    assert prices(for_all, None, layers) == {"crm": 3, "export": 7}
    assert prices(for_all, None, []) == {"crm": 1, "export": 7}
    assert prices(None, None, layers) == {"crm": 3}
    assert for_all.fees["crm"].numerator == 1


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*", "a/b", ["a/b"]),
        ("openai/*", "openai/", [""]),
        ("*-mini", "gpt-mini", ["gpt"]),
        ("*-mini", "gpt-max", None),
        ("a*c*e", "abcde", ["b", "d"]),
        ("a*c*e", "abde", None),
        ("a**b", "axb", ["", "x"]),
    ],
)
def test_each_star_stands_for_a_part_of_the_name(pattern, name, expected):
    """The parts between stars are looked for from left to right; an empty part is found where it stands."""
    assert between_stars(pattern, name) == expected
