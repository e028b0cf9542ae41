"""What the keys of an object tell about it: worked out once for all rows with the same keys.

A log has millions of rows and a few sets of keys. Whether a row is a response, a chunk of a stream or a record around
a response is asked of every reader, and nearly all of them answer by the keys and the words under ``object`` and
``type``: those are asked once. The others look at another value, and are asked of each row, so that the answer is the
same as without this memory.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..core.usage import Usage
from ..readers import gemini
from ..readers.known import COMMON, discovered
from ..readers.span import may_be_span
from .keywords import COSTS, KEYWORDS, TIMES
from .session_formats import may_be_of_session, proving

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TypeVar

    from ..readers.logged import Logged
    from ..readers.reader import Reader

    Fields = dict[str, object]
    Question = Callable[[Any], bool]
    Asked = TypeVar("Asked")

# In a log whose keys are ids each row has other keys: wide rows are not remembered, and only so many shapes are.
_MOST_SHAPES, _MOST_KEYS, _LONGEST_KEY = 1024, 64, 100
# The keys whose words are of the shape.
_WORDS = ("object", "type")
# Values of the field ``object`` that only whole responses have.
OBJECTS = frozenset(name for reader in COMMON for name in reader.objects)
# Types whose values are not read as responses: a text is the answer of a model.
SCALARS = (str, bytes, int, float)
# What the keys of an object tell: it is a whole response; a whole response or a chunk; a record around a response, if
# it holds one; or a chunk of Gemini's that may be all of its stream.
RESPONSE, RESPONSE_OR_CHUNK, RECORD, ONE_CHUNK = 1, 2, 3, 4
# The fields by which a chunk can be told from those of other streams, and as the last of its own.
_TOLD_APART = frozenset({"candidates", "responseId", "usageMetadata"})
# What may stand beside the rows of a page.
_AROUND_ROWS = frozenset({"data", "meta", "error", "pagination", "total", "page", "limit", "count", "cursor", "next"})


class Shape:
    """What one set of keys tells.

    Attributes:
        streams: the readers of whose streams an object of these keys may be a chunk, in the order they are asked.
        whole: whether such an object may be a whole response of an API whose chunks have another shape.
        traced: whether it may be a span of a trace, or hold spans.
        typed: whether it names its type.
        session: whether it has the keys of a line of a session log.
        paged: whether it may be a page of rows, as an API of a log returns them.
        kinds: whether it may be a row that says that it is no call.
        way: ``RESPONSE``, ``RESPONSE_OR_CHUNK``, ``RECORD`` or ``ONE_CHUNK``, where every such object is one and no
            line of a session log, row of another log, span or page; 0 for any other, which is read with care.
        facts, times: which of its keys are ours.
        bare: whether a record of these keys states nothing that is priced beside a response and its time.
        costless: whether it states no cost either.
    """

    __slots__ = (
        "_known",
        "_logged",
        "_recognises",
        "bare",
        "costless",
        "facts",
        "kinds",
        "paged",
        "session",
        "streams",
        "times",
        "traced",
        "typed",
        "way",
        "whole",
    )

    def __init__(self, keys: tuple[str, ...], words: dict[str, str]) -> None:
        self._known = known = _Keys(keys, words)
        self.typed = "type" in known
        self.session = may_be_of_session(known)
        self.facts = tuple(name for name in KEYWORDS if name in known)
        self.times = tuple(name for name in TIMES if name in known)
        self.bare = not self.facts and "usage" not in known
        self.costless = not any(name in known for name in COSTS)

    def ask(self) -> None:
        """Ask every reader."""
        known = self._known
        readers = (*COMMON, *discovered())
        self.streams = _undecided([(reader, reader.chunk) for reader in readers if reader.stream is not None], known)
        self._recognises = _undecided([(reader, reader.recognises) for reader in readers], known)
        logged = _undecided([(reader, reader.recognises) for reader in readers if reader.logged is not None], known)
        self._logged = logged
        self.kinds = any(reader.logged is not None and reader.logged.kind is not None for reader in logged)
        self.paged = "data" in known and _AROUND_ROWS.issuperset(known)
        self.traced = may_be_span(tuple(known))
        self.whole = "object" in known or "choices" in known
        self.way = 0 if self.traced or self.paged or logged or _of_session(known) else self._way(known)

    def _way(self, known: _Keys) -> int:
        if any(_says(reader, known) for reader in COMMON):
            if not self.streams or self.whole:
                return RESPONSE if not self.streams else RESPONSE_OR_CHUNK
            plain = _TOLD_APART.issubset(known) and gemini.RESPONSE.keys() >= known.keys()
            return ONE_CHUNK if plain and self.streams[0] is gemini.READER else 0
        known_to_none = not self.streams and not self._recognises and "object" not in known
        return RECORD if known_to_none and "response" in known else 0

    def stream_of(self, fields: Fields) -> Reader | None:
        """Return the reader whose stream the object is a chunk of; None if there is none."""
        for reader in self.streams:
            if reader.chunk(fields):
                return reader
        return None

    def logged(self, fields: Fields) -> Logged | None:
        """Return where a row of a known log states whose call it was; None for anything else."""
        for reader in self._logged:
            if reader.recognises(fields):
                return reader.logged
        return None

    def is_response(self, fields: Fields) -> bool:
        """Return whether a reader knows the object, so that it is a response itself."""
        kind = fields.get("object")
        if isinstance(kind, str) and kind in OBJECTS:
            return True
        return bool(self._recognises) and any(reader.recognises(fields) for reader in self._recognises)

    def is_wrapped(self, fields: Fields) -> bool:
        """Return whether the object is a record around a response, or around the counters of one."""
        return not self.is_response(fields) and self.may_wrap(fields)

    def may_wrap(self, fields: Fields) -> bool:
        """Return whether an object that is no response itself is a record around one."""
        response = fields.get("response")
        return (
            (response is not None and not isinstance(response, SCALARS))
            or isinstance(fields.get("usage"), (dict, Usage))
            or isinstance(fields.get("model"), str)
        )


class _Unasked(Shape):
    """A shape about which no reader was asked yet: that is done where it matters what an object is.

    A call of a session log is known to be one. Once asked it is a plain shape, whose attributes are found faster.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name not in Shape.__slots__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        self.ask()
        self.__class__ = Shape  # type: ignore[assignment]
        return getattr(self, name)


