"""LlamaIndex: a response around the provider's own, and the counts of its ``TokenCountingHandler``.

https://developers.llamaindex.ai/python/framework-api-reference/callbacks/token_counter/
"""

from __future__ import annotations

from ..core.usage import Usage
from ..errors import MissingUsageError, UnrecognizedResponseError
from .fields import count, items, nested, sub
from .framework import read_bare, summed
from .known import read_whole
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_EVENT = ("prompt_token_count", "completion_token_count")
_HANDLER = ("prompt_llm_token_count", "completion_llm_token_count")


def read(fields: Fields) -> Usage:
    """Return the usage of a response, of an event, or of all calls that a handler counted.

    >>> read({"prompt_token_count": 60, "completion_token_count": 10, "total_token_count": 70}).quantities
    {'input': 60, 'output': 10}

    Raises:
        MissingUsageError: nothing is counted.
        InconsistentUsageError: a counter is no count.
    """
    if _EVENT[1] in fields:
        return _tokens(fields, _EVENT)
    if _HANDLER[0] in fields:
        return _handler(fields)
    raw, kwargs = nested(fields.get("raw")), sub(fields, "additional_kwargs")
    if raw is None:
        return read_bare(kwargs, "this response of LlamaIndex")
    try:
        return read_whole(raw)
    except (MissingUsageError, UnrecognizedResponseError):
        # Some integrations put the counters of a stream beside its last chunk.
        if not kwargs or "prompt_tokens" not in kwargs:
            raise
        return read_bare(kwargs, "this response of LlamaIndex")


def _tokens(fields: Fields, names: tuple[str, str]) -> Usage:
    prompt, answer = (count(fields, name) for name in names)
    quantities = {"input": prompt, "output": answer}
    return Usage.of(quantities, prompt, "llama_index", {})


def _handler(fields: Fields) -> Usage:
    """Return all calls together, and the texts that were embedded as a part: they are another model's."""
    usage = summed(_tokens(fields, _HANDLER), len(items(fields, "llm_token_counts")) or 2)
    embedded = count(fields, "total_embedding_token_count")
    if not usage.quantities and not embedded:
        raise missing("this handler, which counted no call,")
    if embedded:
        part = Usage.of({"input": embedded}, None, "llama_index", {"model_keyword": "embedding_model"})
        part.aggregate = True
        usage.parts = (part,)
    return usage


def recognises(fields: Fields) -> bool:
    """Return whether this is a response, an event, or a handler."""
    if "raw" in fields and "additional_kwargs" in fields:
        return "message" in fields or "text" in fields
    if _EVENT[1] in fields:
        return _EVENT[0] in fields
    return _HANDLER[1] in fields and _HANDLER[0] in fields


def _counters(fields: Fields) -> Fields | None:
    """Return what an event or a handler counts; a response is read by the reader of the provider."""
    if "raw" in fields:
        return None
    names = [str(name) for name in fields if str(name).endswith(_ENDS)]
    return {name: fields.get(name) for name in names}


_ENDS = ("_token_count", "_token_counts")
_SUM = "a sum of what is read"
_BLOCK = Block(
    *_EVENT,
    *_HANDLER,
    "total_embedding_token_count",
    ignored=dict.fromkeys(("total_token_count", "total_llm_token_count", "llm_token_counts"), _SUM)
    | {"embedding_token_counts": "the rows of total_embedding_token_count"},
    view=_counters,
)
READER = Reader("LlamaIndex", recognises, read, {"": _BLOCK})
