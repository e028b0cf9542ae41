"""Embeddings of Vertex AI and of the Gemini API: tokens with each embedding, billable characters with all.

Token counts are floats there. Older models are sold by the character; the card knows which.
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api
"""

from __future__ import annotations

from ..core.usage import Usage
from .fields import camel, items, names_of, sub, whole_number
from .gemini import BLOCKS, read_counters
from .reader import Block, Reader, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .reader import Fields

_RESPONSE = names_of("usageMetadata", "metadata", "embeddings")
_METADATA = names_of("billableCharacterCount")
_STATISTICS = names_of("tokenCount")
_BOTH = ("billableCharacterCount", "billable_character_count")
_COUNTS = Block("tokenCount", "token_count", "truncated", label="statistics")
_BLOCKS = {
    **BLOCKS,
    "metadata": Block(*_BOTH, label="metadata"),
    "predictions.embeddings.statistics": _COUNTS,
    "embeddings.statistics": _COUNTS,
}


def read(fields: Fields) -> Usage:
    """Return the usage of an embedding: its tokens, or its characters, whichever the card is priced by."""
    response = camel(fields, _RESPONSE)
    facts: dict[str, object] = {}
    if "predictions" in fields:
        facts["provider"] = "vertex_ai"
        if "instance" in fields:
            # Only a line of a batch's output repeats what was sent.
            # https://cloud.google.com/vertex-ai/generative-ai/docs/embeddings/batch-prediction-genai-embeddings
            facts["batch"] = True
    counters = sub(response, "usageMetadata")
    if counters:
        return read_counters(counters, facts)
    tokens = _tokens(fields)
    characters = camel(sub(response, "metadata") or {}, _METADATA)["billableCharacterCount"]
    if tokens is None and characters is None:
        raise missing("this embedding", "The Gemini API counts only for some models: pass usage=.")
    usage = Usage.of({}, tokens or 0, "gemini", facts)
    if characters is None:
        usage.quantities = {"input": tokens} if tokens else {}
    else:
        sold: Quantities = {"input_characters": whole_number("billableCharacterCount", characters)}
        usage.alternatives = (({"input": tokens}, sold),) if tokens is not None else ((sold,),)
    return usage


def _tokens(fields: Fields) -> int | None:
    """Return the tokens of all embeddings together; None if not each of them states its own."""
    rows = [sub(row, "embeddings") or {} for row in items(fields, "predictions")] or items(fields, "embeddings")
    found = [camel(sub(row, "statistics") or {}, _STATISTICS)["tokenCount"] for row in rows]
    if not found or any(tokens is None for tokens in found):
        return None
    return sum(whole_number("token_count", tokens) for tokens in found)


def recognises(fields: Fields) -> bool:
    """Return whether these are embeddings."""
    rows = items(fields, "predictions")
    if rows:
        return sub(rows[0], "embeddings") is not None
    if "embeddings" not in fields:
        return False
    if "usageMetadata" in fields or "usage_metadata" in fields:
        return True
    rows = items(fields, "embeddings")
    return bool(rows) and "statistics" in rows[0]


READER = Reader("Google embeddings", recognises, read, _BLOCKS)
