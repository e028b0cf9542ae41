"""Whose call a record is: its id, its team, its user and its session, as the log states them."""

from __future__ import annotations

from typing import NamedTuple

from ..readers.logged import first, of_json
from .chunks import IDS_OF_RESPONSES
from .session_call import SessionCall
from .shapes import shape_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .record import Record

    Fields = dict[str, object]

# What tells a call from others in a record of one's own; the first that is stated counts. One request of a user may
# make several calls.
_IDS, _REQUEST = ("id", "call_id"), "request_id"
# Servers and tables number from 1, and from time to time anew: a short id is no proof of being the only one.
_SHORTEST = 16


class Whose(NamedTuple):
    """On whose behalf a call was made.

    Attributes:
        id: what the log calls this call and no other; None if it has no such name.
        team, user, session: as they are stated; None for what is not.
        tags: words, in their order.
    """

    id: str | None = None
    team: str | None = None
    user: str | None = None
    session: str | None = None
    tags: tuple[str, ...] = ()


NAMES = ("team", "user", "session")


def whose(call: Record) -> Whose:
    """Return whose call a record is.

    >>> from llmcost.logs.record import Record
    >>> whose(Record({"response": {"usage": {}}, "team": "search", "user": 7}))
    Whose(id=None, team='search', user='7', session=None, tags=())
    """
    value, response = call.value, call.response
    if isinstance(value, list):
        return _of_answer(value)
    if not isinstance(value, dict):
        return Whose()
    if response is value:
        return _of_row(value)
    found = _of_answer(response)
    own = call.own
    known_as = call.identity if isinstance(call, SessionCall) else _of_own(own, call.time, found.id)
    team, user, session = (_text(own.get(name)) or getattr(found, name) for name in NAMES)
    tags = _tags(own.get("tags") or call.facts.get("tags")) or found.tags
    return Whose(known_as, team, user, session, tags)


def _of_answer(response: object) -> Whose:
    """Return whose call a response is, or the chunks of one."""
    if isinstance(response, list):
        return Whose(_of_response(next((chunk for chunk in response if isinstance(chunk, dict)), {})))
    return _of_row(response) if isinstance(response, dict) else Whose()


def _of_own(own: Mapping[str, object], time: object, response: str | None) -> str | None:
    """Return the id of somebody's own record, with what else tells its call where the id may be that of several."""
    stated = _text(first(own, _IDS))
    if stated is not None and len(stated) >= _SHORTEST:
        return stated
    named = stated or _text(own.get(_REQUEST))
    if named is None:
        return response
    beside = response if time is None else str(time)
    return None if beside is None else f"{named} {beside}"


def _of_row(fields: Fields) -> Whose:
    """Return whose call a row of a known log is; of any other response only its id is known."""
    row = shape_of(fields).logged(fields)
    if row is None:
        return Whose(_of_response(fields))
    seen = fields if row.view is None else row.view(fields)
    known_as, team, user, session = (_text(first(seen, getattr(row, name))) for name in ("id", *NAMES))
    return Whose(known_as, team, user, session, _tags(first(seen, row.tags)))


def _of_response(fields: Fields) -> str | None:
    """Return the id that an API gave to its response, where it is long enough to be given once."""
    named = next((value for name in IDS_OF_RESPONSES if isinstance(value := fields.get(name), str)), None)
    return named if named is not None and len(named) >= _SHORTEST else None


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value or None
    return str(value) if type(value) is int else None


def _tags(value: object) -> tuple[str, ...]:
    value = of_json(value)
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(word for word in value if isinstance(word, str)) if isinstance(value, (list, tuple)) else ()
