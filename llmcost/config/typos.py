"""Keys that read like price keys and are none: which known key was most likely meant."""

from __future__ import annotations

from collections import defaultdict
from difflib import get_close_matches
from itertools import count
from typing import TYPE_CHECKING

from ..core.remembering import remembered
from ..prices.keys import known_keys, looks_like_price, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .problems import Problems

# How alike a slip of the pen and the key that was meant are: twice the letters that they share, of all they have.
_TYPO = 0.9


def unknown_key(key: str, problems: Problems) -> str | None:
    """Return what is wrong with a key that reads like a price key and is none; None for one that does not."""
    if not looks_like_price(key) and "_per_" not in key:
        return None
    return unknown((typo_of(key) or near(key)) if problems.hints else None)


def unknown(meant: str | None) -> str:
    """Return what is wrong with such a key, in words, with the key that was meant if it is known.

    >>> unknown("input_cost_per_token")
    "looks like a price key but is not one. Did you mean 'input_cost_per_token'?"
    """
    hint = f" Did you mean {meant!r}?" if meant else f" Price keys read like {', '.join(known_keys()[:2])}."
    return f"looks like a price key but is not one.{hint}"


@remembered(256)
def typo_of(key: str) -> str | None:
    """Return the known price key of which a key is most likely a slip of the pen, or None.

    >>> typo_of("input_cost_per_tokn"), typo_of("cost_center")
    ('input_cost_per_token', None)
    """
    letters = _letters(key)
    # Comparing texts is slow, and a mapping may have very many keys: first their letters are counted, in any order.
    alike = [known for known, its in _KNOWN if 2 * (letters & its).bit_count() >= _TYPO * (len(known) + len(key))]
    found = get_close_matches(key, alike, 1, _TYPO) if alike else ()
    return found[0] if found else None


@remembered(256)
def near(key: str) -> str | None:
    """Return the known price key that is nearest to a key, or None."""
    return nearest(key)


def _occurrences(text: str) -> Iterator[tuple[str, int]]:
    """Yield each letter of a text, and how often it stood before: ``("t", 0), ("o", 0), ("t", 1)``."""
    before: dict[str, Iterator[int]] = defaultdict(count)
    return ((letter, next(before[letter])) for letter in text)


# A bit for each letter of the known keys, and for each time that one of them repeats it.
_PLACES = {one: 1 << place for place, one in enumerate({one for key in known_keys() for one in _occurrences(key)})}


def _letters(text: str) -> int:
    """Return the letters of a text as bits: two texts share as many letters as they share bits."""
    found = 0
    for one in _occurrences(text):
        found |= _PLACES.get(one, 0)
    return found


_KNOWN = tuple((key, _letters(key)) for key in known_keys())
