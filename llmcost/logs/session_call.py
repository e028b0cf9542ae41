"""A call that a session log of a coding agent states, with what tells it from other calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import UsageError
from ..readers import stated_usage
from .record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any, Protocol

    Fields = dict[str, object]
    Place = tuple[str, int]

    class Marked(Protocol):
        """A call that may have copies: what its mark is only its format knows."""

        mark: Any

    class Lines(Protocol):
        """The lines of one file. ``in_order``: what a line means depends on the lines before it."""

        in_order: bool

        def knows(self, fields: Fields) -> bool:
            """Return whether a line proves by itself that it is of this format."""

        def read(self, fields: Fields, place: Place) -> Sequence[Found] | str:
            """Return the calls that a line states; for one that states none, the word under which it is counted.

            Raises ValueError if the line contradicts itself.
            """

        def state(self) -> list[Any]:
            """Return what the lines so far say of those that follow, as JSON can hold it."""

        def go_on(self, state: list[Any]) -> None:
            """Go on where a reader of such a state had stopped."""

    class Calls(Protocol):
        """The calls of all files, each counted once."""

        def add(self, call: Any) -> int:
            """Take one more line of a call; return how many lines it makes superfluous."""

        def settled(self) -> tuple[list[Any], int]:
            """Return the calls, and how many more lines were superfluous."""


class Found(NamedTuple):
    """A call as a line states it, before its counters are read.

    Attributes:
        response: what a reader of usages knows.
        beside: what stands beside it: ``time``, ``id``, ``session``, ``project``, facts of the call, its recorded cost.
        mark: what tells it from its copies: a tuple of what JSON can hold, with ``name`` (its copies have it too),
            ``kin`` (another name of which there may be copies; None if there is none), ``key`` (what tells it from the
            others of its file) and ``weight`` (of the lines of one key that with the greatest counts).
        ended: whether the counters are those of its end; else they are a lower bound.
    """

    response: Fields
    beside: Fields
    mark: Any
    ended: bool = True


class Format(NamedTuple):
    """A format of session logs: how one is told, read, and found.

    Attributes:
        name: its name.
        agent: the program that writes it, as reports name it.
        keys: each of its lines has one of these.
        lines: makes the reader of one file; before a file is known, one of them is asked whether it knows a line.
        calls: makes what counts each call of all files once.
        mark: makes a mark of what JSON has kept of one.
        folders: where the program keeps its files, by the variables of the environment.
        endings: of its files in these folders.
    """

    name: str
    agent: str
    keys: frozenset[str]
    lines: Callable[[], Lines]
    calls: Callable[[], Calls]
    mark: Callable[[list[Any]], Any]
    folders: Callable[[Mapping[str, str]], list[Path]]
    endings: tuple[str, ...]


class SessionCall(Record):
    """A record of one call of a coding agent. Its value is made here, since such a log keeps the call over many lines.

    Attributes:
        format: the name of the format of the log.
        mark: what tells the call from its copies, as only its format reads it.
        order: the number of its line among all calls of session logs that were read.

    Raises:
        ValueError: a fact beside the response, or its time, is none.
    """

    def __init__(self, found: Found, source: str, line: int, element: int | None, form: Format) -> None:
        response, beside, mark, ended = found
        try:
            usage = stated_usage(response)
        except UsageError:
            usage = None  # The whole response is kept, so that pricing says what is wrong with it.
        else:
            response = {name: value for name, value in response.items() if name not in _TEXTS}
        stated = {name: value for name, value in beside.items() if value is not None and value != ""}
        super().__init__({"response": response, "agent": form.agent, **stated}, source, line, whole=False)
        self.format, self.mark, self.order = form.name, mark, 0
        if element is not None:
            self.element = element
        if usage is not None:
            self._known = usage if ended else usage.replaced(partial=True)


# What was said in a call is not kept: a log of months has gigabytes of it.
_TEXTS = frozenset({"content"})


def text_of(fields: Fields, name: str) -> str | None:
    """Return a text of a line; None if it is absent, empty or anything else."""
    value = fields.get(name)
    return value if isinstance(value, str) and value else None


def inner(fields: Fields, *names: str) -> Fields:
    """Return the object under a path of names; an empty one if there is none."""
    for name in names:
        value = fields.get(name)
        if not isinstance(value, dict):
            return {}
        fields = value
    return fields


def count_of(fields: Fields, name: str, path: str) -> int:
    """Return a count of tokens; 0 if it is absent. Raises ValueError for what is none."""
    value = fields.get(name) or 0
    if type(value) is not int or value < 0:
        raise ValueError(f"{path}.{name}={value!r} is no count of tokens: a whole number >= 0")
    return value
