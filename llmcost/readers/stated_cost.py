"""A stated cost beside counters that contradict each other: it is what is charged, whatever the counters mean."""

from __future__ import annotations

from importlib import import_module

from ..core.counts import checked
from ..core.notes import Note
from ..core.usage import Usage
from ..errors import InconsistentUsageError, MissingUsageError
from .fields import text, when
from .hidden_prefix import both_readings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .blocks import Fields

# The dialects that read a cost.
_STATING = ("xai", "openrouter", "perplexity", "vercel")
_WHOLES = (("input", ("prompt_tokens", "input_tokens")), ("output", ("completion_tokens", "output_tokens")))


def with_cost(fields: Fields, counters: Fields, error: InconsistentUsageError) -> Usage:
    """Return the cost that a response states, with the wholes of its counters and the contradiction in words.

    Without one it is what the counters may mean, if two sellers count in two ways.

    Raises the error if neither is so.
    """
    usage = Usage.of({}, None, "contradiction", {})
    try:
        for name in _STATING:
            usage = import_module(f"{__package__}.dialects.{name}").correct(fields, counters, usage)
    except InconsistentUsageError:
        raise error from None
    if usage.reported is None:
        both = both_readings(fields, counters)
        if both is None:
            raise error
        return both
    mine = _as_charged(fields, counters, usage)
    if mine is not None:
        return mine
    stated = {meter: [counters.get(name) for name in names] for meter, names in _WHOLES}
    wholes = {meter: next(filter(None, map(_count, counts)), 0) for meter, counts in stated.items()}
    usage.quantities = {meter: count for meter, count in wholes.items() if count}
    usage.model, usage.at = text(fields, "model"), when(fields, "created") or when(fields, "created_at")
    usage.service_tier = text(fields, "service_tier")
    usage.undecided = str(error)
    usage.notes = (*usage.notes, Note("contradiction", f"{error}: the cost is the stated one", "reported"))
    return usage


def _as_charged(fields: Fields, counters: Fields, charged: Usage) -> Usage | None:
    """Return the counters as the seller counts them whose charge is stated, where two sellers differ; else None."""
    try:
        both = both_readings(fields, counters)
    except InconsistentUsageError:
        return None
    mine = next((reading for reading in both.readings if reading.provider == charged.provider), None) if both else None
    if both is None or mine is None:
        return None
    facts = {"reported": charged.reported, "model": both.model, "at": both.at}
    return mine.replaced(**facts, service_tier=text(fields, "service_tier"))


def _count(value: object) -> int:
    """Return a count, and 0 for what is none: the counters contradict each other, and some may be no numbers."""
    try:
        return int(checked("", value))
    except (InconsistentUsageError, MissingUsageError):
        return 0
