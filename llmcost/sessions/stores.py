"""What a database of messages has got since the last time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from ..errors import printable
from ..logs.message_rows import Passage, messages_of
from ..logs.session_formats import FORMATS
from .reading import Batch

if TYPE_CHECKING:
    from .progress import State


class Rows(NamedTuple):
    """What rows state: the bytes that were read, whether that is all, and whether nothing of before stands."""

    batch: Batch
    size: int
    whole: bool
    anew: bool


def read_rows(state: State, most: int) -> Rows:
    """Return what the rows state that are new or were written again; the state goes on behind them.

    Raises OSError if the database cannot be read.
    """
    batch, form = Batch(), next(form for form in FORMATS if form.stores([state.path]))
    lines, size = form.lines(), 0
    with messages_of(state.path) as messages:
        kept = json.loads(state.state) if state.offset and not state.problems else []
        passages = {name: Passage(*passage) for name, *passage in kept}
        anew = not passages or not messages.has(passages)
        if anew:
            passages = {}
        for number, length, message in messages.since(passages, most):
            size += length
            if isinstance(message, str):
                batch.cannot(number, message)
            elif message:
                try:
                    found = lines.read(message, (state.path, number))
                except ValueError as error:
                    batch.cannot(number, printable(error))
                    continue
                for call in found if not isinstance(found, str) else ():
                    batch.add(call, form, number)
        state.format = form.name
        state.state = json.dumps([[name, *passage] for name, passage in passages.items()])
        return Rows(batch, size, not messages.rest, anew)
