"""The call: the facts that select rates, and the words by which price lists name a size or a quality."""

from __future__ import annotations

from .tiers import STANDARD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal
    from typing import Any


class Call:
    """The facts that select rates.

    Attributes:
        context: tokens of the whole prompt of one request; None for an aggregate.
        inclusive: whether a threshold is reached by exactly its number of tokens.
        tier: the service tier billed.
        variants: the words for the resolution, size, quality and search context of the call; see ``variants``.
        clock: ``clock(window) -> bool``, whether the time of the price lies in a window; None without one.
        interval: seconds of media, for prices by interval.
        results: results asked for, for searches priced by their number.
        region, speed: what factors on the rates depend on.
        quantities: what the call used, for conditions on a quantity.
    """

    __slots__ = (
        "clock",
        "context",
        "inclusive",
        "interval",
        "quantities",
        "region",
        "results",
        "speed",
        "tier",
        "variants",
    )

    def __init__(
        self,
        context: int | None = None,
        tier: str = STANDARD,
        *,
        inclusive: bool = False,
        variants: frozenset[str] = frozenset(),
        clock: Callable[[Any], bool] | None = None,
        interval: float | None = None,
        results: int | None = None,
        region: str | None = None,
        speed: str | None = None,
        quantities: Mapping[str, int | float | Decimal] | None = None,
    ) -> None:
        self.context, self.tier, self.inclusive, self.variants = context, tier, inclusive, variants
        self.clock, self.interval, self.results = clock, interval, results
        self.region, self.speed, self.quantities = region, speed, quantities or {}


# Widths that vendors sell under a name.
_NAMED_WIDTHS = {1024: "1k", 2048: "2k", 2560: "2k", 3840: "4k", 4096: "4k"}
# The most digits that the side of an image has; a word with more of them is not read as a size.
_LONGEST_SIDE = 6
# The size of a search where neither the call nor its seller states one: medium, as vendors document their default.
SEARCH_DEFAULT = "medium"
_NOTHING: frozenset[str] = frozenset()


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
    if not (resolution or size or quality or search_context_size or variant):
        return _NOTHING
    words = {str(word).lower() for word in (resolution, size, quality) if word}
    sides = sides_of(size) if size else None
    if sides is not None:
        short, long = sorted(sides)
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
    width, _, height = str(size or "").lower().partition("x")
    if width[-1:] == "-" == height[:1]:
        width, height = width[:-1], height[1:]
    digits = width + height
    if not (width and height and digits.isdecimal() and digits.isascii()):
        return None
    if len(width) > _LONGEST_SIDE or len(height) > _LONGEST_SIDE:
        return None
    return int(width), int(height)


def kind_of(variant: str) -> str:
    """Return what a variant tells apart: ``search``, ``size`` (sizes and resolutions) or ``other``.

    >>> [kind_of(word) for word in ("search low", "1080p", "0.5k", "1024x1024", "hd")]
    ['search', 'size', 'size', 'size', 'other']
    """
    if variant.startswith("search "):
        return "search"
    number = variant[:-1] if variant[-1:] in {"p", "k"} else variant
    return "size" if number.replace(".", "", 1).isdecimal() or sides_of(variant) is not None else "other"
