"""What a proxy's configuration sets beside its models, by name and line."""

from __future__ import annotations

from .document import Unreadable, of_text

_OF_A_PROXY = frozenset({"model_list", "litellm_settings", "router_settings", "general_settings"})


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
