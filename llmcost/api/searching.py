"""Searching: which models search the web for a fee at every call, whether or not a request asks for it."""

from __future__ import annotations

from ..prices.vendors import SEARCHING_SELLERS, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.ratecard import RateCard

_FEES = ("web_searches", "grounded_prompts")


def searches_by_itself(card: RateCard) -> bool:
    """Return whether every call of a model searches for a fee.

    >>> import llmcost
    >>> prices = llmcost.CostMap.bundled()
    >>> [searches_by_itself(prices.rate_card(name)) for name in ("perplexity/sonar", "gpt-5-search-api", "gpt-4o")]
    [True, True, False]
    """
    if any(meter in card.unstated for meter in _FEES):
        return True
    return family(card.provider or "") in SEARCHING_SELLERS and any(meter in card.by_meter for meter in _FEES)
