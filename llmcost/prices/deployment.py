"""A deployment: one model of a configuration, by the names that callers and responses use for it."""

from __future__ import annotations

from copy import copy

from .listed import between_stars
from .spellings import is_snapshot
from .vendors import OWN_ROUTERS, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..core.term import Fee, Term
    from .layers import Layer

    Terms = tuple[Term, ...]


class Deployment:
    """One entry of a configuration's ``model_list``.

    Attributes:
        alias: the name that callers use (``model_name``).
        backend: the model behind it (``litellm_params.model``), as it is shown.
        matched: the same, as responses and callers name it: what a reference to a variable stands for, which is never
            shown.
        id: ``model_info.id``, or None.
        base_model: the entry that it is priced as where it has no own prices, or None.
        provider: the provider of the backend where the configuration names it, or None.
        region: where it runs, or None.
        service_tier: the word for the tier that it requests of its provider, or None.
        layers: its own prices, strongest first.
        terms: its own discount, margin and fee, and those that it lists by name.
        fees: its fees of one's own, by name.
        address: what it is called in reports, such as ``model_list[2]``.
        place: its file and line, such as ``config.yaml:12``.
    """

    __slots__ = (
        "address",
        "alias",
        "backend",
        "base_model",
        "fees",
        "id",
        "layers",
        "matched",
        "place",
        "provider",
        "region",
        "service_tier",
        "terms",
    )

    def __init__(
        self,
        alias: str,
        backend: str,
        *,
        matched: str | None = None,
        id: str | None = None,
        base_model: str | None = None,
        provider: str | None = None,
        region: str | None = None,
        service_tier: str | None = None,
        layers: tuple[Layer, ...] = (),
        terms: Terms = (),
        fees: Mapping[str, Fee] | None = None,
        address: str = "",
        place: str = "",
    ) -> None:
        self.fees: Mapping[str, Fee] = fees or {}
        self.alias, self.backend, self.id, self.base_model = alias, backend, id, base_model
        self.matched = matched or backend
        self.provider, self.region, self.layers, self.terms = provider, region, layers, terms
        self.address, self.place, self.service_tier = address, place, service_tier

    @property
    def label(self) -> str:
        """How a person tells it from the others: its id, or where it stands; and its backend."""
        return f"{self.id or self.address} ({self.backend})"

    @property
    def wild(self) -> bool:
        """Whether its alias stands for many names (``openai/*``)."""
        return "*" in self.alias

    @property
    def routes(self) -> bool:
        """Whether it is a router of LiteLLM's, which calls one of the other deployments."""
        return self.backend.startswith(OWN_ROUTERS)

    def serves(self, response_model: str, full: str) -> bool:
        """Return whether a response may come from it; ``full`` is the response's model with its provider."""
        model = self.matched.partition("/")[2] or self.matched
        known = {self.alias, self.matched, model}
        return response_model in known or full in known or is_snapshot(response_model, model)

    def priced_as(self, response_model: str) -> bool:
        """Return whether its ``base_model`` is the model of a response, in any of its versions."""
        base = (self.base_model or "").rpartition("/")[2]
        return response_model == base or is_snapshot(response_model, base)

    @property
    def seller(self) -> str:
        """Who sells what stands behind it: the provider that is configured, else the prefix of the model, or ""."""
        return family(self.provider or (self.matched.partition("/")[0] if "/" in self.matched else ""))

    @property
    def sets(self) -> bool:
        """Whether what it says changes what a model costs."""
        return bool(self.layers or self.terms or self.base_model or self.service_tier)

    def called(self, name: str) -> Deployment | None:
        """Return the deployment that a wildcard alias stands for under this name; None if the name does not fit."""
        return self._filled(between_stars(self.alias, name))

    def calling(self, model: str) -> Deployment | None:
        """Return the deployment of a wildcard alias that calls this model, with its provider; None if none does."""
        return self._filled(between_stars(self.matched, model)) if "*" in self.matched else None

    def _filled(self, parts: Sequence[str] | None) -> Deployment | None:
        if parts is None:
            return None
        alias, backend, matched = (_fill(text, parts) for text in (self.alias, self.backend, self.matched))
        return self.behind(backend, None, alias, matched)

    def behind(
        self, backend: str, provider: str | None, alias: str | None = None, matched: str | None = None
    ) -> Deployment:
        """Return the same deployment with the model behind it, and its provider if none is configured."""
        found = copy(self)
        found.alias, found.backend = alias or self.alias, backend
        found.matched, found.provider = matched or self.matched, self.provider or provider
        return found


def _fill(pattern: str, parts: Sequence[str]) -> str:
    """Return a pattern with a part in the place of each star.

    >>> _fill("openai/*", ["gpt-4o"]), _fill("openai/gpt-4o", ["mini"])
    ('openai/gpt-4o', 'openai/gpt-4o')
    """
    for part in parts:
        pattern = pattern.replace("*", part, 1)
    return pattern
