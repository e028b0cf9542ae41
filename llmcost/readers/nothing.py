"""A usage of which everything is 0, beside tokens or characters that the response counts in another place.

Gateways and frameworks put counters beside those of the API, or fill the names of the API with zeros.
"""

from __future__ import annotations

from itertools import islice

from ..core.unread import add_unread
from ..core.work import is_nothing
from .unknown import ignored_anywhere, number_of, stated_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage

# What names of used tokens and characters hold or end with, as letters alone.
_INSIDE, _END = ("tokens", "tokencount", "charactercount"), "characters"
# What names of other numbers of tokens hold: limits, prices and speeds, and what a cache or a gateway spared.
_OTHERS = (
    *("max", "mintoken", "limit", "budget", "remain", "context", "quota"),
    *("price", "tokensper", "per1", "logprob", "cost"),
    *("saved", "cleared"),
)
# So many values are looked at, and so many names are told.
_MOST_VALUES, _MOST_NAMES = 1000, 8


def doubted(response: object, usage: Usage) -> Usage:
    """Return a usage without quantities; if the response counts some all the same, they are in ``unread``.

    >>> from llmcost import read_usage
    >>> told = {"billed_units": {"input_tokens": 0, "output_tokens": 0}, "tokens": {"input_tokens": 808}}
    >>> dict(read_usage({"response_id": "x", "meta": told}).unread)
    {'meta.tokens.input_tokens': 808}
    """
    if usage.free or usage.unread or usage.partial or usage.undecided is not None or not is_nothing(usage):
        return usage
    found = _tokens(response)
    if found:
        add_unread(usage, found)
    return usage


def _tokens(response: object) -> dict[str, object]:
    """Return the tokens and characters that a response counts, by their paths.

    It is a loop, since values may be nested for ever.
    """
    found: dict[str, object] = {}
    waiting, looked = [("", response)], 0
    while waiting and looked < _MOST_VALUES and len(found) < _MOST_NAMES:
        path, value = waiting.pop()
        below: list[tuple[str, object]] = []
        if isinstance(value, (list, tuple)):
            below = [(path, item) for item in value[:_MOST_VALUES]]
            looked += len(below)
        for name, inner in islice((stated_fields(value) or {}).items(), _MOST_VALUES):
            looked += 1
            if type(name) is not str or inner is None or type(inner) is str:
                continue
            place = f"{path}.{name}" if path else name
            number = number_of(inner) if _counts(name) else None
            if number is None:
                below.append((place, inner))
            else:
                found[place] = number
        waiting += reversed(below)
    return found


def _counts(name: str) -> bool:
    """Return whether a name is that of a number of tokens or characters that were used.

    >>> [_counts(name) for name in ("totalTokenCount", "inputCharacters", "max_output_tokens", "tokens_saved")]
    [True, True, False, False]
    """
    letters = "".join([letter for letter in name[-80:].lower() if letter.isalnum()])
    counts = letters.endswith(_END) or any(part in letters for part in _INSIDE)
    if not counts or letters.endswith("rate"):
        return False
    return not any(part in letters for part in _OTHERS) and not ignored_anywhere(name)
