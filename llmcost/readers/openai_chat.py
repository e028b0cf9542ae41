"""OpenAI Chat Completions, and everybody who speaks it.

``prompt_tokens`` holds the cached, written, audio and image tokens; ``completion_tokens`` holds reasoning,
audio and rejected predictions. Vendors that deviate are corrected by their dialect.
https://platform.openai.com/docs/api-reference/chat/object
"""

from __future__ import annotations

from ..core.usage import Usage
from ..errors import InconsistentUsageError
from .dialects import HINTS, USAGE_HINTS, correct
from .fields import fields_of, items, sub, text, when, whole
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_IN = {
    "cached_tokens": "cache_read",
    "cache_write_tokens": "cache_write",
    "cache_creation_tokens": "cache_write",
    "cache_creation_input_tokens": "cache_write",
    "audio_tokens": "input_audio",
    "image_tokens": "input_image",
    "video_tokens": "input_video",
    # LiteLLM puts what a grounded prompt searched among the tokens of the prompt.
    "web_search_requests": "web_searches",
    "google_maps_grounding_requests": "maps_queries",
}
_FEES = frozenset({"web_searches", "maps_queries"})
_OUT = {
    "reasoning_tokens": "reasoning",
    "audio_tokens": "output_audio",
    "image_tokens": "output_image",
    "video_tokens": "output_video",
}
_NO_FACTS: dict[str, object] = {}
_CACHE = ("cache_read", "cache_write")
_MEDIA = ("input_audio", "input_image", "input_video")


def read(fields: Fields) -> Usage:
    """Return the usage of a chat or text completion."""
    counters = fields.get("usage")
    if type(counters) is not dict:
        counters = sub(fields, "usage")
        if counters is None:
            return _without_usage(fields)
    usage = read_counters(counters, _NO_FACTS)
    # The fields are set one by one: this is the path of the common call.
    model, tier, created = fields.get("model"), fields.get("service_tier"), fields.get("created")
    if model:
        usage.model = model if type(model) is str else text(fields, "model")
    if tier:
        usage.service_tier = tier if type(tier) is str else text(fields, "service_tier")
    if created:
        usage.at = created if type(created) is int and not created >> 49 else when(fields, "created")
    if not USAGE_HINTS.isdisjoint(counters) or not HINTS.isdisjoint(fields):
        usage = correct(fields, counters, usage)
    return usage


def read_counters(counters: Fields, facts: Fields, dialect: str = "openai") -> Usage:
    """Return the usage of a ``usage`` object in which the prompt holds the cache and the completion the reasoning."""
    prompt, completion = counters.get("prompt_tokens"), counters.get("completion_tokens")
    total = counters.get("total_tokens")
    # Below 0 and beyond any count (2**49) alike, a bit remains; such numbers are checked slowly.
    if type(prompt) is not int or type(completion) is not int or (prompt | completion) >> 49:
        prompt, completion = _wholes(counters)
    details = counters.get("prompt_tokens_details")
    inside = _details(details, _IN) if details and (type(details) is not dict or any(details.values())) else None
    details = counters.get("completion_tokens_details")
    outside = _details(details, _OUT) if details and (type(details) is not dict or any(details.values())) else None

    fresh, answer, context = prompt, completion, prompt
    fees = None
    if inside and not _FEES.isdisjoint(inside):
        fees = {meter: inside.pop(meter) for meter in _FEES.intersection(inside)}
    if inside:
        fresh -= sum(inside.values())
    if outside:
        answer -= sum(outside.values())
    notes: tuple[str, ...] = ()
    if fresh < 0 or answer < 0 or (total is not None and total != prompt + completion):
        fresh, answer, context, inside, notes = _reconcile(prompt, completion, total, inside or {}, outside or {})
    quantities: dict[str, int | float] = {}
    if fresh:
        quantities["input"] = fresh
    if inside:
        quantities.update(inside)
    if answer:
        quantities["output"] = answer
    if outside:
        quantities.update(outside)
    if fees:
        quantities.update(fees)
    usage = Usage.of(quantities, context, dialect, facts)  # type: ignore[arg-type]
    if notes:
        usage.notes = notes
    return usage


def _wholes(counters: Fields) -> tuple[int, int]:
    prompt, completion, total = (counters.get(f"{name}_tokens") for name in ("prompt", "completion", "total"))
    if prompt is None:
        raise missing("a usage object without prompt_tokens", f"It has: {', '.join(map(str, counters)) or 'nothing'}.")
    given = whole("prompt_tokens", prompt)
    if completion is not None:
        return given, whole("completion_tokens", completion)
    if total is None:
        raise missing("a usage object with neither completion_tokens nor total_tokens")
    rest = whole("total_tokens", total) - given
    if rest < 0:
        raise InconsistentUsageError(
            f"prompt_tokens={given} exceeds total_tokens={total}", {"total_tokens": total}, {"prompt_tokens": given}
        )
    return given, rest


