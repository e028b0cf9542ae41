"""xAI: sources of the live search, and the final charge in ticks of 1e-10 USD.

Reasoning stands on top of ``completion_tokens``, which the total proves to the base reader.
https://docs.x.ai/docs/api-reference#chat-completions
"""

from __future__ import annotations

from ..fields import count
from ..reader import Block
from .reported import usd

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

TICKS_PER_USD = 10**10

BLOCK = Block("num_sources_used", "cost_in_usd_ticks")


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with the sources that were used and the charge that was stated."""
    del fields
    if usage is None:
        return None
    sources = count(counters, "num_sources_used")
    if sources:
        usage.quantities["web_searches"] = sources
    reported = usd(counters.get("cost_in_usd_ticks"), TICKS_PER_USD)
    if reported is not None:
        usage.reported = reported
        # Its own charge proves who charges; the number of sources is passed on by other hosts of the models too.
        usage.provider = "xai"
    return usage
