"""Azure OpenAI: the body is OpenAI's with the results of its content filter beside it.

https://learn.microsoft.com/azure/ai-services/openai/reference
"""

from __future__ import annotations

from ..reader import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

BLOCK = Block()


def correct(fields: Fields, counters: Fields, usage: Usage | None) -> Usage | None:
    """Return the usage with its provider: Azure has rows of its own."""
    del fields, counters
    if usage is not None:
        usage.provider = "azure"
    return usage
