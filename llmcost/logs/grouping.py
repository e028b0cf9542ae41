"""By what the calls of a log are added up: the model, the day, the team, or any field of somebody's records."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, NamedTuple

from ..errors import LLMCostError, PriceDataError
from ..prices.moments import moment
from .whose import NAMES, whose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import tzinfo
    from typing import Any

    from ..api.kinds import Kind
    from ..core.cost import Cost
    from ..core.usage import Usage
    from .record import Record

    Value = Callable[[Any, Cost | Kind | None], str | None]


class At(NamedTuple):
    """A call by its time alone, in whole seconds since 1970."""

    seconds: int | None

    @property
    def time(self) -> int | None:
        """The same."""
        return self.seconds


# Axes that are known of every call; any other is a field of somebody's records.
AXES = ("model", "provider", "day", "hour", "file", *NAMES)
_TIMES = {"day": "%Y-%m-%d", "hour": "%Y-%m-%d %H:00"}
_BY_PRICE = {"model", "provider", *_TIMES}
# The clocks of all zones differ by multiples of this, in seconds, since the last zone gave up another offset.
_QUARTER, _SINCE = 900, 94_694_400
_MOST_KEPT = 100_000


class Grouping:
    """Says which group a call belongs to.

    Attributes:
        axes: the names of the axes.
        unstated: the axes that no call has stated so far.
    """

    def __init__(self, axes: Sequence[str], zone: tzinfo = timezone.utc) -> None:
        self.axes, self._zone = tuple(axes), zone
        self.unstated = set(axes)
        self._values = [value_of(axis, zone) for axis in axes]
        # Most ask for one axis.
        self._only = self._values[0] if len(axes) == 1 else None

    def anew(self) -> Grouping:
        """Return the same grouping, before any call has stated a value."""
        return Grouping(self.axes, self._zone)

    def join(self, other: Grouping) -> None:
        """Note which axes the calls of another part of the input have stated."""
        self.unstated &= other.unstated

    def __reduce__(self) -> tuple[object, ...]:
        # What asks for the values is made again where it arrives.
        return Grouping, (self.axes, self._zone), {"unstated": self.unstated}

    @property
    def told_by_price(self) -> bool:
        """Whether all axes are known by the time of a call and what priced it."""
        return _BY_PRICE.issuperset(self.axes)

    def of(self, call: Record | At, cost: Cost | Kind | None) -> tuple[str | None, ...]:
        """Return the group of a call: a value for each axis; None for what it does not state."""
        found = (self._only(call, cost),) if self._only is not None else tuple([of(call, cost) for of in self._values])
        if self.unstated:
            self.unstated -= {axis for axis, value in zip(self.axes, found, strict=True) if value is not None}
        return found


def value_of(axis: str, zone: tzinfo = timezone.utc) -> Value:
    """Return a function that says the value that a call has on an axis; None for one that it does not state."""
    if axis == "model":
        return _model
    if axis == "provider":
        return lambda _, cost: None if cost is None else cost.provider
    if axis == "file":
        return lambda call, _: call.source
    if axis in _TIMES:
        return _on_clock(_TIMES[axis], zone)
    if axis in NAMES:
        return lambda call, _: getattr(whose(call), axis)
    return lambda call, _: _field(call.own.get(axis))


def seconds_of_call(call: Record | At, cost: Cost | Kind | None) -> int | None:
    """Return when a call was made, in whole seconds since 1970: its own time, else that of its response; else None."""
    if call.time is not None:
        return call.seconds
    if cost is not None:
        usage = cost.usage
    else:
        try:
            usage = call.stated()  # type: ignore[union-attr]  # a call without a cost is a record
        except (LLMCostError, ValueError):
            return None
    at = None if usage is None else usage.at
    if at is None or type(at) is int:
        return at
    try:
        return int(moment(at).timestamp() // 1)
    except PriceDataError:
        return None


def moment_of_call(call: Record, cost: Cost | None) -> datetime | None:
    """Return when a call was made, to the microsecond; None where that is not stated, or is no time."""
    try:
        usage = None if call.time is not None else call.stated() if cost is None else cost.usage
        return time_of_call(call, usage)
    except (LLMCostError, ValueError):
        return None


def time_of_call(call: Record, usage: Usage | None) -> datetime | None:
    """Return when a call was made: its own time, else that of its response; None if neither states one.

    Raises PriceDataError if it is no time.
    """
    stated = call.time
    if stated is None and usage is not None:
        stated = usage.at
    return None if stated is None else moment(stated)


def _model(call: Record, cost: Cost | Kind | None) -> str | None:
    if cost is not None:
        return cost.matched_as or cost.model
    named: str | None = call.facts.get("model")
    if named is None:
        try:
            usage = call.stated()
        except (LLMCostError, ValueError):
            return None
        named = None if usage is None else usage.model
    return named


def _on_clock(form: str, zone: tzinfo) -> Value:
    known: dict[int, str] = {}

    def on_clock(call: Record | At, cost: Cost | Kind | None) -> str | None:
        seconds = seconds_of_call(call, cost)
        if seconds is None:
            return None
        quarter = seconds // _QUARTER
        name = known.get(quarter)
        if name is None:
            name = datetime.fromtimestamp(seconds, zone).strftime(form)
            if seconds >= _SINCE and len(known) < _MOST_KEPT:
                known[quarter] = name
        return name

    return on_clock


def _field(value: object) -> str | None:
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else None
