"""Bounds: the most that a call may cost, by what its request says."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from ..core.counts import image_units
from ..core.usage import Usage
from ..errors import LLMCostError
from ..prices.vendors import IMAGE_MODES
from .openings import Openings, openings_of
from .pricing import price

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ..api.costmap import CostMap
    from ..core.ratecard import RateCard
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
# What one call is one of.
_CALLS = frozenset({"requests", "queries", "text_messages"})
# Rates of what a prompt may hold besides text, and of what a model may answer besides words without being asked.
_HEARD = ("input_audio", "input_image", "input_video", "cache_write_audio")
_DRAWN = ("output_image", "output_video")
# A unit of reranking is a query with up to 100 documents, and one that is longer than 500 tokens with its query is
# several. https://docs.cohere.com/docs/how-does-cohere-pricing-work
_DOCUMENTS, _LONGEST_DOCUMENT = 100, 500


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
        return Unbounded("the request names no model; pass model= to the call, or to track()")
    try:
        card = _card(cost_map, facts)
        openings = openings_of(asking.fields)
        if openings.fees:
            return Unbounded(f"the provider runs {', '.join(openings.fees)} as often as the model asks for it")
        if "web_searches" in card.unstated:
            return Unbounded(f"every call of {card.name} searches the web for a fee")
        return _most(cost_map, facts, asking, card, openings)
    except LLMCostError as error:
        return Unbounded(str(error).splitlines()[0])


def _card(cost_map: CostMap, facts: Facts) -> RateCard:
    given, provider = facts.given, facts.given.get("provider") or facts.provider
    name = given.get("model") or facts.model
    if facts.deployment is not None:
        name = f"{provider}/{facts.deployment}" if provider else facts.deployment
    return cost_map.rate_card(name, provider=provider, base_model=given.get("base_model"))


def _most(cost_map: CostMap, facts: Facts, asking: Asking, card: RateCard, openings: Openings) -> Fraction | Unbounded:
    usages: Iterator[Usage | None] | Unbounded
    if card.mode in IMAGE_MODES and not card.prices_tokens:
        usages = _of_images(asking, facts)
    elif card.mode == "rerank" and "queries" in card.by_meter:
        usages = _of_queries(asking.fields)
    elif ("duration" in facts.given and card.timed) or ("characters" in facts.given and _speaks(card)):
        # The request states all that is counted.
        usages = iter([None])
    elif not card.prices_tokens and card.prices_work and not _CALLS & card.by_meter.keys():
        return Unbounded(f"{card.name} is sold by {', '.join(card.by_meter)}, and the request does not say how many")
    else:
        usages = _of_tokens(asking, card, openings)
    if isinstance(usages, Unbounded):
        return usages
    most, kinds = Fraction(0), _kinds(facts, card)
    for usage in usages:
        for kind in kinds:
            cost = price(cost_map, "calculated", kind, usage, 0)
            if cost.unpriced:
                return Unbounded(f"{cost.matched_as} has no rate for {', '.join(cost.unpriced)}")
            if cost.doubts:
                return Unbounded(str(cost.doubts[0]))
            most = max(most, Fraction(*cost.as_integer_ratio()))
    return most


def _speaks(card: RateCard) -> bool:
    return card.mode == "audio_speech" and "input_characters" in card.by_meter


def _kinds(facts: Facts, card: RateCard) -> list[Facts]:
    """Return the facts of a call; where it does not say which of its sizes a medium has, those of each."""
    given = facts.given
    sizes = sorted(str(word) for word in card.values("variant") if not str(word).startswith("search "))
    if not sizes or given.get("size") or given.get("resolution"):
        return [facts]
    return [facts._replace(given={**given, "resolution": size}) for size in sizes]


def _of_tokens(asking: Asking, card: RateCard, openings: Openings) -> Iterator[Usage | None] | Unbounded:
    info = card.info
    prompt = _positive(info.get("max_input_tokens"))
    if not openings.more and asking.size is not None:
        prompt = asking.size if prompt is None else min(prompt, asking.size)
    if prompt is None:
        what = openings.more or "the text of the call"
        return Unbounded(f"{what} is not counted by its bytes, and the map states no max_input_tokens")
    answer = 0
    if card.mode not in _NO_ANSWER:
        found = _limit(asking.fields)
        found = _positive(info.get("max_output_tokens") or info.get("max_tokens")) if found is None else found
        if found is None:
            return Unbounded("neither the request nor the map limits the tokens of the answer")
        answer = found * max(_number(asking.fields, path) or 1 for path in _ANSWERS)
    # Any token may be written to the cache, and any token of an answer may be a thought; of media, any may be sound.
    read = ("input", "cache_write", *(("cache_write_1h",) if openings.long_cache else ()))
    read += tuple(meter for meter in _HEARD if openings.more and meter in card.by_meter)
    answers = ("output", "reasoning", *openings.answer_meters) if answer else ("output",)
    answers += tuple(meter for meter in _DRAWN if answer and meter in card.by_meter and meter not in answers)
    return (Usage(**{one: prompt, other: answer}) for one in read for other in answers)


def _of_images(asking: Asking, facts: Facts) -> Iterator[Usage | None]:
    images = _number(asking.fields, ("n",)) or 1
    return iter([Usage(alternatives=(image_units(images, facts.given.get("size")),))])


def _of_queries(fields: Mapping[str, Any]) -> Iterator[Usage | None] | Unbounded:
    documents, query = fields.get("documents"), fields.get("query")
    if not isinstance(documents, (list, tuple)) or not isinstance(query, str):
        return Unbounded("how many documents are ranked is not known")
    longest = max((len(str(document).encode()) for document in documents), default=0) + len(query.encode())
    if longest > _LONGEST_DOCUMENT:
        return Unbounded("a long document counts as several, and how many its bytes do not say")
    return iter([Usage(queries=max(1, -(-len(documents) // _DOCUMENTS)))])


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
    return _positive(value)


def _positive(value: Any) -> int | None:
    return value if type(value) is int and value > 0 else None
