"""Terms of one's own that no call has: most likely a tag, or a meter, that is spelled in two ways."""

from __future__ import annotations

from ..core.warned import warn_caller
from ..errors import ConfigWarning

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..core.term import Term

# After so many calls for which a term stood, and which had none of its tags and meters, it is warned about.
CALLS = 1_000


def count_calls_without(terms: Iterable[Term]) -> None:
    """Count a call for those of its card's terms that no call has had yet; warn once of one without any in ``CALLS``.

    A provider's share and a deployment's own have no name: they are on every bill.
    """
    for term in terms:
        if not term.used and term.name:
            term.missed += 1
            if term.missed == CALLS:
                where = f"{term.price_key} of {term.layer}"
                said = f"the term {term.name!r} ({where}) was on none of the first {CALLS:,} calls that it could be for"
                warn_caller(f"{said}{_why(term)}", ConfigWarning)


def _why(term: Term) -> str:
    """Return what no call had: a tag, a meter, or both."""
    tags, meters = (" or ".join(sorted(words)) for words in (term.tags, term.meters))
    had, used = f"had the tag {tags}" if tags else "", f"used {meters}" if meters else ""
    why = " and ".join(filter(None, (had, used)))
    return f": none {why}" if why else ""
