"""OpenRouter's videos: a job that states what it was charged, and no tokens or seconds.

https://openrouter.ai/docs/guides/overview/multimodal/video-generation
"""

from __future__ import annotations

from ..core.usage import Usage
from ..errors import shown
from .dialects.reported import add_charged
from .fields import sub, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_FAILED = frozenset({"failed", "cancelled", "expired"})


def read(fields: Fields) -> Usage:
    """Return what a video was charged.

    >>> read({"polling_url": "u", "status": "completed", "usage": {"cost": 0.5, "is_byok": False}}).reported
    Decimal('0.5')

    Raises MissingUsageError if the video is not completed.
    """
    status, counters = text(fields, "status"), sub(fields, "usage") or {}
    usage = Usage.of({}, 0, "video", {"provider": "openrouter"})
    usage.model, usage.at = text(fields, "model"), when(fields, "created_at")
    add_charged(usage, counters)
    if usage.reported is None:
        if status not in _FAILED:
            raise missing(f"this video (status {shown(status)})", "Read it again when it is completed.")
        usage.free = f"a video that is {status} is not billed"
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a job that is asked again until it is done."""
    return "polling_url" in fields and "status" in fields


READER = Reader("OpenRouter videos", recognises, read, {"usage": Block("cost", "is_byok")})
