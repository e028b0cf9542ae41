"""OpenAI Videos: a job whose seconds are what is billed, by size; and LiteLLM's, which states a usage.

``seconds`` is text. Of an extension it is the length of the whole clip, the part that was there before included.
https://platform.openai.com/docs/api-reference/videos/object

LiteLLM's usage holds ``duration_seconds`` of one video, ``video_count``, ``video_resolution``, the images that the
request is billed for, and the cost where a provider states it. It is there as soon as the job is taken.
https://docs.litellm.ai/docs/videos

Together states what it charged among the outputs. https://docs.together.ai/reference/get-videos-id
"""

from __future__ import annotations

from decimal import Decimal

from ..core.counts import checked
from ..core.exact import decimal_of, ratio
from ..core.notes import Note
from ..core.usage import Usage
from ..errors import InconsistentUsageError, shown
from .dialects.reported import charge
from .fields import count, sub, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantity
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a video that was made, or of a job that states the billed seconds.

    >>> read({"object": "video", "status": "completed", "model": "sora-2", "seconds": "8"}).duration
    8
    >>> read({"object": "video", "status": "queued", "usage": {"duration_seconds": 5.0, "video_count": 2}}).duration
    10

    Raises:
        MissingUsageError: the video is not completed, or its seconds are not stated.
        InconsistentUsageError: the seconds are no number.
    """
    status, counters = text(fields, "status"), sub(fields, "usage") or {}
    seconds = counters.get("duration_seconds")
    if status not in (None, "completed") and (seconds is None or status not in _ACCEPTED):
        raise missing(f"this video (status {shown(status)})", "Read it again when it is completed.")
    if seconds is None:
        seconds = text(fields, "seconds") or fields.get("seconds")
    charged = (sub(fields, "outputs") or {}).get("cost")
    if seconds is None and charged is None:
        raise missing("this video", "Pass duration= (seconds).")
    size, resolution = text(fields, "size"), text(counters, "video_resolution")
    facts: dict[str, object] = {"model": text(fields, "model"), "at": when(fields, "created_at")}
    if size is not None and len(size) <= _LONGEST_SIZE:
        facts["size"] = size
    if resolution is not None and 0 < len(resolution.strip()) <= _LONGEST_SIZE:
        facts["resolution"] = resolution.strip().lower()
    usage = Usage.of({}, 0, DIALECT, facts)
    if seconds is not None:
        usage.duration = _number(seconds)
    videos = count(counters, "video_count")
    if videos > 1 and usage.duration is not None:
        usage = of_several(usage, videos, "video_count")
    images = count(counters, "billable_input_image_count")
    if images:
        usage.quantities["input_images"] = images
    usage.reported = charge(usage, counters.get("provider_reported_cost_usd"), "provider_reported_cost_usd")
    if usage.reported is None:
        usage.reported = charge(usage, charged, "outputs.cost")
    if status in _ACCEPTED:
        said = f"the job is not done (status {status}): priced by the seconds that it will be billed for"
        usage.notes = (*usage.notes, Note("job_not_done", said, "status"))
    return usage


def of_several(usage: Usage, videos: int, counter: str) -> Usage:
    """Return the usage of so many videos, each as long as the one that it states."""
    numerator, denominator = ratio(usage.duration)
    seconds = checked("duration", decimal_of(numerator * videos, denominator)[0])
    note = Note("several_media", f"{videos} videos of the same length", counter)
    return usage.replaced(duration=seconds, media=videos, notes=(*usage.notes, note))


DIALECT = "video"
_ACCEPTED = frozenset({"queued", "in_progress", "processing"})
_LONGEST_SIZE = 20


def _number(seconds: object) -> Quantity:
    if type(seconds) is str:
        try:
            ratio(seconds)
        except ValueError:
            raise InconsistentUsageError(
                f"seconds={shown(seconds)} is not a number of seconds", {}, {"seconds": seconds[:40]}
            ) from None
        seconds = Decimal(seconds)
    return checked("seconds", seconds)


def recognises(fields: Fields) -> bool:
    """Return whether this is a video job."""
    return fields.get("object") == "video"


_BLOCK = Block(
    "duration_seconds", "video_resolution", "video_count", "billable_input_image_count", "provider_reported_cost_usd"
)
READER = Reader("OpenAI Videos", recognises, read, {"usage": _BLOCK}, objects=("video",))
