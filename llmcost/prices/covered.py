"""Which names of a map have the prices that were registered under another name."""

from __future__ import annotations

from ..errors import LLMCostError
from .layers import REGISTERED
from .spellings import is_snapshot, without_geography

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .price_map import PriceMap


def covered(prices: PriceMap, name: str) -> tuple[str, ...]:
    """Return the other names of a map that have prices registered for ``name``, the nearest first.

    A price of a name also holds for its dated snapshots and, if the name has no provider, for every seller.

    >>> from llmcost import CostMap
    >>> row = {"input_cost_per_token": 1e-6}
    >>> prices = CostMap({"m": row, "m-2026-01-31": row, "azure/m": row, "m-mini": row})
    >>> prices.register({"m": {"input_cost_per_token": 2e-6}})
    >>> covered(prices, "m")
    ('m-2026-01-31', 'azure/m')
    """
    bare = _bare(name)
    near = [other for other in prices if (model := _bare(other)) == bare or is_snapshot(model, bare)]
    near.sort(key=lambda other: (other.count("/"), other))
    return tuple(other for other in near if other != name and _has(prices, other, name))


def _bare(name: str) -> str:
    return without_geography(name.rpartition("/")[2])


def _has(prices: PriceMap, name: str, registered: str) -> bool:
    try:
        card = prices.rate_card(name)
    except LLMCostError:
        return False  # several sellers, say: a call by this name alone has no price
    return (REGISTERED, registered) in card.layers
