"""What ``opencode run --format json`` prints: events; the one that ends a step has the counters of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..readers.opencode import is_event
from . import opencode
from .opencode import Calls, Mark

if TYPE_CHECKING:
    from .session_format import Fields

__all__ = ["Calls", "Lines", "Mark"]


class Lines(opencode.Lines):
    """The events of one run."""

    def knows(self, fields: Fields) -> bool:
        """Return whether an object proves by itself that this program printed it."""
        return is_event(fields)