def _details(details: object, meters: dict[str, str]) -> dict[str, int] | None:
    """Return the meters of a details object that are above 0; a missing detail is 0."""
    fields = details if type(details) is dict else fields_of(details)
    if fields is not None and type(fields) is not dict:
        # A foreign object has attributes, and no items.
        fields = {name: fields.get(name) for name in meters}
    found: dict[str, int] | None = None
    for name, value in (fields or {}).items():
        if value and name in meters:
            if type(value) is not int or value >> 49:
                if not isinstance(value, (bool, int, float, str, list, dict)):
                    continue
                value = whole(name, value)  # noqa: PLW2901 - the same counter, checked
            if found is None:
                found = {}
            meter = meters[name]
            # Two spellings of one counter state it twice.
            found[meter] = max(value, found.get(meter, 0))
    if found is not None and len(found) > 1:
        # Lines stand in the order of this table, whatever the order of the keys was.
        return {meter: found[meter] for meter in dict.fromkeys(meters.values()) if meter in found}
    return found


def _reconcile(
    prompt: int, completion: int, total: object, inside: dict[str, int], outside: dict[str, int]
) -> tuple[int, int, int, dict[str, int], tuple[str, ...]]:
    """Return fresh, answer, context, the parts of the prompt, and notes, where the sums do not add up at once.

    Where the total proves that a dialect counts reasoning or cached tokens on top, it is believed.
    """
    stated = whole("total_tokens", total) if total is not None else None
    cache = sum(inside.get(meter, 0) for meter in _CACHE)
    reasoning = outside.get("reasoning", 0)
    notes: list[str] = []
    if stated is not None and stated != prompt + completion:
        extra = stated - prompt - completion
        if reasoning and extra in {reasoning, reasoning + cache}:
            completion += reasoning
            notes.append("total_tokens proves that reasoning is counted on top of completion_tokens")
            extra -= reasoning
        if cache and extra == cache:
            prompt += cache
            notes.append("total_tokens proves that cached tokens are counted on top of prompt_tokens")
            extra = 0
        if extra and not notes:
            notes.append(f"total_tokens={stated} is not prompt + completion = {prompt + completion}")
    answer = completion - sum(outside.values())
    if answer < 0:
        raise InconsistentUsageError(
            f"the parts of the completion exceed completion_tokens={completion}: {outside}",
            {"completion_tokens": completion}, outside,
        )  # fmt: skip
    fresh = prompt - sum(inside.values())
    if fresh < 0:
        inside, note = _overlap(prompt, inside)
        notes.append(note)
        fresh = prompt - sum(inside.values())
    return fresh, answer, prompt, inside, tuple(notes)


def _overlap(prompt: int, inside: dict[str, int]) -> tuple[dict[str, int], str]:
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
    note = "cached tokens are not split by modality: taken as text first, the overflow as media"
    return {meter: tokens for meter, tokens in found.items() if tokens}, note


def _without_usage(fields: Fields) -> Usage:
    if not HINTS.isdisjoint(fields):
        usage = correct(fields, {}, None)
        if usage is not None:
            return usage
    raise missing("this completion", "Streams need stream_options={'include_usage': True}.")


def recognises(fields: Fields) -> bool:
    """Return whether this is a completion whose ``object`` field was dropped or left empty."""
    return "choices" in fields and not fields.get("type")


def _is_chunk(fields: Fields) -> bool:
    kind = fields.get("object")
    return kind == "chat.completion.chunk" or (
        "choices" in fields and kind in (None, "", "chat.completion", "text_completion")
    )


class Stream:
    """The last usage that is not null counts: chunks repeat it cumulatively, and a later null does not erase it."""

    def __init__(self) -> None:
        self._fields: dict[str, object] = {"object": "chat.completion"}
        self._begun = self._finished = False

    def feed(self, chunk: Fields) -> None:
        """Take the next chunk; an empty model (Azure's first chunk) and a null usage say nothing."""
        kept = self._fields
        for name in ("model", "service_tier", "created", "id", "provider", *_EXTRAS):
            value = chunk.get(name)
            if value:
                kept[name] = value
        counters = chunk.get("usage")
        if counters:
            found = fields_of(counters)
            if found:
                kept["usage"] = found
        choices = items(chunk, "choices")
        self._begun = self._begun or bool(choices)
        self._finished = (
            self._finished or any(choice.get("finish_reason") for choice in choices) or bool(counters and not choices)
        )

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the stream; one that repeats it in every chunk may have been cut off."""
        usage = read(self._fields)
        usage.partial = not ended or (self._begun and not self._finished)
        return usage


_EXTRAS = tuple(sorted(HINTS - {"provider"}))

READER = Reader(
    "OpenAI Chat Completions",
    recognises,
    read,
    objects=("chat.completion", "text_completion"),
    chunk=_is_chunk,
    stream=Stream,
)
