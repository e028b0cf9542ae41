"""Calls among JSON values: which JSON values are one call each, and which are chunks of one stream.

- A whole response is a call.
- Chunks that follow each other and belong to the same stream are one call: the stream of one reader recognises
  them, and they have the same id, or none.
- A line of somebody's log is a call, with the facts that the line states.
- A line of a coding agent's session log is a call, or an event that is counted and passed over.
"""

from __future__ import annotations

from ..errors import LLMCostError, LogError, UnrecognizedResponseError
from .chunks import ended_under, reader_of, stands_alone
from .lane import alone, lane_of
from .open_streams import OpenStreams
from .pages import passed_of, rows_of
from .record import Record
from .session_call import SessionCall
from .session_format import kind_of
from .sessions import lines_of
from .shapes import shape_of
from .traces import calls_of, sums_of
from .values import Problem, Value, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .lane import Sink
    from .session_format import Lines
    from .session_formats import Format
    from .shapes import Shape
    from .source import Source
    from .values import Break
    from .values import Lines as Text

    Fields = dict[str, object]


def read_calls(
    text: Text, source: Source, line: int = 1, *, one_stream: bool = False, sink: Sink | None = None
) -> Iterator[Record | LogError]:
    """Yield the calls of a text, and what could not be read, in their order; ``line`` is the number of its first.

    ``sink`` takes each call that is known by its line alone, as soon as the line is read, and after everything that was
    yielded before. Such a call is not yielded.
    """
    streams = OpenStreams(source)
    take = None if one_stream else lane_of(source, streams, sink)
    return _calls(values(text, line, take), source, streams, one_stream=one_stream)


def calls(
    found: Iterable[Value | Problem | Break], source: Source, *, one_stream: bool = False
) -> Iterator[Record | LogError]:
    """Yield the calls of one source, and what could not be read. ``one_stream``: all of its chunks are one call."""
    return _calls(found, source, OpenStreams(source), one_stream=one_stream)


def _calls(
    found: Iterable[Value | Problem | Break | Record | LogError],
    source: Source,
    streams: OpenStreams,
    *,
    one_stream: bool,
) -> Iterator[Record | LogError]:
    for item in found:
        if isinstance(item, (Record, LogError)):
            yield item
        elif isinstance(item, Value) and isinstance(item.value, dict):
            if one_stream:
                yield from _joined(streams, item, item.value)
            else:
                yield from _of_fields(streams, source, item, item.value)
        else:
            yield from streams.ended()
            if isinstance(item, Problem):
                source.cut_off = source.cut_off or item.open
                yield LogError(item.message, source.name, item.line)
            elif isinstance(item, Value) and isinstance(item.value, list):
                yield source.record(item.value, item, item.element, chunks=len(item.value))
            elif isinstance(item, Value):
                yield LogError(f"expected an object, found {type(item.value).__name__}", source.name, item.line)
    yield from streams.ended()


def _of_fields(streams: OpenStreams, source: Source, item: Value, fields: Fields) -> Iterator[Record | LogError]:
    """Yield the calls that are known by an object: a whole response, as most are, a line of a session, or another."""
    # The shape answers for all objects with these keys, so that no question about one is asked twice.
    shape = shape_of(fields)
    way = shape.way
    if way and source.session is None and stands_alone(fields, way) and not (streams.open and streams.keeps(shape)):
        since = (yield from streams.give_way(fields)) if streams.open else None
        call = alone(source, shape, fields, item.line, item.text, item.element)
        if since is not None and isinstance(call, Record):
            call.since = since
        yield call
        return
    lines = lines_of(fields, source) if shape.session else None
    if lines is None:
        yield from _of_object(streams, source, item, fields, shape)
        return
    if streams.open:
        yield from _before_session(streams, source)
    yield from _of_session(*lines, fields, source, item)


