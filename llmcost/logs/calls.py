"""Calls among JSON values: which JSON values are one call each, and which are chunks of one stream.

- A whole response is a call.
- Chunks that follow each other and belong to the same stream are one call: the stream of one reader recognises
  them, and they have the same id, or none.
- A line of somebody's log is a call, with the facts that the line states.
- A span of a trace is a call if it is one of a model, and none if it adds up those below it.
"""

from __future__ import annotations

from ..errors import LogError
from .chunks import reader_of
from .open_streams import OpenStreams
from .shapes import shape_of
from .traces import calls_of
from .values import Break, Problem, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .record import Record
    from .source import Source

    Fields = dict[str, object]


def calls(
    found: Iterable[Value | Problem | Break], source: Source, *, one_stream: bool = False
) -> Iterator[Record | LogError]:
    """Yield the calls of one source, and what could not be read. ``one_stream``: all of its chunks are one call."""
    streams = OpenStreams(source)
    for item in found:
        if isinstance(item, Value):
            fields = item.value
            if isinstance(fields, dict):
                if one_stream:
                    yield from _joined(streams, item, fields)
                    continue
                reader = reader_of(fields)
                if streams.open and streams.takes(item, fields, reader):
                    continue
                if reader is not None:
                    yield from streams.begin(item, fields, reader)
                    continue
                spans = calls_of(fields) if shape_of(fields).traced else None
                if spans is None and streams.waits_for(fields):
                    yield from streams.wait(item, fields)
                    continue
                yield from streams.ended()
                for number, span in enumerate([fields] if spans is None else spans):
                    try:
                        record = source.record(span, item, item.element if spans is None else number)
                    except ValueError as error:
                        yield LogError(str(error), source.name, item.line)
                        continue
                    if source.keeps_text and spans is None:
                        record.text = item.text
                    yield record
                continue
            yield from streams.ended()
            if isinstance(fields, list):
                yield source.record(fields, item, item.element, chunks=len(fields))
            else:
                reason = f"expected an object, found {type(fields).__name__}"
                yield LogError(reason, source.name, item.line)
            continue
        yield from streams.ended()
        if isinstance(item, Problem):
            yield LogError(item.message, source.name, item.line)
    yield from streams.ended()


def _joined(streams: OpenStreams, item: Value, fields: Fields) -> Iterator[Record]:
    """Join a chunk to all others; yield nothing."""
    if streams.open:
        streams.join(item, fields)
    else:
        yield from streams.begin(item, fields, None)
