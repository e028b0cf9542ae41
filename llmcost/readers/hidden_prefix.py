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
# The dialect, and what it calls the prompt and the answer.
_CHAT, _RESPONSE = ("openai", "prompt_tokens", "completion_tokens"), ("responses", "input_tokens", "output_tokens")


def both_readings(fields: Fields, counters: Fields) -> Usage | None:
    """Return the usage of such a completion or response as both sellers count it; None for every other one.

    >>> details = {"cached_tokens": 161}
    >>> counters = {"prompt_tokens": 7, "completion_tokens": 12, "total_tokens": 19, "prompt_tokens_details": details}
    >>> [reading.quantities for reading in both_readings({"model": "grok-4"}, counters).readings]
    [{'input': 7, 'cache_read': 161, 'output': 12}, {'input': 7, 'output': 12}]
    """
    model = text(fields, "model")
    dialect, prompts, answers = _RESPONSE if "input_tokens" in counters else _CHAT
    inside = sub(counters, f"{prompts}_details") or {}
    cached, prompt = count(inside, "cached_tokens"), count(counters, prompts)
    if model is None or not model.rpartition("/")[2].startswith(_MODEL) or cached <= prompt:
        return None
    answer = count(counters, answers)
    reasoning = count(sub(counters, f"{answers}_details") or {}, "reasoning_tokens")
    if count(counters, "total_tokens") != prompt + answer + reasoning:
        answer -= reasoning
    if answer < 0:
        return None
    found = []
    for seller, read in (("xai", cached), ("azure_ai", 0)):
        units: Quantities = {"input": prompt, "cache_read": read, "output": answer, "reasoning": reasoning}
        used = {meter: tokens for meter, tokens in units.items() if tokens}
        found.append(Usage.of(used, prompt + read, dialect, {"provider": seller}))
    usage = found[0].replaced(provider=None)
    usage.readings = tuple(found)
    usage.undecided = (
        f"cached_tokens={cached} exceeds {prompts}={prompt}: xAI counts them beside the prompt, Azure counts a "
        "prefix that is not billed; provider= says whose they are"
    )
    usage.model, usage.at = model, when(fields, "created") or when(fields, "created_at")
    return usage
