"""Sums of counters by model: what trackers of usage keep, such as DSPy's ``get_lm_usage()``.

https://dspy.ai/api/utils/track_usage
"""

from __future__ import annotations

from .fields import nested
from .framework import counted, several, summed

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

    >>> used = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    >>> read_models({"openai/gpt-4o-mini": used}).model
    'openai/gpt-4o-mini'

    Raises UsageError if the counters of a model contradict each other.
    """
    if not _are_models(fields):
        return None
    rows = {str(model): nested(row) for model, row in fields.items()}
    found = [summed(counted(row, f"the usage of {model}", model=model)) for model, row in sorted(rows.items())]
    return several(found, "by_model")


def _are_models(fields: Fields) -> bool:
    """Return whether every value is the counters of a model."""
    names = [str(name).lower() for name in fields]
    if not names or any(name.endswith(_NO_MODELS) for name in names):
        return False
    return all(_has_counters(value) for value in [fields[name] for name in fields])


def _has_counters(value: object) -> bool:
    row = value if type(value) is dict else None
    return row is not None and any(row.get(n) is not None for n in _INPUTS) and any(n in row for n in _OUTPUTS)
