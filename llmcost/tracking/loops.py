"""The event loop of a call."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

# What stands for a loop that is none of asyncio's: handlers are awaited in place, and nothing is put into it.
ANOTHER = None


def current_loop() -> Any:
    """Return the running loop of asyncio; None if another library runs this coroutine."""
    asyncio = sys.modules.get("asyncio")
    try:
        return asyncio.get_running_loop() if asyncio is not None else None
    except RuntimeError:
        return None
