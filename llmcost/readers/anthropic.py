"""Anthropic Messages, on every cloud.

``input_tokens`` is the uncached input alone; reads and writes of the cache stand beside it. Thinking is
inside ``output_tokens``. https://platform.claude.com/docs/en/api/messages
"""

from __future__ import annotations

from ..core.late import Late
from ..core.notes import Note
from ..core.usage import Usage, counted
from ..errors import InconsistentUsageError
from .answers import in_content
from .anthropic_quick import ALWAYS, CLOUDS, COUNTERS, HOUR, METRICS, SHORT, TRACE, has_results, quick
from .dialects.parts import take
from .dialects.reported import add_charged
from .fields import EVERYWHERE, count, items, nested, sub, text, whole_number
from .reader import Block, Reader, doubt_zeros, missing, of_total, refuse_total_alone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.counts import Quantities
    from . import anthropic_iterations, anthropic_tools, anthropic_writes
    from .reader import Fields
else:
    # Few messages need them.
    anthropic_iterations = Late("llmcost.readers.anthropic_iterations")
    anthropic_tools = Late("llmcost.readers.anthropic_tools")
    anthropic_writes = Late("llmcost.readers.anthropic_writes")

FREE_TOOLS = {"web_fetch_requests": "free but for its tokens: https://platform.claude.com/docs/en/about-claude/pricing"}
_LIFETIMES = Block(SHORT, HOUR)
# The split as rows of somebody's table keep it, and as gateways state it: https://github.com/QuantumNous/new-api
_KEPT_LIFETIMES = (
    ("cache_creation_input_tokens_5m", "cache_creation_input_tokens_1h"),
    ("cache_creation_5m_input_tokens", "cache_creation_1h_input_tokens"),
    ("claude_cache_creation_5_m_tokens", "claude_cache_creation_1_h_tokens"),
)
_TOOLS = Block("web_search_requests", ignored=FREE_TOOLS)
_FACTS = ("service_tier", "inference_geo", "speed", "type", "model")
_BELOW = {"cache_creation": _LIFETIMES, "server_tool_use": _TOOLS, "output_tokens_details": Block("thinking_tokens")}
BLOCK = Block(
    *COUNTERS,
    *(name for pair in _KEPT_LIFETIMES for name in pair),
    *_FACTS,
    *("total_tokens", "fallback_credit", "cost", "is_byok", "cost_details"),
    inner={**_BELOW, "iterations": Block(*COUNTERS, *_FACTS, inner=_BELOW)},
)
# Bedrock states the cache in the last event of a stream, where the message may leave it out: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
CACHE_OF_BEDROCK = dict(zip(COUNTERS[2:], ("cacheReadInputTokenCount", "cacheWriteInputTokenCount"), strict=True))
_SAME = dict.fromkeys(("inputTokenCount", "outputTokenCount"), "the same as the events of the message state")
_METRICS = Block(*CACHE_OF_BEDROCK.values(), ignored=_SAME)
_NO_FACTS: dict[str, object] = {}
_SIDES = ("input_tokens", "output_tokens")


def read(fields: Fields) -> Usage:
    """Return the usage of a message."""
    counters = fields.get("usage")
    if type(counters) is not dict:
        counters = sub(fields, "usage")
        if counters is None:
            raise missing("this message")
    model, identity, provider = fields.get("model"), fields.get("id"), None
    if type(model) is not str or not model:
        model = text(fields, "model")
    if type(identity) is str:
        provider = CLOUDS.get(identity[:9])
    usage = read_counters(counters, model, provider)
    doubt_zeros(usage, "this message", _SIDES, answered=lambda counted: in_content(fields, counted))
    if fields.get("stop_reason") == "refusal" and not fields.get("content"):
        usage.free = "a refusal without content is not billed"
    if has_results(fields.get("content")):
        anthropic_tools.add_ran(usage, items(fields, "content"), sub(counters, "server_tool_use") or {})
    if TRACE in fields:
        from . import guardrails

        guardrails.add(usage, fields[TRACE])
    if "cost" in counters:
        # OpenRouter charges what it states: https://openrouter.ai/docs/use-cases/usage-accounting
        add_charged(usage, counters)
        if type(identity) is str and identity.startswith("gen-"):
            usage.provider = "openrouter"
    return usage


