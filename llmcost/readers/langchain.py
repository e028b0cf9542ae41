"""LangChain: an ``AIMessage``, its chunks, and the ``usage_metadata`` that they carry.

Details are inside the totals, unless the sum proves that they are not (older integrations of Bedrock). Some name the
service tier in the keys of the details. https://reference.langchain.com/python/langchain-core/messages
"""

from __future__ import annotations

from ..core.counts import is_number
from ..core.late import Late
from ..core.notes import Note
from ..core.usage import Usage
from . import openai_chat
from .answers import in_content
from .chunk_reader import ChunkReader
from .counter_names import MEDIA
from .dialects.parts import take
from .fields import count, items, sub, text, whole_number
from .openai_chat import REST
from .reader import Block, Reader, doubt_zeros, missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reader import Fields

_FACTS = (
    ("model", ("model_name", "model", "model_id")),
    ("named_provider", ("model_provider",)),
    ("service_tier", ("service_tier",)),
)
_TIERS = ("flex", "priority")
# It reads the provider's own counters, bare ones, which may be LangChain's in turn.
_provider = Late("llmcost.readers.langchain_provider")
_HOUR, _FIVE_MINUTES = "ephemeral_1h_input_tokens", "ephemeral_5m_input_tokens"
_SIDES = (("cache_read", "cache_creation", "audio", "image", "video"), ("reasoning", "audio", "image", "video"))
_INSIDE, _OUTSIDE = (
    Block(*names, *(f"{tier}_{name}" for tier in _TIERS for name in names), *_TIERS, *more, ignored={"text": REST})
    for names, more in zip(_SIDES, ((_HOUR, _FIVE_MINUTES), ()), strict=True)
)
_WHOLES = ("input_tokens", "output_tokens")
BLOCK = Block(
    *_WHOLES,
    "total_tokens",
    inner={"input_token_details": _INSIDE, "output_token_details": _OUTSIDE},
)
_BLOCKS = dict.fromkeys(("usage_metadata", "data.usage_metadata", "kwargs.usage_metadata"), BLOCK)


def read(fields: Fields) -> Usage:
    """Return the usage of a message.

    >>> usage = {"input_tokens": 350, "output_tokens": 240, "total_tokens": 590}
    >>> message = {"type": "ai", "usage_metadata": usage, "response_metadata": {"model_name": "gpt-5"}}
    >>> read(message).model, read(message).quantities
    ('gpt-5', {'input': 350, 'output': 240})

    Raises:
        MissingUsageError: the message has no usage_metadata.
        InconsistentUsageError: a counter is no count, or a part exceeds what holds it.
    """
    message = message_of(fields)
    counters = sub(message, "usage_metadata")
    if counters is None:
        raise missing("this LangChain message", "Streams may need stream_usage=True.")
    about = sub(message, "response_metadata") or {}
    facts: dict[str, object] = {}
    for fact, names in _FACTS:
        value = next((text(about, name) for name in names if text(about, name)), None)
        if value is not None:
            facts[fact] = value
    if is_kept(counters):
        return Usage.of({}, 0, "langchain", {**facts, "free": KEPT})
    usage = read_counters(counters, facts)
    _provider.add_stated(usage, message, about)
    doubt_zeros(usage, "this LangChain message", _WHOLES, answered=lambda counted: in_content(message, counted))
    return usage


# LangChain hands out a message of its cache with the counters of the call that made it, and sets its cost to 0.
# https://github.com/langchain-ai/langchain/blob/master/libs/core/langchain_core/language_models/chat_models.py
KEPT = "answered from LangChain's cache, as its total_cost of 0 says"


def is_kept(counters: Fields) -> bool:
    """Return whether a ``usage_metadata`` says that the message comes from LangChain's cache."""
    cost = counters.get("total_cost")
    return is_number(cost) and cost == 0


def message_of(fields: Fields) -> Fields:
    """Return the fields of a message, also of one that ``message_to_dict`` or ``dumpd`` wrote."""
    for name in ("data", "kwargs"):
        inner = sub(fields, name)
        if inner is not None:
            return inner
    return fields


