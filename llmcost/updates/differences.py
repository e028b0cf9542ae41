"""What is different between two price maps."""

from __future__ import annotations

from decimal import Context, Decimal

from ..core.exact import decimal_of, plain, ratio
from ..errors import printable
from ..prices.keys import ALIAS_OF, NOT_RATES, looks_like_price, target_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Whatever context the caller has set, a change has the same percentage.
_CONTEXT = Context(prec=40, traps=[])


class Change:
    """One difference.

    Attributes:
        kind: ``added`` or ``removed`` (a model), or ``changed`` (a price of one).
        model: the map key.
        key: the price key, with the place inside a nested one (``tiered_pricing[1].input_cost_per_token``);
            empty for a model that came or went.
        old, new: the values, or None.
    """

    __slots__ = ("key", "kind", "model", "new", "old")

    def __init__(self, kind: str, model: str, key: str = "", old: object = None, new: object = None) -> None:
        self.kind, self.model, self.key, self.old, self.new = kind, model, key, old, new

    @property
    def factor(self) -> Decimal | None:
        """The dearer price divided by the cheaper one; None if one of them is missing or 0."""
        old, new = _number(self.old), _number(self.new)
        if not old or not new:
            return None
        return max(_CONTEXT.divide(old, new), _CONTEXT.divide(new, old))

    @property
    def percent(self) -> Decimal | None:
        """The change in percent of the old price; None if there is none to compare with."""
        old, new = _number(self.old), _number(self.new)
        if not old or new is None:
            return None
        return _CONTEXT.multiply(_CONTEXT.divide(_CONTEXT.subtract(new, old), old), Decimal(100))

    @property
    def to_zero(self) -> bool:
        """Whether something that cost is given away now."""
        return bool(_number(self.old)) and _number(self.new) == 0

    @property
    def _rank(self) -> tuple[int, Decimal]:
        """What puts the biggest change first: to or from 0, by a factor, and then what cannot be compared."""
        factor, old, new = self.factor, _number(self.old), _number(self.new)
        if factor is not None:
            return 1, -factor
        return (0 if old is not None and new is not None else 2), Decimal(0)

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict."""
        percent = self.percent
        return {
            "kind": self.kind,
            "model": self.model,
            "key": self.key,
            "old": self.old,
            "new": self.new,
            "percent": None if percent is None else round(float(percent), 2),
        }

    def __str__(self) -> str:
        if self.kind != "changed":
            return printable(f"{self.model} {self.kind}")
        percent = self.percent
        share = "" if percent is None else f" ({percent:+.1f}%)"
        return printable(f"{self.model} {self.key} {written(self.old)} -> {written(self.new)}{share}")


def differences(old: Mapping[str, Mapping[str, object]], new: Mapping[str, Mapping[str, object]]) -> list[Change]:
    """Return every difference of two maps: prices that changed, the biggest first, then models that came and went.

    A name that is an alias in one of the maps has the prices of the row that it stands for: one that moves to another
    row moves its prices.
    """
    changed = [
        change for name in old.keys() & new.keys() for change in _changed(name, _served(old, name), _served(new, name))
    ]
    changed.sort(key=lambda change: (change._rank, change.model, change.key))
    added = [Change("added", name) for name in sorted(new.keys() - old.keys())]
    removed = [Change("removed", name) for name in sorted(old.keys() - new.keys())]
    return changed + added + removed


def _served(entries: Mapping[str, Mapping[str, object]], name: str) -> Mapping[str, object]:
    """Return what a name costs: the entry of the row that it stands for, and that it is an alias."""
    row = entries[name]
    target = target_of(row)
    if target is None:
        return row
    return {**entries.get(target, {}), ALIAS_OF: target}


def _changed(model: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[Change]:
    before, after = dict(_prices(old)), dict(_prices(new))
    for key in sorted(before.keys() | after.keys()):
        one, two = before.get(key), after.get(key)
        if one != two and (_number(one) is None or _number(one) != _number(two)):
            yield Change("changed", model, key, one, two)


def _prices(entry: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield what an entry costs, key by key; nested blocks with the place of each value."""
    for key, value in entry.items():
        if key in _ALSO or (key not in NOT_RATES and looks_like_price(key)):
            yield from _leaves(key, value)


# Keys that decide about prices without being one: ``alias_of`` names another row, ``free`` makes a 0 a price.
_ALSO = frozenset({ALIAS_OF, "free"})


def _leaves(place: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(f"{place}.{key}", inner)
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from _leaves(f"{place}[{index}]", inner)
    else:
        yield place, value


def _number(value: object) -> Decimal | None:
    try:
        return decimal_of(*ratio(value))[0]
    except (TypeError, ValueError):
        return None


def written(value: object) -> str:
    """Return a price as people write it: no exponent, no tail of zeros; ``none`` if there is none."""
    number = _number(value)
    if number is None:
        return "none" if value is None else str(value)
    return plain(number, 0)
