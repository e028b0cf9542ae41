"""AutoGen since version 0.4: the result of a model client, a message of an agent, and the result of a task.

https://microsoft.github.io/autogen/stable/reference/python/autogen_core.models.html
"""

from __future__ import annotations

from ..core.usage import Usage
from .fields import items, sub
from .framework import HANDED_ON, read_bare, several
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_USED = "models_usage"


def read(fields: Fields) -> Usage:
    """Return the usage of every message that a model wrote, each a part; none names its model.

    >>> read({"source": "a", "models_usage": {"prompt_tokens": 9, "completion_tokens": 2}}).quantities
    {'input': 9, 'output': 2}

    Raises MissingUsageError if no message states a usage.
    """
    if fields.get("cached") is True:
        return Usage.of({}, 0, "autogen", {"free": "answered from the framework's own cache"})
    if "usage" in fields:
        return read_bare(sub(fields, "usage"), "this result of a model client")
    found = [sub(message, _USED) for message in _messages(fields)]
    usages = [read_bare(counters, "this message") for counters in found if counters]
    if not usages:
        raise missing("these messages of AutoGen")
    return several(usages, "autogen")


def _messages(fields: Fields) -> list[Fields]:
    return [fields] if _USED in fields else items(fields, "messages")


def recognises(fields: Fields) -> bool:
    """Return whether this is a message, a task with such messages, or the result of a model client."""
    if "finish_reason" in fields and "cached" in fields:
        return "prompt_tokens" in (sub(fields, "usage") or ())
    if _USED in fields:
        return True
    return "messages" in fields and "stop_reason" in fields and any(_USED in message for message in _messages(fields))


READER = Reader("AutoGen", recognises, read, HANDED_ON)
