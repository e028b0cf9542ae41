"""Which price keys that were set aside may hold for a call."""

from __future__ import annotations

from .meters import TOKEN_METERS
from .notes import Note
from .rate import NOWHERE
from .tiers import PREPAID, STANDARD, tier_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .call import Call
    from .ratecard import RateCard


def unpriced_conditions(card: RateCard, call: Call, word: object) -> dict[str, str]:
    """Return the facts of a call for which the card has no price: kind of fact -> text.

    ``word`` is the word for the tier, as the response or the caller states it.
    """
    unpriced = {}
    tier = tier_of(word or STANDARD)
    if tier is None:
        unpriced["tier"] = f"tier {word}"
    elif call.tier not in {STANDARD, PREPAID} and call.tier not in card.values("tier"):
        unpriced["tier"] = f"tier {call.tier}"
    for fact, value in (("region", call.region), ("speed", call.speed)):
        met = any(factor.fact == fact and factor.holds(call) for factor in card.factors)
        if str(value or "").lower() not in NOWHERE and not met:
            unpriced[fact] = f"{fact} {value}"
    if call.variants and not call.variants & card.values("variant"):
        unpriced["variant"] = ", ".join(sorted(call.variants))
    return unpriced


def doubts(card: RateCard, call: Call, word: object, used: Iterable[str]) -> tuple[Note, ...]:
    """Return a note for every key of a card that was set aside and may hold for a call that used these meters.

    A speed without a price of its own is sold at a higher one.
    """
    unpriced = unpriced_conditions(card, call, word)
    used = tuple(used)
    slow: tuple[Note, ...] = ()
    if "speed" in unpriced and card.free is None and not TOKEN_METERS.isdisjoint(used):
        said = f"the {unpriced['speed']} was served, which costs more than the rates used: {card.name} has no price"
        slow = (Note("speed_without_rates", said, "speed"),)
    return slow + tuple(
        Note(
            "key_not_known",
            f"{aside.map_key} has {aside.key}, a price key that this version does not know, and {why} of this call may "
            "select it: the cost is a lower bound",
            aside.key,
        )
        for aside in card.unknown
        if (why := aside.why(call, unpriced, used))
    )


def may_price(card: RateCard) -> tuple[Note, ...]:
    """Return a note for every key of a card that was set aside: one of them may price a meter without a rate."""
    return tuple(
        Note(
            "key_may_price",
            f"{aside.map_key} has {aside.key}, a price key that this version does not know: "
            "it may be the missing price",
            aside.key,
        )
        for aside in card.unknown
    )
