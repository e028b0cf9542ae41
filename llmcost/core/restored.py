"""A Cost that was kept, as JSON or as a pickle: what it says is read from what was written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..errors import PriceDataError, shown
from .cost import MIXED, REPORTED, SCHEMA, Cost
from .lines import LineItem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

_FACTS = (
    "model",
    "reported",
    "requested_tier",
    "served_tier",
    "basis",
    "waived",
    "unpriced",
    "doubts",
    "lower_bound",
    "matched_as",
    "match_rule",
    "provider",
    "billed_tier",
    "notes",
    "counts",
)


class RestoredCost(Cost):
    """A Cost without its usage and its card: what it says was written when it was kept."""

    unpriced: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    lower_bound: bool = False
    matched_as: str | None = None
    match_rule: str | None = None
    provider: str | None = None
    billed_tier: str = ""
    counts: str = ""
    line_items: tuple[LineItem, ...] = ()

    def __init__(
        self,
        total: tuple[int, int],
        saving: tuple[int, int],
        facts: tuple[Any, ...],
        lines: tuple[tuple[Any, ...], ...],
        own: Cost | None,
    ) -> None:
        self._n, self._d = total
        self._saving, self._own = saving, own
        for name, value in zip(_FACTS, facts, strict=True):
            setattr(self, "_said" if name == "notes" else name, value)
        self.line_items = tuple(LineItem(*values) for values in lines)

    @property
    def calculated(self) -> Cost | None:
        """The Cost by our own rate card, with its lines; None if the model is unknown."""
        return self._own if self.counts in {REPORTED, MIXED} else self

    @property
    def notes(self) -> tuple[str, ...]:
        """What had to be decided or assumed, in words."""
        return self._said

    def saving(self) -> tuple[int, int]:
        """Return what cache reads saved, as a fraction."""
        return self._saving


def pickled(cost: Cost) -> tuple[object, ...]:
    """Return what a Cost is pickled as: what it says, and its lines."""
    facts = tuple(getattr(cost, name) for name in _FACTS)
    lines = tuple(line.values() for line in cost.line_items)
    own = cost.calculated
    return RestoredCost, (cost.as_integer_ratio(), cost.saving(), facts, lines, None if own is cost else own)


def restored(stated: Mapping[str, object]) -> Cost:
    """Return the Cost that ``Cost.to_dict`` has written.

    Raises PriceDataError for what is no such dict, and names the field.
    """
    if not isinstance(stated, dict) or stated.get("schema") != SCHEMA:
        found = stated.get("schema") if isinstance(stated, dict) else stated
        raise PriceDataError(f"schema={shown(found)}: Cost.from_dict takes what Cost.to_dict writes, schema {SCHEMA}")
    fraction = _field(stated, "fraction", lambda value: None if value is None else _fraction(value))
    total = fraction or _field(stated, "total", lambda value: _money(value).as_integer_ratio())
    tier = _field(stated, "tier", dict)
    own = stated.get("calculated")
    facts: dict[str, object] = {
        name: _field(stated, name, _text) for name in ("model", "waived", "matched_as", "match_rule", "provider")
    }
    facts |= {name: _field(stated, name, _texts) for name in ("unpriced", "doubts", "notes")}
    facts |= {name: _field(stated, name, str) for name in ("basis", "counts")}
    facts |= {"requested_tier": tier.get("requested"), "served_tier": tier.get("served"), "billed_tier": tier["billed"]}
    facts["lower_bound"] = _field(stated, "lower_bound", bool)
    facts["reported"] = _field(stated, "reported", lambda value: None if value is None else _money(value))
    return RestoredCost(
        total,
        _field(stated, "saved", lambda value: _money(value).as_integer_ratio()),
        tuple(facts[name] for name in _FACTS),
        tuple(_field(stated, "line_items", lambda lines: [_line(line) for line in lines])),
        restored(own) if isinstance(own, dict) else None,
    )


def _line(line: Mapping[str, Any]) -> tuple[Any, ...]:
    quantity = line["quantity"]
    return (
        line["model"],
        line["meter"],
        Decimal(quantity) if isinstance(quantity, str) else quantity,
        line["unit"],
        _money(line["rate"]),
        _money(line["amount"]),
        line["conditions"],
        tuple(line["factors"]),
        line["layer"],
        line["map_key"],
        line["price_key"],
        line["note"],
    )


def _field(stated: Mapping[str, Any], name: str, read: Callable[[Any], Any]) -> Any:
    try:
        return read(stated[name])
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        given = shown(stated[name]) if name in stated else "missing"
        raise PriceDataError(f"{name}={given}: no such field of a Cost was written by Cost.to_dict") from error


def _money(value: object) -> Decimal:
    if not isinstance(value, str):
        raise TypeError("money is decimal text")
    return Decimal(value)


def _fraction(value: str) -> tuple[int, int]:
    numerator, _, denominator = value.partition("/")
    return int(numerator), int(denominator)


def _text(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("text or null")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise TypeError("a list of texts")
    return tuple(value)
