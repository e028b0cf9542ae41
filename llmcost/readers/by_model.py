"""Sums of counters by model: what trackers of usage keep, such as DSPy's ``get_lm_usage()`` and the calls of Weave.

https://dspy.ai/api/utils/track_usage, https://docs.wandb.ai/weave/guides/tracking/costs
"""

from __future__ import annotations

from .fields import count, nested, sub, when
from .framework import read_bare, several, summed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_INPUTS = ("prompt_tokens", "input_tokens", "inputTokens", "promptTokens")
_OUTPUTS = ("completion_tokens", "output_tokens", "outputTokens", "completionTokens")
# What the one object in an envelope is called, which is no model.
_NO_MODELS = ("usage", "tokens", "metrics", "counts", "total", "response", "result", "output")


def read_models(fields: Fields) -> Usage | None:
    """Return the usage of every model, each a part that adds up any number of calls; None if these are no models.

    The models stand at the top, or under the ``usage`` of an object or of its ``summary``.

    >>> used = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    >>> read_models({"openai/gpt-4o-mini": used}).model
    'openai/gpt-4o-mini'

    Raises UsageError if the counters of a model contradict each other.
    """
    places = (fields, sub(fields, "usage"), sub(sub(fields, "summary") or {}, "usage"))
    models = next((place for place in places if place and _are_models(place)), None)
    if models is None:
        return None
    rows = {str(model): nested(row) or {} for model, row in models.items()}
    usage = several([_of_model(model, row) for model, row in sorted(rows.items())], "by_model")
    at = None if models is fields else when(fields, "started_at")
    return usage if at is None else usage.replaced(at=at)


def _of_model(model: str, row: Fields) -> Usage:
    return summed(read_bare(row, f"the usage of {model}", model=model), count(row, "requests") or 2)


def _are_models(fields: Fields) -> bool:
    """Return whether every value is the counters of a model."""
    names = [str(name).lower() for name in fields]
    if not names or any(name.endswith(_NO_MODELS) for name in names):
        return False
    return all(_has_counters(value) for value in [fields[name] for name in fields])


def _has_counters(value: object) -> bool:
    row = value if type(value) is dict else None
    return row is not None and any(row.get(n) is not None for n in _INPUTS) and any(n in row for n in _OUTPUTS)
