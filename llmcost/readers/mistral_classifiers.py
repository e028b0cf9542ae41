"""Mistral's moderation and classification: billed by the tokens of what they read.

The types of its SDK have the results alone; the answers themselves state the usage of a chat completion beside them.
https://docs.mistral.ai/api/endpoint/classifiers
"""

from __future__ import annotations

from .fields import items, nested, sub, text
from .framework import HANDED_ON, read_bare
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a classification.

    >>> used = {"prompt_tokens": 9, "completion_tokens": 0, "total_tokens": 9}
    >>> read({"model": "m", "results": [{"categories": {}}], "usage": used}).quantities
    {'input': 9}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count.
    """
    return read_bare(sub(fields, "usage"), "this classification", "openai", model=text(fields, "model"))


def recognises(fields: Fields) -> bool:
    """Return whether these are classes of texts, and tokens."""
    if "results" not in fields or "prompt_tokens" not in (sub(fields, "usage") or ()):
        return False
    first = (items(fields, "results") or [{}])[0]
    return "categories" in first or any("scores" in (nested(value) or ()) for _, value in first.items())


READER = Reader("Mistral classifiers", recognises, read, HANDED_ON)
