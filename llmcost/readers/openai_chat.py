"""OpenAI Chat Completions, and everybody who speaks it.

``prompt_tokens`` holds the cached, written, audio and image tokens; ``completion_tokens`` holds reasoning,
audio and rejected predictions. Vendors that deviate are corrected by their dialect.
https://platform.openai.com/docs/api-reference/chat/object
"""

from __future__ import annotations

from ..core.late import Late
from ..core.usage import Usage, counted
from ..errors import InconsistentUsageError
from .dialects import HINTS, correct, hinted_by, read_elsewhere, restated, with_dialects
from .fields import fields_of, items, sub, text, when
from .reader import Block, Names, Reader, doubt_zeros, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from . import answers
    from .reader import Fields
else:
    # Few completions need it.
    answers = Late("llmcost.readers.answers")

# LiteLLM puts counts of media that were embedded among the details of the prompt. They are counts of pieces or seconds.
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
    # LiteLLM states here how many of the cached tokens each medium has.
    "cached_tokens_details": "",
    **dict.fromkeys(_MEDIA_COUNTS, ""),
}
_OUT = {
    "reasoning_tokens": "reasoning",
    "audio_tokens": "output_audio",
    "image_tokens": "output_image",
    "video_tokens": "output_video",
}
# Those of one token each, which are taken out of the prompt.
_IN_TOKENS = {name: meter for name, meter in _IN.items() if meter and meter not in {"web_searches", "maps_queries"}}
REST = "the rest of the whole, which is what its other details leave"
_PREDICTED = "inside the completion, at its rate: https://platform.openai.com/docs/guides/predicted-outputs"
_PRECACHED = (
    "GigaChat's, beside the prompt and free: https://developers.sber.ru/docs/ru/gigachat/guides/counting-tokens"
)
_NO_MEDIA = {"text_tokens": REST}
# LiteLLM states how many tokens of a prompt of Gemini's are of its tools.
_OF_TOOLS = {"tool_use_tokens": "inside the prompt, at its rate"}
_NOT_APART = {**_NO_MEDIA, "accepted_prediction_tokens": _PREDICTED, "rejected_prediction_tokens": _PREDICTED}
_CACHED = {"cached_tokens_details": Block("audio_tokens", "image_tokens", "video_tokens", ignored=_NO_MEDIA)}
BLOCK = Block(
    *("prompt_tokens", "completion_tokens", "total_tokens"),
    ignored={"precached_prompt_tokens": _PRECACHED},
    inner={
        "prompt_tokens_details": Block(*_IN.keys() - _CACHED.keys(), ignored={**_NO_MEDIA, **_OF_TOOLS}, inner=_CACHED),
        "completion_tokens_details": Block(*_OUT, ignored=_NOT_APART),
    },
    also=with_dialects,
)
COUNTERS = BLOCK.names
# The details of an answer of OpenAI's models that do not reason, and as its SDK holds them: the common case, which one
# comparison finds.
_NO_REASONING: list[dict[str, int | None]] = [
    dict.fromkeys(("reasoning_tokens", "audio_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens"), 0)
]
_NO_REASONING.append({**_NO_REASONING[0], "text_tokens": None})
# What Ollama writes for a fingerprint: its models run on the caller's machine, under the names of their makers.
# https://github.com/ollama/ollama/blob/main/openai/openai.go
OLLAMA = "fp_ollama"
NO_FACTS: dict[str, object] = {}
ASK = "Streams need stream_options={'include_usage': True}."


