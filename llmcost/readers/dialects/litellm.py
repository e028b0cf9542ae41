"""LiteLLM's normalised usage: Anthropic's counter names, but inside ``prompt_tokens``.

The envelope decides: in a ``chat.completion`` the counters are inclusive, whatever they are called.
https://docs.litellm.ai/docs/completion/prompt_caching
"""

from __future__ import annotations

from ...core.notes import OF_TOTALS, Note
from ...core.unread import add_unread
from .. import anthropic
from ..anthropic import FREE_TOOLS
from ..anthropic_iterations import KINDS
from ..anthropic_quick import PROMPT
from ..fields import count, items, sub, text
from ..reader import Block
from .parts import take

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...core.usage import Usage
    from ..reader import Fields

_CACHE = (("cache_creation_input_tokens", "cache_write"), ("cache_read_input_tokens", "cache_read"))

_PROVEN = "total_tokens proves that cached tokens are counted on top of prompt_tokens"
_REST = "the rest of what was written, which is at the plain rate"
_ROWS = "iterations"
# How a message was served, which holds for each of its iterations.
_SERVED_AS = ("service_tier", "inference_geo", "speed")
_SPLIT = Block("ephemeral_1h_input_tokens", ignored={"ephemeral_5m_input_tokens": _REST})
BLOCK = Block(
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
    inner={
        _ROWS: anthropic.BLOCK.inner[_ROWS],
        "cache_creation_token_details": _SPLIT,
        "prompt_tokens_details": Block(inner={"cache_creation_token_details": _SPLIT}),
        "server_tool_use": Block("web_search_requests", ignored=FREE_TOOLS),
    },
)


def restate(fields: Fields, counters: Fields) -> Fields:
    """Return the counters with the cache inside the prompt, where the total proves that all of it stands beside.

    Gateways that hand on Anthropic's counts put the reads among the details as well, which exceed the prompt then.
    """
    del fields
    details = sub(counters, "prompt_tokens_details") or {}
    reads, written = (count(counters, name) for name in ("cache_read_input_tokens", "cache_creation_input_tokens"))
    prompt = count(counters, "prompt_tokens")
    whole = prompt + count(counters, "completion_tokens") + reads + written
    if not written or count(details, "cached_tokens") != reads or not reads or counters.get("total_tokens") != whole:
        return counters
    return {**counters, "prompt_tokens": prompt + reads + written}


def correct(fields: Fields, counters: Fields, usage: Usage) -> Usage:
    """Return the usage with reads and writes taken out of the input once, writes by time to live, and searches."""
    stated = sub(fields, "usage")
    sides = ("prompt_tokens", "completion_tokens")
    above = stated is not None and count(stated, "total_tokens") > sum(count(stated, side) for side in sides)
    if stated is not None and above and count(stated, sides[0]) < count(counters, sides[0]):
        usage.notes = (*usage.notes, Note("counted_on_top", _PROVEN))
    quantities = usage.quantities
    if not _on_top(counters, usage):
        # What the details state of cached media is inside the cache, too.
        media = sum(int(tokens) for meter, tokens in quantities.items() if meter.startswith("cache_read_"))
        for name, meter in _CACHE:
            tokens = count(counters, name)
            take(quantities, "input", meter, max(tokens - media, 0) if meter == "cache_read" else tokens, name)
    details = sub(counters, "prompt_tokens_details") or {}
    split = sub(details, "cache_creation_token_details") or sub(counters, "cache_creation_token_details") or {}
    take(
        quantities,
        "cache_write",
        "cache_write_1h",
        count(split, "ephemeral_1h_input_tokens"),
        "ephemeral_1h_input_tokens",
    )
    tools = sub(counters, "server_tool_use")
    searches = count(tools, "web_search_requests") if tools is not None else 0
    if searches:
        quantities["web_searches"] = max(searches, quantities.get("web_searches", 0))
    rows = items(counters, _ROWS)
    if rows:
        _take_apart(rows, fields, counters, usage)
    return usage


def _take_apart(rows: list[Fields], fields: Fields, counters: Fields, usage: Usage) -> None:
    """Take out of the counters what another model used: LiteLLM adds up all iterations of a message of Anthropic's.

    They stay where they do not add up to the counters, and are named.
    """
    prompts = [sum(count(row, name) for name in PROMPT) for row in rows]
    answer = sum(count(row, "output_tokens") for row in rows)
    if (sum(prompts), answer) != (count(counters, "prompt_tokens"), count(counters, "completion_tokens")):
        add_unread(usage, {f"{_ROWS}.input_tokens": sum(prompts), f"{_ROWS}.output_tokens": answer})
        return
    model = text(fields, "model")
    served = any(row.get("type") == "fallback_message" for row in rows)
    others = {"advisor_message", "message"} if served else {"advisor_message"}
    served_as = {name: counters[name] for name in _SERVED_AS if counters.get(name) is not None}
    own = []
    for row, prompt in zip(rows, prompts, strict=True):
        its, kind = text(row, "model"), text(row, "type")
        if its is None or its == model or kind not in others:
            own.append(prompt)
            tokens = prompt + count(row, "output_tokens")
            if tokens and (its is None or its != model) and kind not in KINDS:
                # Whose rates hold for it is not told.
                named = its if its is not None else kind
                add_unread(usage, {_ROWS if named is None else f"{_ROWS}.{named}": tokens})
            continue
        part = anthropic.read_counters({**served_as, **row}, its)
        held = usage.quantities
        left = {meter: int(held.get(meter, 0)) - int(tokens) for meter, tokens in part.quantities.items()}
        if min(left.values(), default=0) < 0:
            add_unread(usage, {f"{_ROWS}.{its}": prompt})
            continue
        usage.quantities = {meter: rest for meter, tokens in held.items() if (rest := left.get(meter, tokens))}
        usage.parts = (*usage.parts, part)
    usage.context = max(own, default=0)


def _on_top(counters: Fields, usage: Usage) -> bool:
    """Add reads and writes on top of the prompt if the total proves that it does not hold them."""
    quantities = usage.quantities
    extra = {meter: count(counters, name) for name, meter in _CACHE if meter not in quantities}
    tokens = sum(extra.values())
    stated = count(counters, "prompt_tokens") + count(counters, "completion_tokens")
    if not tokens or counters.get("total_tokens") != stated + tokens:
        return False
    quantities.update({meter: written for meter, written in extra.items() if written})
    usage.context = (usage.context or 0) + tokens
    usage.notes = (
        *(note for note in usage.notes if note.code not in OF_TOTALS),
        Note("counted_on_top", _PROVEN),
    )
    return True
