"""The usage of counters that stand alone, as LiteLLM's ``cost_per_token`` takes them."""

from __future__ import annotations

from ..core.usage import Usage, checked
from ..errors import InconsistentUsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


def usage_of(
    prompt: int | None,
    answer: int | None,
    written: int | None,
    read: int | None,
    queries: int | None = None,
    reranked: Mapping[str, Any] | None = None,
    answer_characters: int | None = None,
) -> Usage:
    """Return the usage of a call of which only counters are known.

    ``prompt`` is the whole prompt, what was read from the cache and written to it included; ``reranked`` is what a
    rerank states that it bills.

    Raises InconsistentUsageError for what is no count, and for more cached tokens than the prompt has.
    """
    if reranked:
        queries = reranked.get("search_units") if queries is None else queries
        prompt = prompt or reranked.get("total_tokens")
    usage = _of_tokens(prompt or 0, answer or 0, written or 0, read or 0, queries)
    if not answer_characters:
        return usage
    # The same answer counted twice: the card rates the unit that it has a price for.
    both = ({"output": answer or 0}, {"output_characters": answer_characters})
    rest = {meter: quantity for meter, quantity in usage.quantities.items() if meter != "output"}
    return usage.replaced(alternatives=(both,), quantities=rest)


def _of_tokens(prompt: int, answer: int, written: int, read: int, queries: int | None) -> Usage:
    for name, tokens in (("prompt", prompt), ("cache_creation_input", written), ("cache_read_input", read)):
        checked(f"{name}_tokens", tokens)
    fresh = prompt - written - read
    if fresh < 0:
        raise InconsistentUsageError(
            f"prompt_tokens={prompt} is the whole prompt, but {read} tokens of it were read from the cache and "
            f"{written} were written",
            {"prompt_tokens": prompt},
            {"cache_read_input_tokens": read, "cache_creation_input_tokens": written},
        )
    given = {"input": fresh, "cache_read": read, "cache_write": written, "output": answer}
    if queries:
        given["queries"] = queries
    return Usage(**given)
