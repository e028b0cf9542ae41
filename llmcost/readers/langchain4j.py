"""LangChain4j: a ``ChatResponse`` as JSON, of the present and of the former form.

https://docs.langchain4j.dev/tutorials/response-streaming
"""

from __future__ import annotations

from .fields import sub, text
from .framework import HANDED_ON, read_bare
from .reader import Reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields


def read(fields: Fields) -> Usage:
    """Return the usage of a response.

    >>> used = {"inputTokenCount": 9, "outputTokenCount": 2, "totalTokenCount": 11}
    >>> read({"aiMessage": {"text": "Hi"}, "metadata": {"modelName": "gpt-4o", "tokenUsage": used}}).quantities
    {'input': 9, 'output': 2}

    Raises MissingUsageError if nothing is counted.
    """
    about = sub(fields, "metadata") or {}
    counters = _counters(fields)
    return read_bare(counters, "this response of LangChain4j", model=text(about, "modelName"))


def _counters(fields: Fields) -> Fields | None:
    return sub(sub(fields, "metadata") or fields, "tokenUsage")


def recognises(fields: Fields) -> bool:
    """Return whether this is a response, with its usage in its metadata or beside its content."""
    if "aiMessage" not in fields and "content" not in fields:
        return False
    return "inputTokenCount" in (_counters(fields) or ())


READER = Reader("LangChain4j", recognises, read, HANDED_ON)
