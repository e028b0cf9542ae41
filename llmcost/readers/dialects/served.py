"""A usage object that says itself how the call was served: Mistral's, Vertex AI's, and Anthropic's through LiteLLM.

https://docs.mistral.ai/api, https://platform.claude.com/docs/en/build-with-claude/data-residency
https://cloud.google.com/vertex-ai/generative-ai/docs/start/openai
"""

from __future__ import annotations

from ..fields import EVERYWHERE, sub, text
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

_MORE, _OF_GOOGLE, _TRAFFIC = "extra_properties", "google", "traffic_type"
BLOCK = Block("service_tier", "inference_geo", "speed", inner={_MORE: Block(inner={_OF_GOOGLE: Block(_TRAFFIC)})})


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with its service tier, region and speed; what the response says at its top is stronger."""
    del fields
    tier, place, speed = text(counters, "service_tier"), text(counters, "inference_geo"), text(counters, "speed")
    traffic = text(sub(sub(counters, _MORE) or {}, _OF_GOOGLE) or {}, _TRAFFIC)
    if traffic is not None:
        tier = traffic
        usage.provider = usage.provider or "vertex_ai"
    if tier is not None and usage.service_tier is None:
        usage.service_tier = tier
    if place is not None and place not in EVERYWHERE:
        usage.region = place
    if speed is not None and speed != "standard":
        usage.speed = speed
    return usage
