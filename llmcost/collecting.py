"""Python's collector of cycles, put off while something large is built that has no cycles."""

from __future__ import annotations

import gc
from contextlib import contextmanager

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# So many new objects take the collector longer than to count what is frozen, which it does one by one.
_MANY = 50_000


@contextmanager
def collecting_later() -> Iterator[None]:
    """Keep the collector from looking through all that is built again and again: a third of the time goes there.

    What was made meanwhile, 60 MB for the cards of a whole map, then counts as old: it is looked through with all else,
    and not at once. A caller who froze objects keeps them frozen, and waits for the collector. So does one who had
    little made.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        if hasattr(gc, "freeze") and gc.get_count()[0] > _MANY and not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        gc.enable()
