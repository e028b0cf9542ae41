"""What ``gemini -p --output-format json`` prints: an answer, and ``stats`` with what each model has used.

The counts of a model add up all requests of the session, so that they have no context. The prompt holds what is cached;
thoughts stand beside the answer. https://github.com/google-gemini/gemini-cli/blob/main/docs/cli/headless.md
"""

from __future__ import annotations

from . import gemini
from .fields import count, nested, sub
from .framework import several, summed
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

# What each counter is called in a response of the API.
_COUNTERS = {
    "prompt": "promptTokenCount",
    "candidates": "candidatesTokenCount",
    "total": "totalTokenCount",
    "cached": "cachedContentTokenCount",
    "thoughts": "thoughtsTokenCount",
    "tool": "toolUsePromptTokenCount",
}
_REPEATED = {
    "input": "what the prompt holds beside the cache",
    "roles": "the same tokens, by the part of the program that used them",
}


def read(fields: Fields) -> Usage:
    """Return the usage of a session: a part for each of its models.

    >>> used = {"prompt": 9, "candidates": 2, "total": 14, "cached": 5, "thoughts": 3, "tool": 0}
    >>> read({"response": "Hi", "stats": {"models": {"gemini-2.5-pro": {"tokens": used}}}}).quantities
    {'input': 4, 'cache_read': 5, 'output': 2, 'reasoning': 3}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count, or the cache exceeds the prompt.
    """
    models = _models(fields) or {}
    found = []
    for name in sorted(models):
        row = nested(models[name]) or {}
        tokens = sub(row, "tokens") or {}
        if not any(count(tokens, counter) for counter in _COUNTERS):
            continue
        counters = {meter: tokens.get(counter) for counter, meter in _COUNTERS.items()}
        usage = summed(gemini.read_counters(counters, {}), count(sub(row, "api") or {}, "totalRequests") or 2)
        usage.model = str(name)
        found.append(usage)
    if not found:
        raise missing("this result of Gemini CLI, without a model that counted anything,")
    return several(found, "gemini_cli")


def _models(fields: Fields) -> Fields | None:
    return sub(sub(fields, "stats") or {}, "models")


def recognises(fields: Fields) -> bool:
    """Return whether this is a result with the counts of models."""
    models = _models(fields)
    return bool(models) and all("tokens" in (nested(models[name]) or ()) for name in models)  # type: ignore[index,union-attr]


def _rows(models: Fields) -> list[Fields]:
    return [tokens for value in models.values() if (tokens := sub(nested(value) or {}, "tokens")) is not None]


READER = Reader(
    "Gemini CLI",
    recognises,
    read,
    {"stats.models": Block(*_COUNTERS, ignored=_REPEATED, view=_rows, label="stats.models")},
)
