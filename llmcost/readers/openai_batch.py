"""OpenAI batches: the object that adds up a whole batch.

It states sums over many requests, so that no threshold of a context can be applied to them. The lines of the output
file state every request by itself. https://platform.openai.com/docs/api-reference/batch/object
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from ..core.usage import Usage
from ..errors import shown
from . import openai_batch_line, openai_chat, openai_images, openai_responses
from .batched import together
from .dialects import with_dialects
from .fields import count, items, sub, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_ENDED = ("completed", "failed", "expired", "cancelled")


def read(fields: Fields) -> Usage:
    """Return the usage of all requests of a batch together.

    >>> usage = read({"object": "batch", "status": "completed", "usage": {"input_tokens": 9, "output_tokens": 1}})
    >>> usage.quantities, usage.batch, usage.aggregate
    ({'input': 9, 'output': 1}, True, True)

    Raises:
        MissingUsageError: the batch states no tokens; those before 2025-09-07, and some vendors', never do.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    status = text(fields, "status")
    counters = sub(fields, "usage")
    if counters is None:
        lines = items(fields, "outputs")
        if lines:
            # Mistral's small batches hold what others write into a file.
            return together(openai_batch_line.READER.read(line) for line in lines)
        if status in _ENDED and count(sub(fields, "request_counts") or {"completed": 1}, "completed") == 0:
            return Usage.of({}, 0, "batch", {"free": "no request of this batch was completed"})
        raise missing(f"this batch (status {shown(status)})", "The lines of its output file do: read them one by one.")
    endpoint = text(fields, "endpoint") or ""
    if endpoint.startswith("/v1/images/"):
        usage = openai_images.read_counters(counters)
    elif "prompt_tokens" in counters:
        # OpenRouter's batches and LiteLLM's have the names of a completion, and may state a cost.
        # https://openrouter.ai/docs/client-sdks/python/components/batchobjectusage
        usage = openai_chat.READER.read({**fields, "object": "chat.completion", "choices": []})
    else:
        usage = openai_responses.read_counters(counters, {})
    model, created = text(fields, "model"), when(fields, "created_at")
    if model is not None:
        usage.model = model
    if created is not None:
        usage.at = created
    usage.context = None
    usage.aggregate = usage.batch = True
    if status is not None and status not in _ENDED:
        said = f"the batch is {status}: requests that are not done are not in its usage"
        leave_out(usage, said)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a batch object."""
    return fields.get("object") == "batch"


_BOTH = openai_responses.BLOCK.joined(openai_chat.BLOCK)
_BLOCK = Block(*_BOTH.read, ignored=_BOTH.ignored, inner=_BOTH.inner, ends=_BOTH.ends, also=with_dialects)
READER = Reader("OpenAI Batches", recognises, read, {"usage": _BLOCK}, objects=("batch",))
