"""Hints: known names that a person may have meant by an unknown one. They are shown, and never priced."""

from __future__ import annotations

import re

from ..errors import UnknownModelError, did_you_mean
from .makers import maker_of
from .names import is_provider
from .vendors import CHOSEN_BY_ROUTER, OWN_ROUTERS, ROUTER_NAMES, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .deployments import Deployment
    from .rows import Source

_MOST, _MOST_ROWS = 5, 12
# More letters than any model's name has.
_LONGEST = 80
# How alike two names are: after a slip of the pen, and if they only look similar.
_SLIP, _LIKE = 0.9, 0.6
_WORDS = re.compile(r"[0-9]+|[a-z]+")
# 5.5, 5-5 or 5, and no 70b. 4.20 is older than 4.7.
_VERSION = re.compile(r"(?<![0-9.])[0-9]{1,2}(?:[.-][0-9]{1,2})?(?![0-9.]*[0-9a-z])")
# 2024-08-06, 20240806, 09-2025, 0613.
_DATED = re.compile(r"[0-9]{4}|-[0-9]{2}-[0-9]{2}(?![0-9a-z])")
# Bedrock's ids: the vendor before a dot.
_VENDOR = re.compile(r"[a-z]\.[a-z]")


def nearest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return up to five known names that may have been meant: a hint for a person, never a match.

    First those that are written with other spaces, dots and dashes; then those that have every word of it (in the order
    in which they were typed, makers' own ids before others, ids without a date before snapshots, the newest and
    plainest first); then slips of the pen, what it begins with, and those that look like it.

    >>> nearest("gpt 5 mini", ["gpt-5-mini", "gpt-5", "azure/gpt-5-mini"])
    ('gpt-5-mini', 'gpt-5')
    >>> nearest("sonnet", ["claude-sonnet-4-5", "claude-sonnet-5-5", "claude-opus-5-5"])
    ('claude-sonnet-5-5', 'claude-sonnet-4-5')
    >>> nearest("grok", ["xai/grok-4.7", "xai/grok-4.20", "xai/grok-4-0709", "azure/grok-9"])
    ('xai/grok-4.7', 'xai/grok-4.20', 'xai/grok-4-0709', 'azure/grok-9')
    """
    bare = name.rpartition("/")[2].casefold()[:_LONGEST]
    words = _WORDS.findall(bare)
    by_tail: dict[str, list[str]] = {}
    for row in names:
        by_tail.setdefault(row.rpartition("/")[2].casefold(), []).append(row)
    spelled = {tail: _WORDS.findall(tail) for tail in by_tail}
    wanted = set(words)
    having = [tail for tail, found in spelled.items() if wanted and wanted.issubset(found)]
    having.sort(key=lambda tail: _rank(tail, spelled[tail], words, by_tail[tail]))
    begun = [tail for tail, found in spelled.items() if len(found) > 1 and found == words[: len(found)] != words]
    begun.sort(key=lambda tail: (-len(spelled[tail]), tail))
    tails = having[:_MOST]
    if len(tails) < _MOST:
        from difflib import get_close_matches

        slips = get_close_matches(bare, by_tail, _MOST, _SLIP)
        tails = list(dict.fromkeys((*tails, *slips, *begun, *get_close_matches(bare, by_tail, _MOST, _LIKE))))
    return tuple(min(by_tail[tail], key=lambda row: (not _of_its_maker(row), len(row), row)) for tail in tails[:_MOST])


def unknown_model(
    source: Source,
    names: Callable[[], Iterable[str]],
    name: str,
    provider: str | None,
    tried: list[str],
    deployment: Deployment | None = None,
) -> UnknownModelError:
    """Return the error for a name that no layer knows, with what may have been meant."""
    why = ""
    if deployment is not None:
        why = f"the deployment {deployment.label} has no prices of its own, and no price is known for {name!r}"
    target = source.aliases.pointers.get(name)
    if target is not None:
        why = f"{name!r} is an alias of {target!r} in this map, and the map has no such row: name the model"
    router = name.rpartition("/")[2] in ROUTER_NAMES or name.startswith(OWN_ROUTERS)
    sizes = [] if router else sizes_of(source, name)
    choices = () if router or sizes else tuple(hosts_of(source, name))
    if router:
        why = f"{name!r} is a router: the response names the model that answered and is billed; pass it, or that name"
    elif sizes:
        why = f"{name!r} has a price for each size: pass size=, and quality= where it has several: {_few(sizes)}"
    elif choices and name.rpartition(":")[2] in CHOSEN_BY_ROUTER:
        why = f"{name!r} leaves the host to a router, which bills its price; those that are known: {_few(choices)}"
    elif choices:
        why = f"{name!r} has no row of its own, and is sold by others: name {_few(choices)}, or pass provider="
    if provider and not why and not is_provider(source, family(provider)):
        near = did_you_mean(provider, source.index().providers)
        why = f"no row of the map has this provider.{near} No price is known for the model {name!r}"
    if "arn:" in name:
        why = f"the ARN {name!r} does not contain the model's name: pass base_model="
    hint = () if choices or router or sizes else lambda: nearest(name, names())
    return UnknownModelError(name, provider, tuple(dict.fromkeys(tried)), why, hint, choices)


def hosts_of(source: Source, name: str) -> list[str]:
    """Return the rows of an open model at its hosts, if its name leaves the choice of a host to somebody else.

    ``o/m:fastest`` leaves it to Hugging Face's router, and ``o/m`` says nothing of it.
    """
    bare = name.removeprefix("huggingface/")
    model, _, variant = bare.rpartition(":")
    routed = variant in CHOSEN_BY_ROUTER
    ending = f"/{model if routed else bare}"
    if "/" not in ending[1:]:
        return []
    found = [row for row in source.index().ending(ending) if row.endswith(ending)]
    # huggingface/<host>/<organisation>/<model>
    hosted = [row for row in found if row.startswith("huggingface/") and row.count("/") > ending.count("/")]
    return hosted if routed or bare != name else [row for row in found if row.count("/") == ending.count("/")] + hosted


def sizes_of(source: Source, name: str) -> list[str]:
    """Return the rows of an image model that has none without a size."""
    from . import images

    return sorted(images.listed(source, name).values())


def _few(rows: Sequence[str]) -> str:
    return ", ".join(rows[:_MOST_ROWS]) + (", ..." if len(rows) > _MOST_ROWS else "")


def _rank(tail: str, in_name: list[str], words: list[str], names: list[str]) -> tuple[object, ...]:
    """Return what orders the names that have every word that was typed; the least stands first."""
    rest = iter(in_name)
    in_order = all(word in rest for word in words)
    version = _VERSION.search(tail)
    newest = -float(version[0].replace("-", ".")) if version is not None else 0.0
    more = sum(word.isalpha() for word in in_name)
    of_maker = any(_of_its_maker(name) for name in names)
    return in_name != words, not in_order, not of_maker, _DATED.search(tail) is not None, newest, more, tail


def _of_its_maker(name: str) -> bool:
    """Return whether a name is the id of a maker, bare or under the maker, and no other seller's."""
    head, slash, tail = name.rpartition("/")
    if ":" in name or _VENDOR.search(name):
        return False
    return not slash or head == maker_of(tail)
