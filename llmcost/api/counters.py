"""The usage of counters that stand alone, as LiteLLM's ``cost_per_token`` takes them."""

from __future__ import annotations

from ..core.counts import checked, checked_part
from ..core.usage import counted
from ..errors import InconsistentUsageError, MissingUsageError
from ..prices.vendors import ROUTERS
from ..readers import read_usage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..core.cost import Cost
    from ..core.counts import Quantities
    from ..core.usage import Usage


def usage_of(
    prompt: Any,
    answer: Any,
    written: Any,
    read: Any,
    queries: int | None = None,
    reranked: Mapping[str, Any] | None = None,
    answer_characters: int | None = None,
) -> Usage:
    """Return the usage of a call by its counters.

    ``prompt`` is the whole prompt, what was read from the cache and written to it included; ``reranked`` is what a
    rerank states that it bills.

    Raises InconsistentUsageError for what is no count, and for more cached tokens than the prompt has.
    """
    if reranked:
        queries = reranked.get("search_units") if queries is None else queries
        prompt = prompt or reranked.get("total_tokens")
    whole = type(prompt) is int and type(answer) is int and type(written) is int and type(read) is int
    # A number below 0 or above 2**49 leaves a bit here.
    if not whole or (prompt | answer | written | read) >> 49:
        prompt = checked("prompt_tokens", 0 if prompt is None else prompt)
        answer = checked("completion_tokens", 0 if answer is None else answer)
        written = checked_part("cache_creation_input_tokens", 0 if written is None else written)
        read = checked_part("cache_read_input_tokens", 0 if read is None else read)
    fresh = prompt - written - read
    if fresh < 0:
        raise InconsistentUsageError(
            f"prompt_tokens={prompt} is the whole prompt, but {read} tokens of it were read from the cache and "
            f"{written} were written",
            {"prompt_tokens": prompt},
            {"cache_read_input_tokens": read, "cache_creation_input_tokens": written},
        )
    quantities: Quantities = {}
    if fresh:
        quantities["input"] = fresh
    if read:
        quantities["cache_read"] = read
    if written:
        quantities["cache_write"] = written
    if queries:
        quantities["queries"] = checked("queries", queries)
    usage = counted(quantities, prompt, "meters")
    if answer_characters:
        # The same answer counted twice: the card rates the unit that it has a price for.
        characters = checked("completion_characters", answer_characters)
        usage.alternatives = (({"output": answer}, {"output_characters": characters}),)
    elif answer:
        quantities["output"] = answer
    return usage


def with_answer(usage: object, characters: object) -> Usage:
    """Return a usage, or that of a response, whose answer is counted in characters too."""
    stated = read_usage(usage)
    answer = ({"output": stated.quantities.get("output", 0)}, {"output_characters": checked(_SPOKEN, characters)})
    rest = {meter: quantity for meter, quantity in stated.quantities.items() if meter != "output"}
    # The same answer counted twice: the card rates the unit that it has a price for.
    return stated.replaced(quantities=rest, alternatives=(*stated.alternatives, answer))


def picked_by_router(usage: object, model: str) -> Usage:
    """Return a usage, or that of a response, as what the model that a router picked has used."""
    return read_usage(usage).replaced(model=model)


def refuse_nothing(cost: Cost, *others: object) -> None:
    """Raise MissingUsageError for a call without any counter that costs nothing by what else it states."""
    if all(other is None for other in others) and not cost.line_items and not cost.unpriced:
        raise MissingUsageError(
            "cost_per_token() has nothing to count: give prompt_tokens= and completion_tokens= (0 if there were none)"
        )


def is_router(name: str) -> bool:
    """Return whether a name is that of a router with a fee of its own, with or without a deployment behind it.

    >>> is_router("azure_ai/model_router/our-router"), is_router("azure_ai/gpt-4.1")
    (True, False)
    """
    return not _ROUTERS.isdisjoint(name.split("/"))


_SPOKEN = "completion_characters"
_ROUTERS = frozenset(word for words in ROUTERS.values() for word in words)