def _guarded(trace: Fields) -> list[Fields]:
    from .guardrails import invocations

    return list(invocations(trace))


def read_counters(counters: Fields, model: str | None = None, provider: str | None = None) -> Usage:
    """Return the usage of a ``usage`` object of this API; what its total leaves out is in parts."""
    rare = not ALWAYS.issuperset(counters)
    usage = _read_one(counters, _NO_FACTS, rare=rare)
    usage.model, usage.provider = model, provider
    if rare and counters.get("iterations"):
        anthropic_iterations.add_iterations(items(counters, "iterations"), usage, _read_one)
    if rare and counters.get("fallback_credit"):
        outcome = sub(counters, "fallback_credit") or {}
        if outcome.get("type") == "redeemed":
            # The retry is billed as if this model had served the conversation from the start; the credit is not stated.
            said = "a fallback credit was redeemed and its amount is not stated: an upper bound"
            usage.notes = (*usage.notes, Note("fallback_credit", said, "fallback_credit"))
    return usage


def _read_one(counters: Fields, facts: Fields, *, rare: bool = True) -> Usage:
    """Return the usage of the counters of one answer; what they state themselves is stronger than ``facts``."""
    fresh, answer = counters.get("input_tokens"), counters.get("output_tokens")
    if fresh is None or answer is None:
        name = "input_tokens" if fresh is None else "output_tokens"
        raise missing(
            f"a usage object without {name}", "{'input_tokens': N} alone counts tokens before a call; it is no call."
        )
    # A number below 0 or above 2**49 leaves a bit here; these rare numbers are checked one by one.
    if type(fresh) is not int or type(answer) is not int or (fresh | answer) >> 49:
        fresh, answer = whole_number("input_tokens", fresh), whole_number("output_tokens", answer)
    read_tokens, written = counters.get("cache_read_input_tokens"), counters.get("cache_creation_input_tokens")
    if type(read_tokens) is not int or type(written) is not int or (read_tokens | written) >> 49:
        read_tokens = count(counters, "cache_read_input_tokens")
        written = count(counters, "cache_creation_input_tokens")
    notes: tuple[Note, ...] = ()
    if rare and counters.get("total_tokens") is not None:
        fresh, notes = _by_total(counters, fresh, answer, read_tokens + written)
    quantities: Quantities = {}
    if fresh:
        quantities["input"] = fresh
    if read_tokens:
        quantities["cache_read"] = read_tokens
    split = counters.get("cache_creation")
    if rare and written and not split:
        split = anthropic_writes.kept_apart(counters, written, _KEPT_LIFETIMES)
    if written or split:
        short, hour, told = _by_lifetime(written, split if type(split) is dict else nested(split))
        if short:
            quantities["cache_write"] = short
        if hour:
            quantities["cache_write_1h"] = hour
        written = short + hour
        if written and not told:
            notes += (Note("ttl_assumed", "ttl unknown, 5m rate used", "cache_write"),)
    if answer:
        quantities["output"] = answer
    if not quantities:
        # Hosts that speak this API with counters of another one fill in its total alone.
        refuse_total_alone("total_tokens", count(counters, "total_tokens"), 0)
    context = fresh + read_tokens + written
    usage = Usage.of(quantities, context, "anthropic", facts) if facts else counted(quantities, context, "anthropic")
    tier = counters.get("service_tier")
    if tier:
        usage.service_tier = tier if type(tier) is str else text(counters, "service_tier")
    if notes:
        usage.notes = notes
    if rare:
        _place_and_speed(counters, usage)
        _add_inside(counters, usage, answer)
    return usage


