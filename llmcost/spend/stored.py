"""Stored calls: single calls of the log, read back as it holds them."""

from __future__ import annotations

import json
from operator import index
from typing import TYPE_CHECKING

from sqlalchemy import select

from ..core.exact import plain
from ..core.forms import Form
from ..errors import ArgumentError, SpendLogError, printable, shown
from .axes import STATUS_WORDS
from .conditions import conditions_of
from .instants import moment_of
from .money import decimal, usd_of_row
from .names import storable, texts_of
from .restoring import FormCosts, restored
from .schema import calls, forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from decimal import Decimal
    from typing import Any

    from sqlalchemy import Connection, Row, Select

    from ..core.cost import Cost
    from .conditions import Scope

_NAMED = ("model", "provider", "deployment", "team", "user_name", "session")
_READ = (
    *("seq", "id", "at", "status", *_NAMED, "tags", "input", "output", "nano", "atto", "rest"),
    *("latency_us", "ttft_us", "error", "attempt", "lines", "metadata"),
)
# Calls that are read at once.
_AT_ONCE = 1000
_QUERY = select(*(calls.c[name] for name in _READ))


class StoredCall:
    """A call as the log holds it.

    Attributes:
        seq: its number in the log; later ones are higher.
        id: its id, or a hash that stands for one.
        at: when it was made (UTC).
        status: one word of ``llmcost.core.statuses``.
        model, provider, deployment, team, user, session: None for what is not stated.
        tags: in the order in which they were stated.
        input, output: tokens.
        cost: USD, exact; 40 digits where no finite decimal exists.
        latency_us, ttft_us: whole microseconds to the last and to the first byte, or None.
        error: the class of what went wrong, or None.
        attempt: which attempt it was, or None.
        lines: of its bill, as ``(meter, quantity, USD)``; the last is exact text.
        metadata: what was stated with it, or None.
    """

    __slots__ = (
        *("_lines", "_ratio", "at", "attempt", "cost", "deployment", "error", "id", "input", "latency_us"),
        *("metadata", "model", "output", "provider", "seq", "session", "status", "tags", "team", "ttft_us", "user"),
    )

    def __init__(self, row: Row[Any], texts: dict[int, str]) -> None:
        self.seq: int = row.seq
        self.id: str = row.id
        self.at: datetime = moment_of(row.at)
        self.status = STATUS_WORDS[row.status]
        names = (texts.get(getattr(row, name)) for name in _NAMED)
        self.model, self.provider, self.deployment, self.team, self.user, self.session = names
        self.tags = tuple(texts[code] for code in _codes(row.tags) if code in texts)
        self.input: int = row.input
        self.output: int = row.output
        self._ratio = usd_of_row(row).as_integer_ratio()
        self.cost: Decimal = decimal(*self._ratio)
        self.latency_us: int | None = row.latency_us
        self.ttft_us: int | None = row.ttft_us
        self.error: str | None = row.error
        self.attempt: int | None = row.attempt
        self._lines: str = row.lines or "[]"
        self.metadata = None if row.metadata is None else json.loads(row.metadata)

    @property
    def lines(self) -> tuple[tuple[str, Any, str], ...]:
        """The lines of its bill."""
        return tuple((str(meter), quantity, str(usd)) for meter, quantity, usd in json.loads(self._lines))

    def as_integer_ratio(self) -> tuple[int, int]:
        """Return the cost in USD as an exact fraction."""
        return self._ratio

    def to_dict(self) -> dict[str, object]:
        """Return a JSON-safe dict; money is decimal text."""
        names = ("seq", "id", "at", "status", "model", "provider", "deployment", "team", "user", "session", "tags")
        found = {name: getattr(self, name) for name in names}
        found.update(at=self.at.isoformat(), tags=list(self.tags), input=self.input, output=self.output)
        found["cost"] = plain(self.cost, 0)
        found.update({name: getattr(self, name) for name in ("latency_us", "ttft_us", "error", "attempt", "metadata")})
        found["lines"] = [{"meter": meter, "quantity": number, "amount": usd} for meter, number, usd in self.lines]
        return found

    def __repr__(self) -> str:
        return printable(f"<StoredCall {self.id}: {self.model}, {self.status}, ${plain(self.cost)}>")


def _codes(tags: str | None) -> list[int]:
    return [] if tags is None else json.loads(tags)


def stored_calls(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[StoredCall]:
    """Yield the calls of rows of the table, with their names."""
    codes = {getattr(row, name) for row in rows for name in _NAMED}
    codes.update(code for row in rows for code in _codes(row.tags))
    texts = texts_of(connection, codes)
    for row in rows:
        yield StoredCall(row, texts)


def _first(connection: Connection, query: Select[Any], most: int) -> list[StoredCall]:
    """Return the first calls of a query.

    Raises ArgumentError for a number below 0, which databases read as no limit, or refuse.
    """
    if index(most) < 0:
        raise ArgumentError(f"most={shown(most)}: it is a number of calls, 0 or more")
    return list(stored_calls(connection, connection.execute(query.limit(index(most))).all()))


def last_calls(connection: Connection, question: Scope, most: int) -> list[StoredCall]:
    """Return the last calls of a question, the latest first."""
    query = _QUERY.where(*conditions_of(question)).order_by(calls.c.at.desc(), calls.c.seq.desc())
    return _first(connection, query, most)


def next_calls(connection: Connection, question: Scope, after: int, most: int) -> list[StoredCall]:
    """Return the calls that were stored after one, by its ``seq``, in the order in which they were stored."""
    query = _QUERY.where(calls.c.seq > after, *conditions_of(question)).order_by(calls.c.seq)
    return _first(connection, query, most)


def one_call(connection: Connection, id: str) -> StoredCall:
    """Return the call with an id.

    Raises SpendLogError if there is none.
    """
    row = connection.execute(_QUERY.where(calls.c.id == storable(id))).first()
    if row is None:
        raise SpendLogError(
            f"no stored call has the id {shown(id)}; calls that still wait are stored by `llmcost spend drain`"
        )
    return next(stored_calls(connection, [row]))


def cost_of_call(connection: Connection, id: str) -> Cost | None:
    """Return what the call with an id costs, restored from what was kept of it; None if nothing was known of it.

    Raises SpendLogError if there is no such call.
    """
    query = select(calls.c.usage, calls.c.cost, forms.c.form).outerjoin(forms, forms.c.code == calls.c.form)
    row = connection.execute(query.where(calls.c.id == storable(id))).first()
    if row is None:
        one_call(connection, id)
        return None
    return restored(row.usage, None if row.form is None else FormCosts(Form(json.loads(row.form))), row.cost)[0]


def known_calls(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return which of these ids the log has, each with the tokens of the answer and of the prompt of its call."""
    names = {storable(name): name for name in ids}
    query = select(calls.c.id, calls.c.input, calls.c.output).where(calls.c.id.in_(list(names)))
    return {names[row.id]: (row.output, row.input) for row in connection.execute(query)}


def each_call(connection: Connection, question: Scope) -> Iterator[StoredCall]:
    """Yield all calls of a question, in the order in which they were stored, without holding them."""
    after = 0
    while found := next_calls(connection, question, after, _AT_ONCE):
        yield from found
        after = found[-1].seq
