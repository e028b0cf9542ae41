"""Exact numbers: any way a number is written -> integer ratio -> Decimal -> text.

A float is read by its shortest repr, so ``5e-06`` is five millionths and not the nearest binary
fraction. Nothing here depends on the caller's decimal context.
"""

from __future__ import annotations

from math import gcd

from .late import Late

TYPE_CHECKING = False
if TYPE_CHECKING:
    import decimal
    from decimal import Decimal
else:
    # Prices and costs are fractions of whole numbers. A Decimal is made when somebody reads one.
    decimal = Late("decimal")

# Far beyond any price, count or duration; keeps 1e999999 from becoming an integer of a million digits.
_LARGEST, _SMALLEST, _LONGEST = 18, -40, 60
_TOO_GREAT = 10**_LARGEST
# A float has 17 digits at most: between these bounds it needs no check of its length.
_LEAST_FLOAT, _MOST_FLOAT = 1e-20, 1e17


def ratio(value: object) -> tuple[int, int]:
    """Return a number as an exact, reduced ``(numerator, denominator)``.

    Takes int, float, Decimal, Fraction, decimal text, and scalars of array libraries. Raises TypeError for anything
    else (a bool too) and ValueError for what is not finite or beyond every price and count.

    >>> ratio(2.5e-06)
    (1, 400000)
    >>> ratio("0.42e-3")
    (21, 50000)
    """
    kind = type(value)
    if kind is int:
        integer: int = value  # type: ignore[assignment]
        if -_TOO_GREAT < integer < _TOO_GREAT:
            return integer, 1
        raise ValueError("out of range")
    if kind is float:
        if _LEAST_FLOAT < value < _MOST_FLOAT:  # type: ignore[operator]
            return _of_digits(repr(value))
        value = repr(value)
    elif kind is str:
        # Decimal() reads the digits of every script; in a price they are a mistake.
        if len(value) > _LONGEST or "_" in value or not value.isascii():  # type: ignore[arg-type, operator, attr-defined]
            raise ValueError("not a decimal number")
    elif isinstance(value, bool) or not isinstance(value, (int, float, str, decimal.Decimal)):
        return _foreign(value)
    elif isinstance(value, float):
        value = float.__repr__(value)
    elif isinstance(value, int):
        return ratio(int.__index__(value))
    try:
        number = decimal.Decimal(value)  # type: ignore[arg-type]
    except decimal.InvalidOperation:
        raise ValueError("not a decimal number") from None
    if not number.is_finite():
        raise ValueError("not finite")
    if not number:
        return 0, 1
    exponent = number.as_tuple().exponent
    if number.adjusted() >= _LARGEST or not isinstance(exponent, int) or exponent < _SMALLEST:
        raise ValueError("out of range")
    return number.as_integer_ratio()


def amount_of(value: object, per: int = 1) -> Decimal | None:
    """Return an amount, exact; None for what is negative or no number. ``per`` of the stated units make one.

    >>> amount_of("0.0045405"), amount_of(232856000, 10**10), amount_of(-1)
    (Decimal('0.0045405'), Decimal('0.0232856'), None)
    """
    try:
        numerator, denominator = ratio(value)
    except (TypeError, ValueError):
        return None
    return decimal_of(numerator, denominator * per)[0] if numerator >= 0 else None


def float_of(text: str) -> float | str:
    """Return the float that a text says; the text where a float would lose all of its digits and be 0.

    >>> float_of("2.5e-06"), float_of("0e-400"), float_of("1e-400")
    (2.5e-06, 0.0, '1e-400')
    """
    value = float(text)
    if value or not any(digit in "123456789" for digit in text.lower().partition("e")[0]):
        return value
    return text


def _of_digits(text: str) -> tuple[int, int]:
    """Return the ratio of a float as Python writes it.

    >>> _of_digits("2.5e-06"), _of_digits("0.375"), _of_digits("1e+16")
    ((1, 400000), (3, 8), (10000000000000000, 1))
    """
    digits, _, exponent = text.partition("e")
    integer, _, fraction = digits.partition(".")
    number, places = int(integer + fraction), len(fraction) - int(exponent or 0)
    if places <= 0:
        return number * 10**-places, 1
    denominator = 10**places
    divisor = gcd(number, denominator)
    return number // divisor, denominator // divisor


