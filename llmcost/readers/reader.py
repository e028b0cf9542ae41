"""What a reader is: one response shape, the names of its counters, and how they become a usage.

A reader states as data which names it reads and which it ignores, and why. Whatever else holds a number above 0 is
put into ``usage.unread``, by the class and not by the reader: no reader can forget it.
"""

from __future__ import annotations

from ..core.late import Late
from ..core.notes import Note
from ..errors import InconsistentUsageError, MissingUsageError
from .blocks import Block, places_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..core.usage import Usage
    from . import chunk_reader, looking
    from .chunk_reader import ChunkReader
    from .logged import Logged

    Fields = Mapping[str, object]
    Read = Callable[[Fields], Usage]
    Tells = tuple[str | tuple[str, ...], ...]
else:
    # A common response is no stream, and every name in it is known.
    chunk_reader = Late("llmcost.readers.chunk_reader")
    looking = Late("llmcost.readers.looking")


# Chunks at the beginning of a stream that name what it is: its model, its id, its tier.
FIRST = 4


__all__ = ["Block", "Reader", "doubt_zeros", "missing", "of_total", "refuse_total_alone", "refuse_zeros"]


class Names(str):
    """A text before an object of counters, for ``Reader.tells``: the last chunk with the same names in it says all.

    Two chunks have the same names where their objects differ in digits alone.
    """

    __slots__ = ()


class Reader:
    """One response shape: how it is recognised, and how its counters become a usage.

    Attributes:
        name: what error messages call it.
        recognises: whether a response, as a mapping, has this shape.
        read: the usage of a response of this shape, with ``unread`` for the names that are in no block.
        blocks: where the counters of a response stand, each with the names that it may hold: ``{"usage": BLOCK}``, or
            ``{"result.usage": BLOCK}`` for a nested one, or ``{"": BLOCK}`` where they stand at the top if no other
            place has any. A reader that has none, since it hands what it finds to another or counts nothing, says in
            words why.
        objects: values of the ``object`` field that settle it at once.
        types: values of the ``type`` field. Of a response with one of them this reader is asked first.
        chunk: whether a mapping is a chunk or event of a stream of this shape.
        stream: makes what takes the chunks of such a stream.
        tells: texts. Every chunk that can change the usage has one of them in its JSON; the first chunks of a stream
            (``FIRST``) and its last one may change it without. Empty where any chunk can. Several spellings in a tuple
            mark what every later chunk states anew: of the chunks with one of them, the last says all. ``Names`` mark
            what a later chunk with the same names states anew.
        events: where the counters of a chunk stand, as ``blocks`` says it of a response; if it is not given, the same
            but for the top.
        rank: among the discovered readers, the lower is asked first.
        places: ``blocks`` as pairs: the keys that lead to a block, and the block.
        whole: the name of the prompt's counter. Names of another API beside it are read if theirs are the counts.
        parts: the names of the details of the prompt and of the answer, if the API has such details. A name of another
            API whose words mean a part is then read as that part.
        logged: where a row of a log states whose call it was; None for a response.
        looks: whether ``read`` looks for unknown names itself: that of the common call does, since it goes through
            all names anyway.
        quick: reads the common response, of which it knows every name; None for any other.
    """

    __slots__ = (
        "blocks",
        "chunk",
        "events",
        "logged",
        "name",
        "objects",
        "parts",
        "places",
        "rank",
        "read",
        "recognises",
        "stream",
        "tells",
        "types",
        "whole",
    )

    def __init__(
        self,
        name: str,
        recognises: Callable[[Fields], bool],
        read: Callable[[Fields], Usage],
        blocks: Mapping[str, Block] | str,
        *,
        objects: tuple[str, ...] = (),
        types: tuple[str, ...] = (),
        chunk: Callable[[Fields], bool] = lambda _: False,
        stream: Callable[[], ChunkReader] | None = None,
        events: Mapping[str, Block] | None = None,
        rank: int = 50,
        whole: str | None = None,
        parts: tuple[str, str] | None = None,
        looks: bool = False,
        quick: Callable[[Fields], Usage | None] | None = None,
        tells: Tells = (),
        logged: Logged | None = None,
    ) -> None:
        self.name, self.recognises, self.blocks, self.logged = name, recognises, blocks, logged
        self.objects, self.types, self.chunk, self.rank, self.tells = objects, types, chunk, rank, tells
        self.places = places_of(blocks)
        self.events = places_of(events) if events is not None else tuple([place for place in self.places if place[0]])
        self.whole, self.parts = whole, parts
        self.read = read if looks or not self.places else _reading(self, read, quick)
        if logged is not None:
            self.read = logged.doubting(self.read)
        self.stream = stream if stream is None or not self.events else _streaming(self, stream)

    def under_own_names(self, fields: Fields) -> Fields:
        """Return a response whose counters have the names of this API, where some have those of another one."""
        if self.whole is None:
            return fields
        from .other_names import of_one_set, renamed
        from .unknown import stated_fields

        holder, counters = stated_fields(fields), stated_fields(fields.get("usage"))
        if holder is None or counters is None:
            return fields
        same = of_one_set(counters, self.whole)
        if self.parts is not None:
            block = next(block for keys, block in self.places if keys == ("usage",))
            same = renamed(block, same, self.parts)
        return fields if same == counters else {**holder, "usage": same}

    @staticmethod
    def by_cost(fields: Fields, error: InconsistentUsageError) -> Usage:
        """Return the stated cost of a response that contradicts itself, or what it may mean; else raise the error."""
        from .stated_cost import with_cost
        from .unknown import stated_fields

        return with_cost(fields, stated_fields(fields.get("usage")) or {}, error)

    def looked_through(self, fields: Fields, usage: Usage) -> Usage:
        """Return the usage with the names that no block knows."""
        unread = looking.look(fields, self.places)
        if unread:
            from ..core.unread import add_unread

            add_unread(usage, unread)
        return usage


