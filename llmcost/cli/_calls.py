"""Calls among JSON values: which JSON values are one call each, and which are chunks of one stream.

- A whole response is a call.
- Chunks that follow each other and belong to the same stream are one call: the stream of one reader recognises
  them, and they have the same id, or none.
- A line of somebody's log is a call, with the facts that the line states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from llmcost.readers.streams import find_reader

from ._log_lines import OBJECTS, opened
from ._values import Break, Problem, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from llmcost.readers.reader import Reader

    Fields = dict[str, object]

# Files that hold a value a line.
LINES = (".jsonl", ".ndjson")


class Call(NamedTuple):
    """One call, ready for ``calculate(response, usage, **facts)``, and where it stands."""

    place: str
    source: str
    line: int
    response: object
    usage: object = None
    facts: Fields = {}  # noqa: RUF012 - never written to
    chunks: int = 0


class Unreadable(NamedTuple):
    """A place at which no call could be read, and why."""

    place: str
    source: str
    line: int | None
    message: str


class Places:
    """How the places of one source are written."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._by_line = source.endswith(LINES) or source == "stdin"
        self._first: int | None = None

    def of(self, item: Value) -> str:
        """Return ``file``, ``file:line`` or ``file[element]``, whatever tells the call apart."""
        if item.element is not None:
            return f"{self.source}[{item.element}]"
        if self._first is None:
            self._first = item.line
        return f"{self.source}:{item.line}" if self._by_line or item.line != self._first else self.source

    def unreadable(self, line: int, message: str) -> Unreadable:
        """Return what stands at a line and is no call."""
        return Unreadable(f"{self.source}:{line}", self.source, line, message)


def calls(
    found: Iterable[Value | Problem | Break], places: Places, *, one_stream: bool = False
) -> Iterator[Call | Unreadable]:
    """Yield the calls of one source, and what could not be read. ``one_stream``: all of its chunks are one call."""
    stream = _Stream(places)
    for item in found:
        if isinstance(item, Value) and isinstance(item.value, dict):
            fields = item.value
            if one_stream:
                stream.add(item, fields, None)
                continue
            if stream.takes(item, fields):
                continue
            yield from stream.ended()
            reader = chunk_reader(fields)
            if reader is not None:
                stream.add(item, fields, reader)
            else:
                yield _single(item, fields, places)
            continue
        yield from stream.ended()
        if isinstance(item, Problem):
            yield places.unreadable(item.line, item.message)
        elif isinstance(item, Value) and isinstance(item.value, list):
            yield Call(places.of(item), places.source, item.line, item.value, chunks=len(item.value))
        elif isinstance(item, Value):
            yield places.unreadable(item.line, f"expected an object, found {type(item.value).__name__}")
    yield from stream.ended()


class _Stream:
    """The chunks of one call, as long as they keep coming."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._first: Value | None = None
        self._chunks: list[Fields] = []
        self._reader: Reader | None = None
        self._identity: str | None = None
        self._open = False

    def takes(self, item: Value, fields: Fields) -> bool:
        """Return whether a value belongs to the stream that is being read; it is kept then."""
        if not self._chunks:
            return False
        kind = fields.get("type")
        if str(self._chunks[0].get("type")).startswith("session.") and isinstance(kind, str):
            # A live session has events of its own and responses with ids of their own.
            belongs = kind != "session.created"
        else:
            reader = chunk_reader(fields)
            identity = identity_of(fields)
            if reader is None:
                # Streams have events that say nothing of what is billed, and that their readers do not name.
                belongs = self._open and (
                    item.event or (isinstance(kind, str) and not {"usage", "response"} & set(fields))
                )
            elif reader is not self._reader or kind in _FIRST:
                belongs = False
            elif identity and self._identity:
                belongs = identity == self._identity
            else:
                belongs = self._open
        if belongs:
            self.add(item, fields, self._reader)
        return belongs

    def add(self, item: Value, fields: Fields, reader: Reader | None) -> None:
        """Keep a chunk."""
        if not self._chunks:
            self._first, self._reader, self._identity = item, reader, None
        self._chunks.append(fields)
        self._identity = self._identity or identity_of(fields)
        self._open = not _ends(fields)

    def ended(self) -> Iterator[Call]:
        """Yield the call that the chunks make, if there are any, and start anew."""
        if self._first is None:
            return
        chunks = self._chunks
        alone = chunks[0] if len(chunks) == 1 and (self._reader is None or self._reader.recognises(chunks[0])) else None
        yield Call(
            self._places.of(self._first) if self._first.element is None or alone else self._places.source,
            self._places.source,
            self._first.line,
            alone or chunks,
            chunks=0 if alone else len(chunks),
        )
        self._first, self._chunks = None, []


# Events that begin a stream and events that end one, where ids do not tell.
_FIRST = frozenset({"message_start", "message-start", "session.created"})
_LAST = frozenset(
    {"message_stop", "message-end", "response.completed", "response.incomplete", "response.failed",
     "transcript.text.done", "speech.audio.done", "image_generation.completed", "image_edit.completed"}
)  # fmt: skip


def chunk_reader(fields: Fields) -> Reader | None:
    """Return the reader whose stream a value may be a chunk of; None for a whole response and for anything else."""
    return None if _is_whole(fields) else find_reader(fields)


def _is_whole(fields: Fields) -> bool:
    """Return whether a value of a shape that is streamed in the same words is a whole response."""
    kind = fields.get("object")
    if kind and kind not in OBJECTS:
        return False
    choices = fields.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return "delta" not in choices[0] and ("message" in choices[0] or bool(fields.get("usage")))
    return bool(kind) and "choices" not in fields


def identity_of(fields: Fields) -> str | None:
    """Return the id of the response that a chunk belongs to, where the chunk states one."""
    holders = [fields, *(inner for name in ("message", "response") if isinstance(inner := fields.get(name), dict))]
    for holder in holders:
        for name in ("id", "responseId", "response_id"):
            value = holder.get(name)
            if isinstance(value, str) and value:
                return value
    return None


def _ends(fields: Fields) -> bool:
    """Return whether a chunk is the last of its stream."""
    if fields.get("type") in _LAST or fields.get("done") is True or list(fields) == ["metadata"]:
        return True
    candidates = fields.get("candidates")
    return isinstance(candidates, list) and any(isinstance(c, dict) and c.get("finishReason") for c in candidates)


def _single(item: Value, fields: Fields, places: Places) -> Call | Unreadable:
    """Return the call of a value that stands alone: a response, or a log line around one."""
    try:
        response, usage, facts = opened(fields)
    except ValueError as error:
        return places.unreadable(item.line, str(error))
    return Call(places.of(item), places.source, item.line, response, usage, facts)
