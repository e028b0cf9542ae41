"""Turns of one message of Anthropic's that its total leaves out: compactions, advisors, declined attempts."""

from __future__ import annotations

from ..core.notes import Note
from ..core.unread import add_unread
from .anthropic_quick import PROMPT
from .fields import count, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..core.usage import Usage
    from .reader import Fields


def add_iterations(rows: list[Fields], usage: Usage, read_one: Callable[[Fields, Fields], Usage]) -> None:
    """Add what the total leaves out: compactions, advisors, and the declined attempts of a fallback.

    A declined attempt is billed at its own model's rates, and only if it produced output. The total is that of
    the model which answered; earlier turns of that model are inside it if it is more than the last turn.
    https://platform.claude.com/docs/en/build-with-claude/compaction
    https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback
    """
    last = next((row for row in rows if row.get("type") == "fallback_message"), None)
    served = text(last, "model") if last is not None else None
    if served is not None:
        # A stream begins with the model that was called, before another one answers.
        usage.model = served
    whole_hop = last is not None and usage.quantities.get("output", 0) > count(last, "output_tokens")
    parts, prompts = [], []
    unknown: dict[str, object] = {}
    for row in rows:
        kind, model = text(row, "type"), text(row, "model")
        mine = model is None or model == served
        outside = kind in _OUTSIDE
        if kind == "message" and last is not None:
            outside = count(row, "output_tokens") > 0 and not (mine and whole_hop)
        if outside:
            parts.append(_part(row, model, usage, read_one))
        elif kind == "fallback_message" or (kind == "message" and (last is None or mine)):
            prompts.append(sum(count(row, name) for name in PROMPT))
        elif kind not in KINDS:
            # Whether the total holds it is not told.
            tokens = sum(count(row, name) for name in (*PROMPT, "output_tokens"))
            if tokens:
                path = f"iterations.{kind}" if kind is not None else "iterations"
                unknown[path] = count(unknown, path) + tokens
    if unknown:
        add_unread(usage, unknown)
    if last is not None:
        usage.routed = True
        said = f"a fallback answered: {served or usage.model} is priced"
        usage.notes = (*usage.notes, Note("fallback_answered", said, served or usage.model))
    if prompts and max(prompts) < (usage.context or 0):
        # Each turn of the server's tool loop is a prompt of its own: their sum is no context.
        usage.context = max(prompts)
        said = f"{len(prompts)} iterations: the largest prompt is {max(prompts):,} tokens"
        usage.notes = (*usage.notes, Note("iterations", said, "iterations"))
    usage.parts = tuple(parts)


_OUTSIDE = frozenset({"compaction", "advisor_message"})
KINDS = _OUTSIDE | {"message", "fallback_message"}


def _part(row: Fields, model: str | None, usage: Usage, read_one: Callable[[Fields, Fields], Usage]) -> Usage:
    """Return an iteration as a part; one on the model of the call itself is rated on the call's card."""
    stated = {fact: getattr(usage, fact) for fact in ("region", "speed", "service_tier", "provider")}
    facts: dict[str, object] = {fact: value for fact, value in stated.items() if value is not None}
    if model is not None and model != usage.model:
        facts["model"] = model
    return read_one(row, facts)
