"""A usage object that says itself how the call was served: Mistral's, and Anthropic's through LiteLLM.

https://docs.mistral.ai/api, https://platform.claude.com/docs/en/build-with-claude/data-residency
"""

from __future__ import annotations

from ..fields import EVERYWHERE, text
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block("service_tier", "inference_geo", "speed")


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with its service tier, region and speed; what the response says at its top is stronger."""
    del fields
    if usage is None:
        return None
    tier, place, speed = text(counters, "service_tier"), text(counters, "inference_geo"), text(counters, "speed")
    if tier is not None and usage.service_tier is None:
        usage.service_tier = tier
    if place is not None and place not in EVERYWHERE:
        usage.region = place
    if speed is not None and speed != "standard":
        usage.speed = speed
    return usage
