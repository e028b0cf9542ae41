"""Conditions: which calls a question is about, and at which prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from ..errors import ArgumentError, shown
from .axes import COLUMNS, FILTERS, NONE, STATUS_CODES, TAG
from .names import code_of
from .schema import call_tags, calls, repricings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection

RECORDED = "recorded"


class Scope(NamedTuple):
    """Which calls a question is about, and at which prices.

    Attributes:
        since, until: microseconds; the first is of the span, the second is behind it. None for no bound.
        where: axis -> the codes of the values that count.
        statuses: the codes of the statuses that count, or None for all.
        repricing: the version of the prices; None for what was recorded.
        prices: in words, which these are.
    """

    since: int | None
    until: int | None
    where: dict[str, list[int]]
    statuses: list[int] | None
    repricing: int | None = None
    prices: str = RECORDED


def scope(
    connection: Connection,
    since: int | None,
    until: int | None,
    where: Mapping[str, object] | None,
    repricing: int | None = None,
) -> Scope:
    """Return which calls are meant, with the names of ``where`` as codes.

    Raises:
        ArgumentError: ``where`` names neither an axis nor ``status``, names a status that does not exist, or has a
            value that is no text, no list of texts and not None.
    """
    if where is not None and not hasattr(type(where), "items"):
        raise ArgumentError(f"where={shown(where)}: it has to be a mapping of axes to names")
    found: dict[str, list[int]] = {}
    statuses: list[int] | None = None
    for axis, value in (where or {}).items():
        if axis not in FILTERS:
            raise ArgumentError(f"where={{{shown(axis)}: ...}}: it names one of {', '.join(FILTERS)}")
        values = _values(axis, value)
        if axis == "status":
            unknown = [one for one in values if one not in STATUS_CODES]
            if unknown:
                raise ArgumentError(
                    f"where={{'status': {shown(unknown[0])}}}: the statuses are {', '.join(STATUS_CODES)}"
                )
            statuses = [STATUS_CODES[one] for one in values if one is not None]
            continue
        codes = [NONE if one is None else code_of(connection, axis, one) for one in values]
        # A name without calls is not stored: it stands for a code without calls.
        found[axis] = [-1 if code is None else code for code in codes]
    return Scope(since, until, found, statuses, repricing, _prices(connection, repricing))


def _repricings(last: int) -> str:
    if last == 0:
        return "is none yet; reprice(dry_run=False) keeps one"
    return f"are {last} of them, numbered from 1"


def _prices(connection: Connection, repricing: int | None) -> str:
    if repricing is None:
        return RECORDED
    found = connection.execute(select(repricings.c.map).where(repricings.c.version == repricing)).scalar()
    if found is None:
        last = connection.execute(select(func.coalesce(func.max(repricings.c.version), 0))).scalar_one()
        raise ArgumentError(f"repricing={shown(repricing)}: there {_repricings(last)}")
    return f"repricing {repricing}, prices as of {found or 'no known day'}"


def _values(axis: str, given: object) -> list[str | None]:
    found: list[str | None] = []
    for value in given if isinstance(given, (list, tuple, set, frozenset)) else (given,):
        if value is not None and not isinstance(value, str):
            raise ArgumentError(f"where={{{shown(axis)}: {shown(value)}}}: a value is a text, a list of texts, or None")
        found.append(value)
    return found


def conditions_of(question: Scope) -> list[ColumnElement[bool]]:
    """Return the conditions that a question makes on calls."""
    conditions: list[ColumnElement[bool]] = []
    if question.since is not None:
        conditions.append(calls.c.at >= question.since)
    if question.until is not None:
        conditions.append(calls.c.at < question.until)
    for axis, codes in question.where.items():
        if axis == TAG:
            tag_rows = call_tags.alias()
            tagged = tag_rows.c.seq == calls.c.seq
            stated = select(tag_rows.c.seq).where(tagged, tag_rows.c.tag.in_(codes)).exists()
            untagged = ~select(tag_rows.c.seq).where(tagged).exists()
            conditions.append(stated | untagged if NONE in codes else stated)
        else:
            conditions.append(calls.c[COLUMNS[axis]].in_(codes))
            if axis == "session" and NONE not in codes:
                # As the index on sessions says it.
                conditions.append(calls.c.session != NONE)
    if question.statuses is not None:
        conditions.append(calls.c.status.in_(question.statuses))
    return conditions
