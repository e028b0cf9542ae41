"""LangGraph: the state of a graph, or what a node adds to it, whose messages are LangChain's.

Each answer of a model is a call of its own; what people and tools said is in the prompts of the calls after it.
https://docs.langchain.com/oss/python/langgraph/graph-api
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from . import langchain
from .fields import items, sub, text
from .framework import several
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_ANSWERS = frozenset({"ai", "AIMessage", "AIMessageChunk"})


def read(fields: Fields) -> Usage:
    """Return the usage of every answer among the messages, each a part; a message that stands there twice counts once.

    >>> usage = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    >>> said = {"type": "ai", "content": "Hi", "usage_metadata": usage, "response_metadata": {"model_name": "m"}}
    >>> read({"messages": [{"type": "human", "content": "Hi"}, said]}).quantities
    {'input': 9, 'output': 2}

    Raises MissingUsageError if no message states a usage.
    """
    found: list[Usage] = []
    seen: set[str] = set()
    without = 0
    for message in _messages(fields):
        name = text(message, "id")
        if name is not None and name in seen:
            continue
        seen.update([name] if name is not None else ())
        if sub(message, "usage_metadata") is not None:
            found.append(langchain.READER.read(message))
        elif text(message, "type") in _ANSWERS:
            without += 1
    if not found:
        raise missing("this state, without a message that states one,", "Streams may need stream_usage=True.")
    usage = several(found, "langchain")
    if without:
        leave_out(usage, f"{without} of {without + len(found)} answers state no usage")
    return usage


def _messages(fields: Fields) -> list[Fields]:
    return [langchain.message_of(message) for message in items(fields, "messages")]


def recognises(fields: Fields) -> bool:
    """Return whether this is a state, or what a node adds to one, with an answer that states a usage."""
    return "usage" not in fields and any(sub(message, "usage_metadata") is not None for message in _messages(fields))


READER = Reader("LangGraph state", recognises, read, "its messages are handed on to the reader of LangChain", rank=70)
