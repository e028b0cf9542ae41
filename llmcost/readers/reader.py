"""What a reader is."""

from __future__ import annotations

from ..errors import MissingUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Protocol

    from ..core.usage import Usage

    Fields = Mapping[str, object]

    class ChunkReader(Protocol):
        """Takes the chunks of one stream, one by one, in constant memory."""

        def feed(self, chunk: Fields) -> None:
            """Take the next chunk."""

        def usage(self, *, ended: bool = True) -> Usage:
            """Return the usage so far; ``ended`` is False for a stream that was cut off."""


class Reader:
    """One response shape: how it is recognised, and how its counters become a usage.

    Attributes:
        name: what error messages call it.
        recognises: whether a response, as a mapping, has this shape.
        read: the usage of a response of this shape.
        objects: values of the ``object`` field that settle it at once.
        chunk: whether a mapping is a chunk or event of a stream of this shape.
        stream: makes what takes the chunks of such a stream.
        rank: among the discovered readers, the lower is asked first.
    """

    __slots__ = ("chunk", "name", "objects", "rank", "read", "recognises", "stream")

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
    ) -> None:
        self.name, self.recognises, self.read = name, recognises, read
        self.objects, self.chunk, self.stream, self.rank = objects, chunk, stream, rank


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
