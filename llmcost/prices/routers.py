"""Routers whose row in a map is a fee: on every token of the prompt, on top of what the picked model costs.

The response names the model that was picked.
https://learn.microsoft.com/azure/foundry/openai/concepts/model-router-faq
"""

from __future__ import annotations

from ..core.exact import plain
from ..core.meters import PROMPT_METERS, TOKEN_METERS
from ..core.notes import Note
from ..core.rate import PUBLIC, ROUTING_FEE, Rate, Shadow
from .entries import compile_entry
from .layers import MAP, REGISTERED, Layer
from .names import Query, find
from .sought import own_row
from .vendors import ROUTED_SELLERS, ROUTER_FEES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .entry import Entry
    from .names import Match
    from .overlay import Overlay
    from .registry import Registered
    from .rows import Source


# Layers whose row of a router is that of a map: a registered one is a copy of it.
_COPIED = PUBLIC | {REGISTERED}


def fee_of(entry: Entry) -> Rate | None:
    """Return the fee on a token of the prompt, if that is all that the entry of a router prices."""
    rates = [rate for rate in entry.rates.values() if rate is not None and rate.numerator]
    return entry.rates.get(("input", ())) if all(rate.meter in PROMPT_METERS for rate in rates) else None


def picked(
    source: Source,
    own: Source,
    registered: Mapping[str, Registered],
    answered: str | None,
    region: str | None,
    router: str,
) -> tuple[Match, list[Layer]] | None:
    """Return the model that a router picked, by the response's word, and the layers of its prices; None if unknown."""
    named = answered or ""
    head, slash, rest = named.partition("/")
    if slash and head in ROUTED_SELLERS:
        named = rest
    for seller in dict.fromkeys((router.partition("/")[0], *ROUTED_SELLERS)) if named else ():
        query = Query(named, seller, region)
        matched, set_for_it = find(source, query), own_row(registered, own, [query], [])
        found = matched or set_for_it
        if found is None or found.name in ROUTER_FEES:
            continue
        layers = [registered[set_for_it.name].layer] if set_for_it is not None else []
        if matched is not None:
            layers.append(Layer(compile_entry(source.get(matched.name) or {}, MAP, matched.name)))
        return found, layers
    return None


class FeeOnTop:
    """Adds a router's fee to the rates of the model that it picked; a price of the router's own stays as it is."""

    __slots__ = ("_fee", "_picked")

    def __init__(self, fee: Rate, picked: Sequence[Layer]) -> None:
        self._fee = fee
        self._picked = frozenset((layer.entry.layer, layer.entry.key) for layer in picked)

    def __call__(self, overlay: Overlay) -> None:
        """Replace the rates of the prompt by their sums, which say what they consist of."""
        cells, fee = overlay.cells, self._fee
        for cell, rate in list(cells.items()):
            if rate.meter not in PROMPT_METERS or (rate.layer, rate.map_key) not in self._picked:
                continue
            value = (
                rate.numerator * fee.denominator + fee.numerator * rate.denominator,
                rate.denominator * fee.denominator,
            )
            why = f"{plain(rate.usd, 0)} + {plain(fee.usd, 0)}, the routing fee of {fee.map_key}"
            derived = (*rate.derived, Note("routing_fee", why, fee.price_key))
            cells[cell] = Rate(rate.meter, rate.conditions, value, rate.layer, rate.map_key, rate.price_key, derived)


class FeeAlone:
    """Leaves the answer without a price where it is not known which model a router picked."""

    __slots__ = ("_picked", "_router")

    def __init__(self, router: str, picked: str | None) -> None:
        self._router, self._picked = router, picked

    def __call__(self, overlay: Overlay) -> None:
        """Put the map's zeros for the answer out of force: they are not what it cost."""
        cells = overlay.cells
        zeros = [
            cell
            for cell, rate in cells.items()
            if rate.meter in TOKEN_METERS and not rate.numerator and rate.layer in _COPIED
        ]
        for cell in zeros:
            overlay.shadowed.append(Shadow(cells.pop(cell), "", ROUTING_FEE))
        if any(rate.meter == "output" for rate in cells.values()):
            return
        unpriced = f"no price is known for {self._picked!r}" if self._picked else "the response does not name it"
        said = (
            f"the price of {self._router} is a routing fee: the model that it picked is billed on top, and {unpriced}"
        )
        overlay.notes.append(Note("routing_fee_only", said, "output"))
