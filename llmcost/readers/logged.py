"""Where a row of somebody's log states whose call it was: fields by their names, with a dot between nested ones.

A reader of such rows has a ``Logged`` beside its counters, so that all that is known of a row stands in one file.
"""

from __future__ import annotations

from typing import NamedTuple

from .dialects.reported import doubt_cost
from .fields import nested

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.usage import Usage
    from .blocks import Fields


class Logged(NamedTuple):
    """The fields of a row; of several the first that is stated counts.

    Attributes:
        id: what tells the call from all others, whenever the log is read.
        time: when it was made.
        cost: USD that the log states for it, which somebody calculated or a seller charged.
        team, user, session: on whose behalf it was made.
        tags: a list of words, or the text of one.
        kind: the field that says what a row is, with the words for calls; None if every row is a call.
        view: makes the fields in which these names stand, where they are not those of the row.
    """

    id: tuple[str, ...]
    time: tuple[str, ...] = ()
    cost: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    user: tuple[str, ...] = ()
    session: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    kind: tuple[str, frozenset[str]] | None = None
    view: Callable[[Fields], Fields] | None = None

    def passed(self, fields: Fields) -> str | None:
        """Return the word by which a row says that it is no call; None for a call."""
        if self.kind is None:
            return None
        name, words = self.kind
        kind = fields.get(name)
        return kind if isinstance(kind, str) and kind.upper() not in words else None

    def doubting(self, read: Callable[[Fields], Usage]) -> Callable[[Fields], Usage]:
        """Return a way of reading that notes the cost of a row which is no bill: the log calculated it."""

        def reading(fields: Fields) -> Usage:
            usage = read(fields)
            if usage.reported is None and usage.free is None:
                doubt_cost(usage, {name: at(fields, name) for name in self.cost}, *self.cost)
            return usage

        return reading


def first(fields: Fields, paths: tuple[str, ...]) -> object:
    """Return the value of the first of these names that is stated; None if no name is.

    >>> first({"metadata": {"team": "search"}, "team_id": ""}, ("team_id", "metadata.team"))
    'search'
    """
    for path in paths:
        value = at(fields, path)
        if value is not None and value != "":
            return value
    return None


def at(fields: Fields, path: str) -> object:
    """Return what stands under a name, in an object below another one, or in the JSON text of one; else None.

    >>> at({"metadata": '{"user.id": "ada"}'}, "metadata.user.id")
    'ada'
    """
    found = fields.get(path)
    if found is not None:
        return found
    name, dot, rest = path.partition(".")
    inner = nested(of_json(fields.get(name))) if dot else None
    return None if inner is None else at(inner, rest)


def object_at(fields: Fields, *names: str) -> Fields:
    """Return the object under the first of these names that has any; some logs keep objects as JSON text.

    >>> object_at({"usage_details": '{"input": 7}'}, "usageDetails", "usage_details")
    {'input': 7}
    """
    for name in names:
        found = nested(of_json(fields.get(name)))
        if found:
            return found
    return {}


def of_json(value: object) -> object:
    """Return what a text of JSON stands for; any other value as it is.

    >>> of_json('{"input_tokens": 7}'), of_json("chat"), of_json(7)
    ({'input_tokens': 7}, 'chat', 7)
    """
    if not isinstance(value, str) or value[:1] not in {"{", "[", '"'}:
        return value
    import json

    try:
        found: object = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found
