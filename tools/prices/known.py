"""Since when each price is known. The day on which a model was born does not state its price.

The history claims a price for a day if something dated states it: a change whose day a curator dated, or the first
locked release of litellm from which on every release states the same. Between the last release with the old price and
a change that somebody only noticed, either of the two may hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from llmcost.prices.history import Epochs
from llmcost.prices.moments import instant

from .entries import BLOCKS, is_token_price, price_keys
from .findings import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from .entries import Entry

    Rows = list[dict[str, Any]]
    # (day, name, models), the oldest first.
    Releases = Sequence[tuple[str, str, Mapping[str, Entry]]]
    # Model -> the keys whose price comes from another source than litellm, whose releases do not state it.
    Elsewhere = Callable[[str], Collection[str]]

# Marks a row, while it is built, whose day is only a bound: somebody saw the new price on it.
BOUND = "bound"
# How sure a row has to be of its day; and how it is where a page of the maker states it, and where a list contradicts.
DATED = frozenset({"high", "medium-high"})
_PAGE, _DOUBTED = "high", "medium"
# What a list has to state of a model that is sold by the token. Tiers, fees and longer cache writes come into lists
# long after they are sold.
_NEEDED = re.compile(
    "(?:(?:in|out)put_cost_per_token|cache_(?:read|creation)_input_token_cost)(?:_above_[0-9]+k_tokens)?"
)
_LATE = re.compile("_(?:flex|priority|batches|balanced|ultrafast|decisions)$|search|grounding|reasoning|_above_1|1k_")


@dataclass
class Known:
    """What was marked."""

    # Models of which a price list is the first witness.
    first_seen: int = 0
    # Changes between two lists, whose day lies between them.
    between: int = 0


def mark_known(
    models: Mapping[str, Entry],
    history: dict[str, Rows],
    releases: Releases,
    elsewhere: Elsewhere,
    as_of: str,
    meant: Mapping[str, str] | None = None,
    doubtful: Collection[str] = (),
) -> Known:
    """Write into the history since when each price is known, in place.

    ``as_of`` is the day of the newest source, which states the price of every row. ``meant`` maps an alias to the dated
    id that it means: a list with one of the two states the price of both. The lists are no evidence for ``doubtful``
    models.
    """
    result = Known()
    for model_id, entry in models.items():
        rows = history.get(model_id, [])
        lists = _of(model_id, releases, meant or {})
        marked = _marked(model_id, entry, rows, lists, elsewhere, as_of)
        if model_id in doubtful:
            marked = [row for row in marked if "seen" not in row]
        result.first_seen += any("seen" in row for row in marked)
        result.between += sum("after" in row for row in marked)
        if marked:
            history[model_id] = marked
    return result


def _of(model_id: str, releases: Releases, meant: Mapping[str, str]) -> list[tuple[str, str, list[Entry]]]:
    """Return what the releases list of a model: its own row, and that of the id that it means."""
    names = dict.fromkeys((model_id, meant.get(model_id, model_id)))
    found = [(day, label, [models[name] for name in names if name in models]) for day, label, models in releases]
    return [release for release in found if release[2]]


def _marked(
    model_id: str,
    entry: Entry,
    rows: Rows,
    lists: Sequence[tuple[str, str, Sequence[Entry]]],
    elsewhere: Elsewhere,
    as_of: str,
) -> Rows:
    """Return the rows of one model with the days on which its prices are first stated."""
    if rows and "born" in rows[0] and rows[0]["from"][:10] > as_of:
        # The model is younger than every source, so that no source states an earlier price.
        return list(rows)
    past = [row for row in rows if row["from"][:10] <= as_of]
    epochs = Epochs([{key: value for key, value in row.items() if key != BOUND} for row in past])
    marked: Rows = []
    for number in range(len(past) + 1):
        row = past[number - 1] if number else None
        ends = past[number] if number < len(past) else None
        price = epochs.entry(entry, number)
        before = [epochs.entry(entry, earlier) for earlier in range(number)]
        since = row["from"] if row is not None and row["conf"] in DATED else ""
        source = last = ""
        for day, name, listed in lists:
            if (row is not None and instant(day) < instant(row["from"])) or (
                ends is not None and instant(day) >= instant(ends["from"])
            ):
                continue
            stated = _any_states(listed, price, before, elsewhere(model_id))
            if stated:
                since, source = (since, source) if since else (day, name)
                last = day
            elif stated is False and not _stated_by_the_maker(row or {}):
                since = source = last = ""
        if ends is None and not since and (entry.get("retired_on", "9999") > as_of):
            since, source = as_of, "the newest list"
        if row is not None:
            kept = {key: value for key, value in row.items() if key != BOUND}
            # A later list states another price, so that the day of the change is in doubt.
            doubted = kept["conf"] in DATED and since != row["from"]
            marked.append(kept | ({"conf": _DOUBTED} if doubted else {}))
        if since and (row is None or since != row["from"]) and price_keys(price):
            marked.append({"from": since, "seen": True, "src": source})
        after = last or (row["from"] if row is not None else "")
        if ends is not None and BOUND in ends and after:
            ends["after"] = after
    return [*marked, *rows[len(past) :]]


def _stated_by_the_maker(row: Mapping[str, Any]) -> bool:
    return row.get("conf") == _PAGE and "born" not in row


def _any_states(listed: Sequence[Entry], price: Entry, before: Sequence[Entry], skip: Collection[str]) -> bool | None:
    """Return what ``states`` returns for the rows of one list together: one row that states the price is enough."""
    found = [states(row, price, before, skip) for row in listed]
    return True if True in found else found[0]


def states(listed: Entry, price: Entry, before: Sequence[Entry], skip: Collection[str]) -> bool | None:
    """Return whether a list states a price; None if it states a former one, or nothing that can be compared."""
    keys = {key for key in (*price, *listed) if _counts(key) and key not in skip}
    unlike = {key for key in keys if _unlike(listed, price, key)}
    if not any(_value(listed, key) is not None for key in keys):
        return None
    if not unlike:
        return True
    late = all(any(not _unlike(listed, former, key) for former in before) for key in unlike)
    return None if late else False


def _counts(key: str) -> bool:
    return (is_token_price(key) or "_per_" in key or key in BLOCKS) and not _LATE.search(key)


def _unlike(listed: Entry, price: Entry, key: str) -> bool:
    """Return whether two entries differ in a price. One that lists often leave out differs only if both state it."""
    theirs, ours = _value(listed, key), _value(price, key)
    if theirs == ours:
        return False
    return _NEEDED.fullmatch(key) is not None or (theirs is not None and ours is not None)


def _value(entry: Entry, key: str) -> Any:
    value = entry.get(key)
    # In a list a 0 stands for a price that it does not state.
    return None if value == 0 else value


def check_known(
    models: Mapping[str, Entry],
    history: Mapping[str, Rows],
    releases: Releases,
    elsewhere: Elsewhere,
    meant: Mapping[str, str] | None = None,
) -> Iterator[Finding]:
    """E47: what the history claims to be exact on the day of a locked release is what that release states.

    A release that still has the price of before a dated change is late; a page of the maker is worth more than a list.
    """
    for model_id, rows in history.items():
        epochs = Epochs(list(rows))
        changes = [row for row in rows if "seen" not in row]
        entry = models[model_id]
        for day, name, listed in _of(model_id, releases, meant or {}):
            at = instant(day)
            if epochs.basis_at(at) != "exact":
                continue
            number = epochs.at(at)
            row = changes[number - 1] if number else {}
            if _stated_by_the_maker(row):
                continue
            former = [epochs.entry(entry, earlier) for earlier in range(number)]
            price = epochs.entry(entry, number)
            if _any_states(listed, price, former, elsewhere(model_id)) is False:
                keys = sorted(k for k in {*price, *listed[0]} if _counts(k) and _unlike(listed[0], price, k))
                yield Finding("E47", model_id, f"{name} of {day} states another {', '.join(keys)}")
