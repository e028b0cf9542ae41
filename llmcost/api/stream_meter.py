"""StreamMeter: what a stream costs, while it runs and when it has ended."""

from __future__ import annotations

from ..core.call_cost import of_segments
from ..core.notes import Note
from ..core.rating import Segment
from ..core.usage import Usage
from ..errors import MissingUsageError, UnrecognizedResponseError
from ..readers.streams import Stream
from .default import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
    from typing import Any, TypeVar

    from ..core.cost import Cost
    from .costmap import CostMap

    Chunk = TypeVar("Chunk")


class StreamMeter:
    """Meters one stream of any flavour, chunk by chunk, in constant memory.

    Feed it every chunk or event, in a sync or an async loop, or let ``watch`` or ``awatch`` do it.

    >>> meter = StreamMeter(model="gpt-4o-mini")
    >>> meter.feed({"object": "chat.completion.chunk", "model": "gpt-4o-mini", "choices": [{"delta": {}}]})
    >>> meter.cost.lower_bound
    True
    >>> meter.feed(
    ...     {
    ...         "object": "chat.completion.chunk",
    ...         "model": "gpt-4o-mini",
    ...         "choices": [],
    ...         "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    ...     }
    ... )
    >>> str(meter.finish())
    '0.00021'

    Args:
        cost_map: whose prices; the default map's if it is not given.
        options: the keywords of ``calculate``: ``model``, ``service_tier``, prices ...
    """

    def __init__(self, *, cost_map: CostMap = DEFAULT, **options: Any) -> None:
        self._cost_map, self._options = cost_map, options
        self._stream = Stream()
        self._finished: Cost | None = None
        self.chunks = 0

    def feed(self, chunk: object) -> None:
        """Take the next chunk or event: a dict or an SDK object.

        Raises UnrecognizedResponseError if the chunk is no object, or if the first chunks fit no API.
        """
        self._stream.feed(chunk)
        self.chunks += 1

    @property
    def cost(self) -> Cost:
        """What the stream has cost so far: a lower bound until ``finish``."""
        if self._finished is not None:
            return self._finished
        try:
            usage = self._usage(ended=False)
        except MissingUsageError:
            return self._nothing_stated("the stream has stated no usage yet")
        return self._cost_map.calculate(None, usage.replaced(partial=True), **self._options)

    def finish(self, *, aborted: bool = False) -> Cost:
        """Return what the stream cost.

        Args:
            aborted: the stream was cut off. What it stated until then is a lower bound; if it stated nothing,
                the Cost is incomplete and says so.

        Raises:
            MissingUsageError: the stream ended without stating its usage.
            UnknownModelError: no price is known for the model.
        """
        if self._finished is None:
            try:
                usage = self._usage(ended=not aborted)
            except MissingUsageError:
                if not aborted:
                    raise
                self._finished = self._nothing_stated("the stream was cut off before it stated any usage")
                return self._finished
            if aborted:
                usage = usage.replaced(partial=True)
            self._finished = self._cost_map.calculate(None, usage, **self._options)
        return self._finished

    def watch(self, stream: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield the chunks of a stream while metering them; a loop that is left early counts as aborted."""
        ended = False
        try:
            for chunk in stream:
                self.feed(chunk)
                yield chunk
            ended = True
        finally:
            self.finish(aborted=not ended)

    async def awatch(self, stream: AsyncIterable[Chunk]) -> AsyncIterator[Chunk]:
        """Yield the chunks of an async stream while metering them; see ``watch``."""
        ended = False
        try:
            async for chunk in stream:
                self.feed(chunk)
                yield chunk
            ended = True
        finally:
            self.finish(aborted=not ended)

    def _usage(self, *, ended: bool) -> Usage:
        try:
            return self._stream.usage(ended=ended)
        except UnrecognizedResponseError:
            raise MissingUsageError("the stream has no chunk that tells its API") from None

    def _nothing_stated(self, said: str) -> Cost:
        usage = Usage(partial=True, notes=(Note("no_usage_yet", said),))
        name = str(self._options.get("model") or "")
        return of_segments((Segment(usage, name, None, {}, ("output",)),), usage, name or None)
