"""Bedrock's guardrails, which are billed by the unit of text that each policy checked.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_GuardrailUsage.html
"""

from __future__ import annotations

from ..core.usage import Usage
from .fields import count, sub
from .reader import Block
from .unknown import stated_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .reader import Fields

# The row of price maps that holds the prices of guardrails by kind of unit.
ROW = "bedrock/guardrails"
# What a trace says of an answer that a model gave, and a guardrail blocked.
_OF_ANSWERS = ("modelOutput", "outputAssessments")
# How many policies checked the text, whose units are counted beside it.
POLICIES = "automatedReasoningPolicies"


def add(usage: Usage, trace: object) -> None:
    """Add the units of the guardrails in a trace, unless the usage has them already."""
    if not any(part.model == ROW for part in usage.parts):
        usage.parts = (*usage.parts, *units(invocations(trace)))


def invocations(trace: object) -> Iterator[Fields]:
    """Yield the usage of every guardrail in a trace; Converse and InvokeModel nest them differently."""
    nodes = [trace]
    for _ in range(_DEEPEST):
        below: list[object] = []
        for node in nodes:
            fields = stated_fields(node)
            metrics = sub(fields, "invocationMetrics") if fields is not None else None
            if metrics is not None:
                usage = sub(metrics, "usage") or {}
                yield {name: usage.get(name) for name in usage if name != POLICIES}
            elif fields is not None:
                below += (inner for _, inner in fields.items())
            elif isinstance(node, (list, tuple)):
                below += node
        nodes = below


# The units of the guardrails in a trace.
BLOCK = Block(ends=("Units",), view=lambda trace: list(invocations(trace)), label="guardrail")
# Levels of a trace; the outputs of InvokeModel stand six deep.
_DEEPEST = 8


def units(usages: list[Fields] | Iterator[Fields]) -> tuple[Usage, ...]:
    """Return the units as parts, one for each kind: each kind has its price."""
    found: dict[str, int] = {}
    for counters in usages:
        for name in counters:
            if isinstance(name, str) and name.endswith("Units"):
                found[name] = found.get(name, 0) + count(counters, name)
    parts = []
    for kind, number in sorted(found.items()):
        if number:
            part = Usage.of({"guardrail_units": number}, 0, "guardrails", {"model": ROW, "provider": "bedrock"})
            part.variant = kind
            parts.append(part)
    return tuple(parts)


def are_alone(counters: Fields) -> bool:
    """Return whether counters are of a guardrail alone: beside tokens, its units are parts of the call."""
    policies = any(isinstance(name, str) and name.endswith("PolicyUnits") for name in counters)
    return policies and counters.get("inputTokens") is None and counters.get("outputTokens") is None


def settle_blocked(usage: Usage, stop: str | None, trace: object) -> None:
    """Settle a call of which nothing is counted since a guardrail blocked its prompt: no model has answered.

    The units of the guardrail are billed, where its trace states them.
    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails.html
    """
    found = sub(stated_fields(trace) or {}, "guardrail") or {}
    if stop != "guardrail_intervened" or usage.quantities or any(found.get(name) for name in _OF_ANSWERS):
        return
    add(usage, trace)
    if not usage.parts:
        usage.free = "a guardrail blocked the prompt, and no model ran; what the guardrail costs is not stated"
