"""What every error of llmcost is."""

from __future__ import annotations

from .printing import printable


class LLMCostError(Exception):
    """The base of everything that llmcost raises on purpose. Its text is printable.

    >>> import llmcost
    >>> try:
    ...     llmcost.completion_cost(model="my-model", usage={"input": 10})
    ... except llmcost.LLMCostError as error:
    ...     type(error).__name__
    'UnknownModelError'
    """

    def __str__(self) -> str:
        return printable(self.args[0]) if self.args else ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"
