"""The short way of a log: objects whose keys tell that each is a whole call, as nearly all objects of a log are."""

from __future__ import annotations

from ..errors import LogError
from ..readers import stated_usage
from .chunks import ended_under, identity_of, is_whole
from .keywords import TIMES, stated_time, whole_seconds
from .record import Record, around
from .shapes import ONE_CHUNK, RECORD, RESPONSE, shape_of
from .values import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..api.costmap import CostMap
    from ..core.cost import Cost
    from .open_streams import OpenStreams
    from .shapes import Shape
    from .source import Source
    from .values import Lane

    Fields = dict[str, object]
    Sink = Callable[[Record], object]
    # Takes a response and the time that stands beside it, in whole seconds since 1970; False where it did not.
    Plainly = Callable[[Fields, int | None], bool]


class PlainSink:
    """A sink that adds calls up, and needs no record of most of them.

    Attributes:
        plainly: takes a response, and its time, where the keys tell that nothing else of the call is priced; if it
            returns False, the record of the call is taken.
        costless: whether it takes only those beside which no cost is stated.

    Args:
        take: takes the record of any other call.
    """

    __slots__ = ("costless", "plainly", "take")

    def __init__(self, take: Sink, plainly: Plainly, *, costless: bool = False) -> None:
        self.take, self.plainly, self.costless = take, plainly, costless

    def __call__(self, call: Record) -> None:
        """Take a call."""
        self.take(call)


def lane_of(source: Source, streams: OpenStreams, sink: Sink | None = None) -> Lane:
    """Return a function that takes the objects of a log: it returns the call of an object, or what is wrong with it.

    It returns False for an object whose keys do not tell what it is, or that may belong to what came before: such an
    object is read with care. It returns True for a call that the ``sink`` has taken.
    """
    plain = sink if isinstance(sink, PlainSink) else None

    def release(identity: str | None) -> bool:
        """Take the only stream if it is over before a value of this id; False where more has to be asked."""
        stream = None if plain is None else streams.only_one(identity)
        if stream is None or plain is None:
            return False
        source.taken = stream.first.line
        if not plain.plainly(stream.chunks[0], None):
            plain(stream.record(source))
        return True

    def take_chunk(fields: Fields, number: int, text: str | bytes, shape: Shape) -> bool:
        """Begin a stream with a chunk that may be all of it; False where more has to be asked."""
        reader = None if plain is None else shape.stream_of(fields)
        identity = ended_under(fields, shape, reader)
        if identity is None or (streams.open and not release(identity)):
            return False
        streams.begin(Value(number, fields, text=text), fields, reader, identity)
        return True

    def take(fields: Fields, number: int, text: str | bytes) -> Record | LogError | bool:
        shape = shape_of(fields)
        way = shape.way
        if not way or source.session is not None or (streams.open and (sink is None or streams.keeps(shape))):
            return False
        response, when = fields, None
        if way == RECORD:
            response = fields["response"]  # type: ignore[assignment]
            if type(response) is not dict:
                return False
        elif way == ONE_CHUNK:
            return take_chunk(fields, number, text, shape)
        elif way != RESPONSE and not is_whole(fields):
            return False
        if sink is not None and streams.open and not release(identity_of(fields)):
            # What was read before is over: a whole response is of no stream but a session, whose events have a type.
            for call in streams.give_way(fields):
                source.taken = call.line or 1
                sink(call)
        if plain is not None and (way != RECORD or (shape.bare and (shape.costless or not plain.costless))):
            stated = stated_time(fields, shape.times) if way == RECORD and shape.times else None
            if stated is not None:
                when = _seconds(*stated)
            if (stated is None or when is not None) and plain.plainly(response, when):
                source.taken = number
                return True
        found = alone(source, shape, fields, number, text)
        if sink is None or isinstance(found, LogError):
            return found
        source.taken = number
        sink(found)
        return True

    return take


def _seconds(name: str, value: object) -> int | None:
    """Return the time of a record in whole seconds; None where only the record can tell it."""
    if name == TIMES[0]:
        return None  # it is stronger than what the response states
    try:
        return whole_seconds(name, value)
    except ValueError:
        return None


def priced(call: Record, prices: CostMap) -> Cost:
    """Return what a call costs, as ``Record.calculate`` does; the common call is asked nothing that its keys tell.

    >>> usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    >>> call = Record.of({"object": "chat.completion", "model": "gpt-4o", "usage": usage}, "calls.jsonl", 7)
    >>> str(priced(call, call.cost_map))
    '0.0035'
    """
    if not call.bare:
        return call.calculate(cost_map=prices)
    usage = stated_usage(call.response)
    if usage.at is None and call.time is not None:
        usage.at = call.time if call.seconds is None else call.seconds
    return prices.of_usage(usage)


def alone(
    source: Source, shape: Shape, fields: Fields, line: int, text: str | bytes | None, element: int | None = None
) -> Record | LogError:
    """Return the call of an object for which ``stands_alone`` is true, or why it contradicts itself."""
    if shape.way != RECORD:
        found = Record.of(fields, source.name, line)
    else:
        try:
            found = around(fields, source.name, line, shape)
        except ValueError as error:
            return LogError(str(error), source.name, line)
    if element is not None or not source.by_line or source.keeps_text:
        source.place(found, line, text, element)
    return found
