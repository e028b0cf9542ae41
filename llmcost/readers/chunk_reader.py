"""What takes the chunks of a stream: of one provider's, and around it what states the names that nobody knows."""

from __future__ import annotations

from .fields import sub
from .looking import look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.usage import Usage
    from .blocks import Fields, Places

NOTHING: dict[str, object] = {}


class ChunkReader:
    """Takes the chunks of one stream, one by one, in constant memory.

    Attributes:
        ended: whether the terminal event was seen: what is billed does not change any more.
        session: whether it has no such event, and goes on for as long as somebody wants, under any number of ids.
    """

    ended = False
    session = False

    if TYPE_CHECKING:

        def feed(self, chunk: Fields) -> None:
            """Take the next chunk."""

        def usage(self, *, ended: bool = True) -> Usage:
            """Return the usage so far, which is a lower bound before the terminal event.

            ``ended`` is False if the stream was left before its end; it counts where an API has no terminal event.
            """

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether a chunk begins another call than the one that was read so far."""
        del chunk
        return False


class EndingReader(ChunkReader):
    """A stream with a last event, so that whatever follows that event begins another call."""

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether the last event was seen already."""
        del chunk
        return self.ended


class LastChunkReader(EndingReader):
    """A stream whose last event holds all that is billed.

    ``last`` returns what ``read`` needs of the last event; None for any other. A stream that breaks off before its last
    event has no usage: ``read`` refuses ``broken_off``.
    """

    def __init__(
        self, read: Callable[[Fields], Usage], last: Callable[[Fields], Fields | None], broken_off: Fields = NOTHING
    ) -> None:
        self._read, self._last, self._fields = read, last, broken_off

    def feed(self, chunk: Fields) -> None:
        """Take the next chunk."""
        found = self._last(chunk)
        if found is not None:
            self._fields, self.ended = found, True

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the last event."""
        del ended  # the content says it
        return self._read(self._fields)


class Chunks(ChunkReader):
    """Takes the chunks of one stream, and keeps what the blocks at these places of a chunk do not know.

    ``again`` says that names of another API's counters are looked at where the whole is read.
    """

    def __init__(self, inside: ChunkReader, places: Places, *, again: bool) -> None:
        self._inside, self._places, self._again = inside, places, again
        self._unread: dict[str, object] = {}
        self.session = inside.session

    def feed(self, chunk: Fields) -> None:
        """Take the next chunk."""
        self._inside.feed(chunk)
        self.ended = self._inside.ended
        unread = look(chunk, self._places)
        if unread and self._again:
            from .other_names import without_meaning

            unread = without_meaning(unread)
        if unread:
            self._unread.update(unread)

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether a chunk begins another call than the one that was read so far."""
        return self._inside.begins_another(chunk)

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far."""
        usage = self._inside.usage(ended=ended)
        if self._unread:
            from ..core.unread import add_unread

            usage = usage.replaced()
            add_unread(usage, self._unread)
        return usage


def event_in(chunk: Fields) -> Fields:
    """Return the event that a chunk holds: some SDKs put the name of the event and its ``data`` around it."""
    return (sub(chunk, "data") or chunk) if "event" in chunk else chunk
