"""What a proxy's configuration sets beside its models, by name and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .document import Unreadable, of_text

if TYPE_CHECKING:
    from .document import Node

_OF_A_PROXY = frozenset({"model_list", "litellm_settings", "router_settings", "general_settings"})

_CALLED = "with_config calls no function: give one to Tracker(success=..., failure=...), or append it to llmcost.{}"
# What a proxy is given so that LiteLLM calls llmcost: it is of use there, and not overlooked.
OWN_LOGGER = "llmcost.integrations.litellm.logger"
# Settings about money that say nothing to a map of prices, and what to use.
UNUSED = {
    "max_budget": "a map of prices stops no call: track(client, budget=Budget(limit)) does",
    "budget_duration": "a map of prices stops no call: track(client, budget=Budget(limit)) does",
    "success_callback": _CALLED.format("success_callback"),
    "failure_callback": _CALLED.format("failure_callback"),
    "callbacks": _CALLED.format("success_callback"),
}


def is_own_logger(node: Node) -> bool:
    """Return whether the callbacks that are named are llmcost's own logger, alone or as a list."""
    named = node.value if isinstance(node.value, list) else [node]
    return bool(named) and all(one.value == OWN_LOGGER for one in named)


def settings_of(text: str) -> dict[str, int | None] | None:
    """Return the names below ``litellm_settings`` with their lines; None for a text that is no configuration.

    >>> settings_of("litellm_settings: {drop_params: true}"), settings_of("a: 1")
    ({'drop_params': 1}, None)
    """
    try:
        document = of_text(text, None)
    except Unreadable:
        return None
    if _OF_A_PROXY.isdisjoint(document.fields):
        return None
    settings = document.get("litellm_settings")
    return {name: node.place.line for name, node in settings.fields.items()} if settings is not None else {}
