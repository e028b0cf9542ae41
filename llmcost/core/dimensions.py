"""The dimensions: every kind of condition a rate may stand under, a row each.

The order of ``DIMENSIONS`` decides which of two rates wins when both hold: the time window first, because an off-peak
price replaces whatever else would hold (https://docs.litellm.ai/docs/proxy/custom_pricing); then the context threshold,
because a vendor states the tier prices of long prompts as threshold + tier; then the service tier; then the variant
(resolution, size, search context).
"""

from __future__ import annotations

from .tiers import TIERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .call import Call

    Condition = tuple[str, object]
    Conditions = tuple[Condition, ...]


class Dimension:
    """One kind of condition: when it holds, how strong it is, how it is written and how it reads.

    Attributes:
        name: what a condition of this kind is called.
        holds: ``holds(value, call)``, whether the condition holds for the call.
        text: the value as a person reads it.
        strength: of two values that hold, the one with the greater strength wins.
        suffix: ``(position, pattern)`` of the suffix of a price key: in a key, suffixes stand in the order of their
            positions, and the one group of the pattern is the value. None for a condition that only a nested block
            states.
        value: the value of a condition from the text of that group.
        simple: whether the length of the prompt, the tier and the stated variants decide it. A card with any other
            condition is not ``simple``: more of a call than its counters has to be looked at.
    """

    __slots__ = ("holds", "name", "simple", "strength", "suffix", "text", "value")

    def __init__(
        self,
        name: str,
        holds: Callable[[object, Call], bool],
        text: Callable[[object], str],
        *,
        strength: Callable[[object], int] = lambda _: 1,
        suffix: tuple[int, str] | None = None,
        value: Callable[[str], object] = str,
        simple: bool = False,
    ) -> None:
        self.name, self.holds, self.text, self.strength = name, holds, text, strength
        self.suffix, self.value, self.simple = suffix, value, simple


def _above(value: object, call: Call) -> bool:
    if call.context is None:
        return False
    return call.context > value or (call.inclusive and call.context == value)  # type: ignore[operator]


def _number(value: object) -> int:
    """Return the value of a condition that counts something."""
    return value  # type: ignore[return-value]


DIMENSIONS = (
    Dimension("window", lambda v, call: call.clock is not None and call.clock(v), str),
    Dimension(
        "context",
        _above,
        lambda v: f"context > {v:,}",
        # Above 0 tokens is a condition, too: a range that begins there is stronger than a price without one.
        strength=lambda v: _number(v) + 1,
        suffix=(1, "_above_([1-9][0-9]{0,5}k|[1-9][0-9]{3,8})_tokens"),
        value=lambda digits: int(digits[:-1]) * 1000 if digits.endswith("k") else int(digits),
        simple=True,
    ),
    Dimension(
        "tier",
        lambda v, call: call.tier == v,
        lambda v: f"tier {v}",
        suffix=(3, f"_({'|'.join(sorted(TIERS))})"),
        simple=True,
    ),
    Dimension(
        "interval",
        lambda v, call: call.interval is not None and call.interval > v,  # type: ignore[operator]
        lambda v: f"media > {v} s",
        strength=_number,
        suffix=(2, "_above_([1-9][0-9]{0,5})s_interval"),
        value=int,
    ),
    Dimension(
        "results",
        lambda v, call: call.results is not None and call.results >= v,  # type: ignore[operator]
        lambda v: f">= {v} results",
        strength=_number,
    ),
    Dimension(
        "variant",
        lambda v, call: v in call.variants,
        str,
        suffix=(4, r"_([0-9]+(?:\.[0-9]+)?[pkK]?)"),
        value=str.lower,
        simple=True,
    ),
)
BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}
_RANKS = {dimension.name: rank for rank, dimension in enumerate(DIMENSIONS)}


def ordered(conditions: Iterable[Condition]) -> Conditions:
    """Return conditions in the order of ``DIMENSIONS``, so that equal ones make equal cells."""
    return tuple(sorted(conditions, key=lambda condition: _RANKS[condition[0]]))


def holds(conditions: Conditions, call: Call) -> bool:
    """Return whether every condition holds for the call."""
    return all(BY_NAME[name].holds(value, call) for name, value in conditions)


def strength(conditions: Conditions) -> tuple[int, ...]:
    """Return a key by which the stronger of two sets of conditions sorts last."""
    values = dict(conditions)
    return tuple(d.strength(values[d.name]) if d.name in values else 0 for d in DIMENSIONS)


def text(conditions: Conditions) -> str:
    """Return the conditions as a person reads them.

    >>> text((("context", 200000), ("tier", "priority")))
    'context > 200,000, tier priority'
    """
    return ", ".join(BY_NAME[name].text(value) for name, value in conditions)


def suffixes() -> list[Dimension]:
    """Return the dimensions that a price key may state, in the order of their suffixes.

    >>> [dimension.name for dimension in suffixes()]
    ['context', 'interval', 'tier', 'variant']
    """
    return sorted((d for d in DIMENSIONS if d.suffix is not None), key=lambda d: d.suffix or (0, ""))
