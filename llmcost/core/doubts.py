"""Which price keys that were set aside may hold for a call."""

from __future__ import annotations

from .notes import Note
from .tiers import PREPAID, STANDARD, TIER_WORDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .call import Call
    from .ratecard import RateCard

# Words for a region and for a speed at which the base rates hold.
_NOWHERE = frozenset({"", "global", "standard"})


def unpriced_conditions(card: RateCard, call: Call, word: object) -> dict[str, str]:
    """Return what a call states and the card has no price for, by kind, in words; ``word`` is that of its tier."""
    stated = {}
    tier = TIER_WORDS.get(str(word or STANDARD).lower())
    if tier is None:
        stated["tier"] = f"tier {word}"
    elif call.tier not in {STANDARD, PREPAID} and call.tier not in card.values("tier"):
        stated["tier"] = f"tier {call.tier}"
    for fact, value in (("region", call.region), ("speed", call.speed)):
        met = any(factor.fact == fact and factor.holds(call) for factor in card.factors)
        if str(value or "").lower() not in _NOWHERE and not met:
            stated[fact] = f"{fact} {value}"
    if call.variants and not call.variants & card.values("variant"):
        stated["variant"] = ", ".join(sorted(call.variants))
    return stated


def doubts(card: RateCard, call: Call, word: object, used: Iterable[str]) -> tuple[Note, ...]:
    """Return a note for every key of a card that was set aside and may hold for a call that used these meters."""
    stated = unpriced_conditions(card, call, word)
    used = tuple(used)
    return tuple(
        Note(
            "key_not_known",
            f"{aside.map_key} has {aside.key}, a price key that this version does not know, and {why} of this call may "
            "select it: the cost is a lower bound",
            aside.key,
        )
        for aside in card.unknown
        if (why := aside.why(call, stated, used))
    )


def hints(card: RateCard) -> tuple[Note, ...]:
    """Return a note for every key of a card that was set aside, for a call of which something is unpriced."""
    return tuple(
        Note(
            "key_may_price",
            f"{aside.map_key} has {aside.key}, a price key that this version does not know: "
            "it may be the missing price",
            aside.key,
        )
        for aside in card.unknown
    )
