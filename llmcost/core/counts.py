"""Counts: what a quantity may be, and the units in which images are sold."""

from __future__ import annotations

from math import isnan

from ..errors import InconsistentUsageError, MissingUsageError, shown
from .call import sides_of
from .exact import amount_of, decimal_of, ratio
from .late import Late
from .meters import PROMPT_METERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import decimal
    import numbers
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import TypeGuard

    Quantity = int | float | Decimal
    Quantities = dict[str, Quantity]
    # Those of one kind of number too.
    AnyQuantities = Mapping[str, Quantity]
else:
    # Most counts are whole numbers.
    decimal, numbers = Late("decimal"), Late("numbers")

# No request holds a thousand million million units; a counter that says so is broken.
MOST = 10**15
# A float above it has no more digits than an exact number may have.
_LEAST = 1e-20


def checked(name: str, value: object) -> Quantity:
    """Return a count as Python's own number: finite, >= 0, and not a bool.

    Raises:
        MissingUsageError: it is NaN or the like, which says that it is not known.
        InconsistentUsageError: it is anything else.
    """
    # What is measured is a fraction, and what is counted a whole number: neither needs a closer look.
    if (type(value) is int and 0 <= value <= MOST) or (
        type(value) is float and _LEAST < value < MOST and not value.is_integer()
    ):
        return value
    number = value
    if type(value) is not float or isnan(value):
        from .scalars import own

        try:
            number = own(value)
        except Exception as error:
            raise InconsistentUsageError(f"{name}={shown(value)} is not a count: it cannot be compared") from error
        if number is None and value is not None:
            raise MissingUsageError(
                f"{name}={shown(value)} states nothing, and a missing count is not zero: give the number, or leave "
                f"{name} out if nothing of it was used"
            )
    try:
        numerator, denominator = ratio(number) if not isinstance(number, str) else (-1, 1)
    except (TypeError, ValueError):
        numerator, denominator = -1, 1
    if numerator < 0 or numerator > MOST * denominator:
        from ..errors.foreign_values import class_name

        shows = isinstance(number, (str, int, float, decimal.Decimal, type(None)))
        text = shown(number) if shows else class_name(type(value))
        raise InconsistentUsageError(
            f"{name}={text} is not a count: it has to be a finite number >= 0", {}, {name: value}
        )
    if denominator == 1:
        return numerator
    if isinstance(number, (float, decimal.Decimal)):
        return number
    # A fraction without a finite decimal, such as 1/3, stays as it is.
    found, exact = decimal_of(numerator, denominator)
    return found if exact else number  # type: ignore[return-value]


def checked_part(name: str, value: object) -> Quantity:
    """Return a count as ``checked`` does, and 0 for one that a table leaves empty (NaN): a part need not be stated."""
    try:
        return checked(name, value)
    except MissingUsageError:
        return 0


def is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a number of any type: a database may hand out decimals. A truth value is no number.

    >>> from decimal import Decimal
    >>> is_number(5), is_number(Decimal("0.5")), is_number(True), is_number("5")
    (True, True, False, False)
    """
    if type(value) in _NO_NUMBERS:
        return False
    if isinstance(value, (int, float)):
        return True
    # A decimal is no Real. Its class is loaded for values of rare types alone.
    return isinstance(value, (decimal.Decimal, numbers.Real))


_NO_NUMBERS = frozenset({bool, str, dict, list, tuple, bytes, type(None)})


def is_stated(value: object) -> bool:
    """Return whether a value says anything: None, NaN, NaT and pandas.NA do not."""
    if type(value) in _ALWAYS_STATED or value is None:
        return value is not None
    if type(value) is float:
        return not isnan(value)
    from .scalars import is_missing

    return not is_missing(value)


# Types whose values always state something; None is looked at first.
_ALWAYS_STATED = frozenset({str, int, bool, dict})


def money(value: object) -> Decimal:
    """Return a reported cost as an exact Decimal; raise InconsistentUsageError for anything but a number >= 0."""
    amount = amount_of(value)
    if amount is None:
        raise InconsistentUsageError(f"reported={shown(value)} is no amount: it is a finite number of USD >= 0")
    return amount


def as_json(quantity: Quantity | str) -> int | float | str:
    """Return a quantity as JSON holds it: a number, or text where it is a decimal or a fraction."""
    return quantity if isinstance(quantity, (int, float)) else str(quantity)


def prompt_tokens(quantities: Quantities) -> int:
    """Return the tokens of the whole prompt: fresh, read from the cache, and written to it."""
    return sum(int(quantity) for meter, quantity in quantities.items() if meter in PROMPT_METERS)


IMAGE_UNITS = frozenset({"output_images", "output_pixels", "input_pixels", "input_images"})


def image_units(images: Quantity, size: str | None) -> tuple[Quantities, ...]:
    """Return the units in which generated images are sold: each, by the pixel, or under an input key.

    Older rows of public maps price what is generated under ``input_cost_per_pixel`` and ``input_cost_per_image``.

    >>> image_units(2, "1024x1536")
    ({'output_images': 2}, {'output_pixels': 3145728}, {'input_pixels': 3145728}, {'input_images': 2})
    """
    units: list[Quantities] = [{"output_images": images}]
    sides = sides_of(size)
    if sides is not None:
        pixels = images * sides[0] * sides[1]
        units += [{"output_pixels": pixels}, {"input_pixels": pixels}]
    return (*units, {"input_images": images})
