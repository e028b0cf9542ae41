"""Kinds of records beside those of ``kept_records``: of AgentOps an event and metrics of a trace or a span; of Kimi."""

from __future__ import annotations

from .kept_records import Kept
from .words import EXCLUSIVE

_OPENAI = ("prompt_tokens", "completion_tokens")
# The names of counters among the metrics. The others count spans, and the same tokens by their success.
_COUNTED = {name: name for name in (*_OPENAI, "total_tokens", "reasoning_tokens")}
_COUNTED["cache_read_input_tokens"] = "cached_tokens"
_OF_KIMI = {
    "inputOther": "input_tokens",
    "output": "output_tokens",
    "inputCacheRead": "cache_read",
    "inputCacheCreation": "cache_write",
}
SERVICES = (
    Kept(
        "https://github.com/MoonshotAI/kimi-code",
        ("type", "usage", "usageScope"),
        ("usage",),
        tuple(_OF_KIMI)[:3],
        names=_OF_KIMI,
        but=frozenset(),
        way=EXCLUSIVE,
        kinds=("type", frozenset({"usage.record"})),
    ),
    Kept(
        "https://github.com/AgentOps-AI/agentops/blob/main/agentops/legacy/event.py",
        ("init_timestamp", "end_timestamp", *_OPENAI),
        (),
        (),
        names={name: name for name in _OPENAI},
        others=False,
    ),
    *(
        Kept(
            "https://docs.agentops.ai/v2/usage/public-api",
            (sign, *_OPENAI),
            (),
            (),
            names=_COUNTED,
            others=False,
            sums=sums,
        )
        for sign, sums in (("span_count", True), ("success_tokens", False))
    ),
)