def read(fields: Fields) -> Usage:
    """Return the usage of a chat or text completion."""
    counters = fields.get("usage")
    if type(counters) is not dict:
        counters = sub(fields, "usage")
        if counters is None:
            return _without_usage(fields)
    usage = quickly(counters, NO_FACTS, "openai")
    # None for a completion as OpenAI documents it.
    hinted: frozenset[str] | None = None
    if usage is None or not COUNTERS.issuperset(counters) or not HINTS.isdisjoint(fields):
        fields, counters, usage, hinted = _normalized(fields, usage)
    # The fields are set one by one: this is the path of the common call.
    model, tier, created = fields.get("model"), fields.get("service_tier"), fields.get("created")
    if model:
        usage.model = model if type(model) is str else text(fields, "model")
    if tier:
        usage.service_tier = tier if type(tier) is str else text(fields, "service_tier")
    if created:
        usage.at = created if type(created) is int and not created >> 49 else when(fields, "created")
    if fields.get("system_fingerprint") == OLLAMA:
        usage.provider = "ollama"
    if hinted is not None:
        usage = _corrected(fields, counters, usage, hinted)
    if model and type(model) is str and "image" in model:
        settle_drawn(usage, counters, answers.drawn_in(items(fields, "choices")))
    return usage


def settle_drawn(usage: Usage, counters: Fields, kinds: set[str]) -> None:
    """Tell the tokens of pictures from those of text, where the counters of a model that draws do not."""
    if "image" in kinds and usage.undecided is None:
        from .gemini_media import settle

        details = sub(counters, "completion_tokens_details") or {}
        settle(usage, kinds, split=details.get("image_tokens") is not None, name="completion_tokens_details")


def _normalized(fields: Fields, usage: Usage | None) -> tuple[Fields, Fields, Usage, frozenset[str]]:
    """Return a completion under this API's names, its counters in this API's sense, their usage and their seller."""
    again, counters = fields, sub(fields, "usage") or {}
    hinted = hinted_by(fields, counters)
    if not with_dialects(BLOCK, fields, counters, hinted).knows(counters):
        again = READER.under_own_names(fields)
        counters = sub(again, "usage") or {}
        hinted = hinted_by(again, counters)
    same = restated(again, counters, hinted)
    if usage is None or again is not fields or same is not counters:
        try:
            usage = read_counters(same, NO_FACTS)
        except InconsistentUsageError as error:
            return again, same, READER.by_cost(fields, error), hinted
        if not usage.quantities:
            doubt_zeros(usage, *_WHAT, answered=lambda counted: _is_answered(fields, counted), hint=ASK)
    return again, same, usage, hinted


def _corrected(fields: Fields, counters: Fields, usage: Usage, hinted: frozenset[str]) -> Usage:
    """Return the usage as the vendor means it, with the names that nobody knows."""
    if usage.undecided is None:
        try:
            usage = correct(fields, counters, usage, hinted)
        except InconsistentUsageError as error:
            usage = READER.by_cost(fields, error)
    if usage.undecided is None:
        doubt_zeros(usage, *_WHAT, answered=lambda counted: _is_answered(fields, counted), hint=ASK)
    return READER.looked_through(fields, usage)


SIDES = ("prompt_tokens", "completion_tokens")
_WHAT = ("this completion", SIDES)


def _is_answered(fields: Fields, counted: bool) -> bool:
    # The text of a completion may be its prompt, which it was asked to repeat.
    repeated = counted and fields.get("object") == "text_completion"
    return not repeated and answers.in_choices(items(fields, "choices"))


def read_alone(counters: Fields) -> Usage:
    """Return the usage of a dict with the common counters alone, which ``quickly`` cannot read."""
    usage = correct(NO_FACTS, counters, _with_care(counters, NO_FACTS, "openai"))
    return READER.looked_through({"usage": counters}, usage)


def read_counters(counters: Fields, facts: Fields, dialect: str = "openai") -> Usage:
    """Return the usage of a ``usage`` object in which the prompt holds the cache and the completion the reasoning."""
    usage = quickly(counters, facts, dialect)
    return _with_care(counters, facts, dialect) if usage is None else usage