def _reading(reader: Reader, read: Read, quick: Callable[[Fields], Usage | None] | None) -> Read:
    """Return a way of reading that states what the blocks do not know, and loses no cost that is stated."""
    places = reader.places
    near = tuple([(keys[0], block) for keys, block in places if len(keys) == 1])
    all_near = len(near) == len(places)

    def reading(fields: Fields) -> Usage:
        if quick is not None and (usage_at_once := quick(fields)) is not None:
            return usage_at_once
        documented = all_near
        for key, block in near if documented else ():
            counters = fields.get(key)
            if counters and not block.knows(counters):
                documented = False
                break
        if not documented:
            fields = reader.under_own_names(fields)
        try:
            usage = read(fields)
        except InconsistentUsageError as error:
            usage = reader.by_cost(fields, error)
        # In most responses all names are known.
        return usage if documented else reader.looked_through(fields, usage)

    return reading


def _streaming(reader: Reader, stream: Callable[[], ChunkReader]) -> Callable[[], ChunkReader]:
    """Return a way of taking chunks that states what the blocks do not know: in any chunk, the last value of it."""
    return lambda: chunk_reader.Chunks(stream(), reader.events, again=reader.whole is not None)


def missing(what: str, hint: str = "") -> MissingUsageError:
    """Return the error for a known shape without its counters."""
    return MissingUsageError(f"{what} states no usage, and a missing usage is not zero.{' ' + hint if hint else ''}")


def refuse_total_alone(name: str, total: int, parts: int) -> tuple[Note, ...]:
    """Refuse a total whose parts are all 0: which of the tokens are of the prompt, and which of the answer, is missing.

    Return a note on a total that is not the sum of its parts.

    Raises MissingUsageError.
    """
    if total and not parts:
        raise MissingUsageError(
            f"{name}={total} stands alone, its parts are 0 or not stated: pass usage= with the tokens of each side"
        )
    return (of_total(name, total, parts),) if total and total != parts else ()


def of_total(name: str, total: int, parts: int, names: str = "its parts") -> Note:
    """Return the note on a total that is not the sum of its parts; one above it says that something is not stated.

    >>> of_total("totalTokens", 12, 10).code, of_total("totalTokens", 8, 10).code
    ('total_above', 'total_differs')
    """
    said = f"{name}={total} is not the sum of {names}, {parts}"
    if total > parts:
        return Note("total_above", f"{said}: {total - parts} tokens are stated nowhere else", name)
    return Note("total_differs", said, name)


def refuse_zeros(usage: Usage, what: str, hint: str = "") -> None:
    """Refuse counters that are all 0 beside an answer: an answer has tokens, so that the counters are missing.

    Raises MissingUsageError.
    """
    if not (usage.quantities or usage.alternatives or usage.parts or usage.duration):
        raise MissingUsageError(
            f"{what} holds an answer, and its counters are all 0: they are missing. {hint}".rstrip()
        )


def doubt_zeros(
    usage: Usage, what: str, names: tuple[str, str], *, answered: Callable[[bool], bool], hint: str = ""
) -> None:
    """Doubt a side of a call that is counted as 0 although there is an answer: a prompt and an answer have tokens.

    ``names`` are those of the two sides. ``answered`` says whether there is an answer; it is told whether anything is
    counted. Where one side is counted, the cost is a lower bound, and the other one is named.

    Raises MissingUsageError for an answer beside counters that are all 0.
    """
    if usage.context and "output" in usage.quantities:
        return
    if usage.free or usage.parts or usage.alternatives or usage.duration:
        return
    prompt, answer = usage.input_tokens, usage.output_tokens
    counted = bool(usage.quantities)
    if not counted:
        if answered(counted):
            refuse_zeros(usage, what, hint)
    elif not (prompt and answer) and (answer or answered(counted)):
        name = names[0] if answer else names[1]
        said = f"{name}=0 stands beside an answer: it was not counted, so that the cost is a lower bound"
        usage.notes = (*usage.notes, Note("not_counted", said, name))
