"""What the provider says of a message of LangChain's: in ``response_metadata``, and in the blocks of the content.

``usage_metadata`` has tokens alone. Searches, the region, the tier, the speed and a charge stand in the usage of the
provider, which integrations pass on as it is; the tools that OpenAI and Anthropic ran are blocks of the content.
https://reference.langchain.com/python/langchain-core/messages
"""

from __future__ import annotations

from ..core.meters import INPUT, METERS, OUTPUT, TOKEN
from ..core.unread import add_unread
from ..errors import UsageError
from . import bare
from .anthropic_quick import has_results
from .anthropic_tools import add_ran
from .dialects import perplexity
from .dialects.groq import EXECUTED, add_executed
from .dialects.reported import add_charged
from .fields import items, sub, text
from .google_grounding import Grounding
from .openai_calls import SELLERS, add_calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from ..core.usage import Usage
    from .reader import Fields

# In Python, in JavaScript, and what integrations pass on as it is.
_PROVIDERS = ("token_usage", "tokenUsage", "usage")
_FACTS = ("service_tier", "region", "speed", "reported", "provider", "search_context_size")
_GOOGLE, _TRAFFIC = "usage_metadata", "traffic_type"
# Where Bedrock's Converse states what its guardrails did.
_TRACE = "trace"
# Google's enumeration as a number, which is what its client for Python makes of it.
_PROVISIONED = 2


def of_provider(about: Fields) -> Fields | None:
    """Return the counters of the provider in the metadata of a message or of a result."""
    return next((found for name in _PROVIDERS if (found := sub(about, name))), None)


def add_stated(usage: Usage, message: Fields, about: Fields) -> None:
    """Add to the usage of a message what only its provider says; ``about`` is its metadata."""
    counters = of_provider(about)
    if counters is not None:
        _add_own(usage, counters)
    add_beside(usage, message, about, counters or {})


def add_beside(usage: Usage, message: Fields, about: Fields, counters: Fields) -> None:
    """Add what stands beside the provider's ``counters``: the searches of Google and Perplexity, and tools that ran."""
    _add_google(usage, about)
    if any(about.get(name) is not None for name in ("num_search_queries", "search_context_size")):
        perplexity.correct({**about, "model": usage.model}, about, usage)
    if usage.reported is None and usage.named_provider == "openrouter":
        add_charged(usage, about)
    if usage.service_tier is None:
        # Bedrock's Converse states it in an object.
        usage.service_tier = text(sub(about, "serviceTier") or {}, "type")
    if _TRACE in about:
        from . import guardrails

        guardrails.add(usage, about[_TRACE])
    content = items(message, "content")
    if has_results(message.get("content")):
        add_ran(usage, content, sub(counters, "server_tool_use") or {})
    more = sub(message, "additional_kwargs") or {}
    if EXECUTED in more:
        add_executed(usage, items(more, EXECUTED))
    ran = [*content, *items(more, "tool_outputs")]
    if not (usage.named_provider or SELLERS[0]).startswith(SELLERS):
        # LangChain's own form of a call does not say whose it is.
        ran = [block for block in ran if block.get("type") != "server_tool_call"]
    add_calls(usage, ran)


def _add_own(usage: Usage, counters: Fields) -> None:
    """Add what the provider's counters state: the fees and the facts, and the tokens if both count the same ones.

    Tokens are taken from the provider if it tells no fewer of them apart on either side.
    """
    try:
        own = bare.read(counters)
    except UsageError:
        return
    if own is None or own.undecided is not None:
        return
    # Iterations of Anthropic's that its total leaves out, as LangChain's does, are parts.
    whole = own.replaced(parts=()) if own.parts else own
    same = (whole.input_tokens, whole.output_tokens) == (usage.input_tokens, usage.output_tokens)
    fees = fees_of(own)
    usage.parts = (*usage.parts, *own.parts)
    if same and all(own.quantities.get(side, 0) <= usage.quantities.get(side, 0) for side in (INPUT, OUTPUT)):
        usage.quantities = {**own.quantities}
        usage.notes = (*usage.notes, *(note for note in own.notes if note not in usage.notes))
    usage.quantities.update(fees)
    usage.alternatives = (*usage.alternatives, *own.alternatives)
    for fact in _FACTS:
        if getattr(usage, fact) is None and getattr(own, fact) is not None:
            setattr(usage, fact, getattr(own, fact))
    if own.unread:
        add_unread(usage, own.unread)


def fees_of(usage: Usage) -> Quantities:
    """Return what of a usage is no token."""
    return {meter: units for meter, units in usage.quantities.items() if METERS[meter].unit != TOKEN}


def _add_google(usage: Usage, about: Fields) -> None:
    places = ((sub(about, _GOOGLE) or {}, _TRAFFIC), (about, _TRAFFIC), (about, "trafficType"))
    holder, name = next(((holder, name) for holder, name in places if holder.get(name)), ({}, _TRAFFIC))
    if usage.service_tier is None and holder:
        provisioned = holder[name] == _PROVISIONED
        usage.service_tier = "PROVISIONED_THROUGHPUT" if provisioned else text(holder, name)
        usage.provider = usage.provider or "vertex_ai"
    grounding = Grounding()
    grounding.add(about)
    grounding.bill(usage)
