"""Commercial terms: what is taken off the sum of a call, and what is added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.term import Term
from ..prices.layers import MODEL_INFO

if TYPE_CHECKING:
    from .models import Margin, Options, Settings

    Terms = tuple[Term, ...]

SETTINGS_LAYER = "config litellm_settings"


def of_options(options: Options, alias: str) -> Terms:
    """Return the terms of one deployment; a multiplier is a discount below 1 and a margin above."""
    terms: list[Term] = []
    if options.multiplier is not None:
        numerator, denominator = options.multiplier
        if numerator != denominator:
            kind = "margin" if numerator > denominator else "discount"
            share = abs(numerator - denominator), denominator
            terms.append(Term(kind, share, MODEL_INFO, alias, "llmcost.multiplier"))
    if options.discount is not None:
        terms.append(Term("discount", options.discount, MODEL_INFO, alias, "llmcost.discount"))
    if options.margin is not None:
        terms += _margin(options.margin, MODEL_INFO, alias, "llmcost.margin")
    return tuple(terms)


def of_settings(settings: Settings) -> tuple[dict[str, Terms], dict[str, Terms]]:
    """Return the discounts and the margins by provider."""
    discounts: dict[str, Terms] = {
        provider: (Term("discount", share, SETTINGS_LAYER, provider, "cost_discount_config"),)
        for provider, share in (settings.cost_discount_config or {}).items()
    }
    margins = {
        provider: _margin(margin, SETTINGS_LAYER, provider, "cost_margin_config")
        for provider, margin in (settings.cost_margin_config or {}).items()
    }
    return discounts, margins


def _margin(margin: Margin, layer: str, name: str, key: str) -> Terms:
    terms = []
    if margin.percentage is not None:
        terms.append(Term("margin", margin.percentage, layer, name, key))
    if margin.fixed_amount is not None:
        terms.append(Term("fee", margin.fixed_amount, layer, name, f"{key}.fixed_amount"))
    return tuple(terms)
