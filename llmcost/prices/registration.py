"""Registration: a user's own rows are checked and added to those that are registered."""

from __future__ import annotations

from ..errors import ConfigWarning, PriceDataError, shown
from .entries import compile_entry, sets
from .keys import ALIAS_OF
from .layers import REGISTERED, Layer
from .registry import Registered, warn_if_suspicious
from .rows import NO_MODELS
from .stack import layer_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from .rows import Source

    Rows = Mapping[str, Mapping[str, object]]

_MOST_NAMED = 8


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
                self.registered[name] = Registered(raw, Layer(compile_entry(raw, REGISTERED, name)))
            else:
                self._add(name, raw, replace=replace, scale_rest=scale_rest)
        return self

    def _add(self, name: str, raw: Mapping[str, object], *, replace: bool, scale_rest: bool) -> None:
        tolerate = _is_new if "litellm_provider" in raw else None
        entry = compile_entry(raw, REGISTERED, name, tolerate)
        for found in entry.unknown:
            self.aside.setdefault(found.key, []).append(name)
        before = self.registered.get(name)
        if before is not None and not replace and ALIAS_OF not in before.raw:
            # Cell by cell: the same price may have had another spelling before.
            kept = {key: value for key, value in before.raw.items() if not sets(entry, key)}
            raw = {**kept, **raw}
            entry = compile_entry(raw, REGISTERED, name, tolerate)
        warn_if_suspicious(entry)
        layer = layer_of(entry, raw)
        layer.replace = replace or (before is not None and before.layer.replace)
        layer.scale_rest = scale_rest or (before is not None and before.layer.scale_rest)
        self.registered[name] = Registered(raw, layer)

    def _check_alias(self, name: str, raw: Mapping[str, object]) -> None:
        """Raise PriceDataError unless a registered alias has no prices of its own and names a known model."""
        target = raw[ALIAS_OF]
        if not isinstance(target, str):
            raise PriceDataError(f"{name!r}: {ALIAS_OF}={shown(target)} is no name of a model")
        entry = compile_entry(raw, REGISTERED, name)
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
            import warnings

            text = f"{keys_of_models(self.aside)}: set aside, they price nothing"
            warnings.warn(text, ConfigWarning, stacklevel=3)


def _is_new(key: str) -> bool:
    """Return whether a price-like key may be one that public maps have and this version does not know."""
    from .unknown_keys import near_miss

    return near_miss(key) is None


def keys_of_models(keys: Mapping[str, Sequence[str]]) -> str:
    """Return keys with the models that have them, in words: how many they are, and each with its models.

    >>> keys_of_models({"output_cost_per_smell": ["a", "b"]})
    "1 price key that this version does not know: output_cost_per_smell (2 models, 'a' is one)"
    """
    count = f"{len(keys)} price key{'s' if len(keys) > 1 else ''} that this version does not know"
    each = [
        f"{key} ({f'{len(names)} models, {names[0]!r} is one' if len(names) > 1 else f'model {names[0]!r}'})"
        for key, names in keys.items()
    ]
    more = f" and {len(each) - _MOST_NAMED} more" if len(each) > _MOST_NAMED else ""
    return f"{count}: {', '.join(each[:_MOST_NAMED])}{more}"
