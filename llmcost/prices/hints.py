"""Hints: known names that a person may have meant by an unknown one. They are shown, and never priced."""

from __future__ import annotations

from ..errors import UnknownModelError, did_you_mean
from . import bedrock_names
from .names import is_provider
from .vendors import CHOSEN_BY_ROUTER, OWN_ROUTERS, ROUTER_NAMES, family

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .deployment import Deployment
    from .rows import Source

_MOST_ROWS = 12


def unknown_model(
    source: Source,
    own: Source,
    name: str,
    provider: str | None,
    tried: list[str],
    deployment: Deployment | None = None,
) -> UnknownModelError:
    """Return the error for a name that no layer knows, with what may have been meant."""
    hint = Hint(source, own, name, provider, deployment)
    return UnknownModelError(name, provider, tuple(dict.fromkeys(tried)), hint.why, hint.nearest, hint.choices)


class Hint:
    """What may have been meant by a name that no layer knows: worked out once, when somebody reads it."""

    __slots__ = ("_deployment", "_name", "_own", "_provider", "_said", "_source")

    def __init__(
        self, source: Source, own: Source, name: str, provider: str | None, deployment: Deployment | None
    ) -> None:
        self._source, self._own, self._name, self._provider = source, own, name, provider
        self._deployment = deployment
        self._said: tuple[str, tuple[str, ...], tuple[str, ...]] | None = None

    def why(self) -> str:
        """Return why the name has no price; "" where the map does not say."""
        return self._all()[0]

    def nearest(self) -> tuple[str, ...]:
        """Return the known names that look like it."""
        return self._all()[1]

    def choices(self) -> tuple[str, ...]:
        """Return what the caller has to choose between."""
        return self._all()[2]

    def _all(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        if self._said is None:
            self._said = self._work_out()
        return self._said

    def _work_out(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        source, name, provider, deployment = self._source, self._name, self._provider, self._deployment
        why = ""
        if deployment is not None:
            why = f"the deployment {deployment.label} has no prices of its own, and no price is known for {name!r}"
        target = source.aliases.pointers.get(name)
        if target is not None:
            why = f"{name!r} is an alias of {target!r} in this map, and the map has no such row: name the model"
        router = name.rpartition("/")[2] in ROUTER_NAMES or name.startswith(OWN_ROUTERS)
        sizes = [] if router else sizes_of(source, name)
        choices = () if router or sizes else tuple(hosts_of(source, name))
        if router:
            why = (
                f"{name!r} is a router: the response names the model that answered and is billed; pass it, or that name"
            )
        elif sizes:
            why = f"{name!r} has a price for each size: pass size=, and quality= where it has several: {_few(sizes)}"
        elif choices and name.rpartition(":")[2] in CHOSEN_BY_ROUTER:
            why = f"{name!r} leaves the host to a router, which bills its price; those that are known: {_few(choices)}"
        elif choices:
            why = f"{name!r} has no row of its own, and is sold by others: name {_few(choices)}, or pass provider="
        if provider and not why and not is_provider(source, family(provider)):
            near = did_you_mean(provider, source.index().providers)
            why = f"no row of the map has this provider.{near} No price is known for the model {name!r}"
        rows = bedrock_names.rows_of(source, name) if provider == "bedrock" and name.startswith("claude-") else []
        if rows and not why:
            choices = tuple(rows)
            why = f"Bedrock's price of {name!r} depends on the profile that was called: name {_few(rows)}"
        if "arn:" in name:
            why = f"the ARN {name!r} does not contain the model's name: pass base_model="
        if choices or router or sizes:
            return why, (), choices
        return why, source.index().known_names(self._own.index()).nearest(name), ()


def hosts_of(source: Source, name: str) -> list[str]:
    """Return the rows of an open model at its hosts, if its name leaves the choice of a host to somebody else.

    ``o/m:fastest`` leaves it to Hugging Face's router, and ``o/m`` says nothing of it.
    """
    bare = name.removeprefix("huggingface/")
    model, _, variant = bare.rpartition(":")
    routed = variant in CHOSEN_BY_ROUTER
    ending = f"/{model if routed else bare}"
    if "/" not in ending[1:]:
        return []
    found = [row for row in source.index().ending(ending) if row.endswith(ending)]
    # huggingface/<host>/<organisation>/<model>
    hosted = [row for row in found if row.startswith("huggingface/") and row.count("/") > ending.count("/")]
    return hosted if routed or bare != name else [row for row in found if row.count("/") == ending.count("/")] + hosted


def sizes_of(source: Source, name: str) -> list[str]:
    """Return the rows of an image model that has none without a size."""
    from . import images

    return sorted(images.listed(source, name).values())


def _few(rows: Sequence[str]) -> str:
    return ", ".join(rows[:_MOST_ROWS]) + (", ..." if len(rows) > _MOST_ROWS else "")
