"""Vercel's AI SDK: the results of ``embed`` and ``embedMany``, which count their input alone.

https://ai-sdk.dev/docs/reference/ai-sdk-core/embed
"""

from __future__ import annotations

from ..core.usage import Usage
from . import ai_sdk_metadata
from .fields import sub, text, whole_number
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of embedded values.

    >>> read({"value": "x", "embedding": [0.1], "usage": {"tokens": 9}}).quantities
    {'input': 9}

    Raises:
        MissingUsageError: the provider did not say how many tokens there were.
        InconsistentUsageError: the counter is no count.
    """
    tokens = (sub(fields, "usage") or {}).get("tokens")
    if tokens is None or tokens != tokens:  # noqa: PLR0124 - NaN stands for what is not known
        raise missing("this embedding of the AI SDK")
    stated = whole_number("tokens", tokens)
    usage = Usage.of({"input": stated}, stated, "ai_sdk", {})
    usage.model = text(sub(fields, "response") or {}, "modelId")
    metadata = ai_sdk_metadata.metadata_of(fields)
    ai_sdk_metadata.add_stated(usage, metadata)
    bill = ai_sdk_metadata.billed(usage, metadata)
    if bill is not None:
        usage.reported, usage.provider = bill
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is what was embedded, with its embedding."""
    if "usage" not in fields:
        return False
    return ("value" in fields and "embedding" in fields) or ("values" in fields and "embeddings" in fields)


READER = Reader("Vercel AI SDK embedding", recognises, read, {"usage": Block("tokens")})
