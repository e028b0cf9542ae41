"""A usage completed by what the caller says of the call."""

from __future__ import annotations

from importlib import import_module

from ..core.copied import copied, copied_again
from ..core.counts import IMAGE_UNITS, checked, image_units
from ..core.exact import decimal_of, ratio
from ..core.late import Late
from ..core.meters import INPUT, TOKEN_METERS, token_side
from ..core.notes import TOTAL_ABOVE, Note
from ..core.usage import Usage, counted
from ..errors import MissingUsageError, UnrecognizedResponseError, UsageError, shown
from ..prices.vendors import rules_for
from ..readers import stated_usage
from ..readers.fields import fields_of, whole_number
from .call_types import FREE, QUERY, READERS, UNKNOWN
from .planning import asked_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..core.counts import Quantity
    from ..readers import openai_video
    from .given import Given
else:
    # Only a call with n= may be of several videos.
    openai_video = Late("llmcost.readers.openai_video")


def completed_usage(
    response: object, usage: object, duration: object, given: Given
) -> tuple[Usage, UsageError | None, object]:
    """Return the usage of a call: what the response or ``usage`` states, completed by what the caller gives.

    The error is the one of a response without counters, where the caller's facts may make up for it. The last value
    is what decides the plan beside the model, if only the caller states something.
    """
    no_usage: UsageError | None = None
    asks: object = None
    if usage is not None:
        stated = stated_usage(usage, given.dialect)
    elif response is None:
        if not given.quantifies:
            raise MissingUsageError(
                "nothing to price: give a response, usage= with the counters, or what is billed instead "
                "(duration=, n=, characters= ...)"
            )
        if not given.counts_work and given.kind not in {QUERY, FREE}:
            no_usage = MissingUsageError(
                "a measured time is billed only where the model is sold by it: pass the response, or usage="
            )
        if given.alone is None:
            alone = copied(_completed(_of_kind(counted({}, 0, "meters"), given), given))
            given.alone = alone, None if given.key is None else (asked_of(None, alone, given).key, given.key)
        alone, asks = given.alone
        stated = copied_again(alone)
    else:
        try:
            stated = _read(response, given)
        except (UnrecognizedResponseError, MissingUsageError) as error:
            if not given.quantifies:
                raise
            no_usage = error if given.kind not in {QUERY, FREE} else None
            said = "the response states no usage: priced by what the caller gave"
            stated = Usage(notes=(Note("no_usage_stated", said),), model=_model_of(response))
            stated = _of_kind(stated, given)
    if usage is not None and response is not None and stated.model is None:
        stated = stated.replaced(**stated_beside(response))
    if usage is not None or response is not None:
        stated = _completed(stated, given)
    if duration is not None:
        stated.duration = _all_media(checked("duration", duration), stated.more.media)
    return stated, no_usage, asks


def _read(response: object, given: Given) -> Usage:
    """Return the usage of a response; where no reader recognises it, by the reader of its kind of call."""
    try:
        return stated_usage(response, given.dialect)
    except UnrecognizedResponseError:
        if given.kind not in READERS or isinstance(response, (str, bytes, int, float)):
            raise
        fields = fields_of(response)
        if fields is None:
            raise
        usage: Usage = import_module(f"llmcost.readers.{given.kind}").read(fields)
        return usage


def _of_kind(usage: Usage, given: Given) -> Usage:
    """Return the usage of a call that states nothing: what a call of its kind is by itself."""
    if given.kind == FREE:
        return usage.replaced(free="moderation is free of charge")
    if given.kind == QUERY and given.web_searches is None:
        said = "nothing counts the queries: 1 query assumed"
        return usage.replaced(quantities={"queries": 1}, notes=(*usage.notes, Note("query_assumed", said, "queries")))
    return usage


def stated_beside(response: object) -> dict[str, object]:
    """Return the model and the tier of a response whose counters the caller replaces."""
    try:
        stated = stated_usage(response)
    except UsageError:
        model = _model_of(response)
        return {"model": model} if model else {}
    names = ("model", "provider", "named_provider", "service_tier", "region", "speed", "at")
    gateways = ("reported", "booked", "model_id", "elapsed")
    return {name: getattr(stated, name) for name in (*names, *gateways) if getattr(stated, name)}


def _model_of(response: object) -> str | None:
    fields = (
        fields_of(response) if not isinstance(response, (str, bytes, int, float)) and response is not None else None
    )
    model = fields.get("model") if fields is not None else None
    return model if isinstance(model, str) and model else None


