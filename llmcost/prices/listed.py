"""Terms and fees of one's own: which of them are for a model, and in which order terms are applied."""

from __future__ import annotations

from .vendors import BY_REGION, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Protocol

    from ..core.term import Fee, Term
    from .layers import Layer

    Terms = tuple[Term, ...]

    class HasFees(Protocol):
        """A deployment, or all of them."""

        fees: Mapping[str, Fee]


def means(term: Term, names: Iterable[str]) -> bool:
    """Return whether a term is for a model that has one of these names."""
    return not term.models or any(
        name == model or ("*" in model and between_stars(model, name) is not None)
        for model in term.models
        for name in names
    )


def by_seller(shares: Mapping[str, Terms]) -> dict[str, Terms]:
    """Return terms by seller, and by what of it they are for: ``openai``, ``openai/gpt-4*``."""
    found = {}
    for name, terms in shares.items():
        provider, slash, models = name.partition("/")
        found[family(provider) + slash + models] = terms
    return found


def of_seller(shares: Mapping[str, Terms], seller: str, names: Iterable[str]) -> Terms:
    """Return the terms of a seller for a model that has these names, the strongest first.

    A model's own come before those of a pattern, and those before the seller's. Of several patterns the one counts
    that says the most letters. https://docs.litellm.ai/docs/proxy/provider_discounts
    """
    models = [key.partition("/")[2] for key in shares if key.startswith(f"{seller}/")]
    if models:
        bare = [name for full in names for name in _as_sold(full, seller)]
        exact = [name for name in bare if name in models]
        fitting = exact or sorted((m for m in models if _fits(m, bare)), key=_letters, reverse=True)
        if fitting:
            return shares[f"{seller}/{fitting[0]}"]
    return shares.get(seller, ())


def _as_sold(name: str, seller: str) -> Iterator[str]:
    """Yield a name without its seller, and without the region that follows it in some maps."""
    first, slash, rest = name.partition("/")
    while slash and family(first) == seller:
        name = rest
        first, slash, rest = name.partition("/")
    yield name
    if slash and seller in BY_REGION:
        yield rest


def _fits(pattern: str, names: Iterable[str]) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(name, pattern) for name in names)


def _letters(pattern: str) -> int:
    """Return how many letters of a pattern stand for themselves: none of ``*``, ``?`` and ``[...]`` does.

    >>> _letters("gpt-4*"), _letters("gpt-[45]?")
    (5, 4)
    """
    import re

    return len(re.sub(r"\[[^]]*\]|[*?]", "", pattern))


_ORDER = {"discount": 0, "margin": 1, "fee": 2}


def in_order(terms: Iterable[Term]) -> Terms:
    """Return terms as they are applied: discounts, then margins, then fees."""
    return tuple(sorted(terms, key=lambda term: _ORDER[term.kind]))


def with_rows(terms: Terms, layers: Iterable[Layer], names: Iterable[str | None]) -> Terms:
    """Return terms, and the terms of own rows that are for a model of one of ``names``."""
    known = {name for name in names if name}
    listed = [term for layer in layers if layer.contract is not None for term in layer.contract.terms]
    return in_order((*terms, *(term for term in listed if means(term, known))))


def fees_of(deployments: HasFees | None, deployment: HasFees | None, layers: Iterable[Layer]) -> Mapping[str, Fee]:
    """Return the own fees by name. A fee of the deployment is stronger than one of a row, and that than one for all."""
    found: dict[str, Fee] = dict(deployments.fees) if deployments is not None else {}
    for layer in reversed(tuple(layers)):
        if layer.contract is not None:
            found.update(layer.contract.fees)
    return found | dict(deployment.fees) if deployment is not None else found


def between_stars(pattern: str, name: str) -> list[str] | None:
    """Return what each star of a pattern stands for in a name, or None if the name does not fit.

    >>> between_stars("openai/*", "openai/gpt-4o"), between_stars("openai/*", "gpt-4o")
    (['gpt-4o'], None)
    """
    first, *middle, last = pattern.split("*")
    if not name.startswith(first):
        return None
    rest = name[len(first) :]
    found = []
    for part in middle:
        before, part_found, rest = rest.partition(part) if part else ("", "", rest)
        if part_found != part:
            return None
        found.append(before)
    if not rest.endswith(last):
        return None
    return [*found, rest[: len(rest) - len(last)]]
