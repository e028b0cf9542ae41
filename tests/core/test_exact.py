"""Exact numbers: every way of writing one, what is no number, and what comes out."""

from __future__ import annotations

from decimal import Decimal, localcontext
from enum import IntEnum
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llmcost.core.exact import decimal_of, exact_key, plain, plus, ratio


class Third(float):
    """A subclass, as number libraries have them, with a repr of its own."""

    def __repr__(self) -> str:
        return "Third()"


class Text(str):
    __slots__ = ()


class Count(IntEnum):
    THREE = 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, (0, 1)),
        (7, (7, 1)),
        (-7, (-7, 1)),
        (10**18 - 1, (10**18 - 1, 1)),
        # 2.5 / 1,000,000 = 1 / 400,000
        (2.5e-06, (1, 400_000)),
        (5e-06, (1, 200_000)),
        (0.1, (1, 10)),
        (1e16, (10**16, 1)),
        (12.0, (12, 1)),
        (-0.5, (-1, 2)),
        (0.0, (0, 1)),
        (-0.0, (0, 1)),
        ("0.000421", (421, 1_000_000)),
        ("4e-07", (1, 2_500_000)),
        ("0.42e-3", (21, 50_000)),
        (" 3 ", (3, 1)),
        (Decimal("0.10"), (1, 10)),
        (Decimal("1E+2"), (100, 1)),
        (Decimal("0E+999999"), (0, 1)),
        (Third(0.75), (3, 4)),
        (Text("0.5"), (1, 2)),
        (Count.THREE, (3, 1)),
    ],
)
def test_ratio_reads_what_is_written(value, expected):
    """A float is its shortest repr, text is decimal, and the result is reduced."""
    assert ratio(value) == expected


# 17 digits of a smaller float reach below the 40th place, which no price needs.
@given(st.floats(1e-24, 1e17, exclude_max=True))
def test_a_float_is_the_decimal_that_it_is_written_as(value):
    """However long its digits are and wherever its point stands."""
    assert ratio(value) == Decimal(repr(value)).as_integer_ratio()


@pytest.mark.parametrize("value", [True, False, None, b"1", [1], {}, 1j, object()])
def test_ratio_refuses_what_is_no_number(value):
    """A bool is no number either."""
    with pytest.raises(TypeError, match="not a number"):
        ratio(value)


@pytest.mark.parametrize("value", ["free", "1,5e-6", "", "1_000", "0x10", "1/3", "1" * 61, Text("x")])
def test_ratio_refuses_text_that_is_no_decimal(value):
    """Commas, underscores and endless texts are not decimals."""
    with pytest.raises(ValueError, match="not a decimal number"):
        ratio(value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "nan", "-Infinity", Decimal("sNaN")])
def test_ratio_refuses_what_is_not_finite(value):
    """NaN and infinities are not finite, whatever their type."""
    with pytest.raises(ValueError, match="not finite"):
        ratio(value)


@pytest.mark.parametrize(
    "value",
    [
        10**18,
        -(10**18),
        pytest.param(10**5000, id="5000 digits"),
        1e18,
        "1e18",
        "1e999999999",
        1e-41,
        Decimal("1E-41"),
        Decimal("0." + "1" * 41),
    ],
)
def test_ratio_refuses_what_is_beyond_every_price_and_count(value):
    """No number becomes an integer of a million digits."""
    with pytest.raises(ValueError, match="out of range"):
        ratio(value)


@pytest.mark.parametrize("value", [1e17, "1e-40", Decimal("9" * 18)])
def test_ratio_takes_what_is_just_within(value):
    """The other side of each limit."""
    assert Fraction(*ratio(value)) == Fraction(Decimal(str(value)))


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (0, 7, "0"),
        (5, 1, "5"),
        (-5, 1, "-5"),
        (5615, 1_000_000, "0.005615"),
        (1, 8, "0.125"),
        (-1, 8, "-0.125"),
        (3, 3, "1"),
        (6, 30, "0.2"),
        # 1 / 2**70 has 70 decimal places.
        (1, 2**70, "0." + str(5**70).rjust(70, "0")),
        (10**40 + 1, 10**20, "100000000000000000000.00000000000000000001"),
    ],
)
def test_decimal_of_is_exact_where_a_decimal_exists(numerator, denominator, expected):
    """Twos and fives in the denominator make a finite decimal, of any length."""
    found, exact = decimal_of(numerator, denominator)
    assert exact
    assert format(found, "f") == expected


