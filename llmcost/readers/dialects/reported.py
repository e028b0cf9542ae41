"""Costs that a response states itself."""

from __future__ import annotations

from decimal import Decimal

from ...core.exact import amount_of
from ...core.notes import Note
from ...errors import shown
from ..fields import nested, sub

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...core.usage import Usage

_MOST = 1e15
# xAI states what it charges in ticks. https://docs.x.ai/docs/api-reference
TICKS_PER_USD = 10**10


def usd(value: object, per: int = 1) -> Decimal | None:
    """Return a stated cost in USD, exact; None if it is absent, negative or no number.

    ``per`` is how many of the stated units make one USD.

    >>> usd(4.2e-05), usd("0.0045405"), usd(232856000, 10**10)
    (Decimal('0.000042'), Decimal('0.0045405'), Decimal('0.0232856'))
    >>> usd(-1), usd(float("nan")), usd(None), usd(True)
    (None, None, None, None)
    """
    if type(value) is float and per == 1 and 1e-30 < value < _MOST:
        # The common form, and the result of the general way below.
        return Decimal(int(value)) if value.is_integer() else Decimal(repr(value))
    return amount_of(value, per)


def charge(usage: Usage, value: object, name: str, per: int = 1) -> Decimal | None:
    """Return a stated charge as ``usd`` does; one that is stated and cannot be read is named in a note of the usage."""
    found = usd(value, per)
    # A table leaves a cell empty where nothing is stated.
    if found is None and value is not None and not (type(value) is str and not value.strip()):
        said = f"{name}={shown(value)} is no amount of USD, and is not used"
        usage.notes = (*usage.notes, Note("cost_not_read", said, name))
    return found


def add_charged(usage: Usage, counters: Mapping[str, object]) -> None:
    """State the ``cost`` of a usage object as charged, with the upstream's bill where the key was the caller's own.

    It is a number, or an object with its sum in ``total_cost`` (Perplexity's).
    https://openrouter.ai/docs/use-cases/usage-accounting, https://docs.perplexity.ai/getting-started/pricing
    """
    cost = counters.get("cost")
    if cost is None:
        return
    parts = nested(cost)
    if parts is not None:
        currency = parts.get("currency", "USD")
        # An amount of another currency is named with all that was stated of it.
        charged = charge(usage, parts.get("total_cost") if currency == "USD" else cost, "cost")
    else:
        charged = charge(usage, cost, "cost")
        if charged is not None and counters.get("is_byok") is True:
            # Without an own key of the upstream, the cost holds its bill already.
            details = sub(counters, "cost_details") or {}
            upstream = charge(usage, details.get("upstream_inference_cost"), "upstream_inference_cost")
            if upstream is None:
                said = f"cost={cost} is the gateway's fee alone: with an own key the upstream bills its part apart"
                usage.notes = (*usage.notes, Note("fee_of_gateway_only", said, "cost"))
            charged = None if upstream is None else charged + upstream
    if charged is not None:
        usage.reported = charged


def doubt_cost(usage: Usage, fields: Mapping[str, object], *names: str) -> None:
    """Note a cost that somebody calculated by prices of their own, the first of these that is stated; it is no bill."""
    for name in names:
        cost = usd(fields[name]) if name in fields else None
        if cost:
            said = f"{name}={cost} is a cost that somebody calculated, and is not used"
            usage.notes = (*usage.notes, Note("cost_not_used", said, name))
            return
