"""Words of service tiers, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.tiers import STANDARD, TIER_WORDS
from ..errors import PriceDataError, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..api.costmap import CostMap

_MOST_TIERS = 200


def numbered(words: Sequence[str], prices: CostMap | None = None) -> dict[str, int]:
    """Return words of service tiers with the number of what they mean; words that are not known mean something each.

    Deployments of ``prices`` may request a tier. A call that says nothing may have another tier than the standard then.

    >>> numbered(["default", "flex", "on_demand_flex", "whatever"])
    {'default': 0, 'flex': 1, 'on_demand_flex': 1, 'whatever': 2}
    """
    if len(words) > _MOST_TIERS:
        raise PriceDataError(
            f"{len(words):,} different words of service tiers, such as {shown(words[0])}: is it that column?"
        )
    meanings = [TIER_WORDS.get(word.lower()) or f"? {word}" for word in words]
    # What means the standard tier is no other kind of call than one that says nothing.
    deployments = prices.deployments if prices is not None else None
    nothing = None if deployments is not None and deployments.request_tiers else STANDARD
    places = {meaning: number for number, meaning in enumerate(m for m in dict.fromkeys(meanings) if m != nothing)}
    return {word: places.get(meaning, -1) + 1 for word, meaning in zip(words, meanings, strict=True)}
