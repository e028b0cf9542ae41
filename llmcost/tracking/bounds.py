"""Bounds: the most that a call may cost, by what its request says."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ..core.usage import Usage
from ..errors import LLMCostError
from .openings import Openings, openings_of
from .pricing import price

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ..api.costmap import CostMap
    from .pricing import Facts

# Where requests say how many tokens an answer may have, as a path of keys.
# https://platform.openai.com/docs/api-reference, https://docs.anthropic.com/en/api/messages,
# https://ai.google.dev/api/generate-content, https://docs.aws.amazon.com/bedrock/latest/APIReference
_LIMITS = (
    ("max_completion_tokens",),
    ("max_output_tokens",),
    ("max_tokens",),
    ("max_tokens_to_sample",),
    ("max_new_tokens",),
    ("max_gen_len",),
    ("maxTokens",),
    ("generationConfig", "maxOutputTokens"),
    ("inferenceConfig", "maxTokens"),
    ("parameters", "max_new_tokens"),
)
# How many answers are made of one prompt.
_ANSWERS = (("n",), ("best_of",), ("generationConfig", "candidateCount"))
# Modes of a row whose calls have no tokens of an answer.
_NO_ANSWER = frozenset({"embedding", "rerank", "moderation"})
_IMAGES = frozenset({"image_generation", "image_edit"})


class Unbounded(NamedTuple):
    """Nothing bounds what a call may cost.

    Attributes:
        reason: which part of it, in words.
    """

    reason: str


class Asking(NamedTuple):
    """The request of a call, as far as it bounds its cost.

    Attributes:
        fields: its body, or the keywords of a function.
        size: bytes of all its text; None where the text is not known.
    """

    fields: Mapping[str, Any]
    size: int | None


def bound_of(cost_map: CostMap, facts: Facts, asking: Asking) -> Fraction | Unbounded:
    """Return the most that a call may cost in USD.

    A token is at least one byte of text, so that the bytes of a request bound its tokens; media and what the provider
    keeps are bounded by the model's own limit of input. The answer is bounded by the request's limit, else the model's.
    """
    model = facts.given.get("model") or facts.model or facts.given.get("base_model")
    if model is None and facts.deployment is None:
        return Unbounded("the request names no model")
    try:
        info = _info(cost_map, facts)
        openings = openings_of(asking.fields)
        if openings.fees:
            return Unbounded(f"the provider runs {', '.join(openings.fees)} as often as the model asks for it")
        return _most(cost_map, facts, asking, info, openings)
    except LLMCostError as error:
        return Unbounded(str(error).splitlines()[0])


def _info(cost_map: CostMap, facts: Facts) -> Mapping[str, Any]:
    given, provider = facts.given, facts.given.get("provider") or facts.provider
    name = given.get("model") or facts.model
    if facts.deployment is not None:
        name = f"{provider}/{facts.deployment}" if provider else facts.deployment
    return cost_map.rate_card(name, provider=provider, base_model=given.get("base_model")).info


def _most(
    cost_map: CostMap, facts: Facts, asking: Asking, info: Mapping[str, Any], openings: Openings
) -> Fraction | Unbounded:
    mode = info.get("mode")
    usages: Iterator[Usage | None] | Unbounded
    if mode in _IMAGES:
        usages = _of_images(asking, info)
    elif "duration" in facts.given or ("characters" in facts.given and mode == "audio_speech"):
        # The request states all that is counted.
        usages = iter([None])
    else:
        usages = _of_tokens(asking, info, openings)
    if isinstance(usages, Unbounded):
        return usages
    most = Fraction(0)
    for usage in usages:
        cost = price(cost_map, "calculated", facts, usage, 0)
        if cost.unpriced:
            return Unbounded(f"{cost.matched_as} has no rate for {', '.join(cost.unpriced)}")
        if cost.doubts:
            return Unbounded(str(cost.doubts[0]))
        most = max(most, Fraction(*cost.as_integer_ratio()))
    return most


def _of_tokens(asking: Asking, info: Mapping[str, Any], openings: Openings) -> Iterator[Usage | None] | Unbounded:
    prompt = _whole(info.get("max_input_tokens"))
    if not openings.more and asking.size is not None:
        prompt = asking.size if prompt is None else min(prompt, asking.size)
    if prompt is None:
        what = openings.more or "the text of the call"
        return Unbounded(f"{what} is not counted by its bytes, and the map states no max_input_tokens")
    answer = 0
    if info.get("mode") not in _NO_ANSWER:
        found = _limit(asking.fields)
        found = _whole(info.get("max_output_tokens") or info.get("max_tokens")) if found is None else found
        if found is None:
            return Unbounded("neither the request nor the map limits the tokens of the answer")
        answer = found * max(_number(asking.fields, path) or 1 for path in _ANSWERS)
    # Any token may be written to the cache, and any token of an answer may be a thought.
    written = ("input", "cache_write", *(("cache_write_1h",) if openings.long_cache else ()))
    said = ("output", "reasoning", *openings.said) if answer else ("output",)
    return (Usage(**{one: prompt, other: answer}) for one in written for other in said)


def _of_images(asking: Asking, info: Mapping[str, Any]) -> Iterator[Usage | None] | Unbounded:
    images = _number(asking.fields, ("n",)) or 1
    if info.get("output_cost_per_image_token") is None:
        return iter([Usage(output_images=images)])
    most = _whole(info.get("max_output_tokens"))
    if most is None or asking.size is None:
        return Unbounded("the map states no max_output_tokens for the tokens of an image")
    return iter([Usage(input=asking.size, output_image=most * images)])


def _limit(fields: Mapping[str, Any]) -> int | None:
    # Where two names state a limit, the provider may obey either.
    return max((found for path in _LIMITS if (found := _number(fields, path)) is not None), default=None)


def _number(fields: Mapping[str, Any], path: tuple[str, ...]) -> int | None:
    value: Any = fields
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, str) and value.isdecimal() and len(value) < 10:
        # The fields of a form are texts.
        value = int(value)
    return _whole(value)


def _whole(value: Any) -> int | None:
    return value if type(value) is int and value > 0 else None
