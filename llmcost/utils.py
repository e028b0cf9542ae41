"""What people import from ``litellm.utils``: change the first word of the import."""

from __future__ import annotations

from . import (
    get_max_tokens,
    get_model_info,
    register_model,
    supports_function_calling,
    supports_prompt_caching,
    supports_vision,
)
from .api.surface import attribute

__all__ = [
    "get_max_tokens",
    "get_model_info",
    "register_model",
    "supports_function_calling",
    "supports_prompt_caching",
    "supports_vision",
]


def __getattr__(name: str) -> object:
    return attribute(name)
