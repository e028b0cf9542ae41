"""LangChain: a message of before ``usage_metadata``, whose usage is the provider's own in ``response_metadata``.

https://reference.langchain.com/python/langchain-core/messages
"""

from __future__ import annotations

from . import langchain
from .fields import sub, text
from .framework import HANDED_ON, read_bare
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

# In Python, in JavaScript, and what integrations pass on as it is.
_PROVIDERS = ("token_usage", "tokenUsage", "usage")


def read(fields: Fields) -> Usage:
    """Return the usage of a message.

    >>> used = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    >>> read({"type": "ai", "response_metadata": {"token_usage": used, "model_name": "gpt-4o"}}).model
    'gpt-4o'

    Raises UsageError if the counters are missing or contradict each other.
    """
    about = sub(langchain.message_of(fields), "response_metadata") or {}
    model = text(about, "model_name") or text(about, "model")
    return read_bare(of_provider(about), "this LangChain message", model=model)


def of_provider(about: Fields) -> Fields | None:
    """Return the counters of the provider in the metadata of a message or of a result."""
    return next((found for name in _PROVIDERS if (found := sub(about, name))), None)


def recognises(fields: Fields) -> bool:
    """Return whether this is such a message, also one as ``message_to_dict`` or ``dumpd`` writes it."""
    message = fields if "response_metadata" in fields else langchain.message_of(fields)
    about = sub(message, "response_metadata")
    return about is not None and sub(message, "usage_metadata") is None and of_provider(about) is not None


READER = Reader("LangChain message without usage_metadata", recognises, read, HANDED_ON, rank=30)
