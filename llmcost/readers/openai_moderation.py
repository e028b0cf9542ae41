"""OpenAI moderation: free of charge, and without any usage.

https://platform.openai.com/docs/guides/moderation
"""

from __future__ import annotations

from ..core.usage import Usage
from .fields import items, text
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return a usage that says why nothing is billed.

    >>> read(
    ...     {"id": "modr-1", "model": "omni-moderation-latest", "results": [{"flagged": False, "categories": {}}]}
    ... ).free
    'moderation is free of charge'
    """
    facts = {"free": "moderation is free of charge", "model": text(fields, "model")}
    return Usage.of({}, 0, "moderation", facts)


def recognises(fields: Fields) -> bool:
    """Return whether this is OpenAI's moderation, which flags and states no usage; other vendors bill for theirs."""
    if "results" not in fields or fields.get("usage") is not None or fields.get("meta") is not None:
        return False
    results = items(fields, "results")
    if results:
        return type(results[0].get("flagged")) is bool and "categories" in results[0]
    identity = text(fields, "id")
    return identity is not None and identity.startswith("modr-")


READER = Reader("OpenAI Moderations", recognises, read, "it counts nothing, and is free")
