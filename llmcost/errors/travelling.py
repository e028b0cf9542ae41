"""What an error carries, as it travels to another process. Loaded when one does."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

from .foreign_values import Written, has_known_zone, is_one_of, module_name
from .printing import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_PLAIN = (bool, int, float, str, bytes, Decimal, Fraction, date, datetime, timedelta, timezone, type(None))
_OURS = "llmcost."
# What is nested deeper, or stands further behind, is shown and not copied: a small dict may hold itself many times.
_DEEPEST, _MOST = 20, 200


def portable(value: object) -> Any:
    """Return a value with everything in it that may not travel as the text that shows it.

    >>> portable((1, {"a": [len]}))
    (1, {'a': [<built-in function len>]})
    """
    return _portable(value, 0, [_MOST])


def _portable(value: object, depth: int, left: list[int]) -> Any:
    left[0] -= 1
    kind = type(value)
    if is_one_of(kind, _PLAIN) or module_name(kind).startswith(_OURS):
        return value if not isinstance(value, datetime) or has_known_zone(value) else Written(shown(value))
    if issubclass(kind, str):
        return str.__str__(value)
    # What an error is made of anew, its arguments and the containers among them, keeps its kind.
    if depth < 2 or (depth < _DEEPEST and left[0] > 0):
        if kind is dict:
            found: dict[Any, Any] = value  # type: ignore[assignment]
            return {_portable(k, depth + 1, left): _portable(inner, depth + 1, left) for k, inner in found.items()}
        if is_one_of(kind, (list, tuple, set, frozenset)):
            return kind([_portable(inner, depth + 1, left) for inner in value])  # type: ignore[attr-defined, call-arg]
    return Written(shown(value))
