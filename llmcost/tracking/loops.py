"""The event loop of a call."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


class _Another:
    """Stands for a loop of another library, such as trio's: nothing can be put into it from outside."""

    def is_running(self) -> bool:
        """Return False: what cannot be awaited in place is run elsewhere."""
        return False


ANOTHER = _Another()


def current_loop() -> Any:
    """Return the running loop of asyncio; None if there is none."""
    asyncio = sys.modules.get("asyncio")
    try:
        return asyncio.get_running_loop() if asyncio is not None else None
    except RuntimeError:
        return None


def loop_of_coroutine() -> Any:
    """Return the loop that runs the coroutine which asks: that of asyncio, or ``ANOTHER``."""
    return current_loop() or ANOTHER
