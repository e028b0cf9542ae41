"""LangChain: a message of before ``usage_metadata``, whose usage is the provider's own in ``response_metadata``.

https://reference.langchain.com/python/langchain-core/messages
"""

from __future__ import annotations

from . import langchain
from .fields import sub, text
from .framework import HANDED_ON, read_bare
from .langchain_provider import add_beside, of_provider
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a message.

    >>> used = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
    >>> read({"type": "ai", "response_metadata": {"token_usage": used, "model_name": "gpt-4o"}}).model
    'gpt-4o'

    Raises UsageError if the counters are missing or contradict each other.
    """
    message = langchain.message_of(fields)
    about = sub(message, "response_metadata") or {}
    model = text(about, "model_name") or text(about, "model")
    counters = of_provider(about)
    usage = read_bare(counters, "this LangChain message", model=model)
    add_beside(usage, message, about, counters or {})
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is such a message, also one as ``message_to_dict`` or ``dumpd`` writes it."""
    message = fields if "response_metadata" in fields else langchain.message_of(fields)
    about = sub(message, "response_metadata")
    return about is not None and sub(message, "usage_metadata") is None and of_provider(about) is not None


READER = Reader("LangChain message without usage_metadata", recognises, read, HANDED_ON, rank=30)
