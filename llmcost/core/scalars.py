"""Scalars of numpy, pandas and their kind as Python's own, told by what they can do: no such library is imported.

Loaded where a value is not of Python's own types.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from numbers import Rational
from operator import index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

# Types of scalars, each with what makes its own value of one of a subclass.
_PLAIN: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (str, str.__str__),
    (int, int.__index__),
    (float, float.__float__),
    (Decimal, Decimal),
)

# Types whose values need no look; a float is not one of them, since it may be NaN.
OWN = frozenset({int, str, bool, dict, list, tuple, bytes, type(None)})


def own(value: object) -> object:
    """Return a scalar as a number or a time of Python's own types; None for NaN, NaT and pandas.NA; else the value.

    The last three are what tables make of an empty cell.

    >>> from fractions import Fraction
    >>> own(float("nan")), own(Fraction(6, 3)), own(Fraction(1, 3)), own(2.5), own([1])
    (None, 2, Fraction(1, 3), 2.5, [1])
    """
    if type(value) in OWN:
        return value
    if is_missing(value):
        return None
    if isinstance(value, dict):
        return value
    for python_type, plain in _PLAIN:
        if issubclass(type(value), python_type):
            # A subclass may have arithmetic, an equality and a text of its own.
            return plain(value)
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    if kind == _TIME:
        return str(value)
    if isinstance(kind, str) and kind in {_SPAN, _FLAG}:
        return value  # numpy reads both as integers: a span in a unit of its own, and a truth value as 0 or 1
    if isinstance(value, Rational):
        return int(value.numerator) if value.denominator == 1 else value
    try:
        integer = index(value)  # type: ignore[arg-type]
    except TypeError:
        return _of_item(value)
    # A mock answers to every method: an object counts as a number only if it equals the one that it gives.
    return integer if _agrees(value, integer) else value


def truth_of(value: object) -> bool | None:
    """Return a truth value as Python's own, also one of numpy; None for anything else, such as a number or a text."""
    if value is True or value is False:
        return value
    return bool(value) if getattr(getattr(value, "dtype", None), "kind", None) == _FLAG else None


def time_of(value: Any) -> object:
    """Return a time of Python's own as it is, and any other that writes itself as ISO text as this text; else None.

    >>> from datetime import date
    >>> time_of(date(2026, 1, 1))
    datetime.date(2026, 1, 1)
    """
    if isinstance(value, date):
        return value
    text = value.isoformat()
    return text if type(text) is str else None


# Objects inside each other that are looked into.
_DEEPEST = 32


def own_fields(fields: Mapping[str, object]) -> Mapping[str, object]:
    """Return a dict whose scalars are Python's own, those of the objects in it too; the same one if all are."""
    return _own_fields(fields, 0, {}) if type(fields) is dict else fields


def _own_fields(
    fields: dict[str, object], depth: int, converted: dict[int, Mapping[str, object]]
) -> Mapping[str, object]:
    """Look into each object once, however often it is held: an object that holds itself has no end."""
    found = converted.setdefault(id(fields), fields)
    if found is not fields or depth > _DEEPEST:
        return found
    changed = {}
    for name, value in fields.items():
        if type(value) is dict:
            inner: object = converted[id(value)] if id(value) in converted else _own_fields(value, depth + 1, converted)
        else:
            inner = own(value)
        if inner is not value:
            changed[name] = inner
    if changed:
        converted[id(fields)] = {**fields, **changed}
    return converted[id(fields)]


def is_missing(value: object) -> bool:
    """Return whether a value is NaN, NaT or pandas.NA: it differs from itself, or the comparison gives the value."""
    try:
        differs = value != value  # noqa: PLR0124 - NaN is what differs from itself
        return differs is value or bool(differs)
    except ArithmeticError:
        return True  # a signalling NaN
    except (TypeError, ValueError):
        return False  # an array says it of each of its values


def _agrees(value: object, plain: object) -> bool:
    try:
        return bool(value == plain)
    except (TypeError, ValueError):
        return False


def _of_item(value: object) -> object:
    """Return what a scalar of an array library holds."""
    item = getattr(value, "item", None)
    if not callable(item) or isinstance(value, type):
        return value
    try:
        inner = item()
    except (TypeError, ValueError):
        return value  # more than one value
    if isinstance(inner, float):
        # By the digits that it shows: a float32 of 0.1 is 0.1, and not 0.10000000149.
        try:
            return Decimal(str(value))
        except InvalidOperation:
            return inner
    return inner if type(inner) in OWN and _agrees(value, inner) else value


# What numpy calls the kinds of its times, which are finer than a datetime, and of what lies between two of them.
_TIME, _SPAN, _FLAG = "M", "m", "b"
