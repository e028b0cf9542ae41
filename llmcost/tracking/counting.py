"""Counting: the tokens of a request whose text a tokenizer counts to the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..api.tokens import tokens_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

# Fields of a request that put no token into the prompt. One that has others is bounded by its bytes.
_SILENT = frozenset(
    (
        *("model", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "best_of", "stop", "seed"),
        *("temperature", "top_p", "frequency_penalty", "presence_penalty", "logit_bias", "logprobs", "top_logprobs"),
        *("user", "metadata", "store", "service_tier", "safety_identifier", "prompt_cache_key", "timeout"),
        *("encoding_format", "dimensions", "extra_headers", "extra_query", "prompt_cache_retention"),
    )
)
_TEXT = ("prompt", "input")


def counted(model: str | None, fields: Mapping[str, Any]) -> int | None:
    """Return how many tokens the prompt of a request has; None where only its bytes are known.

    It is known of OpenAI's chats of text alone, of completions and of embeddings.

    Raises MissingDependencyError if tiktoken is not installed, or cannot load what it counts by.
    """
    asked = fields.keys() - _SILENT
    if model is None or len(asked) != 1:
        return None
    name = next(iter(asked))
    if name == "messages":
        return tokens_of(model, messages=fields[name])
    given = fields[name] if name in _TEXT else None
    # Of the Responses API the input is a conversation, and what it adds is stated nowhere.
    if name == "input" and "embedding" not in model:
        return None
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return None
    return tokens_of(model, texts=texts)
