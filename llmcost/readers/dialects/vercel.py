"""Vercel's AI Gateway: what it debits stands in ``usage.cost``, or in the metadata of a message.

https://vercel.com/docs/ai-gateway/models-and-providers/provider-filtering-and-ordering
"""

from __future__ import annotations

from ..fields import count, items, sub, text
from ..reader import Block
from .reported import charge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block("is_byok")


# Makers whose models the gateway counts with reasoning on top of the completion, in a total that leaves it out.
# What it debits proves it; the completion of other makers' models holds their reasoning.
_ON_TOP = ("google/",)


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters with reasoning inside the completion."""
    reasoning = count(sub(counters, "completion_tokens_details") or {}, "reasoning_tokens")
    if not reasoning or not _is_gateway(fields) or not (text(fields, "model") or "").startswith(_ON_TOP):
        return counters
    prompt, completion, total = (count(counters, f"{name}_tokens") for name in ("prompt", "completion", "total"))
    if total > prompt + completion:
        # This total holds it, and says so to everybody.
        return counters
    return {**counters, "completion_tokens": completion + reasoning, "total_tokens": prompt + completion + reasoning}


def _is_gateway(fields: Fields) -> bool:
    return (text(fields, "generationId") or "").startswith("gen_")


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with its provider, and with the cost that only the metadata states."""
    if not _is_gateway(fields):
        return usage
    usage.provider = "vercel_ai_gateway"
    if usage.reported is None and counters.get("is_byok") is not True:
        for choice in items(fields, "choices"):
            gateway = gateway_of(sub(choice, "message") or {})
            debited = charge(usage, gateway.get("cost"), "cost") if gateway is not None else None
            if debited:
                usage.reported = debited
    return usage


def gateway_of(fields: Fields) -> Fields | None:
    """Return what the gateway says of a call, in either spelling; None if it says nothing."""
    metadata = sub(fields, "provider_metadata") or sub(fields, "providerMetadata")
    return sub(metadata, "gateway") if metadata is not None else None
