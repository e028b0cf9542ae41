"""Two usages as one: what ``+`` does. It loads when somebody adds usages; ``Usage.__add__`` has the types."""

from __future__ import annotations

from decimal import Decimal

from .exact import plus
from .notes import Note
from .stated import OF_ONE_CALL, PRICED_BY, RESPONSE_FACTS
from .unread import both_unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def together(one: Any, other: Any) -> Any:
    """Return both usages together: an aggregate, which has no context, so no threshold is applied to it."""
    unread = both_unread(one.unread, other.unread)
    if (one.free is None) != (other.free is None):
        billed, free = (other, one) if other.free is None else (one, other)
        note = Note("added_free", f"added to it was what is free: {free.free}")
        notes = tuple(dict.fromkeys((*billed.notes, *(n for n in free.notes if n.about in free.unread), note)))
        return billed.replaced(notes=notes, unread=unread) if unread else billed.replaced(notes=notes)
    quantities = dict(one.quantities)
    for meter, quantity in other.quantities.items():
        quantities[meter] = plus(quantities.get(meter, 0), quantity)
    both = type(one).of(quantities, None, one.dialect or "meters", {})
    all_notes = [*one.notes, *other.notes]
    for fact in RESPONSE_FACTS:
        mine, theirs = getattr(one, fact), getattr(other, fact)
        if mine == theirs:
            if mine is not None and fact not in OF_ONE_CALL:
                setattr(both, fact, mine)
        elif fact in PRICED_BY:
            differs = f"{fact} differs between what was added ({mine}, {theirs}): neither is applied"
            all_notes.append(Note("facts_differ", differs, fact))
    if one.batch != other.batch:
        all_notes.append(Note("batch_differs", "a batch was added to other calls: none is priced as a batch"))
    if one.free is not None and other.free is not None:
        both.free = "; ".join(dict.fromkeys((one.free, other.free)))
    if one.reported is not None and other.reported is not None:
        both.reported = Decimal(plus(one.reported, other.reported))
    for time in ("duration", "elapsed", "media", "above"):
        mine, theirs = getattr(one, time), getattr(other, time)
        if mine is not None or theirs is not None:
            setattr(both, time, plus(mine or 0, theirs or 0))
    both.alternatives = one.alternatives + other.alternatives
    both.parts = one.parts + other.parts
    both.notes = tuple(dict.fromkeys(all_notes))
    both.partial = one.partial or other.partial
    both.batch = one.batch and other.batch
    both.routed = one.routed and other.routed
    both.booked = one.booked or other.booked
    if unread:
        both.unread = unread
    if one.overlap is not None or other.overlap is not None:
        first, second = one.overlap or ((), 0), other.overlap or ((), 0)
        both.overlap = (tuple(dict.fromkeys(first[0] + second[0])), first[1] + second[1])
    both.aggregate = True
    return both
