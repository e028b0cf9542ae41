"""Aliases: names in a map that stand for another row of it.

``{"alias_of": "claude-opus-5-5"}`` is a row that is served as that one, and a row may list further names of its own
under ``aliases``. Both lead to a row in one hop, as in LiteLLM: an alias of another alias, or of a missing row, is no
name. A row of its own is stronger than an alias, and a list is stronger than an ``alias_of``.
https://github.com/BerriAI/litellm/blob/main/litellm/litellm_core_utils/get_model_cost_map.py
"""

from __future__ import annotations

from .keys import looks_like_price, target_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ALIASES = "aliases"


class Aliases:
    """The aliases of one source, as it states them.

    Attributes:
        pointers: name -> target, of the rows with ``alias_of``.
        listed: name -> the row whose list has it.
        priced: name -> the prices that a row with ``alias_of`` states itself, which are not used.
    """

    __slots__ = ("listed", "pointers", "priced")

    def __init__(self, rows: Iterable[tuple[str, Mapping[str, object]]]) -> None:
        self.pointers: dict[str, str] = {}
        self.listed: dict[str, str] = {}
        self.priced: dict[str, tuple[str, ...]] = {}
        for name, row in rows:
            target = target_of(row)
            names = row.get(ALIASES)
            if target is not None:
                self.pointers[name] = target
                price_keys = tuple(key for key, value in row.items() if value is not None and looks_like_price(key))
                if price_keys:
                    self.priced[name] = price_keys
            elif isinstance(names, list):
                for alias in names:
                    if isinstance(alias, str):
                        self.listed.setdefault(alias, name)

    def __bool__(self) -> bool:
        return bool(self.pointers or self.listed)

    def target(self, name: str, is_row: Callable[[str], bool]) -> str | None:
        """Return the row that a name without one of its own stands for; None if it is no alias that can be used."""
        target = self.listed.get(name) or self.pointers.get(name)
        return target if target is not None and target not in self.pointers and is_row(target) else None

    def usable(self, rows: frozenset[str], is_row: Callable[[str], bool]) -> dict[str, str]:
        """Return the aliases that stand for a row; ``rows`` are the names of those of this source."""
        found = {}
        for name in (*self.pointers, *self.listed):
            target = self.target(name, is_row)
            if target is not None and (name in self.pointers or name not in rows):
                found[name] = target
        return found

    def dropped(self, rows: frozenset[str]) -> list[str]:
        """Return the aliases that cannot be used, each with the reason, in words."""
        found = []
        for name, target in self.pointers.items():
            if self.target(name, rows.__contains__) is None:
                why = "which is an alias itself" if target in self.pointers else "which is no row"
                found.append(f"{name} is an alias of {target}, {why}")
        found += [
            f"{name} is an alias of {self.pointers[name]}. Prices of that row count; its own {', '.join(keys)} do not"
            for name, keys in self.priced.items()
            if self.target(name, rows.__contains__) is not None
        ]
        found += [
            f"{name} is in the aliases of {owner} and has a row of its own, which counts"
            for name, owner in self.listed.items()
            if name in rows and name not in self.pointers
        ]
        return found
