"""OpenRouter's videos: a job that states what it was charged, and no tokens or seconds.

Other APIs have jobs with an address to ask again, too: the one of OpenRouter is that of its endpoint. Its SDK for
TypeScript has the same in camel case.
https://openrouter.ai/docs/api/api-reference/video-generation/get-videos
https://openrouter.ai/docs/client-sdks/typescript/models/videogenerationresponse
"""

from __future__ import annotations

from ..core.usage import Usage
from ..errors import shown
from .dialects.reported import add_charged
from .fields import camel, names_of, sub, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_FAILED = frozenset({"failed", "cancelled", "expired"})
_ENDPOINT = "/api/v1/videos/"
_NAMES = {snake: name for name, snake in names_of("isByok", "costDetails", "upstreamInferenceCost").items()}


def read(fields: Fields) -> Usage:
    """Return what a video was charged.

    >>> job = {"polling_url": "/api/v1/videos/job-abc123", "status": "completed"}
    >>> read({**job, "usage": {"cost": 0.5, "is_byok": False}}).reported
    Decimal('0.5')

    Raises MissingUsageError if the video is not completed.
    """
    status, counters = text(fields, "status"), sub(fields, "usage") or {}
    usage = Usage.of({}, 0, "video", {"provider": "openrouter"})
    usage.model, usage.at = text(fields, "model"), when(fields, "created_at")
    add_charged(usage, {"cost": counters.get("cost"), **_details(camel(counters, _NAMES))})
    if usage.reported is None:
        if status not in _FAILED:
            raise missing(f"this video (status {shown(status)})", "Read it again when it is completed.")
        usage.free = f"a video that is {status} is not billed"
    return usage


def _details(stated: dict[str, object]) -> dict[str, object]:
    details = stated["cost_details"]
    inside = camel(details, _NAMES) if isinstance(details, dict) else {}
    return {"is_byok": stated["is_byok"], "cost_details": inside}


def recognises(fields: Fields) -> bool:
    """Return whether this is a job of the endpoint for videos, which is asked again until it is done."""
    if "status" not in fields:
        return False
    return _ENDPOINT in (text(fields, "polling_url") or text(fields, "pollingUrl") or "")


_UPSTREAM = Block("upstream_inference_cost", "upstreamInferenceCost")
_BLOCK = Block("cost", "is_byok", "isByok", inner={"cost_details": _UPSTREAM, "costDetails": _UPSTREAM})
READER = Reader("OpenRouter videos", recognises, read, {"usage": _BLOCK})
