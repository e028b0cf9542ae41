"""Terms and fees of one's own: which of them are for a model, and in which order terms are applied."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
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
