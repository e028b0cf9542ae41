"""Price keys of public maps that this version does not know: kept, shown, and said where they may matter.

A public map gains keys faster than this package has releases. A base rate is right without them as long as nothing
in the call could have selected the new one: a factor for one more region means nothing to a call that states none.
"""

from __future__ import annotations

from .dimensions import PREPAID, STANDARD, TIER_WORDS
from .meters import METERS, TOKEN_METERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .dimensions import Call
    from .ratecard import RateCard

# What a key is the price of: a meter under a condition, all meters of a region or of another condition, or none of
# the meters that are known.
METER, REGION, CONDITION, NOTHING_KNOWN = "meter", "region", "condition", "nothing known"
# Words of a region and of a speed under which nothing but the base rates holds.
_NOWHERE = frozenset({"", "global", "standard"})


class SetAside:
    """A price-like key that this version does not know, with its value.

    Attributes:
        layer, map_key: where it stands.
        key: the key, with the place inside a nested block.
        value: what stands under it.
        kind: what it is the price of, as far as its words say.
        meter: the known meter of which it is a price under a condition that is not known; None otherwise.
        above: tokens of the prompt above which it may hold; 0 for a size in another unit, None without one.
        conditional: whether it has a condition besides that size.
    """

    __slots__ = ("above", "conditional", "key", "kind", "layer", "map_key", "meter", "value")

    def __init__(
        self,
        key: str,
        value: object,
        *,
        kind: str = NOTHING_KNOWN,
        meter: str | None = None,
        above: int | None = None,
        conditional: bool = True,
        layer: str = "",
        map_key: str = "",
    ) -> None:
        self.key, self.value, self.kind, self.meter = key, value, kind, meter
        self.above, self.conditional = above, conditional
        self.layer, self.map_key = layer, map_key

    def why(self, call: Call, stated: dict[str, str], used: Iterable[str]) -> str:
        """Return what of a call could have selected it, or an empty text; ``stated`` has no price of its own."""
        if self.kind == REGION:
            return stated.get("region", "")
        if self.kind == NOTHING_KNOWN:
            return ""
        if self.meter is not None and not any(self.meter in (name, *METERS[name].parents) for name in used):
            return ""
        reasons = list(stated.values()) if self.conditional else []
        if self.conditional and not reasons:
            return ""
        if self.above is not None:
            if self.meter in TOKEN_METERS and call.context is not None and self.above >= call.context:
                return ""
            reasons.insert(0, "its size")
        return ", ".join(reasons)


def unpriced_conditions(card: RateCard, call: Call, word: object) -> dict[str, str]:
    """Return what a call states and the card has no price for, by kind, in words; ``word`` is that of its tier."""
    stated = {}
    tier = TIER_WORDS.get(str(word or STANDARD).lower())
    if tier is None:
        stated["tier"] = f"tier {word}"
    elif call.tier not in {STANDARD, PREPAID} and call.tier not in card.tiers:
        stated["tier"] = f"tier {call.tier}"
    for fact, value in (("region", call.region), ("speed", call.speed)):
        met = any(factor.fact == fact and factor.holds(call) for factor in card.factors)
        if str(value or "").lower() not in _NOWHERE and not met:
            stated[fact] = f"{fact} {value}"
    if call.variants and not call.variants & card.variants:
        stated["variant"] = ", ".join(sorted(call.variants))
    return stated


def doubts(card: RateCard, call: Call, word: object, used: Iterable[str]) -> tuple[str, ...]:
    """Return a note for every key of a card that was set aside and may hold for a call that used these meters."""
    stated = unpriced_conditions(card, call, word)
    used = tuple(used)
    return tuple(
        f"{aside.map_key} has {aside.key}, a price key that this version does not know, and {why} of this call may "
        "select it: the cost is a lower bound"
        for aside in card.unknown
        if (why := aside.why(call, stated, used))
    )


def hints(card: RateCard) -> tuple[str, ...]:
    """Return a note for every key of a card that was set aside, for a call of which something is unpriced."""
    return tuple(
        f"{aside.map_key} has {aside.key}, a price key that this version does not know: it may be the missing price"
        for aside in card.unknown
    )
