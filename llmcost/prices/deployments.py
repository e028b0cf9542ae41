"""Deployments: the models of a configuration, by the names that callers and responses use for them."""

from __future__ import annotations

from ..errors import UnknownModelError
from .listed import between_stars, by_seller, in_order, means, of_seller
from .spellings import is_snapshot
from .vendors import OWN_ROUTERS, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..core.term import Fee, Term
    from .layers import Layer

    Terms = tuple[Term, ...]

# The margin of every provider without one of its own, and the fallbacks of every group.
GLOBAL, EVERY = "global", "*"


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
        self.address, self.place = address, place

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

    def filled(self, name: str) -> Deployment | None:
        """Return the deployment that a wildcard alias stands for under this name; None if the name does not fit."""
        parts = between_stars(self.alias, name)
        if parts is None:
            return None
        backend = self.backend
        for part in parts:
            backend = backend.replace("*", part, 1)
        return self.behind(backend, None, name)

    def behind(self, backend: str, provider: str | None, alias: str | None = None) -> Deployment:
        """Return the same deployment with the model behind it, and its provider if none is configured."""
        return Deployment(
            alias or self.alias,
            backend,
            matched=self.matched,
            id=self.id,
            base_model=self.base_model,
            provider=self.provider or provider,
            region=self.region,
            layers=self.layers,
            terms=self.terms,
            fees=self.fees,
            address=self.address,
            place=self.place,
        )


class Choice:
    """The deployments that a name may mean, how they were found, and the configured fallback that answered, if any."""

    __slots__ = ("deployments", "fallback", "how")

    def __init__(self, how: str = "", deployments: Sequence[Deployment] = (), fallback: str | None = None) -> None:
        self.how, self.deployments, self.fallback = how, tuple(deployments), fallback

    def __bool__(self) -> bool:
        return bool(self.deployments)


