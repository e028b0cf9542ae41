"""Wholes, parts and a total that contradict each other: what is billed, by one rule for every reader.

1. A total that fits only if parts stand beside their whole proves that they do.
2. More reasoning than the answer holds is the count of another tokenizer: the answer is what is billed. This is so
   where the card sells reasoning like the rest of the answer, which the readings let it decide. An answer of 0 beside
   reasoning was not counted, and is an error.
3. Cached tokens that are not split by modality are text first.
4. Everything else is an error.

A total below the sum of its parts is noted. One above it says that something was used and not stated.
"""

from __future__ import annotations

from ..core.notes import TOTAL_ABOVE, Note
from ..core.usage import Usage
from ..errors import InconsistentUsageError
from .reader import of_total

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities

_CACHE = ("cache_read", "cache_write")
_MEDIA = ("input_audio", "input_image", "input_video")


class Settled:
    """Counts whose sums agree.

    Attributes:
        quantities: disjoint, by meter; those that are 0 too.
        context: the tokens of the whole prompt.
        notes: what had to be decided.
        readings: what the counters may mean instead, as usages of quantities alone; empty if there is no doubt.
        above: tokens of the total that no part holds, or 0.
    """

    __slots__ = ("above", "context", "notes", "quantities", "readings")

    def __init__(
        self, quantities: Quantities, context: int, notes: list[Note], readings: tuple[Usage, ...], above: int
    ) -> None:
        self.quantities, self.context, self.notes, self.readings = quantities, context, notes, readings
        self.above = above

    def tell(self, usage: Usage) -> Usage:
        """Return a usage of these quantities with what was decided."""
        if self.notes:
            usage.notes = (*usage.notes, *self.notes)
        if self.readings:
            usage.readings = self.readings
        if self.above:
            usage.above = self.above
        return usage


def settle(
    prompt: int,
    answer: int,
    total: int | None,
    inside: dict[str, int],
    outside: dict[str, int],
    names: tuple[str, str, str] = ("prompt_tokens", "completion_tokens", "total_tokens"),
) -> Settled:
    """Return what is billed of a prompt and an answer with their parts, by meter; ``names`` are theirs and the total's.

    >>> settle(40, 50, 90, {}, {"reasoning": 53}).quantities
    {'input': 40, 'output': 0, 'reasoning': 50}
    >>> settle(40, 50, 143, {}, {"reasoning": 53}).quantities
    {'input': 40, 'output': 50, 'reasoning': 53}

    Raises InconsistentUsageError, with the whole and its parts.
    """
    notes: list[Note] = []
    cache = sum(inside.get(meter, 0) for meter in _CACHE)
    reasoning = outside.get("reasoning", 0)
    extra = total - prompt - answer if total is not None else 0
    if extra:
        if reasoning and extra in {reasoning, reasoning + cache}:
            answer += reasoning
            notes.append(_on_top("reasoning", names[1], names[2], "reasoning_tokens"))
            extra -= reasoning
        if cache and extra == cache:
            prompt += cache
            notes.append(_on_top("cached tokens", names[0], names[2], "cached_tokens"))
            extra = 0
        if extra and not notes:
            notes.append(of_total(names[2], prompt + answer + extra, prompt + answer, f"{names[0]} and {names[1]}"))
    readings: tuple[Usage, ...] = ()
    rest = answer - sum(outside.values())
    if rest < 0:
        outside, readings = _above(answer, outside, inside, prompt, names[1], extra)
        rest = answer - sum(outside.values())
        said = f"reasoning_tokens={reasoning} is more than {names[1]}={answer} holds: the answer is what is billed"
        notes.append(Note("reasoning_above_answer", said, "reasoning_tokens"))
    fresh = prompt - sum(inside.values())
    if fresh < 0:
        inside = _overlap(prompt, inside, names[0])
        said = "cached tokens are not split by modality: taken as text first, the overflow as media"
        notes.append(Note("cached_not_split", said, "cached_tokens"))
        fresh = prompt - sum(inside.values())
    above = extra if any(note.code == TOTAL_ABOVE for note in notes) else 0
    return Settled({"input": fresh, **inside, "output": rest, **outside}, prompt, notes, readings, above)


def _on_top(part: str, whole: str, total: str, counter: str) -> Note:
    return Note("counted_on_top", f"{total} proves that {part} {_VERB[part]} counted on top of {whole}", counter)


_VERB = {"reasoning": "is", "cached tokens": "are"}


def _above(
    answer: int, outside: dict[str, int], inside: dict[str, int], prompt: int, name: str, extra: int
) -> tuple[dict[str, int], tuple[Usage, ...]]:
    """Return the parts of an answer that holds less than the reasoning that is stated, and both bounds of it."""
    media = {meter: tokens for meter, tokens in outside.items() if meter != "reasoning"}
    most = answer - sum(media.values())
    if "reasoning" not in outside or most < 0 or extra or not answer:
        raise InconsistentUsageError(
            f"the parts of the answer exceed {name}={answer}: {outside}", {name: answer}, dict(outside)
        )
    fresh = {"input": prompt - sum(inside.values()), **inside}
    bounds = ({"output": 0, **media, "reasoning": most}, {"output": most, **media})
    readings = tuple(Usage.of({**fresh, **bound}, prompt, "reading", {}) for bound in bounds)
    return {**media, "reasoning": most}, readings


def _overlap(prompt: int, inside: dict[str, int], name: str) -> dict[str, int]:
    """Return parts that fit into the prompt: cached tokens are not split by modality, so text is cached first."""
    media = {meter: inside[meter] for meter in _MEDIA if meter in inside}
    text = prompt - sum(media.values())
    cache = sum(inside.get(meter, 0) for meter in _CACHE)
    if text < 0 or cache > prompt or not media or inside.keys() - {*_CACHE, *_MEDIA}:
        raise InconsistentUsageError(
            f"the parts of the prompt exceed {name}={prompt}: {inside}", {name: prompt}, dict(inside)
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
    return {meter: tokens for meter, tokens in found.items() if tokens}