def _completed(usage: Usage, given: Given) -> Usage:
    if not given.completes:
        return usage
    if given.kind == UNKNOWN:
        said = f"call_type={shown(given.call_type)} is no word of LiteLLM's: it says nothing of the call"
        usage = usage.replaced(notes=(*usage.notes, Note("call_type_unknown", said, "call_type")))
    # A job that states tokens or its charge, and no seconds, states them for all of its videos.
    if (
        given.n is not None
        and usage.dialect == openai_video.DIALECT
        and usage.more.media is None
        and usage.more.duration is not None
    ):
        videos = whole_number("n", given.n)
        usage = openai_video.of_several(usage, videos, "n") if videos > 1 else usage
    changes: dict[str, object] = {}
    if given.elapsed is not None:
        changes["elapsed"] = checked("elapsed", given.elapsed)
    if given.web_searches is not None:
        changes["quantities"] = {**usage.quantities, "web_searches": checked("web_searches", given.web_searches)}
        # The caller's number replaces every way in which the response counts searches.
        changes["alternatives"] = tuple(
            group for group in usage.more.alternatives if not any("web_searches" in unit for unit in group)
        )
    if changes:
        usage = usage.replaced(**changes)
    if (
        given.n is not None
        and usage.more.media is None
        and usage.dialect != openai_video.DIALECT
        and not _generates(usage)
    ):
        images = image_units(checked("n", given.n), given.size or usage.more.size)
        usage = usage.replaced(alternatives=(*usage.more.alternatives, images))
    elif given.size is not None and usage.more.alternatives:
        # DALL-E's responses count the images and do not state their size.
        usage = usage.replaced(alternatives=tuple([_of_size(group, given.size) for group in usage.more.alternatives]))
    if given.characters is not None:
        usage = _with_characters(usage, checked("characters", given.characters))
    return usage


def _with_characters(usage: Usage, characters: Quantity) -> Usage:
    """Return the usage with the characters that were sent; its prompt in tokens is the same text counted twice."""
    groups = usage.alternatives
    if any("input_characters" in unit for group in groups for unit in group):
        return usage.replaced(
            alternatives=tuple(
                tuple(
                    {**unit, "input_characters": characters} if "input_characters" in unit else unit for unit in group
                )
                for group in groups
            )
        )
    prompt = {meter: quantity for meter, quantity in usage.quantities.items() if token_side(meter) == INPUT}
    units: tuple[dict[str, Any], ...] = ({"input_characters": characters},)
    if not prompt:
        return usage.replaced(alternatives=(*groups, units))
    # The card rates the unit that it has a price for.
    rest = {meter: quantity for meter, quantity in usage.quantities.items() if meter not in prompt}
    return usage.replaced(quantities=rest, alternatives=(*groups, (prompt, *units)))


def _generates(usage: Usage) -> bool:
    """Return whether a usage counts its work already: in tokens, or in generated images."""
    if not TOKEN_METERS.isdisjoint(usage.quantities):
        return True
    return any("output_images" in unit for group in usage.more.alternatives for unit in group)


def _all_media(seconds: Any, media: int | None) -> Any:
    """Return the seconds of all pieces of media; what the caller states is the length of one."""
    if media is None or media == 1:
        return seconds
    numerator, denominator = ratio(seconds)
    return checked("duration", decimal_of(numerator * media, denominator)[0])


def _of_size(group: tuple[dict[str, Any], ...], size: str) -> tuple[dict[str, Any], ...]:
    """Return a group with generated images counted in images of this size; any other group as it is."""
    images = next((unit["output_images"] for unit in group if "output_images" in unit), None)
    if images is None:
        return group
    return (*(unit for unit in group if unit.keys().isdisjoint(IMAGE_UNITS)), *image_units(images, size))


# The modes of cards that sell other units than a usage counts.
_SEARCH, _VIDEO = "search", "video_generation"
SOLD_OTHERWISE = frozenset({_SEARCH, _VIDEO})


def as_sold(usage: Usage, mode: str | None, given: Given, provider: str | None) -> Usage:
    """Return the usage in the units of its card's mode: searches of a search model are its queries, and all videos."""
    if mode != _SEARCH:
        return _of_all_videos(usage, mode, given)
    if "web_searches" in usage.quantities:
        quantities = dict(usage.quantities)
        quantities["queries"] = quantities.pop("web_searches")
        usage = usage.replaced(quantities=quantities)
    held = rules_for(provider).results
    if held is None or given.n is None or whole_number("n", given.n) <= held:
        return usage
    said = f"the price of a search holds {held} results: more are billed apart, which no row has"
    return usage.replaced(notes=(*usage.notes, Note("results_above", said, "n")))


def _of_all_videos(usage: Usage, mode: str | None, given: Given) -> Usage:
    """Return the usage with the seconds of all videos that were asked for, each as long as the caller says."""
    if mode != _VIDEO or given.n is None or not given.timed or usage.media is not None:
        return usage
    videos = whole_number("n", given.n)
    several = (Note("several_media", f"{videos} videos of the same length", "n"),) if videos > 1 else ()
    return usage.replaced(duration=_all_media(usage.duration, videos), media=videos, notes=usage.notes + several)


def with_thoughts(usage: Usage, tokens: int) -> Usage:
    """Return the usage with thoughts that only the total states, as reasoning."""
    said = f"{tokens} tokens that only the total states are thoughts: this seller leaves them out of the answer"
    quantities = {**usage.quantities, "reasoning": usage.quantities.get("reasoning", 0) + tokens}
    rest = tuple(note for note in usage.notes if note.code != TOTAL_ABOVE)
    return usage.replaced(
        quantities=quantities, above=None, notes=(*rest, Note("thoughts_in_total", said, "total_tokens"))
    )
