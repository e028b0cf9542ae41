"""Normalised usages with counts that contain their parts: OpenTelemetry's, pydantic-ai's, and their kind.

Input holds what was read from and written to a cache and the tokens of media; what was read from a cache holds
cached media, which the tokens of the medium hold as well. Output holds reasoning and media.
"""

from __future__ import annotations

from ..core.meters import METERS
from ..core.notes import Note
from ..errors import InconsistentUsageError
from . import openai_chat
from .counter_names import MEDIA
from .fields import whole_number
from .reader import missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..core.usage import Usage


def disjoint(
    prompt: object,
    answer: object,
    counts: Mapping[str, int],
    facts: Mapping[str, object],
    dialect: str,
    total: object = None,
) -> Usage:
    """Return disjoint quantities from counts that hold their parts, named like meters.

    >>> counts = {"cache_read": 400, "input_audio": 100, "cache_read_audio": 40}
    >>> disjoint(1000, 50, counts, {}, "otel").quantities
    {'input': 540, 'cache_read': 360, 'input_audio': 60, 'output': 50, 'cache_read_audio': 40}

    Raises:
        MissingUsageError: the prompt is not stated, or neither the answer nor the total.
        InconsistentUsageError: a part exceeds what holds it.
    """
    if prompt is None:
        raise missing("a usage without input tokens")
    held = whole_number("input_tokens", prompt)
    counts = {meter: tokens for meter, tokens in counts.items() if tokens}
    beside = _beside(held, answer, counts, total)
    if beside:
        total, held = held + beside + whole_number("output_tokens", answer), held + beside
    rest, apart = _parted(counts)
    cached = sum(apart.values())
    if held < cached:
        raise InconsistentUsageError(f"{apart} exceed input_tokens={held}", {"input_tokens": held}, apart)
    usage = openai_chat.read_counters(
        {
            "prompt_tokens": held - cached,
            "completion_tokens": answer,
            "total_tokens": whole_number("total_tokens", total) - cached if total is not None else None,
            "prompt_tokens_details": {
                "cached_tokens": rest["cache_read"],
                "cache_write_tokens": rest["cache_write"],
                **{f"{kind}_tokens": rest[f"input_{kind}"] for kind in MEDIA},
            },
            "completion_tokens_details": {
                "reasoning_tokens": counts.get("reasoning", 0),
                **{f"{kind}_tokens": counts.get(f"output_{kind}", 0) for kind in MEDIA},
            },
        },
        facts,
        dialect,
    )
    # What is no part of a side, such as searches, is billed beside both.
    fees = {meter: units for meter, units in counts.items() if meter in METERS and meter not in _PARTS}
    if fees:
        usage.quantities.update(fees)
    if apart:
        usage.quantities.update(apart)
        usage.context = (usage.context or 0) + cached
    if beside:
        said = f"{beside} cached tokens are more than the input holds: they are counted beside it"
        usage.notes = (*usage.notes, Note("counted_on_top", said, "input_tokens"))
    return usage


def _parted(counts: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Return what is left of the cache and of each medium without its parts, and these parts: cached media, an hour.

    Raises InconsistentUsageError if the parts exceed what holds them.
    """
    twice = {meter: tokens for meter, tokens in counts.items() if meter.startswith("cache_read_")}
    hour = counts.get("cache_write_1h", 0)
    rest = {
        "cache_read": counts.get("cache_read", 0) - sum(twice.values()),
        "cache_write": counts.get("cache_write", 0) - hour,
        **{f"input_{kind}": counts.get(f"input_{kind}", 0) - twice.get(f"cache_read_{kind}", 0) for kind in MEDIA},
    }
    for meter, left in rest.items():
        if left < 0:
            raise InconsistentUsageError(
                f"the parts of {meter}={counts.get(meter, 0)} exceed it: { ({**twice, 'cache_write_1h': hour}) }",
                {meter: counts.get(meter, 0)},
                twice,
            )
    return rest, {**twice, "cache_write_1h": hour} if hour else twice


def _beside(held: int, answer: object, counts: Mapping[str, int], total: object) -> int:
    """Return the tokens read from and written to a cache, where they can only stand beside the input; else 0.

    Cached tokens above the input cannot be a part of it: Anthropic and Bedrock count them beside it, and a program
    that passes their counters on may leave the sum to its reader. A total that is any other sum leaves it open what
    was meant.
    """
    kinds = [counts.get(name, 0) for name in ("cache_read", "cache_write")]
    if max(kinds) <= held or answer is None:
        return 0
    both = held + whole_number("output_tokens", answer)
    fits = total is None or whole_number("total_tokens", total) in {both, both + sum(kinds)}
    return sum(kinds) if fits else 0


_PARTS = frozenset({"input", "output", "cache_read", "cache_write", "cache_write_1h", "reasoning"}).union(
    f"{side}_{kind}" for side in ("cache_read", "input", "output") for kind in MEDIA
)
