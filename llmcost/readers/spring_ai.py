"""Spring AI: a ``ChatResponse`` as JSON, and its usage alone.

``nativeUsage`` is what the provider counted; the counts beside it leave its details out, and those of Anthropic's
models the cache. https://docs.spring.io/spring-ai/reference/api/usage-handling.html
"""

from __future__ import annotations

from .fields import sub, text
from .framework import HANDED_ON, read_bare
from .looking import with_unread
from .reader import Block, Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_NATIVE, _WHAT = "nativeUsage", "this response of Spring AI"
_REPEATED = "what the provider counted, in the words of Spring AI"
# Beside the provider's own usage.
_BLOCK = Block(
    _NATIVE,
    ignored=dict.fromkeys(
        ("promptTokens", "completionTokens", "totalTokens", "cacheReadInputTokens", "cacheWriteInputTokens"), _REPEATED
    ),
)


def read(fields: Fields) -> Usage:
    """Return the usage that the provider counted, else the one that Spring AI made of it.

    >>> native = {"input_tokens": 10, "cache_read_input_tokens": 900, "output_tokens": 5}
    >>> read({"promptTokens": 10, "completionTokens": 5, "totalTokens": 15, "nativeUsage": native}).quantities
    {'input': 10, 'cache_read': 900, 'output': 5}

    Raises MissingUsageError if nothing is counted.
    """
    about = sub(fields, "metadata") or {}
    counters = fields if _NATIVE in fields else sub(about, "usage") or {}
    native, model = sub(counters, _NATIVE), text(about, "model")
    if not native:
        own = {name: value for name, value in counters.items() if name != _NATIVE}
        return read_bare(own, _WHAT, model=model)
    return with_unread(read_bare(native, _WHAT, model=model), {"usage": counters}, {"usage": _BLOCK})


def recognises(fields: Fields) -> bool:
    """Return whether this is a response, or a usage that holds the provider's."""
    if _NATIVE in fields:
        return True
    usage = sub(sub(fields, "metadata") or {}, "usage")
    return usage is not None and ("result" in fields or "results" in fields) and "promptTokens" in usage


READER = Reader("Spring AI", recognises, read, HANDED_ON)
