"""What llmcost warns of: the categories for ``warnings.filterwarnings``."""

from __future__ import annotations

from .printing import message


class LLMCostWarning(UserWarning):
    """The base of everything that llmcost warns of. Its text is one printable line.

    A program that wants errors instead of warnings asks for them:

    >>> import llmcost, warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", llmcost.LLMCostWarning)
    ...     llmcost.completion_cost(model="gpt-4o-mini", usage=llmcost.Usage(input=1000, ocr_pages=3))
    Traceback (most recent call last):
    llmcost.errors.warning_classes.UnpricedUsageWarning: gpt-4o-mini has no rate for ocr_pages: the cost is a lower ...
    """

    def __str__(self) -> str:
        return message(super().__str__())


class UnpricedUsageWarning(LLMCostWarning):
    """A part of a call has no rate, and the float that is returned cannot say so.

    >>> import llmcost, warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", llmcost.UnpricedUsageWarning)
    ...     llmcost.completion_cost(model="gpt-4o-mini", usage=llmcost.Usage(input=1000, ocr_pages=3))
    0.00015
    """


class IgnoredArgumentWarning(LLMCostWarning):
    """An argument is accepted and has no effect on this cost, or hardly the effect that is meant.

    Each reason is said once in a process.

    >>> import llmcost, warnings
    >>> warnings.simplefilter("ignore", llmcost.IgnoredArgumentWarning)  # where nobody has to know
    >>> llmcost.get_model_info("gpt-4o", api_key="x")["litellm_provider"]
    'openai'
    """


class UnreadUsageWarning(LLMCostWarning):
    """A response states a counter that llmcost does not know, and the float that is returned cannot say so.

    ``price_table`` warns with it of a column that is named nearly like a meter, and is not read.

    >>> import llmcost, warnings
    >>> usage = {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11, "hologram_tokens": 5}
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", llmcost.UnreadUsageWarning)
    ...     llmcost.completion_cost(model="gpt-4o", usage=usage)
    Traceback (most recent call last):
    llmcost.errors.warning_classes.UnreadUsageWarning: hologram_tokens=5 is not understood: it is in no quantity, so ...
    """


class StalePricesWarning(LLMCostWarning):
    """The price map or a rate sheet is old, a promised price is over, or an update cannot be used.

    A program whose prices may be old asks for silence:

    >>> import llmcost, warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore", llmcost.StalePricesWarning)
    ...     llmcost.map_info().date > "2026"
    True
    """


class SuspiciousPriceWarning(LLMCostWarning):
    """A price is a thousand or a million times too high for its unit: per 1K or 1M, most likely.

    >>> import llmcost, warnings
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", llmcost.SuspiciousPriceWarning)
    ...     llmcost.CostMap({}).register({"my-model": {"input_cost_per_token": 2.5}})
    Traceback (most recent call last):
    llmcost.errors.warning_classes.SuspiciousPriceWarning: input_cost_per_token=2.5 is 2,500,000 USD per 1M tokens: ...
    """


class ConfigWarning(LLMCostWarning):
    """Something in a configuration looks like a mistake; it is read as it stands.

    >>> import llmcost
    >>> issubclass(llmcost.ConfigWarning, llmcost.LLMCostWarning)
    True
    """
