"""Which names stand for which models, and which models answer where others fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..prices.deployments import EVERY
from . import models
from .environment import is_reference
from .structure import checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .document import Node
    from .problems import Problems


def priced_under(model: str, provider: str | None, seller: str) -> str:
    """Return the model that ``seller`` serves under the provider whose rows price it; as it is if none is named.

    >>> priced_under("openai/gpt-4o", "azure", "openai"), priced_under("qwen/qwen3-32b", "groq", "openai")
    ('azure/gpt-4o', 'groq/qwen/qwen3-32b')
    """
    return model if provider is None or is_reference(model) else f"{provider}/{model.removeprefix(seller + '/')}"


def aliases(router: Node | None, problems: Problems) -> dict[str, str]:
    """Return what the names of ``model_group_alias`` stand for; ``router`` is the block ``router_settings``."""
    given = router.get("model_group_alias") if router is not None else None
    if router is None or given is None:
        return {}
    read = checked(models.Router, {"model_group_alias": given.data()}, router, "router_settings", problems)
    found = (read.model_group_alias if read is not None else None) or {}
    return {name: alias.model for name, alias in found.items()}


def fallbacks(blocks: Mapping[str, Node | None], problems: Problems) -> dict[str, tuple[str, ...]]:
    """Return which model groups may answer for one; ``blocks`` are those that say so, the strongest first."""
    found: dict[str, tuple[str, ...]] = {}
    for key, node in blocks.items():
        given = {name: inner.data() for name in models.FALLBACKS if node and (inner := node.get(name)) is not None}
        stated = checked(models.Fallbacks, given, node, key, problems) if node is not None else None
        for kind in models.FALLBACKS if stated is not None else ():
            rules = getattr(stated, kind) or ()
            for rule in rules if kind != "default_fallbacks" else ({EVERY: rules},):
                for group, others in rule.items():
                    found[group] = (*found.get(group, ()), *others)
    return found
