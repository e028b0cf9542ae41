"""The error of an argument that cannot be used."""

from __future__ import annotations

from .base import LLMCostError


class ArgumentError(LLMCostError, TypeError, ValueError):
    """An argument is of the wrong type, is no value that it may have, or does not go with another one.

    >>> import llmcost
    >>> try:
    ...     llmcost.calculate(usage={"prompt_tokens": 1, "completion_tokens": 1}, model="gpt-4o", service_tier=7)
    ... except llmcost.ArgumentError as error:
    ...     str(error)
    'service_tier=7: it has to be text'
    """
