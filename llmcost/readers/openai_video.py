"""OpenAI Videos: a job whose seconds are what is billed, by size.

``seconds`` is text. Of an extension it is the length of the whole clip, the part that was there before included.
https://platform.openai.com/docs/api-reference/videos/object
"""

from __future__ import annotations

from decimal import Decimal

from ..core.counts import checked
from ..core.exact import ratio
from ..core.usage import Usage
from ..errors import InconsistentUsageError
from .fields import text, when
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantity
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a video that was made.

    >>> read({"object": "video", "status": "completed", "model": "sora-2", "seconds": "8"}).duration
    8

    Raises:
        MissingUsageError: the video is not completed, or its seconds are not stated.
        InconsistentUsageError: the seconds are no number.
    """
    status = text(fields, "status")
    if status not in (None, "completed"):
        raise missing(f"this video (status {status!r})", "Read it again when it is completed.")
    seconds = text(fields, "seconds") or fields.get("seconds")
    if seconds is None:
        raise missing("this video")
    facts: dict[str, object] = {}
    model, size, created = text(fields, "model"), text(fields, "size"), when(fields, "created_at")
    if model is not None:
        facts["model"] = model
    if size is not None and len(size) <= _LONGEST_SIZE:
        facts["size"] = size
    if created is not None:
        facts["at"] = created
    usage = Usage.of({}, 0, "video", facts)
    usage.duration = _number(seconds)
    return usage


_LONGEST_SIZE = 20


def _number(seconds: object) -> Quantity:
    if type(seconds) is str:
        try:
            ratio(seconds)
        except ValueError:
            raise InconsistentUsageError(
                f"seconds={seconds[:40]!r} is not a number of seconds", {}, {"seconds": seconds[:40]}
            ) from None
        seconds = Decimal(seconds)
    return checked("seconds", seconds)


def recognises(fields: Fields) -> bool:
    """Return whether this is a video job."""
    return fields.get("object") == "video"


READER = Reader("OpenAI Videos", recognises, read, "its seconds stand among what it is", objects=("video",))
