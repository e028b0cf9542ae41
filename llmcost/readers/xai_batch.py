"""xAI's batches: a page of results, each with the response of a request.

https://docs.x.ai/docs/guides/batch-api
"""

from __future__ import annotations

from ..core.usage import Usage
from . import xai_sdk
from .batched import together
from .fields import items, sub, text
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a page of results, at the rates of a batch."""
    return together(_read_result(sub(row, "batch_result") or {}) for row in items(fields, "results"))


def _read_result(result: Fields) -> Usage:
    answers = sub(result, "response") or {}
    for name in answers:
        answer = sub(answers, name)
        if answer is not None and xai_sdk.recognises(answer):
            return xai_sdk.READER.read(answer)
    error = sub(result, "error") or {}
    why = text(error, "message") or "no response"
    return Usage.of({}, 0, "batch", {"free": f"a request of the batch that failed is not billed: {why}"})


def recognises(fields: Fields) -> bool:
    """Return whether this is a page of results of a batch."""
    return any("batch_result" in row for row in items(fields, "results")[:1])


READER = Reader("xAI batch", recognises, read, "each result is read as the response that it is")
