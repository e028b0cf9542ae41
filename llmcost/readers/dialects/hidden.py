"""A dict that was made of an object of LiteLLM's, with what it keeps beside the response among its fields."""

from __future__ import annotations

from ..fields import sub
from ..litellm_hidden import KEY, completed
from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block()


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with what the hidden fields say of its call."""
    del counters
    return completed(usage, sub(fields, KEY) or {}, fields)
