"""xAI: sources of the live search, and the final charge in ticks of 1e-10 USD.

Reasoning stands on top of ``completion_tokens``, which the total proves to the base reader.
https://docs.x.ai/docs/api-reference#chat-completions
"""

from __future__ import annotations

from .. import xai_tools
from ..fields import count, sub
from ..openai_responses import OF_CONTEXT
from ..reader import Block
from . import azure
from .reported import TICKS_PER_USD, charge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields


BLOCK = Block(
    "num_sources_used",
    "cost_in_usd_ticks",
    xai_tools.ALL_CALLS,
    ignored=OF_CONTEXT,
    inner={xai_tools.DETAILS: xai_tools.BLOCK},
)


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters with the cached tokens inside the prompt; where they exceed it they stand beside it.

    So does reasoning that exceeds the completion, where no total says it.
    """
    if "prompt_filter_results" in fields:
        # Azure's are another matter.
        return counters
    if azure.is_of_foundry(counters):
        return azure.restate(fields, counters)
    details = sub(counters, "prompt_tokens_details") or {}
    cached, prompt = count(details, "cached_tokens"), count(counters, "prompt_tokens")
    total = count(counters, "total_tokens")
    answers = count(counters, "completion_tokens")
    reasoning = count(sub(counters, "completion_tokens_details") or {}, "reasoning_tokens")
    if not total and reasoning > answers:
        counters = {**counters, "completion_tokens": answers + reasoning, "total_tokens": None}
    if cached <= prompt:
        return counters
    same = {**counters, "prompt_tokens": prompt + cached}
    if total in {prompt + answers, prompt + answers + reasoning}:
        same["total_tokens"] = total + cached
    return same


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with the sources that were used and the charge that was stated."""
    if azure.is_of_foundry(sub(fields, "usage") or {}) and "prompt_filter_results" not in fields:
        return azure.correct(fields, counters, usage)
    sources = count(counters, "num_sources_used")
    # The calls are what is billed; the sources are those of a search that is no longer sold.
    if not xai_tools.bill_counted(usage, counters) and sources:
        usage.quantities["web_searches"] = sources
    reported = charge(usage, counters.get("cost_in_usd_ticks"), "cost_in_usd_ticks", TICKS_PER_USD)
    if reported:
        # A charge of 0 is what Azure makes of the name, whose bill it is not.
        usage.reported = reported
        # Its own charge proves who charges; the number of sources is passed on by other hosts of the models too.
        usage.provider = "xai"
    return usage
