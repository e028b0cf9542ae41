"""OpenAI Chat Completions, and everybody who speaks it.

``prompt_tokens`` holds the cached, written, audio and image tokens; ``completion_tokens`` holds reasoning,
audio and rejected predictions. Vendors that deviate are corrected by their dialect.
https://platform.openai.com/docs/api-reference/chat/object
"""

from __future__ import annotations

from ..core.usage import Usage, counted
from ..errors import InconsistentUsageError
from .dialects import HINTS, USAGE_HINTS, correct, restated
from .fields import count, fields_of, items, sub, text, when, whole
from .reader import Reader, missing, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from ..core.notes import Note
    from .reader import Fields

# What LiteLLM counts of embedded media among the tokens of the prompt, and which are no tokens.
_MEDIA_COUNTS = ("query_count", "character_count", "image_count", "audio_length_seconds", "video_length_seconds")
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
    # LiteLLM states here how much of the cached tokens is of which medium.
    "cached_tokens_details": "",
    **dict.fromkeys(_MEDIA_COUNTS, ""),
}
_FEES = ("web_searches", "maps_queries")
_NO_TOKENS = frozenset(_FEES)
_OUT = {
    "reasoning_tokens": "reasoning",
    "audio_tokens": "output_audio",
    "image_tokens": "output_image",
    "video_tokens": "output_video",
}
# A usage object without any vendor's additions.
COUNTERS = frozenset(
    {
        "prompt_tokens",
        "completion_tokens",
        "total_tokens",
        "prompt_tokens_details",
        "completion_tokens_details",
    }
)
_NO_FACTS: dict[str, object] = {}


def read(fields: Fields) -> Usage:
    """Return the usage of a chat or text completion."""
    counters = fields.get("usage")
    if type(counters) is not dict:
        counters = sub(fields, "usage")
        if counters is None:
            return _without_usage(fields)
    hinted = not USAGE_HINTS.isdisjoint(counters) or not HINTS.isdisjoint(fields)
    if hinted:
        counters = restated(fields, counters)
    usage = read_counters(counters, _NO_FACTS)
    # The fields are set one by one: this is the path of the common call.
    model, tier, created = fields.get("model"), fields.get("service_tier"), fields.get("created")
    if model:
        usage.model = model if type(model) is str else text(fields, "model")
    if tier:
        usage.service_tier = tier if type(tier) is str else text(fields, "service_tier")
    if created:
        usage.at = created if type(created) is int and not created >> 49 else when(fields, "created")
    if hinted:
        usage = correct(fields, counters, usage)
    return usage


def read_counters(counters: Fields, facts: Fields, dialect: str = "openai") -> Usage:
    """Return the usage of a ``usage`` object in which the prompt holds the cache and the completion the reasoning."""
    prompt, completion = counters.get("prompt_tokens"), counters.get("completion_tokens")
    # A number below 0 or above 2**49 leaves a bit here; these rare numbers are checked one by one.
    if type(prompt) is not int or type(completion) is not int or (prompt | completion) >> 49:
        prompt, completion = _wholes(counters)
    quantities: Quantities = {"input": prompt}
    fresh = prompt
    details = counters.get("prompt_tokens_details")
    if details:
        quantities["input"] = fresh = _take(details, _IN, quantities, prompt)
    quantities["output"] = answer = completion
    details = counters.get("completion_tokens_details")
    # A model that does not reason states 0 here.
    if details and (type(details) is not dict or any(details.values())):
        quantities["output"] = answer = _take(details, _OUT, quantities, completion)
    total = counters.get("total_tokens")
    if fresh < 0 or answer < 0 or (total is not None and (type(total) is not int or total != prompt + completion)):
        return _with_care(counters, prompt, completion, facts, dialect)
    if not fresh:
        del quantities["input"]
    if not answer:
        del quantities["output"]
    return Usage.of(quantities, prompt, dialect, facts) if facts else counted(quantities, prompt, dialect)


