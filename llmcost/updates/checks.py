"""Whether an update may take the place of the prices in use: what is damaged or older is refused.

What is unusual is for a person to look at first.
"""

from __future__ import annotations

import json
from decimal import Decimal

from ..core.exact import float_of
from ..errors import LLMCostError, PriceDataError, UpdateError
from ..prices import places
from ..prices.entries import compile_entry
from ..prices.history import NONE, History
from ..prices.keys import decode, is_price
from ..prices.layers import MAP
from ..prices.moments import now
from ..prices.precedence import corrects
from ..prices.rows import NO_MODELS, MapSource, checked_entries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from .differences import Change

# What one release of the data may change before a person has to say so.
MOST_CHANGED, MOST_DELETED = Decimal("0.10"), Decimal("0.01")


def validated(
    files: Mapping[str, bytes], source: str
) -> tuple[dict[str, Mapping[str, object]], dict[str, tuple[str, ...]]]:
    """Return the entries of a map, each of which can be billed by today and at every date of its history.

    And the price keys that this version does not know, with the models that have them.
    """
    unknown: dict[str, dict[str, None]] = {}
    try:
        entries = models_of(checked_entries(_read(files[places.MAP]), source))
        if not entries:
            raise UpdateError(f"{source} has no models")
        for name, entry in entries.items():
            for aside in compile_entry(entry, MAP, name).unknown:
                unknown.setdefault(aside.key, {})[name] = None
        MapSource(files[places.MAP], source).check()
        if places.HISTORY in files:
            history = History(files[places.HISTORY], source)
            for name in _read(files[places.HISTORY]):
                epochs = history.of(name)
                if epochs is NONE:
                    raise PriceDataError(f"{places.HISTORY}: {name!r} does not stand on a line of its own")
                # A model without changes has its present prices alone, which are checked above.
                for epoch in range(len(epochs.starts) + 1 if epochs.starts else 0):
                    try:
                        past = compile_entry(epochs.entry(entries.get(name, {}), epoch), MAP, name)
                    except PriceDataError as error:
                        raise PriceDataError(f"{places.HISTORY}, {name!r}: {error}") from error
                    for aside in past.unknown:
                        unknown.setdefault(aside.key, {})[name] = None
    except (LLMCostError, ValueError, RecursionError) as error:
        if isinstance(error, UpdateError):
            raise
        raise UpdateError(f"{source} is no price data: {error}") from error
    return entries, {key: tuple(names) for key, names in unknown.items()}


def disagreeing(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Return where a map or its history states two prices of one rate, in words; the first spelling counts."""
    found = []
    for name in (places.MAP, places.HISTORY):
        for model, rows in json.loads(files.get(name) or b"{}").items():
            for row in rows if isinstance(rows, list) else [rows]:
                stated: dict[object, tuple[str, object]] = {}
                for key, value in row.items():
                    if not is_price(key):
                        continue
                    first, price = stated.setdefault(decode(key), (key, value))
                    if price != value:
                        found.append(f"{model} has {first} and {key} ({name})")
    return tuple(found)


def models_of(entries: Mapping[str, Mapping[str, object]]) -> dict[str, Mapping[str, object]]:
    """Return the rows of a map that are models."""
    return {name: entry for name, entry in entries.items() if name not in NO_MODELS}


def _read(text: bytes) -> Any:
    return json.loads(text, object_pairs_hook=_unique, parse_float=float_of)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def same(files: Mapping[str, bytes], as_of: str, present: places.DataSet) -> bool:
    """Return whether an update equals the prices in use: their prices at every date, their sources and their date."""
    stated = str(present.info.get("as_of") or "")
    return as_of in {"", stated} and all(
        data == present.read(name) for name, data in files.items() if name != places.INFO
    )


def refuse_the_older(as_of: str, source: str, info: Mapping[str, object]) -> None:
    """Raise UpdateError if the update would not be used: the package or the data wheel has newer prices.

    The data wheel comes first on a day that both have, unless the update is a later release of it. ``info`` is what the
    update says of itself.
    """
    wheel, packaged = places.located(), places.PACKAGED.again()
    wheel_day, day = wheel.day if wheel is not None else "", as_of or now().date().isoformat()
    why = ""
    if as_of and as_of < packaged.day:
        why = f"older than the prices in use: the package has prices of {packaged.day}"
    elif as_of and as_of == packaged.day and corrects(packaged.info, info):
        version = packaged.info["version"]
        why = f"an earlier release of that day than the prices in use: the package has {version}"
    elif wheel is not None and wheel_day and (day < wheel_day or (day == wheel_day and not corrects(info, wheel.info))):
        why = f"not newer than the prices in use: the installed {wheel.origin} is of {wheel_day}"
    if why:
        raise UpdateError(
            f"{source} is of {as_of or 'an unknown day'}, {why}. To price by it nevertheless, name it in LLMCOST_PRICES"
        )


def why_unusual(changes: tuple[Change, ...], size: int, as_of: str, present_as_of: str) -> tuple[str, ...]:
    """Return why a person has to look at an update first."""
    changed = len({change.model for change in changes if change.kind == "changed"})
    removed = sum(change.kind == "removed" for change in changes)
    problems = []
    if as_of and as_of < present_as_of:
        problems.append(f"it is of {as_of}, older than the prices in use, of {present_as_of}")
    if changed > MOST_CHANGED * size:
        problems.append(f"it changes the prices of {changed} of {size} models")
    if removed > MOST_DELETED * size:
        problems.append(f"it deletes {removed} of {size} models")
    return tuple(problems)
