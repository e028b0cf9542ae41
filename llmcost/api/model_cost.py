"""The entries of a map as LiteLLM's ``model_cost``: it reads as a dict, and is never written."""

from __future__ import annotations

from ..errors import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
    from typing import Any, NoReturn

    from ..prices.price_map import PriceMap

    Row = dict[str, object]
    Rows = dict[str, Row]


class Entry(dict[str, object]):
    """One entry of ``model_cost``, read-only: a price that is written into it would be used nowhere.

    It reads as a dict. ``copy()`` and ``dict()`` return one that can be written.
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[object, ...]:
        return dict, (dict(self),)

    def __setitem__(self, key: str, value: object) -> NoReturn:
        raise TypeError(
            f"an entry of model_cost is read-only: use register_model({{name: {{{key!r}: {shown(value)}}}}}), "
            "or dict() for a copy"
        )

    def _refuse(self, *args: object, **values: object) -> NoReturn:
        """Raise TypeError: prices are set by ``register_model``."""
        del args, values
        raise TypeError("an entry of model_cost is read-only: use register_model({...}), or dict() for a copy")

    update = setdefault = pop = popitem = clear = __delitem__ = __ior__ = _refuse


class ModelCost(dict[str, "dict[str, object]"]):
    """The entries of a map, read-only, as LiteLLM's ``model_cost``.

    It is a dict, so that ``isinstance``, ``json.dumps``, ``copy()`` and ``|`` do what they do for one, and each of its
    entries is one too. ``copy()`` makes dicts that can be written. What is registered later is among them.

    >>> import llmcost
    >>> llmcost.model_cost["gpt-4o"]["output_cost_per_token"]
    1e-05
    """

    __slots__ = ("_prices",)

    def __init__(self, prices: PriceMap) -> None:
        # json.dumps() takes a dict that stores nothing for an empty one, before it asks for the entries.
        super().__init__({"": {}})
        self._prices = prices

    def __getitem__(self, name: str) -> Row:
        return Entry(self._prices[name])

    def get(self, name: str, default: Any = None) -> Any:
        """Return the entry of exactly this name, or ``default``."""
        try:
            return self[name]
        except KeyError:
            return default

    def __contains__(self, name: object) -> bool:
        return name in self._prices

    def __iter__(self) -> Iterator[str]:
        return iter(self._prices)

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._prices.keys())

    def __len__(self) -> int:
        return len(self._prices)

    def __eq__(self, other: object) -> bool:
        return self.copy() == (other.copy() if isinstance(other, ModelCost) else other)

    __hash__ = None

    def keys(self) -> KeysView[str]:  # type: ignore[override]
        """Return every name."""
        return self.copy().keys()

    def items(self) -> ItemsView[str, Row]:  # type: ignore[override]
        """Return every name with its entry."""
        return self._entries().items()

    def values(self) -> ValuesView[Row]:  # type: ignore[override]
        """Return every entry."""
        return self._entries().values()

    def _entries(self) -> Rows:
        return {name: Entry(row) for name, row in self._prices.items()}

    def copy(self) -> Rows:
        """Return a dict of all entries, which is the caller's own."""
        return dict(self._prices.items())

    def __copy__(self) -> Rows:
        return self.copy()

    def __deepcopy__(self, memo: object) -> Rows:
        return self.copy()

    def __reduce__(self) -> tuple[object, ...]:
        return dict, (self.copy(),)

    def __or__(self, other: Mapping[str, Row]) -> Rows:  # type: ignore[override]
        return {**self.copy(), **other}

    def __ror__(self, other: Mapping[str, Row]) -> Rows:  # type: ignore[override]
        return {**other, **self.copy()}

    def __repr__(self) -> str:
        return f"<model_cost: {len(self)} models, read-only>"

    def __setitem__(self, name: str, entry: object) -> NoReturn:
        raise TypeError(f"model_cost is read-only: use register_model({{{name!r}: {shown(entry)}}})")

    def _refuse(self, *args: object, **entries: object) -> NoReturn:
        """Raise TypeError: entries are added by ``register_model``, all or none, and none is taken away."""
        del args, entries
        raise TypeError("model_cost is read-only: use register_model({...})")

    update = setdefault = pop = popitem = clear = __delitem__ = __ior__ = _refuse
