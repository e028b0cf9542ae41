"""What is different between two price maps."""

from __future__ import annotations

from decimal import Decimal

from ..core.exact import plain, ratio
from .keys import NOT_RATES, looks_like_price

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Change:
    """One difference.

    Attributes:
        kind: ``added`` or ``removed`` (a model), or ``changed`` (a price of one).
        model: the map key.
        key: the price key; empty for a model that came or went.
        old, new: the values, or None.
    """

    __slots__ = ("key", "kind", "model", "new", "old")

    def __init__(self, kind: str, model: str, key: str = "", old: object = None, new: object = None) -> None:
        self.kind, self.model, self.key, self.old, self.new = kind, model, key, old, new

    @property
    def factor(self) -> Decimal | None:
        """How many times the dearer price is the cheaper one; None if a price came, went or is 0."""
        old, new = _number(self.old), _number(self.new)
        if not old or not new:
            return None
        return max(old / new, new / old)

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of the old price; None if there is none to compare with."""
        old, new = _number(self.old), _number(self.new)
        return (new - old) * 100 / old if old and new is not None else None

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict."""
        percent = self.percent
        return {
            "kind": self.kind, "model": self.model, "key": self.key, "old": self.old, "new": self.new,
            "percent": None if percent is None else float(round(percent, 2)),
        }  # fmt: skip

    def __str__(self) -> str:
        if self.kind != "changed":
            return f"{self.model} {self.kind}"
        percent = self.percent
        share = "" if percent is None else f" ({percent:+.1f}%)"
        return f"{self.model} {self.key} {_text(self.old)} -> {_text(self.new)}{share}"


def differences(old: Mapping[str, Mapping[str, object]], new: Mapping[str, Mapping[str, object]]) -> list[Change]:
    """Return every difference of two maps: prices that changed, the biggest first, then models that came and went."""
    changed = [change for name in old.keys() & new.keys() for change in _changed(name, old[name], new[name])]
    changed.sort(key=lambda change: (-(change.factor or 0), change.model, change.key))
    added = [Change("added", name) for name in sorted(new.keys() - old.keys())]
    removed = [Change("removed", name) for name in sorted(old.keys() - new.keys())]
    return changed + added + removed


def _changed(model: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    for key in sorted(old.keys() | new.keys()):
        if key in NOT_RATES or not looks_like_price(key):
            continue
        before, after = old.get(key), new.get(key)
        if before != after and (_number(before) is None or _number(before) != _number(after)):
            yield Change("changed", model, key, before, after)


def _number(value: object) -> Decimal | None:
    try:
        numerator, denominator = ratio(value)
    except (TypeError, ValueError):
        return None
    return Decimal(numerator) / Decimal(denominator)


def _text(value: object) -> str:
    number = _number(value)
    if number is None:
        return "none" if value is None else str(value)
    return plain(number, 0)
