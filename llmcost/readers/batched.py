"""Batches that hold the answers of their requests themselves, instead of in a file: each is a call at batch rates."""

from __future__ import annotations

from ..core.usage import Usage
from .reader import missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def together(requests: Iterable[Usage]) -> Usage:
    """Return the usage of a batch: a part for each of its requests, with a context of its own.

    A request that failed is not billed. A part of the batch's own model does not repeat its name.

    >>> both = together([Usage(input=9, model="m"), Usage(free="it failed")])
    >>> both.quantities, both.model, both.batch
    ({'input': 9}, 'm', True)

    Raises MissingUsageError if there are none.
    """
    found = list(requests)
    billed = [request for request in found if request.free is None]
    if not billed:
        if not found:
            raise missing("this batch, which holds no answers,")
        return found[0].replaced(batch=True)
    if len(billed) == 1:
        return billed[0].replaced(batch=True)
    first = billed[0]
    facts = {"model": first.model, "provider": first.provider, "batch": True}
    usage = Usage.of({}, 0, first.dialect or "batch", {name: value for name, value in facts.items() if value})
    usage.parts = tuple([part.replaced(model=None) if part.model == first.model else part for part in billed])
    return usage