def test_decimal_of_has_forty_digits_elsewhere():
    """A third is no decimal: 40 digits, rounded half to even, and said so."""
    assert decimal_of(1, 3) == (Decimal("0." + "3" * 40), False)
    assert decimal_of(-2, 3) == (Decimal("-0." + "6" * 39 + "7"), False)
    assert decimal_of(10**50, 7)[0].as_tuple().exponent == 50 - 40


def test_decimal_of_does_not_depend_on_the_context():
    """A caller with three digits of precision gets the same."""
    with localcontext() as context:
        context.prec = 3
        assert str(decimal_of(123456789, 10**9)[0]) == "0.123456789"
        assert str(decimal_of(2, 3)[0]) == "0." + "6" * 39 + "7"
        assert plain(Decimal("1234.56789")) == "1234.56789"
        assert plus(Decimal("1.2345"), 1) == Decimal("2.2345")


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (1, 2, "3"),
        (0.1, 0.2, "0.3"),
        (0, 0.25, "0.25"),
        (Decimal("0.5"), 0.5, "1"),
        (10**15, Decimal("0.1"), "1000000000000000.1"),
    ],
)
def test_plus_is_exact(one, two, expected):
    """A tenth and two tenths are three tenths; what is whole is an int."""
    found = plus(one, two)
    assert str(found) == expected
    assert type(found) is (Decimal if "." in expected else int)


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        ("0.0016150", 2, "0.001615"),
        ("1", 2, "1.00"),
        ("1.5", 2, "1.50"),
        ("0", 2, "0.00"),
        ("5E-6", 0, "0.000005"),
        ("1E+3", 0, "1000"),
        ("1.500", 0, "1.5"),
        ("-0.10", 2, "-0.10"),
    ],
)
def test_plain_has_no_exponent_and_no_tail(number, places, expected):
    """Money as text: no exponent, no trailing zeros but the two that money has."""
    assert plain(Decimal(number), places) == expected


class Money(float):
    """Somebody's own number, written in his own way."""

    def __repr__(self):
        return f"${float(self):.2f}"


def test_equal_values_are_one_key():
    """What is billed alike; a float is its shortest text, and 0.1 as a Decimal of its binary digits is none of it."""
    assert exact_key({"a": 1, "b": [0.5, {"c": "2"}]}) == exact_key({"a": 1, "b": (0.5, {"c": "2"})})
    assert exact_key(0.1) != exact_key(Decimal.from_float(0.1))
    assert exact_key(value=1) != exact_key(value=True)
    assert exact_key(Money(0.5)) == exact_key(Money(0.5)) != exact_key(Money(0.501))


def test_what_has_keys_alone_is_a_mapping():
    """As for dict(): keys() and [] are enough, as a row of a database has them."""

    class Row:
        def keys(self):
            return ["a"]

        def __getitem__(self, name):
            return {"a": 1}[name]

    assert exact_key(Row()) == exact_key({"a": 1})


@pytest.mark.parametrize("value", [object(), b"1", {"a": {1, 2}}])
def test_what_is_no_key(value):
    """Neither a number nor text, nor made of them."""
    with pytest.raises(TypeError):
        exact_key(value)


def test_a_mapping_of_another_kind_has_the_key_of_its_dict():
    """It may have nothing but keys and what stands under each."""

    class Mapped:
        def keys(self):
            return ["a"]

        def __getitem__(self, name):
            return 1

    assert exact_key(Mapped()) == exact_key({"a": 1}) != exact_key({"a": 2})