def quickly(counters: Fields, facts: Fields, dialect: str) -> Usage | None:
    """Return the usage of a common call; None for several details, unknown details, or sums that differ."""
    prompt, completion = counters.get("prompt_tokens"), counters.get("completion_tokens")
    # A number below 0 or above 2**49 leaves a bit here; these rare numbers are checked one by one.
    if type(prompt) is not int or type(completion) is not int or (prompt | completion) >> 49:
        return None
    quantities: Quantities = {"input": prompt}
    fresh = prompt
    details = counters.get("prompt_tokens_details")
    if details:
        quantities["input"] = fresh = _take(details, _IN_TOKENS, quantities, prompt)
        if fresh < 0:
            return None
    quantities["output"] = answer = completion
    details = counters.get("completion_tokens_details")
    if details:
        if type(details) is not dict:
            details = fields_of(details)
        if details not in _NO_REASONING:
            quantities["output"] = answer = _take(details, _OUT, quantities, completion)
            if answer < 0:
                return None
    total = counters.get("total_tokens")
    if total is not None and (type(total) is not int or total != prompt + completion):
        return None
    if not prompt or not completion:
        # Nothing was used, or one side was not counted.
        return None
    if not fresh:
        del quantities["input"]
    if not answer:
        del quantities["output"]
    return Usage.of(quantities, prompt, dialect, facts) if facts else counted(quantities, prompt, dialect)


def _take(details: object, meters: dict[str, str], quantities: Quantities, whole: int) -> int:
    """Return a count without its details. It is below 0 if the details exceed the count, or need more care.

    The common call has at most one detail above 0, which is put among the quantities.
    """
    if type(details) is not dict:
        details = fields_of(details)
        if type(details) is not dict:
            return -1
    rest = whole
    for name in details:
        value = details[name]
        if value:
            meter = meters.get(name)
            if meter is None:
                if name not in _NOT_APART:
                    return -1
            elif rest == whole and type(value) is int and value > 0:
                quantities[meter] = value
                rest = whole - value
            else:
                return -1
        elif value != 0 and value is not None:
            # An empty text or list is no count.
            return -1
    return rest


def _with_care(counters: Fields, facts: Fields, dialect: str) -> Usage:
    """Return the usage of counters with several details, or with sums that do not add up at once."""
    from .openai_sums import wholes, with_care

    prompt, completion = wholes(counters)
    return with_care(counters, prompt, completion, (_IN, _OUT), facts, dialect)


def _without_usage(fields: Fields) -> Usage:
    if not HINTS.isdisjoint(fields):
        usage = read_elsewhere(fields)
        if usage is not None:
            return READER.looked_through(fields, usage)
    raise missing("this completion", ASK)


def recognises(fields: Fields) -> bool:
    """Return whether this is a completion whose ``object`` field was dropped or left empty."""
    return "choices" in fields and not fields.get("type")


_KINDS = (None, "", "chat.completion", "text_completion")


def _is_chunk(fields: Fields) -> bool:
    kind = fields.get("object")
    if kind == "chat.completion.chunk":
        return True
    if "choices" in fields and kind in _KINDS:
        # A gateway may leave choices beside a message of Anthropic's, which is whole.
        return fields.get("type") != "message"
    # Perplexity's last event is called chat.completion.done, and a chunk of a text completion of Together's as here.
    return type(kind) is str and (kind.startswith("chat.completion.") or kind == "completion.chunk")


_streams = Late("llmcost.readers.openai_chat_stream")


READER = Reader(
    "OpenAI Chat Completions",
    recognises,
    read,
    {
        "usage": BLOCK,
        "x_groq.usage": Block(*BLOCK.read, inner=BLOCK.inner, also=with_dialects, label="x_groq"),
        "usage_breakdown.models.usage": Block(*BLOCK.read, inner=BLOCK.inner, label="usage_breakdown"),
    },
    whole="prompt_tokens",
    parts=("prompt_tokens_details", "completion_tokens_details"),
    looks=True,
    objects=("chat.completion", "text_completion"),
    chunk=_is_chunk,
    stream=lambda: _streams.Stream(),  # noqa: PLW0108 - loads when a stream is read
    # What tells a vendor stands in the first chunks, or in one of these.
    tells=(Names('"usage":{'), Names('"usage": {'), ('"finish_reason":"', '"finish_reason": "')),
)