def _foreign(value: object) -> tuple[int, int]:
    """Return the ratio of a number of an unusual type."""
    from numbers import Rational

    from .scalars import own

    try:
        found = own(value)
    except Exception as error:
        raise TypeError(f"not a number: it raises {type(error).__name__} when it is compared") from error
    if not isinstance(found, bool):
        if isinstance(found, (int, float, decimal.Decimal)):
            return ratio(found)
        if isinstance(found, Rational):
            numerator, denominator = int(found.numerator), int(found.denominator)
            if abs(numerator) < 10**_LARGEST * denominator and denominator < 10**-_SMALLEST:
                return numerator, denominator
            raise ValueError("out of range")
    raise TypeError("not a number")


def decimal_of(numerator: int, denominator: int) -> tuple[Decimal, bool]:
    """Return the quotient, and whether it is exact.

    It is exact whenever a finite decimal exists; otherwise it has 40 significant digits.

    >>> decimal_of(5615, 1000000)
    (Decimal('0.005615'), True)
    >>> decimal_of(1, 3)[1]
    False
    """
    if denominator == 1:
        return decimal.Decimal(numerator), True
    twos = (denominator & -denominator).bit_length() - 1
    odd = denominator >> twos
    fives = 0
    while odd % 5 == 0:
        odd //= 5
        fives += 1
    if numerator % odd:
        return _divided(numerator, denominator), False
    places = max(twos, fives)
    digits = numerator * 10**places // denominator
    while places and digits % 10 == 0:
        digits //= 10
        places -= 1
    # The text form is exact whatever the caller's context; scaleb() would round to its precision.
    return decimal.Decimal(f"{digits}E-{places}"), True


def _divided(numerator: int, denominator: int) -> Decimal:
    """Return a quotient that is no finite decimal, with its first 40 digits."""
    context = decimal.Context(
        prec=40, rounding=decimal.ROUND_HALF_EVEN, Emin=-999999, Emax=999999, capitals=1, clamp=0, traps=[]
    )
    return context.divide(decimal.Decimal(numerator), decimal.Decimal(denominator))


def plus(one: float | Decimal, two: float | Decimal) -> int | Decimal:
    """Return the exact sum of two quantities, each read as it is written.

    >>> from decimal import Decimal
    >>> plus(1, 2), plus(0.1, 0.2), plus(Decimal("0.5"), 0.5)
    (3, Decimal('0.3'), 1)
    """
    if type(one) is int and type(two) is int:
        return one + two
    (n, d), (m, e) = ratio(one), ratio(two)
    total, _ = decimal_of(n * e + m * d, d * e)
    integer = int(total)
    return integer if integer == total else total


def plain(number: Decimal, places: int = 2) -> str:
    """Return a number without exponent and without trailing zeros, but with some decimal places.

    >>> from decimal import Decimal
    >>> plain(Decimal("0.0016150")), plain(Decimal(1)), plain(Decimal("5E-6"), 0)
    ('0.001615', '1.00', '0.000005')
    """
    text = format(number, "f")
    integer, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) < places:
        fraction = fraction.ljust(places, "0")
    return f"{integer}.{fraction}" if fraction else integer


def exact_key(value: object) -> object:
    """Return a key that is equal for values that are billed alike, nested values too.

    Numbers are compared by their value, since a foreign type may write itself in any way.

    >>> exact_key({"a": [1, "2"]}) == exact_key({"a": [1, "2"]}), exact_key(0.5) == exact_key(0.25)
    (True, False)

    Raises TypeError or ValueError for anything but numbers, text and containers of them.
    """
    kind = type(value)
    if kind is float or kind is int or kind is str or kind is bool or value is None:
        return kind, value
    if isinstance(value, dict) or hasattr(value, "keys"):
        named = value if isinstance(value, dict) else dict(value)  # type: ignore[call-overload]
        return tuple([(name, exact_key(inner)) for name, inner in named.items()])
    if isinstance(value, (list, tuple)):
        return list, tuple([exact_key(inner) for inner in value])
    return (kind, value) if kind is decimal.Decimal else ratio(value)
