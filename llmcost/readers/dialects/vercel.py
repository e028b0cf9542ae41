"""Vercel's AI Gateway: what it debits stands in ``usage.cost``, or in the metadata of a message.

https://vercel.com/docs/ai-gateway/models-and-providers/provider-filtering-and-ordering
"""

from __future__ import annotations

from ..fields import items, sub, text
from ..reader import Block
from .reported import usd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block("is_byok")


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with its provider, and with the cost that only the metadata states."""
    if usage is None:
        return None
    identity = text(fields, "generationId")
    if identity is None or not identity.startswith("gen_"):
        return usage
    usage.provider = "vercel_ai_gateway"
    if usage.reported is None and counters.get("is_byok") is not True:
        for choice in items(fields, "choices"):
            gateway = gateway_of(sub(choice, "message") or {})
            debited = usd(gateway.get("cost")) if gateway is not None else None
            if debited:
                usage.reported = debited
    return usage


def gateway_of(fields: Fields) -> Fields | None:
    """Return what the gateway says of a call, in either spelling; None if it says nothing."""
    metadata = sub(fields, "provider_metadata") or sub(fields, "providerMetadata")
    return sub(metadata, "gateway") if metadata is not None else None
