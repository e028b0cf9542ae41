"""Microsoft.Extensions.AI and Semantic Kernel: what a chat client returns, as JSON with names of either case.

https://learn.microsoft.com/en-us/dotnet/api/microsoft.extensions.ai.usagedetails
"""

from __future__ import annotations

from .fields import sub, text, when
from .framework import HANDED_ON, read_bare
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_HOLDERS = ("Usage", "usage")
_BESIDE = frozenset({"ModelId", "modelId", "ResponseId", "responseId", "Messages", "Items", "items"})
_INPUTS = ("InputTokenCount", "inputTokenCount")


def read(fields: Fields) -> Usage:
    """Return the usage of a response.

    >>> used = {"InputTokenCount": 9, "OutputTokenCount": 2, "TotalTokenCount": 11}
    >>> read({"Messages": [], "ModelId": "gpt-4o", "Usage": used}).model
    'gpt-4o'

    Raises MissingUsageError if nothing is counted.
    """
    model = text(fields, "ModelId") or text(fields, "modelId")
    at = when(fields, "CreatedAt") or when(fields, "createdAt")
    return read_bare(_counters(fields), "this response of a chat client", model=model, at=at)


def _counters(fields: Fields) -> Fields | None:
    """Return the counters; Semantic Kernel has them in the metadata of a message."""
    for holder in (fields, sub(fields, "Metadata") or sub(fields, "metadata") or {}):
        for key in _HOLDERS:
            counters = sub(holder, key)
            if counters is not None and any(name in counters for name in _INPUTS):
                return counters
    return None


def recognises(fields: Fields) -> bool:
    """Return whether this is a response of a chat client, or a message of Semantic Kernel."""
    return not _BESIDE.isdisjoint(fields) and _counters(fields) is not None


READER = Reader("Microsoft.Extensions.AI", recognises, read, HANDED_ON, rank=45)
