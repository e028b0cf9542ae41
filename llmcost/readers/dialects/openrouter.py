"""OpenRouter: ``usage.cost`` is what is charged; with an own key the upstream's bill comes on top.

Vercel's AI Gateway states ``cost`` and ``is_byok`` in the same way.
https://openrouter.ai/docs/use-cases/usage-accounting
"""

from __future__ import annotations

from ...core.notes import Note
from ..fields import sub
from ..reader import Block
from .reported import usd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block("cost", "is_byok", "cost_details")


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with the reported cost, and with the provider if it is OpenRouter."""
    if usage is None:
        return None
    cost = counters.get("cost")
    if cost is None or isinstance(cost, dict):
        return usage
    reported = usd(cost)
    if reported is not None:
        if counters.get("is_byok") is True:
            # Without an own key of the upstream, ``cost`` holds its bill already.
            upstream = usd((sub(counters, "cost_details") or {}).get("upstream_inference_cost"))
            if upstream is None:
                said = f"cost={cost} is the gateway's fee alone: with an own key the upstream bills its part apart"
                usage.notes = (*usage.notes, Note("fee_of_gateway_only", said, "cost"))
            reported = None if upstream is None else reported + upstream
        if reported is not None:
            usage.reported = reported
    identity = fields.get("id")
    if isinstance(identity, str) and identity.startswith("gen-") and isinstance(fields.get("provider"), str):
        usage.provider = "openrouter"
    return usage
