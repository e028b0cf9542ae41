"""Names that stand for another row: ``{"alias_of": "claude-opus-5-5"}``, as litellm's map writes them.

An alias is one hop to a row. LiteLLM itself drops an alias that leads nowhere or to another alias, and prefers a row to
an alias of the same name; so does the build, and it says which ones it left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmcost.prices.aliases import Aliases
from llmcost.prices.keys import ALIAS_OF

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .entries import Entry


def read_aliases(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return the aliases of a price map, those in a row's own list ``aliases`` among them.

    >>> read_aliases({"a": {"alias_of": "b"}, "b": {"litellm_provider": "x", "aliases": ["c"]}})
    {'a': 'b', 'c': 'b'}
    """
    found = Aliases((name, entry) for name, entry in raw.items() if isinstance(entry, dict))
    return {**found.pointers, **found.listed}


def usable(aliases: Mapping[str, str], models: Mapping[str, Entry]) -> tuple[dict[str, str], list[str]]:
    """Return the aliases that lead to a row, and why each of the others is left out."""
    kept: dict[str, str] = {}
    left_out: list[str] = []
    for name, target in sorted(aliases.items()):
        fault = next(iter(faults(name, target, aliases, models)), None)
        if fault:
            left_out.append(f"{name} -> {target}: {fault}")
        else:
            kept[name] = target
    return kept, left_out


def faults(name: str, target: str, aliases: Mapping[str, str], models: Mapping[str, Entry]) -> Iterable[str]:
    """Yield what is wrong about an alias."""
    if name in models:
        yield "a row has that name"
    if target in aliases and target not in models:
        yield "its target is an alias itself"
    elif target not in models:
        yield "no row has the name of its target"


def as_rows(aliases: Mapping[str, str]) -> dict[str, Entry]:
    """Return the aliases as rows of the price file.

    >>> as_rows({"opus": "claude-opus-5-5"})
    {'opus': {'alias_of': 'claude-opus-5-5'}}
    """
    return {name: {ALIAS_OF: target} for name, target in aliases.items()}


def split(rows: Mapping[str, Entry]) -> tuple[dict[str, Entry], dict[str, str]]:
    """Return the models and the aliases of a price file.

    >>> split({"a": {"alias_of": "b"}, "b": {"mode": "chat"}})
    ({'b': {'mode': 'chat'}}, {'a': 'b'})
    """
    models = {name: entry for name, entry in rows.items() if ALIAS_OF not in entry}
    return models, {name: entry[ALIAS_OF] for name, entry in rows.items() if name not in models}
