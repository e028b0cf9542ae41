"""The entries of a batch that stand in it, and not in a file of their own: each is a call at the rates of a batch."""

from __future__ import annotations

from ..core.usage import Usage
from .reader import missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def together(entries: Iterable[Usage]) -> Usage:
    """Return the usage of a batch from those of its entries: a part each, with a context of its own.

    Entries that failed are not billed. Of the model of the batch a part does not repeat its name.

    >>> both = together([Usage(input=9, model="m"), Usage(free="it failed")])
    >>> both.quantities, both.model, both.batch
    ({'input': 9}, 'm', True)

    Raises MissingUsageError if there are none.
    """
    found = list(entries)
    billed = [entry for entry in found if entry.free is None]
    if not billed:
        if not found:
            raise missing("this batch, which holds no entry,")
        return found[0].replaced(batch=True)
    if len(billed) == 1:
        return billed[0].replaced(batch=True)
    first = billed[0]
    facts = {"model": first.model, "provider": first.provider, "batch": True}
    usage = Usage.of({}, 0, first.dialect or "batch", {name: value for name, value in facts.items() if value})
    usage.parts = tuple([part.replaced(model=None) if part.model == first.model else part for part in billed])
    return usage
