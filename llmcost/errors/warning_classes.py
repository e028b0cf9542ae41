"""What llmcost warns of: the categories for ``warnings.filterwarnings``."""

from __future__ import annotations

from .printing import printable


class LLMCostWarning(UserWarning):
    """The base of everything that llmcost warns of. Its text is one printable line."""

    def __str__(self) -> str:
        return printable(super().__str__())


class UnpricedUsageWarning(LLMCostWarning):
    """A part of a call has no rate, and the float that is returned cannot say so."""


class IgnoredArgumentWarning(LLMCostWarning):
    """An argument was accepted that says nothing to llmcost, or hardly means what it says."""


class UnreadUsageWarning(LLMCostWarning):
    """A response states a counter that nobody understood, and the float that is returned cannot say so."""


class StalePricesWarning(LLMCostWarning):
    """The price map is old."""


class SuspiciousPriceWarning(LLMCostWarning):
    """A price is a thousand or a million times too high for its unit: per 1K or 1M, most likely."""


class ConfigWarning(LLMCostWarning):
    """Something in a configuration looks like a mistake; it is read as it stands."""
