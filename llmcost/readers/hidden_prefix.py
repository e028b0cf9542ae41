"""Grok, whose cached tokens may exceed the prompt: two sellers of the model count them in different ways.

xAI counts them beside the prompt then. Azure counts a prefix of its own that it does not bill, and has no price for the
cache. https://docs.x.ai/docs/guides/prompt-caching, https://github.com/theopenco/llmgateway/issues/2168
"""

from __future__ import annotations

from ..core.usage import Usage
from .fields import count, sub, text, when

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from .blocks import Fields

_MODEL = "grok"


def both_readings(fields: Fields, counters: Fields) -> Usage | None:
    """Return the usage of such a completion as both sellers count it; None for every other one.

    >>> details = {"cached_tokens": 161}
    >>> counters = {"prompt_tokens": 7, "completion_tokens": 12, "total_tokens": 19, "prompt_tokens_details": details}
    >>> [reading.quantities for reading in both_readings({"model": "grok-4"}, counters).readings]
    [{'input': 7, 'cache_read': 161, 'output': 12}, {'input': 7, 'output': 12}]
    """
    model = text(fields, "model")
    inside = sub(counters, "prompt_tokens_details") or {}
    cached, prompt = count(inside, "cached_tokens"), count(counters, "prompt_tokens")
    if model is None or not model.rpartition("/")[2].startswith(_MODEL) or cached <= prompt:
        return None
    answer = count(counters, "completion_tokens")
    reasoning = count(sub(counters, "completion_tokens_details") or {}, "reasoning_tokens")
    if count(counters, "total_tokens") != prompt + answer + reasoning:
        answer -= reasoning
    if answer < 0:
        return None
    found = []
    for seller, read in (("xai", cached), ("azure_ai", 0)):
        units: Quantities = {"input": prompt, "cache_read": read, "output": answer, "reasoning": reasoning}
        used = {meter: tokens for meter, tokens in units.items() if tokens}
        found.append(Usage.of(used, prompt + read, "openai", {"provider": seller}))
    usage = found[0].replaced(provider=None)
    usage.readings = tuple(found)
    usage.undecided = (
        f"cached_tokens={cached} exceeds prompt_tokens={prompt}: xAI counts them beside the prompt, Azure counts a "
        "prefix that is not billed; provider= says whose they are"
    )
    usage.model, usage.at = model, when(fields, "created")
    return usage
