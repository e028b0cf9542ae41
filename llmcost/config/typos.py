"""Keys that read like price keys but are not: which known key was most likely meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.remembering import remembered
from ..errors import was_meant
from ..prices.key_words import meant_by
from ..prices.keys import known_keys, looks_like_price, nearest
from ..prices.likeness import Likeness

if TYPE_CHECKING:
    from .problems import Problems

# How alike a slip of the pen and the key that was meant are: twice the letters that they share, of all they have.
_TYPO = 0.9
_KNOWN = Likeness(known_keys())


def unknown_key(key: str, problems: Problems) -> str | None:
    """Return what is wrong with a key that reads like a price key but is not one; None for any other key."""
    if not looks_like_price(key) and "_per_" not in key:
        return None
    return unknown((typo_of(key) or near(key)) if problems.hints else None)


def unknown(meant: str | None) -> str:
    """Return what is wrong with such a key, in words, with the key that was meant if it is known.

    >>> unknown("input_cost_per_token")
    "looks like a price key but is not one. Did you mean 'input_cost_per_token'?"
    """
    hint = was_meant(meant) if meant else f" Price keys read like {', '.join(known_keys()[:2])}."
    return f"looks like a price key but is not one.{hint}"


@remembered(256)
def typo_of(key: str) -> str | None:
    """Return the known price key that a key is most likely a misspelling of, or None.

    >>> typo_of("input_cost_per_tokn"), typo_of("cost_center")
    ('input_cost_per_token', None)
    """
    found = _KNOWN.close(key, 1, _TYPO)
    return (meant_by(key) or found[0][1]) if found else None


@remembered(256)
def near(key: str) -> str | None:
    """Return the known price key that is nearest to a key, or None."""
    return nearest(key)
