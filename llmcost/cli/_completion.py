"""Completion: the words that a shell offers where a model, a provider or a tier is asked for."""

from __future__ import annotations

import llmcost
from llmcost.core.tiers import TIER_WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import click

    Completion = Callable[[click.Context, click.Parameter, str], list[str]]

# More than a screen of them helps nobody to choose.
_MOST = 200


def models(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Return the models of the map whose names begin so."""
    del context, parameter
    return _those(llmcost.CostMap.bundled(), begun)


def _tiers(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    del context, parameter
    return _those(TIER_WORDS, begun)


def _providers(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    del context, parameter
    prices = llmcost.CostMap.bundled()
    return _those({str(prices[name].get("litellm_provider", "")) for name in prices}, begun)


def _those(words: Iterable[str], begun: str) -> list[str]:
    return sorted(word for word in words if word and word.startswith(begun))[:_MOST]


# fact -> how its option is completed.
COMPLETIONS: dict[str, Completion] = {
    **dict.fromkeys(("model", "base_model", "image_model", "embedding_model", "transcription_model"), models),
    **dict.fromkeys(("service_tier", "served_tier"), _tiers),
    "provider": _providers,
}
