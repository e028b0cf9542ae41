"""Price keys of public maps that this version does not know: kept, shown, and said where they may matter.

A public map gains keys faster than this package has releases. A base rate is right without them as long as nothing
in the call could have selected the new one: a factor for one more region means nothing to a call that states none.
"""

from __future__ import annotations

from .meters import METERS, TOKEN_METERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .call import Call

# What a key prices: a meter under an unknown condition; all meters of a region or of another condition; or nothing
# that is known.
METER, REGION, CONDITION, NOTHING_KNOWN = "meter", "region", "condition", "nothing known"
# A fee that every call pays.
EACH_CALL = "each call"


class SetAside:
    """A price-like key that this version does not know, with its value.

    Attributes:
        layer, map_key: where it stands; empty until an entry takes it.
        key: the key, with the place inside a nested block.
        value: what stands under it.
        kind: what it is the price of, as far as its words say.
        meter: the known meter that it prices under an unknown condition; None otherwise.
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
    ) -> None:
        self.key, self.value, self.kind, self.meter = key, value, kind, meter
        self.above, self.conditional = above, conditional
        self.layer = self.map_key = ""

    def why(self, call: Call, unpriced: dict[str, str], used: Iterable[str]) -> str:
        """Return which facts of a call could have selected it, in words; empty if none could.

        ``unpriced`` are the facts for which the card has no price, by kind; ``used`` are the meters of the call.
        """
        if self.kind == REGION:
            return unpriced.get("region", "")
        if self.kind == NOTHING_KNOWN:
            return ""
        if self.kind == EACH_CALL:
            return "the request"
        if self.meter is not None and not any(self.meter in (name, *METERS[name].parents) for name in used):
            return ""
        reasons = list(unpriced.values()) if self.conditional else []
        if self.conditional and not reasons:
            return ""
        if self.above is not None:
            if self.meter in TOKEN_METERS and call.context is not None and self.above >= call.context:
                return ""
            reasons.insert(0, "its size")
        return ", ".join(reasons)
