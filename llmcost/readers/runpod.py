"""RunPod: a job of a serverless endpoint, whose worker is billed by the second, or of a public endpoint.

The job states how long it ran. Its worker is billed from its start to its stop, so that it costs more than its jobs
where it starts or waits, and less where it runs several at once. A public endpoint states what the job was charged.
https://docs.runpod.io/serverless/endpoints/operation-reference, https://docs.runpod.io/serverless/pricing
https://docs.runpod.io/public-endpoints/requests
"""

from __future__ import annotations

from ..core.counts import checked
from ..core.exact import decimal_of, ratio
from ..core.notes import Note
from ..core.usage import Usage
from ..errors import MissingUsageError, UnrecognizedResponseError
from . import read_usage
from .dialects.reported import charge
from .fields import items, quantity, sub, text
from .framework import several
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_TIME, _WAITED = "executionTime", "delayTime"
_RUNNING = frozenset({"IN_QUEUE", "IN_PROGRESS"})
_STATUSES = _RUNNING | {"COMPLETED", "FAILED", "CANCELLED", "TIMED_OUT"}
# The counters of a worker of vLLM, whose rows each count all rows so far, and those of the one before it.
# https://github.com/runpod-workers/worker-vllm/blob/main/src/engine.py
_CUMULATIVE = frozenset({"input", "output"})
_NAMES = (("usage", "input", "output"), ("", "input_tokens", "output_tokens"))
_NOT_THE_WORKER = "the time of this job alone: the worker is billed from its start to its stop, waiting included"


def read(fields: Fields) -> Usage:
    """Return the time that a job ran, with the tokens of its output and with what it was charged, if they are stated.

    >>> read({"id": "j", "status": "COMPLETED", "executionTime": 1437, "delayTime": 31618}).duration
    Decimal('1.437')

    Raises:
        MissingUsageError: the job is not done, or it states no time.
        InconsistentUsageError: a time or a count is no number.
    """
    status = text(fields, "status") or ""
    if status in _RUNNING:
        raise missing(f"a job that is {status}", "Ask for it again when it has ended.")
    output = sub(fields, "output")
    rows = [output] if output is not None else items(fields, "output")
    if all(_CUMULATIVE.issubset(sub(row, "usage") or ()) for row in rows):
        rows = rows[-1:]
    found = [usage for row in rows if (usage := _tokens(row)) is not None]
    usage = several(found, "runpod") if found else Usage.of({}, None, "runpod", {})
    charged = charge(usage, rows[0].get("cost"), "cost") if len(rows) == 1 else None
    if charged is not None:
        usage.reported, usage.provider = charged, "runpod"
    time = quantity(fields, _TIME)
    if time:
        numerator, denominator = ratio(time)
        usage.duration = checked(_TIME, decimal_of(numerator, denominator * 1000)[0])
    elif usage.reported is None and not found:
        raise missing(f"a job that is {status} and states no time")
    if time and usage.reported is None:
        usage.notes = (*usage.notes, Note("worker_time", _NOT_THE_WORKER, _TIME))
    return usage


def _tokens(row: Fields) -> Usage | None:
    for holder, prompt, answer in _NAMES:
        counters = sub(row, holder) if holder else row
        if counters and prompt in counters and answer in counters:
            rest = {name: value for name, value in counters.items() if holder or str(name).endswith("_tokens")}
            named = {"prompt_tokens": rest.pop(prompt), "completion_tokens": rest.pop(answer)}
            return read_usage({**rest, **named})
    try:
        return read_usage(row)
    except (MissingUsageError, UnrecognizedResponseError):
        return None


def recognises(fields: Fields) -> bool:
    """Return whether this is a job."""
    return (_TIME in fields or _WAITED in fields) and "id" in fields and text(fields, "status") in _STATUSES


READER = Reader("RunPod job", recognises, read, "its time is what is billed; counters are handed on by their names")
