"""StreamMeter: what a stream costs, while it runs and when it has ended."""

from __future__ import annotations

from ..core.call_cost import of_segments
from ..core.late import Late
from ..core.notes import Note
from ..core.rating import Segment
from ..core.usage import Usage
from ..errors import MissingUsageError, UnrecognizedResponseError, UsageError
from ..readers.streams import Stream
from .default import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
    from typing import Any, TypeVar

    from ..core import refusing
    from ..core.cost import Cost
    from .costmap import CostMap

    Chunk = TypeVar("Chunk")
else:
    refusing = Late("llmcost.core.refusing")


class StreamMeter:
    """Prices one stream of any provider, chunk by chunk, in constant memory.

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

    A loop over a stream, sync or async, is watched:

    >>> chunk = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    >>> stream = [{"object": "chat.completion.chunk", "model": "gpt-4o-mini", "choices": [], "usage": chunk}]
    >>> meter = StreamMeter()
    >>> len([chunk for chunk in meter.watch(stream)]), str(meter.finish()), meter.chunks
    (1, '0.00021', 1)

    Attributes:
        chunks: how many were fed.

    Args:
        cost_map: whose prices; the default map's if it is not given.
        options: the keywords of ``calculate``: ``model``, ``service_tier``, prices ...
    """

    def __init__(self, *, cost_map: CostMap = DEFAULT, **options: Any) -> None:
        self._cost_map, self._options = cost_map, options
        self._stream = Stream()
        self._finished: Cost | None = None
        # What a loop that was watched came to: whether it is over, whether it was left, what could not be read.
        self._over = self._left = False
        self._unread: UsageError | None = None
        self.chunks = 0

    def feed(self, chunk: object) -> None:
        """Take the next chunk or event: a dict or an SDK object.

        Raises UsageError for what is no object, for a stream of no known API that does not end, and for counters that
        contradict each other.
        """
        try:
            self._stream.feed(chunk)
        except Exception as error:
            refusing.refuse(error, chunk=chunk)
            raise
        self.chunks += 1

    @property
    def cost(self) -> Cost:
        """The Cost of the stream so far: a lower bound until ``finish``, or until a watched loop is over."""
        if self._finished is not None:
            return self._finished
        try:
            usage = self._usage(ended=self._over and not self._left)
        except MissingUsageError:
            return self._nothing_stated("the stream has stated no usage yet")
        return self._cost_map.calculate(None, usage if self._over else usage.replaced(partial=True), **self._options)

    def finish(self, *, aborted: bool = False) -> Cost:
        """Return what the stream cost.

        It is a lower bound if the stream did not come to its terminal event, whoever ended it.

        Args:
            aborted: the stream was cut off, or a loop over it was left. If it stated nothing until then, the Cost is
                incomplete and says so.

        Raises:
            MissingUsageError: the stream ended without stating its usage.
            InconsistentUsageError: it was more than one call, or counters contradict each other.
            UnknownModelError: no price is known for the model.
        """
        if self._finished is None:
            aborted = aborted or self._left
            try:
                usage = self._usage(ended=not aborted)
            except MissingUsageError:
                if not aborted:
                    raise
                self._finished = self._nothing_stated("the stream was cut off before it stated any usage")
                return self._finished
            self._finished = self._cost_map.calculate(None, usage, **self._options)
        return self._finished

    def watch(self, stream: Iterable[Chunk]) -> Iterator[Chunk]:
        """Yield the chunks of a stream while metering them, and close it; ``finish`` then says what it cost.

        The loop sees what it would see without the meter. Whatever the meter cannot read is an error of ``finish``. A
        loop that is left early, or that the stream breaks off, counts as aborted.
        """
        loop = _Loop(self)
        try:
            with loop:
                for chunk in stream:
                    self._watched(chunk)
                    yield chunk
        finally:
            if not loop.failed and (close := getattr(stream, "close", None)) is not None:
                close()

    async def awatch(self, stream: AsyncIterable[Chunk]) -> AsyncIterator[Chunk]:
        """Yield the chunks of an async stream while metering them, and close it; see ``watch``.

        >>> import asyncio
        >>> async def ask():
        ...     usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
        ...     yield {"object": "chat.completion.chunk", "model": "gpt-4o-mini", "choices": [], "usage": usage}
        >>> async def main():
        ...     meter = StreamMeter()
        ...     async for _ in meter.awatch(ask()):
        ...         pass
        ...     return meter.finish()
        >>> str(asyncio.run(main()))
        '0.00021'
        """
        loop = _Loop(self)
        try:
            with loop:
                async for chunk in stream:
                    self._watched(chunk)
                    yield chunk
        finally:
            close = getattr(stream, "aclose", None) or getattr(stream, "close", None)
            if not loop.failed and close is not None:
                closing = close()
                if hasattr(closing, "__await__"):
                    await closing

    def _watched(self, chunk: object) -> None:
        if self._unread is None:
            try:
                self.feed(chunk)
            except UsageError as error:
                self._unread = error

    def _usage(self, *, ended: bool) -> Usage:
        if self._unread is not None:
            raise self._unread
        try:
            return self._stream.usage(ended=ended)
        except UnrecognizedResponseError:
            raise MissingUsageError("the stream has no chunk that tells its API") from None
        except Exception as error:
            refusing.refuse(error, chunk=[self._stream])
            raise

    def _nothing_stated(self, said: str) -> Cost:
        options = self._options
        usage = Usage(partial=True, notes=(Note("no_usage_yet", said),), model=self._stream.model)
        names = (options.get("model"), options.get("deployment"), options.get("base_model"), usage.model)
        name = next((name for name in names if isinstance(name, str) and name), None)
        cost = of_segments((Segment(usage, name or "", None, {}, ("output",)),), usage, name)
        return cost.with_tiers(options.get("service_tier"), options.get("served_tier"))


class _Loop:
    """The loop over a watched stream, which tells its meter how it ended.

    Attributes:
        failed: whether the stream raised an error: it has closed itself, and its error is the one to see.
    """

    def __init__(self, meter: StreamMeter) -> None:
        self._meter, self.failed = meter, False

    def __enter__(self) -> None:
        self._meter._left = True

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._meter._over, self._meter._left = True, kind is not None
        self.failed = kind is not None and not issubclass(kind, GeneratorExit)
