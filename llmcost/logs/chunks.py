"""Which stream a JSON value is a chunk of: its reader, its id, and whether more chunks follow.

Few streams say that they end, and some chunks look like whole responses. Two calls that are joined by mistake are
billed as one, and nobody notices; a call that is split by mistake is an error that somebody sees. So a value is joined
to the one before it only if both state the same id, or if the one before shows that it was not the last.
"""

from __future__ import annotations

from ..readers import gemini
from ..readers.unfinished import unfinished
from .shapes import OBJECTS, ONE_CHUNK, RECORD, RESPONSE, RESPONSE_OR_CHUNK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..readers.reader import Reader
    from .shapes import Shape

    Fields = dict[str, object]

# Events with which a call begins, whatever came before.
_FIRST = frozenset(
    {
        "message_start",
        "message-start",
        "session.created",
        "session.started",
        "response.created",
        "conversation.response.started",
    }
)
_NAMED = {"event_type": frozenset({"stream-start", "interaction.start", "interaction.created"})}
_STARTS = frozenset({"messageStart", "setupComplete"})
# Fields that hold the chunk itself, or the response that an event is about.
_HOLDERS = ("message", "response", "data")
IDS_OF_RESPONSES = ("id", "responseId", "response_id")
# Events that end a step, and not the call; they state the usage of the step.
_STEPS = frozenset({"finish-step", "step-finish"})
# What OpenAI calls a whole answer, and a part of one; some servers give both the first name.
_WHOLE, _CHUNK = "chat.completion", "chat.completion.chunk"
# What OpenAI's Responses API calls its answers; those of a live session have another name, or none.
_RESPONSE = "response"
# Why a generation ended, as APIs call it; null while it goes on.
_REASONS = ("stop_reason", "completionReason")


def reader_of(fields: Fields, shape: Shape) -> Reader | None:
    """Return the reader whose stream a value may be a chunk of; None for a whole response and for anything else."""
    if not shape.streams or (shape.whole and is_whole(fields)):
        return None
    return shape.stream_of(fields)


def stands_alone(fields: Fields, way: int) -> bool:
    """Return whether the keys of an object alone tell that it is a whole response, or a record around one.

    ``way`` is that of its shape. An object without such keys is read with care.
    """
    if way == RECORD:
        return type(fields["response"]) is dict
    return way == RESPONSE or (way == RESPONSE_OR_CHUNK and is_whole(fields))


def is_whole(fields: Fields) -> bool:
    """Return whether a value is a whole response of an API whose chunks have another shape."""
    kind = fields.get("object")
    if not isinstance(kind, str):
        kind = ""
    elif kind and kind not in OBJECTS:
        return False
    choices = fields.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return "delta" not in choices[0] and ("message" in choices[0] or bool(fields.get("usage")))
    return bool(kind) and "choices" not in fields


def ended_under(fields: Fields, shape: Shape, reader: Reader | None) -> str | None:
    """Return the id of a chunk that may be all of its stream, so that none of another id follows; else None."""
    return gemini.ended(fields) if shape.way == ONE_CHUNK and reader is shape.streams[0] else None


def identity_of(fields: Fields) -> str | None:
    """Return the id of the response that a chunk belongs to, where the chunk states one."""
    for holder in (fields, *(inner for name in _HOLDERS if isinstance(inner := fields.get(name), dict))):
        for name in IDS_OF_RESPONSES:
            value = holder.get(name)
            if isinstance(value, str) and value:
                return value
    return None


def in_session(first: Fields, fields: Fields) -> bool:
    """Return whether an event belongs to the live session that began with the first one.

    A session has events of every kind, and responses with ids of their own.
    """
    kind = fields.get("type")
    if not isinstance(kind, str) or not str(first.get("type")).startswith("session."):
        return False
    return kind not in {"session.created", "session.started"}


def is_typed(fields: Fields) -> bool:
    """Return whether a chunk names its type."""
    return isinstance(fields.get("type"), str) or isinstance(fields.get("event_type"), str)


def is_other_object(first: Fields, fields: Fields) -> bool:
    """Return whether a chunk names itself a whole response, where the first one of the stream names itself a chunk."""
    return fields.get("object") == _WHOLE and first.get("object") == _CHUNK


def begins(fields: Fields) -> bool:
    """Return whether a chunk is the first of its stream, whatever came before."""
    if _word(fields, "type") in _FIRST or not _STARTS.isdisjoint(fields):
        return True
    return any(_word(fields, name) in words for name, words in _NAMED.items())


def begins_beside(fields: Fields) -> bool:
    """Return whether a chunk is the first of a call, and of no turn of a live session that is open."""
    response = fields.get("response")
    return begins(fields) and (not isinstance(response, dict) or response.get("object") == _RESPONSE)


def goes_on(fields: Fields, reader: Reader) -> bool:
    """Return whether more chunks are to come after one that the reader would also read alone."""
    if not reader.recognises(fields):
        return True
    data = fields.get("data")
    inner = data if isinstance(data, dict) else fields
    kind = _word(inner, "type")
    if inner.get("done") is False or kind == "AIMessageChunk" or kind in _STEPS:
        return True
    if any(name in inner and inner[name] is None for name in _REASONS) or unfinished(inner):
        return True
    if inner.get("choices") == [] and not inner.get("usage"):
        return True
    answers = _choices(inner) or _choices(inner, "candidates")
    return bool(answers) and not any(answer.get("finish_reason") or answer.get("finishReason") for answer in answers)


def is_cut(fields: Fields, reader: Reader | None) -> bool:
    """Return whether a chunk that came alone is the beginning of a stream that was cut off, and no call that is whole.

    A whole response of Gemini may lack the word that its last chunk has.
    """
    if reader is None or reader.stream is None:
        return False
    return not reader.recognises(fields) or (
        "candidates" not in fields and not reader.stream().session and goes_on(fields, reader)
    )


def states_usage(fields: Fields) -> bool:
    """Return whether a chunk states counters, so that it may be the last of its call."""
    return bool(fields.get("usage") or fields.get("usageMetadata"))


def counters_of(fields: Fields) -> dict[str, int]:
    """Return the counts that a chunk or a response states, by their names; those of the response that an event holds.

    >>> counters_of(
    ...     {"type": "response.completed", "response": {"usage": {"input_tokens": 9, "input_tokens_details": {}}}}
    ... )
    {'input_tokens': 9}
    """
    for holder in (fields, *(inner for name in _HOLDERS if isinstance(inner := fields.get(name), dict))):
        usage = holder.get("usage") or holder.get("usageMetadata")
        if isinstance(usage, dict):
            return {name: count for name, count in usage.items() if type(count) is int}
    return {}


def trails(fields: Fields, identity: str | None) -> bool:
    """Return whether a chunk only follows up on a stream that has ended: it has neither an id nor an answer of its own.

    ``identity`` is the id of that stream. Usage, and what filters say, come after the last word; a usage in a chunk of
    its own may have another id.
    """
    own = identity_of(fields)
    if "candidates" in fields:
        return own is None and identity is not None and "usageMetadata" not in fields
    if own is not None:
        return fields.get("choices") == []
    return "choices" in fields and not any(choice.get("delta") for choice in _choices(fields))


def _choices(fields: Fields, name: str = "choices") -> list[Fields]:
    choices = fields.get(name)
    return [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []


def _word(fields: Fields, name: str) -> str:
    """Return a text field; empty if it is absent or anything else."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""
