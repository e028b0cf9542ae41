"""Embeddings and reranks in OpenAI's list envelope: OpenAI, Azure, Voyage, Fireworks, Jina and others.

All tokens are input. Voyage states a total alone, and counts images and videos by the pixel, which it also sells
by the pixel: its total, which counts 560 pixels as a token, is not what is billed.
https://platform.openai.com/docs/api-reference/embeddings/object, https://docs.voyageai.com/docs/pricing
"""

from __future__ import annotations

from ..core.notes import Note
from ..core.usage import Usage
from ..errors import InconsistentUsageError
from . import openai_chat
from .dialects import correct, is_hinted, restated, with_dialects
from .fields import count, items, sub, text, whole_number
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_PIXELS = ("image_pixels", "video_pixels")
# What holds the embeddings, or the ranked documents.
_HOLDERS = ("data", "embeddings", "embedding", "results")
_BLOCK = Block(
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    "text_tokens",
    *_PIXELS,
    inner={"prompt_tokens_details": openai_chat.BLOCK.inner["prompt_tokens_details"]},
    also=with_dialects,
)


def read(fields: Fields) -> Usage:
    """Return the usage of a list of embeddings or of ranked documents.

    >>> read({"object": "list", "model": "voyage-4-large", "usage": {"total_tokens": 1500}}).quantities
    {'input': 1500}

    Raises:
        MissingUsageError: the list states no tokens.
        InconsistentUsageError: a counter is no count.
    """
    counters = sub(fields, "usage")
    if counters is None:
        raise missing("this list of embeddings")
    if any(counters.get(name) is not None for name in _PIXELS):
        return _read_pixels(fields, counters)
    if is_hinted(counters):
        counters = restated(fields, counters)
    name = "prompt_tokens" if counters.get("prompt_tokens") is not None else "total_tokens"
    if counters.get(name) is None:
        raise missing("a usage object with neither prompt_tokens nor total_tokens")
    # There is no completion: some servers say null, some 0, some nothing. Where one is stated, the total holds it.
    tokens, answer = whole_number(name, counters[name]), count(counters, "completion_tokens")
    same = {
        "prompt_tokens": tokens if name == "prompt_tokens" else max(tokens - answer, 0),
        "completion_tokens": answer,
        "total_tokens": counters.get("total_tokens"),
        "prompt_tokens_details": counters.get("prompt_tokens_details"),
    }
    model = text(fields, "model")
    usage = openai_chat.read_counters(same, {} if model is None else {"model": model}, "embeddings")
    if is_hinted(counters):
        usage = correct(fields, counters, usage)
    if not tokens and any(fields.get(holder) for holder in _HOLDERS):
        said = f"{name}=0 stands beside embeddings: they were not counted, so that the cost is a lower bound"
        usage.notes = (*usage.notes, Note("not_counted", said, name))
    return usage


def _read_pixels(fields: Fields, counters: Fields) -> Usage:
    if counters.get("text_tokens") is None:
        raise missing("a usage object with pixels and without text_tokens")
    tokens, pixels = count(counters, "text_tokens"), sum(count(counters, name) for name in _PIXELS)
    total = count(counters, "total_tokens")
    if total and tokens > total:
        raise InconsistentUsageError(
            f"text_tokens={tokens} exceeds total_tokens={total}", {"total_tokens": total}, {"text_tokens": tokens}
        )
    quantities = {"input": tokens, "input_pixels": pixels}
    facts = {"model": text(fields, "model"), "provider": "voyage"}
    return Usage.of(quantities, tokens, "embeddings", facts)


def recognises(fields: Fields) -> bool:
    """Return whether this is a list of embeddings, or another list that states a usage."""
    if "embeddings" in fields or "embedding" in fields:
        # Nomic and others give the embeddings their own name.
        return "prompt_tokens" in (sub(fields, "usage") or ())
    kind = fields.get("object")
    if kind is None and "data" in fields:
        # GitHub Copilot's and others leave out what the list is.
        return "usage" in fields and any("embedding" in item for item in items(fields, "data")[:1])
    if kind != "list":
        return False
    if sub(fields, "usage") is not None:
        return True
    return any(item.get("object") == "embedding" for item in items(fields, "data")[:1])


READER = Reader("OpenAI Embeddings", recognises, read, {"usage": _BLOCK}, whole="prompt_tokens", objects=("list",))
