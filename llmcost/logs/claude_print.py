"""What ``claude -p --output-format json`` and ``stream-json`` print: a ``result`` with what each model has used.

The last of several results of one session holds all; the counters of the messages before it are placeholders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import MissingUsageError
from ..readers.claude_print import RESULT, is_event, models_of, read
from .best_lines import Calls, Mark, weight
from .session_format import Found, inner, kind_of, text_of

if TYPE_CHECKING:
    from typing import Any

    from .session_format import Fields, Place

__all__ = ["Calls", "Lines", "Mark"]


class Lines:
    """The lines of one file, in their order."""

    in_order = True

    def __init__(self) -> None:
        self._project: str | None = None

    def knows(self, fields: Fields) -> bool:
        """Return whether a line proves by itself that this program printed it."""
        return is_event(fields)

    def read(self, fields: Fields, place: Place) -> list[Found] | str:
        """Return a call for each model of a result; for another line, the word under which it is counted.

        Raises ValueError if a counter is no number of tokens.
        """
        self._project = text_of(fields, "cwd") or self._project
        kind = kind_of(fields)
        if kind != RESULT:
            return kind
        session = text_of(fields, "session_id") or f"{place[0]}:{place[1]}"
        models = dict(models_of(fields))
        found = [self._found(session, str(model), inner(models, model)) for model in models]
        return [call for call in found if call is not None] or kind

    def _found(self, session: str, model: str, stated: Fields) -> Found | None:
        """Return the call of a model; None for one that has counted nothing."""
        response: Fields = {"type": RESULT, "session_id": session, "modelUsage": {model: stated}}
        beside = {
            "cost": stated.get("costUSD"),
            "id": f"{session}:{model}",
            "session": session,
            "project": self._project,
        }
        try:
            tokens = sum(read(response).quantities.values())
        except MissingUsageError:
            return None
        return Found(response, beside, Mark(f"{session} {model}", weight(int(tokens))))

    def state(self) -> list[Any]:
        """Return what the lines so far say of those that follow."""
        return [self._project]

    def go_on(self, state: list[Any]) -> None:
        """Go on where a reader of such a state had stopped."""
        self._project = state[0] if state else None
