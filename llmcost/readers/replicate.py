"""Replicate predictions.

Most models are billed by the seconds they ran (``predict_time``; queue and boot are free), official ones by tokens,
characters, images or seconds of video. The price row decides which of them.
https://replicate.com/docs/topics/billing
"""

from __future__ import annotations

from ..core.counts import image_units
from ..core.usage import Usage
from .fields import count, quantity, sub, text, when
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities, Quantity
    from .reader import Fields

_STATUSES = frozenset({"starting", "processing", "succeeded", "failed", "canceled", "aborted"})
_RUNNING = frozenset({"starting", "processing"})
_BLOCK = Block(
    "input_token_count",
    "token_input_count",
    "output_token_count",
    "token_output_count",
    "predict_time",
    "image_output_count",
    "image_count",
    "video_output_duration_seconds",
    "character_input_count",
)


def read(fields: Fields) -> Usage:
    """Return the usage of a finished prediction: tokens if it counts them, and its time.

    >>> usage = read({"status": "succeeded", "metrics": {"predict_time": 4.484541, "total_time": 93.2}})
    >>> usage.duration
    4.484541

    Raises:
        MissingUsageError: it is still running, or it ended without metrics.
        InconsistentUsageError: a counter is no count.
    """
    status, metrics = text(fields, "status"), sub(fields, "metrics") or {}
    if status in _RUNNING:
        raise missing(f"a prediction that is {status}", "Ask for it again when it has ended.")
    facts = {"model": text(fields, "model"), "at": when(fields, "created_at")}
    prompt, answer = _either(metrics, "input_token_count"), _either(metrics, "output_token_count")
    quantities: Quantities = {"input": prompt, "output": answer}
    usage = Usage.of(quantities, prompt, "replicate", facts)
    seconds = quantity(metrics, "predict_time")
    usage.alternatives = tuple(_units(metrics, seconds))
    if seconds and not usage.alternatives:
        usage.duration = seconds
    if not usage.quantities and not usage.alternatives and metrics.get("predict_time") is None:
        raise missing(f"a prediction that {status or 'ended'} without metrics")
    return usage


def _either(metrics: Fields, name: str) -> int:
    """Return a count of tokens in either order of its words."""
    side, thing, rest = name.split("_")
    return count(metrics, name) or count(metrics, f"{thing}_{side}_{rest}")


def _units(metrics: Fields, seconds: Quantity) -> list[tuple[Quantities, ...]]:
    """Return what is counted instead of tokens; a row without that unit is billed by the time the model ran."""
    images = count(metrics, "image_output_count") or count(metrics, "image_count")
    video = quantity(metrics, "video_output_duration_seconds")
    characters = count(metrics, "character_input_count")
    group: list[Quantities] = []
    if images:
        group += image_units(images, None)
    if video:
        group += [{"output_video_seconds": video}]
    if characters:
        group += [{"input_characters": characters}]
    if group and seconds:
        group += [{meter: seconds} for meter in ("compute_seconds", "input_seconds", "output_seconds")]
    return [tuple(group)] if group else []


def recognises(fields: Fields) -> bool:
    """Return whether this is a prediction."""
    if text(fields, "status") not in _STATUSES or "object" in fields:
        return False
    return "predict_time" in (sub(fields, "metrics") or {}) or ("input" in fields and "version" in fields)


READER = Reader("Replicate prediction", recognises, read, {"metrics": _BLOCK})
