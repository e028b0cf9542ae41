"""Batches of Gemini: a line of the output, inlined or from a file, of the Developer API or of Vertex AI.

The wrapper says that it was a batch; a line with an error is not billed.
https://ai.google.dev/gemini-api/docs/batch-api
"""

from __future__ import annotations

from ..core.usage import Usage
from . import gemini
from .fields import camel, names_of, sub, whole
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

# What a line has beside its response: its key, the inlined request's metadata, or on Vertex AI the request.
_KEYS = frozenset({"key", "metadata", "request"})


def read(fields: Fields) -> Usage:
    """Return the usage of a line, as part of a batch."""
    response = sub(fields, "response")
    if not response:
        return Usage(free="a batch entry that failed is not billed", batch=True, dialect="gemini")
    if gemini.recognises(response):
        usage = gemini.READER.read(response)
    else:
        tokens = _embedded(response)
        usage = Usage.of({"input": tokens} if tokens else {}, tokens, "gemini", {})
    usage.batch = True
    return usage


def _embedded(response: Fields) -> int:
    """Return the tokens of an embedding in a batch."""
    stated = camel(response, names_of("tokenCount"))["tokenCount"]
    if stated is None:
        raise missing("this embedding of a batch")
    return whole("tokenCount", stated)


def recognises(fields: Fields) -> bool:
    """Return whether this is a line of a batch: a response of Gemini, or an error, in a wrapper."""
    if _KEYS.isdisjoint(fields) or "custom_id" in fields or "name" in fields:
        return False
    response = sub(fields, "response")
    if not response:
        # On Vertex AI the status is a text, and empty for what went well.
        failed = fields.get("error") or ("request" in fields and fields.get("status"))
        return bool(failed) and ("key" in fields or "response" in fields)
    return gemini.recognises(response) or "embedding" in response


READER = Reader("Gemini batch", recognises, read, "the counters of a line are those of its response")