def _take(details: object, meters: dict[str, str], quantities: Quantities, whole: int) -> int:
    """Return what is left of a count without its details; below 0 if they exceed it or need more care.

    The common call has at most one detail above 0, which is put among the quantities.
    """
    if type(details) is not dict:
        details = fields_of(details)
        if type(details) is not dict:
            return -1
    rest = whole
    for name, value in details.items():
        if value:
            meter = meters.get(name)
            if meter is not None:
                if not meter or rest != whole or type(value) is not int or value >> 49 or meter in _NO_TOKENS:
                    return -1
                quantities[meter] = value
                rest = whole - value
    return rest


def _with_care(counters: Fields, prompt: int, completion: int, facts: Fields, dialect: str) -> Usage:
    """Return the usage of counters with several details, or of which the sums do not add up at once."""
    from ..core.scalars import own_fields

    counters = own_fields(counters)
    inside = _details(counters.get("prompt_tokens_details"), _IN)
    outside = _details(counters.get("completion_tokens_details"), _OUT)
    total = counters.get("total_tokens")
    if total and not prompt and not completion:
        refuse_total_alone("total_tokens", whole("total_tokens", total), 0)
    fees = {meter: inside.pop(meter) for meter in _FEES if meter in inside}
    split = sub(sub(counters, "prompt_tokens_details") or {}, "cached_tokens_details")
    if split and inside.get("cache_read") and total in {None, prompt + completion}:
        from .openai_sums import split_cache

        split_cache(prompt, inside, split)
    fresh, answer, context = prompt - sum(inside.values()), completion - sum(outside.values()), prompt
    notes: tuple[Note, ...] = ()
    if fresh < 0 or answer < 0 or (total is not None and total != prompt + completion):
        from .openai_sums import reconcile

        fresh, answer, context, inside, notes = reconcile(prompt, completion, total, inside, outside)
    details = sub(counters, "prompt_tokens_details")
    groups: tuple[tuple[Quantities, ...], ...] = ()
    if details and any(details.get(name) for name in _MEDIA_COUNTS):
        from .media_counts import units_of

        fresh, groups = units_of(details, inside, fresh)
    quantities: Quantities = {"input": fresh, **inside, "output": answer, **outside, **fees}
    usage = Usage.of({meter: tokens for meter, tokens in quantities.items() if tokens}, context, dialect, facts)
    if groups:
        usage.alternatives = groups
    if notes:
        usage.notes = notes
    return usage


def _wholes(counters: Fields) -> tuple[int, int]:
    from ..core.scalars import own_fields

    counters = own_fields(counters)
    prompt, completion, total = (counters.get(f"{name}_tokens") for name in ("prompt", "completion", "total"))
    if prompt is None:
        raise missing("a usage object without prompt_tokens", f"It has: {', '.join(map(str, counters)) or 'nothing'}.")
    given = whole("prompt_tokens", prompt)
    if completion is not None:
        return given, whole("completion_tokens", completion)
    if total is None:
        raise missing("a usage object with neither completion_tokens nor total_tokens")
    rest = whole("total_tokens", total) - given
    if not given:
        # Nothing tells whether the tokens are those of an answer.
        refuse_total_alone("total_tokens", rest, 0)
    if rest < 0:
        raise InconsistentUsageError(
            f"prompt_tokens={given} exceeds total_tokens={total}", {"total_tokens": total}, {"prompt_tokens": given}
        )
    return given, rest


def _details(details: object, meters: dict[str, str]) -> dict[str, int]:
    """Return the meters of a details object that are above 0, in the order of the table; a missing detail is 0."""
    fields = fields_of(details) if details else None
    if type(fields) is not dict:
        # A foreign object has attributes, and no items.
        fields = {name: fields.get(name) for name in meters} if fields is not None else {}
    found: dict[str, int] = {}
    for name, meter in meters.items():
        tokens = count(fields, name) if meter else 0
        if tokens:
            # Two spellings of one counter state it twice.
            found[meter] = max(tokens, found.get(meter, 0))
    return found


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
            # An empty list tells whose envelope it is, too.
            if value or (value is not None and name not in kept and type(value) is list):
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
