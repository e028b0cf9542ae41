"""Rate cards on the command line: their rates in order, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llmcost.core.bill import why_not
from llmcost.core.dimensions import strength, text
from llmcost.core.exact import plain
from llmcost.core.meters import METERS

if TYPE_CHECKING:
    from llmcost.core.rate import Rate
    from llmcost.core.ratecard import RateCard


def in_order(card: RateCard) -> list[Rate]:
    """Return the rates in the order of the meter table, the weakest condition first."""
    place = {name: number for number, name in enumerate(METERS)}
    return sorted(
        card.cells.values(), key=lambda rate: (place[rate.meter], strength(rate.conditions), text(rate.conditions))
    )


def card_json(card: RateCard) -> dict[str, object]:
    """Return a rate card as a JSON-safe dict."""
    return {
        "model": card.model,
        "matched_as": card.name,
        "match_rule": card.match_rule,
        "provider": card.provider,
        "mode": card.mode,
        "rates": [
            {
                "meter": rate.meter,
                "conditions": text(rate.conditions),
                "unit": METERS[rate.meter].unit,
                "rate": plain(rate.usd, 0),
                "rate_per_million": plain(rate.per_million, 0),
                "layer": rate.layer,
                "map_key": rate.map_key,
                "price_key": rate.price_key,
                "derived": "; ".join(rate.derived),
                "remarks": [note.to_dict() for note in rate.remarks],
            }
            for rate in in_order(card)
        ],
        "not_used": [
            {
                "rate": plain(shadow.rate.usd, 0),
                "layer": shadow.rate.layer,
                "map_key": shadow.rate.map_key,
                "price_key": shadow.rate.price_key,
                "why": why_not(shadow),
            }
            for shadow in card.shadowed
        ],
        "free": card.free is not None,
        "factors": [factor.text for factor in card.factors],
        "layers": [{"layer": layer, "map_key": key} for layer, key in card.layers],
        "set_aside": [
            {"layer": aside.layer, "map_key": aside.map_key, "price_key": aside.key, "value": aside.value}
            for aside in card.unknown
        ],
        "notes": [note.to_dict() for note in card.notes],
        "info": card.info,
    }
