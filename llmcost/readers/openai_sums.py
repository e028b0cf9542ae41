"""Counters of OpenAI's kind of which the sums do not add up at once."""

from __future__ import annotations

from ..core.notes import Note
from ..errors import InconsistentUsageError
from .fields import count, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_CACHE = ("cache_read", "cache_write")
_MEDIA = ("input_audio", "input_image", "input_video")
_CACHED = {f"{kind}_tokens": (f"input_{kind}", f"cache_read_{kind}") for kind in ("audio", "image", "video")}


def split_cache(prompt: int, inside: dict[str, int], split: Fields) -> None:
    """Take the cached tokens of each medium out of those of the medium and of the cache."""
    for name, (fresh, cached) in _CACHED.items():
        tokens = count(split, name)
        if not tokens:
            continue
        for whole_meter in (fresh, "cache_read"):
            held = inside.get(whole_meter, 0)
            if tokens > held:
                raise InconsistentUsageError(
                    f"cached_tokens_details: {name}={tokens} exceeds the {held} of {whole_meter}",
                    {whole_meter: held},
                    {name: tokens},
                )
            inside[whole_meter] = held - tokens
        inside[cached] = tokens
    if sum(inside.values()) > prompt:
        raise InconsistentUsageError(
            f"the parts of the prompt exceed prompt_tokens={prompt}: {inside}", {"prompt_tokens": prompt}, inside
        )


def reconcile(
    prompt: int, completion: int, total: object, inside: dict[str, int], outside: dict[str, int]
) -> tuple[int, int, int, dict[str, int], tuple[Note, ...]]:
    """Return fresh, answer, context, the parts of the prompt, and notes, where the sums do not add up at once.

    Where the total proves that a dialect counts reasoning or cached tokens on top, it is believed.
    """
    stated = whole("total_tokens", total) if total is not None else None
    cache = sum(inside.get(meter, 0) for meter in _CACHE)
    reasoning = outside.get("reasoning", 0)
    notes: list[Note] = []
    if stated is not None and stated != prompt + completion:
        extra = stated - prompt - completion
        if reasoning and extra in {reasoning, reasoning + cache}:
            completion += reasoning
            said = "total_tokens proves that reasoning is counted on top of completion_tokens"
            notes.append(Note("counted_on_top", said, "reasoning_tokens"))
            extra -= reasoning
        if cache and extra == cache:
            prompt += cache
            said = "total_tokens proves that cached tokens are counted on top of prompt_tokens"
            notes.append(Note("counted_on_top", said, "cached_tokens"))
            extra = 0
        if extra and not notes:
            said = f"total_tokens={stated} is not prompt + completion = {prompt + completion}"
            notes.append(Note("total_differs", said, "total_tokens"))
    answer = completion - sum(outside.values())
    if answer < 0:
        raise InconsistentUsageError(
            f"the parts of the completion exceed completion_tokens={completion}: {outside}",
            {"completion_tokens": completion},
            outside,
        )
    fresh = prompt - sum(inside.values())
    if fresh < 0:
        inside, note = _overlap(prompt, inside)
        notes.append(note)
        fresh = prompt - sum(inside.values())
    return fresh, answer, prompt, inside, tuple(notes)


def _overlap(prompt: int, inside: dict[str, int]) -> tuple[dict[str, int], Note]:
    """Return parts that fit into the prompt: cached tokens are not split by modality, so text is cached first."""
    media = {meter: inside[meter] for meter in _MEDIA if meter in inside}
    text = prompt - sum(media.values())
    cache = sum(inside.get(meter, 0) for meter in _CACHE)
    if text < 0 or cache > prompt or not media:
        raise InconsistentUsageError(
            f"the parts of the prompt exceed prompt_tokens={prompt}: {inside}", {"prompt_tokens": prompt}, inside
        )
    found = dict(media)
    for meter in _CACHE:
        left = inside.get(meter, 0)
        taken = min(left, text)
        text -= taken
        left -= taken
        if taken:
            found[meter] = taken
        for source in _MEDIA:
            taken = min(left, found.get(source, 0))
            if taken:
                found[source] -= taken
                left -= taken
                kind = source.removeprefix("input")
                target = f"{meter}{kind}" if meter == "cache_read" or kind == "_audio" else meter
                found[target] = found.get(target, 0) + taken
    said = "cached tokens are not split by modality: taken as text first, the overflow as media"
    return {meter: tokens for meter, tokens in found.items() if tokens}, Note("cached_not_split", said, "cached_tokens")
