"""LangChain's ``LLMResult``, which callbacks receive, and the usage by model of its ``UsageMetadataCallbackHandler``.

https://reference.langchain.com/python/langchain-core/outputs
"""

from __future__ import annotations

from ..core.lower_bound import leave_out
from . import langchain
from .fields import nested, sub, text
from .framework import HANDED_ON, read_bare, several, summed
from .langchain_provider import of_provider
from .reader import Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.usage import Usage
    from .reader import Fields

_COUNTED = ("input_tokens", "output_tokens", "total_tokens")


def read(fields: Fields) -> Usage:
    """Return the usage of every prompt, each as a part. All answers to a prompt repeat the usage of the prompt.

    >>> usage = {"input_tokens": 9, "output_tokens": 2, "total_tokens": 11}
    >>> read({"generations": [[{"text": "Hi", "message": {"usage_metadata": usage}}]]}).quantities
    {'input': 9, 'output': 2}

    Raises MissingUsageError if no message states a usage, and neither does the result.
    """
    if "generations" not in fields:
        rows = _by_model(fields).items()
        usages = [summed(read_bare(row, "this handler", "langchain", model=model)) for model, row in rows]
        if not usages:
            raise missing("this handler, which counted no call,")
        return several(usages, "langchain")
    about = sub(fields, "llm_output") or sub(fields, "llmOutput") or {}
    model = text(about, "model_name") or text(about, "model")
    prompts = [_usages(prompt) for prompt in _prompts(fields)]
    found = [usage for usages in prompts for usage in usages]
    if not found:
        counters = of_provider(about)
        if not counters:
            raise missing("this LLMResult", "Streams may need stream_usage=True.")
        return summed(read_bare(counters, "this LLMResult", model=model), len(prompts))
    for usage in found:
        usage.model = usage.model or model
    result = several(found, "langchain")
    without = sum(1 for usages in prompts if not usages)
    if without:
        leave_out(result, f"{without} of {len(prompts)} prompts state no usage")
    return result


def _prompts(fields: Fields) -> list[list[Fields]]:
    prompts = fields.get("generations")
    given = prompts if isinstance(prompts, (list, tuple)) else ()
    rows = [prompt if isinstance(prompt, (list, tuple)) else [prompt] for prompt in given]
    return [[found for one in row if (found := nested(one)) is not None] for row in rows]


def messages_of(fields: Fields) -> list[Fields]:
    """Return the messages of a result."""
    return [message for prompt in _prompts(fields) for message in _messages(prompt)]


def _messages(generations: list[Fields]) -> list[Fields]:
    found = [sub(generation, "message") for generation in generations]
    return [langchain.message_of(message) for message in found if message is not None]


def _usages(generations: list[Fields]) -> list[Usage]:
    found: list[Usage] = []
    for message in _messages(generations):
        if sub(message, "usage_metadata") is None:
            continue
        usage = langchain.READER.read(message)
        if usage not in found:
            found.append(usage)
    return found


def _by_model(fields: Fields) -> dict[str, Fields]:
    """Return what a handler has added up for each model."""
    rows = {str(name): nested(row) for name, row in (sub(fields, "usage_metadata") or {}).items()}
    return {name: row for name, row in sorted(rows.items()) if row and all(name in row for name in _COUNTED)}


def recognises(fields: Fields) -> bool:
    """Return whether this is such a result, or such a handler."""
    if "generations" in fields:
        # A job of Azure for videos has generations as well.
        return isinstance(fields["generations"], (list, tuple)) and "object" not in fields
    if "usage_metadata" not in fields or not _OTHERS.isdisjoint(fields):
        return False
    return bool(_by_model(fields))


# Objects with the usage_metadata of one call.
_OTHERS = frozenset({"candidates", "response_metadata", "run_type"})

READER = Reader("LangChain result", recognises, read, HANDED_ON)
