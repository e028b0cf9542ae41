"""DashScope: Alibaba's own API for Qwen, whose text stands in ``output`` and whose counters have names of OpenAI's.

The counters are those of its chat completions: input holds the cache and media, output the reasoning.
https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-dashscope
"""

from __future__ import annotations

from ..core.counts import image_units
from ..core.unread import add_unread
from ..core.usage import Usage
from . import openai_chat
from .chunk_reader import EndingReader
from .fields import count, items, quantity, sub, text
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_MADE = ("image_count", "characters", "seconds", "duration", "video_duration")
_MEDIA = ("audio_tokens", "image_tokens", "video_tokens")
_REST = "the rest of a whole that is read"
_SIZE = "the size of what was made: pass size= where the price depends on it"
_SIDE = Block(*_MEDIA, ignored={"text_tokens": _REST})
_WRITTEN = "the same as cache_creation_input_tokens"
_CACHE = Block(
    *("cached_tokens", "cache_creation_input_tokens", "cache_type"),
    *_MEDIA,
    ignored={"text_tokens": _REST},
    inner={"cache_creation": Block(ignored={"ephemeral_5m_input_tokens": _WRITTEN})},
)
_BLOCK = Block(
    *("input_tokens", "output_tokens", "total_tokens", "prompt_tokens", "completion_tokens"),
    *_MEDIA,
    *("characters", "image_count", "seconds", "duration", "video_duration", "video_count", "SR"),
    ignored=dict.fromkeys(("width", "height", "size", "output_video_duration", "input_video_duration"), _SIZE),
    inner={
        "plugins": Block(inner={"search": Block("count")}),
        "prompt_tokens_details": _CACHE,
        "input_tokens_details": _SIDE,
        "output_tokens_details": Block("reasoning_tokens", *_MEDIA, ignored={"text_tokens": _REST}),
        "completion_tokens_details": Block("reasoning_tokens", *_MEDIA, ignored={"text_tokens": _REST}),
    },
)
_ASK = "Streams state it in every event; with incremental_output too."


def read(fields: Fields) -> Usage:
    """Return the usage of a response.

    >>> usage = {"input_tokens": 30, "output_tokens": 7, "total_tokens": 37}
    >>> read({"output": {"text": "Hi"}, "usage": usage, "request_id": "r"}).quantities
    {'input': 30, 'output': 7}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: parts exceed what holds them, or a counter is no count.
    """
    counters = _named(sub(fields, "usage") or {})
    # What is sold by its number or length states tokens of 0, or none.
    usage = (
        _tokens(counters) if count(counters, "input_tokens") or count(counters, "output_tokens") else _made(counters)
    )
    if usage is None:
        raise missing("this response of DashScope", _ASK)
    usage.named_provider = "dashscope"
    model = text(fields, "model")
    if model is not None:
        usage.model = model
    return usage


def _named(counters: Fields) -> Fields:
    """Return the counters with the wholes under their own names, where they have those of chat completions alone."""
    if counters.get("input_tokens") is not None or counters.get("prompt_tokens") is None:
        return counters
    return {**counters, "input_tokens": counters["prompt_tokens"], "output_tokens": counters.get("completion_tokens")}


def _tokens(counters: Fields) -> Usage:
    """Return the usage of a model that counts tokens."""
    inside = {**(sub(counters, "input_tokens_details") or {}), **(sub(counters, "prompt_tokens_details") or {})}
    outside = sub(counters, "output_tokens_details") or sub(counters, "completion_tokens_details") or {}
    for name in _MEDIA:
        # Older models state it beside the wholes, of the prompt unless the answer has it.
        if not count(inside, name) and not count(outside, name) and count(counters, name):
            inside[name] = counters[name]
    same = {
        "prompt_tokens": counters.get("input_tokens"),
        # An embedding has no answer.
        "completion_tokens": counters.get("output_tokens") or 0,
        "total_tokens": counters.get("total_tokens"),
        "prompt_tokens_details": {name: value for name, value in inside.items() if name in _CACHE.read},
        "completion_tokens_details": outside,
    }
    usage = openai_chat.READER.read({"object": "chat.completion", "usage": same})
    usage.dialect = "dashscope"
    searches = sub(sub(counters, "plugins") or {}, "search") or {}
    times = count(searches, "count")
    if times:
        usage.quantities["web_searches"] = times
    # Which of them are billed beside tokens, only the model says.
    made = {f"usage.{name}": counters[name] for name in _MADE if quantity(counters, name)}
    if made:
        add_unread(usage, made)
    return usage


def _made(counters: Fields) -> Usage | None:
    """Return the usage of what is sold by what it makes or hears, or of an embedding; None if nothing is counted."""
    total, images = count(counters, "total_tokens"), count(counters, "image_count")
    characters = count(counters, "characters")
    heard = quantity(counters, "seconds") or quantity(counters, "duration")
    film = quantity(counters, "video_duration") * (count(counters, "video_count") or 1)
    lines = count(counters, "SR")
    if film or heard:
        usage = Usage.of({}, None, "dashscope", {"resolution": f"{lines}p"} if lines else {})
        usage.duration = film or heard
        return usage
    if images:
        usage = Usage.of({}, None, "dashscope", {})
        usage.alternatives = (image_units(images, None),)
        return usage
    if characters:
        return Usage.of({"input_characters": characters}, None, "dashscope", {})
    return Usage.of({"input": total}, total, "embeddings", {}) if total else None


def recognises(fields: Fields) -> bool:
    """Return whether this is a response, or an event of a stream; the SDK's object has a status beside them."""
    if "output" not in fields or "request_id" not in fields:
        return False
    return sub(fields, "usage") is not None or "status_code" in fields


class _Stream(EndingReader):
    """Every event states the usage so far; the last one has the reason why the answer ended."""

    def __init__(self) -> None:
        self._last: Fields = {}

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        if sub(chunk, "usage"):
            self._last = chunk
        output = sub(chunk, "output") or {}
        reasons = [text(holder, "finish_reason") for holder in (output, *items(output, "choices"))]
        self.ended = self.ended or any(reason not in (None, "null") for reason in reasons)

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the last event that stated one."""
        del ended  # the content says it
        usage = READER.read(self._last)
        usage.partial = not self.ended
        return usage


READER = Reader("DashScope", recognises, read, {"usage": _BLOCK}, chunk=recognises, stream=_Stream)
