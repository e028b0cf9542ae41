"""The dimensions: every kind of condition a rate may stand under, and the words of service tiers.

The order of ``DIMENSIONS`` decides which of two rates wins when both hold: the context threshold
first, because a vendor states the tier prices of long prompts as threshold + tier; then the service
tier; then the time window; then the variant (resolution, size, search context).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Condition = tuple[str, object]
    Conditions = tuple[Condition, ...]

STANDARD, PREPAID = "standard", "prepaid"

# The tiers that have prices of their own. The word is the suffix of the price key.
TIERS = frozenset({"flex", "priority", "batches", "balanced", "ultrafast", "decisions"})

# What providers call them. A word that stands nowhere here is billed at standard, with a note.
TIER_WORDS = {
    "standard": STANDARD,
    "default": STANDARD,
    "auto": STANDARD,
    "standard_only": STANDARD,
    "on_demand": STANDARD,
    "on_demand_offpeak": STANDARD,
    "flex": "flex",
    "on_demand_flex": "flex",
    "priority": "priority",
    "fast": "priority",
    "on_demand_priority": "priority",
    "batch": "batches",
    "batches": "batches",
    "balanced": "balanced",
    "ultrafast": "ultrafast",
    "decisions": "decisions",
    # Capacity that is already paid for: the call itself adds nothing.
    "scale": PREPAID,
    "reserved": PREPAID,
    "provisioned_throughput": PREPAID,
    "prepaid": PREPAID,
}


class Call:
    """The facts that select rates.

    Attributes:
        context: tokens of the whole prompt of one request; None for an aggregate.
        inclusive: whether a threshold is reached by exactly its number of tokens.
        tier: the service tier billed.
        variants: what the call says of resolution, size, quality, search context.
        clock: ``clock(window) -> bool``, whether the time of the price lies in a window; None without one.
        interval: seconds of media, for prices by interval.
        results: results asked for, for searches priced by their number.
    """

    __slots__ = ("clock", "context", "inclusive", "interval", "region", "results", "speed", "tier", "variants")

    def __init__(
        self,
        context: int | None = None,
        tier: str = STANDARD,
        *,
        inclusive: bool = False,
        variants: frozenset[str] = frozenset(),
        clock: Callable[[object], bool] | None = None,
        interval: float | None = None,
        results: int | None = None,
        region: str | None = None,
        speed: str | None = None,
    ) -> None:
        self.context, self.tier, self.inclusive, self.variants = context, tier, inclusive, variants
        self.clock, self.interval, self.results = clock, interval, results
        self.region, self.speed = region, speed


class Dimension:
    """One kind of condition: when it holds, how strong it is, and how it reads."""

    __slots__ = ("holds", "name", "strength", "text")

    def __init__(
        self,
        name: str,
        holds: Callable[[object, Call], bool],
        text: Callable[[object], str],
        strength: Callable[[object], int] = lambda _: 1,
    ) -> None:
        self.name, self.holds, self.text, self.strength = name, holds, text, strength


def _above(value: object, call: Call) -> bool:
    if call.context is None:
        return False
    return call.context > value or (call.inclusive and call.context == value)  # type: ignore[operator]


DIMENSIONS = (
    Dimension("context", _above, lambda v: f"context > {v:,}", lambda v: v),  # type: ignore[arg-type, return-value]
    Dimension("tier", lambda v, call: call.tier == v, lambda v: f"tier {v}"),
    Dimension("window", lambda v, call: call.clock is not None and call.clock(v), str),
    Dimension(
        "interval",
        lambda v, call: call.interval is not None and call.interval > v,  # type: ignore[operator]
        lambda v: f"media > {v} s",
        lambda v: v,  # type: ignore[arg-type, return-value]
    ),
    Dimension(
        "results",
        lambda v, call: call.results is not None and call.results >= v,  # type: ignore[operator]
        lambda v: f">= {v} results",
        lambda v: v,  # type: ignore[arg-type, return-value]
    ),
    Dimension("variant", lambda v, call: v in call.variants, str),
)
BY_NAME = {dimension.name: dimension for dimension in DIMENSIONS}
_PLACES = {dimension.name: place for place, dimension in enumerate(DIMENSIONS)}


def ordered(conditions: Iterable[Condition]) -> Conditions:
    """Return conditions in the order of ``DIMENSIONS``, so that equal ones make equal cells."""
    return tuple(sorted(conditions, key=lambda condition: _PLACES[condition[0]]))


def holds(conditions: Conditions, call: Call) -> bool:
    """Return whether every condition holds for the call."""
    return all(BY_NAME[name].holds(value, call) for name, value in conditions)


def strength(conditions: Conditions) -> tuple[int, ...]:
    """Return a key by which the stronger of two sets of conditions sorts last."""
    given = dict(conditions)
    return tuple(d.strength(given[d.name]) if d.name in given else 0 for d in DIMENSIONS)


def text(conditions: Conditions) -> str:
    """Return the conditions as a person reads them.

    >>> text((("context", 200000), ("tier", "priority")))
    'context > 200,000, tier priority'
    """
    return ", ".join(BY_NAME[name].text(value) for name, value in conditions)


# Widths that vendors sell under a name.
_NAMED_WIDTHS = {1024: "1k", 2048: "2k", 2560: "2k", 3840: "4k", 4096: "4k"}
# Digits in the side of an image; a longer one is no size.
_LONGEST_SIDE = 6
SEARCH_DEFAULT = "search medium"


def variants(
    resolution: object = None,
    size: object = None,
    quality: object = None,
    search_context_size: object = None,
    variant: str | None = None,
) -> frozenset[str]:
    """Return every word by which a price list may name what the call asked for.

    >>> sorted(variants(size="1280x720"))
    ['1280x720', '720p']
    """
    words = {str(word).lower() for word in (resolution, size, quality) if word}
    sides = sides_of(size)
    if sides is not None:
        long, short = max(sides), min(sides)
        words.add(f"{short}p")
        if long in _NAMED_WIDTHS:
            words.add(_NAMED_WIDTHS[long])
        if long == short:
            words.add(str(long))
    if search_context_size:
        words.add(f"search {str(search_context_size).lower()}")
    if variant:
        words.add(variant)
    return frozenset(words)


def sides_of(size: object) -> tuple[int, int] | None:
    """Return width and height of a size such as ``1024x1536`` or ``1024-x-1536``; None for anything else.

    >>> sides_of("1024-x-1536"), sides_of("auto")
    ((1024, 1536), None)
    """
    width, _, height = str(size or "").lower().replace("-x-", "x").partition("x")
    if all(side.isdecimal() and len(side) <= _LONGEST_SIDE for side in (width, height)):
        return int(width), int(height)
    return None


def kind_of(variant: str) -> str:
    """Return what a variant tells apart: ``search``, ``size`` (sizes and resolutions) or ``other``.

    >>> [kind_of(word) for word in ("search low", "1080p", "0.5k", "1024x1024", "hd")]
    ['search', 'size', 'size', 'size', 'other']
    """
    if variant.startswith("search "):
        return "search"
    number = variant[:-1] if variant[-1:] in {"p", "k"} else variant
    return "size" if number.replace(".", "", 1).isdecimal() or sides_of(variant) is not None else "other"
