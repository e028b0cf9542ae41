"""The tier that a deployment requests of its provider: ``litellm_params.service_tier``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..core.tiers import TIER_WORDS, tier_of
from ..errors import did_you_mean
from .environment import is_reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from .document import Node
    from .problems import Problems

_UNKNOWN = "is no service tier that is known: its calls are billed at standard."


def requested_tier(params: Node | None, address: str, text_of: Callable[[str], str], problems: Problems) -> str | None:
    """Return the word for the tier that ``litellm_params`` requests, or None; a word that means no tier is doubted.

    LiteLLM sends it with every call of the deployment. ``text_of`` gives what a text with variables stands for.
    https://docs.litellm.ai/docs/proxy/config_settings
    """
    node = params.get("service_tier") if params is not None else None
    written = node.text if node is not None and node.value is not None else None
    if node is None or not written:
        return None
    word = text_of(written)
    if is_reference(word):
        return None
    if tier_of(word) is not None:
        return word
    # What a variable holds may be a secret: it is not shown, and is no word that a call could have.
    near = did_you_mean(word, TIER_WORDS) if word == written else ""
    problems.doubt(node, f"{address}.litellm_params.service_tier", f"{_UNKNOWN}{near}")
    return word if word == written else None
