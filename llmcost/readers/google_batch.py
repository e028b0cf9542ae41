"""Batches of Gemini: a line of the output, of the Developer API or of Vertex AI, and a batch with inlined responses.

The wrapper says that it was a batch; a line with an error is not billed.
https://ai.google.dev/gemini-api/docs/batch-api
"""

from __future__ import annotations

from ..core.usage import Usage
from . import gemini
from .batched import together
from .fields import camel, items, names_of, sub, text, whole_number
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

# What a line has: beside its response its key, or the inlined request's metadata. On Vertex AI it has the request too,
# with a status, which is empty for a success, and the time when it was answered. A record that somebody made of a
# request and its response has other fields, and was no batch.
# https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-from-cloud-storage
_INLINE = frozenset({"metadata", "response", "error"})
_ANSWERED = "processed_time"


def read(fields: Fields) -> Usage:
    """Return the usage of a line, as part of a batch; or of all lines that a batch holds."""
    lines = _inlined(fields)
    if lines is not None:
        return together(_read_line(line) for line in lines)
    return _read_line(fields)


def _inlined(fields: Fields) -> list[Fields] | None:
    """Return the lines that a batch holds. Its metadata repeats them, and they are counted once."""
    for holder in ("dest",) if "dest" in fields else ("response",) if _OPERATION.issuperset(fields) else ():
        answer = camel(sub(fields, holder) or {}, _INLINED)
        found = answer["inlinedResponses"]
        if found is not None:
            # The REST object has a list of that name inside an object of that name; the SDK's has the list.
            within = camel(sub(answer, "inlinedResponses") or {}, _INLINED)
            return items(within if within["inlinedResponses"] is not None else answer, "inlinedResponses")
    return None


# What the operation of a batch has; a record around a response has other things beside it.
_OPERATION = frozenset({"name", "metadata", "done", "response", "error"})
_INLINED = names_of("inlinedResponses")


def _read_line(fields: Fields) -> Usage:
    response = sub(fields, "response")
    if not response:
        return Usage(free="a request of the batch that failed is not billed", batch=True, dialect="gemini")
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
    return whole_number("tokenCount", stated)


def recognises(fields: Fields) -> bool:
    """Return whether this is a line of a batch: a response of Gemini, or an error, in a wrapper."""
    if _inlined(fields) is not None:
        return True
    by_vertex = "request" in fields and "response" in fields
    if "custom_id" in fields or "name" in fields or not (by_vertex or _is_line(fields)):
        return False
    response = sub(fields, "response")
    if not response:
        # Vertex AI leaves an empty response beside the words of its status.
        return bool(response == {} and text(fields, "status") if by_vertex else fields.get("error"))
    if by_vertex and fields.get("status") != "" and _ANSWERED not in fields:
        return False
    return gemini.recognises(response) or "embedding" in response


def _is_line(fields: Fields) -> bool:
    return "key" in fields or ("metadata" in fields and "response" in fields and _INLINE.issuperset(fields))


READER = Reader("Gemini batch", recognises, read, "the counters of a line stand in its response")
