"""A Cost that was kept as JSON: what is read from what ``Cost.to_dict`` wrote."""

from __future__ import annotations

from decimal import Decimal

from ..errors import PriceDataError, shown
from .counts import checked
from .notes import from_dicts
from .signatures import as_signed
from .statement import SCHEMA, STATED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .counts import Quantity


# Digits that no amount has.
_LONGEST = 1000


@as_signed
def read(stated: Mapping[str, object]) -> tuple[Any, Any, Any, Any, Any]:
    """Return what ``Cost.to_dict`` has written: total, saving, what is stated, lines, and the calculated dict or None.

    Raises PriceDataError, which names the field, if the dict has another form.
    """
    if not isinstance(stated, dict) or stated.get("schema") != SCHEMA:
        found = stated.get("schema") if isinstance(stated, dict) else stated
        raise PriceDataError(f"schema={shown(found)}: Cost.from_dict takes what Cost.to_dict writes, schema {SCHEMA}")
    fraction = _field(stated, "fraction", lambda value: None if value is None else _fraction(value))
    total = fraction or _field(stated, "total", lambda value: _money(value).as_integer_ratio())
    tier = _field(stated, "tier", _tier)
    calculated = _field(stated, "calculated", lambda value: value if value is None else dict(value))
    facts: dict[str, object] = {
        name: _field(stated, name, _text) for name in ("model", "waived", "matched_as", "match_rule", "provider")
    }
    facts["unpriced"] = _field(stated, "unpriced", _texts)
    facts |= {name: _field(stated, name, from_dicts) for name in ("doubts", "notes")}
    facts |= {name: _field(stated, name, _word) for name in ("basis", "counts")}
    facts |= {"requested_tier": tier[0], "served_tier": tier[1], "billed_tier": tier[2]}
    facts["lower_bound"] = _field(stated, "lower_bound", _flag)
    facts["reported"] = _field(stated, "reported", lambda value: None if value is None else _money(value))
    return (
        total,
        _field(stated, "saved", lambda value: _money(value).as_integer_ratio()),
        tuple(facts[name] for name in STATED),
        tuple(_field(stated, "line_items", lambda lines: [_line(line) for line in lines])),
        calculated,
    )


def _line(line: Mapping[str, Any]) -> tuple[Any, ...]:
    quantity = line["quantity"]
    return (
        _word(line["model"]),
        _word(line["meter"]),
        checked("quantity", _quantity(quantity) if isinstance(quantity, str) else quantity),
        _word(line["unit"]),
        _money(line["rate"]),
        _money(line["amount"]),
        _word(line["conditions"]),
        _texts(line["factors"]),
        *(_word(line[name]) for name in ("layer", "map_key", "price_key")),
        from_dicts(line["notes"]),
    )


def _quantity(text: str) -> Quantity:
    """Return a quantity from its text: a decimal, or a fraction such as ``1/3``."""
    if "/" not in text:
        return Decimal(text)
    from fractions import Fraction

    return Fraction(text)  # type: ignore[return-value]


def _field(stated: Mapping[str, Any], name: str, read: Callable[[Any], Any]) -> Any:
    try:
        return read(stated[name])
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        given = shown(stated[name]) if name in stated else "missing"
        raise PriceDataError(f"{name}={given}: no such field of a Cost was written by Cost.to_dict") from error


def _money(value: object) -> Decimal:
    if not isinstance(value, str):
        raise TypeError("money is decimal text")
    amount = Decimal(value)
    # As a fraction, 1e-999999 has a million digits.
    if not amount.is_finite() or len(value) > _LONGEST or (amount and abs(amount.adjusted()) > _LONGEST):
        raise ValueError("money is finite, and no amount has a thousand digits")
    return amount


def _fraction(value: str) -> tuple[int, int]:
    numerator, _, denominator = value.partition("/")
    if int(denominator) < 1:
        raise ValueError("a denominator is 1 or more")
    return int(numerator), int(denominator)


def _tier(value: Mapping[str, object]) -> tuple[str | None, str | None, str]:
    return _text(value["requested"]), _text(value["served"]), _word(value["billed"])


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def _word(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text")
    return str.__str__(value)


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("text or null")
    return None if value is None else str.__str__(value)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError("a list of texts")
    return tuple([str.__str__(text) for text in value])
