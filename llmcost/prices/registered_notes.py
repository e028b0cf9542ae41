"""Notes on a registered price that may be used for more models or sellers than its user meant."""

from __future__ import annotations

from ..core.notes import Note
from . import layers as layering
from .entries import compile_entry
from .spellings import is_snapshot
from .vendors import family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .entry import Entry
    from .names import Match
    from .registry import Registered
    from .rows import Source


def notes_on(
    source: Source, registered: Match, matched: Match | None, own: Registered, seller: str | None
) -> list[Note]:
    """Return what has to be said of a registered price that is used for a model: both of the notes below."""
    return [
        *for_all_sellers(source, registered.name, own, seller),
        *for_another(source, registered, matched, own),
    ]


def for_all_sellers(source: Source, name: str, own: Registered, seller: str | None) -> list[Note]:
    """Return a note if a registered price names no provider and is used for another seller than the map's.

    Such a price holds for all sellers, but its author may have thought of one of them.
    """
    theirs = (source.get(name) or {}).get("litellm_provider")
    if seller is None or theirs is None or own.raw.get("litellm_provider"):
        return []
    if family(seller) == family(str(theirs)):
        return []
    said = (
        f"the price registered for {name!r} names no provider, so it is used for {family(seller)} too: register "
        f"{family(seller)}/{name} as well, or give it a litellm_provider"
    )
    return [Note("price_for_all_sellers", said, name)]


def for_another(source: Source, registered: Match, matched: Match | None, own: Registered) -> list[Note]:
    """Return a note if a price registered for a name is used for a snapshot, and the map prices the snapshot apart.

    ``register({"gpt-4o": ...})`` covers gpt-4o-2024-05-13 too, which was dearer than gpt-4o.
    """
    theirs = source.get(registered.name)
    if matched is None or theirs is None or not is_snapshot(matched.name, registered.name):
        return []
    one, two = _entry(source, registered.name), _entry(source, matched.name)
    differ = [
        meter
        for (meter, conditions), rate in one.rates.items()
        if rate is not None
        and (meter, conditions) in own.layer.entry.rates
        and (other := two.rates.get((meter, conditions))) is not None
        and other.usd != rate.usd
    ]
    if not differ:
        return []
    said = (
        f"the price registered for {registered.name!r} is used for {matched.name!r}, although the map has another "
        f"price ({', '.join(differ)}): register {matched.name!r} too if it is not meant"
    )
    return [Note("registered_for_another", said, matched.name)]


def _entry(source: Source, name: str) -> Entry:
    return compile_entry(source.get(name) or {}, layering.MAP, name)
