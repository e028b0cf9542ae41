"""Registered rows, and one consistent view of a map: readers hold on to it, writers put a new one in its place."""

from __future__ import annotations

import os
from _thread import allocate_lock

from ..errors import ArgumentError, shown
from .entries import compile_entry
from .entry import suspicious
from .layers import CALL, Layer
from .rows import DictSource
from .stack import layer_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .entry import Entry
    from .rows import Source

# How many rows are kept compiled: a model is asked for in many regions, sizes and roles, and its row is one.
_MOST_ROWS = 1024
# No model has a longer name, and no question of one model has more text, with the prices of the call included.
_LONGEST_NAME, _LONGEST_QUESTION = 500, 5000


class Lock:
    """The lock under which maps are changed. All maps share one, since changes are rare and short.

    A forked child gets a new lock: the thread that held the old one does not exist there.
    """

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self.renew()
        if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows does not fork
            os.register_at_fork(after_in_child=self.renew)

    def renew(self) -> None:
        """Put a lock that is free in its place."""
        self._lock = allocate_lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


LOCK = Lock()


class Kept(dict[object, "Any"]):
    """A bounded cache: once it is full, the oldest answer goes for each new one, so that no call waits long."""

    __slots__ = ()

    def keep(self, key: object, value: object, most: int) -> None:
        """Keep an answer, unless its question is longer than that of any real model."""
        if _length(key) > _LONGEST_QUESTION:
            return
        while len(self) >= most:
            try:
                oldest = self.pop(next(iter(self)))
            except (KeyError, StopIteration, RuntimeError):
                break  # another thread makes room at the same time
            self.let_go(oldest)
        self[key] = value

    def let_go(self, answer: Any) -> None:
        """Take an answer that has made room for a new one; most need nothing."""


class KeptTied(Kept):
    """A cache of cards or plans, which hold what they have worked out and are held by it.

    One that goes forgets it, and is freed at once: Python's collector would stop the program for all of them together.
    """

    __slots__ = ()

    def let_go(self, answer: Any) -> None:
        """Make a card or a plan forget what holds it."""
        answer.forget()

    def forget(self) -> None:
        """Make all answers forget it. What another thread still asks of one is worked out anew."""
        for answer in list(self.values()):
            answer.forget()


def _length(key: object) -> int:
    """Return about how many characters a question has in all; one with a very long name has too many."""
    total = 0
    for part in key if isinstance(key, tuple) else (key,):
        if part is None or part is True or part is False:
            continue
        kind = type(part)
        if kind is int:
            total += part.bit_length() // 3
        elif isinstance(part, tuple):
            total += _length(part)
        else:
            length = len(part if kind is str else str(part))
            total += length if length <= _LONGEST_NAME else _LONGEST_QUESTION + 1
    return total


class Registered:
    """A registered row as it was given, and the layer that it is."""

    __slots__ = ("layer", "raw")

    def __init__(self, raw: Mapping[str, object], layer: Layer) -> None:
        self.raw, self.layer = raw, layer


class State:
    """One consistent view of a map: what is registered, and what was compiled from it.

    What was compiled for the prices of a call (``priced``, ``priced_plans``) stands apart: it is often of one call.
    ``rows`` are the compiled rows of the map. ``named_plans`` are those of counters of which only the caller says the
    model, by its name. ``two_counters`` says by the same name how a prompt and its answer are priced by their tokens
    alone. ``unknown`` are the facts of errors.
    """

    __slots__ = (
        "_base",
        "cards",
        "named_plans",
        "plans",
        "priced",
        "priced_plans",
        "registered",
        "rows",
        "source",
        "stacks",
        "two_counters",
        "unknown",
    )

    def __init__(self, registered: Mapping[str, Registered], base: Source | None = None) -> None:
        self.registered = registered
        # What is registered may be an alias of a row of the map.
        self._base = base
        self.source = DictSource({name: found.raw for name, found in registered.items()}, base)
        self.cards, self.priced = KeptTied(), KeptTied()
        self.plans, self.priced_plans, self.named_plans = KeptTied(), KeptTied(), KeptTied()
        self.two_counters, self.stacks, self.unknown, self.rows = Kept(), Kept(), Kept(), Kept()

    def __reduce__(self) -> tuple[object, ...]:
        """A copy in another process compiles anew what it is asked for."""
        return State, (self.registered, self._base)

    def forget(self) -> None:
        """Make all cards and plans forget what holds them, where another view takes the place of this one."""
        for kept in (self.cards, self.priced, self.plans, self.priced_plans, self.named_plans):
            kept.forget()

    def layer_of(self, source: Source, name: str, layer: str) -> Layer:
        """Return the layer of a row of the map; the same object for all questions that the row answers."""
        key = (name, layer)
        found: Layer | None = self.rows.get(key)
        if found is None:
            row = source.get(name) or {}
            found = layer_of(compile_entry(row, layer, name), row)
            self.rows.keep(key, found, _MOST_ROWS)
        return found


def warn_if_suspicious(entry: Entry) -> None:
    """Warn about a per-token price that reads like one per 1K or per 1M tokens."""
    for rate in entry.rates.values():
        text = suspicious(rate) if rate is not None else None
        if text is not None:
            from ..core.warned import warn_caller
            from ..errors import SuspiciousPriceWarning

            warn_caller(f"{text} ({entry.layer} {entry.key})", SuspiciousPriceWarning)


def layer_of_call(prices: Mapping[str, object], *, replace: bool, scale_rest: bool) -> tuple[Layer, ...]:
    """Return the layer of the prices of one call; nothing without any.

    Raises ArgumentError if none of its keys is a price key: the call would be priced as if nothing was given.
    """
    if not prices:
        return ()
    entry = compile_entry(prices, CALL, "prices")
    if not (entry.rates or entry.factors or entry.unset or entry.unknown):
        raise ArgumentError(f"prices={shown(prices)}: none of its keys is a price key, such as input_cost_per_token")
    warn_if_suspicious(entry)
    return (Layer(entry, replace=replace, scale_rest=scale_rest),)
