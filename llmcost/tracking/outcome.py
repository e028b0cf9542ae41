"""Outcome: what a call has used, and what that costs, by its request and by its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import LLMCostError, MissingUsageError, UnrecognizedResponseError
from .call import CallError
from .pricing import NO_FACTS, Facts, price

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..core.cost import Cost
    from ..core.usage import Usage
    from .context import Behalf
    from .ledger import Ledger

# What is told of a call where tracking itself has failed.
_FAULT = CallError("Exception")
_STATES_NOTHING = frozenset({MissingUsageError.__name__, UnrecognizedResponseError.__name__})


class Outcome(NamedTuple):
    """What is known of a call that has ended.

    Attributes:
        usage: what it used, or None.
        cost: what it cost, or None.
        error: why one of them is None, or what broke the call off.
    """

    usage: Usage | None
    cost: Cost | None
    error: CallError | None


def facts_of_call(ledger: Ledger, read: Callable[[], Facts], who: Behalf) -> Facts:
    """Return what is known of a call: what its request says, and what the tracker and the context add."""
    facts: Facts = ledger.guard.call("request", read, default=NO_FACTS)
    added = ledger.facts
    if who.tags or who.fees:
        added = {**({"tags": who.tags} if who.tags else {}), **({"fees": who.fees} if who.fees else {}), **added}
    return facts._replace(given={**facts.given, **added}) if added else facts


def outcome_of(
    ledger: Ledger,
    facts: Facts,
    read: Callable[[], Usage] | None,
    error: CallError | None,
    latency_us: int,
    *,
    whole: bool,
) -> Outcome:
    """Return what a call has used and what it cost; ``read`` returns its usage.

    ``whole`` says that its answer arrived whole: that it states no usage is an error then.
    """
    guard, usage, cost = ledger.guard, None, None
    asked = (ledger.cost_map, ledger.prefer, facts)
    if read is not None:
        result: Any = guard.call("response", _or_error, read, default=_FAULT)
        if not isinstance(result, CallError):
            usage = result
        elif whole or not states_nothing(result):
            error = error or result
    if usage is not None:
        result = guard.call("price", _or_error, price, *asked, usage, latency_us, default=_FAULT)
        if isinstance(result, CallError):
            error = error or result
        else:
            cost = result
    elif whole and error is not None and states_nothing(error):
        # A hosted model may be billed by its time alone.
        result = guard.call("price", _or_error, price, *asked, None, latency_us)
        if result is not None and not isinstance(result, CallError) and result.line_items:
            cost, error = result, None
    return Outcome(usage, cost, error)


def states_nothing(error: CallError) -> bool:
    """Return whether an error says that an answer states no usage."""
    return error.kind in _STATES_NOTHING


def no_usage(error: CallError | None) -> bool:
    """Return whether an error says that an answer is of a known kind, and leaves its usage out."""
    return error is not None and error.kind == MissingUsageError.__name__


def _or_error(function: Callable[..., Any], *given: Any) -> Any:
    """Return what a function returns; a CallError instead of an error by which a call has no usage, or no cost."""
    try:
        return function(*given)
    except LLMCostError as error:
        return CallError(type(error).__name__)
