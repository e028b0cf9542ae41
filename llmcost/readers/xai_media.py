"""xAI's images and videos: no counters, but what was charged, in ticks of 1e-10 USD.

https://docs.x.ai/docs/guides/image-generations, https://docs.x.ai/docs/guides/video-generation
"""

from __future__ import annotations

from ..core.counts import image_units
from ..core.usage import Usage
from .dialects.reported import TICKS_PER_USD, charge
from .fields import items, quantity, sub, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_MADE = frozenset({"data", "video", "status", "url"})
_TICKS = "cost_in_usd_ticks"
_TOKENS = ("input_tokens", "prompt_tokens", "prompt_text_tokens", "promptTokens")


def read(fields: Fields) -> Usage:
    """Return the images or the seconds of a response, and what they were charged.

    >>> read({"data": [{"url": "a"}, {"url": "b"}], "usage": {"cost_in_usd_ticks": 400000000}}).reported
    Decimal('0.04')

    Raises MissingUsageError if the charge is no number and nothing was made.
    """
    facts = {"provider": "xai", "model": text(fields, "model"), "at": when(fields, "created")}
    usage = Usage.of({}, 0, "images", facts)
    usage.reported = charge(usage, (sub(fields, "usage") or {}).get(_TICKS), _TICKS, TICKS_PER_USD)
    images, video = len(items(fields, "data")), sub(fields, "video")
    if images:
        usage.alternatives = (image_units(images, None),)
    elif video is not None:
        usage.dialect = "videos"
        usage.duration = quantity(video, "duration") or None
    elif usage.reported is None:
        raise missing("this response of xAI")
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a response that states the charge and no counter."""
    if _MADE.isdisjoint(fields):
        return False
    counters = sub(fields, "usage")
    return counters is not None and counters.get(_TICKS) is not None and not any(name in counters for name in _TOKENS)


# Whatever has counters that another reader knows is read by that one; images may have a time, which others have too.
READER = Reader("xAI media", recognises, read, {"usage": Block(_TICKS)}, rank=45)