def _by_lifetime(written: int, split: Fields | None) -> tuple[int, int, bool]:
    """Return the tokens written for five minutes and for an hour, and whether a split tells them.

    The two have to add up to the whole.
    """
    if split is None:
        return written, 0, False
    short, hour = split.get(SHORT), split.get(HOUR)
    if type(short) is not int or type(hour) is not int or (short | hour) >> 49:
        short, hour = count(split, SHORT), count(split, HOUR)
    if not short and not hour:
        # Gateways fill in a split of nothing; a lifetime that is not known is noted among what is unread.
        return written, 0, any(told for _, told in split.items())
    if written and short + hour != written:
        raise InconsistentUsageError(
            f"5m {short} + 1h {hour} is not cache_creation_input_tokens={written}",
            {"cache_creation_input_tokens": written},
            {SHORT: short, HOUR: hour},
        )
    return short, hour, True


def _place_and_speed(counters: Fields, usage: Usage) -> None:
    place, speed = text(counters, "inference_geo"), text(counters, "speed")
    if place and place not in EVERYWHERE:
        usage.region = place
    if speed and speed != "standard":
        usage.speed = speed


def _add_inside(counters: Fields, usage: Usage, answer: int) -> None:
    """Put apart what stands in nested objects: the thoughts of the answer, and the searches."""
    if counters.get("output_tokens_details"):
        _take_thoughts(count(sub(counters, "output_tokens_details") or {}, "thinking_tokens"), answer, usage)
    if counters.get("server_tool_use"):
        searches = count(sub(counters, "server_tool_use") or {}, "web_search_requests")
        if searches:
            usage.quantities["web_searches"] = searches


def _take_thoughts(thought: int, answer: int, usage: Usage) -> None:
    if thought > answer:
        said = f"thinking_tokens={thought} is more than output_tokens={answer} holds: the output is what is billed"
        usage.notes = (*usage.notes, Note("reasoning_above_answer", said, "thinking_tokens"))
    take(usage.quantities, "output", "reasoning", min(thought, answer), "thinking_tokens")


def _by_total(counters: Fields, fresh: int, answer: int, cached: int) -> tuple[int, tuple[Note, ...]]:
    """Return the uncached input, and a note, where a total stands beside the counters, as only other hosts state it."""
    total = count(counters, "total_tokens")
    if 0 < cached <= fresh and total == fresh + answer:
        said = "total_tokens proves that cached tokens are counted inside input_tokens"
        return fresh - cached, (Note("counted_inside", said, "input_tokens"),)
    if total > fresh + cached + answer > 0:
        return fresh, (of_total("total_tokens", total, fresh + cached + answer),)
    return fresh, ()


def recognises(fields: Fields) -> bool:
    """Return whether this is a message; programs that keep one may leave out its type."""
    kind = fields.get("type")
    if kind is None:
        kept = "stop_reason" in fields or fields.get("role") == "assistant"
        return kept and type(fields.get("content")) is list and "input_tokens" in (sub(fields, "usage") or ())
    return kind == "message" and ("usage" in fields or fields.get("role") == "assistant")


_BLOCK_EVENTS = ("content_block_start", "content_block_delta", "content_block_stop")
_EVENTS = frozenset({"message_start", "message_delta", "message_stop", *_BLOCK_EVENTS, "ping"})


def _is_event(fields: Fields) -> bool:
    return text(fields, "type") in _EVENTS


_streams = Late("llmcost.readers.anthropic_stream")


READER = Reader(
    "Anthropic Messages",
    recognises,
    read,
    {"usage": BLOCK, TRACE: Block(ends=("Units",), view=_guarded, label="guardrail")},
    whole="input_tokens",
    types=("message",),
    quick=quick,
    chunk=_is_event,
    stream=lambda: _streams.Stream(),  # noqa: PLW0108 - loads when a stream is read
    events={"usage": BLOCK, "message.usage": BLOCK, METRICS: _METRICS},
    tells=("message_start", "message_delta", "content_block_start"),
)
