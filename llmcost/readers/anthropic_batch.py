"""Anthropic message batches: one line of the results.

The line says that it was a batch. A request that did not succeed is not billed.
https://platform.claude.com/docs/en/build-with-claude/batch-processing
"""

from __future__ import annotations

from ..core.usage import Usage
from . import anthropic
from .fields import sub, text
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_OUTCOMES = {"errored": "failed", "canceled": "was canceled", "expired": "expired"}


def read(fields: Fields) -> Usage:
    """Return the usage of a line of the results; a batch itself has none."""
    result = sub(fields, "result")
    if result is None:
        raise missing("a message batch", "Its results do: pass each line of them.")
    outcome = text(result, "type")
    if outcome in _OUTCOMES:
        return Usage(
            free=f"a request of the batch that {_OUTCOMES[outcome]} is not billed", batch=True, dialect="anthropic"
        )
    message = sub(result, "message")
    if message is None:
        raise missing(f"this line of a batch ({outcome})")
    usage = anthropic.READER.read(message)
    usage.batch = True
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a line of the results, or the batch itself."""
    if fields.get("type") == "message_batch":
        return True
    if "custom_id" not in fields:
        return False
    result = sub(fields, "result")
    return result is not None and (result.get("type") == "succeeded" or text(result, "type") in _OUTCOMES)


READER = Reader("Anthropic message batch", recognises, read, "the counters of a line stand in its message")
