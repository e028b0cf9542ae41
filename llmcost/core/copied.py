"""A copy of a caller's usage, for a Cost to keep: a later change of the caller's own usage changes no Cost.

The attributes and the quantities of a usage can be changed after it was made. They are checked here, where it comes in.
"""

from __future__ import annotations

from ..errors import ArgumentError, shown
from .counts import MOST, checked
from .meters import METERS, no_meter
from .notes import Note
from .stated import NOTHING_MORE, RESPONSE_FACTS, More
from .usage import Usage, twin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .counts import Quantities

_WORD, _WHOLE = frozenset({str, type(None)}), frozenset({int, type(None)})
# Facts that a reader alone states. The time of a call is read where the price of its day is looked for.
_PAIRS = frozenset({"overlap", "names_of"})
_TEXTS = frozenset(RESPONSE_FACTS) - {"reported"} | {"undecided"}
_DEEPEST = 50


def copied(usage: Usage, depth: int = 0) -> Usage:
    """Return a usage of the same quantities and facts that shares no dict with this one.

    Raises:
        ArgumentError: an attribute was set to what it cannot be, or a quantity is of no meter.
        InconsistentUsageError: a quantity is negative, not finite or not a number.

    >>> usage = Usage(input=5)
    >>> usage.quantities["input"] = -5
    >>> copied(usage)
    Traceback (most recent call last):
    llmcost.errors.InconsistentUsageError: input=-5 is not a count: it has to be a finite number >= 0
    """
    if type(usage.more) is not More:
        raise ArgumentError(f"Usage.more is {shown(usage.more)}: leave it to the facts of the usage")
    copy = twin(usage)
    quantities = usage.quantities
    copy.quantities = {**quantities} if type(quantities) is dict else _units(quantities)
    for meter, quantity in copy.quantities.items():
        if type(quantity) is not int or not 0 <= quantity < MOST or meter not in METERS:
            copy.quantities = _units(quantities)
            break
    if (
        type(usage.model) not in _WORD
        or type(usage.provider) not in _WORD
        or type(usage.service_tier) not in _WORD
        or type(usage.dialect) not in _WORD
        or type(usage.context) not in _WHOLE
        or usage.partial is not False
        or type(usage.notes) is not tuple
        or usage.notes
    ):
        _check(copy)
    if copy.more is not NOTHING_MORE:
        _check_more(copy, depth)
    return copy


def copied_again(usage: Usage) -> Usage:
    """Return a copy of a usage that ``copied`` made and that no caller has: nobody changed it, so nothing is checked.

    >>> copied_again(Usage(input=5))
    Usage(input=5)
    """
    more = usage.more
    if more.parts or more.readings or more.unread:
        return copied(usage)
    copy = twin(usage)
    copy.quantities = {**usage.quantities}
    if more.alternatives:
        copy.more.alternatives = tuple([tuple([{**unit} for unit in group]) for group in more.alternatives])
    return copy


def _units(quantities: object) -> Quantities:
    """Return quantities as counts of meters."""
    if type(quantities) is not dict:
        raise ArgumentError(f"Usage.quantities is {shown(quantities)}: it has to be a dict of meters and their units")
    found: Quantities = {}
    for meter, quantity in quantities.items():
        if meter not in METERS:
            raise no_meter("Usage.quantities", meter)
        found[meter] = checked(meter, quantity)
    return found


def _check(copy: Usage) -> None:
    """Check the facts that every usage has an attribute of its own for."""
    for name in ("model", "provider", "dialect", "service_tier"):
        if type(getattr(copy, name)) not in _WORD:
            _set(copy, name, getattr(copy, name))
    if type(copy.context) not in _WHOLE:
        _set(copy, "context", copy.context)
    if copy.partial is not False:
        _set(copy, "partial", copy.partial)
    if type(copy.notes) is not tuple or any(type(note) is not Note for note in copy.notes):
        _set(copy, "notes", copy.notes)


def _set(copy: Usage, name: str, value: object) -> None:
    from .stated_facts import NOTHING, checked_fact

    found = checked_fact(Usage, name, value)
    setattr(copy, name, getattr(NOTHING_MORE if hasattr(More, name) else Usage, name) if found is NOTHING else found)


def _check_more(copy: Usage, depth: int) -> None:
    more = copy.more
    for name, value in more.__dict__.items():
        if name in _PAIRS:
            if value is not None and not (type(value) is tuple and len(value) == 2):
                raise ArgumentError(f"Usage.{name} is {shown(value)}: it is a pair, or None")
        elif not (type(value) is str and name in _TEXTS):
            _set(copy, name, value)
    if (more.parts or more.readings) and depth > _DEEPEST:
        raise ArgumentError("Usage.parts: they are nested too deep, or a usage is a part of itself")
    if more.parts:
        more.parts = tuple([copied(part, depth + 1) for part in more.parts])
    if more.readings:
        more.readings = tuple([copied(reading, depth + 1) for reading in more.readings])
