"""Whole calls: every call of a question with its Cost and its usage, one by one, however long the log is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from .conditions import conditions_of
from .restoring import StoredForms, restored
from .schema import calls
from .stored import StoredCall, stored_calls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sqlalchemy import Connection

    from ..core.cost import Cost
    from .conditions import Scope

_AT_ONCE = 2000


class WholeCall(NamedTuple):
    """A call of the log, with all that was kept of it.

    Attributes:
        call: who made it, when, and what became of it.
        cost: with every line of its bill; None if none was known.
        usage: what its usage states, as ``Usage.to_dict`` writes it; None if it was not stated.
    """

    call: StoredCall
    cost: Cost | None
    usage: dict[str, Any] | None


def whole_calls(connection: Connection, question: Scope) -> Iterator[WholeCall]:
    """Yield the calls of a question in the order of their time."""
    stored_forms = StoredForms(connection)
    order = (calls.c.at, calls.c.seq)
    query = select(calls).where(*conditions_of(question)).order_by(*order)
    result = connection.execute(query.execution_options(yield_per=_AT_ONCE))
    for rows in result.partitions(_AT_ONCE):
        for row, call in zip(rows, stored_calls(connection, rows), strict=True):
            yield WholeCall(call, *restored(row.usage, stored_forms.of(row.form), row.cost))
