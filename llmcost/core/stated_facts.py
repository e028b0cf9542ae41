"""The facts that a caller states of a usage, as Python's own. Readers check theirs where they read them.

Loaded where a caller states one: most usages are quantities alone.
"""

from __future__ import annotations

from datetime import date

from ..errors import ArgumentError, LLMCostError, shown
from .counts import checked, is_stated, money
from .meters import METERS, no_meter
from .notes import as_note, from_dicts
from .scalars import own, truth_of
from .stated import RESPONSE_FACTS, own_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .counts import Quantities

NOTHING = object()
_TEXTS = frozenset(RESPONSE_FACTS) - {"at", "reported"} | {"undecided"}
_FLAGS = frozenset({"partial", "aggregate", "batch", "routed", "booked"})
_COUNTS = frozenset({"context", "duration", "elapsed", "media", "above"})
# Types of a counter that was not understood; any other is kept as its text.
_KEPT = (int, float, str)
_USAGES = frozenset({"parts", "readings"})


def checked_fact(kind: type, name: str, value: Any) -> Any:
    """Return a fact of a usage, NOTHING for NaN and the like; ``kind`` is the class of usages.

    Raises:
        ArgumentError: it is not of the type that the fact has; the error names the fact.
        InconsistentUsageError: it counts something and is no count.

    >>> checked_fact(object, "aggregate", 1)
    Traceback (most recent call last):
    llmcost.errors.base.ArgumentError: Usage(aggregate=1): it is True or False
    """
    try:
        if not is_stated(value):
            return NOTHING
        if name in _TEXTS:
            return _is_a(name, own_text(value), str, "text")
        if name in _FLAGS:
            return _is_a(name, truth_of(value), bool, "True or False", value)
        if name in _COUNTS:
            return checked(name, value)
        if name in _USAGES:
            return tuple([_is_a(name, part, kind, "usages") for part in value])
        if name == "alternatives":
            return tuple([tuple([_units(unit) for unit in group]) for group in value])
        if name == "notes" and not isinstance(value, str):
            return tuple([as_note(note) if isinstance(note, str) else from_dicts((note,))[0] for note in value])
        if name == "reported":
            return money(value)
        if name == "at":
            time = _is_a(name, own(value), (int, float, str, date), "a time", value)
            str(time)
            return time
        return {str.__str__(counter): _counter(found) for counter, found in value.items()}
    except LLMCostError:
        raise
    except Exception as error:
        raise ArgumentError(f"Usage({name}={shown(value)}): it cannot be read ({type(error).__name__})") from error


def _is_a(name: str, value: Any, kind: type | tuple[type, ...], what: str, stated: Any = NOTHING) -> Any:
    """Return a value of a kind; ``stated`` is what the caller wrote for it, if that is another."""
    if isinstance(value, kind):
        return value
    raise ArgumentError(f"Usage({name}={shown(value if stated is NOTHING else stated)}): it is {what}")


def _counter(value: object) -> object:
    return value if any(type(value) is kind for kind in _KEPT) else shown(value)


def _units(unit: Any) -> Quantities:
    for meter in unit:
        if meter not in METERS:
            raise no_meter("Usage(alternatives=...)", meter)
    return {meter: checked(meter, quantity) for meter, quantity in unit.items()}
