"""Rates of the map that stay in force beside a price of the user's own, and what there is to say of them."""

from __future__ import annotations

from . import dimensions
from .exact import plain
from .meters import METERS
from .notes import Note
from .rate import PUBLIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .rate import Rate
    from .ratecard import RateCard

_INSTEAD = "set it too, or scale_rest=True, or replace=True"


def notes_on(rate: Rate, card: RateCard) -> list[Note]:
    """Return the notes on a rate of the map that a card uses although the user has set some of its prices."""
    note = _left_above(rate, card) or _passed_over(rate, card)
    return [] if note is None else [note]


def _left_above(rate: Rate, card: RateCard) -> Note | None:
    """Return a note if the map's rate was a discount, and an own price of the base is now below it.

    Example: the map has 2.5e-06 for input and 1.25e-06 for a cache read. The user sets 1e-06 for input. Now the cache
    read is dearer than fresh input.
    """
    for name in (rate.meter, *METERS[rate.meter].parents):
        own = card.cells.get((name, ()))
        if own is None or own.layer in PUBLIC or own.usd >= rate.usd:
            continue
        before = [shadow.rate for shadow in card.shadowed if shadow.rate.meter == name]
        if any(old.layer in PUBLIC and not old.conditions and old.usd >= rate.usd for old in before):
            said = (
                f"{rate.price_key} stays at {plain(rate.usd, 0)}, above the {own.price_key} of {plain(own.usd, 0)} "
                f"that is set ({own.layer}): {_INSTEAD}"
            )
            return Note("left_above", said, rate.price_key)
    return None


def _passed_over(rate: Rate, card: RateCard) -> Note | None:
    """Return a note if the user has set the base price of a meter, and the map's price under a condition is used.

    Example: the user sets 7e-06 for input. A call at the tier flex costs what the map says of flex.
    """
    own = card.cells.get((rate.meter, ()))
    if own is None or own.layer in PUBLIC or not rate.conditions:
        return None
    if any(note.code == "scaled_rate" for note in rate.derived):
        return None
    when = dimensions.text(rate.conditions)
    said = (
        f"{own.price_key} of {plain(own.usd, 0)} ({own.layer}) is the base price; for {when} the map's "
        f"{rate.price_key} of {plain(rate.usd, 0)} is used: {_INSTEAD}"
    )
    return Note("own_price_passed_over", said, own.price_key)
