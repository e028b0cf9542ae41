"""What envelopes of frameworks share: a provider's counters handed on, and several calls in one object."""

from __future__ import annotations

from ..core.usage import Usage
from . import bare
from .reader import missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .reader import Fields


# What a reader says in the place of its blocks that hands counters on to the function below.
HANDED_ON = "counters are handed on to the reader of bare counters, which knows their names"


def read_bare(counters: Fields | None, what: str, dialect: str | None = None, **facts: object) -> Usage:
    """Return the usage of counters that a framework hands on, with the facts that stand beside them.

    ``dialect`` is how they count, where the framework shows it.

    >>> read_bare({"prompt_tokens": 7, "completion_tokens": 2}, "this reply", model="gpt-4o").model
    'gpt-4o'

    Raises MissingUsageError if there are none.
    """
    usage = bare.read(counters, dialect) if counters else None
    if usage is None:
        raise missing(what)
    for name, value in facts.items():
        if value is not None:
            setattr(usage, name, value)
    return usage


def several(usages: Sequence[Usage], dialect: str) -> Usage:
    """Return the usage of calls in one object: a single one as it is, several as parts, each with its own context."""
    if len(usages) == 1:
        return usages[0]
    together = Usage.of({}, 0, dialect, {})
    together.parts = tuple(usages)
    if len({usage.model for usage in usages}) == 1:
        together.model = usages[0].model
        if usages[0].named_provider is not None:
            together.named_provider = usages[0].named_provider
    return together


def summed(usage: Usage, requests: int = 2) -> Usage:
    """Return a usage that adds up several requests: such a sum has no context."""
    if requests > 1:
        usage.aggregate, usage.context = True, None
    return usage
