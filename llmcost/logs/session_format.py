"""What a line of a session log states, and what reads the lines of a format: a module with these three names.

``Lines`` reads one file, ``Calls`` counts each call of all files once, and ``Mark.of`` makes a mark of what JSON has
kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    Fields = dict[str, object]
    Place = tuple[str, int]

    class Marked(Protocol):
        """A call that may have copies: what its mark is only its format knows.

        ``mark.told`` is what tells it from others of the same id, where the format knows of such.
        """

        mark: Any

    class Lines(Protocol):
        """The lines of one file. ``in_order``: what a line means depends on the lines before it."""

        in_order: bool

        def knows(self, fields: Fields) -> bool:
            """Return whether a line proves by itself that it is of this format."""

        def read(self, fields: Fields, place: Place) -> Sequence[Found] | str:
            """Return the calls of a line; for a line without calls, the word under which it is counted.

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


class Alone:
    """The lines of a file, each of which means the same wherever it stands."""

    in_order = False

    def state(self) -> list[Any]:
        """Return nothing: no line says anything of those that follow."""
        return []

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""


def text_of(fields: Fields, name: str) -> str | None:
    """Return a text of a line; None if it is absent, empty or anything else."""
    value = fields.get(name)
    return value if isinstance(value, str) and value else None


def kind_of(fields: Fields) -> str:
    """Return the word under which a line is counted that is no call: its type."""
    return text_of(fields, "type") or "line without a type"


def inner(fields: Fields, *names: str) -> Fields:
    """Return the object under a path of names; an empty one if there is none."""
    for name in names:
        value = fields.get(name)
        if not isinstance(value, dict):
            return {}
        fields = value
    return fields


def count_of(fields: Fields, name: str, path: str) -> int:
    """Return a count of tokens; 0 if it is absent. Raises ValueError for anything else."""
    value = fields.get(name) or 0
    if type(value) is not int or value < 0:
        raise ValueError(f"{path}.{name}={value!r} is no count of tokens: a whole number >= 0")
    return value
