"""What a budget is told: amounts, scopes, shares, and what becomes of a call that nothing bounds.

Each function raises an ArgumentError that names the keyword if its value is not valid.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from ..api.tokens import checked_tiktoken
from ..core.exact import ratio
from ..errors import ArgumentError, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

# The cost of one call may pass the limit; a share above this is a percentage that was meant as a share.
_MOST_SHARE = 10
_SCOPES = ("team", "user", "session", "tag", "model", "provider")
# How the text of a request is counted before it is sent.
BYTES, TOKENS = "bytes", "tokens"
_BLOCK, _ALLOW, _ASSUME = "block", "allow", "assume:"


def usd(name: str, value: object) -> Fraction:
    """Return an amount of USD; a float is read by its shortest repr.

    Raises ArgumentError for what is no number, and for one that is negative or not finite.
    """
    try:
        found = Fraction(*ratio(value))
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"{name}={shown(value)}: {error}; it is an amount of USD, such as '0.10'") from None
    if found < 0:
        raise ArgumentError(f"{name}={shown(value)}: an amount of USD is not negative")
    return found


def seconds_of(lease: object) -> float:
    """Return the seconds of a lease. With none, what is reserved would be free again at once."""
    try:
        found = Fraction(*ratio(lease))
    except (TypeError, ValueError):
        found = Fraction(0)
    if found <= 0:
        raise ArgumentError(f"lease={shown(lease)}: it is a number of seconds above 0, such as 60")
    return float(found)


def scope_of(scope: Mapping[str, str] | None) -> dict[str, str]:
    """Return for which calls a budget holds."""
    found = dict(scope or {})
    for name, value in found.items():
        if name not in _SCOPES:
            raise ArgumentError(f"scope={{{shown(name)}: ...}}: a scope names {', '.join(_SCOPES)}")
        if not issubclass(type(value), str):
            raise ArgumentError(f"scope={{{shown(name)}: {shown(value)}}}: the value is a text")
    # A text of a foreign type may raise in every call that is asked whether the budget holds for it.
    return {str.__str__(name): str.__str__(value) for name, value in found.items()}


def assumed_by(unpriced: object) -> Fraction | None:
    """Return what is reserved for a call that nothing bounds; None if it is blocked."""
    if unpriced == _BLOCK:
        return None
    if unpriced == _ALLOW:
        return Fraction(0)
    if isinstance(unpriced, str) and unpriced.startswith(_ASSUME):
        return usd("unpriced=assume", unpriced.removeprefix(_ASSUME))
    raise ArgumentError(
        f"unpriced={shown(unpriced)}: it is 'block', 'allow' or 'assume:' with USD, such as 'assume:0.10'"
    )


def count_of(count: str) -> str:
    """Return how the text of a request is counted; raise MissingDependencyError if what counts is not installed."""
    if count not in {BYTES, TOKENS}:
        raise ArgumentError(f"count={shown(count)}: it is 'bytes' or 'tokens'")
    if count == TOKENS:
        checked_tiktoken()
    return count


def share_of(share: float) -> Fraction:
    """Return a share of a limit."""
    found = usd("on", share)
    if not 0 < found <= _MOST_SHARE:
        raise ArgumentError(f"on={{{shown(share)}: ...}}: a share of the limit is a number such as 0.8, which is 80%")
    return found


def handler_of(share: float, handler: Any) -> Callable[[Any], object]:
    """Return the function that is called when a share is reached."""
    if not callable(handler):
        raise ArgumentError(f"on={{{share}: {shown(handler)}}}: a handler is a function of the budget")
    return handler  # type: ignore[no-any-return]
