"""What a response may state beside quantities: facts with a value each, and ``More``, which most usages do not need."""

from __future__ import annotations

from _operator import attrgetter
from types import MappingProxyType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import Any

    from .counts import Quantities, Quantity

# Facts that are one value. An absent one is None.
RESPONSE_FACTS = (
    "model",
    "provider",
    "named_provider",
    "dialect",
    "service_tier",
    "region",
    "speed",
    "at",
    "search_context_size",
    "size",
    "quality",
    "resolution",
    "variant",
    "reported",
    "free",
    "model_keyword",
    "model_id",
)


class More:
    """What a usage may state beside the units of one request, at its default where it is not stated."""

    named_provider: str | None = None
    region: str | None = None
    speed: str | None = None
    search_context_size: str | None = None
    size: str | None = None
    quality: str | None = None
    resolution: str | None = None
    variant: str | None = None
    reported: Decimal | None = None
    free: str | None = None
    model_keyword: str | None = None
    model_id: str | None = None
    booked: bool = False
    alternatives: tuple[tuple[Quantities, ...], ...] = ()
    duration: Quantity | None = None
    elapsed: Quantity | None = None
    parts: tuple[Any, ...] = ()
    aggregate: bool = False
    batch: bool = False
    routed: bool = False
    media: int | None = None
    above: int | None = None
    overlap: tuple[tuple[str, ...], int] | None = None
    names_of: tuple[str, str] | None = None
    readings: tuple[Any, ...] = ()
    undecided: str | None = None
    unread: Mapping[str, Quantity | str] = MappingProxyType({})


NOTHING_MORE = More()


def kept_in_more(name: str) -> property:
    """Return an attribute of a usage that is kept in its ``more``: setting it gives the usage a ``More`` of its own."""

    def put(usage: Any, value: object) -> None:
        if usage.more is NOTHING_MORE:
            usage.more = More()
        setattr(usage.more, name, value)

    return property(attrgetter(f"more.{name}"), put)


def own_text(value: Any) -> Any:
    """Return a text of a foreign type, such as a member of an enum of texts, as text of Python's own; else the value.

    >>> from enum import Enum
    >>> own_text(Enum("Tier", {"FLEX": "flex"}, type=str).FLEX), own_text(5)
    ('flex', 5)
    """
    return str.__str__(value) if issubclass(type(value), str) else value


# Facts of a single call. The sum of two usages drops them.
OF_ONE_CALL = frozenset({"reported", "at", "free"})

# Facts that select a rate; where they differ, a sum of usages has to say so.
PRICED_BY = frozenset(
    {"region", "speed", "search_context_size", "size", "quality", "resolution", "variant", "service_tier"}
)
