"""The facts of a call that its response may lack, and the usage that they complete."""

from __future__ import annotations

from ..core.exact import decimal_of, ratio
from ..core.meters import TOKEN_METERS
from ..core.usage import IMAGE_UNITS, Usage, checked, image_units
from ..errors import MissingUsageError, UnrecognizedResponseError, UsageError
from ..readers import read_usage
from ..readers.fields import fields_of, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Facts:
    """What the caller says of the call; every attribute is a keyword of ``calculate``."""

    duration: Any = None
    elapsed: Any = None
    characters: int | None = None
    n: int | None = None
    size: str | None = None
    quality: str | None = None
    resolution: str | None = None
    search_context_size: str | None = None
    web_searches: int | None = None
    region: str | None = None
    dialect: str | None = None
    model: str | None = None
    image_model: str | None = None
    transcription_model: str | None = None
    service_tier: str | None = None
    served_tier: str | None = None
    batch: bool | None = None
    at: object = None
    # What a litellm response carries beside its body.
    hidden_model: str | None = None
    hidden_provider: str | None = None
    model_id: str | None = None

    def __init__(self, **given: object) -> None:
        self.__dict__.update({name: value for name, value in given.items() if value is not None})

    def model_of(self, keyword: str | None) -> str | None:
        """Return the model that the caller names for a part of this kind."""
        found: str | None = getattr(self, keyword) if keyword else None
        return found

    def in_mode(self, usage: Usage, mode: str | None) -> Usage:
        """Return the usage with the seconds of all videos that were asked for, each as long as the caller says."""
        if mode != "video_generation" or self.n is None or self.duration is None or usage.media is not None:
            return usage
        videos = whole("n", self.n)
        notes = (*usage.notes, f"{videos} videos of the same length") if videos > 1 else usage.notes
        return usage.replaced(duration=_all_media(usage.duration, videos), media=videos, notes=notes)

    @property
    def quantify(self) -> bool:
        """Whether the caller gives anything that can be billed without a response's counters."""
        given = (self.duration, self.elapsed, self.characters, self.n, self.web_searches)
        return any(value is not None for value in given)


def usage_of(response: object, usage: object, facts: Facts) -> tuple[Usage, UsageError | None]:
    """Return the usage of a call: what the response or ``usage`` states, completed by the caller's facts.

    The error is the one of a response without counters, where the caller's facts may make up for it.
    """
    missing: UsageError | None = None
    if response is not None:
        _read_hidden(response, facts)
    if isinstance(usage, Usage):
        stated = usage
    elif usage is not None:
        stated = read_usage(usage, facts.dialect)
    elif response is None and facts.quantify:
        stated = Usage()
    else:
        try:
            stated = read_usage(response, facts.dialect)
        except (UnrecognizedResponseError, MissingUsageError) as error:
            if not facts.quantify:
                raise
            missing = error
            stated = Usage(
                notes=("the response states no usage: priced by what the caller gave",), model=_model_of(response)
            )
    if usage is not None and response is not None and stated.model is None:
        stated = stated.replaced(**stated_beside(response))
    return _completed(stated, facts), missing


def stated_beside(response: object) -> dict[str, object]:
    """Return the model and the tier of a response whose counters the caller replaces."""
    try:
        stated = read_usage(response)
    except UsageError:
        model = _model_of(response)
        return {"model": model} if model else {}
    names = ("model", "provider", "service_tier", "region", "speed", "at", "reported")
    return {name: getattr(stated, name) for name in names if getattr(stated, name) is not None}


def _model_of(response: object) -> str | None:
    fields = (
        fields_of(response) if not isinstance(response, (str, bytes, int, float)) and response is not None else None
    )
    model = fields.get("model") if fields is not None else None
    return model if isinstance(model, str) and model else None


def _completed(usage: Usage, facts: Facts) -> Usage:
    changes: dict[str, object] = {}
    quantities = dict(usage.quantities)
    if facts.duration is not None:
        changes["duration"] = _all_media(checked("duration", facts.duration), usage.media)
    if facts.elapsed is not None:
        changes["elapsed"] = checked("elapsed", facts.elapsed)
    if facts.web_searches is not None:
        quantities["web_searches"] = checked("web_searches", facts.web_searches)
        changes["quantities"] = quantities
        # The caller's number replaces every way in which the response counts searches.
        changes["alternatives"] = tuple(
            group for group in usage.alternatives if not any("web_searches" in unit for unit in group)
        )
    tokens = {meter: quantity for meter, quantity in quantities.items() if meter in TOKEN_METERS}
    groups = changes.get("alternatives", usage.alternatives)
    assert isinstance(groups, tuple)  # noqa: S101 - both are tuples of groups
    if facts.characters is not None and any("input_characters" in unit for group in groups for unit in group):
        characters = checked("characters", facts.characters)
        groups = tuple(
            tuple({**unit, "input_characters": characters} if "input_characters" in unit else unit for unit in group)
            for group in groups
        )
        changes["alternatives"] = groups
    elif facts.characters is not None:
        units: tuple[dict[str, Any], ...] = ({"input_characters": checked("characters", facts.characters)},)
        if tokens:
            # The same text counted twice: the card rates the unit that it has a price for.
            prompt = {meter: q for meter, q in tokens.items() if not meter.startswith(("output", "reasoning"))}
            quantities = {meter: q for meter, q in quantities.items() if meter not in prompt}
            changes["quantities"] = quantities
            units = (prompt, *units) if prompt else units
        groups = (*groups, units)
        changes["alternatives"] = groups
    if (
        facts.n is not None
        and usage.media is None
        and not tokens
        and not any("output_images" in unit for group in groups for unit in group)
    ):
        changes["alternatives"] = (*groups, image_units(checked("n", facts.n), facts.size or usage.size))
    elif facts.size is not None and groups:
        # DALL-E's responses count the images and do not state their size.
        changes["alternatives"] = tuple(_of_size(group, facts.size) for group in groups)
    if not changes:
        return usage
    return usage.replaced(**changes)


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


def _read_hidden(response: object, facts: Facts) -> None:
    """Take what a litellm response carries beside its body; the caller's own facts are stronger."""
    if type(response).__module__[:7] != "litellm":
        return
    hidden = getattr(response, "_hidden_params", None)
    if isinstance(hidden, dict):
        facts.model_id = hidden.get("model_id") or None
        facts.hidden_provider = hidden.get("custom_llm_provider") or None
        if facts.region is None and hidden.get("region_name"):
            facts.region = str(hidden["region_name"])
    elapsed = getattr(response, "_response_ms", None)
    if facts.elapsed is None and isinstance(elapsed, (int, float)) and elapsed > 0:
        facts.elapsed = elapsed / 1000
