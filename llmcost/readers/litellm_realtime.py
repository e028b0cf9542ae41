"""What LiteLLM logs of a realtime session: its events, and their usage added up.

Every event is billed for itself, by its own modalities; the sum beside them has lost the turns, and some of the
modalities. It counts only where no event states a usage. https://docs.litellm.ai/docs/realtime
"""

from __future__ import annotations

from ..errors import MissingUsageError, UnrecognizedResponseError
from .fields import items, sub, text
from .reader import Block, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of the events of a session; the sum beside them where they state none.

    Raises:
        MissingUsageError: neither an event nor the session states a usage.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    from . import bare
    from .streams import read_stream

    summed = sub(fields, "usage")
    try:
        usage = read_stream(items(fields, "results"))
    except (MissingUsageError, UnrecognizedResponseError):
        found = bare.read(summed) if summed else None
        if found is None or not found.total_tokens:
            raise
        usage = found.replaced(aggregate=True, context=None)
    tier = text(fields, "service_tier")
    if tier is not None and usage.service_tier is None:
        usage.service_tier = tier
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether these are the events of a session."""
    return "usage" in fields and any(text(event, "type") is not None for event in items(fields, "results")[:1])


_BLOCK = Block(prefix="usage", ignored={"usage": "the sum of the events; each event is read by itself"})
READER = Reader("LiteLLM's log of a realtime session", recognises, read, {"": _BLOCK}, rank=30)