def read_counters(counters: Fields, facts: dict[str, object]) -> Usage:
    """Return the usage of a ``usage_metadata``."""
    for name in ("input_tokens", "output_tokens"):
        if counters.get(name) is None:
            raise missing(f"a usage_metadata without {name}")
    prompt, answer = (
        whole_number("input_tokens", counters["input_tokens"]),
        whole_number("output_tokens", counters["output_tokens"]),
    )
    inside, outside = sub(counters, "input_token_details") or {}, sub(counters, "output_token_details") or {}
    tier = next((tier for tier in _TIERS if tier in inside or tier in outside), None)
    if tier is not None:
        facts = {**facts, "service_tier": tier}
    reads, written = (_tiered(inside, name) for name in ("cache_read", "cache_creation"))
    # Where writes are split by time to live, the unsplit count is 0, or it repeats their sum.
    written = max(written, count(inside, _FIVE_MINUTES) + count(inside, _HOUR))
    total = counters.get("total_tokens")
    cached = reads + written
    on_top = cached > 0 and total is not None and whole_number("total_tokens", total) == prompt + cached + answer
    usage = openai_chat.read_counters(
        {
            "prompt_tokens": prompt + (cached if on_top else 0),
            "completion_tokens": answer,
            "total_tokens": total,
            "prompt_tokens_details": {
                "cached_tokens": reads,
                "cache_write_tokens": written,
                **{f"{kind}_tokens": _tiered(inside, kind) for kind in MEDIA},
            },
            "completion_tokens_details": {
                "reasoning_tokens": _tiered(outside, "reasoning"),
                **{f"{kind}_tokens": _tiered(outside, kind) for kind in MEDIA},
            },
        },
        facts,
        "langchain",
    )
    take(usage.quantities, "cache_write", "cache_write_1h", count(inside, _HOUR), _HOUR)
    if on_top:
        said = "total_tokens proves that cached tokens are counted on top of input_tokens"
        usage.notes = (*usage.notes, Note("counted_on_top", said))
    return usage


def _tiered(details: Fields, name: str) -> int:
    return count(details, name) or sum(count(details, f"{tier}_{name}") for tier in _TIERS)


def recognises(fields: Fields) -> bool:
    """Return whether this is a message, or one as ``message_to_dict`` or ``dumpd`` writes it."""
    if "response_metadata" in fields:
        return "usage_metadata" in fields
    if "data" not in fields and "kwargs" not in fields:
        return False
    message = message_of(fields)
    return "usage_metadata" in message and "response_metadata" in message


class _Stream(ChunkReader):
    """Chunks state differences, so they are added up, as LangChain does when it adds chunks."""

    def __init__(self) -> None:
        self._sum: dict[str, object] = {}
        self._about: dict[str, object] = {}
        self._ran: list[Fields] = []

    def feed(self, chunk: Fields) -> None:
        """Take the next chunk."""
        for name, value in (sub(chunk, "response_metadata") or {}).items():
            if value:
                self._about[name] = value
        self.ended = not _REASONS.isdisjoint(self._about)
        blocks = (*items(chunk, "content"), *items(sub(chunk, "additional_kwargs") or {}, "tool_outputs"))
        self._ran += [block for block in blocks if (text(block, "type") or "").endswith(_RAN)]
        counters = sub(chunk, "usage_metadata")
        if counters is not None:
            _add(self._sum, counters)

    def usage(self, *, ended: bool = True) -> Usage:
        """Return the usage of the message."""
        message = {"usage_metadata": self._sum or None, "response_metadata": self._about, "content": self._ran}
        usage = read(message)
        usage.partial = not ended and not self.ended
        return usage


# How the kinds of blocks end that show what a server ran.
_RAN = ("_call", "_tool_result", "_tool_use")
# Why the answer ended, as the providers behind LangChain say it; not all of them do.
_REASONS = frozenset({"finish_reason", "stop_reason", "done_reason", "stopReason"})


def _add(total: dict[str, object], counters: Fields) -> None:
    for name, value in counters.items():
        if isinstance(value, int):
            before = total.get(name, 0)
            total[name] = value + before if isinstance(before, int) else value
        elif sub(counters, name) is not None:
            below = total.setdefault(name, {})
            if isinstance(below, dict):
                _add(below, sub(counters, name) or {})


# Before Gemini's shape, whose SDK calls its counters usage_metadata too, this has to be asked in time.
READER = Reader("LangChain message", recognises, read, _BLOCKS, chunk=recognises, stream=_Stream, rank=40)
