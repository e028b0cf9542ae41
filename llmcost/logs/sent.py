"""Records that travel between processes: the text of a line instead of its values, which take ten times as long."""

from __future__ import annotations

import json

from .record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_LATER = ("value", "response", "usage")


class Sent(Record):
    """A record whose values are read again from its text, when somebody asks for them in another process.

    Then it is a plain record, whose attributes are found faster.
    """

    def __getattr__(self, name: str) -> Any:
        if self.text is None or name not in _LATER:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        again = Record(json.loads(self.text))
        self.value, self.response, self.usage = again.value, again.response, again.usage
        self.__class__ = Record  # type: ignore[assignment]
        return self.__dict__[name]

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name not in _LATER}
