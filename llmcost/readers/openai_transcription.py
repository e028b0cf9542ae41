"""OpenAI transcription and translation, whole and streamed; Whisper's shape at other hosts.

A usage counts tokens or seconds. Tokens that are not split are audio. Seconds are the billed ones; the length of the
audio stands beside them. https://platform.openai.com/docs/api-reference/audio/json-object
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from ..errors import InconsistentUsageError
from . import openai_chat
from .chunk_reader import LastChunkReader
from .dialects import HINTS, USAGE_HINTS, correct
from .fields import count, quantity, sub, text, whole_number
from .reader import Block, Reader, missing, refuse_total_alone, refuse_zeros

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_KINDS = ("tokens", "duration")
_VERBOSE = ("segments", "words", "language", "task")
_CHAT = Block(*openai_chat.BLOCK.read, inner=openai_chat.BLOCK.inner)
BLOCK = Block(
    "type",
    "seconds",
    "input_tokens",
    "output_tokens",
    ignored={"total_tokens": "the sum of the two"},
    inner={"input_token_details": Block("text_tokens", "audio_tokens")},
    also=lambda block, _, counters: _CHAT if _is_of_chat(counters) else block,
)
# A transcript that states its length alone has it among what it is.
_HEARD = dict.fromkeys(("text", "segments", "words"), "what was heard")
_ALONE = Block(*BLOCK.read, "duration", ignored={**BLOCK.ignored, **_HEARD}, inner=BLOCK.inner)
# What a transcript has that states no more than its text and its length, as LiteLLM's does.
_PLAIN = frozenset({"text", "duration", "usage", "languages", "model", "id", "object", "created"})


def read(fields: Fields) -> Usage:
    """Return the usage of a transcript, of the event that ends its stream, or of its bare usage object.

    >>> read({"text": "hi", "usage": {"type": "duration", "seconds": 27}}).duration
    27

    Raises:
        MissingUsageError: neither tokens nor seconds are stated.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    counters = sub(fields, "usage")
    if counters is None and fields.get("type") in _KINDS:
        counters = fields
    facts: dict[str, object] = {"model": text(fields, "model")}
    if counters is not None:
        usage = read_counters(counters, facts)
        if usage.duration is None and fields.get("duration") is not None:
            usage.duration = quantity(fields, "duration")
        if not USAGE_HINTS.isdisjoint(counters):
            usage = correct(fields, counters, usage)
    elif fields.get("duration") is not None:
        usage = Usage.of({}, 0, "transcription", facts)
        usage.duration = quantity(fields, "duration")
        said = "no billed seconds in the response: the length of the audio is used"
        usage.notes = (Note("audio_length_used", said, "duration"),)
    else:
        raise missing("this transcript", "Pass duration= (seconds of audio).")
    if not HINTS.isdisjoint(fields):
        usage = correct(fields, {}, usage)
    if fields.get("text") and usage.reported is None:
        refuse_zeros(usage, "this transcript")
    return usage


def read_counters(counters: Fields, facts: dict[str, object]) -> Usage:
    """Return the usage of a ``usage`` object of transcription: tokens or seconds, as its type says.

    Raises:
        MissingUsageError: the counters of its type are not stated.
        InconsistentUsageError: details exceed their whole, or a counter is no count.
    """
    if _is_of_time(counters):
        if counters.get("seconds") is None:
            raise missing("a transcription billed by duration without seconds")
        usage = Usage.of({}, 0, "transcription", facts)
        usage.duration = quantity(counters, "seconds")
        return usage
    if _is_of_chat(counters):
        return openai_chat.read_counters(counters, facts, "transcription")
    for name in ("input_tokens", "output_tokens"):
        if counters.get(name) is None:
            raise missing(f"a usage object of a transcription without {name}")
    prompt, answer = (
        whole_number("input_tokens", counters["input_tokens"]),
        whole_number("output_tokens", counters["output_tokens"]),
    )
    notes = refuse_total_alone("total_tokens", count(counters, "total_tokens"), prompt + answer)
    details = sub(counters, "input_token_details") or {}
    written, heard = count(details, "text_tokens"), count(details, "audio_tokens")
    rest = prompt - written - heard
    if rest < 0:
        raise InconsistentUsageError(
            f"the parts of the input exceed input_tokens={prompt}: text {written} + audio {heard}",
            {"input_tokens": prompt},
            {"text_tokens": written, "audio_tokens": heard},
        )
    # OpenRouter's usage has no type; it may state the seconds too, and its tokens that are not split are text.
    typed = counters.get("type") is not None
    quantities = {"input": written if typed else written + rest, "input_audio": heard, "output": answer}
    if typed:
        quantities["input_audio"] += rest
    usage = Usage.of(quantities, prompt, "transcription", facts)
    usage.notes = notes
    if not typed and counters.get("seconds") is not None:
        usage.duration = quantity(counters, "seconds")
    if rest and typed:
        said = f"{rest} of the input tokens are not split by modality: counted as audio"
        usage.notes += (Note("modality_assumed", said, "input_audio"),)
    return usage


def _is_of_time(counters: Fields) -> bool:
    return counters.get("type") == "duration" or (counters.get("input_tokens") is None and "seconds" in counters)


def _is_of_chat(counters: Fields) -> bool:
    """Return whether the names are chat's, as LiteLLM has them for models that hear: what is not split is text."""
    return counters.get("prompt_tokens") is not None and not _is_of_time(counters)


def recognises(fields: Fields) -> bool:
    """Return whether this is a transcript, the last event of its stream, or its bare usage object."""
    kind = fields.get("type")
    if kind == "transcript.text.done":
        return True
    if kind in _KINDS:
        return "input_tokens" in fields or "seconds" in fields
    if type(fields.get("text")) is not str:
        return False
    counters = sub(fields, "usage")
    if counters is not None:
        counted = any(counters.get(name) is not None for name in ("prompt_tokens", "input_tokens", "seconds"))
        return counters.get("type") in _KINDS or (counted and _is_plain(fields))
    if fields.get("usage") is not None or fields.get("duration") is None:
        return False
    return _is_plain(fields) or any(name in fields for name in _VERBOSE)


def _is_plain(fields: Fields) -> bool:
    return all(name in _PLAIN for name in fields)


def _is_event(fields: Fields) -> bool:
    kind = text(fields, "type")
    return kind is not None and kind.startswith("transcript.text.")


def _read_last(event: Fields) -> Usage:
    if not event:
        raise missing("this stream, which broke off before the transcript was done,")
    return read(event)


def _last(event: Fields) -> Fields | None:
    """Return the event that ends the transcript, which states the usage."""
    return event if event.get("type") == "transcript.text.done" else None


READER = Reader(
    "OpenAI Transcription",
    recognises,
    read,
    {"usage": BLOCK, "": _ALONE},
    chunk=_is_event,
    stream=lambda: LastChunkReader(_read_last, _last),
    tells=("transcript.text.done",),
)
