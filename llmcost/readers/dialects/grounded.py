"""LiteLLM's completions of Google's models, with what grounded them beside the choices.

Its count of searches may be missing, and counts a query that was asked twice twice; Google bills each query once.
https://docs.litellm.ai/docs/providers/gemini, https://ai.google.dev/gemini-api/docs/pricing
"""

from __future__ import annotations

from ..fields import items
from ..google_grounding import Grounding
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

KEY = "vertex_ai_grounding_metadata"
BLOCK = Block()


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with the searches that the metadata names, in the place of those that were counted."""
    del counters
    grounding = Grounding()
    for row in items(fields, KEY):
        grounding.add({"groundingMetadata": row})
    if grounding.queries:
        usage.quantities.pop("web_searches", None)
    if "maps_queries" in usage.quantities:
        grounding.maps = False
    grounding.bill(usage)
    return usage
