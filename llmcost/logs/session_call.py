"""A call that a session log of a coding agent states, with what tells it from other calls."""

from __future__ import annotations

from ..errors import UsageError
from ..readers import stated_usage
from .record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .values import Value

    Fields = dict[str, object]


class SessionCall(Record):
    """A record of one call of a coding agent. Its value is made here, since such a log keeps the call over many lines.

    Attributes:
        agent: the format of the log, ``claude_code`` or ``codex``.
        mark: what tells the call from its copies, as only its format reads it.
        order: the number of its line among all calls of session logs that were read.
    """

    def __init__(self, response: Fields, beside: Fields, source: str, item: Value, *, agent: str, mark: Any) -> None:
        try:
            usage = stated_usage(response)
        except UsageError:
            usage = None  # The whole response is kept, so that pricing says what is wrong with it.
        else:
            response = {name: value for name, value in response.items() if name not in _TEXTS}
        stated = {name: value for name, value in beside.items() if value is not None and value != ""}
        super().__init__({"response": response, "agent": agent, **stated}, source, item.line, whole=False)
        self.agent, self.mark, self.order = agent, mark, 0
        self.element = item.element
        if usage is not None:
            self._known = usage

    def ends_early(self) -> None:
        """Say that the counters of the call are those from before its end, so that what it cost is a lower bound."""
        if self._known is not None:
            self._known = self._known.replaced(partial=True)


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
