"""Deployments: all models of a configuration, its aliases, its fallbacks and its terms."""

from __future__ import annotations

from ..errors import UnknownModelError
from .listed import by_seller, in_order, means, of_seller
from .vendors import family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ..core.term import Fee, Term
    from .deployment import Deployment

    Terms = tuple[Term, ...]

# The margin of every provider without one of its own, and the fallbacks of every group.
GLOBAL, EVERY = "global", "*"


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
        request_tiers: whether a deployment requests a tier of its provider.
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
        regions: Mapping[str, str] | None = None,
    ) -> None:
        self.of_all = terms
        self._regions = dict(regions or {})
        self.fees: Mapping[str, Fee] = fees or {}
        self._all = tuple(deployments)
        self.request_tiers = any(deployment.service_tier for deployment in self._all)
        self._fallbacks = dict(fallbacks or {})
        self.aliases = dict(aliases or {})
        self._by_alias: dict[str, list[Deployment]] = {}
        self._by_backend: dict[str, list[Deployment]] = {}
        self._by_any: dict[str | None, list[Deployment]] = {}
        for deployment in self._all:
            self._by_alias.setdefault(deployment.alias, []).append(deployment)
            backends = {deployment.backend, deployment.matched}
            for name in backends:
                self._by_backend.setdefault(name, []).append(deployment)
            for any_name in {deployment.id, deployment.address, deployment.alias, *backends}:
                self._by_any.setdefault(any_name, []).append(deployment)
        self._by_id = {deployment.id: deployment for deployment in self._all if deployment.id}
        self._wild = [deployment for deployment in self._all if deployment.wild]
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
        fitting = self._by_any.get(deployment, ())
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
        pattern, found = _most_specific((d.alias, d.called(name)) for d in self._wild)
        return Choice(f"by its wildcard {pattern!r}{through}", found) if found else Choice()

    def _calling(self, models: Iterable[str]) -> list[Deployment]:
        """Return the deployments of wildcard aliases that call one of these models, of the most specific backend."""
        return [one for model in models for one in _most_specific((d.matched, d.calling(model)) for d in self._wild)[1]]

    def sellers(self) -> tuple[str, ...]:
        """Return the words for the sellers whose models its wildcard aliases call."""
        return tuple(dict.fromkeys(d.matched.partition("/")[0] for d in self._wild if "/" in d.matched))

    def serving(self, response_model: str, provider: str | None = None, sellers: Iterable[str] = ()) -> Choice:
        """Return the deployments that a response's model may come from: by alias, backend or id, else by a wildcard.

        A proxy answers with the alias, a provider with the model behind it, so that both are looked at. A wildcard
        counts only if it sets prices: what it routes to is otherwise the model itself. ``sellers`` are the words for
        those who sell the model of this name: any of them may have answered where the provider is not known.
        """
        if response_model in self.aliases or response_model in self._by_id:
            named = self.named(response_model)
            if named:
                return named
        full = f"{provider}/{response_model}" if provider else response_model
        how = f"by the response's model {response_model!r}"
        serving = [d for d in self._all if not d.routes and d.serves(response_model, full)]
        found = [d for d in serving if not d.wild]
        if found:
            return Choice(how, found)
        called = self._calling([full] if provider else [f"{seller}/{response_model}" for seller in sellers])
        wild = (self._fitting(response_model), self._fitting(full), Choice(how, [*serving, *called]))
        return next((choice for choice in wild if any(d.sets for d in choice.deployments)), Choice())

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

    def region(self, seller: str | None) -> str | None:
        """Return where the calls to a seller run if no deployment takes them, or None."""
        return self._regions.get(family(seller)) if seller else None

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


def _most_specific(filled: Iterable[tuple[str, Deployment | None]]) -> tuple[str, list[Deployment]]:
    """Return the longest pattern that fits, and every deployment that has it."""
    fitting = [(pattern, one) for pattern, one in filled if one is not None]
    # The longest pattern is the most specific.
    longest = max((pattern for pattern, _ in fitting), key=len, default="")
    return longest, [one for pattern, one in fitting if pattern == longest]


def ambiguous(name: str, deployments: Sequence[Deployment]) -> UnknownModelError:
    """Return the error for a name if its deployments cost differently."""
    labels = [deployment.label for deployment in deployments]
    why = (
        f"{name!r} has several deployments that price differently: {'; '.join(labels)}; "
        "pass deployment= (an id, an address such as model_list[0], or a backend)"
    )
    return UnknownModelError(name, why=why, choices=labels)
