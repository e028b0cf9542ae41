"""What every error of llmcost is, and the error of an argument, which loads with the package too."""

from __future__ import annotations

from .printing import message


class LLMCostError(Exception):
    """The base of everything that llmcost raises on purpose. Its text is printable.

    >>> import llmcost
    >>> try:
    ...     llmcost.completion_cost(model="gpt-0", usage={"input": 10})
    ... except llmcost.LLMCostError as error:
    ...     type(error).__name__
    'UnknownModelError'
    """

    def __str__(self) -> str:
        if not self.args:
            return ""
        return message(self.args[0])

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        """Travel with what the error is about; a value that may not travel does so as it is shown."""
        from .travelling import portable

        told = {name: portable(value) for name, value in self.__dict__.items()}
        return (type(self), portable(self.args), told) if told else (type(self), portable(self.args))


class ArgumentError(LLMCostError, TypeError, ValueError):
    """An argument has the wrong type, has a value that it may not have, or does not go with another argument.

    >>> import llmcost
    >>> try:
    ...     llmcost.calculate(usage={"prompt_tokens": 1, "completion_tokens": 1}, model="gpt-4o", service_tier=7)
    ... except llmcost.ArgumentError as error:
    ...     str(error)
    'service_tier=7: it has to be text'
    """
