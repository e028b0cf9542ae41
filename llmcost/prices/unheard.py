"""Names that share no word with any row of a map: they are unknown, and why is looked for when somebody reads it."""

from __future__ import annotations

from ..errors import UnknownModelError
from .rewrites import NAMED_BY_SELLER
from .vendors import family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .asked import Asked
    from .resolve import Resolver
    from .rows import Source


def is_unheard(source: Source, asked: Asked) -> bool:
    """Return whether no name of a question may mean a row, so that no rule has to be tried."""
    if asked.base_model is not None or asked.deployment is not None:
        return False
    for seller in (asked.provider, asked.response_provider, asked.named_provider):
        if seller is not None and family(seller) in NAMED_BY_SELLER:
            return False
    names = [name for name in (asked.model, asked.response_model) if name is not None]
    return bool(names) and not any(map(source.index().may_mean, names))


def error_of(resolver: Resolver, asked: Asked) -> UnknownModelError:
    """Return the error of such a question, of which the details are looked for when they are read."""

    def found() -> UnknownModelError:
        try:
            resolver.stack(asked, priced=False)
        except UnknownModelError as error:
            return error.again()
        return UnknownModelError(name)

    name = asked.model or asked.response_model or ""
    return UnknownModelError.later(name, found)
