"""A call that a session log of a coding agent states, with what tells it from other calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.lower_bound import break_off
from ..errors import UsageError
from ..readers import stated_usage
from .record import Record

if TYPE_CHECKING:
    from .session_format import Found
    from .session_formats import Format


class SessionCall(Record):
    """A record of one call of a coding agent. Its value is made here, since such a log keeps the call over many lines.

    Attributes:
        format: the name of the format of the log.
        mark: what tells the call from its copies, as only its format reads it.
        order: the number of its line among all calls of session logs that were read.

    Raises:
        ValueError: a fact beside the response, or its time, is none.
    """

    def __init__(self, found: Found, source: str, line: int, element: int | None, form: Format) -> None:
        response, beside, mark, ended = found
        try:
            usage = stated_usage(response)
        except UsageError:
            usage = None  # The whole response is kept, so that pricing says what is wrong with it.
        else:
            response = {name: value for name, value in response.items() if name not in _TEXTS}
        stated = {name: value for name, value in beside.items() if value is not None and value != ""}
        super().__init__({"response": response, "agent": form.agent, **stated}, source, line, whole=False)
        self.format, self.mark, self.order = form.name, mark, 0
        if element is not None:
            self.element = element
        if usage is not None:
            self._known = usage if ended else usage.replaced()
            if not ended:
                break_off(self._known)

    @property
    def identity(self) -> str | None:
        """What tells the call from all others, whenever its log is read; None if the log states no id."""
        stated = self.value.get("id") if isinstance(self.value, dict) else None
        if not isinstance(stated, str):
            return None
        return f"{stated} {self.mark.told}" if self.mark.told else stated


# What was said in a call is not kept: a log of months has gigabytes of it.
_TEXTS = frozenset({"content"})
