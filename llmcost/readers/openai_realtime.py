"""OpenAI Realtime: a session of turns, each billed for its whole context again.

Every ``response.done`` states the usage of one turn; cached tokens are inside, and split by modality. Transcripts of
what was heard are billed on the transcription model. https://platform.openai.com/docs/guides/realtime-costs
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from ..core.notes import Note
from ..core.usage import Usage
from ..errors import InconsistentUsageError, shown
from . import openai_transcription
from .chunk_reader import ChunkReader
from .fields import count, quantity, sub, text, whole_number
from .reader import Block, Reader, missing, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities, Quantity
    from .reader import Fields

_MODALITIES = ("text", "audio", "image")
_INPUT = {"text": "input", "audio": "input_audio", "image": "input_image"}
_CACHED = {"text": "cache_read", "audio": "cache_read_audio", "image": "cache_read_image"}
_OUTPUT = {"text": "output", "audio": "output_audio", "image": "output_image"}
_TURN = "response.done"
_HEARD = "conversation.item.input_audio_transcription.completed"
_SESSION = ("session.created", "session.updated", "transcription_session.created", "transcription_session.updated")
_SPLIT = tuple(f"{modality}_tokens" for modality in _MODALITIES)
_GROK = {"grok_tokens": "xAI's own tokens of what the others count"}
BLOCK = Block(
    "input_tokens",
    "output_tokens",
    "billable_audio_seconds",
    ignored={
        "total_tokens": "the sum of the two",
        "output_audio_seconds": "inside the seconds that are billed",
        "input_audio_seconds": "inside the seconds that are billed",
    },
    inner={
        "input_token_details": Block(
            *_SPLIT, "cached_tokens", ignored=_GROK, inner={"cached_tokens_details": Block(*_SPLIT)}
        ),
        "output_token_details": Block(*_SPLIT, "reasoning_tokens", ignored=_GROK),
    },
)
# Beside an event stands the usage of a transcript.
_BLOCKS = {"usage": BLOCK.joined(openai_transcription.BLOCK), "response.usage": BLOCK, "": BLOCK}


def read(fields: Fields) -> Usage:
    """Return the usage of one turn or of one transcript; or of the bare usage object of a turn.

    Raises:
        MissingUsageError: the tokens are not stated.
        InconsistentUsageError: counters contradict each other or are no counts.
    """
    if fields.get("type") == _HEARD:
        return _read_heard(fields)
    turn = sub(fields, "response") if fields.get("type") == _TURN else fields
    turn = turn if turn is not None else {}
    counters = _counters_of(fields, turn) if fields.get("input_token_details") is None else fields
    if counters is None:
        raise missing(f"this turn (status {shown(text(turn, 'status'))})")
    usage = read_counters(counters, {})
    seconds = quantity(counters, _BILLABLE)
    return usage if not seconds else _by_the_second(usage, seconds)


def _counters_of(fields: Fields, turn: Fields) -> Fields | None:
    """Return the usage of a turn; xAI leaves the one of the response empty and states it at the top of the event."""
    counters = sub(turn, "usage")
    return counters or sub(fields, "usage") or counters


# xAI sells speech by these seconds, and nothing in the events counts the text messages that it sells beside them.
# https://docs.x.ai/docs/models
_BILLABLE = "billable_audio_seconds"


def _by_the_second(usage: Usage, seconds: Quantity) -> Usage:
    """Return a turn of xAI: its tokens, or the seconds in which it is sold, are the same work."""
    units: tuple[Quantities, ...] = ({"compute_seconds": seconds}, {"input_seconds": seconds})
    said = "xAI bills each text message that is sent too, and the events do not count them"
    return usage.replaced(
        quantities={},
        alternatives=((*units, usage.quantities),),
        provider="xai",
        notes=(*usage.notes, Note("tool_not_priced", said, "text_messages")),
    )


def _read_heard(fields: Fields) -> Usage:
    counters = sub(fields, "usage")
    if counters is None:
        raise missing("this transcript")
    return openai_transcription.read_counters(counters, {})


def read_counters(counters: Fields, facts: dict[str, object]) -> Usage:
    """Return the usage of the ``usage`` object of a turn.

    >>> read_counters(
    ...     {
    ...         "input_tokens": 9,
    ...         "input_token_details": {"text_tokens": 2, "audio_tokens": 7},
    ...         "output_tokens": 5,
    ...         "output_token_details": {"audio_tokens": 5},
    ...     },
    ...     {},
    ... ).quantities
    {'input': 2, 'input_audio': 7, 'output_audio': 5}

    Raises:
        MissingUsageError: the tokens of one side are not stated.
        InconsistentUsageError: details exceed their whole, or more is cached than was sent.
    """
    for name in ("input_tokens", "output_tokens"):
        if counters.get(name) is None:
            raise missing(f"the usage of a turn without {name}")
    prompt, answer = (
        whole_number("input_tokens", counters["input_tokens"]),
        whole_number("output_tokens", counters["output_tokens"]),
    )
    notes = [*refuse_total_alone("total_tokens", count(counters, "total_tokens"), prompt + answer)]
    details, results = sub(counters, "input_token_details") or {}, sub(counters, "output_token_details") or {}
    sent = _split("input", prompt, details, notes)
    answered = _split("output", answer, results, notes)
    cached = _cached(sent, details, notes)
    # Reasoning is text that is not spoken.
    reasoning = count(results, "reasoning_tokens")
    if reasoning > answered["text"]:
        raise InconsistentUsageError(
            f"reasoning_tokens={reasoning} exceeds the text of the output, {answered['text']} tokens",
            {"text_tokens": answered["text"]},
            {"reasoning_tokens": reasoning},
        )
    quantities = {_INPUT[m]: sent[m] - cached[m] for m in _MODALITIES}
    quantities |= {_CACHED[m]: cached[m] for m in _MODALITIES}
    quantities |= {_OUTPUT[m]: answered[m] for m in _MODALITIES}
    quantities["output"] -= reasoning
    quantities["reasoning"] = reasoning
    usage = Usage.of(quantities, prompt, "realtime", facts)
    usage.notes = tuple(notes)
    return usage


def _split(side: str, total: int, details: Fields, notes: list[Note]) -> dict[str, int]:
    """Return the tokens of each modality; what no detail explains is text, which a note says."""
    parts = {modality: count(details, f"{modality}_tokens") for modality in _MODALITIES}
    rest = total - sum(parts.values())
    if rest < 0:
        raise InconsistentUsageError(
            f"the parts of the {side} exceed {side}_tokens={total}: {parts}", {f"{side}_tokens": total}, parts
        )
    if rest:
        parts["text"] += rest
        said = f"{rest} of the {side} tokens are not split by modality: counted as text"
        notes.append(Note("modality_assumed", said, side))
    return parts


def _cached(sent: dict[str, int], details: Fields, notes: list[Note]) -> dict[str, int]:
    """Return the cached tokens of each modality; those that are not split are text first, then audio, then image."""
    split = sub(details, "cached_tokens_details") or {}
    cached = {modality: count(split, f"{modality}_tokens") for modality in _MODALITIES}
    split_sum = sum(cached.values())
    total = count(details, "cached_tokens") if details.get("cached_tokens") is not None else split_sum
    left = total - split_sum
    if left < 0 or total > sum(sent.values()):
        raise InconsistentUsageError(
            f"cached_tokens={total} does not hold its parts {cached}, or exceeds the input {sent}",
            {"cached_tokens": total, **sent},
            cached,
        )
    if left and sum(sent.values()) > sent["text"]:
        said = "cached tokens are not split by modality: taken as text first, the overflow as audio"
        notes.append(Note("cached_not_split", said, "cached_tokens"))
    for modality in _MODALITIES:
        if cached[modality] > sent[modality]:
            raise InconsistentUsageError(
                f"{cached[modality]} {modality} tokens are cached, and only {sent[modality]} were sent", sent, cached
            )
        taken = min(left, sent[modality] - cached[modality])
        cached[modality] += taken
        left -= taken
    return cached


def recognises(fields: Fields) -> bool:
    """Return whether this is a turn, a transcript inside a session, or the bare usage object of a turn."""
    if fields.get("type") in (_TURN, _HEARD) or fields.get("object") == "realtime.response":
        return True
    if "type" in fields:
        return False
    details = sub(fields, "input_token_details")
    return details is not None and any(name in details for name in ("text_tokens", "audio_tokens", "cached_tokens"))


_FAMILIES = ("response.", "conversation.", "input_audio_buffer.", "output_audio_buffer.", "rate_limits.")


def _is_event(fields: Fields) -> bool:
    """Return whether this is an event of a session; those of the Responses API have no event_id."""
    kind = text(fields, "type")
    if kind is None or kind == "response.event":
        return False
    if kind in (_TURN, _HEARD, *_SESSION):
        # Live sessions are updated too: what comes after tells them apart.
        return kind != "session.updated"
    return "event_id" in fields and kind.startswith(_FAMILIES)


class _Stream(ChunkReader):
    """Turns add up. Each is a part, because each is a request with a context of its own."""

    session = True

    def __init__(self) -> None:
        self._turns: list[Usage] = []
        self._heard: list[Usage] = []
        self._unstated = self._answering = 0
        self._model: str | None = None
        self._ears: str | None = None
        self._transcribes = False

    def feed(self, chunk: Fields) -> None:
        """Take the next event."""
        kind = chunk.get("type")
        if kind == "response.created":
            self._answering += 1
        elif kind == _TURN:
            self._answering = max(self._answering - 1, 0)
        self.ended = not self._answering
        if kind in _SESSION:
            self._configure(sub(chunk, "session") or {}, str(kind))
        elif kind == _TURN:
            if not _counters_of(chunk, sub(chunk, "response") or {}):
                self._unstated += 1
            else:
                self._turns.append(read(chunk))
        elif kind == _HEARD:
            if sub(chunk, "usage") is None:
                self._unstated += 1
                return
            usage = _read_heard(chunk)
            usage.model = self._ears
            usage.model_keyword = "transcription_model"
            self._heard.append(usage)

    def _configure(self, session: Fields, kind: str) -> None:
        """Take the model, and the one that transcribes: they stand in different places in the two generations."""
        self._model = text(session, "model") or self._model
        if text(session, "type") == "transcription" or kind.startswith("transcription_"):
            self._transcribes = True
        input_ = sub(sub(session, "audio") or {}, "input") or {}
        ears = sub(input_, "transcription") or sub(session, "input_audio_transcription")
        if ears is not None:
            self._ears = text(ears, "model") or self._ears

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far: a single turn as it is, several as parts."""
        turns, heard, model = self._turns, self._heard, self._model
        if not turns and (self._transcribes or model is None):
            # In a session that only transcribes, the model that does so is the main one. So is it where the events
            # are given without their session: nothing says that there was another model.
            turns, heard, model = [_main(part) for part in heard], [], self._ears or model
        if not turns and not heard:
            raise missing("this session, in which no turn was done,")
        single = len(turns) == 1
        usage = turns[0].replaced() if single else Usage.of({}, 0, "realtime", {})
        if model is not None:
            usage.model = model
        usage.parts = (*(() if single else turns), *heard)
        # A session has no terminal event: between two answers its caller alone knows whether it is over.
        usage.partial = not self.ended or not ended
        if self._unstated:
            leave_out(usage, f"{self._unstated} of the session's turns or transcripts state no usage")
        return usage


def _main(part: Usage) -> Usage:
    return part.replaced(model=None, model_keyword=None)


READER = Reader(
    "OpenAI Realtime",
    recognises,
    read,
    _BLOCKS,
    objects=("realtime.response",),
    chunk=_is_event,
    stream=_Stream,
)
