"""What a reader is."""

from __future__ import annotations

from ..errors import MissingUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..core.usage import Usage

    Fields = Mapping[str, object]


class ChunkReader:
    """Takes the chunks of one stream, one by one, in constant memory.

    Attributes:
        ended: whether the terminal event was seen: what is billed does not change any more.
        session: whether it has no such event, and goes on for as long as somebody wants, under any number of ids.
    """

    ended = False
    session = False

    def feed(self, chunk: Fields) -> None:
        """Take the next chunk."""
        raise NotImplementedError

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether a chunk begins another call than the one that was read so far."""
        del chunk
        return False

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage so far, which is a lower bound before the terminal event.

        ``ended`` is False if the stream was left before its end; it counts where an API has no terminal event.
        """
        raise NotImplementedError


class LastChunkReader(ChunkReader):
    """A stream whose last event holds all that is billed, so that whatever follows it begins another call."""

    def begins_another(self, chunk: Fields) -> bool:
        """Return whether the last event was seen already."""
        del chunk
        return self.ended


# Chunks at the beginning of a stream that name what it is: its model, its id, its tier.
FIRST = 8


class Reader:
    """One response shape: how it is recognised, and how its counters become a usage.

    Attributes:
        name: what error messages call it.
        recognises: whether a response, as a mapping, has this shape.
        read: the usage of a response of this shape.
        objects: values of the ``object`` field that settle it at once.
        chunk: whether a mapping is a chunk or event of a stream of this shape.
        stream: makes what takes the chunks of such a stream.
        tells: texts of which one stands in the JSON of every chunk that can change the usage, but for the first few
            (``FIRST``) of a stream, which may all. Empty where any chunk can.
        rank: among the discovered readers, the lower is asked first.
    """

    __slots__ = ("chunk", "name", "objects", "rank", "read", "recognises", "stream", "tells")

    def __init__(
        self,
        name: str,
        recognises: Callable[[Fields], bool],
        read: Callable[[Fields], Usage],
        *,
        objects: tuple[str, ...] = (),
        chunk: Callable[[Fields], bool] = lambda _: False,
        stream: Callable[[], ChunkReader] | None = None,
        rank: int = 50,
        tells: tuple[str, ...] = (),
    ) -> None:
        self.name, self.recognises, self.read = name, recognises, read
        self.objects, self.chunk, self.stream, self.rank, self.tells = objects, chunk, stream, rank, tells


def missing(what: str, hint: str = "") -> MissingUsageError:
    """Return the error for a known shape without its counters."""
    return MissingUsageError(f"{what} states no usage, and a missing usage is not zero.{' ' + hint if hint else ''}")


def refuse_total_alone(name: str, total: int, parts: int) -> None:
    """Refuse a total whose parts are all 0: which of the tokens are of the prompt, and which of the answer, is missing.

    Raises MissingUsageError.
    """
    if total and not parts:
        raise MissingUsageError(
            f"{name}={total} stands alone, its parts are 0 or not stated: pass usage= with the tokens of each side"
        )