def shape_of(fields: Fields) -> Shape:
    """Return the shape of an object, remembered from the last one with the same keys in the same order."""
    keys = tuple(fields)
    kind, word = fields.get("object"), fields.get("type")
    try:
        return _known[keys, kind, word]
    except (KeyError, TypeError):
        words = {
            name: value
            for name, value in zip(_WORDS, (kind, word), strict=True)
            if isinstance(value, str) and len(value) <= _LONGEST_KEY
        }
    # A word that is no text is asked for in each row.
    key = (keys, words.get("object"), words.get("type"))
    found = _known.get(key)
    if found is None:
        found = _Unasked(keys, words)
        if len(keys) <= _MOST_KEYS and all(len(str(key)) <= _LONGEST_KEY for key in keys):
            if len(_known) >= _MOST_SHAPES:
                _known.clear()
            _known[key] = found
    return found


_known: dict[tuple[tuple[str, ...], object, object], Shape] = {}


def _says(reader: Reader, known: _Keys) -> bool:
    """Return whether a reader recognises all objects of a shape."""
    try:
        return reader.recognises(known)
    except _ValueNeeded:
        return False


def _of_session(known: _Keys) -> bool:
    """Return whether an object of a shape may prove that it is a line of a session log."""
    return may_be_of_session(known) and bool(_undecided([(lines, lines.knows) for _, lines in proving()], known))


def _undecided(questions: list[tuple[Asked, Question]], keys: _Keys) -> tuple[Asked, ...]:
    """Return those whose answer depends on a value, up to the first that says yes by the keys alone."""
    found = []
    for reader, question in questions:
        try:
            answer = question(keys)
        except _ValueNeeded:
            found.append(reader)
            continue
        if answer:
            found.append(reader)
            break
    return tuple(found)


class _ValueNeeded(Exception):  # noqa: N818 - a signal between two functions of this file
    """A question cannot be answered by the keys alone."""


class _Keys(Mapping[str, object]):
    """The fields of an object by its keys alone, with a few words."""

    def __init__(self, keys: tuple[str, ...], words: Mapping[str, str]) -> None:
        self._keys, self._words = dict.fromkeys(keys), words

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, key: str) -> object:
        if key in self._words:
            return self._words[key]
        if key in self._keys:
            raise _ValueNeeded
        raise KeyError(key)
