"""Registered rows, and one consistent view of a map: readers hold on to it, writers put a new one in its place."""

from __future__ import annotations

import os
from _thread import allocate_lock

from ..errors import ConfigWarning, PriceDataError, SuspiciousPriceWarning, shown
from . import layers as layering
from .aliases import ALIAS_OF
from .entries import compile_entry, sets
from .entry import suspicious
from .layers import Layer
from .rows import NO_MODELS, DictSource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .entry import Entry
    from .rows import Source

    Rows = Mapping[str, Mapping[str, object]]

_MOST_NAMED = 8
# No model has a longer name, and no question of one model has more text in it, the prices of the call among it.
_LONGEST_NAME, _LONGEST_QUESTION = 500, 5000


class Lock:
    """The lock under which maps are changed, one for all of them: that is rare, and takes no time.

    A child that is forked while another thread holds it gets a new one, since nobody there would release the old.
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
    """Answers by their questions, so many at most: the oldest makes room, one at a time, so that no call waits long."""

    __slots__ = ()

    def keep(self, key: object, value: object, most: int) -> None:
        """Keep an answer, unless its question is longer than any of a real model."""
        if _length(key) > _LONGEST_QUESTION:
            return
        while len(self) >= most:
            try:
                del self[next(iter(self))]
            except (KeyError, StopIteration, RuntimeError):
                break  # another thread makes room at the same time
        self[key] = value


def _length(key: object) -> int:
    """Return about how many characters a question has, with all that is in it; a name that is too long is too much."""
    if isinstance(key, tuple):
        return sum(map(_length, key))
    if type(key) is int:
        return key.bit_length() // 3
    length = len(str(key))
    return length if length <= _LONGEST_NAME else _LONGEST_QUESTION + 1


class Registered:
    """A registered entry and how it treats the layers below it."""

    __slots__ = ("entry", "raw", "replace", "scale_rest")

    def __init__(
        self, raw: Mapping[str, object], entry: Entry, *, replace: bool = False, scale_rest: bool = False
    ) -> None:
        self.raw, self.entry, self.replace, self.scale_rest = raw, entry, replace, scale_rest

    @property
    def layer(self) -> Layer:
        """The layer that it is."""
        return Layer(self.entry, replace=self.replace, scale_rest=self.scale_rest)


class State:
    """One consistent view of a map: what is registered, and what was compiled from it.

    What was compiled for the prices of a call (``priced``, ``priced_plans``) stands apart: it is often of one call.
    """

    __slots__ = ("cards", "plans", "priced", "priced_plans", "registered", "source", "stacks", "unknown")

    def __init__(self, registered: Mapping[str, Registered], base: Source | None = None) -> None:
        self.registered = registered
        # What is registered may be an alias of a row of the map.
        self.source = DictSource({name: found.raw for name, found in registered.items()}, base)
        self.cards, self.priced, self.plans, self.priced_plans = Kept(), Kept(), Kept(), Kept()
        self.stacks, self.unknown = Kept(), Kept()


class Registration:
    """Rows that are added to the registered ones: all of them or, if one is wrong, none.

    Attributes:
        registered: all rows afterwards.
        aside: price keys that this version does not know, each with the models that have it.
    """

    __slots__ = ("_new", "_source", "aside", "registered")

    def __init__(self, before: Mapping[str, Registered], new: Rows, source: Callable[[], Source]) -> None:
        self.registered = dict(before)
        self.aside: dict[str, list[str]] = {}
        self._source = source
        self._new = {name: raw for name, raw in new.items() if name not in NO_MODELS}

    @property
    def aliased(self) -> bool:
        """Whether any row is an alias, which may stand for a row of the map."""
        return any(ALIAS_OF in found.raw for found in self.registered.values())

    def add(self, *, replace: bool, scale_rest: bool) -> Registration:
        """Add the rows, and return self.

        Raises UnknownPriceKeyError or InvalidPriceError for an entry that cannot be billed by, and PriceDataError for
        an alias of no row.
        """
        for name, raw in self._new.items():
            if ALIAS_OF in raw:
                self._check_alias(name, raw)
                self.registered[name] = Registered(raw, compile_entry(raw, layering.REGISTERED, name))
            else:
                self._add(name, raw, replace=replace, scale_rest=scale_rest)
        return self

    def _add(self, name: str, raw: Mapping[str, object], *, replace: bool, scale_rest: bool) -> None:
        tolerate = _is_new if "litellm_provider" in raw else None
        entry = compile_entry(raw, layering.REGISTERED, name, tolerate)
        for found in entry.unknown:
            self.aside.setdefault(found.key, []).append(name)
        before = self.registered.get(name)
        if before is not None and not replace and ALIAS_OF not in before.raw:
            # Cell by cell: what is said again may have been spelled otherwise before.
            kept = {key: value for key, value in before.raw.items() if not sets(entry, key)}
            raw = {**kept, **raw}
            entry = compile_entry(raw, layering.REGISTERED, name, tolerate)
        warn_if_suspicious(entry)
        self.registered[name] = Registered(
            raw,
            entry,
            replace=replace or (before.replace if before else False),
            scale_rest=scale_rest or (before.scale_rest if before else False),
        )

    def _check_alias(self, name: str, raw: Mapping[str, object]) -> None:
        """Raise PriceDataError unless an alias that somebody registers is no more than that, and of a known model."""
        target = raw[ALIAS_OF]
        if not isinstance(target, str):
            raise PriceDataError(f"{name!r}: {ALIAS_OF}={shown(target)} is no name of a model")
        entry = compile_entry(raw, layering.REGISTERED, name)
        if entry.rates or entry.factors:
            raise PriceDataError(
                f"{name!r} is an alias of {target!r} and has prices too: register the prices under {target!r}, or "
                f"leave {ALIAS_OF} out and pass base_model={target!r} with the call"
            )
        own = self._new.get(target) or (self.registered[target].raw if target in self.registered else None)
        if own is not None and ALIAS_OF in own:
            raise PriceDataError(f"{name!r} is an alias of {target!r}, which is an alias itself: name the model")
        if own is not None:
            return
        source = self._source()
        known = source.get(target) is not None
        if not known or source.alias_of(target) is not None:
            why = "which is an alias itself" if known else "which no layer knows"
            raise PriceDataError(f"{name!r} is an alias of {target!r}, {why}: name a model that has a row")

    def say_what_is_aside(self) -> None:
        """Warn once about all keys that this version does not know."""
        if self.aside:
            import warnings  # noqa: PLC0415 - needed only for keys that this version does not know

            text = f"{keys_of_models(self.aside)}: set aside, they price nothing"
            warnings.warn(text, ConfigWarning, stacklevel=3)


def _is_new(key: str) -> bool:
    """Return whether a price-like key may be one that public maps have and this version does not know."""
    from .unknown_keys import near_miss  # noqa: PLC0415 - see entries

    return near_miss(key) is None


def keys_of_models(found: Mapping[str, Sequence[str]]) -> str:
    """Return keys with the models that have them, in words: how many they are, and each with its models.

    >>> keys_of_models({"output_cost_per_smell": ["a", "b"]})
    "1 price key that this version does not know: output_cost_per_smell (2 models, 'a' is one)"
    """
    count = f"{len(found)} price key{'s' if len(found) > 1 else ''} that this version does not know"
    each = [
        f"{key} ({f'{len(names)} models, {names[0]!r} is one' if len(names) > 1 else f'model {names[0]!r}'})"
        for key, names in found.items()
    ]
    more = f" and {len(each) - _MOST_NAMED} more" if len(each) > _MOST_NAMED else ""
    return f"{count}: {', '.join(each[:_MOST_NAMED])}{more}"


def warn_if_suspicious(entry: Entry) -> None:
    """Warn about a per-token price that reads like one per 1K or per 1M tokens."""
    for rate in entry.rates.values():
        text = suspicious(rate) if rate is not None else None
        if text is not None:
            import warnings  # noqa: PLC0415 - needed only for a mistake

            warnings.warn(f"{text} ({entry.layer} {entry.key})", SuspiciousPriceWarning, stacklevel=2)