def _of_object(
    streams: OpenStreams, source: Source, item: Value, fields: Fields, shape: Shape
) -> Iterator[Record | LogError]:
    """Yield the calls of an object whose keys alone do not tell what it is.

    It may be, in this order: a row that is no call, a trace or a page of rows, a chunk of a stream, or a response.
    """
    if shape.kinds and (kind := passed_of(fields)) is not None:
        source.passes(kind, item.line)
        return
    spans = calls_of(fields) if shape.traced else rows_of(fields) if shape.paged else None
    if spans is not None:
        if not spans:
            source.leaves_out(sums_of(fields), item.line)
        yield from streams.ended()
        yield from _of_trace(spans, source, item)
        return
    reader = reader_of(fields, shape)
    whole = shape.is_response(fields) if reader is None else None
    if whole is False and not shape.may_wrap(fields):
        if source.of_agent or (shape.typed and source.session is not None):
            source.passes(kind_of(fields), item.line)
            return
        # No reader knows it. It may be a chunk of an open stream, or of one whose API a later chunk tells.
        if streams.takes(item, fields, None):
            return
        if streams.waits:
            yield from streams.wait(item, fields)
            return
        whole = None
    elif streams.open and streams.takes(item, fields, reader, whole=True):
        return
    if reader is not None:
        yield from streams.begin(item, fields, reader, ended_under(fields, shape, reader))
        return
    yield from _of_response(streams, source, item, fields, whole=whole)


def _of_response(
    streams: OpenStreams, source: Source, item: Value, fields: Fields, *, whole: bool | None
) -> Iterator[Record | LogError]:
    """Yield the call of a response, or of a record around one; ``whole`` as of ``Record``."""
    since = (yield from streams.give_way(fields)) if streams.open else None
    try:
        record = source.record(fields, item, item.element, whole=whole)
    except ValueError as error:
        yield LogError(str(error), source.name, item.line)
        return
    if source.of_agent and not _is_known(record):
        source.passes(kind_of(fields), item.line)
        return
    if source.keeps_text:
        record.text = item.text
    record.since = since
    yield record


def _is_known(record: Record) -> bool:
    """Return whether a reader knows the response of a record, also where the response is wrong."""
    try:
        record.stated()
    except UnrecognizedResponseError:
        return False
    except (LLMCostError, ValueError):
        return True
    return True


def _of_session(form: Format, lines: Lines, fields: Fields, source: Source, item: Value) -> Iterator[Record | LogError]:
    """Yield the calls that a line of a session log states; count a line that states none."""
    try:
        found = lines.read(fields, (source.name, item.line))
        if isinstance(found, str):
            source.passes(found, item.line)
            return
        for call in found:
            yield SessionCall(call, source.name, item.line, item.element, form)
    except ValueError as error:
        yield LogError(str(error), source.name, item.line)


def _before_session(streams: OpenStreams, source: Source) -> Iterator[Record]:
    """Yield the calls before the first line of a session; lines that no reader knows are of the session."""
    untold = streams.untold()
    yield from streams.ended()
    for item, fields in untold:
        if isinstance(fields.get("type"), str):
            source.passes(str(fields["type"]), item.line)
        else:
            yield source.record(fields, item, item.element)


def _of_trace(spans: list[Fields], source: Source, item: Value) -> Iterator[Record | LogError]:
    """Yield the calls among the spans, or the rows, of one value; a span's place in it is its element."""
    for number, span in enumerate(spans):
        if shape_of(span).kinds and (kind := passed_of(span)) is not None:
            source.passes(kind, item.line)
            continue
        try:
            yield source.record(span, item, number)
        except ValueError as error:
            yield LogError(str(error), source.name, item.line)


def _joined(streams: OpenStreams, item: Value, fields: Fields) -> Iterator[Record]:
    """Join a chunk to all others; yield nothing."""
    if streams.open:
        streams.join(item, fields)
    else:
        yield from streams.begin(item, fields, None)