class Deployments:
    """All deployments of a configuration, its aliases, and its discounts and margins by provider.

    Attributes:
        aliases: other names of models.
        of_all: the terms that it lists for all models.
        fees: the fees of one's own for all models, by name.
    """

    def __init__(
        self,
        deployments: Iterable[Deployment] = (),
        aliases: Mapping[str, str] | None = None,
        discounts: Mapping[str, Terms] | None = None,
        margins: Mapping[str, Terms] | None = None,
        fallbacks: Mapping[str, tuple[str, ...]] | None = None,
        terms: Terms = (),
        fees: Mapping[str, Fee] | None = None,
    ) -> None:
        self.of_all = terms
        self.fees: Mapping[str, Fee] = fees or {}
        self._all = tuple(deployments)
        self._fallbacks = dict(fallbacks or {})
        self.aliases = dict(aliases or {})
        self._by_alias: dict[str, list[Deployment]] = {}
        self._by_backend: dict[str, list[Deployment]] = {}
        for deployment in self._all:
            self._by_alias.setdefault(deployment.alias, []).append(deployment)
            for name in {deployment.backend, deployment.matched}:
                self._by_backend.setdefault(name, []).append(deployment)
        self._by_id = {deployment.id: deployment for deployment in self._all if deployment.id}
        # The longest pattern is the most specific.
        self._wild = sorted((d for d in self._all if d.wild), key=lambda d: len(d.alias), reverse=True)
        self._discounts = by_seller(discounts or {})
        self._margins = {family(name): terms for name, terms in (margins or {}).items()}

    def __iter__(self) -> Iterator[Deployment]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def names(self) -> str:
        """Return the names that callers may use, as text, at most ten."""
        names = [*self._by_alias, *self.aliases]
        return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")

    def by_id(self, name: str) -> Choice:
        """Return the deployment of this id."""
        return Choice(f"by its id {name!r}", (self._by_id[name],)) if name in self._by_id else Choice()

    def by_deployment(self, deployment: str, model: str | None) -> Choice:
        """Return what ``deployment=`` means: an id, an address, a backend or an alias, of the model's if any fits."""
        fitting = [d for d in self._all if deployment in {d.id, d.address, d.backend, d.matched, d.alias}]
        named = [d for d in fitting if model in {d.alias, d.backend, d.matched, d.id}]
        return Choice(f"by deployment={deployment!r}", named or fitting)

    def named(self, name: str) -> Choice:
        """Return what a caller means by a name: an id, an alias, a backend, or a wildcard that fits."""
        if name in self._by_id:
            return self.by_id(name)
        target = self.aliases.get(name, name)
        through = f", through the model_group_alias {name!r}" if target != name else ""
        if target in self._by_alias:
            return Choice(f"by its model_name {target!r}{through}", self._by_alias[target])
        if target in self._by_backend:
            return Choice(f"by its backend {target!r}{through}", self._by_backend[target])
        return self._fitting(target, through)

    def _fitting(self, name: str, through: str = "") -> Choice:
        """Return the deployments of the most specific wildcard alias that fits, with its stars filled in."""
        found: list[Deployment] = []
        pattern = ""
        for deployment in self._wild:
            if found and deployment.alias != pattern:
                break
            filled = deployment.filled(name)
            if filled is not None:
                pattern = deployment.alias
                found.append(filled)
        return Choice(f"by its wildcard {pattern!r}{through}", found) if found else Choice()

    def serving(self, response_model: str, provider: str | None = None) -> Choice:
        """Return the deployments that a response's model may come from: by alias, backend or id, else by a wildcard.

        A proxy answers with the alias, a provider with the model behind it, so that both are looked at. A wildcard
        counts only if it sets prices: what it routes to is otherwise the model itself.
        """
        if response_model in self.aliases or response_model in self._by_id:
            named = self.named(response_model)
            if named:
                return named
        full = f"{provider}/{response_model}" if provider else response_model
        found = [d for d in self._all if not (d.wild or d.routes) and d.serves(response_model, full)]
        if found:
            return Choice(f"by the response's model {response_model!r}", found)
        for name in (response_model, full):
            wild = self._fitting(name)
            if any(d.layers or d.terms or d.base_model for d in wild.deployments):
                return wild
        return Choice()

    def answering(self, choice: Choice, response_model: str, provider: str | None) -> Choice:
        """Return the deployments of a configured fallback that may have answered, if those asked for cannot have.

        Fallbacks of fallbacks are looked at in turn, the nearest first. A router has any deployment answer.
        """
        if any(d.routes for d in choice.deployments):
            return self.serving(response_model, provider) or choice
        full = f"{provider}/{response_model}" if provider else response_model
        if any(d.serves(response_model, full) for d in choice.deployments):
            return choice
        if any(d.priced_as(response_model) for d in choice.deployments):
            return choice
        groups = list(dict.fromkeys(d.alias for d in choice.deployments))
        for group in groups:  # grows while it is gone through
            for other in (*self._fallbacks.get(group, ()), *self._fallbacks.get(EVERY, ())):
                serving = [d for d in self._by_alias.get(other, ()) if d.serves(response_model, full)]
                if serving:
                    return Choice(f"by the response's model {response_model!r}, as a fallback", serving, other)
                if other not in groups:
                    groups.append(other)
        return choice

    def terms(self, provider: str | None, deployment: Deployment | None, called: str = "", row: str = "") -> Terms:
        """Return what is taken off and added, in order: discount, margin, fee.

        A deployment's own discount takes the place of its provider's, and so does its margin; the margin ``global``
        holds where a provider has none. Listed terms are beside these, if they are for a model of these names.
        """
        listed = (*(deployment.terms if deployment is not None else ()), *self.of_all)
        own = (deployment.alias, deployment.matched) if deployment is not None else ()
        known = {name for name in (called, row, *own) if name}
        found = tuple(term for term in listed if term.name and means(term, known))
        # The alias of a deployment names no model; its backend does.
        models = (row, deployment.backend, deployment.matched) if deployment is not None else (row, called or row)
        settings = self._settings(provider, deployment, models)
        return in_order((*settings, *found)) if found else settings

    def _settings(self, provider: str | None, deployment: Deployment | None, models: Iterable[str]) -> Terms:
        unnamed = tuple(term for term in deployment.terms if not term.name) if deployment is not None else ()
        owner = family(provider) if provider else ""
        own = tuple(term for term in unnamed if term.kind == "discount")
        discounts = own or of_seller(self._discounts, owner, models)
        margins = tuple(term for term in unnamed if term.kind != "discount")
        return (*discounts, *(margins or self._margins.get(owner) or self._margins.get(GLOBAL, ())))


def ambiguous(name: str, deployments: Sequence[Deployment]) -> UnknownModelError:
    """Return the error for a name if its deployments cost differently."""
    labels = [deployment.label for deployment in deployments]
    why = (
        f"{name!r} has several deployments that price differently: {'; '.join(labels)}; "
        "pass deployment= (an id, an address such as model_list[0], or a backend)"
    )
    return UnknownModelError(name, why=why, choices=labels)
