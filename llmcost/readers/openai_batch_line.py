"""A line of the output or error file of an OpenAI batch, and of those who took over its form.

The body is the one of the endpoint; that it is billed as a batch stands in the wrapper alone, and the body's own
service tier says ``default``. Requests that fail or expire are not billed. Claude's batches on Vertex AI have the body
in the place of the wrapper's response.
https://platform.openai.com/docs/api-reference/batch/request-output
https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/batch
"""

from __future__ import annotations

from ..core.usage import Usage
from ..errors import UnrecognizedResponseError, shown
from . import read_usage
from .fields import sub, text
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_FIRST_ERROR = 400
_WRAPPED = frozenset({"body", "status_code"})


def read(fields: Fields) -> Usage:
    """Return the usage of the body at batch rates, or why nothing is billed.

    >>> read({"custom_id": "1", "response": None, "error": {"code": "batch_expired"}}).free
    'the request of this batch line failed (batch_expired): not billed'

    Raises:
        UsageError: the body has no usage, contradicts itself, or is not recognised.
    """
    answer = sub(fields, "response")
    status = answer.get("status_code") if answer is not None else None
    holder, name = (fields, "response") if answer and _WRAPPED.isdisjoint(answer) else (answer or {}, "body")
    body = sub(holder, name)
    if (isinstance(status, int) and status >= _FIRST_ERROR) or (
        _error(fields, body) and sub(body or {}, "usage") is None
    ):
        reason = f"the request of this batch line failed ({_error(fields, body) or shown(status)}): not billed"
        return Usage.of({}, 0, "batch", {"free": reason})
    if not body:
        raise missing("this line of a batch, without a body and without an error,")
    if recognises(body):
        raise UnrecognizedResponseError("the body of this batch line is again a batch line")
    usage = read_usage(holder[name])
    usage.batch = True
    return usage


def _error(fields: Fields, body: Fields | None) -> str:
    """Return the code of the error of a line or of its body; empty if there is none."""
    for holder in (fields, body or {}):
        error = sub(holder, "error")
        if error is not None:
            return text(error, "code") or text(error, "type") or "no code"
        if isinstance(holder.get("error"), str):
            return "no code"
    return ""


def recognises(fields: Fields) -> bool:
    """Return whether this is a line of such a file."""
    return "custom_id" in fields and "response" in fields and "result" not in fields


READER = Reader("OpenAI batch output line", recognises, read, "the counters of a line stand in its body")
