"""The names of a map by their words and letters, for hints: which of them a person may have meant by another name."""

from __future__ import annotations

import re

from .likeness import Likeness
from .makers import maker_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 5
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


class KnownNames:
    """The names that a person may have meant. They are put in order once, so that each hint takes a moment."""

    __slots__ = ("_alike", "_by_tail", "_having", "_spelled", "_written")

    def __init__(self, names: Iterable[str]) -> None:
        # What stands after the last slash -> the names; its words; and the other way round.
        self._by_tail: dict[str, list[str]] = {}
        for known in names:
            self._by_tail.setdefault(known.rpartition("/")[2].casefold(), []).append(known)
        self._spelled = {tail: _WORDS.findall(tail) for tail in self._by_tail}
        self._having: dict[str, set[str]] = {}
        self._written: dict[tuple[str, ...], list[str]] = {}
        for tail, words in self._spelled.items():
            self._written.setdefault(tuple(words), []).append(tail)
            for word in words:
                self._having.setdefault(word, set()).add(tail)
        self._alike = Likeness(self._by_tail)

    def nearest(self, name: str) -> tuple[str, ...]:
        """Return up to five known names that may have been meant: a hint for a person, never a match.

        First those that are written with other spaces, dots and dashes; then those that have every word of it (in the
        order in which they were typed, makers' own ids before others, ids without a date before snapshots, the newest
        and plainest first); then slips of the pen, what it begins with, and those that look like it.

        >>> KnownNames(["gpt-5-mini", "gpt-5", "azure/gpt-5-mini"]).nearest("gpt 5 mini")
        ('gpt-5-mini', 'gpt-5')
        >>> KnownNames(["claude-sonnet-4-5", "claude-sonnet-5-5", "claude-opus-5-5"]).nearest("sonnet")
        ('claude-sonnet-5-5', 'claude-sonnet-4-5')
        >>> KnownNames(["xai/grok-4.7", "xai/grok-4.20", "xai/grok-4-0709", "azure/grok-9"]).nearest("grok")
        ('xai/grok-4.7', 'xai/grok-4.20', 'xai/grok-4-0709', 'azure/grok-9')
        """
        bare = name.rpartition("/")[2].casefold()[:_LONGEST]
        words = _WORDS.findall(bare)
        spelled, by_tail = self._spelled, self._by_tail
        found = [self._having.get(word, set()) for word in words]
        having = sorted(
            set.intersection(*found) if found else (),
            key=lambda tail: _rank(tail, spelled[tail], words, by_tail[tail]),
        )
        tails = having[:_MOST]
        if len(tails) < _MOST:
            begun = [
                tail
                for length in range(len(words) - 1, 1, -1)
                for tail in sorted(self._written.get(tuple(words[:length]), ()))
            ]
            alike = self._alike.close(bare, _MOST, _LIKE)
            slips = [tail for likeness, tail in alike if likeness >= _SLIP]
            tails = list(dict.fromkeys((*tails, *slips, *begun, *(tail for _, tail in alike))))
        return tuple(
            min(by_tail[tail], key=lambda known: (not _of_its_maker(known), len(known), known))
            for tail in tails[:_MOST]
        )


def _rank(tail: str, found: list[str], words: list[str], names: list[str]) -> tuple[object, ...]:
    """Return what orders the names that have every word that was typed; the least stands first."""
    rest = iter(found)
    in_order = all(word in rest for word in words)
    version = _VERSION.search(tail)
    newest = -float(version[0].replace("-", ".")) if version is not None else 0.0
    more = sum(word.isalpha() for word in found)
    own = any(_of_its_maker(name) for name in names)
    return found != words, not in_order, not own, _DATED.search(tail) is not None, newest, more, tail


def _of_its_maker(name: str) -> bool:
    """Return whether a name is the id of a maker, bare or under the maker, and no other seller's."""
    head, slash, tail = name.rpartition("/")
    if ":" in name or _VENDOR.search(name):
        return False
    return not slash or head == maker_of(tail)
