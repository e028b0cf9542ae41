"""Deployments: the models of a configuration, by the names that callers and responses use for them."""

from __future__ import annotations

from ..errors import UnknownModelError
from .names import is_snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ..core.ratecard import Term
    from .layers import Layer


class Deployment:
    """One entry of a configuration's ``model_list``.

    Attributes:
        alias: the name that callers use (``model_name``).
        backend: the model behind it (``litellm_params.model``).
        id: ``model_info.id``, or None.
        base_model: the entry that it is priced as where it has no own prices, or None.
        provider: the provider of the backend, or None.
        layers: its own prices, strongest first.
        terms: discounts, margins and fees.
        address: where it stands, such as ``model_list[2]``.
    """

    __slots__ = ("address", "alias", "backend", "base_model", "id", "layers", "provider", "terms")

    def __init__(
        self,
        alias: str,
        backend: str,
        *,
        id: str | None = None,
        base_model: str | None = None,
        provider: str | None = None,
        layers: tuple[Layer, ...] = (),
        terms: tuple[Term, ...] = (),
        address: str = "",
    ) -> None:
        self.alias, self.backend, self.id, self.base_model = alias, backend, id, base_model
        self.provider, self.layers, self.terms, self.address = provider, layers, terms, address

    @property
    def label(self) -> str:
        """How a person tells it from the others."""
        return f"{self.id or self.address} ({self.backend})"


class Deployments:
    """All deployments of a configuration."""

    def __init__(self, deployments: Iterable[Deployment] = (), aliases: dict[str, str] | None = None) -> None:
        self._all = tuple(deployments)
        self._aliases = dict(aliases or {})
        self._by_name: dict[str, list[Deployment]] = {}
        for deployment in self._all:
            for name in {deployment.alias, deployment.backend}:
                self._by_name.setdefault(name, []).append(deployment)
        self._by_id = {deployment.id: deployment for deployment in self._all if deployment.id}

    def __iter__(self) -> Iterable[Deployment]:  # type: ignore[misc]
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def by_id(self, name: str) -> Deployment | None:
        """Return the deployment of this id."""
        return self._by_id.get(name)

    def named(self, name: str, deployment: str | None = None) -> tuple[Deployment, ...]:
        """Return the deployments that a caller may mean by a name: an id, an alias, a backend, or a wildcard."""
        if deployment is not None:
            found = tuple(d for d in self._all if deployment in {d.id, d.backend, d.address, d.alias})
            return tuple(d for d in found if name in {"", d.alias, d.backend}) or found
        if name in self._by_id:
            return (self._by_id[name],)
        name = self._aliases.get(name, name)
        found = tuple(d for d in self._by_name.get(name, ()) if d.alias == name)
        return found or tuple(self._by_name.get(name, ())) or self._wild(name)

    def _wild(self, name: str) -> tuple[Deployment, ...]:
        """Return the deployments of the longest wildcard alias (``openai/*``) that fits, with the star filled in."""
        fitting = [d for d in self._all if d.alias.endswith("*") and name.startswith(d.alias[:-1])]
        longest = max((len(d.alias) for d in fitting), default=0)
        return tuple(
            Deployment(
                name,
                d.backend[:-1] + name[len(d.alias) - 1 :] if d.backend.endswith("*") else d.backend,
                id=d.id,
                base_model=d.base_model,
                provider=d.provider,
                layers=d.layers,
                terms=d.terms,
                address=d.address,
            )
            for d in fitting
            if len(d.alias) == longest
        )

    def serving(self, response_model: str) -> tuple[Deployment, ...]:
        """Return the deployments whose backend a response's model may come from."""
        return tuple(
            d
            for d in self._all
            if response_model in {d.backend, d.backend.partition("/")[2]}
            or is_snapshot(response_model, d.backend.partition("/")[2] or d.backend)
        )


def ambiguous(name: str, found: Sequence[Deployment]) -> UnknownModelError:
    """Return the error for a name whose deployments price differently."""
    labels = "; ".join(deployment.label for deployment in found)
    return UnknownModelError(
        name,
        why=f"{name!r} has several deployments that price differently: {labels}; pass deployment= (an id or a backend model)",
    )
