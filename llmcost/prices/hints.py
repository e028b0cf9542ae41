"""Hints: known names that a person may have meant by an unknown one. They are shown, and never priced."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 5
# More letters than any model's name has.
_LONGEST = 80
_WORDS = re.compile(r"[0-9]+|[a-z]+")
# Bedrock's ids: the vendor before a dot.
_VENDOR = re.compile(r"[a-z]\.[a-z]")


def nearest(name: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return up to five known names that may have been meant: a hint for a person, never a match.

    First those that are written with other spaces, dots and dashes; then those that have every word of it, the newest
    and plainest first; then what it begins with; then those that look like it.

    >>> nearest("gpt 5 mini", ["gpt-5-mini", "gpt-5", "azure/gpt-5-mini"])
    ('gpt-5-mini', 'gpt-5')
    >>> nearest("sonnet", ["claude-sonnet-4-5", "claude-sonnet-5-5", "claude-opus-5-5"])
    ('claude-sonnet-5-5', 'claude-sonnet-4-5')
    """
    bare = name.rpartition("/")[2].casefold()[:_LONGEST]
    words = _WORDS.findall(bare)
    by_tail: dict[str, list[str]] = {}
    for known in names:
        by_tail.setdefault(known.rpartition("/")[2].casefold(), []).append(known)
    spelled = {tail: _WORDS.findall(tail) for tail in by_tail}
    same = sorted(tail for tail, found in spelled.items() if words and found == words)
    wanted = set(words)
    having = [tail for tail, found in spelled.items() if wanted and wanted.issubset(found) and tail not in same]
    having.sort(key=lambda tail: (*_plainness(tail, by_tail[tail]), _newest(spelled[tail]), tail))
    begun = [tail for tail, found in spelled.items() if len(found) > 1 and found == words[: len(found)] != words]
    begun.sort(key=lambda tail: (-len(spelled[tail]), tail))
    tails = [*same, *having[:_MOST], *begun]
    if len(tails) < _MOST:
        from difflib import get_close_matches

        tails += [tail for tail in get_close_matches(bare, by_tail, _MOST, 0.6) if tail not in tails]
    return tuple(min(by_tail[tail], key=lambda known: (len(known), known)) for tail in tails[:_MOST])


# Where Hugging Face's router chooses the host. https://huggingface.co/docs/inference-providers
CHOSEN_BY_ROUTER = frozenset({"fastest", "cheapest", "preferred"})


def hosts_of(name: str, names: Iterable[str]) -> list[str]:
    """Return the rows of a model at the hosts of Hugging Face's router, where its name leaves the choice to that.

    >>> hosts_of("o/m:fastest", ["huggingface/novita/o/m", "huggingface/nebius/o/m", "huggingface/novita/o/n"])
    ['huggingface/novita/o/m', 'huggingface/nebius/o/m']
    """
    model, _, variant = name.removeprefix("huggingface/").rpartition(":")
    if variant not in CHOSEN_BY_ROUTER:
        return []
    return [row for row in names if row.startswith("huggingface/") and row.split("/", 2)[-1] == model]


def _plainness(tail: str, names: list[str]) -> tuple[bool, bool]:
    """Return what puts a maker's own id before a reseller's, and an id without a date before its snapshots."""
    dated = any(len(word) >= 6 for word in re.findall("[0-9]+", tail)) or re.search("20[0-9]{2}-[0-9]{2}", tail)
    return all("/" in name or ":" in name or _VENDOR.search(name) for name in names), bool(dated)


def _newest(words: list[str]) -> tuple[int, ...]:
    """Return what puts a higher version first."""
    return (*(-int(word) for word in words if word.isdecimal() and len(word) < 4), 0)
