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

# When a line of Vertex AI was answered. It stands beside the request and the status, which is empty for a success. A
# record that somebody made of a request and its response has neither, and was no batch.
# https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-from-cloud-storage
_ANSWERED = "processed_time"
# What an inlined line has; a record with metadata of its own has more.
_INLINED_LINE = frozenset({"metadata", "response", "error"})


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
        usage = Usage.of({"input": tokens}, tokens, "gemini", {})
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
    if "custom_id" in fields or "name" in fields:
        return False
    by_vertex = "request" in fields and "response" in fields
    # The Gemini API has a key of one's own beside the response or the error, or the inlined request's metadata.
    inlined = "metadata" in fields and "response" in fields and _INLINED_LINE.issuperset(fields)
    if not by_vertex and "key" not in fields and not inlined:
        return False
    response = sub(fields, "response")
    if not response:
        # Vertex AI leaves an empty response beside the words of its status.
        return bool(response == {} and text(fields, "status") if by_vertex else fields.get("error"))
    if by_vertex and fields.get("status") != "" and _ANSWERED not in fields:
        return False
    return gemini.recognises(response) or "embedding" in response


READER = Reader("Gemini batch", recognises, read, "the counters of a line stand in its response")
