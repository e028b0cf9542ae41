"""Whole calls: every call of a question with its Cost and its usage, one by one, however long the log is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from ..core.forms import Form
from .conditions import conditions_of
from .restoring import stored_cost, stored_usage
from .schema import calls, forms
from .stored import StoredCall, stored_calls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from sqlalchemy import Connection

    from ..core.cost import Cost
    from .conditions import Asked

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


def whole_calls(connection: Connection, question: Asked) -> Iterator[WholeCall]:
    """Yield the calls of a question in the order of their time."""
    known: dict[int, Form | None] = {0: None}
    order = (calls.c.at, calls.c.seq)
    query = select(calls).where(*conditions_of(question)).order_by(*order)
    result = connection.execute(query.execution_options(yield_per=_AT_ONCE))
    for rows in result.partitions(_AT_ONCE):
        for row, call in zip(rows, stored_calls(connection, rows), strict=True):
            if row.form not in known:
                text = connection.execute(select(forms.c.form).where(forms.c.code == row.form)).scalar_one()
                known[row.form] = Form(json.loads(text))
            form = known[row.form]
            yield WholeCall(call, stored_cost(row.usage, form, row.cost), stored_usage(row.usage, form))
