"""Videos of Volcengine and BytePlus: a task that states the seconds of its video, and their tokens.

They are sold by either. https://www.volcengine.com/docs/82379/1521309
"""

from __future__ import annotations

from ..core.usage import Usage
from ..errors import shown
from .fields import count, quantity, sub, text, when
from .reader import Block, Reader, missing, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

_FAILED = frozenset({"failed", "cancelled", "expired"})
_SECONDS = ("output_seconds", "output_video_seconds")


def read(fields: Fields) -> Usage:
    """Return the usage of a task: the tokens of its video, or the seconds, whichever the card has a price for.

    >>> task = {"model": "m", "status": "succeeded", "content": {"video_url": "u"}, "usage": {"completion_tokens": 9}}
    >>> read({**task, "duration": 5}).alternatives
    (({'output': 9}, {'output_seconds': 5}, {'output_video_seconds': 5}),)

    Raises:
        MissingUsageError: the task is not done.
        InconsistentUsageError: a counter is no count.
    """
    status, counters = text(fields, "status"), sub(fields, "usage") or {}
    tokens, seconds = count(counters, "completion_tokens"), quantity(fields, "duration")
    usage = Usage.of({}, 0, "video", {})
    usage.model, usage.at, usage.resolution = (
        text(fields, "model"),
        when(fields, "created_at"),
        text(fields, "resolution"),
    )
    usage.service_tier = text(fields, "service_tier")
    usage.notes = refuse_total_alone("total_tokens", count(counters, "total_tokens"), tokens)
    if not tokens:
        if status not in _FAILED:
            raise missing(f"this video (status {shown(status)})", "Read it again when it is done.")
        usage.free = f"a video that is {status} is not billed"
        return usage
    units: list[Quantities] = [{"output": tokens}]
    if seconds:
        units += [{meter: seconds} for meter in _SECONDS]
    usage.alternatives = (tuple(units),)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is such a task."""
    return "video_url" in (sub(fields, "content") or ()) or (
        "framespersecond" in fields and "status" in fields and "usage" in fields
    )


READER = Reader("Volcengine videos", recognises, read, {"usage": Block("completion_tokens", "total_tokens")})
