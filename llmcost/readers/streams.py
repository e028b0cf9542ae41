"""Streams: a list or an iterable of the chunks or events of one call."""

from __future__ import annotations

from ..core.notes import Note
from ..errors import InconsistentUsageError, UnrecognizedResponseError
from .fields import fields_of, nested, sub, text
from .known import find_reader, is_whole, read_whole, unrecognized
from .logged import of_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.usage import Usage
    from .chunk_reader import ChunkReader
    from .reader import Fields, Reader, Tells


# Chunks before the first that tells its API: nearly every stream says what it is within its first few. Some tell it
# in the last alone, which is waited for, but not for ever.
_MOST_WAITING, _MOST_UNTOLD = 16, 100_000
# What stands after the last event of many streams. https://platform.openai.com/docs/api-reference/chat-streaming
_DONE = "[DONE]"
# What an event of a stream has as a client for server-sent events gives it.
# https://html.spec.whatwg.org/multipage/server-sent-events.html
_EVENT = frozenset({"event", "data", "id", "retry"})
# Words in the names of what states a usage.
_USAGE = ("usage", "tokens", "metrics")


class Stream:
    """A stream of any flavour, chunk by chunk, in constant memory.

    Attributes:
        reader: what takes its chunks; None until a chunk has told its API.
        waiting: the first chunks before that. They may be none of a stream, but a whole response in a list.
        calls: how many calls the chunks are of; more than one is an error.
        model: the model that a chunk names, for a stream that states no usage.
    """

    __slots__ = ("_api", "_cut", "_telling", "_untold", "calls", "model", "reader", "waiting")

    def __init__(self) -> None:
        self.reader: ChunkReader | None = None
        self.waiting: list[Fields] = []
        self.calls = 1
        self.model: str | None = None
        self._api: Reader | None = None
        # Of the chunks that tell no API: how many there were, and those that state a usage, two at most.
        self._untold = self._cut = 0
        self._telling: list[Fields] = []

    @property
    def ended(self) -> bool:
        """Whether the terminal event was seen: what is billed does not change any more. A session has none."""
        return self.reader is not None and self.reader.ended and not self.reader.session

    @property
    def tells(self) -> Tells:
        """What marks the chunks that can change the usage, as in ``Reader``; empty where any can, or is not known."""
        return self._api.tells if self._api is not None else ()

    def feed(self, chunk: object) -> None:
        """Take the next chunk or event.

        Raises UnrecognizedResponseError for what is no object, or if endlessly many chunks fit no API.
        """
        fields = None if isinstance(chunk, (str, bytes, int, float, type, type(None))) else fields_of(chunk)
        if fields is None:
            _refuse(chunk)
            return
        if fields is not chunk and str(type(chunk).__module__)[:7] == "litellm":
            hidden = getattr(chunk, "_hidden_params", None)
            fields = {**fields, "_hidden_params": hidden} if hidden else fields
        if "data" in fields and _EVENT.issuperset(fields):
            if _is_done(fields["data"]):
                return
            fields = self._inside(fields)
        if self._api is not None:
            self._take(fields, self._api)
            return
        reader = find_reader(fields)
        if reader is None:
            self._wait(fields)
            return
        self._api = reader
        for earlier in (*self.waiting, fields):
            self._take(earlier, reader)
        self.waiting, self._telling = [], []

    def _inside(self, event: Fields) -> Fields:
        """Return the object in the data of an event; the event where there is none, since it may be one itself."""
        data = event["data"]
        if isinstance(data, str):
            written = data.strip()
            data = of_json(written)
            # Text that is no JSON may keep a connection alive. A cut object may have stated a usage.
            self._cut += data is written and written[:1] in {"{", "["}
        return nested(data) or event

    def _take(self, fields: Fields, reader: Reader) -> None:
        assert reader.stream is not None  # noqa: S101 - find_reader() returns no other
        if self.reader is None:
            self.reader = reader.stream()
        elif self.reader.begins_another(fields):
            self.calls += 1
            self.reader = reader.stream()
        elif not self.reader.session and not reader.chunk(fields) and is_whole(fields):
            self.calls += 1
        self.reader.feed(fields)
        if self.model is None:
            self.model = _model_of(fields)

    def _wait(self, fields: Fields) -> None:
        self._untold += 1
        if len(self.waiting) < _MOST_WAITING:
            self.waiting.append(fields)
        if len(self._telling) < 2 and any(word in str(name).lower() for name in fields for word in _USAGE):
            self._telling.append(fields)
        if self._untold > _MOST_UNTOLD:
            raise self._unknown()

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far; ``ended`` is False for a stream that was left before its end.

        Raises:
            MissingUsageError: no usage was stated yet.
            InconsistentUsageError: the chunks are those of several calls.
            UnrecognizedResponseError: there was no chunk, or none that tells its API.
        """
        if self.calls > 1:
            raise several_calls(self.calls)
        if self.reader is not None:
            usage = self.reader.usage(ended=ended)
            if self._cut:
                said = f"the data of {self._cut} events are no whole JSON: what they state is not counted"
                usage = usage.replaced(notes=(*usage.notes, Note("not_understood", said, "data")))
            return usage
        if len(self.waiting) == 1:
            # Where nothing is streamed, a loop over chunks sees one whole response.
            return read_whole(self.waiting[0])
        if not self.waiting:
            raise UnrecognizedResponseError("this list is empty: pass the chunks of a stream, all of them")
        wholes = sum(map(is_whole, self.waiting))
        if wholes > 1:
            raise several_calls(wholes)
        if len(self._telling) == 1:
            return read_whole(self._telling[0])
        raise self._unknown()

    def _unknown(self) -> UnrecognizedResponseError:
        if self._untold < _MOST_WAITING:
            return unrecognized(self.waiting[0])
        keys = ", ".join(str(key)[:40] for key in list(self.waiting[0])[:8])
        return UnrecognizedResponseError(
            f"no reader knows this stream: none of its {self._untold:,} chunks tells its API "
            f"(keys of the first: {keys})"
        )


def _is_done(data: object) -> bool:
    return isinstance(data, str) and data.strip() == _DONE


def _refuse(chunk: object) -> None:
    """Raise UnrecognizedResponseError for what is no object, unless it is the text after the last event."""
    if not _is_done(chunk):
        way = ": llmcost.read_log reads the text of streams" if isinstance(chunk, (str, bytes)) else ""
        raise UnrecognizedResponseError(f"a chunk of a stream is an object, this is {type(chunk).__name__}{way}")


def _model_of(chunk: Fields) -> str | None:
    """Return the model that a chunk names, itself or in what it is about."""
    for name in _NAMES:
        found = text(chunk, name)
        if found is not None:
            return found
    for holder in _HOLDERS:
        inner = sub(chunk, holder)
        if inner is not None and text(inner, "model") is not None:
            return text(inner, "model")
    return None


_NAMES = ("model", "modelVersion", "model_version")
# Fields of an event that hold what it is about.
_HOLDERS = ("message", "response", "session", "interaction", "data")


def several_calls(calls: int) -> InconsistentUsageError:
    """Return the error for a list that holds more than one call: the usage of one of them is not that of the list."""
    return InconsistentUsageError(f"{calls} calls in one list: pass them one by one, and add their costs")


def read_stream(chunks: object) -> Usage:
    """Return the usage of a stream, or of a list that holds a single whole response."""
    stream = Stream()
    for chunk in _iterate(chunks):
        stream.feed(chunk)
    return stream.usage()


def _iterate(chunks: object) -> Iterable[object]:
    try:
        return iter(chunks)  # type: ignore[call-overload, no-any-return]
    except TypeError:
        raise UnrecognizedResponseError(f"expected a list of stream chunks, got {type(chunks).__name__}") from None
