"""The entries of a map as LiteLLM's ``model_cost``: a dict to whoever reads it, and nobody writes it."""

from __future__ import annotations

from ..errors import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
    from typing import Any, NoReturn

    from ..prices.price_map import PriceMap

    Row = dict[str, object]
    Rows = dict[str, Row]


class ModelCost(dict[str, "dict[str, object]"]):
    """The entries of a map, read-only, as LiteLLM's ``model_cost``.

    It is a dict, so that ``isinstance``, ``json.dumps``, ``copy()`` and ``|`` do what they do for one, and each of its
    entries is a copy. What is registered later is among them.

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
        return self._prices[name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return the entry of exactly this name, or ``default``."""
        return self._prices.get(name, default)

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
        return self.copy().items()

    def values(self) -> ValuesView[Row]:  # type: ignore[override]
        """Return every entry."""
        return self.copy().values()

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
